/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/http/found.h"
#include "base/time.h"
#include "deeds/found_draft.h"
#include "deeds/house.h"
#include "deeds/member.h"
#include "doors/http/account.h"
#include "doors/http/rooms.h"
#include "doors/http/session.h"
#include "pages/page_found.h"

static const char cookie_name[] = "found";
enum { COOKIE_DAYS = 60, FIELDS_MAX = 64 };

/* --- before anything is founded --------------------------------------------------------------- */

no found_gate(struct http_req *req, bool *answered)
{
    static const char *const open[] = {"/found", "/found/*", "/about", "/about/*",
                                       "/account/display"};

    if (ctx_house(&req->ctx)->state != HOUSE_FOUNDING)
        return YES;
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++) {
        const str pattern = str_of(open[i]);

        if (str_ends(pattern, S("*")) ? str_starts(req->path, str_sub(pattern, 0, pattern.len - 1))
                                      : str_eq(req->path, pattern))
            return YES;
    }
    *answered = true;
    return http_redirect(req, S("/found"));
}

/* --- the pages -------------------------------------------------------------------------------- */

static no show(struct http_req *req, int status, const struct found_view *view,
               void (*put)(struct buf *, const struct page *, const struct found_view *))
{
    struct page page;
    struct buf out;

    http_private(req);
    frame_page(req, &page);
    frame_buf(req, &out);
    put(&out, &page, view);
    return http_html(req, status, &out);
}

static str title_of(struct http_req *req, enum lang_key key)
{
    return account_title(req, key, false);
}

static no to_step(struct http_req *req, int64_t step)
{
    struct buf path;

    buf_init(&path, req->ctx.arena, 24);
    buf_put(&path, S("/found/step/"));
    buf_put_int(&path, step);
    return http_redirect(req, buf_str(&path));
}

/* Which steps are right; bit N for step N. Leaves no wrong field behind. */
static unsigned steps_done(struct http_req *req, const struct found_draft *draft)
{
    unsigned done = 0;

    for (int64_t step = 1; step <= 9; step++) {
        struct found_form form;

        found_draft_form(&req->ctx, draft, step, &form);
        if (req->ctx.wrongs_n == 0)
            done |= 1U << step;
        req->ctx.wrongs_n = 0;
    }
    return done;
}

no http_found(struct http_req *req)
{
    struct found_draft draft;
    int64_t step = 1;

    if (ctx_house(&req->ctx)->state != HOUSE_FOUNDING)
        return http_redirect(req, S("/"));
    const no may = view_found_draft(&req->ctx, http_cookie(req, cookie_name), &draft);

    if (may == NO_NOT_ALLOWED)
        return show(req, 200, &(struct found_view){.title = title_of(req, T_found_closed_title)},
                    page_found_closed);
    TRY(may);
    const unsigned done = steps_done(req, &draft);

    while (step < FOUND_STEPS && (done & 1U << step) != 0)
        step++;
    return to_step(req, step);
}

no http_found_link_get(struct http_req *req)
{
    struct link link;
    const str token = http_param(req, "token");

    if (ctx_house(&req->ctx)->state != HOUSE_FOUNDING)
        return http_redirect(req, S("/"));
    TRY(view_link(&req->ctx, token, &link));
    return show(req, 200,
                &(struct found_view){.title = title_of(req, T_found_link_title), .token = token},
                page_found_link);
}

no http_found_link_post(struct http_req *req)
{
    struct found_begin form = {.token = http_param(req, "token")};

    TRY(deed_found_begin(&req->ctx, &form));
    http_set_cookie(req, cookie_name, (str){form.cookie, sizeof form.cookie},
                    COOKIE_DAYS * S_PER_DAY);
    return http_redirect(req, S("/found"));
}

no http_found_left(struct http_req *req)
{
    return show(req, 200, &(struct found_view){.title = title_of(req, T_found_left_title)},
                page_found_left);
}

