/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The core sample: one price as strata, who gets what of it. Drawn wide (a bar, and the co-op's
 * part again larger) and narrow (a column); the stylesheet shows one of them. Used by offers and by
 * the pages of money.
 */
#ifndef PAGES_CORE_SAMPLE_H
#define PAGES_CORE_SAMPLE_H

#include "base/arena.h"
#include "base/money.h"
#include "base/str.h"
#include "rules/fee.h"

#include <stdbool.h>
#include <stdint.h>

/* One stratum of the co-op's part: where it lies in the bar, in the larger bar, in the column. */
struct core_stratum {
    money amount;
    int64_t x, w;           /* of the bar, 0..720 */
    int64_t zoom_x, zoom_w; /* of the larger bar, 180..720 */
    int64_t y, h, middle;   /* of the column, 0..330 */
};

struct core_sample {
    str name; /* of this drawing in its page, letters only: ids are made of it */
    money price, provider, fee;
    str who; /* "Nadia B.": who does the work */
    bool has_fee;
    int64_t work_w, who_x, work_h;
    struct core_stratum running, reserve, solidarity;
};

/* Lays out `split`, whose amounts are in `unit`. `name` and `who` must live as long as the sample.
 */
void core_sample_draw(struct core_sample *sample, const struct fee_split *split, struct unit unit,
                      str name, str who);

/* The small bar of a card, in a box of 1000 by 100. */
struct split_bar {
    int64_t work_w, running_x, running_w, reserve_x, reserve_w, solidarity_x, solidarity_w;
};
void split_bar_draw(struct split_bar *bar, const struct fee_split *split);

#endif
