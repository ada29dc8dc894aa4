/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/http/market_card.h"

#include "base/asset.h"
#include "doors/http/frame.h"
#include "pages/put.h"
#include "rules/review.h"

enum { LAZY_FROM = 3 };

/* --- prices --------------------------------------------------------------------------------------
 */

static enum lang_key per_key(int64_t per)
{
    static const enum lang_key keys[PER_KINDS] = {
        [PER_WHOLE] = T_per_whole,   [PER_HOUR] = T_per_hour, [PER_DAY] = T_per_day,
        [PER_NIGHT] = T_per_night,   [PER_ITEM] = T_per_item, [PER_KG] = T_per_kg,
        [PER_PERSON] = T_per_person,
    };

    return keys[per >= 0 && per < PER_KINDS ? per : PER_WHOLE];
}

static money amount_of(const struct house *house, int64_t currency, int64_t minor)
{
    return currency > 0 ? house_money(house, currency, minor) : (money){0};
}

struct price_tag market_price_tag(const struct house *house, int64_t kind, int64_t mode,
                                  int64_t per, int64_t a_currency, int64_t a_minor,
                                  int64_t b_currency, int64_t b_minor)
{
    return (struct price_tag){.mode = (enum offer_price_mode)mode,
                              .gift = kind == ORDER_GIFT,
                              .a = amount_of(house, a_currency, a_minor),
                              .b = amount_of(house, b_currency, b_minor),
                              .per = per_key(per)};
}

bool market_split(const struct house *house, const struct price_tag *price, struct fee_split *split)
{
    if (price->mode == PRICE_FREE || price->mode == PRICE_ON_REQUEST)
        return false;
    const struct fee_params params = house_fee(house, price->a.unit.id);

    return fee_split(price->a.minor, &params, split) == YES;
}

/* --- words --- */

str market_counted(struct http_req *req, enum lang_key key, int64_t n)
{
    const str text = lang_text_n(req->ctx.lang, key, n);
    const size_t at = str_find(text, S("{n}"));
    struct buf out;

    if (at == text.len)
        return text;
    buf_init(&out, req->ctx.arena, text.len + 16);
    buf_put(&out, str_sub(text, 0, at));
    money_put_count(&out, req->ctx.lang, n);
    buf_put(&out, str_sub(text, at + 3, text.len));
    return buf_str(&out);
}

static void put_tenths(struct http_req *req, struct buf *out, int64_t tenths)
{
    buf_put_int(out, tenths / 10);
    buf_put_char(out, req->ctx.lang == LANG_FR ? ',' : '.');
    buf_put_int(out, tenths % 10);
}

str market_distance(struct http_req *req, int64_t metres)
{
    struct buf out;

    if (metres < 0)
        return STR_NONE;
    buf_init(&out, req->ctx.arena, 24);
    if (metres < 950) {
        buf_put_int(&out, metres < 100 ? 100 : (metres + 50) / 100 * 100);
        buf_put(&out, S("\xc2\xa0m"));
    } else if (metres < 99950) {
        put_tenths(req, &out, (metres + 50) / 100);
        buf_put(&out, S("\xc2\xa0km"));
    } else {
        money_put_count(&out, req->ctx.lang, (metres + 500) / 1000);
        buf_put(&out, S("\xc2\xa0km"));
    }
    return buf_str(&out);
}

str market_stars(struct http_req *req, int64_t stars_sum, int64_t reviews_n)
{
    struct buf out;

    if (reviews_n == 0)
        return STR_NONE;
    buf_init(&out, req->ctx.arena, 8);
    put_tenths(req, &out, (review_mean_centi(stars_sum, reviews_n) + 5) / 10);
    return buf_str(&out);
}

str market_category_name(const struct http_req *req, int64_t id)
{
    const struct house_category *category = house_category(ctx_house(&req->ctx), id);

    return category == NULL ? STR_NONE : category->name[req->ctx.lang];
}

enum lang_key market_kind_key(int64_t order_kind)
{
    static const enum lang_key keys[ORDER_KINDS] = {
        [ORDER_SALE] = T_kind_sale,     [ORDER_SLOT] = T_kind_slot,
        [ORDER_RENTAL] = T_kind_rental, [ORDER_EXCHANGE] = T_kind_exchange,
        [ORDER_GIFT] = T_kind_gift,     [ORDER_SERVICE] = T_kind_service,
    };

    return keys[order_kind > 0 && order_kind < ORDER_KINDS ? order_kind : ORDER_SALE];
}

/* --- pictures --- */

url market_picture(struct http_req *req, int64_t photo, int64_t category, const char *size)
{
    const struct house_category *known = house_category(ctx_house(&req->ctx), category);
    struct buf out;

    buf_init(&out, req->ctx.arena, 48);
    if (photo > 0) {
        buf_printf(&out, "/photo/%lld/%s.webp", (long long)photo, size);
        return (url){buf_str(&out)};
    }
    buf_put(&out, S("img/"));
    buf_put(&out, known == NULL || known->picture.len == 0 ? S("basket") : known->picture);
    buf_put(&out, S(".svg"));
    return asset_url(buf_str(&out));
}

/* --- cards --- */

static str left_of(struct http_req *req, const struct sql_market_card *row)
{
    const struct offer_claims claims = {.stock = row->stock, .firm = row->claimed};

    return row->stock == OFFER_STOCK_UNLIMITED
               ? STR_NONE
               : market_counted(req, T_market_left, offer_claim_left(&claims));
}

void market_card_fill(struct http_req *req, const struct sql_market_card *row, int64_t distance_m,
                      int64_t number, struct market_card *card)
{
    const struct house *house = ctx_house(&req->ctx);
    struct fee_split split;

    *card = (struct market_card){
        .id = row->id,
        .number = number,
        .lang = row->lang == LANG_FR ? S("fr") : S("en"),
        .title = row->title,
        .who = row->name,
        .where = distance_m >= 0 ? market_distance(req, distance_m) : row->place,
        .left = left_of(req, row),
        .stars = market_stars(req, row->stars_sum, row->reviews_n),
        .reviews_n = row->reviews_n,
        .picture = market_picture(req, row->photo, row->category, "card"),
        .alt = row->photo > 0 ? row->title : STR_NONE,
        .lazy = number >= LAZY_FROM,
        .price = market_price_tag(house, row->kind, row->price_mode, row->per, row->a_currency,
                                  row->a_minor, row->b_currency, row->b_minor)};
    card->has_split = row->side == 1 && market_split(house, &card->price, &split);
    if (card->has_split) {
        card->receives = (money){split.provider, card->price.a.unit};
        split_bar_draw(&card->split, &split);
    }
}

const struct market_card *market_cards_fill(struct http_req *req,
                                            const struct sql_market_card *rows,
                                            const int64_t *distances_m, size_t n, int64_t first)
{
    struct market_card *cards = arena_take_many(req->ctx.arena, n, sizeof *cards);

    for (size_t i = 0; cards != NULL && i < n; i++)
        market_card_fill(req, &rows[i], distances_m == NULL ? -1 : distances_m[i],
                         first > 0 ? first + (int64_t)i : 0, &cards[i]);
    return cards;
}
