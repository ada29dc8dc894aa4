/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The one form of the register's entries: flaw by flaw, and against a second model on every byte
 * changed, taken out or put in.
 */
#include "cm.h"
#include "tlog_data.h"

#include "jcs_model.h"
#include "wire/tile.h"

static struct arena arena, scratch;

static int start(void **state)
{
    (void)state;
    return arena_init(&arena, 8u << 20) && arena_init(&scratch, 16u << 20) ? 0 : 1;
}

static int stop(void **state)
{
    (void)state;
    arena_release(&arena);
    arena_release(&scratch);
    return 0;
}

static int fresh(void **state)
{
    (void)state;
    arena_reset(&arena);
    return 0;
}

/* The checker's verdict, held against the model's, and the reader's when it is good. */
static enum jcs_flaw verdict(str entry)
{
    size_t at;
    const enum jcs_flaw flaw = jcs_check(entry, &at);

    arena_reset(&scratch);
    assert_true(at <= entry.len);
    if (model_is_good(&scratch, entry) != (flaw == JCS_GOOD))
        fail_msg("%s: %.*s", flaw == JCS_GOOD ? "the model refuses" : "the model takes",
                 (int)entry.len, entry.ptr);
    assert_int_equal(jcs_entry_check(entry), flaw == JCS_GOOD ? YES : NO_ENTRY_NOT_CANONICAL);
    if (flaw == JCS_GOOD) {
        assert_int_equal(at, entry.len);
        assert_true(model_reads(&scratch, entry));
    }
    assert_false(arena_overflowed(&scratch));
    return flaw;
}

/* --- flaw by flaw ---------------------------------------------------------------------------- */

