/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/http/people.h"

#include "base/utf8.h"
#include "deeds/account.h"
#include "deeds/member.h"
#include "deeds/review.h"
#include "doors/http/account.h"
#include "doors/http/rooms.h"
#include "pages/page_people.h"

enum { AROUND = 2, LINKS_MAX = 2 * AROUND + 7, SEARCH_MAX = 100 };

/* --- people as pages show them ---------------------------------------------------------------- */

static const struct {
    uint32_t role;
    const char *value;
    enum lang_key name;
} role_words[] = {{ROLE_FACILITATOR, "facilitator", T_people_role_facilitator},
                  {ROLE_ACCOUNTANT, "accountant", T_people_role_accountant},
                  {ROLE_AUDITOR, "auditor", T_people_role_auditor},
                  {ROLE_MEDIATOR, "mediator", T_people_role_mediator},
                  {ROLE_FOUNDER, "founder", T_people_role_founder}};
enum { ROLE_WORDS = sizeof role_words / sizeof role_words[0] };

static enum lang_key status_word(const struct sql_person *row)
{
    switch (row->status) {
    case MEMBER_ASKED:
        return T_desk_is_asked;
    case MEMBER_ACTIVE:
        return (row->roles & ROLE_MEMBER) != 0 ? T_desk_is_active : T_desk_is_client;
    case MEMBER_REFUSED:
        return T_desk_is_refused;
    case MEMBER_IMPORTED:
        return T_desk_is_imported;
    default:
        return T_desk_is_left;
    }
}

static void put_roles(struct http_req *req, uint32_t roles, bool all, const struct role_word **list,
                      size_t *list_n)
{
    struct role_word *words = arena_take_many(req->ctx.arena, ROLE_WORDS, sizeof *words);
    size_t n = 0;

    for (size_t i = 0; words != NULL && i < ROLE_WORDS; i++) {
        const bool has = (roles & role_words[i].role) != 0;

        if (all ? (role_words[i].role & ROLES_GIVEN) != 0 : has)
            words[n++] = (struct role_word){str_of(role_words[i].value), role_words[i].name, has};
    }
    *list = words;
    *list_n = n;
}

no people_given_roles(struct http_req *req, uint32_t roles, const struct role_word **words,
                      size_t *words_n)
{
    put_roles(req, roles, true, words, words_n);
    return *words == NULL ? NO_OUT_OF_MEMORY : YES;
}

uint32_t people_roles_asked(struct http_req *req)
{
    uint32_t roles = 0;

    for (size_t i = 0; i < http_field_count(req, "role"); i++)
        for (size_t k = 0; k < ROLE_WORDS; k++)
            if (str_eq(http_field_at(req, "role", i), str_of(role_words[k].value)))
                roles |= role_words[k].role & ROLES_GIVEN;
    return roles;
}

void people_card(struct http_req *req, const struct sql_person *row, bool at_desk,
                 struct person_card *card)
{
    const bool member = row->status == MEMBER_ACTIVE && (row->roles & ROLE_MEMBER) != 0;

    *card = (struct person_card){.id = row->id,
                                 .handle = row->handle,
                                 .name = row->name,
                                 .initials = utf8_initials(req->ctx.arena, row->name),
                                 .trade = row->trade,
                                 .place = row->place,
                                 .college = row->college,
                                 .jobs_n = row->jobs_n,
                                 .member = member,
                                 .status = status_word(row),
                                 .since = S(""),
                                 .email = S(""),
                                 .reason = S(""),
                                 .asked = S("")};
    if (row->joined_ns > 0)
        card->since = frame_date(req, row->joined_ns);
    put_roles(req, row->status == MEMBER_ACTIVE ? row->roles : 0, false, &card->roles,
              &card->roles_n);
    if (!at_desk)
        return;
    card->email = row->email;
    card->reason = row->reason;
    card->asked = row->asked_ns > 0 ? frame_date_short(req, row->asked_ns) : S("");
}

no people_cards(struct http_req *req, const struct people *people, bool at_desk,
                struct people_view *view)
{
    struct person_card *cards = arena_take_many(req->ctx.arena, people->lines_n, sizeof *cards);

    if (cards == NULL)
        return NO_OUT_OF_MEMORY;
    for (size_t i = 0; i < people->lines_n; i++)
        people_card(req, &people->lines[i], at_desk, &cards[i]);
    view->cards = cards;
    view->cards_n = people->lines_n;
    view->total = people->total;
    return YES;
}

/* --- numbered pages --------------------------------------------------------------------------- */

void people_put_query(struct buf *out, str text)
{
    static const char digits[] = "0123456789ABCDEF";

    for (size_t i = 0; i < text.len; i++) {
        const unsigned char c = (unsigned char)text.ptr[i];

        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
            buf_put_char(out, (char)c);
        else {
            buf_put_char(out, '%');
            buf_put_char(out, digits[c >> 4]);
            buf_put_char(out, digits[c & 15]);
        }
    }
}

