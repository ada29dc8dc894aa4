/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What generated code needs and no database cares about.
 */
#include "store/db.h"

#include <string.h>

enum { ROWS_FIRST = 16 };

no db_finish(struct db_stmt *stmt)
{
    no answer;

    while ((answer = db_step(stmt)) == YES)
        ;
    return answer == NO_NOT_FOUND ? YES : answer;
}

static str copy(str here, struct arena *arena)
{
    return arena == NULL || here.ptr == NULL ? here : arena_str(arena, here);
}

str db_text_copy(struct db_stmt *stmt, int column, struct arena *arena)
{
    return copy(db_text_here(stmt, column), arena);
}

str db_blob_copy(struct db_stmt *stmt, int column, struct arena *arena)
{
    return copy(db_blob_here(stmt, column), arena);
}

no db_blob_into(struct db_stmt *stmt, int column, uint8_t *out, size_t size)
{
    const str blob = db_blob_here(stmt, column);

    if (blob.ptr == NULL) {
        memset(out, 0, size);
        return YES;
    }
    if (blob.len != size)
        return NO_STORE_BROKEN;
    memcpy(out, blob.ptr, size);
    return YES;
}

void *db_rows_grow(struct arena *arena, void *rows, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return rows;
    const size_t more = *room == 0 ? ROWS_FIRST : 2 * *room;
    char *bytes = rows;
    /* Rows that end the arena grow where they are: a list without text is built without a copy. */
    if (bytes != NULL && bytes + *room * size == arena->start + arena->used) {
        const size_t bytes_more = (more - *room) * size;

        if (bytes_more > arena->size - arena->used) {
            arena->overflowed = true;
            return NULL;
        }
        memset(arena->start + arena->used, 0, bytes_more);
        arena->used += bytes_more;
        *room = more;
        return rows;
    }
    void *moved = arena_take_many(arena, more, size);
    if (moved == NULL)
        return NULL;
    if (count > 0)
        memcpy(moved, rows, count * size);
    *room = more;
    return moved;
}
