/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Real files of others, which are not in the repository: under $FILON_SHARED, or ../shared beside
 * it. A test that needs one and does not find it is skipped, and counted as such.
 */
#ifndef TESTS_SHARED_H
#define TESTS_SHARED_H

#include "cm.h"

#include "base/arena.h"

/* The whole file in `arena`; skips the test when it is not there. */
static inline str shared_file(struct arena *arena, const char *path)
{
    const char *folder = getenv("FILON_SHARED");
    char name[512];

    (void)snprintf(name, sizeof name, "%s/%s", folder == NULL ? "../shared" : folder, path);
    FILE *file = fopen(name, "rb");

    if (file == NULL)
        skip();
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    const long size = ftell(file);

    assert_true(size >= 0);
    rewind(file);
    char *bytes = arena_take(arena, (size_t)size + 1);

    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, (size_t)size, file), (size_t)size);
    fclose(file);
    return (str){bytes, (size_t)size};
}

#endif
