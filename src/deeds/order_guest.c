/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/letter.h"
#include "deeds/link.h"
#include "deeds/member.h"
#include "deeds/order_in.h"
#include "deeds/sign_in.h"

#include "base/time.h"
#include "base/utf8.h"
#include "deeds/account.h"
#include "store/sql_member.h"
#include "store/sql_session.h"

enum { LINK_DAYS = 60, WINDOW_S = 3600 };

/* A guest has no name in the market yet: a handle nobody else can have. */
static str guest_handle(struct ctx *ctx)
{
    uint8_t chance[6];
    char hex[2 * sizeof chance];
    struct buf handle;

    ctx->world->chance(ctx->world->self, chance, sizeof chance);
    str_hex(chance, sizeof chance, hex);
    buf_init(&handle, ctx->arena, 24);
    buf_put(&handle, S("guest-"));
    buf_put(&handle, (str){hex, sizeof hex});
    return buf_str(&handle);
}

static no make_guest(struct ctx *ctx, const struct order_guest_form *form, str key, int64_t *member)
{
    uint8_t chance[10];

    ctx->world->chance(ctx->world->self, chance, sizeof chance);
    const uid name = uid_make(ctx->now_ns / 1000000, chance);

    return sql_member_add(ctx->db, name.bytes, guest_handle(ctx), form->name, str_trim(form->email),
                          key, S(""), ROLE_GUEST, MEMBER_ACTIVE, ctx->lang, S(""), S(""), S(""),
                          S(""), 0, 0, S(""), S(""), NOTICES_ALL, S(""), STR_NONE, ctx->now_ns, 0,
                          member);
}

/* Who has this address; a new guest when nobody has. *actor.member 0: somebody who may not come
 * in. Whoever it is asks with a guest's rights: the answer must not tell whether an address is a
 * member's. *kind: what the letter's link is. */
static no who_is(struct ctx *ctx, const struct order_guest_form *form, struct actor *actor,
                 enum link_kind *kind)
{
    const str key = member_email_key(ctx->arena, form->email);
    struct sql_member known;
    const no found = sql_member_by_email(ctx->db, ctx->arena, key, &known);

    *kind = LINK_GUEST_ORDER;
    if (found == NO_NOT_FOUND) {
        actor->roles = ROLE_GUEST;
        return make_guest(ctx, form, key, &actor->member);
    }
    TRY(found);
    if (member_may_sign_in(known.status))
        *actor = (struct actor){.member = known.id, .roles = ROLE_GUEST};
    /* Anybody can type a member's address: that makes a link as for signing in, good once and soon
     * old, and never a key to the account for two months. */
    if ((known.roles & ~(uint32_t)ROLE_GUEST) != 0)
        *kind = LINK_SIGN_IN;
    return YES;
}

static no send_letter(struct ctx *ctx, int64_t member, enum link_kind kind, int64_t order)
{
    const int64_t lives_s = kind == LINK_SIGN_IN ? SIGN_IN_LINK_S : LINK_DAYS * S_PER_DAY;
    char token[LINK_TOKEN_LEN];
    struct buf target;

    buf_init(&target, ctx->arena, 32);
    buf_printf(&target, "/orders/%lld", (long long)order);
    const struct link link = {.kind = kind, .member = member, .target = buf_str(&target)};

    TRY(link_make(ctx, &link, lives_s, token));
    return letter_put(ctx, LETTER_GUEST_ORDER, member, STR_NONE, order, 0,
                      (str){token, sizeof token});
}

static no ask_as(struct ctx *ctx, const struct actor *actor, enum link_kind kind,
                 struct order_guest_form *form)
{
    int64_t lately;

    TRY(sql_link_count(ctx->db, actor->member, kind, ctx->now_ns - WINDOW_S * NS_PER_S, &lately));
    if (lately >= ORDER_GUEST_LINKS)
        return YES;
    form->ask.draft = true;
    const no answer = order_request_now(ctx, &form->ask);

    /* The owner's own address: nothing to send, and nothing to tell a stranger. */
    if (answer == NO_ORDER_OWN_OFFER)
        return YES;
    TRY(answer);
    return send_letter(ctx, actor->member, kind, form->ask.order);
}

static no guest_now(struct ctx *ctx, void *form_)
{
    struct order_guest_form *form = form_;
    const struct actor visitor = ctx->actor;
    struct actor actor = {0};
    enum link_kind kind;

    TRY(who_is(ctx, form, &actor, &kind));
    if (actor.member == 0)
        return YES;
    ctx->actor = actor;
    const no answer = ask_as(ctx, &actor, kind, form);

    ctx->actor = visitor;
    return answer;
}

no deed_order_guest(struct ctx *ctx, struct order_guest_form *form)
{
    form->name = utf8_tidy_line(ctx->arena, form->name);
    const bool named = member_check_line(ctx, "name", form->name, MEMBER_NAME_MAX, true);
    const bool reached = member_check_email(ctx, "email", form->email);

    return named && reached ? deed_run(ctx, guest_now, form) : NO_BAD_FIELDS;
}
