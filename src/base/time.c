/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/time.h"

#include <assert.h>

enum {
    DAYS_PER_ERA = 146097, /* 400 years */
    ERA_YEARS = 400,
    /* From 0000-03-01, where eras start so that leap days come last, to 1970-01-01. */
    EPOCH_DAYS = 719468,
    YEAR_MIN = 1,
    YEAR_MAX = 9999,
};

/* --- civil dates --- */

static int64_t floor_divide(int64_t a, int64_t by)
{
    return a / by - (a % by < 0);
}

/* Howard Hinnant, chrono-Compatible Low-Level Date Algorithms: years begin in March, eras repeat.
 */
int32_t time_days(int32_t year, int month, int day)
{
    const int64_t y = (int64_t)year - (month <= 2);
    const int64_t era = floor_divide(y, ERA_YEARS);
    const int64_t year_of_era = y - era * ERA_YEARS;
    const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return (int32_t)(era * DAYS_PER_ERA + day_of_era - EPOCH_DAYS);
}

static int8_t weekday_of_days(int32_t days)
{
    /* 1970-01-01 was a Thursday, 4. */
    const int64_t weekday = ((int64_t)days + 3) % 7;

    return (int8_t)((weekday < 0 ? weekday + 7 : weekday) + 1);
}

struct civil time_civil_of_days(int32_t days)
{
    const int64_t z = (int64_t)days + EPOCH_DAYS;
    const int64_t era = floor_divide(z, DAYS_PER_ERA);
    const int64_t day_of_era = z - era * DAYS_PER_ERA;
    const int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / (DAYS_PER_ERA - 1)) /
        365;
    const int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int64_t march_month = (5 * day_of_year + 2) / 153;
    const int64_t month = march_month < 10 ? march_month + 3 : march_month - 9;

    return (struct civil){
        .year = (int32_t)(year_of_era + era * ERA_YEARS + (month <= 2)),
        .month = (int8_t)month,
        .day = (int8_t)(day_of_year - (153 * march_month + 2) / 5 + 1),
        .weekday = weekday_of_days(days),
    };
}

bool time_date_valid(int32_t year, int month, int day)
{
    static const int8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day < 1)
        return false;
    if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
        return day <= 29;
    return day <= lengths[month - 1];
}

static int64_t seconds_of_civil(const struct civil *c)
{
    return time_days(c->year, c->month, c->day) * S_PER_DAY + c->hour * INT64_C(3600) +
           c->minute * INT64_C(60) + c->second;
}

struct civil time_civil(int64_t at_ns, const struct zone *zone)
{
    const int64_t utc_s = floor_divide(at_ns, NS_PER_S);
    const int64_t local_s = utc_s + time_zone_offset_s(zone, utc_s);
    const int64_t days = floor_divide(local_s, S_PER_DAY);
    const int64_t of_day = local_s - days * S_PER_DAY;
    struct civil civil = time_civil_of_days((int32_t)days);

    civil.hour = (int8_t)(of_day / 3600);
    civil.minute = (int8_t)(of_day / 60 % 60);
    civil.second = (int8_t)(of_day % 60);
    return civil;
}

/* --- zones --- */

int32_t time_zone_offset_s(const struct zone *zone, int64_t at_s)
{
    int32_t low = 0, high = zone->transitions_n;

    if (high == 0)
        return zone->offset_s == NULL ? 0 : zone->offset_s[0];
    /* The number of transitions at or before at_s is the place of its offset. */
    while (low < high) {
        const int32_t middle = low + (high - low) / 2;

        if (zone->from_s[middle] <= at_s)
            low = middle + 1;
        else
            high = middle;
    }
    return zone->offset_s[low];
}

static int64_t nanoseconds(int64_t seconds)
{
    int64_t ns;

    if (__builtin_mul_overflow(seconds, NS_PER_S, &ns))
        return seconds < 0 ? INT64_MIN : INT64_MAX;
    return ns;
}

int64_t time_instant_ns(const struct civil *local, const struct zone *zone)
{
    const int64_t local_s = seconds_of_civil(local);
    /* No zone changes twice within two days, so the offset is the one of a day before or of a day
     * after. */
    const int64_t before = local_s - time_zone_offset_s(zone, local_s - S_PER_DAY);
    const int64_t after = local_s - time_zone_offset_s(zone, local_s + S_PER_DAY);

    /* The offset before also carries a time that does not exist over the gap. */
    if (before + time_zone_offset_s(zone, before) == local_s ||
        after + time_zone_offset_s(zone, after) != local_s)
        return nanoseconds(before);
    return nanoseconds(after);
}

/* --- writing for people --- */

#define NARROW_SPACE "\u202f"

static const char *const months[LANG_COUNT][12] = {
    [LANG_EN] = {"January", "February", "March", "April", "May", "June", "July", "August",
                 "September", "October", "November", "December"},
    [LANG_FR] = {"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
                 "septembre", "octobre", "novembre", "décembre"},
};
static const char *const months_short[LANG_COUNT][12] = {
    [LANG_EN] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
                 "Dec"},
    [LANG_FR] = {"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.",
                 "nov.", "déc."},
};
static const char *const weekdays_short[LANG_COUNT][7] = {
    [LANG_EN] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
    [LANG_FR] = {"lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."},
};

