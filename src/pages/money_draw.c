/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "pages/money.h"

#include "base/buf.h"

#include <assert.h>

enum { HUNDRED = 1000 }; /* tenths */

str money_tenths(struct arena *arena, enum lang lang, int64_t tenths)
{
    struct buf out;

    buf_init(&out, arena, 16);
    buf_put_int(&out, tenths / 10);
    buf_put_char(&out, lang == LANG_FR ? ',' : '.');
    buf_put_int(&out, tenths % 10);
    return buf_str(&out);
}

/* --- the tall core sample -----------------------------------------------------------------------
 */

/* Shares of a thousand by largest remainder: they always sum to 1000. `parts[0]` is the work. */
static void shares_of(const int64_t parts[4], int64_t shares[4])
{
    int64_t total = 0, given = 0, rest[4] = {0};

    for (size_t i = 0; i < 4; i++)
        total += parts[i];
    for (size_t i = 0; i < 4; i++) {
        const no fits = money_share(parts[i], HUNDRED, total, &shares[i]);

        assert(fits == YES); /* a part is no more than the total */
        /* The remainder is below the total, so wrapping around on the way does no harm. */
        rest[i] = (int64_t)((uint64_t)parts[i] * HUNDRED - (uint64_t)shares[i] * (uint64_t)total);
        given += shares[i];
    }
    for (; given < HUNDRED; given++) {
        size_t largest = 0;

        for (size_t i = 1; i < 4; i++)
            if (rest[i] > rest[largest])
                largest = i;
        shares[largest]++;
        rest[largest] = -1;
    }
}

/* Heights of the enlarged part: each gets `least`, what is left goes by share. */
static void heights_of(const int64_t *shares, size_t n, int64_t room, int64_t least,
                       int64_t *heights)
{
    int64_t sum = 0, left = room - least * (int64_t)n, used = 0;

    for (size_t i = 0; i < n; i++)
        sum += shares[i];
    for (size_t i = 0; i < n; i++) {
        heights[i] = least + left * shares[i] / sum;
        used += heights[i];
    }
    heights[0] += room - used;
}

enum {
    COLUMN_Y = 30,
    COLUMN_H = 600,
    ZOOM_Y = 110,
    ZOOM_H = 484,
    ZOOM_LEAST = 44,
    GAP = 2,
    THIN_Y = 10,
    THIN_H = 260,
    LIST_Y = 310,
    LIST_H = 298,
    LIST_LEAST = 40
};

/* The column from its top: the work, then the strata, a hair between them. */
static void lay_column(struct money_core *core, const int64_t *shares)
{
    int64_t y = COLUMN_Y + core->work_h, thin_y = THIN_Y + core->thin_work_h;

    for (size_t i = 0; i < core->strata_n; i++) {
        struct money_stratum *s = &core->strata[i];
        const int64_t h = COLUMN_H * shares[i] / HUNDRED, thin = THIN_H * shares[i] / HUNDRED;

        y += GAP;
        thin_y += GAP;
        s->y = y;
        s->h = h > GAP + 1 ? h - GAP : 1;
        s->thin_y = thin_y;
        s->thin_h = thin > GAP + 1 ? thin - GAP : 1;
        y += s->h;
        thin_y += s->thin_h;
    }
    core->column_end = y;
    core->thin_end = thin_y;
}

/* The co-op's part again, larger, and its words beside it. */
static void lay_zoom(struct money_core *core, const int64_t *shares)
{
    int64_t heights[3], list[3], y = ZOOM_Y, list_y = LIST_Y;

    heights_of(shares, core->strata_n, ZOOM_H, ZOOM_LEAST, heights);
    heights_of(shares, core->strata_n, LIST_H, LIST_LEAST, list);
    for (size_t i = 0; i < core->strata_n; i++) {
        struct money_stratum *s = &core->strata[i];

        s->zoom_y = y;
        s->zoom_h = heights[i] - GAP;
        s->name_y = y + s->zoom_h / 2 - 3;
        s->amount_y = s->name_y + 19;
        s->share_y = s->name_y + 21; /* on the second line: names are long */
        s->list_y = list_y;
        s->list_h = list[i] - GAP;
        s->text_y = list_y + s->list_h / 2 + 5;
        y += heights[i];
        list_y += list[i];
    }
    core->zoom_from = COLUMN_Y + core->work_h + GAP;
    core->zoom_end = core->column_end;
    core->zoom_bottom = y - GAP;
    core->thin_height = list_y + 8;
}

