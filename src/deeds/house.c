/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/house.h"

#include "deeds/surroundings.h"
#include "store/sql_coop.h"
#include "store/sql_ledger.h"
#include "store/sql_member.h"

#include <assert.h>
#include <string.h>

static no read_units(struct ctx *ctx, struct house *house)
{
    struct sql_currency *rows;
    size_t rows_n;

    TRY(sql_currency_list(ctx->db, ctx->arena, &rows, &rows_n));
    struct house_unit *units = arena_take_many(ctx->arena, rows_n, sizeof *units);

    if (units == NULL)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < rows_n; i++) {
        units[i] = (struct house_unit){
            .unit = {.id = (int32_t)rows[i].id,
                     .kind = (uint8_t)rows[i].kind,
                     .exponent = (uint8_t)rows[i].exponent},
            .zero_sum = rows[i].zero_sum,
            .name = {[LANG_EN] = rows[i].name_en, [LANG_FR] = rows[i].name_fr},
        };
        const size_t len = rows[i].code.len < 9 ? rows[i].code.len : 9;
        memcpy(units[i].unit.code, rows[i].code.ptr, len);
    }
    house->units = units;
    house->units_n = rows_n;
    return YES;
}

static no read_categories(struct ctx *ctx, struct house *house)
{
    struct sql_category *rows;
    size_t rows_n;

    TRY(sql_category_list(ctx->db, ctx->arena, &rows, &rows_n));
    struct house_category *categories = arena_take_many(ctx->arena, rows_n, sizeof *categories);

    if (categories == NULL)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < rows_n; i++)
        categories[i] = (struct house_category){
            .id = rows[i].id,
            .parent = rows[i].parent,
            .slug = rows[i].slug,
            .name = {[LANG_EN] = rows[i].name_en, [LANG_FR] = rows[i].name_fr},
            .picture = rows[i].picture};
    house->categories = categories;
    house->categories_n = rows_n;
    return YES;
}

static no read_params(struct ctx *ctx, struct house *house)
{
    struct sql_param *rows;
    size_t rows_n;

    TRY(sql_param_list(ctx->db, ctx->arena, &rows, &rows_n));
    struct house_param *params = arena_take_many(ctx->arena, rows_n, sizeof *params);

    if (params == NULL)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < rows_n; i++)
        params[i] = (struct house_param){rows[i].name, rows[i].value, rows[i].decided_by};
    house->params = params;
    house->params_n = rows_n;
    return YES;
}

static no read_coop(struct ctx *ctx, struct house *house)
{
    struct sql_coop row;
    const no answer = sql_coop_get(ctx->db, ctx->arena, &row);

    if (answer == NO_NOT_FOUND)
        return YES;
    TRY(answer);
    house->state = (enum house_state)row.state;
    house->name = row.name;
    house->sentence = row.sentence;
    house->legal_form = row.legal_form;
    house->place = row.place;
    house->zone_name = row.zone;
    house->email = row.email;
    house->iban = row.iban;
    house->bic = row.bic;
    house->secret = row.secret;
    house->lat = row.lat;
    house->lon = row.lon;
    house->lang = row.lang == LANG_FR ? LANG_FR : LANG_EN;
    house->founded_ns = row.founded_ns;
    house->step = row.step;
    /* A zone that this machine does not know is shown as UTC rather than not at all. */
    const no zone = time_zone_load(ctx->arena, row.zone, &house->zone);
    (void)zone;
    return YES;
}

static no read_around(struct ctx *ctx, struct house *house)
{
    const struct surroundings reach =
        surroundings_of((int32_t)house->lat, (int32_t)house->lon, SURROUNDINGS_HOME_M);

    return surroundings_read(ctx, &reach, SURROUNDINGS_HOME_MOST, &house->around, &house->around_n);
}

