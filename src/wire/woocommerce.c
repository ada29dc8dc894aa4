/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "wire/woocommerce.h"

#include "wire/decimal.h"
#include "wire/plaintext.h"
#include "wire/woocommerce_in.h"

#include <assert.h>

/* What the exporter calls its columns (folded, csv.h), English first, then French as translated
 * over the years, by enum woocommerce_column. `field` names them in reports. */
static const struct {
    const char *field, *names;
} columns[WOO_COLUMNS] = {
    [WOO_ID] = {"ID", "id|identifiant"},
    [WOO_TYPE] = {"Type", "type"},
    [WOO_SKU] = {"SKU", "sku|ugs"},
    [WOO_NAME] = {"Name", "name|nom"},
    [WOO_PUBLISHED] = {"Published", "published|publie"},
    [WOO_VISIBILITY] =
        {"Visibility in catalog",
         "visibility in catalog|visibility in catalogue|visibilite dans le catalogue"},
    [WOO_SUMMARY] = {"Short description", "short description|description courte"},
    [WOO_DESCRIPTION] = {"Description", "description"},
    [WOO_SALE_FROM] = {"Date sale price starts",
                       "date sale price starts|date de debut de promo|date de debut de promotion"},
    [WOO_SALE_TO] = {"Date sale price ends",
                     "date sale price ends|date de fin de promo|date de fin de promotion"},
    [WOO_IN_STOCK] = {"In stock?", "in stock|en stock|en inventaire"},
    [WOO_STOCK] = {"Stock", "stock|inventaire"},
    [WOO_SALE_PRICE] = {"Sale price", "sale price|tarif promo|prix promo|prix de vente"},
    [WOO_PRICE] = {"Regular price", "regular price|tarif regulier|prix regulier|prix de base"},
    [WOO_CATEGORIES] = {"Categories", "categories"},
    [WOO_TAGS] = {"Tags", "tags|etiquettes"},
    [WOO_IMAGES] = {"Images", "images"},
    [WOO_PARENT] = {"Parent", "parent"},
    [WOO_CHILDREN] = {"Grouped products", "grouped products|groupes de produits|produits groupes"},
    [WOO_URL] = {"External URL", "external url|url externe"},
    [WOO_ATTRIBUTES] = {"Attributes", ""},
};

static const struct {
    const char *name;
    enum product_type type;
} types[] = {
    {"simple", PRODUCT_SIMPLE},   {"variable", PRODUCT_VARIABLE}, {"variation", PRODUCT_VARIATION},
    {"grouped", PRODUCT_GROUPED}, {"external", PRODUCT_EXTERNAL},
};

/* --- header ----------------------------------------------------------------------------------- */

static int find_numbered(struct arena *arena, const struct csv_head *head, const char *english,
                         const char *french, int number)
{
    const size_t mark = arena_mark(arena);
    struct buf names;

    /* "attribute 1 name|nom de l attribut 1" */
    buf_init(&names, arena, 0);
    buf_printf(&names, "attribute %d %s|%s de l attribut %d", number, english, french, number);
    buf_put_char(&names, '\0');
    const int at = buf_failed(&names) ? CSV_NO_COLUMN : csv_head_find(head, names.ptr);

    arena_rewind(arena, mark);
    return at;
}

static no refuse_header(struct csv_wrong *wrong, enum woocommerce_column column)
{
    *wrong = (struct csv_wrong){1, columns[column].field, NO_FILE_HEADER_UNKNOWN};
    return NO_FILE_HEADER_UNKNOWN;
}

no woocommerce_open(struct woocommerce *file, struct arena *arena, str text, unsigned exponent,
                    struct csv_wrong *wrong)
{
    static const enum woocommerce_column required[] = {WOO_TYPE, WOO_NAME, WOO_PRICE};

