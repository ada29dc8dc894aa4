/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What every deed and every view receives: the world (the only way to time, chance and other
 * people), a connection, memory, and who is acting. There is no other state: no global exists
 * outside main.
 *
 *   a deed   changes something. Public face `no deed_ROOM_VERB(struct ctx *, const struct
 * ROOM_VERB_form *)`; inside, a static function given to deed_run(), which queues it for the one
 * writer, runs it in its own savepoint and returns after the commit is durable. a view   reads. `no
 * view_ROOM_NOUN(struct ctx *, ..., struct model *)`; runs on the caller's own read connection.
 */
#ifndef DEEDS_CTX_H
#define DEEDS_CTX_H

#include "base/arena.h"
#include "base/lang.h"
#include "base/no.h"
#include "base/str.h"
#include "store/db.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Roles of a member, a bit set (screens 3.2). A visitor has none. */
enum role {
    ROLE_GUEST = 1,  /* came by an e-mail link, no password */
    ROLE_CLIENT = 2, /* has an account, is not a member */
    ROLE_MEMBER = 4,
    ROLE_FOUNDER = 8,
    ROLE_FACILITATOR = 16,
    ROLE_ACCOUNTANT = 32,
    ROLE_AUDITOR = 64,
    ROLE_MEDIATOR = 128,
};

/* Who acts. member 0 = nobody signed in; `clock` = a timer of the house; `console` = the command
 * line on the server. */
struct actor {
    int64_t member;
    uint32_t roles;
    bool clock, console;
};

struct wrong {
    const char *field; /* the form's field name */
    no why;            /* one of NO_FIELD_* or a rule's own no */
    int64_t bound;     /* the limit that was passed, where there is one; else 0 */
};
enum { WRONGS_MAX = 24 };

struct ctx;
struct house;
struct ledger_book;
struct hash_sha256_ctx;
struct register_book;

/* The world as functions, so that tests may bring their own clock and dice. `self` goes first
 * everywhere. */
struct world {
    void *self;
    int64_t (*now_ns)(void *self);                       /* UTC, nanoseconds since 1970 */
    void (*chance)(void *self, void *bytes, size_t len); /* unpredictable bytes */
    /* Queues `deed(ctx, form)` for the writer and waits until it is durable or refused. */
    no (*write)(void *self, struct ctx *ctx, no (*deed)(struct ctx *, void *), void *form);
    struct db *(*reader_take)(void *self); /* blocks until one is free */
    void (*reader_give_back)(void *self, struct db *db);
    void (*wake_jobs)(void *self); /* the outbox or a timer has work */
    /* The co-op as it stands (deeds/house.h): read once, shared, never changed; valid until the
     * world ends. */
    const struct house *(*house)(void *self);
    /* Said inside a deed that changed the co-op, a parameter, a currency or a category: read again
     * after the commit. */
    void (*house_changed)(void *self);
    /* Another number after each commit, before whoever committed is told: what was made after it
     * was read is still right while it is the same. Any thread, no lock. */
    uint64_t (*version)(void *self);
};

struct ctx {
    const struct world *world;
    struct db *db;
    struct arena *arena;
    struct actor actor;
    enum lang lang;
    int64_t now_ns; /* read once per request; in a deed, by the writer, never going back */
    bool writing;   /* inside deed_run: ctx->db is the writer */
    struct hash_sha256_ctx *sha; /* while writing: one that is warm (base/hash.h); else NULL */
    struct register_book *log;   /* while writing: where the register stands; else NULL */
    struct ledger_book *book;    /* open between ledger_batch_open and _close; else NULL */
    struct wrong wrongs[WRONGS_MAX];
    size_t wrongs_n;
};

/* All that is read between sees one state of the store, and only the first statement has to open
 * it. A deed in between ends it. Without effect when the store says no. */
void ctx_snapshot(struct ctx *ctx);
void ctx_snapshot_end(struct ctx *ctx);

/* Runs `deed(ctx, form)` on the writer in a savepoint; called inside a deed it simply calls. Gives
 * the caller's reader back while waiting and takes one again afterwards. The answer is the deed's
 * own, or a fault of the commit. */
no deed_run(struct ctx *ctx, no (*deed)(struct ctx *, void *), void *form) MUST_USE;

/* Inside a deed: runs another in a savepoint of its own, so that its refusal undoes only itself
 * (imports, timers). */
no deed_try(struct ctx *ctx, no (*deed)(struct ctx *, void *), void *form) MUST_USE;

/* Notes that `field` is wrong and why; returns NO_BAD_FIELDS so that `return deed_wrong(ctx,
 * "price", NO_..)` reads well. Several may be noted before returning; past WRONGS_MAX the rest is
 * dropped. */
no deed_wrong(struct ctx *ctx, const char *field, no why);
no deed_wrong_bound(struct ctx *ctx, const char *field, no why, int64_t bound);

bool actor_has(const struct ctx *ctx, uint32_t any_of_roles);

#endif
