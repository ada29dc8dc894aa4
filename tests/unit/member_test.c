/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Becoming a member, and the facilitators' desk, through the real door and its deeds.
 */
#include "deeds/letter.h"
#include "member_scene.h"
#include "store/sql_letter.h"

/* --- asking ----------------------------------------------------------------------------------- */

static void asking_wants_a_name_an_address_and_the_statutes(void **state)
{
    static const struct {
        const char *fields, *wrong;
    } rows[] = {
        {"name=&email=f%40example.org&statutes=1", "name"},
        {"name=F&email=&statutes=1", "email"},
        {"name=F&email=f.example.org&statutes=1", "email"},
        {"name=F&email=f%40example.org", "statutes"},
        {"name=F%00&email=f%40example.org&statutes=1", NULL},
        {"name=F%E2%80%AEx&email=f%40example.org&statutes=1", "name"},
    };
    struct scene *scene = *state;

    assert_int_equal(get(scene, "/en/join")->status, 200);
    assert_true(says(&scene->reply, "\xe2\x82\xac"
                                    "20.00"));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char link[64];
        const struct reply *reply = post(scene, "/en/join", "/en/join", str_of(rows[i].fields));

        if (rows[i].wrong == NULL) {
            assert_int_equal(reply->status, 400);
            continue;
        }
        (void)snprintf(link, sizeof link, "href=\"#f-%s\"", rows[i].wrong);
        if (reply->status != 422 || !says(reply, link))
            fail_msg("row %zu: status %d", i, reply->status);
    }
    assert_int_equal(by_email(scene, "f@example.org").id, 0);
}

static void asking_tells_the_facilitators(void **state)
{
    struct scene *scene = *state;
    const int64_t id = ask_to_join(scene);
    const struct sql_member row = by_email(scene, "farid@example.org");

    assert_int_equal(row.status, MEMBER_ASKED);
    assert_int_equal(row.roles, 0);
    assert_str(row.reason, "Bread");
    assert_int_equal(last_event(scene, id).event, MEMBER_EVENT_ASKED);
    assert_int_equal(count_letters(scene, LETTER_ASKED, scene->test.amina), 1);
    assert_int_equal(count_letters(scene, LETTER_ASKED, 0), 1);
    /* Again: the same words, and a link to sign in rather than another row. */
    assert_int_equal(ask_to_join(scene), id);
    assert_int_equal(count_letters(scene, LETTER_ASKED, 0), 1);
    assert_int_equal(count_letters(scene, LETTER_SIGN_IN, id), 1);
    /* No list shows who only asks. */
    assert_false(says(get(scene, "/en/people"), "Farid"));
    assert_int_equal(get(scene, "/en/@farid-o")->status, 404);
}

static void a_stranger_cannot_ask_as_a_member(void **state)
{
    struct scene *scene = *state;

    assert_goes_to(post(scene, "/en/join", "/en/join",
                        S("name=Not+Amina&email=AMINA%40example.org&statutes=1")),
                   "/en/join/asked");
    assert_str(by_email(scene, "amina@example.org").name, "Amina K.");
    assert_int_equal(count_letters(scene, LETTER_SIGN_IN, scene->test.amina), 1);
    sign_in(scene);
    assert_int_equal(
        post(scene, "/en/account/display", "/en/join", S("name=Amina&statutes=1"))->status, 409);
}

/* --- the desk --------------------------------------------------------------------------------- */

static void the_desk_is_for_facilitators(void **state)
{
    static const char *const pages[] = {"/en/desk", "/en/desk/members", "/en/desk/members/1",
                                        "/en/desk/invite"};
    struct scene *scene = *state;

    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
        assert_true(is_outside(get(scene, pages[i])));
    assert_goes_to(post(scene, "/en/login", "/en/login",
                        S("account=bruno%40example.org&password=correct+horse")),
                   "/en/account");
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
        assert_int_equal(get(scene, pages[i])->status, 403);
    assert_int_equal(
        post(scene, "/en/account/display", desk_path(scene->test.daniel, "/roles"), S("reason=x"))
            ->status,
        403);
    forget_cookies(scene);
    sign_in(scene);
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
        assert_int_equal(get(scene, pages[i])->status, 200);
    assert_int_equal(get(scene, "/en/desk/members/99999")->status, 404);
}

