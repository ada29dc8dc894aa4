/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A signer on a disk that fails, and one that dies, at each step of each write in turn. Whatever
 * happens: nothing wrong is signed, no signature leaves that is not remembered, and when the disk
 * is well again everything goes on.
 *
 * The calls that write are this program's own (below), which count and then do what they are told;
 * the worker is this same program, so it has them too. The commands lie in a file that both map.
 * `kill -9` is the worker's own system call, which its jail answers by killing it on the spot.
 */
#include "cm.h"
#include "signer_scene.h"

#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/syscall.h>

enum fault_kind { FAULT_NONE, FAULT_FAIL, FAULT_KILL_BEFORE, FAULT_KILL_AFTER, FAULT_HANG };

struct fault {
    _Atomic int kind, error, at, many; /* which step of those counted, from 1, and how many */
    _Atomic int counted, hit;
};

static struct fault *fault; /* in the worker alone: the test must not trip over its own wire */
static struct fault *wire;

static bool hit(void)
{
    if (fault == NULL || atomic_load(&fault->kind) == FAULT_NONE)
        return false;
    const int n = atomic_fetch_add(&fault->counted, 1) + 1, at = atomic_load(&fault->at);

    if (n < at || n >= at + atomic_load(&fault->many))
        return false;
    (void)atomic_fetch_add(&fault->hit, 1);
    return true;
}

static void die(void)
{
    (void)syscall(SYS_kill, getpid(), SIGKILL);
}

static void hang(void)
{
    int word = 0;

    for (;;)
        (void)syscall(SYS_futex, &word, FUTEX_WAIT, 0, NULL, NULL, 0);
}

/* One step: the system call, or what was ordered instead of it or after it. */
static long step(long number, long a, long b, long c, long d)
{
    const int kind = hit() ? atomic_load(&fault->kind) : FAULT_NONE;

    if (kind == FAULT_FAIL) {
        errno = atomic_load(&fault->error);
        return -1;
    }
    if (kind == FAULT_HANG)
        hang();
    if (kind == FAULT_KILL_BEFORE)
        die();
    const long answer = syscall(number, a, b, c, d);

    if (kind == FAULT_KILL_AFTER)
        die();
    return answer;
}

ssize_t write(int fd, const void *bytes, size_t n)
{
    return fd <= STDERR_FILENO ? syscall(SYS_write, fd, bytes, n)
                               : step(SYS_write, fd, (long)bytes, (long)n, 0);
}

int fsync(int fd)
{
    return (int)step(SYS_fsync, fd, 0, 0, 0);
}

int renameat(int from, const char *name, int to, const char *other)
{
    return (int)step(SYS_renameat, from, (long)name, to, (long)other);
}

int openat(int at, const char *name, int how, ...)
{
    va_list more;
    int mode = 0;

    va_start(more, how);
    if ((how & O_CREAT) != 0)
        mode = va_arg(more, int);
    va_end(more);
    return (int)((how & O_CREAT) != 0 ? step(SYS_openat, at, (long)name, how, mode)
                                      : syscall(SYS_openat, at, name, how, mode));
}

int mkdirat(int at, const char *name, mode_t mode)
{
    return (int)step(SYS_mkdirat, at, (long)name, (long)mode, 0);
}

int linkat(int from, const char *name, int to, const char *other, int how)
{
    (void)how;
    return (int)step(SYS_linkat, from, (long)name, to, (long)other);
}

static struct fault *map(const char *data)
{
    char path[300];

    (void)snprintf(path, sizeof path, "%s/fault", data);
    const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0 || ftruncate(fd, sizeof(struct fault)) != 0)
        return NULL;
    void *mapped = mmap(NULL, sizeof(struct fault), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

    (void)close(fd);
    return mapped == MAP_FAILED ? NULL : mapped;
}

static void order(enum fault_kind kind, int error, int at, int many)
{
    atomic_store(&wire->kind, FAULT_NONE);
    atomic_store(&wire->counted, 0);
    atomic_store(&wire->hit, 0);
    atomic_store(&wire->error, error);
    atomic_store(&wire->at, at);
    atomic_store(&wire->many, many);
    atomic_store(&wire->kind, kind);
}

static bool was_hit(void)
{
    atomic_store(&wire->kind, FAULT_NONE);
    return atomic_load(&wire->hit) > 0;
}

/* --- the scene ---------------------------------------------------------------------------------
 */

static struct scene scene;

