/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A target that must fail: who finds nothing here would find nothing anywhere.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size >= 2 && data[0] == 'N' && data[1] == 'O')
        abort();
    return 0;
}
