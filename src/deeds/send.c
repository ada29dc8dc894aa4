/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/send.h"

#include "base/utf8.h"
#include "deeds/house.h"
#include "deeds/ledger.h"
#include "deeds/member.h"
#include "deeds/member_words.h"
#include "deeds/once.h"
#include "deeds/receipt.h"
#include "store/sql_ledger.h"
#include "store/sql_member.h"
#include "store/sql_people.h"
#include "store/sql_statement.h"

/* --- to whom
 * --------------------------------------------------------------------------------------- */

static bool is_active_member(int64_t status, uint32_t roles)
{
    return status == MEMBER_ACTIVE && (roles & ROLE_MEMBER) != 0;
}

/* By handle, with or without the sign before it. NO_NOT_FOUND. */
static no find_handle(struct ctx *ctx, str typed, struct send_check *check)
{
    struct sql_member row;
    const str handle = str_starts(typed, S("@")) ? str_sub(typed, 1, typed.len) : typed;

    TRY(sql_member_by_handle(ctx->db, ctx->arena, member_email_key(ctx->arena, handle), &row));
    if (!is_active_member(row.status, row.roles))
        return NO_NOT_FOUND;
    check->to = (struct send_who){row.id, row.handle, row.name, row.place};
    return YES;
}

/* By words of the name: one is he who is meant, several have to be chosen from. */
static no find_words(struct ctx *ctx, str typed, struct send_check *check)
{
    struct sql_person *rows;
    struct member_ask ask;
    size_t rows_n;

    member_words_asked(ctx->arena, typed, &ask);
    if (ask.n == 0)
        return NO_NOT_FOUND;
    TRY(sql_people_find(ctx->db, ctx->arena, 1, ask.from[0], ask.past[0], ask.from[1], ask.past[1],
                        ask.from[2], ask.past[2], SEND_WHO_MAX + 1, 0, &rows, &rows_n));
    for (size_t i = 0; i < rows_n && check->who_n < SEND_WHO_MAX; i++)
        if (rows[i].id != ctx->actor.member)
            check->who[check->who_n++] =
                (struct send_who){rows[i].id, rows[i].handle, rows[i].name, rows[i].place};
    if (check->who_n == 1) {
        check->to = check->who[0];
        check->who_n = 0;
        return YES;
    }
    if (check->who_n > 1)
        return YES;
    return rows_n > 0 ? NO_ACCOUNTS_SAME : NO_NOT_FOUND;
}

static no check_to(struct ctx *ctx, const struct send_form *form, struct send_check *check)
{
    const str typed = str_trim(form->to);
    no answer;

    if (!member_check_line(ctx, "to", typed, MEMBER_NAME_MAX, true))
        return YES;
    answer = find_handle(ctx, typed, check);
    if (answer == NO_NOT_FOUND)
        answer = find_words(ctx, typed, check);
    if (no_is_fault(answer))
        return answer;
    if (answer == YES && check->to.member == ctx->actor.member)
        answer = NO_ACCOUNTS_SAME;
    if (answer == NO_NOT_FOUND)
        (void)deed_wrong(ctx, "to", NO_FIELD_UNKNOWN_MEMBER);
    else if (answer != YES)
        (void)deed_wrong(ctx, "to", answer);
    else if (check->who_n > 0)
        (void)deed_wrong(ctx, "to", NO_FIELD_NOT_A_CHOICE);
    return YES;
}

/* --- how much
 * -------------------------------------------------------------------------------------- */

/* The purse as it stands, or as it would be opened: empty, with the limits the members decided. */
static no read_purse(struct ctx *ctx, int64_t member, const struct house_unit *unit,
                     struct ledger_account *account)
{
    const int32_t number = unit->unit.kind == UNIT_TIME ? CHART_TIME : CHART_CREDIT;
    const no found = sql_account_find(ctx->db, ctx->arena, member, number, unit->unit.id, account);

    if (found != NO_NOT_FOUND)
        return found;
    *account = (struct ledger_account){.nature = LEDGER_MEMO, .currency = unit->unit.id};
    ledger_purse_limits(ctx, unit->unit.id, account);
    return YES;
}

static money of(const struct house_unit *unit, int64_t minor)
{
    return (money){minor, unit->unit};
}

/* Past an amount that the members voted, what the purse has must have been seen by the witnesses
 * first (decision 0055). */
static no check_witnessed(struct ctx *ctx, const struct house_unit *unit,
                          const struct ledger_account *mine, int64_t amount)
{
    bool witnessed;
    struct buf name;

    buf_init(&name, ctx->arena, 48);
    buf_put(&name, S("register.wait_above."));
    buf_put(&name, str_of(unit->unit.code));
    const int64_t most = house_param(ctx_house(ctx), buf_str(&name), 0);

    if (most <= 0 || amount <= most)
        return YES;
    TRY(view_receipt_account_is_witnessed(ctx, mine, &witnessed));
    if (!witnessed)
        (void)deed_wrong(ctx, "amount", NO_REGISTER_NOT_WITNESSED);
    return YES;
}

