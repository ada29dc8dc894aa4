/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Time zones from the system's TZif files (RFC 8536) and the rule in their footer (POSIX TZ,
 * section 3.3.1).
 */
#include "base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The longest file of tzdata 2025b has 3,700 bytes. */
enum {
    FILE_SIZE_MAX = 32 * 1024,
    NAME_MAX_LEN = 64,
    HEADER_SIZE = 44,
    TYPE_SIZE = 6,
    OFFSET_MAX_S = 26 * 3600,
    RULE_HOURS_MAX = 167,
    RULE_YEAR_FIRST = 1900,
    RULE_YEAR_LAST = 2100,
};

/* --- the file --- */

static bool is_name(str name)
{
    for (size_t i = 0; i < name.len; i++) {
        const char c = name.ptr[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '/' || c == '_' || c == '-' || c == '+'))
            return false;
    }
    return name.len > 0 && name.len <= NAME_MAX_LEN && name.ptr[0] != '/';
}

static no read_open(int file, uint8_t bytes[FILE_SIZE_MAX], size_t *len)
{
    struct stat about;
    size_t have = 0;

    if (fstat(file, &about) != 0)
        return NO_IO_FAILED;
    if (!S_ISREG(about.st_mode))
        return NO_NOT_FOUND;
    while (have < FILE_SIZE_MAX) {
        const ssize_t got = read(file, bytes + have, FILE_SIZE_MAX - have);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return NO_IO_FAILED;
        if (got == 0) {
            *len = have;
            return YES;
        }
        have += (size_t)got;
    }
    return NO_IO_FAILED;
}

static no read_file(str name, uint8_t bytes[FILE_SIZE_MAX], size_t *len)
{
    char path[NAME_MAX_LEN + 32];

    if (!is_name(name))
        return NO_NOT_FOUND;
    (void)snprintf(path, sizeof path, "/usr/share/zoneinfo/%.*s", (int)name.len, name.ptr);
    const int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (file < 0)
        return errno == ENOENT || errno == ENOTDIR ? NO_NOT_FOUND : NO_IO_FAILED;
    const no answer = read_open(file, bytes, len);
    (void)close(file);
    return answer;
}

/* --- the table --- */

/* One block of a TZif file: transition times of `width` bytes, the type of each, the types. */
struct block {
    const uint8_t *times, *kinds, *types;
    uint32_t times_n, types_n;
    size_t width;
};

static int64_t big_endian(const uint8_t *bytes, size_t width)
{
    uint64_t value = bytes[0] >= 0x80 ? UINT64_MAX : 0;

    for (size_t i = 0; i < width; i++)
        value = value << 8 | bytes[i];
    return (int64_t)value;
}

static int32_t block_offset_s(const struct block *block, uint32_t kind)
{
    return (int32_t)big_endian(block->types + TYPE_SIZE * (size_t)kind, 4);
}

static int64_t block_time_s(const struct block *block, uint32_t i)
{
    return big_endian(block->times + block->width * i, block->width);
}

/* The block whose header is at *at; moves *at past it. */
static bool read_block(str file, size_t width, size_t *at, struct block *block)
{
    const uint8_t *head = (const uint8_t *)file.ptr + *at;
    uint32_t counts[6];

    if (file.len - *at < HEADER_SIZE || memcmp(head, "TZif", 4) != 0)
        return false;
    for (size_t i = 0; i < 6; i++) {
        counts[i] = (uint32_t)big_endian(head + 20 + 4 * i, 4);
        if (counts[i] > FILE_SIZE_MAX)
            return false;
    }
    const uint32_t leaps_n = counts[2], times_n = counts[3], types_n = counts[4];
    const size_t size = times_n * (width + 1) + types_n * (size_t)TYPE_SIZE + counts[5] +
                        leaps_n * (width + 4) + counts[1] + counts[0];

    if (file.len - *at - HEADER_SIZE < size)
        return false;
    *at += HEADER_SIZE + size;
    *block = (struct block){.times = head + HEADER_SIZE,
                            .kinds = head + HEADER_SIZE + times_n * width,
                            .types = head + HEADER_SIZE + times_n * (width + 1),
                            .times_n = times_n,
                            .types_n = types_n,
                            .width = width};
    /* Leap seconds ("right/...") would shift every clock of ours by 27 s. */
    return leaps_n == 0;
}