/* --- one step --------------------------------------------------------------------------------- */

static const enum lang_key step_names[FOUND_STEPS + 1] = {
    T_found_s1, T_found_s1, T_found_s2, T_found_s3, T_found_s4, T_found_s5,
    T_found_s6, T_found_s7, T_found_s8, T_found_s9, T_found_s10};

/* The fields of each step but the lines of colleges and founders, which are counted. */
static const char *const step_fields[FOUND_STEPS + 1][11] = {
    [1] = {"lang", "name", "sentence", "place", "zone", "email"},
    [2] = {"legal_form"},
    [3] = {"currency", "hours", "hour_limit", "hour_ceiling", "credits", "credit_code",
           "credit_name", "credit_limit", "credit_ceiling"},
    [4] = {"quorum"},
    [5] = {"share", "share_least"},
    [6] = {"fee_running", "fee_reserve", "fee_solidarity", "sample"},
    [7] = {"iban", "bic"},
    [8] = {NULL},
    [9] = {"keys"},
};

/* The label of a field; those of counted lines go by what the line is. */
static enum lang_key label_of(str field)
{
    static const struct {
        const char *end;
        enum lang_key label;
    } known[] = {{"legal_form", T_found_legal_form},
                 {"currency", T_found_currency},
                 {"sentence", T_found_sentence},
                 {"place", T_found_place},
                 {"zone", T_found_zone},
                 {"hour_limit", T_found_hour_limit},
                 {"hour_ceiling", T_found_hour_ceiling},
                 {"credit_code", T_found_credit_code},
                 {"credit_name", T_found_credit_name},
                 {"credit_limit", T_found_credit_limit},
                 {"credit_ceiling", T_found_credit_ceiling},
                 {"quorum", T_found_quorum},
                 {"share", T_found_share},
                 {"share_least", T_found_share_least},
                 {"fee_running", T_found_fee_running},
                 {"fee_reserve", T_found_fee_reserve},
                 {"fee_solidarity", T_found_fee_solidarity},
                 {"iban", T_found_iban},
                 {"bic", T_found_bic},
                 {"keys", T_found_s9},
                 {"_name", T_found_founder_name},
                 {"_email", T_found_founder_email},
                 {"_trade", T_found_founder_trade},
                 {"_college", T_found_founder_college},
                 {"_password", T_found_password},
                 {"name", T_found_name},
                 {"email", T_found_email}};

    if (str_starts(field, S("college_")))
        return T_found_college;
    if (str_starts(field, S("weight_")))
        return T_found_weight;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (str_ends(field, str_of(known[i].end)))
            return known[i].label;
    return T_found_s6;
}

static no fill_errors(struct http_req *req, struct found_view *view)
{
    struct frame_label labels[WRONGS_MAX + 1];
    size_t n = 0;

    for (; n < req->ctx.wrongs_n; n++)
        labels[n] = (struct frame_label){req->ctx.wrongs[n].field,
                                         label_of(str_of(req->ctx.wrongs[n].field))};
    labels[n] = (struct frame_label){.field = NULL};
    frame_errors(req, labels, &view->errors);
    req->ctx.wrongs_n = 0;
    return YES;
}

static no fill_values(struct http_req *req, const struct found_draft *draft,
                      struct found_view *view)
{
    struct found_value *values = arena_take_many(req->ctx.arena, FIELDS_MAX, sizeof *values);

    if (values == NULL)
        return NO_OUT_OF_MEMORY;
    /* The last page shows every step's. */
    for (size_t step = 1; step <= FOUND_STEPS; step++)
        for (size_t i = 0; i < 11 && step_fields[step][i] != NULL; i++)
            values[view->values_n++] = (struct found_value){
                step_fields[step][i], found_draft_get(draft, step_fields[step][i])};
    view->values = values;
    return YES;
}

