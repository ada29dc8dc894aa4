/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "pages/core_sample.h"

#include "base/buf.h"

enum {
    WIDE = 720,
    GAP = 2,
    ZOOM_LEFT = 180,
    ZOOM_LEAST = 104, /* room for the words below it */
    BAR_LEAST = 6,
    HIGH = 330,
    DIGIT_WIDE = 22, /* of the display font at 40 px */
    WHO_LEAST = 182,
    SMALL = 1000,
    SMALL_GAP = 12,
    STRATA = 3,
};

/* Column strata are never so thin that their hatching is lost. */
static const int64_t high_least[STRATA] = {30, 13, 8};

static int64_t part(int64_t amount, int64_t whole, int64_t length)
{
    return whole <= 0 ? 0 : amount * length / whole;
}

static int64_t at_least(int64_t n, int64_t least)
{
    return n < least ? least : n;
}

/* Widths in proportion, none below `least`; what that costs is taken from the widest. */
static void share_out(const int64_t amounts[STRATA], int64_t length, int64_t least,
                      int64_t out[STRATA])
{
    int64_t whole = 0, used = 0;
    size_t widest = 0;

    for (size_t i = 0; i < STRATA; i++)
        whole += amounts[i];
    for (size_t i = 0; i < STRATA; i++) {
        out[i] = amounts[i] > 0 ? at_least(part(amounts[i], whole, length), least) : 0;
        used += out[i];
        if (out[i] > out[widest])
            widest = i;
    }
    out[widest] += length - used;
}

static int64_t gaps(const int64_t amounts[STRATA])
{
    int64_t n = 0;

    for (size_t i = 0; i < STRATA; i++)
        n += amounts[i] > 0;
    return n;
}

static void place_wide(struct core_sample *sample, struct core_stratum *strata[STRATA],
                       const int64_t amounts[STRATA], int64_t price)
{
    int64_t zoom[STRATA], right = WIDE, zoom_x = ZOOM_LEFT;

    share_out(amounts, WIDE - ZOOM_LEFT - GAP * (gaps(amounts) - 1), ZOOM_LEAST, zoom);
    for (size_t i = STRATA; i-- > 0;) {
        if (amounts[i] == 0)
            continue;
        strata[i]->w = at_least(part(amounts[i], price, WIDE), BAR_LEAST);
        strata[i]->x = right - strata[i]->w;
        right = strata[i]->x - GAP;
    }
    for (size_t i = 0; i < STRATA; i++) {
        strata[i]->zoom_x = zoom_x;
        strata[i]->zoom_w = zoom[i];
        zoom_x += zoom[i] + (zoom[i] > 0 ? GAP : 0);
    }
    sample->work_w = at_least(right, BAR_LEAST);
}

static void place_high(struct core_sample *sample, struct core_stratum *strata[STRATA],
                       const int64_t amounts[STRATA], int64_t price)
{
    int64_t bottom = HIGH;

    for (size_t i = STRATA; i-- > 0;) {
        if (amounts[i] == 0)
            continue;
        strata[i]->h = at_least(part(amounts[i], price, HIGH), high_least[i]);
        strata[i]->y = bottom - strata[i]->h;
        strata[i]->middle = strata[i]->y + strata[i]->h / 2;
        bottom = strata[i]->y - GAP;
    }
    sample->work_h = bottom;
}

/* Letters of the amount, roughly: both languages write about as many. */
static int64_t letters(int64_t minor, struct unit unit)
{
    int64_t n = unit.exponent > 0 ? unit.exponent + 3 : 4;

    for (int64_t rest = minor; rest >= 10; rest /= 10)
        n++;
    return unit.exponent > 0 ? n - unit.exponent + 1 : n;
}

void core_sample_draw(struct core_sample *sample, const struct fee_split *split, struct unit unit,
                      str name, str who)
{
    const int64_t amounts[STRATA] = {split->running, split->reserve, split->solidarity};
    struct core_stratum *strata[STRATA] = {&sample->running, &sample->reserve, &sample->solidarity};

    *sample = (struct core_sample){.name = name,
                                   .who = who,
                                   .price = {split->price, unit},
                                   .provider = {split->provider, unit},
                                   .fee = {split->fee, unit},
                                   .has_fee = split->fee > 0,
                                   .work_w = WIDE,
                                   .work_h = HIGH};
    for (size_t i = 0; i < STRATA; i++)
        strata[i]->amount = (money){amounts[i], unit};
    if (sample->has_fee) {
        place_wide(sample, strata, amounts, split->price);
        place_high(sample, strata, amounts, split->price);
    }
    sample->who_x = at_least(16 + letters(split->provider, unit) * DIGIT_WIDE + 20, WHO_LEAST);
}

void split_bar_draw(struct split_bar *bar, const struct fee_split *split)
{
    int64_t right = SMALL;

    *bar = (struct split_bar){0};
    bar->solidarity_w = part(split->solidarity, split->price, SMALL);
    bar->reserve_w = part(split->reserve, split->price, SMALL);
    bar->running_w = part(split->running, split->price, SMALL);
    bar->solidarity_x = right -= bar->solidarity_w;
    right -= bar->solidarity_w > 0 ? SMALL_GAP : 0;
    bar->reserve_x = right -= bar->reserve_w;
    right -= bar->reserve_w > 0 ? SMALL_GAP : 0;
    bar->running_x = right -= bar->running_w;
    right -= bar->running_w > 0 ? SMALL_GAP : 0;
    bar->work_w = at_least(right, 0);
}