static void admitting_makes_a_member_once(void **state)
{
    struct scene *scene = *state;
    const int64_t id = ask_to_join(scene);
    char path[80];

    (void)snprintf(path, sizeof path, "%s", desk_path(id, "/admit"));
    sign_in(scene);
    assert_true(says(get(scene, "/en/desk"), "Farid O."));
    assert_true(says(&scene->reply, "Bread"));
    assert_goes_to(post(scene, "/en/desk", path, S("")), desk_path(id, ""));
    const struct sql_member row = by_email(scene, "farid@example.org");

    assert_int_equal(row.status, MEMBER_ACTIVE);
    assert_int_equal(row.roles, ROLE_MEMBER);
    assert_true(row.joined_ns > 0);
    assert_int_equal(last_event(scene, id).event, MEMBER_EVENT_ADMITTED);
    assert_int_equal(last_event(scene, id).actor, scene->test.amina);
    assert_int_equal(count_letters(scene, LETTER_ADMITTED, id), 1);
    assert_int_equal(post(scene, "/en/account/display", path, S(""))->status, 409);
    assert_int_equal(count_letters(scene, LETTER_ADMITTED, id), 1);
    assert_false(says(get(scene, "/en/desk"), "Bread"));
    assert_true(says(get(scene, "/en/people"), "Farid O."));
    assert_int_equal(get(scene, "/en/@farid-o")->status, 200);
    assert_int_equal(scene->test.world->house(scene->test.world->self)->members_n, 5);
}

static void refusing_says_why(void **state)
{
    struct scene *scene = *state;
    const int64_t id = ask_to_join(scene);
    char path[80];

    (void)snprintf(path, sizeof path, "%s", desk_path(id, "/refuse"));
    sign_in(scene);
    const struct reply *reply = post(scene, desk_path(id, ""), path, S("reason=+"));

    assert_int_equal(reply->status, 422);
    assert_true(says(reply, "#f-reason"));
    assert_int_equal(by_email(scene, "farid@example.org").status, MEMBER_ASKED);
    assert_goes_to(post(scene, desk_path(id, ""), path, S("reason=Lives+too+far")),
                   desk_path(id, ""));
    assert_int_equal(by_email(scene, "farid@example.org").status, MEMBER_REFUSED);
    assert_str(last_event(scene, id).note, "Lives too far");
    assert_int_equal(count_letters(scene, LETTER_REFUSED, id), 1);
    assert_int_equal(post(scene, "/en/account/display", path, S("reason=Again"))->status, 409);
    assert_true(says(get(scene, "/en/desk/members?q=farid"), "Farid O."));
    assert_true(says(get(scene, "/en/desk/members?status=4"), "Farid O."));
    assert_false(says(get(scene, "/en/desk/members?status=2"), "Farid O."));
    assert_false(says(get(scene, "/en/people?q=farid"), "Farid O."));
    /* Who was refused may ask again. */
    forget_cookies(scene);
    assert_int_equal(ask_to_join(scene), id);
    assert_int_equal(by_email(scene, "farid@example.org").status, MEMBER_ASKED);
}

/* --- roles ------------------------------------------------------------------------------------ */

