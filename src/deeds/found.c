/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/found.h"

#include "base/hash.h"
#include "base/id.h"
#include "base/money.h"
#include "base/time.h"
#include "base/utf8.h"
#include "deeds/house.h"
#include "deeds/place.h"
#include "rules/fee.h"
#include "rules/geo.h"
#include "store/sql_coop.h"
#include "store/sql_ledger.h"
#include "store/sql_member.h"
#include "wire/iban.h"

#include <string.h>

enum {
    CURRENCY_BOOKS = 1,
    CURRENCY_HOUR = 2,
    CURRENCY_CREDIT = 3,
    MEMBER_ACTIVE = 2,
    PASSWORD_MIN = 10
};

/* --- checks
 * ----------------------------------------------------------------------------------------------------------
 */

int64_t found_fewest(str legal_form)
{
    /* SCIC: art. 19 septies of loi 47-1775 wants three kinds of members; SCOP: loi 78-763 art. 5
     * (two workers); association: a contract of two persons at least, loi 1901 art. 1. */
    if (str_eq(legal_form, S("scic")) || str_eq(legal_form, S("coop47")))
        return 3;
    return str_eq(legal_form, S("scop")) || str_eq(legal_form, S("association")) ? 2 : 1;
}

static void check_line(struct ctx *ctx, const char *field, str value, size_t most, bool wanted)
{
    if (wanted && str_trim(value).len == 0)
        (void)deed_wrong(ctx, field, NO_FIELD_MISSING);
    else if (!utf8_valid(value))
        (void)deed_wrong(ctx, field, NO_FIELD_NOT_UTF8);
    else if (!utf8_clean(value, false))
        (void)deed_wrong(ctx, field, NO_FIELD_CONTROL_CHARS);
    else if (utf8_count(value) > most)
        (void)deed_wrong_bound(ctx, field, NO_FIELD_TOO_LONG, (int64_t)most);
}

static void check_range(struct ctx *ctx, const char *field, int64_t value, int64_t low,
                        int64_t high)
{
    if (value < low || value > high)
        (void)deed_wrong_bound(ctx, field, NO_FIELD_OUT_OF_RANGE, value < low ? low : high);
}

static bool email_plausible(str email)
{
    const size_t at = str_find_char(email, '@');

    return at > 0 && at + 3 < email.len && email.len <= 254 &&
           str_find_char(email, ' ') == email.len &&
           str_find_char(str_sub(email, at + 1, email.len), '@') == email.len - at - 1;
}

static void check_founder(struct ctx *ctx, const struct founder *founder)
{
    check_line(ctx, "founder_name", founder->name, 80, true);
    if (!email_plausible(founder->email))
        (void)deed_wrong(ctx, "founder_email", NO_FIELD_NOT_AN_EMAIL);
    if (founder->password.len > 0 && utf8_count(founder->password) < PASSWORD_MIN)
        (void)deed_wrong_bound(ctx, "founder_password", NO_FIELD_TOO_SHORT, PASSWORD_MIN);
}

static bool code_good(str code)
{
    for (size_t i = 0; i < code.len; i++)
        if (code.ptr[i] < 'A' || code.ptr[i] > 'Z')
            return false;
    return code.len >= 2 && code.len <= 8;
}

static no check(struct ctx *ctx, const struct found_form *form)
{
    const struct fee_params fee = {(int32_t)form->fee_running_bp, (int32_t)form->fee_reserve_bp,
                                   (int32_t)form->fee_solidarity_bp};
    struct zone zone;

    check_line(ctx, "name", form->name, 80, true);
    check_line(ctx, "sentence", form->sentence, 200, false);
    check_line(ctx, "place", form->place, 120, true);
    if (!email_plausible(form->email))
        (void)deed_wrong(ctx, "email", NO_FIELD_NOT_AN_EMAIL);
    if (time_zone_load(ctx->arena, form->zone, &zone) != YES)
        (void)deed_wrong(ctx, "zone", NO_FIELD_NOT_A_CHOICE);
    if (!geo_is_valid((int32_t)form->lat, (int32_t)form->lon))
        (void)deed_wrong(ctx, "place", NO_FIELD_UNKNOWN_PLACE);
    if (form->currency.len != 3 || !code_good(form->currency))
        (void)deed_wrong(ctx, "currency", NO_FIELD_NOT_A_CHOICE);
    if (form->credits &&
        (!code_good(form->credit_code) || str_eq(form->credit_code, form->currency)))
        (void)deed_wrong(ctx, "credit_code", NO_FIELD_WRONG);
    check_range(ctx, "hour_limit", form->hour_floor, 0, 60 * 1000);
    check_range(ctx, "hour_limit", form->hour_ceiling, 0, 60 * 10000);
    check_range(ctx, "credit_limit", form->credit_floor, 0, 100000000);
    check_range(ctx, "share", form->share_minor, 0, 100000000);
    check_range(ctx, "quorum", form->quorum_percent, 0, 100);
    if (fee_params_check(&fee) != YES)
        (void)deed_wrong_bound(ctx, "fee", NO_FIELD_OUT_OF_RANGE, FEE_BP_MAX);
    for (size_t i = 0; i < form->founders_n; i++)
        check_founder(ctx, &form->founders[i]);
    if (ctx->wrongs_n > 0)
        return NO_BAD_FIELDS;
    if ((int64_t)form->founders_n < found_fewest(form->legal_form))
        return NO_NOT_ENOUGH_FOUNDERS;
    return YES;
}

