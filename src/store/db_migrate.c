/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Numbered migrations, carried inside the program as migrate/NNNN-name.sql. What was applied is
 * written down with the hash of its text: a migration is never changed, another one follows it.
 */
#include "store/db_in.h"

#include "base/asset.h"
#include "base/hash.h"
#include "base/log.h"

#include <string.h>

struct migration {
    int64_t number;
    str name, script;
    uint8_t sha256[HASH_SIZE];
};

enum { TEXT_APPLIED, TEXT_RECORD, TEXT_LAST, TEXT_ORPHANS, TEXTS };

static const struct db_text texts[TEXTS] = {
    [TEXT_APPLIED] = {"migration_get", "SELECT sha256 FROM migration WHERE number = ?1",
                      "SELECT sha256 FROM migration WHERE number = $1", 1},
    [TEXT_RECORD] = {"migration_put",
                     "INSERT INTO migration (number, name, sha256, applied_ns)"
                     " VALUES (?1, ?2, ?3, CAST(strftime('%s', 'now') AS INTEGER) * 1000000000)",
                     "INSERT INTO migration (number, name, sha256, applied_ns)"
                     " VALUES ($1, $2, $3, CAST(EXTRACT(EPOCH FROM now()) AS BIGINT) * 1000000000)",
                     0},
    [TEXT_LAST] = {"migration_last", "SELECT COALESCE(MAX(number), 0) FROM migration",
                   "SELECT COALESCE(MAX(number), 0) FROM migration", 1},
    /* A script may rebuild tables, so references are checked once, at its end. */
    [TEXT_ORPHANS] = {"foreign_key_check", "PRAGMA foreign_key_check",
                      "SELECT 1, 2, 3, 4 WHERE FALSE", 4},
};

static const char table[] = "CREATE TABLE IF NOT EXISTS migration (\n"
                            "    number INTEGER PRIMARY KEY,\n"
                            "    name TEXT NOT NULL,\n"
                            "    sha256 BLOB NOT NULL,\n"
                            "    applied_ns INTEGER NOT NULL\n"
                            ") STRICT;";

static no broken(const char *what, str name)
{
    char shown[128] = "";

    if (name.len > 0)
        memcpy(shown, name.ptr, name.len < sizeof shown - 1 ? name.len : sizeof shown - 1);
    log_line(LOG_ERROR, "store", what, "migration", shown, NULL);
    return NO_STORE_BROKEN;
}

/* "migrate/0001-found.sql" with its number; false when the asset is no migration. */
static bool is_migration(const struct asset *asset, struct migration *migration)
{
    const str prefix = S("migrate/");

    if (!str_starts(asset->name, prefix) || !str_ends(asset->name, S(".sql")))
        return false;
    const str file = str_sub(asset->name, prefix.len, asset->name.len);
    if (file.len < 6 || file.ptr[4] != '-' ||
        !str_to_int64(str_sub(file, 0, 4), &migration->number))
        return false;
    migration->name = file;
    migration->script = asset->body;
    hash_sha256(asset->body.ptr, asset->body.len, migration->sha256);
    return true;
}

/* YES: applied, with the same text. NO_NOT_FOUND: not yet. */
static no check_applied(struct db *db, const struct migration *migration)
{
    uint8_t sha256[HASH_SIZE];
    struct db_stmt *stmt;

    TRY(db_take(db, &texts[TEXT_APPLIED], &stmt));
    db_bind_int(stmt, 1, migration->number);
    no answer = db_step(stmt);
    if (answer == YES)
        answer = db_blob_into(stmt, 0, sha256, sizeof sha256);
    db_give_back(stmt);
    if (answer == YES && memcmp(sha256, migration->sha256, sizeof sha256) != 0)
        return broken("a migration was changed after it had been applied", migration->name);
    return answer;
}

static no record(struct db *db, const struct migration *migration)
{
    struct db_stmt *stmt;

    TRY(db_take(db, &texts[TEXT_RECORD], &stmt));
    db_bind_int(stmt, 1, migration->number);
    db_bind_text(stmt, 2, migration->name);
    db_bind_blob(stmt, 3, (str){(const char *)migration->sha256, sizeof migration->sha256});
    const no answer = db_finish(stmt);
    db_give_back(stmt);
    return answer;
}

static no check_orphans(struct db *db, const struct migration *migration)
{
    struct db_stmt *stmt;

    TRY(db_take(db, &texts[TEXT_ORPHANS], &stmt));
    const no answer = db_step(stmt);
    db_give_back(stmt);
    if (answer == YES)
        return broken("a migration leaves references to rows that are not there", migration->name);
    return answer == NO_NOT_FOUND ? YES : answer;
}

static no apply_inside(struct db *db, const struct migration *migration)
{
    TRY(db_run(db, migration->script, "migration"));
    TRY(check_orphans(db, migration));
    TRY(db_check_tables(db));
    return record(db, migration);
}

static no apply(struct db *db, const struct migration *migration)
{
    TRY(db_begin(db));
    const no answer = apply_inside(db, migration);
    if (answer != YES) {
        db_rollback(db);
        (void)broken("a migration failed; nothing of it was kept", migration->name);
        /* A rule of the schema that the data breaks is no conflict between two members. */
        return answer == NO_CONFLICT ? NO_STORE_BROKEN : answer;
    }
    return db_commit(db);
}

no db_migrate(struct db *db, int64_t up_to)
{
    int64_t known = 0, last;

    TRY(db_run(db, str_of(table), "table of migrations"));
    for (size_t i = 0; asset_at(i) != NULL; i++) {
        struct migration migration;

        if (!is_migration(asset_at(i), &migration))
            continue;
        if (migration.number != ++known)
            return broken("migrations are not numbered one after the other", migration.name);
        const no answer = check_applied(db, &migration);
        if (answer != YES && answer != NO_NOT_FOUND)
            return answer;
        if (answer == NO_NOT_FOUND && known <= up_to)
            TRY(apply(db, &migration));
    }
    TRY(db_version(db, &last));
    return last > known ? broken("a newer filon wrote this database", STR_NONE) : YES;
}

no db_version(struct db *db, int64_t *version)
{
    struct db_stmt *stmt;

    TRY(db_take(db, &texts[TEXT_LAST], &stmt));
    const no answer = db_step(stmt);
    if (answer == YES)
        *version = db_int(stmt, 0);
    db_give_back(stmt);
    return answer;
}
