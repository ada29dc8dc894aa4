/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * A list of members as a co-op keeps it in a spreadsheet. The first line names the columns, in
 * English or French, in any order; only an e-mail address and a name are needed:
 *
 *     e-mail, name (or first name and last name), handle, role, language, joined, shares, place,
 * phone e-mail, nom (or prénom and nom), identifiant, rôle, langue, adhésion, parts, ville,
 * téléphone
 *
 * Read like airbnb.h: members_csv_open, then members_csv_next until NO_NOT_FOUND. Whether an
 * address is there twice is for the deed to say, which knows who is a member already.
 */
#ifndef WIRE_MEMBERS_CSV_H
#define WIRE_MEMBERS_CSV_H

#include "base/lang.h"
#include "wire/csv.h"

/* What the file says a person is; an empty field is a member. */
enum member_line_role {
    MEMBER_LINE_MEMBER,
    MEMBER_LINE_CLIENT,
    MEMBER_LINE_FOUNDER,
    MEMBER_LINE_FACILITATOR,
    MEMBER_LINE_ACCOUNTANT,
    MEMBER_LINE_AUDITOR,
    MEMBER_LINE_MEDIATOR
};

struct member_line {
    uint32_t line;
    str email;  /* as written, without blanks; 3 to 254 bytes, one @, a dot behind it */
    str name;   /* 1 to 120 characters */
    str handle; /* a-z 0-9 _ -, 2 to 30, or empty */
    enum member_line_role role;
    bool has_lang;
    enum lang lang;
    bool has_joined;
    int32_t joined_days; /* since 1970 */
    bool has_shares;
    int32_t shares; /* number of shares, 0 or more */
    str place;      /* as written, or empty */
    str phone;      /* as written, or empty */
};

enum members_column {
    MEMBERS_EMAIL,
    MEMBERS_NAME,
    MEMBERS_FIRST_NAME,
    MEMBERS_HANDLE,
    MEMBERS_ROLE,
    MEMBERS_LANGUAGE,
    MEMBERS_JOINED,
    MEMBERS_SHARES,
    MEMBERS_PLACE,
    MEMBERS_PHONE,
    MEMBERS_COLUMNS
};

struct members_csv {
    struct csv_reader csv;
    struct csv_head head;
    int at[MEMBERS_COLUMNS];
};

/* As airbnb_open; NO_FILE_HEADER_UNKNOWN when there is no e-mail or no name. */
no members_csv_open(struct members_csv *file, struct arena *arena, str text,
                    struct csv_wrong *wrong) MUST_USE;
/* As airbnb_next. Dates are 2026-11-21 or 21/11/2026, the day first. */
no members_csv_next(struct members_csv *file, struct arena *arena, struct member_line *member,
                    struct csv_wrong *wrong) MUST_USE;

#endif
