/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * tplgen already refuses a key of one language only, and the compiler a T_ that no .po has. What is
 * left: each refusal has its message in both, and a message that nothing shows is pointed out.
 */
#include "tidy/tidy.h"

#include <string.h>

static bool po_has(const struct file *po, str key)
{
    str rest = po->text, line;

    while (next_line(&rest, &line))
        if (str_starts(line, S("msgid \"")) && str_eq(str_trim(line), (str){key.ptr, key.len}))
            return true;
    return false;
}

/* Each `NO_(NAME,` of no.def needs `msgid "no.NAME"`. Only the first hole is said: a list of a
 * hundred hides the rest. */
static void check_refusals(struct tidy *tidy, const struct file *def, const struct file *po)
{
    str rest = def->code, line, name, tail;

    for (size_t at = 1; next_line(&rest, &line); at++) {
        struct buf key;

        line = str_trim(line);
        if (!str_starts(line, S("NO_(")) || !str_cut(str_sub(line, 4, line.len), ',', &name, &tail))
            continue;
        buf_init(&key, &tidy->arena, 64);
        buf_printf(&key, "msgid \"no.%.*s\"", STR_ARGS(str_trim(name)));
        if (po_has(po, buf_str(&key)))
            continue;
        tidy_say(tidy, def->path, at, "no message no.%.*s in %s", STR_ARGS(str_trim(name)),
                 po->path);
        return;
    }
}

/* A T_ name that the code or a template writes for a key: dots and dashes become underscores. */
static str enum_name(struct tidy *tidy, str key)
{
    char *name = tidy_take(tidy, key.len + 3);

    memcpy(name, "T_", 2);
    for (size_t i = 0; i < key.len; i++)
        name[i + 2] = is_name_char(key.ptr[i]) ? key.ptr[i] : '_';
    return (str){name, key.len + 2};
}

static bool has_word(str text, str word)
{
    for (size_t at = 0; at + word.len <= text.len;) {
        const size_t found = str_find(str_sub(text, at, text.len), word);

        if (found == text.len - at)
            return false;
        at += found;
        if (at + word.len == text.len || !is_name_char(text.ptr[at + word.len]))
            return true;
        at += word.len;
    }
    return false;
}

/* Shown by a template ({t:key} and the like) or named in C. Families of keys that C computes are
 * looked up by their first words, which then stand in C followed by a quote or a dot. */
static bool is_shown(const struct tidy *tidy, str key, str name)
{
    for (size_t i = 0; i < tidy->files_n; i++) {
        const struct file *file = &tidy->files[i];

        if (!str_starts(str_of(file->path), S("src/")) || path_ends(file, ".po"))
            continue;
        if ((path_ends(file, ".html") && has_word(file->text, key)) || has_word(file->text, name))
            return true;
    }
    return false;
}

static void check_unused(struct tidy *tidy, const struct file *po)
{
    str rest = po->text, line, key, tail;

    while (next_line(&rest, &line)) {
        if (!str_starts(line, S("msgid \"")) ||
            !str_cut(str_sub(line, 7, line.len), '"', &key, &tail))
            continue;
        if (key.len == 0 || str_starts(key, S("no.")) || is_shown(tidy, key, enum_name(tidy, key)))
            continue;
        tidy_warn(po->path, "nothing shows %.*s", STR_ARGS(key));
    }
}

void lang_check(struct tidy *tidy)
{
    const struct file *def = tree_find(tidy, S("src/base/no.def"));
    const struct file *en = tree_find(tidy, S("src/pages/lang/en.po"));
    const struct file *fr = tree_find(tidy, S("src/pages/lang/fr.po"));

    if (en == NULL || fr == NULL)
        return;
    if (def != NULL) {
        check_refusals(tidy, def, en);
        check_refusals(tidy, def, fr);
    }
    check_unused(tidy, en);
}
