/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cm.h"
#include "golden.h"
#include "tlog_data.h"

#include "wire/note.h"

static char room[4 << 20];
static struct note note;

static struct buf fresh(struct arena *arena)
{
    struct buf out;

    arena_init_on(arena, room, sizeof room);
    buf_init(&out, arena, 0);
    return out;
}

/* --- reading --------------------------------------------------------------------------------- */

static void golden_note(void **state)
{
    const struct note_key keys[] = {golden_key(GOLDEN_VKEY), golden_key(GOLDEN_WITNESS_VKEY)};
    bool held[2] = {false, false};

    (void)state;
    assert_int_equal(note_parse(S(GOLDEN_COSIGNED), &note), YES);
    assert_str(note.text, GOLDEN_TEXT);
    assert_int_equal(note.lines_n, 2);
    assert_str(note.lines[1].name, "coop2.example/witness");
    assert_int_equal(note.lines[1].id, 0xb41ebf3b);
    assert_int_equal(note.lines[0].size, SIGN_SIZE);
    assert_int_equal(note.lines[1].size, COSIGNATURE_SIZE);
    assert_int_equal(cosignature_time_s(note.lines[1].signature), GOLDEN_TIME);
    assert_int_equal(note_verify(&note, keys, 2, held), YES);
    assert_true(held[0] && held[1]);
    assert_int_equal(note_verify(&note, keys + 1, 1, held), YES);
    assert_int_equal(note_verify(&note, keys, 0, held), NO_NOTE_UNSIGNED);
}

/* No byte of a note can change and leave both signatures standing. */
static void every_flip_of_a_note_is_noticed(void **state)
{
    const struct note_key keys[] = {golden_key(GOLDEN_VKEY), golden_key(GOLDEN_WITNESS_VKEY)};
    char text[] = GOLDEN_COSIGNED;
    const size_t len = strlen(text);
    size_t malformed = 0, bad = 0, unknown = 0;

    (void)state;
    for (size_t bit = 0; bit < 8 * len; bit++) {
        bool held[2];

        text[bit / 8] ^= (char)(1 << bit % 8);
        no answer = note_parse((str){text, len}, &note);

        malformed += answer == NO_NOTE_MALFORMED;
        if (answer == YES) {
            answer = note_verify(&note, keys, 2, held);
            bad += answer == NO_SIGNATURE_BAD;
            unknown += answer == YES && held[0] != held[1];
            assert_true(answer == NO_SIGNATURE_BAD || (answer == YES && held[0] != held[1]));
        }
        text[bit / 8] ^= (char)(1 << bit % 8);
    }
    assert_int_equal(malformed + bad + unknown, 8 * len);
    assert_true(malformed > 0 && bad > 0 && unknown > 0);
}

/* Cut anywhere but behind the first signature, a note is none. */
static void every_cut_of_a_note_is_noticed(void **state)
{
    const size_t whole = strlen(GOLDEN_NOTE);

    (void)state;
    for (size_t cut = 0; cut < strlen(GOLDEN_COSIGNED); cut++)
        assert_int_equal(note_parse((str){GOLDEN_COSIGNED, cut}, &note),
                         cut == whole ? YES : NO_NOTE_MALFORMED);
}

