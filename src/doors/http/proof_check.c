/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * /proof/verify: a receipt is checked. The browser does it with assets/js/proof.mjs; here the same
 * steps for who has no script, with a word on what a server's own check is worth.
 */
#include "base/utf8.h"
#include "doors/http/account.h"
#include "doors/http/proof.h"
#include "doors/http/rooms.h"
#include "doors/log/receipt.h"
#include "pages/page_proof_check.h"
#include "wire/proof.h"

#include <string.h>

enum { CHECK_PROOF_MAX = 64 << 10, CHECK_POLICY_MAX = 32 << 10, NOBODY_ASKED = 3 };

/* --- what was sent -----------------------------------------------------------------------------
 */

/* Forms send every line break as CR LF; the files have LF alone. */
static str with_plain_lines(struct http_req *req, str text)
{
    struct buf out;

    if (str_find_char(text, '\r') == text.len)
        return text;
    buf_init(&out, req->ctx.arena, text.len);
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '\r' || i + 1 == text.len || text.ptr[i + 1] != '\n')
            buf_put_char(&out, text.ptr[i]);
    return buf_str(&out);
}

/* The file when there is one, else the text. What is too long is not kept: a page has its weight.
 */
static str read_text(struct http_req *req, const char *field, const char *file_field, size_t most)
{
    const struct http_file *file = http_file(req, file_field, 0);
    const str text = file != NULL ? file->bytes : http_field(req, field);

    if (text.ptr == NULL)
        return S("");
    if (text.len > most) {
        (void)deed_wrong_bound(&req->ctx, field, NO_FIELD_TOO_LONG, (int64_t)most);
        return S("");
    }
    if (!utf8_valid(text) || str_find_char(text, 0) < text.len) {
        (void)deed_wrong(&req->ctx, field, NO_FIELD_NOT_UTF8);
        return S("");
    }
    return with_plain_lines(req, text);
}

/* --- the page ----------------------------------------------------------------------------------
 */

static void fill_steps(const struct log_receipt_check *check, struct proof_check_step *steps,
                       struct proof_check_page *view)
{
    static const struct proof_check_step words[LOG_STEPS] = {
        [LOG_STEP_OPENS] = {T_check_opens, T_check_opens_good, T_check_opens_bad, 0, 0},
        [LOG_STEP_PLACE] = {T_check_in, T_check_in_good, T_check_in_bad, 0, 0},
        [LOG_STEP_SIGNED] = {T_check_signed, T_check_signed_good, T_check_signed_bad, 0, 0},
        [LOG_STEP_WITNESSES] = {T_check_seen, T_check_seen_good, T_check_seen_bad, 0, 0}};

    view->whole = true;
    for (size_t i = 0; i < LOG_STEPS; i++) {
        steps[i] = words[i];
        steps[i].number = (int64_t)i;
        steps[i].verdict = (int64_t)check->steps[i];
        if (i == LOG_STEP_WITNESSES && check->nobody)
            steps[i].verdict = NOBODY_ASKED;
        view->whole = view->whole && steps[i].verdict == LOG_STEP_GOOD;
        view->broken = view->broken || check->steps[i] == LOG_STEP_BAD;
    }
    view->steps = steps;
    view->steps_n = LOG_STEPS;
    view->index = (int64_t)check->index;
    view->size = (int64_t)check->size;
    view->witnesses_n = (int64_t)check->witnesses_n;
    view->of_n = (int64_t)check->of_n;
}

static no show(struct http_req *req, int status, const struct log_receipt_check *check,
               struct proof_check_page *view)
{
    static const struct frame_label labels[] = {{"receipt", T_check_receipt},
                                                {"proof", T_check_proof},
                                                {"policy", T_check_policy},
                                                {NULL, T_check_receipt}};
    struct proof_check_step steps[LOG_STEPS];
    struct page page;
    struct buf out;

    fill_steps(check, steps, view);
    frame_errors(req, labels, &view->errors);
    view->title = account_title(req, T_check_title, view->errors.list_n > 0);
    http_private(req); /* what is opened here is nobody else's */
    frame_page(req, &page);
    frame_buf(req, &out);
    page_proof_check(&out, &page, view);
    return http_html(req, status, &out);
}

static no our_policy(struct http_req *req, str *policy)
{
    struct proof_public public;

    TRY(proof_public(req, &public));
    *policy = public.policy_text;
    return YES;
}

no http_proof_verify_get(struct http_req *req)
{
    const struct log_receipt_check none = {.size = 0};
    struct proof_check_page view = {.receipt = S(""), .proof = S("")};

    /* From the page of an entry: its own files stand here already. */
    if (http_field_present(req, "entry"))
        TRY(proof_texts(req, http_field(req, "entry"), &view.receipt, &view.proof));
    TRY(our_policy(req, &view.policy));
    return show(req, 200, &none, &view);
}

/* --- checking ----------------------------------------------------------------------------------
 */

/* Whose fault a no is, by what was read last. */
static const char *field_of(no why)
{
    return why == NO_PROOF_MALFORMED ? "proof" : "policy";
}

static no check_texts(struct http_req *req, const struct proof_check_page *view,
                      struct log_receipt_check *check)
{
    struct log_receipt *receipt = arena_take(req->ctx.arena, sizeof *receipt);

    if (receipt == NULL)
        return NO_OUT_OF_MEMORY;
    if (str_trim(view->receipt).len == 0)
        return deed_wrong(&req->ctx, "receipt", NO_FIELD_MISSING);
    if (log_receipt_parse(req->ctx.arena, view->receipt, receipt) != YES)
        return deed_wrong(&req->ctx, "receipt", NO_RECEIPT_MALFORMED);
    const no answer = log_receipt_check(
        req->ctx.arena, receipt, str_trim(view->proof).len == 0 ? S("") : view->proof,
        str_trim(view->policy).len == 0 ? S("") : view->policy, check);

    return answer == YES || no_is_fault(answer) ? answer
                                                : deed_wrong(&req->ctx, field_of(answer), answer);
}

/* A form that comes back has what was typed, also where a file beside it was looked at. */
static void keep_typed(struct http_req *req, const char *field, size_t most, str *text)
{
    const str typed = http_field(req, field);

    if (typed.len > 0 && typed.len <= most)
        *text = with_plain_lines(req, typed);
}

no http_proof_verify_post(struct http_req *req)
{
    struct log_receipt_check check = {.size = 0};
    struct proof_check_page view = {
        .receipt = read_text(req, "receipt", "receipt_file", LOG_RECEIPT_SIZE_MAX),
        .proof = read_text(req, "proof", "proof_file", CHECK_PROOF_MAX),
        .policy = read_text(req, "policy", "policy_file", CHECK_POLICY_MAX)};

    if (req->ctx.wrongs_n == 0) {
        const no answer = check_texts(req, &view, &check);

        if (answer != YES && answer != NO_BAD_FIELDS)
            return answer;
    }
    view.checked = req->ctx.wrongs_n == 0;
    if (!view.checked) {
        keep_typed(req, "receipt", LOG_RECEIPT_SIZE_MAX, &view.receipt);
        keep_typed(req, "proof", CHECK_PROOF_MAX, &view.proof);
        keep_typed(req, "policy", CHECK_POLICY_MAX, &view.policy);
    }
    return show(req, view.checked ? 200 : 422, &check, &view);
}
