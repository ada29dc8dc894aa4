/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/review.h"

#include "deeds/order.h"
#include "rules/review.h"
#include "store/sql_offer.h"

/* --- facts --------------------------------------------------------------------------------------
 */

struct sides {
    struct sql_order order;
    struct review_facts facts;
    struct sql_review written[REVIEW_SIDES];
};

static no read_sides(struct ctx *ctx, int64_t order, struct sides *sides)
{
    struct sql_review *rows;
    size_t rows_n;

    *sides = (struct sides){0};
    TRY(sql_order_get(ctx->db, ctx->arena, order, &sides->order));
    sides->facts = (struct review_facts){.state = sides->order.state,
                                         .was_accepted = sides->order.accepted_ns != 0,
                                         .ended_ns = sides->order.ended_ns,
                                         .buyer = sides->order.buyer,
                                         .provider = sides->order.provider};
    TRY(sql_review_of_order(ctx->db, ctx->arena, order, &rows, &rows_n));
    for (size_t i = 0; i < rows_n; i++) {
        const enum review_side side =
            rows[i].author == sides->order.buyer ? REVIEW_BY_BUYER : REVIEW_BY_PROVIDER;

        sides->written[side] = rows[i];
        sides->facts.written_ns[side] = rows[i].written_ns;
    }
    return YES;
}

/* --- writing ------------------------------------------------------------------------------------
 */

static no publish(struct ctx *ctx, int64_t order, int64_t author, int64_t offer, int64_t stars)
{
    int64_t opened;

    TRY(sql_review_publish(ctx->db, order, author, ctx->now_ns, &opened));
    return opened > 0 && offer > 0 ? sql_offer_stars(ctx->db, offer, 1, stars) : YES;
}

/* The rule's words about a field, as the form names it. */
static no say_field(struct ctx *ctx, no why)
{
    if (why == NO_FIELD_OUT_OF_RANGE)
        return deed_wrong_bound(ctx, "stars", NO_FIELD_NOT_A_CHOICE, REVIEW_STARS_MAX);
    if (why == NO_FIELD_NOT_UTF8 || why == NO_FIELD_CONTROL_CHARS)
        return deed_wrong(ctx, "text", why);
    return why == NO_FIELD_TOO_LONG ? deed_wrong_bound(ctx, "text", why, REVIEW_TEXT_MAX) : why;
}

static bool same_again(const struct sides *sides, const struct review_form *form, int64_t member)
{
    const struct sql_review *mine =
        &sides->written[member == sides->order.buyer ? REVIEW_BY_BUYER : REVIEW_BY_PROVIDER];

    return mine->author == member && mine->stars == form->stars && str_eq(mine->body, form->text);
}

/* Stars are the offer's when they are about whoever published it: the owner of a need is its buyer.
 */
static no offer_judged(struct ctx *ctx, const struct sides *sides, int64_t about, int64_t *offer)
{
    struct sql_offer row;
    const no answer = sql_offer_get(ctx->db, ctx->arena, sides->order.offer, &row);

    if (answer != YES && answer != NO_NOT_FOUND)
        return answer;
    *offer = answer == YES && row.member == about ? row.id : 0;
    return YES;
}

static no write_review(struct ctx *ctx, void *form_)
{
    struct review_form *form = form_;
    const int64_t member = ctx->actor.member;
    struct review_plan plan;
    struct sides sides;
    int64_t offer = 0;

    if (member == 0)
        return NO_NOT_SIGNED_IN;
    TRY(read_sides(ctx, form->order, &sides));
    const struct review_act act = {
        .member = member, .stars = form->stars, .text = form->text, .now_ns = ctx->now_ns};
    const no answer = review_plan(&plan, &sides.facts, &act);

    form->published = false;
    if (answer == NO_ALREADY_REVIEWED && same_again(&sides, form, member))
        return YES;
    if (answer != YES)
        return say_field(ctx, answer);
    TRY(offer_judged(ctx, &sides, plan.about, &offer));
    TRY(sql_review_put(ctx->db, form->order, member, plan.about, offer, form->stars,
                       form->text.ptr == NULL ? S("") : form->text, ctx->now_ns, plan.publish_ns));
    if (!plan.publish_now)
        return YES;
    const struct sql_review *other =
        &sides.written[plan.side == REVIEW_BY_BUYER ? REVIEW_BY_PROVIDER : REVIEW_BY_BUYER];

    TRY(publish(ctx, form->order, member, offer, form->stars));
    TRY(publish(ctx, form->order, other->author, other->offer, other->stars));
    form->published = true;
    return YES;
}

