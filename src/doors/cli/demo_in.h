/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the files of the demonstration share; for doors/cli/demo*.c alone.
 */
#ifndef DOORS_CLI_DEMO_IN_H
#define DOORS_CLI_DEMO_IN_H

#include "deeds/ctx.h"
#include "doors/cli/demo.h"
#include "rules/order.h"

enum { DEMO_DAYS = 183, DEMO_LIVE_MAX = 400 };
#define DEMO_DAY (24 * ORDER_HOUR)

/* --- who and what (tables) --- */

struct demo_person {
    const char *handle, *name, *trade, *place, *bio;
    int day;          /* after the founding; 0 = founded it */
    const char *role; /* as a list of members says it; NULL = member */
};
extern const struct demo_person demo_people[];
extern const size_t demo_people_n;

struct demo_offer {
    const char *owner; /* handle */
    char side;         /* 'o' offer, 'n' need */
    enum order_kind kind;
    const char *category;
    int per;                                    /* enum offer_per */
    const char *money, *hours, *credit, *stock; /* as typed in the form; NULL = left empty */
    const char *title, *body;
    bool english, both;
};
extern const struct demo_offer demo_offers[];
extern const size_t demo_offers_n;
extern const struct demo_offer demo_more_offers[];
extern const size_t demo_more_offers_n;
extern const struct demo_offer demo_needs[];
extern const size_t demo_needs_n;

/* What people write to each other; `at` chooses one. */
const char *demo_review(enum order_kind kind, int stars, uint64_t at);
const char *demo_answer(uint64_t at);
const char *demo_question(uint64_t at);

/* --- the run --- */

/* A person once here, and an offer once published. */
struct demo_here {
    int64_t member;
    uint32_t roles;
};
struct demo_shown {
    const struct demo_offer *offer;
    size_t owner; /* in demo_people */
    int64_t id;   /* 0 = not yet */
    int64_t at_ns;
};

struct demo_step;
struct demo_order {
    const struct demo_step *step; /* what comes next; NULL = over */
    int64_t at_ns, order;
    size_t shown, buyer; /* buyer: who asks */
    int64_t pay_with;    /* a currency; 0 = the first price */
    uint64_t chance;
};

struct demo {
    struct ctx *ctx;
    uint64_t seed;
    int64_t start_ns, end_ns, at_ns;
    struct demo_here *people;
    struct demo_shown *shown;
    size_t shown_n;
    struct demo_order *live;
    size_t live_n;
    int64_t made, refused; /* acts of orders, for the test */
    int from_day, to_day;  /* of the batch at work */
};

uint64_t demo_chance(struct demo *demo);
/* 0 .. n-1 */
uint64_t demo_of(struct demo *demo, uint64_t n);
/* Goes to this moment, or just past the last one, and takes this person's place. */
void demo_as(struct demo *demo, int64_t at_ns, size_t person);
void demo_as_console(struct demo *demo, int64_t at_ns);
/* The wave of people who join on this day, if any. */
no demo_join(struct demo *demo, int day) MUST_USE;
no demo_found(struct ctx *ctx, void *demo) MUST_USE;
/* Profiles of those who have just come. */
no demo_profiles(struct demo *demo, int day) MUST_USE;
size_t demo_person_of(const char *handle);
/* Everything that happens to offers and orders on this day, in the order of time. */
no demo_publish(struct demo *demo, int day) MUST_USE;
no demo_trade(struct demo *demo, int day) MUST_USE;
/* Orders that must be there: one in each state for the people one signs in as. */
no demo_certain(struct demo *demo, int day) MUST_USE;

/* Large data beside the small co-op: demo_big.c. */
no demo_make_big(struct ctx *ctx, const struct demo_size *size, bool progress) MUST_USE;
/* A bar on standard error; a new line when it is full. */
void demo_draw(const char *what, int64_t done, int64_t of);

#endif
