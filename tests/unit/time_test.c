/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Dates, zones and their writing. The C library's own calendar, which is process-wide, is the
 * second opinion.
 */
#include "cm.h"

#include "base/time.h"

#include <string.h>
#include <time.h>

#define N "\u202f"

static struct arena arena;
static const struct zone utc;

static int start(void **state)
{
    (void)state;
    return arena_init(&arena, 1 << 20) ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct zone load(const char *name)
{
    struct zone zone = {0};

    if (time_zone_load(&arena, str_of(name), &zone) != YES)
        fail_msg("zone %s", name);
    return zone;
}

static void days_go_round(void **state)
{
    const int32_t first = time_days(1900, 1, 1), last = time_days(2100, 12, 31);
    int32_t days = first;

    (void)state;
    assert_int_equal(time_days(1970, 1, 1), 0);
    assert_int_equal(time_days(2000, 3, 1), 11017);
    for (; days <= last; days++) {
        const struct civil c = time_civil_of_days(days);
        const time_t at = (time_t)days * 86400;
        struct tm tm;

        assert_non_null(gmtime_r(&at, &tm));
        if (c.year != tm.tm_year + 1900 || c.month != tm.tm_mon + 1 || c.day != tm.tm_mday ||
            c.weekday != (tm.tm_wday == 0 ? 7 : tm.tm_wday) || c.hour != 0 ||
            time_days(c.year, c.month, c.day) != days || timegm(&tm) != at ||
            !time_date_valid(c.year, c.month, c.day))
            fail_msg("day %d", days);
    }
    /* And some far ones, also before year 0. */
    for (days = -1000000; days < 4000000; days += 997) {
        const struct civil c = time_civil_of_days(days);

        assert_int_equal(time_days(c.year, c.month, c.day), days);
    }
}

static void leap_years_are_known(void **state)
{
    (void)state;
    assert_true(time_date_valid(2024, 2, 29) && time_date_valid(2000, 2, 29));
    assert_false(time_date_valid(2023, 2, 29) || time_date_valid(1900, 2, 29));
    assert_false(time_date_valid(2100, 2, 29) || time_date_valid(2200, 2, 29) ||
                 time_date_valid(2024, 2, 30));
    assert_false(time_date_valid(2026, 0, 1) || time_date_valid(2026, 13, 1));
    assert_false(time_date_valid(2026, 4, 31) || time_date_valid(2026, 1, 0));
    assert_false(time_date_valid(0, 1, 1) || time_date_valid(10000, 1, 1));
    assert_true(time_date_valid(1, 1, 1) && time_date_valid(9999, 12, 31));
}

static void instants_before_1970_round_down(void **state)
{
    const struct civil c = time_civil(-1, &utc);

    (void)state;
    assert_int_equal(c.year, 1969);
    assert_int_equal(c.second, 59);
    assert_int_equal(time_civil(INT64_MIN, &utc).year, 1677);
    assert_int_equal(time_civil(INT64_MAX, &utc).year, 2262);
    assert_true(time_instant_ns(&(struct civil){.year = 9999, .month = 1, .day = 1}, &utc) ==
                INT64_MAX);
    assert_true(time_instant_ns(&(struct civil){.year = 1, .month = 1, .day = 1}, &utc) ==
                INT64_MIN);
}

static int64_t instant(const struct zone *zone, int year, int month, int day, int hour, int minute)
{
    const struct civil c = {year, (int8_t)month, (int8_t)day, (int8_t)hour, (int8_t)minute, 0, 0};

    return time_instant_ns(&c, zone) / NS_PER_S;
}

static void paris_changes_its_clocks(void **state)
{
    const struct zone paris = load("Europe/Paris");
    /* 2026: 29 March 01:00 UTC forward, 25 October 01:00 UTC back. */
    const int64_t forward = 1774746000, back = 1792890000;

    (void)state;
    assert_int_equal(time_zone_offset_s(&paris, forward - 1), 3600);
    assert_int_equal(time_zone_offset_s(&paris, forward), 7200);
    assert_int_equal(time_zone_offset_s(&paris, back - 1), 7200);
    assert_int_equal(time_zone_offset_s(&paris, back), 3600);
    assert_int_equal(instant(&paris, 2026, 3, 29, 1, 59), forward - 60);
    assert_int_equal(instant(&paris, 2026, 3, 29, 3, 0), forward);
    /* The gap: 02:00 to 02:59 are an hour later. */
    assert_int_equal(instant(&paris, 2026, 3, 29, 2, 0), forward);
    assert_int_equal(instant(&paris, 2026, 3, 29, 2, 30), forward + 1800);
    /* The overlap: 02:00 to 02:59 are twice, the first is summer's. */
    assert_int_equal(instant(&paris, 2026, 10, 25, 1, 59), back - 3660);
    assert_int_equal(instant(&paris, 2026, 10, 25, 2, 0), back - 3600);
    assert_int_equal(instant(&paris, 2026, 10, 25, 2, 30), back - 1800);
    assert_int_equal(instant(&paris, 2026, 10, 25, 3, 0), back + 3600);
    /* By the footer's rule, past the table of the file. */
    assert_int_equal(time_zone_offset_s(&paris, 4078429200 - 1), 3600);
    assert_int_equal(time_zone_offset_s(&paris, 4078429200), 7200);
    assert_int_equal(instant(&paris, 2099, 7, 1, 12, 0), 4086583200);
    assert_int_equal(instant(&paris, 2099, 12, 1, 12, 0), 4099806000);
    assert_int_equal(time_civil(forward * NS_PER_S, &paris).hour, 3);
}

static void whole_days_may_be_missing(void **state)
{
    const struct zone apia = load("Pacific/Apia");

    (void)state;
    /* Samoa had no 30 December 2011. */
    assert_int_equal(instant(&apia, 2011, 12, 29, 12, 0), 1325196000);
    assert_int_equal(instant(&apia, 2011, 12, 30, 12, 0), 1325282400);
    assert_int_equal(instant(&apia, 2011, 12, 31, 12, 0), 1325282400);
}

/* Zones of many kinds against the C library: half hours, negative summers, southern, far west and
 * east, none. */
static void zones_agree_with_the_library(void **state)
{
    static const char *const names[] = {
        "Europe/Paris",
        "Europe/London",
        "Europe/Dublin",
        "Europe/Lisbon",
        "Europe/Helsinki",
        "America/New_York",
        "America/St_Johns",
        "America/Sao_Paulo",
        "America/Nuuk",
        "America/Godthab",
        "Asia/Kolkata",
        "Asia/Kathmandu",
        "Asia/Tehran",
        "Asia/Jerusalem",
        "Asia/Gaza",
        "Australia/Lord_Howe",
        "Australia/Sydney",
        "Pacific/Apia",
        "Pacific/Kiritimati",
        "Pacific/Chatham",
        "Africa/Casablanca",
        "Africa/Cairo",
        "Antarctica/Troll",
        "Etc/GMT+12",
        "Etc/UTC",
        "UTC",
        "Pacific/Easter",
        "Indian/Reunion",
    };
    uint64_t seed = 20261121;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        arena_reset(&arena);
        const struct zone zone = load(names[i]);

        assert_int_equal(setenv("TZ", names[i], 1), 0);
        tzset();
        for (int j = 0; j < 20000; j++) {
            /* 1902 to 2099, and near each transition. */
            time_t at = (time_t)(chance_next(&seed) % 6248000000) - 2145916800;
            struct tm tm;

            if (j < zone.transitions_n * 2 && zone.from_s[j / 2] > -2145916800)
                at = (time_t)zone.from_s[j / 2] - j % 2;
            if (at >= 4102444800)
                continue;
            assert_non_null(localtime_r(&at, &tm));
            if (tm.tm_gmtoff != time_zone_offset_s(&zone, at))
                fail_msg("%s at %lld: %d, not %ld", names[i], (long long)at,
                         (int)time_zone_offset_s(&zone, at), tm.tm_gmtoff);
            const struct civil c = time_civil(at * NS_PER_S, &zone);
            assert_int_equal(c.hour, tm.tm_hour);
            /* A time that is twice gives the earlier instant, else the same one. */
            const int64_t again = time_instant_ns(&c, &zone) / NS_PER_S;
            assert_true(again <= at);
            assert_true(again == at || time_civil(again * NS_PER_S, &zone).hour == c.hour);
        }
    }
    unsetenv("TZ");
}

