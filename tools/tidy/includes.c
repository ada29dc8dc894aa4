/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tidy/tidy.h"

#include <string.h>

/* What the includes see as one: `rules/order` is order.c, order.h and order_in.h; a folder on a
 * floor (doors/http) is one. Units whose names start with the same word are one room: order_view
 * may know order, and order it. */
struct unit {
    str name;
    size_t *to; /* units it includes */
    size_t to_n, to_cap;
    enum { NEW, OPEN, DONE } state;
};

struct graph {
    struct tidy *tidy;
    struct unit *units;
    size_t n, cap;
    size_t *path; /* units being visited */
    size_t path_n;
};

/* From "rules/order_in.h" to "rules/order", from "doors/http/order.c" to "doors/http". */
static str unit_name(str path)
{
    const size_t floor = str_find_char(path, '/') + 1;
    const str rest = str_sub(path, floor, path.len);
    const size_t folder = str_find_char(rest, '/');

    if (folder < rest.len)
        return str_sub(path, 0, floor + folder);
    path = str_sub(path, 0, floor + str_find_char(rest, '.'));
    return str_ends(path, S("_in")) && path.len > floor + 3 ? str_sub(path, 0, path.len - 3) : path;
}

static str room_of(str unit)
{
    return str_sub(unit, 0, str_find_char(unit, '_'));
}

static size_t unit_of(struct graph *graph, str name)
{
    for (size_t i = 0; i < graph->n; i++)
        if (str_eq(graph->units[i].name, name))
            return i;
    if (graph->n == graph->cap) {
        const size_t cap = graph->cap == 0 ? 512 : 2 * graph->cap;
        struct unit *more = tidy_take(graph->tidy, cap * sizeof *more);

        if (graph->n > 0)
            memcpy(more, graph->units, graph->n * sizeof *more);
        graph->units = more;
        graph->cap = cap;
    }
    graph->units[graph->n] = (struct unit){.name = name};
    return graph->n++;
}

static void add_edge(struct graph *graph, size_t from, size_t to)
{
    struct unit *unit = &graph->units[from];

    if (from == to)
        return;
    for (size_t i = 0; i < unit->to_n; i++)
        if (unit->to[i] == to)
            return;
    if (unit->to_n == unit->to_cap) {
        const size_t cap = unit->to_cap == 0 ? 16 : 2 * unit->to_cap;
        size_t *more = tidy_take(graph->tidy, cap * sizeof *more);

        if (unit->to_n > 0)
            memcpy(more, unit->to, unit->to_n * sizeof *more);
        unit->to = more;
        unit->to_cap = cap;
    }
    unit->to[unit->to_n++] = to;
}

static void say_cycle(struct graph *graph, size_t back)
{
    struct tidy *tidy = graph->tidy;
    struct buf names;
    size_t from = graph->path_n - 1;

    while (graph->path[from] != back)
        from--;
    bool one_room = true;
    for (size_t i = from; i < graph->path_n; i++)
        one_room = one_room && str_eq(room_of(graph->units[graph->path[i]].name),
                                      room_of(graph->units[back].name));
    const str last = graph->units[graph->path[graph->path_n - 1]].name;
    if (one_room ||
        ratchet_allows(tidy, "cycle", arena_cstr(&tidy->arena, last), graph->units[back].name, 0))
        return;
    buf_init(&names, &tidy->arena, 0);
    for (; from < graph->path_n; from++) {
        buf_put(&names, graph->units[graph->path[from]].name);
        buf_put(&names, S(" -> "));
    }
    buf_put(&names, graph->units[back].name);
    tidy_say(tidy, "src", 0, "rooms include each other in a circle: %.*s",
             STR_ARGS(buf_str(&names)));
}

/* Depth is at most the number of rooms. */
static void visit(struct graph *graph, size_t at)
{
    graph->units[at].state = OPEN;
    graph->path[graph->path_n++] = at;
    for (size_t i = 0; i < graph->units[at].to_n; i++) {
        const size_t next = graph->units[at].to[i];

        if (graph->units[next].state == OPEN)
            say_cycle(graph, next);
        else if (graph->units[next].state == NEW)
            visit(graph, next);
    }
    graph->path_n--;
    graph->units[at].state = DONE;
}

