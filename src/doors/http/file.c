/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What needs neither route nor session: the program's own files under /a/HASH/NAME, for ever; the
 * icon; robots.txt.
 */
#include "base/asset.h"
#include "doors/http/exchange.h"

static const char for_ever[] = "public, max-age=31536000, immutable";

/* The embedded gzip copy goes out as it is to those who accept it. */
static no answer_with(struct http_req *req, const struct asset *asset, const char *cache)
{
    const bool small = asset->gzip.len > 0 && http_accepts_gzip(req);

    if (asset->gzip.len > 0)
        http_header(req, "Vary", S("Accept-Encoding"));
    if (small)
        http_header(req, "Content-Encoding", S("gzip"));
    req->x->vary_lang = false;
    return http_bytes(req, 200, asset->type.ptr, cache, asset->hash12,
                      small ? asset->gzip : asset->body);
}

static no by_hash(struct http_req *req, str rest)
{
    str hash12, name;
    const struct asset *asset =
        str_cut(rest, '/', &hash12, &name) ? asset_find_hashed(hash12, name) : NULL;

    return asset == NULL ? NO_NOT_FOUND : answer_with(req, asset, for_ever);
}

no http_asset(struct http_req *req)
{
    if (str_starts(req->path, S("/a/")))
        return by_hash(req, str_sub(req->path, 3, req->path.len));
    if (str_eq(req->path, S("/favicon.ico"))) {
        const struct asset *icon = asset_find(S("img/favicon.ico"));

        if (icon == NULL)
            icon = asset_find(S("img/favicon.svg"));
        return icon == NULL ? NO_NOT_FOUND : answer_with(req, icon, "public, max-age=86400");
    }
    if (str_eq(req->path, S("/robots.txt")))
        return http_bytes(req, 200, "text/plain; charset=utf-8", "public, max-age=86400", STR_NONE,
                          S("User-agent: *\nDisallow: /login\nDisallow: /account\n"));
    return NO_NOT_FOUND;
}
