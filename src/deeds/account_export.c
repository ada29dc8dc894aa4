/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "base/json.h"
#include "base/time.h"
#include "deeds/account.h"
#include "deeds/house.h"
#include "store/sql_account.h"
#include "store/sql_member.h"
#include "store/sql_session.h"

static void put_text(struct json_out *j, const char *name, str value)
{
    json_name(j, str_of(name));
    json_text(j, value);
}

static void put_int(struct json_out *j, const char *name, int64_t value)
{
    json_name(j, str_of(name));
    json_int(j, value);
}

/* Instants as RFC 3339; nothing when it did not happen. */
static void put_time(struct ctx *ctx, struct json_out *j, const char *name, int64_t at_ns)
{
    struct buf text;

    json_name(j, str_of(name));
    if (at_ns == 0) {
        json_nothing(j);
        return;
    }
    buf_init(&text, ctx->arena, 32);
    time_put_iso(&text, at_ns);
    json_text(j, buf_str(&text));
}

static void put_amount(struct ctx *ctx, struct json_out *j, const char *name, int64_t currency,
                       int64_t minor)
{
    const struct house_unit *unit = house_unit(ctx_house(ctx), currency);
    struct buf text;

    if (unit == NULL)
        return;
    buf_init(&text, ctx->arena, 48);
    money_put_plain(&text, house_money(ctx_house(ctx), currency, minor));
    json_name(j, str_of(name));
    json_open(j, '{');
    put_text(j, "currency", str_of(unit->unit.code));
    put_text(j, "amount", buf_str(&text));
    json_close(j, '}');
}

static no put_member(struct ctx *ctx, struct json_out *j)
{
    struct sql_member member;

    TRY(sql_member_get(ctx->db, ctx->arena, ctx->actor.member, &member));
    json_name(j, S("member"));
    json_open(j, '{');
    put_int(j, "id", member.id);
    put_text(j, "handle", member.handle);
    put_text(j, "name", member.name);
    put_text(j, "email", member.email);
    put_text(j, "language", member.lang == LANG_FR ? S("fr") : S("en"));
    put_text(j, "college", member.college);
    put_text(j, "trade", member.trade);
    put_text(j, "bio", member.bio);
    put_text(j, "place", member.place);
    put_int(j, "lat_microdegrees", member.lat);
    put_int(j, "lon_microdegrees", member.lon);
    put_text(j, "iban", member.iban);
    put_text(j, "bic", member.bic);
    put_text(j, "reason", member.reason);
    put_int(j, "notices", member.notices);
    put_time(ctx, j, "asked", member.asked_ns);
    put_time(ctx, j, "joined", member.joined_ns);
    json_name(j, S("roles"));
    json_open(j, '[');
    for (uint32_t role = 1; role <= ROLE_MEDIATOR; role *= 2)
        if ((member.roles & role) != 0)
            json_text(j, str_of(role_name(role)));
    json_close(j, ']');
    json_close(j, '}');
    return YES;
}

static no put_balances(struct ctx *ctx, struct json_out *j)
{
    struct sql_purse *rows;
    size_t n;

    TRY(sql_member_purses(ctx->db, ctx->arena, ctx->actor.member, &rows, &n));
    json_name(j, S("accounts"));
    json_open(j, '[');
    for (size_t i = 0; i < n; i++) {
        json_open(j, '{');
        put_int(j, "number", rows[i].number);
        put_amount(ctx, j, "debits", rows[i].currency, rows[i].debits_posted);
        put_amount(ctx, j, "credits", rows[i].currency, rows[i].credits_posted);
        put_amount(ctx, j, "debits_held", rows[i].currency, rows[i].debits_pending);
        put_amount(ctx, j, "credits_held", rows[i].currency, rows[i].credits_pending);
        json_close(j, '}');
    }
    json_close(j, ']');
    return YES;
}

static no put_offers(struct ctx *ctx, struct json_out *j)
{
    struct sql_export_offer *rows;
    size_t n;

    TRY(sql_export_offers(ctx->db, ctx->arena, ctx->actor.member, &rows, &n));
    json_name(j, S("offers"));
    json_open(j, '[');
    for (size_t i = 0; i < n; i++) {
        json_open(j, '{');
        put_int(j, "id", rows[i].id);
        put_text(j, "side", rows[i].side == 2 ? S("need") : S("offer"));
        put_int(j, "status", rows[i].status);
        put_text(j, "title", rows[i].title);
        put_text(j, "body", rows[i].body);
        put_text(j, "place", rows[i].place);
        put_amount(ctx, j, "price", rows[i].a_currency, rows[i].a_minor);
        put_amount(ctx, j, "price2", rows[i].b_currency, rows[i].b_minor);
        put_time(ctx, j, "created", rows[i].created_ns);
        json_close(j, '}');
    }
    json_close(j, ']');
    return YES;
}

