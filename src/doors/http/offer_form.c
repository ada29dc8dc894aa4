/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * GET and POST /offers/new, /needs/new, /offer/:id/edit: the form, the page that shows it once, and
 * publishing. Nothing typed is ever lost: each page carries it to the next.
 */
#include "deeds/house.h"
#include "deeds/market_search.h"
#include "deeds/offer.h"
#include "doors/http/frame.h"
#include "doors/http/market_card.h"
#include "doors/http/rooms.h"
#include "pages/page_offer_form.h"

static const struct frame_label labels[] = {
    {"kind", T_offer_kind},         {"title", T_offer_title},    {"body", T_offer_body},
    {"category", T_offer_category}, {"price", T_offer_in_money}, {"hours", T_offer_in_hours},
    {"credit", T_offer_in_credit},  {"per", T_offer_per},        {"stock", T_offer_stock},
    {"place", T_offer_place},       {"cancel", T_offer_cancel},  {NULL, T_offer_title},
};

/* --- reading --- */

/* A choice that is no number is no choice: -1, which the deed names. */
static int64_t choice(struct http_req *req, const char *name)
{
    int64_t value;

    return http_field_int(req, name, &value) == YES ? value : -1;
}

static str text(struct http_req *req, const char *name)
{
    const str value = http_field(req, name);

    return value.ptr == NULL ? S("") : value;
}

/* Browsers send line ends as CR LF; kept as LF, so that what was typed compares equal to what is
 * stored. */
static str lines(struct http_req *req, const char *name)
{
    const str value = text(req, name);
    struct buf out;

    buf_init(&out, req->ctx.arena, value.len + 1);
    for (size_t i = 0; i < value.len; i++)
        if (!(value.ptr[i] == '\r' && i + 1 < value.len && value.ptr[i + 1] == '\n'))
            buf_put_char(&out, value.ptr[i]);
    return buf_str(&out);
}

static void read_form(struct http_req *req, int64_t id, int64_t side, struct offer_form *form)
{
    *form = (struct offer_form){
        .uid = frame_uid(req),
        .id = id,
        .side = side,
        .seen_ns = choice(req, "seen"),
        .kind = choice(req, "kind"),
        .category = choice(req, "category"),
        .per = choice(req, "per"),
        .cancel = choice(req, "cancel"),
        .title = text(req, "title"),
        .body = lines(req, "body"),
        .place = text(req, "place"),
        .stock = text(req, "stock"),
        .stock_seen = http_field(req, "stock_seen"),
        .amounts = {text(req, "price"), text(req, "hours"), text(req, "credit")},
        .both = str_eq(http_field(req, "both"), S("1"))};
}

/* --- choices --- */

static struct offer_options take_options(struct http_req *req, size_t most,
                                         struct offer_option **list)
{
    *list = arena_take_many(req->ctx.arena, most, sizeof **list);
    return (struct offer_options){.list = *list, .list_n = 0};
}

static void add(struct http_req *req, struct offer_options *options, struct offer_option *list,
                int64_t value, enum lang_key words, const enum lang_key *hint, int64_t chosen)
{
    if (list != NULL)
        list[options->list_n++] =
            (struct offer_option){.value = value,
                                  .text = frame_text(req, words),
                                  .hint = hint == NULL ? STR_NONE : frame_text(req, *hint),
                                  .chosen = value == chosen};
}

static void fill_kinds(struct http_req *req, const struct offer_form *form, bool need,
                       struct offer_edit *edit)
{
    static const struct {
        int64_t kind;
        enum lang_key offered, needed;
    } kinds[] = {
        {ORDER_SERVICE, T_kind_service_hint, T_need_kind_service_hint},
        {ORDER_SALE, T_kind_sale_hint, T_need_kind_sale_hint},
        {ORDER_EXCHANGE, T_kind_exchange_hint, T_need_kind_exchange_hint},
        {ORDER_GIFT, T_kind_gift_hint, T_need_kind_gift_hint},
    };
    const bool other = form->id > 0 && (form->kind == ORDER_RENTAL || form->kind == ORDER_SLOT);
    struct offer_option *list;

    edit->kinds = take_options(req, sizeof kinds / sizeof kinds[0] + 1, &list);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (kinds[i].kind != ORDER_EXCHANGE || edit->has_hours)
            add(req, &edit->kinds, list, kinds[i].kind, market_kind_key(kinds[i].kind),
                need ? &kinds[i].needed : &kinds[i].offered, form->kind);
    if (other)
        add(req, &edit->kinds, list, form->kind, market_kind_key(form->kind), NULL, form->kind);
}

static void fill_categories(struct http_req *req, const struct offer_form *form,
                            struct offer_edit *edit)
{
    const struct house *house = ctx_house(&req->ctx);
    struct offer_option *list;

    edit->categories = take_options(req, house->categories_n, &list);
    for (size_t i = 0; list != NULL && i < house->categories_n; i++)
        list[edit->categories.list_n++] =
            (struct offer_option){.value = house->categories[i].id,
                                  .text = house->categories[i].name[req->ctx.lang],
                                  .chosen = house->categories[i].id == form->category};
}

