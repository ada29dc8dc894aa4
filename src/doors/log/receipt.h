/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What a member keeps of an act (register 4.3): a file of ours with the entry and the openings of
 * the parts that are theirs, and beside it the C2SP tlog-proof (wire/proof.h) as soon as a
 * checkpoint covers the entry. Here both are written, read and checked together, step by step, as
 * assets/js/proof.mjs does it in a browser.
 *
 *     {"entry":"{\"at\":1767225600,...}","index":12,
 *      "opens":[{"opening":"55...","payload":"{...}","slot":0}],"origin":"coop.example/log","v":1}
 *
 * "index" and "origin" are for people: nothing is concluded from them.
 */
#ifndef DOORS_LOG_RECEIPT_H
#define DOORS_LOG_RECEIPT_H

#include "doors/log/files.h"
#include "rules/register.h"
#include "wire/policy.h"

enum { LOG_RECEIPT_SIZE_MAX = 96 << 10, LOG_RECEIPT_OPENS_MAX = 16 };

struct log_receipt {
    str entry, origin;
    int64_t index;
    struct log_receipt_open {
        int64_t slot;
        uint8_t opening[REGISTER_OPENING];
        str payload;
    } opens[LOG_RECEIPT_OPENS_MAX];
    size_t opens_n; /* at least one */
};

/* One line, canonical JSON. */
void log_receipt_put(struct buf *out, const struct log_receipt *receipt);
/* Any JSON with these members; texts in the arena. NO_RECEIPT_MALFORMED, also past
 * LOG_RECEIPT_SIZE_MAX. */
no log_receipt_parse(struct arena *arena, str text, struct log_receipt *receipt) MUST_USE;

/* Writes the proof that `entry` is number `index` under the published checkpoint. NO_NOT_FOUND: no
 * checkpoint covers it yet; NO_REGISTER_DAMAGED: tiles are missing, or the proof would not hold.
 * The nos of log_files_*; NO_NOTE_MALFORMED, NO_CHECKPOINT_MALFORMED. */
no log_proof_put(struct buf *out, struct log_files *files, struct arena *scratch, uint64_t index,
                 str entry) MUST_USE;

/* --- checking -------------------------------------------------------------------------------- */

enum log_receipt_step {
    LOG_STEP_OPENS,     /* the openings fit the entry's commitments */
    LOG_STEP_PLACE,     /* the entry is under the checkpoint's root */
    LOG_STEP_SIGNED,    /* the register's key signed it, and no signature of a known key is bad */
    LOG_STEP_WITNESSES, /* the quorum cosigned it */
    LOG_STEPS
};
enum log_receipt_verdict { LOG_STEP_UNKNOWN, LOG_STEP_GOOD, LOG_STEP_BAD };

struct log_receipt_check {
    enum log_receipt_verdict steps[LOG_STEPS];
    uint64_t index, size;                 /* of the proof */
    uint64_t witnesses_n, of_n, newest_s; /* that cosigned, of the policy, the last time */
    bool nobody;                          /* the policy asks for no witness */
};

/* `proof` empty: only the first step is known. `policy` empty: not the last two.
 * NO_PROOF_MALFORMED; NO_POLICY_MALFORMED and what else policy_parse says. */
no log_receipt_check(struct arena *arena, const struct log_receipt *receipt, str proof, str policy,
                     struct log_receipt_check *check) MUST_USE;

#endif
