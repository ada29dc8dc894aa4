/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Products of a WooCommerce shop: each is an offer of the shop's member, a variation is a variant
 * of its offer, a group is an offer that others point to. Three passes, because a shop may write a
 * variation before its parent and a group before its members. A product is known by its SKU, as the
 * exporter itself refers to it, else by its number. Pictures stay where they are: their addresses
 * are not followed.
 */
#include "deeds/import_in.h"

#include "base/time.h"
#include "base/utf8.h"
#include "deeds/offer_index.h"
#include "store/sql_coop.h"
#include "wire/woocommerce.h"

enum { LABEL_MAX = 120, CATEGORY_NAME_MAX = 60, SKU_MAX = 200 };

struct product_pass {
    struct import_pass pass;
    struct woocommerce file;
    struct product_row row;
    int32_t today;
};

static no next(struct import_pass *pass, struct ctx *ctx, struct csv_wrong *wrong)
{
    struct product_row *row = pass->row;

    TRY(woocommerce_next(pass->file, ctx->arena, row, wrong));
    pass->line = row->line;
    return YES;
}

/* --- names --- */

/* "woo:12:sku:cc-tee", "woo:12:id:741"; 12 is the member, because two shops may both have a 741. */
static str key_of(struct ctx *ctx, const struct import_job *job, str sku, str id)
{
    struct buf out;

    buf_init(&out, ctx->arena, 64);
    buf_printf(&out, "woo:%lld:", (long long)job->seller.id);
    buf_put(&out, sku.len > 0 ? S("sku:") : S("id:"));
    buf_put(&out, sku.len > 0 ? sku : id);
    return buf_str(&out);
}

static str row_key(struct ctx *ctx, const struct import_job *job, const struct product_row *row)
{
    return key_of(ctx, job, row->sku, row->id);
}

/* --- categories --- */

/* What shops call the things for which every co-op has a category from its founding. */
static const struct {
    const char *word, *slug;
} words_of_shops[] = {
    {"clothing", "clothes"},    {"clothes", "clothes"},
    {"vetements", "clothes"},   {"mode", "clothes"},
    {"food", "food"},           {"alimentation", "food"},
    {"epicerie", "food"},       {"grocery", "food"},
    {"garden", "food"},         {"jardin", "food"},
    {"tools", "tools"},         {"outils", "tools"},
    {"crafts", "craft"},        {"artisanat", "craft"},
    {"home", "home"},           {"maison", "home"},
    {"uncategorized", "other"}, {"uncategorised", "other"},
    {"non classe", "other"},    {"non categorise", "other"},
    {"other", "other"},         {"autre", "other"},
};

static bool name_is(struct ctx *ctx, str name, str fold)
{
    return str_eq(utf8_fold(ctx->arena, name), fold);
}

/* A category of the house, or one that this file has made, whose name or slug this is. */
static int64_t category_known(struct ctx *ctx, const struct import_job *job, str fold, bool *made)
{
    const struct house *house = job->house;

    *made = false;
    for (size_t i = 0; i < house->categories_n; i++) {
        const struct house_category *category = &house->categories[i];

        if (str_eq(category->slug, fold) || name_is(ctx, category->name[LANG_EN], fold) ||
            name_is(ctx, category->name[LANG_FR], fold))
            return category->id;
    }
    for (size_t i = 0; i < sizeof words_of_shops / sizeof words_of_shops[0]; i++) {
        const struct house_category *category =
            str_eq(str_of(words_of_shops[i].word), fold)
                ? house_category_by_slug(house, str_of(words_of_shops[i].slug))
                : NULL;

        if (category != NULL)
            return category->id;
    }
    for (size_t i = 0; i < job->made_n; i++)
        if (str_eq(job->made[i].fold, fold)) {
            *made = true;
            return job->made[i].id;
        }
    return 0;
}

static int64_t category_otherwise(const struct import_job *job)
{
    const struct house_category *other = house_category_by_slug(job->house, S("other"));

    return other != NULL ? other->id : job->house->categories[0].id;
}

