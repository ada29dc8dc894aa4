/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What every importer writes: offers that are found again, titles that fit, prices in the co-op's
 * money, handles that are free.
 */
#include "deeds/import_in.h"

#include "base/utf8.h"
#include "deeds/offer_index.h"
#include "rules/geo.h"
#include "store/sql_offer.h"

#include <string.h>

enum { HANDLE_MAX = 20, HANDLE_TRIES = 16, HANDLE_NUMBERS = 4 };

/* --- what was seen in this file --- */

no import_first(struct ctx *ctx, struct import_job *job, str key, const char *field)
{
    struct import_seen *seen = &job->seen;
    uint8_t sha[HASH_SIZE];
    uint64_t name = 0;

    hash_sha256(key.ptr, key.len, sha);
    for (size_t i = 0; i < 8; i++)
        name = name << 8 | sha[i];
    name |= 1; /* 0 is free */
    if (seen->used * 4 >= seen->room * 3)
        return NO_TOO_LARGE;
    size_t at = (size_t)(name % seen->room);

    while (seen->keys[at] != 0 && seen->keys[at] != name)
        at = (at + 1) % seen->room;
    if (seen->keys[at] == name)
        return deed_wrong(ctx, field, NO_FIELD_TAKEN);
    seen->keys[at] = name;
    seen->used++;
    return YES;
}

void import_hash(str canonical, uint8_t hash[HASH_SIZE])
{
    hash_sha256(canonical.ptr, canonical.len, hash);
}

bool import_hash_is(str stored, const uint8_t hash[HASH_SIZE])
{
    return stored.len == HASH_SIZE && memcmp(stored.ptr, hash, HASH_SIZE) == 0;
}

/* --- words --- */

str import_text(struct ctx *ctx, str text, size_t points)
{
    struct buf out;

    if (text.len == 0)
        return S("");
    if (utf8_count(text) <= points)
        return text;
    buf_init(&out, ctx->arena, text.len + 4);
    buf_put(&out, str_trim(utf8_head(text, points - 1)));
    buf_put(&out, S("\xe2\x80\xa6"));
    return buf_str(&out);
}

str import_title(struct ctx *ctx, str title, str more)
{
    struct buf out;

    if (utf8_count(title) >= OFFER_TITLE_MIN)
        return import_text(ctx, title, OFFER_TITLE_MAX);
    buf_init(&out, ctx->arena, title.len + more.len + 2);
    buf_put(&out, title);
    buf_put(&out, S(", "));
    buf_put(&out, more);
    return import_text(ctx, buf_str(&out), OFFER_TITLE_MAX);
}

uid import_uid(struct ctx *ctx)
{
    uint8_t chance[10];

    ctx->world->chance(ctx->world->self, chance, sizeof chance);
    return uid_make(ctx->now_ns / 1000000, chance);
}

static void put_slug(struct buf *out, str folded, size_t most)
{
    const size_t start = out->len;

    for (size_t i = 0; i < folded.len && out->len - start < most; i++) {
        const char c = folded.ptr[i];

        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            buf_put_char(out, c);
        else if (out->len > start && out->ptr[out->len - 1] != '-')
            buf_put_char(out, '-');
    }
    if (out->len > start && out->ptr[out->len - 1] == '-')
        out->len--;
}

/* What makes the n-th try another: what the file calls the person, small numbers, then chance,
 * because a list may have a thousand people of one name. */
static void put_suffix(struct ctx *ctx, struct buf *out, str suffix, int n)
{
    uint8_t chance[4];

    buf_put_char(out, '-');
    if (n == 1 && suffix.len > 0) {
        buf_put(out, suffix);
    } else if (n < HANDLE_NUMBERS) {
        buf_put_int(out, n + 1);
    } else {
        ctx->world->chance(ctx->world->self, chance, sizeof chance);
        for (size_t i = 0; i < sizeof chance; i++)
            buf_printf(out, "%02x", chance[i]);
    }
}

no import_handle(struct ctx *ctx, str name, str suffix, str *handle)
{
    struct sql_import_member other;
    struct buf out;

    buf_init(&out, ctx->arena, 64);
    put_slug(&out, utf8_fold(ctx->arena, name), HANDLE_MAX);
    if (out.len < 2)
        buf_put(&out, S("member"));
    const size_t stem = out.len;

    for (int n = 1; n < HANDLE_TRIES; n++) {
        const no taken = sql_import_member_by_handle(ctx->db, ctx->arena, buf_str(&out), &other);

        if (taken == NO_NOT_FOUND) {
            *handle = arena_str(ctx->arena, buf_str(&out));
            return YES;
        }
        TRY(taken);
        out.len = stem;
        put_suffix(ctx, &out, suffix, n);
    }
    return NO_CONFLICT;
}

