/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "wire/proof.h"

#include "base/base64.h"
#include "wire/lines.h"

#include <assert.h>

#define FIRST_LINE S("c2sp.org/tlog-proof@v1")

static bool is_extra(str base64)
{
    size_t len;

    return base64_len(base64, &len) && len > 0;
}

/* The line "extra BASE64" if there is one, and the line "index N". */
static bool read_head(str *rest, struct proof *proof)
{
    str line, index;

    if (!lines_next(rest, &line) || !str_eq(line, FIRST_LINE) || !lines_next(rest, &line))
        return false;
    proof->extra = STR_NONE;
    if (lines_after(line, S("extra"), &proof->extra) &&
        (!is_extra(proof->extra) || !lines_next(rest, &line)))
        return false;
    return lines_after(line, S("index"), &index) && lines_number(index, &proof->index);
}

no proof_parse(str bytes, struct proof *proof)
{
    struct proof read;
    str rest = bytes;

    if (bytes.len > PROOF_SIZE_MAX || !read_head(&rest, &read))
        return NO_PROOF_MALFORMED;
    if (!lines_hashes(&rest, read.hashes, PROOF_HASHES_MAX, &read.hashes_n) || rest.len == 0)
        return NO_PROOF_MALFORMED;
    read.note = rest;
    *proof = read;
    return YES;
}

void proof_put(struct buf *out, const struct proof *proof)
{
    assert(proof->hashes_n <= PROOF_HASHES_MAX && proof->note.len > 0);
    buf_put(out, FIRST_LINE);
    buf_put_char(out, '\n');
    if (proof->extra.len > 0) {
        assert(is_extra(proof->extra));
        buf_put(out, S("extra "));
        buf_put(out, proof->extra);
        buf_put_char(out, '\n');
    }
    buf_put(out, S("index "));
    lines_put_number(out, proof->index);
    buf_put_char(out, '\n');
    lines_put_hashes(out, proof->hashes, proof->hashes_n);
    buf_put(out, proof->note);
}
