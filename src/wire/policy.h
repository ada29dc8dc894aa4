/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Whom a reader trusts: which registers, which witnesses, and how many of them must have cosigned a
 * checkpoint before it counts (the quorum). A text that people write and that other programs read
 * too: C2SP tlog-policy.
 *
 *     log coop.example/log+e249a383+AQOh... https://coop.example/log
 *     witness east coop2.example/witness+b41ebf3b+BCms...
 *     witness west ...
 *     group both all east west
 *     quorum both
 *
 * Names of witnesses and groups are of this text alone, and any bytes but blanks; a line may name
 * only what stands above it.
 */
#ifndef WIRE_POLICY_H
#define WIRE_POLICY_H

#include "base/hash.h"
#include "base/no.h"
#include "base/str.h"
#include "wire/note.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    POLICY_SIZE_MAX = 1 << 18,
    POLICY_LOGS_MAX = 32,
    POLICY_WITNESSES_MAX = 64, /* one bit each */
    POLICY_GROUPS_MAX = 32
};

/* `url` is empty when there is none; it is not looked at here. */
struct policy_log {
    struct note_key key; /* its name is the origin of the register */
    str url;
};
struct policy_witness {
    str name;
    struct note_key key;
    str url;
};
/* At least `needed` of its members; witness i is bit i, and so is group i, which stands above. */
struct policy_group {
    str name;
    uint64_t witnesses;
    uint32_t groups, needed;
};

enum policy_quorum { POLICY_NOBODY, POLICY_WITNESS, POLICY_GROUP };

/* About 12 kB; points into the text that was read. */
struct policy {
    size_t logs_n, witnesses_n, groups_n, quorum_at; /* which witness or group */
    enum policy_quorum quorum;
    struct policy_log logs[POLICY_LOGS_MAX];
    struct policy_witness witnesses[POLICY_WITNESSES_MAX];
    struct policy_group groups[POLICY_GROUPS_MAX];
};

/* On no, `line` is the first line that is wrong, from 1; 0 when the quorum is missing or the text
 * is past POLICY_SIZE_MAX. NO_KEY_MALFORMED, NO_KEY_KIND_UNKNOWN: of a key. NO_POLICY_MALFORMED:
 * anything else, also a last line without '\n', a key of a register where a witness's must stand, a
 * public key or a name twice, a member of two groups, more than the limits above. */
no policy_parse(str text, struct policy *policy, unsigned *line) MUST_USE;

/* Whether the quorum is met by the witnesses whose bits are set. */
bool policy_met(const struct policy *policy, uint64_t witnesses);

/* What a checkpoint is worth under a policy. `witnesses` has the bits of those whose cosignature
 * holds; `time_s` is when each of them last signed (0: not), `newest_s` and `oldest_s` the last and
 * first of these times (0: nobody). To ask for fresh ones only, clear bits and call policy_met. */
struct policy_verdict {
    struct checkpoint checkpoint; /* points into the note */
    uint64_t witnesses;
    bool met;
    uint64_t newest_s, oldest_s;
    uint64_t time_s[POLICY_WITNESSES_MAX];
};

/* NO_NOTE_MALFORMED, NO_CHECKPOINT_MALFORMED: nothing can be said. NO_SIGNATURE_BAD: a line of a
 * key of the policy does not hold. NO_NOTE_UNSIGNED: no register of the policy with the origin of
 * the checkpoint as its name has signed. Else YES, whether the quorum is met or not. */
no policy_weigh_checkpoint(const struct policy *policy, str note,
                           struct policy_verdict *verdict) MUST_USE;
/* The same, and NO_QUORUM_UNMET. */
no policy_check_checkpoint(const struct policy *policy, str note,
                           struct policy_verdict *verdict) MUST_USE;

#endif
