/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Every column of every table of the book, changed by hand one at a time on a small real book: the
 * audit must find it and name the row.
 */
#include "cm.h"
#include "order_deeds.h"

#include "base/time.h"

#include <sqlite3.h>

enum { TEXT = 4096 };

/* Findings of one change: does one of them name the row? */
struct watch {
    const char *table, *before, *after; /* the row's name before and after the change */
    int64_t seq; /* of a transfer: its entry, or its hold, may be named instead */
    bool named;
};

static void look_on(void *self, const struct audit_finding *f)
{
    struct watch *watch = self;
    const bool row = strcmp(f->row, watch->before) == 0 || strcmp(f->row, watch->after) == 0;

    watch->named = watch->named || (strcmp(f->table, watch->table) == 0 && row);
    /* A hold and its transfer say the same: which of them was changed nobody can tell. */
    if (strcmp(f->table, "hold") == 0 && watch->seq > 0)
        watch->named = watch->named || row;
    if (strcmp(f->what, "BODY_DIFFERS") == 0 && watch->seq > 0)
        watch->named = watch->named || (f->expected <= watch->seq && watch->seq <= f->found);
}

/* --- a small book ------------------------------------------------------------------------------
 */

static no undo_entry(struct ctx *ctx, void *entry)
{
    struct ledger_done done;

    return ledger_reverse(ctx, *(const int64_t *)entry, S("a mistake"), &done);
}

static no send_hour(struct ctx *ctx, void *entry)
{
    struct ledger_leg leg = {.currency = HOURS, .amount = 30, .code = CODE_SEND};
    struct ledger_done done;

    TRY(ledger_purse_of(ctx, 1, HOURS, &leg.debit));
    TRY(ledger_purse_of(ctx, 4, HOURS, &leg.credit));
    const struct ledger_ask ask = {.journal = JOURNAL_TIME,
                                   .cause = CAUSE_SEND,
                                   .label = S("send"),
                                   .legs = &leg,
                                   .legs_n = 1};

    TRY(ledger_post(ctx, &ask, &done));
    *(int64_t *)entry = done.entry;
    return YES;
}

static void run(struct test_world *test, no (*deed)(struct ctx *, void *), void *form)
{
    struct ctx ctx;

    world_shift_clock(test->real, 60 * NS_PER_S);
    test_as(test, &ctx, 2, ROLE_MEMBER | ROLE_ACCOUNTANT);
    assert_int_equal(deed_run(&ctx, deed, form), YES);
    test_done(&ctx);
}

/* A hold that is posted, one that is released, one that lapses, one that stays; euros paid by hand,
 * hours sent, and a correction. */
static void make_book(struct test_world *test)
{
    const int64_t hours = put_offer(test, test->bruno, HOURS, 60, 9, ORDER_SERVICE),
                  euros = put_offer(test, test->bruno, EURO, 2500, 9, ORDER_SERVICE);
    static const enum order_event whole[] = {ORDER_DO_ACCEPT, ORDER_DO_DELIVER};
    int64_t order, sent;

    assert_int_equal(ask(test, test->daniel, hours, 1, &order), YES);
    for (size_t i = 0; i < 2; i++) {
        world_shift_clock(test->real, 60 * NS_PER_S);
        assert_int_equal(act(test, test->bruno, order, whole[i]), YES);
    }
    assert_int_equal(act(test, test->daniel, order, ORDER_DO_CONFIRM), YES);
    world_shift_clock(test->real, 60 * NS_PER_S);
    assert_int_equal(ask(test, test->chloe, hours, 1, &order), YES);
    assert_int_equal(act(test, test->bruno, order, ORDER_DO_DECLINE), YES);
    assert_int_equal(ask(test, test->chloe, euros, 1, &order), YES);
    assert_int_equal(act(test, test->bruno, order, ORDER_DO_ACCEPT), YES);
    assert_int_equal(act(test, test->bruno, order, ORDER_DO_PAY_SEEN), YES);
    run(test, send_hour, &sent);
    run(test, undo_entry, &sent);
    run(test, send_hour, &sent);
    world_shift_clock(test->real, 60 * NS_PER_S);
    assert_int_equal(ask(test, test->daniel, hours, 1, &order), YES);
}

/* --- by hand -----------------------------------------------------------------------------------
 */

struct book {
    char dir[64], file[96],
        kept[96]; /* in memory where there is such a folder: no disk is waited for */
};