static void refuses(void **state)
{
    static const char *const wrong[] = {
        "text\n",
        "text\n\n",
        "\n" GOLDEN_LINE,
        GOLDEN_LINE,
        "text\n" GOLDEN_LINE,
        "text\n\n" GOLDEN_LINE "\n",
        "text\n\n" GOLDEN_LINE "\n" GOLDEN_TEXT,
        "text\n\n-- coop.example/log 4kmjg0Ez\n",
        "text\n\n\xe2\x80\x94"
        "coop.example/log 4kmjg0Ez\n",
        "text\n\n\xe2\x80\x94  coop.example/log 4kmjg0Ez\n",
        "text\n\n\xe2\x80\x94 coop.example/log  4kmjg0Ez\n",
        "text\n\n\xe2\x80\x94 coop.example/log 4kmjg0Ez \n",
        "text\n\n\xe2\x80\x94 coop.example/log 4kmjgw==\n", /* an id and nothing signed */
        "text\n\n\xe2\x80\x94 coop.example/log 4kmj\n",
        "text\n\n\xe2\x80\x94 coop.example/log \n",
        "text\n\n\xe2\x80\x94 coop.example/log\n",
        "text\n\n\xe2\x80\x94 coop.example/log 4kmjg0E\n",
        "text\n\n\xe2\x80\x94 coop.example/log 4kmjg0F=\n",
        "text\n\n\xe2\x80\x94 coop.example/log 4kmjg0EzPw-=\n",
        "text\n\n\xe2\x80\x94 coop.example/log 4kmjg0Ez=w==\n",
        "text\n\n\xe2\x80\x94 4kmjg0Ez\n",
        "text\n\n\xe2\x80\x94 a+b 4kmjg0Ez\n",
        "text\n\n\xe2\x80\x94 a\xc2\xa0"
        "b 4kmjg0Ez\n",
        "te\txt\n\n\xe2\x80\x94 a 4kmjg0Ez\n",
        "text\r\n\n\xe2\x80\x94 a 4kmjg0Ez\n",
        "te\xfft\n\n\xe2\x80\x94 a 4kmjg0Ez\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        note.lines_n = 77;
        if (note_parse(str_of(wrong[i]), &note) != NO_NOTE_MALFORMED)
            fail_msg("row %zu", i);
        assert_int_equal(note.lines_n, 77);
    }
    /* The last empty line decides. */
    assert_int_equal(note_parse(S("a\n\n\xe2\x80\x94 b\n\n\n\xe2\x80\x94 a 4kmjg0Ez\n"), &note),
                     YES);
    assert_str(note.text, "a\n\n\xe2\x80\x94 b\n\n");
    assert_int_equal(note_parse(S("\n\n\xe2\x80\x94 a 4kmjg0Ez\n"), &note), YES);
    assert_str(note.text, "\n");
}

static void bounds(void **state)
{
    struct arena arena;
    struct buf out = fresh(&arena);

    (void)state;
    buf_put(&out, S("text\n\n"));
    for (int i = 0; i < NOTE_LINES_MAX; i++)
        buf_put(&out, S("\xe2\x80\x94 a 4kmjg0Ez\n"));
    assert_int_equal(note_parse(buf_str(&out), &note), YES);
    assert_int_equal(note.lines_n, NOTE_LINES_MAX);
    assert_int_equal(note.lines[99].id, 0xe249a383);
    buf_put(&out, S("\xe2\x80\x94 a 4kmjg0Ez\n"));
    assert_int_equal(note_parse(buf_str(&out), &note), NO_NOTE_MALFORMED);

    out = fresh(&arena);
    for (size_t i = 0; i < NOTE_SIZE_MAX - strlen("\n\n\xe2\x80\x94 a 4kmjg0Ez\n"); i++)
        buf_put_char(&out, 'x');
    buf_put(&out, S("\n\n\xe2\x80\x94 a 4kmjg0Ez\n"));
    assert_int_equal(buf_str(&out).len, NOTE_SIZE_MAX);
    assert_int_equal(note_parse(buf_str(&out), &note), YES);
    buf_clear(&out);
    for (size_t i = 0; i < NOTE_SIZE_MAX + 1 - strlen("\n\n\xe2\x80\x94 a 4kmjg0Ez\n"); i++)
        buf_put_char(&out, 'x');
    buf_put(&out, S("\n\n\xe2\x80\x94 a 4kmjg0Ez\n"));
    assert_int_equal(note_parse(buf_str(&out), &note), NO_NOTE_MALFORMED);
}

/* A kind of later, ML-DSA-44, of 2420 bytes: read over, wherever it stands. A line of a known pair
 * must hold, whatever its length. */
static void unknown_lines_are_read_over(void **state)
{
    const struct note_key keys[] = {golden_key(GOLDEN_VKEY), golden_key(GOLDEN_WITNESS_VKEY)};
    struct arena arena;
    struct buf out = fresh(&arena);
    bool held[2];

    (void)state;
    buf_put(&out, S(GOLDEN_TEXT "\n\xe2\x80\x94 coop.example/log AAAA"));
    for (int i = 0; i < 1600; i++)
        buf_put(&out, S("BgYG"));
    buf_put(&out, S("\n" GOLDEN_LINE GOLDEN_WITNESS_LINE "\xe2\x80\x94 other tB6/OwAA\n"));
    assert_int_equal(note_parse(buf_str(&out), &note), YES);
    assert_int_equal(note.lines_n, 4);
    assert_int_equal(note.lines[0].id, 6);
    assert_int_equal(note.lines[0].size, 4799);
    assert_int_equal(note_verify(&note, keys, 2, held), YES);
    assert_true(held[0] && held[1]);

    out = fresh(&arena);
    buf_put(&out, S(GOLDEN_COSIGNED "\xe2\x80\x94 coop.example/log 4kmjgwAA"));
    for (int i = 0; i < 1600; i++)
        buf_put(&out, S("BgYG"));
    buf_put(&out, S("\n"));
    assert_int_equal(note_parse(buf_str(&out), &note), YES);
    assert_int_equal(note_verify(&note, keys, 2, held), NO_SIGNATURE_BAD);
}

