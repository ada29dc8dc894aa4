/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/account.h"

#include "base/hash.h"
#include "base/time.h"
#include "base/utf8.h"
#include "deeds/house.h"
#include "deeds/letter.h"
#include "deeds/link.h"
#include "deeds/member.h"
#include "deeds/member_words.h"
#include "deeds/place.h"
#include "deeds/session.h"
#include "store/sql_account.h"
#include "store/sql_member.h"
#include "store/sql_session.h"
#include "wire/iban.h"
#include "wire/totp.h"

#include <assert.h>

enum { NEW_EMAIL_S = 86400 };

no view_account(struct ctx *ctx, struct account *account)
{
    struct sql_member row;

    if (ctx->actor.member == 0)
        return NO_NOT_SIGNED_IN;
    TRY(sql_member_get(ctx->db, ctx->arena, ctx->actor.member, &row));
    *account = (struct account){.id = row.id,
                                .handle = row.handle,
                                .name = row.name,
                                .email = row.email,
                                .trade = row.trade,
                                .bio = row.bio,
                                .place = row.place,
                                .iban = row.iban,
                                .bic = row.bic,
                                .lang = row.lang == LANG_FR ? LANG_FR : LANG_EN,
                                .notices = row.notices,
                                .joined_ns = row.joined_ns,
                                .picture = row.picture,
                                .roles = row.roles,
                                .has_password = row.password.len > 0,
                                .has_totp = row.totp.len > 0,
                                .left = row.status == MEMBER_LEFT};
    return YES;
}

/* --- the profile ----------------------------------------------------------------------------- */

static no profile_now(struct ctx *ctx, void *given)
{
    const struct account_profile *form = given;
    struct place_answer answer;

    TRY(view_place_find(ctx, form->place, &answer));
    const bool known = answer.found == PLACE_FOUND;

    TRY(sql_member_profile(ctx->db, ctx->actor.member, form->name, form->trade, form->bio,
                           form->place, known ? answer.place.lat : 0, known ? answer.place.lon : 0,
                           form->iban, form->bic));
    return member_words_put(ctx, ctx->actor.member);
}

static str tidy(struct ctx *ctx, str value)
{
    const str line = utf8_tidy_line(ctx->arena, value);

    return line.ptr == NULL ? S("") : line;
}

static void check_bank(struct ctx *ctx, struct account_profile *form)
{
    struct iban iban;

    if (str_trim(form->iban).len == 0)
        form->iban = S("");
    else if (iban_parse(form->iban, &iban) != YES)
        (void)deed_wrong(ctx, "iban", NO_FIELD_NOT_AN_IBAN);
    else
        form->iban = arena_str(ctx->arena, iban_str(&iban));
    form->bic = str_trim(form->bic);
    if (form->bic.len == 0)
        form->bic = S("");
    else if (bic_check(form->bic) != BIC_GOOD)
        (void)deed_wrong(ctx, "bic", NO_FIELD_WRONG);
}

no deed_account_profile(struct ctx *ctx, const struct account_profile *given)
{
    struct account_profile form = *given;

    if (ctx->actor.member == 0)
        return NO_NOT_SIGNED_IN;
    form.name = tidy(ctx, form.name);
    form.trade = tidy(ctx, form.trade);
    form.place = tidy(ctx, form.place);
    form.bio = form.bio.ptr == NULL ? S("") : str_trim(form.bio);
    (void)member_check_line(ctx, "name", form.name, MEMBER_NAME_MAX, true);
    (void)member_check_line(ctx, "trade", form.trade, MEMBER_LINE_MAX, false);
    (void)member_check_line(ctx, "place", form.place, MEMBER_LINE_MAX, false);
    (void)member_check_text(ctx, "bio", form.bio, MEMBER_BIO_MAX);
    check_bank(ctx, &form);
    return ctx->wrongs_n > 0 ? NO_BAD_FIELDS : deed_run(ctx, profile_now, &form);
}

/* --- how one signs in ------------------------------------------------------------------------ */

