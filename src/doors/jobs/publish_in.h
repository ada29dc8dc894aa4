/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the files of doors/jobs/publish*.c share.
 */
#ifndef DOORS_JOBS_PUBLISH_IN_H
#define DOORS_JOBS_PUBLISH_IN_H

#include "deeds/register.h"
#include "deeds/register_house.h"
#include "doors/jobs/publish.h"
#include "doors/log/files.h"
#include "rules/witness.h"
#include "wire/policy.h"
#include "wire/witness.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>

enum { PUBLISH_HEX = 2 * HASH_SIZE, PUBLISH_NOTE_MAX = 2048 };

/* What is remembered of a witness as long as the policy names its key. */
struct publish_witness {
    bool known; /* that it holds `size` of our register */
    uint64_t size;
    unsigned fails;         /* one after another */
    int64_t next_ns;        /* not asked before */
    uint64_t cosigned_size; /* of `cosignature`; 0 = none */
    uint8_t cosignature[COSIGNATURE_SIZE];
};

/* A policy that is in force: its text with our own log lines, and what it says. */
struct publish_policy {
    struct arena arena;
    str given, text; /* as it was set; as readers get it */
    struct policy policy;
    int64_t quorum_n; /* how few witnesses can meet it */
    struct publish_witness witnesses[POLICY_WITNESSES_MAX];
};

struct publisher {
    struct publish_config config;
    struct arena own, kept, scratch; /* where this lives; as long as it; as long as a round */
    struct log_folder folder;        /* DATA/log */
    struct log_files files;          /* the same, to read */
    struct hash_sha256_ctx sha;
    CURLM *multi;

    /* Who we are; in `kept`, once the register has begun. */
    str origin, hex; /* the hex of its SHA-256 */
    struct keeper_vkeys vkeys;
    struct publish_policy policies[2], *policy;

    /* Where we are. */
    bool guarded;        /* the start guard was passed in this run */
    uint64_t still_size; /* the size at which it was found that it must stand still */
    int64_t guard_next_ns;
    unsigned guard_fails;
    uint64_t written; /* bundles and tiles are on disk up to here */
    uint64_t swept;   /* partial ones that are full since were removed up to here */
    uint64_t signed_size;
    struct tree_hash signed_root;
    char signed_bytes[PUBLISH_NOTE_MAX];
    str signed_note; /* text, an empty line, our signatures */
    bool has_news;   /* signatures that `checkpoint` may not have yet */
    const struct publish_policy *published_policy; /* of the last put: NULL = none in this run */
    uint64_t published;                            /* its size, */
    int64_t published_n;                           /* with so many cosignatures */
    int64_t asked_ns;            /* when cosignatures of signed_size were asked for, of everybody */
    int64_t missed_ns;           /* since when the quorum is missed; 0 = it is not */
    uint64_t published_newest_s; /* the newest of them */
    uint64_t asked_size;         /* the size that `asked_ns` is about */
    struct register_state state, told;
    bool is_known;    /* what another run left was read */
    bool is_prepared; /* the register names our keys, and no file is missing */

    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t work;
    bool running, woken;
    atomic_bool stopping;
};

/* --- publish_files.c: bundles and tiles --------------------------------------------------------
 */

/* Writes what a tree of `to` has and one of `from` had not, from the rows of the store. */
no publish_write(struct publisher *p, struct ctx *ctx, uint64_t from, uint64_t to) MUST_USE;
/* Writes again what a tree of `size` should have and is missing or of another length. */
no publish_mend(struct publisher *p, struct ctx *ctx, uint64_t size) MUST_USE;
/* The root, and the frontier, as the tiles on disk have them. */
no publish_root(struct publisher *p, uint64_t size, struct tree_hash *root) MUST_USE;
no publish_frontier(struct publisher *p, uint64_t size, struct tree_frontier *frontier) MUST_USE;
no publish_proof(struct publisher *p, uint64_t from, uint64_t to,
                 struct tree_proof *proof) MUST_USE;
