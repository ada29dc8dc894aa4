/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Makes a register as public files: logmake FOLDER ENTRIES [BYTES [WRONG]]. Entries of about BYTES
 * (300); the one numbered WRONG is older than the one before it. Beside the tiles: checkpoint,
 * checkpoints/SIZE at every power of two and one less, vkey, policy. Keys are known to everybody.
 */
#include "logmaker.h"

static struct logmaker maker;

static void put_keys(void)
{
    struct buf key;

    buf_init(&key, &maker.arena, 256);
    note_key_put(&key, &maker.keys[0]);
    buf_put_char(&key, '\n');
    logmaker_put(&maker, S("vkey"), buf_str(&key));
    arena_rewind(&maker.arena, maker.mark);
    logmaker_policy(&maker, "policy", NULL);
}

static void keep_some(uint64_t size)
{
    char path[64];

    if ((size & (size - 1)) != 0 && (size & (size + 1)) != 0)
        return;
    logmaker_edge(&maker);
    (void)snprintf(path, sizeof path, "checkpoints/%" PRIu64, size);
    logmaker_checkpoint(&maker, path);
}

int main(int argc, char **argv)
{
    static char entry[TILE_ENTRY_SIZE_MAX + 1];
    const uint64_t n = argc > 2 ? strtoull(argv[2], NULL, 10) : 0;
    const size_t bytes = argc > 3 ? strtoul(argv[3], NULL, 10) : 300;
    const uint64_t wrong = argc > 4 ? strtoull(argv[4], NULL, 10) : UINT64_MAX;

    if (argc < 3 || bytes < 96 || bytes > TILE_ENTRY_SIZE_MAX) {
        (void)fputs("usage: logmake FOLDER ENTRIES [BYTES [WRONG]]\n", stderr);
        return 2;
    }
    logmaker_begin(&maker, argv[1]);
    for (uint64_t i = 0; i < n; i++) {
        const int64_t at_s = LOGMAKER_TIME_S - 1000000 + (int64_t)(i / 1000);

        logmaker_add(&maker, logmaker_entry(entry, bytes, i, i == wrong ? at_s - 1000 : at_s));
        keep_some(i + 1);
    }
    logmaker_edge(&maker);
    logmaker_checkpoint(&maker, "checkpoint");
    put_keys();
    logmaker_end(&maker);
    return 0;
}
