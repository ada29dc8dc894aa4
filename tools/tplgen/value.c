/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tplgen/tplgen.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PATH_LONGEST = 4096 };

const char *value_macro(enum put put)
{
    static const char *const names[] = {[PUT_IS_TEXT] = "PUT_TEXT",
                                        [PUT_IS_ATTR] = "PUT_ATTR",
                                        [PUT_IS_VALUE] = "PUT_VALUE",
                                        [PUT_IS_URL] = "PUT_URL"};

    return names[put];
}

static enum put here(const struct work *work)
{
    return place_put(&work->place, work->room->path, work->line);
}

static void put_c(struct work *work, const char *before, str c, const char *after)
{
    const char *macro = value_macro(here(work));

    emit_line(work);
    buf_printf(work->out, "    %s(out, page, %s%.*s%s);\n", macro, before, STR_ARGS(c), after);
    work->fresh = false;
}

static void put_raw(struct work *work, str expr)
{
    put_c(work, "(", expr_c(work, expr, true), ")");
}

static void put_words(struct work *work, str expr)
{
    put_c(work, "lang_text(page->lang, ", expr_c(work, expr, true), ")");
}

/* A name of a file of ours: letters, digits, - _ . / and no "..". */
static void check_file(const struct work *work, const char *folder, str name, const char *end)
{
    char path[PATH_LONGEST];

    for (size_t i = 0; i < name.len; i++)
        if (!is_name_char(name.ptr[i]) && strchr("-./", name.ptr[i]) == NULL)
            fail_here(work, "\"%.*s\" is not a file name", STR_ARGS(name));
    if (name.len == 0 || name.len > 200 || name.ptr[0] == '/' || str_find(name, S("..")) < name.len)
        fail_here(work, "\"%.*s\" is not a file name", STR_ARGS(name));
    if (folder == NULL)
        return;
    (void)snprintf(path, sizeof path, "%s/%.*s%s", folder, STR_ARGS(name), end);
    if (access(path, R_OK) != 0)
        fail_here(work, "there is no %s", path);
}

static void put_asset(struct work *work, str name)
{
    check_file(work, work->tool->assets, name, "");
    put_c(work, "asset_url(S(\"", name, "\"))");
}

/* What is between <svg ...> and </svg>, without line breaks; all of it when there is no <svg>. */
static str icon_inner(struct work *work, str text)
{
    const size_t open = str_find(text, S("<svg")), close = str_find(text, S("</svg>"));
    struct buf out;

    if (open < text.len) {
        const str from = str_sub(text, open, close - open);
        text = str_sub(from, str_find_char(from, '>') + 1, from.len);
    }
    buf_init(&out, &work->tool->arena, text.len + 1);
    for (size_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];
        const bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
        const char last = out.len == 0 ? '>' : out.ptr[out.len - 1];

        if (!blank)
            buf_put_char(&out, c);
        else if (last != ' ' && last != '>')
            buf_put_char(&out, ' ');
    }
    return str_trim(buf_str(&out));
}

static void put_icon(struct work *work, str name)
{
    char path[PATH_LONGEST];
    str text;

    if (work->place.at != AT_TEXT || work->place.raw != RAW_NONE)
        fail_here(work, "an icon is forbidden %s", place_name(&work->place));
    if (work->tool->icons == NULL)
        fail_here(work, "icons need the option -i");
    check_file(work, work->tool->icons, name, ".svg");
    (void)snprintf(path, sizeof path, "%s/%.*s.svg", work->tool->icons, STR_ARGS(name));
    if (!file_read(work->tool, path, &text))
        fail_here(work, "%s cannot be read", path);
    emit_literal(
        work,
        S("<svg class=\"ico\" viewBox=\"0 0 24 24\" aria-hidden=\"true\" focusable=\"false\">"));
    emit_literal(work, icon_inner(work, text));
    emit_literal(work, S("</svg>"));
}

void value_compile(struct work *work, str directive)
{
    static const struct {
        str word;
        void (*compile)(struct work *, str);
    } words[] = {{{"raw", 3}, put_raw},
                 {{"tk", 2}, put_words},
                 {{"t", 1}, value_message},
                 {{"asset", 5}, put_asset},
                 {{"icon", 4}, put_icon}};
    str word, rest;

    if (str_cut(directive, ':', &word, &rest) && is_name(word)) {
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            if (!str_eq(words[i].word, word))
                continue;
            words[i].compile(work, str_trim(rest));
            return;
        }
        fail_here(work, "unknown directive {%.*s:}", STR_ARGS(word));
    }
    put_c(work, "", expr_path_c(work, directive), "");
}
