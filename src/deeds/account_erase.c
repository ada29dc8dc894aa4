/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/account_erase.h"

#include "deeds/account_in.h"
#include "deeds/member.h"
#include "deeds/register.h"
#include "deeds/send.h"
#include "store/sql_register.h"

#define NS_PER_S INT64_C(1000000000)

struct walk {
    no (*each)(void *self, const struct erasure *erasure);
    void *self;
};

static no pass_on(void *walk_, const struct sql_log_entry *row)
{
    const struct walk *walk = walk_;

    return walk->each(walk->self, &(struct erasure){row->idx, row->ref, row->at_s});
}

no view_erasures(struct ctx *ctx, no (*each)(void *self, const struct erasure *erasure), void *self)
{
    struct walk walk = {each, self};

    return sql_log_entry_of_kind(ctx->db, REGISTER_ERASE, pass_on, &walk);
}

no view_erasure_last(struct ctx *ctx, int64_t *index)
{
    struct sql_log_entry last;
    const no answer = sql_log_entry_last(ctx->db, ctx->arena, REGISTER_ERASE, &last);

    *index = answer == YES ? last.idx : -1;
    return answer == NO_NOT_FOUND ? YES : answer;
}

/* --- again ------------------------------------------------------------------------------------ */

struct again {
    struct sql_member member;
    bool left; /* the row is erased already */
};

static no erase_row(struct ctx *ctx, const struct again *again)
{
    if (!again->left)
        TRY(account_erase(ctx, &again->member));
    return send_notes_forget(ctx, again->member.id);
}

static no with_entry(struct ctx *ctx, void *again_)
{
    const struct again *again = again_;
    const struct sql_member *member = &again->member;

    if (!again->left && (member->roles & ROLE_MEMBER) != 0 && member->status == MEMBER_ACTIVE)
        TRY(register_member(ctx, member->id, false));
    TRY(erase_row(ctx, again));
    return register_erase(ctx, member->id);
}

static no without_entry(struct ctx *ctx, void *again_)
{
    const struct again *again = again_;
    int64_t slots_n;

    TRY(erase_row(ctx, again));
    return register_forget(ctx, again->member.id, &slots_n);
}

/* Whether the register of this store says already that the member was erased. */
static no is_said(struct ctx *ctx, int64_t member, bool *said)
{
    struct register_row row;
    const no answer = view_register_about(ctx, REGISTER_ERASE, member, &row);

    *said = answer == YES;
    return answer == NO_NOT_FOUND ? YES : answer;
}

static no erase_again(struct ctx *ctx, void *form_)
{
    struct erase_again_form *form = form_;
    struct again again;
    bool said;

    form->done = form->still = false;
    const no known = sql_member_get(ctx->db, ctx->arena, form->erasure.member, &again.member);

    if (known == NO_NOT_FOUND ||
        (known == YES && again.member.asked_ns / NS_PER_S > form->erasure.at_s))
        return YES;
    TRY(known);
    TRY(is_said(ctx, again.member.id, &said));
    again.left = again.member.status == MEMBER_LEFT;
    if (said && again.left)
        return YES;
    form->done = true;
    const no answer = deed_try(ctx, with_entry, &again);

    form->still = answer == NO_REGISTER_STANDS_STILL;
    return form->still ? deed_try(ctx, without_entry, &again) : answer;
}

no deed_member_erase_again(struct ctx *ctx, struct erase_again_form *form)
{
    return deed_run(ctx, erase_again, form);
}