static void copy_file(const char *from, const char *to)
{
    char command[320];

    (void)snprintf(command, sizeof command, "cp '%.96s' '%.96s'", from, to);
    assert_int_equal(system(command), 0);
}

static void by_hand(sqlite3 *db, const char *sql)
{
    char *why = NULL;

    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s: %s", sql, why);
}

static sqlite3 *open_by_hand(const struct book *book)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open(book->file, &db), SQLITE_OK);
    return db;
}

/* The first column of the first row as text. */
static void ask_text(sqlite3 *db, char text[TEXT], const char *sql)
{
    sqlite3_stmt *stmt;

    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    text[0] = 0;
    if (sqlite3_step(stmt) == SQLITE_ROW && sqlite3_column_text(stmt, 0) != NULL)
        (void)snprintf(text, TEXT, "%s", (const char *)sqlite3_column_text(stmt, 0));
    (void)sqlite3_finalize(stmt);
}

/* Nothing in the way of who changes facts by hand. */
static void drop_triggers(sqlite3 *db)
{
    char name[TEXT];

    for (;;) {
        ask_text(db, name, "SELECT name FROM sqlite_schema WHERE type = 'trigger' LIMIT 1");
        if (name[0] == 0)
            return;
        char *sql = sqlite3_mprintf("DROP TRIGGER %s", name);

        by_hand(db, sql);
        sqlite3_free(sql);
    }
}

/* The audit of the folder as it stands now. */
static int64_t findings(const struct book *book, struct watch *watch)
{
    struct audit_report report = {.say = watch == NULL ? NULL : look_on, .self = watch};
    struct test_world test = {.real = NULL};
    struct ctx ctx;

    assert_int_equal(world_open(&test.real, book->dir, 1), YES);
    test.world = world_functions(test.real);
    assert_true(arena_init(&test.arena, 8 << 20));
    world_shift_clock(test.real, S_PER_DAY * NS_PER_S); /* past what the book's clock was */
    test_as(&test, &ctx, 0, 0);
    const no answer = view_audit(&ctx, &report);

    test_done(&ctx);
    world_close(test.real);
    arena_release(&test.arena);
    if (answer != YES)
        fail_msg("the audit said %s", no_line(answer)->name);
    return report.findings_n;
}

/* --- every column ------------------------------------------------------------------------------
 */

/* `key`: what names a row, as a finding does; `any`: another table's row may be named, because this
 * one is only there to be compared with it. */
struct table {
    const char *name, *key;
    bool any;
};

static const struct table tables[] = {
    {"entry", "id", false},
    {"transfer", "seq", false},
    {"account", "id", false},
    {"hold", "seq", false},
    {"limit_change", "id", false},
    {"period", "year", false},
    {"ledger_head", "journal || '/' || year", false},
    {"ledger_month", "currency || '/' || year || '/' || month || '/' || code", false},
    {"param", "name", false},
    {"member_count", "id", false},
    {"duplicate", "kind || '/' || id", true},
};

/* Each kind of value becomes another that fits: a flag the other one, a time a day later. */
static char *change(const struct table *table, const char *c, const char *row)
{
    const size_t len = strlen(c);
    const bool time = len > 3 && strcmp(c + len - 3, "_ns") == 0;
    const bool key = strcmp(c, "id") == 0 || strcmp(c, "seq") == 0;
    const char *more = time ? "86400000000000" : key ? "1000" : "1";

    if (strncmp(c, "has_", 4) == 0)
        return sqlite3_mprintf("UPDATE %s SET %s = 1 - %s WHERE %s = %Q", table->name, c, c,
                               table->key, row);
    return sqlite3_mprintf(
        "UPDATE %s SET %s = CASE typeof(%s) WHEN 'blob' THEN CASE length(%s) WHEN 0 THEN x'00' "
        "ELSE randomblob(length(%s)) END WHEN 'text' THEN %s || '7' ELSE %s + %s END WHERE %s = %Q",
        table->name, c, c, c, c, c, c, more, table->key, row);
}

/* False when the schema itself refuses the value. */
static bool changed(const struct book *book, const char *sql)
{
    sqlite3 *db;

    copy_file(book->kept, book->file);
    db = open_by_hand(book);
    drop_triggers(db);
    const int done = sqlite3_exec(db, sql, NULL, NULL, NULL);

    if (done == SQLITE_OK && sqlite3_changes(db) != 1)
        fail_msg("changed %d rows: %s", sqlite3_changes(db), sql);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    assert_true(done == SQLITE_OK || (done & 0xff) == SQLITE_CONSTRAINT);
    return done == SQLITE_OK;
}

