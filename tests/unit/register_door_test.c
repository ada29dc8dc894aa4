/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The register's files and its witness through the real door: headers, paths, sizes, and the
 * answers that the public vectors of tlog-witness want (specs register 3.2, 3.4, 3.6).
 */
#include "publish_door.h"
#include "tlog_data.h"

/* --- files -------------------------------------------------------------------------------------
 */

static void files_have_the_headers_of_the_specification(void **state)
{
    static const struct {
        const char *path, *type, *cache;
        int status;
    } rows[] = {
        {"/log/checkpoint", "text/plain; charset=utf-8", "public, max-age=1", 200},
        {"/log/checkpoints/N", "text/plain; charset=utf-8", "public, max-age=1", 200},
        {"/log/vkey", "text/plain; charset=utf-8", "public, max-age=1", 200},
        {"/log/policy", "text/plain; charset=utf-8", "public, max-age=1", 200},
        {"/log/tile/0/000.p/N", "application/octet-stream", "public, max-age=31536000, immutable",
         200},
        {"/log/tile/entries/000.p/N", "application/octet-stream",
         "public, max-age=31536000, immutable", 200},
        /* What may come tomorrow must not be remembered as missing. */
        {"/log/tile/0/000", "text/plain; charset=utf-8", "no-store", 404},
        {"/log/tile/0/000.p/M", "text/plain; charset=utf-8", "no-store", 404},
        {"/log/tile/1/000.p/1", "text/plain; charset=utf-8", "no-store", 404},
        {"/log/checkpoints/M", "text/plain; charset=utf-8", "no-store", 404},
        {"/log/checkpoints/0N", "text/plain; charset=utf-8", "no-store", 404},
        {"/log/checkpoints/checkpoint", "text/plain; charset=utf-8", "no-store", 404},
        /* Nothing but the paths of tiles names a file. */
        {"/log/tile/0/000.p/0N", "text/plain; charset=utf-8", "no-store", 404},
        {"/log/tile/00/000.p/N", "text/plain; charset=utf-8", "no-store", 404},
        {"/log/tile/0/000.p/N/", "text/plain; charset=utf-8", "no-store", 404},
        {"/log/tile/0//000.p/N", "text/plain; charset=utf-8", "no-store", 404},
        {"/log/tile/entries/000.p/N.part", "text/plain; charset=utf-8", "no-store", 404},
        {"/log/tile/%2e%2e/checkpoint", NULL, NULL, 400},
        {"/log/tile/..%2fcheckpoint", "text/plain; charset=utf-8", "no-store", 404},
        {"/log/tile/../checkpoint", NULL, NULL, 400},
        {"/log/evidence", NULL, NULL, 404},
        {"/log/", NULL, NULL, 404},
    };
    struct door *door = *state;
    static struct reply reply;

    assert_int_equal(publish_round(door->scene->publisher), YES);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        get(door, "GET", rows[i].path, "", &reply);
        if (reply.status != rows[i].status)
            fail_msg("%s: %d", rows[i].path, reply.status);
        if (rows[i].type == NULL)
            continue;
        assert_str(reply_header(&reply, "Content-Type"), rows[i].type);
        assert_str(reply_header(&reply, "Cache-Control"), rows[i].cache);
        assert_null(reply_header(&reply, "Set-Cookie").ptr);
        if (rows[i].status == 200)
            assert_true(
                str_eq(reply.body, file_of(door->scene, with_size(door, rows[i].path + 5))));
    }
}

static void bundles_are_smaller_for_who_can_read_that(void **state)
{
    struct door *door = *state;
    static struct reply reply;

    assert_int_equal(publish_round(door->scene->publisher), YES);
    get(door, "GET", "/log/tile/entries/000.p/N", "Accept-Encoding: gzip\r\n", &reply);
    assert_str(reply_header(&reply, "Content-Encoding"), "gzip");
    assert_true(reply.body.len < file_of(door->scene, with_size(door, "tile/entries/000.p/N")).len);
    get(door, "GET", "/log/tile/entries/000.p/N", "", &reply);
    assert_null(reply_header(&reply, "Content-Encoding").ptr);
    assert_str(reply_header(&reply, "Vary"), "Accept-Encoding");
    get(door, "GET", "/log/tile/0/000.p/N", "Accept-Encoding: gzip\r\n", &reply);
    assert_null(reply_header(&reply, "Content-Encoding").ptr);
}

static void head_and_etag(void **state)
{
    struct door *door = *state;
    static struct reply reply;
    char more[128];

    assert_int_equal(publish_round(door->scene->publisher), YES);
    get(door, "HEAD", "/log/checkpoint", "", &reply);
    assert_int_equal(reply.status, 200);
    assert_int_equal(reply.body.len, 0);
    const str etag = reply_header(&reply, "ETag");

    (void)snprintf(more, sizeof more, "If-None-Match: %.*s\r\n", (int)etag.len, etag.ptr);
    get(door, "GET", "/log/checkpoint", more, &reply);
    assert_int_equal(reply.status, 304);
    one_more(door->scene);
    assert_int_equal(publish_round(door->scene->publisher), YES);
    get(door, "GET", "/log/checkpoint", more, &reply);
    assert_int_equal(reply.status, 200);
}

