/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Time is int64_t nanoseconds of UTC since 1970 everywhere; a person sees it in the zone of the
 * co-op. Zones are read from the system's TZif files by our own small reader (RFC 8536), because
 * libc's TZ is process-wide. No function here reads the clock: that is world's.
 */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/lang.h"
#include "base/no.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

#define NS_PER_S INT64_C(1000000000)
#define S_PER_DAY INT64_C(86400)

/* A civil date and time of day; month 1..12, day 1..31, weekday 1 = Monday .. 7 = Sunday. */
struct civil {
    int32_t year;
    int8_t month, day, hour, minute, second, weekday;
};

/* Days since 1970-01-01 of a proleptic Gregorian date and back (book dates are such days). */
int32_t time_days(int32_t year, int month, int day);
struct civil time_civil_of_days(int32_t days);
/* Years 1 to 9999, which four digits can write. */
bool time_date_valid(int32_t year, int month, int day);

/* A zone: transitions and a rule after the last. {0} is UTC. */
struct zone {
    const int64_t *from_s;   /* ascending, transitions_n of them */
    const int32_t *offset_s; /* transitions_n + 1: before the first, then after each */
    int32_t transitions_n;
};
/* Reads `name` ("Europe/Paris") from /usr/share/zoneinfo into `arena`, expanding the footer's rule
 * to the year 2100. NO_NOT_FOUND when there is no such file or its name has anything but letters,
 * digits, '/', '_', '-', '+'; NO_IO_FAILED when it is not TZif, counts leap seconds or cannot be
 * read, NO_OUT_OF_MEMORY when the arena is full. */
no time_zone_load(struct arena *arena, str name, struct zone *zone) MUST_USE;
int32_t time_zone_offset_s(const struct zone *zone, int64_t at_s);

struct civil time_civil(int64_t at_ns, const struct zone *zone);
/* The instant of a local date and time; of two (autumn) the first, of none (spring) the one after
 * the gap: 02:30 that the clocks jump over is 03:30. Past what int64_t holds (1677, 2262) the
 * nearest that it does. */
int64_t time_instant_ns(const struct civil *local, const struct zone *zone);

/* Writing for people. English: "21 November 2026", "14:02", "Sat 21 Nov"; French: "21 novembre
 * 2026" ("1er" without markup), "14 h 02" with U+202F, "sam. 21 nov.". The weekday is reckoned from
 * the date, not read. */
void time_put_date(struct buf *out, enum lang lang, const struct civil *when);
void time_put_date_short(struct buf *out, enum lang lang, const struct civil *when);
void time_put_clock(struct buf *out, enum lang lang, const struct civil *when);
/* "21 November 2026, 14:02" / "21 novembre 2026 à 14 h 02". */
void time_put_moment(struct buf *out, enum lang lang, const struct civil *when);
/* Writing for programs: "2026-11-21", "2026-11-21T14:02:03Z", and RFC 5322 for HTTP ("Sat, 21 Nov
 * 2026 14:02:03 GMT", RFC 9110 section 5.6.7) and for mail (" +0000" at its end). */
void time_put_iso_date(struct buf *out, const struct civil *when);
void time_put_iso(struct buf *out, int64_t at_ns);
void time_put_http(struct buf *out, int64_t at_ns);
void time_put_mail(struct buf *out, int64_t at_ns);

/* "2026-11-21" to days; NO_FIELD_NOT_A_DATE. "14:02" to minutes of the day; NO_FIELD_WRONG. Blanks
 * around are trimmed. */
no time_parse_iso_date(str typed, int32_t *days) MUST_USE;
no time_parse_clock(str typed, int32_t *minutes) MUST_USE;

#endif
