/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/join.h"

#include "base/hash.h"
#include "base/id.h"
#include "base/utf8.h"
#include "deeds/account.h"
#include "deeds/house.h"
#include "deeds/letter.h"
#include "deeds/link.h"
#include "deeds/member.h"
#include "deeds/member_words.h"
#include "deeds/register.h"
#include "deeds/sign_in.h"
#include "store/sql_account.h"
#include "store/sql_member.h"
#include "store/sql_people.h"

enum { FACILITATORS_MAX = 50 };

static bool check_person(struct ctx *ctx, str name, str trade, str place, bool statutes)
{
    (void)member_check_line(ctx, "name", name, MEMBER_NAME_MAX, true);
    (void)member_check_line(ctx, "trade", trade, MEMBER_LINE_MAX, false);
    (void)member_check_line(ctx, "place", place, MEMBER_LINE_MAX, false);
    if (!statutes)
        (void)deed_wrong(ctx, "statutes", NO_STATUTES_NOT_ACCEPTED);
    return ctx->wrongs_n == 0;
}

/* A row for somebody new; strings are tidied here. */
static no add(struct ctx *ctx, const struct join_invited *form, enum member_status status,
              uint32_t roles, str reason, int64_t *id)
{
    const struct house *house = ctx_house(ctx);
    const str name = utf8_tidy_line(ctx->arena, form->name);
    const str email = str_trim(form->email);
    const bool member = status == MEMBER_ACTIVE;
    uint8_t chance[10];
    str handle;

    TRY(member_make_handle(ctx, name, &handle));
    ctx->world->chance(ctx->world->self, chance, sizeof chance);
    const uid own = uid_make(ctx->now_ns / 1000000, chance);

    TRY(sql_member_add(
        ctx->db, own.bytes, handle, name, email, member_email_key(ctx->arena, email),
        form->password, roles, status, ctx->lang, S(""), utf8_tidy_line(ctx->arena, form->trade),
        S(""), utf8_tidy_line(ctx->arena, form->place), house->lat, house->lon, S(""), S(""),
        NOTICES_ALL, reason, STR_NONE, ctx->now_ns, member ? ctx->now_ns : 0, id));
    return member_words_put(ctx, *id);
}

static no tell_facilitators(struct ctx *ctx, int64_t who)
{
    struct sql_person *people;
    size_t people_n;

    TRY(sql_people_with_role(ctx->db, ctx->arena, ROLE_FACILITATOR, FACILITATORS_MAX, &people,
                             &people_n));
    for (size_t i = 0; i < people_n; i++)
        TRY(letter_put(ctx, LETTER_ASKED, people[i].id, STR_NONE, who, 0, STR_NONE));
    return YES;
}

/* --- asking ----------------------------------------------------------------------------------- */

static no asks_now(struct ctx *ctx, int64_t id, const struct join_ask *form)
{
    TRY(sql_member_asks(ctx->db, id, utf8_tidy_line(ctx->arena, form->name),
                        utf8_tidy_line(ctx->arena, form->trade),
                        utf8_tidy_line(ctx->arena, form->place), form->why, ctx->now_ns));
    TRY(member_words_put(ctx, id));
    TRY(sql_member_event_add(ctx->db, id, MEMBER_EVENT_ASKED, ctx->actor.member, form->why,
                             ctx->now_ns));
    return tell_facilitators(ctx, id);
}

static no ask_as_stranger(struct ctx *ctx, const struct join_ask *form)
{
    struct sql_member known;
    const str key = member_email_key(ctx->arena, form->email);
    const no found = sql_member_by_email(ctx->db, ctx->arena, key, &known);
    int64_t id;

    /* Who was refused may ask again. Anybody else with this address signs in first, and asks as
     * whom they are: a stranger may not change another's name. */
    if (found == YES && known.status == MEMBER_REFUSED)
        return asks_now(ctx, known.id, form);
    if (found == YES)
        return deed_sign_in_ask(ctx,
                                &(struct sign_in_ask){.email = form->email, .target = S("/join")});
    if (found != NO_NOT_FOUND)
        return found;
    TRY(add(ctx,
            &(struct join_invited){.name = form->name,
                                   .email = form->email,
                                   .trade = form->trade,
                                   .place = form->place,
                                   .password = S("")},
            MEMBER_ASKED, 0, form->why, &id));
    TRY(sql_member_event_add(ctx->db, id, MEMBER_EVENT_ASKED, 0, form->why, ctx->now_ns));
    return tell_facilitators(ctx, id);
}

static no ask_now(struct ctx *ctx, void *given)
{
    const struct join_ask *form = given;
    struct sql_member self;

    if (ctx->actor.member == 0)
        return ask_as_stranger(ctx, form);
    TRY(sql_member_get(ctx->db, ctx->arena, ctx->actor.member, &self));
    if ((self.roles & ROLE_MEMBER) != 0)
        return NO_MEMBER_ALREADY;
    /* Asking twice is asking once. */
    return self.status == MEMBER_ASKED ? YES : asks_now(ctx, self.id, form);
}

