/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Asking the witnesses. What an answer means is rules/witness.h; only a line that holds under the
 * configured key is kept. A witness that says it holds what we never signed is believed when it
 * shows our signature on it, and not before: otherwise one liar could stop the register.
 */
#include "doors/jobs/publish_in.h"

#include "base/log.h"
#include "base/time.h"

#include <stdio.h>
#include <string.h>

/* --- addresses ---------------------------------------------------------------------------------
 */

str publish_witness_url(struct publisher *p, size_t witness, bool add)
{
    str url = p->policy->policy.witnesses[witness].url;
    struct buf out;

    while (str_ends(url, S("/")))
        url.len--;
    buf_init(&out, &p->scratch, url.len + PUBLISH_HEX + 32);
    buf_put(&out, url);
    buf_put_char(&out, '/');
    if (add)
        buf_put(&out, S("add-checkpoint"));
    else {
        buf_put(&out, p->hex);
        buf_put(&out, S("/checkpoint"));
    }
    return buf_str(&out);
}

/* --- what is asked -----------------------------------------------------------------------------
 */

static no make_body(struct publisher *p, uint64_t old, str *body)
{
    struct witness_request *request = arena_take(&p->scratch, sizeof *request);
    struct tree_proof proof;
    struct buf out;

    if (request == NULL)
        return NO_OUT_OF_MEMORY;
    TRY(publish_proof(p, old, p->signed_size, &proof));
    if (proof.n > WITNESS_HASHES_MAX)
        return NO_TOO_LARGE;
    request->old = old;
    request->hashes_n = proof.n;
    for (size_t i = 0; i < proof.n; i++)
        memcpy(request->hashes[i], proof.hashes[i].bytes, HASH_SIZE);
    request->note = p->signed_note;
    buf_init(&out, &p->scratch, 4096);
    witness_request_put(&out, request);
    *body = buf_str(&out);
    return buf_failed(&out) ? NO_OUT_OF_MEMORY : YES;
}

uint64_t publish_cosigners(const struct publisher *p)
{
    uint64_t bits = 0;

    for (size_t i = 0; i < p->policy->policy.witnesses_n; i++)
        if (p->policy->witnesses[i].cosigned_size == p->signed_size && p->signed_size > 0)
            bits |= UINT64_C(1) << i;
    return bits;
}

/* --- what is answered ------------------------------------------------------------------------ */

struct asking {
    struct publisher *p;
    int64_t now_ns, met_ms; /* met_ms: since when the policy is met; 0 = it is not */
    uint64_t alarms;
    no why;
};

static void complain(const struct publisher *p, const struct publish_call *call, const char *what)
{
    const str who = p->policy->policy.witnesses[call->witness].key.name;
    char status[16], name[NOTE_NAME_MAX + 1];

    (void)snprintf(status, sizeof status, "%d", call->status);
    (void)snprintf(name, sizeof name, "%.*s", (int)who.len, who.ptr);
    log_line(LOG_WARN, "publish", what, "witness", name, "status", status, NULL);
}

/* Not before 1, 2, 4 ... seconds, and said the first time and then more and more seldom. */
static void back_off(const struct asking *asking, const struct publish_call *call, const char *what)
{
    struct publish_witness *witness = &asking->p->policy->witnesses[call->witness];
    const unsigned doublings = witness->fails < 10 ? witness->fails : 10;
    int64_t wait_s = INT64_C(1) << doublings;

    if (wait_s > PUBLISH_BACK_OFF_MAX_S)
        wait_s = PUBLISH_BACK_OFF_MAX_S;
    witness->next_ns = asking->now_ns + wait_s * NS_PER_S;
    witness->fails++;
    if ((witness->fails & (witness->fails - 1)) == 0)
        complain(asking->p, call, what);
}

static void keep(const struct asking *asking, const struct publish_call *call,
                 const uint8_t cosignature[COSIGNATURE_SIZE])
{
    struct publisher *p = asking->p;
    struct publish_witness *witness = &p->policy->witnesses[call->witness];

    memcpy(witness->cosignature, cosignature, COSIGNATURE_SIZE);
    witness->cosigned_size = witness->size = p->signed_size;
    witness->known = true;
    witness->fails = 0;
    witness->next_ns = 0;
    p->has_news = true;
}

/* True: the call has been written anew, from the size that the witness told. */
static bool prove(struct asking *asking, struct publish_call *call, uint64_t size)
{
    struct publisher *p = asking->p;
    const no answer = make_body(p, size, &call->body);

    if (answer != YES) {
        asking->why = answer;
        return false;
    }
    p->policy->witnesses[call->witness].size = size;
    p->policy->witnesses[call->witness].known = true;
    call->retried = true;
    return true;
}

