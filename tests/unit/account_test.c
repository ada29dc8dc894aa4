/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * One's own account: what changes how one signs in, notices, roles, leaving.
 */
#include "account_scene.h"

#include "deeds/audit.h"
#include "store/sql_ledger.h"
#include "store/sql_people.h"

/* --- the account -------------------------------------------------------------------------------
 */

static void sign_in_changes_only_in_a_fresh_session(void **state)
{
    struct scene *scene = *state;
    const str cookie = sign_in(scene, scene->test.amina, NULL);
    struct ctx *ctx;

    later(scene, 31 * minute_ns);
    ctx = as(scene, scene->test.amina, ROLE_MEMBER);
    assert_int_equal(session_is_fresh(ctx, cookie), NO_SIGN_IN_AGAIN);
    assert_int_equal(
        deed_account_password(ctx, &(struct account_password){cookie, S("another long one")}),
        NO_SIGN_IN_AGAIN);
    assert_int_equal(deed_account_totp(ctx, &(struct account_totp){.cookie = cookie, .off = true}),
                     NO_SIGN_IN_AGAIN);
    assert_int_equal(deed_account_email(ctx, &(struct account_email){cookie, S("new@example.org")}),
                     NO_SIGN_IN_AGAIN);
    assert_int_equal(deed_account_leave(ctx, &(struct account_leave){cookie, S("")}),
                     NO_SIGN_IN_AGAIN);
    /* and not with somebody else's cookie */
    const str other = sign_in(scene, scene->test.bruno, NULL);

    ctx = as(scene, scene->test.amina, ROLE_MEMBER);
    assert_int_equal(session_is_fresh(ctx, other), NO_SIGN_IN_AGAIN);
}

static void a_new_password_ends_other_sessions(void **state)
{
    struct scene *scene = *state;
    const str here = sign_in(scene, scene->test.amina, NULL),
              there = sign_in(scene, scene->test.amina, NULL);
    struct account_password form = {here, S("short")};
    int64_t member;

    assert_int_equal(deed_account_password(as(scene, scene->test.amina, 0), &form), NO_BAD_FIELDS);
    assert_int_equal(scene->ctx.wrongs[0].why, NO_FIELD_TOO_SHORT);
    form.password = S("four words in mind");
    assert_int_equal(deed_account_password(as(scene, scene->test.amina, 0), &form), YES);
    assert_int_equal(who(scene, there, &member), NO_NOT_SIGNED_IN);
    assert_int_equal(who(scene, here, &member), YES);
    assert_int_equal(last_letter(scene).arg, LETTER_SECURITY_PASSWORD);
    assert_int_equal(try_password(scene, "amina@example.org", "four words in mind", "n", NULL),
                     YES);
    assert_int_equal(try_password(scene, "amina@example.org", "correct horse", "n", NULL),
                     NO_SIGN_IN_WRONG);
}

static void an_address_changes_when_its_letter_is_read(void **state)
{
    struct scene *scene = *state;
    const str cookie = sign_in(scene, scene->test.amina, NULL);
    struct account_email form = {cookie, S("Amina@New.example")};
    struct account account;

    assert_int_equal(deed_account_email(as(scene, scene->test.amina, 0), &form), YES);
    const struct sql_letter letter = last_letter(scene);

    assert_int_equal(letter.kind, LETTER_NEW_EMAIL);
    assert_str(letter.email, "Amina@New.example");
    assert_int_equal(view_account(as(scene, scene->test.amina, 0), &account), YES);
    assert_str(account.email, "amina@example.org");
    assert_int_equal(deed_account_email_confirm(as(scene, 0, 0), letter.secret), YES);
    assert_int_equal(view_account(as(scene, scene->test.amina, 0), &account), YES);
    assert_str(account.email, "Amina@New.example");
    assert_str(last_letter(scene).email, "amina@example.org"); /* the old one is told */
    assert_int_equal(try_password(scene, "amina@new.example", "correct horse", "n", NULL), YES);
    /* an address that somebody has gets no letter and no telling answer */
    struct sql_letter *list;
    const size_t before = letters(scene, &list);

    form.email = S("bruno@example.org");
    assert_int_equal(deed_account_email(as(scene, scene->test.amina, 0), &form), YES);
    assert_int_equal(letters(scene, &list), before);
}

