/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Any bytes as a signed note and as a verifier key: what is read is written back the same, and only
 * the one text that the two known keys have signed is ever verified.
 */
#include "wire/note.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TEXT S("coop.example/log\n3\nqFW98FKdyy5vrm3YMh6lfMe7VKCks73Tkc3zD6d1tuQ=\n")

static void check_key(struct arena *arena, str text)
{
    struct note_key key;
    struct buf out;

    if (note_key_parse(text, &key) != YES)
        return;
    buf_init(&out, arena, text.len + 1);
    note_key_put(&out, &key);
    assert(str_eq(buf_str(&out), text) && note_name_valid(key.name));
}

/* The note again, from its parts; where a line cannot be written back, its bytes are taken over. */
static void check_whole(struct arena *arena, str bytes, const struct note *note)
{
    struct buf out;

    buf_init(&out, arena, bytes.len + 1);
    buf_put(&out, note->text);
    buf_put_char(&out, '\n');
    assert(note->lines_n >= 1 && note->lines_n <= NOTE_LINES_MAX);
    for (size_t i = 0; i < note->lines_n; i++) {
        const struct note_line *line = &note->lines[i];
        const struct note_key key = {.name = line->name, .id = line->id};
        const str rest = str_sub(bytes, out.len, bytes.len);

        assert(note_name_valid(line->name));
        if (line->size > 0 && line->size <= NOTE_SIGNATURE_MAX)
            note_put_line(&out, &key, line->signature, line->size);
        else
            buf_put(&out, str_sub(rest, 0, str_find_char(rest, '\n') + 1));
    }
    assert(!buf_failed(&out) && str_eq(buf_str(&out), bytes));
}

static void check_verdict(const struct note *note)
{
    struct note_key keys[2];
    bool held[2];

    const no log = note_key_parse(
        S("coop.example/log+e249a383+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"), &keys[0]);
    const no witness = note_key_parse(
        S("coop2.example/witness+b41ebf3b+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X"), &keys[1]);

    assert(log == YES && witness == YES);
    if (note_verify(note, keys, 2, held) == YES)
        assert(str_eq(note->text, TEXT) && (held[0] || held[1]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char block[2 << 20];
    static struct note note;
    const str bytes = {(const char *)data, size};
    struct arena arena;

    arena_init_on(&arena, block, sizeof block);
    check_key(&arena, bytes);
    if (note_parse(bytes, &note) == YES) {
        check_whole(&arena, bytes, &note);
        check_verdict(&note);
    }
    return 0;
}
