/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/register_incident.h"

#include "deeds/register.h"
#include "store/sql_register.h"
#include "wire/jcs.h"

static no write_openings_lost(struct ctx *ctx, void *unused)
{
    const struct register_member what = {.name = S("what"), .text = S("openings_lost")};
    int64_t missing = 0;

    (void)unused;
    TRY(sql_log_open_missing(ctx->db, &missing));
    if (missing == 0)
        return YES;
    return register_append(
        ctx, &(struct register_ask){.kind = REGISTER_INCIDENT, .members = &what, .members_n = 1},
        NULL);
}

no deed_register_openings_lost(struct ctx *ctx)
{
    return deed_run(ctx, write_openings_lost, NULL);
}

static no note_openings(void *index, const struct sql_log_entry *row)
{
    str what;

    if (jcs_plain(jcs_get(jcs_root(row->body), S("what")), &what) &&
        str_eq(what, S("openings_lost")))
        *(int64_t *)index = row->idx;
    return YES;
}

no view_register_openings_from(struct ctx *ctx, int64_t *index)
{
    *index = 0;
    return sql_log_entry_of_kind(ctx->db, REGISTER_INCIDENT, note_openings, index);
}