static void a_profile_keeps_what_is_fit(void **state)
{
    struct scene *scene = *state;
    struct account account;
    const struct account_profile good = {.name = S("  Amina \t Kaci "),
                                         .trade = S("courier"),
                                         .bio = S("Two\nlines"),
                                         .place = S("Lyon"),
                                         .iban = S("fr14 2004 1010 0505 0001 3m02 606"),
                                         .bic = S("")};
    char text[8200];

    assert_int_equal(deed_account_profile(as(scene, scene->test.amina, 0), &good), YES);
    assert_int_equal(view_account(as(scene, scene->test.amina, 0), &account), YES);
    assert_str(account.name, "Amina Kaci");
    assert_str(account.iban, "FR1420041010050500013M02606");
    memset(text, 'a', sizeof text);
    const struct {
        struct account_profile form;
        const char *field;
        no why;
    } bad[] = {
        {{.name = S(" ")}, "name", NO_FIELD_MISSING},
        {{.name = {text, 81}}, "name", NO_FIELD_TOO_LONG},
        {{.name = S("a\xe2\x80\xae b")}, "name", NO_FIELD_CONTROL_CHARS},
        {{.name = S("A"), .trade = {text, 121}}, "trade", NO_FIELD_TOO_LONG},
        {{.name = S("A"), .place = {text, 121}}, "place", NO_FIELD_TOO_LONG},
        {{.name = S("A"), .bio = {text, 2001}}, "bio", NO_FIELD_TOO_LONG},
        {{.name = S("A"), .bio = S("x\x01")}, "bio", NO_FIELD_CONTROL_CHARS},
        {{.name = S("A"), .bio = S("\xff")}, "bio", NO_FIELD_NOT_UTF8},
        {{.name = S("A"), .iban = S("FR1420041010050500013M02607")}, "iban", NO_FIELD_NOT_AN_IBAN},
        {{.name = S("A"), .bic = S("nope")}, "bic", NO_FIELD_WRONG},
    };

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(deed_account_profile(as(scene, scene->test.amina, 0), &bad[i].form),
                         NO_BAD_FIELDS);
        assert_string_equal(scene->ctx.wrongs[0].field, bad[i].field);
        assert_int_equal(scene->ctx.wrongs[0].why, bad[i].why);
    }
    assert_int_equal(deed_account_profile(as(scene, 0, 0), &good), NO_NOT_SIGNED_IN);
    assert_int_equal(view_account(as(scene, scene->test.amina, 0), &account), YES);
    assert_str(account.name, "Amina Kaci");
}

static void notices_are_switched_off_from_the_letter(void **state)
{
    struct scene *scene = *state;
    struct account account;
    struct buf token;

    buf_init(&token, &scene->test.arena, 64);
    letter_off_put(as(scene, 0, 0), &token, &(struct letter_off){scene->test.amina, NOTICE_ORDERS});
    assert_int_equal(deed_letter_off(as(scene, 0, 0), buf_str(&token)), YES);
    assert_int_equal(view_account(as(scene, scene->test.amina, 0), &account), YES);
    assert_int_equal(account.notices & NOTICE_ORDERS, 0);
    assert_int_equal(account.notices & NOTICE_MESSAGES, NOTICE_MESSAGES);
    token.ptr[0] = '2';
    assert_int_equal(deed_letter_off(as(scene, 0, 0), buf_str(&token)), NO_NOT_FOUND);
    assert_int_equal(deed_letter_off(as(scene, 0, 0), S("1-1-")), NO_NOT_FOUND);
    assert_int_equal(deed_account_notices(as(scene, scene->test.amina, 0), 1023), YES);
    assert_int_equal(view_account(as(scene, scene->test.amina, 0), &account), YES);
    assert_int_equal(account.notices, NOTICES_ALL);
}

