/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Entries of the register in the reader's language. Only what is public: members of the body.
 */
#include "doors/http/money.h"
#include "doors/http/proof.h"
#include "doors/http/rules.h"
#include "wire/jcs.h"

enum { FACTS_MAX = 24 };
#define NS_PER_S INT64_C(1000000000)

enum lang_key proof_how_key(enum receipt_how how)
{
    return how == RECEIPT_WITNESSED   ? T_proof_witnessed
           : how == RECEIPT_PUBLISHED ? T_proof_published
                                      : T_proof_recorded;
}

url proof_url(struct http_req *req, int64_t index)
{
    return money_url(req, "/proof/%lld", (long long)index);
}

str proof_moment(struct http_req *req, int64_t at_s)
{
    return frame_moment(req, at_s * NS_PER_S);
}

str proof_hex(struct http_req *req, const uint8_t hash[HASH_SIZE])
{
    char hex[2 * HASH_SIZE];

    str_hex(hash, HASH_SIZE, hex);
    return arena_str(req->ctx.arena, (str){hex, sizeof hex});
}

/* --- one member --------------------------------------------------------------------------------
 */

static str text_of(struct http_req *req, str body, str name)
{
    str text = STR_NONE;

    (void)jcs_text(jcs_get(jcs_root(body), name), req->ctx.arena, &text);
    return text.ptr == NULL ? S("?") : text;
}

static int64_t int_of(str body, str name)
{
    int64_t n = 0;

    (void)jcs_int(jcs_get(jcs_root(body), name), &n);
    return n;
}

static bool has(str body, str name)
{
    return jcs_get(jcs_root(body), name).kind != JCS_NONE;
}

static int64_t count_of(struct jcs list)
{
    struct jcs_walk walk = {.of = list};
    struct jcs value;
    int64_t n = 0;
    str name;

    while (jcs_next(&walk, &name, &value))
        n++;
    return n;
}

/* --- one line ----------------------------------------------------------------------------------
 */

static str counted(struct http_req *req, enum lang_key key, int64_t n)
{
    const str form = lang_text_n(req->ctx.lang, key, n);
    const size_t at = str_find(form, S("{n}"));
    struct buf out;

    buf_init(&out, req->ctx.arena, form.len + 24);
    buf_put(&out, str_sub(form, 0, at));
    if (at < form.len) {
        buf_put_int(&out, n);
        buf_put(&out, str_sub(form, at + 3, form.len));
    }
    return buf_str(&out);
}

static str param_what(struct http_req *req, str body)
{
    const str name = text_of(req, body, S("name"));
    const struct rule to = rule_of(&req->ctx, name, int_of(body, S("new")));
    const struct rule from = rule_of(&req->ctx, name, int_of(body, S("old")));
    const bool changed = has(body, S("old"));

    return money_words(req, changed ? T_proof_did_param : T_proof_did_param_first,
                       (struct money_value[]){{"name", rules_name(req, &to)},
                                              {"from", rules_value(req, &from)},
                                              {"to", rules_value(req, &to)},
                                              {NULL, STR_NONE}});
}

static str with_one(struct http_req *req, enum lang_key key, const char *name, str value)
{
    return money_words(req, key, (struct money_value[]){{name, value}, {NULL, STR_NONE}});
}

static str member_what(struct http_req *req, str body)
{
    bool joined = true;

    (void)jcs_bool(jcs_get(jcs_root(body), S("joined")), &joined);
    return counted(req, joined ? T_proof_did_joined : T_proof_did_left, int_of(body, S("members")));
}

str proof_what(struct http_req *req, const struct register_row *row)
{
    const str body = row->body;

    if (jcs_entry_check(body) != YES) /* a store that somebody edited */
        return frame_text(req, T_proof_did_other);
    switch (row->kind) {
    case REGISTER_GENESIS:
        return with_one(req, T_proof_did_genesis, "name", text_of(req, body, S("name")));
    case REGISTER_PARAM:
        return param_what(req, body);
    case REGISTER_TXN:
        return counted(req, T_proof_did_txn, count_of(jcs_get(jcs_root(body), S("cs"))));
    case REGISTER_MEMBER:
        return member_what(req, body);
    case REGISTER_ERASE:
        return counted(req, T_proof_did_erase, int_of(body, S("slots")));
    case REGISTER_KEY:
        return frame_text(req, T_proof_did_key);
    case REGISTER_WITNESS:
        return frame_text(req, T_proof_did_witness);
    case REGISTER_CLOSE:
        return with_one(req, T_proof_did_close, "period", text_of(req, body, S("period")));
    case REGISTER_RELEASE:
        return with_one(req, T_proof_did_release, "version", text_of(req, body, S("version")));
    case REGISTER_PEER:
        return with_one(req, T_proof_did_peer, "name", text_of(req, body, S("origin")));
    case REGISTER_INCIDENT:
        return frame_text(req, T_proof_did_incident);
    default:
        return frame_text(req, T_proof_did_other);
    }
}

