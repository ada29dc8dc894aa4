/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Any bytes as an entry of the register: the checker says what the second model says, and the
 * reader sees in a good entry what our parser of JSON sees.
 */
#include "wire/jcs.h"

#include "../unit/jcs_model.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char block[32 << 20];
    const str entry = {(const char *)data, size};
    struct arena arena;
    struct jcs_head head;
    size_t at = 0;

    arena_init_on(&arena, block, sizeof block);
    const enum jcs_flaw flaw = jcs_check(entry, &at);

    assert(at <= size && jcs_flaw_text(flaw).len > 0);
    assert(model_is_good(&arena, entry) == (flaw == JCS_GOOD));
    if (flaw == JCS_GOOD) {
        assert(at == size);
        assert(model_reads(&arena, entry));
        if (jcs_head_read(entry, &head) == YES)
            assert(head.at >= 0 && head.kind.len > 0);
    }
    assert(!arena_overflowed(&arena));
    return 0;
}