static no fill_steps(struct http_req *req, const struct found_draft *draft, struct found_view *view)
{
    struct found_step *steps = arena_take_many(req->ctx.arena, FOUND_STEPS, sizeof *steps);
    const unsigned done = steps_done(req, draft);

    if (steps == NULL)
        return NO_OUT_OF_MEMORY;
    for (int64_t i = 1; i <= FOUND_STEPS; i++)
        steps[i - 1] = (struct found_step){.number = i,
                                           .name = step_names[i],
                                           .done = (done & 1U << i) != 0,
                                           .here = i == view->step};
    view->steps = steps;
    view->steps_n = FOUND_STEPS;
    view->ready = done == 0x3fe;
    return YES;
}

static no fill_colleges(struct http_req *req, const struct found_draft *draft,
                        struct found_view *view)
{
    struct arena *arena = req->ctx.arena;
    struct found_college_row *rows = arena_take_many(arena, FOUND_COLLEGES_MAX, sizeof *rows);

    if (rows == NULL)
        return NO_OUT_OF_MEMORY;
    for (size_t i = 0; i < FOUND_COLLEGES_MAX; i++) {
        rows[i] = (struct found_college_row){.number = (int64_t)i + 1,
                                             .name_field = found_field(arena, "college", i, ""),
                                             .weight_field = found_field(arena, "weight", i, "")};
        rows[i].name = found_draft_get(draft, rows[i].name_field);
        rows[i].weight = found_draft_get(draft, rows[i].weight_field);
        if (rows[i].name.len > 0 || view->step == 4)
            view->colleges_n = FOUND_COLLEGES_MAX;
    }
    view->colleges = rows;
    return YES;
}

static no fill_founders(struct http_req *req, const struct found_draft *draft,
                        struct found_view *view)
{
    struct arena *arena = req->ctx.arena;
    const size_t n = found_draft_rows(draft);
    struct found_row *rows = arena_take_many(arena, n, sizeof *rows);

    if (rows == NULL)
        return NO_OUT_OF_MEMORY;
    for (size_t i = 0; i < n; i++) {
        rows[i] = (struct found_row){.number = (int64_t)i + 1,
                                     .first = i == 0,
                                     .name_field = found_field(arena, "founder", i, "name"),
                                     .email_field = found_field(arena, "founder", i, "email"),
                                     .trade_field = found_field(arena, "founder", i, "trade"),
                                     .college_field = found_field(arena, "founder", i, "college")};
        rows[i].name = found_draft_get(draft, rows[i].name_field);
        rows[i].email = found_draft_get(draft, rows[i].email_field);
        rows[i].trade = found_draft_get(draft, rows[i].trade_field);
        rows[i].college = found_draft_get(draft, rows[i].college_field);
    }
    view->rows = rows;
    view->rows_n = n;
    view->has_password = found_draft_get(draft, "_password").len > 0;
    view->fewest = found_fewest(found_draft_get(draft, "legal_form"));
    return YES;
}

/* The core sample of the price that the founders typed, when price and fees can be read. */
static void fill_core(struct http_req *req, const struct found_draft *draft,
                      struct found_view *view)
{
    struct unit unit = {.id = 1, .kind = UNIT_FIAT, .exponent = 2, .code = "EUR"};
    const str code = str_trim(found_draft_get(draft, "currency"));
    struct found_form form;
    struct fee_split split;
    int64_t price;

    for (size_t i = 0; code.len == 3 && i < 3; i++)
        unit.code[i] = code.ptr[i];
    found_draft_form(&req->ctx, draft, 6, &form);
    const bool good = req->ctx.wrongs_n == 0;
    const struct fee_params fee = {(int32_t)form.fee_running_bp, (int32_t)form.fee_reserve_bp,
                                   (int32_t)form.fee_solidarity_bp};

    req->ctx.wrongs_n = 0;
    if (!good || money_parse(found_draft_get(draft, "sample"), unit, &price) != YES || price <= 0 ||
        fee_split(price, &fee, &split) != YES)
        return;
    core_sample_draw(&view->core, &split, unit, S("core"), frame_text(req, T_found_someone));
    view->has_core = true;
}

