/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What people type for dates, clocks, amounts and ids: what is read can be written and is read as
 * the same again.
 */
#include "base/id.h"
#include "base/money.h"
#include "base/time.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_date(struct arena *arena, str typed)
{
    struct buf out;
    int32_t days, again;

    if (time_parse_iso_date(typed, &days) != YES)
        return;
    const struct civil civil = time_civil_of_days(days);

    buf_init(&out, arena, 16);
    time_put_iso_date(&out, &civil);
    assert(str_eq(buf_str(&out), str_trim(typed)));
    const no answer = time_parse_iso_date(buf_str(&out), &again);
    assert(answer == YES && again == days);
}

static void check_clock(str typed)
{
    int32_t minutes;

    if (time_parse_clock(typed, &minutes) == YES)
        assert(minutes >= 0 && minutes < 24 * 60);
}

static void check_amount(struct arena *arena, str typed, struct unit unit)
{
    struct buf out;
    int64_t minor, again;

    if (money_parse(typed, unit, &minor) != YES)
        return;
    assert(minor >= -MONEY_MAX && minor <= MONEY_MAX);
    buf_init(&out, arena, 32);
    money_put_field(&out, (money){minor, unit});
    const no answer = money_parse(buf_str(&out), unit, &again);
    assert(answer == YES && again == minor);
}

static void check_id(str typed)
{
    char text[36];
    uid u;

    if (!uid_parse(typed, &u))
        return;
    uid_write(u, text);
    assert(str_eq(typed, (str){text, sizeof text}));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    _Alignas(16) char block[4096];
    struct arena arena;
    const str typed = {(const char *)data, size};

    arena_init_on(&arena, block, sizeof block);
    check_date(&arena, typed);
    check_clock(typed);
    check_amount(&arena, typed, (struct unit){1, UNIT_FIAT, 2, "EUR"});
    check_amount(&arena, typed, (struct unit){2, UNIT_FIAT, 0, "JPY"});
    check_amount(&arena, typed, (struct unit){3, UNIT_TIME, 0, "HOUR"});
    check_id(typed);
    return 0;
}
