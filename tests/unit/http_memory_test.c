/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The real door with too little memory for a request, from hardly any to enough: every page is
 * whole or refused in words, an order is made whole or not at all, and nothing dies.
 */
#include "deeds/audit.h"
#include "deeds/session.h"

#include "login_scene.h"

enum { LEAST = 24 << 10, MOST = 640 << 10, ENOUGH = 1 << 20, BODY = 7900 };

static struct scene *scene;
static int64_t offer, orders_made;
static char cookie[SESSION_TOKEN_LEN + 1], token[87];

static no seed(struct ctx *ctx, void *unused)
{
    static char body[BODY];
    uint8_t name[16] = {3};

    (void)unused;
    memset(body, 'a', sizeof body);
    for (size_t i = 7; i < sizeof body; i += 8)
        body[i] = i % 64 == 63 ? '\n' : '&'; /* five bytes for one when it is escaped */
    return sql_offer_add(ctx->db, name, scene->test.bruno, 1, ORDER_SERVICE, OFFER_OPEN,
                         S("A move by bike"), (str){body, sizeof body}, LANG_EN, 1, 1, 3800, 0, 0,
                         PRICE_ONE, PER_WHOLE, -1, ORDER_FLEXIBLE, S("Lyon"), 45748000, 4847000, 0,
                         STR_NONE, S(""), 0, ctx->now_ns, &offer);
}

static void sign_in_daniel(void)
{
    struct session_open session = {.member = scene->test.daniel, .agent = S("test")};
    uint8_t masked[64] = {0};
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    ctx.actor.console = true;
    assert_int_equal(deed_run(&ctx, seed, NULL), YES);
    assert_int_equal(deed_session_open(&ctx, &session), YES);
    test_done(&ctx);
    memcpy(cookie, session.cookie, SESSION_TOKEN_LEN);
    /* The door unmasks by XOR with the first half: zeros mask nothing. */
    assert_true(hash_base64url_read((str){session.csrf, SESSION_TOKEN_LEN}, masked + 32, 32));
    hash_base64url(masked, sizeof masked, token);
}

static void serve_with(size_t arena_size)
{
    const struct http_config config = {.port_given = true,
                                       .threads = 1,
                                       .pool = 2,
                                       .rate_off = true,
                                       .arena_size = arena_size,
                                       .hooks = http_room_hooks(),
                                       .world = scene->test.world,
                                       .lang = LANG_EN};

    if (scene->server != NULL)
        http_stop(scene->server);
    assert_int_equal(http_serve(&scene->server, &config), YES);
    scene->port = http_port(scene->server);
}

/* A whole answer: done, or refused for want of memory with something to read. */
static bool is_done_or_refused(const char *path, size_t arena_size)
{
    const struct reply *reply = &scene->reply;

    if (reply->status == 200 || reply->status == 303)
        return true;
    if ((reply->status != 413 && reply->status != 500 && reply->status != 503) ||
        reply->body.len == 0)
        fail_msg("%s with %zu bytes: %d %.*s", path, arena_size, reply->status,
                 (int)reply->body.len, reply->body.ptr);
    return false;
}

static int ask_pages(size_t arena_size)
{
    static const char *const paths[] = {
        "/en/",
        "/fr/market?q=velo&near=Lyon&sort=near",
        "/en/offer/1",
        "/en/offer/1/ask",
        "/en/needs",
        "/en/offers/new",
        "/en/orders",
        "/en/account",
        "/en/login",
        "/en/no/such/page",
        "/en/market?q=a%20b%20c%20d",
        "/en/account/security",
    };
    int done = 0;

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        (void)get(scene, paths[i]);
        if (scene->reply.status != 404)
            done += is_done_or_refused(paths[i], arena_size);
    }
    return done;
}

static bool ask_order(size_t arena_size)
{
    char path[64], form[512];
    const int n = snprintf(form, sizeof form,
                           "csrf=%s&uid=0190a6f2-0000-7000-8000-%012zx&quantity=1&step=send", token,
                           arena_size);

    (void)snprintf(path, sizeof path, "/en/offer/%lld/ask", (long long)offer);
    (void)ask(scene, "POST", path, (str){form, (size_t)n});
    if (!is_done_or_refused(path, arena_size))
        return false;
    assert_int_equal(scene->reply.status, 303);
    orders_made++;
    return true;
}

static void every_size(void **state)
{
    int refused = 0;

    (void)state;
    for (size_t size = LEAST; size <= MOST; size += size < (128 << 10) ? 3 << 10 : 32 << 10) {
        serve_with(size);
        memset(scene->cookies, 0, sizeof scene->cookies);
        (void)snprintf(scene->cookies[0], sizeof scene->cookies[0], "filon=%s", cookie);
        (void)ask_pages(size);
        refused += !ask_order(size);
    }
    assert_true(refused > 0);
    serve_with(ENOUGH);
    (void)get(scene, "/en/");
    assert_int_equal(scene->reply.status, 200);
    assert_true(ask_order(ENOUGH));
}

static void nothing_is_half_made(void **state)
{
    struct audit_report report = {0};
    struct ctx ctx;

    (void)state;
    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(view_audit(&ctx, &report), YES);
    test_done(&ctx);
    assert_int_equal(report.findings_n, 0);
    assert_int_equal(report.orders_n, orders_made);
}

static int open_memory(void **state)
{
    scene = calloc(1, sizeof *scene);
    test_world_open(&scene->test);
    test_found(&scene->test);
    sign_in_daniel();
    *state = scene;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_size),
        cmocka_unit_test(nothing_is_half_made),
    };

    return cmocka_run_group_tests_name("http_memory", tests, open_memory, close_scene);
}
