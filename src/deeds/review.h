/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Reviews of orders: each party writes once, into an envelope that opens when both have written, or
 * fourteen days after the order ended (rules/review.h). Only what is open ever leaves this room.
 */
#ifndef DEEDS_REVIEW_H
#define DEEDS_REVIEW_H

#include "deeds/ctx.h"
#include "store/sql_review.h"

enum { REVIEWS_PER_PAGE = 20 };

/* Open reviews, newest first, one page of them. A line names who wrote (author, author_name,
 * author_handle), the offer (0: it is about who asked) and its title, stars 1..5, the text (may be
 * empty). */
struct reviews {
    struct sql_review_line *lines;
    size_t lines_n;
    int64_t total, pages_n, page; /* page 1.. ; pages_n at least 1 */
    int32_t mean_centi;           /* 4.90 is 490; 0 without any */
};

/* `page` past the end or below 1 gives an empty page of the same totals. */
no view_reviews_of_offer(struct ctx *ctx, int64_t offer, int64_t page,
                         struct reviews *reviews) MUST_USE;
/* What others wrote about a member, as provider and as client. */
no view_reviews_of_member(struct ctx *ctx, int64_t member, int64_t page,
                          struct reviews *reviews) MUST_USE;

/* What a party of an order may see and do. */
struct review_state {
    bool may_write, wrote, other_wrote_open; /* wrote: the acting member has */
    struct sql_review mine, theirs;          /* mine when wrote; theirs when other_wrote_open */
    bool mine_open;
    int64_t until_ns; /* last moment to write */
};
/* NO_NOT_FOUND, NO_ORDER_NOT_YOURS. */
no view_review_of_order(struct ctx *ctx, int64_t order, struct review_state *state) MUST_USE;

struct review_form {
    int64_t order;
    int32_t stars;
    str text;
    /* answer */
    bool published; /* both had written: both can be read now */
};
/* NO_NOT_SIGNED_IN, NO_NOT_FOUND, what review_plan says of order and person (the same review sent
 * twice is YES), NO_BAD_FIELDS (stars, text). */
no deed_review_write(struct ctx *ctx, struct review_form *form) MUST_USE;

/* The clock's: opens the envelopes whose time has come, at most `most`. */
struct review_clock_form {
    int64_t most, published;
};
no deed_review_clock(struct ctx *ctx, struct review_clock_form *form) MUST_USE;

#endif
