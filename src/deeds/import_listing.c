/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Listings of Inside Airbnb: a room for the night, and its host as a member whom nobody has reached
 * yet. Homes are placed to 300 m, as all offers are.
 */
#include "deeds/import_in.h"

#include "base/utf8.h"
#include "deeds/member.h"
#include "deeds/member_words.h"
#include "store/sql_member.h"
#include "wire/airbnb.h"

struct listing_pass {
    struct import_pass pass;
    struct airbnb file;
    struct listing_row row;
    int64_t category;
};

static no next(struct import_pass *pass, struct ctx *ctx, struct csv_wrong *wrong)
{
    struct listing_row *row = pass->row;

    TRY(airbnb_next(pass->file, ctx->arena, row, wrong));
    pass->line = row->line;
    return YES;
}

/* --- the host --- */

static str key_of(struct ctx *ctx, const char *kind, str id)
{
    struct buf out;

    buf_init(&out, ctx->arena, 48);
    buf_put(&out, str_of(kind));
    buf_put_char(&out, ':');
    buf_put(&out, id);
    return buf_str(&out);
}

static no add_host(struct ctx *ctx, const struct import_job *job, str key, str name, str suffix,
                   int64_t *id)
{
    str handle;

    TRY(import_handle(ctx, name, suffix, &handle));
    TRY(sql_member_add(ctx->db, import_uid(ctx).bytes, handle, name, STR_NONE, STR_NONE, S(""),
                       ROLE_CLIENT, MEMBER_IMPORTED, job->house->lang, S(""), S(""), S(""), S(""),
                       INT64_C(0), INT64_C(0), S(""), S(""), INT64_C(0), S(""), key, ctx->now_ns,
                       INT64_C(0), id));
    return member_words_put(ctx, *id);
}

/* A listing without a host's number stands for a host of its own. */
static no host_of(struct ctx *ctx, const struct import_job *job, const struct listing_row *row,
                  int64_t *id)
{
    const bool known_host = row->host_id.len > 0;
    const str key = known_host ? key_of(ctx, "airbnb-host", row->host_id)
                               : key_of(ctx, "airbnb-host-of", row->id);
    const str name = row->host_name.len > 0 ? import_text(ctx, row->host_name, MEMBER_NAME_MAX)
                     : job->house->lang == LANG_FR ? S("H\xc3\xb4te")
                                                   : S("Host");
    struct sql_import_member host;
    const no found = sql_import_member_by_source(ctx->db, ctx->arena, key, &host);

    if (found == NO_NOT_FOUND)
        return add_host(ctx, job, key, name, known_host ? row->host_id : row->id, id);
    TRY(found);
    *id = host.id;
    if (host.status != MEMBER_IMPORTED || str_eq(host.name, name))
        return YES;
    TRY(sql_import_member_edit(ctx->db, host.id, name, host.roles, MEMBER_IMPORTED,
                               job->house->lang, host.place, host.lat, host.lon, INT64_C(0)));
    return member_words_put(ctx, host.id);
}

/* --- the listing --- */

static void put_nights(struct buf *out, enum lang lang, int32_t nights)
{
    if (nights < 2)
        return;
    if (lang == LANG_FR)
        buf_printf(out, ", %d nuits au moins", (int)nights);
    else
        buf_printf(out, ", %d nights at least", (int)nights);
}

/* Kept in the language of the co-op, as what a member writes: what the columns say in words, the
 * listing's own text, and where it comes from (CC BY 4.0 wants that said). */
static str body_of(struct ctx *ctx, enum lang lang, const struct listing_row *row)
{
    static const char *const rooms[LANG_COUNT][4] = {
        [LANG_EN] = {"Entire home", "Private room", "Shared room", "Hotel room"},
        [LANG_FR] = {"Logement entier",
                     "Chambre priv\xc3\xa9"
                     "e",
                     "Chambre partag\xc3\xa9"
                     "e",
                     "Chambre d\xe2\x80\x99h\xc3\xb4tel"}};
    struct buf out;

    buf_init(&out, ctx->arena, row->description.len + 256);
    buf_put(&out, str_of(rooms[lang][row->room]));
    put_nights(&out, lang, row->minimum_nights);
    buf_put(&out, S("."));
    if (utf8_count(row->title) > OFFER_TITLE_MAX) {
        buf_put(&out, S("\n\n"));
        buf_put(&out, row->title);
    }
    if (row->description.len > 0) {
        buf_put(&out, S("\n\n"));
        buf_put(&out, import_text(ctx, row->description, OFFER_BODY_MAX - 1000));
    }
    if (row->licence.len > 0) {
        buf_put(&out,
                lang == LANG_FR ? S("\n\nEnregistrement\xc2\xa0: ") : S("\n\nRegistration: "));
        buf_put(&out, import_text(ctx, row->licence, 200));
    }
    buf_put(&out, S("\n\nSource: Inside Airbnb, CC BY 4.0"));
    return buf_str(&out);
}

static no read_price(struct ctx *ctx, const struct import_job *job, const struct listing_row *row,
                     struct import_offer *offer)
{
    offer->mode = PRICE_ON_REQUEST;
    if (!row->has_price || job->form->without_prices)
        return YES;
    TRY(import_price(ctx, job, row->price_minor, "price", &offer->minor));
    offer->mode = offer->minor > 0 ? PRICE_ONE : PRICE_ON_REQUEST;
    return YES;
}

static no take(struct ctx *ctx, void *pass_)
{
    struct import_pass *pass = pass_;
    struct import_job *job = pass->job;
    const struct listing_pass *listing = pass->self;
    const struct listing_row *row = pass->row;
    const str place = row->neighbourhood.len > 0 ? row->neighbourhood : row->neighbourhood_group;
    struct import_offer offer = {.key = key_of(ctx, "airbnb", row->id),
                                 .kind = ORDER_RENTAL,
                                 .per = PER_NIGHT,
                                 .stock = OFFER_STOCK_UNLIMITED,
                                 .category = listing->category,
                                 .status = OFFER_OPEN,
                                 .lat = row->latitude_e6,
                                 .lon = row->longitude_e6};
    int64_t id;

    TRY(import_first(ctx, job, offer.key, "id"));
    TRY(read_price(ctx, job, row, &offer));
    offer.place = import_text(ctx, place.len > 0 ? place : job->house->place, 120);
    offer.title = import_title(ctx, row->title, offer.place);
    offer.body = body_of(ctx, job->house->lang, row);
    TRY(host_of(ctx, job, row, &offer.member));
    return import_put_offer(ctx, job, &offer, &pass->did, &id);
}

no import_listings(struct ctx *ctx, struct import_job *job)
{
    struct listing_pass *listing = arena_take(ctx->arena, sizeof *listing);
    const struct house_category *room = house_category_by_slug(job->house, S("room"));
    struct csv_wrong wrong = {0};

    if (listing == NULL || job->house->categories_n == 0)
        return NO_TOO_LARGE;
    listing->category = room != NULL ? room->id : job->house->categories[0].id;
    const no opened =
        airbnb_open(&listing->file, ctx->arena, job->form->bytes, job->exponent, &wrong);

    if (opened != YES) {
        import_refuse(job, wrong.line, wrong.field, opened);
        return opened;
    }
    listing->pass = (struct import_pass){.job = job,
                                         .next = next,
                                         .take = take,
                                         .csv = &listing->file.csv,
                                         .file = &listing->file,
                                         .row = &listing->row,
                                         .self = listing,
                                         .counts = true};
    return import_pass(ctx, &listing->pass);
}
