/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/utf8.h"
#include "deeds/account.h"
#include "deeds/account_in.h"
#include "deeds/house.h"
#include "deeds/ledger.h"
#include "deeds/letter.h"
#include "deeds/member.h"
#include "deeds/member_words.h"
#include "deeds/offer_index.h"
#include "deeds/register.h"
#include "deeds/send.h"
#include "deeds/session.h"
#include "rules/chart.h"
#include "rules/offer.h"
#include "store/sql_account.h"
#include "store/sql_member.h"
#include "store/sql_session.h"

/* Memo accounts of direct payments only remember what was paid; all others hold or owe something.
 */
static bool counts(const struct sql_purse *purse)
{
    return purse->number != CHART_DIRECT;
}

static bool is_purse(const struct sql_purse *purse)
{
    return purse->number == CHART_TIME || purse->number == CHART_CREDIT;
}

/* What the member has (plus) or owes (minus): a purse grows on its credit side; 411 is what the
 * co-op waits for. */
static int64_t balance_of(const struct sql_purse *purse)
{
    return purse->credits_posted - purse->debits_posted;
}

static no read_balances(struct ctx *ctx, struct leave_state *state)
{
    struct sql_purse *purses;
    struct buf text;
    size_t n;

    buf_init(&text, ctx->arena, 64);
    TRY(sql_member_purses(ctx->db, ctx->arena, ctx->actor.member, &purses, &n));
    struct leave_balance *list = arena_take_many(ctx->arena, n, sizeof *list);

    if (list == NULL)
        return NO_TOO_LARGE;
    state->balances = list;
    for (size_t i = 0; i < n; i++) {
        const int64_t minor = balance_of(&purses[i]);

        if (!counts(&purses[i]) || minor == 0 ||
            house_unit(ctx_house(ctx), purses[i].currency) == NULL)
            continue;
        const bool gives = minor > 0 && is_purse(&purses[i]);

        list[state->balances_n++] = (struct leave_balance){
            house_money(ctx_house(ctx), purses[i].currency, minor), minor < 0, gives};
        state->owes = state->owes || minor < 0;
        if (gives)
            buf_printf(&text, "%s%lld:%lld", text.len == 0 ? "" : ",",
                       (long long)purses[i].currency, (long long)minor);
    }
    state->gives = buf_str(&text);
    return YES;
}

no view_leave(struct ctx *ctx, struct leave_state *out)
{
    struct leave_state state = {0};
    struct sql_member member;
    int64_t facilitators;

    if (ctx->actor.member == 0)
        return NO_NOT_SIGNED_IN;
    TRY(sql_member_get(ctx->db, ctx->arena, ctx->actor.member, &member));
    TRY(sql_member_orders_running(ctx->db, member.id, &state.orders_running));
    TRY(sql_member_with_role_count(ctx->db, ROLE_FACILITATOR, &facilitators));
    state.last_facilitator = (member.roles & ROLE_FACILITATOR) != 0 && facilitators <= 1;
    TRY(read_balances(ctx, &state));
    *out = state;
    return YES;
}

no account_erase(struct ctx *ctx, const struct sql_member *member)
{
    struct buf handle;

    buf_init(&handle, ctx->arena, 32);
    buf_put(&handle, S("left-"));
    buf_put_int(&handle, member->id);
    TRY(sql_member_offers_withdraw(ctx->db, member->id, OFFER_WITHDRAWN, ctx->now_ns));
    TRY(offer_index_of(ctx, member->id));
    TRY(sql_member_pictures_remove(ctx->db, member->id));
    TRY(sql_letters_remove_of(ctx->db, member->id));
    TRY(sql_link_remove_of(ctx->db, member->id));
    TRY(sql_session_remove_all(ctx->db, member->id));
    TRY(sql_member_erase(ctx->db, member->id, buf_str(&handle),
                         ctx_house(ctx)->lang == LANG_FR ? S("Ancien compte") : S("Former account"),
                         ctx->now_ns));
    TRY(member_words_put(ctx, member->id));
    ctx->world->house_changed(ctx->world->self); /* it knows how many members there are */
    return sql_member_event_add(ctx->db, member->id, MEMBER_EVENT_LEFT, member->id, S(""),
                                ctx->now_ns);
}

/* One entry for each unit: hours and credits have journals of their own. */
static no give(struct ctx *ctx, const struct leave_state *state)
{
    for (size_t i = 0; i < state->balances_n; i++) {
        const money *amount = &state->balances[i].amount;
        struct ledger_leg leg = {.kind = LEDGER_LEG_PLAIN,
                                 .amount = amount->minor,
                                 .currency = amount->unit.id,
                                 .code = CODE_GIFT};
        struct ledger_done done;

        if (!state->balances[i].gives)
            continue;
        TRY(ledger_purse_of(ctx, ctx->actor.member, leg.currency, &leg.debit));
        TRY(ledger_purse_of(ctx, 0, leg.currency, &leg.credit));
        TRY(ledger_post(ctx,
                        &(struct ledger_ask){.journal = amount->unit.kind == UNIT_TIME
                                                            ? JOURNAL_TIME
                                                            : JOURNAL_CREDIT,
                                             .cause = CAUSE_LEAVE,
                                             .cause_id = ctx->actor.member,
                                             .label = S("leave"),
                                             .legs = &leg,
                                             .legs_n = 1},
                        &done));
    }
    return YES;
}

static no leave_now(struct ctx *ctx, void *given)
{
    const struct account_leave *form = given;
    struct leave_state state;
    struct sql_member member;

    TRY(session_is_fresh(ctx, form->cookie));
    TRY(view_leave(ctx, &state));
    if (state.last_facilitator)
        return NO_LAST_FACILITATOR;
    if (state.orders_running > 0)
        return NO_ORDERS_RUNNING;
    if (state.owes)
        return NO_ACCOUNT_NOT_EMPTY;
    if (!str_eq(form->gives, state.gives))
        return NO_BALANCE_TO_GIVE;
    TRY(give(ctx, &state));
    TRY(sql_member_get(ctx->db, ctx->arena, ctx->actor.member, &member));
    const str email = arena_str(ctx->arena, member.email);

    if ((member.roles & ROLE_MEMBER) != 0 && member.status == MEMBER_ACTIVE)
        TRY(register_member(ctx, member.id, false));
    TRY(account_erase(ctx, &member));
    TRY(register_erase(ctx, member.id));
    TRY(send_notes_forget(ctx, member.id));
    /* The last letter goes to the address alone: nothing ties it to the number any more. `arg` is
     * its language. */
    return email.len == 0 ? YES : letter_put(ctx, LETTER_LEFT, 0, email, 0, member.lang, STR_NONE);
}

no deed_account_leave(struct ctx *ctx, const struct account_leave *form)
{
    struct account_leave copy = *form;

    return ctx->actor.member == 0 ? NO_NOT_SIGNED_IN : deed_run(ctx, leave_now, &copy);
}