/* The slug of a new category: letters and digits of its name, never one that is there. */
static str slug_of(struct ctx *ctx, const struct import_job *job, str fold)
{
    struct buf slug;

    buf_init(&slug, ctx->arena, 64);
    buf_put(&slug, S("shop-"));
    for (size_t i = 0; i < fold.len && slug.len < 40; i++) {
        const char c = fold.ptr[i];
        const bool good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

        buf_put_char(&slug, good ? c : '-');
    }
    if (house_category_by_slug(job->house, buf_str(&slug)) != NULL || slug.len < 7)
        buf_printf(&slug, "-%zu", job->house->categories_n + job->made_n);
    return buf_str(&slug);
}

static no category_make(struct ctx *ctx, struct import_job *job, str name, str fold, int64_t *id)
{
    const int64_t position = (int64_t)(job->house->categories_n + job->made_n);
    struct import_category *made = &job->made[job->made_n];

    TRY(sql_category_put(ctx->db, 0, slug_of(ctx, job, fold), name, name, S("basket"), position,
                         id));
    *made = (struct import_category){.id = *id};
    if (fold.len > sizeof made->name)
        fold.len = sizeof made->name;
    for (size_t i = 0; i < fold.len; i++)
        made->name[i] = fold.ptr[i];
    made->fold = (str){made->name, fold.len};
    job->made_n++;
    return YES;
}

/* "Clothing > Hoodies": the narrowest step that the house knows; else its top step becomes a
 * category. */
static no category_of(struct ctx *ctx, struct import_job *job, const struct str_list *paths,
                      int64_t *id, bool *made)
{
    str rest = paths->count > 0 ? paths->items[0] : STR_NONE, step, top = STR_NONE;

    *id = 0;
    *made = false;
    for (bool more = rest.len > 0; more;) {
        bool step_made;

        more = str_cut(rest, '>', &step, &rest);
        step = import_text(ctx, str_trim(step), CATEGORY_NAME_MAX);
        top = top.len == 0 ? step : top;
        const int64_t known = category_known(ctx, job, utf8_fold(ctx->arena, step), &step_made);

        *id = known != 0 ? known : *id;
        *made = known != 0 ? step_made : *made;
    }
    if (*id != 0 || top.len == 0 || job->made_n == IMPORT_CATEGORIES_MAX) {
        *id = *id != 0 ? *id : category_otherwise(job);
        return YES;
    }
    *made = true;
    return category_make(ctx, job, top, utf8_fold(ctx->arena, top), id);
}

/* --- price, stock, words --- */

/* What it costs today: the sale price between its days. */
static no price_of(struct ctx *ctx, const struct product_pass *product, bool *has, int64_t *minor)
{
    const struct product_row *row = product->pass.row;
    const bool sale = row->has_sale_price && product->today >= row->sale_from_days &&
                      product->today <= row->sale_to_days;

    *has = sale || row->has_price;
    *minor = 0;
    if (!*has)
        return YES;
    return import_price(ctx, product->pass.job, sale ? row->sale_price_minor : row->price_minor,
                        sale ? "Sale price" : "Regular price", minor);
}

static no stock_of(struct ctx *ctx, const struct product_row *row, int64_t *stock)
{
    *stock = OFFER_STOCK_UNLIMITED;
    if (!row->in_stock)
        *stock = 0;
    else if (row->has_stock && !row->is_virtual && !row->is_downloadable)
        *stock = row->stock;
    return *stock > OFFER_STOCK_MAX ? deed_wrong(ctx, "Stock", NO_FIELD_OUT_OF_RANGE) : YES;
}

static void put_paragraph(struct ctx *ctx, struct buf *out, str text, size_t points)
{
    if (text.len == 0)
        return;
    if (out->len > 0)
        buf_put(out, S("\n\n"));
    buf_put(out, import_text(ctx, text, points));
}

static str body_of(struct ctx *ctx, enum lang lang, const struct product_row *row)
{
    const bool french = lang == LANG_FR;
    struct buf out;

    buf_init(&out, ctx->arena, row->summary.len + row->description.len + 256);
    put_paragraph(ctx, &out, row->summary, OFFER_BODY_MAX / 4);
    put_paragraph(ctx, &out, row->description, OFFER_BODY_MAX / 2);
    if (row->is_downloadable)
        put_paragraph(ctx, &out,
                      french ? S("Se t\xc3\xa9l\xc3\xa9"
                                 "charge.")
                             : S("A download."),
                      OFFER_BODY_MAX);
    /* Sold elsewhere: the address is for the reader to follow, never for this server. */
    if (row->type == PRODUCT_EXTERNAL && row->external_url.len > 0)
        put_paragraph(ctx, &out, row->external_url, OFFER_BODY_MAX / 4);
    return out.len > 0 ? buf_str(&out) : S("");
}

