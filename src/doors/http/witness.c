/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * This co-op as the witness of others (C2SP tlog-witness; specs register 3.6). The signer decides
 * and signs; here the question is carried to it, and its answer back, byte for byte.
 */
#include "rules/witness.h"
#include "base/time.h"
#include "deeds/register.h"
#include "deeds/register_house.h"
#include "doors/http/exchange.h"
#include "doors/http/rooms.h"
#include "doors/signer/signer.h"
#include "wire/witness.h"

enum { BODY_MAX = 64 << 10 };

static const char never[] = "no-store";
static const char text[] = "text/plain; charset=utf-8";

static no answer_words(struct http_req *req, int status, str words)
{
    return http_bytes(req, status, text, never, STR_NONE, words);
}

static str words_of(int status)
{
    return status == WITNESS_MALFORMED      ? S("malformed\n")
           : status == WITNESS_UNTRUSTED    ? S("not signed by a key that is known here\n")
           : status == WITNESS_UNKNOWN      ? S("unknown log\n")
           : status == WITNESS_INCONSISTENT ? S("inconsistent\n")
                                            : S("");
}

static no answer_as(struct http_req *req, const struct keeper_answer *answer)
{
    if (answer->status == WITNESS_ELSEWHERE)
        return http_bytes(req, answer->status, WITNESS_SIZE_TYPE.ptr, never, STR_NONE,
                          answer->body);
    return answer_words(req, answer->status,
                        answer->status == WITNESS_TAKEN ? answer->body : words_of(answer->status));
}

no http_witness_add(struct http_req *req)
{
    struct signer *signer = req->x->server->config.signer;
    struct keeper_request request = {.body = req->body,
                                     .now_s = (uint64_t)(req->ctx.now_ns / NS_PER_S)};
    struct keeper_answer answer;

    if (req->body.len > BODY_MAX)
        return answer_words(req, 413, S("too large\n"));
    const no named = view_register_origin(&req->ctx, &request.own);

    if (signer == NULL || named == NO_NOT_FOUND)
        return answer_words(req, 503, S("no witness here\n"));
    TRY(named);
    TRY(view_register_trusted(&req->ctx, &request.log_vkeys));
    const no cosigned = signer_cosign(signer, req->ctx.arena, &request, &answer);

    return cosigned == YES ? answer_as(req, &answer) : answer_words(req, 503, S("not now\n"));
}

/* Which of the logs that are cosigned here has a name with this fingerprint. */
static no find_origin(struct http_req *req, str hex, str *origin)
{
    struct register_peer *peers;
    char own[2 * HASH_SIZE];
    uint8_t sha256[HASH_SIZE];
    size_t n;

    TRY(view_register_peers(&req->ctx, &peers, &n));
    for (size_t i = 0; i < n; i++) {
        hash_sha256(peers[i].origin.ptr, peers[i].origin.len, sha256);
        str_hex(sha256, sizeof sha256, own);
        if (str_eq(hex, (str){own, sizeof own})) {
            *origin = peers[i].origin;
            return YES;
        }
    }
    return NO_NOT_FOUND;
}

no http_witness_checkpoint(struct http_req *req)
{
    struct signer *signer = req->x->server->config.signer;
    str origin, note;

    if (signer == NULL)
        return answer_words(req, 503, S("no witness here\n"));
    no answer = find_origin(req, http_param(req, "hex"), &origin);

    if (answer == YES)
        answer = signer_state(signer, req->ctx.arena, origin, &note);
    if (answer == NO_NOT_FOUND)
        return answer_words(req, 404, S("not found\n"));
    if (answer != YES)
        return answer_words(req, 503, S("not now\n"));
    return http_bytes(req, 200, text, "public, max-age=1", STR_NONE, note);
}
