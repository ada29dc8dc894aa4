/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The ledger: the only rule by which a balance changes. Facts in (copies of the accounts, holds and
 * the head of the book), plan out (numbered transfers and the new states of the accounts); nothing
 * here reads a clock or a database.
 *
 * One primitive, the transfer: one debit account, one credit account, one currency, an amount > 0;
 * so debits and credits are equal by construction. An entry is 1..64 transfers that stand or fall
 * together. A hold is a pending transfer: it reserves on both sides until it is posted (whole or in
 * part), voided or expired, once.
 *
 * Signs. Assets and expenses grow by debits, everything else by credits (memo accounts too: hours
 * and credits are what the community owes a member). ledger_balance() is signed that way: a purse
 * with 5.00 in it says +500.
 *
 * Limits. floor and ceiling bind the balance *with* its holds: a movement is refused when it leaves
 * the account below the floor (above the ceiling) AND lower (higher) than it was. So a limit
 * lowered below the present position seizes nothing; it only refuses what makes the excess larger.
 * Legs are judged one after the other, not once at the end: every prefix of an entry is a legal
 * state, a transfer never spends what a later leg brings, and replaying the book one transfer at a
 * time meets the same answers. Who wants money to pass through an account writes the leg that
 * brings it first.
 *
 * When several answers apply, the one that stands first in no.def is given: 300-308 are looked for
 * in all legs together, then each leg in turn is asked 309-317, then the book 318-323.
 */
#ifndef RULES_LEDGER_H
#define RULES_LEDGER_H

#include "base/buf.h"
#include "base/id.h"
#include "base/money.h"
#include "base/no.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    LEDGER_LEGS_MAX = 64,
    LEDGER_ACCOUNTS_MAX = 2 * LEDGER_LEGS_MAX,
    LEDGER_TEXT_MAX = 200, /* bytes of a label or a piece reference: the deed checks the form */
};
/* Debits (credits) of an account, posted and pending together, never pass 2^62: every difference
 * then fits int64_t. */
#define LEDGER_SUM_MAX (INT64_C(1) << 62)
/* A clock that steps back by more (a time server's correction is less) is worth a word to whoever
 * keeps the machine: docs/decisions/0041. */
#define LEDGER_CLOCK_SLACK_NS INT64_C(1000000000)

enum ledger_nature {
    LEDGER_ASSET = 1,
    LEDGER_LIABILITY = 2,
    LEDGER_EQUITY = 3,
    LEDGER_INCOME = 4,
    LEDGER_EXPENSE = 5,
    LEDGER_MEMO = 8,
};

/* Flags of an account. Closed is `closed_ns != 0`, limited is has_floor / has_ceiling: one truth
 * each. */
enum {
    LEDGER_FROZEN = 1,    /* neither debits nor credits; holds may still be voided or expire */
    LEDGER_SYSTEM = 2,    /* the house's own: no person closes it */
    LEDGER_AUXILIARY = 4, /* owner must be a member (411000, 467100, 8xxxxx) */
    LEDGER_CASH = 8,      /* reconciled against a bank or a till */
};

struct ledger_account {
    int64_t id; /* dense, from 1 */
    int32_t currency, number;
    int64_t owner; /* member, 0 = the co-op */
    enum ledger_nature nature;
    uint32_t flags;
    /* Minor units, all >= 0. */
    int64_t debits_posted, credits_posted, debits_pending, credits_pending;
    int64_t floor, ceiling; /* of ledger_balance(), holds included; meaningless unless has_ */
    bool has_floor, has_ceiling;
    int64_t last_seq, transfers_n; /* head and length of the account's chain */
    int64_t opened_ns, closed_ns;
};

/* Flags of a transfer, kept for ever and hashed; never reuse a bit. An expiry is LEDGER_VOID |
 * LEDGER_EXPIRED. */
