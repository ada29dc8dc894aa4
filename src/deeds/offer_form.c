/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * From what was typed to a row of the offer table.
 */
#include "deeds/house.h"
#include "deeds/market_search.h"
#include "deeds/offer.h"
#include "deeds/offer_index.h"

#include "base/utf8.h"
#include "rules/geo.h"
#include "store/sql_member.h"

#include <assert.h>
#include <string.h>

/* --- units -------------------------------------------------------------------------------------
 */

const struct house_unit *offer_unit(const struct house *house, enum offer_unit unit)
{
    switch (unit) {
    case OFFER_IN_MONEY:
        return house_unit_of_kind(house, UNIT_FIAT);
    case OFFER_IN_HOURS:
        return house_unit_of_kind(house, UNIT_TIME);
    case OFFER_IN_CREDIT:
        return house_unit_of_kind(house, UNIT_MUTUAL);
    case OFFER_UNITS:
        break;
    }
    return NULL;
}

const char *offer_unit_field(enum offer_unit unit)
{
    static const char *const names[OFFER_UNITS] = {"price", "hours", "credit"};

    return names[unit];
}

/* --- prices ------------------------------------------------------------------------------------
 */

struct prices {
    struct offer_price list[OFFER_PRICES_MAX];
    const char *fields[OFFER_PRICES_MAX];
    size_t n;
};

static void read_amount(struct ctx *ctx, enum offer_unit which, str typed, struct prices *prices)
{
    const struct house_unit *unit = offer_unit(ctx_house(ctx), which);
    const char *field = offer_unit_field(which);
    int64_t minor;

    if (str_trim(typed).len == 0)
        return;
    if (unit == NULL) {
        (void)deed_wrong(ctx, field, NO_FIELD_NOT_A_CHOICE);
        return;
    }
    const no parsed = money_parse(typed, unit->unit, &minor);

    if (parsed != YES)
        (void)deed_wrong(ctx, field, parsed);
    else if (prices->n == OFFER_PRICES_MAX)
        (void)deed_wrong(ctx, field, NO_FIELD_TAKEN);
    else {
        prices->fields[prices->n] = field;
        prices->list[prices->n++] = (struct offer_price){
            .unit_kind = unit->unit.kind, .currency = unit->unit.id, .amount = minor};
    }
}

/* Hours stand first where hours are what is exchanged. */
static void read_prices(struct ctx *ctx, const struct offer_form *form, struct prices *prices)
{
    const bool hours_first = form->kind == ORDER_EXCHANGE;

    if (hours_first)
        read_amount(ctx, OFFER_IN_HOURS, form->amounts[OFFER_IN_HOURS], prices);
    read_amount(ctx, OFFER_IN_MONEY, form->amounts[OFFER_IN_MONEY], prices);
    if (!hours_first)
        read_amount(ctx, OFFER_IN_HOURS, form->amounts[OFFER_IN_HOURS], prices);
    read_amount(ctx, OFFER_IN_CREDIT, form->amounts[OFFER_IN_CREDIT], prices);
}

static enum offer_price_mode price_mode(const struct offer_form *form, const struct prices *prices,
                                        const struct sql_offer *before)
{
    if (prices->n == 2)
        return form->both ? PRICE_BOTH : PRICE_EITHER;
    if (prices->n == 1)
        return PRICE_ONE;
    /* Only what came without a price from elsewhere may stay so. */
    return form->kind != ORDER_GIFT && before != NULL && before->price_mode == PRICE_ON_REQUEST
               ? PRICE_ON_REQUEST
               : PRICE_FREE;
}

