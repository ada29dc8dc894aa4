/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/found.h"

#include "base/hash.h"
#include "base/id.h"
#include "base/money.h"
#include "base/time.h"
#include "deeds/house.h"
#include "deeds/letter.h"
#include "deeds/link.h"
#include "deeds/member.h"
#include "deeds/member_words.h"
#include "deeds/place.h"
#include "store/sql_coop.h"
#include "store/sql_found.h"
#include "store/sql_ledger.h"
#include "store/sql_member.h"
#include "wire/iban.h"

#include <string.h>

enum {
    CURRENCY_BOOKS = 1,
    CURRENCY_HOUR = 2,
    CURRENCY_CREDIT = 3,
    FOUNDER_LINK_S = 30 * 86400,
};

/* --- effects ---------------------------------------------------------------------------------- */

static no put_param(struct ctx *ctx, const char *room, const char *code, const char *what,
                    int64_t value)
{
    struct buf name;

    buf_init(&name, ctx->arena, 64);
    buf_printf(&name, "%s.%s%s%s", room, code, code[0] == 0 || what[0] == 0 ? "" : ".", what);
    return house_param_put(ctx, buf_str(&name), value, 0);
}

static no put_currencies(struct ctx *ctx, const struct found_form *form)
{
    const char *books = arena_cstr(ctx->arena, form->currency);

    TRY(sql_currency_put(ctx->db, CURRENCY_BOOKS, form->currency, UNIT_FIAT, 2, false,
                         form->currency, form->currency));
    TRY(put_param(ctx, "fee", books, "running_bp", form->fee_running_bp));
    TRY(put_param(ctx, "fee", books, "reserve_bp", form->fee_reserve_bp));
    TRY(put_param(ctx, "fee", books, "solidarity_bp", form->fee_solidarity_bp));
    if (form->hours) {
        TRY(sql_currency_put(ctx->db, CURRENCY_HOUR, S("HOUR"), UNIT_TIME, 0, true, S("hours"),
                             S("heures")));
        TRY(put_param(ctx, "limit", "HOUR", "floor", -form->hour_floor));
        if (form->hour_ceiling > 0)
            TRY(put_param(ctx, "limit", "HOUR", "ceiling", form->hour_ceiling));
    }
    if (!form->credits)
        return YES;
    const char *credit = arena_cstr(ctx->arena, form->credit_code);

    TRY(sql_currency_put(ctx->db, CURRENCY_CREDIT, form->credit_code, UNIT_MUTUAL, 2, true,
                         form->credit_name, form->credit_name));
    TRY(put_param(ctx, "limit", credit, "floor", -form->credit_floor));
    return form->credit_ceiling > 0
               ? put_param(ctx, "limit", credit, "ceiling", form->credit_ceiling)
               : YES;
}

static no put_categories(struct ctx *ctx)
{
    static const struct {
        const char *slug, *en, *fr, *picture;
    } kinds[] = {
        {"move", "Moving and delivery", "Transport et livraison", "bike"},
        {"food", "Food and garden", "Alimentation et jardin", "basket"},
        {"home", "Home and cleaning", "Maison et ménage", "clean"},
        {"room", "Rooms and places", "Chambres et lieux", "room"},
        {"tools", "Tools and things", "Outils et objets", "drill"},
        {"craft", "Crafts", "Artisanat", "bowls"},
        {"clothes", "Clothes and mending", "Vêtements et couture", "sewing"},
        {"care", "Care and lessons", "Soin et cours", "room"},
        {"other", "Other", "Autre", "drill"},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        int64_t id;

        TRY(sql_category_put(ctx->db, 0, str_of(kinds[i].slug), str_of(kinds[i].en),
                             str_of(kinds[i].fr), str_of(kinds[i].picture), (int64_t)i, &id));
    }
    return YES;
}

static no put_founder(struct ctx *ctx, const struct founder *founder, const struct found_form *form,
                      int64_t *id)
{
    char password[PASSWORD_HASH_SIZE] = "";
    uint8_t chance[10];
    str handle = founder->handle;

    if (handle.len == 0)
        TRY(member_make_handle(ctx, founder->name, &handle));
    if (founder->password.len > 0)
        TRY(hash_password(founder->password, password));
    const str kept = founder->password_hash.len > 0 ? founder->password_hash : str_of(password);

    ctx->world->chance(ctx->world->self, chance, sizeof chance);
    const uid name = uid_make(ctx->now_ns / 1000000, chance);

    TRY(sql_member_add(ctx->db, name.bytes, handle, founder->name, founder->email,
                       member_email_key(ctx->arena, founder->email), kept,
                       founder->roles | ROLE_FOUNDER | ROLE_MEMBER, MEMBER_ACTIVE, form->lang,
                       founder->college.ptr == NULL ? S("") : founder->college,
                       founder->trade.ptr == NULL ? S("") : founder->trade, S(""), form->place,
                       form->lat, form->lon, S(""), S(""), INT64_C(255), S(""), STR_NONE,
                       ctx->now_ns, ctx->now_ns, id));
    return member_words_put(ctx, *id);
}