/* The others are ended, and the links that wait: whoever had them may be why this was changed. */
static no changed(struct ctx *ctx, str cookie, enum letter_security what)
{
    uint8_t secret[HASH_SIZE], keep[HASH_SIZE];
    int64_t gone;

    if (!hash_base64url_read(cookie, secret, sizeof secret))
        return NO_SIGN_IN_AGAIN;
    hash_sha256(secret, sizeof secret, keep);
    TRY(sql_session_remove_others(ctx->db, ctx->actor.member, keep, &gone));
    TRY(link_end_waiting(ctx, ctx->actor.member));
    return letter_put(ctx, LETTER_SECURITY, ctx->actor.member, STR_NONE, 0, what, STR_NONE);
}

struct password_change {
    str cookie, stored;
};

static no password_now(struct ctx *ctx, void *given)
{
    const struct password_change *form = given;

    TRY(session_is_fresh(ctx, form->cookie));
    TRY(sql_member_password(ctx->db, ctx->actor.member, form->stored));
    return changed(ctx, form->cookie,
                   form->stored.len > 0 ? LETTER_SECURITY_PASSWORD : LETTER_SECURITY_NO_PASSWORD);
}

no deed_account_password(struct ctx *ctx, const struct account_password *form)
{
    struct password_change change = {form->cookie, S("")};
    char stored[PASSWORD_HASH_SIZE];

    TRY(session_is_fresh(ctx, form->cookie));
    if (form->password.len > 0) {
        if (!member_check_password(ctx, "password", form->password))
            return NO_BAD_FIELDS;
        TRY(hash_password(form->password, stored));
        change.stored = str_of(stored);
    }
    return deed_run(ctx, password_now, &change);
}

static no totp_now(struct ctx *ctx, void *given)
{
    const struct account_totp *form = given;
    uint8_t secret[TOTP_SECRET_SIZE];
    size_t len;
    int64_t step;

    TRY(session_is_fresh(ctx, form->cookie));
    if (form->off) {
        TRY(sql_member_totp(ctx->db, ctx->actor.member, S(""), 0));
        return changed(ctx, form->cookie, LETTER_SECURITY_NO_TOTP);
    }
    if (!totp_read_base32(form->secret, secret, sizeof secret, &len) || len != sizeof secret)
        return NO_BAD_REQUEST;
    const str bytes = {(const char *)secret, sizeof secret};

    if (str_trim(form->code).len == 0)
        return deed_wrong(ctx, "code", NO_FIELD_MISSING);
    if (totp_check(bytes, form->code, ctx->now_ns / NS_PER_S, -1, &step) != YES)
        return deed_wrong(ctx, "code", NO_CODE_WRONG);
    TRY(sql_member_totp(ctx->db, ctx->actor.member, bytes, step));
    return changed(ctx, form->cookie, LETTER_SECURITY_TOTP);
}

no deed_account_totp(struct ctx *ctx, const struct account_totp *form)
{
    struct account_totp copy = *form;

    return ctx->actor.member == 0 ? NO_NOT_SIGNED_IN : deed_run(ctx, totp_now, &copy);
}

/* --- the address ----------------------------------------------------------------------------- */

static no email_now(struct ctx *ctx, void *given)
{
    const struct account_email *form = given;
    const str email = str_trim(form->email);
    const struct link link = {.kind = LINK_NEW_EMAIL, .member = ctx->actor.member, .email = email};
    struct sql_member other;
    char token[LINK_TOKEN_LEN];

    TRY(session_is_fresh(ctx, form->cookie));
    const no taken =
        sql_member_by_email(ctx->db, ctx->arena, member_email_key(ctx->arena, email), &other);

    if (taken != NO_NOT_FOUND)
        return taken;
    TRY(link_make(ctx, &link, NEW_EMAIL_S, token));
    return letter_put(ctx, LETTER_NEW_EMAIL, ctx->actor.member, email, 0, 0,
                      (str){token, sizeof token});
}

no deed_account_email(struct ctx *ctx, const struct account_email *form)
{
    struct account_email copy = *form;

    if (ctx->actor.member == 0)
        return NO_NOT_SIGNED_IN;
    return member_check_email(ctx, "email", form->email) ? deed_run(ctx, email_now, &copy)
                                                         : NO_BAD_FIELDS;
}