static void roles_are_given_with_a_reason(void **state)
{
    struct scene *scene = *state;
    const int64_t daniel = scene->test.daniel;
    char path[80];

    (void)snprintf(path, sizeof path, "%s", desk_path(daniel, "/roles"));
    sign_in(scene);
    assert_int_equal(post(scene, desk_path(daniel, ""), path, S("role=auditor&reason="))->status,
                     422);
    assert_true(says(&scene->reply, "id=\"f-role-auditor\" checked"));
    assert_goes_to(post(scene, desk_path(daniel, ""), path,
                        S("role=auditor&role=mediator&role=founder&role=king&reason=Assembly")),
                   desk_path(daniel, ""));
    const struct sql_member row = by_email(scene, "daniel@example.org");

    assert_int_equal(row.roles, ROLE_MEMBER | ROLE_FOUNDER | ROLE_AUDITOR | ROLE_MEDIATOR);
    assert_int_equal(last_event(scene, daniel).event, MEMBER_EVENT_ROLES);
    assert_str(last_event(scene, daniel).note, "Assembly");
    assert_true(says(get(scene, desk_path(daniel, "")), "Assembly"));
    assert_goes_to(post(scene, desk_path(daniel, ""), path, S("reason=Over")),
                   desk_path(daniel, ""));
    assert_int_equal(by_email(scene, "daniel@example.org").roles, ROLE_MEMBER | ROLE_FOUNDER);
}

static void the_last_facilitator_stays(void **state)
{
    struct scene *scene = *state;
    const int64_t amina = scene->test.amina, bruno = scene->test.bruno;
    char path[80];

    (void)snprintf(path, sizeof path, "%s", desk_path(amina, "/roles"));
    sign_in(scene);
    assert_int_equal(post(scene, desk_path(amina, ""), path, S("reason=Tired"))->status, 422);
    assert_true((by_email(scene, "amina@example.org").roles & ROLE_FACILITATOR) != 0);
    (void)snprintf(path, sizeof path, "%s", desk_path(bruno, "/roles"));
    assert_goes_to(post(scene, desk_path(bruno, ""), path,
                        S("role=facilitator&role=accountant&reason=Two+of+us")),
                   desk_path(bruno, ""));
    (void)snprintf(path, sizeof path, "%s", desk_path(amina, "/roles"));
    assert_goes_to(post(scene, desk_path(amina, ""), path, S("reason=Tired")),
                   desk_path(amina, ""));
    assert_true((by_email(scene, "amina@example.org").roles & ROLE_FACILITATOR) == 0);
    /* And with it the desk, at once. */
    assert_int_equal(get(scene, "/en/desk")->status, 403);
}

static void only_facilitators_decide(void **state)
{
    struct scene *scene = *state;
    struct desk_invite invite = {.email = S("x@example.org")};
    struct desk_person person;
    struct people people;
    struct desk desk;
    struct ctx ctx;

    test_as(&scene->test, &ctx, scene->test.chloe, ROLE_MEMBER | ROLE_MEDIATOR);
    assert_int_equal(deed_desk_admit(&ctx, 1), NO_NOT_ALLOWED);
    assert_int_equal(deed_desk_refuse(&ctx, &(struct desk_refuse){1, S("x")}), NO_NOT_ALLOWED);
    assert_int_equal(deed_desk_roles(&ctx, &(struct desk_roles){1, 0, S("x")}), NO_NOT_ALLOWED);
    assert_int_equal(deed_desk_invite(&ctx, &invite), NO_NOT_ALLOWED);
    assert_int_equal(deed_desk_letter_again(&ctx, 1), NO_NOT_ALLOWED);
    assert_int_equal(view_register(&ctx, S(""), 0, 1, &people), NO_NOT_ALLOWED);
    assert_int_equal(view_desk_person(&ctx, 1, &person), NO_NOT_ALLOWED);
    /* A mediator sees the disputes, not who asks. */
    assert_int_equal(view_desk(&ctx, &desk), YES);
    assert_int_equal(desk.asking_n, 0);
    ctx.actor = (struct actor){.member = scene->test.daniel, .roles = ROLE_MEMBER};
    assert_int_equal(view_desk(&ctx, &desk), NO_NOT_ALLOWED);
    ctx.actor.roles = ROLE_MEMBER | ROLE_FACILITATOR;
    assert_int_equal(deed_desk_roles(&ctx, &(struct desk_roles){1, ROLE_FOUNDER, S("x")}),
                     NO_BAD_FIELDS);
    invite.roles = ROLE_MEMBER;
    assert_int_equal(deed_desk_invite(&ctx, &invite), NO_BAD_FIELDS);
    test_done(&ctx);
}

static no give_up(struct ctx *ctx, void *given)
{
    const int64_t *id = given;

    return sql_letter_later(ctx->db, *id, 2, ctx->now_ns);
}

