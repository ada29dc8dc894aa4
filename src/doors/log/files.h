/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The public files of a register, from a folder or from a web server: checkpoint, tiles of
 * fingerprints, bundles of entries (C2SP tlog-tiles, wire/tile.h). What is read is only known to
 * have the right size: that it is true say rules/tree.h and wire/policy.h. Whoever reads gives an
 * address on purpose, so any host may be asked, also this machine; addresses that a file or a
 * server names are another matter, and no redirection is followed.
 */
#ifndef DOORS_LOG_FILES_H
#define DOORS_LOG_FILES_H

#include "base/arena.h"
#include "base/no.h"
#include "base/str.h"
#include "doors/log/put.h"
#include "rules/tree.h"
#include "wire/tile.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    LOG_NOTE_MAX = 1 << 20,
    LOG_BUNDLE_MAX = TILE_WIDTH * (2 + TILE_ENTRY_SIZE_MAX), /* 16.8 MB */
    LOG_CONNECT_S = 10,
    LOG_ASK_S = 60 /* for one file */
};

struct log_files {
    bool web;
    int fd;     /* the folder */
    void *curl; /* one connection, used again */
    str where;  /* without a slash at its end */
    const atomic_bool
        *cancel;  /* set by the owner after opening: when true, questions end; or NULL */
    unsigned ask; /* what the last request was answered; 0: by nobody, or a folder */
};

bool log_files_is_web(str where);
/* A folder, or "http://..." / "https://...". One thread. `arena` keeps the address. NO_NOT_FOUND:
 * no such folder; NO_BAD_REQUEST: an address of another kind, with a blank or a control character.
 */
no log_files_open(struct log_files *files, struct arena *arena, str where) MUST_USE;
void log_files_close(struct log_files *files);

/* All below put the file in `arena`: mark and rewind it. NO_NOT_FOUND: 404 or no such file;
 * NO_TOO_LARGE: past `most` bytes; NO_PEER_FAILED: no answer, another status than 200, or not in
 * time; NO_IO_FAILED; NO_OUT_OF_MEMORY. */
no log_files_get(struct log_files *files, struct arena *arena, str path, size_t most,
                 str *bytes) MUST_USE;
/* "checkpoint". */
no log_files_checkpoint(struct log_files *files, struct arena *arena, str *note) MUST_USE;
/* A tile of fingerprints (exactly 32 * width bytes) or a bundle (exactly width entries). Partial
 * ones may go when the full one is there: then its beginning is given. NO_REGISTER_DAMAGED: of
 * another size, or not to be cut into entries. */
no log_files_tile(struct log_files *files, struct arena *arena, const struct tile *tile,
                  str *bytes) MUST_USE;
/* Entry number `index` of a register of `size` entries, out of its bundle. */
no log_files_entry(struct log_files *files, struct arena *arena, uint64_t index, uint64_t size,
                   str *entry) MUST_USE;
/* The names in a folder of the register, in no order; none over the web, or when there is no such
 * folder. NO_IO_FAILED. `each` gets what lives for the call. */
no log_files_list(struct log_files *files, struct arena *arena, str path,
                  void (*each)(void *self, str name), void *self) MUST_USE;

/* The nodes of a tree of `size` entries out of its tiles, for the builders of rules/tree.h. Keeps
 * the last few tiles that it read: a proof asks the same one several times. About 33 kB. */
enum { LOG_NODES_KEPT = 4 };
struct log_nodes {
    struct log_files *files;
    struct arena *arena; /* scratch, rewound */
    struct hash_sha256_ctx *sha;
    uint64_t size;
    unsigned next;
    struct tile kept[LOG_NODES_KEPT]; /* width 0: none */
    struct tree_hash hashes[LOG_NODES_KEPT][TILE_WIDTH];
};
void log_nodes_init(struct log_nodes *nodes, struct log_files *files, struct arena *arena,
                    struct hash_sha256_ctx *sha, uint64_t size);
/* The nos of log_files_tile; points at `nodes`. */
struct tree_source log_nodes_source(struct log_nodes *nodes);

#endif
