/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The deed around an import: whose it is, in which money, all or nothing, and what is told of it.
 */
#include "deeds/import_in.h"

#include "deeds/offer_index.h"

#include <string.h>

enum { WAIT_DAYS = 1 };

static const char *const names[IMPORT_SOURCES] = {"inside-airbnb", "woocommerce", "members"};

const char *import_source_name(enum import_source source)
{
    return names[source];
}

bool import_source_of(str name, enum import_source *source)
{
    for (enum import_source i = IMPORT_AIRBNB; i < IMPORT_SOURCES; i++)
        if (str_eq(name, str_of(names[i]))) {
            *source = i;
            return true;
        }
    return false;
}

static bool may_import(const struct ctx *ctx)
{
    return ctx->actor.console || actor_has(ctx, ROLE_FACILITATOR);
}

/* --- the money of the file --- */

/* Digits behind the comma of the moneys that have not two (ISO 4217, list one). */
static unsigned exponent_of(str code)
{
    const str none = S("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"),
              three = S("BHD IQD JOD KWD LYD OMR TND");

    if (code.len != 3)
        return 2;
    return str_find(none, code) < none.len ? 0 : str_find(three, code) < three.len ? 3 : 2;
}

static bool code_good(str code)
{
    for (size_t i = 0; i < code.len; i++)
        if (!((code.ptr[i] >= 'A' && code.ptr[i] <= 'Z') ||
              (code.ptr[i] >= '0' && code.ptr[i] <= '9')))
            return false;
    return code.len >= 2 && code.len <= 8;
}

/* Nobody's word, nobody's price: a city's listings are in its own money, which the file does not
 * name, so they come without prices rather than with wrong ones. A shop's products are those of a
 * member of this co-op. */
static void no_money_named(struct import_job *job)
{
    job->exponent = job->books->unit.exponent;
    job->form->without_prices = job->form->source == IMPORT_AIRBNB;
    job->form->in_books = job->form->source == IMPORT_WOOCOMMERCE;
}

static no choose_money(struct ctx *ctx, struct import_job *job)
{
    struct import_form *form = job->form;
    const str typed = str_trim(form->currency), books = str_of(job->books->unit.code);
    const bool has_rate = str_trim(form->rate).len > 0;

    if (has_rate) {
        const no parsed = rate_parse(str_trim(form->rate), &job->rate);

        if (parsed != YES)
            return deed_wrong(ctx, "rate", parsed);
        if (str_eq(str_of(job->rate.code), books))
            return deed_wrong(ctx, "rate", NO_FIELD_WRONG);
    }
    if (typed.len > 0 && !code_good(typed))
        return deed_wrong(ctx, "currency", NO_FIELD_NOT_A_CHOICE);
    const str code = typed.len > 0 ? typed : has_rate ? str_of(job->rate.code) : STR_NONE;

    if (code.len == 0)
        return no_money_named(job), YES;
    form->in_books = str_eq(code, books);
    job->converts = !form->in_books;
    job->exponent = form->in_books ? job->books->unit.exponent : exponent_of(code);
    if (job->converts && (!has_rate || !str_eq(str_of(job->rate.code), code))) {
        (void)deed_wrong(ctx, "rate", NO_RATE_MISSING);
        return NO_RATE_MISSING;
    }
    return YES;
}

/* --- whose shop --- */

static no choose_seller(struct ctx *ctx, struct import_job *job)
{
    str handle = str_trim(job->form->seller);

    if (job->form->source != IMPORT_WOOCOMMERCE)
        return YES;
    if (handle.len > 0 && handle.ptr[0] == '@')
        handle = str_sub(handle, 1, handle.len);
    const no found = handle.len == 0
                         ? sql_import_facilitator(ctx->db, ctx->arena, &job->seller)
                         : sql_import_member_by_handle(ctx->db, ctx->arena, handle, &job->seller);

    if (found == NO_NOT_FOUND || (found == YES && job->seller.status != 2))
        return deed_wrong(ctx, "seller", NO_FIELD_NOT_A_CHOICE);
    return found;
}

/* --- one pass over a file --- */

void import_refuse(struct import_job *job, uint32_t line, const char *field, no why)
{
    struct import_form *form = job->form;

    if (form->lines_n < IMPORT_LISTED_MAX)
        job->lines[form->lines_n++] = (struct import_refused){line, field, why};
    form->refused++;
}

static void count(struct import_form *form, enum import_did did)
{
    form->added += did == IMPORT_ADDED;
    form->changed += did == IMPORT_CHANGED;
    form->same += did == IMPORT_SAME;
}