no found_founder_link(struct ctx *ctx, int64_t member, char token[LINK_TOKEN_LEN])
{
    return link_make(
        ctx,
        &(struct link){.kind = LINK_FOUNDING, .member = member, .target = S("/account/security")},
        FOUNDER_LINK_S, token);
}

/* The others were not there when the first one adopted the proposal: a letter tells them, and its
 * link lets them choose a password. */
static no send_link(struct ctx *ctx, int64_t member)
{
    char token[LINK_TOKEN_LEN];

    TRY(found_founder_link(ctx, member, token));
    return letter_put(ctx, LETTER_FOUNDER, member, STR_NONE, 0, 0, (str){token, sizeof token});
}

static no put_founders(struct ctx *ctx, struct found_form *form)
{
    /* Someone has to hold the desk, the books and the mediations from the first day; the assembly
     * names others later. */
    static const uint32_t first_roles[] = {ROLE_FACILITATOR, ROLE_ACCOUNTANT, ROLE_MEDIATOR};

    for (size_t i = 0; i < form->founders_n; i++) {
        struct founder founder = form->founders[i];
        int64_t id;

        founder.roles |= i < 3 ? first_roles[i] : 0;
        TRY(put_founder(ctx, &founder, form, &id));
        if (i == 0)
            form->first_member = id;
        else if (form->links)
            TRY(send_link(ctx, id));
    }
    return YES;
}

static no put_period(struct ctx *ctx, const struct found_form *form)
{
    struct zone zone;

    TRY(time_zone_load(ctx->arena, form->zone, &zone));
    const int32_t year = time_civil(ctx->now_ns, &zone).year;

    return sql_period_put(ctx->db, year, time_days(year, 1, 1), time_days(year, 12, 31));
}

static no found(struct ctx *ctx, void *form_)
{
    struct found_form *form = form_;
    struct sql_coop coop;
    uint8_t secret[32];
    struct iban iban = {.len = 0};
    const no known = sql_coop_get(ctx->db, ctx->arena, &coop);

    if (known == YES && coop.state != HOUSE_FOUNDING)
        return NO_ALREADY_FOUNDED;
    if (known != YES && known != NO_NOT_FOUND)
        return known;
    found_check(ctx, form, 0);
    if (ctx->wrongs_n > 0)
        return NO_BAD_FIELDS;
    if ((int64_t)form->founders_n < found_fewest(form->legal_form))
        return NO_NOT_ENOUGH_FOUNDERS;
    if (form->iban.len > 0)
        TRY(iban_parse(form->iban, &iban));
    ctx->world->chance(ctx->world->self, secret, sizeof secret);
    TRY(sql_coop_put(ctx->db, form->demonstration ? HOUSE_DEMONSTRATION : HOUSE_FOUNDED, form->name,
                     form->sentence.ptr == NULL ? S("") : form->sentence, form->legal_form,
                     form->place, form->lat, form->lon, form->lang, form->zone, form->email,
                     form->iban.len > 0 ? iban_str(&iban) : S(""),
                     form->bic.ptr == NULL ? S("") : form->bic,
                     (str){(const char *)secret, sizeof secret}, ctx->now_ns, 0));
    TRY(put_currencies(ctx, form));
    TRY(put_categories(ctx));
    TRY(place_load(ctx));
    TRY(put_period(ctx, form));
    TRY(put_param(ctx, "share", "", "value", form->share_minor));
    TRY(put_param(ctx, "share", "", "least", form->share_least));
    TRY(put_param(ctx, "quorum", "", "percent", form->quorum_percent));
    for (size_t i = 0; i < form->colleges_n; i++)
        TRY(put_param(ctx, "college", arena_cstr(ctx->arena, form->colleges[i].name), "",
                      form->colleges[i].percent));
    TRY(put_founders(ctx, form));
    TRY(sql_found_draft_clear(ctx->db));
    ctx->world->house_changed(ctx->world->self);
    return YES;
}

no deed_found(struct ctx *ctx, struct found_form *form)
{
    return deed_run(ctx, found, form);
}