/* What the row is called now that a part of its key was changed: the name that was not there. */
static void name_now(const struct book *book, const struct table *table, char now[TEXT])
{
    char *sql = sqlite3_mprintf("SELECT %s FROM now.%s EXCEPT SELECT %s FROM main.%s", table->key,
                                table->name, table->key, table->name);
    char *attach = sqlite3_mprintf("ATTACH %Q AS now", book->file);
    sqlite3 *db;

    assert_int_equal(sqlite3_open(book->kept, &db), SQLITE_OK);
    by_hand(db, attach);
    ask_text(db, now, sql);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    sqlite3_free(attach);
    sqlite3_free(sql);
}

static int try_row(const struct book *book, const struct table *table, const char *column,
                   const char *row)
{
    char now[TEXT], *sql = change(table, column, row);
    struct watch watch = {.table = table->name, .before = row, .after = now};
    const bool done = changed(book, sql);

    sqlite3_free(sql);
    if (!done)
        return 0;
    name_now(book, table, now);
    if (strcmp(table->name, "transfer") == 0)
        watch.seq = atoll(row);
    const int64_t n = findings(book, &watch);

    if (n == 0 || (!watch.named && !table->any))
        print_error("%s: %s of row %s (%lld findings, none names it)\n", table->name, column, row,
                    (long long)n);
    return n == 0 || (!watch.named && !table->any) ? 1000000 : 1;
}

/* The first, the middle and the last row of a table. */
static int try_column(const struct book *book, const struct table *table, const char *column)
{
    static const char *const places[] = {"0", "COUNT(*) / 2", "COUNT(*) - 1"};
    char row[3][TEXT];
    int tried = 0;

    copy_file(book->kept, book->file);
    sqlite3 *db = open_by_hand(book);

    for (size_t i = 0; i < 3; i++) {
        char *sql =
            sqlite3_mprintf("SELECT %s FROM %s ORDER BY 1 LIMIT 1 OFFSET (SELECT %s FROM %s)",
                            table->key, table->name, places[i], table->name);

        ask_text(db, row[i], sql);
        sqlite3_free(sql);
        assert_true(row[i][0] != 0);
    }
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    for (size_t i = 0; i < 3; i++)
        if (i == 0 || strcmp(row[i], row[i - 1]) != 0)
            tried += try_row(book, table, column, row[i]);
    return tried;
}

static int columns_of(const struct book *book, const char *table, char names[][64], int most)
{
    sqlite3 *db = open_by_hand(book);
    char sql[256], name[TEXT];
    int n = 0;

    for (; n < most; n++) {
        (void)snprintf(sql, sizeof sql, "SELECT name FROM pragma_table_info('%s') WHERE cid = %d",
                       table, n);
        ask_text(db, name, sql);
        if (name[0] == 0)
            break;
        (void)snprintf(names[n], 64, "%.63s", name);
    }
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return n;
}

static void every_column_changed_by_hand_is_found(void **state)
{
    const struct book *book = *state;
    char names[32][64];
    int tried = 0;

    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
        const int n = columns_of(book, tables[t].name, names, 32);

        assert_true(n > 1);
        for (int c = 0; c < n; c++) {
            const int one = try_column(book, &tables[t], names[c]);

            /* The schema lets member_count have one row only. */
            if (one == 0 && strcmp(tables[t].name, "member_count") != 0)
                fail_msg("%s: %s was not tried", tables[t].name, names[c]);
            tried += one;
        }
    }
    print_message("%d changes, each found\n", tried);
    assert_true(tried < 1000000);
}

/* --- what no other row says --------------------------------------------------------------------
 */

