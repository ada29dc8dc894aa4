/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The co-op as every page and every deed needs it: its name and place, its currencies, what its
 * members decided, its categories, its time zone. A snapshot: read when the program starts and
 * again after a deed that changed it.
 */
#ifndef DEEDS_HOUSE_H
#define DEEDS_HOUSE_H

#include "base/money.h"
#include "base/time.h"
#include "deeds/ctx.h"
#include "rules/fee.h"
#include "store/sql_place.h"

enum house_state { HOUSE_FOUNDING, HOUSE_FOUNDED, HOUSE_DEMONSTRATION };

struct house_unit {
    struct unit unit;
    bool zero_sum;
    str name[LANG_COUNT];
};

struct house_category {
    int64_t id, parent; /* parent 0 = top */
    str slug, name[LANG_COUNT], picture;
};

struct house_param {
    str name;
    int64_t value, decided_by; /* the vote; 0 = the founding */
};

struct house {
    enum house_state state;
    str name, sentence, legal_form, place, zone_name, email, iban, bic, secret;
    int64_t lat, lon; /* micro-degrees */
    enum lang lang;
    int64_t founded_ns, step;
    struct zone zone;
    const struct house_unit *units;
    size_t units_n;
    const struct house_category *categories;
    size_t categories_n;
    const struct house_param *params;
    size_t params_n;
    struct sql_place *around; /* the largest places around the co-op (deeds/place.h) */
    size_t around_n;
    int64_t members_n; /* active members when the snapshot was taken */
};

/* Reads the snapshot into ctx->arena. Before anything is founded: state FOUNDING, an empty name, no
 * unit. */
no view_house(struct ctx *ctx, struct house *house) MUST_USE;
/* Counts the members again: the number is kept beside them (member_count). For `filon rebuild`. */
no deed_house_recount(struct ctx *ctx) MUST_USE;
/* The current snapshot. */
const struct house *ctx_house(const struct ctx *ctx);

/* A decided number, or `otherwise` when nothing was decided: house_param(house,
 * S("order.accept_hours"), 48). */
int64_t house_param(const struct house *house, str name, int64_t otherwise);
/* Inside a deed: what was decided, from now on, also in the history of what was. `decided_by`: the
 * vote; 0 = the founding. The one way to change a parameter. */
no house_param_put(struct ctx *ctx, str name, int64_t value, int64_t decided_by) MUST_USE;
/* A currency by id or code; NULL when there is none. */
const struct house_unit *house_unit(const struct house *house, int64_t currency);
const struct house_unit *house_unit_by_code(const struct house *house, str code);
/* The first currency of this kind; NULL when the co-op has none. */
const struct house_unit *house_unit_of_kind(const struct house *house, enum unit_kind kind);
const struct house_category *house_category(const struct house *house, int64_t id);
const struct house_category *house_category_by_slug(const struct house *house, str slug);
/* An amount of a currency of the house; asserts that the currency exists. */
money house_money(const struct house *house, int64_t currency, int64_t minor);
/* Fee of a currency, as decided: fee.CODE.running_bp, .reserve_bp, .solidarity_bp; 0 when nothing
 * was decided. */
struct fee_params house_fee(const struct house *house, int64_t currency);
/* The instant's day in the co-op's zone, as days since 1970. */
int32_t house_day(const struct house *house, int64_t at_ns);

#endif
