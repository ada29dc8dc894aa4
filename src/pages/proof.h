/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The pages of the register: how far it is, one entry and its receipt, checking a receipt, the
 * auditor's desk and the attestation of a period.
 */
#ifndef PAGES_PROOF_H
#define PAGES_PROOF_H

#include "base/markup.h"
#include "base/money.h"
#include "pages/form.h"
#include "pages/lang.h"
#include "pages/money.h"

#include <stdbool.h>
#include <stdint.h>

/* --- the register ------------------------------------------------------------------------------
 */

/* What the state of the register calls for, the worst first. */
enum proof_mood {
    PROOF_FORKED,
    PROOF_ROLLED_BACK,
    PROOF_UNSURE,
    PROOF_EMPTY,
    PROOF_UNPUBLISHED,
    PROOF_UNWITNESSED, /* nobody is asked for */
    PROOF_WAITING,
    PROOF_ALL_WITNESSED
};

struct proof_witness {
    str name, key, when;
    bool seen; /* cosigned the last checkpoint */
};

/* How far it is, and the last checkpoint. Times are empty when it never happened. */
struct proof_state {
    enum proof_mood mood;
    int64_t recorded, published, witnessed, waiting;
    str recorded_at, published_at, witnessed_at;
    str origin, root, policy; /* root: of the checkpoint; empty without one */
    int64_t size;
    str email; /* whom to write to */
    url mailto;
    bool files; /* /log/... has them */
    const struct proof_witness *witnesses;
    size_t witnesses_n;
    int64_t cosigned_n, wanted_n;
};

struct proof_row {
    str place, what, when;
    url to;
    enum lang_key how;
    bool final;
};
struct proof_page {
    str title;
    struct proof_state state;
    const struct proof_row *rows;
    size_t rows_n;
    const struct money_chip *pages;
    size_t pages_n;
};

/* --- one entry ---------------------------------------------------------------------------------
 */

/* A member of the entry: its name as written and in words (empty: there are none). */
struct proof_fact {
    str name, words, value;
    bool code; /* value is for machines */
};
struct proof_move {
    str what, who;
    money amount;
    bool plus, held, released, correction;
};
struct proof_opened {
    str slot, opening, payload;
    bool erased;
};
struct proof_entry_page {
    str title, place, what, when, body, leaf;
    enum lang_key how, how_what;
    bool final, published, has_before, has_after, sealed;
    url before, after;
    const struct proof_fact *facts;
    size_t facts_n;
    bool concerned, all_erased, of_coop; /* of_coop: the co-op's own accounts, for who audits */
    const struct proof_move *moves;
    size_t moves_n;
    const struct proof_opened *opens;
    size_t opens_n;
};

/* --- checking ----------------------------------------------------------------------------------
 */

struct proof_check_step {
    enum lang_key title, good, bad;
    int64_t verdict; /* 0 unknown, 1 good, 2 bad, 3 nobody was asked for */
    int64_t number;
};
struct proof_check_page {
    str title, receipt, proof, policy;
    bool checked, whole, broken; /* whole: every step is good */
    const struct proof_check_step *steps;
    size_t steps_n;
    int64_t index, size, witnesses_n, of_n;
    struct form_errors errors;
};

/* --- the desk ----------------------------------------------------------------------------------
 */

struct proof_peer {
    str origin, url, since;
    bool cosigned, differs; /* differs: two views of it exclude each other */
};
struct proof_desk_page {
    str title, keys, from, to;
    struct proof_state state;
    const struct proof_peer *peers;
    size_t peers_n;
};

struct proof_attest_page {
    str title, from, to; /* as typed or proposed: 2026-01-01 */
    struct form_errors errors;
    bool made;
    str coop, from_day, to_day, made_at, origin, first, last, root_before, root_after;
    int64_t entries_n, size_before, size_after;
    bool covered; /* a published checkpoint covers the period */
    int64_t checkpoint_size;
    str checkpoint; /* the signed text whole */
    const struct proof_witness *witnesses;
    size_t witnesses_n;
    str address; /* "https://coop.example" */
    url text;
};

#endif
