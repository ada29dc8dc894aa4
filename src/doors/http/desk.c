/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/desk.h"

#include "base/time.h"
#include "base/utf8.h"
#include "deeds/letter.h"
#include "deeds/member.h"
#include "deeds/view_name.h"
#include "doors/http/account.h"
#include "doors/http/people.h"
#include "doors/http/rooms.h"
#include "pages/page_desk.h"
#include "wire/qr.h"

enum { QR_VERSION_MAX = 10, SEARCH_MAX = 100 };

/* --- what waits ------------------------------------------------------------------------------- */

static enum lang_key letter_word(int64_t kind)
{
    return kind == LETTER_SIGN_IN                               ? T_desk_letter_sign_in
           : kind == LETTER_INVITE                              ? T_desk_letter_invite
           : kind == LETTER_ORDER || kind == LETTER_GUEST_ORDER ? T_desk_letter_order
                                                                : T_desk_letter_other;
}

static no put_letters(struct http_req *req, const struct desk *desk, struct desk_view *view)
{
    struct desk_letter *list = arena_take_many(req->ctx.arena, desk->letters_n, sizeof *list);

    if (list == NULL)
        return NO_OUT_OF_MEMORY;
    for (size_t i = 0; i < desk->letters_n; i++) {
        const struct sql_stuck_letter *row = &desk->letters[i];
        str to = row->email;

        if (to.len == 0 && view_member_name(&req->ctx, row->member, &to) != YES)
            to = S("?");
        list[i] = (struct desk_letter){.id = row->id,
                                       .to = to,
                                       .when = frame_moment(req, row->created_ns),
                                       .kind = letter_word(row->kind),
                                       .may_again = desk_letter_may(row->kind)};
    }
    view->letters = list;
    view->letters_n = desk->letters_n;
    return YES;
}

no http_desk(struct http_req *req)
{
    struct desk desk;
    struct people_view asking = {.cards_n = 0};
    struct page page;
    struct buf out;

    TRY(view_desk(&req->ctx, &desk));
    const struct people people = {.lines = desk.asking, .lines_n = desk.asking_n};

    TRY(people_cards(req, &people, true, &asking));
    struct desk_view view = {.title = frame_text(req, T_desk_title),
                             .facilitator = actor_has(&req->ctx, ROLE_FACILITATOR),
                             .asking = asking.cards,
                             .asking_n = asking.cards_n,
                             .disputes_n = desk.disputes_n};

    TRY(put_letters(req, &desk, &view));
    frame_page(req, &page);
    frame_buf(req, &out);
    page_desk_home(&out, &page, &view);
    return http_html(req, 200, &out);
}

no http_letter_again(struct http_req *req)
{
    int64_t id;

    TRY(http_param_id(req, "id", &id));
    if (str_eq(http_field(req, "go"), S("forget"))) {
        TRY(deed_desk_letter_forget(&req->ctx, id));
        return account_done(req, T_desk_letter_forgotten, S("/desk"));
    }
    TRY(deed_desk_letter_again(&req->ctx, id));
    return account_done(req, T_desk_letter_tried, S("/desk"));
}

/* --- the register ----------------------------------------------------------------------------- */

no http_register(struct http_req *req)
{
    struct people_view view = {.q = utf8_head(http_field(req, "q"), SEARCH_MAX)};
    struct people people;
    struct page page;
    struct buf out;
    int64_t number = 1;

    if (http_field_int(req, "page", &number) != YES)
        number = 1;
    if (http_field_int(req, "status", &view.status) != YES || view.status < 0 ||
        view.status > MEMBER_IMPORTED)
        view.status = 0;
    TRY(view_register(&req->ctx, view.q, view.status, number, &people));
    TRY(people_cards(req, &people, true, &view));
    TRY(people_pages(req, &people, S("/desk/members"), view.q, view.status, &view));
    view.title = frame_text(req, T_desk_register);
    frame_page(req, &page);
    frame_buf(req, &out);
    page_desk_register(&out, &page, &view);
    return http_html(req, 200, &out);
}

/* --- one person ------------------------------------------------------------------------------- */

