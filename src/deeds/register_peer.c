/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The registers of other co-ops that this one cosigns, and pins in its own.
 */
#include "base/json.h"
#include "deeds/register.h"
#include "deeds/register_house.h"
#include "store/sql_register.h"
#include "wire/jcs.h"
#include "wire/lines.h"
#include "wire/note.h"

enum { VKEYS_MAX = 8192, DAY_S = 86400 };

/* --- reading -----------------------------------------------------------------------------------
 */

no view_register_peers(struct ctx *ctx, struct register_peer **out, size_t *n)
{
    struct sql_log_peer *rows;

    TRY(sql_log_peer_list(ctx->db, ctx->arena, &rows, n));
    struct register_peer *peers = arena_take_many(ctx->arena, *n + 1, sizeof *peers);

    if (peers == NULL)
        return NO_TOO_LARGE;
    for (size_t i = 0; i < *n; i++)
        peers[i] = (struct register_peer){rows[i].origin, rows[i].vkeys, rows[i].url,
                                          (uint32_t)rows[i].state, rows[i].added_s};
    *out = peers;
    return YES;
}

no view_register_trusted(struct ctx *ctx, str *vkeys)
{
    struct register_peer *peers;
    struct buf out;
    size_t n;

    TRY(view_register_peers(ctx, &peers, &n));
    buf_init(&out, ctx->arena, 1024);
    for (size_t i = 0; i < n; i++)
        if ((peers[i].state & PEER_COSIGNED) != 0)
            buf_put(&out, peers[i].vkeys);
    *vkeys = buf_str(&out);
    return buf_failed(&out) ? NO_TOO_LARGE : YES;
}

/* --- adding and dropping -----------------------------------------------------------------------
 */

static bool has_line(str lines, str wanted)
{
    str line;

    while (lines_next(&lines, &line))
        if (str_eq(line, wanted))
            return true;
    return false;
}

static bool is_address(str url)
{
    if (!str_starts(url, S("http://")) && !str_starts(url, S("https://")))
        return url.len == 0;
    for (size_t i = 0; i < url.len; i++)
        if (url.ptr[i] <= ' ' || url.ptr[i] > '~' || url.ptr[i] == '?' || url.ptr[i] == '#')
            return false;
    return url.len <= 512;
}

static no check_peer(struct ctx *ctx, const struct register_peer_form *form, struct note_key *key)
{
    struct register_keys own;

    if (!ctx->actor.console)
        return NO_NOT_ALLOWED;
    TRY(note_key_parse(form->vkey, key));
    if (key->type != NOTE_ED25519)
        return NO_KEY_KIND_UNKNOWN;
    if (!is_address(form->url))
        return NO_FIELD_WRONG;
    const no known = view_register_keys(ctx, &own);

    if (known == YES && has_line(own.logs, form->vkey))
        return NO_CONFLICT;
    return known == NO_NOT_FOUND ? YES : known;
}

static no add_peer(struct ctx *ctx, void *form_)
{
    struct register_peer_form *form = form_;
    struct sql_log_peer row = {.url = S("")};
    struct note_key key;
    struct buf vkeys;

    TRY(check_peer(ctx, form, &key));
    const no known = sql_log_peer_get(ctx->db, ctx->arena, key.name, &row);

    if (known != YES && known != NO_NOT_FOUND)
        return known;
    buf_init(&vkeys, ctx->arena, 256);
    /* A peer that was dropped begins anew: nobody remembers what its old key was worth. */
    if (known == YES && row.state != 0)
        buf_put(&vkeys, row.vkeys);
    if (!has_line(buf_str(&vkeys), form->vkey)) {
        buf_put(&vkeys, form->vkey);
        buf_put_char(&vkeys, '\n');
    }
    if (buf_failed(&vkeys) || vkeys.len > VKEYS_MAX)
        return NO_TOO_LARGE;
    form->origin = key.name;
    return sql_log_peer_put(
        ctx->db, key.name, buf_str(&vkeys), form->url.len > 0 ? form->url : row.url,
        PEER_COSIGNED | (form->mirror ? PEER_MIRRORED : 0), ctx->now_ns / INT64_C(1000000000));
}

no deed_register_peer_add(struct ctx *ctx, struct register_peer_form *form)
{
    return deed_run(ctx, add_peer, form);
}

static no put_state(struct ctx *ctx, str origin, uint32_t keep, uint32_t add)
{
    struct sql_log_peer row;

    TRY(sql_log_peer_get(ctx->db, ctx->arena, origin, &row));
    return sql_log_peer_put(ctx->db, row.origin, row.vkeys, row.url,
                            ((uint32_t)row.state & keep) | add, row.added_s);
}

static no drop_peer(struct ctx *ctx, void *origin)
{
    if (!ctx->actor.console)
        return NO_NOT_ALLOWED;
    return put_state(ctx, *(str *)origin, PEER_DIFFERS, 0);
}

no deed_register_peer_drop(struct ctx *ctx, str origin)
{
    return deed_run(ctx, drop_peer, &origin);
}

static no mark_differs(struct ctx *ctx, void *origin)
{
    return put_state(ctx, *(str *)origin, UINT32_MAX, PEER_DIFFERS);
}

no deed_register_peer_differs(struct ctx *ctx, str origin)
{
    return deed_run(ctx, mark_differs, &origin);
}

/* --- pinning -----------------------------------------------------------------------------------
 */

struct seen {
    str origin, note;
};

static no put_seen(struct ctx *ctx, void *seen_)
{
    const struct seen *seen = seen_;
    struct sql_log_peer peer;
    struct sql_log_entry last;

    TRY(sql_log_peer_get(ctx->db, ctx->arena, seen->origin, &peer));
    const no known = sql_log_entry_about(ctx->db, ctx->arena, REGISTER_PEER, peer.id, &last);

    if (known != YES && known != NO_NOT_FOUND)
        return known;
    if (known == YES && ctx->now_ns / INT64_C(1000000000) - last.at_s < DAY_S)
        return NO_TOO_EARLY;
    const struct register_member members[] = {{.name = S("checkpoint"), .text = seen->note},
                                              {.name = S("origin"), .text = seen->origin}};

    return register_append(
        ctx,
        &(struct register_ask){
            .kind = REGISTER_PEER, .ref = peer.id, .members = members, .members_n = 2},
        NULL);
}

no deed_register_peer_seen(struct ctx *ctx, str origin, str note)
{
    struct seen seen = {origin, note};

    return deed_run(ctx, put_seen, &seen);
}
