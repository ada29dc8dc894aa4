/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Pages that are the same for everybody: what makes one private again, and that what the house
 * keeps of them is never older than the last commit.
 */
#include "login_scene.h"

#include "deeds/offer_index.h"
#include "doors/http/exchange.h"
#include "store/sql_market.h"

#include <zlib.h>

/* A visitor whose browser sends nothing of him but these headers. */
static const struct reply *visit(struct scene *scene, const char *method, const char *path,
                                 const char *headers)
{
    char request[1024];
    const int n = snprintf(request, sizeof request,
                           "%s %s HTTP/1.1\r\nHost: coop.example\r\n%s\r\n", method, path, headers);
    const int fd = client_open(scene->port);

    assert_true(n > 0 && (size_t)n < sizeof request);
    assert_true(client_send(fd, (str){request, (size_t)n}));
    client_read_one(fd, &scene->reply, strcmp(method, "HEAD") == 0);
    (void)close(fd);
    return &scene->reply;
}

static void only_a_form_says_who_reads(void **state)
{
    static const struct {
        const char *path, *headers;
        bool token, private;
    } rows[] = {
        {"/en/", "", false, false},
        {"/fr/", "", false, false},
        {"/en/market?q=bike", "", false, false},
        {"/en/rules", "", false, false},
        {"/en/", "Cookie: theme=dark\r\n", false, true},
        {"/en/", "Cookie: filon=nobody\r\n", false, true},
        {"/en/login", "", true, true},
        {"/en/account/display", "", true, true},
        {"/en/help", "", false, true}, /* no form, and nobody said that it is public */
        {"/en/no/such/page", "", false, true},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct reply *reply = visit(*state, "GET", rows[i].path, rows[i].headers);
        const bool sets = reply_header(reply, "Set-Cookie").len > 0;

        if (sets != rows[i].token || says(reply, "name=\"csrf\" value=\"") != rows[i].token)
            fail_msg("%s: cookie %d", rows[i].path, sets);
        assert_str(reply_header(reply, "Cache-Control"),
                   rows[i].private ? "private, no-store" : "no-cache");
    }
}

/* --- what is kept: rooms that count how often they were asked -----------------------------------
 */

static int asked;

static no get_page(struct http_req *req)
{
    struct buf page;

    asked++;
    buf_init(&page, req->ctx.arena, 0);
    for (int i = 0; i < 100; i++)
        buf_printf(&page, "<p>%s %.*s</p>\n", req->ctx.lang == LANG_FR ? "page" : "sheet",
                   (int)req->host.len, req->host.ptr);
    return http_html(req, 200, &page);
}

static no get_form(struct http_req *req)
{
    asked++;
    return http_text(req, 200, http_csrf(req));
}

static no get_missing(struct http_req *req)
{
    (void)req;
    asked++;
    return NO_NOT_FOUND;
}

static const struct http_route counting[] = {
    {HTTP_GET, "/page", HTTP_ANYONE, HTTP_PUBLIC_PAGE, get_page, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/mine", HTTP_ANYONE, 0, get_page, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/form", HTTP_ANYONE, HTTP_PUBLIC_PAGE, get_form, HTTP_RATE_BY_METHOD},
    {HTTP_GET, "/missing", HTTP_ANYONE, HTTP_PUBLIC_PAGE, get_missing, HTTP_RATE_BY_METHOD},
    {.pattern = NULL},
};

static int open_counting(void **state)
{
    struct scene *scene;

    (void)open_scene(state);
    scene = *state;
    http_stop(scene->server);
    const struct http_config config = {.port_given = true,
                                       .threads = 1,
                                       .pool = 2,
                                       .rate_off = true,
                                       .routes = counting,
                                       .world = scene->test.world,
                                       .lang = LANG_EN};

    assert_int_equal(http_serve(&scene->server, &config), YES);
    scene->port = http_port(scene->server);
    asked = 0;
    return 0;
}

/* How often the room was asked in 40 visits: twice when the page is kept, more often on a machine
 * so slow that the second of the shelf passes meanwhile, each time when it is not. */
static int times_asked(struct scene *scene, const char *method, const char *path,
                       const char *headers)
{
    const int before = asked;

    for (int i = 0; i < 40; i++)
        (void)visit(scene, method, path, headers);
    return asked - before;
}

