/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/member_words.h"

#include "base/utf8.h"
#include "deeds/member.h"
#include "store/sql_member.h"
#include "store/sql_people.h"

#include <assert.h>
#include <string.h>

enum { WORDS_MAX = 32, HANDLE_STEM = 24, HANDLES_TRIED = 100000 };

struct word_list {
    struct arena *arena;
    str words[WORDS_MAX];
    size_t n;
};

static void take_word(void *self, str word)
{
    struct word_list *list = self;

    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->words[i], word))
            return;
    if (list->n < WORDS_MAX)
        list->words[list->n++] = arena_str(list->arena, word);
}

no member_words_put(struct ctx *ctx, int64_t member)
{
    struct word_list list = {.arena = ctx->arena};
    struct sql_member row;

    assert(ctx->writing);
    TRY(sql_member_word_forget(ctx->db, member));
    TRY(sql_member_get(ctx->db, ctx->arena, member, &row));
    if (row.status == MEMBER_LEFT)
        return YES;
    utf8_words(utf8_fold(ctx->arena, row.name), take_word, &list);
    utf8_words(utf8_fold(ctx->arena, row.handle), take_word, &list);
    utf8_words(utf8_fold(ctx->arena, row.trade), take_word, &list);
    for (size_t i = 0; i < list.n; i++)
        TRY(sql_member_word_add(ctx->db, list.words[i], member));
    return YES;
}

/* The first text that does not begin with `word`: a byte that no UTF-8 has, behind it, would do for
 * SQLite but not for PostgreSQL, so the greatest character is taken. */
static str past_of(struct arena *arena, str word)
{
    struct buf past;

    buf_init(&past, arena, word.len + 8);
    buf_put(&past, word);
    utf8_put(&past, 0x10ffff);
    return buf_str(&past);
}

void member_words_asked(struct arena *arena, str typed, struct member_ask *ask)
{
    struct word_list list = {.arena = arena};

    *ask = (struct member_ask){.n = 0};
    utf8_words(utf8_fold(arena, typed), take_word, &list);
    ask->n = list.n < MEMBER_WORDS_ASKED ? list.n : MEMBER_WORDS_ASKED;
    for (size_t i = 0; i < MEMBER_WORDS_ASKED; i++) {
        ask->from[i] = i < ask->n ? list.words[i] : S("");
        ask->past[i] = past_of(arena, ask->from[i]);
    }
}

no member_make_handle(struct ctx *ctx, str name, str *handle)
{
    const str folded = utf8_fold(ctx->arena, name);
    struct sql_member other;
    struct buf out;

    buf_init(&out, ctx->arena, 64);
    for (size_t i = 0; i < folded.len && out.len < HANDLE_STEM; i++) {
        const char c = folded.ptr[i];

        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            buf_put_char(&out, c);
        else if (out.len > 0 && out.ptr[out.len - 1] != '-')
            buf_put_char(&out, '-');
    }
    while (out.len > 0 && out.ptr[out.len - 1] == '-')
        out.len--;
    if (out.len == 0)
        buf_put(&out, S("member"));
    const size_t stem = out.len;

    for (int64_t n = 2; n < HANDLES_TRIED; n++) {
        const no taken = sql_member_by_handle(ctx->db, ctx->arena, buf_str(&out), &other);

        if (taken == NO_NOT_FOUND) {
            *handle = buf_str(&out);
            return YES;
        }
        TRY(taken);
        out.len = stem;
        buf_put_int(&out, n);
    }
    return NO_CONFLICT;
}
