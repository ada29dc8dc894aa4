/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * One round of a monitor: does the register, and does each of its witnesses, show a history that
 * continues the one seen before? The state is a folder with the last checkpoint of each register,
 * named by the fingerprint of its origin. Two that exclude each other are kept there for ever.
 */
#include "base/base64.h"
#include "doors/cli/log_in.h"
#include "doors/log/compare.h"

#include <inttypes.h>

static const char name[] = "watch";
enum { ORIGIN_HEX = 2 * HASH_SIZE };

/* A checkpoint that somebody showed us, and whose signature holds. */
struct shown {
    str note;
    struct policy_verdict verdict;
};

struct watch {
    struct cli *cli;
    const struct policy *policy;
    const char *state;
    struct log_folder folder;
    struct log_files files; /* of the register at hand */
    struct shown held;      /* the largest of it so far; no note: none */
    char origin[ORIGIN_HEX];
    int code;
};

/* --- what is said ---------------------------------------------------------------------------- */

static void say(struct watch *watch, enum lang_key key, str who, const struct shown *shown)
{
    struct cli *cli = watch->cli;
    const struct letter_word words[] = {
        {"who", who},
        {"n", log_cli_number(cli, shown == NULL ? 0 : shown->verdict.checkpoint.size)},
        {"old", log_cli_number(cli, watch->held.verdict.checkpoint.size)},
    };

    if (!cli->json)
        log_cli_say(cli, lang_text(cli->ctx.lang, key), words, sizeof words / sizeof words[0]);
}

static void say_json(struct watch *watch, str who, const char *what, const struct shown *shown)
{
    struct buf out;
    struct json_out j = {.out = &out};

    if (!watch->cli->json)
        return;
    buf_init(&out, watch->cli->ctx.arena, 512);
    json_open(&j, '{');
    json_name(&j, S("who"));
    json_text(&j, who);
    json_name(&j, S("what"));
    json_text(&j, str_of(what));
    json_name(&j, S("size"));
    json_int(&j, (int64_t)shown->verdict.checkpoint.size);
    json_name(&j, S("root"));
    json_text(&j, log_cli_hex(watch->cli, shown->verdict.checkpoint.root));
    json_name(&j, S("quorum"));
    json_bool(&j, shown->verdict.met);
    log_cli_json_end(watch->cli, &j);
}

static void note_no(struct watch *watch, str where, no why)
{
    watch->code = log_cli_worse(watch->code, log_cli_no(watch->cli, where, why));
}

/* --- evidence -------------------------------------------------------------------------------- */

static no put(struct watch *watch, str path, str bytes)
{
    const no answer = log_file_put(&watch->folder, path, bytes);

    if (answer == YES && !watch->cli->json)
        log_cli_say(watch->cli, lang_text(watch->cli->ctx.lang, T_log_watch_kept),
                    &(struct letter_word){"file", path}, 1);
    return answer;
}

/* The name says what is in it: the same evidence twice is one file. */
static no put_note(struct watch *watch, const struct shown *shown)
{
    const struct checkpoint *checkpoint = &shown->verdict.checkpoint;
    struct buf path;

    buf_init(&path, watch->cli->ctx.arena, 128);
    buf_printf(&path, "evidence-%.8s-%" PRIu64 "-%.8s", watch->origin, checkpoint->size,
               log_cli_hex(watch->cli, checkpoint->root).ptr);
    return put(watch, buf_str(&path), shown->note);
}

/* The root that the larger one has at the smaller's size, and the proof of it, a fingerprint a
 * line: with it the two notes convince somebody who has no tiles. */
static no put_proof(struct watch *watch, uint64_t small, uint64_t large,
                    const struct log_pair_proof *proof)
{
    struct buf path, text;

    buf_init(&path, watch->cli->ctx.arena, 128);
    buf_printf(&path, "evidence-%.8s-%" PRIu64 "-%" PRIu64 ".proof", watch->origin, small, large);
    buf_init(&text, watch->cli->ctx.arena, 4096);
    base64_put(&text, proof->root.bytes, HASH_SIZE);
    buf_put_char(&text, '\n');
    for (size_t i = 0; i < proof->proof.n; i++) {
        base64_put(&text, proof->proof.hashes[i].bytes, HASH_SIZE);
        buf_put_char(&text, '\n');
    }
    return put(watch, buf_str(&path), buf_str(&text));
}

