/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The ledger's own: the open book. It holds what the entries of one deed touch (the head, numbers
 * of journals, accounts, sums of months) from the first entry to the last, so that a deed of a
 * thousand entries reads and writes each account once. Entries, transfers and holds are written at
 * once; the rest when the book is settled, and then everything is read back and played again
 * (docs/decisions/0030).
 */
#ifndef DEEDS_LEDGER_IN_H
#define DEEDS_LEDGER_IN_H

#include "deeds/ledger.h"

/* A leg names two accounts at most, and its hold two. */
enum {
    BOOK_JOURNALS = 16,
    BOOK_MONTHS = 32,
    BOOK_ACCOUNTS = 1024,
    BOOK_PER_LEG = 4,
    BOOK_MARK = 64,
    BOOK_FACTS = BOOK_PER_LEG * LEDGER_LEGS_MAX
};

struct book_account {
    struct ledger_account before; /* as the store has it */
    struct ledger_account now;    /* as the entries since then left it */
    bool moved;
};

struct book_journal {
    int32_t journal, year;
    int64_t num;
};

/* What moved in a month under one code, since the book was settled. */
struct book_month {
    int32_t currency, year, month;
    uint32_t code;
    int64_t amount, n;
};

struct ledger_book {
    struct book_account *accounts;
    size_t accounts_n, accounts_max;
    uint32_t *places; /* index + 1 into accounts; 0 = empty */
    size_t places_n;  /* a power of two */
    bool head_known;
    struct ledger_head head; /* of the whole; .num is not used */
    struct book_journal journals[BOOK_JOURNALS];
    size_t journals_n;
    struct book_month months[BOOK_MONTHS];
    size_t months_n;
    /* Since the book was settled: what must be found when it is read back. */
    int64_t first_seq, transfers_n;
    uint64_t digest;
    /* Room for one entry at a time. */
    struct ledger_account *facts; /* BOOK_FACTS, or as many as the book has accounts */
    size_t facts_n;
    struct ledger_hold *holds; /* LEDGER_LEGS_MAX */
    size_t holds_n;
    struct ledger_plan *plan;
    uid uid;    /* the last one made; zero = none yet */
    int opened; /* times ledger_batch_open was said and not closed */
};

/* An empty book with room for accounts_max accounts, in ctx->arena. NO_TOO_LARGE. */
no book_open(struct ctx *ctx, size_t accounts_max, struct ledger_book **book) MUST_USE;
/* Writes what is not written yet, reads everything back and compares: NO_STORE_BROKEN when what
 * stands is not what was planned. */
no book_settle(struct ctx *ctx, struct ledger_book *book) MUST_USE;
/* Knows nothing any more: what was not settled was undone. */
void book_forget(struct ledger_book *book);

/* Makes sure that so many more accounts may be asked for: a book too full is settled first. */
no book_room(struct ctx *ctx, struct ledger_book *book, size_t accounts_n) MUST_USE;
/* An account as it stands now. NO_ACCOUNT_UNKNOWN. */
no book_account(struct ctx *ctx, struct ledger_book *book, int64_t id,
                const struct ledger_account **account) MUST_USE;
/* The head for a journal and year. */
no book_head(struct ctx *ctx, struct ledger_book *book, int32_t journal, int32_t year,
             struct ledger_head *head) MUST_USE;
/* Writes the entry of a plan and keeps what it changed. */
no book_write(struct ctx *ctx, struct ledger_book *book, const struct ledger_plan *plan) MUST_USE;

/* What a transfer adds to its month: its amount, less than zero for a correction, 0 for what moves
 * nothing yet (a hold) or nothing at all (a release). */
int64_t book_month_amount(uint32_t flags, int64_t amount);

uid ledger_new_uid(struct ctx *ctx);

#endif
