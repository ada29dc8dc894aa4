/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The HTTP door from outside: routes, languages, who may, headers, caches, compression.
 */
#include "http_house.h"

/* --- routes ----------------------------------------------------------------------------------- */

static void routes_match(void **state)
{
    static const struct {
        const char *path;
        int status;
        const char *body;
    } cases[] = {
        {"/", 200, "home= lang=0 path=/"},
        {"/?q=%C3%A9t%C3%A9+1", 200, "home=\xc3\xa9t\xc3\xa9 1 lang=0 path=/"},
        {"/fr", 200, "home= lang=1 path=/"},
        {"/fr/?q=a", 200, "home=a lang=1 path=/"},
        {"/en/offer/12", 200, "offer=12 lang=0 path=/offer/12"},
        {"/offer/new", 200, "new= lang=0 path=/offer/new"},
        {"/offer/0", 404, "NOT_FOUND"},
        {"/offer/007", 404, "NOT_FOUND"},
        {"/offer/1/2", 404, "NOT_FOUND"},
        {"/offer/", 404, "NOT_FOUND"},
        {"/@ada", 200, "name=ada lang=0 path=/@ada"},
        {"/%40ada%20b", 200, "name=ada b lang=0 path=/@ada b"},
        {"/@", 404, "NOT_FOUND"},
        {"/@a%2Fb", 200, "name=a/b lang=0 path=/@a/b"},
        {"/events/9.ics", 200, "ics=9 lang=0 path=/events/9.ics"},
        {"/events/.ics", 404, "NOT_FOUND"},
        {"/tile/0/x001/067", 200, "rest=0/x001/067 lang=0 path=/tile/0/x001/067"},
        {"/tile/", 404, "NOT_FOUND"},
        {"/tile/../x", 400, "BAD_REQUEST"},
        {"/tile/%2e%2e/x", 400, "BAD_REQUEST"},
        {"/tile/%zz", 400, "BAD_REQUEST"},
        {"/tile/%ff", 400, "BAD_REQUEST"},
        {"/?q=%ff", 400, "BAD_REQUEST"},
        {"/?q=a%00b", 400, "BAD_REQUEST"},
        {"/?a%00b=1", 400, "BAD_REQUEST"},
        {"/gone", 410, "GONE"},
        {"/friends", 404, "NOT_FOUND"},
        {"/echo", 405, "NOT_ALLOWED"},
        {"/full", 500, "OUT_OF_MEMORY"},
        {"/a/000000000000/none.css", 404, "NOT_FOUND"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct reply *reply = get(*state, cases[i].path, "");

        if (reply->status != cases[i].status)
            print_error("%s\n", cases[i].path);
        assert_int_equal(reply->status, cases[i].status);
        assert_str(reply->body, cases[i].body);
    }
}

static void languages_are_chosen(void **state)
{
    assert_str(get(*state, "/", "Accept-Language: fr-CA,en;q=0.8\r\n")->body,
               "home= lang=1 path=/");
    assert_str(get(*state, "/", "Accept-Language: de, fr;q=0.2, en;q=0.3\r\n")->body,
               "home= lang=0 path=/");
    assert_str(get(*state, "/", "Cookie: x=y; lang=fr\r\nAccept-Language: en\r\n")->body,
               "home= lang=1 path=/");
    assert_str(get(*state, "/en", "Cookie: lang=fr\r\n")->body, "home= lang=0 path=/");
}

static void redirects_keep_the_language(void **state)
{
    assert_int_equal(get(*state, "/go", "")->status, 303);
    assert_str(reply_header(&((struct house *)*state)->reply, "Location"), "/orders/12");
    assert_str(reply_header(get(*state, "/fr/go", ""), "Location"), "/fr/orders/12");
}

static void who_may(void **state)
{
    assert_int_equal(get(*state, "/member", "")->status, 401);
    assert_int_equal(get(*state, "/signed", "")->status, 401);
    assert_int_equal(get(*state, "/member", "Cookie: session=gil\r\n")->status, 403);
    assert_int_equal(get(*state, "/signed", "Cookie: session=gil\r\n")->status, 200);
    assert_int_equal(get(*state, "/member", "Cookie: session=ada\r\n")->status, 200);
}

static void the_front_names_the_client(void **state)
{
    assert_str(get(*state, "/address", "")->body, "address=127.0.0.1 lang=0 path=/address");
    assert_str(get(*state, "/address", "X-Forwarded-For: 6.6.6.6, 192.0.2.7\r\n")->body,
               "address=192.0.2.7 lang=0 path=/address");
}

/* --- headers, caches, compression ------------------------------------------------------------- */

static void every_answer_is_guarded(void **state)
{
    static const char *const paths[] = {"/", "/nothing", "/tag", "/robots.txt"};

    for (size_t i = 0; i < 4; i++) {
        const struct reply *reply = get(*state, paths[i], "");

        assert_str(
            reply_header(reply, "Content-Security-Policy"),
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src "
            "'self'; "
            "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
            "require-trusted-types-for 'script'; trusted-types 'none'");
        assert_str(reply_header(reply, "X-Content-Type-Options"), "nosniff");
        assert_str(reply_header(reply, "Referrer-Policy"), "same-origin");
        assert_str(reply_header(reply, "Cross-Origin-Opener-Policy"), "same-origin");
        assert_true(reply_header(reply, "Permissions-Policy").len > 0);
    }
    assert_str(reply_header(get(*state, "/signed", "Cookie: session=gil\r\n"), "Cache-Control"),
               "private, no-store");
    assert_str(reply_header(get(*state, "/", ""), "Cache-Control"), "no-cache");
}

static void known_bytes_are_not_sent_again(void **state)
{
    const struct reply *reply = get(*state, "/tag", "");

    assert_int_equal(reply->status, 200);
    assert_str(reply_header(reply, "ETag"), "\"abc123\"");
    assert_str(reply_header(reply, "Cache-Control"), "public, max-age=60");
    reply = get(*state, "/tag", "If-None-Match: \"x\", \"abc123\"\r\n");
    assert_int_equal(reply->status, 304);
    assert_int_equal(reply->body.len, 0);
    assert_int_equal(get(*state, "/tag", "If-None-Match: \"abc1234\"\r\n")->status, 200);
}

static void pages_are_compressed(void **state)
{
    static const char *const paths[] = {"/page", "/later"};

    for (size_t i = 0; i < 2; i++) {
        static Bytef page[64 << 10];
        z_stream stream = {0};
        const struct reply *reply = get(*state, paths[i], "Accept-Encoding: br, gzip;q=0.5\r\n");

        assert_str(reply_header(reply, "Content-Encoding"), "gzip");
        assert_true(reply->body.len < 4096);
        assert_int_equal(inflateInit2(&stream, 31), Z_OK);
        stream.next_in = (Bytef *)((struct house *)*state)->reply.bytes + reply->head.len + 2;
        stream.avail_in = (uInt)reply->body.len;
        stream.next_out = page;
        stream.avail_out = sizeof page;
        assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
        assert_int_equal(stream.total_out, 33000);
        (void)inflateEnd(&stream);
        assert_int_equal(get(*state, paths[i], "Accept-Encoding: gzip;q=0\r\n")->body.len, 33000);
        assert_int_equal(get(*state, paths[i], "")->body.len, 33000);
    }
    assert_true(
        reply_header(get(*state, "/", "Accept-Encoding: gzip\r\n"), "Content-Encoding").ptr ==
        NULL);
}

static void head_sends_no_body(void **state)
{
    struct house *house = *state;
    const int fd = client_open(house->port);

    (void)client_send(fd, S("HEAD /page HTTP/1.1\r\nHost: a\r\n\r\n"));
    client_read_one(fd, &house->reply, true);
    assert_int_equal(house->reply.status, 200);
    assert_str(reply_header(&house->reply, "Content-Length"), "33000");
    (void)client_send(fd, S("GET /tag HTTP/1.1\r\nHost: a\r\n\r\n"));
    client_read(fd, &house->reply);
    assert_str(house->reply.body, "tile");
    (void)close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_HOUSE(routes_match),
        IN_HOUSE(languages_are_chosen),
        IN_HOUSE(redirects_keep_the_language),
        IN_HOUSE(who_may),
        IN_HOUSE(the_front_names_the_client),
        IN_HOUSE(every_answer_is_guarded),
        IN_HOUSE(known_bytes_are_not_sent_again),
        IN_HOUSE(pages_are_compressed),
        IN_HOUSE(head_sends_no_body),
    };

    return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