static void put_prices(struct ctx *ctx, const struct offer_form *form, const struct prices *prices,
                       const struct sql_offer *before, struct sql_offer *row)
{
    row->price_mode = price_mode(form, prices, before);
    row->a_currency = prices->n > 0 ? prices->list[0].currency : 0;
    row->a_minor = prices->n > 0 ? prices->list[0].amount : 0;
    row->b_currency = prices->n > 1 ? prices->list[1].currency : 0;
    row->b_minor = prices->n > 1 ? prices->list[1].amount : 0;
    /* To give is a kind of its own: an amount that was forgotten is not taken for a gift. */
    if (prices->n == 0 && ctx->wrongs_n == 0 && row->price_mode == PRICE_FREE &&
        form->kind != ORDER_GIFT && form->kind != ORDER_EXCHANGE)
        (void)deed_wrong(ctx, "price", NO_FIELD_MISSING);
}

/* --- choices ------------------------------------------------------------------------------------
 */

/* Slots and rentals want calendars, which members cannot write yet; what came by an import stays.
 */
static bool kind_open(const struct ctx *ctx, int64_t kind, const struct sql_offer *before)
{
    switch (kind) {
    case ORDER_SALE:
    case ORDER_SERVICE:
    case ORDER_GIFT:
        return true;
    case ORDER_EXCHANGE:
        return offer_unit(ctx_house(ctx), OFFER_IN_HOURS) != NULL;
    default:
        return before != NULL && before->kind == kind;
    }
}

static void read_choices(struct ctx *ctx, const struct offer_form *form,
                         const struct sql_offer *before, struct sql_offer *row)
{
    if (!kind_open(ctx, form->kind, before))
        (void)deed_wrong(ctx, "kind", NO_FIELD_NOT_A_CHOICE);
    if (house_category(ctx_house(ctx), form->category) == NULL)
        (void)deed_wrong(ctx, "category", NO_FIELD_NOT_A_CHOICE);
    if (form->per < PER_WHOLE || form->per >= PER_KINDS)
        (void)deed_wrong(ctx, "per", NO_FIELD_NOT_A_CHOICE);
    row->kind = form->kind;
    row->category = form->category;
    row->per = form->per;
    row->cancel = form->cancel;
}

static void read_stock(struct ctx *ctx, const struct offer_form *form,
                       const struct sql_offer *before, struct sql_offer *row)
{
    const str typed = str_trim(form->stock);

    row->stock = OFFER_STOCK_UNLIMITED;
    if (before != NULL && form->stock_seen.ptr != NULL && str_eq(typed, str_trim(form->stock_seen)))
        row->stock = before->stock;
    else if (typed.len > 0 && !str_to_int64(typed, &row->stock))
        (void)deed_wrong(ctx, "stock", NO_FIELD_NOT_A_NUMBER);
    else if (typed.len > 0 && row->stock < 0)
        row->stock = INT64_MIN; /* "-1" typed is not "not counted": offer_check says so */
}

/* --- place ---------------------------------------------------------------------------------------
 */

static void set_spot(struct sql_offer *row, int64_t lat64, int64_t lon64)
{
    int32_t lat = (int32_t)lat64, lon = (int32_t)lon64;

    if (lat != 0 || lon != 0)
        geo_round_300m(&lat, &lon);
    row->lat = lat;
    row->lon = lon;
    row->cell = geo_cell(lat, lon);
}

static no place_of_member(struct ctx *ctx, struct sql_offer *row)
{
    const struct house *house = ctx_house(ctx);
    struct sql_member member;

    TRY(sql_member_get(ctx->db, ctx->arena, ctx->actor.member, &member));
    const bool known = member.place.len > 0 && (member.lat != 0 || member.lon != 0);

    row->place = known ? member.place : house->place;
    set_spot(row, known ? member.lat : house->lat, known ? member.lon : house->lon);
    return YES;
}

static no read_place(struct ctx *ctx, const struct offer_form *form, const struct sql_offer *before,
                     struct sql_offer *row)
{
    const str typed = utf8_tidy_line(ctx->arena, form->place);
    struct place_answer answer;