static enum lang_key event_word(int64_t event)
{
    static const enum lang_key words[] = {[MEMBER_EVENT_ASKED] = T_desk_event_asked,
                                          [MEMBER_EVENT_ADMITTED] = T_desk_event_admitted,
                                          [MEMBER_EVENT_REFUSED] = T_desk_event_refused,
                                          [MEMBER_EVENT_ROLES] = T_desk_event_roles,
                                          [MEMBER_EVENT_LEFT] = T_desk_event_left,
                                          [MEMBER_EVENT_INVITED] = T_desk_event_invited,
                                          [MEMBER_EVENT_CODE_OFF] = T_desk_event_code_off};

    return event >= MEMBER_EVENT_ASKED && event <= MEMBER_EVENT_CODE_OFF ? words[event]
                                                                         : T_desk_event_roles;
}

static no put_events(struct http_req *req, const struct desk_person *person,
                     struct desk_person_view *view)
{
    struct person_event *list = arena_take_many(req->ctx.arena, person->events_n, sizeof *list);

    if (list == NULL)
        return NO_OUT_OF_MEMORY;
    for (size_t i = 0; i < person->events_n; i++) {
        const struct sql_export_event *row = &person->events[i];

        list[i] = (struct person_event){
            .what = event_word(row->event), .note = row->note, .when = frame_date(req, row->at_ns)};
        if (row->actor == 0 || view_member_name(&req->ctx, row->actor, &list[i].who) != YES)
            list[i].who = S("");
    }
    view->events = list;
    view->events_n = person->events_n;
    return YES;
}

/* `roles`: as they were ticked; NULL = as they are. */
static no show_person(struct http_req *req, int64_t id, int status, const uint32_t *roles)
{
    static const struct frame_label labels[] = {{"reason", T_desk_roles_reason},
                                                {"code-reason", T_desk_code_reason},
                                                {NULL, T_desk_roles_reason}};
    struct desk_person_view view = {.reason = http_field(req, "reason")};
    struct desk_person person;
    struct page page;
    struct buf out;

    TRY(view_desk_person(&req->ctx, id, &person));
    people_card(req, &person.row, true, &view.card);
    view.asking = person.row.status == MEMBER_ASKED;
    view.active = view.card.member;
    view.imported = person.row.status == MEMBER_IMPORTED;
    view.has_code = person.has_code && id != req->ctx.actor.member;
    TRY(people_given_roles(req, roles != NULL ? *roles : person.row.roles, &view.given,
                           &view.given_n));
    TRY(put_events(req, &person, &view));
    frame_errors(req, labels, &view.errors);
    struct buf title;

    buf_init(&title, req->ctx.arena, 96);
    buf_put(&title, view.errors.list_n > 0 ? frame_text(req, T_form_prefix_wrong) : S(""));
    buf_put(&title, person.row.name);
    view.title = buf_str(&title);
    frame_page(req, &page);
    frame_buf(req, &out);
    page_desk_person(&out, &page, &view);
    return http_html(req, status, &out);
}

no http_person(struct http_req *req)
{
    int64_t id;

    TRY(http_param_id(req, "id", &id));
    return show_person(req, id, 200, NULL);
}

/* Back to the person, who says what was done. */
static no done(struct http_req *req, int64_t id, enum lang_key key)
{
    struct buf path;

    buf_init(&path, req->ctx.arena, 40);
    buf_put(&path, S("/desk/members/"));
    buf_put_int(&path, id);
    return account_done(req, key, buf_str(&path));
}

no http_admit(struct http_req *req)
{
    int64_t id;

    TRY(http_param_id(req, "id", &id));
    TRY(deed_desk_admit(&req->ctx, id));
    return done(req, id, T_desk_admitted);
}

no http_refuse(struct http_req *req)
{
    struct desk_refuse form = {.reason = http_field(req, "reason")};

    TRY(http_param_id(req, "id", &form.member));
    const no answer = deed_desk_refuse(&req->ctx, &form);

    if (answer == NO_BAD_FIELDS)
        return show_person(req, form.member, 422, NULL);
    TRY(answer);
    return done(req, form.member, T_desk_refused);
}

