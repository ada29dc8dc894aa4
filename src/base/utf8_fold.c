/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Folding, words and tidying: what needs the tables of Unicode, which are utf8proc's. Only its
 * functions that allocate nothing are called.
 */
#include "base/utf8.h"

#include <assert.h>
#include <utf8proc.h>

/* The longest compatibility decomposition of one code point has 18 (U+FDFA). */
enum { WORD_SIZE_MAX = 64, DECOMPOSED_MAX = 32, RUN_SIZE = 128 };

/* Jamo arithmetic, Unicode section 3.12. */
enum {
    HANGUL_L = 0x1100,
    HANGUL_V = 0x1161,
    HANGUL_T = 0x11a7,
    HANGUL_S = 0xac00,
    HANGUL_L_N = 19,
    HANGUL_V_N = 21,
    HANGUL_T_N = 28,
    HANGUL_S_N = HANGUL_L_N * HANGUL_V_N * HANGUL_T_N,
};

/* A fold being written; `held` is a Korean letter that the next one may join, else 0. */
struct fold {
    struct buf out;
    uint32_t held;
};

static void flush(struct fold *fold)
{
    if (fold->held != 0)
        utf8_put(&fold->out, fold->held);
    fold->held = 0;
}

/* Once marks are gone only Korean syllables still compose: leading consonant + vowel, then +
 * closing consonant. */
static uint32_t join_hangul(uint32_t held, uint32_t point)
{
    if (held - HANGUL_L < HANGUL_L_N && point - HANGUL_V < HANGUL_V_N)
        return HANGUL_S + ((held - HANGUL_L) * HANGUL_V_N + (point - HANGUL_V)) * HANGUL_T_N;
    if (held - HANGUL_S < HANGUL_S_N && (held - HANGUL_S) % HANGUL_T_N == 0 &&
        point - HANGUL_T - 1 < HANGUL_T_N - 1)
        return held + (point - HANGUL_T);
    return 0;
}

/* Letters that Unicode does not take apart but a person who searches does; sorted. */
static str opened(uint32_t point)
{
    switch (point) {
    case 0x00e6: /* ae */
        return S("ae");
    case 0x00f0: /* eth */
    case 0x0111: /* d with stroke */
        return S("d");
    case 0x00f8: /* o with stroke */
        return S("o");
    case 0x00fe: /* thorn */
        return S("th");
    case 0x0127: /* h with stroke */
        return S("h");
    case 0x0131: /* dotless i */
        return S("i");
    case 0x0142: /* l with stroke */
        return S("l");
    case 0x0153: /* oe */
        return S("oe");
    case 0x0167: /* t with stroke */
        return S("t");
    case 0x2010: /* hyphen, non-breaking hyphen by compatibility */
        return S("-");
    case 0x02bc: /* the apostrophe that is a letter */
    case 0x2019: /* the apostrophe of printers and telephones */
        return S("'");
    default:
        return STR_NONE;
    }
}

static void fold_point(struct fold *fold, uint32_t point)
{
    const str open = opened(point);
    const uint32_t joined = join_hangul(fold->held, point);

    if (open.ptr != NULL) {
        flush(fold);
        buf_put(&fold->out, open);
    } else if (joined != 0) {
        fold->held = joined;
    } else {
        flush(fold);
        fold->held = point;
    }
}

/* NFKC_Casefold (Unicode section 3.13) of one code point, and its marks stripped. */
static void fold_any(struct fold *fold, uint32_t point)
{
    utf8proc_int32_t points[DECOMPOSED_MAX];
    int class = UTF8PROC_BOUNDCLASS_START;
    const utf8proc_ssize_t n = utf8proc_decompose_char(
        (utf8proc_int32_t)point, points, DECOMPOSED_MAX,
        (utf8proc_option_t)(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                            UTF8PROC_CASEFOLD | UTF8PROC_IGNORE | UTF8PROC_STRIPMARK),
        &class);

    assert(n >= 0 && n <= DECOMPOSED_MAX);
    for (utf8proc_ssize_t i = 0; i < n; i++)
        fold_point(fold, (uint32_t)points[i]);
}

/* A run of ASCII from *at, which needs no table. */
static void fold_ascii(struct fold *fold, str s, size_t *at)
{
    char run[RUN_SIZE];
    size_t len = 0;

    flush(fold);
    for (; *at < s.len && len < RUN_SIZE && (uint8_t)s.ptr[*at] < 0x80; (*at)++) {
        const char c = s.ptr[*at];

        run[len++] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
    }
    buf_put_bytes(&fold->out, run, len);
}

