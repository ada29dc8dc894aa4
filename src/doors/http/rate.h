/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Token buckets in a fixed table: who asks too often waits. One bucket for each (class, who); who
 * is a member or an address (an IPv6 network of 64 bits). The table never grows: a new bucket takes
 * the place of the one of its row that was used longest ago, so a flood of addresses can make the
 * house forgetful but not large.
 */
#ifndef DOORS_HTTP_RATE_H
#define DOORS_HTTP_RATE_H

#include "base/arena.h"
#include "base/str.h"
#include "doors/http/http.h"

#include <stdbool.h>
#include <stdint.h>

struct http_rate;

/* In `arena`, with a secret seed; NULL when it is full. Any thread may use it. */
struct http_rate *http_rate_make(struct arena *arena, uint64_t seed);
/* How many at once, and how many milliseconds until one more. */
struct http_rate_size {
    uint32_t burst, refill_ms;
};
struct http_rate_size http_rate_size(enum http_rate_class class);
/* Takes one token. False when there is none; *wait_ms then says until when. member 0: by address.
 */
bool http_rate_take(struct http_rate *rate, enum http_rate_class class, int64_t member, str address,
                    int64_t now_ms, uint64_t *wait_ms);

#endif