/* `#include "x"` or `<x>`: *name is x, *system tells which. */
static bool include_on(str line, str *name, bool *system)
{
    str rest;

    line = str_trim(line);
    if (!str_starts(line, S("#")))
        return false;
    line = str_trim(str_sub(line, 1, line.len));
    if (!str_starts(line, S("include")))
        return false;
    line = str_trim(str_sub(line, 7, line.len));
    *system = str_starts(line, S("<"));
    if (!*system && !str_starts(line, S("\"")))
        return false;
    (void)str_cut(str_sub(line, 1, line.len), *system ? '>' : '"', name, &rest);
    return true;
}

/* room_in.h is private to the files whose name starts with room, where room.h is the public face;
 * sign_in.h, without a sign.h, is a room of its own. */
static bool private_to_others(struct tidy *tidy, const char *path, str name)
{
    const size_t end = str_find(name, S("_in.h"));
    const str room = str_sub(name, 0, end);
    struct buf face;

    if (end + 5 != name.len || str_starts(str_sub(str_of(path), 4, name.len), room))
        return false;
    buf_init(&face, &tidy->arena, 0);
    buf_printf(&face, "src/%.*s.h", STR_ARGS(room));
    return tree_find(tidy, buf_str(&face)) != NULL;
}

static void check_own(struct tidy *tidy, const struct file *file, const struct floor *floor,
                      size_t line, str name)
{
    str from, rest;

    if (!str_cut(name, '/', &from, &rest)) {
        tidy_say(tidy, file->path, line, "\"%.*s\" is not written from src/", STR_ARGS(name));
        return;
    }
    if (!list_has(&floor->may, from))
        tidy_say(tidy, file->path, line, "%.*s may not include \"%.*s\"", STR_ARGS(floor->name),
                 STR_ARGS(name));
    else if (private_to_others(tidy, file->path, name))
        tidy_say(tidy, file->path, line, "\"%.*s\" is private to its room", STR_ARGS(name));
}

static void check_system(struct tidy *tidy, const struct file *file, const struct floor *floor,
                         size_t line, str name)
{
    name = arena_str(&tidy->arena, name);
    if (!list_has(&floor->system, name) && !wrapper_allows(tidy, file->path, WRAPPED_HEADER, name))
        tidy_say(tidy, file->path, line, "%.*s may not include <%.*s>", STR_ARGS(floor->name),
                 STR_ARGS(name));
}

static void check_file(struct graph *graph, const struct file *file)
{
    const struct floor *floor = floor_of(graph->tidy, file->path);
    const str path = str_of(file->path);
    str rest = file->code, line, name;
    bool system;

    if (floor == NULL) {
        tidy_say(graph->tidy, file->path, 0, "stands on no floor of tools/floors.txt");
        return;
    }
    const size_t from = unit_of(graph, unit_name(str_sub(path, 4, path.len)));
    for (size_t at = 1; next_line(&rest, &line); at++) {
        if (!include_on(line, &name, &system))
            continue;
        if (system) {
            check_system(graph->tidy, file, floor, at, name);
        } else {
            check_own(graph->tidy, file, floor, at, name);
            add_edge(graph, from, unit_of(graph, unit_name(name)));
        }
    }
}

void includes_check(struct tidy *tidy)
{
    struct graph graph = {.tidy = tidy};

    for (size_t i = 0; i < tidy->files_n; i++)
        if (path_is_c(&tidy->files[i]) && str_starts(str_of(tidy->files[i].path), S("src/")))
            check_file(&graph, &tidy->files[i]);
    graph.path = tidy_take(tidy, (graph.n + 1) * sizeof *graph.path);
    for (size_t i = 0; i < graph.n; i++)
        if (graph.units[i].state == NEW)
            visit(&graph, i);
}