static void the_console_gives_roles_and_links(void **state)
{
    struct scene *scene = *state;
    struct sql_member amina;
    struct ctx *ctx = as(scene, 0, 0);

    assert_int_equal(sql_member_get(ctx->db, ctx->arena, scene->test.amina, &amina), YES);
    struct account_roles form = {.handle = amina.handle, .add = ROLE_AUDITOR};

    assert_int_equal(deed_account_roles(as(scene, scene->test.bruno, ROLE_MEMBER), &form),
                     NO_NOT_ALLOWED);
    as(scene, 0, 0)->actor.console = true;
    assert_int_equal(deed_account_roles(ctx, &form), YES);
    assert_true((form.roles & ROLE_AUDITOR) != 0);
    form = (struct account_roles){.handle = amina.handle, .add = ROLE_MEMBER};
    assert_int_equal(deed_account_roles(ctx, &form), NO_NOT_ALLOWED);
    form = (struct account_roles){.handle = amina.handle, .take = ROLE_FACILITATOR};
    assert_int_equal(deed_account_roles(ctx, &form), NO_LAST_FACILITATOR);
    form = (struct account_roles){.handle = S("nobody"), .add = ROLE_AUDITOR};
    assert_int_equal(deed_account_roles(ctx, &form), NO_NOT_FOUND);

    struct sign_in_console console = {.handle = amina.handle};
    struct sign_in_link link = {.token = {console.token, sizeof console.token}};

    assert_int_equal(deed_sign_in_console(ctx, &console), YES);
    assert_int_equal(deed_sign_in_link(as(scene, 0, 0), &link), YES);
    assert_int_equal(link.member, scene->test.amina);
    assert_int_equal(deed_sign_in_console(as(scene, scene->test.amina, ROLE_FACILITATOR), &console),
                     NO_NOT_ALLOWED);

    const struct member_line *lines;
    size_t n;

    assert_int_equal(view_member_list(as(scene, 0, 0), 0, 10, &lines, &n), NO_NOT_ALLOWED);
    assert_int_equal(view_member_list(as(scene, 1, ROLE_FACILITATOR), 1, 10, &lines, &n), YES);
    assert_int_equal(n, 3);
}

/* --- leaving -------------------------------------------------------------------------------------
 */

static no open_order(struct ctx *ctx, void *given)
{
    int64_t *buyer = given, order;
    const uint8_t name[16] = {9};

    return sql_order_open(ctx->db, name, S("RF00"), 1, 1, *buyer, *buyer == 1 ? 2 : 1, false, 1,
                          S("A thing"), 1, 0, 0, 0, S(""), S(""), ctx->now_ns, &order);
}

static void leaving_erases_the_person_not_the_books(void **state)
{
    struct scene *scene = *state;
    const str cookie = sign_in(scene, scene->test.daniel, NULL);
    const struct session_line *lines;
    struct sql_member member;
    int64_t nobody;
    size_t n;

    assert_int_equal(deed_account_leave(as(scene, scene->test.daniel, ROLE_MEMBER),
                                        &(struct account_leave){cookie, S("")}),
                     YES);
    assert_int_equal(who(scene, cookie, &nobody), NO_NOT_SIGNED_IN);
    assert_int_equal(view_sessions(as(scene, scene->test.daniel, 0), cookie, &lines, &n), YES);
    assert_int_equal(n, 0);
    struct ctx *ctx = as(scene, 0, 0);

    assert_int_equal(sql_member_get(ctx->db, ctx->arena, scene->test.daniel, &member), YES);
    assert_int_equal(member.status, MEMBER_LEFT);
    assert_str(member.name, "Ancien compte");
    assert_int_equal(member.email.len + member.password.len + member.place.len + member.bio.len +
                         member.totp.len,
                     0);
    assert_int_equal(member.roles, 0);
    assert_int_equal(ctx_house(ctx)->members_n, 3);
    const struct sql_letter letter = last_letter(scene);

    assert_int_equal(letter.kind, LETTER_LEFT);
    assert_int_equal(letter.member, 0);
    assert_str(letter.email, "daniel@example.org");
    assert_int_equal(try_password(scene, "daniel@example.org", "correct horse", "n", NULL),
                     NO_SIGN_IN_WRONG);
    struct session_open form = {.member = scene->test.daniel};

    assert_int_equal(deed_session_open(as(scene, 0, 0), &form), NO_MEMBER_LEFT);
}

static void what_is_unsettled_keeps_one_in(void **state)
{
    struct scene *scene = *state;
    const str amina = sign_in(scene, scene->test.amina, NULL),
              bruno = sign_in(scene, scene->test.bruno, NULL);
    struct leave_state leave;

    assert_int_equal(
        deed_account_leave(as(scene, scene->test.amina, 0), &(struct account_leave){amina, S("")}),
        NO_LAST_FACILITATOR);
    assert_int_equal(deed_run(as(scene, 0, 0), open_order, &scene->test.bruno), YES);
    assert_int_equal(
        deed_account_leave(as(scene, scene->test.bruno, 0), &(struct account_leave){bruno, S("")}),
        NO_ORDERS_RUNNING);
    assert_int_equal(view_leave(as(scene, scene->test.bruno, 0), &leave), YES);
    assert_int_equal(leave.orders_running, 1);
    assert_int_equal(deed_account_leave(as(scene, 0, 0), &(struct account_leave){bruno, S("")}),
                     NO_NOT_SIGNED_IN);
}