no deed_review_write(struct ctx *ctx, struct review_form *form)
{
    return deed_run(ctx, write_review, form);
}

static no clock_publish(struct ctx *ctx, void *form_)
{
    struct review_clock_form *form = form_;
    struct sql_review_due *due;
    size_t due_n;

    TRY(sql_review_due_list(ctx->db, ctx->arena, ctx->now_ns, form->most, &due, &due_n));
    for (size_t i = 0; i < due_n; i++)
        TRY(publish(ctx, due[i].orders, due[i].author, due[i].offer, due[i].stars));
    form->published = (int64_t)due_n;
    return YES;
}

no deed_review_clock(struct ctx *ctx, struct review_clock_form *form)
{
    return deed_run(ctx, clock_publish, form);
}

/* --- reading ------------------------------------------------------------------------------------
 */

static void fill_totals(struct reviews *reviews, const struct sql_review_sum *sum, int64_t page)
{
    *reviews = (struct reviews){.total = sum->n,
                                .page = page,
                                .pages_n = sum->n == 0 ? 1 : (sum->n - 1) / REVIEWS_PER_PAGE + 1,
                                .mean_centi = review_mean_centi(sum->stars, sum->n)};
}

static bool page_is_there(const struct reviews *reviews)
{
    return reviews->page >= 1 && reviews->page <= reviews->pages_n && reviews->total > 0;
}

no view_reviews_of_offer(struct ctx *ctx, int64_t offer, int64_t page, struct reviews *reviews)
{
    struct sql_review_sum sum;

    TRY(sql_review_sum_of_offer(ctx->db, ctx->arena, offer, &sum));
    fill_totals(reviews, &sum, page);
    return page_is_there(reviews)
               ? sql_review_of_offer(ctx->db, ctx->arena, offer, REVIEWS_PER_PAGE,
                                     (page - 1) * REVIEWS_PER_PAGE, &reviews->lines,
                                     &reviews->lines_n)
               : YES;
}

no view_reviews_of_member(struct ctx *ctx, int64_t member, int64_t page, struct reviews *reviews)
{
    struct sql_review_sum sum;

    TRY(sql_review_sum_of_member(ctx->db, ctx->arena, member, &sum));
    fill_totals(reviews, &sum, page);
    return page_is_there(reviews)
               ? sql_review_of_member(ctx->db, ctx->arena, member, REVIEWS_PER_PAGE,
                                      (page - 1) * REVIEWS_PER_PAGE, &reviews->lines,
                                      &reviews->lines_n)
               : YES;
}

no view_review_of_order(struct ctx *ctx, int64_t order, struct review_state *state)
{
    const int64_t member = ctx->actor.member;
    struct sides sides;

    TRY(read_sides(ctx, order, &sides));
    if (member == 0 || (member != sides.order.buyer && member != sides.order.provider))
        return NO_ORDER_NOT_YOURS;
    const enum review_side mine =
        member == sides.order.buyer ? REVIEW_BY_BUYER : REVIEW_BY_PROVIDER;
    const enum review_side theirs = mine == REVIEW_BY_BUYER ? REVIEW_BY_PROVIDER : REVIEW_BY_BUYER;

    *state =
        (struct review_state){.may_write = review_is_possible(&sides.facts, member, ctx->now_ns),
                              .wrote = sides.facts.written_ns[mine] != 0,
                              .mine_open = review_is_open(&sides.facts, mine, ctx->now_ns),
                              .other_wrote_open = review_is_open(&sides.facts, theirs, ctx->now_ns),
                              .until_ns = sides.facts.ended_ns + REVIEW_WINDOW_NS};
    if (state->wrote)
        state->mine = sides.written[mine];
    if (state->other_wrote_open)
        state->theirs = sides.written[theirs];
    return YES;
}