static void only_what_is_for_all_is_kept(void **state)
{
    static const struct {
        const char *path, *headers;
        bool kept;
    } rows[] = {
        {"/en/page", "", true},
        {"/fr/page", "", true},
        {"/en/page?q=a", "", true},
        {"/en/page", "Accept-Encoding: gzip\r\n", true},
        {"/en/page", "If-None-Match: *\r\n", true},
        {"/en/page", "Cookie: a=b\r\n", false},
        {"/en/page", "Cookie:\r\n", false},
        {"/page", "", false}, /* its language is in another header */
        {"/en/mine", "", false},
        {"/en/form", "", false},
        {"/en/missing", "", false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const int n = times_asked(*state, "GET", rows[i].path, rows[i].headers);

        if ((n < 20) != rows[i].kept || (!rows[i].kept && n != 40))
            fail_msg("%s %s: asked %d times of 40", rows[i].path, rows[i].headers, n);
    }
}

static void assert_page(const struct reply *reply, const char *line)
{
    assert_int_equal(reply->status, 200);
    assert_true(says(reply, line));
    assert_str(reply_header(reply, "Cache-Control"), "no-cache");
    assert_true(reply_header(reply, "Content-Security-Policy").len > 0);
    assert_int_equal(reply_header(reply, "Set-Cookie").len, 0);
}

static void a_kept_page_is_the_page(void **state)
{
    struct scene *scene = *state;
    static Bytef plain[64 << 10];
    const struct reply *reply;
    int64_t len;

    for (int i = 0; i < 4; i++) {
        assert_page(visit(scene, "GET", "/en/page", ""), "<p>sheet coop.example</p>");
        assert_page(visit(scene, "GET", "/fr/page", ""), "<p>page coop.example</p>");
    }
    len = (int64_t)scene->reply.body.len;
    reply = visit(scene, "HEAD", "/fr/page", "");
    assert_int_equal(reply->status, 200);
    assert_true(str_eq(reply_header(reply, "Content-Length"), S("2500")) && len == 2500);
    assert_int_equal(reply->body.len, 0);
    for (int i = 0; i < 4; i++) {
        z_stream stream = {0};

        reply = visit(scene, "GET", "/en/page", "Accept-Encoding: gzip\r\n");
        assert_str(reply_header(reply, "Content-Encoding"), "gzip");
        stream.next_in = (Bytef *)scene->reply.bytes + (reply->body.ptr - reply->bytes);
        stream.avail_in = (uInt)reply->body.len;
        stream.next_out = plain;
        stream.avail_out = sizeof plain;
        assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
        assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
        assert_int_equal(stream.total_out, 2600);
        (void)inflateEnd(&stream);
        assert_page(visit(scene, "GET", "/en/page", ""), "<p>sheet coop.example</p>");
    }
}

/* --- what was written is seen --------------------------------------------------------------------
 */

struct priced {
    int64_t offer, minor, stock;
};

static no add_offer(struct ctx *ctx, void *given)
{
    struct priced *priced = given;
    uint8_t name[16] = {7};

    TRY(sql_offer_add(ctx->db, name, 1, 1, ORDER_SALE, OFFER_OPEN, S("A jar of honey"),
                      S("From the roof."), LANG_EN, 1, 1, 1000, 0, 0, PRICE_ONE, PER_ITEM, 100,
                      ORDER_FLEXIBLE, S("Lyon"), 45748000, 4847000, 0, STR_NONE, S(""), 0,
                      ctx->now_ns, &priced->offer));
    return offer_index(ctx, priced->offer);
}

static no set_price(struct ctx *ctx, void *given)
{
    const struct priced *priced = given;

    return sql_market_rewrite(ctx->db, priced->offer, ORDER_SALE, S("A jar of honey"),
                              S("From the roof."), LANG_EN, 1, 1, priced->minor, 0, 0, PRICE_ONE,
                              PER_ITEM, priced->stock, ORDER_FLEXIBLE, S("Lyon"), 45748000, 4847000,
                              0, ctx->now_ns);
}

static void write_down(struct scene *scene, no (*deed)(struct ctx *, void *), void *form)
{
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    ctx.actor.console = true;
    assert_int_equal(deed_run(&ctx, deed, form), YES);
    test_done(&ctx);
}

static void the_next_visitor_sees_what_was_written(void **state)
{
    struct scene *scene = *state;
    struct priced priced = {0};
    char path[64], price[32], left[32];

    write_down(scene, add_offer, &priced);
    (void)snprintf(path, sizeof path, "/en/offer/%lld", (long long)priced.offer);
    for (int i = 1; i <= 50; i++) {
        priced.minor = 1000 + i;
        priced.stock = 100 + i;
        write_down(scene, set_price, &priced);
        (void)snprintf(price, sizeof price, "10.%02d", i);
        (void)snprintf(left, sizeof left, "%d left", 100 + i);
        for (int visitor = 0; visitor < 4; visitor++) {
            const struct reply *offer = visit(scene, "GET", path, "");

            assert_true(says(offer, price) && says(offer, left));
            assert_true(says(visit(scene, "GET", "/en/", ""), price));
        }
    }
}

/* --- the shelf by itself -------------------------------------------------------------------------
 */

static uint64_t version_now;

static uint64_t say_version(void *self)
{
    (void)self;
    return version_now;
}

static const struct world still_world = {.version = say_version};

struct desk {
    struct http_server server;
    struct http_loop loop;
    struct http_shelf shelf;
    struct http_exchange x;
};

static bool ask_shelf(struct desk *desk, const char *target, size_t len)
{
    struct http_exchange *x = &desk->x;

    desk->loop.shelf = &desk->shelf;
    memset(x, 0, sizeof *x);
    x->server = &desk->server;
    x->loop = &desk->loop;
    x->match.route = &counting[0];
    x->req = (struct http_req){.lang_in_path = true, .host = S("a"), .target = str_of(target)};
    x->req.ctx.world = &still_world;
    x->req.x = x;
    if (http_shelf_find(x) != NULL)
        return true;
    x->status = 200;
    x->content.len = len;
    if (http_shelf_wants(x))
        http_shelf_keep(x, MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT));
    return false;
}

