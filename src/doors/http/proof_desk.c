/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * /desk/register: the register for the accountant and the auditor, and the attestation of a period,
 * as a page to print and as a text.
 */
#include "base/time.h"
#include "deeds/house.h"
#include "deeds/register_house.h"
#include "doors/http/account.h"
#include "doors/http/money.h"
#include "doors/http/proof.h"
#include "doors/http/rooms.h"
#include "pages/page_proof_desk.h"

#include <string.h>

#define NS_PER_S INT64_C(1000000000)

/* --- the desk ----------------------------------------------------------------------------------
 */

static no fill_peers(struct http_req *req, struct proof_desk_page *view)
{
    struct register_peer *found;
    size_t n;

    TRY(view_register_peers(&req->ctx, &found, &n));
    struct proof_peer *peers = arena_take_many(req->ctx.arena, n, sizeof *peers);

    if (peers == NULL)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < n; i++)
        peers[i] = (struct proof_peer){.origin = found[i].origin,
                                       .url = found[i].url,
                                       .cosigned = (found[i].state & PEER_COSIGNED) != 0,
                                       .differs = (found[i].state & PEER_DIFFERS) != 0,
                                       .since = frame_date(req, found[i].added_s * NS_PER_S)};
    view->peers = peers;
    view->peers_n = n;
    return YES;
}

static str iso_day(struct http_req *req, int32_t days)
{
    const struct civil day = time_civil_of_days(days);
    struct buf out;

    buf_init(&out, req->ctx.arena, 16);
    time_put_iso_date(&out, &day);
    return buf_str(&out);
}

static int32_t today(struct http_req *req)
{
    return house_day(ctx_house(&req->ctx), req->ctx.now_ns);
}

/* 1 January of this year. */
static str year_begins(struct http_req *req)
{
    struct buf out;

    buf_init(&out, req->ctx.arena, 16);
    buf_printf(&out, "%04d-01-01", (int)time_civil_of_days(today(req)).year);
    return buf_str(&out);
}

no http_desk_register(struct http_req *req)
{
    struct proof_desk_page view = {.title = frame_text(req, T_proof_desk_title),
                                   .from = year_begins(req),
                                   .to = iso_day(req, today(req))};
    struct proof_public public;
    struct page page;
    struct buf out;

    TRY(proof_public(req, &public));
    TRY(proof_state(req, &public, &view.state));
    TRY(fill_peers(req, &view));
    view.keys = str_trim(public.keys);
    frame_page(req, &page);
    frame_buf(req, &out);
    page_proof_desk(&out, &page, &view);
    return http_html(req, 200, &out);
}

/* --- the period --------------------------------------------------------------------------------
 */

struct period {
    int32_t from, to;   /* days, both included */
    int64_t first, end; /* entries first .. end - 1 */
    struct tree_hash before, after;
};

static int32_t read_day(struct http_req *req, const char *field, str typed)
{
    int32_t day = 0;
    const no parsed =
        str_trim(typed).len == 0 ? NO_FIELD_MISSING : time_parse_iso_date(str_trim(typed), &day);

    if (parsed != YES)
        (void)deed_wrong(&req->ctx, field, parsed);
    return day;
}

/* The second in which a day begins in the co-op's zone. */
static int64_t begins_s(struct http_req *req, int32_t day)
{
    const struct civil midnight = time_civil_of_days(day);

    return time_instant_ns(&midnight, &ctx_house(&req->ctx)->zone) / NS_PER_S;
}

static no read_period(struct http_req *req, const struct proof_attest_page *view,
                      struct period *period)
{
    period->from = read_day(req, "from", view->from);
    period->to = read_day(req, "to", view->to);
    if (req->ctx.wrongs_n > 0)
        return NO_BAD_FIELDS;
    if (period->to < period->from)
        return deed_wrong(&req->ctx, "to", NO_PERIOD_BACKWARDS);
    TRY(view_register_before(&req->ctx, begins_s(req, period->from), &period->first));
    TRY(view_register_before(&req->ctx, begins_s(req, period->to + 1), &period->end));
    if (period->end == 0)
        return deed_wrong(&req->ctx, "to", NO_PERIOD_EMPTY);
    return view_register_roots(&req->ctx, period->first, period->end, &period->before,
                               &period->after);
}

static no fill_period(struct http_req *req, const struct period *period,
                      struct proof_attest_page *view)
{
    struct proof_public public;

    view->coop = ctx_house(&req->ctx)->name;
    view->address = http_origin(req);
    view->from_day = money_day(req, period->from);
    view->to_day = money_day(req, period->to);
    view->made_at = frame_moment(req, req->ctx.now_ns);
    view->entries_n = period->end - period->first;
    view->first = frame_digits(req, period->first);
    view->last = frame_digits(req, period->end - 1);
    view->size_before = period->first;
    view->size_after = period->end;
    view->root_before = proof_hex(req, period->before.bytes);
    view->root_after = proof_hex(req, period->after.bytes);
    view->text = money_url(req, "/desk/register/attestation.txt?from=%s&to=%s",
                           arena_cstr(req->ctx.arena, iso_day(req, period->from)),
                           arena_cstr(req->ctx.arena, iso_day(req, period->to)));
    TRY(view_register_origin(&req->ctx, &view->origin));
    TRY(proof_public(req, &public));
    if (public.verdict == NULL || (int64_t) public.verdict->checkpoint.size < period->end)
        return YES;
    view->covered = true;
    view->checkpoint_size = (int64_t) public.verdict->checkpoint.size;
    view->checkpoint = str_trim(public.note);
    return proof_witnesses(req, public.policy, public.verdict, &view->witnesses,
                           &view->witnesses_n);
}

