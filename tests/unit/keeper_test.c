/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The files of the signer: keys that others can read, states that were damaged, what is missing;
 * and the change of keys. A state that cannot be read is never taken for "never signed".
 */
#include "cm.h"
#include "golden.h"
#include "signer_scene.h"

#include "doors/jail/jail.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/syscall.h>

static struct scene scene;

static int set_up(void **state)
{
    (void)state;
    scene_set(&scene);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    scene_clear(&scene);
    return 0;
}

static const char *path_of(const char *name)
{
    static char path[300];

    (void)snprintf(path, sizeof path, "%s/signer%s%s", scene.data, name[0] == 0 ? "" : "/", name);
    return path;
}

static const char *state_of(str origin)
{
    static char name[80];
    uint8_t hash[HASH_SIZE];
    size_t at = sizeof "state/" - 1;

    hash_sha256(origin.ptr, origin.len, hash);
    (void)snprintf(name, sizeof name, "state/");
    str_hex(hash, sizeof hash, name + at);
    name[at + 2 * sizeof hash] = 0;
    return name;
}

static void put(const char *name, str bytes)
{
    FILE *file = fopen(path_of(name), "wb");

    assert_non_null(file);
    if (bytes.len > 0)
        assert_int_equal(fwrite(bytes.ptr, 1, bytes.len, file), bytes.len);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path_of(name), 0600), 0);
}

static str get(const char *name)
{
    char *room = arena_take(&scene.arena, KEEPER_NOTE_MAX + 1);
    FILE *file = fopen(path_of(name), "rb");

    assert_non_null(file);
    const size_t len = fread(room, 1, KEEPER_NOTE_MAX + 1, file);

    (void)fclose(file);
    return (str){room, len};
}

/* What a signer says that is started on the folder as it is; it is stopped again. */
static no started(void)
{
    const no answer = signer_start(&scene.signer, scene.data);

    if (answer == YES)
        signer_stop(scene.signer);
    scene.signer = NULL;
    return answer;
}

/* --- who may read ------------------------------------------------------------------------------
 */

static void files_of_others_are_refused(void **state)
{
    static const struct {
        const char *name;
        mode_t right, wrong;
    } cases[] = {
        {"", 0700, 0750},
        {"", 0700, 0701},
        {"log.key", 0600, 0640},
        {"log.key", 0600, 0604},
        {"log.key", 0600, 0602},
        {"witness.key", 0600, 0644},
        {"log-old.key", 0600, 0660},
        {"state", 0700, 0755},
    };

    (void)state;
    scene_put_key(&scene, "log-old.key", 90);
    assert_int_equal(started(), YES);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(chmod(path_of(cases[i].name), cases[i].wrong), 0);
        if (started() != NO_SIGNER_KEYS_EXPOSED)
            fail_msg("%s with mode %o", cases[i].name, cases[i].wrong);
        assert_int_equal(chmod(path_of(cases[i].name), cases[i].right), 0);
    }
    assert_int_equal(started(), YES);
    /* Another's, also when nobody else may read it; only root can give it away. */
    if (geteuid() == 0) {
        assert_int_equal(chown(path_of("log.key"), 12345, (gid_t)-1), 0);
        assert_int_equal(started(), NO_SIGNER_KEYS_EXPOSED);
    }
}

static void what_is_no_plain_file_is_no_key(void **state)
{
    (void)state;
    put("elsewhere", get("log.key"));
    assert_int_equal(unlink(path_of("log.key")), 0);
    assert_int_equal(symlink("elsewhere", path_of("log.key")), 0);
    assert_int_equal(started(), NO_IO_FAILED);
    assert_int_equal(unlink(path_of("log.key")), 0);
    assert_int_equal(mkfifo(path_of("log.key"), 0600), 0);
    assert_int_equal(started(), NO_SIGNER_KEYS_EXPOSED);
    assert_int_equal(unlink(path_of("log.key")), 0);
    assert_int_equal(mkdir(path_of("log.key"), 0700), 0);
    assert_int_equal(started(), NO_SIGNER_KEYS_EXPOSED);
}

/* --- keys --------------------------------------------------------------------------------------
 */