/* Bits to spare in the last digit: not ours when it is of nobody we know, bad when it is. */
static void spare_bits_hold_for_nobody(void **state)
{
    const struct note_key keys[] = {golden_key(GOLDEN_VKEY), golden_key(GOLDEN_WITNESS_VKEY)};
    char text[] = GOLDEN_COSIGNED;
    char *spare = strstr(text, "6SRCgQ=");

    (void)state;
    assert_non_null(spare);
    spare[5] = 'R';
    assert_int_equal(note_parse(str_of(text), &note), YES);
    assert_int_equal(note.lines[0].size, 0);
    assert_int_equal(note.lines[0].id, keys[0].id);
    assert_int_equal(note_verify(&note, keys, 2, NULL), NO_SIGNATURE_BAD);
    assert_int_equal(note_verify(&note, keys + 1, 1, NULL), YES);
}

/* A key signs in its own kind only: the public key alone does not decide. */
static void kinds_are_not_mixed_up(void **state)
{
    const struct sign_pair pair = golden_pair(GOLDEN_WITNESS_SEED);
    struct note_key plain, witness = golden_key(GOLDEN_WITNESS_VKEY);
    struct arena arena;
    struct buf out = fresh(&arena);
    uint8_t signature[SIGN_SIZE];

    (void)state;
    assert_int_equal(note_key_make(witness.name, NOTE_ED25519, pair.public_key, &plain), YES);
    assert_int_not_equal(plain.id, witness.id);
    sign_make(&pair, S(GOLDEN_TEXT), signature);
    buf_put(&out, S(GOLDEN_TEXT "\n"));
    note_put_line(&out, &witness, signature, SIGN_SIZE);
    assert_int_equal(note_parse(buf_str(&out), &note), YES);
    assert_int_equal(note_verify(&note, &witness, 1, NULL), NO_SIGNATURE_BAD);
    assert_int_equal(note_verify(&note, &plain, 1, NULL), NO_NOTE_UNSIGNED);
    plain.id = witness.id;
    assert_int_equal(note_verify(&note, &plain, 1, NULL), YES);
}

/* A signature that ends in a zero byte does not hold without it. */
static void a_zero_cut_off_is_noticed(void **state)
{
    const struct sign_pair pair = golden_pair(GOLDEN_WITNESS_SEED);
    const struct note_key key = golden_key(GOLDEN_WITNESS_VKEY);
    uint8_t cosignature[COSIGNATURE_SIZE] = {1};

    (void)state;
    cosignature[COSIGNATURE_SIZE - 1] = 1;
    for (uint64_t t = 0; cosignature[COSIGNATURE_SIZE - 1] != 0; t++)
        assert_int_equal(cosignature_make(&pair, t, S(GOLDEN_TEXT), cosignature), YES);
    for (size_t cut = 0; cut < 2; cut++) {
        struct arena arena;
        struct buf out = fresh(&arena);

        buf_put(&out, S(GOLDEN_TEXT "\n"));
        note_put_line(&out, &key, cosignature, COSIGNATURE_SIZE - cut);
        assert_int_equal(note_parse(buf_str(&out), &note), YES);
        assert_int_equal(note_verify(&note, &key, 1, NULL), cut == 0 ? YES : NO_SIGNATURE_BAD);
    }
}

