/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "wire/note.h"

#include "base/base64.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "wire/lines.h"

#include <assert.h>
#include <string.h>

enum { ID_SIZE = 4, HEAD_SIZE = 6, LINE_BYTES_MIN = ID_SIZE + 1 };

/* U+2014 and a blank. */
#define DASH S("\xe2\x80\x94 ")

/* White_Space of Unicode: what Go's unicode.IsSpace knows. */
static bool is_space(uint32_t point)
{
    return (point >= 0x09 && point <= 0x0d) || point == 0x20 || point == 0x85 || point == 0xa0 ||
           point == 0x1680 || (point >= 0x2000 && point <= 0x200a) || point == 0x2028 ||
           point == 0x2029 || point == 0x202f || point == 0x205f || point == 0x3000;
}

bool note_name_valid(str name)
{
    if (name.len == 0 || !utf8_valid(name))
        return false;
    for (size_t at = 0; at < name.len;) {
        const uint32_t point = utf8_next(name, &at);

        if (point < 0x20 || point == '+' || is_space(point))
            return false;
    }
    return true;
}

static uint32_t number_of(const uint8_t id[ID_SIZE])
{
    return (uint32_t)id[0] << 24 | (uint32_t)id[1] << 16 | (uint32_t)id[2] << 8 | id[3];
}

static void bytes_of(uint32_t id, uint8_t out[ID_SIZE])
{
    for (int i = 0; i < ID_SIZE; i++)
        out[i] = (uint8_t)(id >> (24 - 8 * i));
}

/* The id, and the signature when it is of a length that we know; `*size` 0 when the base64 is not
 * in its one form. */
static bool read_bytes(str base64, uint8_t bytes[ID_SIZE + NOTE_SIGNATURE_MAX], size_t *size)
{
    /* These hold the id, whatever the last group is like. */
    const str head = str_sub(base64, 0, BASE64_SIZE(HEAD_SIZE));
    size_t len;

    if (!base64_len(base64, &len)) {
        *size = 0;
        return base64_len_any_spare(base64, &len) && base64_read(head, bytes, HEAD_SIZE);
    }
    *size = len - ID_SIZE;
    if (len > ID_SIZE + NOTE_SIGNATURE_MAX)
        return base64_read(head, bytes, HEAD_SIZE);
    return len >= LINE_BYTES_MIN && base64_read(base64, bytes, len);
}

no note_line_parse(str line, struct note_line *parsed)
{
    struct note_line read = {.id = 0};
    uint8_t bytes[ID_SIZE + NOTE_SIGNATURE_MAX] = {0};
    str base64;

    if (!str_starts(line, DASH) ||
        !str_cut(str_sub(line, DASH.len, line.len), ' ', &read.name, &base64) ||
        !note_name_valid(read.name) || !read_bytes(base64, bytes, &read.size))
        return NO_NOTE_MALFORMED;
    read.id = number_of(bytes);
    memcpy(read.signature, bytes + ID_SIZE, NOTE_SIGNATURE_MAX);
    *parsed = read;
    return YES;
}

/* Where the last empty line begins: the '\n' behind the text's own; the length when there is none.
 */
static size_t last_empty_line(str bytes)
{
    for (size_t at = bytes.len; at >= 2; at--)
        if (bytes.ptr[at - 1] == '\n' && bytes.ptr[at - 2] == '\n')
            return at - 1;
    return bytes.len;
}

/* Counts the lines without keeping them, so that `note` is untouched by a bad one. */
static no check_lines(str lines)
{
    struct note_line line;
    size_t n = 0;
    str text;

    while (lines_next(&lines, &text)) {
        if (++n > NOTE_LINES_MAX)
            return NO_NOTE_MALFORMED;
        TRY(note_line_parse(text, &line));
    }
    return n > 0 && lines.len == 0 ? YES : NO_NOTE_MALFORMED;
}

no note_parse(str bytes, struct note *note)
{
    if (bytes.len > NOTE_SIZE_MAX || !lines_clean(bytes))
        return NO_NOTE_MALFORMED;
    const size_t gap = last_empty_line(bytes);
    str line, lines = str_sub(bytes, gap + 1, bytes.len);

    if (gap == bytes.len)
        return NO_NOTE_MALFORMED;
    TRY(check_lines(lines));
    note->text = str_sub(bytes, 0, gap);
    note->lines_n = 0;
    while (lines_next(&lines, &line))
        TRY(note_line_parse(line, &note->lines[note->lines_n++]));
    return YES;
}

bool note_line_is_of(const struct note_line *line, const struct note_key *key)
{
    return line->id == key->id && str_eq(line->name, key->name);
}

bool note_line_holds(const struct note_line *line, const struct note_key *key, str text)
{
    if (!note_line_is_of(line, key))
        return false;
    if (key->type == NOTE_COSIGNATURE)
        return line->size == COSIGNATURE_SIZE &&
               cosignature_holds(key->public_key, line->signature, text);
    return line->size == SIGN_SIZE && sign_holds(key->public_key, text, line->signature);
}

static bool has_signed(const struct note *note, const struct note_key *key)
{
    for (size_t i = 0; i < note->lines_n; i++)
        if (note_line_is_of(&note->lines[i], key))
            return true;
    return false;
}

no note_verify(const struct note *note, const struct note_key *known, size_t known_n, bool *held)
{
    bool any = false;

    for (size_t i = 0; i < note->lines_n; i++)
        for (size_t k = 0; k < known_n; k++) {
            if (!note_line_is_of(&note->lines[i], &known[k]))
                continue;
            if (!note_line_holds(&note->lines[i], &known[k], note->text))
                return NO_SIGNATURE_BAD;
            any = true;
        }
    if (!any)
        return NO_NOTE_UNSIGNED;
    for (size_t k = 0; held != NULL && k < known_n; k++)
        held[k] = has_signed(note, &known[k]);
    return YES;
}

void note_put_line(struct buf *out, const struct note_key *key, const uint8_t *signature,
                   size_t size)
{
    uint8_t bytes[ID_SIZE + NOTE_SIGNATURE_MAX];

    assert(size > 0 && size <= NOTE_SIGNATURE_MAX);
    bytes_of(key->id, bytes);
    memcpy(bytes + ID_SIZE, signature, size);
    buf_put(out, DASH);
    buf_put(out, key->name);
    buf_put_char(out, ' ');
    base64_put(out, bytes, ID_SIZE + size);
    buf_put_char(out, '\n');
}

no note_sign(struct buf *out, str text, const struct note_key *key, const struct sign_pair *pair)
{
    uint8_t signature[SIGN_SIZE];

    assert(key->type == NOTE_ED25519);
    assert(memcmp(key->public_key, pair->public_key, SIGN_KEY_SIZE) == 0);
    if (text.len == 0 || text.len > NOTE_SIZE_MAX || text.ptr[text.len - 1] != '\n' ||
        !lines_clean(text))
        return NO_NOTE_MALFORMED;
    sign_make(pair, text, signature);
    note_put_line(out, key, signature, SIGN_SIZE);
    return YES;
}

no note_cosign(struct buf *out, str text, const struct note_key *key, const struct sign_pair *pair,
               uint64_t time_s)
{
    uint8_t cosignature[COSIGNATURE_SIZE];

    assert(key->type == NOTE_COSIGNATURE);
    assert(memcmp(key->public_key, pair->public_key, SIGN_KEY_SIZE) == 0);
    TRY(cosignature_make(pair, time_s, text, cosignature));
    note_put_line(out, key, cosignature, COSIGNATURE_SIZE);
    return YES;
}
