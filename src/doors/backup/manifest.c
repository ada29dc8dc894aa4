/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/backup/manifest.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char first_line[] = "filon backup 1\n";

/* --- writing ---------------------------------------------------------------------------------- */

static void put_hex(struct buf *out, const uint8_t hash[HASH_SIZE])
{
    char hex[2 * HASH_SIZE];

    str_hex(hash, HASH_SIZE, hex);
    buf_put_bytes(out, hex, sizeof hex);
}

void manifest_head_put(struct buf *out, const struct manifest *manifest)
{
    buf_put(out, str_of(first_line));
    buf_put(out, S("version "));
    buf_put(out, manifest->version);
    buf_put(out, S("\nmade "));
    buf_put(out, manifest->made);
    buf_printf(out, "\nschema %" PRId64 "\nregister %" PRIu64 " ", manifest->schema,
               manifest->register_size);
    put_hex(out, manifest->root.bytes);
    buf_put_char(out, '\n');
}

void manifest_file_put(struct buf *out, const struct manifest_file *file)
{
    buf_put(out, S("file "));
    put_hex(out, file->sha256);
    buf_printf(out, " %" PRIu64 " ", file->size);
    buf_put(out, file->name);
    buf_put_char(out, '\n');
}

void manifest_checkpoint_put(struct buf *out, str checkpoint)
{
    buf_put(out, checkpoint.len == 0 ? S("checkpoint none\n") : S("checkpoint\n"));
    buf_put(out, checkpoint);
}

/* --- reading ---------------------------------------------------------------------------------- */

static bool name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
}

bool manifest_name_valid(str name)
{
    bool begins = true;

    if (name.len == 0 || name.len > MANIFEST_NAME_MAX)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        const char c = name.ptr[i];

        if (c == '/' ? begins : !name_char(c) || (begins && c == '.'))
            return false;
        begins = c == '/';
    }
    return !begins;
}

static bool of_a_backup(str name)
{
    return manifest_name_valid(name) &&
           (str_eq(name, S("filon.db")) || str_eq(name, S("private.db")) ||
            str_starts(name, S("log/")));
}

static bool number(str text, int64_t *n)
{
    return str_to_int64(text, n) && *n >= 0;
}

/* The rest of a line that begins with `word`. */
static bool take_line(str *text, str word, str *rest)
{
    const size_t end = str_find_char(*text, '\n');
    const str line = str_sub(*text, 0, end);

    if (end == text->len || !str_starts(line, word))
        return false;
    *rest = str_sub(line, word.len, line.len);
    *text = str_sub(*text, end + 1, text->len);
    return true;
}

static bool parse_head(str *text, struct manifest *manifest)
{
    str line, size, hex;
    int64_t n;

    if (!take_line(text, str_sub(str_of(first_line), 0, sizeof first_line - 2), &line) ||
        line.len > 0 || !take_line(text, S("version "), &manifest->version) ||
        !take_line(text, S("made "), &manifest->made) || !take_line(text, S("schema "), &line) ||
        !number(line, &manifest->schema) || !take_line(text, S("register "), &line) ||
        !str_cut(line, ' ', &size, &hex) || !number(size, &n))
        return false;
    manifest->register_size = (uint64_t)n;
    return str_unhex(hex, manifest->root.bytes, HASH_SIZE);
}

static bool parse_file(str line, struct manifest_file *file)
{
    str hex, size, rest;
    int64_t n;

    if (!str_cut(line, ' ', &hex, &rest) || !str_cut(rest, ' ', &size, &file->name) ||
        !str_unhex(hex, file->sha256, HASH_SIZE) || !number(size, &n))
        return false;
    file->size = (uint64_t)n;
    return of_a_backup(file->name);
}

static size_t count_lines(str text)
{
    size_t n = 0;

    for (size_t i = 0; i < text.len; i++)
        n += text.ptr[i] == '\n';
    return n;
}

static int by_name(const void *a, const void *b)
{
    return str_cmp(((const struct manifest_file *)a)->name,
                   ((const struct manifest_file *)b)->name);
}

/* Sorted, so that two of one name are neighbours and one is found quickly. */
static bool settle_files(struct manifest *manifest)
{
    bool database = false;

    if (manifest->files_n > 1)
        qsort(manifest->files, manifest->files_n, sizeof *manifest->files, by_name);
    for (size_t i = 0; i < manifest->files_n; i++) {
        if (i > 0 && str_eq(manifest->files[i].name, manifest->files[i - 1].name))
            return false;
        database = database || str_eq(manifest->files[i].name, S("filon.db"));
    }
    return database;
}

static bool parse_checkpoint(str text, struct manifest *manifest)
{
    str rest;

    if (!take_line(&text, S("checkpoint"), &rest))
        return false;
    manifest->checkpoint = text;
    return str_eq(rest, S(" none")) ? text.len == 0 : rest.len == 0 && text.len > 0;
}

no manifest_parse(struct arena *arena, str text, struct manifest *manifest)
{
    str line;

    *manifest = (struct manifest){.files_n = 0};
    if (!parse_head(&text, manifest))
        return NO_BACKUP_MANIFEST_WRONG;
    const size_t lines = count_lines(text);

    manifest->files = arena_take_many(arena, lines, sizeof *manifest->files);
    if (manifest->files == NULL)
        return NO_TOO_LARGE;
    while (manifest->files_n < lines && take_line(&text, S("file "), &line))
        if (!parse_file(line, &manifest->files[manifest->files_n++]))
            return NO_BACKUP_MANIFEST_WRONG;
    return settle_files(manifest) && parse_checkpoint(text, manifest) ? YES
                                                                      : NO_BACKUP_MANIFEST_WRONG;
}

const struct manifest_file *manifest_find(const struct manifest *manifest, str name)
{
    size_t low = 0, high = manifest->files_n;

    while (low < high) {
        const size_t at = low + (high - low) / 2;
        const int order = str_cmp(manifest->files[at].name, name);

        if (order == 0)
            return &manifest->files[at];
        if (order < 0)
            low = at + 1;
        else
            high = at;
    }
    return NULL;
}
