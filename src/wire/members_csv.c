/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "wire/members_csv.h"

#include "base/time.h"
#include "base/utf8.h"
#include "wire/decimal.h"
#include "wire/plaintext.h"

enum { EMAIL_MOST = 254, LOCAL_MOST = 64, NAME_MOST = 120, HANDLE_LEAST = 2, HANDLE_MOST = 30 };
enum { SHARES_MOST = 1000000, PLACE_MOST = 80, PHONE_MOST = 30 };

/* Folded names (csv.h), English then French, by enum members_column. */
static const struct {
    const char *field, *names;
} columns[MEMBERS_COLUMNS] = {
    [MEMBERS_EMAIL] = {"email",
                       "e mail|email|mail|e mail address|email address|courriel|adresse e mail|"
                       "adresse email|adresse mail|adresse electronique"},
    [MEMBERS_NAME] =
        {"name", "name|full name|nom complet|nom et prenom|prenom et nom|nom|last name|surname|"
                 "family name|nom de famille"},
    [MEMBERS_FIRST_NAME] = {"first name", "first name|given name|prenom"},
    [MEMBERS_HANDLE] = {"handle", "handle|username|user name|identifiant|pseudo|pseudonyme"},
    [MEMBERS_ROLE] = {"role", "role|fonction|statut|status|type"},
    [MEMBERS_LANGUAGE] = {"language", "language|lang|langue"},
    [MEMBERS_JOINED] = {"joined",
                        "joined|joined on|member since|join date|date joined|adhesion|"
                        "date d adhesion|date adhesion|membre depuis|entree|date d entree"},
    [MEMBERS_SHARES] = {"shares", "shares|number of shares|parts|parts sociales|nombre de parts|"
                                  "nombre de parts sociales|nb parts"},
    [MEMBERS_PLACE] = {"place", "place|city|town|ville|commune|lieu"},
    [MEMBERS_PHONE] = {"phone", "phone|phone number|telephone|tel|portable|mobile"},
};

/* Words for roles, folded by str_eq_nocase only: accents are written out both ways. */
static const struct {
    const char *word;
    enum member_line_role role;
} roles[] = {
    {"", MEMBER_LINE_MEMBER},
    {"member", MEMBER_LINE_MEMBER},
    {"membre", MEMBER_LINE_MEMBER},
    {"adherent", MEMBER_LINE_MEMBER},
    {"adherente", MEMBER_LINE_MEMBER},
    {"societaire", MEMBER_LINE_MEMBER},
    {"associe", MEMBER_LINE_MEMBER},
    {"associee", MEMBER_LINE_MEMBER},
    {"client", MEMBER_LINE_CLIENT},
    {"cliente", MEMBER_LINE_CLIENT},
    {"founder", MEMBER_LINE_FOUNDER},
    {"fondateur", MEMBER_LINE_FOUNDER},
    {"fondatrice", MEMBER_LINE_FOUNDER},
    {"facilitator", MEMBER_LINE_FACILITATOR},
    {"facilitateur", MEMBER_LINE_FACILITATOR},
    {"facilitatrice", MEMBER_LINE_FACILITATOR},
    {"accountant", MEMBER_LINE_ACCOUNTANT},
    {"comptable", MEMBER_LINE_ACCOUNTANT},
    {"auditor", MEMBER_LINE_AUDITOR},
    {"auditeur", MEMBER_LINE_AUDITOR},
    {"auditrice", MEMBER_LINE_AUDITOR},
    {"reviseur", MEMBER_LINE_AUDITOR},
    {"reviseuse", MEMBER_LINE_AUDITOR},
    {"mediator", MEMBER_LINE_MEDIATOR},
    {"mediateur", MEMBER_LINE_MEDIATOR},
    {"mediatrice", MEMBER_LINE_MEDIATOR},
};

static const struct {
    const char *word;
    enum lang lang;
} languages[] = {
    {"en", LANG_EN}, {"english", LANG_EN}, {"anglais", LANG_EN},
    {"fr", LANG_FR}, {"french", LANG_FR},  {"francais", LANG_FR},
};