static void damaged_keys_are_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "\n",
        "00",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1g",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n\n",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f00"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        put("log.key", str_of(texts[i]));
        if (started() != NO_SIGNER_KEY_DAMAGED)
            fail_msg("\"%s\" was taken", texts[i]);
    }
    put("log.key", S("202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f\n"));
    assert_int_equal(started(), NO_SIGNER_KEY_DAMAGED); /* the witness's */
    put("log.key", S("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"));
    assert_int_equal(started(), YES);
}

static void what_is_missing_is_not_made_again(void **state)
{
    static const char *const keys[] = {"log.key", "witness.key"};

    (void)state;
    scene_start(&scene);
    assert_int_equal(scene_sign(&scene, 0, 0, 5), YES);
    signer_stop(scene.signer);
    scene.signer = NULL;
    for (size_t i = 0; i < 2; i++) {
        const str key = get(keys[i]);

        assert_int_equal(unlink(path_of(keys[i])), 0);
        assert_int_equal(started(), NO_SIGNER_KEY_MISSING);
        assert_int_not_equal(access(path_of(keys[i]), F_OK), 0);
        put(keys[i], key);
    }
    /* Keys that came back from somewhere without what they signed. */
    char away[300];

    (void)snprintf(away, sizeof away, "%s/away", scene.folder.path);
    assert_int_equal(rename(path_of("state"), away), 0);
    assert_int_equal(started(), NO_SIGNER_STATE_MISSING);
    assert_int_equal(rename(away, path_of("state")), 0);
    scene_start(&scene);
    assert_int_equal(scene_remembered(&scene, 0), 5);
}

/* --- states ------------------------------------------------------------------------------------
 */

static void refuses(str origin, str good, str bad, const char *how, size_t at)
{
    struct keeper_answer answer;
    str note;

    put(state_of(origin), bad);
    const no read = signer_state(scene.signer, &scene.arena, origin, &note);
    const no first = str_eq(origin, SCENE_ORIGIN) ? scene_sign(&scene, 0, 0, 7)
                                                  : scene_cosign(&scene, 0, 0, 7, &answer);
    const no next = str_eq(origin, SCENE_ORIGIN) ? scene_sign(&scene, 0, 5, 7)
                                                 : scene_cosign(&scene, 0, 5, 7, &answer);

    if (read != NO_SIGNER_STATE_DAMAGED || first != NO_SIGNER_STATE_DAMAGED ||
        next != NO_SIGNER_STATE_DAMAGED)
        fail_msg("%s at %zu: %d %d %d", how, at, (int)read, (int)first, (int)next);
    if (!str_eq(get(state_of(origin)), bad.ptr == NULL ? S("") : bad))
        fail_msg("%s at %zu: it was written over", how, at);
    put(state_of(origin), good);
}

/* Names and ids of lines may change, as a co-op's name may, and the line of the peer is the peer's;
 * the text and our signature, which is the last, may not. */
static bool matters(str note, size_t at)
{
    size_t last = note.len;

    while (note.ptr[last - 1] != ' ')
        last--;
    return at < str_find(note, S("\xe2\x80\x94")) || at >= last + 6;
}

static void damage(str origin, str other)
{
    const str good = get(state_of(origin));
    char *bad = arena_take(&scene.arena, KEEPER_NOTE_MAX + 1);

    for (size_t len = 0; len < good.len; len++)
        refuses(origin, good, (str){good.ptr, len}, "cut", len);
    for (size_t at = 0; at < good.len; at++) {
        memcpy(bad, good.ptr, good.len);
        bad[at] ^= 1;
        if (matters(good, at))
            refuses(origin, good, (str){bad, good.len}, "a bit", at);
    }
    memset(bad, 'a', KEEPER_NOTE_MAX + 1);
    refuses(origin, good, (str){bad, KEEPER_NOTE_MAX + 1}, "large", 0);
    memset(bad, 0, good.len);
    refuses(origin, good, (str){bad, good.len}, "zeros", 0);
    refuses(origin, good, get(state_of(other)), "another register's", 0);
}

