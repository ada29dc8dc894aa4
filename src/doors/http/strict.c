/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * What libmicrohttpd 0.9.75 lets through and we refuse before routing. It parses in place: method,
 * target, version, names and values all lie in one block of memory, the head as it was received,
 * where it has put a zero over each delimiter (two over CR LF, one over a bare LF). The head's
 * start (method) and size (MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE) are given to us, so we walk the
 * block and demand that every piece stands exactly where a strict request has it. A bare LF, a
 * folded line, a zero byte or a second space leaves a gap that does not fit, whatever the library
 * made of it. docs/decisions/0020.
 */
#include "doors/http/exchange.h"

#include <string.h>

struct head {
    const char *at, *end; /* the next piece must begin at `at` */
    struct http_pair *pairs;
    size_t n;
    bool broken;
};

static bool is_token(str s)
{
    static const char others[] = "!#$%&'*+-.^_`|~";

    for (size_t i = 0; i < s.len; i++) {
        const char c = s.ptr[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              (c != 0 && strchr(others, c) != NULL)))
            return false;
    }
    return s.len > 0;
}

static bool has_control(str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (((unsigned char)s.ptr[i] < 0x20 && s.ptr[i] != '\t') || s.ptr[i] == 0x7f)
            return true;
    return false;
}

/* Two zeros where CR LF was; then the next line. */
static bool line_ends(struct head *head, const char *at)
{
    if (at < head->at || head->end - at < 2 || at[0] != 0 || at[1] != 0)
        return false;
    head->at = at + 2;
    return true;
}

static bool value_follows(const struct head *head, const char *colon, const char *value)
{
    if (value == NULL || value <= colon || value >= head->end)
        return false;
    for (const char *c = colon + 1; c < value; c++)
        if (*c != ' ' && *c != '\t')
            return false;
    return true;
}

static enum MHD_Result take_header(void *self, enum MHD_ValueKind kind, const char *name,
                                   size_t name_len, const char *value, size_t value_len)
{
    struct head *head = self;
    const str key = {name, name_len};

    (void)kind;
    head->broken = head->n == HTTP_HEADERS_MAX || name != head->at || !is_token(key) ||
                   !value_follows(head, name + name_len, value) ||
                   has_control((str){value, value_len}) || !line_ends(head, value + value_len);
    if (head->broken)
        return MHD_NO;
    head->pairs[head->n++] = (struct http_pair){key, str_trim((str){value, value_len})};
    return MHD_YES;
}

/* "GET /path HTTP/1.1": one space each side, nothing else. */
static bool request_line(struct head *head, const struct http_conn *conn, const char *method,
                         const char *version)
{
    const size_t method_len = strlen(method);

    if (conn->uri == NULL || conn->uri != method + method_len + 1 ||
        version != conn->uri + conn->target_len + 1)
        return false;
    head->at = method;
    return line_ends(head, version + strlen(version));
}

static no walk_head(struct http_exchange *x, const char *method, const char *version)
{
    const union MHD_ConnectionInfo *size =
        MHD_get_connection_info(x->conn->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    struct head head = {.pairs = arena_take_many(&x->arena, HTTP_HEADERS_MAX, sizeof *head.pairs)};

    if (head.pairs == NULL || size == NULL)
        return NO_OUT_OF_MEMORY;
    head.end = method + size->header_size;
    if (!request_line(&head, x->conn, method, version))
        return NO_BAD_REQUEST;
    (void)MHD_get_connection_values_n(x->conn->mhd, MHD_HEADER_KIND, take_header, &head);
    if (head.broken || !line_ends(&head, head.at) || head.at != head.end)
        return NO_BAD_REQUEST;
    x->headers = head.pairs;
    x->headers_n = head.n;
    return YES;
}

/* --- what the headers say --------------------------------------------------------------------- */

static size_t count(const struct http_exchange *x, str name, str *value)
{
    size_t n = 0;

    for (size_t i = 0; i < x->headers_n; i++)
        if (str_eq_nocase(x->headers[i].name, name)) {
            *value = x->headers[i].value;
            n++;
        }
    return n;
}

/* RFC 9112 section 3.2: exactly one in HTTP/1.1. A name, an address, a port: nothing that could be
 * a path or a list. */
static bool host_is_good(const struct http_exchange *x, bool required)
{
    static const char allowed[] = "-._:[]~%";
    str host = STR_NONE;
    const size_t n = count(x, S("Host"), &host);

    if (n > 1 || (n == 0 && required) || (n == 1 && host.len == 0) || host.len > 255)
        return false;
    for (size_t i = 0; i < host.len; i++) {
        const char c = host.ptr[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              strchr(allowed, c) != NULL))
            return false;
    }
    return true;
}

/* RFC 9112 section 6: one length, told once, in one way. */
static bool length_is_good(struct http_exchange *x, bool old)
{
    str length = STR_NONE, coding = STR_NONE;
    const size_t lengths = count(x, S("Content-Length"), &length);
    const size_t codings = count(x, S("Transfer-Encoding"), &coding);

    if (lengths + codings > 1)
        return false;
    x->body.declared = 0;
    if (codings == 1) {
        x->body.declared = -1;
        return !old && str_eq_nocase(coding, S("chunked"));
    }
    /* Digits only: str_to_int64 would take a minus. */
    for (size_t i = 0; i < length.len; i++)
        if (length.ptr[i] < '0' || length.ptr[i] > '9')
            return false;
    return lengths == 0 || str_to_int64(length, &x->body.declared);
}

/* Origin-form only, printable ASCII, no encoded zero; a proxy's form and "*" are not for us. */
static bool target_is_good(str target)
{
    if (target.len == 0 || target.ptr[0] != '/')
        return false;
    for (size_t i = 0; i < target.len; i++) {
        if (target.ptr[i] <= ' ' || target.ptr[i] > '~' || target.ptr[i] == '#')
            return false;
        if (target.ptr[i] == '%' && str_eq(str_sub(target, i, 3), S("%00")))
            return false;
    }
    return true;
}

no http_strict(struct http_exchange *x, const char *method, const char *version)
{
    const bool old = strcmp(version, "HTTP/1.0") == 0;

    if (x->conn->target_len >= HTTP_TARGET_MAX)
        return NO_TOO_LARGE;
    TRY(walk_head(x, method, version));
    if (!old && strcmp(version, "HTTP/1.1") != 0)
        return NO_BAD_REQUEST;
    if (!is_token(str_of(method)) || !target_is_good((str){x->conn->target, x->conn->target_len}) ||
        !host_is_good(x, !old) || !length_is_good(x, old))
        return NO_BAD_REQUEST;
    return YES;
}