    assert(exponent <= 4);
    TRY(csv_open(&file->csv, text, wrong));
    TRY(csv_head_read(&file->csv, arena, &file->head, wrong));
    file->exponent = exponent;
    for (int i = 0; i < WOO_COLUMNS; i++)
        file->at[i] = csv_head_find(&file->head, columns[i].names);
    for (size_t i = 0; i < sizeof required / sizeof required[0]; i++)
        if (file->at[required[i]] == CSV_NO_COLUMN)
            return refuse_header(wrong, required[i]);
    if (file->at[WOO_ID] == CSV_NO_COLUMN && file->at[WOO_SKU] == CSV_NO_COLUMN)
        return refuse_header(wrong, WOO_SKU);
    for (int i = 0; i < PRODUCT_ATTRIBUTES_MAX; i++) {
        file->attribute_name[i] = find_numbered(arena, &file->head, "name", "nom", i + 1);
        file->attribute_values[i] = find_numbered(arena, &file->head, "value s", "valeur s", i + 1);
    }
    return YES;
}

/* --- one line --------------------------------------------------------------------------------- */

struct line {
    const struct woocommerce *file;
    const struct csv_row *row;
    struct arena *arena;
    enum woocommerce_column column; /* looked at last: the one a fault is about */
};

static str field(struct line *line, enum woocommerce_column column)
{
    line->column = column;
    return woocommerce_unguard(csv_field(line->row, line->file->at[column]));
}

static no read_names(struct line *line, struct product_row *product)
{
    const str id = field(line, WOO_ID);

    for (size_t i = 0; i < id.len; i++)
        if (id.ptr[i] < '0' || id.ptr[i] > '9')
            return NO_FIELD_NOT_A_NUMBER;
    if (id.len > 20)
        return NO_FIELD_TOO_LONG;
    product->id = id;
    TRY(plaintext_line(line->arena, field(line, WOO_SKU), &product->sku));
    if (product->id.len == 0 && product->sku.len == 0)
        return NO_FIELD_MISSING;
    TRY(woocommerce_words(line->arena, field(line, WOO_NAME), &product->name));
    return product->name.len == 0 ? NO_FIELD_MISSING : YES;
}

static bool find_type(str word, enum product_type *type)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (str_eq_nocase(word, str_of(types[i].name))) {
            *type = types[i].type;
            return true;
        }
    }
    return false;
}

/* "simple, downloadable, virtual": the kind first, then what is said of it. */
static no read_type(struct line *line, struct product_row *product)
{
    str rest = field(line, WOO_TYPE);
    bool typed = false;

    if (rest.len == 0)
        return NO_FIELD_MISSING;
    while (rest.len > 0) {
        const str all = rest;
        str word;

        (void)str_cut(all, ',', &word, &rest);
        word = str_trim(word);
        if (str_eq_nocase(word, S("virtual")))
            product->is_virtual = true;
        else if (str_eq_nocase(word, S("downloadable")))
            product->is_downloadable = true;
        else if (typed || !find_type(word, &product->type))
            return NO_FIELD_NOT_A_CHOICE;
        else
            typed = true;
    }
    return YES; /* "virtual" alone is a simple product */
}

static no read_state(struct line *line, struct product_row *product)
{
    const str published = field(line, WOO_PUBLISHED);
    int64_t state = 1;

    if (published.len > 0)
        TRY(decimal_parse_count(published, PRODUCT_DRAFT, PRODUCT_PUBLISHED, &state));
    product->published = (enum product_published)state;
    product->hidden = str_eq_nocase(field(line, WOO_VISIBILITY), S("hidden"));
    return YES;
}

static no read_price(struct line *line, enum woocommerce_column column, bool *has, int64_t *minor)
{
    const no answer = decimal_parse_price(field(line, column), DECIMAL_COMMA_DECIDES,
                                          line->file->exponent, minor);

    *has = answer == YES;
    return answer == NO_FIELD_MISSING ? YES : answer;
}

static no read_prices(struct line *line, struct product_row *product)
{
    TRY(read_price(line, WOO_PRICE, &product->has_price, &product->price_minor));
    TRY(read_price(line, WOO_SALE_PRICE, &product->has_sale_price, &product->sale_price_minor));
    TRY(woocommerce_day(field(line, WOO_SALE_FROM), INT32_MIN, &product->sale_from_days));
    return woocommerce_day(field(line, WOO_SALE_TO), INT32_MAX, &product->sale_to_days);
}