static void a_damaged_state_signs_nothing(void **state)
{
    struct keeper_answer answer;

    (void)state;
    scene_start(&scene);
    assert_int_equal(scene_sign(&scene, 0, 0, 5), YES);
    assert_int_equal(scene_cosign(&scene, 0, 0, 5, &answer), YES);
    damage(SCENE_ORIGIN, SCENE_PEER);
    assert_int_equal(scene_sign(&scene, 0, 5, 7), YES);
    damage(SCENE_PEER, SCENE_ORIGIN);
    assert_int_equal(scene_cosign(&scene, 0, 5, 7, &answer), YES);
    assert_int_equal(answer.status, 200);
    /* One register's damage is not another's. */
    put(state_of(SCENE_PEER), S("x"));
    assert_int_equal(scene_sign(&scene, 0, 7, 8), YES);
    /* A checkpoint that nobody of us signed is no state, however well it is formed. */
    put(state_of(SCENE_PEER), str_sub(scene_body(&scene, 0, 0, 5), sizeof "old 0\n", 4096));
    assert_int_equal(scene_cosign(&scene, 0, 5, 8, &answer), NO_SIGNER_STATE_DAMAGED);
}

/* --- changing keys -----------------------------------------------------------------------------
 */

static size_t lines_of(str lines)
{
    size_t n = 0;

    for (size_t i = 0; i < lines.len; i++)
        n += lines.ptr[i] == '\n';
    return n;
}

static str signed_at(uint64_t old, uint64_t size)
{
    const struct tree_proof proof = scene_proof(&scene, 0, old, size);
    str lines;

    assert_int_equal(
        scene_sign_text(&scene, old, &proof, scene_text(&scene, SCENE_ORIGIN, 0, size), &lines),
        YES);
    return lines;
}

static void restart(void)
{
    signer_stop(scene.signer);
    scene_start(&scene);
}

static void two_keys_sign_while_a_rotation_lasts(void **state)
{
    struct keeper_vkeys vkeys, known;
    struct note_key keys[2];
    struct note note;
    bool held[2];
    str line, rest, bytes;

    (void)state;
    scene_start(&scene);
    assert_int_equal(lines_of(signed_at(0, 5)), 1);
    signer_stop(scene.signer);
    scene.signer = NULL;
    assert_int_equal(keeper_retire(scene.data, &scene.arena, SCENE_ORIGIN, &vkeys), NO_NOT_FOUND);
    assert_int_equal(keeper_rotate(scene.data, &scene.arena, SCENE_ORIGIN, &vkeys), YES);
    assert_int_equal(lines_of(vkeys.logs), 2);
    assert_true(str_ends(vkeys.logs, S("\n" GOLDEN_VKEY "\n")));
    assert_int_equal(keeper_rotate(scene.data, &scene.arena, SCENE_ORIGIN, &vkeys),
                     NO_SIGNER_KEY_THERE);
    assert_int_equal(keeper_retire(scene.data, &scene.arena, SCENE_ORIGIN, &vkeys), NO_TOO_EARLY);
    scene_start(&scene);
    assert_int_equal(signer_keys(scene.signer, &scene.arena, SCENE_ORIGIN, &known), YES);
    assert_int_equal(lines_of(known.logs), 2);
    assert_int_equal(scene_remembered(&scene, 0), 5);
    assert_int_equal(lines_of(signed_at(5, 5)), 2); /* the same again, by both */
    assert_int_equal(lines_of(signed_at(5, 9)), 2);
    rest = known.logs;
    for (size_t i = 0; i < 2; i++) {
        const str all = rest;

        assert_true(str_cut(all, '\n', &line, &rest));
        assert_int_equal(note_key_parse(line, &keys[i]), YES);
    }
    assert_int_equal(signer_state(scene.signer, &scene.arena, SCENE_ORIGIN, &bytes), YES);
    assert_int_equal(note_parse(bytes, &note), YES);
    assert_int_equal(note_verify(&note, keys, 2, held), YES);
    assert_true(held[0] && held[1]);
    signer_stop(scene.signer);
    scene.signer = NULL;
    assert_int_equal(keeper_retire(scene.data, &scene.arena, SCENE_ORIGIN, &vkeys), YES);
    assert_int_equal(lines_of(vkeys.logs), 1);
    scene_start(&scene);
    assert_int_equal(scene_remembered(&scene, 0), 9);
    assert_int_equal(lines_of(signed_at(9, 12)), 1);
    assert_int_equal(scene_sign(&scene, 1, 12, 12), NO_SIGNER_WOULD_FORK);
}

