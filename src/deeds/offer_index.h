/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Keeps the search index true to an offer. Every deed that writes an offer (publish, edit, status,
 * import) ends with offer_index.
 */
#ifndef DEEDS_OFFER_INDEX_H
#define DEEDS_OFFER_INDEX_H

#include "deeds/ctx.h"

/* Inside a deed: forgets what the index had of this offer and, when it is open, writes what it says
 * now. NO_NOT_FOUND. */
no offer_index(struct ctx *ctx, int64_t offer) MUST_USE;

/* The same for everything a member has published, when all of it changes at once (leaving). */
no offer_index_of(struct ctx *ctx, int64_t member) MUST_USE;

/* `filon rebuild`: makes the index anew, `most` offers at each call; the first call has after 0 and
 * empties it. `after` becomes the last offer done, `n` how many were done; 0 is the end. While it
 * runs, a search finds what is done. NO_NOT_ALLOWED: only the console. */
struct offer_reindex_form {
    int64_t most;
    int64_t after, n;
};
no deed_offer_reindex(struct ctx *ctx, struct offer_reindex_form *form) MUST_USE;

/* The gazetteer too. NO_NOT_ALLOWED: only the console. */
no deed_place_reload(struct ctx *ctx) MUST_USE;

#endif