static void add_stratum(struct money_core *core, struct arena *arena, enum lang lang,
                        const char *paint, str name, money amount, int64_t share)
{
    core->strata[core->strata_n++] =
        (struct money_stratum){.paint = str_of(core->empty ? "hollow" : paint),
                               .name = name,
                               .amount = amount,
                               .share = money_tenths(arena, lang, share)};
}

void money_core_draw(struct money_core *core, struct arena *arena, enum lang lang,
                     const struct fee_split *year, const struct fee_params *decided,
                     struct unit unit, const str names[3])
{
    static const char *const paints[] = {"p-run", "p-res", "p-sol"};
    const bool empty = year->price <= 0 || year->provider < 0 || year->running < 0 ||
                       year->reserve < 0 || year->solidarity < 0;
    const int64_t paid[] = {year->provider, year->running, year->reserve, year->solidarity};
    const int64_t bp[] = {10000 - decided->running_bp - decided->reserve_bp -
                              decided->solidarity_bp,
                          decided->running_bp, decided->reserve_bp, decided->solidarity_bp};
    int64_t shares[4], kept[3];

    shares_of(empty ? bp : paid, shares);
    *core = (struct money_core){.empty = empty,
                                .total = {empty ? 0 : year->price, unit},
                                .work = {empty ? 0 : year->provider, unit},
                                .work_share = money_tenths(arena, lang, shares[0]),
                                .coop_share = money_tenths(arena, lang, HUNDRED - shares[0])};
    struct buf whole;

    buf_init(&whole, arena, 16);
    if (shares[0] % 10 == 0)
        buf_put_int(&whole, shares[0] / 10);
    else
        buf_put(&whole, core->work_share);
    core->work_whole = buf_str(&whole);
    for (size_t i = 0; i < 3; i++) {
        if (shares[i + 1] == 0)
            continue;
        kept[core->strata_n] = shares[i + 1];
        add_stratum(core, arena, lang, paints[i], names[i], (money){empty ? 0 : paid[i + 1], unit},
                    shares[i + 1]);
    }
    core->has_fee = core->strata_n > 0;
    core->work_h = COLUMN_H * shares[0] / HUNDRED - (core->has_fee ? GAP : 0);
    core->work_h = core->work_h < 1 ? 1 : core->work_h;
    core->work_mid = COLUMN_Y + core->work_h / 2;
    core->thin_work_h = THIN_H * shares[0] / HUNDRED;
    core->thin_work_h = core->thin_work_h < 1 ? 1 : core->thin_work_h;
    core->thin_height = THIN_Y + THIN_H + 16;
    core->column_end = COLUMN_Y + core->work_h;
    core->thin_end = THIN_Y + core->thin_work_h;
    if (!core->has_fee)
        return;
    lay_column(core, kept);
    lay_zoom(core, kept);
}

/* --- the months ----------------------------------------------------------------------------------
 */

enum {
    BARS_Y = 262,
    BARS_H = 216,
    TICK_H = 72,
    BAR_X = 58,
    BAR_STEP = 97,
    BAR_W = 64,
    ROW_H = 26,
    ROW_X = 52,
    ROW_W = 216
};

/* The smallest of 1, 2, 5, 10, 20 ... of which three reach `most`. */
static int64_t tick_of(int64_t most)
{
    for (int64_t power = 1;; power *= 10) {
        const int64_t steps[] = {power, 2 * power, 5 * power};

        for (size_t i = 0; i < 3; i++)
            if (steps[i] * 3 >= most || steps[i] > INT64_MAX / 30)
                return steps[i];
    }
}

