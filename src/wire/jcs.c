/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The checker: one pass, no memory but the path from the root.
 */
#include "wire/jcs.h"

#include "base/utf8.h"
#include "wire/jcs_in.h"

#include <string.h>

struct check {
    str text;
    size_t at;
    unsigned depth, members;
    enum jcs_flaw flaw;
};

static bool fail(struct check *check, enum jcs_flaw flaw)
{
    check->flaw = flaw;
    return false;
}

/* The next byte, or -1 at the end. */
static int peek(const struct check *check)
{
    return check->at < check->text.len ? (uint8_t)check->text.ptr[check->at] : -1;
}

static bool take(struct check *check, char c)
{
    if (peek(check) != c)
        return false;
    check->at++;
    return true;
}

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static bool check_value(struct check *check);

/* --- texts --- */

/* Behind a backslash. */
static bool check_escape(struct check *check)
{
    static const char shorts[] = "\"\\bfnrt";
    const str rest = str_sub(check->text, check->at, 5);

    if (rest.len > 0 && memchr(shorts, rest.ptr[0], sizeof shorts - 1) != NULL) {
        check->at++;
        return true;
    }
    const int point = jcs_control(rest);

    /* What has a short spelling may not have the long one, nor may what needs none. */
    if (point < 0 || point == '\b' || point == '\f' || point == '\n' || point == '\r' ||
        point == '\t')
        return fail(check, JCS_ESCAPE);
    check->at += 5;
    return true;
}

static bool check_high(struct check *check)
{
    size_t next = check->at;

    /* utf8_next passes one byte of what is no character; U+FFFD itself has three. */
    (void)utf8_next(check->text, &next);
    if (next - check->at == 1)
        return fail(check, JCS_UTF8);
    check->at = next;
    return true;
}

static bool check_text(struct check *check)
{
    check->at++;
    for (;;) {
        const int c = peek(check);

        if (c < 0)
            return fail(check, JCS_SYNTAX);
        if (c < 0x20)
            return fail(check, JCS_ESCAPE);
        if (c >= 0x80) {
            if (!check_high(check))
                return false;
            continue;
        }
        check->at++;
        if (c == '"')
            return true;
        if (c == '\\' && !check_escape(check))
            return false;
    }
}

/* --- numbers and words --- */

static bool check_integer(struct check *check)
{
    const bool minus = take(check, '-');
    const size_t first = check->at;
    int64_t value = 0;

    for (; is_digit(peek(check)); check->at++) {
        if (value <= JCS_INT_MAX)
            value = value * 10 + (peek(check) - '0');
    }
    const size_t digits = check->at - first;

    if (digits == 0 || (check->text.ptr[first] == '0' && (digits > 1 || minus)))
        return fail(check, JCS_INTEGER);
    if (peek(check) == '.' || peek(check) == 'e' || peek(check) == 'E')
        return fail(check, JCS_INTEGER);
    return value <= JCS_INT_MAX || fail(check, JCS_RANGE);
}

static bool check_word(struct check *check, str word)
{
    if (!str_eq(str_sub(check->text, check->at, word.len), word))
        return fail(check, JCS_VALUE);
    check->at += word.len;
    return true;
}

/* --- lists and objects --- */

static bool enter(struct check *check)
{
    if (check->depth == JCS_DEPTH_MAX)
        return fail(check, JCS_DEPTH);
    check->depth++;
    check->at++;
    return true;
}

static bool leave(struct check *check)
{
    check->depth--;
    return true;
}

static bool check_list(struct check *check)
{
    if (!enter(check))
        return false;
    if (take(check, ']'))
        return leave(check);
    do {
        if (!check_value(check))
            return false;
    } while (take(check, ','));
    return take(check, ']') ? leave(check) : fail(check, JCS_SYNTAX);
}

static bool check_name(struct check *check, str *name)
{
    if (!take(check, '"'))
        return fail(check, JCS_SYNTAX);
    const size_t first = check->at;

    while (jcs_is_name_char(peek(check), check->at > first))
        check->at++;
    *name = str_sub(check->text, first, check->at - first);
    if (name->len == 0 || name->len > JCS_NAME_SIZE_MAX || !take(check, '"'))
        return fail(check, peek(check) < 0 ? JCS_SYNTAX : JCS_NAME);
    return true;
}

static bool check_member(struct check *check, str *last)
{
    str name;

    if (check->members == JCS_MEMBERS_MAX)
        return fail(check, JCS_MEMBERS);
    check->members++;
    if (!check_name(check, &name))
        return false;
    if (last->len > 0 && str_cmp(*last, name) >= 0)
        return fail(check, JCS_ORDER);
    *last = name;
    if (!take(check, ':'))
        return fail(check, JCS_SYNTAX);
    return check_value(check);
}

static bool check_object(struct check *check)
{
    str last = STR_NONE;

    if (!enter(check))
        return false;
    if (take(check, '}'))
        return leave(check);
    do {
        if (!check_member(check, &last))
            return false;
    } while (take(check, ','));
    return take(check, '}') ? leave(check) : fail(check, JCS_SYNTAX);
}

/* Calls itself, through lists and objects, JCS_DEPTH_MAX deep at most. */
static bool check_value(struct check *check)
{
    const int c = peek(check);

    if (c == '"')
        return check_text(check);
    if (c == '{')
        return check_object(check);
    if (c == '[')
        return check_list(check);
    if (c == '-' || is_digit(c))
        return check_integer(check);
    if (c < 0 || c == ' ' || c == '\t' || c == '\n' || c == '\r')
        return fail(check, JCS_SYNTAX);
    return check_word(check, c == 't' ? S("true") : S("false"));
}

enum jcs_flaw jcs_check(str entry, size_t *at)
{
    struct check check = {.text = entry};

    if (entry.len < 2 || entry.len > JCS_SIZE_MAX)
        check.flaw = JCS_SIZE;
    else if (entry.ptr[0] != '{')
        check.flaw = JCS_NOT_OBJECT;
    else if (check_object(&check) && check.at < entry.len)
        check.flaw = JCS_AFTER;
    *at = check.at;
    return check.flaw;
}

no jcs_entry_check(str entry)
{
    size_t at;

    return jcs_check(entry, &at) == JCS_GOOD ? YES : NO_ENTRY_NOT_CANONICAL;
}

str jcs_flaw_text(enum jcs_flaw flaw)
{
    static const char *const texts[] = {
        [JCS_GOOD] = "in the one form",
        [JCS_SIZE] = "not 2 to 65535 bytes",
        [JCS_NOT_OBJECT] = "not an object",
        [JCS_SYNTAX] = "not JSON, or blanks between",
        [JCS_DEPTH] = "more than 8 levels",
        [JCS_MEMBERS] = "more than 1024 members",
        [JCS_NAME] = "a name of other characters or length",
        [JCS_ORDER] = "names out of order or twice",
        [JCS_VALUE] = "null or no value",
        [JCS_INTEGER] = "not an integer in its one spelling",
        [JCS_RANGE] = "an integer past 2^53 - 1",
        [JCS_ESCAPE] = "a character in another spelling",
        [JCS_UTF8] = "not UTF-8",
        [JCS_AFTER] = "bytes behind the end",
    };

    return str_of(texts[flaw]);
}
