/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Files that the program carries inside itself: style, scripts, fonts, pictures, icons, the
 * schema's migrations. tools/embed writes the table (sorted by name) at build time; nothing here
 * opens a file. An asset's address holds 12 hex digits of its SHA-256, so a browser may keep it for
 * ever.
 */
#ifndef BASE_ASSET_H
#define BASE_ASSET_H

#include "base/markup.h"
#include "base/str.h"

#include <stddef.h>

/* `name` is relative to assets/ ("css/filon.css") or "migrate/NNNN-x.sql"; `type` is the
 * Content-Type; `gzip` is the body compressed, empty when that is no smaller; `hash12` the start of
 * the SHA-256 of `body`, in hex; `path` is "/a/<hash12>/<name>". All of it lives as long as the
 * program. */
struct asset {
    str name, type, body, gzip, hash12, path;
};

/* By name; NULL when there is none. Binary search. */
const struct asset *asset_find(str name);
/* By both parts of the address; NULL when the name is unknown or the hash is another version's. */
const struct asset *asset_find_hashed(str hash12, str name);
/* The i-th in order of name, NULL past the end. */
const struct asset *asset_at(size_t i);
/* The address of a named asset; "/a/unknown" (which the server answers with 404) when there is
 * none. */
url asset_url(str name);

/* The table, written by tools/embed; use the functions above. */
extern const struct asset asset_table[];
extern const size_t asset_table_n;

#endif
