/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What every room must know of members: their states, what is noted about them, which words of
 * theirs are fit to keep.
 */
#ifndef DEEDS_MEMBER_H
#define DEEDS_MEMBER_H

#include "deeds/ctx.h"

/* member.status; stored numbers, never reused. */
enum member_status {
    MEMBER_ASKED = 1, /* to join; may sign in with the roles that the row has (client) */
    MEMBER_ACTIVE = 2,
    MEMBER_LEFT = 3, /* erased; only the number stays, because entries name it */
    MEMBER_REFUSED = 4,
    MEMBER_IMPORTED = 5, /* named by a platform's export, not reached yet */
};

/* member_event.event; stored numbers, never reused. */
enum member_event {
    MEMBER_EVENT_ASKED = 1,
    MEMBER_EVENT_ADMITTED = 2,
    MEMBER_EVENT_REFUSED = 3,
    MEMBER_EVENT_ROLES = 4,
    MEMBER_EVENT_LEFT = 5,
    MEMBER_EVENT_INVITED = 6,
    MEMBER_EVENT_CODE_OFF = 7, /* by another: the telephone was lost */
};

enum {
    MEMBER_PASSWORD_MIN = 10,
    MEMBER_PASSWORD_MAX = 200,
    MEMBER_NAME_MAX = 80,
    MEMBER_LINE_MAX = 120,
    MEMBER_BIO_MAX = 2000,
    MEMBER_EMAIL_MAX = 254
};

/* Asked (as client) and active members may; who left, was refused or was never reached may not. */
bool member_may_sign_in(int64_t status);

/* Each notes ctx->wrongs under `field` and says whether the value is fit. Lines are tidied before
 * (utf8_tidy_line); `most` counts code points. */
bool member_check_line(struct ctx *ctx, const char *field, str value, size_t most, bool wanted);
bool member_check_text(struct ctx *ctx, const char *field, str value, size_t most);
/* One '@' with something before and a dotted name behind, no blanks, quotes, brackets or control
 * bytes, at most 254 bytes. More is for the letter to find out. */
bool member_check_email(struct ctx *ctx, const char *field, str email);
bool member_email_good(str email);
/* For finding: trimmed, lower case (ASCII). STR_NONE when the arena is full. */
str member_email_key(struct arena *arena, str email);
bool member_check_password(struct ctx *ctx, const char *field, str password);

#endif
