/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * /desk/import: a file is sent, tried out and kept; its report has the button that brings it in. So
 * nobody sends a file twice, and nothing comes in that was not looked at.
 */
#include "deeds/import.h"

#include "deeds/house.h"
#include "doors/http/account.h"
#include "doors/http/rooms.h"
#include "pages/page_desk.h"
#include "pages/page_import.h"
#include "pages/page_login.h"

enum { IMPORT_MEMORY = 48 << 20, MEGABYTE = 1 << 20 };

static const struct {
    enum lang_key name, hint;
} sources[IMPORT_SOURCES] = {{T_import_airbnb, T_import_airbnb_hint},
                             {T_import_woocommerce, T_import_woocommerce_hint},
                             {T_import_members, T_import_members_hint}};

/* --- a deed with more memory than a request has --- */

/* Runs `deed` with the request's context on an arena of its own; what it leaves there is read by
 * `look`, which copies what the page needs. */
static no with_memory(struct http_req *req,
                      no (*work)(struct http_req *req, struct arena *small, void *self), void *self)
{
    struct arena large, *small = req->ctx.arena;

    if (!arena_init(&large, IMPORT_MEMORY))
        return NO_OUT_OF_MEMORY;
    req->ctx.arena = &large;
    const no answer = work(req, small, self);

    req->ctx.arena = small;
    arena_release(&large);
    return answer;
}

/* --- the form --- */

static str typed_field(struct http_req *req, const char *name)
{
    const str value = str_trim(http_field(req, name));

    return value.ptr == NULL ? S("") : value;
}

static no fill_runs(struct http_req *req, struct import_page *view)
{
    struct sql_import_run *rows;
    size_t rows_n;

    TRY(view_import_runs(&req->ctx, IMPORT_RUNS_SHOWN, &rows, &rows_n));
    struct import_past *runs = arena_take_many(req->ctx.arena, rows_n, sizeof *runs);

    if (runs == NULL)
        return NO_OUT_OF_MEMORY;
    for (size_t i = 0; i < rows_n; i++) {
        enum import_source source = IMPORT_MEMBERS;

        (void)import_source_of(rows[i].source, &source);
        runs[i] = (struct import_past){.source = sources[source].name,
                                       .added = rows[i].added,
                                       .changed = rows[i].changed,
                                       .same = rows[i].same,
                                       .refused = rows[i].refused,
                                       .when = frame_moment(req, rows[i].at_ns)};
    }
    view->runs = runs;
    view->runs_n = rows_n;
    return YES;
}

static no show(struct http_req *req, int status, str where)
{
    static const struct frame_label labels[] = {
        {"source", T_import_source}, {"file", T_import_file},     {"currency", T_import_currency},
        {"rate", T_import_rate},     {"seller", T_import_seller}, {NULL, T_import_source}};
    struct import_choice choices[IMPORT_SOURCES];
    const str chosen = http_field(req, "source");
    struct import_page view = {.currency = http_field(req, "currency"),
                               .rate = http_field(req, "rate"),
                               .seller = http_field(req, "seller"),
                               .where = where,
                               .admit = http_field_present(req, "admit"),
                               .sources = choices,
                               .sources_n = IMPORT_SOURCES,
                               .most_mb = HTTP_FILE_MAX / MEGABYTE};
    struct page page;
    struct buf out;

    for (enum import_source i = IMPORT_AIRBNB; i < IMPORT_SOURCES; i++) {
        const char *name = import_source_name(i);

        choices[i] = (struct import_choice){.value = name,
                                            .name = sources[i].name,
                                            .hint = sources[i].hint,
                                            .chosen = str_eq(chosen, str_of(name))};
    }
    TRY(fill_runs(req, &view));
    frame_errors(req, labels, &view.errors);
    view.title = account_title(req, T_import_title, view.errors.list_n > 0);
    frame_page(req, &page);
    frame_buf(req, &out);
    page_import_page(&out, &page, &view);
    return http_html(req, status, &out);
}

