/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/place.h"

#include "base/asset.h"
#include "base/utf8.h"
#include "deeds/house.h"
#include "deeds/surroundings.h"
#include "rules/geo.h"
#include "store/sql_member.h"

#include <string.h>

enum { FEW = PLACE_CHOICES_MAX + 1, HOME_METRES = 50000, ARRONDISSEMENT_LAST = 20, START_MIN = 3 };

/* --- keys --- */

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "7e", "7eme", "7th", "1st", "1er" are one number each. */
static bool ordinal(str word, str *number)
{
    static const char *const ends[] = {"e", "er", "eme", "ieme", "st", "nd", "rd", "th"};
    size_t n = 0;

    while (n < word.len && digit(word.ptr[n]))
        n++;
    if (n == 0 || n > 2)
        return false;
    *number = str_sub(word, 0, n);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (str_eq(str_sub(word, n, word.len), str_of(ends[i])))
            return true;
    return false;
}

static void put_word(void *self, str word)
{
    struct buf *key = self;
    str number;

    if (str_eq(word, S("arrondissement")) || str_eq(word, S("arrt")))
        return;
    if (key->len > 0)
        buf_put_char(key, ' ');
    if (str_eq(word, S("st")))
        buf_put(key, S("saint"));
    else if (str_eq(word, S("ste")))
        buf_put(key, S("sainte"));
    else if (ordinal(word, &number))
        buf_put(key, number);
    else
        buf_put(key, word);
}

str place_key(struct arena *arena, str name)
{
    struct buf key;

    buf_init(&key, arena, 48);
    utf8_words(utf8_fold(arena, name), put_word, &key);
    return buf_str(&key);
}

str place_label(struct arena *arena, const struct sql_place *place, bool which)
{
    const str tail = S(" Arrondissement");
    struct buf out;
    str name = place->name;

    if (str_ends(name, tail))
        name.len -= tail.len;
    if (!which)
        return name;
    buf_init(&out, arena, name.len + 16);
    buf_put(&out, name);
    buf_put(&out, S(" ("));
    buf_put(&out, place->postcode.len > 0 ? place->postcode : place->area);
    buf_put_char(&out, ')');
    return buf_str(&out);
}

/* --- finding --- */

/* "Saint-Denis (93200)", "Saint-Denis 93200", "69007": the digits go into *postcode, (FR) and (93)
 * into *area, the rest stays. */
static str take_code(str typed, str *postcode, str *area)
{
    str head, tail;

    *postcode = *area = STR_NONE;
    for (size_t i = 0; i + 5 <= typed.len; i++) {
        size_t n = 0;

        while (i + n < typed.len && digit(typed.ptr[i + n]))
            n++;
        if (n == 5) {
            *postcode = str_sub(typed, i, 5);
            return str_trim(str_sub(typed, 0, i));
        }
        i += n;
    }
    if (str_ends(typed, S(")")) && str_cut(str_sub(typed, 0, typed.len - 1), '(', &head, &tail)) {
        *area = str_trim(tail);
        return str_trim(head);
    }
    return typed;
}

static void keep(struct place_answer *answer, const struct sql_place *rows, size_t rows_n, str area)
{
    answer->choices_n = 0;
    for (size_t i = 0; i < rows_n && answer->choices_n < PLACE_CHOICES_MAX; i++)
        if (area.len == 0 || str_eq_nocase(rows[i].area, area))
            answer->choices[answer->choices_n++] = rows[i];
}

/* A town of several postcodes has one of its own for each of its arrondissements: 69007 is Lyon 7e,
 * not Lyon. */
static no smallest(struct ctx *ctx, struct place_answer *answer)
{
    for (size_t i = 0; i < answer->choices_n && answer->choices_n > 1; i++) {
        int64_t codes = 0;

        TRY(sql_place_codes(ctx->db, answer->choices[i].id, &codes));
        if (codes == 1) {
            answer->choices[0] = answer->choices[i];
            answer->choices_n = 1;
        }
    }
    return YES;
}

