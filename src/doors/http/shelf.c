/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/http/shelf.h"

#include "doors/http/exchange.h"

#include <string.h>

/* --- addresses -------------------------------------------------------------------------------- */

/* With a mark for those who take gzip. False when it is too long. */
static bool address_of(struct http_exchange *x, struct http_kept *wanted)
{
    const str host = x->req.host, target = x->req.target;
    const size_t len = 1 + host.len + target.len;

    if (len > SHELF_ADDRESS_MAX)
        return false;
    wanted->address[0] = http_accepts_gzip(&x->req) ? 'z' : '-';
    if (host.len > 0)
        memcpy(wanted->address + 1, host.ptr, host.len);
    memcpy(wanted->address + 1 + host.len, target.ptr, target.len);
    wanted->address_len = (uint16_t)len;
    return true;
}

/* FNV-1a, whose bits the last letters hardly reach: hence the last line. Two addresses of one
 * number only take each other's place: addresses are compared. */
static uint64_t number_of(const struct http_kept *kept)
{
    uint64_t number = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < kept->address_len; i++)
        number = (number ^ (unsigned char)kept->address[i]) * UINT64_C(0x100000001b3);
    return (number ^ (number >> 32)) * UINT64_C(0x9e3779b97f4a7c15);
}

static bool same_address(const struct http_kept *a, const struct http_kept *b)
{
    return a->address_len == b->address_len && memcmp(a->address, b->address, a->address_len) == 0;
}

/* --- the shelf -------------------------------------------------------------------------------- */

static void take_away(struct http_shelf *shelf, struct http_kept *kept)
{
    if (kept->response == NULL)
        return;
    MHD_destroy_response(kept->response);
    kept->response = NULL;
    shelf->bytes -= kept->len;
}

void http_shelf_empty(struct http_shelf *shelf)
{
    for (size_t i = 0; shelf->bytes > 0 && i < SHELF_PLACES; i++)
        take_away(shelf, &shelf->places[i]);
}

static void clear_if_old(struct http_shelf *shelf, uint64_t version, int64_t now_ms)
{
    if (version == shelf->version && now_ms < shelf->until_ms)
        return;
    http_shelf_empty(shelf);
    shelf->version = version;
    shelf->until_ms = now_ms + SHELF_LIFE_MS;
}

static bool may_be_kept(const struct http_exchange *x)
{
    return x->req.ctx.world != NULL && x->req.method == HTTP_GET && x->req.lang_in_path &&
           http_is_public(&x->req) && !atomic_load(&x->server->stopping);
}

struct MHD_Response *http_shelf_find(struct http_exchange *x)
{
    struct http_shelf *shelf = x->loop->shelf;
    const struct world *world = x->req.ctx.world;
    struct http_kept wanted;

    if (!may_be_kept(x) || !address_of(x, &wanted))
        return NULL;
    clear_if_old(shelf, world->version(world->self), x->loop->now_ms);

    const uint64_t number = number_of(&wanted);
    struct http_kept *place = &shelf->places[(number >> 56) % SHELF_PLACES];

    if (place->response != NULL && same_address(place, &wanted)) {
        x->content.len = place->len;
        x->status = 200;
        return place->response;
    }
    if (place->asked == number) {
        take_away(shelf, place);
        memcpy(place->address, wanted.address, wanted.address_len);
        place->address_len = wanted.address_len;
        x->place = place;
    }
    place->asked = number;
    return NULL;
}

bool http_shelf_wants(const struct http_exchange *x)
{
    return x->place != NULL && x->status == 200 && !x->private_page && x->content.len > 0 &&
           x->content.len <= SHELF_BYTES - x->loop->shelf->bytes;
}

void http_shelf_keep(struct http_exchange *x, struct MHD_Response *response)
{
    x->place->response = response;
    x->place->len = x->content.len;
    x->loop->shelf->bytes += x->content.len;
}
