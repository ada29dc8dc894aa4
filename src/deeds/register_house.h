/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the register says about itself and its neighbours: its keys, who must witness it, which
 * program writes it, the other co-ops whose registers we witness, and the sums at the end of each
 * month (specs register 4.1, 4.4, 4.5).
 */
#ifndef DEEDS_REGISTER_HOUSE_H
#define DEEDS_REGISTER_HOUSE_H

#include "base/hash.h"
#include "deeds/ctx.h"

/* --- keys and program --------------------------------------------------------------------------
 */

/* Verifier keys (wire/note.h): those of the log, a line each, the newest first; the witness's. */
struct register_keys {
    str logs, witness;
};
/* What the newest `key` entry says is in force from there on. NO_NOT_FOUND before the first. */
no view_register_keys(struct ctx *ctx, struct register_keys *keys) MUST_USE;
/* Writes a `key` entry when these are not what the newest says. */
no deed_register_key(struct ctx *ctx, const struct register_keys *keys) MUST_USE;
/* Writes a `release` entry when the newest names another version or program. `sha256` is that of
 * the running program's file. */
no deed_register_release(struct ctx *ctx, str version, const uint8_t sha256[HASH_SIZE]) MUST_USE;

/* --- policy ------------------------------------------------------------------------------------
 */

enum { REGISTER_POLICY_MAX = 32768 };

/* The tlog-policy that is in force, as it was given; "quorum none\n" when none was. */
no view_register_policy(struct ctx *ctx, str *text) MUST_USE;
/* Puts a policy in force, with its `witness` entry; without effect when it is the one already. On
 * the nos of policy_parse, *line is the first wrong line. NO_TOO_LARGE past REGISTER_POLICY_MAX;
 * NO_NOT_ALLOWED but from the console. */
struct register_policy_form {
    str text;
    unsigned line; /* answer, on no */
};
no deed_register_policy(struct ctx *ctx, struct register_policy_form *form) MUST_USE;

/* --- peers -------------------------------------------------------------------------------------
 */

/* A set, in the column `state`. 0: a peer that was dropped. */
enum register_peer_state {
    PEER_COSIGNED = 1,
    PEER_MIRRORED = 2, /* its tiles are kept here too */
    PEER_DIFFERS = 4   /* two views of it exclude each other: evidence was written */
};
struct register_peer {
    str origin, vkeys, url; /* vkeys a line each; url may be empty */
    uint32_t state;
    int64_t added_s;
};
/* By origin, dropped ones too. */
no view_register_peers(struct ctx *ctx, struct register_peer **peers, size_t *n) MUST_USE;
/* The keys of all that are cosigned, a line each: what the signer trusts. */
no view_register_trusted(struct ctx *ctx, str *vkeys) MUST_USE;
/* Adds a log that is cosigned from now on, or changes what is known of it: a second key of an
 * origin is added to the first. NO_KEY_MALFORMED, NO_KEY_KIND_UNKNOWN; NO_CONFLICT: the key is our
 * own log's; NO_FIELD_WRONG: the address is not http:// or https://; NO_TOO_LARGE: too many keys;
 * NO_NOT_ALLOWED but from the console. */
struct register_peer_form {
    str vkey, url;
    bool mirror;
    str origin; /* answer */
};
no deed_register_peer_add(struct ctx *ctx, struct register_peer_form *form) MUST_USE;
/* No longer cosigned or pulled. NO_NOT_FOUND; NO_NOT_ALLOWED. */
no deed_register_peer_drop(struct ctx *ctx, str origin) MUST_USE;
/* Writes a `peer` entry: its checkpoint word for word, at most once a day for each peer
 * (NO_TOO_EARLY). The caller has checked the note. NO_NOT_FOUND. */
no deed_register_peer_seen(struct ctx *ctx, str origin, str note) MUST_USE;
/* Two views of it differ; it stays so until it is added again. */
no deed_register_peer_differs(struct ctx *ctx, str origin) MUST_USE;

/* --- the end of a month ------------------------------------------------------------------------
 */

/* The clock: when a month (UTC) has ended since the last `close` entry, writes one for the month
 * before this: sums of every class in each currency, as they are at that place of the register. */
no deed_register_close(struct ctx *ctx) MUST_USE;

#endif
