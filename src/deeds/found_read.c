/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The texts of the founding wizard, read into the form of the founding.
 */
#include "base/money.h"
#include "base/utf8.h"
#include "deeds/found_draft.h"
#include "deeds/member.h"

#include <string.h>

static const struct unit books_unit = {.id = 1, .kind = UNIT_FIAT, .exponent = 2, .code = "EUR"};
static const struct unit hour_unit = {.id = 2, .kind = UNIT_TIME, .exponent = 0, .code = "HOUR"};

/* Everything a step's reader needs. */
struct reading {
    struct ctx *ctx;
    const struct found_draft *draft;
    struct found_form *form;
    bool tells; /* this step is looked at: wrong fields are noted */
};

static void wrong(const struct reading *reading, const char *field, no why)
{
    if (reading->tells)
        (void)deed_wrong(reading->ctx, field, why);
}

static str text_of(const struct reading *reading, const char *name)
{
    return str_trim(found_draft_get(reading->draft, name));
}

static int64_t number_of(const struct reading *reading, const char *name)
{
    int64_t value = -1;

    if (!str_to_int64(text_of(reading, name), &value))
        wrong(reading, name, NO_FIELD_NOT_A_NUMBER);
    return value;
}

/* What cannot be read is noted here; the value left behind passes the range check that follows. */
static int64_t amount_of(const struct reading *reading, const char *name, struct unit unit)
{
    int64_t minor = 0;
    const no answer = money_parse(text_of(reading, name), unit, &minor);

    if (answer != YES)
        wrong(reading, name, answer);
    return answer == YES ? minor : 0;
}

/* "5.2" or "5,2" percent as basis points. */
static int64_t percent_of(const struct reading *reading, const char *name)
{
    str text = text_of(reading, name);

    if (str_ends(text, S("%")))
        text = str_trim(str_sub(text, 0, text.len - 1));
    int64_t bp = 0;
    const no answer = money_parse(text, books_unit, &bp);

    if (answer != YES)
        wrong(reading, name, answer == NO_FIELD_MISSING ? answer : NO_FIELD_NOT_A_NUMBER);
    return answer == YES ? bp : 0;
}

static void read_name(const struct reading *reading)
{
    struct found_form *form = reading->form;

    form->lang = str_eq(text_of(reading, "lang"), S("en")) ? LANG_EN : LANG_FR;
    form->name = text_of(reading, "name");
    form->sentence = text_of(reading, "sentence");
    form->place = text_of(reading, "place");
    form->zone = text_of(reading, "zone");
    form->email = text_of(reading, "email");
    form->lat = form->lon = INT64_C(1) << 30;
    (void)str_to_int64(text_of(reading, "_lat"), &form->lat);
    (void)str_to_int64(text_of(reading, "_lon"), &form->lon);
}

static void read_legal_form(const struct reading *reading)
{
    reading->form->legal_form = text_of(reading, "legal_form");
}

static void read_currencies(const struct reading *reading)
{
    struct found_form *form = reading->form;

    form->currency = text_of(reading, "currency");
    form->hours = str_eq(text_of(reading, "hours"), S("1"));
    form->credits = str_eq(text_of(reading, "credits"), S("1"));
    form->credit_code = text_of(reading, "credit_code");
    form->credit_name = text_of(reading, "credit_name");
    if (form->hours) {
        form->hour_floor = amount_of(reading, "hour_limit", hour_unit);
        form->hour_ceiling = amount_of(reading, "hour_ceiling", hour_unit);
    }
    if (form->credits) {
        form->credit_floor = amount_of(reading, "credit_limit", books_unit);
        form->credit_ceiling = amount_of(reading, "credit_ceiling", books_unit);
    }
}

static void read_votes(const struct reading *reading)
{
    struct found_form *form = reading->form;
    struct arena *arena = reading->ctx->arena;
    struct found_college *colleges = arena_take_many(arena, FOUND_COLLEGES_MAX, sizeof *colleges);
    size_t n = 0;

    form->quorum_percent = number_of(reading, "quorum");
    for (size_t i = 0; colleges != NULL && i < FOUND_COLLEGES_MAX; i++) {
        const char *weight = found_field(arena, "weight", i, "");
        const str name = text_of(reading, found_field(arena, "college", i, ""));

        /* Lines are read in order, so that a wrong one is named by its own number. */
        if (name.len == 0 && text_of(reading, weight).len == 0)
            continue;
        if (n != i)
            wrong(reading, found_field(arena, "college", n, ""), NO_FIELD_MISSING);
        colleges[n++] = (struct found_college){name, number_of(reading, weight)};
    }
    form->colleges = colleges;
    form->colleges_n = n;
}

