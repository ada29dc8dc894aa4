/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Signing in and one's own account, by their deeds on a real store.
 */
#include "deeds/account.h"
#include "deeds/account_list.h"
#include "deeds/letter.h"
#include "deeds/letter_off.h"
#include "deeds/link.h"
#include "deeds/member.h"
#include "deeds/session.h"
#include "deeds/sign_in.h"
#include "store/sql_account.h"
#include "store/sql_letter.h"
#include "store/sql_session.h"
#include "wire/totp.h"

#include "cm.h"
#include "world.h"

#include "base/time.h"

static const int64_t minute_ns = 60 * NS_PER_S;

struct scene {
    struct test_world test;
    struct ctx ctx;
};

static int open_scene(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);

    test_world_open(&scene->test);
    test_found(&scene->test);
    test_as(&scene->test, &scene->ctx, 0, 0);
    *state = scene;
    return 0;
}

static int close_scene(void **state)
{
    struct scene *scene = *state;

    test_done(&scene->ctx);
    test_world_close(&scene->test);
    free(scene);
    return 0;
}

/* The same reader with another person before it, now. */
static struct ctx *as(struct scene *scene, int64_t member, uint32_t roles)
{
    struct ctx *ctx = &scene->ctx;

    ctx->actor = (struct actor){.member = member, .roles = roles};
    ctx->wrongs_n = 0;
    ctx->now_ns = ctx->world->now_ns(ctx->world->self);
    return ctx;
}

static void later(struct scene *scene, int64_t ns)
{
    world_shift_clock(scene->test.real, ns);
}

static str sign_in(struct scene *scene, int64_t member, const char *before)
{
    struct session_open form = {.member = member, .agent = S("Test/1"), .before = str_of(before)};

    assert_int_equal(deed_session_open(as(scene, 0, 0), &form), YES);
    return arena_str(&scene->test.arena, (str){form.cookie, sizeof form.cookie});
}

static no who(struct scene *scene, str cookie, int64_t *member)
{
    struct session session;
    const no answer = view_session(as(scene, 0, 0), cookie, &session);

    if (answer == YES)
        *member = session.member;
    return answer;
}

static size_t letters(struct scene *scene, struct sql_letter **list)
{
    struct ctx *ctx = as(scene, 0, 0);
    size_t n;

    assert_int_equal(sql_letter_due(ctx->db, ctx->arena, ctx->now_ns, 1000, list, &n), YES);
    return n;
}

/* The newest letter waiting. */
static struct sql_letter last_letter(struct scene *scene)
{
    struct sql_letter *list;
    const size_t n = letters(scene, &list);

    assert_true(n > 0);
    return list[n - 1];
}

/* --- sessions ------------------------------------------------------------------------------ */

static void signing_in_makes_a_new_token(void **state)
{
    struct scene *scene = *state;
    int64_t member = 0;
    const str first = sign_in(scene, scene->test.amina, NULL);

    assert_int_equal(who(scene, first, &member), YES);
    assert_int_equal(member, scene->test.amina);
    const str second = sign_in(scene, scene->test.bruno, first.ptr);

    assert_false(str_eq(first, second));
    assert_int_equal(who(scene, second, &member), YES);
    assert_int_equal(member, scene->test.bruno);
    assert_int_equal(who(scene, first, &member), NO_NOT_SIGNED_IN);
}