/* Whether the tiles have this root and the last bundle belongs to them. */
no publish_holds(struct publisher *p, uint64_t size, const struct tree_hash *root,
                 bool *holds) MUST_USE;
/* Removes partial files whose full one a published checkpoint covers. */
void publish_sweep(struct publisher *p, uint64_t size);

/* --- publish_web.c: several questions at once --------------------------------------------------
 */

struct publish_call {
    str url;
    str body; /* ptr NULL: a GET */
    /* What came back; status 0: nothing, in time. */
    bool ended;
    int status;
    bool is_size; /* of the type text/x.tlog.size */
    str reply;
    /* The call's own. */
    struct publisher *publisher;
    size_t witness;
    bool retried;
    CURL *curl;
    struct curl_slist *headers;
    struct buf bytes;
};
/* Asks all at once and calls `done` as each ends; it may set body (and url) anew and return true,
 * to ask again. `idle` is called now and then; false ends the wait. Ends after `most_ms`, or when
 * the publisher stops. Memory is the scratch arena's. */
no publish_ask(struct publisher *p, struct publish_call *calls, size_t n, int64_t most_ms,
               bool (*done)(void *self, struct publish_call *call), bool (*idle)(void *self),
               void *self) MUST_USE;
/* A `done` for calls that are only read afterwards. */
bool publish_take(void *self, struct publish_call *call);
/* Monotonic. */
int64_t publish_clock_ms(void);

/* --- publish_witness.c -------------------------------------------------------------------------
 */

/* Asks every witness whose turn it is to cosign the signed checkpoint, and puts it as soon as the
 * policy is met. `all`: also those that have cosigned it. What a witness claims against us is
 * examined (publish_guard.c), with its no. */
no publish_witnesses(struct publisher *p, struct ctx *ctx, bool all) MUST_USE;
/* Which witnesses cosigned the signed size, as bits. */
uint64_t publish_cosigners(const struct publisher *p);
/* "URL/HEX/checkpoint" of a witness, and of add-checkpoint; in the scratch arena. */
str publish_witness_url(struct publisher *p, size_t witness, bool add);

/* --- publish_know.c ----------------------------------------------------------------------------
 */

/* Name, keys, policy and where we are. NO_NOT_FOUND before the register has begun. */
no publish_know(struct publisher *p, struct ctx *ctx) MUST_USE;
/* What the signer signed last. */
no publish_know_signed(struct publisher *p) MUST_USE;

/* --- publish_guard.c ---------------------------------------------------------------------------
 */

/* The start guard: sets p->guarded, or has the state say what is in the way. */
no publish_guard(struct publisher *p, struct ctx *ctx, const struct tree_frontier *head) MUST_USE;
/* That what `who` holds is a part of our history; if not, evidence is written, the register stands
 * still, and NO_REGISTER_STANDS_STILL is the answer. A note that bears no signature of ours says
 * nothing: YES. */
no publish_examine(struct publisher *p, struct ctx *ctx, const struct tree_frontier *head, str who,
                   str note) MUST_USE;
/* That the rows of the store lead to its head. NO_REGISTER_DAMAGED. */
no publish_rows_hold(struct publisher *p, struct ctx *ctx,
                     const struct tree_frontier *head) MUST_USE;
/* Reads a note that one of our own keys signed. */
bool publish_is_ours(struct publisher *p, str note, struct checkpoint *checkpoint);

/* --- publish.c ---------------------------------------------------------------------------------
 */

/* Puts `checkpoint` when it is met, or `anyway`; verified first. */
no publish_put(struct publisher *p, bool anyway) MUST_USE;
/* Puts checkpoints/SIZE. */
no publish_keep(struct publisher *p, uint64_t size, str note) MUST_USE;
/* Records how far we are, when that changed. */
no publish_tell(struct publisher *p, struct ctx *ctx) MUST_USE;
int64_t publish_now_ns(const struct publisher *p);
/* The three lines that were signed last. */
str publish_signed_text(const struct publisher *p);

#endif
