/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/found.h"

#include "base/money.h"
#include "base/time.h"
#include "base/utf8.h"
#include "deeds/member.h"
#include "rules/fee.h"
#include "rules/geo.h"
#include "wire/iban.h"

enum { COLLEGE_LEAST = 10, COLLEGE_MOST = 50, SCIC_COLLEGES = 3 };

int64_t found_fewest(str legal_form)
{
    /* SCIC: art. 19 septies of loi 47-1775 wants three kinds of members; SCOP: loi 78-763 art. 5
     * (two workers); association: a contract of two persons at least, loi 1901 art. 1. */
    if (str_eq(legal_form, S("scic")) || str_eq(legal_form, S("coop47")))
        return 3;
    return str_eq(legal_form, S("scop")) || str_eq(legal_form, S("association")) ? 2 : 1;
}

const char *found_field(struct arena *arena, const char *before, size_t n, const char *after)
{
    struct buf name;

    buf_init(&name, arena, 32);
    buf_printf(&name, "%s_%zu%s%s", before, n, after[0] == 0 ? "" : "_", after);
    return arena_cstr(arena, buf_str(&name));
}

static void check_range(struct ctx *ctx, const char *field, int64_t value, int64_t low,
                        int64_t high)
{
    if (value < low || value > high)
        (void)deed_wrong_bound(ctx, field, NO_FIELD_OUT_OF_RANGE, value < low ? low : high);
}

static void check_name(struct ctx *ctx, const struct found_form *form)
{
    struct zone zone;

    (void)member_check_line(ctx, "name", form->name, MEMBER_NAME_MAX, true);
    (void)member_check_line(ctx, "sentence", form->sentence, 200, false);
    (void)member_check_line(ctx, "place", form->place, MEMBER_LINE_MAX, true);
    if (!geo_is_valid((int32_t)form->lat, (int32_t)form->lon))
        (void)deed_wrong(ctx, "place", NO_FIELD_UNKNOWN_PLACE);
    if (time_zone_load(ctx->arena, form->zone, &zone) != YES)
        (void)deed_wrong(ctx, "zone", NO_FIELD_NOT_A_CHOICE);
    (void)member_check_email(ctx, "email", form->email);
}

static void check_legal_form(struct ctx *ctx, const struct found_form *form)
{
    static const char *const known[] = {"scic", "scop", "coop47", "association", "other"};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (str_eq(form->legal_form, str_of(known[i])))
            return;
    (void)deed_wrong(ctx, "legal_form", NO_FIELD_NOT_A_CHOICE);
}

static bool code_good(str code)
{
    for (size_t i = 0; i < code.len; i++)
        if (code.ptr[i] < 'A' || code.ptr[i] > 'Z')
            return false;
    return code.len >= 2 && code.len <= 8;
}

static void check_currencies(struct ctx *ctx, const struct found_form *form)
{
    if (form->currency.len != 3 || !code_good(form->currency))
        (void)deed_wrong(ctx, "currency", NO_FIELD_NOT_A_CHOICE);
    check_range(ctx, "hour_limit", form->hour_floor, 0, 60 * 1000);
    check_range(ctx, "hour_ceiling", form->hour_ceiling, 0, 60 * 10000);
    if (!form->credits)
        return;
    if (!code_good(form->credit_code) || str_eq(form->credit_code, form->currency) ||
        str_eq(form->credit_code, S("HOUR")))
        (void)deed_wrong(ctx, "credit_code", NO_FIELD_WRONG);
    (void)member_check_line(ctx, "credit_name", form->credit_name, 40, true);
    check_range(ctx, "credit_limit", form->credit_floor, 0, 100000000);
    check_range(ctx, "credit_ceiling", form->credit_ceiling, 0, MONEY_MAX);
}

static void check_college(struct ctx *ctx, const struct found_form *form, size_t i, bool scic)
{
    const struct found_college *college = &form->colleges[i];
    const char *weight = found_field(ctx->arena, "weight", i, "");
    const char *name = found_field(ctx->arena, "college", i, "");

    (void)member_check_line(ctx, name, college->name, 40, true);
    for (size_t k = 0; k < i; k++)
        if (str_eq(form->colleges[k].name, college->name))
            (void)deed_wrong(ctx, name, NO_FIELD_TAKEN);
    if (scic && (college->percent < COLLEGE_LEAST || college->percent > COLLEGE_MOST))
        (void)deed_wrong(ctx, weight, NO_LAW_COLLEGE_WEIGHT);
    else
        check_range(ctx, weight, college->percent, 1, 99);
}

/* Colleges belong to the SCIC: three or more, none above 50 % nor under 10 % of the votes (loi
 * 47-1775 art. 19 octies); in a SCOP and in a co-operative of 1947 each member has one vote (art.
 * 1). An association's statutes may have them. */