/* Without a question the page is the form, with this year proposed. NO_BAD_FIELDS: what was typed
 * makes no period. */
static no make(struct http_req *req, struct proof_attest_page *view)
{
    const str from = http_field(req, "from"), to = http_field(req, "to");
    struct period period;

    *view = (struct proof_attest_page){.from = from.ptr == NULL ? year_begins(req) : from,
                                       .to = to.ptr == NULL ? iso_day(req, today(req)) : to};
    if (from.ptr == NULL && to.ptr == NULL)
        return YES;
    TRY(read_period(req, view, &period));
    view->made = true;
    return fill_period(req, &period, view);
}

/* --- as a page ---------------------------------------------------------------------------------
 */

no http_attestation(struct http_req *req)
{
    static const struct frame_label labels[] = {
        {"from", T_attest_from}, {"to", T_attest_to}, {NULL, T_attest_from}};
    struct proof_attest_page view;
    struct page page;
    struct buf out;
    const no made = make(req, &view);

    if (made != YES && made != NO_BAD_FIELDS)
        return made;
    frame_errors(req, labels, &view.errors);
    view.title = account_title(req, T_attest_title, made != YES);
    frame_page(req, &page);
    frame_buf(req, &out);
    page_proof_attest(&out, &page, &view);
    return http_html(req, made == YES ? 200 : 422, &out);
}

/* --- as a text ---------------------------------------------------------------------------------
 */

static void put_line(struct http_req *req, struct buf *out, enum lang_key key, str value)
{
    buf_put(out, frame_text(req, key));
    buf_put(out, req->ctx.lang == LANG_FR ? S(" : ") : S(": "));
    buf_put(out, value);
    buf_put_char(out, '\n');
}

static void put_paragraph(struct http_req *req, struct buf *out, enum lang_key key)
{
    buf_put(out, frame_text(req, key));
    buf_put(out, S("\n\n"));
}

static str with_number(struct http_req *req, enum lang_key key, int64_t n)
{
    return money_words(req, key,
                       (struct money_value[]){{"n", frame_digits(req, n)}, {NULL, STR_NONE}});
}

static void put_facts(struct http_req *req, struct buf *out, const struct proof_attest_page *view)
{
    const struct money_value days[] = {
        {"from", view->from_day}, {"to", view->to_day}, {NULL, STR_NONE}};
    const struct money_value places[] = {
        {"first", view->first}, {"last", view->last}, {NULL, STR_NONE}};

    put_line(req, out, T_attest_coop, view->coop);
    put_line(req, out, T_proof_origin, view->origin);
    put_line(req, out, T_attest_period, money_words(req, T_attest_from_to, days));
    put_line(req, out, T_attest_entries, frame_digits(req, view->entries_n));
    if (view->entries_n > 0)
        put_line(req, out, T_attest_places, money_words(req, T_attest_first_last, places));
    buf_put(out, with_number(req, T_attest_before, view->size_before));
    buf_put(out, S("\n  "));
    buf_put(out, view->root_before);
    buf_put_char(out, '\n');
    buf_put(out, with_number(req, T_attest_after, view->size_after));
    buf_put(out, S("\n  "));
    buf_put(out, view->root_after);
    buf_put(out, S("\n\n"));
}

static void put_signed(struct http_req *req, struct buf *out, const struct proof_attest_page *view)
{
    if (!view->covered) {
        put_paragraph(req, out, T_attest_not_signed);
        return;
    }
    buf_put(out, with_number(req, T_attest_signed_what, view->checkpoint_size));
    buf_put(out, S("\n\n"));
    buf_put(out, view->checkpoint);
    buf_put(out, S("\n\n"));
    for (size_t i = 0; i < view->witnesses_n; i++) {
        const struct proof_witness *w = &view->witnesses[i];

        buf_put(out, w->key);
        buf_put(out, S("  "));
        buf_put(out, w->seen ? w->when : frame_text(req, T_proof_desk_never));
        buf_put_char(out, '\n');
    }
    buf_put(out, view->witnesses_n > 0 ? S("\n") : S(""));
}

no http_attestation_text(struct http_req *req)
{
    struct proof_attest_page view;
    struct buf out;

    TRY(make(req, &view));
    if (!view.made)
        return NO_NOT_FOUND;
    buf_init(&out, req->ctx.arena, 8192);
    buf_put(&out, frame_text(req, T_attest_title));
    buf_put(&out, S("\n\n"));
    put_facts(req, &out, &view);
    put_signed(req, &out, &view);
    put_paragraph(req, &out, T_attest_how_what);
    buf_put(&out, S("  filon log verify "));
    buf_put(&out, view.address);
    buf_put(&out, S("/log --policy policy --old checkpoint\n\n"));
    put_paragraph(req, &out, T_attest_is_evidence);
    put_paragraph(req, &out, T_attest_is_not_law);
    put_paragraph(req, &out, T_attest_is_not_true);
    put_line(req, &out, T_attest_made, view.made_at);
    if (buf_failed(&out))
        return NO_TOO_LARGE;
    http_header(req, "Content-Disposition", S("attachment; filename=\"attestation.txt\""));
    return http_text(req, 200, buf_str(&out));
}