static void fill_pers(struct http_req *req, const struct offer_form *form, struct offer_edit *edit)
{
    static const enum lang_key words[PER_KINDS] = {
        [PER_WHOLE] = T_per_choose_whole,   [PER_HOUR] = T_per_choose_hour,
        [PER_DAY] = T_per_choose_day,       [PER_NIGHT] = T_per_choose_night,
        [PER_ITEM] = T_per_choose_item,     [PER_KG] = T_per_choose_kg,
        [PER_PERSON] = T_per_choose_person,
    };
    struct offer_option *list;

    edit->pers = take_options(req, PER_KINDS, &list);
    for (int64_t per = PER_WHOLE; per < PER_KINDS; per++)
        add(req, &edit->pers, list, per, words[per], NULL, form->per);
}

static void fill_cancels(struct http_req *req, const struct offer_form *form,
                         struct offer_edit *edit)
{
    static const enum lang_key hints[] = {T_cancel_flexible, T_cancel_moderate, T_cancel_strict};
    struct offer_option *list;

    edit->cancels = take_options(req, 3, &list);
    add(req, &edit->cancels, list, ORDER_FLEXIBLE, T_cancel_flexible_name, &hints[0], form->cancel);
    add(req, &edit->cancels, list, ORDER_MODERATE, T_cancel_moderate_name, &hints[1], form->cancel);
    add(req, &edit->cancels, list, ORDER_STRICT, T_cancel_strict_name, &hints[2], form->cancel);
}

/* When the place was not understood: the ones it could be. */
static no fill_places(struct http_req *req, const struct offer_form *form, struct offer_edit *edit)
{
    struct place_answer answer;

    if (form_error(&edit->errors, "place").len == 0)
        return YES;
    TRY(view_place_find(&req->ctx, form->place, &answer));
    if (answer.found != PLACE_SEVERAL)
        return YES;
    struct market_choice *list = arena_take_many(req->ctx.arena, answer.choices_n, sizeof *list);

    for (size_t i = 0; list != NULL && i < answer.choices_n; i++)
        list[edit->places_n++] =
            (struct market_choice){.text = place_label(req->ctx.arena, &answer.choices[i], true)};
    edit->places = list;
    return YES;
}

/* --- showing --- */

static str uid_text(struct http_req *req, uid given)
{
    char bytes[36];

    if (uid_is_zero(given))
        return frame_new_uid(req);
    uid_write(given, bytes);
    return arena_str(req->ctx.arena, (str){bytes, sizeof bytes});
}

static url action_of(struct http_req *req, const struct offer_form *form, bool need)
{
    struct buf out;

    buf_init(&out, req->ctx.arena, 40);
    buf_put(&out, req->ctx.lang == LANG_FR ? S("/fr") : S("/en"));
    if (form->id > 0)
        buf_printf(&out, "/offer/%lld/edit", (long long)form->id);
    else
        buf_put(&out, need ? S("/needs/new") : S("/offers/new"));
    return (url){buf_str(&out)};
}

static void fill_edit(struct http_req *req, const struct offer_form *form, struct offer_edit *edit)
{
    const struct house *house = ctx_house(&req->ctx);
    const struct house_unit *credit = offer_unit(house, OFFER_IN_CREDIT);
    const bool need = form->side == MARKET_NEEDS;

    *edit =
        (struct offer_edit){.page_title = frame_text(req, form->id > 0 ? T_offer_edit_title
                                                          : need       ? T_need_new
                                                                       : T_offer_new),
                            .uid = uid_text(req, form->uid),
                            .id = form->id,
                            .seen_ns = form->seen_ns,
                            .need = need,
                            .action = action_of(req, form, need),
                            .title = form->title,
                            .body = form->body,
                            .price = form->amounts[OFFER_IN_MONEY],
                            .hours = form->amounts[OFFER_IN_HOURS],
                            .credit = form->amounts[OFFER_IN_CREDIT],
                            .stock = form->stock,
                            .stock_seen = form->stock_seen,
                            .place = form->place,
                            .both = form->both,
                            .has_hours = offer_unit(house, OFFER_IN_HOURS) != NULL,
                            .credit_name = credit == NULL ? STR_NONE : credit->name[req->ctx.lang]};
    fill_kinds(req, form, need, edit);
    fill_categories(req, form, edit);
    fill_pers(req, form, edit);
    fill_cancels(req, form, edit);
}

static str wrong_title(struct http_req *req, str title)
{
    struct buf out;

    buf_init(&out, req->ctx.arena, title.len + 16);
    buf_put(&out, frame_text(req, T_form_prefix_wrong));
    buf_put(&out, title);
    return buf_str(&out);
}

static no show(struct http_req *req, const struct offer_form *form, int status)
{
    struct offer_edit edit;
    struct page page;
    struct buf out;

    fill_edit(req, form, &edit);
    if (req->ctx.wrongs_n > 0) {
        frame_errors(req, labels, &edit.errors);
        edit.page_title = wrong_title(req, edit.page_title);
    }
    edit.conflict = status == no_line(NO_CONFLICT)->http;
    TRY(fill_places(req, form, &edit));
    frame_page(req, &page);
    frame_buf(req, &out);
    page_offer_form(&out, &page, &edit);
    return http_html(req, status, &out);
}

