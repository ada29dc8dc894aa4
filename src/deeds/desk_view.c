/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/desk.h"
#include "deeds/member.h"
#include "deeds/member_words.h"
#include "store/sql_member.h"

enum { ROLES_SHOWN = 50, CAP = PEOPLE_PER_PAGE * PEOPLE_PAGES_MAX };

no view_desk(struct ctx *ctx, struct desk *out)
{
    struct desk desk = {.asking_n = 0};

    if (!actor_has(ctx, ROLE_FACILITATOR | ROLE_MEDIATOR))
        return NO_NOT_ALLOWED;
    TRY(sql_desk_disputes(ctx->db, &desk.disputes_n));
    if (actor_has(ctx, ROLE_FACILITATOR)) {
        TRY(sql_people_asking(ctx->db, ctx->arena, DESK_LIST_MAX, &desk.asking, &desk.asking_n));
        TRY(sql_desk_stuck_letters(ctx->db, ctx->arena, DESK_LIST_MAX, &desk.letters,
                                   &desk.letters_n));
    }
    *out = desk;
    return YES;
}

/* The rows to skip for a page; totals and the page's own number are set here. */
static int64_t turn_to(struct people *people, int64_t page)
{
    people->pages_n = people->total == 0 ? 1 : (people->total - 1) / PEOPLE_PER_PAGE + 1;
    people->page = page < 1 ? 1 : page > people->pages_n ? people->pages_n : page;
    return (people->page - 1) * PEOPLE_PER_PAGE;
}

static no find(struct ctx *ctx, str words, bool members_only, int64_t page, struct people *people)
{
    struct member_ask ask;

    member_words_asked(ctx->arena, words, &ask);
    if (ask.n == 0) {
        (void)turn_to(people, 1);
        return YES;
    }
    TRY(sql_people_find_count(ctx->db, members_only, ask.from[0], ask.past[0], ask.from[1],
                              ask.past[1], ask.from[2], ask.past[2], &people->total));
    return sql_people_find(ctx->db, ctx->arena, members_only, ask.from[0], ask.past[0], ask.from[1],
                           ask.past[1], ask.from[2], ask.past[2], PEOPLE_PER_PAGE,
                           turn_to(people, page), &people->lines, &people->lines_n);
}

no view_people(struct ctx *ctx, str words, int64_t page, struct people *out)
{
    struct people people = {.lines_n = 0};

    if (str_trim(words).len > 0)
        TRY(find(ctx, words, true, page, &people));
    else {
        TRY(sql_people_count(ctx->db, CAP, &people.total));
        TRY(sql_people_page(ctx->db, ctx->arena, PEOPLE_PER_PAGE, turn_to(&people, page),
                            &people.lines, &people.lines_n));
    }
    *out = people;
    return YES;
}

static no register_rows(struct ctx *ctx, int64_t status, int64_t page, struct people *people)
{
    if (status == 0) {
        TRY(sql_register_count(ctx->db, CAP, &people->total));
        return sql_register_page(ctx->db, ctx->arena, PEOPLE_PER_PAGE, turn_to(people, page),
                                 &people->lines, &people->lines_n);
    }
    TRY(sql_register_count_of(ctx->db, status, CAP, &people->total));
    return sql_register_page_of(ctx->db, ctx->arena, status, PEOPLE_PER_PAGE, turn_to(people, page),
                                &people->lines, &people->lines_n);
}

no view_register(struct ctx *ctx, str words, int64_t status, int64_t page, struct people *out)
{
    struct people people = {.lines_n = 0};

    if (!actor_has(ctx, ROLE_FACILITATOR))
        return NO_NOT_ALLOWED;
    if (str_trim(words).len > 0)
        TRY(find(ctx, words, false, page, &people));
    else
        TRY(register_rows(ctx, status, page, &people));
    *out = people;
    return YES;
}

no view_desk_person(struct ctx *ctx, int64_t member, struct desk_person *out)
{
    struct desk_person person;
    struct sql_member row;

    if (!actor_has(ctx, ROLE_FACILITATOR))
        return NO_NOT_ALLOWED;
    TRY(sql_person_get(ctx->db, ctx->arena, member, &person.row));
    TRY(sql_member_get(ctx->db, ctx->arena, member, &row));
    person.has_code = row.totp.len > 0;
    TRY(sql_export_events(ctx->db, ctx->arena, member, &person.events, &person.events_n));
    *out = person;
    return YES;
}

no view_profile(struct ctx *ctx, str handle, struct profile *out)
{
    struct profile profile;
    struct sql_member member;

    TRY(sql_member_by_handle(ctx->db, ctx->arena, handle, &member));
    if (member.status == MEMBER_LEFT)
        return NO_MEMBER_LEFT;
    if (member.status != MEMBER_ACTIVE || (member.roles & ROLE_MEMBER) == 0)
        return NO_NOT_FOUND;
    TRY(sql_person_get(ctx->db, ctx->arena, member.id, &profile.row));
    profile.bio = member.bio;
    profile.picture = member.picture;
    TRY(sql_person_offers(ctx->db, ctx->arena, member.id, DESK_LIST_MAX, &profile.offers,
                          &profile.offers_n));
    *out = profile;
    return YES;
}

no view_facilitators(struct ctx *ctx, struct people *out)
{
    struct people people = {.page = 1, .pages_n = 1};

    TRY(sql_people_with_role(ctx->db, ctx->arena, ROLE_FACILITATOR, ROLES_SHOWN, &people.lines,
                             &people.lines_n));
    people.total = (int64_t)people.lines_n;
    *out = people;
    return YES;
}