    if (typed.len == 0)
        return place_of_member(ctx, row);
    row->place = typed;
    if (!utf8_clean(typed, false))
        return (void)deed_wrong(ctx, "place", NO_FIELD_CONTROL_CHARS), YES;
    if (utf8_count(typed) > OFFER_PLACE_MAX)
        return (void)deed_wrong_bound(ctx, "place", NO_FIELD_TOO_LONG, OFFER_PLACE_MAX), YES;
    if (before != NULL && str_eq(before->place, typed)) {
        set_spot(row, before->lat, before->lon);
        row->lat = before->lat;
        row->lon = before->lon;
        row->cell = before->cell;
        return YES;
    }
    TRY(view_place_find(ctx, typed, &answer));
    if (answer.found == PLACE_FOUND)
        set_spot(row, answer.place.lat, answer.place.lon);
    else
        (void)deed_wrong(ctx, "place", NO_FIELD_UNKNOWN_PLACE);
    return YES;
}

/* --- the whole form --- */

/* The rule's field names into the form's. */
static const char *field_of(const char *field, const struct prices *prices, int64_t kind)
{
    const bool second = str_eq(str_of(field), S("price2"));

    if (!second && !str_eq(str_of(field), S("price")))
        return field;
    if (prices->n == 0)
        return kind == ORDER_EXCHANGE ? "hours" : "price";
    return prices->fields[second && prices->n > 1 ? 1 : 0];
}

static bool is_named(const struct ctx *ctx, const char *field)
{
    for (size_t i = 0; i < ctx->wrongs_n; i++)
        if (str_eq(str_of(ctx->wrongs[i].field), str_of(field)))
            return true;
    return false;
}

static void apply_rule(struct ctx *ctx, const struct prices *prices, const struct sql_offer *row)
{
    struct offer_fields fields = {.need = row->side == MARKET_NEEDS,
                                  .kind = (enum order_kind)row->kind,
                                  .title = row->title,
                                  .body = row->body,
                                  .prices_n = prices->n,
                                  .stock = row->stock,
                                  .has_place = true,
                                  .lat = (int32_t)row->lat,
                                  .lon = (int32_t)row->lon,
                                  .cancel = (enum order_cancel_choice)row->cancel,
                                  .status = OFFER_OPEN};
    struct offer_wrong wrongs[OFFER_WRONGS_MAX];

    for (size_t i = 0; i < prices->n; i++)
        fields.prices[i] = prices->list[i];
    const size_t wrongs_n = offer_check(&fields, wrongs);

    for (size_t i = 0; i < wrongs_n; i++) {
        const char *field = field_of(wrongs[i].field, prices, row->kind);

        if (!is_named(ctx, field))
            (void)deed_wrong_bound(ctx, field, wrongs[i].why, wrongs[i].bound);
    }
}

/* In the order of the form, so that the summary reads from top to bottom. */
static void sort_wrongs(struct ctx *ctx)
{
    static const char *const order[] = {"kind",   "title", "body",  "category", "price", "hours",
                                        "credit", "per",   "place", "stock",    "cancel"};
    struct wrong sorted[WRONGS_MAX];
    size_t n = 0;

    for (size_t field = 0; field < sizeof order / sizeof order[0]; field++)
        for (size_t i = 0; i < ctx->wrongs_n; i++)
            if (str_eq(str_of(ctx->wrongs[i].field), str_of(order[field])))
                sorted[n++] = ctx->wrongs[i];
    assert(n == ctx->wrongs_n);
    memcpy(ctx->wrongs, sorted, n * sizeof *sorted);
}

static no may_write(struct ctx *ctx, const struct offer_form *form, struct sql_offer *before)
{
    const uint32_t needs = ROLE_MEMBER | ROLE_CLIENT;

    if (ctx->actor.member == 0)
        return NO_NOT_SIGNED_IN;
    if (form->id == 0)
        return actor_has(ctx, form->side == MARKET_NEEDS ? needs : (uint32_t)ROLE_MEMBER)
                   ? YES
                   : NO_NOT_ALLOWED;
    TRY(sql_offer_get(ctx->db, ctx->arena, form->id, before));
    if (before->member != ctx->actor.member)
        return NO_NOT_ALLOWED;
    return before->status == OFFER_OPEN || before->status == OFFER_PAUSED ? YES : NO_OFFER_NOT_OPEN;
}