static no fill_forms(struct http_req *req, const struct found_draft *draft, struct found_view *view)
{
    static const struct found_choice known[] = {
        {{"scic", 4}, T_found_form_scic, T_found_form_scic_what, false},
        {{"scop", 4}, T_found_form_scop, T_found_form_scop_what, false},
        {{"coop47", 6}, T_found_form_coop47, T_found_form_coop47_what, false},
        {{"association", 11}, T_found_form_association, T_found_form_association_what, false},
        {{"other", 5}, T_found_form_other, T_found_form_other_what, false}};
    const size_t n = sizeof known / sizeof known[0];
    struct found_choice *forms = arena_take_many(req->ctx.arena, n, sizeof *forms);
    const str chosen = found_draft_get(draft, "legal_form");

    if (forms == NULL)
        return NO_OUT_OF_MEMORY;
    view->form_name = T_found_nothing;
    for (size_t i = 0; i < n; i++) {
        forms[i] = known[i];
        forms[i].chosen = str_eq(known[i].value, chosen);
        if (forms[i].chosen)
            view->form_name = known[i].name;
    }
    view->forms = forms;
    view->forms_n = n;
    return YES;
}

/* "Saint-Denis (93200), Saint-Denis (97400)": what may have been meant. */
static str places_of(struct http_req *req, const struct found_draft *draft)
{
    struct place_answer answer;
    struct buf out;

    if (view_place_find(&req->ctx, found_draft_get(draft, "place"), &answer) != YES ||
        answer.found != PLACE_SEVERAL)
        return S("");
    buf_init(&out, req->ctx.arena, 256);
    for (size_t i = 0; i < answer.choices_n; i++) {
        buf_put(&out, i > 0 ? S(", ") : S(""));
        buf_put(&out, place_label(req->ctx.arena, &answer.choices[i], true));
    }
    return buf_str(&out);
}

static no show_step(struct http_req *req, int64_t step, int status, const struct found_draft *draft)
{
    struct found_view view = {.step = step};
    struct page page;
    struct buf out;

    /* The wrong fields of this answer, before the steps are looked through. */
    TRY(fill_errors(req, &view));
    TRY(fill_values(req, draft, &view));
    TRY(fill_steps(req, draft, &view));
    TRY(fill_colleges(req, draft, &view));
    TRY(fill_founders(req, draft, &view));
    TRY(fill_forms(req, draft, &view));
    fill_core(req, draft, &view);
    if (step == 1)
        view.places = places_of(req, draft);
    view.title = account_title(req, step_names[step], view.errors.list_n > 0);
    http_private(req);
    frame_page(req, &page);
    frame_buf(req, &out);
    page_found_step_page(&out, &page, &view, step_names[step]);
    return http_html(req, status, &out);
}

static no step_of(struct http_req *req, struct found_draft *draft, int64_t *step)
{
    TRY(http_param_id(req, "n", step));
    if (*step > FOUND_STEPS)
        return NO_NOT_FOUND;
    return view_found_draft(&req->ctx, http_cookie(req, cookie_name), draft);
}

no http_found_step_get(struct http_req *req)
{
    struct found_draft draft;
    int64_t step;
    const no may = step_of(req, &draft, &step);

    if (may == NO_NOT_ALLOWED || may == NO_ALREADY_FOUNDED)
        return http_redirect(req, S("/found"));
    TRY(may);
    return show_step(req, step, 200, &draft);
}

/* --- keeping a step --------------------------------------------------------------------------- */

