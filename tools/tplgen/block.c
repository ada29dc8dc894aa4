/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Blocks. Every way through a block must leave the markup in the same place, or the escapes chosen
 * behind it would be wrong for some readers.
 */
#include "tplgen/tplgen.h"

#include <string.h>

static struct block *top(struct work *work, const char *what)
{
    if (work->depth == 0)
        fail_here(work, "{%s} without a block", what);
    return &work->blocks[work->depth - 1];
}

static void push(struct work *work, enum block_kind kind)
{
    if (work->depth == DEPTH_MAX)
        fail_here(work, "more than %d blocks in each other", DEPTH_MAX);
    work->blocks[work->depth++] = (struct block){.kind = kind,
                                                 .line = work->line,
                                                 .vars_n = work->vars_n,
                                                 .start = work->place,
                                                 .fresh_start = work->fresh};
}

static void branch_ends(struct work *work, struct block *block)
{
    if (!block->ended) {
        block->end = work->place;
        block->fresh_end = work->fresh;
    } else if (!place_merge(&block->end, &work->place)) {
        fail_here(work, "a branch of the block of line %d ends %s, another one elsewhere",
                  block->line, place_name(&work->place));
    }
    block->ended = true;
    block->fresh_end = block->fresh_end && work->fresh;
    work->vars_n = block->vars_n;
}

static void branch_starts(struct work *work, const struct block *block)
{
    work->place = block->start;
    work->fresh = block->fresh_start;
}

static void compile_condition(struct work *work, const char *word, str expr)
{
    const str c = expr_c(work, expr, false);

    emit_line(work);
    buf_printf(work->out, "    %s (%.*s) {\n", word, STR_ARGS(c));
}

static void compile_if(struct work *work, str expr)
{
    push(work, BLOCK_IF);
    compile_condition(work, "if", expr);
}

static void compile_elif(struct work *work, str expr)
{
    struct block *block = top(work, "elif");

    if (block->kind != BLOCK_IF || block->has_else)
        fail_here(work, "{elif} without {if}");
    branch_ends(work, block);
    emit_flush(work);
    buf_put(work->out, S("    }\n"));
    branch_starts(work, block);
    compile_condition(work, "else if", expr);
}

static void compile_else(struct work *work, str expr)
{
    struct block *block = top(work, "else");

    if (block->kind != BLOCK_IF || block->has_else || expr.len > 0)
        fail_here(work, "{else} without {if}");
    branch_ends(work, block);
    emit_flush(work);
    buf_put(work->out, S("    } else {\n"));
    block->has_else = true;
    branch_starts(work, block);
}

static void compile_for(struct work *work, str text)
{
    str name, word;
    struct buf buf;

    (void)expr_next(&text, ' ', &name);
    if (!expr_next(&text, ' ', &word) || !str_eq(word, S("in")) || text.len == 0)
        fail_here(work, "a loop is written {for x in view.cards}");
    const str items = expr_c(work, text, false);
    push(work, BLOCK_FOR);
    buf_init(&buf, &work->tool->arena, items.len + name.len + 8);
    buf_printf(&buf, "%.*s_i", STR_ARGS(name));
    expr_add_var(work, name, VAR_ITEM);
    expr_add_var(work, arena_str(&work->tool->arena, buf_str(&buf)), VAR_INDEX);
    buf_clear(&buf);
    buf_printf(&buf, "%.*s_n", STR_ARGS(items));
    const str count = work->blocks[work->depth - 1].count =
        arena_str(&work->tool->arena, buf_str(&buf));
    emit_line(work);
    buf_printf(work->out, "    for (int64_t %.*s_i = 0; %.*s_i < (int64_t)(%.*s); %.*s_i++) {\n",
               STR_ARGS(name), STR_ARGS(name), STR_ARGS(count), STR_ARGS(name));
    emit_line(work);
    buf_printf(work->out,
               "    const __typeof__((%.*s)[0]) *%.*s = &(%.*s)[%.*s_i];\n    (void)%.*s;\n",
               STR_ARGS(items), STR_ARGS(name), STR_ARGS(items), STR_ARGS(name), STR_ARGS(name));
}