static no put_orders(struct ctx *ctx, struct json_out *j)
{
    struct sql_export_order *rows;
    size_t n;

    TRY(sql_export_orders(ctx->db, ctx->arena, ctx->actor.member, &rows, &n));
    json_name(j, S("orders"));
    json_open(j, '[');
    for (size_t i = 0; i < n; i++) {
        json_open(j, '{');
        put_int(j, "id", rows[i].id);
        put_text(j, "reference", rows[i].reference);
        put_text(j, "as", rows[i].buyer == ctx->actor.member ? S("client") : S("provider"));
        put_int(j, "kind", rows[i].kind);
        put_int(j, "state", rows[i].state);
        put_text(j, "title", rows[i].title);
        put_int(j, "quantity", rows[i].quantity);
        put_time(ctx, j, "requested", rows[i].requested_ns);
        put_time(ctx, j, "ended", rows[i].ended_ns);
        json_close(j, '}');
    }
    json_close(j, ']');
    return YES;
}

static no put_words(struct ctx *ctx, struct json_out *j)
{
    struct sql_export_message *messages;
    struct sql_export_review *reviews;
    size_t n;

    TRY(sql_export_messages(ctx->db, ctx->arena, ctx->actor.member, &messages, &n));
    json_name(j, S("messages"));
    json_open(j, '[');
    for (size_t i = 0; i < n; i++) {
        json_open(j, '{');
        put_int(j, "order", messages[i].orders);
        put_text(j, "body", messages[i].body);
        put_time(ctx, j, "at", messages[i].at_ns);
        json_close(j, '}');
    }
    json_close(j, ']');
    TRY(sql_export_reviews(ctx->db, ctx->arena, ctx->actor.member, &reviews, &n));
    json_name(j, S("reviews"));
    json_open(j, '[');
    for (size_t i = 0; i < n; i++) {
        json_open(j, '{');
        put_int(j, "order", reviews[i].orders);
        put_text(j, "written_by", reviews[i].author == ctx->actor.member ? S("me") : S("other"));
        put_int(j, "stars", reviews[i].stars);
        put_text(j, "body", reviews[i].body);
        put_time(ctx, j, "written", reviews[i].written_ns);
        put_time(ctx, j, "published", reviews[i].published_ns);
        json_close(j, '}');
    }
    json_close(j, ']');
    return YES;
}

static no put_traces(struct ctx *ctx, struct json_out *j)
{
    struct sql_session_row *sessions;
    struct sql_export_event *events;
    struct sql_export_photo *photos;
    size_t n;

    TRY(sql_session_list(ctx->db, ctx->arena, ctx->actor.member, ctx->now_ns, &sessions, &n));
    json_name(j, S("sessions"));
    json_open(j, '[');
    for (size_t i = 0; i < n; i++) {
        json_open(j, '{');
        put_text(j, "browser", sessions[i].agent);
        put_time(ctx, j, "created", sessions[i].created_ns);
        put_time(ctx, j, "seen", sessions[i].seen_ns);
        json_close(j, '}');
    }
    json_close(j, ']');
    TRY(sql_export_events(ctx->db, ctx->arena, ctx->actor.member, &events, &n));
    json_name(j, S("events"));
    json_open(j, '[');
    for (size_t i = 0; i < n; i++) {
        json_open(j, '{');
        put_int(j, "event", events[i].event);
        put_text(j, "note", events[i].note);
        put_time(ctx, j, "at", events[i].at_ns);
        json_close(j, '}');
    }
    json_close(j, ']');
    TRY(sql_export_photos(ctx->db, ctx->arena, ctx->actor.member, &photos, &n));
    json_name(j, S("photos"));
    json_open(j, '[');
    for (size_t i = 0; i < n; i++) {
        json_open(j, '{');
        put_int(j, "id", photos[i].id);
        put_int(j, "offer", photos[i].offer);
        put_text(j, "alt", photos[i].alt);
        put_time(ctx, j, "created", photos[i].created_ns);
        json_close(j, '}');
    }
    json_close(j, ']');
    return YES;
}

no view_account_export(struct ctx *ctx, str *json)
{
    struct buf out;
    struct json_out j = {.out = &out};

    if (ctx->actor.member == 0)
        return NO_NOT_SIGNED_IN;
    buf_init(&out, ctx->arena, 16384);
    json_open(&j, '{');
    put_text(&j, "coop", ctx_house(ctx)->name);
    put_time(ctx, &j, "made", ctx->now_ns);
    TRY(put_member(ctx, &j));
    TRY(put_balances(ctx, &j));
    TRY(put_offers(ctx, &j));
    TRY(put_orders(ctx, &j));
    TRY(put_words(ctx, &j));
    TRY(put_traces(ctx, &j));
    json_close(&j, '}');
    if (buf_failed(&out))
        return NO_TOO_LARGE;
    *json = buf_str(&out);
    return YES;
}