no members_csv_open(struct members_csv *file, struct arena *arena, str text,
                    struct csv_wrong *wrong)
{
    TRY(csv_open(&file->csv, text, wrong));
    TRY(csv_head_read(&file->csv, arena, &file->head, wrong));
    for (int i = 0; i < MEMBERS_COLUMNS; i++) {
        file->at[i] = csv_head_find(&file->head, columns[i].names);
        if (file->at[i] == CSV_NO_COLUMN && i <= MEMBERS_NAME) {
            *wrong = (struct csv_wrong){1, columns[i].field, NO_FILE_HEADER_UNKNOWN};
            return NO_FILE_HEADER_UNKNOWN;
        }
    }
    return YES;
}

struct line {
    const struct members_csv *file;
    const struct csv_row *row;
    struct arena *arena;
    enum members_column column; /* looked at last: the one a fault is about */
};

static str field(struct line *line, enum members_column column)
{
    line->column = column;
    return csv_field(line->row, line->file->at[column]);
}

/* --- an address ------------------------------------------------------------------------------- */

static bool is_ascii_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* RFC 5321's dot-string; quoted local parts are refused, nobody has one. Bytes past ASCII are RFC
 * 6531. */
static bool is_local(str local)
{
    for (size_t i = 0; i < local.len; i++) {
        const char c = local.ptr[i];

        if (c == '.' ? i == 0 || i + 1 == local.len || local.ptr[i + 1] == '.'
                     : !is_ascii_letter_or_digit(c) && (unsigned char)c < 0x80 &&
                           str_find_char(S("!#$%&'*+-/=?^_`{|}~"), c) == 19)
            return false;
    }
    return local.len > 0 && local.len <= LOCAL_MOST;
}

static bool is_label(str label)
{
    for (size_t i = 0; i < label.len; i++)
        if (!is_ascii_letter_or_digit(label.ptr[i]) && (unsigned char)label.ptr[i] < 0x80 &&
            !(label.ptr[i] == '-' && i > 0 && i + 1 < label.len))
            return false;
    return label.len > 0 && label.len <= 63;
}

static bool is_domain(str domain)
{
    size_t labels = 0;
    bool more = true;

    for (str rest = domain; more; labels++) {
        const str all = rest;
        str label;

        more = str_cut(all, '.', &label, &rest);
        if (!is_label(label))
            return false;
    }
    return labels >= 2;
}

static no read_email(struct line *line, str *email)
{
    const str text = field(line, MEMBERS_EMAIL);
    str local, domain;

    if (text.len == 0)
        return NO_FIELD_MISSING;
    if (text.len > EMAIL_MOST)
        return NO_FIELD_TOO_LONG;
    if (!str_cut(text, '@', &local, &domain) || !is_local(local) || !is_domain(domain) ||
        !utf8_clean(text, false))
        return NO_FIELD_NOT_AN_EMAIL;
    *email = text;
    return YES;
}

/* --- the other fields ------------------------------------------------------------------------- */

static no read_line(struct line *line, enum members_column column, size_t most, str *text)
{
    TRY(plaintext_line(line->arena, field(line, column), text));
    return utf8_count(*text) > most ? NO_FIELD_TOO_LONG : YES;
}

static no read_name(struct line *line, str *name)
{
    str first, last;
    struct buf both;

    TRY(read_line(line, MEMBERS_FIRST_NAME, NAME_MOST, &first));
    TRY(read_line(line, MEMBERS_NAME, NAME_MOST, &last));
    buf_init(&both, line->arena, first.len + last.len + 1);
    buf_put(&both, first);
    buf_put(&both, first.len > 0 && last.len > 0 ? S(" ") : STR_NONE);
    buf_put(&both, last);
    if (buf_failed(&both))
        return NO_OUT_OF_MEMORY;
    if (both.len == 0)
        return NO_FIELD_MISSING;
    *name = buf_str(&both);
    return utf8_count(*name) > NAME_MOST ? NO_FIELD_TOO_LONG : YES;
}

