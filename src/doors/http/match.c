/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The route table compiled into a tree of path parts. The parts are compared decoded, one by one,
 * so that an encoded slash can never split a part.
 */
#include "base/utf8.h"
#include "doors/http/exchange.h"

#include <assert.h>
#include <string.h>

/* --- compiling -------------------------------------------------------------------------------- */

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || c == '_';
}

static struct http_node parse_part(str part)
{
    const size_t colon = str_find_char(part, ':');
    size_t end = colon + 1;

    if (part.len > 1 && part.ptr[0] == '*')
        return (struct http_node){.kind = PART_REST, .name = str_sub(part, 1, part.len)};
    if (colon == part.len)
        return (struct http_node){.kind = PART_LITERAL, .before = part};
    while (end < part.len && is_name(part.ptr[end]))
        end++;
    assert(end > colon + 1);

    struct http_node node = {.kind = PART_PARAM,
                             .before = str_sub(part, 0, colon),
                             .name = str_sub(part, colon + 1, end - colon - 1),
                             .after = str_sub(part, end, part.len)};

    if (node.before.len + node.after.len > 0)
        node.kind = PART_MIXED;
    return node;
}

static bool same_part(const struct http_node *a, const struct http_node *b)
{
    return a->kind == b->kind && str_eq(a->before, b->before) && str_eq(a->after, b->after) &&
           (a->kind == PART_LITERAL || str_eq(a->name, b->name));
}

/* Children stand in order of precedence; two mixed parts in the order of the table. */
static struct http_node *child_of(struct arena *arena, struct http_node *parent, str part)
{
    const struct http_node wanted = parse_part(part);
    struct http_node **at = &parent->child;

    for (; *at != NULL && (*at)->kind <= wanted.kind; at = &(*at)->sibling)
        if (same_part(*at, &wanted))
            return *at;

    struct http_node *node = arena_take(arena, sizeof *node);

    if (node == NULL)
        return NULL;
    *node = wanted;
    node->sibling = *at;
    *at = node;
    return node;
}

struct http_node *http_routes_compile(struct arena *arena, const struct http_route *routes)
{
    struct http_node *root = arena_take(arena, sizeof *root);

    for (const struct http_route *route = routes; root != NULL && route->pattern != NULL; route++) {
        struct http_node *node = root;
        str part, rest = str_of(route->pattern);

        assert(rest.len > 0 && rest.ptr[0] == '/' && route->handler != NULL);
        rest = str_sub(rest, 1, rest.len);
        while (rest.len > 0 && node != NULL) {
            (void)str_cut(rest, '/', &part, &rest);
            node = child_of(arena, node, part);
        }
        if (node == NULL)
            return NULL;
        assert(node->by_method[route->method] == NULL && "two routes for one method and path");
        node->by_method[route->method] = route;
    }
    return root;
}

/* --- decoding --------------------------------------------------------------------------------- */

bool http_percent_decode(struct arena *arena, str raw, str *decoded)
{
    if (str_find_char(raw, '%') == raw.len) {
        *decoded = raw;
        return utf8_valid(raw);
    }

    char *out = arena_take(arena, raw.len);
    size_t len = 0;

    if (out == NULL)
        return false;
    for (size_t i = 0; i < raw.len; i++) {
        uint8_t byte = (uint8_t)raw.ptr[i];

        if (raw.ptr[i] == '%') {
            if (!str_unhex(str_sub(raw, i + 1, 2), &byte, 1) || byte == 0)
                return false;
            i += 2;
        }
        out[len++] = (char)byte;
    }
    *decoded = (str){out, len};
    return utf8_valid(*decoded);
}

struct parts {
    str decoded[HTTP_PARTS_MAX];
    const char *raw[HTTP_PARTS_MAX]; /* where each begins, for a rest */
    size_t n;
    const char *end;
};

static no split(struct arena *arena, str path, struct parts *parts)
{
    str part, rest = str_sub(path, 1, path.len);

    *parts = (struct parts){.end = path.ptr + path.len};
    if (path.len == 1)
        return YES;
    for (bool more = true; more;) {
        if (parts->n == HTTP_PARTS_MAX)
            return NO_NOT_FOUND;
        more = str_cut(rest, '/', &part, &rest);
        /* An empty last part: `rest` has no pointer of its own then. */
        parts->raw[parts->n] = part.ptr == NULL ? parts->end : part.ptr;
        if (!http_percent_decode(arena, part, &parts->decoded[parts->n]))
            return NO_BAD_REQUEST;
        part = parts->decoded[parts->n++];
        if (str_eq(part, S(".")) || str_eq(part, S("..")))
            return NO_BAD_REQUEST;
    }
    return YES;
}

/* --- matching --------------------------------------------------------------------------------- */

static bool fits(const struct http_node *node, str part, struct http_match *match)
{
    if (node->kind == PART_LITERAL)
        return str_eq(node->before, part);
    if (part.len <= node->before.len + node->after.len || !str_starts(part, node->before) ||
        !str_ends(part, node->after) || match->params_n == HTTP_PARAMS_MAX)
        return false;
    match->params[match->params_n++] = (struct http_pair){
        node->name, str_sub(part, node->before.len, part.len - node->before.len - node->after.len)};
    return true;
}

static bool take_rest(const struct http_node *node, struct arena *arena, const struct parts *parts,
                      size_t at, struct http_match *match)
{
    const str raw = {parts->raw[at], (size_t)(parts->end - parts->raw[at])};

    if (raw.len == 0 || match->params_n == HTTP_PARAMS_MAX)
        return false;
    match->params[match->params_n].name = node->name;
    return http_percent_decode(arena, raw, &match->params[match->params_n++].value);
}

/* Depth is bounded by HTTP_PARTS_MAX; a part that fits but leads nowhere gives its parameters back.
 */
static const struct http_node *walk(const struct http_node *node, struct arena *arena,
                                    const struct parts *parts, size_t at, struct http_match *match)
{
    const size_t params_n = match->params_n;

    if (at == parts->n)
        return node->by_method[HTTP_GET] != NULL || node->by_method[HTTP_POST] != NULL ? node
                                                                                       : NULL;
    for (const struct http_node *child = node->child; child != NULL; child = child->sibling) {
        const struct http_node *found = NULL;

        if (child->kind == PART_REST)
            found = take_rest(child, arena, parts, at, match) ? child : NULL;
        else if (fits(child, parts->decoded[at], match))
            found = walk(child, arena, parts, at + 1, match);
        if (found != NULL)
            return found;
        match->params_n = params_n;
    }
    return NULL;
}

no http_routes_match(const struct http_node *root, struct arena *arena, enum http_method method,
                     str path, struct http_match *match)
{
    struct parts parts;

    *match = (struct http_match){0};
    TRY(split(arena, path, &parts));

    const struct http_node *found = walk(root, arena, &parts, 0, match);

    if (found == NULL)
        return NO_NOT_FOUND;
    match->route = found->by_method[method];
    return YES;
}
