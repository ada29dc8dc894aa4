/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What the linker knows, read from the object files themselves (ELF, 64 bits, of this machine):
 * rules and wire call nothing but their lower floors; nothing outside main can be written to by
 * everyone; and what nobody uses.
 */
#include "tidy/tidy.h"

#include <elf.h>
#include <fnmatch.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct object {
    const char *source; /* "src/rules/order.c", or a generated file */
    str floor;
    bool generated, is_main;
    str *wants, *gives; /* undefined, and defined for others */
    size_t wants_n, gives_n;
};

struct objects {
    struct tidy *tidy;
    struct object *items;
    size_t n, cap;
};

/* The tables of one ELF file, checked against its length. */
struct elf {
    str bytes;
    const Elf64_Ehdr *head;
    const Elf64_Shdr *sections;
};

static bool inside(str bytes, uint64_t offset, uint64_t size)
{
    return offset <= bytes.len && size <= bytes.len - offset;
}

static bool elf_open(struct elf *elf, str bytes)
{
    elf->bytes = bytes;
    elf->head = (const void *)bytes.ptr;
    if (bytes.len < sizeof *elf->head || memcmp(bytes.ptr, ELFMAG, SELFMAG) != 0 ||
        elf->head->e_ident[EI_CLASS] != ELFCLASS64 ||
        !inside(bytes, elf->head->e_shoff, (uint64_t)elf->head->e_shnum * sizeof *elf->sections))
        return false;
    elf->sections = (const void *)(bytes.ptr + elf->head->e_shoff);
    for (size_t i = 0; i < elf->head->e_shnum; i++)
        if (elf->sections[i].sh_type != SHT_NOBITS &&
            !inside(bytes, elf->sections[i].sh_offset, elf->sections[i].sh_size))
            return false;
    return elf->head->e_shstrndx < elf->head->e_shnum;
}

static str elf_string(const struct elf *elf, size_t table, uint64_t offset)
{
    const Elf64_Shdr *section = &elf->sections[table];

    if (offset >= section->sh_size)
        return STR_NONE;
    return str_of(elf->bytes.ptr + section->sh_offset + offset);
}

/* A variable that code could write to. Tables of addresses are relocated once and then read-only.
 */
static bool is_writable(const struct elf *elf, const Elf64_Sym *symbol)
{
    const unsigned type = ELF64_ST_TYPE(symbol->st_info);

    if (symbol->st_shndx == SHN_COMMON || type == STT_TLS)
        return true;
    if (type != STT_OBJECT || symbol->st_shndx >= elf->head->e_shnum)
        return false;
    const Elf64_Shdr *section = &elf->sections[symbol->st_shndx];
    return (section->sh_flags & SHF_WRITE) != 0 &&
           !str_starts(elf_string(elf, elf->head->e_shstrndx, section->sh_name), S(".data.rel.ro"));
}

static bool is_sanitizer(str name)
{
    return str_starts(name, S("__asan")) || str_starts(name, S("__ubsan")) ||
           str_starts(name, S("__odr_asan")) || str_starts(name, S(".L"));
}

static void read_symbol(struct tidy *tidy, const struct elf *elf, struct object *object,
                        const Elf64_Sym *symbol, str name)
{
    const bool local = ELF64_ST_BIND(symbol->st_info) == STB_LOCAL;

    if (name.len == 0 || is_sanitizer(name))
        return;
    if (symbol->st_shndx == SHN_UNDEF)
        object->wants[object->wants_n++] = name;
    else if (!local)
        object->gives[object->gives_n++] = name;
    if (symbol->st_shndx != SHN_UNDEF && is_writable(elf, symbol) &&
        !str_eq(object->floor, S("main")))
        tidy_say(tidy, object->source, 0,
                 "%.*s is a variable that outlives its function; only main has those",
                 STR_ARGS(name));
}

static bool read_symbols(struct tidy *tidy, const struct elf *elf, struct object *object)
{
    for (size_t i = 0; i < elf->head->e_shnum; i++) {
        const Elf64_Shdr *section = &elf->sections[i];
        const size_t count = section->sh_size / sizeof(Elf64_Sym);

        if (section->sh_type != SHT_SYMTAB || section->sh_link >= elf->head->e_shnum)
            continue;
        const Elf64_Sym *symbols = (const void *)(elf->bytes.ptr + section->sh_offset);
        object->wants = tidy_take(tidy, count * sizeof(str));
        object->gives = tidy_take(tidy, count * sizeof(str));
        for (size_t at = 1; at < count; at++)
            read_symbol(tidy, elf, object, &symbols[at],
                        elf_string(elf, section->sh_link, symbols[at].st_name));
        return true;
    }
    return false;
}

