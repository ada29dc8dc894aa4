/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What a handler asks of its request.
 */
#include "doors/http/exchange.h"

#include <string.h>

/* --- parameters, fields, files
 * ---------------------------------------------------------------------------------------------- */

static str nth_named(const struct http_pair *pairs, size_t pairs_n, str name, size_t *n)
{
    for (size_t i = 0; i < pairs_n; i++)
        if (str_eq(pairs[i].name, name) && (*n)-- == 0)
            return pairs[i].value;
    return STR_NONE;
}

str http_param(const struct http_req *req, const char *name)
{
    size_t n = 0;

    return nth_named(req->x->match.params, req->x->match.params_n, str_of(name), &n);
}

no http_param_id(const struct http_req *req, const char *name, int64_t *id)
{
    const str digits = http_param(req, name);
    int64_t value;

    if (digits.len == 0 || digits.len > 18 || digits.ptr[0] < '1' || digits.ptr[0] > '9' ||
        !str_to_int64(digits, &value))
        return NO_NOT_FOUND;
    *id = value;
    return YES;
}

/* The form's fields or, when it has none of this name, the query's. */
str http_field_at(const struct http_req *req, const char *name, size_t n)
{
    const struct http_exchange *x = req->x;
    const str wanted = str_of(name);
    size_t left = n;
    const str found = nth_named(x->body.fields, x->body.fields_n, wanted, &left);

    if (found.ptr != NULL || left != n)
        return found;
    return nth_named(x->query, x->query_n, wanted, &left);
}

str http_field(const struct http_req *req, const char *name)
{
    return http_field_at(req, name, 0);
}

bool http_field_present(const struct http_req *req, const char *name)
{
    return http_field(req, name).ptr != NULL;
}

size_t http_field_count(const struct http_req *req, const char *name)
{
    size_t n = 0;

    while (http_field_at(req, name, n).ptr != NULL)
        n++;
    return n;
}

no http_field_int(const struct http_req *req, const char *name, int64_t *value)
{
    const str typed = str_trim(http_field(req, name));

    if (typed.len == 0)
        return NO_FIELD_MISSING;
    return str_to_int64(typed, value) ? YES : NO_FIELD_NOT_A_NUMBER;
}

bool http_field_each(const struct http_req *req, size_t n, str *name, str *value)
{
    const struct http_exchange *x = req->x;

    if (n >= x->body.fields_n + x->query_n)
        return false;

    const struct http_pair *pair =
        n < x->body.fields_n ? &x->body.fields[n] : &x->query[n - x->body.fields_n];

    *name = pair->name;
    *value = pair->value;
    return true;
}

const struct http_file *http_file(const struct http_req *req, const char *field, size_t n)
{
    const struct http_body *body = &req->x->body;

    for (size_t i = 0; i < body->files_n; i++)
        if (str_eq(body->files[i].field, str_of(field)) && n-- == 0)
            return &body->files[i];
    return NULL;
}

/* --- headers and cookies ---------------------------------------------------------------------- */

str http_request_header(const struct http_req *req, const char *name)
{
    const struct http_exchange *x = req->x;
    const str wanted = str_of(name);

    for (size_t i = 0; i < x->headers_n; i++)
        if (str_eq_nocase(x->headers[i].name, wanted))
            return x->headers[i].value;
    return STR_NONE;
}

/* `__Host-` makes a cookie of ours one that no neighbour on another subdomain can set; it needs
 * TLS. */
str http_cookie(const struct http_req *req, const char *name)
{
    const str prefix = req->x->server->config.secure ? S("__Host-") : S("");
    const str wanted = str_of(name);
    str one, key, value, rest = http_request_header(req, "Cookie");

    while (rest.len > 0) {
        (void)str_cut(rest, ';', &one, &rest);
        if (!str_cut(str_trim(one), '=', &key, &value))
            continue;
        if (str_starts(key, prefix) && str_eq(str_sub(key, prefix.len, key.len), wanted))
            return value.ptr == NULL ? S("") : value;
    }
    return STR_NONE;
}

/* The weight of one Accept-like element in thousandths: "fr;q=0.8" is 800, without q 1000. */
static int weight(str element)
{
    const size_t at = str_find(element, S("q="));
    const str q = str_sub(element, at + 2, 5);
    int thousandths = 0, unit = 1000;

    if (at == element.len)
        return 1000;
    for (size_t i = 0; i < q.len; i++) {
        if (q.ptr[i] == '.')
            continue;
        if (q.ptr[i] < '0' || q.ptr[i] > '9')
            break;
        thousandths += (q.ptr[i] - '0') * unit;
        unit /= 10;
    }
    return thousandths > 1000 ? 1000 : thousandths;
}

/* The best weight of an element that begins with `wanted` ("fr" also takes "fr-CA"); -1 when there
 * is none. */
static int wish(str list, str wanted)
{
    int best = -1;
    str element, name, parameters;

    while (list.len > 0) {
        (void)str_cut(list, ',', &element, &list);
        (void)str_cut(element, ';', &name, &parameters);
        name = str_trim(name);
        if (!str_eq_nocase(str_sub(name, 0, wanted.len), wanted) ||
            (name.len > wanted.len && name.ptr[wanted.len] != '-'))
            continue;
        if (weight(parameters) > best)
            best = weight(parameters);
    }
    return best;
}

bool http_accepts(const struct http_req *req, const char *type)
{
    const str accept = http_request_header(req, "Accept");

    return wish(accept, str_of(type)) > 0 &&
           wish(accept, str_of(type)) > wish(accept, S("text/html"));
}

bool http_accepts_gzip(const struct http_req *req)
{
    return wish(http_request_header(req, "Accept-Encoding"), S("gzip")) > 0;
}

enum lang http_lang_wished(const struct http_req *req, enum lang otherwise)
{
    const str cookie = http_cookie(req, "lang"),
              accept = http_request_header(req, "Accept-Language");
    const int fr = wish(accept, S("fr")), en = wish(accept, S("en"));

    if (str_eq(cookie, S("fr")))
        return LANG_FR;
    if (str_eq(cookie, S("en")))
        return LANG_EN;
    if (fr <= 0 && en <= 0)
        return otherwise;
    return fr > en ? LANG_FR : en > fr ? LANG_EN : otherwise;
}