no view_house(struct ctx *ctx, struct house *out)
{
    struct house house = {.state = HOUSE_FOUNDING, .zone_name = S("UTC")};

    TRY(read_coop(ctx, &house));
    TRY(read_units(ctx, &house));
    TRY(read_categories(ctx, &house));
    TRY(read_params(ctx, &house));
    TRY(sql_member_count(ctx->db, &house.members_n));
    if (house.lat != 0 || house.lon != 0)
        TRY(read_around(ctx, &house));
    *out = house;
    return YES;
}

static no recount(struct ctx *ctx, void *unused)
{
    (void)unused;
    ctx->world->house_changed(ctx->world->self);
    return sql_member_count_again(ctx->db);
}

no deed_house_recount(struct ctx *ctx)
{
    return deed_run(ctx, recount, NULL);
}

const struct house *ctx_house(const struct ctx *ctx)
{
    return ctx->world->house(ctx->world->self);
}

int64_t house_param(const struct house *house, str name, int64_t otherwise)
{
    size_t low = 0, high = house->params_n;

    while (low < high) {
        const size_t middle = (low + high) / 2;
        const int order = str_cmp(house->params[middle].name, name);

        if (order == 0)
            return house->params[middle].value;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return otherwise;
}

no house_param_put(struct ctx *ctx, str name, int64_t value, int64_t decided_by)
{
    assert(ctx->writing);
    TRY(sql_param_change_put(ctx->db, name, value, decided_by, ctx->now_ns));
    ctx->world->house_changed(ctx->world->self);
    return sql_param_set(ctx->db, name, value, decided_by, ctx->now_ns);
}

const struct house_unit *house_unit(const struct house *house, int64_t currency)
{
    for (size_t i = 0; i < house->units_n; i++)
        if (house->units[i].unit.id == currency)
            return &house->units[i];
    return NULL;
}

const struct house_unit *house_unit_by_code(const struct house *house, str code)
{
    for (size_t i = 0; i < house->units_n; i++)
        if (str_eq(str_of(house->units[i].unit.code), code))
            return &house->units[i];
    return NULL;
}

const struct house_unit *house_unit_of_kind(const struct house *house, enum unit_kind kind)
{
    for (size_t i = 0; i < house->units_n; i++)
        if (house->units[i].unit.kind == kind)
            return &house->units[i];
    return NULL;
}

const struct house_category *house_category(const struct house *house, int64_t id)
{
    for (size_t i = 0; i < house->categories_n; i++)
        if (house->categories[i].id == id)
            return &house->categories[i];
    return NULL;
}

const struct house_category *house_category_by_slug(const struct house *house, str slug)
{
    for (size_t i = 0; i < house->categories_n; i++)
        if (str_eq(house->categories[i].slug, slug))
            return &house->categories[i];
    return NULL;
}

money house_money(const struct house *house, int64_t currency, int64_t minor)
{
    const struct house_unit *unit = house_unit(house, currency);

    assert(unit != NULL);
    return (money){minor, unit->unit};
}

static int32_t fee_part(const struct house *house, const struct house_unit *unit, const char *part)
{
    char name[48] = "fee.";
    const str code = str_of(unit->unit.code), rest = str_of(part);

    memcpy(name + 4, code.ptr, code.len);
    memcpy(name + 4 + code.len, rest.ptr, rest.len);
    return (int32_t)house_param(house, (str){name, 4 + code.len + rest.len}, 0);
}

struct fee_params house_fee(const struct house *house, int64_t currency)
{
    const struct house_unit *unit = house_unit(house, currency);

    if (unit == NULL)
        return (struct fee_params){0};
    return (struct fee_params){.running_bp = fee_part(house, unit, ".running_bp"),
                               .reserve_bp = fee_part(house, unit, ".reserve_bp"),
                               .solidarity_bp = fee_part(house, unit, ".solidarity_bp")};
}

int32_t house_day(const struct house *house, int64_t at_ns)
{
    const struct civil day = time_civil(at_ns, &house->zone);

    return time_days(day.year, day.month, day.day);
}