static void letters_given_up_are_tried_again_or_forgotten(void **state)
{
    struct scene *scene = *state;
    struct sql_letter *list;
    struct desk desk;
    struct ctx ctx;
    size_t n;

    (void)ask_to_join(scene);
    (void)ask_to_join(scene);
    test_as(&scene->test, &ctx, scene->test.amina, ROLE_MEMBER | ROLE_FACILITATOR);
    assert_int_equal(sql_letter_due(ctx.db, ctx.arena, ctx.now_ns, 10, &list, &n), YES);
    assert_int_equal(n, 2);
    const int64_t asked = list[0].id, link = list[1].id;

    assert_int_equal(list[1].kind, LETTER_SIGN_IN);
    assert_int_equal(deed_desk_letter_again(&ctx, asked), NO_NOT_FOUND);
    assert_int_equal(deed_run(&ctx, give_up, &list[0].id), YES);
    assert_int_equal(deed_run(&ctx, give_up, &list[1].id), YES);
    assert_int_equal(view_desk(&ctx, &desk), YES);
    assert_int_equal(desk.letters_n, 2);
    assert_int_equal(deed_desk_letter_again(&ctx, link), NO_LINK_USED_OR_OLD);
    assert_int_equal(deed_desk_letter_forget(&ctx, link), YES);
    assert_int_equal(deed_desk_letter_again(&ctx, asked), YES);
    assert_int_equal(view_desk(&ctx, &desk), YES);
    assert_int_equal(desk.letters_n, 0);
    assert_int_equal(sql_letter_due(ctx.db, ctx.arena, ctx.now_ns, 10, &list, &n), YES);
    assert_int_equal(n, 1);
    assert_int_equal(list[0].id, asked);
    test_done(&ctx);
}

/* --- invitations ------------------------------------------------------------------------------ */

static void an_invitation_by_letter_works_once(void **state)
{
    struct scene *scene = *state;
    char secret[64], path[80];

    sign_in(scene);
    assert_int_equal(post(scene, "/en/desk/invite", "/en/desk/invite", S("email=nobody"))->status,
                     422);
    assert_int_equal(post(scene, "/en/desk/invite", "/en/desk/invite", S("email="))->status, 422);
    assert_int_equal(
        post(scene, "/en/desk/invite", "/en/desk/invite", S("email=Bruno%40example.org"))->status,
        422);
    assert_goes_to(post(scene, "/en/desk/invite", "/en/desk/invite",
                        S("email=gina%40example.org&role=mediator")),
                   "/en/desk/invite");
    last_secret(scene, secret);
    forget_cookies(scene);
    (void)snprintf(path, sizeof path, "/en/join/%s", secret);
    assert_int_equal(get(scene, path)->status, 200);
    assert_true(says(&scene->reply, "Amina K.") && says(&scene->reply, "gina@example.org"));
    assert_int_equal(post(scene, path, path, S("name=Gina&password=short&statutes=1"))->status,
                     422);
    assert_true(says(&scene->reply, "#f-password"));
    assert_int_equal(post(scene, path, path, S("name=Gina"))->status, 422);
    /* The address is that of the letter, whatever the form says. */
    assert_goes_to(post(scene, path, path,
                        S("name=Gina&email=other%40example.org&trade=potter&statutes=1"
                          "&password=a+long+password")),
                   "/en/account");
    const struct sql_member row = by_email(scene, "gina@example.org");

    assert_int_equal(row.status, MEMBER_ACTIVE);
    assert_int_equal(row.roles, ROLE_MEMBER | ROLE_MEDIATOR);
    assert_int_equal(by_email(scene, "other@example.org").id, 0);
    assert_int_equal(last_event(scene, row.id).actor, scene->test.amina);
    assert_int_equal(get(scene, "/en/account")->status, 200);
    assert_int_equal(get(scene, path)->status, 410);
    forget_cookies(scene);
    assert_goes_to(post(scene, "/en/login", "/en/login",
                        S("account=gina%40example.org&password=a+long+password")),
                   "/en/account");
}