/* --- pass 1: everything but variations --- */

/* The price of an offer with variants is that of its cheapest one. */
static no price_from_variants(struct ctx *ctx, const struct import_job *job, int64_t offer)
{
    int64_t least;
    const no any = sql_import_variant_least(ctx->db, offer, &least);

    if (any == NO_NOT_FOUND)
        return YES;
    TRY(any);
    TRY(sql_import_offer_price(ctx->db, offer, job->books->unit.id, least, PRICE_ONE));
    return offer_index(ctx, offer);
}

static no take_product(struct ctx *ctx, void *pass_)
{
    struct import_pass *pass = pass_;
    struct import_job *job = pass->job;
    const struct product_row *row = pass->row;
    struct import_offer offer = {.member = job->seller.id, .kind = ORDER_SALE, .per = PER_ITEM};
    const bool own_price = row->type == PRODUCT_SIMPLE;
    bool has_price;
    int64_t id;

    if (row->type == PRODUCT_VARIATION)
        return YES;
    if (row->sku.len > SKU_MAX)
        return deed_wrong(ctx, "SKU", NO_FIELD_TOO_LONG);
    offer.key = row_key(ctx, job, row);
    TRY(import_first(ctx, job, offer.key, row->sku.len > 0 ? "SKU" : "ID"));
    TRY(price_of(ctx, pass->self, &has_price, &offer.minor));
    TRY(stock_of(ctx, row, &offer.stock));
    TRY(category_of(ctx, job, &row->categories, &offer.category, &offer.reindex));
    offer.mode = own_price && has_price && offer.minor > 0 ? PRICE_ONE : PRICE_ON_REQUEST;
    if (offer.mode != PRICE_ONE)
        offer.minor = 0;
    offer.status = row->published == PRODUCT_PUBLISHED ? OFFER_OPEN : OFFER_PAUSED;
    offer.title = import_title(ctx, row->name, job->seller.name);
    offer.body = body_of(ctx, job->house->lang, row);
    const bool placed = job->seller.place.len > 0 && (job->seller.lat != 0 || job->seller.lon != 0);

    offer.place = placed ? job->seller.place : job->house->place;
    offer.lat = (int32_t)(placed ? job->seller.lat : job->house->lat);
    offer.lon = (int32_t)(placed ? job->seller.lon : job->house->lon);
    TRY(import_put_offer(ctx, job, &offer, &pass->did, &id));
    return row->type == PRODUCT_VARIABLE && pass->did == IMPORT_CHANGED
               ? price_from_variants(ctx, job, id)
               : YES;
}

/* --- pass 2: variations --- */

/* "Blue, Large"; the product's own name when it says nothing of itself. */
static str label_of(struct ctx *ctx, const struct product_row *row)
{
    struct buf out;

    buf_init(&out, ctx->arena, 64);
    for (size_t i = 0; i < row->attributes_count; i++) {
        if (row->attributes[i].values.count == 0)
            continue;
        if (out.len > 0)
            buf_put(&out, S(", "));
        buf_put(&out, row->attributes[i].values.items[0]);
    }
    return import_text(ctx, out.len > 0 ? buf_str(&out) : row->name, LABEL_MAX);
}

static no put_variant(struct ctx *ctx, struct import_pass *pass, int64_t offer, str key, str label,
                      int64_t minor, int64_t stock)
{
    struct sql_import_variant known;
    uint8_t sha[HASH_SIZE];
    const str hash = {(const char *)sha, sizeof sha};
    struct buf line;
    int64_t id;

    buf_init(&line, ctx->arena, 160);
    buf_put(&line, label);
    buf_printf(&line, "|%lld|%lld", (long long)minor, (long long)stock);
    import_hash(buf_str(&line), sha);
    const no found = sql_import_variant_get(ctx->db, ctx->arena, key, &known);

    if (found == NO_NOT_FOUND) {
        pass->did = IMPORT_ADDED;
        TRY(sql_import_variant_add(ctx->db, offer, label, minor, stock, pass->line, key, hash,
                                   &id));
    } else {
        TRY(found);
        pass->did = import_hash_is(known.source_hash, sha) ? IMPORT_SAME : IMPORT_CHANGED;
        if (pass->did == IMPORT_SAME)
            return YES;
        TRY(sql_import_variant_edit(ctx->db, known.id, label, minor, stock, hash));
    }
    return price_from_variants(ctx, pass->job, offer);
}

