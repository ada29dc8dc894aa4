/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What every template knows without being told (`page` in the template language): the language, the
 * clock, the form token, who is signed in, which co-operative this is. Filled once per request by
 * the door; read-only for templates.
 */
#ifndef PAGES_PAGE_H
#define PAGES_PAGE_H

#include "base/lang.h"
#include "base/markup.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* PAGE_THEME_AUTO follows the device. */
enum page_theme { PAGE_THEME_AUTO, PAGE_THEME_LIGHT, PAGE_THEME_DARK };

/* What was just done, said once on the next page; PAGE_FLASH_NONE has no text. */
enum page_flash_kind { PAGE_FLASH_NONE, PAGE_FLASH_DONE, PAGE_FLASH_NOTE, PAGE_FLASH_WRONG };

/* The person who looks; all of it empty for a visitor. The desks a page offers follow the roles;
 * what a person may DO is decided by the deeds, never by this. */
struct page_member {
    bool signed_in;
    int64_t id;
    str name, initials; /* "Inès M.", "IM" */
    bool client, member, facilitator, accountant, auditor, mediator;
    int64_t notices; /* unread */
};

struct page_coop {
    str name, place; /* "La Traboule", "Lyon" */
    str sentence;    /* of the first page; may be empty; in the co-op's own language: */
    str lang_code;
    bool founded, demonstration;
    int64_t members_n;
    /* The euro line of the footer: where strata begin and how wide they are, in thousandths of the
     * width. */
    int64_t work_w, running_x, running_w, reserve_x, reserve_w, solidarity_x, solidarity_w;
    str work_cents; /* "91.0": of each unit of money paid, to whoever did the work */
};

/* The four doors of the header; PAGE_DOOR_NONE marks none of them. */
enum page_door {
    PAGE_DOOR_NONE,
    PAGE_DOOR_MARKET,
    PAGE_DOOR_CIRCLE,
    PAGE_DOOR_DECISIONS,
    PAGE_DOOR_MONEY
};

struct page_flash {
    enum page_flash_kind kind;
    str text; /* in the page's language */
};

/* The token of the form, drawn when a form is written: a page without one says nothing of who reads
 * it, so that it may be shown to others. `draw` answers with the text of the hidden field. */
typedef struct {
    str (*draw)(void *self);
    void *self;
} form_token;

struct page {
    enum lang lang;
    str lang_code, other_code; /* "fr", "en" */
    url other_url;             /* this page in the other language, query included */
    enum page_theme theme;
    int64_t now_ns;  /* UTC, since 1970 */
    form_token csrf; /* every form carries it */
    str path; /* path of this page without language and query: "/offer/12"; for the other language's
          link */
    str nonce; /* of the Content-Security-Policy, empty when unused */
    struct page_member member;
    struct page_coop coop;
    struct page_flash flash;
};

#endif
