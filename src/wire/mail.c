/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "wire/mail.h"

#include "base/time.h"
#include "base/utf8.h"

/* 45 bytes are 60 of base64, and 72 with what stands around them. */
enum { WORD_BYTES = 45, PLAIN_MAX = 60 };

/* --- what may stand in a header -------------------------------------------------------------- */

bool mail_address_good(str address)
{
    size_t at_n = 0;

    if (address.len < 3 || address.len > MAIL_ADDRESS_MAX)
        return false;
    for (size_t i = 0; i < address.len; i++) {
        const unsigned char c = (unsigned char)address.ptr[i];

        if (c <= ' ' || c >= 0x7f || str_find_char(S("\"(),:;<>[\\]"), (char)c) < 11)
            return false;
        at_n += c == '@';
    }
    return at_n == 1 && address.ptr[0] != '@' && address.ptr[address.len - 1] != '@';
}

static bool has_control(str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < ' ' || text.ptr[i] == 0x7f)
            return true;
    return false;
}

static bool is_plain(str text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < ' ' || (unsigned char)text.ptr[i] >= 0x7f)
            return false;
    return str_find(text, S("=?")) == text.len;
}

/* --- encodings ------------------------------------------------------------------------------- */

static void put_base64(struct buf *out, str bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < bytes.len; i += 3) {
        uint32_t three = 0;
        const size_t n = bytes.len - i < 3 ? bytes.len - i : 3;

        for (size_t k = 0; k < 3; k++)
            three = three << 8 | (k < n ? (unsigned char)bytes.ptr[i + k] : 0);
        for (size_t k = 0; k < 4; k++)
            buf_put_char(out, k <= n ? digits[three >> (18 - 6 * k) & 63] : '=');
    }
}

/* Where a piece of at most `most` bytes ends without cutting a character. */
static size_t whole_chars(str text, size_t most)
{
    size_t end = text.len < most ? text.len : most;

    while (end < text.len && end > 0 && ((unsigned char)text.ptr[end] & 0xc0) == 0x80)
        end--;
    return end;
}

static void put_encoded(struct buf *out, str text, size_t column)
{
    for (bool first = true; text.len > 0; first = false) {
        const size_t len = whole_chars(text, first ? WORD_BYTES - column : WORD_BYTES);

        buf_put(out, first ? S("") : S("\r\n "));
        buf_put(out, S("=?UTF-8?B?"));
        put_base64(out, str_sub(text, 0, len));
        buf_put(out, S("?="));
        text = str_sub(text, len, text.len);
    }
}

void mail_put_words(struct buf *out, str text, size_t column)
{
    if (is_plain(text) && column + text.len <= MAIL_LINE_MAX)
        buf_put(out, text);
    else
        put_encoded(out, text, column);
}

static bool must_quote(unsigned char c, bool at_end)
{
    return c == '=' || c >= 0x7f || (c < ' ' && c != '\t') || ((c == ' ' || c == '\t') && at_end);
}

static void put_hex(struct buf *out, unsigned char c)
{
    static const char digits[] = "0123456789ABCDEF";

    buf_put_char(out, '=');
    buf_put_char(out, digits[c >> 4]);
    buf_put_char(out, digits[c & 15]);
}

void mail_put_quoted(struct buf *out, str text)
{
    size_t column = 0;

    for (size_t i = 0; i < text.len; i++) {
        const unsigned char c = (unsigned char)text.ptr[i];
        const bool at_end = i + 1 == text.len || text.ptr[i + 1] == '\n';
        const bool quoted = must_quote(c, at_end);

        if (c == '\n') {
            buf_put(out, S("\r\n"));
            column = 0;
            continue;
        }
        if (column + (quoted ? 3 : 1) >= MAIL_LINE_MAX) {
            buf_put(out, S("=\r\n"));
            column = 0;
        }
        if (quoted)
            put_hex(out, c);
        else
            buf_put_char(out, (char)c);
        column += quoted ? 3 : 1;
    }
}

/* --- the letter ------------------------------------------------------------------------------ */

static no check(const struct mail *mail)
{
    const str lines[] = {mail->from_name, mail->subject, mail->id, mail->unsubscribe, mail->lang};

    if (!mail_address_good(mail->from) || !mail_address_good(mail->to))
        return NO_FIELD_NOT_AN_EMAIL;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (has_control(lines[i]))
            return NO_FIELD_CONTROL_CHARS;
    return utf8_valid(mail->from_name) && utf8_valid(mail->subject) && utf8_valid(mail->body)
               ? YES
               : NO_FIELD_NOT_UTF8;
}

static void put_line(struct buf *out, const char *name, str before, str value, str after)
{
    if (value.len == 0)
        return;
    buf_put(out, str_of(name));
    buf_put(out, before);
    buf_put(out, value);
    buf_put(out, after);
    buf_put(out, S("\r\n"));
}

/* A name of letters and blanks goes as it is; any other is encoded, which needs no quotes. */
static void put_from(struct buf *out, const struct mail *mail)
{
    bool simple = is_plain(mail->from_name) && mail->from_name.len <= PLAIN_MAX;

    for (size_t i = 0; i < mail->from_name.len; i++)
        simple = simple && str_find_char(S("\"(),.:;<>@[\\]"), mail->from_name.ptr[i]) == 13;
    buf_put(out, S("From: "));
    if (mail->from_name.len > 0) {
        if (simple)
            buf_put(out, mail->from_name);
        else
            put_encoded(out, mail->from_name, 6);
        buf_put(out, S("\r\n "));
    }
    buf_put_char(out, '<');
    buf_put(out, mail->from);
    buf_put(out, S(">\r\n"));
}

no mail_write(struct buf *out, const struct mail *mail)
{
    TRY(check(mail));
    buf_put(out, S("Date: "));
    time_put_mail(out, mail->at_ns);
    buf_put(out, S("\r\n"));
    put_from(out, mail);
    put_line(out, "To: ", S("<"), mail->to, S(">"));
    buf_put(out, S("Subject: "));
    mail_put_words(out, mail->subject, 9);
    buf_put(out, S("\r\n"));
    put_line(out, "Message-ID: ", S("<"), mail->id, S(">"));
    put_line(out, "Content-Language: ", S(""), mail->lang, S(""));
    put_line(out, "List-Unsubscribe: ", S("<"), mail->unsubscribe, S(">"));
    if (mail->unsubscribe.len > 0)
        buf_put(out, S("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"));
    /* RFC 3834: no answering machine shall answer. */
    buf_put(out, S("Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                   "Content-Type: text/plain; charset=utf-8\r\n"
                   "Content-Transfer-Encoding: quoted-printable\r\n\r\n"));
    mail_put_quoted(out, mail->body);
    buf_put(out, S("\r\n"));
    return buf_failed(out) ? NO_OUT_OF_MEMORY : YES;
}
