/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "tplgen/tplgen.h"

static const char lang_h_tail[] =
    "    T_COUNT\n"
    "};\n"
    "\n"
    "/* The words of a key as written, placeholders and {{ included; of a plural, the singular. "
    "Never escaped. */\n"
    "str lang_text(enum lang lang, enum lang_key key);\n"
    "/* The form for `n` things (English: one when n is 1; French: one when n is 0 or 1). */\n"
    "str lang_text_n(enum lang lang, enum lang_key key, int64_t n);\n"
    "/* \"market.found\" */\n"
    "str lang_key_name(enum lang_key key);\n"
    "/* The key of that name into *out; false, *out untouched, when there is none. */\n"
    "bool lang_key_find(str name, enum lang_key *out);\n"
    "\n"
    "#endif\n";

static const char lang_c_tail[] =
    "str lang_text(enum lang lang, enum lang_key key)\n"
    "{\n"
    "    assert(lang < LANG_COUNT && key < T_COUNT);\n"
    "    return texts[key][lang][0];\n"
    "}\n"
    "\n"
    "str lang_text_n(enum lang lang, enum lang_key key, int64_t n)\n"
    "{\n"
    "    assert(lang < LANG_COUNT && key < T_COUNT);\n"
    "    const bool many = lang == LANG_FR ? n > 1 : n != 1;\n"
    "\n"
    "    return texts[key][lang][many && texts[key][lang][1].len > 0];\n"
    "}\n"
    "\n"
    "str lang_key_name(enum lang_key key)\n"
    "{\n"
    "    assert(key < T_COUNT);\n"
    "    return keys[key];\n"
    "}\n"
    "\n"
    "bool lang_key_find(str name, enum lang_key *out)\n"
    "{\n"
    "    size_t low = 0, high = T_COUNT;\n"
    "\n"
    "    while (low < high) {\n"
    "        const size_t middle = low + (high - low) / 2;\n"
    "        const int order = str_cmp(name, keys[middle]);\n"
    "\n"
    "        if (order == 0) {\n"
    "            *out = (enum lang_key)middle;\n"
    "            return true;\n"
    "        }\n"
    "        if (order < 0)\n"
    "            high = middle;\n"
    "        else\n"
    "            low = middle + 1;\n"
    "    }\n"
    "    return false;\n"
    "}\n";

void lang_put_enum(struct buf *out, str key)
{
    buf_put(out, S("T_"));
    for (size_t i = 0; i < key.len; i++)
        buf_put_char(out, is_name_char(key.ptr[i]) ? key.ptr[i] : '_');
}

static void put_str(struct buf *out, str text)
{
    buf_put(out, S("{"));
    emit_c_string(out, text);
    buf_printf(out, ", %zu}", text.len);
}

static void write_header(struct tool *tool)
{
    struct buf out;

    buf_init(&out, &tool->arena, 65536);
    buf_put(
        &out,
        S("/* SPDX-License-Identifier: AGPL-3.0-or-later\n *\n"
          " * Written by tools/tplgen from src/pages/lang: every key of the words on screen. */\n"
          "#ifndef PAGES_LANG_H\n#define PAGES_LANG_H\n\n#include \"base/lang.h\"\n#include "
          "\"base/str.h\"\n\n"
          "#include <stdbool.h>\n#include <stdint.h>\n\nenum lang_key {\n"));
    for (size_t i = 0; i < tool->words.n; i++) {
        buf_put(&out, S("    "));
        lang_put_enum(&out, tool->words.items[i].key);
        buf_put(&out, S(",\n"));
    }
    buf_put(&out, str_of(lang_h_tail));
    file_write(tool, "lang.h", &out);
}

void lang_write(struct tool *tool)
{
    struct buf out;

    write_header(tool);
    buf_init(&out, &tool->arena, 65536);
    buf_put(&out,
            S("/* SPDX-License-Identifier: AGPL-3.0-or-later\n *\n"
              " * Written by tools/tplgen from src/pages/lang. */\n#include \"pages/lang.h\"\n\n"
              "#include <assert.h>\n#include <stddef.h>\n\n"
              "/* One more than there are keys, so that an empty house is still C. */\n"
              "static const str keys[T_COUNT + 1] = {\n"));
    for (size_t i = 0; i < tool->words.n; i++) {
        buf_put(&out, S("    "));
        put_str(&out, tool->words.items[i].key);
        buf_put(&out, S(",\n"));
    }
    buf_put(&out,
            S("    {\"\", 0},\n};\n\nstatic const str texts[T_COUNT + 1][LANG_COUNT][2] = {\n"));
    for (size_t i = 0; i < tool->words.n; i++) {
        const struct message *message = &tool->words.items[i];

        buf_put(&out, S("    {"));
        for (int lang = 0; lang < LANG_COUNT; lang++) {
            buf_put(&out, lang == 0 ? S("{") : S(", {"));
            put_str(&out, message->text[lang][0]);
            buf_put(&out, S(", "));
            put_str(&out, message->text[lang][1]);
            buf_put(&out, S("}"));
        }
        buf_put(&out, S("},\n"));
    }
    buf_put(&out, S("    {{{\"\", 0}, {\"\", 0}}, {{\"\", 0}, {\"\", 0}}},\n};\n\n"));
    buf_put(&out, str_of(lang_c_tail));
    file_write(tool, "lang.c", &out);
}