enum {
    LEDGER_PENDING = 1,
    LEDGER_POST = 2,
    LEDGER_VOID = 4,
    LEDGER_EXPIRED = 8,
    LEDGER_OPENING = 32,
    LEDGER_CLOSING = 64,
    LEDGER_CORRECTION = 128,
    LEDGER_IMPORT = 256,
};
#define LEDGER_MARKS (LEDGER_OPENING | LEDGER_CLOSING | LEDGER_CORRECTION | LEDGER_IMPORT)

struct ledger_transfer {
    int64_t seq, entry; /* gap-free, from 1 */
    int64_t debit, credit, amount;
    int32_t currency;
    uint32_t code; /* 16 bits: why, in words of the deed that wrote it */
    uint32_t flags;
    int64_t pending_seq;             /* the hold that this posts, voids or expires; else 0 */
    int64_t expires_ns;              /* of a hold; 0 = never */
    int64_t event_ns;                /* when it happened outside; 0 = when it was booked */
    int64_t debit_prev, credit_prev; /* the transfer before on each account's chain; 0 = first */
};

struct ledger_entry {
    int64_t id; /* gap-free, from 1 */
    uid uid;    /* the idempotency key */
    uint8_t body_hash[32];
    int32_t journal, year; /* which journal, cause and code mean what: deeds, which name them */
    int64_t num;           /* gap-free per journal and year, from 1 */
    int32_t book_date;     /* days since 1970 */
    str piece_ref, label;
    int64_t actor; /* member, 0 = the clock or the console */
    uint32_t cause;
    int64_t cause_id;  /* the order, the import ...; 0 = none */
    int64_t corrects;  /* the entry this one reverses; else 0 */
    int64_t booked_ns; /* strictly increasing over entries */
    int64_t first_seq, transfers_n;
};

/* --- what is asked ---------------------------------------------------------------------------- */

enum ledger_kind {
    LEDGER_LEG_PLAIN,
    LEDGER_LEG_HOLD,
    LEDGER_LEG_POST,
    LEDGER_LEG_VOID,
    LEDGER_LEG_EXPIRE,
};

/* One leg. PLAIN and HOLD need debit, credit, amount, currency. POST, VOID and EXPIRE need
 * `hold`; debit, credit and currency may stay 0 (those of the hold) or must equal them; amount 0
 * = the whole hold. */
struct ledger_leg {
    enum ledger_kind kind;
    int64_t debit, credit, amount;
    int32_t currency;
    uint32_t code;      /* below 65536 */
    uint32_t marks;     /* of LEDGER_MARKS */
    int64_t hold;       /* seq of the pending transfer */
    int64_t expires_ns; /* HOLD: 0 = never, else later than now_ns */
    int64_t event_ns;
};

struct ledger_request {
    uid uid;
    uint8_t body_hash[32]; /* SHA-256 of ledger_request_bytes() */
    int32_t journal, year; /* year of the period that book_date falls in */
    int32_t book_date;     /* as ledger_book_date() gave it */
    str piece_ref, label;
    int64_t actor;
    uint32_t cause;
    int64_t cause_id, corrects;
    bool accountant; /* may book in a soft-closed period */
    int64_t now_ns;
    const struct ledger_leg *legs;
    size_t legs_n;
};

/* --- what is known ---------------------------------------------------------------------------- */

enum ledger_hold_state {
    LEDGER_HOLD_OPEN,
    LEDGER_HOLD_POSTED,
    LEDGER_HOLD_VOIDED,
    LEDGER_HOLD_EXPIRED,
};

/* A pending transfer and what became of it. */
struct ledger_hold {
    int64_t seq, debit, credit, amount;
    int32_t currency;
    enum ledger_hold_state state;
    int64_t resolved_by; /* seq of the transfer that resolved it; 0 while open */
    int64_t expires_ns;  /* 0 = never */
};

/* The end of the book, and the first dates that are still open. */
struct ledger_head {
    int64_t seq, entry, booked_ns; /* of the last ones; 0 in an empty book */
    int64_t num;                   /* last number in this journal and year */
    int32_t open_from;             /* first day that anyone may book on */
    int32_t soft_from;             /* first day that the accountant may book on, <= open_from */
};

