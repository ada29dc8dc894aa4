/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "deeds/member.h"

#include "base/utf8.h"

bool member_may_sign_in(int64_t status)
{
    return status == MEMBER_ASKED || status == MEMBER_ACTIVE;
}

/* --- what people type
 * ---------------------------------------------------------------------------------------------- */

static bool check(struct ctx *ctx, const char *field, str value, size_t most, bool lines)
{
    if (!utf8_valid(value)) {
        (void)deed_wrong(ctx, field, NO_FIELD_NOT_UTF8);
        return false;
    }
    if (!utf8_clean(value, lines)) {
        (void)deed_wrong(ctx, field, NO_FIELD_CONTROL_CHARS);
        return false;
    }
    if (utf8_count(value) > most) {
        (void)deed_wrong_bound(ctx, field, NO_FIELD_TOO_LONG, (int64_t)most);
        return false;
    }
    return true;
}

bool member_check_line(struct ctx *ctx, const char *field, str value, size_t most, bool wanted)
{
    if (wanted && str_trim(value).len == 0) {
        (void)deed_wrong(ctx, field, NO_FIELD_MISSING);
        return false;
    }
    return check(ctx, field, value, most, false);
}

bool member_check_text(struct ctx *ctx, const char *field, str value, size_t most)
{
    return check(ctx, field, value, most, true);
}

/* No character that means something else in a header, an address list or a URL. */
static bool email_bytes_good(str email)
{
    for (size_t i = 0; i < email.len; i++) {
        const unsigned char c = (unsigned char)email.ptr[i];

        if (c <= ' ' || c >= 0x7f || str_find_char(S("\"(),:;<>[\\]"), (char)c) < 11)
            return false;
    }
    return true;
}

bool member_email_good(str email)
{
    str name, host;

    if (email.len > MEMBER_EMAIL_MAX || !email_bytes_good(email) ||
        !str_cut(email, '@', &name, &host))
        return false;
    const size_t dot = str_find_char(host, '.');

    return name.len > 0 && name.len <= 64 && str_find_char(host, '@') == host.len && dot > 0 &&
           dot + 1 < host.len && host.ptr[host.len - 1] != '.' &&
           str_find(host, S("..")) == host.len;
}

bool member_check_email(struct ctx *ctx, const char *field, str email)
{
    if (str_trim(email).len == 0) {
        (void)deed_wrong(ctx, field, NO_FIELD_MISSING);
        return false;
    }
    if (!member_email_good(str_trim(email))) {
        (void)deed_wrong(ctx, field, NO_FIELD_NOT_AN_EMAIL);
        return false;
    }
    return true;
}

str member_email_key(struct arena *arena, str email)
{
    const str trimmed = str_trim(email);
    char *key = arena_take(arena, trimmed.len);

    if (key == NULL)
        return STR_NONE;
    for (size_t i = 0; i < trimmed.len; i++)
        key[i] = trimmed.ptr[i] >= 'A' && trimmed.ptr[i] <= 'Z'
                     ? (char)(trimmed.ptr[i] + ('a' - 'A'))
                     : trimmed.ptr[i];
    return (str){key, trimmed.len};
}

bool member_check_password(struct ctx *ctx, const char *field, str password)
{
    if (password.len == 0) {
        (void)deed_wrong(ctx, field, NO_FIELD_MISSING);
        return false;
    }
    if (!check(ctx, field, password, MEMBER_PASSWORD_MAX, false))
        return false;
    if (utf8_count(password) < MEMBER_PASSWORD_MIN) {
        (void)deed_wrong_bound(ctx, field, NO_FIELD_TOO_SHORT, MEMBER_PASSWORD_MIN);
        return false;
    }
    return true;
}