no http_import_get(struct http_req *req)
{
    return show(req, 200, STR_NONE);
}

/* --- sending --- */

static str upper(struct http_req *req, str text)
{
    char *out = arena_take(req->ctx.arena, text.len + 1);

    if (out == NULL)
        return S("");
    for (size_t i = 0; i < text.len; i++)
        out[i] = text.ptr[i] >= 'a' && text.ptr[i] <= 'z' ? (char)(text.ptr[i] - 'a' + 'A')
                                                          : text.ptr[i];
    return (str){out, text.len};
}

/* "SEK" and "0,088" typed in two fields are the rate SEK=0,088. */
static str rate_of(struct http_req *req, str currency)
{
    const str typed = typed_field(req, "rate");
    struct buf out;

    if (typed.len == 0 || str_find_char(typed, '=') < typed.len)
        return typed;
    buf_init(&out, req->ctx.arena, typed.len + currency.len + 2);
    buf_put(&out, currency);
    buf_put_char(&out, '=');
    buf_put(&out, typed);
    return buf_str(&out);
}

static no read_form(struct http_req *req, struct import_form *form, str *name)
{
    const struct http_file *file = http_file(req, "file", 0);

    *form = (struct import_form){.currency = upper(req, typed_field(req, "currency")),
                                 .seller = typed_field(req, "seller"),
                                 .admit = http_field_present(req, "admit"),
                                 .dry_run = true,
                                 .keep_good = true};
    form->rate = rate_of(req, form->currency);
    if (form->rate.len > 0 && form->currency.len == 0 && form->rate.ptr[0] == '=')
        (void)deed_wrong(&req->ctx, "currency", NO_FIELD_MISSING);
    if (!import_source_of(http_field(req, "source"), &form->source))
        (void)deed_wrong(&req->ctx, "source", NO_FIELD_NOT_A_CHOICE);
    if (file == NULL || file->bytes.len == 0)
        (void)deed_wrong(&req->ctx, "file", NO_FIELD_MISSING);
    if (req->ctx.wrongs_n > 0)
        return NO_BAD_FIELDS;
    form->bytes = file->bytes;
    *name = file->name;
    return YES;
}

struct tried {
    struct import_form *form;
    bool unreadable; /* the whole file */
    str where;       /* "line 1, price" */
};

static str where_of(struct http_req *req, struct arena *arena, const struct import_refused *line)
{
    const str word = frame_text(req, T_import_line);
    struct buf out;

    buf_init(&out, arena, 64);
    buf_put(&out, word);
    buf_printf(&out, " %u", (unsigned)line->line);
    if (line->field != NULL)
        buf_printf(&out, ", %s", line->field);
    return buf_str(&out);
}

static no try_form(struct http_req *req, struct arena *small, void *tried_)
{
    struct tried *tried = tried_;
    const no answer = deed_import(&req->ctx, tried->form);

    tried->unreadable = answer != YES && tried->form->lines_n > 0;
    if (tried->unreadable)
        tried->where = where_of(req, small, &tried->form->lines[0]);
    return answer;
}

no http_import_post(struct http_req *req)
{
    struct import_form form;
    struct import_keep_form kept = {.form = &form};

    if (read_form(req, &form, &kept.name) != YES)
        return show(req, 422, STR_NONE);
    struct tried tried = {.form = &form};
    const no answer = with_memory(req, try_form, &tried);

    if (tried.unreadable)
        (void)deed_wrong(&req->ctx, "file", answer);
    if (answer == NO_BAD_FIELDS || answer == NO_RATE_MISSING || tried.unreadable)
        return show(req, 422, tried.where);
    TRY(answer);
    TRY(deed_import_keep(&req->ctx, &kept));
    struct buf path;
    char name[36];

    uid_write(kept.uid, name);
    buf_init(&path, req->ctx.arena, 64);
    buf_put(&path, S("/desk/import/"));
    buf_put_bytes(&path, name, sizeof name);
    return http_redirect(req, buf_str(&path));
}

