/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The gazetteer: names and postcodes to places. It comes with the program (assets/data/places.tsv)
 * and is copied into the co-op's own database when it is founded, so that no search leaves it.
 */
#ifndef DEEDS_PLACE_H
#define DEEDS_PLACE_H

#include "deeds/ctx.h"
#include "store/sql_place.h"

enum { PLACE_CHOICES_MAX = 8, PLACE_TYPED_MAX = 200 };

enum place_found { PLACE_NONE, PLACE_UNKNOWN, PLACE_FOUND, PLACE_SEVERAL };

/* What somebody typed as a place. NONE: nothing. FOUND: `place`. SEVERAL: `choices`, the largest
 * first; the text of place_label finds each of them alone. */
struct place_answer {
    enum place_found found;
    struct sql_place place;
    struct sql_place *choices;
    size_t choices_n;
};

/* Understands "Lyon", "lyon 7", "Lyon 7e, Guillotière", "69007", "Saint-Denis (93200)", "st denis",
 * "Villeurb". Of several places with one name, the only one within 50 km of the co-op is meant. */
no view_place_find(struct ctx *ctx, str typed, struct place_answer *answer) MUST_USE;

/* Where this person looks from when nothing was typed: the place of the profile, else the co-op's.
 */
struct place_home {
    str name;
    int32_t lat, lon;
};
no view_place_home(struct ctx *ctx, struct place_home *home) MUST_USE;

/* The largest places within `reach_m` north, south, east and west, at most `most`: names for a
 * plan. */
no view_place_around(struct ctx *ctx, int32_t lat, int32_t lon, int64_t reach_m, int64_t most,
                     struct sql_place **places, size_t *places_n) MUST_USE;

/* "Lyon 7e", "Saint-Denis (93200)": the name as people say it, with its postcode or area when
 * asked, in the arena. */
str place_label(struct arena *arena, const struct sql_place *place, bool which);

/* What two spellings of one place have in common: folded words, "saint" for st, "7e" for 7th or 7e
 * arrondissement. In the arena. */
str place_key(struct arena *arena, str name);

/* Fills the gazetteer from the asset; what was there is forgotten. Inside a deed (founding,
 * rebuild). NO_FILE_NOT_CSV: the asset has a line that is none. */
no place_load(struct ctx *ctx) MUST_USE;

#endif