/* --- the answer ------------------------------------------------------------------------------- */

struct ledger_plan {
    struct ledger_entry entry; /* its texts are the request's: same lifetime */
    struct ledger_transfer transfers[LEDGER_LEGS_MAX];
    size_t transfers_n;
    /* Only those that changed, as they are afterwards. */
    struct ledger_account accounts[LEDGER_ACCOUNTS_MAX];
    size_t accounts_n;
    /* Holds taken (OPEN, resolved_by 0) and holds resolved (their new state). */
    struct ledger_hold holds[LEDGER_LEGS_MAX];
    size_t holds_n;
};

/* Plans one entry. `accounts`: a copy of each account that a leg or its hold names, each once, in
 * any order (more are allowed); `holds`: each hold that a leg names, each once. Transfers are
 * numbered head->seq + 1 on, in the order of the legs; booked_ns is now_ns, or one more than the
 * last entry's when the clock has not moved on or went back, however far. Asserts on facts that
 * cannot be (negative fields, an account twice, marks or codes out of range).
 *   AMOUNT_NOT_POSITIVE   amount <= 0 of a PLAIN or HOLD, < 0 of the others
 *   AMOUNT_TOO_LARGE      past MONEY_MAX
 *   ACCOUNT_UNKNOWN       not among `accounts`
 *   ACCOUNTS_SAME         debit = credit
 *   CURRENCY_DIFFERS      leg, debit and credit account are not all in one currency
 *   ENTRY_EMPTY, ENTRY_TOO_LONG            not 1..64 legs
 *   ACCOUNT_CLOSED, ACCOUNT_FROZEN         either side; VOID and EXPIRE pass
 *   HOLD_UNKNOWN          no such hold among `holds`
 *   HOLD_ALREADY_POSTED, HOLD_ALREADY_VOIDED, HOLD_EXPIRED
 *                         resolved before or by an earlier leg; EXPIRED also for a POST or VOID
 *                         after its time (even if the expiry is not written yet), and for a new
 *                         HOLD whose expires_ns is not after now_ns
 *   HOLD_DIFFERS          debit, credit or currency is not the hold's; VOID or EXPIRE of another
 *                         amount; EXPIRE too early or of a hold that never does
 *   HOLD_TOO_SMALL        POST of more than the hold
 *   FLOOR_WOULD_BE_PASSED, CEILING_WOULD_BE_PASSED        either side, see Limits above
 *   SUM_WOULD_OVERFLOW    debits or credits of an account would pass 2^62
 *   PERIOD_CLOSED         book_date is before the first day open to this actor
 * Source: specs ledger 1.1. */
no ledger_plan_entry(struct ledger_plan *plan, const struct ledger_request *request,
                     const struct ledger_account *accounts, size_t accounts_n,
                     const struct ledger_hold *holds, size_t holds_n,
                     const struct ledger_head *head) MUST_USE;

/* The day an event is booked on: its own when that is open, else the first open day (the event
 * keeps event_ns). `exact` asks for that very day: PERIOD_CLOSED when it is not open. Reads only
 * head->open_from and soft_from. */
no ledger_book_date(int32_t *book_date, int32_t asked, bool exact, bool accountant,
                    const struct ledger_head *head) MUST_USE;

/* Writes the legs that undo an entry: last leg first, sides swapped, amounts positive, marked
 * LEDGER_CORRECTION; sets request->corrects, legs, legs_n and leaves the rest of *request to the
 * caller, who then plans it like any entry. `transfers` are the entry's own, in order;
 * `reversed_by` is the entry that corrects it already, 0 = none; `holds` are the entry's own
 * holds as they are now. A hold still open is voided; a posting of a hold is paid back as a
 * plain transfer (the hold stays resolved: take a new one). `original` NULL: ENTRY_UNKNOWN.
 * ALREADY_REVERSED. What has no reverse is refused: a hold that was resolved meanwhile
 * (HOLD_ALREADY_POSTED, _VOIDED, HOLD_EXPIRED: reverse the entry that did it), and a release
 * (HOLD_ALREADY_VOIDED, HOLD_EXPIRED: take a new hold). HOLD_UNKNOWN: a hold is missing from
 * `holds`. */
