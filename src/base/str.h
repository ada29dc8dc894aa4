/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A string is a pointer and a length; it owns nothing and need not end with a zero byte.
 * str is a low-level piece: it includes nothing of the house.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct str {
    const char *ptr;
    size_t len;
} str;

/* A literal: S("fee"). STR_NONE is the empty string, with ptr NULL. */
#define S(literal) ((str){"" literal, sizeof(literal) - 1})
#define STR_NONE ((str){NULL, 0})

/* From a zero-terminated string; NULL gives STR_NONE. */
str str_of(const char *zero_terminated);
bool str_eq(str a, str b);
bool str_eq_nocase(str a, str b); /* ASCII letters only */
bool str_starts(str s, str prefix);
bool str_ends(str s, str suffix);
/* memcmp order, shorter first on a tie: <0, 0, >0. */
int str_cmp(str a, str b);
/* Index of the first `c` or of the first `needle`; len when absent. */
size_t str_find_char(str s, char c);
size_t str_find(str s, str needle);
/* Bytes [from, from+len) cut to what is there. */
str str_sub(str s, size_t from, size_t len);
/* Without ASCII space, tab, CR, LF at both ends. */
str str_trim(str s);
/* Splits at the first `c`: *head before it, *rest after it. False (head = s, rest = none) when `c`
 * is absent. */
bool str_cut(str s, char c, str *head, str *rest);
/* Decimal integer, optional leading '-', nothing else; false on anything else or on overflow. */
bool str_to_int64(str s, int64_t *out);
/* Bytes to lower-case hex: `out` must hold 2*len. And back: false unless 2*len hex digits. */
void str_hex(const uint8_t *bytes, size_t len, char *out);
bool str_unhex(str hex, uint8_t *bytes, size_t len);

#endif