static void what_is_no_session_signs_nobody_in(void **state)
{
    static const char *const bad[] = {"", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                      "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                      "' OR 1=1 --"};
    struct scene *scene = *state;
    int64_t member = 0;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(who(scene, str_of(bad[i]), &member), NO_NOT_SIGNED_IN);
    const str cookie = sign_in(scene, scene->test.amina, NULL);

    later(scene, (SESSION_DAYS * S_PER_DAY - 60) * NS_PER_S);
    assert_int_equal(who(scene, cookie, &member), YES);
    later(scene, 2 * minute_ns);
    assert_int_equal(who(scene, cookie, &member), NO_NOT_SIGNED_IN);
}

static no add_member(struct ctx *ctx, void *given)
{
    int64_t *status = given;
    const uint8_t name[16] = {(uint8_t)*status};

    return sql_member_add(ctx->db, name, S("nobody"), S("Nobody"), S("n@example.org"),
                          S("n@example.org"), S(""), ROLE_CLIENT, *status, LANG_EN, S(""), S(""),
                          S(""), S(""), 0, 0, S(""), S(""), 255, S(""), STR_NONE, ctx->now_ns, 0,
                          status);
}

static void who_is_not_in_cannot_come_in(void **state)
{
    static const struct {
        int64_t status;
        no wanted;
    } cases[] = {{MEMBER_LEFT, NO_MEMBER_LEFT},
                 {MEMBER_REFUSED, NO_MEMBER_LEFT},
                 {MEMBER_IMPORTED, NO_MEMBER_LEFT}};
    struct scene *scene = *state;

    for (size_t i = 0; i < 1; i++) {
        int64_t member = cases[i].status;

        assert_int_equal(deed_run(as(scene, 0, 0), add_member, &member), YES);
        struct session_open form = {.member = member};

        assert_int_equal(deed_session_open(as(scene, 0, 0), &form), cases[i].wanted);
    }
    assert_true(member_may_sign_in(MEMBER_ASKED) && member_may_sign_in(MEMBER_ACTIVE));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_false(member_may_sign_in(cases[i].status));
    struct session_open form = {.member = 999};

    assert_int_equal(deed_session_open(as(scene, 0, 0), &form), NO_NOT_FOUND);
}

static void one_ends_only_ones_own_sessions(void **state)
{
    struct scene *scene = *state;
    const str here = sign_in(scene, scene->test.amina, NULL),
              there = sign_in(scene, scene->test.amina, NULL),
              other = sign_in(scene, scene->test.bruno, NULL);
    const struct session_line *lines;
    int64_t member;
    size_t n;

    assert_int_equal(view_sessions(as(scene, scene->test.amina, 0), here, &lines, &n), YES);
    assert_int_equal(n, 2);
    assert_true(lines[0].here != lines[1].here);
    const struct session_line *far = lines[0].here ? &lines[1] : &lines[0];
    const str ref = {far->ref, SESSION_REF_LEN};

    assert_int_equal(deed_session_revoke(as(scene, scene->test.bruno, 0), ref), NO_NOT_FOUND);
    assert_int_equal(deed_session_revoke(as(scene, 0, 0), ref), NO_NOT_SIGNED_IN);
    assert_int_equal(deed_session_revoke(as(scene, scene->test.amina, 0), S("xyz")), NO_NOT_FOUND);
    assert_int_equal(who(scene, there, &member), YES);
    assert_int_equal(deed_session_revoke(as(scene, scene->test.amina, 0), ref), YES);
    assert_int_equal(who(scene, there, &member), NO_NOT_SIGNED_IN);
    assert_int_equal(last_letter(scene).arg, LETTER_SECURITY_SESSIONS);

    const str third = sign_in(scene, scene->test.amina, NULL);

    assert_int_equal(deed_session_revoke_others(as(scene, scene->test.amina, 0), here), YES);
    assert_int_equal(who(scene, third, &member), NO_NOT_SIGNED_IN);
    assert_int_equal(who(scene, here, &member), YES);
    assert_int_equal(who(scene, other, &member), YES);
    assert_int_equal(deed_session_close(as(scene, 0, 0), here), YES);
    assert_int_equal(who(scene, here, &member), NO_NOT_SIGNED_IN);
    assert_int_equal(deed_session_close(as(scene, 0, 0), S("nonsense")), YES);
}

static void use_is_noted_every_ten_minutes(void **state)
{
    struct scene *scene = *state;
    const str cookie = sign_in(scene, scene->test.amina, NULL);
    struct session session;

    assert_int_equal(view_session(as(scene, 0, 0), cookie, &session), YES);
    const int64_t first = session.seen_ns;

    later(scene, 9 * minute_ns);
    assert_int_equal(deed_session_seen(as(scene, 0, 0), cookie, session.seen_ns), YES);
    assert_int_equal(view_session(as(scene, 0, 0), cookie, &session), YES);
    assert_int_equal(session.seen_ns, first);
    later(scene, 2 * minute_ns);
    assert_int_equal(deed_session_seen(as(scene, 0, 0), cookie, session.seen_ns), YES);
    assert_int_equal(view_session(as(scene, 0, 0), cookie, &session), YES);
    assert_true(session.seen_ns >= first + 11 * minute_ns);
}

/* --- links ------------------------------------------------------------------------------------ */

static no ask(struct scene *scene, const char *email)
{
    const struct sign_in_ask form = {.email = str_of(email), .target = S("/orders/1")};

    return deed_sign_in_ask(as(scene, 0, 0), &form);
}

static void a_link_is_looked_at_often_and_used_once(void **state)
{
    struct scene *scene = *state;
    struct link link;

    assert_int_equal(ask(scene, " Amina@Example.ORG "), YES);
    const struct sql_letter letter = last_letter(scene);

    assert_int_equal(letter.kind, LETTER_SIGN_IN);
    assert_int_equal(letter.member, scene->test.amina);
    for (int i = 0; i < 3; i++)
        assert_int_equal(view_link(as(scene, 0, 0), letter.secret, &link), YES);
    struct sign_in_link form = {.token = letter.secret};

    assert_int_equal(deed_sign_in_link(as(scene, 0, 0), &form), YES);
    assert_int_equal(form.member, scene->test.amina);
    assert_str(form.target, "/orders/1");
    assert_int_equal(deed_sign_in_link(as(scene, 0, 0), &form), NO_LINK_USED_OR_OLD);
    assert_int_equal(view_link(as(scene, 0, 0), letter.secret, &link), NO_LINK_USED_OR_OLD);
    assert_int_equal(view_link(as(scene, 0, 0), S("not a token"), &link), NO_LINK_USED_OR_OLD);
}

static void a_link_grows_old(void **state)
{
    struct scene *scene = *state;

    assert_int_equal(ask(scene, "amina@example.org"), YES);
    struct sign_in_link form = {.token = last_letter(scene).secret};

    later(scene, 61 * minute_ns);
    assert_int_equal(deed_sign_in_link(as(scene, 0, 0), &form), NO_LINK_USED_OR_OLD);
}

static void asking_tells_nothing_and_floods_nobody(void **state)
{
    struct scene *scene = *state;
    struct sql_letter *list;

    assert_int_equal(ask(scene, "nobody@example.org"), YES);
    assert_int_equal(letters(scene, &list), 0);
    assert_int_equal(ask(scene, "not an address"), NO_BAD_FIELDS);
    for (int i = 0; i < SIGN_IN_LINKS_MAX + 3; i++)
        assert_int_equal(ask(scene, "amina@example.org"), YES);
    assert_int_equal(letters(scene, &list), SIGN_IN_LINKS_MAX);
    /* The first of them still works, and after a quarter of an hour another is sent. */
    struct sign_in_link form = {.token = list[0].secret};

    assert_int_equal(deed_sign_in_link(as(scene, 0, 0), &form), YES);
    later(scene, 16 * minute_ns);
    assert_int_equal(ask(scene, "amina@example.org"), YES);
    assert_int_equal(letters(scene, &list), SIGN_IN_LINKS_MAX + 1);
}

static no make_guest_link(struct ctx *ctx, void *token)
{
    return link_make(
        ctx, &(struct link){.kind = LINK_GUEST_ORDER, .member = 1, .target = S("//evil.example")},
        3600, token);
}

static no make_invitation(struct ctx *ctx, void *token)
{
    return link_make(ctx, &(struct link){.kind = LINK_INVITATION, .email = S("x@example.org")},
                     3600, token);
}

static void each_kind_of_link_does_its_own_thing(void **state)
{
    struct scene *scene = *state;
    char token[LINK_TOKEN_LEN];
    struct sign_in_link form = {.token = {token, sizeof token}};

    assert_int_equal(deed_run(as(scene, 0, 0), make_guest_link, token), YES);
    assert_int_equal(deed_sign_in_link(as(scene, 0, 0), &form), YES);
    assert_int_equal(deed_sign_in_link(as(scene, 0, 0), &form), YES); /* the guest comes back */
    assert_str(form.target, "");
    assert_int_equal(deed_run(as(scene, 0, 0), make_invitation, token), YES);
    assert_int_equal(deed_sign_in_link(as(scene, 0, 0), &form), NO_LINK_USED_OR_OLD);
    /* A refusal undoes the use: the invitation can still be accepted where it belongs. */
    struct link link;

    assert_int_equal(view_link(as(scene, 0, 0), form.token, &link), YES);
    assert_int_equal(deed_account_email_confirm(as(scene, 0, 0), form.token), NO_LINK_USED_OR_OLD);
}

/* --- passwords ----------------------------------------------------------------------------------
 */

static no try_password(struct scene *scene, const char *email, const char *password,
                       const char *network, struct sign_in_password *out)
{
    struct sign_in_password form = {
        .email = str_of(email), .password = str_of(password), .network = str_of(network)};
    const no answer = deed_sign_in_password(as(scene, 0, 0), &form);

    if (out != NULL)
        *out = form;
    return answer;
}

static void a_password_is_right_or_not(void **state)
{
    struct scene *scene = *state;
    struct sign_in_password form;

    assert_int_equal(try_password(scene, "AMINA@example.org", "correct horse", "n1", &form), YES);
    assert_int_equal(form.member, scene->test.amina);
    assert_false(form.wants_code);
    assert_int_equal(try_password(scene, "amina@example.org", "Correct horse", "n1", NULL),
                     NO_SIGN_IN_WRONG);
    assert_int_equal(try_password(scene, "nobody@example.org", "correct horse", "n1", NULL),
                     NO_SIGN_IN_WRONG);
    /* what the dummy of unknown addresses is a hash of signs nobody in */
    assert_int_equal(
        try_password(scene, "nobody@example.org", "nobody's password, never right", "n1", NULL),
        NO_SIGN_IN_WRONG);
    assert_int_equal(try_password(scene, "", "", "n1", NULL), NO_BAD_FIELDS);
    assert_int_equal(scene->ctx.wrongs_n, 2);
}

static void a_member_without_password_has_none_that_fits(void **state)
{
    struct scene *scene = *state;
    const str cookie = sign_in(scene, scene->test.bruno, NULL);

    assert_int_equal(deed_account_password(as(scene, scene->test.bruno, 0),
                                           &(struct account_password){cookie, S("")}),
                     YES);
    assert_int_equal(try_password(scene, "bruno@example.org", "correct horse", "n1", NULL),
                     NO_SIGN_IN_WRONG);
    assert_int_equal(
        try_password(scene, "bruno@example.org", "nobody's password, never right", "n1", NULL),
        NO_SIGN_IN_WRONG);
}

static void guessing_slows_the_guesser_and_nobody_else(void **state)
{
    struct scene *scene = *state;
    struct sign_in_password form;

    for (int i = 0; i < SIGN_IN_FREE_FAILS; i++)
        assert_int_equal(try_password(scene, "amina@example.org", "guess", "bad", &form),
                         NO_SIGN_IN_WRONG);
    /* From now on the network waits for this account, even with the right password ... */
    assert_int_equal(try_password(scene, "amina@example.org", "correct horse", "bad", &form),
                     NO_SIGN_IN_WAIT);
    assert_true(form.wait_s > 0 && form.wait_s <= 16);
    /* ... but not for another account, and the member comes in from elsewhere, and by a link. */
    assert_int_equal(try_password(scene, "bruno@example.org", "correct horse", "bad", NULL), YES);
    assert_int_equal(try_password(scene, "amina@example.org", "correct horse", "home", NULL), YES);
    assert_int_equal(ask(scene, "amina@example.org"), YES);
    struct sign_in_link link = {.token = last_letter(scene).secret};

    assert_int_equal(deed_sign_in_link(as(scene, 0, 0), &link), YES);
    /* The wait doubles with each further failure, up to an hour. */
    int64_t before = 0;

    for (int i = 0; i < 12; i++) {
        later(scene, (before + 1) * NS_PER_S);
        const no answer = try_password(scene, "amina@example.org", "guess", "bad", &form);

        assert_int_equal(answer, i == 0 ? NO_SIGN_IN_WAIT : NO_SIGN_IN_WRONG);
        (void)try_password(scene, "amina@example.org", "guess", "bad", &form);
        assert_true(form.wait_s >= before || form.wait_s >= 3600);
        before = form.wait_s;
    }
    assert_true(before >= 3600 && before <= 3601);
    /* A right one, after the wait, clears the pair. */
    later(scene, (before + 1) * NS_PER_S);
    assert_int_equal(try_password(scene, "amina@example.org", "correct horse", "bad", NULL), YES);
    assert_int_equal(try_password(scene, "amina@example.org", "guess", "bad", NULL),
                     NO_SIGN_IN_WRONG);
    assert_int_equal(try_password(scene, "amina@example.org", "correct horse", "bad", NULL), YES);
}

/* --- codes --------------------------------------------------------------------------------------
 */

static const uint8_t secret[TOTP_SECRET_SIZE] = "12345678901234567890";

static str code_now(struct scene *scene, char digits[TOTP_DIGITS], int steps)
{
    const struct ctx *ctx = as(scene, 0, 0);

    totp_code((str){(const char *)secret, sizeof secret},
              (uint64_t)(totp_step(ctx->now_ns / NS_PER_S) + steps), TOTP_DIGITS, digits);
    return (str){digits, TOTP_DIGITS};
}

static void turn_totp_on(struct scene *scene, int64_t member, str cookie)
{
    char digits[TOTP_DIGITS];
    struct buf base32;

    buf_init(&base32, &scene->test.arena, 64);
    totp_put_base32(&base32, (str){(const char *)secret, sizeof secret});
    struct account_totp form = {.cookie = cookie, .secret = buf_str(&base32), .code = S("000000")};

    assert_int_equal(deed_account_totp(as(scene, member, 0), &form), NO_BAD_FIELDS);
    assert_string_equal(scene->ctx.wrongs[0].field, "code");
    form.code = code_now(scene, digits, 0);
    assert_int_equal(deed_account_totp(as(scene, member, 0), &form), YES);
}

static void a_code_is_asked_for_after_the_password(void **state)
{
    struct scene *scene = *state;
    const str cookie = sign_in(scene, scene->test.amina, NULL);
    struct sign_in_password password;
    char digits[TOTP_DIGITS];

    turn_totp_on(scene, scene->test.amina, cookie);
    assert_int_equal(last_letter(scene).arg, LETTER_SECURITY_TOTP);
    assert_int_equal(try_password(scene, "amina@example.org", "correct horse", "n", &password),
                     YES);
    assert_true(password.wants_code);
    struct sign_in_code form = {.proof = password.proof, .code = S("000000")};

    assert_int_equal(deed_sign_in_code(as(scene, 0, 0), &form), NO_CODE_WRONG);
    /* the code that switched it on does not work a second time */
    form.code = code_now(scene, digits, 0);
    assert_int_equal(deed_sign_in_code(as(scene, 0, 0), &form), NO_CODE_WRONG);
    later(scene, 30 * NS_PER_S);
    form.code = code_now(scene, digits, 0);
    assert_int_equal(deed_sign_in_code(as(scene, 0, 0), &form), YES);
    assert_int_equal(form.member, scene->test.amina);
    assert_int_equal(deed_sign_in_code(as(scene, 0, 0), &form), NO_CODE_WRONG);
}

static void a_proof_cannot_be_made_up(void **state)
{
    struct scene *scene = *state;
    const str cookie = sign_in(scene, scene->test.amina, NULL);
    struct sign_in_password password;
    char digits[TOTP_DIGITS], forged[SIGN_IN_PROOF_MAX];

    turn_totp_on(scene, scene->test.amina, cookie);
    assert_int_equal(try_password(scene, "amina@example.org", "correct horse", "n", &password),
                     YES);
    later(scene, 30 * NS_PER_S);
    memcpy(forged, password.proof.ptr, password.proof.len);
    forged[0] = '2'; /* as if it were of Bruno */
    struct sign_in_code form = {.proof = {forged, password.proof.len},
                                .code = code_now(scene, digits, 0)};

    assert_int_equal(deed_sign_in_code(as(scene, 0, 0), &form), NO_LINK_USED_OR_OLD);
    form.proof = S("");
    assert_int_equal(deed_sign_in_code(as(scene, 0, 0), &form), NO_LINK_USED_OR_OLD);
    form.proof = S("1.99999999999.00");
    assert_int_equal(deed_sign_in_code(as(scene, 0, 0), &form), NO_LINK_USED_OR_OLD);
    form.proof = password.proof;
    later(scene, 11 * minute_ns);
    form.code = code_now(scene, digits, 0);
    assert_int_equal(deed_sign_in_code(as(scene, 0, 0), &form), NO_LINK_USED_OR_OLD);
}

static void codes_cannot_be_guessed_through(void **state)
{
    struct scene *scene = *state;
    const str cookie = sign_in(scene, scene->test.amina, NULL);
    struct sign_in_password password;

    turn_totp_on(scene, scene->test.amina, cookie);
    assert_int_equal(try_password(scene, "amina@example.org", "correct horse", "n", &password),
                     YES);
    struct sign_in_code form = {.proof = password.proof, .code = S("000000")};

    for (int i = 0; i < SIGN_IN_FREE_FAILS; i++)
        assert_int_equal(deed_sign_in_code(as(scene, 0, 0), &form), NO_CODE_WRONG);
    assert_int_equal(deed_sign_in_code(as(scene, 0, 0), &form), NO_SIGN_IN_WAIT);
    assert_true(form.wait_s > 0);
}

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
    assert_int_equal(deed_account_leave(ctx, cookie), NO_SIGN_IN_AGAIN);
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
    struct sql_member member;
    int64_t nobody;

    assert_int_equal(deed_account_leave(as(scene, scene->test.daniel, ROLE_MEMBER), cookie), YES);
    assert_int_equal(who(scene, cookie, &nobody), NO_NOT_SIGNED_IN);
    struct ctx *ctx = as(scene, 0, 0);

    assert_int_equal(sql_member_get(ctx->db, ctx->arena, scene->test.daniel, &member), YES);
    assert_int_equal(member.status, MEMBER_LEFT);
    assert_str(member.name, "Ancien compte");
    assert_int_equal(member.email.len + member.password.len + member.place.len + member.bio.len +
                         member.totp.len,
                     0);
    assert_int_equal(member.roles, 0);
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

    assert_int_equal(deed_account_leave(as(scene, scene->test.amina, 0), amina),
                     NO_LAST_FACILITATOR);
    assert_int_equal(deed_run(as(scene, 0, 0), open_order, &scene->test.bruno), YES);
    assert_int_equal(deed_account_leave(as(scene, scene->test.bruno, 0), bruno), NO_ORDERS_RUNNING);
    assert_int_equal(view_leave(as(scene, scene->test.bruno, 0), &leave), YES);
    assert_int_equal(leave.orders_running, 1);
    assert_int_equal(deed_account_leave(as(scene, 0, 0), bruno), NO_NOT_SIGNED_IN);
}