no http_roles(struct http_req *req)
{
    struct desk_roles form = {.reason = http_field(req, "reason"),
                              .roles = people_roles_asked(req)};

    TRY(http_param_id(req, "id", &form.member));
    const no answer = deed_desk_roles(&req->ctx, &form);

    if (answer == NO_LAST_FACILITATOR)
        (void)deed_wrong(&req->ctx, "reason", answer);
    if (answer == NO_BAD_FIELDS || answer == NO_LAST_FACILITATOR)
        return show_person(req, form.member, 422, &form.roles);
    TRY(answer);
    return done(req, form.member, T_desk_roles_done);
}

/* Two forms of this page have a reason; this one's has a name of its own for the list of what is
 * wrong. */
no http_code_off(struct http_req *req)
{
    struct desk_code_off form = {.reason = http_field(req, "reason")};

    TRY(http_param_id(req, "id", &form.member));
    const no answer = deed_desk_code_off(&req->ctx, &form);

    if (answer == NO_BAD_FIELDS) {
        req->ctx.wrongs[0].field = "code-reason";
        return show_person(req, form.member, 422, NULL);
    }
    TRY(answer);
    return done(req, form.member, T_desk_code_was_off);
}

/* --- inviting --------------------------------------------------------------------------------- */

static no show_invite(struct http_req *req, int status, const struct desk_invite *form)
{
    static const struct frame_label labels[] = {{"email", T_join_email}, {NULL, T_join_email}};
    struct invite_view view = {.email = form->email, .member = form->member};
    struct page page;
    struct buf out;

    if (form->member > 0 && view_member_name(&req->ctx, form->member, &view.member_name) != YES)
        return NO_NOT_FOUND;
    TRY(people_given_roles(req, form->roles, &view.given, &view.given_n));
    frame_errors(req, labels, &view.errors);
    view.title = account_title(req, T_desk_invite, view.errors.list_n > 0);
    frame_page(req, &page);
    frame_buf(req, &out);
    page_desk_invite(&out, &page, &view);
    return http_html(req, status, &out);
}

no http_invite_get(struct http_req *req)
{
    struct desk_invite form = {.email = S("")};

    if (http_field_int(req, "member", &form.member) != YES || form.member < 0)
        form.member = 0;
    return show_invite(req, 200, &form);
}

/* The sheet is this answer itself: its secret is kept nowhere. */
static no show_sheet(struct http_req *req, const struct desk_invite *form)
{
    struct invite_view view = {.title = frame_text(req, T_desk_sheet_title)};
    struct page page;
    struct buf link, qr, out;

    buf_init(&link, req->ctx.arena, 128);
    buf_put(&link, http_origin(req));
    buf_put(&link, req->ctx.lang == LANG_FR ? S("/fr/join/") : S("/en/join/"));
    buf_put(&link, (str){form->token, sizeof form->token});
    view.link = buf_str(&link);
    buf_init(&qr, req->ctx.arena, 4096);
    TRY(qr_svg(&qr, view.link, QR_VERSION_MAX));
    view.qr = (html){buf_str(&qr)};
    view.until = frame_date(req, req->ctx.now_ns + INVITATION_DAYS * S_PER_DAY * NS_PER_S);
    http_private(req);
    frame_page(req, &page);
    frame_buf(req, &out);
    page_desk_invitation(&out, &page, &view);
    return http_html(req, 200, &out);
}

no http_invite_post(struct http_req *req)
{
    const bool on_paper = str_eq(http_field(req, "go"), S("print"));
    struct desk_invite form = {.email = on_paper ? S("") : http_field(req, "email"),
                               .roles = people_roles_asked(req)};

    if (http_field_int(req, "member", &form.member) != YES || form.member < 0)
        form.member = 0;
    if (!on_paper && str_trim(form.email).len == 0)
        (void)deed_wrong(&req->ctx, "email", NO_FIELD_MISSING);
    const no answer = req->ctx.wrongs_n > 0 ? NO_BAD_FIELDS : deed_desk_invite(&req->ctx, &form);

    if (answer == NO_MEMBER_ALREADY)
        (void)deed_wrong(&req->ctx, "email", answer);
    if (answer == NO_BAD_FIELDS || answer == NO_MEMBER_ALREADY)
        return show_invite(req, 422, &form);
    TRY(answer);
    return on_paper ? show_sheet(req, &form)
                    : account_done(req, T_desk_invite_sent, S("/desk/invite"));
}