/* --- every member ------------------------------------------------------------------------------
 */

/* `code`: for machines, shown as it is written. */
static const struct known {
    const char *name;
    enum lang_key key;
    bool code;
} known[] = {
    {"at", T_proof_fact_at, false},           {"checkpoint", T_proof_file_checkpoint, true},
    {"classes", T_proof_fact_classes, true},  {"college", T_proof_fact_college, false},
    {"cs", T_proof_fact_cs, false},           {"decision", T_proof_fact_vote, false},
    {"digest", T_proof_fact_digest, true},    {"form", T_rules_form, false},
    {"ground", T_proof_fact_ground, false},   {"id", T_proof_fact_id, true},
    {"joined", T_proof_fact_joined, false},   {"logs", T_proof_file_keys, true},
    {"members", T_rules_members, false},      {"name", T_proof_fact_name, false},
    {"new", T_proof_fact_new, false},         {"old", T_proof_fact_old, false},
    {"origin", T_proof_origin, true},         {"period", T_attest_period, false},
    {"policy", T_proof_file_policy, true},    {"program", T_proof_fact_program, true},
    {"sha256", T_proof_fact_sha256, true},    {"slots", T_proof_fact_slots, false},
    {"sum", T_proof_fact_sum, false},         {"txn", T_proof_fact_txn, false},
    {"version", T_proof_fact_version, false}, {"witness", T_proof_fact_key, true},
};

static const struct known *known_of(str name)
{
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (str_eq(name, str_of(known[i].name)))
            return &known[i];
    return NULL;
}

static str bool_words(const struct http_req *req, struct jcs value)
{
    bool truth = false;

    (void)jcs_bool(value, &truth);
    return frame_text(req, truth ? T_proof_yes : T_proof_no);
}

/* A text, a number or a yes as people write it; what has parts stays as it is written. */
static str value_of(struct http_req *req, str name, struct jcs value)
{
    str text = value.written;
    int64_t n = 0;

    if (str_eq(name, S("cs")) && value.kind == JCS_LIST)
        return counted(req, T_proof_parts_n, count_of(value));
    if (str_eq(name, S("at")) && jcs_int(value, &n))
        return proof_moment(req, n);
    if (str_eq(name, S("decision")) && jcs_int(value, &n) && n == 0)
        return frame_text(req, T_rules_by_founding);
    if (value.kind == JCS_BOOL)
        return bool_words(req, value);
    if (!jcs_text(value, req->ctx.arena, &text))
        return value.written;
    return str_eq(name, S("form")) ? frame_text(req, rules_form_key(text)) : text;
}

static struct proof_fact fact_of(struct http_req *req, str name, struct jcs value)
{
    const struct known *is = known_of(name);

    return (struct proof_fact){.name = name,
                               .words = is == NULL ? STR_NONE : frame_text(req, is->key),
                               .value = value_of(req, name, value),
                               .code = is == NULL || is->code};
}

/* Version and kind are said already; of a decision, that there was none. */
static bool is_shown(const struct register_row *row, str name, struct jcs value)
{
    int64_t n = 1;

    if (str_eq(name, S("decision")) && row->kind != REGISTER_PARAM)
        (void)jcs_int(value, &n);
    return n != 0 && !str_eq(name, S("v")) && !str_eq(name, S("k"));
}

no proof_facts(struct http_req *req, const struct register_row *row, const struct proof_fact **out,
               size_t *n)
{
    struct proof_fact *facts = arena_take_many(req->ctx.arena, FACTS_MAX, sizeof *facts);
    struct jcs_walk walk = {.of = jcs_root(row->body)};
    struct jcs value;
    str name;

    *n = 0;
    if (facts == NULL)
        return NO_TOO_LARGE;
    *out = facts;
    if (jcs_entry_check(row->body) != YES)
        return YES;
    while (*n < FACTS_MAX && jcs_next(&walk, &name, &value))
        if (is_shown(row, name, value))
            facts[(*n)++] = fact_of(req, name, value);
    return YES;
}