/* Hours owed: pays one hour that was never earned. */
static no owe_an_hour(struct ctx *ctx, void *given)
{
    const int64_t *who_owes = given;
    const struct house_unit *hours = house_unit_of_kind(ctx_house(ctx), UNIT_TIME);
    int64_t from, to;
    struct ledger_done done;

    TRY(ledger_purse_of(ctx, *who_owes, hours->unit.id, &from));
    TRY(ledger_purse_of(ctx, 1, hours->unit.id, &to));
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

    assert_int_equal(deed_run(as(scene, 0, 0), owe_an_hour, &scene->test.daniel), YES);
    assert_int_equal(view_leave(as(scene, scene->test.daniel, 0), &leave), YES);
    assert_int_equal(leave.balances_n, 1);
    assert_int_equal(leave.balances[0].amount.minor, -60);
    assert_true(leave.owes);
    assert_int_equal(deed_account_leave(as(scene, scene->test.daniel, 0), cookie),
                     NO_ACCOUNT_NOT_EMPTY);
    /* who is owed may go: it is a gift to the others */
    assert_int_equal(view_leave(as(scene, 1, 0), &leave), YES);
    assert_int_equal(leave.balances[0].amount.minor, 60);
    assert_false(leave.owes);
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

#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, open_scene, close_scene)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCENE(signing_in_makes_a_new_token),
        IN_SCENE(what_is_no_session_signs_nobody_in),
        IN_SCENE(who_is_not_in_cannot_come_in),
        IN_SCENE(one_ends_only_ones_own_sessions),
        IN_SCENE(use_is_noted_every_ten_minutes),
        IN_SCENE(a_link_is_looked_at_often_and_used_once),
        IN_SCENE(a_link_grows_old),
        IN_SCENE(asking_tells_nothing_and_floods_nobody),
        IN_SCENE(each_kind_of_link_does_its_own_thing),
        IN_SCENE(a_password_is_right_or_not),
        IN_SCENE(a_member_without_password_has_none_that_fits),
        IN_SCENE(guessing_slows_the_guesser_and_nobody_else),
        IN_SCENE(a_code_is_asked_for_after_the_password),
        IN_SCENE(a_proof_cannot_be_made_up),
        IN_SCENE(codes_cannot_be_guessed_through),
        IN_SCENE(sign_in_changes_only_in_a_fresh_session),
        IN_SCENE(a_new_password_ends_other_sessions),
        IN_SCENE(an_address_changes_when_its_letter_is_read),
        IN_SCENE(a_profile_keeps_what_is_fit),
        IN_SCENE(notices_are_switched_off_from_the_letter),
        IN_SCENE(the_console_gives_roles_and_links),
        IN_SCENE(leaving_erases_the_person_not_the_books),
        IN_SCENE(what_is_unsettled_keeps_one_in),
        IN_SCENE(who_owes_hours_settles_first),
        IN_SCENE(the_export_says_what_is_held),
        cmocka_unit_test(addresses_are_plain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
