/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 *   sqlgen ROOM.sql OUT_DIR          writes OUT_DIR/sql_ROOM.h and sql_ROOM.c
 *   sqlgen -r OUT.c ROOM.sql...      writes the list of all rooms
 *
 * A file is written only when its text changes. Errors are `FILE:LINE: what` and exit 1.
 */
#include "sqlgen/room.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOMS_MAX = 128, ARENA_SIZE = 64 << 20, FILE_SIZE_MAX = 1 << 20 };

static _Noreturn void die(const char *path, int line, const char *what)
{
    (void)fprintf(stderr, "%s:%d: %s\n", path, line, what);
    exit(1);
}

/* The whole file; false when it cannot be read or is longer than FILE_SIZE_MAX. */
static bool read_file(struct arena *arena, const char *path, str *text)
{
    FILE *file = fopen(path, "rb");
    char *bytes = arena_take(arena, FILE_SIZE_MAX + 1);

    if (file == NULL || bytes == NULL) {
        if (file != NULL)
            (void)fclose(file);
        return false;
    }
    const size_t len = fread(bytes, 1, FILE_SIZE_MAX + 1, file);
    const bool good = ferror(file) == 0 && len <= FILE_SIZE_MAX;
    (void)fclose(file);
    *text = (str){bytes, len};
    return good;
}

static void write_if_changed(struct arena *arena, const char *path, const struct buf *text)
{
    const str now = buf_str(text);
    str before;

    if (buf_failed(text))
        die(path, 0, "the generated text is too large");
    if (read_file(arena, path, &before) && str_eq(before, now))
        return;
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        die(path, 0, "cannot be written");
    const bool written = fwrite(now.ptr, 1, now.len, file) == now.len;
    if (fclose(file) != 0 || !written)
        die(path, 0, "cannot be written");
}

/* "src/store/sql/ledger.sql" to "ledger". */
static str room_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    const str file = str_of(slash == NULL ? path : slash + 1);

    if (!str_ends(file, S(".sql")) || !is_name(str_sub(file, 0, file.len - 4), false))
        die(path, 0, "the file's name is not ROOM.sql");
    return str_sub(file, 0, file.len - 4);
}

static void write_room(struct arena *arena, const char *path, const char *directory)
{
    struct room *room = arena_take(arena, sizeof *room);
    struct fault fault;
    struct buf code, header, name;
    const str stem = room_of(path);
    str text;

    if (room == NULL || !read_file(arena, path, &text))
        die(path, 0, "cannot be read");
    if (room_read(arena, stem, text, room, &fault) != YES)
        die(path, fault.line, fault.what);
    buf_init(&header, arena, 0);
    room_write_header(&header, room);
    buf_init(&code, arena, 0);
    room_write_code(&code, room);
    buf_init(&name, arena, 0);
    buf_printf(&name, "%s/sql_%.*s.h", directory, (int)stem.len, stem.ptr);
    write_if_changed(arena, arena_cstr(arena, buf_str(&name)), &header);
    buf_clear(&name);
    buf_printf(&name, "%s/sql_%.*s.c", directory, (int)stem.len, stem.ptr);
    write_if_changed(arena, arena_cstr(arena, buf_str(&name)), &code);
}

static void write_list(struct arena *arena, const char *path, char **files, int files_n)
{
    str names[ROOMS_MAX];
    struct buf code;

    if (files_n > ROOMS_MAX)
        die(path, 0, "too many rooms");
    for (int i = 0; i < files_n; i++)
        names[i] = room_of(files[i]);
    buf_init(&code, arena, 0);
    rooms_write(&code, names, (size_t)files_n);
    write_if_changed(arena, path, &code);
}

int main(int argc, char **argv)
{
    struct arena arena;

    if (!arena_init(&arena, ARENA_SIZE))
        die("sqlgen", 0, "no memory");
    if (argc >= 3 && strcmp(argv[1], "-r") == 0) {
        write_list(&arena, argv[2], argv + 3, argc - 3);
    } else if (argc == 3) {
        write_room(&arena, argv[1], argv[2]);
    } else {
        (void)fputs("usage: sqlgen ROOM.sql OUT_DIR | sqlgen -r OUT.c ROOM.sql...\n", stderr);
        return 2;
    }
    arena_release(&arena);
    return 0;
}
