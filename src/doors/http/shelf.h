/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What a loop keeps of pages that are the same for everybody (http_is_public): the finished answer,
 * headers and compression included, for the next who asks the same address. An answer leaves the
 * shelf with the first commit after it was begun (world.version), so nobody is shown a price, a
 * stock or an offer that was changed; and after a second in any case, because pages say what day it
 * is. docs/decisions/0040.
 *
 * Each loop has its own, so there is no lock. Its size is fixed: SHELF_PLACES answers of together
 * SHELF_BYTES; an address comes onto it when it is asked twice, so that whoever walks through a
 * million offers takes no place of those that many ask for.
 */
#ifndef DOORS_HTTP_SHELF_H
#define DOORS_HTTP_SHELF_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SHELF_PLACES = 256,
    SHELF_BYTES = 8 << 20,
    SHELF_ADDRESS_MAX = 232, /* host and target; a longer one is not kept */
    SHELF_LIFE_MS = 1000,
};

struct http_exchange;

struct http_kept {
    uint64_t asked; /* of the address that was asked here last, kept or not */
    struct MHD_Response *response;
    size_t len; /* of its body */
    uint16_t address_len;
    char address[SHELF_ADDRESS_MAX];
};

/* Zeroed at first. */
struct http_shelf {
    uint64_t version;
    int64_t until_ms;
    size_t bytes;
    struct http_kept places[SHELF_PLACES];
};

/* The answer that is kept for this request, the shelf's own; NULL when there is none or the request
 * is not one for everybody. Notes in x->place where its answer may be kept, so it must be called
 * before the store is read. */
struct MHD_Response *http_shelf_find(struct http_exchange *x);
/* Whether the answer that x has now is to be kept: then its body must be a copy of the library's
 * own. */
bool http_shelf_wants(const struct http_exchange *x);
/* Takes over the caller's reference. Only after http_shelf_wants said so. */
void http_shelf_keep(struct http_exchange *x, struct MHD_Response *response);
/* Gives everything back. */
void http_shelf_empty(struct http_shelf *shelf);

#endif