/* --- effects
 * ----------------------------------------------------------------------------------------------------------
 */

static no put_param(struct ctx *ctx, const char *room, const char *code, const char *what,
                    int64_t value)
{
    struct buf name;

    buf_init(&name, ctx->arena, 64);
    buf_printf(&name, "%s.%s%s%s", room, code, code[0] == 0 ? "" : ".", what);
    return sql_param_set(ctx->db, buf_str(&name), value, 0, ctx->now_ns);
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

/* "Nadia Benali" to "nadia-benali"; a number behind it when that is taken. */
static no make_handle(struct ctx *ctx, str name, str *handle)
{
    const str folded = utf8_fold(ctx->arena, name);
    struct sql_member other;
    struct buf out;

    buf_init(&out, ctx->arena, 64);
    for (size_t i = 0; i < folded.len && out.len < 24; i++) {
        const char c = folded.ptr[i];

        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            buf_put_char(&out, c);
        else if (out.len > 0 && out.ptr[out.len - 1] != '-')
            buf_put_char(&out, '-');
    }
    if (out.len == 0)
        buf_put(&out, S("member"));
    const size_t stem = out.len;

    for (int64_t n = 2; n < 100000; n++) {
        const no taken = sql_member_by_handle(ctx->db, ctx->arena, buf_str(&out), &other);

        if (taken == NO_NOT_FOUND) {
            *handle = buf_str(&out);
            return YES;
        }
        TRY(taken);
        out.len = stem;
        buf_put_int(&out, n);
    }
    return NO_CONFLICT;
}

static no put_founder(struct ctx *ctx, const struct founder *founder, const struct found_form *form,
                      int64_t *id)
{
    char password[PASSWORD_HASH_SIZE] = "";
    uint8_t chance[10];
    str handle = founder->handle;

    if (handle.len == 0)
        TRY(make_handle(ctx, founder->name, &handle));
    if (founder->password.len > 0)
        TRY(hash_password(founder->password, password));
    ctx->world->chance(ctx->world->self, chance, sizeof chance);
    const uid name = uid_make(ctx->now_ns / 1000000, chance);

    return sql_member_add(ctx->db, name.bytes, handle, founder->name, founder->email,
                          utf8_fold(ctx->arena, founder->email), str_of(password),
                          founder->roles | ROLE_FOUNDER | ROLE_MEMBER, MEMBER_ACTIVE, form->lang,
                          founder->college.ptr == NULL ? S("") : founder->college,
                          founder->trade.ptr == NULL ? S("") : founder->trade, S(""), form->place,
                          form->lat, form->lon, S(""), S(""), INT64_C(255), S(""), STR_NONE,
                          ctx->now_ns, ctx->now_ns, id);
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
    const no known = sql_coop_get(ctx->db, ctx->arena, &coop);

    if (known == YES && coop.state != HOUSE_FOUNDING)
        return NO_ALREADY_FOUNDED;
    if (known != YES && known != NO_NOT_FOUND)
        return known;
    TRY(check(ctx, form));
    ctx->world->chance(ctx->world->self, secret, sizeof secret);
    TRY(sql_coop_put(ctx->db, form->demonstration ? HOUSE_DEMONSTRATION : HOUSE_FOUNDED, form->name,
                     form->sentence.ptr == NULL ? S("") : form->sentence, form->legal_form,
                     form->place, form->lat, form->lon, form->lang, form->zone, form->email,
                     form->iban.ptr == NULL ? S("") : form->iban,
                     form->bic.ptr == NULL ? S("") : form->bic,
                     (str){(const char *)secret, sizeof secret}, ctx->now_ns, 0));
    TRY(put_currencies(ctx, form));
    TRY(put_categories(ctx));
    TRY(place_load(ctx));
    TRY(put_period(ctx, form));
    TRY(put_param(ctx, "share", "", "value", form->share_minor));
    TRY(put_param(ctx, "quorum", "", "percent", form->quorum_percent));
    for (size_t i = 0; i < form->founders_n; i++) {
        struct founder founder = form->founders[i];
        int64_t id;

        /* Someone has to hold the desk and the books from the first day; the assembly names others
         * later. */
        founder.roles |= i == 0   ? ROLE_FACILITATOR
                         : i == 1 ? ROLE_ACCOUNTANT
                         : i == 2 ? ROLE_MEDIATOR
                                  : 0;
        TRY(put_founder(ctx, &founder, form, &id));
        if (i == 0)
            form->first_member = id;
    }
    ctx->world->house_changed(ctx->world->self);
    return YES;
}

no deed_found(struct ctx *ctx, struct found_form *form)
{
    return deed_run(ctx, found, form);
}