static void rows_lost_or_slipped_in_are_found(void **state)
{
    static const struct {
        const char *sql, *table, *row;
    } cases[] = {
        {"DELETE FROM hold WHERE seq = (SELECT MIN(seq) FROM hold)", "hold", NULL},
        {"DELETE FROM limit_change WHERE id = 2", "limit_change", "2"},
        {"DELETE FROM account WHERE id = 3", "account", "3"},
        {"DELETE FROM ledger_month WHERE code = 10", "ledger_month", NULL},
        {"INSERT INTO ledger_month VALUES (2, 2001, 1, 10, 5, 1)", "ledger_month", "2/2001/1/10"},
        {"DELETE FROM ledger_head WHERE journal = 5", "ledger_head", NULL},
        {"DELETE FROM ledger_head WHERE journal = 0", "ledger_head", "0/0"},
        {"DELETE FROM param WHERE name = 'limit.HOUR.floor'", "param", "limit.HOUR.floor"},
        {"INSERT INTO param VALUES ('fee.made.up', 1, 0, 5)", "param", "fee.made.up"},
        {"DELETE FROM period", "period", NULL},
        {"DELETE FROM transfer WHERE seq = 2", "transfer", NULL},
        {"UPDATE param_change SET value = 7 WHERE name = 'limit.HOUR.floor'", "param",
         "limit.HOUR.floor"},
        /* the same second, an order's entry: its key knows better */
        {"UPDATE entry SET booked_ns = booked_ns + 2000000000 WHERE id = 2", "entry", "2"},
    };
    const struct book *book = *state;
    int bad = 0;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct watch watch = {.table = cases[i].table,
                              .before = cases[i].row == NULL ? "" : cases[i].row,
                              .after = ""};

        copy_file(book->kept, book->file);
        sqlite3 *db = open_by_hand(book);

        drop_triggers(db);
        by_hand(db, cases[i].sql);
        assert_int_equal(sqlite3_close(db), SQLITE_OK);
        if (findings(book, &watch) == 0 || (cases[i].row != NULL && !watch.named)) {
            print_error("%s\n", cases[i].sql);
            bad++;
        }
    }
    assert_int_equal(bad, 0);
}

/* What is derived can be made again. */
static void rebuild_mends_what_is_derived(void **state)
{
    const struct book *book = *state;
    struct test_world test = {.real = NULL};
    struct ctx ctx;

    copy_file(book->kept, book->file);
    sqlite3 *db = open_by_hand(book);

    by_hand(db, "UPDATE ledger_month SET amount = amount + 1");
    by_hand(db, "UPDATE member_count SET n = 77");
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    assert_true(findings(book, NULL) > 1);
    assert_int_equal(world_open(&test.real, book->dir, 1), YES);
    test.world = world_functions(test.real);
    assert_true(arena_init(&test.arena, 8 << 20));
    test_as(&test, &ctx, 0, 0);
    assert_int_equal(deed_ledger_rebuild(&ctx), YES);
    assert_int_equal(deed_house_recount(&ctx), YES);
    test_done(&ctx);
    world_close(test.real);
    arena_release(&test.arena);
    assert_int_equal(findings(book, NULL), 0);
}

/* --- the scene ---------------------------------------------------------------------------------
 */

static void remove_folder(const char *dir)
{
    char command[128];

    assert_non_null(strstr(dir, "/filon-test-"));
    (void)snprintf(command, sizeof command, "rm -rf '%.64s'", dir);
    assert_int_equal(system(command), 0);
}

static int open_book(void **state)
{
    static struct book book;
    struct test_world test;

    test_world_open(&test);
    test_found(&test);
    make_book(&test);
    world_close(test.real);
    arena_release(&test.arena);
    (void)snprintf(book.dir, sizeof book.dir, "%s/filon-test-XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    assert_non_null(mkdtemp(book.dir));
    (void)snprintf(book.file, sizeof book.file, "%s/filon.db", test.dir);
    (void)snprintf(book.kept, sizeof book.kept, "%s/kept.db", book.dir);
    sqlite3 *db = open_by_hand(&book);

    by_hand(db, "PRAGMA journal_mode = DELETE"); /* one file to copy */
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    copy_file(book.file, book.kept);
    (void)snprintf(book.file, sizeof book.file, "%s/filon.db", book.dir);
    copy_file(book.kept, book.file);
    remove_folder(test.dir);
    assert_int_equal(findings(&book, NULL), 0);
    *state = &book;
    return 0;
}

static int close_book(void **state)
{
    const struct book *book = *state;

    remove_folder(book->dir);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_column_changed_by_hand_is_found),
        cmocka_unit_test(rows_lost_or_slipped_in_are_found),
        cmocka_unit_test(rebuild_mends_what_is_derived),
    };

    return cmocka_run_group_tests(tests, open_book, close_book);
}
