/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/market_words.h"

#include "base/utf8.h"

#include <string.h>

/* Words that every second offer has and nobody looks for, French and English, folded. */
static const char *const little[] = {
    "au", "aux", "avec", "chez", "dans", "de",  "des", "du",  "en", "et",   "la",
    "le", "les", "ou",   "par",  "pour", "sur", "un",  "une", "an", "and",  "at",
    "by", "for", "from", "in",   "of",   "on",  "or",  "the", "to", "with",
};

static bool is_little(str word)
{
    for (size_t i = 0; i < sizeof little / sizeof little[0]; i++)
        if (str_eq(word, str_of(little[i])))
            return true;
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool looks_like_token(str word)
{
    if (word.len < 2 || word.ptr[0] < 'a' || word.ptr[0] > 'z')
        return false;
    for (size_t i = 1; i < word.len; i++)
        if (!is_digit(word.ptr[i]))
            return false;
    return true;
}

/* "velos" and "velo", "gateaux" and "gateau", "boxes" and "box": one. Four letters at least, so
 * that "bus" and "prix" are left alone... as far as a rule without a dictionary can. */
static size_t stem(str word)
{
    if (word.len >= 5 && str_ends(word, S("xes")))
        return word.len - 2;
    if (word.len >= 4 && word.ptr[word.len - 1] == 's' && word.ptr[word.len - 2] != 's')
        return word.len - 1;
    if (word.len >= 5 &&
        (str_ends(word, S("aux")) || str_ends(word, S("eux")) || str_ends(word, S("oux"))))
        return word.len - 1;
    return word.len;
}

str market_word(str folded, char out[MARKET_WORD_SIZE])
{
    size_t len;

    if (folded.len == 0 || folded.len + 1 > MARKET_WORD_SIZE || is_little(folded) ||
        (folded.len == 1 && !is_digit(folded.ptr[0])))
        return STR_NONE;
    len = stem(folded);
    memcpy(out, folded.ptr, len);
    if (looks_like_token((str){out, len}))
        out[len++] = 'z';
    return (str){out, len};
}

static void put_one(void *self, str word)
{
    struct buf *out = self;
    char room[MARKET_WORD_SIZE];
    const str kept = market_word(word, room);

    if (kept.len == 0)
        return;
    buf_put_char(out, ' ');
    buf_put(out, kept);
}

void market_words_put(struct buf *out, struct arena *arena, str text)
{
    utf8_words(utf8_fold(arena, text), put_one, out);
}

struct taking {
    struct market_words *words;
    struct arena *arena;
};

static void take_one(void *self, str word)
{
    struct taking *taking = self;
    char room[MARKET_WORD_SIZE];
    const str kept = market_word(word, room);
    struct market_words *words = taking->words;

    if (kept.len == 0 || words->n == MARKET_WORDS_MAX)
        return;
    for (size_t i = 0; i < words->n; i++)
        if (str_eq(words->list[i], kept))
            return;
    words->list[words->n] = arena_str(taking->arena, kept);
    if (words->list[words->n].len > 0)
        words->n++;
}

static void take_as_is(void *self, str word)
{
    struct taking *taking = self;

    if (taking->words->n == 0)
        taking->words->list[taking->words->n++] = arena_str(taking->arena, word);
}

void market_words_of(struct arena *arena, str typed, struct market_words *words)
{
    struct taking taking = {words, arena};
    const str folded = utf8_fold(arena, typed);

    words->n = 0;
    utf8_words(folded, take_one, &taking);
    if (words->n == 0)
        utf8_words(folded, take_as_is, &taking);
}

int64_t market_band(int64_t minor)
{
    static const int64_t bounds[MARKET_BANDS] = {0,     100,   200,   500,    1000,   2000,  5000,
                                                 10000, 20000, 50000, 100000, 200000, 500000};
    int64_t band = 0;

    while (band < MARKET_BANDS && minor > bounds[band])
        band++;
    return band;
}