/* --- prices --- */

no import_price(struct ctx *ctx, const struct import_job *job, int64_t minor, const char *field,
                int64_t *converted)
{
    int64_t made = minor;

    if (job->converts) {
        const no answer = rate_convert_half_even(&job->rate, minor, job->exponent,
                                                 job->books->unit.exponent, &made);

        if (answer != YES)
            return deed_wrong(ctx, field, NO_FIELD_OUT_OF_RANGE);
    }
    if (made < 0 || made > OFFER_PRICE_MAX)
        return deed_wrong(ctx, field, NO_FIELD_OUT_OF_RANGE);
    *converted = made;
    return YES;
}

/* --- offers --- */

static void put_part(struct buf *out, str text)
{
    buf_put_int(out, (int64_t)text.len);
    buf_put_char(out, ':');
    buf_put(out, text);
}

/* Everything of the line that is written, each text with its length before it. */
static str canonical(struct ctx *ctx, const struct import_offer *offer)
{
    const int64_t numbers[] = {offer->kind,  offer->per,   (int64_t)offer->mode,
                               offer->minor, offer->stock, offer->category,
                               offer->lat,   offer->lon,   (int64_t)offer->status};
    struct buf out;

    buf_init(&out, ctx->arena, offer->body.len + 512);
    put_part(&out, offer->title);
    put_part(&out, offer->body);
    put_part(&out, offer->place);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        buf_put_char(&out, '|');
        buf_put_int(&out, numbers[i]);
    }
    return buf_str(&out);
}

static no add(struct ctx *ctx, const struct import_job *job, const struct import_offer *offer,
              str hash, int64_t *id)
{
    int32_t lat = offer->lat, lon = offer->lon;
    const int64_t currency = offer->mode == PRICE_ONE ? job->books->unit.id : 0;

    geo_round_300m(&lat, &lon);
    return sql_offer_add(ctx->db, import_uid(ctx).bytes, offer->member, 1, offer->kind,
                         offer->status, offer->title, offer->body, job->house->lang,
                         offer->category, currency, offer->minor, 0, 0, offer->mode, offer->per,
                         offer->stock, ORDER_FLEXIBLE, offer->place, lat, lon, geo_cell(lat, lon),
                         offer->key, hash, 0, ctx->now_ns, id);
}

static no edit(struct ctx *ctx, const struct import_job *job, const struct import_offer *offer,
               str hash, const struct sql_import_offer *known)
{
    int32_t lat = offer->lat, lon = offer->lon;
    const int64_t currency = offer->mode == PRICE_ONE ? job->books->unit.id : 0;

    geo_round_300m(&lat, &lon);
    return sql_offer_edit(ctx->db, known->id, offer->kind, known->status, offer->title, offer->body,
                          job->house->lang, offer->category, currency, offer->minor, 0, 0,
                          offer->mode, offer->per, offer->stock, ORDER_FLEXIBLE, offer->place, lat,
                          lon, geo_cell(lat, lon), hash, known->group_of, ctx->now_ns);
}

no import_put_offer(struct ctx *ctx, struct import_job *job, const struct import_offer *offer,
                    enum import_did *did, int64_t *id)
{
    struct sql_import_offer known;
    uint8_t sha[HASH_SIZE];
    const str hash = {(const char *)sha, sizeof sha};

    import_hash(canonical(ctx, offer), sha);
    const no found = sql_import_offer_get(ctx->db, ctx->arena, offer->key, &known);

    if (found == NO_NOT_FOUND) {
        TRY(add(ctx, job, offer, hash, id));
        *did = IMPORT_ADDED;
    } else {
        TRY(found);
        *id = known.id;
        *did = import_hash_is(known.source_hash, sha) ? IMPORT_SAME : IMPORT_CHANGED;
        if (*did == IMPORT_SAME)
            return YES;
        TRY(edit(ctx, job, offer, hash, &known));
    }
    if (offer->reindex)
        import_reindex(ctx, job, *id);
    return offer_index(ctx, *id);
}

void import_reindex(struct ctx *ctx, struct import_job *job, int64_t offer)
{
    (void)ctx;
    if (job->reindex_n < job->reindex_room)
        job->reindex[job->reindex_n++] = offer;
}