/* Minor units in one unit of the plot's labels. */
static int64_t per_label(const struct money_plot *plot, struct unit unit)
{
    int64_t per = unit.kind == UNIT_TIME ? 60 : 1;

    for (int i = 0; i < unit.exponent; i++)
        per *= 10;
    return plot->thousands ? per * 1000 : per;
}

/* "62.5" in thousands, "625" otherwise. */
static str label_of(struct arena *arena, enum lang lang, int64_t minor, int64_t per, bool tenths)
{
    struct buf out;

    if (tenths)
        return money_tenths(arena, lang, (minor * 10 + per / 2) / per);
    buf_init(&out, arena, 24);
    money_put_count(&out, lang, (minor + per / 2) / per);
    return buf_str(&out);
}

static void lay_month(struct money_month *m, int64_t i, int64_t total, int64_t coop, int64_t most)
{
    const int64_t h = total > 0 ? total * BARS_H / most : 0;
    const int64_t low = coop > 0 ? coop * BARS_H / most : 0;
    const int64_t w = total > 0 ? total * ROW_W / most : 0;
    const int64_t thin = coop > 0 ? coop * ROW_W / most : 0;

    m->any = total > 0;
    m->x = BAR_X + i * BAR_STEP;
    m->mid = m->x + BAR_W / 2;
    m->coop_h = low;
    m->coop_y = BARS_Y - low;
    m->work_h = h - low > 1 ? h - low - (low > 0 ? 1 : 0) : 1;
    m->work_y = BARS_Y - low - (low > 0 ? 1 : 0) - m->work_h;
    m->label_y = m->work_y - 8;
    m->y = 4 + i * ROW_H;
    m->text_y = m->y + 14;
    m->work_w = w - thin > 1 ? w - thin : 1;
    m->coop_x = ROW_X + m->work_w + 1;
    m->coop_w = thin;
    m->end = m->coop_x + thin + 7;
}

static void lay_ticks(struct money_plot *plot, struct arena *arena, enum lang lang, int64_t tick,
                      int64_t per)
{
    for (int64_t i = 0; i < 4; i++)
        plot->ticks[i] = (struct money_tick){.y = BARS_Y - i * TICK_H,
                                             .text_y = BARS_Y - i * TICK_H + 4,
                                             .label = label_of(arena, lang, i * tick, per, false)};
}

void money_plot_draw(struct money_plot *plot, struct arena *arena, enum lang lang,
                     const int64_t totals[12], const int64_t coop[12], struct unit unit,
                     const str names[12])
{
    int64_t most = 1, first = -1, last = -1;

    *plot = (struct money_plot){.any = false};
    for (int64_t i = 0; i < 12; i++) {
        most = totals[i] > most ? totals[i] : most;
        if (totals[i] <= 0)
            continue;
        first = first < 0 ? i : first;
        last = i;
    }
    plot->any = first >= 0;
    plot->thousands = most / per_label(plot, unit) >= 10000;
    const int64_t per = per_label(plot, unit);
    const int64_t tick = tick_of((most + per - 1) / per) * per;

    for (int64_t i = 0; i < 12; i++) {
        struct money_month *m = &plot->months[i];

        lay_month(m, i, totals[i], coop[i], tick * 3);
        m->name = names[i];
        m->total = (money){totals[i], unit};
        m->coop = (money){coop[i], unit};
        m->work = (money){totals[i] - coop[i], unit};
        m->label = label_of(arena, lang, totals[i] > 0 ? totals[i] : 0, per, plot->thousands);
        m->labelled = i == first || i == last || totals[i] == most;
    }
    lay_ticks(plot, arena, lang, tick, per);
    plot->first = first < 0 ? STR_NONE : plot->months[first].label;
    plot->last = last < 0 ? STR_NONE : plot->months[last].label;
}