static url page_url(struct http_req *req, str path, str q, int64_t status, int64_t number)
{
    struct buf out;

    buf_init(&out, req->ctx.arena, 64);
    buf_put(&out, req->ctx.lang == LANG_FR ? S("/fr") : S("/en"));
    buf_put(&out, path);
    buf_put(&out, S("?page="));
    buf_put_int(&out, number);
    if (status > 0) {
        buf_put(&out, S("&status="));
        buf_put_int(&out, status);
    }
    if (q.len > 0) {
        buf_put(&out, S("&q="));
        people_put_query(&out, q);
    }
    return (url){buf_str(&out)};
}

no people_pages(struct http_req *req, const struct people *people, str path, str q, int64_t status,
                struct people_view *view)
{
    struct page_link *links = arena_take_many(req->ctx.arena, LINKS_MAX, sizeof *links);
    size_t n = 0;
    int64_t before = 0;

    if (links == NULL)
        return NO_OUT_OF_MEMORY;
    for (int64_t i = 1; i <= people->pages_n && n + 2 <= LINKS_MAX; i++) {
        if (i != 1 && i != people->pages_n &&
            (i < people->page - AROUND || i > people->page + AROUND))
            continue;
        if (i > before + 1)
            links[n++] = (struct page_link){.gap = true};
        links[n++] = (struct page_link){
            .href = page_url(req, path, q, status, i), .number = i, .current = i == people->page};
        before = i;
    }
    view->pages = links;
    view->pages_n = people->pages_n > 1 ? n : 0;
    return YES;
}

/* --- the list --------------------------------------------------------------------------------- */

no http_people(struct http_req *req)
{
    struct people_view view = {.q = utf8_head(http_field(req, "q"), SEARCH_MAX)};
    struct people people;
    struct page page;
    struct buf out;
    int64_t number = 1;

    if (http_field_present(req, "page") && http_field_int(req, "page", &number) != YES)
        number = 1;
    TRY(view_people(&req->ctx, view.q, number, &people));
    TRY(people_cards(req, &people, false, &view));
    TRY(people_pages(req, &people, S("/people"), view.q, 0, &view));
    view.title = frame_text(req, T_people_title);
    frame_page(req, &page);
    frame_buf(req, &out);
    page_people_list(&out, &page, &view);
    return http_html(req, 200, &out);
}

/* --- a profile -------------------------------------------------------------------------------- */

static no profile_gone(struct http_req *req)
{
    const struct person_page view = {.title = frame_text(req, T_people_gone)};
    struct page page;
    struct buf out;

    frame_page(req, &page);
    frame_buf(req, &out);
    page_profile_gone(&out, &page, &view);
    return http_html(req, 410, &out);
}

static no put_offers(struct http_req *req, const struct profile *profile, struct person_page *view)
{
    struct arena *arena = req->ctx.arena;
    struct profile_offer *offers = arena_take_many(arena, profile->offers_n, sizeof *offers);
    struct profile_offer *needs = arena_take_many(arena, profile->offers_n, sizeof *needs);

    if (offers == NULL || needs == NULL)
        return NO_OUT_OF_MEMORY;
    for (size_t i = 0; i < profile->offers_n; i++) {
        const struct sql_person_offer *row = &profile->offers[i];

        if (row->side == 1)
            offers[view->offers_n++] = (struct profile_offer){row->id, row->title};
        else
            needs[view->needs_n++] = (struct profile_offer){row->id, row->title};
    }
    view->offers = offers;
    view->needs = needs;
    return YES;
}

static no put_reviews(struct http_req *req, int64_t member, struct person_page *view)
{
    struct reviews reviews;
    struct buf stars;

    TRY(view_reviews_of_member(&req->ctx, member, 1, &reviews));
    struct profile_review *list = arena_take_many(req->ctx.arena, reviews.lines_n, sizeof *list);

    if (list == NULL)
        return NO_OUT_OF_MEMORY;
    for (size_t i = 0; i < reviews.lines_n; i++) {
        const struct sql_review_line *line = &reviews.lines[i];

        list[i] = (struct profile_review){.author = line->author_name,
                                          .title = line->offer_title,
                                          .text = line->body,
                                          .when = frame_date(req, line->published_ns),
                                          .stars = line->stars};
    }
    buf_init(&stars, req->ctx.arena, 8);
    buf_printf(&stars, "%d%s%d", reviews.mean_centi / 100, req->ctx.lang == LANG_FR ? "," : ".",
               reviews.mean_centi / 10 % 10);
    view->stars = buf_str(&stars);
    view->reviews = list;
    view->reviews_n = reviews.lines_n;
    view->reviews_total = reviews.total;
    return YES;
}

no http_profile(struct http_req *req)
{
    struct person_page view = {.offers_n = 0};
    struct profile profile;
    struct page page;
    struct buf out;
    const no found = view_profile(&req->ctx, http_param(req, "handle"), &profile);

    if (found == NO_MEMBER_LEFT)
        return profile_gone(req);
    TRY(found);
    people_card(req, &profile.row, false, &view.card);
    view.bio = profile.bio;
    view.picture = profile.picture;
    view.title = profile.row.name;
    TRY(put_offers(req, &profile, &view));
    TRY(put_reviews(req, profile.row.id, &view));
    frame_page(req, &page);
    frame_buf(req, &out);
    page_person_profile(&out, &page, &view);
    return http_html(req, 200, &out);
}