static int set_up(void **state)
{
    (void)state;
    scene_set(&scene);
    wire = map(scene.data);
    assert_non_null(wire);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(munmap(wire, sizeof *wire), 0);
    scene_clear(&scene);
    return 0;
}

/* Asks to sign (who 0) or cosign (who 1); YES when a signature came out. */
static no ask(int who, int history, uint64_t old, uint64_t size)
{
    struct keeper_answer answer;

    if (who == 0)
        return scene_sign(&scene, history, old, size);
    const no said = scene_cosign(&scene, history, old, size, &answer);

    return said != YES            ? said
           : answer.status == 200 ? YES
           : answer.status == 409 ? NO_SIGNER_ELSEWHERE
                                  : NO_SIGNER_WOULD_FORK;
}

/* With the disk well: what was acknowledged is remembered, or the step that was not; a fork from
 * there is refused, and the true history goes on. */
static uint64_t goes_on(int who, uint64_t old, uint64_t size)
{
    const uint64_t now = scene_remembered(&scene, who);

    if (now != old && now != size)
        fail_msg("remembers %d between %d and %d", (int)now, (int)old, (int)size);
    assert_true(!scene.any[who] || now >= scene.size[who]);
    if (now > SCENE_PARTS_AT) {
        assert_int_equal(ask(who, 1, now, now), NO_SIGNER_WOULD_FORK);
        assert_int_equal(ask(who, 1, now, now + 1), NO_SIGNER_WOULD_FORK);
        assert_int_equal(ask(who, 1, now - 1, now), NO_SIGNER_ELSEWHERE);
        assert_int_equal(ask(who, 0, now, now), YES);
    }
    assert_int_equal(ask(who, 0, now, now + 2), YES);
    return now + 2;
}

/* --- each step of a signature ------------------------------------------------------------------
 */

/* Walks the fault through the steps of one question until it is past the last; how many there
 * were. */
static int walk(int who, enum fault_kind kind, int error, no wanted)
{
    uint64_t size = scene_remembered(&scene, who);

    for (int at = 1;; at++) {
        order(kind, error, at, 1);
        const no answer = ask(who, 0, size, size + 3);

        if (!was_hit()) {
            assert_int_equal(answer, YES);
            return at - 1;
        }
        if (answer != wanted)
            fail_msg("step %d: %s", at, answer == YES ? "YES" : no_line(answer)->name);
        size = goes_on(who, size, size + 3);
    }
}

static void nothing_is_signed_on_a_disk_that_fails(void **state)
{
    (void)state;
    scene_start(&scene);
    for (int who = 0; who < 2; who++) {
        /* Made, written, synced, renamed, the folder synced. */
        assert_int_equal(walk(who, FAULT_FAIL, ENOSPC, NO_STORE_FULL), 5);
        assert_int_equal(walk(who, FAULT_FAIL, EIO, NO_IO_FAILED), 5);
    }
}

static void what_dies_between_two_steps_has_signed_nothing(void **state)
{
    (void)state;
    scene_start(&scene);
    for (int who = 0; who < 2; who++) {
        assert_int_equal(walk(who, FAULT_KILL_BEFORE, 0, NO_SIGNER_DOWN), 5);
        assert_int_equal(walk(who, FAULT_KILL_AFTER, 0, NO_SIGNER_DOWN), 5);
    }
}

/* When the last sync failed, nothing may leave before one has worked: not the signature by a
 * refresh, not the note that has it. */
static void a_failed_sync_is_made_good_first(void **state)
{
    str note;

    (void)state;
    scene_start(&scene);
    assert_int_equal(ask(0, 0, 0, 5), YES);
    order(FAULT_FAIL, EIO, 5, 1000);
    assert_int_equal(ask(0, 0, 5, 9), NO_IO_FAILED);
    assert_int_equal(ask(0, 0, 9, 9), NO_IO_FAILED);
    assert_int_equal(signer_state(scene.signer, &scene.arena, SCENE_ORIGIN, &note), NO_IO_FAILED);
    assert_true(was_hit());
    assert_int_equal(goes_on(0, 5, 9), 11);
}