/* --- the report --- */

struct look {
    uid file;
    bool dry_run;
    struct import_report *view;
    no answer;
};

static void copy_lines(struct http_req *req, const struct import_form *form,
                       struct import_report *view)
{
    const size_t n = form->lines_n < IMPORT_LINES_SHOWN ? form->lines_n : IMPORT_LINES_SHOWN;
    struct import_bad *lines = arena_take_many(req->ctx.arena, n, sizeof *lines);

    for (size_t i = 0; lines != NULL && i < n; i++)
        lines[i] =
            (struct import_bad){.line = frame_digits(req, form->lines[i].line),
                                .field = arena_str(req->ctx.arena, str_of(form->lines[i].field)),
                                .why = frame_no_text(req, form->lines[i].why)};
    view->lines = lines;
    view->lines_n = lines == NULL ? 0 : n;
    view->more = form->refused - (int64_t)view->lines_n;
}

static void fill_report(struct http_req *req, const struct import_form *form, str name, no answer,
                        struct import_report *view)
{
    *view = (struct import_report){
        .file = view->file,
        .name = arena_str(req->ctx.arena, name),
        .money = arena_str(req->ctx.arena, str_of(ctx_house(&req->ctx)->units[0].unit.code)),
        .source = sources[form->source].name,
        .added = form->added,
        .changed = form->changed,
        .same = form->same,
        .refused = form->refused,
        .good = answer == YES ? form->added + form->changed : 0,
        .unreadable = answer != YES,
        .nothing = answer == YES && form->added + form->changed + form->refused == 0,
        .without_prices = form->without_prices,
        .in_books = form->in_books && form->source == IMPORT_WOOCOMMERCE};
    copy_lines(req, form, view);
}

/* Reads the kept file and runs it; the answer of a file that cannot be read is for the report. */
static no run_kept(struct http_req *req, struct arena *small, void *look_)
{
    struct look *look = look_;
    struct arena *large = req->ctx.arena;
    struct import_form form;
    str name;

    TRY(view_import_kept(&req->ctx, look->file, &form, &name));
    form.dry_run = look->dry_run;
    form.keep_good = true;
    look->answer = deed_import(&req->ctx, &form);
    if (look->answer != YES && form.lines_n == 0)
        return look->answer;
    req->ctx.arena = small;
    fill_report(req, &form, name, look->answer, look->view);
    req->ctx.arena = large;
    return YES;
}

static no read_file_name(struct http_req *req, uid *file)
{
    return uid_parse(http_param(req, "file"), file) ? YES : NO_NOT_FOUND;
}

static no show_report(struct http_req *req, struct import_report *view, int status)
{
    struct page page;
    struct buf out;

    view->title = account_title(req, T_import_report, view->unreadable);
    frame_page(req, &page);
    frame_buf(req, &out);
    page_import_report(&out, &page, view);
    return http_html(req, status, &out);
}

no http_import_look(struct http_req *req)
{
    struct import_report view = {.file = http_param(req, "file")};
    struct look look = {.dry_run = true, .view = &view};

    TRY(read_file_name(req, &look.file));
    TRY(with_memory(req, run_kept, &look));
    return show_report(req, &view, 200);
}

no http_import_bring(struct http_req *req)
{
    struct import_report view = {.file = http_param(req, "file")};
    struct look look = {.dry_run = false, .view = &view};

    TRY(read_file_name(req, &look.file));
    if (str_eq(http_field(req, "do"), S("drop"))) {
        TRY(deed_import_forget(&req->ctx, look.file));
        return account_done(req, T_import_dropped, S("/desk/import"));
    }
    if (!str_eq(http_field(req, "do"), S("bring")))
        return NO_BAD_REQUEST;
    TRY(with_memory(req, run_kept, &look));
    if (look.answer != YES)
        return show_report(req, &view, 422);
    TRY(deed_import_forget(&req->ctx, look.file));
    return account_done(req, T_import_done, S("/desk/import"));
}
