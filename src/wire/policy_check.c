/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What a policy decides. C2SP tlog-policy, "Defining the quorum".
 */
#include "wire/policy.h"

static uint32_t count(uint64_t bits)
{
    uint32_t n = 0;

    for (; bits != 0; bits &= bits - 1)
        n++;
    return n;
}

bool policy_met(const struct policy *policy, uint64_t witnesses)
{
    uint32_t met = 0;

    if (policy->quorum == POLICY_NOBODY)
        return true;
    if (policy->quorum == POLICY_WITNESS)
        return (witnesses >> policy->quorum_at & 1) != 0;
    /* Members stand above their group, so one pass is enough. */
    for (size_t i = 0; i < policy->groups_n; i++) {
        const struct policy_group *group = &policy->groups[i];

        if (count(group->witnesses & witnesses) + count(group->groups & met) >= group->needed)
            met |= UINT32_C(1) << i;
    }
    return (met >> policy->quorum_at & 1) != 0;
}

/* Of two cosignatures of one witness the later counts: it says the more. */
static void note_time(struct policy_verdict *verdict, size_t witness, uint64_t time_s)
{
    verdict->witnesses |= UINT64_C(1) << witness;
    if (time_s > verdict->time_s[witness])
        verdict->time_s[witness] = time_s;
}

/* Checks a line against every key of the policy; `*signed_by_log` when it is the register's own. */
static no weigh_line(const struct policy *policy, str text, const struct note_line *line,
                     struct policy_verdict *verdict, bool *signed_by_log)
{
    for (size_t i = 0; i < policy->logs_n; i++) {
        const struct note_key *key = &policy->logs[i].key;

        if (!note_line_is_of(line, key))
            continue;
        if (!note_line_holds(line, key, text))
            return NO_SIGNATURE_BAD;
        /* Another register of the policy may not speak for this one. */
        *signed_by_log = *signed_by_log || str_eq(key->name, verdict->checkpoint.origin);
    }
    for (size_t i = 0; i < policy->witnesses_n; i++) {
        const struct note_key *key = &policy->witnesses[i].key;

        if (!note_line_is_of(line, key))
            continue;
        if (!note_line_holds(line, key, text))
            return NO_SIGNATURE_BAD;
        note_time(verdict, i, cosignature_time_s(line->signature));
    }
    return YES;
}

static void sum_times(const struct policy *policy, struct policy_verdict *verdict)
{
    bool any = false;

    for (size_t i = 0; i < policy->witnesses_n; i++) {
        const uint64_t time_s = verdict->time_s[i];

        if ((verdict->witnesses >> i & 1) == 0)
            continue;
        if (time_s > verdict->newest_s)
            verdict->newest_s = time_s;
        if (!any || time_s < verdict->oldest_s)
            verdict->oldest_s = time_s;
        any = true;
    }
}

no policy_weigh_checkpoint(const struct policy *policy, str note, struct policy_verdict *verdict)
{
    struct policy_verdict weighed = {.witnesses = 0};
    struct note read;
    bool signed_by_log = false;

    TRY(note_parse(note, &read));
    TRY(checkpoint_parse(read.text, &weighed.checkpoint));
    for (size_t i = 0; i < read.lines_n; i++)
        TRY(weigh_line(policy, read.text, &read.lines[i], &weighed, &signed_by_log));
    if (!signed_by_log)
        return NO_NOTE_UNSIGNED;
    sum_times(policy, &weighed);
    weighed.met = policy_met(policy, weighed.witnesses);
    *verdict = weighed;
    return YES;
}

no policy_check_checkpoint(const struct policy *policy, str note, struct policy_verdict *verdict)
{
    struct policy_verdict weighed;

    TRY(policy_weigh_checkpoint(policy, note, &weighed));
    if (!weighed.met)
        return NO_QUORUM_UNMET;
    *verdict = weighed;
    return YES;
}
