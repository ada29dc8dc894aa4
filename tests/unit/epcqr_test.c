/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cm.h"
#include "shared.h"

#include "base/no.h"
#include "wire/epcqr.h"
#include "wire/qr.h"

#include <string.h>
#include <unistd.h>

#define IBAN_TYPED "FR76 3000 6000 0112 3456 7890 189"
#define IBAN_PLAIN "FR7630006000011234567890189"

static struct arena arena;

static int start(void **state)
{
    (void)state;
    return arena_init(&arena, 8u << 20) ? 0 : 1;
}

static int stop(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static str repeated(const char *piece, size_t times)
{
    struct buf out;

    buf_init(&out, &arena, 0);
    for (size_t i = 0; i < times; i++)
        buf_put(&out, str_of(piece));
    return buf_str(&out);
}

static void payloads_are_written(void **state)
{
    const struct {
        struct epcqr transfer;
        const char *wanted;
    } cases[] = {
        {{.name = S("Filon SCIC"),
          .iban = S(IBAN_TYPED),
          .amount_cents = 4200,
          .reference = S("rf18 5390 0754 7034")},
         "BCD\n002\n1\nSCT\n\nFilon SCIC\n" IBAN_PLAIN "\nEUR42.00\n\nRF18539007547034"},
        {{.name = S("Coopérative des Cyclistes"),
          .iban = S(IBAN_PLAIN),
          .amount_cents = 4250,
          .text = S("Part sociale n°12 – Zoé")},
         "BCD\n002\n1\nSCT\n\nCoopérative des Cyclistes\n" IBAN_PLAIN
         "\nEUR42.50\n\n\nPart sociale n°12 – Zoé"},
        {{.name = S("Filon SCIC"),
          .iban = S(IBAN_PLAIN),
          .amount_cents = 500,
          .text = S("x"),
          .note = S("Merci")},
         "BCD\n002\n1\nSCT\n\nFilon SCIC\n" IBAN_PLAIN "\nEUR5.00\n\n\nx\nMerci"},
        {{.name = S("Filon"), .iban = S(IBAN_PLAIN)}, "BCD\n002\n1\nSCT\n\nFilon\n" IBAN_PLAIN},
        {{.name = S("Filon"), .iban = S(IBAN_PLAIN), .text = S("choose")},
         "BCD\n002\n1\nSCT\n\nFilon\n" IBAN_PLAIN "\n\n\n\nchoose"},
        {{.name = S("Filon"),
          .iban = S(IBAN_PLAIN),
          .bic = S("AGRIFRPP"),
          .amount_cents = 1,
          .purpose = S("GDDS")},
         "BCD\n002\n1\nSCT\nAGRIFRPP\nFilon\n" IBAN_PLAIN "\nEUR0.01\nGDDS"},
        {{.name = S("Filon"), .iban = S(IBAN_PLAIN), .amount_cents = INT64_C(99999999999)},
         "BCD\n002\n1\nSCT\n\nFilon\n" IBAN_PLAIN "\nEUR999999999.99"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct epcqr read;
        struct buf out, again;

        buf_init(&out, &arena, 0);
        assert_int_equal(epcqr_write(&out, &cases[i].transfer), YES);
        assert_str(buf_str(&out), cases[i].wanted);
        /* Reading and writing it again is the identity. */
        assert_int_equal(epcqr_parse(buf_str(&out), &read), EPCQR_GOOD);
        assert_int_equal(read.amount_cents, cases[i].transfer.amount_cents);
        buf_init(&again, &arena, 0);
        assert_int_equal(epcqr_write(&again, &read), YES);
        assert_str(buf_str(&again), cases[i].wanted);
    }
}

static void bad_transfers_are_refused(void **state)
{
    const str name = S("Filon"), iban = S(IBAN_PLAIN);
    const struct {
        struct epcqr transfer;
        no answer;
    } cases[] = {
        {{.iban = iban}, NO_FIELD_MISSING},
        {{.name = name}, NO_FIELD_MISSING},
        {{.name = name, .iban = S("FR7630006000011234567890188")}, NO_FIELD_NOT_AN_IBAN},
        {{.name = repeated("é", 70), .iban = iban}, YES},
        {{.name = repeated("é", 71), .iban = iban}, NO_FIELD_TOO_LONG},
        {{.name = name, .iban = iban, .text = repeated("t", 140)}, YES},
        {{.name = name, .iban = iban, .text = repeated("t", 141)}, NO_FIELD_TOO_LONG},
        {{.name = name, .iban = iban, .note = repeated("t", 71)}, NO_FIELD_TOO_LONG},
        {{.name = repeated("É", 70), .iban = iban, .text = repeated("é", 140)}, NO_TOO_LARGE},
        {{.name = S("Fi\nlon"), .iban = iban}, NO_FIELD_CONTROL_CHARS},
        {{.name = name, .iban = iban, .text = S("a\r\nb")}, NO_FIELD_CONTROL_CHARS},
        {{.name = S("caf\xe9"), .iban = iban}, NO_FIELD_NOT_UTF8},
        {{.name = name, .iban = iban, .amount_cents = -1}, NO_FIELD_NOT_AN_AMOUNT},
        {{.name = name, .iban = iban, .amount_cents = 100000000000}, NO_FIELD_NOT_AN_AMOUNT},
        {{.name = name, .iban = iban, .bic = S("AGRI")}, NO_FIELD_WRONG},
        {{.name = name, .iban = iban, .purpose = S("gdds")}, NO_FIELD_WRONG},
        {{.name = name, .iban = iban, .purpose = S("GDDSX")}, NO_FIELD_WRONG},
        {{.name = name, .iban = iban, .reference = S("RF19539007547034")}, NO_FIELD_WRONG},
        {{.name = name, .iban = iban, .reference = S("RF18539007547034"), .text = S("x")},
         NO_FIELD_WRONG},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buf out;

        buf_init(&out, &arena, 0);
        if (epcqr_write(&out, &cases[i].transfer) != cases[i].answer)
            fail_msg("case %zu", i);
    }
}

static const char *word_of(enum epcqr_flaw flaw)
{
    static const char *const words[] = {
        "OK",
        "SHAPE",
        "VERSION",
        "CHARSET",
        "IDENTIFICATION",
        "BIC",
        "BIC_REQUIRED_V001",
        "NAME",
        "IBAN",
        "AMOUNT",
        "PURPOSE",
        "REMITTANCE_BOTH",
        "REFERENCE",
        "TEXT",
        "NOTE",
        "PAYLOAD_OVER_331_BYTES",
    };

    return words[flaw];
}

static void payloads_are_read(void **state)
{
    static const struct {
        const char *payload, *wanted;
    } cases[] = {
        {"", "SHAPE"},
        {"BCD", "SHAPE"},
        {"XYZ\n002\n1\nSCT\n\nF\n" IBAN_PLAIN, "SHAPE"},
        {"BCD\n002\n1\nSCT\n\nF\n" IBAN_PLAIN "\n", "OK"},
        {"BCD\n002\n1\nSCT\n\nF\n" IBAN_PLAIN "\n\n\n\n\n\n\n\n", "OK"},
        {"BCD\n002\n1\nSCT\n\nF\n" IBAN_PLAIN "\n\n\n\n\n\nmore", "SHAPE"},
        {"BCD\n002\n1\nSCT\nAGRI\nF\n" IBAN_PLAIN, "BIC"},
        {"BCD\n002\n1\nSCT\n\nF\n" IBAN_PLAIN "\nEUR0.00", "AMOUNT"},
        {"BCD\n002\n1\nSCT\n\nF\n" IBAN_PLAIN "\nEUR-1", "AMOUNT"},
        {"BCD\n002\n1\nSCT\n\nF\n" IBAN_PLAIN "\nEUR", "AMOUNT"},
        {"BCD\n002\n1\nSCT\n\nF\n" IBAN_PLAIN "\nUSD1", "AMOUNT"},
        {"BCD\n002\n1\nSCT\n\nF\n" IBAN_PLAIN "\nEUR1", "OK"},
        {"BCD\n002\n1\nSCT\n\nF\n" IBAN_PLAIN "\nEUR1.5", "OK"},
        {"BCD\n002\n1\nSCT\n\nF\n" IBAN_PLAIN "\n\nabcd", "PURPOSE"},
        {"BCD\n002\n1\nSCT\n\nF\n" IBAN_PLAIN "\n\n\nRF00", "REFERENCE"},
        {"BCD\n002\n1\nSCT\n\ncaf\xe9\n" IBAN_PLAIN, "CHARSET"},
        {"BCD\n002\n2\nSCT\n\ncaf\xe9\n" IBAN_PLAIN, "OK"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct epcqr read;

        assert_string_equal(word_of(epcqr_parse(str_of(cases[i].payload), &read)), cases[i].wanted);
    }
}

/* One JSON string of a line {"case": ..., "payload": ..., "expected": ...}. */
static str json_field(str line, const char *name)
{
    struct buf key;

    buf_init(&key, &arena, 0);
    buf_printf(&key, "\"%s\": \"", name);
    const size_t from = str_find(line, buf_str(&key)) + key.len;
    struct buf out;

    buf_init(&out, &arena, 0);
    for (size_t at = from; at < line.len && line.ptr[at] != '"'; at++) {
        if (line.ptr[at] != '\\') {
            buf_put_char(&out, line.ptr[at]);
            continue;
        }
        at++;
        assert_true(line.ptr[at] == 'n' || line.ptr[at] == 'r');
        buf_put_char(&out, line.ptr[at] == 'n' ? '\n' : '\r');
    }
    return buf_str(&out);
}

static void published_payloads_agree(void **state)
{
    str rest = shared_file(&arena, "data/bank/epcqr.jsonl"), line;
    size_t count = 0;

    (void)state;
    while (rest.len > 0) {
        const str all = rest;
        struct epcqr read;

        (void)str_cut(all, '\n', &line, &rest);
        const str expected = json_field(line, "expected");
        const enum epcqr_flaw flaw = epcqr_parse(json_field(line, "payload"), &read);

        if (!str_eq(expected, str_of(word_of(flaw))))
            fail_msg("%.*s: got %s", (int)line.len, line.ptr, word_of(flaw));
        count++;
    }
    assert_true(count >= 15);
}

static void codes_have_their_shape(void **state)
{
    struct buf out;

    (void)state;
    buf_init(&out, &arena, 0);
    assert_int_equal(qr_svg(&out, S("A"), 1), YES);
    /* Version 1 has 21 modules a side, and 4 around. */
    assert_true(str_starts(buf_str(&out), S("<svg class=\"qr\" viewBox=\"0 0 29 29\" ")));
    assert_true(str_ends(buf_str(&out), S("z\"/></svg>")));
    /* The finder pattern at the top left: seven dark modules. */
    assert_true(str_find(buf_str(&out), S(" d=\"M4 4h7v1h-7zM")) < buf_str(&out).len);
    assert_int_equal(qr_svg(&out, repeated("x", 15), 1), NO_TOO_LARGE);
    assert_int_equal(qr_svg(&out, repeated("x", 2331), 40), YES);
    assert_int_equal(qr_svg(&out, repeated("x", 2332), 40), NO_TOO_LARGE);
    /* The longest payload fits version 13, one byte more does not. */
    assert_int_equal(epcqr_svg(&out, repeated("x", EPCQR_SIZE_MAX)), YES);
    assert_int_equal(epcqr_svg(&out, repeated("x", EPCQR_SIZE_MAX + 1)), NO_TOO_LARGE);
}

enum { SCALE = 4 };

/* Our own SVG as a PGM picture: the rectangles of its path, nothing else. */
static void draw(str svg, FILE *file)
{
    const str marker = S(" d=\"");
    str path = str_sub(svg, str_find(svg, marker) + marker.len, svg.len);
    int side = 0, x, y, width, drawn;
    static uint8_t dark[177 + 8][177 + 8];

    assert_int_equal(sscanf(svg.ptr, "<svg class=\"qr\" viewBox=\"0 0 %d", &side), 1);
    memset(dark, 0, sizeof dark);
    while (sscanf(path.ptr, "M%d %dh%dv1h-%*dz%n", &x, &y, &width, &drawn) == 3) {
        memset(&dark[y][x], 1, (size_t)width);
        path = str_sub(path, (size_t)drawn, path.len);
    }
    fprintf(file, "P5 %d %d 255\n", side * SCALE, side * SCALE);
    for (y = 0; y < side * SCALE; y++)
        for (x = 0; x < side * SCALE; x++)
            fputc(dark[y / SCALE][x / SCALE] ? 0 : 255, file);
}

/* What a telephone would read, by zbarimg, when it is installed: the bytes, since it guesses
 * charsets. */
static void a_scanner_reads_what_was_written(void **state)
{
    const struct epcqr transfer = {.name = S("Coopérative des Cyclistes"),
                                   .iban = S(IBAN_TYPED),
                                   .amount_cents = 4250,
                                   .reference = S("RF18539007547034")};
    char path[] = P_tmpdir "/filon-qr-XXXXXX", command[128], read[512];
    struct buf payload, svg;

    (void)state;
    if (access("/usr/bin/zbarimg", X_OK) != 0)
        skip();
    buf_init(&payload, &arena, 0);
    buf_init(&svg, &arena, 0);
    assert_int_equal(epcqr_write(&payload, &transfer), YES);
    assert_int_equal(epcqr_svg(&svg, buf_str(&payload)), YES);
    buf_put_char(&svg, '\0');
    const int descriptor = mkstemp(path);

    assert_true(descriptor >= 0);
    FILE *file = fdopen(descriptor, "wb");

    draw(buf_str(&svg), file);
    assert_int_equal(fclose(file), 0);
    (void)snprintf(command, sizeof command, "zbarimg --quiet --raw -Sbinary %s 2>/dev/null", path);
    file = popen(command, "r");
    assert_non_null(file);
    size_t len = fread(read, 1, sizeof read, file);

    assert_int_equal(pclose(file), 0);
    assert_int_equal(remove(path), 0);
    len -= len > 0 && read[len - 1] == '\n';
    read[len] = '\0';
    assert_str(buf_str(&payload), read);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(payloads_are_written),
        cmocka_unit_test(bad_transfers_are_refused),
        cmocka_unit_test(payloads_are_read),
        cmocka_unit_test(published_payloads_agree),
        cmocka_unit_test(codes_have_their_shape),
        cmocka_unit_test(a_scanner_reads_what_was_written),
    };

    return cmocka_run_group_tests_name("epcqr", tests, start, stop);
}
