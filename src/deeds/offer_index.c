/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/offer_index.h"

#include "deeds/house.h"
#include "deeds/market_words.h"
#include "deeds/place.h"
#include "rules/geo.h"
#include "rules/offer.h"
#include "store/sql_market.h"
#include "store/sql_offer.h"

static void put_token(struct buf *words, char letter, int64_t number)
{
    buf_put_char(words, ' ');
    buf_put_char(words, letter);
    buf_put_int(words, number);
}

/* What it costs in the money of the books; false when it cannot be had for that. */
static bool price_in_books(const struct ctx *ctx, const struct sql_offer *offer, int64_t *minor)
{
    const struct house *house = ctx_house(ctx);
    const int64_t books = house->units_n > 0 ? house->units[0].unit.id : 0;

    if (offer->price_mode == PRICE_FREE)
        *minor = 0;
    else if (offer->price_mode != PRICE_ON_REQUEST && offer->a_currency == books)
        *minor = offer->a_minor;
    else if (offer->price_mode != PRICE_ON_REQUEST && offer->b_currency == books)
        *minor = offer->b_minor;
    else
        return false;
    return true;
}

static void put_tokens(const struct ctx *ctx, struct buf *words, const struct sql_offer *offer)
{
    int64_t price;

    put_token(words, 's', offer->side);
    put_token(words, 'k', offer->kind);
    put_token(words, 'c', offer->category);
    put_token(words, 'g', offer->cell);
    put_token(words, 'h', geo_fine_cell((int32_t)offer->lat, (int32_t)offer->lon));
    if (price_in_books(ctx, offer, &price))
        put_token(words, 'p', market_band(price));
    if (offer->a_currency > 0)
        put_token(words, 'u', offer->a_currency);
    if (offer->b_currency > 0)
        put_token(words, 'u', offer->b_currency);
}

static void put_category(const struct ctx *ctx, struct buf *words, int64_t id)
{
    const struct house_category *category = house_category(ctx_house(ctx), id);

    for (int lang = 0; category != NULL && lang < LANG_COUNT; lang++)
        market_words_put(words, ctx->arena, category->name[lang]);
}

static no forget(struct ctx *ctx, int64_t offer)
{
    struct sql_market_words old;
    const no known = sql_market_words_get(ctx->db, ctx->arena, offer, &old);

    if (known == NO_NOT_FOUND)
        return YES;
    TRY(known);
    TRY(sql_market_search_drop(ctx->db, offer, old.words));
    TRY(sql_market_words_drop(ctx->db, offer));
    return sql_market_count_add(ctx->db, old.side, old.kind, old.category, -1);
}

static no write(struct ctx *ctx, const struct sql_offer *offer)
{
    struct buf title, words;

    buf_init(&title, ctx->arena, 256);
    market_words_put(&title, ctx->arena, offer->title);
    buf_put_char(&title, ' ');
    buf_init(&words, ctx->arena, 1024);
    put_tokens(ctx, &words, offer);
    buf_put(&words, buf_str(&title));
    market_words_put(&words, ctx->arena, offer->body);
    market_words_put(&words, ctx->arena, offer->place);
    put_category(ctx, &words, offer->category);
    if (buf_failed(&title) || buf_failed(&words) || arena_overflowed(ctx->arena))
        return NO_TOO_LARGE;
    TRY(sql_market_words_put(ctx->db, offer->id, offer->side, offer->kind, offer->category,
                             offer->lat, offer->lon, offer->a_currency, offer->a_minor,
                             offer->b_currency, offer->b_minor, offer->price_mode, buf_str(&title),
                             buf_str(&words)));
    TRY(sql_market_search_put(ctx->db, offer->id, buf_str(&words)));
    return sql_market_count_add(ctx->db, offer->side, offer->kind, offer->category, 1);
}

no offer_index(struct ctx *ctx, int64_t id)
{
    const size_t mark = arena_mark(ctx->arena);
    struct sql_offer offer;

    TRY(forget(ctx, id));
    TRY(sql_offer_get(ctx->db, ctx->arena, id, &offer));
    if (offer.status == OFFER_OPEN)
        TRY(write(ctx, &offer));
    arena_rewind(ctx->arena, mark);
    return YES;
}

no offer_index_of(struct ctx *ctx, int64_t member)
{
    struct sql_market_id *ids;
    size_t ids_n;

    TRY(sql_market_ids_of(ctx->db, ctx->arena, member, &ids, &ids_n));
    for (size_t i = 0; i < ids_n; i++)
        TRY(offer_index(ctx, ids[i].id));
    return YES;
}

/* --- rebuild --- */

static no reindex(struct ctx *ctx, void *form_)
{
    struct offer_reindex_form *form = form_;
    struct sql_market_id *ids;
    size_t ids_n;

    if (!ctx->actor.console)
        return NO_NOT_ALLOWED;
    if (form->after == 0) {
        TRY(sql_market_search_clear(ctx->db));
        TRY(sql_market_words_clear(ctx->db));
        TRY(sql_market_count_clear(ctx->db));
    }
    TRY(sql_market_open_after(ctx->db, ctx->arena, form->after, form->most, &ids, &ids_n));
    for (size_t i = 0; i < ids_n; i++) {
        TRY(offer_index(ctx, ids[i].id));
        form->after = ids[i].id;
    }
    form->n = (int64_t)ids_n;
    return YES;
}

no deed_offer_reindex(struct ctx *ctx, struct offer_reindex_form *form)
{
    return deed_run(ctx, reindex, form);
}

static no reload(struct ctx *ctx, void *form)
{
    (void)form;
    if (!ctx->actor.console)
        return NO_NOT_ALLOWED;
    ctx->world->house_changed(ctx->world->self); /* it knows the places around by heart */
    return place_load(ctx);
}

no deed_place_reload(struct ctx *ctx)
{
    return deed_run(ctx, reload, NULL);
}
