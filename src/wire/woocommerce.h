/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Products as WooCommerce's own exporter writes them ("Products > Export", all columns), with the
 * column names of an English or a French shop. Lists are joined by ", " with "\," for a comma
 * inside; descriptions are HTML with "\n" written out; a field a spreadsheet would run has an
 * apostrophe before it: all three are undone here. Read like airbnb.h: woocommerce_open, then
 * woocommerce_next until NO_NOT_FOUND.
 */
#ifndef WIRE_WOOCOMMERCE_H
#define WIRE_WOOCOMMERCE_H

#include "wire/csv.h"

enum product_type {
    PRODUCT_SIMPLE,
    PRODUCT_VARIABLE,
    PRODUCT_VARIATION,
    PRODUCT_GROUPED,
    PRODUCT_EXTERNAL
};
enum product_published { PRODUCT_DRAFT = -1, PRODUCT_PRIVATE = 0, PRODUCT_PUBLISHED = 1 };

enum { PRODUCT_ATTRIBUTES_MAX = 20, PRODUCT_LIST_MAX = 256 };

struct str_list {
    str *items;
    size_t count;
};

/* "Size": "Large", "Medium"; of a variation at most one value, none meaning any. */
struct product_attribute {
    str name;
    struct str_list values;
};

/* Another product of the same file: by its number ("id:741") or by its SKU; the other is empty. */
struct product_ref {
    str id, sku;
};

struct product_row {
    uint32_t line;
    str id;  /* digits, or empty where there is a SKU */
    str sku; /* or empty where there is an id */
    str name;
    enum product_type type;
    bool is_virtual, is_downloadable;
    enum product_published published;
    bool hidden;              /* not shown in the catalogue */
    str summary, description; /* plain text */
    bool has_price, has_sale_price;
    int64_t price_minor, sale_price_minor; /* in the shop's currency */
    int32_t sale_from_days,
        sale_to_days;           /* since 1970, both included; INT32_MIN and INT32_MAX when open */
    bool in_stock, has_stock;   /* has_stock: the shop counts, in `stock` */
    int64_t stock;              /* never below 0: what was sold on order is not there */
    struct str_list categories; /* "Clothing > Hoodies" */
    struct str_list tags;
    struct str_list images; /* http(s) only */
    bool has_parent;
    struct product_ref parent; /* of a variation */
    const struct product_ref *children;
    size_t children_count; /* of a group */
    str external_url;      /* http(s), or empty */
    const struct product_attribute *attributes;
    size_t attributes_count;
};

enum woocommerce_column {
    WOO_ID,
    WOO_TYPE,
    WOO_SKU,
    WOO_NAME,
    WOO_PUBLISHED,
    WOO_VISIBILITY,
    WOO_SUMMARY,
    WOO_DESCRIPTION,
    WOO_SALE_FROM,
    WOO_SALE_TO,
    WOO_IN_STOCK,
    WOO_STOCK,
    WOO_SALE_PRICE,
    WOO_PRICE,
    WOO_CATEGORIES,
    WOO_TAGS,
    WOO_IMAGES,
    WOO_PARENT,
    WOO_CHILDREN,
    WOO_URL,
    WOO_ATTRIBUTES,
    WOO_COLUMNS
};

struct woocommerce {
    struct csv_reader csv;
    struct csv_head head;
    unsigned exponent;
    int at[WOO_COLUMNS];
    int attribute_name[PRODUCT_ATTRIBUTES_MAX], attribute_values[PRODUCT_ATTRIBUTES_MAX];
};

/* As airbnb_open; NO_FILE_HEADER_UNKNOWN when one of Type, Name, Regular price is missing, or both
 * ID and SKU. */
no woocommerce_open(struct woocommerce *file, struct arena *arena, str text, unsigned exponent,
                    struct csv_wrong *wrong) MUST_USE;
/* As airbnb_next. The parent and the children of a row may stand before or behind it in the file.
 */
no woocommerce_next(struct woocommerce *file, struct arena *arena, struct product_row *row,
                    struct csv_wrong *wrong) MUST_USE;

#endif