static const struct {
    const char *entry;
    enum jcs_flaw flaw;
    size_t at;
} flaws[] = {
    {"", JCS_SIZE, 0},
    {"{", JCS_SIZE, 0},
    {"[]", JCS_NOT_OBJECT, 0},
    {"\"a\"", JCS_NOT_OBJECT, 0},
    {" {}", JCS_NOT_OBJECT, 0},
    {"\xef\xbb\xbf{}", JCS_NOT_OBJECT, 0},
    {"12", JCS_NOT_OBJECT, 0},
    /* syntax and blanks */
    {"{ }", JCS_SYNTAX, 1},
    {"{\"a\"", JCS_SYNTAX, 4},
    {"{\"a", JCS_SYNTAX, 3},
    {"{\"a\":", JCS_SYNTAX, 5},
    {"{\"a\":1", JCS_SYNTAX, 6},
    {"{\"a\":1,", JCS_SYNTAX, 7},
    {"{\"a\":1,}", JCS_SYNTAX, 7},
    {"{\"a\" :1}", JCS_SYNTAX, 4},
    {"{\"a\": 1}", JCS_SYNTAX, 5},
    {"{\"a\":1 }", JCS_SYNTAX, 6},
    {"{\"a\":1,\n\"b\":2}", JCS_SYNTAX, 7},
    {"{\"a\":[1, 2]}", JCS_SYNTAX, 8},
    {"{\"a\":[1 ,2]}", JCS_SYNTAX, 7},
    {"{\"a\":[\t]}", JCS_SYNTAX, 6},
    {"{\"a\":[1}", JCS_SYNTAX, 7},
    {"{\"a\":{\"b\":1]}", JCS_SYNTAX, 11},
    {"{a:1}", JCS_SYNTAX, 1},
    {"{'a':1}", JCS_SYNTAX, 1},
    {"{\"a\":\"b}", JCS_SYNTAX, 8},
    {"{\"a\";1}", JCS_SYNTAX, 4},
    {"{\"a\":1;\"b\":2}", JCS_SYNTAX, 6},
    {"{}{}", JCS_AFTER, 2},
    {"{}\n", JCS_AFTER, 2},
    {"{}}", JCS_AFTER, 2},
    /* names */
    {"{\"\":1}", JCS_NAME, 2},
    {"{\"A\":1}", JCS_NAME, 2},
    {"{\"_a\":1}", JCS_NAME, 2},
    {"{\"1\":1}", JCS_NAME, 2},
    {"{\"aB\":1}", JCS_NAME, 3},
    {"{\"a-b\":1}", JCS_NAME, 3},
    {"{\"a b\":1}", JCS_NAME, 3},
    {"{\"\\u0061\":1}", JCS_NAME, 2},
    {"{\"a\\n\":1}", JCS_NAME, 3},
    {"{\"p\xc3\xa9\":1}", JCS_NAME, 3},
    {"{\"a23456789012345678901234567890123\":1}", JCS_NAME, 35},
    /* order */
    {"{\"b\":1,\"a\":2}", JCS_ORDER, 10},
    {"{\"a\":1,\"a\":1}", JCS_ORDER, 10},
    {"{\"ab\":1,\"a\":2}", JCS_ORDER, 11},
    {"{\"a_\":1,\"a1\":2}", JCS_ORDER, 12},
    {"{\"c\":{\"b\":1,\"a\":1}}", JCS_ORDER, 15},
    /* values */
    {"{\"a\":null}", JCS_VALUE, 5},
    {"{\"a\":nul}", JCS_VALUE, 5},
    {"{\"a\":True}", JCS_VALUE, 5},
    {"{\"a\":tru}", JCS_VALUE, 5},
    {"{\"a\":falsy}", JCS_VALUE, 5},
    {"{\"a\":truer}", JCS_SYNTAX, 9},
    {"{\"a\":+1}", JCS_VALUE, 5},
    {"{\"a\":.5}", JCS_VALUE, 5},
    {"{\"a\":NaN}", JCS_VALUE, 5},
    {"{\"a\":,\"b\":1}", JCS_VALUE, 5},
    {"{\"a\":}", JCS_VALUE, 5},
    {"{\"a\":[1,]}", JCS_VALUE, 8},
    /* integers */
    {"{\"a\":-}", JCS_INTEGER, 6},
    {"{\"a\":-0}", JCS_INTEGER, 7},
    {"{\"a\":00}", JCS_INTEGER, 7},
    {"{\"a\":01}", JCS_INTEGER, 7},
    {"{\"a\":-01}", JCS_INTEGER, 8},
    {"{\"a\":1.0}", JCS_INTEGER, 6},
    {"{\"a\":1.}", JCS_INTEGER, 6},
    {"{\"a\":1e3}", JCS_INTEGER, 6},
    {"{\"a\":1E3}", JCS_INTEGER, 6},
    {"{\"a\":0e0}", JCS_INTEGER, 6},
    {"{\"a\":1a}", JCS_SYNTAX, 6},
    {"{\"a\":0x1}", JCS_SYNTAX, 6},
    {"{\"a\":9007199254740992}", JCS_RANGE, 21},
    {"{\"a\":-9007199254740992}", JCS_RANGE, 22},
    {"{\"a\":9223372036854775808}", JCS_RANGE, 24},
    {"{\"a\":99999999999999999999999999999999}", JCS_RANGE, 37},
    /* texts */
    {"{\"a\":\"\\/\"}", JCS_ESCAPE, 7},
    {"{\"a\":\"\\u0041\"}", JCS_ESCAPE, 7},
    {"{\"a\":\"\\u000A\"}", JCS_ESCAPE, 7},
    {"{\"a\":\"\\u001F\"}", JCS_ESCAPE, 7},
    {"{\"a\":\"\\U001f\"}", JCS_ESCAPE, 7},
    {"{\"a\":\"\\u000a\"}", JCS_ESCAPE, 7},
    {"{\"a\":\"\\u000d\"}", JCS_ESCAPE, 7},
    {"{\"a\":\"\\u0008\"}", JCS_ESCAPE, 7},
    {"{\"a\":\"\\u0009\"}", JCS_ESCAPE, 7},
    {"{\"a\":\"\\u000c\"}", JCS_ESCAPE, 7},
    {"{\"a\":\"\\u0020\"}", JCS_ESCAPE, 7},
    {"{\"a\":\"\\u007f\"}", JCS_ESCAPE, 7},
    {"{\"a\":\"\\u2028\"}", JCS_ESCAPE, 7},
    {"{\"a\":\"\\ud83d\\ude00\"}", JCS_ESCAPE, 7},
    {"{\"a\":\"\\ud83d\"}", JCS_ESCAPE, 7},
    {"{\"a\":\"\\u001\"}", JCS_ESCAPE, 7},
    {"{\"a\":\"\\u00", JCS_ESCAPE, 7},
    {"{\"a\":\"\\", JCS_ESCAPE, 7},
    {"{\"a\":\"\\x\"}", JCS_ESCAPE, 7},
    {"{\"a\":\"\\'\"}", JCS_ESCAPE, 7},
    {"{\"a\":\"x\ny\"}", JCS_ESCAPE, 7},
    {"{\"a\":\"\x1f\"}", JCS_ESCAPE, 6},
    {"{\"a\":\"\xff\"}", JCS_UTF8, 6},
    {"{\"a\":\"\x80\"}", JCS_UTF8, 6},
    {"{\"a\":\"\xc3\"}", JCS_UTF8, 6},
    {"{\"a\":\"\xc0\xaf\"}", JCS_UTF8, 6},
    {"{\"a\":\"\xed\xa0\x80\"}", JCS_UTF8, 6},
    {"{\"a\":\"\xf4\x90\x80\x80\"}", JCS_UTF8, 6},
    {"{\"a\":\"\xe2\x82", JCS_UTF8, 6},
    /* good */
    {"{}", JCS_GOOD, 0},
    {"{\"a\":0}", JCS_GOOD, 0},
    {"{\"a\":-1}", JCS_GOOD, 0},
    {"{\"a\":9007199254740991}", JCS_GOOD, 0},
    {"{\"a\":-9007199254740991}", JCS_GOOD, 0},
    {"{\"a\":true,\"b\":false}", JCS_GOOD, 0},
    {"{\"a\":[],\"b\":{}}", JCS_GOOD, 0},
    {"{\"a\":[1,\"x\",[true],{\"z\":[]}]}", JCS_GOOD, 0},
    {"{\"a\":1,\"a1\":2,\"a_\":3,\"aa\":4,\"b\":{\"a\":5}}", JCS_GOOD, 0},
    {"{\"a2345678901234567890123456789012\":1}", JCS_GOOD, 0},
    {"{\"a\":\"\"}", JCS_GOOD, 0},
    {"{\"a\":\"\\\"\\\\\\b\\f\\n\\r\\t\"}", JCS_GOOD, 0},
    {"{\"a\":\"\\u0000\\u0001\\u000b\\u000e\\u001f\"}", JCS_GOOD, 0},
    {"{\"a\":\"/\x7f\xe2\x80\xa8\xc2\x80\xef\xbf\xbd\xef\xbf\xbf\xf0\x9f\x98\x80\"}", JCS_GOOD, 0},
    {"{\"a\":\"<script>&'\"}", JCS_GOOD, 0},
};