static void keep_evidence(struct watch *watch, const struct shown *shown, enum log_pair pair,
                          const struct log_pair_proof *proof)
{
    const uint64_t a = watch->held.verdict.checkpoint.size, b = shown->verdict.checkpoint.size;
    no answer = put_note(watch, &watch->held);

    if (answer == YES)
        answer = put_note(watch, shown);
    if (answer == YES && pair == LOG_FORKED && a != b)
        answer = put_proof(watch, a < b ? a : b, a < b ? b : a, proof);
    if (answer != YES)
        note_no(watch, str_of(watch->state), answer);
}

/* --- comparing ------------------------------------------------------------------------------- */

static void say_good(struct watch *watch, str who, const struct shown *shown, enum log_pair pair)
{
    static const struct {
        enum lang_key words;
        const char *json;
    } ways[] = {
        {T_log_watch_same, "same"}, {T_log_watch_grown, "grown"}, {T_log_watch_behind, "behind"}};
    const bool more = shown->verdict.checkpoint.size > watch->held.verdict.checkpoint.size;
    const size_t way = pair == LOG_SAME ? 0 : more ? 1 : 2;

    say(watch, ways[way].words, who, shown);
    say_json(watch, who, ways[way].json, shown);
}

/* Against what is held. `is_log`: the register itself may not show less than before; a witness may
 * be behind. */
static void compare(struct watch *watch, str who, const struct shown *shown, bool is_log)
{
    const struct checkpoint *held = &watch->held.verdict.checkpoint,
                            *now = &shown->verdict.checkpoint;
    struct log_pair_proof proof;
    enum log_pair pair = LOG_UNPROVEN;
    no answer = log_compare(&watch->files, watch->cli->ctx.arena, held, now, &pair, &proof);

    if (answer == YES && pair == LOG_FORKED)
        answer = NO_CHECKPOINT_FORKED;
    else if (answer == YES && pair == LOG_UNPROVEN)
        answer = NO_PROOF_DOES_NOT_HOLD;
    else if (answer == YES && is_log && now->size < held->size)
        answer = NO_CHECKPOINT_ROLLED_BACK;
    if (answer == NO_CHECKPOINT_FORKED || answer == NO_CHECKPOINT_ROLLED_BACK)
        keep_evidence(watch, shown, pair, &proof);
    if (answer != YES) {
        note_no(watch, who, answer);
        return;
    }
    say_good(watch, who, shown, pair);
    /* Of the same size the newer one: it may have more cosignatures. */
    if (now->size > held->size || (is_log && now->size == held->size))
        watch->held = *shown;
}

static void take(struct watch *watch, str who, const struct shown *shown, bool is_log)
{
    if (watch->held.note.ptr != NULL) {
        compare(watch, who, shown, is_log);
        return;
    }
    say(watch, T_log_watch_first, who, shown);
    say_json(watch, who, "first", shown);
    watch->held = *shown;
}

/* --- a witness ------------------------------------------------------------------------------- */

/* <url>/witness/<hex>/checkpoint, where `url` may end in "/witness" already: some name the address
 * that takes checkpoints, some the house. */
static str path_of(struct watch *watch, str url)
{
    struct buf path;

    while (url.len > 0 && url.ptr[url.len - 1] == '/')
        url.len--;
    buf_init(&path, watch->cli->ctx.arena, 128);
    buf_printf(&path, "%s%.*s/checkpoint", str_ends(url, S("/witness")) ? "" : "witness/",
               ORIGIN_HEX, watch->origin);
    return buf_str(&path);
}

static no fetch_from(struct watch *watch, const struct policy_witness *witness, struct shown *shown)
{
    struct log_files files;

    /* An address in a policy may not make us read files of this machine. */
    if (!log_files_is_web(witness->url))
        return NO_BAD_REQUEST;
    TRY(log_files_open(&files, watch->cli->ctx.arena, witness->url));
    no answer = log_files_get(&files, watch->cli->ctx.arena, path_of(watch, witness->url),
                              LOG_NOTE_MAX, &shown->note);

    log_files_close(&files);
    TRY(answer);
    answer = policy_weigh_checkpoint(watch->policy, shown->note, &shown->verdict);
    if (answer == YES &&
        !str_eq(shown->verdict.checkpoint.origin, watch->held.verdict.checkpoint.origin))
        answer = NO_CHECKPOINT_ELSEWHERE;
    return answer;
}

