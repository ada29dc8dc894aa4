/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Any bytes as a request to a witness and as its answers: what is read is written back the same,
 * and the only cosignature ever found is the one that the witness made.
 */
#include "wire/witness.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_request(struct arena *arena, str body)
{
    struct witness_request request;
    struct buf out;

    if (witness_request_parse(body, &request) != YES)
        return;
    buf_init(&out, arena, body.len + 1);
    witness_request_put(&out, &request);
    assert(!buf_failed(&out) && str_eq(buf_str(&out), body));
}

static void check_size(struct arena *arena, str body)
{
    uint64_t size;
    struct buf out;

    if (!witness_size_parse(body, &size))
        return;
    buf_init(&out, arena, 0);
    witness_size_put(&out, size);
    assert(str_eq(buf_str(&out), body));
}

static void check_cosignature(str body)
{
    uint8_t found[COSIGNATURE_SIZE];
    struct note_key witness;
    const no key = note_key_parse(
        S("coop2.example/witness+b41ebf3b+BCmsuuFBvMrwsi4alNNNC8c2HlJtC/4SyJeUvJMilm3X"), &witness);

    assert(key == YES);
    if (witness_cosignature_find(
            body, S("coop.example/log\n3\nqFW98FKdyy5vrm3YMh6lfMe7VKCks73Tkc3zD6d1tuQ=\n"),
            &witness, found) == YES)
        assert(cosignature_time_s(found) == 1767225600);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char block[2 << 20];
    const str body = {(const char *)data, size};
    struct arena arena;

    arena_init_on(&arena, block, sizeof block);
    check_request(&arena, body);
    check_size(&arena, body);
    check_cosignature(body);
    return 0;
}
