/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * {t:market.found n=view.total}: the words are known here, so they go into the C code escaped; only
 * the language, the form of a plural and the values are left for run time.
 */
#include "tplgen/tplgen.h"

enum { ARGS_MAX = 16 };

struct args {
    str name[ARGS_MAX], c[ARGS_MAX];
    size_t n;
};

static bool find_arg(const struct args *args, str name, str *c)
{
    for (size_t i = 0; i < args->n; i++)
        if (str_eq(args->name[i], name)) {
            *c = args->c[i];
            return true;
        }
    return false;
}

static void read_args(struct work *work, const struct message *message, str text, struct args *args)
{
    str piece, name, value, known;

    while (expr_next(&text, ' ', &piece)) {
        if (!str_cut(piece, '=', &name, &value) || !is_name(name))
            fail_here(work, "\"%.*s\" is not name=expression", STR_ARGS(piece));
        if (!words_has_placeholder(message, name))
            fail_here(work, "key \"%.*s\" has no placeholder {%.*s}", STR_ARGS(message->key),
                      STR_ARGS(name));
        if (find_arg(args, name, &known) || args->n == ARGS_MAX)
            fail_here(work, "{%.*s} is given twice", STR_ARGS(name));
        args->name[args->n] = name;
        args->c[args->n++] = expr_c(work, value, true);
    }
}

static bool has_brace(str text)
{
    return str_find_char(text, '{') < text.len || str_find_char(text, '}') < text.len;
}

static void put_words(struct buf *out, struct buf *words, enum put put)
{
    struct buf escaped;

    buf_init(&escaped, words->arena, 2 * words->len + 16);
    emit_escaped(&escaped, buf_str(words), put);
    emit_buf_put(out, "        ", buf_str(&escaped));
    buf_clear(words);
}

static void put_form(struct work *work, const struct message *message, str text,
                     const struct args *args, enum put put)
{
    struct buf words;
    str name, c;

    buf_init(&words, &work->tool->arena, text.len + 16);
    for (size_t i = 0; i < text.len; i++) {
        const char byte = text.ptr[i];
        const size_t len = byte == '{' ? words_placeholder(text, i, &name) : 0;

        if (len == 0) {
            buf_put_char(&words, byte);
            i += byte == '{' || byte == '}'; /* written twice */
            continue;
        }
        if (!find_arg(args, name, &c))
            fail_here(work, "key \"%.*s\" wants {%.*s}", STR_ARGS(message->key), STR_ARGS(name));
        put_words(work->out, &words, put);
        buf_printf(work->out, "        %s(out, page, (%.*s));\n", value_macro(put), STR_ARGS(c));
        i += len - 1;
    }
    put_words(work->out, &words, put);
}

static void put_language(struct work *work, const struct message *message, enum lang lang,
                         const struct args *args, enum put put)
{
    if (message->plural) {
        buf_printf(work->out, "    if (plural_n_ %s 1) {\n", lang == LANG_FR ? ">" : "!=");
        put_form(work, message, message->text[lang][1], args, put);
        buf_put(work->out, S("    } else {\n"));
    }
    put_form(work, message, message->text[lang][0], args, put);
    if (message->plural)
        buf_put(work->out, S("    }\n"));
}

void value_message(struct work *work, str directive)
{
    struct args args = {.n = 0};
    str key, count = STR_NONE;

    (void)expr_next(&directive, ' ', &key);
    const struct message *message = words_find(&work->tool->words, key);
    if (message == NULL)
        fail_here(work, "unknown key \"%.*s\"", STR_ARGS(key));
    const enum put put = place_put(&work->place, work->room->path, work->line);
    read_args(work, message, directive, &args);
    const str english = message->text[LANG_EN][0];
    if (!message->plural && str_eq(english, message->text[LANG_FR][0]) && !has_brace(english)) {
        emit_escaped(&work->literal, english, put);
        work->fresh = false;
        return;
    }
    if (message->plural && !find_arg(&args, S("n"), &count))
        fail_here(work, "key \"%.*s\" is a plural and wants n=", STR_ARGS(key));
    emit_line(work);
    buf_put(work->out, S("    {\n"));
    if (message->plural)
        buf_printf(work->out, "    const int64_t plural_n_ = (int64_t)(%.*s);\n", STR_ARGS(count));
    buf_put(work->out, S("    if (page->lang == LANG_FR) {\n"));
    put_language(work, message, LANG_FR, &args, put);
    buf_put(work->out, S("    } else {\n"));
    put_language(work, message, LANG_EN, &args, put);
    buf_put(work->out, S("    }\n    }\n"));
    work->fresh = false;
}
