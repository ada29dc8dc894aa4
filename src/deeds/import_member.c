/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * People of a co-op from its spreadsheet. Somebody who is here already is left alone: a file does
 * not change what a person says of themself, nor what they may do.
 */
#include "deeds/import_in.h"

#include "base/utf8.h"
#include "deeds/letter.h"
#include "deeds/member.h"
#include "deeds/member_words.h"
#include "deeds/place.h"
#include "deeds/register.h"
#include "store/sql_account.h"
#include "store/sql_member.h"
#include "wire/members_csv.h"

struct member_pass {
    struct import_pass pass;
    struct members_csv file;
    struct member_line row;
};

/* What is known of a line's person before it is written. */
struct person {
    str key, place;
    int64_t lat, lon, joined_ns;
    uint32_t roles;
    enum lang lang;
};

static no next(struct import_pass *pass, struct ctx *ctx, struct csv_wrong *wrong)
{
    struct member_line *row = pass->row;

    TRY(members_csv_next(pass->file, ctx->arena, row, wrong));
    pass->line = row->line;
    return YES;
}

static uint32_t roles_of(enum member_line_role role)
{
    switch (role) {
    case MEMBER_LINE_MEMBER:
        return ROLE_MEMBER;
    case MEMBER_LINE_CLIENT:
        return ROLE_CLIENT;
    case MEMBER_LINE_FOUNDER:
        return ROLE_MEMBER | ROLE_FOUNDER;
    case MEMBER_LINE_FACILITATOR:
        return ROLE_MEMBER | ROLE_FACILITATOR;
    case MEMBER_LINE_ACCOUNTANT:
        return ROLE_MEMBER | ROLE_ACCOUNTANT;
    case MEMBER_LINE_AUDITOR:
        return ROLE_AUDITOR; /* an outsider, by law */
    case MEMBER_LINE_MEDIATOR:
        return ROLE_MEMBER | ROLE_MEDIATOR;
    }
    return ROLE_MEMBER;
}

/* A place that the gazetteer does not know is kept as words, without a spot. */
static no read_place(struct ctx *ctx, const struct member_line *row, struct person *person)
{
    struct place_answer answer;

    person->place = import_text(ctx, row->place, MEMBER_LINE_MAX);
    if (person->place.len == 0)
        return YES;
    TRY(view_place_find(ctx, person->place, &answer));
    if (answer.found == PLACE_FOUND) {
        person->lat = answer.place.lat;
        person->lon = answer.place.lon;
    }
    return YES;
}

static no read_person(struct ctx *ctx, const struct import_job *job, const struct member_line *row,
                      struct person *person)
{
    const int64_t day = INT64_C(86400) * 1000000000;

    *person = (struct person){.key = member_email_key(ctx->arena, row->email),
                              .roles = roles_of(row->role),
                              .lang = row->has_lang ? row->lang : job->house->lang};
    if (!member_email_good(row->email))
        return deed_wrong(ctx, "email", NO_FIELD_NOT_AN_EMAIL);
    if (utf8_count(row->name) > MEMBER_NAME_MAX)
        return deed_wrong(ctx, "name", NO_FIELD_TOO_LONG);
    if (row->has_joined) {
        person->joined_ns = row->joined_days * day;
        if (person->joined_ns > ctx->now_ns)
            return deed_wrong(ctx, "joined", NO_FIELD_OUT_OF_RANGE);
    } else if (job->form->admit)
        person->joined_ns = ctx->now_ns;
    return read_place(ctx, row, person);
}

static no handle_of(struct ctx *ctx, const struct member_line *row, str *handle)
{
    struct sql_import_member other;

    if (row->handle.len == 0)
        return import_handle(ctx, row->name, STR_NONE, handle);
    const no taken = sql_import_member_by_handle(ctx->db, ctx->arena, row->handle, &other);

    if (taken == YES)
        return deed_wrong(ctx, "handle", NO_FIELD_TAKEN);
    *handle = row->handle;
    return taken == NO_NOT_FOUND ? YES : taken;
}

static no admitted(struct ctx *ctx, const struct import_job *job, int64_t member)
{
    if (!job->form->admit)
        return YES;
    TRY(sql_member_event_add(ctx->db, member, MEMBER_EVENT_ADMITTED, ctx->actor.member, S(""),
                             ctx->now_ns));
    TRY(register_member(ctx, member, true));
    return job->form->no_letters
               ? YES
               : letter_put(ctx, LETTER_ADMITTED, member, STR_NONE, member, 0, STR_NONE);
}

static no add(struct ctx *ctx, const struct import_job *job, const struct member_line *row,
              const struct person *person)
{
    const enum member_status status = job->form->admit ? MEMBER_ACTIVE : MEMBER_IMPORTED;
    str handle;
    int64_t id;

    TRY(handle_of(ctx, row, &handle));
    TRY(sql_member_add(ctx->db, import_uid(ctx).bytes, handle, row->name, row->email, person->key,
                       S(""), person->roles, status, person->lang, S(""), S(""), S(""),
                       person->place, person->lat, person->lon, S(""), S(""), INT64_C(255), S(""),
                       STR_NONE, ctx->now_ns, person->joined_ns, &id));
    TRY(member_words_put(ctx, id));
    return admitted(ctx, job, id);
}

static no take(struct ctx *ctx, void *pass_)
{
    struct import_pass *pass = pass_;
    const struct import_job *job = pass->job;
    const struct member_line *row = pass->row;
    struct sql_import_member known;
    struct person person;

    TRY(read_person(ctx, job, row, &person));
    TRY(import_first(ctx, pass->job, person.key, "email"));
    const no found = sql_import_member_by_email(ctx->db, ctx->arena, person.key, &known);

    pass->did = IMPORT_ADDED;
    if (found == NO_NOT_FOUND)
        return add(ctx, job, row, &person);
    TRY(found);
    pass->did = IMPORT_SAME;
    if (known.status != MEMBER_IMPORTED ||
        (!job->form->admit && str_eq(known.name, row->name) && known.roles == person.roles &&
         str_eq(known.place, person.place)))
        return YES;
    pass->did = IMPORT_CHANGED;
    TRY(sql_import_member_edit(ctx->db, known.id, row->name, person.roles,
                               job->form->admit ? MEMBER_ACTIVE : MEMBER_IMPORTED, person.lang,
                               person.place, person.lat, person.lon, person.joined_ns));
    TRY(member_words_put(ctx, known.id));
    return admitted(ctx, job, known.id);
}

no import_members(struct ctx *ctx, struct import_job *job)
{
    struct member_pass *people = arena_take(ctx->arena, sizeof *people);
    struct csv_wrong wrong = {0};

    if (people == NULL)
        return NO_TOO_LARGE;
    const no opened = members_csv_open(&people->file, ctx->arena, job->form->bytes, &wrong);

    if (opened != YES) {
        import_refuse(job, wrong.line, wrong.field, opened);
        return opened;
    }
    people->pass = (struct import_pass){.job = job,
                                        .next = next,
                                        .take = take,
                                        .csv = &people->file.csv,
                                        .file = &people->file,
                                        .row = &people->row,
                                        .self = people,
                                        .counts = true};
    TRY(import_pass(ctx, &people->pass));
    if (job->form->admit && !job->form->dry_run)
        ctx->world->house_changed(ctx->world->self); /* it knows how many members there are */
    return YES;
}
