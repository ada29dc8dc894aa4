/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/jobs/erasures.h"

#include "base/buf.h"
#include "base/log.h"
#include "doors/log/files.h"
#include "doors/log/put.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { FILE_MAX = 64 << 20 };
static const char file_name[] = "erasures";

/* --- reading ---------------------------------------------------------------------------------- */

static bool parse(str line, struct erasure *erasure)
{
    str index, member, rest;

    return str_cut(line, ' ', &index, &rest) && str_cut(rest, ' ', &member, &rest) &&
           str_to_int64(index, &erasure->index) && erasure->index >= 0 &&
           str_to_int64(member, &erasure->member) && erasure->member > 0 &&
           str_to_int64(rest, &erasure->at_s) && erasure->at_s > 0;
}

static no parse_all(struct arena *arena, str bytes, struct erasures *erasures)
{
    size_t lines = 0;

    for (size_t i = 0; i < bytes.len; i++)
        lines += bytes.ptr[i] == '\n';
    erasures->list = arena_take_many(arena, lines, sizeof *erasures->list);
    if (erasures->list == NULL)
        return NO_TOO_LARGE;
    while (erasures->n < lines) {
        const str rest = str_sub(bytes, erasures->whole, bytes.len);
        const str line = str_sub(rest, 0, str_find_char(rest, '\n'));

        if (!parse(line, &erasures->list[erasures->n++])) {
            log_line(LOG_ERROR, "erasures", "a line is not INDEX MEMBER SECONDS", NULL);
            return NO_ERASURES_DAMAGED;
        }
        erasures->whole += line.len + 1;
    }
    return YES;
}

no erasures_read(struct arena *arena, const char *data, struct erasures *erasures)
{
    struct log_files files;
    str bytes;

    *erasures = (struct erasures){.n = 0};
    TRY(log_files_open(&files, arena, str_of(data)));
    const no answer = log_files_get(&files, arena, str_of(file_name), FILE_MAX, &bytes);

    log_files_close(&files);
    if (answer == NO_NOT_FOUND)
        return YES;
    TRY(answer);
    return parse_all(arena, bytes, erasures);
}

/* --- writing ---------------------------------------------------------------------------------- */

static no no_of_errno(void)
{
    return errno == ENOSPC || errno == EDQUOT ? NO_STORE_FULL : NO_IO_FAILED;
}

/* What is cut by a full disk is no line, and is taken off by the next who adds one. */
static no add(int fd, const struct erasures *had, str lines)
{
    if (ftruncate(fd, (off_t)had->whole) != 0)
        return no_of_errno();
    const ssize_t put = pwrite(fd, lines.ptr, lines.len, (off_t)had->whole);

    if (put >= 0 && put < (ssize_t)lines.len)
        return NO_STORE_FULL;
    return put == (ssize_t)lines.len && fsync(fd) == 0 ? YES : no_of_errno();
}

static no append(const char *data, const struct erasures *had, str lines)
{
    struct log_folder folder;

    TRY(log_folder_open(&folder, data, false, true));
    const int fd = openat(folder.fd, file_name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    no answer = fd < 0 ? no_of_errno() : add(fd, had, lines);

    if (fd >= 0)
        (void)close(fd);
    if (answer == YES && had->whole == 0 && fsync(folder.fd) != 0)
        answer = no_of_errno();
    log_folder_close(&folder);
    return answer;
}

struct keeping {
    struct erasures had;
    struct buf lines;
    int64_t n;
};

/* One who left twice (restored, erased again) has one line for each moment. */
static no keep_one(void *keeping_, const struct erasure *erasure)
{
    struct keeping *keeping = keeping_;

    for (size_t i = 0; i < keeping->had.n; i++)
        if (keeping->had.list[i].member == erasure->member &&
            keeping->had.list[i].at_s == erasure->at_s)
            return YES;
    buf_put_int(&keeping->lines, erasure->index);
    buf_put_char(&keeping->lines, ' ');
    buf_put_int(&keeping->lines, erasure->member);
    buf_put_char(&keeping->lines, ' ');
    buf_put_int(&keeping->lines, erasure->at_s);
    buf_put_char(&keeping->lines, '\n');
    keeping->n++;
    return YES;
}

no erasures_keep(struct ctx *ctx, const char *data, int64_t *added)
{
    struct keeping keeping = {.n = 0};

    TRY(erasures_read(ctx->arena, data, &keeping.had));
    buf_init(&keeping.lines, ctx->arena, 256);
    TRY(view_erasures(ctx, keep_one, &keeping));
    if (buf_failed(&keeping.lines))
        return NO_TOO_LARGE;
    if (added != NULL)
        *added = keeping.n;
    return keeping.n == 0 ? YES : append(data, &keeping.had, buf_str(&keeping.lines));
}

/* --- again ------------------------------------------------------------------------------------ */

no erasures_apply(struct ctx *ctx, const char *data, int64_t *done, bool *still)
{
    struct erasures erasures;

    *done = 0;
    *still = false;
    TRY(erasures_read(ctx->arena, data, &erasures));
    for (size_t i = 0; i < erasures.n; i++) {
        struct erase_again_form form = {.erasure = erasures.list[i]};
        const size_t mark = arena_mark(ctx->arena);

        TRY(deed_member_erase_again(ctx, &form));
        arena_rewind(ctx->arena, mark);
        *done += form.done;
        *still = *still || form.still;
    }
    return YES;
}

no erasures_begin(struct ctx *ctx, const char *data)
{
    int64_t done;
    bool still;

    TRY(erasures_apply(ctx, data, &done, &still));
    if (done > 0)
        log_line(LOG_WARN, "erasures", "members who had left were in this store and are erased",
                 "entries", still ? "later" : "written", NULL);
    return erasures_keep(ctx, data, NULL);
}

no erasures_round(struct ctx *ctx, const char *data, int64_t *seen)
{
    int64_t last;

    TRY(view_erasure_last(ctx, &last));
    if (last == *seen)
        return YES;
    TRY(erasures_keep(ctx, data, NULL));
    *seen = last;
    return YES;
}