static void a_disk_that_stays_full_never_loosens_anything(void **state)
{
    (void)state;
    scene_start(&scene);
    assert_int_equal(ask(0, 0, 0, 5), YES);
    order(FAULT_FAIL, ENOSPC, 1, 1000);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(ask(0, 0, 5, 9), NO_STORE_FULL);
        assert_int_equal(ask(0, 1, 5, 9), NO_SIGNER_WOULD_FORK);
        assert_int_equal(scene_remembered(&scene, 0), 5);
        assert_int_equal(ask(0, 0, 5, 5), YES); /* was signed and is remembered: nothing to write */
    }
    assert_true(was_hit());
    assert_int_equal(ask(0, 0, 5, 9), YES);
}

static void one_that_hangs_is_killed(void **state)
{
    struct keeper_answer answer;

    (void)state;
    scene_start(&scene);
    assert_int_equal(ask(1, 0, 0, 5), YES);
    signer_patience(scene.signer, 100);
    for (int at = 1; at <= 5; at++) {
        const uint64_t size = scene_remembered(&scene, 1);

        order(FAULT_HANG, 0, at, 1);
        assert_int_equal(scene_cosign(&scene, 0, size, size + 3, &answer), NO_SIGNER_DOWN);
        assert_true(was_hit());
        signer_patience(scene.signer, 10000);
        (void)goes_on(1, size, size + 3);
        signer_patience(scene.signer, 100);
    }
}

/* --- each step of a start ----------------------------------------------------------------------
 */

static void starting_again_bears_it_too(void **state)
{
    static const struct {
        enum fault_kind kind;
        no answer;
    } faults[] = {{FAULT_FAIL, NO_IO_FAILED},
                  {FAULT_KILL_BEFORE, NO_SIGNER_DOWN},
                  {FAULT_KILL_AFTER, NO_SIGNER_DOWN}};
    uint64_t size = 5;

    (void)state;
    scene_start(&scene);
    assert_int_equal(ask(0, 0, 0, size), YES);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        for (int at = 1;; at++) {
            signer_stop(scene.signer);
            scene.signer = NULL;
            order(faults[i].kind, EIO, at, 1);
            const no answer = signer_start(&scene.signer, scene.data);

            if (!was_hit()) {
                assert_int_equal(answer, YES);
                assert_true(at > 4);
                break;
            }
            assert_int_equal(answer, faults[i].answer);
            scene_start(&scene);
            size = goes_on(0, size, size);
        }
}

/* The keys of a new folder are made once, whatever happens meanwhile: once a key has been told, it
 * stays. */
static void first_keys_bear_it_too(void **state)
{
    static const enum fault_kind faults[] = {FAULT_FAIL, FAULT_KILL_BEFORE, FAULT_KILL_AFTER};
    char folder[200];

    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        for (int at = 1;; at++) {
            struct keeper_vkeys first, second;

            (void)snprintf(folder, sizeof folder, "%s/signer", scene.data);
            assert_int_equal(nftw(folder, tool_remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
            order(faults[i], ENOSPC, at, 1);
            const no answer = signer_start(&scene.signer, scene.data);
            const bool past = !was_hit();

            assert_int_equal(answer == YES, past);
            if (!past)
                scene_start(&scene);
            assert_int_equal(signer_keys(scene.signer, &scene.arena, SCENE_ORIGIN, &first), YES);
            assert_int_equal(ask(0, 0, 0, 5), YES);
            signer_stop(scene.signer);
            scene_start(&scene);
            assert_int_equal(signer_keys(scene.signer, &scene.arena, SCENE_ORIGIN, &second), YES);
            assert_true(str_eq(first.logs, second.logs));
            assert_true(str_eq(first.witness, second.witness));
            signer_stop(scene.signer);
            scene.signer = NULL;
            scene.any[0] = false;
            if (past) {
                assert_true(at > 16);
                break;
            }
        }
}

#define ON_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        ON_A_FOLDER(nothing_is_signed_on_a_disk_that_fails),
        ON_A_FOLDER(what_dies_between_two_steps_has_signed_nothing),
        ON_A_FOLDER(a_failed_sync_is_made_good_first),
        ON_A_FOLDER(a_disk_that_stays_full_never_loosens_anything),
        ON_A_FOLDER(one_that_hangs_is_killed),
        ON_A_FOLDER(starting_again_bears_it_too),
        ON_A_FOLDER(first_keys_bear_it_too),
    };

    if (argc == 3 && strcmp(argv[1], "signer-worker") == 0) {
        fault = map(argv[2]);
        return fault == NULL ? 1 : signer_worker(argv[2]);
    }
    return cmocka_run_group_tests_name("signer_fault", tests, NULL, NULL);
}
