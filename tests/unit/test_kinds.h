/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The types that test_kinds.sql fills although it does not define them.
 */
#ifndef TEST_KINDS_H
#define TEST_KINDS_H

#include "base/str.h"

#include <stdint.h>

enum colour { COLOUR_NONE, COLOUR_RED, COLOUR_BLUE };

struct box {
    int64_t id;
    struct {
        int32_t width;
        uint16_t height; /* narrower than what the statement says: sqlgen casts to what is there */
    } size;
    enum colour colour;
    str label;
    int64_t untouched;
};

#endif
