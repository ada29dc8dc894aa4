/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/desk.h"

#include "deeds/account.h"
#include "deeds/found.h"
#include "deeds/letter.h"
#include "deeds/member.h"
#include "deeds/member_words.h"
#include "deeds/register.h"
#include "deeds/session.h"
#include "store/sql_letter.h"
#include "store/sql_member.h"
#include "store/sql_session.h"

#include <string.h>

enum { S_PER_INVITATION = INVITATION_DAYS * 86400 };

static no run_as_facilitator(struct ctx *ctx, no (*deed)(struct ctx *, void *), void *form)
{
    return actor_has(ctx, ROLE_FACILITATOR) ? deed_run(ctx, deed, form) : NO_NOT_ALLOWED;
}

static bool reason_good(struct ctx *ctx, str reason)
{
    return member_check_text(ctx, "reason", reason, DESK_REASON_MAX) &&
           (str_trim(reason).len > 0 ||
            deed_wrong(ctx, "reason", NO_FIELD_MISSING) != NO_BAD_FIELDS);
}

/* Who asks to join; another facilitator may have answered meanwhile. */
static no get_asking(struct ctx *ctx, int64_t id, struct sql_member *member)
{
    TRY(sql_member_get(ctx->db, ctx->arena, id, member));
    return member->status == MEMBER_ASKED ? YES : NO_MEMBER_NOT_ASKING;
}

static no admit_now(struct ctx *ctx, void *given)
{
    const int64_t *id = given;
    struct sql_member member;

    TRY(get_asking(ctx, *id, &member));
    TRY(sql_member_admitted(ctx->db, *id, member.roles | ROLE_MEMBER, ctx->now_ns));
    TRY(sql_member_event_add(ctx->db, *id, MEMBER_EVENT_ADMITTED, ctx->actor.member, S(""),
                             ctx->now_ns));
    TRY(register_member(ctx, *id, true));
    ctx->world->house_changed(ctx->world->self);
    return letter_put(ctx, LETTER_ADMITTED, *id, STR_NONE, *id, 0, STR_NONE);
}

no deed_desk_admit(struct ctx *ctx, int64_t member)
{
    return run_as_facilitator(ctx, admit_now, &member);
}

static no refuse_now(struct ctx *ctx, void *given)
{
    const struct desk_refuse *form = given;
    struct sql_member member;

    TRY(get_asking(ctx, form->member, &member));
    const bool client = (member.roles & (ROLE_CLIENT | ROLE_GUEST)) != 0;

    TRY(sql_member_refused(ctx->db, form->member, client ? MEMBER_ACTIVE : MEMBER_REFUSED,
                           form->reason));
    TRY(member_words_put(ctx, form->member));
    if (!client)
        TRY(sql_session_remove_all(ctx->db, form->member));
    TRY(sql_member_event_add(ctx->db, form->member, MEMBER_EVENT_REFUSED, ctx->actor.member,
                             form->reason, ctx->now_ns));
    return letter_put(ctx, LETTER_REFUSED, form->member, STR_NONE, form->member, 0, STR_NONE);
}

no deed_desk_refuse(struct ctx *ctx, const struct desk_refuse *form)
{
    struct desk_refuse copy = *form;

    if (!actor_has(ctx, ROLE_FACILITATOR))
        return NO_NOT_ALLOWED;
    return reason_good(ctx, form->reason) ? run_as_facilitator(ctx, refuse_now, &copy)
                                          : NO_BAD_FIELDS;
}

static no invite_now(struct ctx *ctx, void *given)
{
    struct desk_invite *form = given;
    struct sql_member known;

    if (form->email.len > 0) {
        const no found = sql_member_by_email(ctx->db, ctx->arena,
                                             member_email_key(ctx->arena, form->email), &known);

        if (found == YES && known.status == MEMBER_ACTIVE && (known.roles & ROLE_MEMBER) != 0)
            return NO_MEMBER_ALREADY;
        if (found != YES && found != NO_NOT_FOUND)
            return found;
    }
    if (form->member != 0) {
        TRY(sql_member_get(ctx->db, ctx->arena, form->member, &known));
        if (known.status != MEMBER_IMPORTED)
            return NO_MEMBER_ALREADY;
    }
    TRY(link_make(ctx,
                  &(struct link){.kind = LINK_INVITATION,
                                 .member = form->member,
                                 .email = form->email,
                                 .roles = form->roles},
                  S_PER_INVITATION, form->token));
    if (form->member != 0)
        TRY(sql_member_event_add(ctx->db, form->member, MEMBER_EVENT_INVITED, ctx->actor.member,
                                 S(""), ctx->now_ns));
    return form->email.len == 0 ? YES
                                : letter_put(ctx, LETTER_INVITE, 0, form->email, ctx->actor.member,
                                             0, (str){form->token, sizeof form->token});
}