static struct sql_market_card card_of(const struct sql_offer *row, str name)
{
    return (struct sql_market_card){.id = row->id,
                                    .side = row->side,
                                    .kind = row->kind,
                                    .title = row->title,
                                    .lang = row->lang,
                                    .category = row->category,
                                    .a_currency = row->a_currency,
                                    .a_minor = row->a_minor,
                                    .b_currency = row->b_currency,
                                    .b_minor = row->b_minor,
                                    .price_mode = row->price_mode,
                                    .per = row->per,
                                    .stock = row->stock,
                                    .claimed = row->claimed,
                                    .place = row->place,
                                    .reviews_n = row->reviews_n,
                                    .stars_sum = row->stars_sum,
                                    .photo = row->photo,
                                    .name = name};
}

static no show_check(struct http_req *req, const struct offer_form *form,
                     const struct sql_offer *row)
{
    struct offer_check_page model = {.kind = form->kind,
                                     .category = form->category,
                                     .per = form->per,
                                     .cancel = form->cancel,
                                     .where = row->place};
    struct fee_split split;
    struct page page;
    struct buf out;

    fill_edit(req, form, &model.edit);
    model.cancel_words = form->cancel == ORDER_STRICT     ? T_cancel_strict
                         : form->cancel == ORDER_MODERATE ? T_cancel_moderate
                                                          : T_cancel_flexible;
    frame_page(req, &page);
    const struct sql_market_card card = card_of(row, page.member.name);

    market_card_fill(req, &card, -1, 0, &model.card);
    model.has_core = market_split(ctx_house(&req->ctx), &model.card.price, &split);
    if (model.has_core)
        core_sample_draw(&model.core, &split, model.card.price.a.unit, S("core"),
                         model.edit.need ? frame_text(req, T_core_whoever) : page.member.name);
    frame_buf(req, &out);
    page_offer_check(&out, &page, &model);
    return http_html(req, 200, &out);
}

/* --- the three steps --- */

static no publish(struct http_req *req, struct offer_form *form)
{
    const no answer = deed_offer_save(&req->ctx, form);
    struct buf path;

    if (answer == NO_BAD_FIELDS)
        return show(req, form, 422);
    if (answer == NO_CONFLICT) {
        /* What was typed stays; what is stored meanwhile is one click away and wins unless saved
         * over. */
        struct offer_form now;

        TRY(view_offer_form(&req->ctx, form->id, &now));
        form->seen_ns = now.seen_ns;
        return show(req, form, no_line(NO_CONFLICT)->http);
    }
    TRY(answer);
    frame_flash(req, PAGE_FLASH_DONE,
                form->id > 0                 ? T_offer_saved
                : form->side == MARKET_NEEDS ? T_need_published
                                             : T_offer_published);
    buf_init(&path, req->ctx.arena, 32);
    buf_printf(&path, "/offer/%lld", (long long)form->offer);
    return http_redirect(req, buf_str(&path));
}

static no post(struct http_req *req, int64_t id, int64_t side)
{
    const str step = http_field(req, "step");
    struct offer_form form;
    struct sql_offer row;

    read_form(req, id, side, &form);
    if (str_eq(step, S("publish")))
        return publish(req, &form);
    if (str_eq(step, S("change")))
        return show(req, &form, 200);
    const no answer = view_offer_check(&req->ctx, &form, &row);

    if (answer == NO_BAD_FIELDS)
        return show(req, &form, 422);
    TRY(answer);
    return show_check(req, &form, &row);
}

static no show_new(struct http_req *req, int64_t side)
{
    const struct offer_form form = {.side = side,
                                    .kind = ORDER_SERVICE,
                                    .per = PER_WHOLE,
                                    .cancel = ORDER_FLEXIBLE,
                                    .title = S(""),
                                    .body = S(""),
                                    .place = S(""),
                                    .stock = S(""),
                                    .amounts = {S(""), S(""), S("")}};

    return show(req, &form, 200);
}

no http_offer_new_get(struct http_req *req)
{
    return show_new(req, MARKET_OFFERS);
}

no http_offer_new_post(struct http_req *req)
{
    return post(req, 0, MARKET_OFFERS);
}

no http_need_new_get(struct http_req *req)
{
    return show_new(req, MARKET_NEEDS);
}

no http_need_new_post(struct http_req *req)
{
    return post(req, 0, MARKET_NEEDS);
}

no http_offer_edit_get(struct http_req *req)
{
    struct offer_form form;
    int64_t id;

    TRY(http_param_id(req, "id", &id));
    TRY(view_offer_form(&req->ctx, id, &form));
    return show(req, &form, 200);
}

no http_offer_edit_post(struct http_req *req)
{
    struct offer_form now;
    int64_t id;

    TRY(http_param_id(req, "id", &id));
    TRY(view_offer_form(&req->ctx, id, &now));
    return post(req, id, now.side);
}