static void check_votes(struct ctx *ctx, const struct found_form *form)
{
    const bool scic = str_eq(form->legal_form, S("scic"));
    int64_t sum = 0;

    check_range(ctx, "quorum", form->quorum_percent, 0, 100);
    if (form->colleges_n == 0)
        return;
    if (str_eq(form->legal_form, S("scop")) || str_eq(form->legal_form, S("coop47"))) {
        (void)deed_wrong(ctx, "college_0", NO_LAW_ONE_VOTE);
        return;
    }
    for (size_t i = 0; i < form->colleges_n; i++) {
        check_college(ctx, form, i, scic);
        sum += form->colleges[i].percent;
    }
    if (scic && form->colleges_n < SCIC_COLLEGES)
        (void)deed_wrong(ctx, "college_0", NO_LAW_COLLEGES_FEW);
    if (sum != 100)
        (void)deed_wrong_bound(ctx, "weight_0", NO_COLLEGES_SUM, sum);
}

static void check_share(struct ctx *ctx, const struct found_form *form)
{
    check_range(ctx, "share", form->share_minor, 0, 100000000);
    check_range(ctx, "share_least", form->share_least, 0, 1000);
}

static void check_fee(struct ctx *ctx, const struct found_form *form)
{
    const int64_t bp[] = {form->fee_running_bp, form->fee_reserve_bp, form->fee_solidarity_bp};
    int64_t sum = 0;

    for (size_t i = 0; i < 3; i++) {
        if (bp[i] < 0 || bp[i] > FEE_BP_MAX) {
            (void)deed_wrong_bound(ctx, "fee", NO_FIELD_OUT_OF_RANGE, FEE_BP_MAX / 100);
            return;
        }
        sum += bp[i];
    }
    if (sum > FEE_BP_MAX)
        (void)deed_wrong_bound(ctx, "fee", NO_FEE_TOO_HIGH, FEE_BP_MAX / 100);
}

static void check_bank(struct ctx *ctx, const struct found_form *form)
{
    struct iban iban;

    if (form->iban.len > 0 && iban_parse(form->iban, &iban) != YES)
        (void)deed_wrong(ctx, "iban", NO_FIELD_NOT_AN_IBAN);
    if (form->bic.len > 0 && bic_check(form->bic) != BIC_GOOD)
        (void)deed_wrong(ctx, "bic", NO_FIELD_WRONG);
}

static void check_founder(struct ctx *ctx, const struct found_form *form, size_t i)
{
    const struct founder *founder = &form->founders[i];
    const char *email = found_field(ctx->arena, "founder", i, "email");
    bool known = form->colleges_n == 0 || founder->college.len == 0;

    (void)member_check_line(ctx, found_field(ctx->arena, "founder", i, "name"), founder->name,
                            MEMBER_NAME_MAX, true);
    if (member_check_email(ctx, email, founder->email))
        for (size_t k = 0; k < i; k++)
            if (str_eq_nocase(form->founders[k].email, founder->email)) {
                (void)deed_wrong(ctx, email, NO_FIELD_TAKEN);
                break;
            }
    (void)member_check_line(ctx, found_field(ctx->arena, "founder", i, "trade"), founder->trade,
                            MEMBER_LINE_MAX, false);
    if (founder->password.len > 0)
        (void)member_check_password(ctx, found_field(ctx->arena, "founder", i, "password"),
                                    founder->password);
    for (size_t k = 0; k < form->colleges_n; k++)
        known = known || str_eq(form->colleges[k].name, founder->college);
    if (!known)
        (void)deed_wrong(ctx, found_field(ctx->arena, "founder", i, "college"),
                         NO_FIELD_NOT_A_CHOICE);
}

static void check_founders(struct ctx *ctx, const struct found_form *form, bool alone)
{
    const int64_t fewest = found_fewest(form->legal_form);

    for (size_t i = 0; i < form->founders_n; i++)
        check_founder(ctx, form, i);
    /* Of a whole form deed_found says this itself, after the fields. */
    if (alone && (int64_t)form->founders_n < fewest)
        (void)deed_wrong_bound(ctx, "founder_0_name", NO_NOT_ENOUGH_FOUNDERS, fewest);
}

void found_check(struct ctx *ctx, const struct found_form *form, int64_t step)
{
    static void (*const checks[])(struct ctx *, const struct found_form *) = {
        check_name,  check_legal_form, check_currencies, check_votes,
        check_share, check_fee,        check_bank};

    for (int64_t i = 1; i <= 7; i++)
        if (step == 0 || step == i)
            checks[i - 1](ctx, form);
    if (step == 0 || step == 8)
        check_founders(ctx, form, step == 8);
}
