/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The two languages of the house. Words live in src/pages/lang/{en,fr}.po; base only knows which
 * one is meant, because dates and money are written differently.
 */
#ifndef BASE_LANG_H
#define BASE_LANG_H

enum lang { LANG_EN, LANG_FR, LANG_COUNT };

#endif