str utf8_fold(struct arena *arena, str s)
{
    struct fold fold = {.held = 0};

    buf_init(&fold.out, arena, s.len);
    for (size_t at = 0; at < s.len && !buf_failed(&fold.out);) {
        const size_t from = at;

        if ((uint8_t)s.ptr[at] < 0x80) {
            fold_ascii(&fold, s, &at);
            continue;
        }
        const uint32_t point = utf8_next(s, &at);

        fold_any(&fold, at - from == 1 ? ' ' : point);
    }
    flush(&fold);
    return buf_failed(&fold.out) ? STR_NONE : buf_str(&fold.out);
}

static bool is_word(uint32_t point)
{
    if (point < 0x80)
        return (point >= 'a' && point <= 'z') || (point >= '0' && point <= '9') ||
               (point >= 'A' && point <= 'Z');
    const utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)point);

    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
           (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

/* Marks belong to the letter before them; a fold has none, a name may. */
static bool is_mark(uint32_t point)
{
    const utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)point);

    return category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME;
}

/* The next word from *at; false at the end. */
static bool next_word(str s, size_t *at, str *word)
{
    size_t from = *at;

    while (*at < s.len && !is_word(utf8_next(s, at)))
        from = *at;
    if (from == s.len)
        return false;
    for (size_t next = *at; next < s.len; *at = next) {
        const uint32_t point = utf8_next(s, &next);

        if (!is_word(point) && !is_mark(point))
            break;
    }
    *word = (str){s.ptr + from, *at - from};
    return true;
}

static str cut_word(str word)
{
    size_t len = word.len;

    if (len <= WORD_SIZE_MAX)
        return word;
    len = WORD_SIZE_MAX;
    while (((uint8_t)word.ptr[len] & 0xc0) == 0x80)
        len--;
    return (str){word.ptr, len};
}

void utf8_words(str folded, void (*word)(void *self, str word), void *self)
{
    str found;

    for (size_t at = 0; next_word(folded, &at, &found);)
        word(self, cut_word(found));
}

static void put_initial(struct buf *out, str word)
{
    size_t at = 0;

    utf8_put(out, (uint32_t)utf8proc_toupper((utf8proc_int32_t)utf8_next(word, &at)));
}

str utf8_initials(struct arena *arena, str name)
{
    str first, last;
    size_t at = 0;
    struct buf out;

    if (!next_word(name, &at, &first))
        return STR_NONE;
    last = first;
    while (next_word(name, &at, &last))
        continue;
    buf_init(&out, arena, 8);
    put_initial(&out, first);
    if (last.ptr != first.ptr)
        put_initial(&out, last);
    return buf_failed(&out) ? STR_NONE : buf_str(&out);
}

static bool is_blank(uint32_t point)
{
    return (point >= '\t' && point <= '\r') ||
           utf8proc_category((utf8proc_int32_t)point) == UTF8PROC_CATEGORY_ZS || point == 0x2028 ||
           point == 0x2029;
}

/* Blanks to one space, none at the ends; *ascii when nothing else is in it. */
static str squeeze(struct arena *arena, str s, bool *ascii)
{
    struct buf out;
    bool blank = false;

    *ascii = true;
    buf_init(&out, arena, s.len);
    for (size_t at = 0; at < s.len;) {
        const uint32_t point = utf8_next(s, &at);

        if (is_blank(point)) {
            blank = out.len > 0;
            continue;
        }
        if (blank)
            buf_put_char(&out, ' ');
        blank = false;
        *ascii = *ascii && point < 0x80;
        utf8_put(&out, point);
    }
    return buf_failed(&out) ? STR_NONE : buf_str(&out);
}

str utf8_tidy_line(struct arena *arena, str s)
{
    const utf8proc_option_t nfc = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
    bool ascii;
    const str line = squeeze(arena, s, &ascii);

    if (line.ptr == NULL || ascii)
        return line;
    const uint8_t *bytes = (const uint8_t *)line.ptr;
    const utf8proc_ssize_t points =
        utf8proc_decompose(bytes, (utf8proc_ssize_t)line.len, NULL, 0, nfc);

    assert(points >= 0);
    /* One more, because reencode ends its text with a zero byte. */
    utf8proc_int32_t *wide = arena_take_many(arena, (size_t)points + 1, sizeof *wide);
    if (wide == NULL)
        return STR_NONE;
    (void)utf8proc_decompose(bytes, (utf8proc_ssize_t)line.len, wide, points, nfc);
    const utf8proc_ssize_t len = utf8proc_reencode(wide, points, nfc);

    assert(len >= 0);
    return (str){(const char *)wide, (size_t)len};
}
