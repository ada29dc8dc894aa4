/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The register as deeds write it and views read it: an append-only log of what concerns everyone
 * (docs/decisions/0050, specs register 4). An entry is canonical JSON with the members v, k, at, id
 * and those of its kind; what is private is a commitment "cs", one for each slot, whose opening
 * lies in log_open and can be erased.
 */
#ifndef DEEDS_REGISTER_H
#define DEEDS_REGISTER_H

#include "base/hash.h"
#include "base/id.h"
#include "base/json.h"
#include "deeds/ctx.h"
#include "rules/ledger.h"
#include "rules/register.h"
#include "rules/tree.h"

/* Numbers are stored and never reused. The names are those of the entries ("k"). */
enum register_kind {
    REGISTER_GENESIS = 1,
    REGISTER_KEY = 2,
    REGISTER_WITNESS = 3,
    REGISTER_PARAM = 4,
    REGISTER_TXN = 5,
    REGISTER_CLOSE = 6,
    REGISTER_MEMBER = 7,
    REGISTER_ERASE = 8,
    REGISTER_RELEASE = 9,
    REGISTER_PEER = 10,
    REGISTER_INCIDENT = 11,
    /* 12 dist, 13 prop, 14 amend, 15 vote, 16 tally, 17 decision, 18 ballot: later rooms. */
    REGISTER_KINDS = 19
};

enum {
    REGISTER_CHANCE = 64 * REGISTER_OPENING,
    REGISTER_BODY_MAX = 65535,
    REGISTER_SLOTS_MAX = LEDGER_ACCOUNTS_MAX
};

/* The name of a kind; STR_NONE for a number that is not one. */
str register_kind_name(enum register_kind kind);

/* A member of an entry beside v, k, at, id and cs. `json` is canonical already (an object, a list);
 * else text, else number. */
struct register_member {
    str name;
    str json, text;
    int64_t number;
};

struct register_ask {
    enum register_kind kind;
    int64_t ref; /* what it is about: the ledger entry, the member ...; 0 = nothing */
    uid id;      /* zero = a new one */
    const struct register_member *members; /* any order */
    size_t members_n;
    /* What only those concerned may read: a payload (canonical JSON) for each slot of the
     * commitment. The payload of a txn is not kept: register_txn_payload writes it again. */
    const str *slots;
    size_t slots_n;
};

/* Where the writer stands, between the deeds of one batch (main/writer). */
struct register_at {
    bool known, changed;
    bool scrub; /* something was erased: after the commit no file may hold it any more */
    int64_t last_at_s;
    int64_t shift; /* of the last txn: its index less its entry; -1 = there is none yet */
    struct tree_frontier head;
};
struct register_book {
    struct register_at at; /* what an undone deed puts back */
    bool still;
    bool off; /* benches alone: the ledger without its register */
    /* Unpredictable bytes, drawn for many openings at once; those before chance_at are used up and
     * wiped, and no undoing brings them back. */
    uint8_t chance[REGISTER_CHANCE];
    size_t chance_at;
};

/* --- writing -----------------------------------------------------------------------------------
 */

/* Inside a deed: appends an entry, which is part of the deed's transaction. *index (may be NULL)
 * gets its place. NO_REGISTER_STANDS_STILL when a fork or a rollback was seen (decision 0050);
 * NO_ENTRY_NOT_CANONICAL, NO_TOO_LARGE past REGISTER_BODY_MAX. */
no register_append(struct ctx *ctx, const struct register_ask *ask, int64_t *index) MUST_USE;
/* The txn of a ledger entry and its transfers, as they stand in the store. */
no register_txn(struct ctx *ctx, const struct ledger_entry *entry,
                const struct ledger_transfer *transfers, size_t transfers_n) MUST_USE;
/* The writer, before it commits a batch: writes the head when an entry changed it. */
no register_settle(struct db *db, struct register_book *book) MUST_USE;
/* Begins the register of a co-op that is founded and has none: its genesis, then what stands
 * already (parameters, members, every ledger entry). Inside a deed; without effect when it has
 * begun. */
