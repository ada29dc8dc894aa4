/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Verifier keys: NAME+ID+BASE64, ID = SHA-256(name || '\n' || type || key)[0:4]. C2SP signed-note.
 */
#include "base/base64.h"
#include "base/hash.h"
#include "wire/note.h"

#include <string.h>

enum { ID_SIZE = 4, ID_DIGITS = 8, BYTES_SIZE = 1 + SIGN_KEY_SIZE };

no note_key_make(str name, enum note_key_type type, const uint8_t public_key[SIGN_KEY_SIZE],
                 struct note_key *key)
{
    uint8_t bytes[NOTE_NAME_MAX + 1 + BYTES_SIZE], hash[HASH_SIZE];

    if (!note_name_valid(name) || name.len > NOTE_NAME_MAX)
        return NO_KEY_MALFORMED;
    memcpy(bytes, name.ptr, name.len);
    bytes[name.len] = '\n';
    bytes[name.len + 1] = (uint8_t)type;
    memcpy(bytes + name.len + 2, public_key, SIGN_KEY_SIZE);
    hash_sha256(bytes, name.len + 1 + BYTES_SIZE, hash);
    *key = (struct note_key){.name = name, .type = type};
    for (int i = 0; i < ID_SIZE; i++)
        key->id = key->id << 8 | hash[i];
    memcpy(key->public_key, public_key, SIGN_KEY_SIZE);
    return YES;
}

static void write_id(uint32_t id, char out[ID_DIGITS])
{
    const uint8_t bytes[ID_SIZE] = {(uint8_t)(id >> 24), (uint8_t)(id >> 16), (uint8_t)(id >> 8),
                                    (uint8_t)id};

    str_hex(bytes, ID_SIZE, out);
}

/* The type and the key. A key of a kind we do not know may have any length. */
static no bytes_parse(str base64, uint8_t bytes[BYTES_SIZE])
{
    uint8_t first[3];
    size_t len;

    if (!base64_len(base64, &len) || len < sizeof first)
        return NO_KEY_MALFORMED;
    (void)base64_read(str_sub(base64, 0, BASE64_SIZE(sizeof first)), first, sizeof first);
    if (first[0] != NOTE_ED25519 && first[0] != NOTE_COSIGNATURE)
        return NO_KEY_KIND_UNKNOWN;
    return base64_read(base64, bytes, BYTES_SIZE) ? YES : NO_KEY_MALFORMED;
}

no note_key_parse(str vkey, struct note_key *key)
{
    struct note_key read;
    uint8_t bytes[BYTES_SIZE];
    char id[ID_DIGITS];
    str name, digits, base64, rest;

    if (!str_cut(vkey, '+', &name, &rest) || !str_cut(rest, '+', &digits, &base64))
        return NO_KEY_MALFORMED;
    TRY(bytes_parse(base64, bytes));
    TRY(note_key_make(name, (enum note_key_type)bytes[0], bytes + 1, &read));
    write_id(read.id, id);
    if (!str_eq(digits, (str){id, ID_DIGITS}))
        return NO_KEY_MALFORMED;
    *key = read;
    return YES;
}

void note_key_put(struct buf *out, const struct note_key *key)
{
    uint8_t bytes[BYTES_SIZE];
    char id[ID_DIGITS];

    write_id(key->id, id);
    bytes[0] = (uint8_t)key->type;
    memcpy(bytes + 1, key->public_key, SIGN_KEY_SIZE);
    buf_put(out, key->name);
    buf_put_char(out, '+');
    buf_put(out, (str){id, ID_DIGITS});
    buf_put_char(out, '+');
    base64_put(out, bytes, sizeof bytes);
}