static no by_postcode(struct ctx *ctx, struct place_answer *answer, str postcode, str name)
{
    const str key = place_key(ctx->arena, name);
    struct sql_place *rows;
    size_t rows_n;

    TRY(sql_place_by_postcode(ctx->db, ctx->arena, postcode, FEW * 4, &rows, &rows_n));
    for (size_t i = 0; i < rows_n && answer->choices_n < PLACE_CHOICES_MAX; i++)
        if (str_starts(place_key(ctx->arena, rows[i].name), key))
            answer->choices[answer->choices_n++] = rows[i];
    if (answer->choices_n == 0)
        keep(answer, rows, rows_n, STR_NONE);
    return smallest(ctx, answer);
}

static no by_name(struct ctx *ctx, struct place_answer *answer, str name, str area)
{
    const str key = place_key(ctx->arena, name);
    struct sql_place *rows;
    size_t rows_n;
    struct buf past;

    answer->choices_n = 0;
    if (key.len == 0)
        return YES;
    TRY(sql_place_by_fold(ctx->db, ctx->arena, key, FEW, &rows, &rows_n));
    keep(answer, rows, rows_n, area);
    if (answer->choices_n > 0 || key.len < START_MIN)
        return YES;
    buf_init(&past, ctx->arena, key.len + 4);
    buf_put(&past, key);
    buf_put(&past, S("\xf4\x8f\xbf\xbf"));
    TRY(sql_place_by_start(ctx->db, ctx->arena, key, buf_str(&past), FEW, &rows, &rows_n));
    keep(answer, rows, rows_n, area);
    return YES;
}

static bool near_home(const struct ctx *ctx, const struct sql_place *place)
{
    const struct house *house = ctx_house(ctx);

    return geo_distance_m((int32_t)house->lat, (int32_t)house->lon, (int32_t)place->lat,
                          (int32_t)place->lon) <= HOME_METRES;
}

static void decide(const struct ctx *ctx, struct place_answer *answer)
{
    size_t near_n = 0, near = 0;

    for (size_t i = 0; i < answer->choices_n; i++)
        if (near_home(ctx, &answer->choices[i])) {
            near = i;
            near_n++;
        }
    answer->found = answer->choices_n == 0 ? PLACE_UNKNOWN : PLACE_SEVERAL;
    if (answer->choices_n == 1 || near_n == 1) {
        answer->found = PLACE_FOUND;
        answer->place = answer->choices[answer->choices_n == 1 ? 0 : near];
    }
}

no view_place_find(struct ctx *ctx, str typed, struct place_answer *answer)
{
    str postcode, area, head, tail;

    *answer = (struct place_answer){.found = PLACE_NONE};
    typed = str_trim(typed);
    if (typed.len == 0)
        return YES;
    answer->found = PLACE_UNKNOWN;
    if (typed.len > PLACE_TYPED_MAX)
        return YES;
    answer->choices = arena_take_many(ctx->arena, PLACE_CHOICES_MAX, sizeof *answer->choices);
    if (answer->choices == NULL)
        return NO_TOO_LARGE;
    const str name = take_code(typed, &postcode, &area);

    if (postcode.len > 0)
        TRY(by_postcode(ctx, answer, postcode, name));
    else
        TRY(by_name(ctx, answer, name, area));
    /* "Lyon 7e, Guillotière": quarters are not in the gazetteer, their town is. */
    if (answer->choices_n == 0 && str_cut(name, ',', &head, &tail))
        TRY(by_name(ctx, answer, head, area));
    decide(ctx, answer);
    return YES;
}

/* --- where one is ------------------------------------------------------------------------------
 */

