/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/found_draft.h"

#include "base/hash.h"
#include "base/time.h"
#include "base/utf8.h"
#include "deeds/house.h"
#include "deeds/member.h"
#include "store/sql_coop.h"
#include "store/sql_place.h"

#include <string.h>

enum { LINK_S = 7 * 86400 };

static no still_founding(struct ctx *ctx)
{
    struct sql_coop coop;
    const no known = sql_coop_get(ctx->db, ctx->arena, &coop);

    if (known == NO_NOT_FOUND)
        return YES;
    TRY(known);
    return coop.state == HOUSE_FOUNDING ? YES : NO_ALREADY_FOUNDED;
}

/* --- the pen ---------------------------------------------------------------------------------- */

static no link_now(struct ctx *ctx, void *given)
{
    struct found_link *link = given;

    TRY(still_founding(ctx));
    return link_make(ctx, &(struct link){.kind = LINK_FOUNDING, .target = S("/found")}, LINK_S,
                     link->token);
}

no deed_found_link(struct ctx *ctx, struct found_link *link)
{
    return ctx->actor.console ? deed_run(ctx, link_now, link) : NO_NOT_ALLOWED;
}

static bool key_of(str cookie, char hex[2 * HASH_SIZE])
{
    uint8_t secret[HASH_SIZE], hash[HASH_SIZE];

    if (!hash_base64url_read(cookie, secret, sizeof secret))
        return false;
    hash_sha256(secret, sizeof secret, hash);
    str_hex(hash, sizeof hash, hex);
    return true;
}

static no begin_now(struct ctx *ctx, void *given)
{
    struct found_begin *form = given;
    uint8_t secret[HASH_SIZE];
    char hex[2 * HASH_SIZE];
    struct link link;
    struct sql_place *some;
    size_t some_n;

    TRY(still_founding(ctx));
    TRY(link_take(ctx, form->token, &link));
    if (link.kind != LINK_FOUNDING || link.member != 0)
        return NO_LINK_USED_OR_OLD;
    ctx->world->chance(ctx->world->self, secret, sizeof secret);
    hash_base64url(secret, sizeof secret, form->cookie);
    if (!key_of((str){form->cookie, sizeof form->cookie}, hex))
        return NO_OUT_OF_MEMORY;
    TRY(sql_found_draft_put(ctx->db, S("_key"), (str){hex, sizeof hex}));
    TRY(sql_place_by_start(ctx->db, ctx->arena, S("lyon"), S("lyonz"), 1, &some, &some_n));
    return some_n > 0 ? YES : place_load(ctx);
}

no deed_found_begin(struct ctx *ctx, struct found_begin *form)
{
    return deed_run(ctx, begin_now, form);
}

str found_draft_get(const struct found_draft *draft, const char *name)
{
    static const struct {
        const char *name, *value;
    } usual[] = {
        {"lang", "fr"},         {"zone", "Europe/Paris"}, {"currency", "EUR"},
        {"hours", "1"},         {"hour_limit", "10"},     {"hour_ceiling", "100"},
        {"credits", "0"},       {"credit_limit", "200"},  {"credit_ceiling", "2000"},
        {"quorum", "25"},       {"share", "20"},          {"share_least", "1"},
        {"fee_running", "5.2"}, {"fee_reserve", "2.3"},   {"fee_solidarity", "1.5"},
        {"sample", "38"},
    };

    for (size_t i = 0; i < draft->values_n; i++)
        if (str_eq(draft->values[i].name, str_of(name)))
            return draft->values[i].value;
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++)
        if (strcmp(usual[i].name, name) == 0)
            return str_of(usual[i].value);
    return S("");
}

no view_found_draft(struct ctx *ctx, str cookie, struct found_draft *out)
{
    struct found_draft draft;
    char hex[2 * HASH_SIZE];

    TRY(still_founding(ctx));
    TRY(sql_found_draft_list(ctx->db, ctx->arena, &draft.values, &draft.values_n));
    const str key = found_draft_get(&draft, "_key");

    if (key.len != sizeof hex || !key_of(cookie, hex) || !hash_equal(key.ptr, hex, sizeof hex))
        return NO_NOT_ALLOWED;
    *out = draft;
    return YES;
}

/* --- keeping ---------------------------------------------------------------------------------- */

struct saving {
    const struct found_save *form;
    char password[PASSWORD_HASH_SIZE];
};

static no put_number(struct ctx *ctx, const char *name, int64_t value)
{
    struct buf text;

    buf_init(&text, ctx->arena, 24);
    buf_put_int(&text, value);
    return sql_found_draft_put(ctx->db, str_of(name), buf_str(&text));
}

/* The place as it was typed, and its point: none while it is not known, or is one of several. */
static no put_place(struct ctx *ctx, str typed)
{
    struct place_answer answer;

    TRY(view_place_find(ctx, typed, &answer));
    const bool known = answer.found == PLACE_FOUND;

    if (known)
        TRY(sql_found_draft_put(ctx->db, S("place"),
                                place_label(ctx->arena, &answer.place, false)));
    TRY(put_number(ctx, "_lat", known ? answer.place.lat : INT64_C(1) << 30));
    return put_number(ctx, "_lon", known ? answer.place.lon : INT64_C(1) << 30);
}

static no save_now(struct ctx *ctx, void *given)
{
    const struct saving *saving = given;
    const struct found_save *form = saving->form;
    struct found_draft draft;

    TRY(view_found_draft(ctx, form->cookie, &draft));
    for (size_t i = 0; i < form->values_n; i++) {
        const str value = form->values[i].value;
        size_t end = value.len < FOUND_VALUE_MAX ? value.len : FOUND_VALUE_MAX;

        while (end < value.len && ((unsigned char)value.ptr[end] & 0xc0) == 0x80)
            end--;
        TRY(sql_found_draft_put(ctx->db, form->values[i].name,
                                utf8_tidy_line(ctx->arena, str_sub(value, 0, end))));
        if (str_eq(form->values[i].name, S("place")))
            TRY(put_place(ctx, value));
    }
    return saving->password[0] == 0
               ? YES
               : sql_found_draft_put(ctx->db, S("_password"), str_of(saving->password));
}

no deed_found_save(struct ctx *ctx, const struct found_save *form)
{
    struct saving saving = {.form = form};
    const size_t wrongs_n = ctx->wrongs_n;

    /* Slow, so not in the writer's thread. */
    if (form->password.len > 0 && member_check_password(ctx, "founder_0_password", form->password))
        TRY(hash_password(form->password, saving.password));
    ctx->wrongs_n = wrongs_n;
    return deed_run(ctx, save_now, &saving);
}

/* --- founding --------------------------------------------------------------------------------- */

struct adopting {
    str cookie;
    int64_t first_member;
};

static no adopt_now(struct ctx *ctx, void *given)
{
    struct adopting *adopting = given;
    struct found_draft draft;
    struct found_form form;

    TRY(view_found_draft(ctx, adopting->cookie, &draft));
    found_draft_form(ctx, &draft, 0, &form);
    if (ctx->wrongs_n > 0)
        return NO_FOUNDING_UNFINISHED;
    form.links = true;
    TRY(deed_found(ctx, &form));
    adopting->first_member = form.first_member;
    return YES;
}

no deed_found_adopt(struct ctx *ctx, str cookie, int64_t *first_member)
{
    struct adopting adopting = {.cookie = cookie};

    TRY(deed_run(ctx, adopt_now, &adopting));
    *first_member = adopting.first_member;
    return YES;
}
