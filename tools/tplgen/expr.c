/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Expressions are C, but for one rule: after a name that is a pointer here (parameter, loop
 * variable, `page`), the first dot is an arrow. The C compiler checks the rest, and #line makes it
 * point at the template.
 */
#include "tplgen/tplgen.h"

bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_name(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_name_char(s.ptr[i]))
            return false;
    return s.len > 0 && !(s.ptr[0] >= '0' && s.ptr[0] <= '9');
}

static const struct var *find_var(const struct work *work, str name)
{
    static const struct var page = {{"page", 4}, VAR_POINTER};

    for (size_t i = work->vars_n; i > 0; i--)
        if (str_eq(work->vars[i - 1].name, name))
            return &work->vars[i - 1];
    return str_eq(name, page.name) ? &page : NULL;
}

void expr_add_var(struct work *work, str name, enum var_kind kind)
{
    if (!is_name(name))
        fail_here(work, "\"%.*s\" is not a name", STR_ARGS(name));
    if (find_var(work, name) != NULL || str_eq(name, S("out")))
        fail_here(work, "the name \"%.*s\" is taken", STR_ARGS(name));
    if (work->vars_n == VARS_MAX)
        fail_here(work, "more than %d names", VARS_MAX);
    work->vars[work->vars_n++] = (struct var){name, kind};
}

/* Length of the "..." or '...' that starts at text[at]; to the end when it is not closed. */
static size_t quoted_len(str text, size_t at)
{
    size_t i = at + 1;

    while (i < text.len && text.ptr[i] != text.ptr[at])
        i += text.ptr[i] == '\\' ? 2 : 1;
    return i < text.len ? i + 1 - at : text.len - at;
}

bool expr_next(str *rest, char separator, str *piece)
{
    int depth = 0;
    size_t i = 0;

    *rest = str_trim(*rest);
    while (i < rest->len) {
        const char c = rest->ptr[i];
        const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';

        if (depth == 0 && (c == separator || (separator == ' ' && blank)))
            break;
        if (c == '"' || c == '\'') {
            i += quoted_len(*rest, i);
            continue;
        }
        depth += (c == '(' || c == '[' || c == '{') - (c == ')' || c == ']' || c == '}');
        i++;
    }
    *piece = str_trim((str){rest->ptr, i});
    *rest = str_sub(*rest, i + 1, rest->len);
    return piece->len > 0;
}

static bool is_member(str expr, size_t at)
{
    while (at > 0 && expr.ptr[at - 1] == ' ')
        at--;
    return at > 0 && (expr.ptr[at - 1] == '.' ||
                      (at > 1 && expr.ptr[at - 1] == '>' && expr.ptr[at - 2] == '-'));
}

/* A name, and the dot behind it. Returns how many bytes of expr were used. */
static size_t put_name(struct work *work, struct buf *out, str expr, size_t at)
{
    size_t end = at;

    while (end < expr.len && is_name_char(expr.ptr[end]))
        end++;
    const str name = {expr.ptr + at, end - at};
    const struct var *var = is_name(name) && !is_member(expr, at) ? find_var(work, name) : NULL;
    const bool pointer = var != NULL && (var->kind == VAR_POINTER || var->kind == VAR_ITEM);

    buf_put(out, name);
    if (!pointer || end >= expr.len || expr.ptr[end] != '.')
        return end - at;
    buf_put(out, S("->"));
    return end + 1 - at;
}

str expr_c(struct work *work, str expr, bool whole)
{
    struct buf out;

    expr = str_trim(expr);
    if (expr.len == 0)
        fail_here(work, "an expression is missing");
    const struct var *var = find_var(work, expr);
    buf_init(&out, &work->tool->arena, 2 * expr.len + 8);
    if (whole && var != NULL && var->kind == VAR_ITEM) {
        buf_printf(&out, "*%.*s", STR_ARGS(expr));
        return buf_str(&out);
    }
    for (size_t i = 0; i < expr.len;) {
        const char c = expr.ptr[i];
        size_t used = 1;

        if (is_name_char(c)) {
            used = put_name(work, &out, expr, i);
        } else {
            if (c == '"' || c == '\'')
                used = quoted_len(expr, i);
            buf_put_bytes(&out, expr.ptr + i, used);
        }
        i += used;
    }
    return buf_str(&out);
}

str expr_path_c(struct work *work, str expr)
{
    size_t end = 0;
    int depth = 0;

    while (end < expr.len && is_name_char(expr.ptr[end]))
        end++;
    const str root = {expr.ptr, end};
    for (size_t i = end; i < expr.len; i++) {
        const char c = expr.ptr[i];
        const bool arrow = c == '-' && i + 1 < expr.len && expr.ptr[i + 1] == '>';

        depth += (c == '[') - (c == ']');
        if (depth == 0 && !is_name_char(c) && c != '.' && c != ']' && !arrow &&
            !(c == '>' && expr.ptr[i - 1] == '-'))
            fail_here(work, "unknown directive {%.*s} (C expressions: {raw: ...})", STR_ARGS(expr));
    }
    if (!is_name(root))
        fail_here(work, "unknown directive {%.*s}", STR_ARGS(expr));
    if (find_var(work, root) == NULL)
        fail_here(work, "unknown name \"%.*s\"", STR_ARGS(root));
    return expr_c(work, expr, true);
}

void expr_add_params(struct work *work, str params)
{
    str param;

    while (expr_next(&params, ',', &param)) {
        const bool array = str_ends(param, S("]"));
        const bool pointer = array || str_find_char(param, '*') < param.len;

        if (array)
            param = str_trim((str){param.ptr, str_find_char(param, '[')});
        size_t start = param.len;
        while (start > 0 && is_name_char(param.ptr[start - 1]))
            start--;
        if (start == 0 || start == param.len)
            fail_here(work, "parameter \"%.*s\" has no type or no name", STR_ARGS(param));
        expr_add_var(work, str_sub(param, start, param.len), pointer ? VAR_POINTER : VAR_VALUE);
    }
}