static void tell_progress(const struct import_pass *pass)
{
    struct import_job *job = pass->job;
    const int64_t at = (int64_t)pass->csv->at, all = (int64_t)job->form->bytes.len;

    if (job->form->progress == NULL || pass->quiet || (at - job->done_at < all / 200 && at < all))
        return;
    job->done_at = at;
    job->form->progress(job->form->self, at, all);
}

/* What `take` refused: its first wrong field names the column. */
static void refuse_taken(struct ctx *ctx, struct import_pass *pass, no why)
{
    const char *field = ctx->wrongs_n > 0 ? ctx->wrongs[0].field : NULL;

    import_refuse(pass->job, pass->line, field, ctx->wrongs_n > 0 ? ctx->wrongs[0].why : why);
    ctx->wrongs_n = 0;
}

static no take_line(struct ctx *ctx, struct import_pass *pass)
{
    const size_t made_n = pass->job->made_n;
    const no taken = deed_try(ctx, pass->take, pass);

    if (no_is_fault(taken) || arena_overflowed(ctx->arena))
        return taken == YES ? NO_TOO_LARGE : taken;
    if (taken != YES) {
        pass->job->made_n = made_n; /* its categories went with it */
        refuse_taken(ctx, pass, taken);
    } else if (pass->counts)
        count(pass->job->form, pass->did);
    return YES;
}

no import_pass(struct ctx *ctx, struct import_pass *pass)
{
    for (;;) {
        const size_t mark = arena_mark(ctx->arena);
        struct csv_wrong wrong = {0};
        const no read = pass->next(pass, ctx, &wrong);

        pass->did = IMPORT_SKIPPED;
        if (read == NO_NOT_FOUND)
            return YES;
        if (read == YES)
            TRY(take_line(ctx, pass));
        else if (no_is_fault(read) || arena_overflowed(ctx->arena))
            return read;
        else if (!pass->quiet)
            import_refuse(pass->job, wrong.line, wrong.field, wrong.why);
        arena_rewind(ctx->arena, mark);
        tell_progress(pass);
        if (read != YES && read != NO_FILE_LINES_REFUSED)
            return YES; /* cut or broken here: the rest cannot be read */
    }
}

/* --- the deed --- */

static no prepare(struct ctx *ctx, struct import_job *job)
{
    const struct import_form *form = job->form;

    job->house = ctx_house(ctx);
    if (job->house->state == HOUSE_FOUNDING && job->house->units_n == 0)
        return NO_NOT_FOUNDED;
    job->books = &job->house->units[0];
    job->lines = arena_take_many(ctx->arena, IMPORT_LISTED_MAX, sizeof *job->lines);
    job->form->lines = job->lines;
    TRY(choose_money(ctx, job));
    TRY(choose_seller(ctx, job));
    size_t rows = 1;

    for (size_t i = 0; i < form->bytes.len; i++)
        rows += form->bytes.ptr[i] == '\n' || form->bytes.ptr[i] == '\r';
    if (rows > form->bytes.len / 4 + 1)
        rows = form->bytes.len / 4 + 1;
    if (rows > IMPORT_LINES_MAX)
        return NO_TOO_LARGE;
    job->seen.room = 64;
    while (job->seen.room < rows + rows / 2)
        job->seen.room *= 2;
    job->seen.keys = arena_take_many(ctx->arena, job->seen.room, sizeof *job->seen.keys);
    job->reindex_room = form->source == IMPORT_WOOCOMMERCE ? rows : 0;
    job->reindex = arena_take_many(ctx->arena, job->reindex_room, sizeof *job->reindex);
    return job->lines == NULL || job->seen.keys == NULL || job->reindex == NULL ? NO_TOO_LARGE
                                                                                : YES;
}

static no bring_in(struct ctx *ctx, struct import_job *job)
{
    struct import_form *form = job->form;
    uint8_t sha[HASH_SIZE];
    int64_t run;

    switch (form->source) {
    case IMPORT_AIRBNB:
        TRY(import_listings(ctx, job));
        break;
    case IMPORT_WOOCOMMERCE:
        TRY(import_products(ctx, job));
        break;
    case IMPORT_MEMBERS:
        TRY(import_members(ctx, job));
        break;
    case IMPORT_SOURCES:
        return NO_BAD_REQUEST;
    }
    if (form->refused > 0 && !form->keep_good)
        return NO_FILE_LINES_REFUSED;
    if (job->made_n > 0 && !form->dry_run)
        ctx->world->house_changed(ctx->world->self);
    hash_sha256(form->bytes.ptr, form->bytes.len, sha);
    return sql_import_run_put(ctx->db, str_of(names[form->source]),
                              (str){(const char *)sha, sizeof sha}, ctx->actor.member, form->added,
                              form->changed, form->same, form->refused, ctx->now_ns, &run);
}