static bool done(void *self, struct publish_call *call)
{
    struct asking *asking = self;
    struct publisher *p = asking->p;
    uint8_t cosignature[COSIGNATURE_SIZE];
    struct witness_answer answer = {.status = call->status, .retried = call->retried};

    answer.cosigned = call->status == WITNESS_TAKEN &&
                      witness_cosignature_find(call->reply, publish_signed_text(p),
                                               &p->policy->policy.witnesses[call->witness].key,
                                               cosignature) == YES;
    answer.has_size = call->status == WITNESS_ELSEWHERE && call->is_size &&
                      witness_size_parse(call->reply, &answer.size);
    switch (witness_answer_means(&answer, p->signed_size)) {
    case WITNESS_KEEP:
        keep(asking, call, cosignature);
        break;
    case WITNESS_PROVE:
        return prove(asking, call, answer.size);
    case WITNESS_ALARM:
        asking->alarms |= UINT64_C(1) << call->witness;
        back_off(asking, call, "a witness denies our history");
        break;
    case WITNESS_CONFIGURE:
        back_off(asking, call, "a witness does not know us, or is not the one that we know");
        break;
    case WITNESS_BACK_OFF:
        back_off(asking, call, "a witness did not answer");
        break;
    }
    return false;
}

/* Published as soon as the quorum has answered and the others had a moment more. */
static bool idle(void *self)
{
    struct asking *asking = self;
    struct publisher *p = asking->p;
    const uint64_t cosigned = publish_cosigners(p);

    if (!policy_met(&p->policy->policy, cosigned))
        return true;
    if (asking->met_ms == 0)
        asking->met_ms = publish_clock_ms();
    if (publish_clock_ms() - asking->met_ms >= PUBLISH_GRACE_MS && asking->why == YES)
        asking->why = publish_put(p, false);
    return asking->why == YES;
}

/* --- all of them ----------------------------------------------------------------------------- */

static no make_calls(struct asking *asking, bool all, struct publish_call *calls, size_t *n)
{
    struct publisher *p = asking->p;
    const uint64_t cosigned = publish_cosigners(p);

    *n = 0;
    for (size_t i = 0; i < p->policy->policy.witnesses_n; i++) {
        const struct publish_witness *witness = &p->policy->witnesses[i];

        if (witness->next_ns > asking->now_ns || p->policy->policy.witnesses[i].url.len == 0 ||
            (!all && (cosigned >> i & 1) != 0))
            continue;
        calls[*n] = (struct publish_call){.witness = i, .url = publish_witness_url(p, i, true)};
        TRY(make_body(p, witness->known && witness->size <= p->signed_size ? witness->size : 0,
                      &calls[*n].body));
        (*n)++;
    }
    return YES;
}

/* Those that had said nothing when the time was over. */
static void note_silent(struct asking *asking, const struct publish_call *calls, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!calls[i].ended)
            back_off(asking, &calls[i], "a witness did not answer in time");
}

/* What they hold who deny our history: does it bear our signature? */
static no look_into(struct asking *asking, struct ctx *ctx)
{
    struct publisher *p = asking->p;
    struct tree_frontier head;

    TRY(view_register_head(ctx, &head));
    for (size_t i = 0; i < p->policy->policy.witnesses_n; i++) {
        struct publish_call call = {.witness = i, .url = publish_witness_url(p, i, false)};

        if ((asking->alarms >> i & 1) == 0)
            continue;
        TRY(publish_ask(p, &call, 1, PUBLISH_WITNESS_MS, publish_take, NULL, NULL));
        if (call.status == 200)
            TRY(publish_examine(p, ctx, &head, p->policy->policy.witnesses[i].key.name,
                                call.reply));
        complain(p, &call, "and shows no signature of ours on another one: it is not believed");
    }
    return YES;
}

no publish_witnesses(struct publisher *p, struct ctx *ctx, bool all)
{
    struct asking asking = {.p = p, .now_ns = ctx->now_ns};
    struct publish_call *calls = arena_take_many(&p->scratch, POLICY_WITNESSES_MAX, sizeof *calls);
    size_t n;

    if (calls == NULL)
        return NO_OUT_OF_MEMORY;
    TRY(make_calls(&asking, all, calls, &n));
    if (n > 0)
        TRY(publish_ask(p, calls, n, PUBLISH_WITNESS_MS, done, idle, &asking));
    TRY(asking.why);
    if (!atomic_load(&p->stopping))
        note_silent(&asking, calls, n);
    if (asking.alarms != 0)
        TRY(look_into(&asking, ctx));
    return YES;
}