/* Hours owed: pays one hour that was never earned. */
struct owing {
    int64_t from, to;
};

static no owe_an_hour(struct ctx *ctx, void *given)
{
    const struct owing *owing = given;
    const struct house_unit *hours = house_unit_of_kind(ctx_house(ctx), UNIT_TIME);
    int64_t from, to;
    struct ledger_done done;

    TRY(ledger_purse_of(ctx, owing->from, hours->unit.id, &from));
    TRY(ledger_purse_of(ctx, owing->to, hours->unit.id, &to));
    const struct ledger_leg leg = {
        .debit = from, .credit = to, .currency = hours->unit.id, .amount = 60, .code = CODE_SEND};

    return ledger_post(ctx,
                       &(struct ledger_ask){.journal = JOURNAL_TIME,
                                            .cause = CAUSE_SEND,
                                            .label = S("hours"),
                                            .piece_ref = S("T1"),
                                            .legs = &leg,
                                            .legs_n = 1},
                       &done);
}

static void who_owes_hours_settles_first(void **state)
{
    struct scene *scene = *state;
    const str cookie = sign_in(scene, scene->test.daniel, NULL);
    struct leave_state leave;

    struct owing owing = {.from = scene->test.daniel, .to = 1};

    assert_int_equal(deed_run(as(scene, 0, 0), owe_an_hour, &owing), YES);
    assert_int_equal(view_leave(as(scene, scene->test.daniel, 0), &leave), YES);
    assert_int_equal(leave.balances_n, 1);
    assert_int_equal(leave.balances[0].amount.minor, -60);
    assert_true(leave.owes);
    assert_int_equal(deed_account_leave(as(scene, scene->test.daniel, 0),
                                        &(struct account_leave){cookie, S("")}),
                     NO_ACCOUNT_NOT_EMPTY);
}

/* What an owner has in hours. */
static int64_t hours_of(struct scene *scene, int64_t owner)
{
    struct ctx *ctx = as(scene, 0, 0);
    struct ledger_account row;
    const no found = sql_account_find(ctx->db, ctx->arena, owner, CHART_TIME,
                                      house_unit_of_kind(ctx_house(ctx), UNIT_TIME)->unit.id, &row);

    assert_true(found == YES || found == NO_NOT_FOUND);
    return found == YES ? ledger_balance(&row) : 0;
}

static void what_remains_is_given_by_choice_only(void **state)
{
    struct scene *scene = *state;
    const int64_t bruno = scene->test.bruno;
    const str cookie = sign_in(scene, bruno, NULL);
    struct owing owing = {.from = scene->test.amina, .to = bruno};
    struct account_leave form = {.cookie = cookie, .gives = S("")};
    struct audit_report report = {0};
    struct leave_state leave;

    assert_int_equal(deed_run(as(scene, 0, 0), owe_an_hour, &owing), YES);
    assert_int_equal(view_leave(as(scene, bruno, 0), &leave), YES);
    assert_int_equal(leave.balances_n, 1);
    assert_true(leave.balances[0].gives && !leave.owes);
    assert_str(leave.gives, "2:60");
    assert_int_equal(deed_account_leave(as(scene, bruno, 0), &form), NO_BALANCE_TO_GIVE);
    /* more came in since the page was shown: what was chosen is not what would be given */
    assert_int_equal(deed_run(as(scene, 0, 0), owe_an_hour, &owing), YES);
    form.gives = S("2:60");
    assert_int_equal(deed_account_leave(as(scene, bruno, 0), &form), NO_BALANCE_TO_GIVE);
    assert_int_equal(hours_of(scene, bruno), 120);
    assert_int_equal(hours_of(scene, 0), 0);
    form.gives = S("2:120");
    assert_int_equal(deed_account_leave(as(scene, bruno, 0), &form), YES);
    assert_int_equal(hours_of(scene, bruno), 0);
    assert_int_equal(hours_of(scene, 0), 120);
    struct ctx *ctx = as(scene, 0, 0);
    struct ledger_entry entry;

    assert_int_equal(sql_entry_get(ctx->db, ctx->arena, 3, &entry), YES);
    assert_int_equal(entry.cause, CAUSE_LEAVE);
    assert_int_equal(entry.cause_id, bruno);
    assert_int_equal(entry.actor, bruno);
    assert_int_equal(entry.journal, JOURNAL_TIME);
    assert_int_equal(view_audit(ctx, &report), YES);
    assert_int_equal(report.findings_n, 0);
}

