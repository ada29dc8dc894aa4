/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * `filon log ...`: what its files share. One file for each subcommand, one line for each in the
 * table of log.c. Those that check need only public files, a folder or an address, and no data
 * folder.
 */
#ifndef DOORS_CLI_LOG_IN_H
#define DOORS_CLI_LOG_IN_H

#include "base/json.h"
#include "doors/cli/cli.h"
#include "doors/jobs/letter_text.h"
#include "doors/log/verify.h"
#include "pages/lang.h"
#include "wire/policy.h"

/* --- the subcommands ------------------------------------------------------------------------- */

int log_cli_verify(struct cli *cli);
int log_cli_prove(struct cli *cli);
int log_cli_verify_proof(struct cli *cli);
int log_cli_watch(struct cli *cli);
int log_cli_evidence(struct cli *cli);
int log_cli_set_policy(struct cli *cli);
int log_cli_status(struct cli *cli);
int log_cli_peer(struct cli *cli);
int log_cli_key(struct cli *cli);
int log_cli_keygen(struct cli *cli);
int log_cli_rotate(struct cli *cli);
int log_cli_audit(struct cli *cli);

/* --- exit codes (register 4.8) --------------------------------------------------------------- */

enum { LOG_CLI_OK, LOG_CLI_BAD, LOG_CLI_USAGE, LOG_CLI_FORK, LOG_CLI_QUORUM };

/* A fork or a step back is 3, a quorum that is not met 4, a key or policy that cannot be read 2,
 * every other no 1. */
int log_cli_code(no why);
/* Says "filon: WHERE: why" (with --json also an object on out) and gives the code. `where` may be
 * empty. */
int log_cli_no(struct cli *cli, str where, no why);
/* Of two codes the one to end with: a fork, else what is bad, else too few witnesses. */
int log_cli_worse(int a, int b);
/* The usage of a subcommand on err; LOG_CLI_USAGE. */
int log_cli_usage(struct cli *cli, const char *name);

/* --- what is asked --------------------------------------------------------------------------- */

/* The policy of --policy FILE, or that of one register without witnesses of --vkey KEY where
 * `vkey`; in the arena. NULL and *code (said already) when there is neither, or it cannot be read;
 * with `needed` false also NULL and LOG_CLI_OK when there is neither. */
const struct policy *log_cli_policy(struct cli *cli, const char *name, bool vkey, bool needed,
                                    int *code);
/* A file of the caller's; else false and *code, said. */
bool log_cli_file(struct cli *cli, const char *path, size_t most, str *bytes, int *code);

/* --- what is answered ------------------------------------------------------------------------ */

/* A line on out: the words of that key with each {name} filled in. */
void log_cli_say(struct cli *cli, str text, const struct letter_word *words, size_t words_n);
str log_cli_number(struct cli *cli, uint64_t number);
str log_cli_hex(struct cli *cli, const uint8_t hash[HASH_SIZE]);
/* Who cosigned, in one line. */
void log_cli_say_witnesses(struct cli *cli, const struct policy *policy,
                           const struct policy_verdict *verdict);

/* What every answer has in JSON: ok, origin, size, root, witnesses, quorum, and when they last
 * signed. The object stays open for more, and goes to out with the second. */
void log_cli_json_verdict(struct json_out *json, const struct policy *policy,
                          const struct policy_verdict *verdict, struct cli *cli);
void log_cli_json_end(struct cli *cli, struct json_out *json);

#endif
