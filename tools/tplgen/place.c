/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Where in the markup a template is: enough of HTML's tokenizer
 * (https://html.spec.whatwg.org/ 13.2.5) to know which escape a value needs, and stricter:
 * attributes that hold a value of ours are quoted, `<` in a value is a mistake.
 */
#include "tplgen/tplgen.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void name_add(char name[PLACE_NAME], char c)
{
    const size_t len = strlen(name);

    if (len + 1 < PLACE_NAME) {
        name[len] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
        name[len + 1] = '\0';
    }
}

static void name_clear(char name[PLACE_NAME])
{
    memset(name, 0, PLACE_NAME);
}

static bool is_one_of(const char *name, const char *const *list)
{
    for (; *list != NULL; list++)
        if (strcmp(name, *list) == 0)
            return true;
    return false;
}

static void tag_done(struct place *place)
{
    static const struct {
        const char *tag;
        enum place_raw raw;
    } raws[] = {{"script", RAW_SCRIPT},
                {"style", RAW_STYLE},
                {"title", RAW_TITLE},
                {"textarea", RAW_TEXTAREA}};

    place->at = AT_TEXT;
    for (size_t i = 0; i < sizeof raws / sizeof raws[0]; i++)
        if (strcmp(place->tag, raws[i].tag) == 0)
            place->raw = raws[i].raw;
    place->pre += strcmp(place->tag, "pre") == 0;
}

static void close_tag_done(struct place *place)
{
    place->at = AT_TEXT;
    if (strcmp(place->tag, "pre") == 0 && place->pre > 0)
        place->pre--;
    place->raw = RAW_NONE;
}

/* Inside <script>, <style>, <title>, <textarea> only the matching end tag is markup. */
static bool ends_raw(const struct place *place, str rest)
{
    static const char *const names[] = {"", "script", "style", "title", "textarea"};
    const str name = str_of(names[place->raw]);

    return place->raw == RAW_NONE ||
           (str_starts(rest, S("</")) && str_eq_nocase(str_sub(rest, 2, name.len), name));
}

static void step_text(struct place *place, int line, str rest)
{
    const char next = rest.len > 1 ? rest.ptr[1] : '\0';

    if (rest.ptr[0] != '<' || !ends_raw(place, rest))
        return;
    place->line = line;
    name_clear(place->tag);
    name_clear(place->attr);
    if (str_starts(rest, S("<!--")))
        place->at = AT_COMMENT;
    else if (next == '!' || next == '?')
        place->at = AT_DECLARATION;
    else if (next == '/')
        place->at = AT_CLOSE_TAG;
    else if (is_letter(next) || next == '{')
        place->at = AT_TAG_NAME;
}

static void step_tag(struct place *place, const char *path, int line, char c)
{
    if (c == '>') {
        tag_done(place);
    } else if (c == '"' || c == '\'' || c == '<') {
        fail_at(path, line, "unclosed quote of an attribute before this %c (in <%s> of line %d)", c,
                place->tag, place->line);
    } else if (!is_blank(c) && c != '/') {
        if (place->at == AT_AFTER_VALUE)
            fail_at(path, line, "a space is missing before attribute %c...", c);
        place->at = AT_ATTR_NAME;
        name_clear(place->attr);
        name_add(place->attr, c);
    } else {
        place->at = AT_TAG;
    }
}

static void step_attr(struct place *place, const char *path, int line, char c)
{
    if (place->at == AT_ATTR_NAME) {
        if (c == '=')
            place->at = AT_ATTR_EQUALS;
        else if (is_blank(c) || c == '>' || c == '/' || c == '"' || c == '\'' || c == '<')
            step_tag(place, path, line, c);
        else
            name_add(place->attr, c);
    } else if (c == '"' || c == '\'') {
        place->at = AT_VALUE;
        place->quote = c;
        place->line = line;
    } else if (c == '>') {
        fail_at(path, line, "attribute %s has no value after =", place->attr);
    } else if (!is_blank(c)) {
        place->at = AT_VALUE_BARE;
    }
}

static void step_value(struct place *place, const char *path, char c)
{
    if (c == place->quote)
        place->at = AT_AFTER_VALUE;
    else if (c == '<')
        fail_at(path, place->line, "unclosed quote of attribute %s (or write &lt;)", place->attr);
}

void place_step(struct place *place, const char *path, int line, str rest)
{
    const char c = rest.ptr[0];

    switch (place->at) {
    case AT_TEXT:
        step_text(place, line, rest);
        break;
    case AT_TAG_NAME:
        if (is_blank(c) || c == '>' || c == '/')
            step_tag(place, path, line, c);
        else if (c != '<')
            name_add(place->tag, c);
        break;
    case AT_TAG:
    case AT_AFTER_VALUE:
        step_tag(place, path, line, c);
        break;
    case AT_ATTR_NAME:
    case AT_ATTR_EQUALS:
        step_attr(place, path, line, c);
        break;
    case AT_VALUE:
        step_value(place, path, c);
        break;
    case AT_VALUE_BARE:
        if (c == '>' || is_blank(c))
            step_tag(place, path, line, c);
        else if (c == '"' || c == '\'' || c == '<')
            fail_at(path, line, "unclosed quote of attribute %s", place->attr);
        break;
    case AT_CLOSE_TAG:
        if (c == '>')
            close_tag_done(place);
        else if (c != '<' && c != '/' && !is_blank(c))
            name_add(place->tag, c);
        break;
    case AT_COMMENT:
        if (c == '>' && str_eq((str){rest.ptr - 2, 2}, S("--")))
            place->at = AT_TEXT;
        break;
    case AT_DECLARATION:
        if (c == '>')
            place->at = AT_TEXT;
        break;
    }
}

const char *place_name(const struct place *place)
{
    static const char *const names[] = {
        [AT_TEXT] = "in text",
        [AT_TAG_NAME] = "in the name of a tag",
        [AT_TAG] = "inside a tag",
        [AT_ATTR_NAME] = "in the name of an attribute",
        [AT_ATTR_EQUALS] = "in an attribute without quotes",
        [AT_VALUE] = "in the value of an attribute",
        [AT_VALUE_BARE] = "in an attribute without quotes",
        [AT_AFTER_VALUE] = "inside a tag",
        [AT_CLOSE_TAG] = "in an end tag",
        [AT_COMMENT] = "in an HTML comment",
        [AT_DECLARATION] = "in a <! declaration",
    };

    if (place->at == AT_TEXT && place->raw == RAW_SCRIPT)
        return "inside <script>";
    if (place->at == AT_TEXT && place->raw == RAW_STYLE)
        return "inside <style>";
    return names[place->at];
}

static bool is_code_attr(const char *attr)
{
    static const char *const list[] = {"style", "srcdoc", "http-equiv", NULL};

    return strncmp(attr, "on", 2) == 0 || is_one_of(attr, list);
}

enum put place_put(const struct place *place, const char *path, int line)
{
    static const char *const urls[] = {
        "href",   "src",  "action",   "formaction", "poster",     "cite", "data",
        "srcset", "ping", "manifest", "xlink:href", "background", NULL};
    static const char *const values[] = {"value", "min", "max", "step", NULL};

    if (place->at == AT_TEXT && place->raw != RAW_SCRIPT && place->raw != RAW_STYLE)
        return PUT_IS_TEXT;
    if (place->at != AT_VALUE)
        fail_at(path, line, "an expression is forbidden %s", place_name(place));
    if (is_code_attr(place->attr))
        fail_at(path, line, "an expression is forbidden in attribute %s", place->attr);
    if (is_one_of(place->attr, urls))
        return PUT_IS_URL;
    return is_one_of(place->attr, values) || strncmp(place->attr, "data-", 5) == 0 ? PUT_IS_VALUE
                                                                                   : PUT_IS_ATTR;
}

void place_block(struct place *place, const char *path, int line)
{
    const bool code = place->at == AT_TEXT && (place->raw == RAW_SCRIPT || place->raw == RAW_STYLE);

    if (code || place->at == AT_ATTR_EQUALS || place->at == AT_VALUE_BARE ||
        place->at == AT_CLOSE_TAG || place->at == AT_COMMENT || place->at == AT_DECLARATION)
        fail_at(path, line, "a block is forbidden %s", place_name(place));
    if (place->at == AT_TAG_NAME && place->tag[0] == '\0')
        fail_at(path, line, "a block is forbidden %s", place_name(place));
    if (place->at == AT_TAG_NAME || place->at == AT_ATTR_NAME)
        place->at = AT_AFTER_VALUE; /* what follows needs a space first */
}

bool place_merge(struct place *a, const struct place *b)
{
    const bool tags = (a->at == AT_TAG || a->at == AT_AFTER_VALUE) &&
                      (b->at == AT_TAG || b->at == AT_AFTER_VALUE);
    const bool same =
        (a->at == b->at || tags) && a->raw == b->raw && a->pre == b->pre &&
        (a->at != AT_VALUE || (a->quote == b->quote && strcmp(a->attr, b->attr) == 0)) &&
        (!tags || strcmp(a->tag, b->tag) == 0);

    if (same && b->at == AT_AFTER_VALUE)
        a->at = AT_AFTER_VALUE;
    return same;
}

bool place_keeps_space(const struct place *place)
{
    return place->pre > 0 || place->raw != RAW_NONE || place->at == AT_VALUE ||
           place->at == AT_COMMENT;
}