static void other_names_are_refused(void **state)
{
    static const struct {
        const char *name;
        no why;
    } rows[] = {
        {"", NO_NOT_FOUND},
        {"Europe/Nowhere", NO_NOT_FOUND},
        {"../../../etc/passwd", NO_NOT_FOUND},
        {"/etc/passwd", NO_NOT_FOUND},
        {"Europe", NO_NOT_FOUND},
        {"Europe/Paris/x", NO_NOT_FOUND},
        {"Europe/Par is", NO_NOT_FOUND},
        {"zone.tab", NO_NOT_FOUND},
        {"leapseconds", NO_IO_FAILED},
    };
    struct zone zone = {.transitions_n = 7};
    char block[64];
    struct arena small;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(time_zone_load(&arena, str_of(rows[i].name), &zone), rows[i].why);
    assert_int_equal(time_zone_load(&arena, (str){"Europe/Paris\0x", 14}, &zone), NO_NOT_FOUND);
    arena_init_on(&small, block, sizeof block);
    assert_int_equal(time_zone_load(&small, S("Europe/Paris"), &zone), NO_OUT_OF_MEMORY);
    assert_int_equal(zone.transitions_n, 7);
}

static void dates_are_written(void **state)
{
    const struct civil moment = {2026, 11, 21, 14, 2, 3, 0}, first = {2026, 5, 1, 0, 5, 0, 0};
    struct buf buf;

    (void)state;
    buf_init(&buf, &arena, 0);
    time_put_date(&buf, LANG_EN, &moment);
    buf_put_char(&buf, '|');
    time_put_date(&buf, LANG_FR, &moment);
    buf_put_char(&buf, '|');
    time_put_date(&buf, LANG_EN, &first);
    buf_put_char(&buf, '|');
    time_put_date(&buf, LANG_FR, &first);
    assert_str(buf_str(&buf), "21 November 2026|21 novembre 2026|1 May 2026|1er mai 2026");
    buf_clear(&buf);
    time_put_date_short(&buf, LANG_EN, &moment);
    buf_put_char(&buf, '|');
    time_put_date_short(&buf, LANG_FR, &moment);
    buf_put_char(&buf, '|');
    time_put_date_short(&buf, LANG_FR, &first);
    assert_str(buf_str(&buf), "Sat 21 Nov|sam. 21 nov.|ven. 1er mai");
    buf_clear(&buf);
    time_put_clock(&buf, LANG_EN, &moment);
    buf_put_char(&buf, '|');
    time_put_clock(&buf, LANG_FR, &moment);
    buf_put_char(&buf, '|');
    time_put_clock(&buf, LANG_EN, &first);
    buf_put_char(&buf, '|');
    time_put_clock(&buf, LANG_FR, &first);
    assert_str(buf_str(&buf), "14:02|14" N "h" N "02|00:05|0" N "h" N "05");
    buf_clear(&buf);
    time_put_moment(&buf, LANG_EN, &moment);
    buf_put_char(&buf, '|');
    time_put_moment(&buf, LANG_FR, &moment);
    assert_str(buf_str(&buf), "21 November 2026, 14:02|21 novembre 2026 à 14" N "h" N "02");
}

