/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Any bytes as a checkpoint: the first three lines are written back the same, what is parsed is
 * also read, and what can be parsed can be cosigned, and holds.
 */
#include "wire/checkpoint.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_written(struct arena *arena, str text, struct checkpoint checkpoint)
{
    const str more = checkpoint.more;
    struct buf out;

    buf_init(&out, arena, text.len + 1);
    checkpoint.more = STR_NONE;
    const no put = checkpoint_put(&out, &checkpoint);

    assert(put == YES);
    buf_put(&out, more);
    assert(str_eq(buf_str(&out), text));
}

static void check_cosigned(str text, const struct checkpoint *checkpoint)
{
    const uint8_t seed[SIGN_SEED_SIZE] = {1};
    uint8_t made[COSIGNATURE_SIZE];
    struct sign_pair pair;

    sign_pair_of_seed(seed, &pair);
    const no cosigned = cosignature_make(&pair, checkpoint->size, text, made);

    assert(cosigned == YES && cosignature_time_s(made) == checkpoint->size);
    assert(cosignature_holds(pair.public_key, made, text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char block[1 << 16];
    const str text = {(const char *)data, size};
    struct checkpoint checkpoint, read;
    struct arena arena;

    arena_init_on(&arena, block, sizeof block);
    const no parsed = checkpoint_parse(text, &checkpoint);
    const no was_read = checkpoint_read(text, &read);

    assert(parsed != YES || was_read == YES);
    assert(was_read != YES || parsed == YES || read.size == 0);
    if (parsed == YES) {
        check_written(&arena, text, checkpoint);
        check_cosigned(text, &checkpoint);
    }
    return 0;
}
