/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A folder for one test, with a database in it.
 */
#ifndef TEST_DIR_H
#define TEST_DIR_H

#include "cm.h"

#include <dirent.h>
#include <string.h>
#include <unistd.h>

enum { TEST_DIR_SIZE = 512 };

/* Makes a new folder under TMPDIR and writes its path into `dir`. */
static inline void test_dir_make(char dir[TEST_DIR_SIZE])
{
    const char *under = getenv("TMPDIR");

    (void)snprintf(dir, TEST_DIR_SIZE, "%s/filon-test-XXXXXX", under == NULL ? P_tmpdir : under);
    assert_non_null(mkdtemp(dir));
}

/* "DIR/NAME" in a buffer of the caller. */
static inline const char *test_dir_path(const char *dir, const char *name,
                                        char path[TEST_DIR_SIZE + 64])
{
    (void)snprintf(path, TEST_DIR_SIZE + 64, "%s/%.60s", dir, name);
    return path;
}

/* Removes the folder and the files in it (no folders). */
static inline void test_dir_remove(const char *dir)
{
    char path[TEST_DIR_SIZE + 64];
    const struct dirent *file;
    DIR *open = opendir(dir);

    while (open != NULL && (file = readdir(open)) != NULL)
        (void)unlink(test_dir_path(dir, file->d_name, path));
    if (open != NULL)
        (void)closedir(open);
    assert_int_equal(rmdir(dir), 0);
}

#endif