static void programs_read_dates(void **state)
{
    const struct civil early = {987, 1, 2, 0, 0, 0, 0};
    const int64_t at_ns = INT64_C(1795269723999999999);
    struct buf buf;

    (void)state;
    buf_init(&buf, &arena, 0);
    time_put_iso(&buf, at_ns);
    assert_str(buf_str(&buf), "2026-11-21T14:02:03Z");
    buf_clear(&buf);
    time_put_http(&buf, at_ns);
    assert_str(buf_str(&buf), "Sat, 21 Nov 2026 14:02:03 GMT");
    buf_clear(&buf);
    time_put_mail(&buf, 0);
    assert_str(buf_str(&buf), "Thu, 01 Jan 1970 00:00:00 +0000");
    buf_clear(&buf);
    time_put_iso_date(&buf, &early);
    assert_str(buf_str(&buf), "0987-01-02");
}

static void dates_are_read(void **state)
{
    static const char *const wrong[] = {
        "",           "2026-2-1",   "2026-02-30",       "2025-02-29",
        "2026/02/01", "21-11-2026", "2026-11-21T00:00", "0000-01-01",
        "2026-11-2x", "+026-11-21", "2026-11-211",      "12026-1-21",
        " ",
    };
    int32_t days = 7;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (time_parse_iso_date(str_of(wrong[i]), &days) != NO_FIELD_NOT_A_DATE || days != 7)
            fail_msg("\"%s\"", wrong[i]);
    assert_int_equal(time_parse_iso_date(S(" 2024-02-29 "), &days), YES);
    assert_int_equal(days, time_days(2024, 2, 29));
    for (days = time_days(1, 1, 1); days <= time_days(9999, 12, 31); days += 11) {
        const struct civil c = time_civil_of_days(days);
        struct buf buf;
        int32_t again;

        arena_reset(&arena);
        buf_init(&buf, &arena, 16);
        time_put_iso_date(&buf, &c);
        assert_int_equal(time_parse_iso_date(buf_str(&buf), &again), YES);
        assert_int_equal(again, days);
    }
}

static void clocks_are_read(void **state)
{
    static const char *const wrong[] = {"",       "24:00", "12:60", "1:30",  "1230",    "12:3",
                                        "12:300", "-1:30", "12.30", "ab:cd", "12:30:00"};
    int32_t minutes = 7;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (time_parse_clock(str_of(wrong[i]), &minutes) != NO_FIELD_WRONG || minutes != 7)
            fail_msg("\"%s\"", wrong[i]);
    assert_int_equal(time_parse_clock(S("00:00"), &minutes), YES);
    assert_int_equal(minutes, 0);
    assert_int_equal(time_parse_clock(S(" 23:59"), &minutes), YES);
    assert_int_equal(minutes, 1439);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_go_round),
        cmocka_unit_test(leap_years_are_known),
        cmocka_unit_test(instants_before_1970_round_down),
        cmocka_unit_test(paris_changes_its_clocks),
        cmocka_unit_test(whole_days_may_be_missing),
        cmocka_unit_test(zones_agree_with_the_library),
        cmocka_unit_test(other_names_are_refused),
        cmocka_unit_test(dates_are_written),
        cmocka_unit_test(programs_read_dates),
        cmocka_unit_test(dates_are_read),
        cmocka_unit_test(clocks_are_read),
    };

    return cmocka_run_group_tests_name("time", tests, start, stop);
}