/* The secret of the sheet that was just shown. */
static void sheet_path(struct scene *scene, char path[80])
{
    const str mark = S("http://coop.example");
    const size_t at = str_find(scene->reply.body, mark);
    const str rest = str_sub(scene->reply.body, at + mark.len, scene->reply.body.len);

    assert_true(at < scene->reply.body.len);
    (void)snprintf(path, 80, "%.*s", (int)str_find_char(rest, '<'), rest.ptr);
}

static void an_invitation_on_paper_works_once(void **state)
{
    struct scene *scene = *state;
    char path[80];

    sign_in(scene);
    assert_int_equal(post(scene, "/en/desk/invite", "/en/desk/invite", S("go=print"))->status, 200);
    assert_true(says(&scene->reply, "<svg class=\"qr\""));
    sheet_path(scene, path);
    assert_int_equal(count_letters(scene, LETTER_INVITE, 0), 0);
    forget_cookies(scene);
    /* Whoever holds the paper cannot become somebody who is here. */
    assert_int_equal(
        post(scene, path, path, S("name=X&email=bruno%40example.org&statutes=1"))->status, 422);
    assert_str(by_email(scene, "bruno@example.org").name, "Bruno L.");
    assert_int_equal(post(scene, path, path, S("name=X&email=&statutes=1"))->status, 422);
    assert_goes_to(post(scene, path, path, S("name=Hugo&email=hugo%40example.org&statutes=1")),
                   "/en/account");
    assert_int_equal(by_email(scene, "hugo@example.org").status, MEMBER_ACTIVE);
    assert_int_equal(get(scene, path)->status, 410);
    assert_int_equal(get(scene, "/en/join/AAAA")->status, 410);
}

static str invitation_in_letter(struct ctx *ctx)
{
    struct sql_letter *letters;
    size_t letters_n;

    assert_int_equal(sql_letter_due(ctx->db, ctx->arena, INT64_MAX, 100, &letters, &letters_n),
                     YES);
    for (size_t i = 0; i < letters_n; i++)
        if (letters[i].kind == LETTER_INVITE)
            return letters[i].secret;
    fail_msg("no invitation waits");
    return STR_NONE;
}

static void a_client_becomes_a_member_by_invitation(void **state)
{
    struct scene *scene = *state;
    struct desk_invite invite = {.email = S("client@example.org")};
    struct join_invited form = {.name = S("Client"), .statutes = true};
    struct ctx ctx;

    test_as(&scene->test, &ctx, scene->test.amina, ROLE_MEMBER | ROLE_FACILITATOR);
    assert_int_equal(deed_join_ask(&ctx, &(struct join_ask){.name = S("A"), .statutes = true}),
                     NO_MEMBER_ALREADY);
    assert_int_equal(deed_desk_invite(&ctx, &invite), YES);
    /* Whoever invites by letter never sees the link: only who reads that mailbox does. */
    assert_int_equal(invite.token[0], 0);
    form.token = invitation_in_letter(&ctx);
    ctx.actor = (struct actor){0};
    assert_int_equal(deed_join_invited(&ctx, &form), YES);
    assert_int_equal(deed_join_invited(&ctx, &form), NO_LINK_USED_OR_OLD);
    /* A member with an invitation stays what they are, and the invitation is not used up. */
    invite = (struct desk_invite){.email = S("")};
    ctx.actor = (struct actor){scene->test.amina, ROLE_MEMBER | ROLE_FACILITATOR, false, false};
    assert_int_equal(deed_desk_invite(&ctx, &invite), YES);
    form.token = (str){invite.token, sizeof invite.token};
    assert_int_equal(deed_join_invited(&ctx, &form), NO_MEMBER_ALREADY);
    struct join_invitation looked;

    assert_int_equal(view_join_invitation(&ctx, form.token, &looked), YES);
    test_done(&ctx);
}

/* --- a lost telephone ---------------------------------------------------------------------------
 */

struct code_on {
    const char *email;
    uint32_t roles; /* 0 = as they are */
};