static no confirm_now(struct ctx *ctx, void *given)
{
    const str *token = given;
    struct sql_member member, other;
    struct link link;

    TRY(link_take(ctx, *token, &link));
    if (link.kind != LINK_NEW_EMAIL || link.email.len == 0)
        return NO_LINK_USED_OR_OLD;
    const str key = member_email_key(ctx->arena, link.email);
    const no taken = sql_member_by_email(ctx->db, ctx->arena, key, &other);

    if (taken != NO_NOT_FOUND)
        return taken == YES ? NO_FIELD_TAKEN : taken;
    TRY(sql_member_get(ctx->db, ctx->arena, link.member, &member));
    if (member.status == MEMBER_LEFT)
        return NO_MEMBER_LEFT;
    /* The old address is told, because it may not have been the member who asked. */
    if (member.email.len > 0)
        TRY(letter_put(ctx, LETTER_SECURITY, member.id, member.email, 0, LETTER_SECURITY_EMAIL,
                       STR_NONE));
    /* Nor does what waits in the old mailbox open anything any more. */
    TRY(sql_link_remove_of(ctx->db, member.id));
    return sql_member_email(ctx->db, member.id, link.email, key);
}

no deed_account_email_confirm(struct ctx *ctx, str token)
{
    return deed_run(ctx, confirm_now, &token);
}

/* --- wishes ---------------------------------------------------------------------------------- */

static no notices_now(struct ctx *ctx, void *given)
{
    const int64_t *notices = given;

    return sql_member_notices(ctx->db, ctx->actor.member, *notices & NOTICES_ALL);
}

no deed_account_notices(struct ctx *ctx, int64_t notices)
{
    return ctx->actor.member == 0 ? NO_NOT_SIGNED_IN : deed_run(ctx, notices_now, &notices);
}

static no lang_now(struct ctx *ctx, void *given)
{
    const enum lang *lang = given;

    return sql_member_lang(ctx->db, ctx->actor.member, *lang);
}

no deed_account_lang(struct ctx *ctx, enum lang lang)
{
    return ctx->actor.member == 0 ? NO_NOT_SIGNED_IN : deed_run(ctx, lang_now, &lang);
}

/* --- roles ----------------------------------------------------------------------------------- */

static const struct {
    uint32_t role;
    const char *name;
} role_names[] = {
    {ROLE_GUEST, "guest"},     {ROLE_CLIENT, "client"},           {ROLE_MEMBER, "member"},
    {ROLE_FOUNDER, "founder"}, {ROLE_FACILITATOR, "facilitator"}, {ROLE_ACCOUNTANT, "accountant"},
    {ROLE_AUDITOR, "auditor"}, {ROLE_MEDIATOR, "mediator"},
};

uint32_t role_of_name(str name)
{
    for (size_t i = 0; i < sizeof role_names / sizeof role_names[0]; i++)
        if (str_eq(name, str_of(role_names[i].name)))
            return role_names[i].role;
    return 0;
}

const char *role_name(uint32_t role)
{
    for (size_t i = 0; i < sizeof role_names / sizeof role_names[0]; i++)
        if (role == role_names[i].role)
            return role_names[i].name;
    return NULL;
}

static no roles_now(struct ctx *ctx, void *given)
{
    struct account_roles *form = given;
    struct sql_member member;
    int64_t facilitators;

    TRY(sql_member_by_handle(ctx->db, ctx->arena, form->handle, &member));
    if (member.status != MEMBER_ACTIVE)
        return NO_MEMBER_LEFT;
    TRY(sql_member_with_role_count(ctx->db, ROLE_FACILITATOR, &facilitators));
    if ((member.roles & form->take & ROLE_FACILITATOR) != 0 && facilitators <= 1)
        return NO_LAST_FACILITATOR;
    form->roles = (member.roles | form->add) & ~form->take;
    if (form->roles == member.roles)
        return YES;
    TRY(sql_member_roles(ctx->db, member.id, form->roles));
    return sql_member_event_add(ctx->db, member.id, MEMBER_EVENT_ROLES, ctx->actor.member, S(""),
                                ctx->now_ns);
}

no deed_account_roles(struct ctx *ctx, struct account_roles *form)
{
    if (!ctx->actor.console && !actor_has(ctx, ROLE_FACILITATOR))
        return NO_NOT_ALLOWED;
    if (((form->add | form->take) & ~(uint32_t)ROLES_GIVEN) != 0)
        return NO_NOT_ALLOWED;
    return deed_run(ctx, roles_now, form);
}
