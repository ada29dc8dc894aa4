/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Any bytes as a policy: all witnesses together meet every quorum, nobody meets only the one that
 * asks for nobody, and more witnesses never meet less. A wrong line is one of the text's.
 */
#include "wire/policy.h"

#include "base/hash.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOTE                                                                          \
    S("coop.example/log\n3\nqFW98FKdyy5vrm3YMh6lfMe7VKCks73Tkc3zD6d1tuQ=\n\n"         \
      "\xe2\x80\x94 coop.example/log "                                                \
      "4kmjg0EzPwzwmkYttahASDiutWo2RIak5XT0so3s2lKx8IbT7/y0y9NuNYkGugX7thUm53mzDqTDT" \
      "FZxUCEak6SRCgQ=\n"                                                             \
      "\xe2\x80\x94 coop2.example/witness "                                           \
      "tB6/OwAAAABpVbkAG/GKcxt3/f3jbgr2aToir3AE2RmatJJRDLyAGFnE3loPWjcwrKnOQs9u7+id9" \
      "/jxoWeIDGSWefgQsRw/caDkBg==\n")

static unsigned lines_of(str text)
{
    unsigned lines = text.len > 0 && text.ptr[text.len - 1] != '\n';

    for (size_t i = 0; i < text.len; i++)
        lines += text.ptr[i] == '\n';
    return lines;
}

static void check_quorum(const struct policy *policy, str text)
{
    uint8_t chance[HASH_SIZE];
    uint64_t some, others;

    hash_sha256(text.ptr, text.len, chance);
    memcpy(&some, chance, sizeof some);
    memcpy(&others, chance + sizeof some, sizeof others);
    assert(policy_met(policy, UINT64_MAX));
    assert(policy_met(policy, 0) == (policy->quorum == POLICY_NOBODY));
    assert(!policy_met(policy, some) || policy_met(policy, some | others));
}

static void check_verdict(const struct policy *policy)
{
    struct policy_verdict verdict;

    const no answer = policy_weigh_checkpoint(policy, NOTE, &verdict);

    if (answer != YES) {
        assert(answer == NO_NOTE_UNSIGNED || answer == NO_SIGNATURE_BAD);
        return;
    }
    assert(verdict.met == policy_met(policy, verdict.witnesses));
    assert((verdict.witnesses & (verdict.witnesses - 1)) == 0);
    assert(verdict.newest_s == (verdict.witnesses == 0 ? 0 : 1767225600));
    assert(verdict.oldest_s == verdict.newest_s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct policy policy;
    const str text = {(const char *)data, size};
    unsigned line = 0;

    if (policy_parse(text, &policy, &line) != YES) {
        assert(line <= lines_of(text));
        return 0;
    }
    check_quorum(&policy, text);
    check_verdict(&policy);
    return 0;
}