static no take_variation(struct ctx *ctx, void *pass_)
{
    struct import_pass *pass = pass_;
    struct import_job *job = pass->job;
    const struct product_row *row = pass->row;
    struct sql_import_offer parent;
    int64_t minor, stock;
    bool has_price;

    if (row->type != PRODUCT_VARIATION)
        return YES;
    if (row->sku.len > SKU_MAX)
        return deed_wrong(ctx, "SKU", NO_FIELD_TOO_LONG);
    if (!row->has_parent)
        return deed_wrong(ctx, "Parent", NO_FIELD_MISSING);
    const str key = row_key(ctx, job, row);

    TRY(import_first(ctx, job, key, row->sku.len > 0 ? "SKU" : "ID"));
    const no found = sql_import_offer_get(
        ctx->db, ctx->arena, key_of(ctx, job, row->parent.sku, row->parent.id), &parent);

    if (found == NO_NOT_FOUND)
        return deed_wrong(ctx, "Parent", NO_NOT_FOUND);
    TRY(found);
    TRY(price_of(ctx, pass->self, &has_price, &minor));
    if (!has_price || minor == 0)
        return deed_wrong(ctx, "Regular price", NO_FIELD_MISSING);
    TRY(stock_of(ctx, row, &stock));
    return put_variant(ctx, pass, parent.id, key, label_of(ctx, row), minor, stock);
}

/* --- pass 3: groups --- */

static no take_group(struct ctx *ctx, void *pass_)
{
    struct import_pass *pass = pass_;
    const struct product_row *row = pass->row;
    struct sql_import_offer group, child;

    if (row->type != PRODUCT_GROUPED)
        return YES;
    const no known =
        sql_import_offer_get(ctx->db, ctx->arena, row_key(ctx, pass->job, row), &group);

    if (known != YES)
        return known == NO_NOT_FOUND ? YES : known; /* refused in the first pass */
    for (size_t i = 0; i < row->children_count; i++) {
        const struct product_ref *ref = &row->children[i];
        const no found = sql_import_offer_get(ctx->db, ctx->arena,
                                              key_of(ctx, pass->job, ref->sku, ref->id), &child);

        if (found == NO_NOT_FOUND)
            return deed_wrong(ctx, "Grouped products", NO_NOT_FOUND);
        TRY(found);
        if (child.group_of != group.id)
            TRY(sql_import_offer_group(ctx->db, child.id, group.id));
    }
    return YES;
}

/* --- the file --- */

static no one_pass(struct ctx *ctx, struct import_job *job, struct product_pass *product,
                   no (*take)(struct ctx *, void *), bool first)
{
    struct csv_wrong wrong = {0};
    const no opened =
        woocommerce_open(&product->file, ctx->arena, job->form->bytes, job->exponent, &wrong);

    if (opened != YES) {
        import_refuse(job, wrong.line, wrong.field, opened);
        return opened;
    }
    product->pass = (struct import_pass){.job = job,
                                         .next = next,
                                         .take = take,
                                         .csv = &product->file.csv,
                                         .file = &product->file,
                                         .row = &product->row,
                                         .self = product,
                                         .quiet = !first,
                                         .counts = true};
    return import_pass(ctx, &product->pass);
}

no import_products(struct ctx *ctx, struct import_job *job)
{
    struct product_pass *product = arena_take(ctx->arena, sizeof *product);

    if (product == NULL || job->house->categories_n == 0)
        return NO_TOO_LARGE;
    product->today = house_day(job->house, ctx->now_ns);
    TRY(one_pass(ctx, job, product, take_product, true));
    TRY(one_pass(ctx, job, product, take_variation, false));
    return one_pass(ctx, job, product, take_group, false);
}
