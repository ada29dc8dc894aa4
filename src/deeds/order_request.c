/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/utf8.h"
#include "deeds/house.h"
#include "deeds/order_in.h"

#include "rules/fee.h"
#include "rules/offer.h"
#include "rules/order_bytes.h"
#include "store/sql_offer.h"
#include "wire/rf.h"

/* How long a guest has to open the letter. */
enum { DRAFT_DAYS = 2 };

/* A request being put together: its lines as they will be written, and the sums of its parts. */
struct draft {
    struct sql_offer first;
    struct sql_order_line lines[ORDER_LINES_MAX];
    size_t lines_n;
    int64_t a_total, b_total, quantity;
    bool need;
};

/* --- lines ------------------------------------------------------------------------------------ */

static no open_offer(struct ctx *ctx, int64_t id, struct sql_offer *offer)
{
    const no answer = sql_offer_get(ctx->db, ctx->arena, id, offer);

    if (answer == NO_NOT_FOUND)
        return NO_OFFER_NOT_OPEN;
    TRY(answer);
    return offer->status == OFFER_OPEN && offer->price_mode != PRICE_ON_REQUEST ? YES
                                                                                : NO_OFFER_NOT_OPEN;
}

static str title_of_variant(struct ctx *ctx, const struct sql_offer *offer, str label)
{
    struct buf title;

    buf_init(&title, ctx->arena, offer->title.len + label.len + 2);
    buf_put(&title, offer->title);
    buf_put(&title, S(", "));
    buf_put(&title, label);
    return buf_str(&title);
}

static no price_line(struct ctx *ctx, const struct sql_offer *offer,
                     const struct order_ask_line *ask, struct sql_order_line *line)
{
    struct offer_claims claims = {.stock = offer->stock, .firm = offer->claimed};

    *line = (struct sql_order_line){.offer = offer->id,
                                    .variant = ask->variant,
                                    .title = offer->title,
                                    .quantity = ask->quantity,
                                    .a_minor = offer->a_minor,
                                    .b_minor = offer->b_minor};
    if (ask->variant != 0) {
        struct sql_offer_variant variant;

        TRY(sql_offer_variant_get(ctx->db, ctx->arena, ask->variant, &variant));
        if (variant.offer != offer->id)
            return deed_wrong(ctx, "variant", NO_FIELD_NOT_A_CHOICE);
        line->a_minor = variant.a_minor;
        line->b_minor = variant.b_minor;
        line->title = title_of_variant(ctx, offer, variant.label);
        claims = (struct offer_claims){.stock = variant.stock, .firm = variant.claimed};
    } else if (offer->kind == ORDER_SALE) {
        int64_t any;
        const no has = sql_offer_variant_any(ctx->db, offer->id, &any);

        if (has != NO_NOT_FOUND) /* which one? the pieces are counted there */
            return has == YES ? deed_wrong(ctx, "variant", NO_FIELD_MISSING) : has;
    }
    return offer_claim_check(&claims, OFFER_OPEN, OFFER_CLAIM_ASK, ask->quantity);
}

static bool add_product(int64_t *sum, int64_t each, int64_t quantity)
{
    int64_t product;

    return !__builtin_mul_overflow(each, quantity, &product) &&
           !__builtin_add_overflow(*sum, product, sum) && *sum <= OFFER_PRICE_MAX;
}

static no add_line(struct ctx *ctx, struct draft *draft, const struct order_ask_line *ask, size_t i)
{
    struct sql_offer offer;
    struct sql_order_line *line = &draft->lines[i];

    if (ask->quantity < 1 || ask->quantity > ORDER_QUANTITY_MAX)
        return deed_wrong_bound(ctx, "quantity", NO_FIELD_OUT_OF_RANGE, ORDER_QUANTITY_MAX);
    TRY(open_offer(ctx, ask->offer, &offer));
    if (i == 0)
        draft->first = offer;
    if (offer.member != draft->first.member || offer.side != draft->first.side ||
        offer.kind != draft->first.kind || offer.a_currency != draft->first.a_currency ||
        offer.b_currency != draft->first.b_currency || offer.price_mode != draft->first.price_mode)
        return NO_PROVIDERS_DIFFER;
    TRY(price_line(ctx, &offer, ask, line));
    line->position = (int64_t)i;
    if (!add_product(&draft->a_total, line->a_minor, ask->quantity) ||
        !add_product(&draft->b_total, line->b_minor, ask->quantity))
        return deed_wrong(ctx, "quantity", NO_FIELD_OUT_OF_RANGE);
    draft->quantity += ask->quantity;
    draft->lines_n++;
    return YES;
}