no deed_join_ask(struct ctx *ctx, const struct join_ask *form)
{
    struct join_ask copy = *form;

    if (ctx_house(ctx)->state == HOUSE_FOUNDING)
        return NO_NOT_FOUNDED;
    if (ctx->actor.member == 0)
        (void)member_check_email(ctx, "email", form->email);
    (void)member_check_text(ctx, "why", form->why, JOIN_WHY_MAX);
    if (copy.why.ptr == NULL)
        copy.why = S("");
    return check_person(ctx, form->name, form->trade, form->place, form->statutes)
               ? deed_run(ctx, ask_now, &copy)
               : NO_BAD_FIELDS;
}

no view_member_state(struct ctx *ctx, int64_t member, struct member_state *state)
{
    struct sql_person row;

    TRY(sql_person_get(ctx->db, ctx->arena, member, &row));
    state->status = row.status;
    return YES;
}

/* --- an invitation ---------------------------------------------------------------------------- */

no view_join_invitation(struct ctx *ctx, str token, struct join_invitation *out)
{
    struct join_invitation invitation = {.inviter = S("")};
    struct sql_member_name name;
    struct link link;

    TRY(view_link(ctx, token, &link));
    if (link.kind != LINK_INVITATION)
        return NO_LINK_USED_OR_OLD;
    invitation.email = link.email;
    invitation.roles = link.roles;
    invitation.for_imported = link.member != 0;
    if (link.created_by != 0 &&
        sql_member_name_get(ctx->db, ctx->arena, link.created_by, &name) == YES)
        invitation.inviter = name.name;
    if (link.member != 0 && sql_member_name_get(ctx->db, ctx->arena, link.member, &name) == YES)
        invitation.name = name.name;
    *out = invitation;
    return YES;
}

/* Who becomes a member: the one signed in, the one whose address the letter went to, the one whom
 * an import named, or somebody new (NO_NOT_FOUND). */
static no find_invited(struct ctx *ctx, const struct link *link, const struct join_invited *form,
                       struct sql_member *who)
{
    if (ctx->actor.member != 0)
        return sql_member_get(ctx->db, ctx->arena, ctx->actor.member, who);
    const no found =
        sql_member_by_email(ctx->db, ctx->arena, member_email_key(ctx->arena, form->email), who);

    if (found == YES)
        return link->email.len > 0 ? YES : deed_wrong(ctx, "email", NO_FIELD_TAKEN);
    if (found != NO_NOT_FOUND)
        return found;
    return link->member != 0 ? sql_member_get(ctx->db, ctx->arena, link->member, who)
                             : NO_NOT_FOUND;
}

static no make_member(struct ctx *ctx, const struct sql_member *who,
                      const struct join_invited *form, uint32_t roles)
{
    const bool keeps = ctx->actor.member != 0 || who->status == MEMBER_ACTIVE;
    const str email = str_trim(keeps ? who->email : form->email);

    if (form->password.len > 0)
        TRY(link_end_waiting(ctx, who->id));
    TRY(sql_member_invited(
        ctx->db, who->id, utf8_tidy_line(ctx->arena, form->name),
        utf8_tidy_line(ctx->arena, form->trade), utf8_tidy_line(ctx->arena, form->place), email,
        member_email_key(ctx->arena, email), form->password, who->roles | roles, ctx->now_ns));
    return member_words_put(ctx, who->id);
}

static no invited_now(struct ctx *ctx, void *given)
{
    struct join_invited *form = given;
    struct sql_member who;
    struct link link;

    TRY(link_take(ctx, form->token, &link));
    if (link.kind != LINK_INVITATION)
        return NO_LINK_USED_OR_OLD;
    if (link.email.len > 0)
        form->email = link.email;
    const uint32_t roles = ROLE_MEMBER | (link.roles & ROLES_GIVEN);
    const no found = find_invited(ctx, &link, form, &who);

    if (found == YES) {
        if ((who.roles & ROLE_MEMBER) != 0 && who.status == MEMBER_ACTIVE)
            return NO_MEMBER_ALREADY;
        /* The letter proves the mailbox only: who has a code signs in with it first. */
        if (ctx->actor.member == 0 && who.totp.len > 0)
            return NO_NOT_SIGNED_IN;
        TRY(make_member(ctx, &who, form, roles));
        form->member = who.id;
    } else if (found == NO_NOT_FOUND)
        TRY(add(ctx, form, MEMBER_ACTIVE, roles, S(""), &form->member));
    else
        return found;
    TRY(register_member(ctx, form->member, true));
    ctx->world->house_changed(ctx->world->self);
    return sql_member_event_add(ctx->db, form->member, MEMBER_EVENT_ADMITTED, link.created_by,
                                S(""), ctx->now_ns);
}

no deed_join_invited(struct ctx *ctx, struct join_invited *form)
{
    char hash[PASSWORD_HASH_SIZE] = "";
    struct join_invitation invitation;

    TRY(view_join_invitation(ctx, form->token, &invitation));
    if (invitation.email.len == 0 && ctx->actor.member == 0)
        (void)member_check_email(ctx, "email", form->email);
    if (form->password.len > 0)
        (void)member_check_password(ctx, "password", form->password);
    if (!check_person(ctx, form->name, form->trade, form->place, form->statutes))
        return NO_BAD_FIELDS;
    if (form->password.len > 0)
        TRY(hash_password(form->password, hash));
    form->password = arena_str(ctx->arena, str_of(hash));
    return deed_run(ctx, invited_now, form);
}