/* Known twice, bad once: refused in either order, with the good one beside it. */
static void one_bad_line_refuses_the_note(void **state)
{
    static const char *const notes[] = {
        GOLDEN_NOTE "\xe2\x80\x94 coop.example/log 4kmjg0Ez\n",
        GOLDEN_TEXT "\n\xe2\x80\x94 coop.example/log 4kmjg0Ez\n" GOLDEN_LINE,
        "x" GOLDEN_COSIGNED,
    };
    const struct note_key keys[] = {golden_key(GOLDEN_VKEY), golden_key(GOLDEN_WITNESS_VKEY)};
    bool held[2] = {true, false};

    (void)state;
    for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++) {
        assert_int_equal(note_parse(str_of(notes[i]), &note), YES);
        assert_int_equal(note_verify(&note, keys, 2, held), NO_SIGNATURE_BAD);
        assert_true(held[0] && !held[1]);
    }
}

/* --- signing --------------------------------------------------------------------------------- */

static void signing_gives_golden(void **state)
{
    const struct sign_pair pair = golden_pair(GOLDEN_SEED);
    const struct sign_pair witness = golden_pair(GOLDEN_WITNESS_SEED);
    const struct note_key key = golden_key(GOLDEN_VKEY);
    const struct note_key witness_key = golden_key(GOLDEN_WITNESS_VKEY);
    struct arena arena;
    struct buf out = fresh(&arena);

    (void)state;
    buf_put(&out, S(GOLDEN_TEXT "\n"));
    assert_int_equal(note_sign(&out, S(GOLDEN_TEXT), &key, &pair), YES);
    assert_str(buf_str(&out), GOLDEN_NOTE);
    assert_int_equal(note_cosign(&out, S(GOLDEN_TEXT), &witness_key, &witness, GOLDEN_TIME), YES);
    assert_str(buf_str(&out), GOLDEN_COSIGNED);
}

static void signs_nothing_that_reading_refuses(void **state)
{
    static const char *const wrong[] = {"", "text", "te\txt\n", "te\xfft\n", "text\r\n"};
    const struct sign_pair pair = golden_pair(GOLDEN_SEED);
    const struct sign_pair witness = golden_pair(GOLDEN_WITNESS_SEED);
    const struct note_key key = golden_key(GOLDEN_VKEY);
    const struct note_key witness_key = golden_key(GOLDEN_WITNESS_VKEY);
    struct arena arena;
    struct buf out = fresh(&arena);

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(note_sign(&out, str_of(wrong[i]), &key, &pair), NO_NOTE_MALFORMED);
    assert_int_equal(note_cosign(&out, S("text\n"), &witness_key, &witness, 1),
                     NO_CHECKPOINT_MALFORMED);
    assert_int_equal(buf_str(&out).len, 0);
}

/* --- what others wrote ----------------------------------------------------------------------- */

/* Whether exactly the names of the list "verified" have signed. */
static void check_held(const struct tlog_rows *rows, const struct note_key *keys, size_t keys_n,
                       const bool *held)
{
    size_t n = 0;

    for (size_t k = 0; k < keys_n; k++) {
        bool listed = false;

        for (size_t i = 0; i < tlog_list_n(rows, "verified"); i++)
            listed = listed || str_eq(keys[k].name, tlog_item(rows, "verified", i));
        assert_int_equal(held[k], listed);
        n += held[k];
    }
    assert_int_equal(n, tlog_list_n(rows, "verified"));
}

static size_t check_notes(const char *name)
{
    struct arena arena;

    arena_init_on(&arena, room, sizeof room);
    struct tlog_rows rows = tlog_open(&arena, name);

    while (tlog_next(&rows)) {
        const str id = tlog_text(&rows, "id");
        const bool wanted = str_eq(tlog_text(&rows, "expect"), S("accept"));
        const size_t keys_n = tlog_list_n(&rows, "vkeys");
        struct note_key keys[4];
        bool held[4];

        assert_in_range(keys_n, 1, 4);
        for (size_t k = 0; k < keys_n; k++)
            assert_int_equal(note_key_parse(tlog_item(&rows, "vkeys", k), &keys[k]), YES);
        no answer = note_parse(tlog_base64(&arena, tlog_text(&rows, "note_b64")), &note);

        if (answer == YES)
            answer = note_verify(&note, keys, keys_n, held);
        if ((answer == YES) != wanted)
            fail_msg("%.*s: %s", (int)id.len, id.ptr, no_line(answer)->name);
        if (wanted)
            check_held(&rows, keys, keys_n, held);
        const int64_t time_s = json_int_of(rows.row, S("time"), 0);

        if (time_s > 0)
            assert_int_equal(cosignature_time_s(note.lines[1].signature), time_s);
    }
    return rows.count;
}

