/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/letter_send.h"

#include "base/time.h"
#include "deeds/account.h"
#include "deeds/house.h"
#include "deeds/member.h"
#include "deeds/receipt.h"
#include "rules/order.h"
#include "store/sql_letter.h"
#include "store/sql_member.h"
#include "store/sql_order.h"

no view_letters_due(struct ctx *ctx, int64_t most, const struct letter **out, size_t *out_n)
{
    struct sql_letter *rows;
    size_t n;

    TRY(sql_letter_due(ctx->db, ctx->arena, ctx->now_ns, most, &rows, &n));
    struct letter *letters = arena_take_many(ctx->arena, n, sizeof *letters);

    if (letters == NULL)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < n; i++)
        letters[i] = (struct letter){.id = rows[i].id,
                                     .kind = (enum letter_kind)rows[i].kind,
                                     .member = rows[i].member,
                                     .ref = rows[i].ref,
                                     .arg = rows[i].arg,
                                     .tries = rows[i].tries,
                                     .created_ns = rows[i].created_ns,
                                     .email = rows[i].email,
                                     .secret = rows[i].secret};
    *out = letters;
    *out_n = n;
    return YES;
}

/* --- facts --- */

static int64_t notice_of(const struct letter *letter)
{
    if (letter->kind == LETTER_ORDER)
        return letter->arg == ORDER_TELL_MESSAGE ? NOTICE_MESSAGES : NOTICE_ORDERS;
    return letter->kind == LETTER_ASKED ? NOTICE_DESK : 0;
}

static enum lang lang_of(int64_t number)
{
    return number == LANG_FR ? LANG_FR : LANG_EN;
}

/* To whom. A letter to a bare address is in the language of the co-op, but for the last one, which
 * knows its own. */
static no read_reader(struct ctx *ctx, const struct letter *letter, struct letter_facts *facts)
{
    struct sql_member member;

    facts->to = letter->email;
    facts->wanted = true;
    facts->lang = letter->kind == LETTER_LEFT ? lang_of(letter->arg) : ctx_house(ctx)->lang;
    if (letter->member == 0)
        return YES;
    const no found = sql_member_get(ctx->db, ctx->arena, letter->member, &member);

    if (found == NO_NOT_FOUND)
        return YES;
    TRY(found);
    facts->name = member.name;
    facts->lang = lang_of(member.lang);
    facts->reason = letter->kind == LETTER_REFUSED ? member.reason : STR_NONE;
    facts->notice = notice_of(letter);
    facts->wanted = facts->notice == 0 || (member.notices & facts->notice) != 0;
    if (facts->to.len == 0)
        facts->to = member.email;
    return YES;
}

static no read_other(struct ctx *ctx, int64_t id, struct letter_facts *facts)
{
    struct sql_member member;
    const no found = id == 0 ? NO_NOT_FOUND : sql_member_get(ctx->db, ctx->arena, id, &member);

    if (found == YES)
        facts->other = member.name;
    return found == NO_NOT_FOUND ? YES : found;
}

static no read_order(struct ctx *ctx, const struct letter *letter, struct letter_facts *facts)
{
    struct sql_order order;
    const no found = sql_order_get(ctx->db, ctx->arena, letter->ref, &order);

    if (found == NO_NOT_FOUND) {
        facts->wanted = false;
        return YES;
    }
    TRY(found);
    facts->title = order.title;
    facts->reference = order.reference;
    return read_other(ctx, letter->member == order.buyer ? order.provider : order.buyer, facts);
}

/* Letters that tell of money or of an admission name the entry of the register. */
static no read_receipt(struct ctx *ctx, const struct letter *letter, struct letter_facts *facts)
{
    static const bool of_money[ORDER_TELLS] = {
        [ORDER_TELL_ACCEPTED] = true,  [ORDER_TELL_CANCELLED] = true, [ORDER_TELL_PAY_SEEN] = true,
        [ORDER_TELL_NO_SHOW] = true,   [ORDER_TELL_EXPIRED] = true,   [ORDER_TELL_DECIDED] = true,
        [ORDER_TELL_COMPLETED] = true, [ORDER_TELL_REFUNDED] = true};
    struct register_row row;
    no answer = NO_NOT_FOUND;

    facts->receipt = -1;
    if (letter->kind == LETTER_ADMITTED) {
        answer = view_register_about(ctx, REGISTER_MEMBER, letter->member, &row);
        if (answer == YES)
            facts->receipt = row.idx;
    } else if (letter->kind == LETTER_ORDER && letter->arg > 0 && letter->arg < ORDER_TELLS &&
               of_money[letter->arg])
        answer = view_receipt_of_order(ctx, letter->ref, letter->member, &facts->receipt);
    return answer == NO_NOT_FOUND ? YES : answer;
}

no view_letter_facts(struct ctx *ctx, const struct letter *letter, struct letter_facts *out)
{
    struct letter_facts facts = {.wanted = true};

    TRY(read_reader(ctx, letter, &facts));
    TRY(read_receipt(ctx, letter, &facts));
    if (letter->kind == LETTER_ORDER || letter->kind == LETTER_GUEST_ORDER)
        TRY(read_order(ctx, letter, &facts));
    if (letter->kind == LETTER_ASKED || letter->kind == LETTER_INVITE)
        TRY(read_other(ctx, letter->ref, &facts));
    *out = facts;
    return YES;
}

/* --- what became of it --- */

static no sent_now(struct ctx *ctx, void *given)
{
    const int64_t *id = given;

    return sql_letter_sent(ctx->db, *id);
}

no deed_letter_sent(struct ctx *ctx, int64_t id)
{
    return deed_run(ctx, sent_now, &id);
}

static no later_now(struct ctx *ctx, void *given)
{
    const struct letter *letter = given;
    const int64_t wait_s = INT64_C(60) << letter->tries;

    if (letter->tries + 1 >= LETTER_TRIES_MAX)
        return sql_letter_given_up(ctx->db, letter->id);
    return sql_letter_later(ctx->db, letter->id, 0, ctx->now_ns + wait_s * NS_PER_S);
}

no deed_letter_later(struct ctx *ctx, const struct letter *letter)
{
    struct letter copy = *letter;

    return deed_run(ctx, later_now, &copy);
}