static void flaws_are_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof flaws / sizeof flaws[0]; i++) {
        const str entry = str_of(flaws[i].entry);
        size_t at = 99;
        const enum jcs_flaw flaw = jcs_check(entry, &at);

        (void)verdict(entry);
        if (flaw != flaws[i].flaw || (flaw != JCS_GOOD && at != flaws[i].at))
            fail_msg("%s: got \"%.*s\" at %zu, wanted \"%.*s\" at %zu", flaws[i].entry,
                     (int)jcs_flaw_text(flaw).len, jcs_flaw_text(flaw).ptr, at,
                     (int)jcs_flaw_text(flaws[i].flaw).len, jcs_flaw_text(flaws[i].flaw).ptr,
                     flaws[i].at);
    }
    assert_int_equal(verdict((str){"{\"a\":\"\0\"}", 9}), JCS_ESCAPE);
    assert_int_equal(verdict((str){"{}\0", 3}), JCS_AFTER);
    for (int flaw = JCS_GOOD; flaw <= JCS_AFTER; flaw++)
        assert_true(jcs_flaw_text((enum jcs_flaw)flaw).len > 0);
}

/* --- limits ---------------------------------------------------------------------------------- */

/* `n` objects or lists, the root among them, one in the other. */
static str nested(unsigned n, char bracket)
{
    struct buf out;

    buf_init(&out, &arena, 0);
    buf_put(&out, S("{\"a\":"));
    for (unsigned i = 1; i < n; i++)
        buf_put(&out, bracket == '[' ? S("[") : i == n - 1 ? S("{") : S("{\"a\":"));
    for (unsigned i = 1; i < n; i++)
        buf_put_char(&out, bracket == '[' ? ']' : '}');
    buf_put_char(&out, '}');
    return buf_str(&out);
}