/* --- parts ------------------------------------------------------------------------------------ */

static no add_part(struct ctx *ctx, struct order_deal *deal, int64_t currency, int64_t price)
{
    const struct house_unit *unit = house_unit(ctx_house(ctx), currency);
    struct fee_split split;

    if (currency == 0)
        return YES;
    if (unit == NULL)
        return NO_PAYMENT_NOT_OFFERED;
    const struct fee_params params = house_fee(ctx_house(ctx), currency);

    TRY(fee_split(price, &params, &split));
    deal->parts[deal->parts_n++] = (struct order_part){
        .unit_kind = unit->unit.kind,
        .currency = (int32_t)currency,
        .price = price,
        .fee_provider = split.fee,
        .funding = unit->unit.kind == UNIT_FIAT ? ORDER_DIRECT : ORDER_INTERNAL,
    };
    return YES;
}

/* Which of the prices is paid: both together, or the one the client chose. */
static no choose_parts(struct ctx *ctx, const struct draft *draft,
                       const struct order_request_form *form, struct order_deal *deal)
{
    const struct sql_offer *offer = &draft->first;
    const bool either = offer->price_mode == PRICE_EITHER;
    const int64_t chosen = form->pay_with != 0 ? form->pay_with : offer->a_currency;

    if (either && chosen != offer->a_currency && chosen != offer->b_currency)
        return NO_PAYMENT_NOT_OFFERED;
    if (!either || chosen == offer->a_currency)
        TRY(add_part(ctx, deal, offer->a_currency, draft->a_total));
    if (!either || chosen == offer->b_currency)
        TRY(add_part(ctx, deal, offer->b_currency, draft->b_total));
    const bool first_changed =
        form->seen_a >= 0 && deal->parts_n > 0 && deal->parts[0].price != form->seen_a;
    const bool second_changed =
        form->seen_b >= 0 && deal->parts_n > 1 && deal->parts[1].price != form->seen_b;

    return first_changed || second_changed ? NO_PRICE_CHANGED : YES;
}

/* --- terms: the house's defaults, then what the members decided ------------------------------- */

static void decided(struct ctx *ctx, str name, int64_t unit_ns, int64_t *duration)
{
    const int64_t value = house_param(ctx_house(ctx), name, 0);

    if (value > 0)
        *duration = value * unit_ns;
}

void order_make_terms(struct ctx *ctx, struct order_terms *terms, const struct sql_offer *offer)
{
    order_terms_default(terms, (enum order_kind)offer->kind,
                        (enum order_cancel_choice)offer->cancel);
    decided(ctx, S("order.accept_hours"), ORDER_HOUR, &terms->accept_ttl);
    decided(ctx, S("order.pay_hours"), ORDER_HOUR, &terms->pay_ttl);
    decided(ctx, S("order.confirm_hours"), ORDER_HOUR, &terms->confirm_silence);
    decided(ctx, S("order.dispute_days"), ORDER_DAY, &terms->dispute_window);
    decided(ctx, S("order.panel_days"), ORDER_DAY, &terms->panel_ttl);
}

/* --- the request ------------------------------------------------------------------------------ */

