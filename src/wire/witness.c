/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "wire/witness.h"

#include "wire/lines.h"

#include <assert.h>
#include <string.h>

no witness_request_parse(str body, struct witness_request *request)
{
    struct witness_request read;
    str line, size, rest = body;

    if (body.len > WITNESS_BODY_MAX || !lines_next(&rest, &line) ||
        !lines_after(line, S("old"), &size) || !lines_number(size, &read.old))
        return NO_WITNESS_REQUEST_MALFORMED;
    if (!lines_hashes(&rest, read.hashes, WITNESS_HASHES_MAX, &read.hashes_n) || rest.len == 0)
        return NO_WITNESS_REQUEST_MALFORMED;
    read.note = rest;
    *request = read;
    return YES;
}

void witness_request_put(struct buf *out, const struct witness_request *request)
{
    assert(request->hashes_n <= WITNESS_HASHES_MAX && request->note.len > 0);
    buf_put(out, S("old "));
    lines_put_number(out, request->old);
    buf_put_char(out, '\n');
    lines_put_hashes(out, request->hashes, request->hashes_n);
    buf_put(out, request->note);
}

void witness_size_put(struct buf *out, uint64_t size)
{
    lines_put_number(out, size);
    buf_put_char(out, '\n');
}

bool witness_size_parse(str body, uint64_t *size)
{
    str line, rest = body;

    return lines_next(&rest, &line) && rest.len == 0 && lines_number(line, size);
}

no witness_cosignature_find(str body, str text, const struct note_key *witness,
                            uint8_t cosignature[COSIGNATURE_SIZE])
{
    uint8_t latest[COSIGNATURE_SIZE];
    struct note_line line;
    str one;
    bool any = false;

    assert(witness->type == NOTE_COSIGNATURE);
    for (size_t n = 0; lines_next(&body, &one); n++) {
        if (n == NOTE_LINES_MAX || note_line_parse(one, &line) != YES)
            return NO_WITNESS_ANSWER_WRONG;
        if (!note_line_is_of(&line, witness))
            continue;
        if (!note_line_holds(&line, witness, text))
            return NO_WITNESS_ANSWER_WRONG;
        if (!any || cosignature_time_s(line.signature) > cosignature_time_s(latest))
            memcpy(latest, line.signature, COSIGNATURE_SIZE);
        any = true;
    }
    if (!any || body.len > 0)
        return NO_WITNESS_ANSWER_WRONG;
    memcpy(cosignature, latest, COSIGNATURE_SIZE);
    return YES;
}
