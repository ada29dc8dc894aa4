/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the pages of the register share: entries in words, how far it is, its public files.
 */
#ifndef DOORS_HTTP_PROOF_H
#define DOORS_HTTP_PROOF_H

#include "deeds/receipt.h"
#include "doors/http/frame.h"
#include "doors/log/files.h"
#include "pages/proof.h"
#include "wire/policy.h"

enum { PROOF_PAGE_ROWS = 20 };

/* --- words (proof_words.c) ---------------------------------------------------------------------
 */

enum lang_key proof_how_key(enum receipt_how how);
/* An entry in one line: what the public part says. */
str proof_what(struct http_req *req, const struct register_row *row);
/* Its public members, each with its words. */
no proof_facts(struct http_req *req, const struct register_row *row,
               const struct proof_fact **facts, size_t *n) MUST_USE;
/* "/fr/proof/12" */
url proof_url(struct http_req *req, int64_t index);
str proof_moment(struct http_req *req, int64_t at_s);
str proof_hex(struct http_req *req, const uint8_t hash[HASH_SIZE]);

/* The receipt of an entry, whose number is `index`, as the acting member may have it, and its
 * proof; empty where there is none. NO_NOT_FOUND. */
no proof_texts(struct http_req *req, str index, str *receipt, str *proof) MUST_USE;

/* --- the public files (proof_files.c) ----------------------------------------------------------
 */

/* The last checkpoint and whom to trust; texts are empty when there are none yet. The policy of the
 * store says who the witnesses are while there are no files. */
struct proof_public {
    str note, policy_text, keys;
    const struct policy *policy;          /* NULL: none */
    const struct policy_verdict *verdict; /* NULL: no checkpoint, or one that does not hold */
};
no proof_public(struct http_req *req, struct proof_public *public) MUST_USE;
/* The witnesses of the policy, and when each signed the note of `verdict` (which may be NULL). */
no proof_witnesses(struct http_req *req, const struct policy *policy,
                   const struct policy_verdict *verdict, const struct proof_witness **witnesses,
                   size_t *n) MUST_USE;
/* How far the register is, for a page. */
no proof_state(struct http_req *req, const struct proof_public *public,
               struct proof_state *state) MUST_USE;

#endif