static void eight_levels_and_no_more(void **state)
{
    (void)state;
    assert_int_equal(verdict(nested(8, '[')), JCS_GOOD);
    assert_int_equal(verdict(nested(9, '[')), JCS_DEPTH);
    assert_int_equal(verdict(nested(8, '{')), JCS_GOOD);
    assert_int_equal(verdict(nested(9, '{')), JCS_DEPTH);
    assert_int_equal(verdict(nested(5000, '[')), JCS_DEPTH);
    /* Beside each other they do not add up. */
    assert_int_equal(
        verdict(S("{\"a\":[[],[],[],[],[],[],[],[],[]],\"b\":{},\"c\":[[[[[[[]]]]]]]}")), JCS_GOOD);
}

/* `inner` members in an object in a list, and `outer` beside it. */
static str members(unsigned outer, unsigned inner)
{
    struct buf out;

    buf_init(&out, &arena, 0);
    buf_put(&out, S("{\"a\":[{"));
    for (unsigned i = 0; i < inner; i++)
        buf_printf(&out, "%s\"n%04u\":%u", i > 0 ? "," : "", i, i);
    buf_put(&out, S("}]"));
    for (unsigned i = 1; i < outer; i++)
        buf_printf(&out, ",\"m%04u\":%u", i, i);
    buf_put_char(&out, '}');
    return buf_str(&out);
}

static void members_are_counted_in_all(void **state)
{
    (void)state;
    assert_int_equal(verdict(members(1024, 0)), JCS_GOOD);
    assert_int_equal(verdict(members(1025, 0)), JCS_MEMBERS);
    assert_int_equal(verdict(members(1, 1023)), JCS_GOOD);
    assert_int_equal(verdict(members(1, 1024)), JCS_MEMBERS);
    assert_int_equal(verdict(members(512, 512)), JCS_GOOD);
    assert_int_equal(verdict(members(513, 512)), JCS_MEMBERS);
}

static void entries_have_a_largest_size(void **state)
{
    static char entry[JCS_SIZE_MAX + 1];

    (void)state;
    for (size_t len = JCS_SIZE_MAX - 1; len <= JCS_SIZE_MAX + 1; len++) {
        memset(entry, 'x', len);
        memcpy(entry, "{\"a\":\"", 6);
        memcpy(entry + len - 2, "\"}", 2);
        assert_int_equal(verdict((str){entry, len}), len > JCS_SIZE_MAX ? JCS_SIZE : JCS_GOOD);
    }
}

/* --- every change ---------------------------------------------------------------------------- */

static const char *const samples[] = {
    "{\"at\":1767225600,\"id\":\"00112233445566778899aabbccddeeff\",\"k\":\"genesis\",\"v\":1}",
    "{\"a\":[1,-20,{\"b_2\":true,\"c\":[]},\"\\u001f\\n\\\\\"],\"b\":{\"x\":"
    "\"\xc3\xa9\xe2\x82\xac\xf0"
    "\x9f\x98\x80\",\"y\":9007199254740991}}",
    "{\"a\":\"\\\"\",\"aa\":false,\"b\":[[0,1],[\"\",{}]],\"c\":\"\\u0000\\u0001\\\\u0000\"}",
};