no deed_desk_invite(struct ctx *ctx, struct desk_invite *form)
{
    if (!actor_has(ctx, ROLE_FACILITATOR))
        return NO_NOT_ALLOWED;
    form->email = form->email.ptr == NULL ? S("") : str_trim(form->email);
    if (form->email.len > 0 && !member_check_email(ctx, "email", form->email))
        return NO_BAD_FIELDS;
    if ((form->roles & ~(uint32_t)ROLES_GIVEN) != 0)
        return deed_wrong(ctx, "roles", NO_FIELD_NOT_A_CHOICE);
    TRY(run_as_facilitator(ctx, invite_now, form));
    /* Only who reads that mailbox may hold the invitation; the one on paper is handed over. */
    if (form->email.len > 0)
        memset(form->token, 0, sizeof form->token);
    return YES;
}

static no roles_now(struct ctx *ctx, void *given)
{
    const struct desk_roles *form = given;
    struct sql_member member;
    int64_t facilitators;

    TRY(sql_member_get(ctx->db, ctx->arena, form->member, &member));
    if (member.status != MEMBER_ACTIVE || (member.roles & ROLE_MEMBER) == 0)
        return NO_MEMBER_LEFT;
    const uint32_t roles = (member.roles & ~(uint32_t)ROLES_GIVEN) | form->roles;

    if (roles == member.roles)
        return YES;
    TRY(sql_member_with_role_count(ctx->db, ROLE_FACILITATOR, &facilitators));
    if ((member.roles & ~roles & ROLE_FACILITATOR) != 0 && facilitators <= 1)
        return NO_LAST_FACILITATOR;
    TRY(sql_member_roles(ctx->db, member.id, roles));
    return sql_member_event_add(ctx->db, member.id, MEMBER_EVENT_ROLES, ctx->actor.member,
                                form->reason, ctx->now_ns);
}

no deed_desk_roles(struct ctx *ctx, const struct desk_roles *form)
{
    struct desk_roles copy = *form;

    if (!actor_has(ctx, ROLE_FACILITATOR))
        return NO_NOT_ALLOWED;
    if ((form->roles & ~(uint32_t)ROLES_GIVEN) != 0)
        return deed_wrong(ctx, "roles", NO_FIELD_NOT_A_CHOICE);
    return reason_good(ctx, form->reason) ? run_as_facilitator(ctx, roles_now, &copy)
                                          : NO_BAD_FIELDS;
}

static no code_off_now(struct ctx *ctx, void *given)
{
    const struct desk_code_off *form = given;
    struct sql_member member;

    TRY(form->member != 0 ? sql_member_get(ctx->db, ctx->arena, form->member, &member)
                          : sql_member_by_handle(ctx->db, ctx->arena, form->handle, &member));
    if (member.id == ctx->actor.member || member.email.len == 0)
        return NO_NOT_ALLOWED;
    if (member.totp.len == 0)
        return YES;
    TRY(sql_member_totp(ctx->db, member.id, S(""), 0));
    TRY(sql_session_remove_all(ctx->db, member.id));
    TRY(link_end_waiting(ctx, member.id));
    TRY(sql_member_event_add(ctx->db, member.id, MEMBER_EVENT_CODE_OFF, ctx->actor.member,
                             form->reason, ctx->now_ns));
    return letter_put(ctx, LETTER_SECURITY, member.id, STR_NONE, 0, LETTER_SECURITY_TOTP_TAKEN,
                      STR_NONE);
}

no deed_desk_code_off(struct ctx *ctx, const struct desk_code_off *form)
{
    struct desk_code_off copy = *form;

    if (!ctx->actor.console && !actor_has(ctx, ROLE_FACILITATOR))
        return NO_NOT_ALLOWED;
    return reason_good(ctx, form->reason) ? deed_run(ctx, code_off_now, &copy) : NO_BAD_FIELDS;
}

bool desk_letter_may(int64_t kind)
{
    return kind != LETTER_SIGN_IN && kind != LETTER_INVITE && kind != LETTER_GUEST_ORDER &&
           kind != LETTER_NEW_EMAIL;
}

static no again_now(struct ctx *ctx, void *given)
{
    const int64_t *id = given;
    struct sql_stuck_letter letter;
    char token[LINK_TOKEN_LEN];
    str secret = S("");

    TRY(sql_stuck_letter_get(ctx->db, ctx->arena, *id, &letter));
    if (!desk_letter_may(letter.kind))
        return NO_LINK_USED_OR_OLD;
    if (letter.kind == LETTER_FOUNDER) {
        TRY(found_founder_link(ctx, letter.member, token));
        secret = (str){token, sizeof token};
    }
    TRY(sql_letter_again(ctx->db, *id, secret, ctx->now_ns));
    ctx->world->wake_jobs(ctx->world->self);
    return YES;
}

no deed_desk_letter_again(struct ctx *ctx, int64_t letter)
{
    return run_as_facilitator(ctx, again_now, &letter);
}

static no forget_now(struct ctx *ctx, void *given)
{
    const int64_t *id = given;
    struct sql_stuck_letter letter;

    TRY(sql_stuck_letter_get(ctx->db, ctx->arena, *id, &letter));
    return sql_letter_sent(ctx->db, *id);
}

no deed_desk_letter_forget(struct ctx *ctx, int64_t letter)
{
    return run_as_facilitator(ctx, forget_now, &letter);
}
