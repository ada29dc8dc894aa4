/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Two co-ops: one follows the register of the other, which behaves, lags, is damaged and forks.
 */
#include "publish_door.h"

#include "doors/jobs/peers_in.h"

struct pair {
    struct door *theirs;
    struct publish_scene *ours;
    struct peers *peers;
    char hex[PEERS_HEX + 1];
};

static void add_peer(struct pair *pair, bool mirror)
{
    struct register_peer_form form = {.mirror = mirror};
    char url[64];
    struct ctx ctx;

    (void)snprintf(url, sizeof url, "http://127.0.0.1:%u/log", pair->theirs->port);
    test_as(&pair->ours->co.test, &ctx, 0, 0);
    ctx.actor.console = true;
    form.vkey = str_trim(file_of(pair->theirs->scene, "vkey"));
    form.url = str_of(url);
    assert_int_equal(deed_register_peer_add(&ctx, &form), YES);
    test_done(&ctx);
}

static void follow(struct pair *pair)
{
    const struct peers_config config = {.world = pair->ours->co.test.world,
                                        .data = pair->ours->co.test.dir,
                                        .signer = pair->ours->signer};

    assert_int_equal(peers_open(&pair->peers, &config), YES);
}

static int open_pair(void **state)
{
    struct pair *pair = calloc(1, sizeof *pair);

    assert_int_equal(open_door((void **)&pair->theirs), 0);
    assert_int_equal(publish_set_up((void **)&pair->ours), 0);
    assert_int_equal(publish_round(pair->theirs->scene->publisher), YES);
    assert_int_equal(publish_round(pair->ours->publisher), YES);
    follow(pair);
    (void)snprintf(pair->hex, sizeof pair->hex, "%.*s", PEERS_HEX,
                   pair->theirs->scene->publisher->hex.ptr);
    *state = pair;
    return 0;
}

static int close_pair(void **state)
{
    struct pair *pair = *state;

    peers_stop(pair->peers);
    peers_close(pair->peers);
    assert_int_equal(publish_tear_down((void **)&pair->ours), 0);
    assert_int_equal(close_door((void **)&pair->theirs), 0);
    free(pair);
    return 0;
}

/* A file of our copy of theirs. */
static str copied(struct pair *pair, const char *path)
{
    struct arena *arena = &pair->ours->co.test.arena;
    struct log_files files;
    char folder[256];
    str bytes = STR_NONE;

    (void)snprintf(folder, sizeof folder, "%s/mirror/%s", pair->ours->co.test.dir, pair->hex);
    if (log_files_open(&files, arena, str_of(folder)) != YES)
        return STR_NONE;
    const no answer = log_files_get(&files, arena, str_of(path), LOG_BUNDLE_MAX, &bytes);

    log_files_close(&files);
    return answer == YES ? bytes : STR_NONE;
}

static int64_t pinned(struct pair *pair)
{
    struct register_row *rows;
    struct ctx ctx;
    size_t n;
    int64_t count = 0;

    test_as(&pair->ours->co.test, &ctx, 0, 0);
    assert_int_equal(view_register_last(&ctx, 1000, 1000, &rows, &n), YES);
    for (size_t i = 0; i < n; i++)
        count += rows[i].kind == REGISTER_PEER;
    test_done(&ctx);
    return count;
}

static uint32_t state_of_peer(struct pair *pair)
{
    struct register_peer *peers;
    struct ctx ctx;
    size_t n;

    test_as(&pair->ours->co.test, &ctx, 0, 0);
    assert_int_equal(view_register_peers(&ctx, &peers, &n), YES);
    assert_int_equal(n, 1);
    const uint32_t found = peers[0].state;

    test_done(&ctx);
    return found;
}

static void a_day_later(struct pair *pair)
{
    world_shift_clock(pair->ours->co.test.real, (PEERS_EVERY_S + 1) * NS_PER_S);
    assert_int_equal(peers_round(pair->peers), YES);
}

static void they_grow(struct pair *pair)
{
    one_more(pair->theirs->scene);
    assert_int_equal(publish_round(pair->theirs->scene->publisher), YES);
}

/* --- tests -------------------------------------------------------------------------------------
 */

static void its_checkpoint_is_pinned_once_a_day(void **state)
{
    struct pair *pair = *state;

    add_peer(pair, false);
    assert_int_equal(peers_round(pair->peers), YES);
    assert_int_equal(pinned(pair), 1);
    assert_true(str_eq(copied(pair, "checkpoint"), file_of(pair->theirs->scene, "checkpoint")));
    they_grow(pair);
    assert_int_equal(peers_round(pair->peers), YES);
    assert_int_equal(pinned(pair), 1);
    /* Another start on the same day. */
    peers_close(pair->peers);
    follow(pair);
    assert_int_equal(peers_round(pair->peers), YES);
    assert_int_equal(pinned(pair), 1);
    a_day_later(pair);
    assert_int_equal(pinned(pair), 2);
    assert_true(str_eq(copied(pair, "checkpoint"), file_of(pair->theirs->scene, "checkpoint")));
    assert_int_equal(state_of_peer(pair), PEER_COSIGNED);
    assert_null(copied(pair, "tile/0/000.p/17").ptr);
}