static void read_share(const struct reading *reading)
{
    reading->form->share_minor = amount_of(reading, "share", books_unit);
    reading->form->share_least = number_of(reading, "share_least");
}

static void read_fee(const struct reading *reading)
{
    reading->form->fee_running_bp = percent_of(reading, "fee_running");
    reading->form->fee_reserve_bp = percent_of(reading, "fee_reserve");
    reading->form->fee_solidarity_bp = percent_of(reading, "fee_solidarity");
}

/* Banks print the code of a bank in capitals; people type it as they like. */
static str capitals(struct arena *arena, str text)
{
    char *out = arena_take(arena, text.len);

    if (out == NULL)
        return STR_NONE;
    for (size_t i = 0; i < text.len; i++)
        out[i] = text.ptr[i] >= 'a' && text.ptr[i] <= 'z' ? (char)(text.ptr[i] - ('a' - 'A'))
                                                          : text.ptr[i];
    return (str){out, text.len};
}

static void read_bank(const struct reading *reading)
{
    reading->form->iban = text_of(reading, "iban");
    reading->form->bic = capitals(reading->ctx->arena, text_of(reading, "bic"));
}

size_t found_draft_rows(const struct found_draft *draft)
{
    const int64_t fewest = found_fewest(found_draft_get(draft, "legal_form"));
    int64_t rows = 0;

    if (!str_to_int64(found_draft_get(draft, "founders_n"), &rows) || rows < fewest)
        rows = fewest;
    return rows > FOUND_ROWS_MAX ? FOUND_ROWS_MAX : (size_t)rows;
}

static void read_founders(const struct reading *reading)
{
    struct arena *arena = reading->ctx->arena;
    const size_t rows = found_draft_rows(reading->draft);
    struct founder *founders = arena_take_many(arena, rows, sizeof *founders);
    size_t n = 0;

    for (size_t i = 0; founders != NULL && i < rows; i++) {
        struct founder one = {.name = text_of(reading, found_field(arena, "founder", i, "name")),
                              .email = text_of(reading, found_field(arena, "founder", i, "email")),
                              .trade = text_of(reading, found_field(arena, "founder", i, "trade")),
                              .college =
                                  text_of(reading, found_field(arena, "founder", i, "college"))};

        if (n == 0) {
            one.password_hash = found_draft_get(reading->draft, "_password");
            if (one.password_hash.len == 0)
                wrong(reading, "founder_0_password", NO_FIELD_MISSING);
        }
        /* Lines left empty at the end are no founders; in the middle they are named as missing. */
        if (one.name.len == 0 && one.email.len == 0 && i > 0) {
            bool later = false;

            for (size_t k = i + 1; k < rows; k++)
                later = later || text_of(reading, found_field(arena, "founder", k, "name")).len > 0;
            if (!later)
                break;
        }
        founders[n++] = one;
    }
    reading->form->founders = founders;
    reading->form->founders_n = n;
}

static void read_keys(const struct reading *reading)
{
    if (!str_eq(text_of(reading, "keys"), S("1")))
        wrong(reading, "keys", NO_FIELD_MISSING);
}

/* A field that cannot be read is also out of range: it is named once, by what was noted first. */
static void each_once(struct ctx *ctx)
{
    size_t kept = 0;

    for (size_t i = 0; i < ctx->wrongs_n; i++) {
        bool said = false;

        for (size_t k = 0; k < kept; k++)
            said = said || strcmp(ctx->wrongs[k].field, ctx->wrongs[i].field) == 0;
        if (!said)
            ctx->wrongs[kept++] = ctx->wrongs[i];
    }
    ctx->wrongs_n = kept;
}

void found_draft_form(struct ctx *ctx, const struct found_draft *draft, int64_t step,
                      struct found_form *form)
{
    static void (*const readers[])(const struct reading *) = {
        read_name, read_legal_form, read_currencies, read_votes, read_share,
        read_fee,  read_bank,       read_founders,   read_keys};

    *form = (struct found_form){.demonstration = false};
    for (int64_t i = 1; i <= 9; i++) {
        const struct reading reading = {ctx, draft, form, step == 0 || step == i};

        readers[i - 1](&reading);
    }
    if (step == 0)
        for (int64_t i = 1; i <= 8; i++)
            found_check(ctx, form, i);
    else
        found_check(ctx, form, step);
    each_once(ctx);
}
