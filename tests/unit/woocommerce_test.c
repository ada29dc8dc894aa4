/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "cm.h"
#include "shared.h"

#include "base/no.h"
#include "base/time.h"
#include "wire/woocommerce.h"

#include <string.h>

static struct arena arena;
static struct woocommerce file;

static int start(void **state)
{
    (void)state;
    return arena_init(&arena, 64u << 20) ? 0 : 1;
}

static int stop(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static str joined(const char *a, const char *b)
{
    struct buf out;

    buf_init(&out, &arena, 0);
    buf_put(&out, str_of(a));
    buf_put(&out, str_of(b));
    return buf_str(&out);
}

/* A list as one line, " / " between. */
static str shown(struct str_list list)
{
    struct buf out;

    buf_init(&out, &arena, 0);
    for (size_t i = 0; i < list.count; i++) {
        buf_put(&out, i > 0 ? S(" / ") : STR_NONE);
        buf_put(&out, list.items[i]);
    }
    return buf_str(&out);
}

#define HEAD                                                                                \
    "ID,Type,SKU,Name,Published,Visibility in catalog,Short description,Description,"       \
    "Date sale price starts,Date sale price ends,In stock?,Stock,Sale price,Regular price," \
    "Categories,Tags,Images,Parent,Grouped products,External URL,Attribute 1 name,"         \
    "Attribute 1 value(s),Attribute 2 name,Attribute 2 value(s)\n"

static void an_english_line_is_read(void **state)
{
    struct csv_wrong wrong;
    struct product_row row;

    (void)state;
    assert_int_equal(
        woocommerce_open(
            &file, &arena,
            joined(
                HEAD,
                "7,\"simple, downloadable, virtual\",sku-7,Soap &amp; <b>salt</b>,1,hidden,"
                "<p>Short</p>,One\\nTwo<br>C:\\\\new,2026-11-01,2026-11-30 23:59:59,1,12,"
                "\"8,50\",10,\"Home > Bath, Gifts\\, small\",\"a, b,,\","
                "\"https://x/1.jpg, ftp://x/2.jpg, http://x/3.jpg\",,,,Size,\"Large, Small\",,\n"),
            2, &wrong),
        YES);
    assert_int_equal(woocommerce_next(&file, &arena, &row, &wrong), YES);
    assert_int_equal(row.line, 2);
    assert_str(row.id, "7");
    assert_str(row.sku, "sku-7");
    assert_str(row.name, "Soap & salt");
    assert_int_equal(row.type, PRODUCT_SIMPLE);
    assert_true(row.is_virtual && row.is_downloadable && row.hidden);
    assert_int_equal(row.published, PRODUCT_PUBLISHED);
    assert_str(row.summary, "Short");
    assert_str(row.description, "One\nTwo\nC:\\new");
    assert_int_equal(row.sale_from_days, time_days(2026, 11, 1));
    assert_int_equal(row.sale_to_days, time_days(2026, 11, 30));
    assert_true(row.in_stock && row.has_stock && row.has_price && row.has_sale_price);
    assert_int_equal(row.stock, 12);
    assert_int_equal(row.price_minor, 1000);
    assert_int_equal(row.sale_price_minor, 850);
    assert_str(shown(row.categories), "Home > Bath / Gifts, small");
    assert_str(shown(row.tags), "a / b");
    assert_str(shown(row.images), "https://x/1.jpg / http://x/3.jpg");
    assert_false(row.has_parent);
    assert_int_equal(row.children_count, 0);
    assert_int_equal(row.attributes_count, 1);
    assert_str(row.attributes[0].name, "Size");
    assert_str(shown(row.attributes[0].values), "Large / Small");
    assert_int_equal(woocommerce_next(&file, &arena, &row, &wrong), NO_NOT_FOUND);
}

static void a_french_shop_is_read(void **state)
{
    struct csv_wrong wrong;
    struct product_row row;

    (void)state;
    assert_int_equal(
        woocommerce_open(
            &file, &arena,
            S("\xef\xbb\xbf"
              "ID;Type;UGS;Nom;Publié;\"Visibilité dans le catalogue\";\"Description courte\";"
              "Description;\"En stock\u00a0?\";Stock;\"Tarif promo\";\"Tarif régulier\";"
              "Catégories;Étiquettes;Images;Parent;\"Groupes de produits\";\"URL externe\";"
              "\"Nom de l\u2019attribut 1\";\"Valeur(s) de l\u2019attribut 1\"\r\n"
              "12;variation;'-rouge;Pull;-1;visible;;;0;parent;;\"1 234,50\";Vêtements;laine;;"
              "id:11;;;Couleur;Rouge\r\n"
              "13;external;;Don;0;visible;;;1;;;0;;;;;;https://x.org/;;\r\n"
              "14;grouped;;Lot;1;visible;;;1;;;;;;;;\"id:12, pull-bleu\";javascript:x;;\r\n"),
            2, &wrong),
        YES);
    assert_int_equal(woocommerce_next(&file, &arena, &row, &wrong), YES);
    assert_int_equal(row.type, PRODUCT_VARIATION);
    assert_int_equal(row.published, PRODUCT_DRAFT);
    assert_str(row.sku, "-rouge");
    assert_false(row.in_stock || row.has_stock || row.hidden);
    assert_int_equal(row.price_minor, 123450);
    assert_true(row.has_parent);
    assert_str(row.parent.id, "11");
    assert_str(row.parent.sku, "");
    assert_str(shown(row.categories), "Vêtements");
    assert_str(shown(row.tags), "laine");
    assert_str(row.attributes[0].name, "Couleur");
    assert_str(shown(row.attributes[0].values), "Rouge");
    assert_int_equal(row.sale_from_days, INT32_MIN);
    assert_int_equal(row.sale_to_days, INT32_MAX);

    assert_int_equal(woocommerce_next(&file, &arena, &row, &wrong), YES);
    assert_int_equal(row.type, PRODUCT_EXTERNAL);
    assert_int_equal(row.published, PRODUCT_PRIVATE);
    assert_str(row.external_url, "https://x.org/");
    assert_true(row.has_price);
    assert_int_equal(row.price_minor, 0);

    assert_int_equal(woocommerce_next(&file, &arena, &row, &wrong), YES);
    assert_int_equal(row.type, PRODUCT_GROUPED);
    assert_false(row.has_price);
    assert_str(row.external_url, "");
    assert_int_equal(row.children_count, 2);
    assert_str(row.children[0].id, "12");
    assert_str(row.children[1].sku, "pull-bleu");
    assert_int_equal(woocommerce_next(&file, &arena, &row, &wrong), NO_NOT_FOUND);
}

static void bad_lines_are_named(void **state)
{
    static const struct {
        const char *line, *field;
        no why;
    } cases[] = {
        {"1,,s,n,1,,,,,,,,,,,,,,,,,,,", "Type", NO_FIELD_MISSING},
        {"1,subscription,s,n,1,,,,,,,,,,,,,,,,,,,", "Type", NO_FIELD_NOT_A_CHOICE},
        {"1,\"simple, variable\",s,n,1,,,,,,,,,,,,,,,,,,,", "Type", NO_FIELD_NOT_A_CHOICE},
        {"x1,simple,s,n,1,,,,,,,,,,,,,,,,,,,", "ID", NO_FIELD_NOT_A_NUMBER},
        {"123456789012345678901,simple,s,n,1,,,,,,,,,,,,,,,,,,,", "ID", NO_FIELD_TOO_LONG},
        {",simple,,n,1,,,,,,,,,,,,,,,,,,,", "SKU", NO_FIELD_MISSING},
        {"1,simple,s,<b></b>,1,,,,,,,,,,,,,,,,,,,", "Name", NO_FIELD_MISSING},
        {"1,simple,s,n,2,,,,,,,,,,,,,,,,,,,", "Published", NO_FIELD_OUT_OF_RANGE},
        {"1,simple,s,n,maybe,,,,,,,,,,,,,,,,,,,", "Published", NO_FIELD_NOT_A_NUMBER},
        {"1,simple,s,n,1,,,,2026-02-30,,,,,,,,,,,,,,,", "Date sale price starts",
         NO_FIELD_NOT_A_DATE},
        {"1,simple,s,n,1,,,,,2026-02-01x,,,,,,,,,,,,,,", "Date sale price ends",
         NO_FIELD_NOT_A_DATE},
        {"1,simple,s,n,1,,,,,,1,many,,,,,,,,,,,,", "Stock", NO_FIELD_NOT_A_NUMBER},
        {"1,simple,s,n,1,,,,,,1,1.5,,,,,,,,,,,,", "Stock", NO_FIELD_NOT_A_NUMBER},
        {"1,simple,s,n,1,,,,,,1,99999999999999999999,,,,,,,,,,,,", "Stock", NO_FIELD_OUT_OF_RANGE},
        {"1,simple,s,n,1,,,,,,1,,x,5,,,,,,,,,,", "Sale price", NO_FIELD_NOT_AN_AMOUNT},
        {"1,simple,s,n,1,,,,,,1,,,-5,,,,,,,,,,", "Regular price", NO_FIELD_OUT_OF_RANGE},
        {"1,simple,s,n,1,,,,,,1,,,9e9,,,,,,,,,,", "Regular price", NO_FIELD_NOT_AN_AMOUNT},
        {"1,simple,s,n,1,,,,,,1,,,\"1,234.5\",,,,,,,,,,", "Regular price", NO_FIELD_NOT_AN_AMOUNT},
        {"1,variation,s,n,1,,,,,,1,,,5,,,,,,,,,,", "Parent", NO_FIELD_MISSING},
        {"1,simple", NULL, NO_FIELD_MISSING},
        {"1,simple,s,n,1,,,,,,,,,,,,,,,,,,,,x", NULL, NO_FIELD_WRONG},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct csv_wrong wrong = {0};
        struct product_row row;
        const str lines = joined(cases[i].line, "\n9,simple,good,good,1,,,,,,,,,,,,,,,,,,,\n");
        const char *text = arena_cstr(&arena, lines);

        assert_int_equal(woocommerce_open(&file, &arena, joined(HEAD, text), 2, &wrong), YES);
        if (woocommerce_next(&file, &arena, &row, &wrong) != NO_FILE_LINES_REFUSED ||
            wrong.why != cases[i].why || wrong.line != 2 ||
            !str_eq(str_of(wrong.field), str_of(cases[i].field)))
            fail_msg("%s: got %s in %s", cases[i].line, no_line(wrong.why)->name,
                     wrong.field == NULL ? "the line" : wrong.field);
        assert_int_equal(woocommerce_next(&file, &arena, &row, &wrong), YES);
        assert_str(row.name, "good");
        assert_int_equal(woocommerce_next(&file, &arena, &row, &wrong), NO_NOT_FOUND);
    }
}

static void what_is_odd_but_clear_is_read(void **state)
{
    struct csv_wrong wrong;
    struct product_row row;

    (void)state;
    assert_int_equal(
        woocommerce_open(&file, &arena,
                         joined(HEAD, "1,Virtual,s,n,,,,,,,outofstock,-3,,5,,,,,,,,,,\n"
                                      "2,simple,'=1+1,n,1,,,,,,,4.0,,5,,,,,,,,,,\n"),
                         2, &wrong),
        YES);
    assert_int_equal(woocommerce_next(&file, &arena, &row, &wrong), YES);
    assert_int_equal(row.type, PRODUCT_SIMPLE);
    assert_true(row.is_virtual && row.has_stock);
    assert_false(row.in_stock);
    assert_int_equal(row.stock, 0);
    assert_int_equal(row.published, PRODUCT_PUBLISHED);
    assert_int_equal(woocommerce_next(&file, &arena, &row, &wrong), YES);
    assert_str(row.sku, "=1+1");
    assert_int_equal(row.stock, 4);
}

static void lists_and_texts_have_limits(void **state)
{
    struct csv_wrong wrong;
    struct product_row row;
    struct buf text;

    (void)state;
    for (size_t over = 0; over < 2; over++) {
        arena_reset(&arena);
        buf_init(&text, &arena, 0);
        buf_put(&text, S(HEAD "1,simple,s,n,1,,,,,,,,,5,,\"a"));
        for (size_t i = 1; i < PRODUCT_LIST_MAX + over; i++)
            buf_put(&text, S(",a"));
        buf_put(&text, S("\",,,,,,,,\n"));
        assert_int_equal(woocommerce_open(&file, &arena, buf_str(&text), 2, &wrong), YES);
        assert_int_equal(woocommerce_next(&file, &arena, &row, &wrong),
                         over ? NO_FILE_LINES_REFUSED : YES);
    }
    assert_string_equal(wrong.field, "Tags");
    assert_int_equal(wrong.why, NO_FIELD_TOO_LONG);
    arena_reset(&arena);
    buf_init(&text, &arena, 0);
    buf_put(&text, S(HEAD "1,simple,s,n,1,,,"));
    for (size_t i = 0; i < 300 * 1024; i++)
        buf_put_char(&text, 'x');
    buf_put(&text, S(",,,,,,5,,,,,,,,,,\n"));
    assert_int_equal(woocommerce_open(&file, &arena, buf_str(&text), 2, &wrong), YES);
    assert_int_equal(woocommerce_next(&file, &arena, &row, &wrong), NO_FILE_LINES_REFUSED);
    assert_string_equal(wrong.field, "Description");
    assert_int_equal(wrong.why, NO_FIELD_TOO_LONG);
}

static void bad_headers_are_refused(void **state)
{
    static const struct {
        const char *text, *field;
    } cases[] = {
        {"ID,SKU,Name,Regular price\n", "Type"},
        {"ID,SKU,Type,Regular price\n", "Name"},
        {"ID,SKU,Type,Name\n", "Regular price"},
        {"Type,Name,Regular price\n", "SKU"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct csv_wrong wrong = {0};

        assert_int_equal(woocommerce_open(&file, &arena, str_of(cases[i].text), 2, &wrong),
                         NO_FILE_HEADER_UNKNOWN);
        assert_string_equal(wrong.field, cases[i].field);
    }
}

static void the_sample_of_woocommerce_comes_in(void **state)
{
    struct csv_wrong wrong = {0};
    struct product_row row;
    size_t of_type[PRODUCT_EXTERNAL + 1] = {0}, parents = 0, on_sale = 0;
    no answer;

    (void)state;
    arena_reset(&arena);
    const str text = shared_file(&arena, "data/listings/woocommerce-sample-products.csv");

    assert_int_equal(woocommerce_open(&file, &arena, text, 2, &wrong), YES);
    while ((answer = woocommerce_next(&file, &arena, &row, &wrong)) == YES) {
        of_type[row.type]++;
        on_sale += row.has_sale_price;
        parents += row.has_parent;
        assert_true(row.attributes_count <= 2);
        if (row.type == PRODUCT_GROUPED) {
            assert_str(row.name, "Logo Collection");
            assert_int_equal(row.children_count, 3);
            assert_str(row.children[2].sku, "cc-tshirt-logo");
        }
        if (str_eq(row.sku, S("cc-hoodie-red"))) {
            assert_str(row.parent.sku, "cc-hoodie");
            assert_int_equal(row.price_minor, 4500);
            assert_int_equal(row.sale_price_minor, 4200);
            assert_str(row.attributes[1].name, "Logo");
            assert_str(shown(row.attributes[1].values), "No");
        }
    }
    assert_int_equal(answer, NO_NOT_FOUND);
    assert_int_equal(of_type[PRODUCT_SIMPLE], 11);
    assert_int_equal(of_type[PRODUCT_VARIABLE], 2);
    assert_int_equal(of_type[PRODUCT_VARIATION], 9);
    assert_int_equal(of_type[PRODUCT_GROUPED], 1);
    assert_int_equal(of_type[PRODUCT_EXTERNAL], 1);
    assert_int_equal(parents, 9);
    assert_int_equal(on_sale, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_english_line_is_read),
        cmocka_unit_test(a_french_shop_is_read),
        cmocka_unit_test(bad_lines_are_named),
        cmocka_unit_test(what_is_odd_but_clear_is_read),
        cmocka_unit_test(lists_and_texts_have_limits),
        cmocka_unit_test(bad_headers_are_refused),
        cmocka_unit_test(the_sample_of_woocommerce_comes_in),
    };

    return cmocka_run_group_tests_name("woocommerce", tests, start, stop);
}