static no check_limits(struct ctx *ctx, const struct house_unit *unit, struct send_check *check)
{
    struct ledger_account mine, theirs;
    const int64_t amount = check->amount.minor;

    TRY(read_purse(ctx, ctx->actor.member, unit, &mine));
    check->balance = of(unit, ledger_balance(&mine));
    check->after = of(unit, check->balance.minor - amount);
    check->available = of(unit, ledger_available(&mine));
    check->has_floor = mine.has_floor;
    check->floor = of(unit, mine.floor);
    if (amount > 0 && amount > check->available.minor)
        (void)deed_wrong(ctx, "amount", NO_FLOOR_WOULD_BE_PASSED);
    TRY(check_witnessed(ctx, unit, &mine, amount));
    if (check->to.member == 0)
        return YES;
    TRY(read_purse(ctx, check->to.member, unit, &theirs));
    check->has_ceiling = theirs.has_ceiling;
    check->ceiling = of(unit, theirs.ceiling);
    if (amount > ledger_room(&theirs))
        (void)deed_wrong(ctx, "amount", NO_CEILING_WOULD_BE_PASSED);
    return YES;
}

static no check_amount(struct ctx *ctx, const struct send_form *form, struct send_check *check)
{
    const struct house_unit *unit = house_unit_by_code(ctx_house(ctx), form->unit);
    int64_t minor = 0;

    if (unit == NULL || unit->unit.kind == UNIT_FIAT) {
        (void)deed_wrong(ctx, "unit", NO_FIELD_NOT_A_CHOICE);
        return YES;
    }
    const no parsed = utf8_valid(form->amount) ? money_parse(form->amount, unit->unit, &minor)
                                               : NO_FIELD_NOT_UTF8;

    if (parsed != YES)
        (void)deed_wrong(ctx, "amount", parsed);
    else if (minor <= 0)
        (void)deed_wrong(ctx, "amount", NO_AMOUNT_NOT_POSITIVE);
    check->amount = of(unit, parsed == YES && minor > 0 ? minor : 0);
    return check_limits(ctx, unit, check);
}

no view_send(struct ctx *ctx, const struct send_form *form, struct send_check *out)
{
    *out = (struct send_check){.who_n = 0};
    if (ctx->actor.member == 0 || !actor_has(ctx, ROLE_MEMBER))
        return NO_NOT_ALLOWED;
    TRY(check_to(ctx, form, out));
    TRY(check_amount(ctx, form, out));
    (void)member_check_line(ctx, "why", form->why, SEND_WHY_MAX, false);
    return ctx->wrongs_n > 0 ? NO_BAD_FIELDS : YES;
}

/* --- the deed
 * -------------------------------------------------------------------------------------- */

static no send(struct ctx *ctx, void *form_)
{
    struct send_form *form = form_;
    struct ledger_leg leg = {.kind = LEDGER_LEG_PLAIN, .code = CODE_SEND};
    const str why = utf8_tidy_line(ctx->arena, form->why);
    struct send_check check;
    struct ledger_done done;

    TRY(view_send(ctx, form, &check));
    leg.amount = check.amount.minor;
    leg.currency = check.amount.unit.id;
    TRY(ledger_purse_of(ctx, ctx->actor.member, leg.currency, &leg.debit));
    TRY(ledger_purse_of(ctx, check.to.member, leg.currency, &leg.credit));
    TRY(ledger_post(ctx,
                    &(struct ledger_ask){.uid = form->uid,
                                         .journal = check.amount.unit.kind == UNIT_TIME
                                                        ? JOURNAL_TIME
                                                        : JOURNAL_CREDIT,
                                         .cause = CAUSE_SEND,
                                         .label = S("send"),
                                         .legs = &leg,
                                         .legs_n = 1},
                    &done));
    form->entry = done.entry;
    return why.len == 0 || done.again
               ? YES
               : sql_entry_note_put(ctx->db, done.entry, ctx->actor.member, why);
}

/* Everything that was typed, each with its length before it. */
static str body_of(struct ctx *ctx, const struct send_form *form)
{
    const str parts[] = {form->to, form->unit, form->amount, form->why};
    struct buf body;

    buf_init(&body, ctx->arena, 256);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        buf_put_int(&body, (int64_t)parts[i].len);
        buf_put_char(&body, ':');
        buf_put(&body, parts[i]);
    }
    return buf_str(&body);
}

no deed_send(struct ctx *ctx, struct send_form *form)
{
    return deed_once(
        ctx, &(struct once){.key = form->uid, .body = body_of(ctx, form), .result = &form->entry},
        send, form);
}

no send_notes_forget(struct ctx *ctx, int64_t member)
{
    return sql_entry_note_forget(ctx->db, member);
}