static bool is_sound(const struct block *block)
{
    for (uint32_t i = 0; i < block->types_n; i++) {
        const int32_t offset_s = block_offset_s(block, i);

        if (offset_s < -OFFSET_MAX_S || offset_s > OFFSET_MAX_S)
            return false;
    }
    for (uint32_t i = 0; i < block->times_n; i++)
        if (block->kinds[i] >= block->types_n ||
            (i > 0 && block_time_s(block, i) <= block_time_s(block, i - 1)))
            return false;
    return block->types_n > 0;
}

/* Version 1 has one block of 32 bits; later ones repeat it in 64 bits, and a footer between
 * newlines. */
static bool read_blocks(str file, struct block *block, str *footer)
{
    size_t at = 0;

    *footer = STR_NONE;
    if (!read_block(file, 4, &at, block))
        return false;
    if (file.ptr[4] != '\0') {
        str rest;

        if (!read_block(file, 8, &at, block) || at >= file.len || file.ptr[at] != '\n' ||
            !str_cut(str_sub(file, at + 1, SIZE_MAX), '\n', footer, &rest))
            return false;
    }
    return is_sound(block);
}

/* --- the rule --- */

/* When a rule's clocks change: M = weekday of a week of a month, J = day 1..365 without 29
 * February, N = day 0..365. */
struct change {
    char kind;
    int month, week, day;
    int32_t time_s;
};
struct rule {
    int32_t standard_s, summer_s;
    bool changes;
    struct change start, end;
};

static bool take(str *s, char c)
{
    if (s->len == 0 || s->ptr[0] != c)
        return false;
    *s = (str){s->ptr + 1, s->len - 1};
    return true;
}

static bool take_number(str *s, int max, int *number)
{
    int n = 0;
    size_t len = 0;

    for (; len < s->len && s->ptr[len] >= '0' && s->ptr[len] <= '9' && n <= max; len++)
        n = n * 10 + (s->ptr[len] - '0');
    if (len == 0 || n > max)
        return false;
    *s = (str){s->ptr + len, s->len - len};
    *number = n;
    return true;
}

static bool take_clock(str *s, int32_t *seconds)
{
    const bool negative = take(s, '-');
    int hours, minutes = 0, rest = 0;

    if (!negative)
        (void)take(s, '+');
    if (!take_number(s, RULE_HOURS_MAX, &hours) ||
        (take(s, ':') &&
         (!take_number(s, 59, &minutes) || (take(s, ':') && !take_number(s, 59, &rest)))))
        return false;
    *seconds = (hours * 3600 + minutes * 60 + rest) * (negative ? -1 : 1);
    return true;
}

/* "CET" or "<+0330>" */
static bool take_abbreviation(str *s)
{
    size_t len = 0;

    if (take(s, '<')) {
        len = str_find_char(*s, '>');
        if (len == s->len)
            return false;
        *s = (str){s->ptr + len + 1, s->len - len - 1};
        return true;
    }
    while (len < s->len && ((s->ptr[len] | 32) >= 'a' && (s->ptr[len] | 32) <= 'z'))
        len++;
    *s = (str){s->ptr + len, s->len - len};
    return len >= 3;
}

static bool take_day(str *s, struct change *change)
{
    if (take(s, 'M')) {
        change->kind = 'M';
        return take_number(s, 12, &change->month) && change->month > 0 && take(s, '.') &&
               take_number(s, 5, &change->week) && change->week > 0 && take(s, '.') &&
               take_number(s, 6, &change->day);
    }
    change->kind = take(s, 'J') ? 'J' : 'N';
    return take_number(s, 365, &change->day) && (change->kind == 'N' || change->day > 0);
}

static bool take_change(str *s, struct change *change)
{
    *change = (struct change){.time_s = 2 * 3600};
    return take(s, ',') && take_day(s, change) && (!take(s, '/') || take_clock(s, &change->time_s));
}

/* "CET-1CEST,M3.5.0,M10.5.0/3": offsets count towards the west. */
static bool read_rule(str s, struct rule *rule)
{
    int32_t west_s;

    *rule = (struct rule){0};
    if (!take_abbreviation(&s) || !take_clock(&s, &west_s))
        return false;
    rule->standard_s = -west_s;
    if (s.len == 0)
        return true;
    rule->changes = true;
    rule->summer_s = rule->standard_s + 3600;
    if (!take_abbreviation(&s))
        return false;
    if (s.len > 0 && s.ptr[0] != ',') {
        if (!take_clock(&s, &west_s))
            return false;
        rule->summer_s = -west_s;
    }
    return take_change(&s, &rule->start) && take_change(&s, &rule->end) && s.len == 0;
}