/* Text with bytes [at, at + out) replaced by `in`. */
static str spliced(str text, size_t at, size_t out, str in)
{
    static char made[512];

    assert_true(text.len + in.len <= sizeof made);
    memcpy(made, text.ptr, at);
    if (in.len > 0)
        memcpy(made + at, in.ptr, in.len);
    memcpy(made + at + in.len, text.ptr + at + out, text.len - at - out);
    return (str){made, text.len - out + in.len};
}

static void every_change_is_judged_alike(void **state)
{
    static const char *const words[] = {
        " ",  "\n", "\"",   "\\",   ",",    ":",       "{}", "[]",       "0",  "-",
        "e1", ".0", "null", "true", "\\u0", "\\u001f", "_",  "\xc2\xa0", "}{", "\"a\":1,"};
    size_t good = 0, bad = 0;

    (void)state;
    for (size_t s = 0; s < sizeof samples / sizeof samples[0]; s++) {
        const str text = str_of(samples[s]);

        assert_int_equal(verdict(text), JCS_GOOD);
        for (size_t i = 0; i < text.len; i++) {
            for (int c = 0; c < 256; c++) {
                const char byte = (char)c;

                *(verdict(spliced(text, i, 1, (str){&byte, 1})) == JCS_GOOD ? &good : &bad) += 1;
            }
            for (size_t out = 1; out <= 8 && i + out <= text.len; out++)
                *(verdict(spliced(text, i, out, STR_NONE)) == JCS_GOOD ? &good : &bad) += 1;
            for (size_t w = 0; w < sizeof words / sizeof words[0]; w++)
                *(verdict(spliced(text, i, w % 2, str_of(words[w]))) == JCS_GOOD ? &good : &bad) +=
                    1;
        }
    }
    print_message("# changes: %zu good, %zu refused, all judged alike\n", good, bad);
    assert_true(good > 5000 && bad > 20000);
}

/* --- vectors of others ----------------------------------------------------------------------- */

/* Every text of a document, as it is written, as the value of an entry of ours; how many are in the
 * one form. */
static size_t check_texts(str document, size_t *texts)
{
    size_t good = 0;

    for (size_t at = 0; at < document.len; at++) {
        struct buf entry;
        size_t end = at + 1;

        if (document.ptr[at] != '"')
            continue;
        for (; document.ptr[end] != '"'; end++)
            end += document.ptr[end] == '\\';
        buf_init(&entry, &arena, 0);
        buf_put(&entry, S("{\"a\":"));
        buf_put(&entry, str_sub(document, at, end + 1 - at));
        buf_put_char(&entry, '}');
        *texts += 1;
        good += verdict(buf_str(&entry)) == JCS_GOOD;
        at = end;
    }
    return good;
}

/* None of them is an entry: names of people's languages, null, fractions. Their texts may be. */
static void documents_of_rfc_8785_are_judged(void **state)
{
    static const char *const names[] = {"arrays",  "french", "structures",
                                        "unicode", "values", "weird"};
    size_t texts = 0, good = 0, inputs = 0, inputs_good = 0;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[128];

        (void)snprintf(path, sizeof path, "data/jcs/output/%s.json", names[i]);
        const str output = shared_file(&arena, path);

        (void)snprintf(path, sizeof path, "data/jcs/input/%s.json", names[i]);
        const str input = shared_file(&arena, path);

        assert_int_not_equal(verdict(output), JCS_GOOD);
        assert_int_not_equal(verdict(input), JCS_GOOD);
        good += check_texts(output, &texts);
        inputs_good += check_texts(input, &inputs);
    }
    print_message(
        "# RFC 8785: %zu of %zu texts written, %zu of %zu texts read are in the one form\n", good,
        texts, inputs_good, inputs);
    assert_true(texts >= 40);
    assert_int_equal(good, texts);
    assert_true(inputs_good < inputs);
}