static void a_mirror_has_all_of_it(void **state)
{
    struct pair *pair = *state;
    char path[64];

    add_peer(pair, true);
    for (int day = 0; day < 3; day++) {
        a_day_later(pair);
        const int size = (int)size_published(pair->theirs->scene);

        (void)snprintf(path, sizeof path, "tile/0/000.p/%d", size);
        assert_true(copied(pair, path).len > 0);
        assert_true(str_eq(copied(pair, path), file_of(pair->theirs->scene, path)));
        (void)snprintf(path, sizeof path, "tile/entries/000.p/%d", size);
        assert_true(str_eq(copied(pair, path), file_of(pair->theirs->scene, path)));
        they_grow(pair);
    }
}

static void damaged_files_are_not_believed(void **state)
{
    struct pair *pair = *state;
    char command[256];

    add_peer(pair, true);
    a_day_later(pair);
    const str before = copied(pair, "checkpoint");

    they_grow(pair);
    (void)snprintf(command, sizeof command,
                   "cd %s && for f in tile/entries/000.p/*; do printf x |"
                   " dd of=$f conv=notrunc bs=1 seek=9 2>/dev/null; done",
                   pair->theirs->log_dir);
    assert_int_equal(system(command), 0);
    a_day_later(pair);
    assert_true(str_eq(copied(pair, "checkpoint"), before));
    assert_int_equal(pinned(pair), 1);
    assert_int_equal(state_of_peer(pair), PEER_COSIGNED | PEER_MIRRORED);
}

static void two_views_are_evidence(void **state)
{
    struct pair *pair = *state;
    static char forged[4096], path[256], command[256];

    add_peer(pair, false);
    a_day_later(pair);
    const str before = copied(pair, "checkpoint");

    forge(pair->theirs->scene, size_published(pair->theirs->scene), forged);
    (void)snprintf(path, sizeof path, "%s/checkpoint", pair->theirs->log_dir);
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(forged, 1, strlen(forged), file), strlen(forged));
    (void)fclose(file);
    a_day_later(pair);
    assert_int_equal(state_of_peer(pair), PEER_COSIGNED | PEER_DIFFERS);
    assert_true(str_eq(copied(pair, "checkpoint"), before));
    assert_int_equal(pinned(pair), 1);
    (void)snprintf(command, sizeof command,
                   "cd %s/log/evidence/%.8s-* && test -s theirs && test -s ours && test -s about",
                   pair->ours->co.test.dir, pair->hex);
    assert_int_equal(system(command), 0);
}

/* Ours cosigned it, then it shows everybody something else. */
static void what_was_cosigned_counts_too(void **state)
{
    struct pair *pair = *state;
    struct keeper_request request = {.own = S("other.example/log"), .now_s = 1767225600};
    struct keeper_answer answer;
    static char forged[4096];
    struct arena *arena = &pair->ours->co.test.arena;
    struct buf body;

    add_peer(pair, false);
    forge(pair->theirs->scene, size_published(pair->theirs->scene), forged);
    buf_init(&body, arena, 4096);
    buf_put(&body, S("old 0\n\n"));
    buf_put(&body, str_of(forged));
    request.body = buf_str(&body);
    request.log_vkeys = file_of(pair->theirs->scene, "vkey");
    assert_int_equal(signer_cosign(pair->ours->signer, arena, &request, &answer), YES);
    assert_int_equal(answer.status, 200);
    a_day_later(pair);
    assert_int_equal(state_of_peer(pair), PEER_COSIGNED | PEER_DIFFERS);
    assert_int_equal(pinned(pair), 0);
}

static void nobody_there_is_no_harm(void **state)
{
    struct pair *pair = *state;

    add_peer(pair, true);
    http_stop(pair->theirs->server);
    a_day_later(pair);
    assert_int_equal(state_of_peer(pair), PEER_COSIGNED | PEER_MIRRORED);
    assert_int_equal(pinned(pair), 0);
    const struct http_config config = {.port_given = true, .rate_off = true, .threads = 1};

    assert_int_equal(http_serve(&pair->theirs->server, &config), YES);
}

int main(int argc, char **argv)
{
#define HERE(test) cmocka_unit_test_setup_teardown(test, open_pair, close_pair)
    const struct CMUnitTest tests[] = {
        HERE(its_checkpoint_is_pinned_once_a_day), HERE(a_mirror_has_all_of_it),
        HERE(damaged_files_are_not_believed),      HERE(two_views_are_evidence),
        HERE(what_was_cosigned_counts_too),        HERE(nobody_there_is_no_harm),
    };

    if (argc == 3 && strcmp(argv[1], "signer-worker") == 0)
        return signer_worker(argv[2]);
    return cmocka_run_group_tests_name("peers", tests, NULL, NULL);
}