static int32_t change_day(const struct change *change, int32_t year)
{
    if (change->kind == 'M') {
        const int32_t first = time_days(year, change->month, 1);
        /* POSIX weekdays begin with Sunday = 0, ours end with it = 7. */
        const int wait = (change->day - time_civil_of_days(first).weekday % 7 + 7) % 7;
        const int32_t day = first + wait + 7 * (change->week - 1);

        return time_civil_of_days(day).month == change->month ? day : day - 7;
    }
    if (change->kind == 'N')
        return time_days(year, 1, 1) + change->day;
    return time_days(year, 1, 1) + change->day - 1 +
           (change->day >= 60 && time_date_valid(year, 2, 29));
}

static int64_t change_s(const struct change *change, int32_t year, int32_t offset_s)
{
    return change_day(change, year) * S_PER_DAY + change->time_s - offset_s;
}

/* --- the zone --- */

/* A zone being made; the arrays have room for all that may be appended, which is later than last_s.
 */
struct making {
    int64_t *from_s;
    int32_t *offset_s;
    int32_t n;
    int64_t last_s;
};

static void append(struct making *making, int64_t from_s, int32_t offset_s)
{
    if (from_s <= making->last_s)
        return;
    making->last_s = from_s;
    /* Many transitions only rename: nothing to see on a clock. */
    if (offset_s == making->offset_s[making->n])
        return;
    making->from_s[making->n++] = from_s;
    making->offset_s[making->n] = offset_s;
}

static void append_rule(struct making *making, const struct rule *rule, int32_t first_year)
{
    for (int32_t year = first_year; year <= RULE_YEAR_LAST; year++) {
        const int64_t start = change_s(&rule->start, year, rule->standard_s);
        const int64_t end = change_s(&rule->end, year, rule->summer_s);

        if (start < end)
            append(making, start, rule->summer_s);
        append(making, end, rule->standard_s);
        if (start >= end)
            append(making, start, rule->summer_s);
    }
}

/* The year of the last transition of the table, from which the rule goes on. */
static int32_t rule_first_year(const struct block *block)
{
    const int64_t first_s = time_days(RULE_YEAR_FIRST, 1, 1) * S_PER_DAY;
    const int64_t last_s = time_days(RULE_YEAR_LAST, 1, 1) * S_PER_DAY;
    int64_t at_s = block->times_n == 0 ? first_s : block_time_s(block, block->times_n - 1);

    at_s = at_s < first_s ? first_s : at_s > last_s ? last_s : at_s;
    return time_civil_of_days((int32_t)(at_s / S_PER_DAY)).year;
}

/* The arena keeps room for every transition; those that only rename are dropped and leave some of
 * it empty. */
static no make_zone(struct arena *arena, const struct block *block, const struct rule *rule,
                    struct zone *zone)
{
    const int32_t first_year = rule_first_year(block);
    const size_t room =
        block->times_n + (rule->changes ? 2 * (size_t)(RULE_YEAR_LAST + 1 - first_year) : 0);
    struct making making = {.from_s = arena_take_many(arena, room, sizeof(int64_t)),
                            .offset_s = arena_take_many(arena, room + 1, sizeof(int32_t)),
                            .last_s = INT64_MIN};

    if (making.from_s == NULL || making.offset_s == NULL)
        return NO_OUT_OF_MEMORY;
    making.offset_s[0] = block_offset_s(block, 0);
    for (uint32_t i = 0; i < block->times_n; i++)
        append(&making, block_time_s(block, i), block_offset_s(block, block->kinds[i]));
    if (rule->changes)
        append_rule(&making, rule, first_year);
    *zone = (struct zone){making.from_s, making.offset_s, making.n};
    return YES;
}

no time_zone_load(struct arena *arena, str name, struct zone *zone)
{
    uint8_t bytes[FILE_SIZE_MAX];
    size_t len;
    struct block block;
    struct rule rule = {0};
    str footer;

    TRY(read_file(name, bytes, &len));
    if (!read_blocks((str){(const char *)bytes, len}, &block, &footer) ||
        (footer.len > 0 && !read_rule(footer, &rule)))
        return NO_IO_FAILED;
    return make_zone(arena, &block, &rule, zone);
}
