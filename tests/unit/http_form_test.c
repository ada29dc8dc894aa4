/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What is sent to the HTTP door: forms, tokens, uploads, and how often.
 */
#include "http_house.h"

/* --- forms ------------------------------------------------------------------------------------ */

static void forms_are_read(void **state)
{
    static const struct {
        const char *body;
        int status;
        const char *text;
    } cases[] = {
        {"a=1&b=&a=2", 200, "a=[1]\nb=[]\na=[2]\nsecond a=1"},
        {"a=%C3%A9+x%26", 200, "a=[\xc3\xa9 x&]\nsecond a=0"},
        {"a", 200, "a=[]\nsecond a=0"},
        {"a&b=1", 200, "a=[]\nb=[1]\nsecond a=0"},
        {"a=%ff", 400, "BAD_REQUEST"},
        {"a=%00", 400, "BAD_REQUEST"},
        {"a%00b=1", 400, "BAD_REQUEST"},
        {"a=1\nb=2", 400, "BAD_REQUEST"},
        {"a=1\n", 400, "BAD_REQUEST"},
        {"a=1 2", 400, "BAD_REQUEST"},
        {"=1", 400, "BAD_REQUEST"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct reply *reply = post(*state, "/free", FORM, str_of(cases[i].body));

        if (reply->status != cases[i].status)
            print_error("%s\n", cases[i].body);
        assert_int_equal(reply->status, cases[i].status);
        assert_str(reply->body, cases[i].text);
    }
}

static void forms_have_limits(void **state)
{
    char name[80] = "", many[4096] = "";

    memset(name, 'n', 65);
    assert_int_equal(post(*state, "/free", FORM, str_of(name))->status, 400);
    assert_int_equal(post(*state, "/free", FORM, str_sub(str_of(name), 0, 64))->status, 200);
    for (int i = 0; i < 256; i++)
        (void)strcat(many, "a=1&");
    assert_int_equal(post(*state, "/free", FORM, str_of(many))->status, 200);
    (void)strcat(many, "a=1");
    assert_int_equal(post(*state, "/free", FORM, str_of(many))->status, 413);
}

static void large_values_survive(void **state)
{
    const size_t size = (256 << 10) - 2;
    char *body = malloc(size + 2);
    const struct reply *reply;

    body[0] = 'a';
    body[1] = '=';
    for (size_t i = 0; i < size; i++)
        body[2 + i] = (char)('a' + i % 23);
    reply = post(*state, "/inbox", "Content-Type: application/json\r\n", (str){body, size + 2});
    assert_int_equal(reply->status, 200);
    assert_true(str_eq(reply->body, (str){body, size + 2}));
    reply = post(*state, "/free", FORM, (str){body, 3002});
    assert_int_equal(reply->status, 200);
    /* buf_printf of the house below writes the whole value: a=[...] and a line about a second. */
    assert_true(str_eq(str_sub(reply->body, 3, 3000), (str){body + 2, 3000}));
    assert_str(str_sub(reply->body, 3003, 99), "]\nsecond a=0");
    free(body);
}

static void too_much_is_refused(void **state)
{
    struct house *house = *state;
    const int fd = client_open(house->port);

    (void)client_send(
        fd, S("POST /free HTTP/1.1\r\nHost: a\r\n" FORM "Content-Length: 262145\r\n\r\n"));
    client_read(fd, &house->reply);
    assert_int_equal(house->reply.status, 413);
    assert_true(client_is_closed(fd));
    (void)close(fd);
}

/* --- tokens ----------------------------------------------------------------------------------- */

static const struct reply *post_with(struct house *house, const char *headers, str token)
{
    char body[256], lines[1024];

    (void)snprintf(body, sizeof body, "csrf=%.*s&a=1", (int)token.len, token.ptr);
    (void)snprintf(lines, sizeof lines, FORM "%s", headers);
    return post(house, "/echo", lines, str_of(body));
}

static void forms_need_a_token(void **state)
{
    char token[128] = "", visitor[128] = "", cookie[256], stranger[512];
    const struct reply *reply = get(*state, "/form", "Cookie: session=ada\r\n");

    assert_int_equal(reply->body.len, 86);
    memcpy(token, reply->body.ptr, 86);
    assert_int_equal(post_with(*state, "Cookie: session=ada\r\n", str_of(token))->status, 200);
    assert_int_equal(post_with(*state, "Cookie: session=ada\r\n", S("wrong"))->status, 403);
    assert_int_equal(post(*state, "/echo", "Cookie: session=ada\r\n" FORM, S("a=1"))->status, 403);
    assert_int_equal(post_with(*state, "", str_of(token))->status, 403);

    reply = get(*state, "/form", "");
    memcpy(visitor, reply->body.ptr, 86);
    const str set = reply_header(reply, "Set-Cookie");

    assert_true(str_starts(set, S("csrf=")) &&
                str_ends(set, S("; Path=/; HttpOnly; SameSite=Lax")));
    (void)snprintf(cookie, sizeof cookie, "Cookie: %.*s\r\n", 48, set.ptr);
    (void)snprintf(stranger, sizeof stranger, "%sSec-Fetch-Site: cross-site\r\n", cookie);
    assert_int_equal(post_with(*state, cookie, str_of(visitor))->status, 200);
    assert_int_equal(post_with(*state, "", str_of(visitor))->status, 403);
    assert_int_equal(post_with(*state, stranger, str_of(visitor))->status, 403);
    (void)snprintf(stranger, sizeof stranger, "%sOrigin: https://evil.example\r\n", cookie);
    assert_int_equal(post_with(*state, stranger, str_of(visitor))->status, 403);
    (void)snprintf(stranger, sizeof stranger, "%sOrigin: https://coop.example\r\n", cookie);
    assert_int_equal(post_with(*state, stranger, str_of(visitor))->status, 200);
    visitor[85] = visitor[85] == 'A' ? 'E' : 'A';
    visitor[40] = visitor[40] == 'A' ? 'E' : 'A';
    assert_int_equal(post_with(*state, cookie, str_of(visitor))->status, 403);
}

/* --- uploads ---------------------------------------------------------------------------------- */

#define PARTS "Content-Type: multipart/form-data; boundary=----cut\r\nCookie: session=ada\r\n"

static void files_are_received(void **state)
{
    const size_t size = 3 << 20;
    struct buf body, wanted;
    struct arena arena;
    uint64_t seed = 7;

    assert_true(arena_init(&arena, 64 << 20));
    buf_init(&body, &arena, 0);
    buf_init(&wanted, &arena, 0);
    buf_put(
        &body,
        S("------cut\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nRoof \xc3\xa9\r\n"));
    for (int i = 0; i < 2; i++) {
        char *bytes = arena_take(&arena, size);

        for (size_t j = 0; j < size; j++)
            bytes[j] = (char)(j % 97 == 0 ? '\r' : j % 97 == 1 ? '\n' : (char)chance_next(&seed));
        buf_put(&body, S("------cut\r\nContent-Disposition: form-data; name=\"photo\"; "
                         "filename=\"C:\\a/b\\roof.jpg\""
                         "\r\nContent-Type: image/jpeg\r\n\r\n"));
        buf_put_bytes(&body, bytes, size - (size_t)i);
        buf_put(&body, S("\r\n"));
        buf_printf(&wanted, "roof.jpg image/jpeg %zu %lu\n", size - (size_t)i,
                   crc32(0, (const Bytef *)bytes, (uInt)(size - (size_t)i)));
    }
    buf_put(&body,
            S("------cut\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"\"\r\n"
              "Content-Type: application/octet-stream\r\n\r\n\r\n------cut--\r\n"));
    buf_put(&wanted, S("title=Roof \xc3\xa9"));
    assert_false(buf_failed(&body));

    const struct reply *reply = post(*state, "/photos", PARTS, buf_str(&body));

    assert_int_equal(reply->status, 200);
    assert_true(str_eq(reply->body, buf_str(&wanted)));
    arena_release(&arena);
}

static int post_file_of(struct house *house, size_t size)
{
    static const str start = BYTES(
        "------cut\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a\"\r\n\r\n");
    static const str end = BYTES("\r\n------cut--\r\n");
    char *body = calloc(1, start.len + size + end.len);
    int status;

    memcpy(body, start.ptr, start.len);
    memcpy(body + start.len + size, end.ptr, end.len);
    status = post(house, "/photos", PARTS, (str){body, start.len + size + end.len})->status;
    free(body);
    return status;
}

static void uploads_have_limits(void **state)
{
    struct house *house = *state;
    static const char cut[] =
        "------cut\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a\"\r\n\r\nx\r\n";
    char nine[2048] = "";
    int fd;

    for (int i = 0; i < 9; i++)
        (void)strcat(nine, cut);
    (void)strcat(nine, "------cut--\r\n");
    assert_int_equal(post(house, "/photos", PARTS, str_of(nine))->status, 413);
    assert_int_equal(post(house, "/free", PARTS, str_of(nine))->status, 400);
    /* A zero byte in a field, and one byte more than a file may have. */
    assert_int_equal(post(house, "/photos", PARTS,
                          S("------cut\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"
                            "x\0y\r\n------cut--\r\n"))
                         ->status,
                     400);
    assert_int_equal(post_file_of(house, HTTP_FILE_MAX), 200);
    assert_int_equal(post_file_of(house, HTTP_FILE_MAX + 1), 413);
    /* A part that is never closed. */
    assert_int_equal(post(house, "/photos", PARTS,
                          S("------cut\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx"))
                         ->status,
                     400);
    /* A visitor may send no more than a form. */
    fd = client_open(house->port);
    (void)client_send(
        fd,
        S("POST /photos HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=x\r\n"
          "Content-Length: 262145\r\n\r\n"));
    client_read(fd, &house->reply);
    assert_int_equal(house->reply.status, 413);
    (void)close(fd);
}

/* --- rate ------------------------------------------------------------------------------------- */

static void who_asks_too_often_waits(void **state)
{
    struct house *house = *state;

    for (int i = 0; i < 10; i++)
        assert_int_equal(post(house, "/sign-in", FORM, S("a=1"))->status, 200);
    assert_int_equal(post(house, "/sign-in", FORM, S("a=1"))->status, 429);
    assert_true(reply_header(&house->reply, "Retry-After").len > 0);
    /* Another address, and another class, are not concerned. */
    assert_int_equal(
        post(house, "/sign-in", "X-Forwarded-For: 192.0.2.1\r\n" FORM, S("a=1"))->status, 200);
    assert_int_equal(get(house, "/", "")->status, 200);
}

static int open_strict_house(void **state)
{
    *state = house_open((struct http_config){.front_trusted = true});
    return 0;
}

/* --- behind TLS ------------------------------------------------------------------------------- */

static int open_secure_house(void **state)
{
    *state = house_open(
        (struct http_config){.rate_off = true, .secure = true, .origin = "https://coop.example"});
    return 0;
}

static void behind_tls_cookies_are_bound_to_the_host(void **state)
{
    char token[128] = "", cookie[256], lines[512];
    const struct reply *reply = get(*state, "/form", "");
    const str set = reply_header(reply, "Set-Cookie");

    memcpy(token, reply->body.ptr, 86);
    assert_true(str_starts(set, S("__Host-csrf=")) &&
                str_ends(set, S("; Path=/; HttpOnly; SameSite=Lax; Secure")));
    assert_true(reply_header(reply, "Strict-Transport-Security").len > 0);
    (void)snprintf(cookie, sizeof cookie, "Cookie: %.*s\r\n", 55, set.ptr);
    assert_int_equal(post_with(*state, cookie, str_of(token))->status, 200);
    /* A cookie that a neighbour could have set does not count. */
    (void)snprintf(lines, sizeof lines, "Cookie: %.*s\r\n", 48, cookie + 8 + 7);
    assert_int_equal(post_with(*state, lines, str_of(token))->status, 403);
    (void)snprintf(lines, sizeof lines, "%sOrigin: http://coop.example\r\n", cookie);
    assert_int_equal(post_with(*state, lines, str_of(token))->status, 403);
    (void)snprintf(lines, sizeof lines, "%sX-Forwarded-For: 192.0.2.1\r\n", cookie);
    assert_str(get(*state, "/address", lines)->body, "address=127.0.0.1 lang=0 path=/address");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_HOUSE(forms_are_read),
        IN_HOUSE(forms_have_limits),
        IN_HOUSE(large_values_survive),
        IN_HOUSE(too_much_is_refused),
        IN_HOUSE(forms_need_a_token),
        IN_HOUSE(files_are_received),
        IN_HOUSE(uploads_have_limits),
        cmocka_unit_test_setup_teardown(behind_tls_cookies_are_bound_to_the_host, open_secure_house,
                                        close_house),
        cmocka_unit_test_setup_teardown(who_asks_too_often_waits, open_strict_house, close_house),
    };

    return cmocka_run_group_tests_name("http_form", tests, NULL, NULL);
}