no view_offer_check(struct ctx *ctx, const struct offer_form *form, struct sql_offer *row)
{
    struct sql_offer known, made;
    struct prices prices = {.n = 0};

    if (form->id == 0 && form->side != MARKET_OFFERS && form->side != MARKET_NEEDS)
        return NO_BAD_REQUEST;
    TRY(may_write(ctx, form, &known));
    const struct sql_offer *before = form->id > 0 ? &known : NULL;

    made = before != NULL ? known
                          : (struct sql_offer){.side = form->side,
                                               .member = ctx->actor.member,
                                               .status = OFFER_OPEN,
                                               .lang = ctx->lang,
                                               .created_ns = ctx->now_ns};
    made.title = utf8_tidy_line(ctx->arena, form->title);
    if (!utf8_valid(form->title) || !utf8_clean(form->title, false))
        made.title = form->title; /* not made good in silence: offer_check names it */
    made.body = str_trim(form->body);
    read_choices(ctx, form, before, &made);
    read_prices(ctx, form, &prices);
    put_prices(ctx, form, &prices, before, &made);
    read_stock(ctx, form, before, &made);
    TRY(read_place(ctx, form, before, &made));
    apply_rule(ctx, &prices, &made);
    sort_wrongs(ctx);
    if (made.body.ptr == NULL)
        made.body = S("");
    if (ctx->wrongs_n > 0)
        return NO_BAD_FIELDS;
    if (arena_overflowed(ctx->arena))
        return NO_TOO_LARGE;
    *row = made;
    return YES;
}

/* --- writing --- */

static no add(struct ctx *ctx, const struct offer_form *form, const struct sql_offer *row,
              int64_t *id)
{
    return sql_offer_add(ctx->db, form->uid.bytes, row->member, row->side, row->kind, OFFER_OPEN,
                         row->title, row->body, ctx->lang, row->category, row->a_currency,
                         row->a_minor, row->b_currency, row->b_minor, row->price_mode, row->per,
                         row->stock, row->cancel, row->place, row->lat, row->lon, row->cell,
                         STR_NONE, S(""), 0, ctx->now_ns, id);
}

static no rewrite(struct ctx *ctx, const struct offer_form *form, const struct sql_offer *row)
{
    if (form->seen_ns != row->updated_ns)
        return NO_CONFLICT;
    return sql_market_rewrite(ctx->db, row->id, row->kind, row->title, row->body, row->lang,
                              row->category, row->a_currency, row->a_minor, row->b_currency,
                              row->b_minor, row->price_mode, row->per, row->stock, row->cancel,
                              row->place, row->lat, row->lon, row->cell, ctx->now_ns);
}

/* Sent twice: the first sending made it. */
static no made_already(struct ctx *ctx, struct offer_form *form)
{
    struct sql_market_id known;
    struct sql_offer row;
    const no answer = sql_market_by_uid(ctx->db, ctx->arena, form->uid.bytes, &known);

    if (answer != YES)
        return answer;
    TRY(sql_offer_get(ctx->db, ctx->arena, known.id, &row));
    if (row.member != ctx->actor.member)
        return NO_ALREADY_DONE_DIFFERENTLY;
    form->offer = known.id;
    return YES;
}

static no save(struct ctx *ctx, void *form_)
{
    struct offer_form *form = form_;
    struct sql_offer row;

    if (form->id == 0) {
        const no known = made_already(ctx, form);

        if (known != NO_NOT_FOUND)
            return known;
    }
    TRY(view_offer_check(ctx, form, &row));
    if (form->id == 0)
        TRY(add(ctx, form, &row, &row.id));
    else
        TRY(rewrite(ctx, form, &row));
    form->offer = row.id;
    return offer_index(ctx, row.id);
}

no deed_offer_save(struct ctx *ctx, struct offer_form *form)
{
    return deed_run(ctx, save, form);
}
