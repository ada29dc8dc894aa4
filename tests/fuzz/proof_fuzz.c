/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Any bytes as a file of proof: what is read is written back the same.
 */
#include "wire/proof.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char block[2 << 20];
    const str bytes = {(const char *)data, size};
    struct proof proof;
    struct arena arena;
    struct buf out;

    if (proof_parse(bytes, &proof) != YES)
        return 0;
    arena_init_on(&arena, block, sizeof block);
    buf_init(&out, &arena, size + 1);
    proof_put(&out, &proof);
    assert(!buf_failed(&out) && str_eq(buf_str(&out), bytes));
    return 0;
}