/* Twice, so that it is kept. */
static bool is_kept(struct desk *desk, const char *target, size_t len)
{
    for (int i = 0; i < 2; i++)
        if (ask_shelf(desk, target, len))
            return true;
    return ask_shelf(desk, target, len);
}

static void a_second_or_a_commit_clears_it(void **state)
{
    struct desk *desk = calloc(1, sizeof *desk);

    (void)state;
    desk->loop.now_ms = 5000;
    assert_false(ask_shelf(desk, "/en/", 100));
    assert_false(ask_shelf(desk, "/en/", 100));
    assert_true(ask_shelf(desk, "/en/", 100));
    desk->loop.now_ms += SHELF_LIFE_MS - 1;
    assert_true(ask_shelf(desk, "/en/", 100));
    desk->loop.now_ms++;
    assert_false(ask_shelf(desk, "/en/", 100));
    assert_true(ask_shelf(desk, "/en/", 100));
    version_now++;
    assert_false(ask_shelf(desk, "/en/", 100));
    assert_int_equal(desk->shelf.bytes, 100);
    assert_true(ask_shelf(desk, "/en/", 100));
    atomic_store(&desk->server.stopping, true); /* the answer has to say that it closes */
    assert_false(ask_shelf(desk, "/en/", 100));
    http_shelf_empty(&desk->shelf);
    assert_int_equal(desk->shelf.bytes, 0);
    free(desk);
}

static void it_is_never_larger(void **state)
{
    struct desk *desk = calloc(1, sizeof *desk);
    char target[SHELF_ADDRESS_MAX + 8], longest[SHELF_ADDRESS_MAX + 8];
    size_t kept = 0, sum = 0, used = 0;

    (void)state;
    for (int i = 0; i < 4000; i++) {
        (void)snprintf(target, sizeof target, "/en/offer/%d", i);
        assert_false(ask_shelf(desk, target, 100)); /* another's page is not given to it */
        kept += is_kept(desk, target, i % 2 == 0 ? 20000 : 200000);
        assert_true(desk->shelf.bytes <= SHELF_BYTES);
    }
    assert_true(kept > 100);
    for (size_t i = 0; i < SHELF_PLACES; i++)
        if (desk->shelf.places[i].response != NULL)
            sum += desk->shelf.places[i].len;
    assert_int_equal(sum, desk->shelf.bytes);
    for (size_t i = 0; i < SHELF_PLACES; i++)
        used += desk->shelf.places[i].asked != 0;
    assert_true(used > SHELF_PLACES * 9 / 10); /* addresses that differ in a digit lie apart */
    version_now++;
    assert_false(is_kept(desk, "/en/huge", SHELF_BYTES + 1));
    memset(longest, 'x', sizeof longest);
    longest[0] = '/';
    longest[SHELF_ADDRESS_MAX - 2] = 0;
    assert_true(is_kept(desk, longest, 10));
    longest[SHELF_ADDRESS_MAX - 2] = 'x';
    longest[SHELF_ADDRESS_MAX - 1] = 0;
    assert_false(is_kept(desk, longest, 10));
    http_shelf_empty(&desk->shelf);
    free(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCENE(only_a_form_says_who_reads),
        cmocka_unit_test_setup_teardown(only_what_is_for_all_is_kept, open_counting, close_scene),
        cmocka_unit_test_setup_teardown(a_kept_page_is_the_page, open_counting, close_scene),
        IN_SCENE(the_next_visitor_sees_what_was_written),
        cmocka_unit_test(a_second_or_a_commit_clears_it),
        cmocka_unit_test(it_is_never_larger),
    };

    return cmocka_run_group_tests_name("http_public", tests, NULL, NULL);
}
