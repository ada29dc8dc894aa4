/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Sessions and the links that letters carry, by their deeds on a real store.
 */
#include "account_scene.h"

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
    TRY(sql_member_roles(ctx->db, 4, ROLE_GUEST)); /* nothing more: a member's key is not lasting */
    return link_make(
        ctx, &(struct link){.kind = LINK_GUEST_ORDER, .member = 4, .target = S("//evil.example")},
        3600, token);
}

static no make_nobodys_link(struct ctx *ctx, void *token)
{
    return link_make(ctx, &(struct link){.kind = LINK_SIGN_IN}, 3600, token);
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
    assert_int_equal(deed_run(as(scene, 0, 0), make_nobodys_link, token), YES);
    assert_int_equal(deed_sign_in_link(as(scene, 0, 0), &form), NO_LINK_USED_OR_OLD);
    /* A refusal undoes the use: the invitation can still be accepted where it belongs. */
    struct link link;

    assert_int_equal(view_link(as(scene, 0, 0), form.token, &link), YES);
    assert_int_equal(deed_account_email_confirm(as(scene, 0, 0), form.token), NO_LINK_USED_OR_OLD);
}

/* Each way of shutting others out; what waits in the mailbox may be in their hands. */
static no by_password(struct scene *scene, str cookie)
{
    return deed_account_password(as(scene, scene->test.amina, 0),
                                 &(struct account_password){cookie, S("four words in mind")});
}

static no by_no_password(struct scene *scene, str cookie)
{
    return deed_account_password(as(scene, scene->test.amina, 0),
                                 &(struct account_password){cookie, S("")});
}

static no by_totp(struct scene *scene, str cookie)
{
    static const uint8_t secret[TOTP_SECRET_SIZE] = "12345678901234567890";
    const str bytes = {(const char *)secret, sizeof secret};
    char digits[TOTP_DIGITS];
    struct buf base32;

    buf_init(&base32, &scene->test.arena, 64);
    totp_put_base32(&base32, bytes);
    totp_code(bytes, (uint64_t)totp_step(as(scene, 0, 0)->now_ns / NS_PER_S), TOTP_DIGITS, digits);
    return deed_account_totp(as(scene, scene->test.amina, 0),
                             &(struct account_totp){.cookie = cookie,
                                                    .secret = buf_str(&base32),
                                                    .code = {digits, TOTP_DIGITS}});
}

static no by_no_totp(struct scene *scene, str cookie)
{
    return deed_account_totp(as(scene, scene->test.amina, 0),
                             &(struct account_totp){.cookie = cookie, .off = true});
}

static no by_signing_out_everywhere(struct scene *scene, str cookie)
{
    return deed_session_revoke_others(as(scene, scene->test.amina, 0), cookie);
}

static void shutting_others_out_ends_links_that_wait(void **state)
{
    static no (*const ways[])(struct scene *, str) = {by_password, by_no_password, by_totp,
                                                      by_no_totp, by_signing_out_everywhere};
    struct scene *scene = *state;
    struct sql_letter *list;
    struct link link;

    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        const str cookie = sign_in(scene, scene->test.amina, NULL);

        assert_int_equal(ask(scene, "amina@example.org"), YES);
        const str sent = last_letter(scene).secret;

        assert_int_equal(
            deed_account_email(as(scene, scene->test.amina, 0),
                               &(struct account_email){cookie, S("thief@example.org")}),
            YES);
        const str moves = last_letter(scene).secret;

        assert_int_equal(ask(scene, "bruno@example.org"), YES);
        const str others = last_letter(scene).secret;

        assert_int_equal(ways[i](scene, cookie), YES);
        assert_int_equal(view_link(as(scene, 0, 0), sent, &link), NO_LINK_USED_OR_OLD);
        assert_int_equal(deed_sign_in_link(as(scene, 0, 0), &(struct sign_in_link){.token = sent}),
                         NO_LINK_USED_OR_OLD);
        assert_int_equal(deed_account_email_confirm(as(scene, 0, 0), moves), NO_LINK_USED_OR_OLD);
        assert_int_equal(view_link(as(scene, 0, 0), others, &link), YES);
        /* nor does the letter leave that would carry a dead one */
        for (size_t k = 0, n = letters(scene, &list); k < n; k++)
            assert_false(list[k].member == scene->test.amina && list[k].secret.len > 0);
        later(scene, 16 * minute_ns);
    }
}

/* A guest's way back to the order is no sign-in that somebody asked for, and stays. */
static void a_guests_link_outlives_signing_out(void **state)
{
    struct scene *scene = *state;
    char token[LINK_TOKEN_LEN];
    struct link link;

    assert_int_equal(deed_run(as(scene, 0, 0), make_guest_link, token), YES);
    assert_int_equal(deed_session_revoke_others(as(scene, 4, ROLE_GUEST), S("")), YES);
    assert_int_equal(view_link(as(scene, 0, 0), (str){token, sizeof token}, &link), YES);
}

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
        IN_SCENE(shutting_others_out_ends_links_that_wait),
        IN_SCENE(a_guests_link_outlives_signing_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