static no insert(struct ctx *ctx, const struct draft *draft, const struct order_request_form *form,
                 int64_t asker, const struct order_deal *deal, int64_t *id)
{
    const bool need = draft->first.side == 2;
    const int64_t buyer = need ? draft->first.member : asker,
                  provider = need ? asker : draft->first.member;
    struct order_terms terms;
    struct buf bytes;
    uint8_t chance[4];
    char code[8];

    order_make_terms(ctx, &terms, &draft->first);
    if (form->draft)
        terms.draft_ttl = DRAFT_DAYS * ORDER_DAY;
    buf_init(&bytes, ctx->arena, 256);
    order_terms_write(&bytes, &terms);
    ctx->world->chance(ctx->world->self, chance, sizeof chance);
    for (size_t i = 0; i < 4; i++)
        code[i] = (char)('0' + chance[i] % 10);
    char temporary[36];

    uid_write(form->uid, temporary);
    TRY(sql_order_open(ctx->db, form->uid.bytes, (str){temporary, sizeof temporary},
                       draft->first.kind, need ? ORDER_PROVIDER : ORDER_BUYER, buyer, provider,
                       false, draft->first.id, draft->first.title, draft->quantity, form->starts_ns,
                       form->starts_ns, (int64_t)deal->parts_n, buf_str(&bytes), (str){code, 4},
                       ctx->now_ns, id));
    const struct rf reference = rf_of_order(*id);

    TRY(sql_order_reference(ctx->db, *id, rf_str(&reference)));
    for (size_t i = 0; i < draft->lines_n; i++) {
        const struct sql_order_line *line = &draft->lines[i];

        TRY(sql_order_line_put(ctx->db, *id, line->position, line->offer, line->variant,
                               line->title, line->quantity, line->a_minor, line->b_minor, 0));
    }
    for (size_t i = 0; i < deal->parts_n; i++) {
        const struct order_part *p = &deal->parts[i];

        TRY(sql_order_part_put(ctx->db, *id, (int64_t)i, p->unit_kind, p->currency, p->funding,
                               p->price, p->fee_buyer, p->fee_provider, p->deposit, 0, 0, 0, 0,
                               false, false, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    }
    return YES;
}

static no check_form(struct ctx *ctx, const struct order_request_form *form)
{
    if (form->lines_n < 1 || form->lines_n > ORDER_LINES_MAX)
        return deed_wrong_bound(ctx, "quantity", NO_FIELD_OUT_OF_RANGE, ORDER_LINES_MAX);
    if (!utf8_clean(form->note, true))
        return deed_wrong(ctx, "note", NO_FIELD_CONTROL_CHARS);
    if (form->note.len > ORDER_NOTE_MAX && utf8_count(form->note) > ORDER_NOTE_MAX)
        return deed_wrong_bound(ctx, "note", NO_FIELD_TOO_LONG, ORDER_NOTE_MAX);
    if (form->starts_ns < 0 || (form->starts_ns > 0 && form->starts_ns < ctx->now_ns))
        return deed_wrong(ctx, "date", NO_FIELD_OUT_OF_RANGE);
    return YES;
}

/* YES: this very form made an order already. */
static no asked_before(struct ctx *ctx, struct order_request_form *form, int64_t asker)
{
    struct sql_order order;
    int64_t id;

    TRY(sql_order_by_uid(ctx->db, form->uid.bytes, &id));
    TRY(sql_order_get(ctx->db, ctx->arena, id, &order));
    if (order.buyer != asker && order.provider != asker)
        return NO_ALREADY_DONE_DIFFERENTLY;
    form->order = id;
    return YES;
}

/* Hours and credits are between members: whoever is not one has no purse to go below zero with. */
static bool may_hold(const struct ctx *ctx, const struct order_deal *deal, bool buys)
{
    if (!buys || ctx->actor.console || actor_has(ctx, ROLE_MEMBER))
        return true;
    for (size_t i = 0; i < deal->parts_n; i++)
        if (deal->parts[i].funding == ORDER_INTERNAL)
            return false;
    return true;
}

no order_request_now(struct ctx *ctx, void *form_)
{
    struct order_request_form *form = form_;
    const int64_t asker =
        form->for_member != 0 && ctx->actor.console ? form->for_member : ctx->actor.member;
    struct draft draft = {0};
    struct order_deal deal = {0};
    struct order order;
    int64_t entry = 0;

    if (asker == 0)
        return NO_NOT_SIGNED_IN;
    ctx->actor.member = asker;
    const no known = asked_before(ctx, form, asker);

    if (known != NO_NOT_FOUND)
        return known;
    TRY(check_form(ctx, form));
    for (size_t i = 0; i < form->lines_n; i++)
        TRY(add_line(ctx, &draft, &form->lines[i], i));
    if (draft.first.member == asker)
        return NO_ORDER_OWN_OFFER;
    if (draft.first.side == 2 && !ctx->actor.console && !actor_has(ctx, ROLE_MEMBER))
        return NO_NOT_ALLOWED;
    TRY(choose_parts(ctx, &draft, form, &deal));
    if (!may_hold(ctx, &deal, draft.first.side != 2))
        return NO_PAYMENT_NOT_OFFERED;
    TRY(insert(ctx, &draft, form, asker, &deal, &form->order));
    TRY(order_read(ctx, form->order, &order));
    const struct order_act act = {.event = form->draft ? ORDER_DO_DRAFT : ORDER_DO_REQUEST,
                                  .who = order.row.opened_by,
                                  .member = asker,
                                  .now_ns = ctx->now_ns};

    TRY(order_do(ctx, &order, &act, STR_NONE, &entry));
    if (form->note.len > 0) {
        int64_t message;

        TRY(sql_order_message_put(ctx->db, form->order, asker, form->note, ctx->now_ns, &message));
    }
    return YES;
}

no deed_order_request(struct ctx *ctx, struct order_request_form *form)
{
    return deed_run(ctx, order_request_now, form);
}