static void compile_empty(struct work *work, str expr)
{
    struct block *block = top(work, "empty");

    if (block->kind != BLOCK_FOR || block->has_else || expr.len > 0)
        fail_here(work, "{empty} without {for}");
    branch_ends(work, block);
    emit_flush(work);
    buf_printf(work->out, "    }\n    if ((%.*s) == 0) {\n", STR_ARGS(block->count));
    block->has_else = true;
    branch_starts(work, block);
}

static void compile_end(struct work *work, bool *done)
{
    if (work->depth == 0) {
        *done = true;
        return;
    }
    struct block *block = top(work, "end");

    branch_ends(work, block);
    if (block->kind == BLOCK_FOR || !block->has_else) {
        work->place = block->start;
        work->fresh = block->fresh_start;
        branch_ends(work, block); /* the way around */
    }
    emit_flush(work);
    buf_put(work->out, S("    }\n"));
    work->place = block->end;
    work->fresh = block->fresh_end;
    work->depth--;
}

static void compile_let(struct work *work, str text)
{
    str name, value;
    const bool pointer = str_starts(text, S("*"));

    if (!str_cut(text, '=', &name, &value))
        fail_here(work, "a name is given by {let name = expression}");
    name = str_trim(str_sub(name, pointer, name.len));
    const str c = expr_c(work, value, true);
    expr_add_var(work, name, pointer ? VAR_POINTER : VAR_VALUE);
    emit_line(work);
    if (pointer)
        buf_printf(work->out, "    const __typeof__(*(%.*s)) *%.*s = %.*s;\n", STR_ARGS(c),
                   STR_ARGS(name), STR_ARGS(c));
    else
        buf_printf(work->out, "    const __typeof__(%.*s) %.*s = %.*s;\n", STR_ARGS(c),
                   STR_ARGS(name), STR_ARGS(c));
}

static void compile_call(struct work *work, str text)
{
    const struct tool *tool = work->tool;
    const size_t open = str_find_char(text, '(');
    const str name = str_trim((str){text.ptr, open});
    str args = open == text.len ? STR_NONE : str_sub(text, open + 1, text.len - open - 2), arg;

    if (open < text.len && !str_ends(text, S(")")))
        fail_here(work, "a call is written {call name(a, b)}");
    if (work->place.at != AT_TEXT || work->place.raw != RAW_NONE)
        fail_here(work, "a call is forbidden %s", place_name(&work->place));
    size_t i = 0;
    while (i < tool->templates_n && !str_eq(tool->templates[i].name, name))
        i++;
    if (i == tool->templates_n)
        fail_here(work, "unknown template \"%.*s\"", STR_ARGS(name));
    work->uses[tool->templates[i].room] = true;
    emit_line(work);
    buf_printf(work->out, "    page_%.*s(out, page", STR_ARGS(name));
    while (expr_next(&args, ',', &arg)) {
        const str c = expr_c(work, arg, false);
        buf_printf(work->out, ", %.*s", STR_ARGS(c));
    }
    buf_put(work->out, S(");\n"));
    work->fresh = false;
}

bool block_compile(struct work *work, str directive, bool *done)
{
    static const struct {
        str word;
        bool in_place; /* it may stand only where a branch may */
        void (*compile)(struct work *, str);
    } words[] = {
        {{"if", 2}, true, compile_if},       {{"elif", 4}, true, compile_elif},
        {{"else", 4}, true, compile_else},   {{"for", 3}, true, compile_for},
        {{"empty", 5}, true, compile_empty}, {{"call", 4}, false, compile_call},
        {{"let", 3}, false, compile_let},
    };
    str rest = directive, word;

    if (str_eq(directive, S("end"))) {
        if (work->depth > 0)
            place_block(&work->place, work->room->path, work->line);
        compile_end(work, done);
        return true;
    }
    if (!expr_next(&rest, ' ', &word))
        fail_here(work, "unknown directive {}");
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!str_eq(words[i].word, word))
            continue;
        if (words[i].in_place)
            place_block(&work->place, work->room->path, work->line);
        words[i].compile(work, str_trim(rest));
        return true;
    }
    return false;
}