/* From OBJECTS/rules/order.o to src/rules/order.c and its floor; false for what is left of a file
 * that is gone. */
static bool name_object(struct tidy *tidy, struct object *object, str path)
{
    struct buf source;
    str rest;

    path = arena_str(&tidy->arena, path);
    object->generated = str_starts(path, S("gen/"));
    path = str_sub(path, object->generated ? 4 : 0, path.len - 2 - (object->generated ? 4U : 0U));
    if (!str_cut(path, '/', &object->floor, &rest))
        object->floor = S("base"); /* gen/assets.o */
    object->is_main = str_eq(path, S("main/main"));
    buf_init(&source, &tidy->arena, 0);
    if (object->generated)
        buf_printf(&source, "%s/../gen/%.*s.c", tidy->objects, STR_ARGS(path));
    else
        buf_printf(&source, "src/%.*s.c", STR_ARGS(path));
    object->source = arena_cstr(&tidy->arena, buf_str(&source));
    return access(object->source, R_OK) == 0;
}

static void add_object(struct objects *objects, const char *path)
{
    struct tidy *tidy = objects->tidy;
    struct object object = {0};
    struct elf elf;

    if (!name_object(tidy, &object, str_of(path + strlen(tidy->objects) + 1)))
        return;
    if (!elf_open(&elf, tree_read_file(tidy, path)) || !read_symbols(tidy, &elf, &object)) {
        tidy_say(tidy, path, 0, "is not an object file that tidy can read");
        return;
    }
    if (objects->n == objects->cap) {
        const size_t cap = objects->cap == 0 ? 512 : 2 * objects->cap;
        struct object *more = tidy_take(tidy, cap * sizeof *more);

        if (objects->n > 0)
            memcpy(more, objects->items, objects->n * sizeof *more);
        objects->items = more;
        objects->cap = cap;
    }
    objects->items[objects->n++] = object;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

static void read_objects(struct objects *objects)
{
    char top[4096];
    char *const from[] = {top, NULL};

    snprintf(top, sizeof top, "%s", objects->tidy->objects);
    FTS *walk = fts_open(from, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
    if (walk == NULL)
        return;
    for (FTSENT *entry = fts_read(walk); entry != NULL; entry = fts_read(walk))
        if (entry->fts_info == FTS_F && str_ends(str_of(entry->fts_name), S(".o")))
            add_object(objects, entry->fts_path);
    fts_close(walk);
}

static bool gives(const struct object *object, str name)
{
    for (size_t i = 0; i < object->gives_n; i++)
        if (str_eq(object->gives[i], name))
            return true;
    return false;
}

static bool fits_symbol(const struct list *patterns, str name)
{
    for (size_t i = 0; i < patterns->n; i++)
        if (fnmatch(patterns->item[i].ptr, name.ptr, 0) == 0)
            return true;
    return false;
}

/* A lower floor, the compiler's runtime, or the library that this file wraps. */
static bool may_call(const struct objects *objects, const struct object *object,
                     const struct floor *floor, str name)
{
    if (fits_symbol(&objects->tidy->floors.runtime, name) ||
        wrapper_allows(objects->tidy, object->source, WRAPPED_CALL, name))
        return true;
    for (size_t i = 0; i < objects->n; i++)
        if (list_has(&floor->may, objects->items[i].floor) && gives(&objects->items[i], name))
            return true;
    return false;
}

static void check_purity(const struct objects *objects, const struct object *object)
{
    const struct floor *floor = floor_of(objects->tidy, object->source);

    if (floor == NULL || !list_has(&objects->tidy->floors.pure, object->floor))
        return;
    for (size_t i = 0; i < object->wants_n; i++)
        if (!may_call(objects, object, floor, object->wants[i]))
            tidy_say(objects->tidy, object->source, 0, "calls %.*s, which %.*s may not",
                     STR_ARGS(object->wants[i]), STR_ARGS(object->floor));
}

static bool is_wanted(const struct objects *objects, const struct object *giver)
{
    for (size_t i = 0; i < objects->n; i++) {
        const struct object *object = &objects->items[i];

        for (size_t at = 0; object != giver && at < object->wants_n; at++)
            if (gives(giver, object->wants[at]))
                return true;
    }
    return false;
}

/* How often a name stands in the C of the tree and of the generators, up to two. */
static size_t times_written(const struct objects *objects, const str *generated, str name)
{
    size_t times = 0;

    for (size_t i = 0; i < objects->n + objects->tidy->files_n && times < 2; i++) {
        str text = i < objects->n ? generated[i] : STR_NONE;

        if (i >= objects->n && path_is_c(&objects->tidy->files[i - objects->n]))
            text = objects->tidy->files[i - objects->n].code;
        for (size_t at = 0; times < 2 && at < text.len; at += name.len) {
            at += str_find(str_sub(text, at, text.len), name);
            if (at < text.len && (at == 0 || !is_name_char(text.ptr[at - 1])) &&
                (at + name.len == text.len || !is_name_char(text.ptr[at + name.len])))
                times++;
        }
    }
    return times;
}

/* The file a person would change: src/store/sql/coop.sql for gen/store/sql_coop.c, src/pages/x.html
 * for page_x.c. */
static const char *written_from(struct tidy *tidy, const char *generated)
{
    const str path = str_of(generated);
    const size_t sql = str_find(path, S("/sql_")), page = str_find(path, S("/page_"));
    struct buf name;

    buf_init(&name, &tidy->arena, 0);
    if (sql < path.len)
        buf_printf(&name, "src/store/sql/%.*s.sql", (int)(path.len - sql - 7), generated + sql + 5);
    else if (page < path.len)
        buf_printf(&name, "src/pages/%.*s.html", (int)(path.len - page - 8), generated + page + 6);
    else
        return generated;
    return arena_cstr(&tidy->arena, buf_str(&name));
}

/* A template or a statement that no C calls: its only trace is its own definition. */
static void warn_unused_generated(const struct objects *objects, const str *generated,
                                  const struct object *object)
{
    for (size_t i = 0; i < object->gives_n; i++) {
        const str name = object->gives[i];

        if ((str_starts(name, S("page_")) || str_starts(name, S("sql_"))) &&
            !str_ends(name, S("_room")) && times_written(objects, generated, name) < 2)
            tidy_warn(written_from(objects->tidy, object->source), "nobody calls %.*s",
                      STR_ARGS(name));
    }
}

static void warn_unused(const struct objects *objects)
{
    str *generated = tidy_take(objects->tidy, (objects->n + 1) * sizeof *generated);

    for (size_t i = 0; i < objects->n; i++)
        if (objects->items[i].generated && !str_eq(objects->items[i].floor, S("base")))
            generated[i] = tree_read_file(objects->tidy, objects->items[i].source);
    for (size_t i = 0; i < objects->n; i++) {
        const struct object *object = &objects->items[i];

        if (object->generated)
            warn_unused_generated(objects, generated, object);
        else if (!object->is_main && object->gives_n > 0 && !is_wanted(objects, object))
            tidy_warn(object->source, "nobody uses anything of it");
    }
}

/* The program must not say where it was built. */
static void check_program(struct tidy *tidy)
{
    char here[4096];
    struct buf path;

    if (getcwd(here, sizeof here) == NULL || strlen(here) < 4)
        return;
    buf_init(&path, &tidy->arena, 0);
    buf_printf(&path, "%s/../filon", tidy->objects);
    const str program = tree_read_file(tidy, arena_cstr(&tidy->arena, buf_str(&path)));
    if (program.len > 0 && memmem(program.ptr, program.len, here, strlen(here)) != NULL)
        tidy_say(tidy, "build/filon", 0, "carries the path of the machine it was built on");
}

void objects_check(struct tidy *tidy)
{
    struct objects objects = {.tidy = tidy};

    read_objects(&objects);
    if (objects.n == 0)
        tidy_say(tidy, tidy->objects, 0, "has no object files");
    for (size_t i = 0; i < objects.n; i++)
        check_purity(&objects, &objects.items[i]);
    warn_unused(&objects);
    check_program(tidy);
}
