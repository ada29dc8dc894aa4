/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Two strings that passed a check, told apart from `str` by type so that a page cannot mix them up
 * (src/pages/put.h): html   whole markup, written as it is. Made only by pages and by the sanitiser
 * of members' texts. url    a whole address, its scheme known to be harmless. Made only by page
 * code and by an address checker; written with HTML escapes and nothing else. A plain `str` in an
 * address is percent-encoded instead. They own nothing; low-level like str.
 */
#ifndef BASE_MARKUP_H
#define BASE_MARKUP_H

#include "base/str.h"

typedef struct html {
    str s;
} html;

typedef struct url {
    str s;
} url;

#endif