/* One key under two names is what a rotation leaves that died in the middle. */
static void a_rotation_cut_short_is_none(void **state)
{
    struct keeper_vkeys vkeys;

    (void)state;
    scene_put_key(&scene, "log-old.key", 0);
    scene_start(&scene);
    assert_int_equal(lines_of(signed_at(0, 5)), 1);
    restart();
    signer_stop(scene.signer);
    scene.signer = NULL;
    assert_int_equal(keeper_rotate(scene.data, &scene.arena, SCENE_ORIGIN, &vkeys), YES);
    assert_int_equal(lines_of(vkeys.logs), 2);
    assert_true(str_ends(vkeys.logs, S("\n" GOLDEN_VKEY "\n")));
}

static void keygen_makes_keys_once(void **state)
{
    struct keeper_vkeys made, told;
    char data[300];

    (void)state;
    assert_int_equal(keeper_keygen(scene.data, &scene.arena, SCENE_ORIGIN, &made),
                     NO_SIGNER_KEY_THERE);
    (void)snprintf(data, sizeof data, "%s/new", scene.folder.path);
    assert_int_equal(keeper_keygen(data, &scene.arena, SCENE_ORIGIN, &made), NO_IO_FAILED);
    assert_int_equal(mkdir(data, 0700), 0);
    assert_int_equal(keeper_keygen(data, &scene.arena, S("no name"), &made), NO_KEY_MALFORMED);
    assert_int_equal(keeper_keygen(data, &scene.arena, SCENE_ORIGIN, &made), NO_SIGNER_KEY_THERE);
    assert_int_equal(signer_start(&scene.signer, data), YES);
    assert_int_equal(signer_keys(scene.signer, &scene.arena, SCENE_ORIGIN, &told), YES);
    assert_int_equal(lines_of(told.logs), 1);
    assert_false(str_eq(told.logs, S(GOLDEN_VKEY "\n")));
}

/* --- the jail ----------------------------------------------------------------------------------
 */

/* How a process ends that enters a jail with this folder and does this: its exit code, or minus the
 * signal. */
static int jailed(int (*act)(void))
{
    static const int calls[] = {SYS_openat};
    int status = 0;
    const int folder = open(path_of(""), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const pid_t child = fork();

    assert_true(child >= 0 && folder >= 0);
    if (child == 0) {
        const struct jail jail = {.memory_max = (size_t)1 << 30,
                                  .files_max = 64,
                                  .folder = folder,
                                  .calls = calls,
                                  .calls_n = 1};

        _exit(jail_enter(&jail) ? act() : 99);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    (void)close(folder);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static int opens(const char *path, int how)
{
    return syscall(SYS_openat, AT_FDCWD, path, how, 0600) >= 0 ? 1 : errno == EACCES ? 0 : 2;
}

static int open_key(void)
{
    return opens(path_of("log.key"), O_RDONLY);
}

static int make_state(void)
{
    return opens(path_of("state/new"), O_WRONLY | O_CREAT);
}

static int open_database(void)
{
    return opens("/etc/passwd", O_RDONLY);
}

static int climb_out(void)
{
    return opens(path_of("../other"), O_WRONLY | O_CREAT);
}

static int call_somebody(void)
{
    return socket(AF_UNIX, SOCK_STREAM, 0) >= 0;
}

static void the_jail_lets_in_one_folder(void **state)
{
    (void)state;
#ifdef __SANITIZE_ADDRESS__
    skip();
#endif
    assert_int_equal(jailed(open_key), 1);
    assert_int_equal(jailed(make_state), 1);
    assert_int_equal(jailed(call_somebody), -SIGSYS);
    if (syscall(SYS_landlock_create_ruleset, NULL, 0, 1) < 0)
        skip(); /* a kernel without Landlock */
    assert_int_equal(jailed(open_database), 0);
    assert_int_equal(jailed(climb_out), 0);
}

#define ON_A_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        ON_A_FOLDER(files_of_others_are_refused),
        ON_A_FOLDER(what_is_no_plain_file_is_no_key),
        ON_A_FOLDER(damaged_keys_are_refused),
        ON_A_FOLDER(what_is_missing_is_not_made_again),
        ON_A_FOLDER(a_damaged_state_signs_nothing),
        ON_A_FOLDER(two_keys_sign_while_a_rotation_lasts),
        ON_A_FOLDER(a_rotation_cut_short_is_none),
        ON_A_FOLDER(keygen_makes_keys_once),
        ON_A_FOLDER(the_jail_lets_in_one_folder),
    };

    if (argc == 3 && strcmp(argv[1], "signer-worker") == 0)
        return signer_worker(argv[2]);
    return cmocka_run_group_tests_name("keeper", tests, NULL, NULL);
}
