/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "wire/mail.h"

#include "cm.h"

#include <string.h>

static char memory[1 << 16];

static struct buf fresh(struct arena *arena)
{
    struct buf out;

    arena_init_on(arena, memory, sizeof memory);
    buf_init(&out, arena, 4096);
    return out;
}

static const struct mail plain = {.from_name = {"La Traboule", 11},
                                  .from = {"bonjour@example.org", 19},
                                  .to = {"amina@example.org", 17},
                                  .subject = {"Hello", 5},
                                  .id = {"1.2@example.org", 15},
                                  .at_ns = INT64_C(1763900000) * 1000000000,
                                  .lang = {"en", 2},
                                  .body = {"Good day.\n", 10}};

static void writes_a_whole_letter(void **state)
{
    struct arena arena;
    struct buf out = fresh(&arena);

    (void)state;
    assert_int_equal(mail_write(&out, &plain), YES);
    assert_str(buf_str(&out), "Date: Sun, 23 Nov 2025 12:13:20 +0000\r\n"
                              "From: La Traboule\r\n <bonjour@example.org>\r\n"
                              "To: <amina@example.org>\r\n"
                              "Subject: Hello\r\n"
                              "Message-ID: <1.2@example.org>\r\n"
                              "Content-Language: en\r\n"
                              "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                              "Content-Type: text/plain; charset=utf-8\r\n"
                              "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
                              "Good day.\r\n\r\n");
}

static void names_where_to_unsubscribe(void **state)
{
    struct mail mail = plain;
    struct arena arena;
    struct buf out = fresh(&arena);

    (void)state;
    mail.unsubscribe = S("https://coop.example/fr/letters/off/1-1-ab");
    assert_int_equal(mail_write(&out, &mail), YES);
    assert_true(str_find(buf_str(&out),
                         S("List-Unsubscribe: <https://coop.example/fr/letters/off/1-1-ab>\r\n"
                           "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n")) < out.len);
}

/* Whatever people typed, no header begins that we did not write, and no line passes 998 bytes (RFC
 * 5322 2.1.1). */
static void no_header_can_be_smuggled_in(void **state)
{
    static const struct {
        const char *value;
        no why;
    } cases[] = {{"a\r\nBcc: all@example.org", NO_FIELD_CONTROL_CHARS},
                 {"a\nBcc: all@example.org", NO_FIELD_CONTROL_CHARS},
                 {"a\rBcc: x", NO_FIELD_CONTROL_CHARS},
                 {"a\x7f", NO_FIELD_CONTROL_CHARS},
                 {"a\tb", NO_FIELD_CONTROL_CHARS},
                 {"bad \xff bytes", NO_FIELD_NOT_UTF8},
                 {"=?utf-8?q?x=0D=0ABcc:_y?=", YES}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct mail mail = plain;
        struct arena arena;
        struct buf out = fresh(&arena);

        mail.subject = str_of(cases[i].value);
        assert_int_equal(mail_write(&out, &mail), cases[i].why);
        if (cases[i].why != YES)
            assert_int_equal(out.len, 0);
        else /* looks like an encoded word: encoded once more, so that it is read as typed */
            assert_true(str_find(buf_str(&out), S("Subject: =?UTF-8?B?PT91dGYtOD9xP3g9")) <
                        out.len);
        out = fresh(&arena);
        mail = plain;
        mail.from_name = str_of(cases[i].value);
        assert_int_equal(mail_write(&out, &mail), cases[i].why);
    }
}

static void refuses_addresses_that_are_none(void **state)
{
    static const char *const bad[] = {
        "",          "a",        "@",     "a@",    "@b",         "a b@c", "a@b@c",  "a@b>\r\nX: y",
        "\"a b\"@c", "a@b, d@e", "<a@b>", "a@b\n", "\xc3\xa9@b", "a;b@c", "a(x)@b", "a@[1.2.3.4]",
        "a@b\\c",    "a:b@c"};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct mail mail = plain;
        struct arena arena;
        struct buf out = fresh(&arena);

        mail.to = str_of(bad[i]);
        assert_int_equal(mail_write(&out, &mail), NO_FIELD_NOT_AN_EMAIL);
        mail = plain;
        mail.from = str_of(bad[i]);
        assert_int_equal(mail_write(&out, &mail), NO_FIELD_NOT_AN_EMAIL);
        assert_int_equal(out.len, 0);
    }
    assert_true(mail_address_good(S("a.b+c@d-e.example")));
    assert_false(mail_address_good((str){memory, MAIL_ADDRESS_MAX + 1}));
}

static void encodes_words_without_cutting_a_character(void **state)
{
    struct arena arena;
    struct buf out = fresh(&arena);

    (void)state;
    mail_put_words(&out, S("Médiation"), 9);
    assert_str(buf_str(&out), "=?UTF-8?B?TcOpZGlhdGlvbg==?=");
    out = fresh(&arena);
    /* 30 characters of 2 bytes and one of 1 before: every cut falls on an even byte or not at all.
     */
    mail_put_words(
        &out,
        S("x\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3"
          "\xa9"
          "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"
          "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"),
        9);
    str first, rest;

    assert_true(str_cut(buf_str(&out), '\n', &first, &rest));
    assert_true(first.len + 9 <= 77 && rest.len <= 76);
    assert_true(str_ends(first, S("=?=\r")));
    /* 36 bytes would cut a character, so 35 are taken: 48 digits, one sign of padding. */
    assert_int_equal(first.len, 10 + 48 + 2 + 1);
}

static void folds_a_long_plain_subject(void **state)
{
    char subject[301];
    struct mail mail = plain;
    struct arena arena;
    struct buf out = fresh(&arena);
    str line, rest;

    (void)state;
    memset(subject, 'x', 300);
    mail.subject = (str){subject, 300};
    assert_int_equal(mail_write(&out, &mail), YES);
    for (rest = buf_str(&out); rest.len > 0;) {
        (void)str_cut(rest, '\n', &line, &rest);
        assert_true(line.len <= 78 + 1);
    }
}

static void quotes_bodies(void **state)
{
    static const struct {
        const char *text, *wanted;
    } cases[] = {{"a=b", "a=3Db"},
                 {"\xc3\xa9t\xc3\xa9\n", "=C3=A9t=C3=A9\r\n"},
                 {"end \nnext", "end=20\r\nnext"},
                 {"tab\t", "tab=09"},
                 {"a\r\nb", "a=0D\r\nb"},
                 {".\n", ".\r\n"}};
    struct arena arena;
    struct buf out;
    char line[200];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        out = fresh(&arena);
        mail_put_quoted(&out, str_of(cases[i].text));
        assert_str(buf_str(&out), cases[i].wanted);
    }
    out = fresh(&arena);
    memset(line, 'y', sizeof line);
    mail_put_quoted(&out, (str){line, sizeof line});
    assert_int_equal(str_find(buf_str(&out), S("=\r\n")), 75);
    assert_int_equal(out.len, 200 + 2 * 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_a_whole_letter),
        cmocka_unit_test(names_where_to_unsubscribe),
        cmocka_unit_test(no_header_can_be_smuggled_in),
        cmocka_unit_test(refuses_addresses_that_are_none),
        cmocka_unit_test(encodes_words_without_cutting_a_character),
        cmocka_unit_test(folds_a_long_plain_subject),
        cmocka_unit_test(quotes_bodies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
