/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The real schema and the real statements: everything that db_open does when filon starts.
 */
#include "base/asset.h"
#include "store/db_in.h"

#include "test_dir.h"

static int64_t migrations_n(void)
{
    int64_t n = 0;

    for (size_t i = 0; asset_at(i) != NULL; i++)
        n += str_starts(asset_at(i)->name, S("migrate/"));
    return n;
}

/* Every statement of the house fits the schema: db_open prepares them all. */
static void every_statement_fits(void **state)
{
    struct db *db = NULL;
    int64_t version = 0;

    (void)state;
    assert_true(migrations_n() > 0);
    assert_int_equal(db_open(&db, ":memory:", DB_WRITER), YES);
    assert_int_equal(db_version(db, &version), YES);
    assert_int_equal(version, migrations_n());
    db_close(db);
}

static void from_each_earlier_version(void **state)
{
    (void)state;
    for (int64_t from = 0; from <= migrations_n(); from++) {
        char dir[TEST_DIR_SIZE];
        struct db *db = NULL;
        int64_t version = -1;

        test_dir_make(dir);
        assert_int_equal(db_open_up_to(&db, dir, DB_WRITER, from), YES);
        assert_int_equal(db_version(db, &version), YES);
        assert_int_equal(version, from);
        db_close(db);
        assert_int_equal(db_open(&db, dir, DB_WRITER), YES);
        assert_int_equal(db_version(db, &version), YES);
        assert_int_equal(version, migrations_n());
        db_close(db);
        test_dir_remove(dir);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_statement_fits),
        cmocka_unit_test(from_each_earlier_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