static void take(struct http_req *req, struct found_save *save, const char *name)
{
    static const char *const boxes[] = {"hours", "credits", "keys"};
    str value = http_field(req, name);

    /* A box that is not ticked is not sent. */
    for (size_t i = 0; value.ptr == NULL && i < sizeof boxes / sizeof boxes[0]; i++)
        if (str_eq(str_of(boxes[i]), str_of(name)))
            value = S("0");
    if (value.ptr != NULL && save->values_n < FIELDS_MAX + 4 * FOUND_ROWS_MAX)
        save->values[save->values_n++] = (struct sql_found_draft){str_of(name), value};
}

static void take_rows(struct http_req *req, const struct found_draft *draft, bool add,
                      struct found_save *save)
{
    static const char *const parts[] = {"name", "email", "trade", "college"};
    const size_t rows = found_draft_rows(draft);

    for (size_t i = 0; i < rows; i++)
        for (size_t k = 0; k < 4; k++)
            take(req, save, found_field(req->ctx.arena, "founder", i, parts[k]));
    save->password = http_field(req, "founder_0_password");
    if (add)
        save->values[save->values_n++] =
            (struct sql_found_draft){S("founders_n"), frame_digits(req, (int64_t)rows + 1)};
}

static no keep(struct http_req *req, const struct found_draft *draft, int64_t step, str go)
{
    struct found_save save = {.cookie = http_cookie(req, cookie_name),
                              .values = arena_take_many(req->ctx.arena,
                                                        FIELDS_MAX + 4 * FOUND_ROWS_MAX + 1,
                                                        sizeof *save.values)};

    if (save.values == NULL)
        return NO_OUT_OF_MEMORY;
    for (size_t i = 0; i < 11 && step_fields[step][i] != NULL; i++)
        take(req, &save, step_fields[step][i]);
    for (size_t i = 0; step == 4 && i < FOUND_COLLEGES_MAX; i++) {
        take(req, &save, found_field(req->ctx.arena, "college", i, ""));
        take(req, &save, found_field(req->ctx.arena, "weight", i, ""));
    }
    if (step == 8)
        take_rows(req, draft, str_eq(go, S("add")), &save);
    return deed_found_save(&req->ctx, &save);
}

static no adopt(struct http_req *req)
{
    int64_t first_member;
    const no answer = deed_found_adopt(&req->ctx, http_cookie(req, cookie_name), &first_member);

    if (answer == NO_ALREADY_FOUNDED)
        return http_redirect(req, S("/"));
    if (answer == NO_FOUNDING_UNFINISHED)
        return http_redirect(req, S("/found"));
    TRY(answer);
    http_set_cookie(req, cookie_name, S(""), -1);
    TRY(http_sign_in(req, first_member));
    return account_done(req, T_found_founded, S("/"));
}

/* What was typed is kept whatever it is; only going on asks whether it is right. */
no http_found_step_post(struct http_req *req)
{
    const str go = http_field(req, "go");
    struct found_draft draft;
    struct found_form form;
    int64_t step;
    const no may = step_of(req, &draft, &step);

    if (may == NO_ALREADY_FOUNDED)
        return http_redirect(req, S("/"));
    TRY(may);
    if (step == FOUND_STEPS)
        return str_eq(go, S("adopt")) ? adopt(req) : to_step(req, step - 1);
    TRY(keep(req, &draft, step, go));
    if (str_eq(go, S("leave")))
        return http_redirect(req, S("/found/left"));
    if (str_eq(go, S("back")))
        return to_step(req, step > 1 ? step - 1 : 1);
    if (str_eq(go, S("add")))
        return to_step(req, step);
    TRY(view_found_draft(&req->ctx, http_cookie(req, cookie_name), &draft));
    if (step == 8 && http_field(req, "founder_0_password").len > 0)
        (void)member_check_password(&req->ctx, "founder_0_password",
                                    http_field(req, "founder_0_password"));
    found_draft_form(&req->ctx, &draft, step, &form);
    if (req->ctx.wrongs_n > 0)
        return show_step(req, step, 422, &draft);
    return to_step(req, str_eq(go, S("again")) ? step : step + 1);
}
