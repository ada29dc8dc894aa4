/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The public files of the register (C2SP tlog-tiles; specs register 3.2, 3.4). What was asked is
 * parsed and written again before it names a file: no path of a request reaches the disk. A file is
 * mapped, not read: a bundle may be larger than a request's memory, and what lies under a name is
 * replaced, never changed.
 */
#include "base/hash.h"
#include "doors/http/exchange.h"
#include "doors/http/rooms.h"
#include "doors/log/files.h"
#include "wire/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ETAG_BYTES = 8 };

static const char for_ever[] = "public, max-age=31536000, immutable";
static const char a_second[] = "public, max-age=1";
static const char text[] = "text/plain; charset=utf-8";

/* What is not there today may be there tomorrow: nobody may remember the 404. */
static no answer_no(struct http_req *req)
{
    return http_bytes(req, 404, text, "no-store", STR_NONE, S("not found\n"));
}

/* The mapping is given back with the request (http_body_release). */
static no map_file(struct http_req *req, int fd, str *bytes)
{
    struct http_body *body = &req->x->body;
    struct stat info;

    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || body->mapped != NULL)
        return NO_IO_FAILED;
    *bytes = S("");
    if (info.st_size == 0)
        return YES;
    void *at = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);

    if (at == MAP_FAILED)
        return NO_OUT_OF_MEMORY;
    body->mapped = at;
    body->spooled = (size_t)info.st_size;
    *bytes = (str){at, body->spooled};
    return YES;
}

static no open_file(struct http_req *req, str path, str *bytes)
{
    const char *folder = http_log_dir(req);
    struct buf name;

    if (folder == NULL)
        return NO_NOT_FOUND;
    buf_init(&name, req->ctx.arena, 256);
    buf_put(&name, str_of(folder));
    buf_put_char(&name, '/');
    buf_put(&name, path);
    if (buf_failed(&name))
        return NO_OUT_OF_MEMORY;
    const int fd = open(arena_cstr(req->ctx.arena, buf_str(&name)),
                        O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? NO_NOT_FOUND : NO_IO_FAILED;
    const no answer = map_file(req, fd, bytes);

    (void)close(fd);
    return answer;
}

static no answer_text(struct http_req *req, str path)
{
    uint8_t sha256[HASH_SIZE];
    char etag[2 * ETAG_BYTES];
    str bytes;
    const no answer = open_file(req, path, &bytes);

    if (answer == NO_NOT_FOUND)
        return answer_no(req);
    TRY(answer);
    hash_sha256(bytes.ptr, bytes.len, sha256);
    str_hex(sha256, ETAG_BYTES, etag);
    http_header(req, "Access-Control-Allow-Origin", S("*"));
    return http_bytes(req, 200, text, a_second, (str){etag, sizeof etag}, bytes);
}

/* --- routes ------------------------------------------------------------------------------------
 */

no http_log_checkpoint(struct http_req *req)
{
    return answer_text(req, S("checkpoint"));
}

no http_log_vkey(struct http_req *req)
{
    return answer_text(req, S("vkey"));
}

no http_log_policy(struct http_req *req)
{
    return answer_text(req, S("policy"));
}

no http_log_checkpoints(struct http_req *req)
{
    uint64_t size;
    struct buf path;

    if (!lines_number(http_param(req, "size"), &size))
        return answer_no(req);
    buf_init(&path, req->ctx.arena, 64);
    buf_put(&path, S("checkpoints/"));
    lines_put_number(&path, size);
    return answer_text(req, buf_str(&path));
}

no http_log_tile(struct http_req *req)
{
    struct buf asked, path;
    struct tile tile;
    str bytes;

    buf_init(&asked, req->ctx.arena, 128);
    buf_put(&asked, S("tile/"));
    buf_put(&asked, http_param(req, "path"));
    if (tile_path_parse(buf_str(&asked), &tile) != YES)
        return answer_no(req);
    buf_init(&path, req->ctx.arena, TILE_PATH_SIZE_MAX);
    tile_path_write(&path, &tile);
    const no answer = open_file(req, buf_str(&path), &bytes);

    if (answer == NO_NOT_FOUND)
        return answer_no(req);
    TRY(answer);
    http_header(req, "Access-Control-Allow-Origin", S("*"));
    if (tile.entries) {
        req->x->compressible = true;
        http_header(req, "Vary", S("Accept-Encoding"));
    }
    return http_bytes(req, 200, "application/octet-stream", for_ever, STR_NONE, bytes);
}
