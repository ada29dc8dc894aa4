/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/http/market.h"

#include "base/utf8.h"
#include "pages/put.h"

static const char *const kind_words[MARKET_KINDS] = {
    [MARKET_ALL] = "",        [MARKET_SERVICES] = "services",
    [MARKET_GOODS] = "goods", [MARKET_RENTALS] = "rentals",
    [MARKET_HOURS] = "hours",
};
static const char *const sort_words[MARKET_SORTS] = {
    [MARKET_NEAREST] = "near",
    [MARKET_NEWEST] = "new",
    [MARKET_CHEAPEST] = "price",
    [MARKET_RATED] = "rated",
};

str market_kind_word(enum market_kind kind)
{
    return str_of(kind_words[kind]);
}

static size_t word_index(str word, const char *const *words, size_t n, size_t otherwise)
{
    for (size_t i = 0; i < n; i++)
        if (word.len > 0 && str_eq(word, str_of(words[i])))
            return i;
    return otherwise;
}

static str line(struct http_req *req, const char *name, size_t most)
{
    return utf8_head(utf8_tidy_line(req->ctx.arena, http_field(req, name)), most);
}

static int64_t number(struct http_req *req, const char *name, int64_t otherwise, int64_t most)
{
    int64_t value;

    return http_field_int(req, name, &value) == YES && value >= 0 && value <= most ? value
                                                                                   : otherwise;
}

void market_ask_read(struct http_req *req, bool needs, struct market_ask *ask)
{
    const str sort = http_field(req, "sort");

    *ask = (struct market_ask){
        .needs = needs,
        .q = line(req, "q", MARKET_TYPED_MAX / 2),
        .near = line(req, "near", 120),
        .max = line(req, "max", 20),
        .paid = line(req, "paid", 10),
        .category = line(req, "c", 40),
        .kind = (enum market_kind)word_index(http_field(req, "kind"), kind_words, MARKET_KINDS,
                                             MARKET_ALL),
        .km = number(req, "km", -1, 25),
        .sort = (enum market_sort)word_index(sort, sort_words, MARKET_SORTS, MARKET_SORTS),
        .page = number(req, "page", 1, 1000),
        .until = number(req, "until", 0, INT64_MAX - 1),
    };
    ask->sort_said = ask->sort != MARKET_SORTS;
    if (!ask->sort_said)
        ask->sort = MARKET_NEWEST;
}

struct link {
    struct buf out;
    bool first;
};

static void put_name(struct link *link, const char *name)
{
    buf_put_char(&link->out, link->first ? '?' : '&');
    link->first = false;
    buf_put(&link->out, str_of(name));
    buf_put_char(&link->out, '=');
}

static void put_text(struct link *link, const char *name, str value)
{
    if (value.len == 0)
        return;
    put_name(link, name);
    put_url_str(&link->out, NULL, value);
}

static void put_number(struct link *link, const char *name, int64_t value, int64_t unsaid)
{
    if (value == unsaid)
        return;
    put_name(link, name);
    buf_put_int(&link->out, value);
}

url market_ask_url(struct http_req *req, const struct market_ask *ask)
{
    struct link link = {.first = true};

    buf_init(&link.out, req->ctx.arena, 96);
    buf_put(&link.out, req->ctx.lang == LANG_FR ? S("/fr/") : S("/en/"));
    buf_put(&link.out, ask->needs ? S("needs") : S("market"));
    put_text(&link, "q", ask->q);
    put_text(&link, "near", ask->near);
    put_text(&link, "kind", market_kind_word(ask->kind));
    put_text(&link, "c", ask->category);
    put_text(&link, "max", ask->max);
    put_number(&link, "km", ask->km, -1);
    put_text(&link, "paid", ask->paid);
    if (ask->sort_said)
        put_text(&link, "sort", str_of(sort_words[ask->sort]));
    put_number(&link, "page", ask->page, 1);
    if (ask->page > 1)
        put_number(&link, "until", ask->until, 0);
    return (url){buf_str(&link.out)};
}
