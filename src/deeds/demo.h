/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What only the maker of a demonstration may do: things that no deed of a person does. Every deed
 * here refuses (NO_NOT_ALLOWED) unless the co-op is a demonstration and the console asks.
 */
#ifndef DEEDS_DEMO_H
#define DEEDS_DEMO_H

#include "deeds/ctx.h"

/* Letters that the past would have sent are taken as sent: nobody is at the other end. */
no deed_demo_quiet(struct ctx *ctx) MUST_USE;

/* Moves an offer by so many micro-degrees, so that people of one place do not all live in its
 * middle. */
struct demo_spot {
    int64_t offer;
    int32_t lat, lon;
};
no deed_demo_spot(struct ctx *ctx, struct demo_spot *spot) MUST_USE;

/* --- large data, for figures --- */

struct sql_demo_city;

/* What has been made so far; ids of one kind follow each other. */
struct demo_mass {
    uint64_t seed;
    const struct sql_demo_city *cities;
    size_t cities_n;
    int64_t first_member, members_n, first_offer, offers_n, orders_n;
};
enum { DEMO_CITIES = 200, DEMO_BATCH = 1000 };

/* The places that people and offers are spread over; in the arena. */
no view_demo_cities(struct ctx *ctx, struct demo_mass *mass) MUST_USE;

struct demo_batch {
    struct demo_mass *mass;
    int64_t n;
};
/* `n` more active members with a place and no address. */
no deed_demo_members(struct ctx *ctx, struct demo_batch *batch) MUST_USE;
/* `n` more offers of those members, in words that are as unequal as those of a language, indexed.
 * Offer number i is of the kind that demo_offer_kind says. */
no deed_demo_offers(struct ctx *ctx, struct demo_batch *batch) MUST_USE;
/* `n` more orders among them, each through the deeds of orders: asked, accepted, paid, done,
 * confirmed; one in a hundred stops on the way. */
no deed_demo_orders(struct ctx *ctx, struct demo_batch *batch) MUST_USE;

#endif