no register_begin(struct ctx *ctx) MUST_USE;
/* The same for a store that an older filon made; at every start. */
no deed_register_begin(struct ctx *ctx) MUST_USE;
/* A decided parameter: writes the row and its entry. Nothing else writes parameters. */
no register_param(struct ctx *ctx, str name, int64_t value, int64_t decided_by) MUST_USE;
/* Somebody became a member, or left: running counts in clear, who in a slot. */
no register_member(struct ctx *ctx, int64_t member, bool joined) MUST_USE;
/* Erases the openings of what concerns a member (slots of their accounts, their admission) and
 * writes the erase entry. Inside the deed of leaving, after everything else. */
no register_erase(struct ctx *ctx, int64_t member) MUST_USE;
/* The first half of it: the openings alone, and how many slots there were. For a register that
 * stands still after a restore: nobody waits to be forgotten. */
no register_forget(struct ctx *ctx, int64_t member, int64_t *slots_n) MUST_USE;

/* --- reading -----------------------------------------------------------------------------------
 */

struct register_row {
    int64_t idx;
    uint32_t kind;
    int64_t ref, at_s;
    str body;
};

/* Size and frontier as committed. */
no view_register_head(struct ctx *ctx, struct tree_frontier *head) MUST_USE;
/* The name of the log. NO_NOT_FOUND before the register has begun. */
no view_register_origin(struct ctx *ctx, str *origin) MUST_USE;
/* `each` gets the entries from..to-1 in turn; its no ends the walk and is the answer. */
no view_register_rows(struct ctx *ctx, int64_t from, int64_t to,
                      no (*each)(void *self, const struct register_row *row), void *self) MUST_USE;
/* The newest `count` entries below index `before`, newest first. */
no view_register_last(struct ctx *ctx, int64_t before, int64_t count, struct register_row **rows,
                      size_t *n) MUST_USE;
/* The entry of a kind about `ref` (the newest, when several are). NO_NOT_FOUND. */
no view_register_about(struct ctx *ctx, enum register_kind kind, int64_t ref,
                       struct register_row *row) MUST_USE;

/* How far the register is: what has been signed, and what the quorum has seen. A record, written by
 * the publisher. */
struct register_state {
    int64_t recorded, published, witnessed; /* sizes: entries below are in that state */
    int64_t witnessed_at_s;                 /* oldest cosignature of the quorum; 0 = never */
    int64_t witnesses_n, quorum_n;          /* cosignatures it has, and how many are wanted */
    uint32_t still;                         /* enum register_still; 0 = it moves */
};
enum register_still { REGISTER_MOVES, REGISTER_ROLLED_BACK, REGISTER_FORKED, REGISTER_UNSURE };
no view_register_state(struct ctx *ctx, struct register_state *state) MUST_USE;
/* The publisher's word on it. */
no deed_register_state(struct ctx *ctx, const struct register_state *state) MUST_USE;

/* --- receipts ----------------------------------------------------------------------------------
 */

/* What a member keeps of an act: the entry, and of their own slots the openings. The proof file
 * comes from the public files as soon as a checkpoint covers the entry. */
struct register_opened {
    int64_t slot;
    bool erased; /* then there is no payload, and the opening is zeros */
    uint8_t opening[REGISTER_OPENING];
    str payload;
};
enum { REGISTER_RECEIPT_SLOTS = 8 };
struct register_receipt {
    struct register_row row;
    struct register_opened slots[REGISTER_RECEIPT_SLOTS];
    size_t slots_n; /* 0: nothing in it is this member's */
};
/* The entry at `index` as this member may read it (0 = the co-op's own accounts). The caller checks
 * who asks. NO_NOT_FOUND. */
no view_register_receipt(struct ctx *ctx, int64_t index, int64_t member,
                         struct register_receipt *receipt) MUST_USE;

#endif
