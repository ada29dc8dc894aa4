/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cm.h"

#include "base/no.h"
#include "base/time.h"
#include "wire/members_csv.h"

#include <string.h>

static struct arena arena;
static struct members_csv file;

static int start(void **state)
{
    (void)state;
    return arena_init(&arena, 8u << 20) ? 0 : 1;
}

static int stop(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void an_english_sheet_is_read(void **state)
{
    struct csv_wrong wrong;
    struct member_line member;

    (void)state;
    assert_int_equal(
        members_csv_open(&file, &arena,
                         S("E-mail,Name,Handle,Role,Language,Joined,Shares,City,Phone\n"
                           "nadia@example.org, Nadia  B. ,@nadia,facilitator,French,"
                           "2024-05-01,3,Lyon,+33 6 12\n"
                           "o'hara+x@mail.example.co.uk,\"O'Hara, Sam\",,,,,,,\n"),
                         &wrong),
        YES);
    assert_int_equal(members_csv_next(&file, &arena, &member, &wrong), YES);
    assert_int_equal(member.line, 2);
    assert_str(member.email, "nadia@example.org");
    assert_str(member.name, "Nadia B.");
    assert_str(member.handle, "nadia");
    assert_int_equal(member.role, MEMBER_LINE_FACILITATOR);
    assert_true(member.has_lang && member.has_joined && member.has_shares);
    assert_int_equal(member.lang, LANG_FR);
    assert_int_equal(member.joined_days, time_days(2024, 5, 1));
    assert_int_equal(member.shares, 3);
    assert_str(member.place, "Lyon");
    assert_str(member.phone, "+33 6 12");
    assert_int_equal(members_csv_next(&file, &arena, &member, &wrong), YES);
    assert_str(member.email, "o'hara+x@mail.example.co.uk");
    assert_str(member.name, "O'Hara, Sam");
    assert_int_equal(member.role, MEMBER_LINE_MEMBER);
    assert_false(member.has_lang || member.has_joined || member.has_shares);
    assert_int_equal(members_csv_next(&file, &arena, &member, &wrong), NO_NOT_FOUND);
}

static void a_french_sheet_is_read(void **state)
{
    struct csv_wrong wrong;
    struct member_line member;

    (void)state;
    assert_int_equal(members_csv_open(&file, &arena,
                                      S("\xef\xbb\xbf"
                                        "Nom;Prénom;Courriel;Rôle;Langue;Date d\u2019adhésion;"
                                        "Parts sociales;Ville\r\n"
                                        "Élie;Zoé;zoé@exämple.fr;Médiatrice;Français;01/05/2024;0;"
                                        "L'Arbresle\r\n"
                                        "Seul;;seul@exemple.fr;SOCIÉTAIRE;EN;;;\r\n"),
                                      &wrong),
                     YES);
    assert_int_equal(members_csv_next(&file, &arena, &member, &wrong), YES);
    assert_str(member.name, "Zoé Élie");
    assert_str(member.email, "zoé@exämple.fr");
    assert_int_equal(member.role, MEMBER_LINE_MEDIATOR);
    assert_int_equal(member.lang, LANG_FR);
    assert_int_equal(member.joined_days, time_days(2024, 5, 1));
    assert_true(member.has_shares);
    assert_int_equal(member.shares, 0);
    assert_str(member.place, "L'Arbresle");
    assert_int_equal(members_csv_next(&file, &arena, &member, &wrong), YES);
    assert_str(member.name, "Seul");
    assert_int_equal(member.role, MEMBER_LINE_MEMBER);
    assert_int_equal(member.lang, LANG_EN);
}

#define LONG_NAME                                                                                  \
    "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn" \
    "nnnn"                                                                                         \
    "nnnnnnnnnnnnnnnnnnnnnnnnn"

static void bad_lines_are_named(void **state)
{
    static const struct {
        const char *line, *field;
        no why;
    } cases[] = {
        {",n,,,,,", "email", NO_FIELD_MISSING},
        {"nobody,n,,,,,", "email", NO_FIELD_NOT_AN_EMAIL},
        {"@b.c,n,,,,,", "email", NO_FIELD_NOT_AN_EMAIL},
        {"a@,n,,,,,", "email", NO_FIELD_NOT_AN_EMAIL},
        {"a@b,n,,,,,", "email", NO_FIELD_NOT_AN_EMAIL},
        {"a@b@c.d,n,,,,,", "email", NO_FIELD_NOT_AN_EMAIL},
        {"a b@c.d,n,,,,,", "email", NO_FIELD_NOT_AN_EMAIL},
        {".a@c.d,n,,,,,", "email", NO_FIELD_NOT_AN_EMAIL},
        {"a.@c.d,n,,,,,", "email", NO_FIELD_NOT_AN_EMAIL},
        {"a..b@c.d,n,,,,,", "email", NO_FIELD_NOT_AN_EMAIL},
        {"a@.d,n,,,,,", "email", NO_FIELD_NOT_AN_EMAIL},
        {"a@c.,n,,,,,", "email", NO_FIELD_NOT_AN_EMAIL},
        {"a@-c.d,n,,,,,", "email", NO_FIELD_NOT_AN_EMAIL},
        {"a@c_x.d,n,,,,,", "email", NO_FIELD_NOT_AN_EMAIL},
        {"<a@c.d>,n,,,,,", "email", NO_FIELD_NOT_AN_EMAIL},
        {"\"a@c.d\nBcc: x@y.z\",n,,,,,", "email", NO_FIELD_NOT_AN_EMAIL},
        {"a\u202e@c.d,n,,,,,", "email", NO_FIELD_NOT_AN_EMAIL},
        {"a@c.d,,,,,,", "name", NO_FIELD_MISSING},
        {"a@c.d," LONG_NAME ",,,,,", "name", NO_FIELD_TOO_LONG},
        {"a@c.d,n,A,,,,", "handle", NO_FIELD_WRONG},
        {"a@c.d,n,a/b,,,,", "handle", NO_FIELD_WRONG},
        {"a@c.d,n,a,,,,", "handle", NO_FIELD_TOO_SHORT},
        {"a@c.d,n,@,,,,", "handle", NO_FIELD_TOO_SHORT},
        {"a@c.d,n,aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,,,,", "handle", NO_FIELD_TOO_LONG},
        {"a@c.d,n,,king,,,", "role", NO_FIELD_NOT_A_CHOICE},
        {"a@c.d,n,,,de,,", "language", NO_FIELD_NOT_A_CHOICE},
        {"a@c.d,n,,,,2024-02-30,", "joined", NO_FIELD_NOT_A_DATE},
        {"a@c.d,n,,,,30/02/2024,", "joined", NO_FIELD_NOT_A_DATE},
        {"a@c.d,n,,,,05/31/2024,", "joined", NO_FIELD_NOT_A_DATE},
        {"a@c.d,n,,,,1/1/24,", "joined", NO_FIELD_NOT_A_DATE},
        {"a@c.d,n,,,,/1/2024,", "joined", NO_FIELD_NOT_A_DATE},
        {"a@c.d,n,,,,yesterday,", "joined", NO_FIELD_NOT_A_DATE},
        {"a@c.d,n,,,,,-1", "shares", NO_FIELD_OUT_OF_RANGE},
        {"a@c.d,n,,,,,1.5", "shares", NO_FIELD_NOT_A_NUMBER},
        {"a@c.d,n,,,,,1000001", "shares", NO_FIELD_OUT_OF_RANGE},
        {"a@c.d,n,,,,,one", "shares", NO_FIELD_NOT_A_NUMBER},
        {"a@c.d,n", NULL, NO_FIELD_MISSING},
        {"a@c.d,n,,,,,,x", NULL, NO_FIELD_WRONG},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct csv_wrong wrong = {0};
        struct member_line member;
        struct buf text;

        buf_init(&text, &arena, 0);
        buf_put(&text, S("email,name,handle,role,language,joined,shares\n"));
        buf_put(&text, str_of(cases[i].line));
        buf_put(&text, S("\ngood@c.d,good,,,,,\n"));
        assert_int_equal(members_csv_open(&file, &arena, buf_str(&text), &wrong), YES);
        if (members_csv_next(&file, &arena, &member, &wrong) != NO_FILE_LINES_REFUSED ||
            wrong.why != cases[i].why || wrong.line != 2 ||
            !str_eq(str_of(wrong.field), str_of(cases[i].field)))
            fail_msg("%s: got %s in %s", cases[i].line, no_line(wrong.why)->name,
                     wrong.field == NULL ? "the line" : wrong.field);
        assert_int_equal(members_csv_next(&file, &arena, &member, &wrong), YES);
        assert_str(member.name, "good");
        assert_int_equal(members_csv_next(&file, &arena, &member, &wrong), NO_NOT_FOUND);
    }
}

static void addresses_have_a_length(void **state)
{
    struct csv_wrong wrong;
    struct member_line member;
    struct buf text;

    (void)state;
    for (size_t local = 64; local <= 65; local++) {
        buf_init(&text, &arena, 0);
        buf_put(&text, S("mail,nom\n"));
        for (size_t i = 0; i < local; i++)
            buf_put_char(&text, 'a');
        buf_put(&text, S("@c.d,n\n"));
        assert_int_equal(members_csv_open(&file, &arena, buf_str(&text), &wrong), YES);
        assert_int_equal(members_csv_next(&file, &arena, &member, &wrong),
                         local == 64 ? YES : NO_FILE_LINES_REFUSED);
    }
    buf_init(&text, &arena, 0);
    buf_put(&text, S("mail,nom\na@"));
    for (size_t i = 0; i < 127; i++)
        buf_put(&text, S("d."));
    buf_put(&text, S("d,n\n"));
    assert_int_equal(members_csv_open(&file, &arena, buf_str(&text), &wrong), YES);
    assert_int_equal(members_csv_next(&file, &arena, &member, &wrong), NO_FILE_LINES_REFUSED);
    assert_int_equal(wrong.why, NO_FIELD_TOO_LONG);
}

static void bad_files_are_refused(void **state)
{
    static const struct {
        const char *text, *field;
        no answer;
    } cases[] = {
        {"name,role\n", "email", NO_FILE_HEADER_UNKNOWN},
        {"email,role\n", "name", NO_FILE_HEADER_UNKNOWN},
        {"", NULL, NO_FILE_NOT_CSV},
        {"email,nom\xe9\n", NULL, NO_FILE_NOT_UTF8},
        {"email,name\na@b.c,\"cut\n", NULL, NO_FILE_CUT},
        {"email,name\na@b.c", NULL, NO_FILE_CUT},
        {"email,name\n\"a@b.c\"x,n\n", NULL, NO_FILE_NOT_CSV},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct csv_wrong wrong = {0};
        struct member_line member;
        no answer = members_csv_open(&file, &arena, str_of(cases[i].text), &wrong);

        if (answer == YES)
            answer = members_csv_next(&file, &arena, &member, &wrong);
        assert_int_equal(answer, cases[i].answer);
        assert_str(str_of(wrong.field), cases[i].field == NULL ? "" : cases[i].field);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_english_sheet_is_read), cmocka_unit_test(a_french_sheet_is_read),
        cmocka_unit_test(bad_lines_are_named),      cmocka_unit_test(addresses_have_a_length),
        cmocka_unit_test(bad_files_are_refused),
    };

    return cmocka_run_group_tests_name("members_csv", tests, start, stop);
}