no view_place_home(struct ctx *ctx, struct place_home *home)
{
    const struct house *house = ctx_house(ctx);
    struct sql_member member;

    *home = (struct place_home){house->place, (int32_t)house->lat, (int32_t)house->lon};
    if (ctx->actor.member == 0)
        return YES;
    TRY(sql_member_get(ctx->db, ctx->arena, ctx->actor.member, &member));
    if (member.place.len > 0 && (member.lat != 0 || member.lon != 0))
        *home = (struct place_home){member.place, (int32_t)member.lat, (int32_t)member.lon};
    return YES;
}

/* Of the places around the co-op, which the house knows by heart, largest first. False: it may not
 * know enough of them. */
static bool known_around(struct ctx *ctx, const struct surroundings *reach, size_t most,
                         struct sql_place **places, size_t *places_n)
{
    const struct house *house = ctx_house(ctx);
    struct sql_place *list = arena_take_many(ctx->arena, most, sizeof *list);
    size_t n = 0;

    for (size_t i = 0; list != NULL && i < house->around_n && n < most; i++) {
        const struct sql_place *place = &house->around[i];

        if (place->lat >= reach->south && place->lat <= reach->north && place->lon >= reach->west &&
            place->lon <= reach->east)
            list[n++] = *place;
    }
    *places = list;
    *places_n = n;
    return list != NULL && (n == most || house->around_n < SURROUNDINGS_HOME_MOST);
}

no view_place_around(struct ctx *ctx, int32_t lat, int32_t lon, int64_t reach_m, int64_t most,
                     struct sql_place **places, size_t *places_n)
{
    const struct house *house = ctx_house(ctx);
    const struct surroundings reach = surroundings_of(lat, lon, reach_m);

    if (lat == house->lat && lon == house->lon && reach_m <= SURROUNDINGS_HOME_M &&
        house->around_n > 0 && known_around(ctx, &reach, (size_t)most, places, places_n))
        return YES;
    return surroundings_read(ctx, &reach, most, places, places_n);
}

/* --- loading --- */

enum { COLUMNS = 6 };

static no put_codes(struct ctx *ctx, int64_t id, str codes)
{
    str code, rest = codes;

    while (rest.len > 0) {
        const bool more = str_cut(rest, ' ', &code, &rest);

        if (code.len > 0)
            TRY(sql_place_code_add(ctx->db, code, id));
        if (!more)
            return YES;
    }
    return YES;
}

static no put_line(struct ctx *ctx, str line, int64_t id)
{
    str columns[COLUMNS], rest = line, first, others;
    int64_t lat, lon, people = 0;

    for (size_t i = 0; i + 1 < COLUMNS; i++)
        if (!str_cut(rest, '\t', &columns[i], &rest))
            return NO_FILE_NOT_CSV;
    columns[COLUMNS - 1] = rest;
    if (!str_to_int64(columns[3], &lat) || !str_to_int64(columns[4], &lon) ||
        (rest.len > 0 && !str_to_int64(rest, &people)))
        return NO_FILE_NOT_CSV;
    (void)str_cut(columns[1], ' ', &first, &others);
    TRY(sql_place_add(ctx->db, id, columns[0], place_key(ctx->arena, columns[0]),
                      first.ptr == NULL ? S("") : first, columns[2], lat, lon, people));
    return put_codes(ctx, id, columns[1]);
}

no place_load(struct ctx *ctx)
{
    const struct asset *asset = asset_find(S("data/places.tsv"));
    str line, rest = asset == NULL ? STR_NONE : asset->body;
    int64_t id = 0;

    TRY(sql_place_clear(ctx->db));
    TRY(sql_place_code_clear(ctx->db));
    while (rest.len > 0) {
        const size_t mark = arena_mark(ctx->arena);

        if (!str_cut(rest, '\n', &line, &rest))
            rest = STR_NONE;
        if (line.len > 0 && line.ptr[0] != '#')
            TRY(put_line(ctx, line, ++id));
        arena_rewind(ctx->arena, mark);
    }
    return YES;
}