static void vectors_of_tlog_are_judged(void **state)
{
    struct tlog_rows rows = tlog_open(&arena, "jcs");
    size_t texts = 0, good = 0;

    (void)state;
    while (tlog_next(&rows)) {
        const str output = tlog_base64(&arena, tlog_text(&rows, "output_b64"));

        assert_int_not_equal(verdict(output), JCS_GOOD);
        assert_int_not_equal(verdict(tlog_base64(&arena, tlog_text(&rows, "input_b64"))), JCS_GOOD);
        good += check_texts(output, &texts);
    }
    assert_int_equal(rows.count, 3);
    assert_true(texts >= 20);
    assert_int_equal(good, texts);
}

static void numbers_of_rfc_8785_are_judged(void **state)
{
    struct tlog_rows rows = tlog_open(&arena, "jcs-number");
    size_t good = 0, range = 0, fraction = 0;

    (void)state;
    while (tlog_next(&rows)) {
        const str number = tlog_text(&rows, "text");
        struct buf entry;

        buf_init(&entry, &arena, 0);
        buf_printf(&entry, "{\"a\":%.*s}", (int)number.len, number.ptr);
        const enum jcs_flaw flaw = verdict(buf_str(&entry));
        const bool written_whole =
            str_find_char(number, '.') == number.len && str_find_char(number, 'e') == number.len;

        assert_int_equal(flaw == JCS_INTEGER, !written_whole);
        assert_int_equal(flaw == JCS_GOOD, str_eq(number, S("0")));
        assert_true(flaw == JCS_GOOD || flaw == JCS_RANGE || flaw == JCS_INTEGER);
        good += flaw == JCS_GOOD;
        range += flaw == JCS_RANGE;
        fraction += flaw == JCS_INTEGER;
    }
    print_message("# jcs-number: %zu good, %zu past 2^53, %zu no integers\n", good, range,
                  fraction);
    assert_int_equal(good + range + fraction, 14);
    assert_int_equal(good, 1);
    assert_int_equal(range, 4);
}

static size_t check_bundle(const char *path)
{
    struct tile_bundle bundle = {.bytes = tlog_file(&arena, path)};
    size_t good = 0;
    str entry;

    while (tile_bundle_next(&bundle, &entry) == YES)
        good += verdict(entry) == JCS_GOOD;
    return good;
}

static void entries_of_whole_logs_are_good(void **state)
{
    struct jcs_head head;

    (void)state;
    assert_int_equal(check_bundle("logs/synth-600/tile/entries/000"), 256);
    assert_int_equal(check_bundle("logs/synth-600/tile/entries/001"), 256);
    assert_int_equal(check_bundle("logs/synth-600/tile/entries/002.p/88"), 88);
    assert_int_equal(check_bundle("golden/log/tile/entries/000.p/3"), 3);
    /* The golden entries are of the form, but of no kind of ours: they have no id. */
    assert_int_equal(jcs_head_read(tlog_file(&arena, "golden/leaf-1"), &head),
                     NO_ENTRY_NOT_CANONICAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flaws_are_named),
        cmocka_unit_test_setup(eight_levels_and_no_more, fresh),
        cmocka_unit_test_setup(members_are_counted_in_all, fresh),
        cmocka_unit_test(entries_have_a_largest_size),
        cmocka_unit_test(every_change_is_judged_alike),
        cmocka_unit_test_setup(documents_of_rfc_8785_are_judged, fresh),
        cmocka_unit_test_setup(vectors_of_tlog_are_judged, fresh),
        cmocka_unit_test_setup(numbers_of_rfc_8785_are_judged, fresh),
        cmocka_unit_test_setup(entries_of_whole_logs_are_good, fresh),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