no ledger_plan_reversal(struct ledger_request *request, struct ledger_leg legs[LEDGER_LEGS_MAX],
                        const struct ledger_entry *original, int64_t reversed_by,
                        const struct ledger_transfer *transfers, size_t transfers_n,
                        const struct ledger_hold *holds, size_t holds_n) MUST_USE;

/* Closes an account: *closed is the account with closed_ns = now_ns (> 0). ACCOUNT_CLOSED,
 * ACCOUNT_FROZEN, ACCOUNT_HAS_HOLDS, ACCOUNT_NOT_EMPTY. */
no ledger_plan_close(struct ledger_account *closed, const struct ledger_account *account,
                     int64_t now_ns) MUST_USE;

/* Sets both limits at once (NULL = none). Legal whatever the present position is.
 * ACCOUNT_CLOSED; FIELD_OUT_OF_RANGE when floor > ceiling or either is past +-2^62. */
no ledger_plan_limits(struct ledger_account *limited, const struct ledger_account *account,
                      const int64_t *floor, const int64_t *ceiling) MUST_USE;

/* Cuts an accountant's n-to-m entry into legs by walking debits and credits in the given order
 * (specs ledger 1.1). Each line has one side > 0 and the other 0 (AMOUNT_NOT_POSITIVE,
 * AMOUNT_TOO_LARGE). ENTRY_EMPTY, ENTRY_TOO_LONG (more than 64 legs), ENTRY_NOT_BALANCED when
 * the sums differ. `legs` beyond *legs_n may be scribbled on, also on a no. */
struct ledger_line {
    int64_t account, debit, credit;
};
no ledger_cut_lines(struct ledger_leg legs[LEDGER_LEGS_MAX], size_t *legs_n,
                    const struct ledger_line *lines, size_t lines_n, int32_t currency,
                    uint32_t code) MUST_USE;

/* --- reading an account ----------------------------------------------------------------------- */

/* +1 when credits make the balance grow, -1 when debits do. Asserts on an unknown nature. */
int ledger_sign(enum ledger_nature nature);
/* What is there: posted only, in the sense of the account's nature. */
int64_t ledger_balance(const struct ledger_account *account);
/* With every reservation taken off (added): what the floor (ceiling) binds. */
int64_t ledger_lowest(const struct ledger_account *account);
int64_t ledger_highest(const struct ledger_account *account);
/* What may still leave it: lowest - floor, never negative; INT64_MAX without a floor. 0 when
 * frozen or closed. */
int64_t ledger_available(const struct ledger_account *account);
/* What may still come in: ceiling - highest, never negative; INT64_MAX without a ceiling. 0 when
 * frozen or closed. */
int64_t ledger_room(const struct ledger_account *account);

/* --- bytes to be hashed ----------------------------------------------------------------------- */

/* The canonical bytes of a request: everything its author chose, nothing the house added (no
 * number, no clock, no book date, no expiry reckoned from now: a retry is the same request).
 * Fixed fields big-endian, texts with a 32-bit length before them. hash_sha256() of it is
 * body_hash; same uid and other hash = ALREADY_DONE_DIFFERENTLY, which is the deed's. Ids of
 * things made by a leg: uid_derive() of the uid and the leg's index. Check buf_failed(). */
void ledger_request_bytes(struct buf *out, const struct ledger_request *request);
/* The canonical bytes of an entry as it was written, its transfers included: the register's leaf
 * commits to their hash. */
void ledger_entry_bytes(struct buf *out, const struct ledger_entry *entry,
                        const struct ledger_transfer *transfers, size_t transfers_n);

#endif
