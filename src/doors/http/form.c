/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * Bodies. Nothing is larger in memory than a form may be: what the two form types say is taken
 * apart by the library's post processor, a form in one piece once it is complete, an upload as it
 * arrives; files go to an unnamed file on disk, mapped when the body is complete.
 */
#include "base/utf8.h"
#include "doors/http/exchange.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PARSER_SIZE = 16 << 10 };

/* --- fields and files as the parser finds them
 * ------------------------------------------------------------------------------ */

static bool refuse(struct http_body *body, no why)
{
    if (body->why == YES)
        body->why = why;
    return false;
}

static bool keep_text(struct http_body *body, const char *bytes, size_t len, str *at)
{
    if (len > body->text_size - body->text_used)
        return refuse(body, NO_TOO_LARGE);
    *at = (str){body->text + body->text_used, len};
    if (len > 0)
        memcpy(body->text + body->text_used, bytes, len);
    body->text_used += len;
    return true;
}

static bool new_field(struct http_body *body, const char *name)
{
    const str key = str_of(name);

    if (body->fields_n == HTTP_FIELDS_MAX)
        return refuse(body, NO_TOO_LARGE);
    if (key.len == 0 || key.len > HTTP_FIELD_NAME_MAX || !utf8_valid(key))
        return refuse(body, NO_BAD_REQUEST);

    struct http_pair *field = &body->fields[body->fields_n];

    if (!keep_text(body, key.ptr, key.len, &field->name) || !keep_text(body, "", 0, &field->value))
        return false;
    body->fields_n++;
    return true;
}

static bool more_field(struct http_body *body, const char *bytes, size_t len)
{
    struct http_pair *field = &body->fields[body->fields_n - 1];
    str added;

    if (!keep_text(body, bytes, len, &added))
        return false;
    /* Pieces of one value arrive one after the other, so they stand side by side. */
    field->value.len += added.len;
    return true;
}

/* Browsers of old sent a whole path. */
static str base_name(const char *name)
{
    str s = str_of(name);

    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] == '/' || s.ptr[i] == '\\')
            return base_name(name + i + 1);
    return s;
}

static bool new_file(struct http_body *body, const char *field, const char *name, const char *type)
{
    const str key = str_of(field), shown = base_name(name), kind = str_of(type);

    if (!body->uploads)
        return refuse(body, NO_BAD_REQUEST);
    if (body->files_n == HTTP_FILES_MAX)
        return refuse(body, NO_TOO_LARGE);
    if (key.len == 0 || key.len > HTTP_FIELD_NAME_MAX || !utf8_valid(key) || !utf8_valid(shown) ||
        !utf8_valid(kind))
        return refuse(body, NO_BAD_REQUEST);

    struct http_file *file = &body->files[body->files_n];

    if (!keep_text(body, key.ptr, key.len, &file->field) ||
        !keep_text(body, shown.ptr, shown.len, &file->name) ||
        !keep_text(body, kind.ptr, kind.len, &file->type))
        return false;
    body->file_at[body->files_n++] = body->spooled;
    return true;
}

static bool write_all(struct http_body *body, const char *bytes, size_t len)
{
    while (len > 0) {
        const ssize_t written = pwrite(body->spool, bytes, len, (off_t)body->spooled);

        if (written <= 0)
            return refuse(body, NO_IO_FAILED);
        bytes += written;
        len -= (size_t)written;
        body->spooled += (size_t)written;
    }
    return true;
}