static no put_code_on(struct ctx *ctx, void *given)
{
    const struct code_on *form = given;
    struct sql_member row;

    TRY(sql_member_by_email(ctx->db, ctx->arena, str_of(form->email), &row));
    if (form->roles != 0)
        TRY(sql_member_roles(ctx->db, row.id, form->roles));
    return sql_member_totp(ctx->db, row.id, S("12345678901234567890"), 0);
}

static void turn_code_on(struct scene *scene, const struct code_on *given)
{
    struct code_on form = *given;
    struct ctx ctx;

    test_as(&scene->test, &ctx, 0, 0);
    assert_int_equal(deed_run(&ctx, put_code_on, &form), YES);
    test_done(&ctx);
}

static void the_desk_switches_a_code_off_and_says_so(void **state)
{
    struct scene *scene = *state;
    const int64_t daniel = scene->test.daniel;
    char path[80];

    (void)snprintf(path, sizeof path, "%s", desk_path(daniel, "/code-off"));
    sign_in(scene);
    assert_false(says(get(scene, desk_path(daniel, "")), "code-off"));
    turn_code_on(scene, &(struct code_on){"daniel@example.org", 0});
    turn_code_on(scene, &(struct code_on){"amina@example.org", 0});
    assert_false(says(get(scene, desk_path(scene->test.amina, "")), "code-off"));
    assert_int_equal(post(scene, desk_path(daniel, ""), path, S("reason="))->status, 422);
    assert_true(says(&scene->reply, "href=\"#f-code-reason\""));
    assert_true(by_email(scene, "daniel@example.org").totp.len > 0);
    assert_goes_to(post(scene, desk_path(daniel, ""), path, S("reason=Met+him")),
                   desk_path(daniel, ""));
    assert_int_equal(by_email(scene, "daniel@example.org").totp.len, 0);
    assert_int_equal(count_letters(scene, LETTER_SECURITY, daniel), 1);
    assert_true(says(get(scene, desk_path(daniel, "")), "Met him"));
    assert_false(says(&scene->reply, "action=\"/en/desk/members/4/code-off"));
}

/* An invitation proves the mailbox only, as every letter does. */
static void an_invitation_does_not_pass_by_the_code(void **state)
{
    struct scene *scene = *state;
    struct desk_invite invite = {.email = S("daniel@example.org")};
    struct join_invited form = {.name = S("Daniel"), .statutes = true};
    struct ctx ctx;

    turn_code_on(scene, &(struct code_on){"daniel@example.org", ROLE_CLIENT});
    test_as(&scene->test, &ctx, scene->test.amina, ROLE_MEMBER | ROLE_FACILITATOR);
    assert_int_equal(deed_desk_invite(&ctx, &invite), YES);
    form.token = invitation_in_letter(&ctx);
    ctx.actor = (struct actor){0};
    assert_int_equal(deed_join_invited(&ctx, &form), NO_NOT_SIGNED_IN);
    /* signed in, with the code, it is as good as ever */
    ctx.actor = (struct actor){.member = scene->test.daniel, .roles = ROLE_CLIENT};
    assert_int_equal(deed_join_invited(&ctx, &form), YES);
    test_done(&ctx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCENE(asking_wants_a_name_an_address_and_the_statutes),
        IN_SCENE(asking_tells_the_facilitators),
        IN_SCENE(a_stranger_cannot_ask_as_a_member),
        IN_SCENE(the_desk_is_for_facilitators),
        IN_SCENE(admitting_makes_a_member_once),
        IN_SCENE(refusing_says_why),
        IN_SCENE(roles_are_given_with_a_reason),
        IN_SCENE(the_last_facilitator_stays),
        IN_SCENE(only_facilitators_decide),
        IN_SCENE(letters_given_up_are_tried_again_or_forgotten),
        IN_SCENE(an_invitation_by_letter_works_once),
        IN_SCENE(an_invitation_on_paper_works_once),
        IN_SCENE(a_client_becomes_a_member_by_invitation),
        IN_SCENE(the_desk_switches_a_code_off_and_says_so),
        IN_SCENE(an_invitation_does_not_pass_by_the_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