/* A dry run does everything, then refuses its own savepoint. */
struct rehearsal {
    struct import_job *job;
    no answer;
};

static no rehearse(struct ctx *ctx, void *self)
{
    struct rehearsal *rehearsal = self;

    rehearsal->answer = bring_in(ctx, rehearsal->job);
    return NO_STOPPING;
}

static no import(struct ctx *ctx, void *job_)
{
    struct import_job *job = job_;
    struct rehearsal rehearsal = {.job = job};

    TRY(prepare(ctx, job));
    if (!job->form->dry_run)
        return bring_in(ctx, job);
    const no undone = deed_try(ctx, rehearse, &rehearsal);

    return undone == NO_STOPPING ? rehearsal.answer : undone;
}

/* The words of a category that came with this file are known to the index only now. */
static no index_again(struct ctx *ctx, void *job_)
{
    const struct import_job *job = job_;

    for (size_t i = 0; i < job->reindex_n; i++) {
        const size_t mark = arena_mark(ctx->arena);

        TRY(offer_index(ctx, job->reindex[i]));
        arena_rewind(ctx->arena, mark);
    }
    return YES;
}

no deed_import(struct ctx *ctx, struct import_form *form)
{
    struct import_job *job = arena_take(ctx->arena, sizeof *job);

    if (!may_import(ctx))
        return NO_NOT_ALLOWED;
    if (job == NULL || form->bytes.len > IMPORT_FILE_MAX)
        return NO_TOO_LARGE;
    job->form = form;
    form->added = form->changed = form->same = form->refused = 0;
    form->lines_n = 0;
    form->without_prices = form->in_books = false;
    TRY(deed_run(ctx, import, job));
    return form->dry_run || job->reindex_n == 0 ? YES : deed_run(ctx, index_again, job);
}

/* --- the desk --- */

static str or_empty(str s)
{
    return s.ptr == NULL ? S("") : s;
}

static no keep(struct ctx *ctx, void *form_)
{
    struct import_keep_form *kept = form_;
    const struct import_form *form = kept->form;
    const int64_t day = INT64_C(86400) * 1000000000;

    if (!may_import(ctx) || ctx->actor.member == 0)
        return NO_NOT_ALLOWED;
    TRY(sql_import_file_clean(ctx->db, ctx->actor.member, ctx->now_ns - WAIT_DAYS * day));
    kept->uid = import_uid(ctx);
    return sql_import_file_put(
        ctx->db, kept->uid.bytes, ctx->actor.member, str_of(names[form->source]),
        or_empty(kept->name), or_empty(form->rate), or_empty(form->currency),
        or_empty(form->seller), form->keep_good, form->admit, form->bytes, ctx->now_ns);
}

no deed_import_keep(struct ctx *ctx, struct import_keep_form *form)
{
    return deed_run(ctx, keep, form);
}

no view_import_kept(struct ctx *ctx, uid file, struct import_form *form, str *name)
{
    struct sql_import_file row;
    enum import_source source;

    TRY(sql_import_file_get(ctx->db, ctx->arena, file.bytes, &row));
    if (row.actor != ctx->actor.member || !import_source_of(row.source, &source))
        return NO_NOT_FOUND;
    *form = (struct import_form){.source = source,
                                 .bytes = row.bytes,
                                 .rate = row.rate,
                                 .currency = row.currency,
                                 .seller = row.seller,
                                 .keep_good = row.keep_good,
                                 .admit = row.admit};
    *name = row.name;
    return YES;
}

static no forget(struct ctx *ctx, void *uid_)
{
    const uid *name = uid_;
    int64_t dropped;

    TRY(sql_import_file_drop(ctx->db, name->bytes, ctx->actor.member, &dropped));
    return dropped > 0 ? YES : NO_NOT_FOUND;
}

no deed_import_forget(struct ctx *ctx, uid file)
{
    return deed_run(ctx, forget, &file);
}

no view_import_runs(struct ctx *ctx, int64_t most, struct sql_import_run **runs, size_t *runs_n)
{
    if (!may_import(ctx))
        return NO_NOT_ALLOWED;
    return sql_import_run_list(ctx->db, ctx->arena, most, runs, runs_n);
}

no view_import_member(struct ctx *ctx, str handle, struct sql_import_member *member)
{
    if (!may_import(ctx))
        return NO_NOT_ALLOWED;
    return sql_import_member_by_handle(ctx->db, ctx->arena, handle, member);
}