static void ask_witness(struct watch *watch, const struct policy_witness *witness)
{
    struct shown shown;

    if (witness->url.len == 0)
        return;
    const no answer = fetch_from(watch, witness, &shown);

    if (answer == YES)
        take(watch, witness->name, &shown, false);
    else if (answer == NO_PEER_FAILED || answer == NO_NOT_FOUND)
        say(watch, answer == NO_NOT_FOUND ? T_log_watch_unknown : T_log_watch_silent, witness->name,
            NULL); /* it may be down, or new: the quorum says whether that matters */
    else
        note_no(watch, witness->name, answer);
}

/* --- a register ------------------------------------------------------------------------------ */

static no read_held(struct watch *watch, str origin)
{
    struct arena *arena = watch->cli->ctx.arena;
    const str path = {watch->origin, ORIGIN_HEX};
    struct log_files state;
    uint8_t hash[HASH_SIZE];

    hash_sha256(origin.ptr, origin.len, hash);
    str_hex(hash, HASH_SIZE, watch->origin);
    watch->held = (struct shown){.note = STR_NONE};
    TRY(log_files_open(&state, arena, str_of(watch->state)));
    str note = STR_NONE;
    no answer = log_files_get(&state, arena, path, LOG_NOTE_MAX, &note);

    log_files_close(&state);
    if (answer == NO_NOT_FOUND)
        return YES;
    TRY(answer);
    TRY(policy_weigh_checkpoint(watch->policy, note, &watch->held.verdict));
    watch->held.note = note;
    return YES;
}

static void watch_log(struct watch *watch, str where)
{
    struct shown shown;
    no answer = log_files_checkpoint(&watch->files, watch->cli->ctx.arena, &shown.note);

    if (answer == YES)
        answer = policy_weigh_checkpoint(watch->policy, shown.note, &shown.verdict);
    if (answer == YES)
        answer = read_held(watch, shown.verdict.checkpoint.origin);
    if (answer != YES) {
        note_no(watch, where, answer);
        return;
    }
    take(watch, where, &shown, true);
    for (size_t i = 0; i < watch->policy->witnesses_n; i++)
        ask_witness(watch, &watch->policy->witnesses[i]);
    if (!shown.verdict.met)
        note_no(watch, where, NO_QUORUM_UNMET);
    answer = log_file_put(&watch->folder, (str){watch->origin, ORIGIN_HEX}, watch->held.note);
    if (answer != YES)
        note_no(watch, str_of(watch->state), answer);
}

static void watch_at(struct watch *watch, str where)
{
    const size_t mark = arena_mark(watch->cli->ctx.arena);
    const no answer = log_files_open(&watch->files, watch->cli->ctx.arena, where);

    if (answer == YES) {
        watch_log(watch, where);
        log_files_close(&watch->files);
    } else {
        note_no(watch, where, answer);
    }
    arena_rewind(watch->cli->ctx.arena, mark);
}

/* Those that are named, else every register of the policy that has an address. */
static void watch_all(struct watch *watch)
{
    const struct policy *policy = watch->policy;

    for (int i = 0; i < watch->cli->argc; i++)
        watch_at(watch, str_of(watch->cli->argv[i]));
    for (size_t i = 0; i < policy->logs_n && watch->cli->argc == 0; i++)
        if (log_files_is_web(policy->logs[i].url))
            watch_at(watch, policy->logs[i].url);
}

int log_cli_watch(struct cli *cli)
{
    struct watch watch = {.cli = cli};

    watch.policy = log_cli_policy(cli, name, false, true, &watch.code);
    watch.state = cli_option(cli, "--state");
    if (watch.policy == NULL)
        return watch.code;
    for (int i = 0; i < cli->argc; i++)
        if (cli->argv[i][0] == '-')
            return log_cli_usage(cli, name);
    if (watch.state == NULL)
        return log_cli_usage(cli, name);
    const no answer = log_folder_open(&watch.folder, watch.state, true, false);

    if (answer != YES)
        return log_cli_no(cli, str_of(watch.state), answer);
    watch_all(&watch);
    log_folder_close(&watch.folder);
    return watch.code;
}
