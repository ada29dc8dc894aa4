/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Passwords and codes: who is slowed by guessing, and who is not.
 */
#include "account_scene.h"

#include "deeds/desk.h"

/* --- passwords ----------------------------------------------------------------------------------
 */

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
    forged[0] = '2'; /* as if it were of Bruno, whose code would be right */
    turn_totp_on(scene, scene->test.bruno, sign_in(scene, scene->test.bruno, NULL));
    later(scene, 30 * NS_PER_S);
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

/* --- links --------------------------------------------------------------------------------------
 */

static struct sign_in_link use_link(struct scene *scene, const char *email)
{
    assert_int_equal(ask(scene, email), YES);
    struct sign_in_link link = {.token = last_letter(scene).secret};

    assert_int_equal(deed_sign_in_link(as(scene, 0, 0), &link), YES);
    return link;
}

static void a_link_proves_the_mailbox_only(void **state)
{
    struct scene *scene = *state;
    char digits[TOTP_DIGITS];

    struct sign_in_link link = use_link(scene, "amina@example.org");

    assert_false(link.wants_code);
    assert_int_equal(link.proof.len, 0);
    turn_totp_on(scene, scene->test.amina, sign_in(scene, scene->test.amina, NULL));
    link = use_link(scene, "amina@example.org");
    assert_true(link.wants_code);
    assert_str(link.target, "/orders/1");
    struct sign_in_code form = {.proof = link.proof, .code = S("000000")};

    assert_int_equal(deed_sign_in_code(as(scene, 0, 0), &form), NO_CODE_WRONG);
    later(scene, 30 * NS_PER_S);
    form.code = code_now(scene, digits, 0);
    assert_int_equal(deed_sign_in_code(as(scene, 0, 0), &form), YES);
    assert_int_equal(form.member, scene->test.amina);
}

/* What was proved before a change is not proved after it. */
static void a_proof_dies_with_a_change(void **state)
{
    struct scene *scene = *state;
    const str cookie = sign_in(scene, scene->test.amina, NULL);
    char digits[TOTP_DIGITS];

    turn_totp_on(scene, scene->test.amina, cookie);
    struct sign_in_link link = use_link(scene, "amina@example.org");

    assert_int_equal(
        deed_account_password(as(scene, scene->test.amina, 0),
                              &(struct account_password){cookie, S("four words in mind")}),
        YES);
    later(scene, 30 * NS_PER_S);
    struct sign_in_code form = {.proof = link.proof, .code = code_now(scene, digits, 0)};

    assert_int_equal(deed_sign_in_code(as(scene, 0, 0), &form), NO_LINK_USED_OR_OLD);
}

/* --- a lost telephone ----------------------------------------------------------------------------
 */

static void a_lost_telephone_locks_nobody_out(void **state)
{
    struct scene *scene = *state;
    const int64_t bruno = scene->test.bruno;
    struct desk_code_off form = {.member = bruno, .reason = S("  ")};
    struct sql_export_event *events;
    struct sql_letter *list;
    int64_t nobody;
    size_t n;

    const str cookie = sign_in(scene, bruno, NULL);

    turn_totp_on(scene, bruno, cookie);
    assert_int_equal(ask(scene, "bruno@example.org"), YES);
    const str sent = last_letter(scene).secret;
    const size_t before = letters(scene, &list);

    assert_int_equal(deed_desk_code_off(as(scene, scene->test.chloe, ROLE_MEMBER), &form),
                     NO_NOT_ALLOWED);
    assert_int_equal(deed_desk_code_off(as(scene, bruno, ROLE_FACILITATOR), &form), NO_BAD_FIELDS);
    form.reason = S("met him at the market");
    /* nobody takes away their own: that asks for a fresh session */
    assert_int_equal(deed_desk_code_off(as(scene, bruno, ROLE_FACILITATOR), &form), NO_NOT_ALLOWED);
    assert_int_equal(letters(scene, &list), before);
    assert_int_equal(deed_desk_code_off(as(scene, scene->test.amina, ROLE_FACILITATOR), &form),
                     YES);
    /* told, noted, and everyone is out */
    assert_int_equal(last_letter(scene).kind, LETTER_SECURITY);
    assert_int_equal(last_letter(scene).arg, LETTER_SECURITY_TOTP_TAKEN);
    assert_int_equal(last_letter(scene).member, bruno);
    struct ctx *ctx = as(scene, 0, 0);

    assert_int_equal(sql_export_events(ctx->db, ctx->arena, bruno, &events, &n), YES);
    assert_int_equal(events[n - 1].event, MEMBER_EVENT_CODE_OFF);
    assert_int_equal(events[n - 1].actor, scene->test.amina);
    assert_str(events[n - 1].note, "met him at the market");
    assert_int_equal(who(scene, cookie, &nobody), NO_NOT_SIGNED_IN);
    assert_int_equal(deed_sign_in_link(as(scene, 0, 0), &(struct sign_in_link){.token = sent}),
                     NO_LINK_USED_OR_OLD);
    assert_false(use_link(scene, "bruno@example.org").wants_code);
    /* a second time there is nothing to say */
    const size_t told = letters(scene, &list);

    assert_int_equal(deed_desk_code_off(as(scene, scene->test.amina, ROLE_FACILITATOR), &form),
                     YES);
    assert_int_equal(letters(scene, &list), told);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCENE(a_password_is_right_or_not),
        IN_SCENE(a_member_without_password_has_none_that_fits),
        IN_SCENE(guessing_slows_the_guesser_and_nobody_else),
        IN_SCENE(a_code_is_asked_for_after_the_password),
        IN_SCENE(a_proof_cannot_be_made_up),
        IN_SCENE(codes_cannot_be_guessed_through),
        IN_SCENE(a_link_proves_the_mailbox_only),
        IN_SCENE(a_proof_dies_with_a_change),
        IN_SCENE(a_lost_telephone_locks_nobody_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
