/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Reading a policy; what it decides is in policy_check.c.
 */
#include "wire/policy.h"

#include "wire/lines.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The next field of a line; empty at its end. */
static str next_field(str *line)
{
    size_t from = 0, to;

    while (from < line->len && is_blank(line->ptr[from]))
        from++;
    for (to = from; to < line->len && !is_blank(line->ptr[to]);)
        to++;
    const str field = str_sub(*line, from, to - from);

    *line = str_sub(*line, to, line->len);
    return field;
}

/* Bytes, not characters: names are opaque, and so need no table of Unicode. */
static bool is_clean(str line)
{
    for (size_t i = 0; i < line.len; i++) {
        const unsigned char c = (unsigned char)line.ptr[i];

        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

static bool same_key(const struct note_key *a, const struct note_key *b)
{
    return memcmp(a->public_key, b->public_key, SIGN_KEY_SIZE) == 0;
}

/* One public key would be two votes, or a register its own witness. */
static bool is_key_taken(const struct policy *policy, const struct note_key *key)
{
    for (size_t i = 0; i < policy->logs_n; i++)
        if (same_key(&policy->logs[i].key, key))
            return true;
    for (size_t i = 0; i < policy->witnesses_n; i++)
        if (same_key(&policy->witnesses[i].key, key))
            return true;
    return false;
}

static bool find_witness(const struct policy *policy, str name, size_t *at)
{
    for (*at = 0; *at < policy->witnesses_n; ++*at)
        if (str_eq(policy->witnesses[*at].name, name))
            return true;
    return false;
}

static bool find_group(const struct policy *policy, str name, size_t *at)
{
    for (*at = 0; *at < policy->groups_n; ++*at)
        if (str_eq(policy->groups[*at].name, name))
            return true;
    return false;
}

static bool is_name_free(const struct policy *policy, str name)
{
    size_t at;

    return name.len > 0 && !str_eq(name, S("none")) && !find_witness(policy, name, &at) &&
           !find_group(policy, name, &at);
}

/* VKEY [URL], to the end of the line. */
static no read_key(const struct policy *policy, str rest, enum note_key_type type,
                   struct note_key *key, str *url)
{
    TRY(note_key_parse(next_field(&rest), key));
    *url = next_field(&rest);
    return key->type == type && next_field(&rest).len == 0 && !is_key_taken(policy, key)
               ? YES
               : NO_POLICY_MALFORMED;
}

static no read_log(struct policy *policy, str rest)
{
    if (policy->logs_n == POLICY_LOGS_MAX)
        return NO_POLICY_MALFORMED;
    struct policy_log *log = &policy->logs[policy->logs_n];

    TRY(read_key(policy, rest, NOTE_ED25519, &log->key, &log->url));
    policy->logs_n++;
    return YES;
}

static no read_witness(struct policy *policy, str rest)
{
    const str name = next_field(&rest);

    if (policy->witnesses_n == POLICY_WITNESSES_MAX || !is_name_free(policy, name))
        return NO_POLICY_MALFORMED;
    struct policy_witness *witness = &policy->witnesses[policy->witnesses_n];

    witness->name = name;
    TRY(read_key(policy, rest, NOTE_COSIGNATURE, &witness->key, &witness->url));
    policy->witnesses_n++;
    return YES;
}

/* Whoever were in two groups would count twice. */
static bool is_member(const struct policy *policy, const struct policy_group *member_of)
{
    for (size_t i = 0; i < policy->groups_n; i++)
        if ((policy->groups[i].witnesses & member_of->witnesses) != 0 ||
            (policy->groups[i].groups & member_of->groups) != 0)
            return true;
    return false;
}

static bool add_member(const struct policy *policy, str name, struct policy_group *group)
{
    struct policy_group one = {.needed = 0};
    size_t at;

    if (find_witness(policy, name, &at))
        one.witnesses = UINT64_C(1) << at;
    else if (find_group(policy, name, &at))
        one.groups = UINT32_C(1) << at;
    else
        return false;
    if (is_member(policy, &one) || (group->witnesses & one.witnesses) != 0 ||
        (group->groups & one.groups) != 0)
        return false;
    group->witnesses |= one.witnesses;
    group->groups |= one.groups;
    return true;
}

/* "all", "any" or a number of 1 to `members`. */
static bool read_needed(str field, uint32_t members, uint32_t *needed)
{
    uint64_t number = 1;

    if (str_eq(field, S("all")))
        number = members;
    else if (!str_eq(field, S("any")) && !lines_number(field, &number))
        return false;
    *needed = (uint32_t)number;
    return number >= 1 && number <= members;
}

static no read_group(struct policy *policy, str rest)
{
    struct policy_group group = {.name = next_field(&rest)};
    const str needed = next_field(&rest);
    uint32_t members = 0;

    if (policy->groups_n == POLICY_GROUPS_MAX || !is_name_free(policy, group.name))
        return NO_POLICY_MALFORMED;
    for (str name; (name = next_field(&rest)).len > 0; members++)
        if (!add_member(policy, name, &group))
            return NO_POLICY_MALFORMED;
    if (!read_needed(needed, members, &group.needed))
        return NO_POLICY_MALFORMED;
    policy->groups[policy->groups_n++] = group;
    return YES;
}

static no read_quorum(struct policy *policy, str rest, bool *has_quorum)
{
    const str name = next_field(&rest);

    if (*has_quorum || next_field(&rest).len > 0)
        return NO_POLICY_MALFORMED;
    *has_quorum = true;
    if (str_eq(name, S("none")))
        policy->quorum = POLICY_NOBODY;
    else if (find_witness(policy, name, &policy->quorum_at))
        policy->quorum = POLICY_WITNESS;
    else if (find_group(policy, name, &policy->quorum_at))
        policy->quorum = POLICY_GROUP;
    else
        return NO_POLICY_MALFORMED;
    return YES;
}

static no read_line(struct policy *policy, str line, bool *has_quorum)
{
    if (!is_clean(line))
        return NO_POLICY_MALFORMED;
    const str word = next_field(&line);

    if (word.len == 0 || word.ptr[0] == '#')
        return YES;
    if (str_eq(word, S("log")))
        return read_log(policy, line);
    if (str_eq(word, S("witness")))
        return read_witness(policy, line);
    if (str_eq(word, S("group")))
        return read_group(policy, line);
    return str_eq(word, S("quorum")) ? read_quorum(policy, line, has_quorum) : NO_POLICY_MALFORMED;
}

no policy_parse(str text, struct policy *policy, unsigned *line)
{
    struct policy read = {.quorum = POLICY_NOBODY};
    bool has_quorum = false;
    unsigned at = 0;
    no answer = text.len > POLICY_SIZE_MAX ? NO_POLICY_MALFORMED : YES;

    while (answer == YES && text.len > 0) {
        str one;

        at++;
        answer = lines_next(&text, &one) ? read_line(&read, one, &has_quorum) : NO_POLICY_MALFORMED;
    }
    if (answer == YES && !has_quorum) {
        answer = NO_POLICY_MALFORMED;
        at = 0;
    }
    if (answer == YES)
        *policy = read;
    else
        *line = at;
    return answer;
}