static void public_notes(void **state)
{
    (void)state;
    assert_int_equal(check_notes("signed-note"), 18);
}

static void public_cosignatures(void **state)
{
    (void)state;
    assert_int_equal(check_notes("cosignature"), 2);
}

/* Of Rekor, those checkpoints that have Ed25519 keys. Where a case must fail for another reason (a
 * time, a certificate), the note is good. */
static void notes_of_rekor(void **state)
{
    struct arena arena;
    size_t good = 0, bad = 0;

    (void)state;
    arena_init_on(&arena, room, sizeof room);
    struct tlog_rows rows = tlog_open(&arena, "rekor-inclusion");

    while (tlog_next(&rows)) {
        const str id = tlog_text(&rows, "id");
        const bool wanted = !str_starts(id, S("rekor2-checkpoint-")) || !str_ends(id, S("_fail"));
        const size_t keys_n = tlog_list_n(&rows, "ed25519_vkeys");
        struct note_key keys[4];

        assert_in_range(keys_n, 0, 4);
        if (keys_n == 0)
            continue;
        for (size_t k = 0; k < keys_n; k++)
            assert_int_equal(note_key_parse(tlog_item(&rows, "ed25519_vkeys", k), &keys[k]), YES);
        no answer = note_parse(tlog_text(&rows, "checkpoint"), &note);

        if (answer == YES)
            answer = note_verify(&note, keys, keys_n, NULL);
        if ((answer == YES) != wanted)
            fail_msg("%.*s: %s", (int)id.len, id.ptr, no_line(answer)->name);
        good += wanted;
        bad += !wanted;
    }
    assert_int_equal(good, 13);
    assert_int_equal(bad, 5);
}

static void golden_files(void **state)
{
    struct arena arena;

    (void)state;
    arena_init_on(&arena, room, sizeof room);
    assert_str(tlog_file(&arena, "golden/log/checkpoint"), GOLDEN_COSIGNED);
    const str first = tlog_file(&arena, "golden/log/checkpoint.1");
    const struct note_key key = golden_key(GOLDEN_VKEY);

    assert_int_equal(note_parse(first, &note), YES);
    assert_int_equal(note_verify(&note, &key, 1, NULL), YES);
}

/* Three whole logs: each checkpoint is of its log, and of three witnesses where it has them. */
static void checkpoints_of_logs(void **state)
{
    static const char *const logs[] = {"synth-600", "synth-600-fork"};
    struct arena arena;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        char path[64];
        str line, rest;
        struct note_key keys[4];
        bool held[4];

        arena_init_on(&arena, room, sizeof room);
        (void)snprintf(path, sizeof path, "logs/%s/keys.txt", logs[i]);
        rest = tlog_file(&arena, path);
        for (size_t k = 0; k < 4; k++) {
            assert_true(str_cut(rest, '\n', &line, &rest) || k == 3);
            assert_int_equal(note_key_parse(str_trim(line), &keys[k]), YES);
        }
        (void)snprintf(path, sizeof path, "logs/%s/checkpoint", logs[i]);
        assert_int_equal(note_parse(tlog_file(&arena, path), &note), YES);
        assert_int_equal(note_verify(&note, keys, 4, held), YES);
        assert_true(held[0] && held[1] && held[2] && held[3]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_note),
        cmocka_unit_test(every_flip_of_a_note_is_noticed),
        cmocka_unit_test(every_cut_of_a_note_is_noticed),
        cmocka_unit_test(refuses),
        cmocka_unit_test(bounds),
        cmocka_unit_test(unknown_lines_are_read_over),
        cmocka_unit_test(spare_bits_hold_for_nobody),
        cmocka_unit_test(kinds_are_not_mixed_up),
        cmocka_unit_test(a_zero_cut_off_is_noticed),
        cmocka_unit_test(one_bad_line_refuses_the_note),
        cmocka_unit_test(signing_gives_golden),
        cmocka_unit_test(signs_nothing_that_reading_refuses),
        cmocka_unit_test(public_notes),
        cmocka_unit_test(public_cosignatures),
        cmocka_unit_test(notes_of_rekor),
        cmocka_unit_test(golden_files),
        cmocka_unit_test(checkpoints_of_logs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