static void put_two(struct buf *out, int n)
{
    const char digits[2] = {(char)('0' + n / 10 % 10), (char)('0' + n % 10)};

    buf_put_bytes(out, digits, 2);
}

static void put_day(struct buf *out, enum lang lang, const struct civil *when)
{
    buf_put_int(out, when->day);
    if (lang == LANG_FR && when->day == 1)
        buf_put(out, S("er"));
    buf_put_char(out, ' ');
}

void time_put_date(struct buf *out, enum lang lang, const struct civil *when)
{
    assert(when->month >= 1 && when->month <= 12);
    put_day(out, lang, when);
    buf_put(out, str_of(months[lang][when->month - 1]));
    buf_put_char(out, ' ');
    buf_put_int(out, when->year);
}

static int weekday(const struct civil *when)
{
    return weekday_of_days(time_days(when->year, when->month, when->day));
}

void time_put_date_short(struct buf *out, enum lang lang, const struct civil *when)
{
    assert(when->month >= 1 && when->month <= 12);
    buf_put(out, str_of(weekdays_short[lang][weekday(when) - 1]));
    buf_put_char(out, ' ');
    put_day(out, lang, when);
    buf_put(out, str_of(months_short[lang][when->month - 1]));
}

void time_put_clock(struct buf *out, enum lang lang, const struct civil *when)
{
    if (lang == LANG_FR) {
        buf_put_int(out, when->hour);
        buf_put(out, S(NARROW_SPACE "h" NARROW_SPACE));
    } else {
        put_two(out, when->hour);
        buf_put_char(out, ':');
    }
    put_two(out, when->minute);
}

void time_put_moment(struct buf *out, enum lang lang, const struct civil *when)
{
    time_put_date(out, lang, when);
    buf_put(out, lang == LANG_FR ? S(" à ") : S(", "));
    time_put_clock(out, lang, when);
}

/* --- writing for programs --- */

void time_put_iso_date(struct buf *out, const struct civil *when)
{
    put_two(out, when->year / 100);
    put_two(out, when->year % 100);
    buf_put_char(out, '-');
    put_two(out, when->month);
    buf_put_char(out, '-');
    put_two(out, when->day);
}

static void put_hms(struct buf *out, const struct civil *when)
{
    put_two(out, when->hour);
    buf_put_char(out, ':');
    put_two(out, when->minute);
    buf_put_char(out, ':');
    put_two(out, when->second);
}

void time_put_iso(struct buf *out, int64_t at_ns)
{
    const struct civil utc = time_civil(at_ns, &(struct zone){0});

    time_put_iso_date(out, &utc);
    buf_put_char(out, 'T');
    put_hms(out, &utc);
    buf_put_char(out, 'Z');
}

static void put_rfc5322(struct buf *out, int64_t at_ns, str zone)
{
    const struct civil utc = time_civil(at_ns, &(struct zone){0});

    buf_put(out, str_of(weekdays_short[LANG_EN][utc.weekday - 1]));
    buf_put(out, S(", "));
    put_two(out, utc.day);
    buf_put_char(out, ' ');
    buf_put(out, str_of(months_short[LANG_EN][utc.month - 1]));
    buf_put_char(out, ' ');
    buf_put_int(out, utc.year);
    buf_put_char(out, ' ');
    put_hms(out, &utc);
    buf_put(out, zone);
}

void time_put_http(struct buf *out, int64_t at_ns)
{
    put_rfc5322(out, at_ns, S(" GMT"));
}

void time_put_mail(struct buf *out, int64_t at_ns)
{
    put_rfc5322(out, at_ns, S(" +0000"));
}

/* --- reading --- */

/* Exactly `len` digits at `at`; -1 when there are others. */
static int digits(str s, size_t at, size_t len)
{
    int value = 0;

    for (size_t i = at; i < at + len; i++) {
        if (i >= s.len || s.ptr[i] < '0' || s.ptr[i] > '9')
            return -1;
        value = value * 10 + (s.ptr[i] - '0');
    }
    return value;
}

no time_parse_iso_date(str typed, int32_t *days)
{
    const str s = str_trim(typed);
    const int year = digits(s, 0, 4), month = digits(s, 5, 2), day = digits(s, 8, 2);

    if (s.len != 10 || s.ptr[4] != '-' || s.ptr[7] != '-' || !time_date_valid(year, month, day))
        return NO_FIELD_NOT_A_DATE;
    *days = time_days(year, month, day);
    return YES;
}

no time_parse_clock(str typed, int32_t *minutes)
{
    const str s = str_trim(typed);
    const int hour = digits(s, 0, 2), minute = digits(s, 3, 2);

    if (s.len != 5 || s.ptr[2] != ':' || hour < 0 || hour > 23 || minute < 0 || minute > 59)
        return NO_FIELD_WRONG;
    *minutes = hour * 60 + minute;
    return YES;
}