static bool more_file(struct http_exchange *x, const char *bytes, size_t len)
{
    struct http_body *body = &x->body;
    struct http_file *file = &body->files[body->files_n - 1];

    if (len > HTTP_FILE_MAX - file->bytes.len)
        return refuse(body, NO_TOO_LARGE);
    if (body->spool < 0)
        body->spool = open(x->server->config.spool_dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (body->spool < 0)
        return refuse(body, NO_IO_FAILED);
    file->bytes.len += len;
    return write_all(body, bytes, len);
}

/* One piece of one part. `offset` 0 is a new part; the library calls at least once for each, also
 * for an empty one. */
static enum MHD_Result take_part(void *self, enum MHD_ValueKind kind, const char *name,
                                 const char *file_name, const char *type, const char *coding,
                                 const char *bytes, uint64_t offset, size_t len)
{
    struct http_exchange *x = self;
    struct http_body *body = &x->body;

    (void)kind;
    (void)coding;
    if (name == NULL)
        return refuse(body, NO_BAD_REQUEST) ? MHD_YES : MHD_NO;
    if (offset == 0) {
        body->in_file = file_name != NULL;
        /* A file input that was left empty: no name, no bytes. */
        body->in_skipped = body->in_file && file_name[0] == 0 && len == 0;
        if (!body->in_skipped &&
            !(body->in_file ? new_file(body, name, file_name, type) : new_field(body, name)))
            return MHD_NO;
    }
    if (len == 0 || body->in_skipped)
        return MHD_YES;
    return (body->in_file ? more_file(x, bytes, len) : more_field(body, bytes, len)) ? MHD_YES
                                                                                     : MHD_NO;
}

/* --- the body --------------------------------------------------------------------------------- */

static bool take_memory(struct http_exchange *x)
{
    struct http_body *body = &x->body;
    const size_t most = x->server->config.form_max;
    const size_t size =
        body->declared >= 0 && (uint64_t)body->declared < most ? (size_t)body->declared : most;

    body->text_size = size;
    body->text = arena_take(&x->arena, size + 1);
    if (body->kind == BODY_FORM || body->kind == BODY_PARTS)
        body->fields = arena_take_many(&x->arena, HTTP_FIELDS_MAX, sizeof *body->fields);
    if (body->kind == BODY_PARTS) {
        body->files = arena_take_many(&x->arena, HTTP_FILES_MAX, sizeof *body->files);
        body->file_at = arena_take_many(&x->arena, HTTP_FILES_MAX, sizeof *body->file_at);
    }
    return !arena_overflowed(&x->arena);
}

void http_body_begin(struct http_exchange *x)
{
    struct http_body *body = &x->body;
    const str type = x->req.type;

    body->spool = -1;
    if (body->declared == 0)
        return;
    body->kind = x->why != YES || x->req.method != HTTP_POST            ? BODY_DISCARD
                 : str_eq(type, S("application/x-www-form-urlencoded")) ? BODY_FORM
                 : str_eq(type, S("multipart/form-data"))               ? BODY_PARTS
                                                                        : BODY_RAW;
    if (body->kind == BODY_DISCARD)
        return;
    if (!take_memory(x)) {
        (void)refuse(body, NO_OUT_OF_MEMORY);
        return;
    }
    if (body->kind == BODY_PARTS)
        body->parser = MHD_create_post_processor(x->conn->mhd, PARSER_SIZE, take_part, x);
    if (body->kind == BODY_PARTS && body->parser == NULL)
        (void)refuse(body, NO_BAD_REQUEST);
}

void http_body_take(struct http_exchange *x, const char *bytes, size_t len)
{
    struct http_body *body = &x->body;
    str kept;

    body->got += len;
    if (body->got > body->limit)
        (void)refuse(body, NO_TOO_LARGE);
    if (body->why != YES || body->kind == BODY_DISCARD || body->kind == BODY_NONE)
        return;
    if (body->kind != BODY_PARTS)
        (void)keep_text(body, bytes, len, &kept);
    else if (MHD_post_process(body->parser, bytes, len) != MHD_YES)
        (void)refuse(body, NO_BAD_REQUEST);
}

/* RFC-abiding forms are printable ASCII; the library would end the form at a raw newline and cut a
 * name at %00. */
static bool form_is_clean(str raw)
{
    for (size_t i = 0; i < raw.len; i++)
        if (raw.ptr[i] <= ' ' || raw.ptr[i] > '~' ||
            (raw.ptr[i] == '%' && str_eq(str_sub(raw, i, 3), S("%00"))))
            return false;
    return true;
}

static no parse_form(struct http_exchange *x)
{
    struct http_body *body = &x->body;
    const str raw = {body->text, body->text_used};

    if (!form_is_clean(raw))
        return NO_BAD_REQUEST;
    /* Decoded fields are never longer than the raw ones: the same size again holds them. */
    body->text_size = raw.len + 1;
    body->text_used = 0;
    body->text = arena_take(&x->arena, body->text_size);
    body->parser = MHD_create_post_processor(x->conn->mhd, PARSER_SIZE, take_part, x);
    if (body->text == NULL || body->parser == NULL)
        return NO_OUT_OF_MEMORY;
    /* The closing '&' ends a last name without '='. */
    if (raw.len > 0 && (MHD_post_process(body->parser, raw.ptr, raw.len) != MHD_YES ||
                        MHD_post_process(body->parser, "&", 1) != MHD_YES))
        return body->why != YES ? body->why : NO_BAD_REQUEST;
    return YES;
}

static no map_files(struct http_body *body)
{
    if (body->spooled == 0)
        return YES;
    body->mapped = mmap(NULL, body->spooled, PROT_READ, MAP_PRIVATE, body->spool, 0);
    if (body->mapped == MAP_FAILED) {
        body->mapped = NULL;
        return NO_OUT_OF_MEMORY;
    }
    for (size_t i = 0; i < body->files_n; i++)
        body->files[i].bytes.ptr = (const char *)body->mapped + body->file_at[i];
    return YES;
}

static no values_are_text(const struct http_body *body)
{
    for (size_t i = 0; i < body->fields_n; i++) {
        const str value = body->fields[i].value;

        if (!utf8_valid(value) || str_find_char(value, 0) != value.len)
            return NO_BAD_REQUEST;
    }
    return YES;
}

no http_body_end(struct http_exchange *x)
{
    struct http_body *body = &x->body;

    if (body->why != YES)
        return body->why;
    if (body->kind == BODY_RAW)
        x->req.body = (str){body->text, body->text_used};
    if (body->kind == BODY_FORM)
        TRY(parse_form(x));
    if (body->parser != NULL) {
        struct MHD_PostProcessor *parser = body->parser;

        body->parser = NULL;
        if (MHD_destroy_post_processor(parser) != MHD_YES)
            return body->why != YES ? body->why : NO_BAD_REQUEST;
    }
    TRY(body->why);
    TRY(values_are_text(body));
    return map_files(body);
}

void http_body_release(struct http_body *body)
{
    if (body->parser != NULL)
        (void)MHD_destroy_post_processor(body->parser);
    if (body->mapped != NULL)
        (void)munmap(body->mapped, body->spooled);
    if (body->spool >= 0)
        (void)close(body->spool);
    *body = (struct http_body){.spool = -1};
}
