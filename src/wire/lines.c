/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "wire/lines.h"

#include "base/base64.h"
#include "base/utf8.h"

#include <assert.h>

enum { DIGITS_MAX = 19 };

bool lines_next(str *rest, str *line)
{
    const size_t end = str_find_char(*rest, '\n');

    if (end == rest->len)
        return false;
    *line = str_sub(*rest, 0, end);
    *rest = str_sub(*rest, end + 1, rest->len);
    return true;
}

bool lines_after(str line, str word, str *rest)
{
    if (!str_starts(line, word) || line.len == word.len || line.ptr[word.len] != ' ')
        return false;
    *rest = str_sub(line, word.len + 1, line.len);
    return true;
}

bool lines_number(str digits, uint64_t *number)
{
    uint64_t sum = 0;

    if (digits.len == 0 || digits.len > DIGITS_MAX || (digits.len > 1 && digits.ptr[0] == '0'))
        return false;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
            return false;
        /* 19 digits are less than 2^64. */
        sum = sum * 10 + (uint64_t)(digits.ptr[i] - '0');
    }
    if (sum > LINES_NUMBER_MAX)
        return false;
    *number = sum;
    return true;
}

void lines_put_number(struct buf *out, uint64_t number)
{
    assert(number <= LINES_NUMBER_MAX);
    buf_put_int(out, (int64_t)number);
}

bool lines_clean(str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < 0x20 && text.ptr[i] != '\n')
            return false;
    return utf8_valid(text);
}

bool lines_hashes(str *rest, uint8_t (*hashes)[HASH_SIZE], size_t max, size_t *n)
{
    str line;

    for (*n = 0; lines_next(rest, &line); ++*n) {
        if (line.len == 0)
            return true;
        if (*n == max || !base64_read(line, hashes[*n], HASH_SIZE))
            return false;
    }
    return false;
}

void lines_put_hashes(struct buf *out, const uint8_t (*hashes)[HASH_SIZE], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        base64_put(out, hashes[i], HASH_SIZE);
        buf_put_char(out, '\n');
    }
    buf_put_char(out, '\n');
}