/* A bundle of 256 policies of 30 kB is larger than a request's memory. */
static void a_large_bundle_is_served_whole(void **state)
{
    struct door *door = *state;
    static struct reply reply;
    char padding[30001], text[30100];
    struct register_policy_form form = {.line = 0};
    struct ctx ctx;

    memset(padding, 'x', sizeof padding - 1);
    padding[sizeof padding - 1] = 0;
    for (int i = 0; i < 10; i++) {
        (void)snprintf(text, sizeof text, "# %d %s\nquorum none\n", i, padding);
        form.text = str_of(text);
        test_as(&door->scene->co.test, &ctx, 0, 0);
        ctx.actor.console = true;
        assert_int_equal(deed_register_policy(&ctx, &form), YES);
        test_done(&ctx);
    }
    assert_int_equal(publish_round(door->scene->publisher), YES);
    get(door, "GET", "/log/tile/entries/000.p/N", "", &reply);
    assert_int_equal(reply.status, 200);
    assert_true(reply.body.len > 300000);
    assert_true(str_eq(reply.body, file_of(door->scene, with_size(door, "tile/entries/000.p/N"))));
}

/* --- the witness -------------------------------------------------------------------------------
 */

static void add_peer(struct door *door, const struct note_key *key)
{
    struct register_peer_form form = {.url = S("")};
    struct ctx ctx;
    struct buf vkey;

    test_as(&door->scene->co.test, &ctx, 0, 0);
    ctx.actor.console = true;
    buf_init(&vkey, ctx.arena, 256);
    note_key_put(&vkey, key);
    form.vkey = buf_str(&vkey);
    assert_int_equal(deed_register_peer_add(&ctx, &form), YES);
    assert_true(str_eq(form.origin, key->name));
    test_done(&ctx);
}

static void what_the_public_vectors_want(void **state)
{
    struct door *door = *state;
    static struct reply reply;
    struct arena arena;
    bool added = false;
    char path[128], hex[2 * HASH_SIZE];
    uint8_t sha256[HASH_SIZE];

    assert_true(arena_init(&arena, 8 << 20));
    struct tlog_rows rows = tlog_open(&arena, "witness-http");

    while (tlog_next(&rows)) {
        const str origin = tlog_text(&rows, "origin"), wanted = tlog_text(&rows, "body_assert");
        const str public_key = tlog_hex(&arena, tlog_text(&rows, "log_vkey_pub_hex"));
        struct note_key key;

        assert_int_equal(note_key_make(origin, NOTE_ED25519, (const uint8_t *)public_key.ptr, &key),
                         YES);
        if (!added)
            add_peer(door, &key);
        added = true;
        post(door, tlog_base64(&arena, tlog_text(&rows, "body_b64")), &reply);
        assert_int_equal(reply.status, json_int_of(rows.row, S("status_spec"), 0));
        if (reply.status == 409) {
            assert_str(reply_header(&reply, "Content-Type"), "text/x.tlog.size");
            assert_true(str_find(wanted, str_trim(reply.body)) < wanted.len);
        }
        if (reply.status == 200)
            assert_true(str_starts(reply.body, S("\xe2\x80\x94 la-traboule-")));
        hash_sha256(origin.ptr, origin.len, sha256);
    }
    assert_int_equal(rows.count, 9);
    /* What it holds now, for monitors. */
    str_hex(sha256, sizeof sha256, hex);
    (void)snprintf(path, sizeof path, "/witness/%.*s/checkpoint", (int)sizeof hex, hex);
    get(door, "GET", path, "", &reply);
    assert_int_equal(reply.status, 200);
    assert_true(str_find(reply.body, S("\n5\n")) < reply.body.len);
    assert_true(str_find(reply.body, S("la-traboule-")) < reply.body.len);
    arena_release(&arena);
}

static void what_is_no_question_is_refused(void **state)
{
    struct door *door = *state;
    static struct reply reply;
    static char large[(64 << 10) + 1];

    post(door, S("junk"), &reply);
    assert_int_equal(reply.status, 400);
    post(door, S(""), &reply);
    assert_int_equal(reply.status, 400);
    memset(large, 'x', sizeof large);
    post(door, (str){large, sizeof large}, &reply);
    assert_int_equal(reply.status, 413);
    get(door, "GET", "/witness/add-checkpoint", "", &reply);
    assert_int_equal(reply.status, 405);
    get(door, "GET", "/witness/nothing/checkpoint", "", &reply);
    assert_int_equal(reply.status, 404);
}

int main(int argc, char **argv)
{
#define HERE(test) cmocka_unit_test_setup_teardown(test, open_door, close_door)
    const struct CMUnitTest tests[] = {
        HERE(files_have_the_headers_of_the_specification),
        HERE(bundles_are_smaller_for_who_can_read_that),
        HERE(head_and_etag),
        HERE(a_large_bundle_is_served_whole),
        HERE(what_the_public_vectors_want),
        HERE(what_is_no_question_is_refused),
    };

    if (argc == 3 && strcmp(argv[1], "signer-worker") == 0)
        return signer_worker(argv[2]);
    return cmocka_run_group_tests_name("register_door", tests, NULL, NULL);
}