static no read_stock(struct line *line, struct product_row *product)
{
    const str state = field(line, WOO_IN_STOCK);
    const str stock = field(line, WOO_STOCK);

    product->in_stock = !str_eq(state, S("0")) && !str_eq_nocase(state, S("outofstock"));
    /* A variation may leave the counting to its parent. */
    product->has_stock = stock.len > 0 && !str_eq_nocase(stock, S("parent"));
    if (!product->has_stock)
        return YES;
    const no answer = decimal_parse(stock, 0, DECIMAL_EXACT, &product->stock);

    if (product->stock < 0)
        product->stock = 0;
    return answer == NO_FIELD_NOT_AN_AMOUNT ? NO_FIELD_NOT_A_NUMBER : answer;
}

static no read_words(struct line *line, struct product_row *product)
{
    str html;

    TRY(woocommerce_unescape(line->arena, field(line, WOO_SUMMARY), &html));
    TRY(plaintext_of_html(line->arena, html, &product->summary));
    TRY(woocommerce_unescape(line->arena, field(line, WOO_DESCRIPTION), &html));
    TRY(plaintext_of_html(line->arena, html, &product->description));
    TRY(woocommerce_list(line->arena, field(line, WOO_CATEGORIES), &product->categories));
    TRY(woocommerce_list(line->arena, field(line, WOO_TAGS), &product->tags));
    TRY(woocommerce_list(line->arena, field(line, WOO_IMAGES), &product->images));
    woocommerce_keep_urls(&product->images);
    const str url = field(line, WOO_URL);

    if (woocommerce_is_url(url))
        product->external_url = url;
    return YES;
}

static no read_family(struct line *line, struct product_row *product)
{
    const str parent = field(line, WOO_PARENT);
    struct str_list names;

    product->has_parent = parent.len > 0;
    if (parent.len > 0)
        product->parent = woocommerce_ref(parent);
    else if (product->type == PRODUCT_VARIATION)
        return NO_FIELD_MISSING;
    TRY(woocommerce_list(line->arena, field(line, WOO_CHILDREN), &names));
    struct product_ref *children = arena_take_many(line->arena, names.count, sizeof *children);

    if (children == NULL)
        return NO_OUT_OF_MEMORY;
    for (size_t i = 0; i < names.count; i++)
        children[i] = woocommerce_ref(names.items[i]);
    product->children = children;
    product->children_count = names.count;
    return YES;
}

static no read_attributes(struct line *line, struct product_row *product)
{
    struct product_attribute *attributes =
        arena_take_many(line->arena, PRODUCT_ATTRIBUTES_MAX, sizeof *attributes);
    size_t count = 0;

    line->column = WOO_ATTRIBUTES;
    if (attributes == NULL)
        return NO_OUT_OF_MEMORY;
    for (size_t i = 0; i < PRODUCT_ATTRIBUTES_MAX; i++) {
        const str name = csv_field(line->row, line->file->attribute_name[i]);
        const str values = csv_field(line->row, line->file->attribute_values[i]);

        if (name.len == 0)
            continue;
        TRY(woocommerce_words(line->arena, woocommerce_unguard(name), &attributes[count].name));
        TRY(woocommerce_list(line->arena, woocommerce_unguard(values), &attributes[count].values));
        count++;
    }
    product->attributes = attributes;
    product->attributes_count = count;
    return YES;
}

static no read_product(struct line *line, struct product_row *product)
{
    TRY(read_type(line, product));
    TRY(read_names(line, product));
    TRY(read_state(line, product));
    TRY(read_prices(line, product));
    TRY(read_stock(line, product));
    TRY(read_words(line, product));
    TRY(read_family(line, product));
    return read_attributes(line, product);
}

no woocommerce_next(struct woocommerce *file, struct arena *arena, struct product_row *row,
                    struct csv_wrong *wrong)
{
    struct csv_row fields;

    TRY(csv_next(&file->csv, arena, &fields, wrong));
    struct product_row product = {.line = fields.line};
    struct line line = {file, &fields, arena, WOO_ID};
    no answer = csv_row_fits(&fields, &file->head);

    if (answer != YES) {
        (void)csv_refuse_line(wrong, fields.line, NULL, answer);
        return answer == NO_FILE_CUT ? answer : NO_FILE_LINES_REFUSED;
    }
    answer = read_product(&line, &product);
    if (answer != YES) {
        (void)csv_refuse_line(wrong, fields.line, columns[line.column].field, answer);
        return no_is_fault(answer) ? answer : NO_FILE_LINES_REFUSED;
    }
    *row = product;
    return YES;
}