static no read_handle(struct line *line, str *handle)
{
    const str text = field(line, MEMBERS_HANDLE);
    const str bare = str_starts(text, S("@")) ? str_sub(text, 1, text.len) : text;

    for (size_t i = 0; i < bare.len; i++)
        if (!(bare.ptr[i] >= 'a' && bare.ptr[i] <= 'z') &&
            !(bare.ptr[i] >= '0' && bare.ptr[i] <= '9') && bare.ptr[i] != '_' && bare.ptr[i] != '-')
            return NO_FIELD_WRONG;
    if (text.len > 0 && bare.len < HANDLE_LEAST)
        return NO_FIELD_TOO_SHORT;
    if (bare.len > HANDLE_MOST)
        return NO_FIELD_TOO_LONG;
    *handle = bare;
    return YES;
}

static no read_role(struct line *line, enum member_line_role *role)
{
    const str word = str_trim(utf8_fold(line->arena, field(line, MEMBERS_ROLE)));

    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        if (str_eq(word, str_of(roles[i].word))) {
            *role = roles[i].role;
            return YES;
        }
    }
    return NO_FIELD_NOT_A_CHOICE;
}

static no read_language(struct line *line, struct member_line *member)
{
    const str word = str_trim(utf8_fold(line->arena, field(line, MEMBERS_LANGUAGE)));

    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
        if (str_eq(word, str_of(languages[i].word))) {
            member->lang = languages[i].lang;
            member->has_lang = true;
            return YES;
        }
    }
    return word.len == 0 ? YES : NO_FIELD_NOT_A_CHOICE;
}

/* "21/11/2026", the day first, as French and British sheets have it. */
static no parse_day_first(str text, int32_t *days)
{
    str day, month, year;
    int64_t d, m, y;

    if (!str_cut(text, '/', &day, &month) || !str_cut(month, '/', &month, &year) || year.len != 4 ||
        !str_to_int64(day, &d) || !str_to_int64(month, &m) || !str_to_int64(year, &y) || d < 1 ||
        d > 31 || m < 1 || m > 12 || !time_date_valid((int32_t)y, (int)m, (int)d))
        return NO_FIELD_NOT_A_DATE;
    *days = time_days((int32_t)y, (int)m, (int)d);
    return YES;
}

static no read_joined(struct line *line, struct member_line *member)
{
    const str text = field(line, MEMBERS_JOINED);
    const bool slashes = str_find_char(text, '/') < text.len;

    if (text.len == 0)
        return YES;
    TRY(slashes ? parse_day_first(text, &member->joined_days)
                : time_parse_iso_date(text, &member->joined_days));
    member->has_joined = true;
    return YES;
}

static no read_shares(struct line *line, struct member_line *member)
{
    int64_t shares;
    const no answer = decimal_parse_count(field(line, MEMBERS_SHARES), 0, SHARES_MOST, &shares);

    if (answer == NO_FIELD_MISSING)
        return YES;
    TRY(answer);
    member->has_shares = true;
    member->shares = (int32_t)shares;
    return YES;
}

static no read_member(struct line *line, struct member_line *member)
{
    TRY(read_email(line, &member->email));
    TRY(read_name(line, &member->name));
    TRY(read_handle(line, &member->handle));
    TRY(read_role(line, &member->role));
    TRY(read_language(line, member));
    TRY(read_joined(line, member));
    TRY(read_shares(line, member));
    TRY(read_line(line, MEMBERS_PLACE, PLACE_MOST, &member->place));
    TRY(read_line(line, MEMBERS_PHONE, PHONE_MOST, &member->phone));
    return arena_overflowed(line->arena) ? NO_OUT_OF_MEMORY : YES;
}

no members_csv_next(struct members_csv *file, struct arena *arena, struct member_line *member,
                    struct csv_wrong *wrong)
{
    struct csv_row fields;

    TRY(csv_next(&file->csv, arena, &fields, wrong));
    struct member_line read = {.line = fields.line};
    struct line line = {file, &fields, arena, MEMBERS_EMAIL};
    no answer = csv_row_fits(&fields, &file->head);

    if (answer != YES) {
        (void)csv_refuse_line(wrong, fields.line, NULL, answer);
        return answer == NO_FILE_CUT ? answer : NO_FILE_LINES_REFUSED;
    }
    answer = read_member(&line, &read);
    if (answer != YES) {
        (void)csv_refuse_line(wrong, fields.line, columns[line.column].field, answer);
        return no_is_fault(answer) ? answer : NO_FILE_LINES_REFUSED;
    }
    *member = read;
    return YES;
}