/* Nothing is given by who may not leave: it is one deed. */
static void who_cannot_leave_gives_nothing(void **state)
{
    struct scene *scene = *state;
    const str cookie = sign_in(scene, scene->test.amina, NULL);
    struct owing owing = {.from = scene->test.bruno, .to = scene->test.amina};

    assert_int_equal(deed_run(as(scene, 0, 0), owe_an_hour, &owing), YES);
    assert_int_equal(deed_account_leave(as(scene, scene->test.amina, 0),
                                        &(struct account_leave){cookie, S("2:60")}),
                     NO_LAST_FACILITATOR);
    assert_int_equal(hours_of(scene, scene->test.amina), 60);
}

/* --- how many
 * -------------------------------------------------------------------------------------- */

struct moved {
    int64_t member, status;
    uint32_t roles;
    int64_t n; /* afterwards */
};

static no move(struct ctx *ctx, void *given)
{
    const struct moved *moved = given;

    TRY(sql_member_refused(ctx->db, moved->member, moved->status, S("")));
    return sql_member_roles(ctx->db, moved->member, moved->roles);
}

/* The number beside the members is what counting them gives, whatever becomes of one. */
static void the_number_of_members_is_kept(void **state)
{
    static const struct moved moves[] = {
        {4, MEMBER_ACTIVE, ROLE_MEMBER, 4},
        {4, MEMBER_ACTIVE, ROLE_CLIENT, 3},
        {4, MEMBER_ACTIVE, ROLE_CLIENT | ROLE_MEMBER, 4},
        {4, MEMBER_REFUSED, ROLE_MEMBER, 3},
        {3, MEMBER_LEFT, 0, 2},
        {4, MEMBER_ASKED, ROLE_MEMBER | ROLE_FACILITATOR, 2},
        {4, MEMBER_ACTIVE, ROLE_MEMBER, 3},
    };
    struct scene *scene = *state;
    int64_t kept, counted;

    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
        struct moved moved = moves[i];

        assert_int_equal(deed_run(as(scene, 0, 0), move, &moved), YES);
        assert_int_equal(sql_member_count(scene->ctx.db, &kept), YES);
        assert_int_equal(sql_member_count_scan(scene->ctx.db, &counted), YES);
        assert_int_equal(kept, moves[i].n);
        assert_int_equal(counted, kept);
    }
}

static void the_export_says_what_is_held(void **state)
{
    struct scene *scene = *state;
    str json;

    (void)sign_in(scene, scene->test.chloe, NULL);
    assert_int_equal(view_account_export(as(scene, 0, 0), &json), NO_NOT_SIGNED_IN);
    assert_int_equal(view_account_export(as(scene, scene->test.chloe, 0), &json), YES);
    static const char *const wanted[] = {"\"name\":\"Chlo\xc3\xa9 M.\"",
                                         "chloe@example.org",
                                         "\"roles\":[",
                                         "\"sessions\":[{",
                                         "\"accounts\":[",
                                         "\"messages\":[",
                                         "\"photos\":["};

    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        assert_true(str_find(json, str_of(wanted[i])) < json.len);
    /* never a secret */
    assert_true(str_find(json, S("argon2")) == json.len);
}

static void addresses_are_plain(void **state)
{
    static const char *const bad[] = {
        "",          "a",       "a@b",     "@b.c",          "a@.c",
        "a@b.",      "a@b..c",  "a b@c.d", "a@b.c\r\nX: y", "a@b.c,d@e.f",
        "\"a\"@b.c", "<a@b.c>", "a@b@c.d", "\xc3\xa9@b.c"};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(member_email_good(str_of(bad[i])));
    assert_true(member_email_good(S("a.b+c@d-e.example.org")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCENE(sign_in_changes_only_in_a_fresh_session),
        IN_SCENE(a_new_password_ends_other_sessions),
        IN_SCENE(an_address_changes_when_its_letter_is_read),
        IN_SCENE(a_profile_keeps_what_is_fit),
        IN_SCENE(notices_are_switched_off_from_the_letter),
        IN_SCENE(the_console_gives_roles_and_links),
        IN_SCENE(leaving_erases_the_person_not_the_books),
        IN_SCENE(what_is_unsettled_keeps_one_in),
        IN_SCENE(who_owes_hours_settles_first),
        IN_SCENE(what_remains_is_given_by_choice_only),
        IN_SCENE(who_cannot_leave_gives_nothing),
        IN_SCENE(the_number_of_members_is_kept),
        IN_SCENE(the_export_says_what_is_held),
        cmocka_unit_test(addresses_are_plain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
