/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/log/files.h"

#include <curl/curl.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_ROOM = 64 << 10 };

/* --- where ----------------------------------------------------------------------------------- */

bool log_files_is_web(str where)
{
    return str_starts(where, S("http://")) || str_starts(where, S("https://"));
}

static bool clean(str where)
{
    for (size_t i = 0; i < where.len; i++)
        if ((unsigned char)where.ptr[i] <= ' ' || where.ptr[i] == 0x7f)
            return false;
    return true;
}

static no open_web(struct log_files *files, struct arena *arena, str where)
{
    /* A query or a fragment would swallow the path that comes behind it. */
    if (!clean(where) || str_find_char(where, '?') < where.len ||
        str_find_char(where, '#') < where.len)
        return NO_BAD_REQUEST;
    while (where.len > 0 && where.ptr[where.len - 1] == '/')
        where.len--;
    *files = (struct log_files){.web = true, .fd = -1, .where = arena_str(arena, where)};
    files->curl = curl_easy_init();
    return files->curl != NULL && files->where.ptr != NULL ? YES : NO_OUT_OF_MEMORY;
}

no log_files_open(struct log_files *files, struct arena *arena, str where)
{
    if (log_files_is_web(where))
        return open_web(files, arena, where);
    if (where.len == 0 || str_find(where, S("://")) < where.len)
        return NO_BAD_REQUEST;
    *files = (struct log_files){.where = arena_str(arena, where)};
    files->fd = open(arena_cstr(arena, where), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (files->fd >= 0)
        return YES;
    return errno == ENOENT || errno == ENOTDIR ? NO_NOT_FOUND : NO_IO_FAILED;
}

void log_files_close(struct log_files *files)
{
    if (files->fd >= 0)
        (void)close(files->fd);
    if (files->curl != NULL)
        curl_easy_cleanup(files->curl);
    files->fd = -1;
    files->curl = NULL;
}

/* --- a file of a folder ---------------------------------------------------------------------- */

static bool read_all(int fd, char *to, size_t len)
{
    while (len > 0) {
        const ssize_t got = read(fd, to, len);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        to += got;
        len -= (size_t)got;
    }
    return true;
}

static no read_open(int fd, struct arena *arena, size_t most, str *bytes)
{
    struct stat info;

    if (fstat(fd, &info) != 0)
        return NO_IO_FAILED;
    if (!S_ISREG(info.st_mode))
        return NO_NOT_FOUND;
    if ((uint64_t)info.st_size > most)
        return NO_TOO_LARGE;
    char *room = arena_take(arena, (size_t)info.st_size);

    if (room == NULL)
        return NO_OUT_OF_MEMORY;
    /* Shorter than it was a moment ago: somebody is at it. */
    if (!read_all(fd, room, (size_t)info.st_size))
        return NO_IO_FAILED;
    *bytes = (str){room, (size_t)info.st_size};
    return YES;
}

static no get_file(const struct log_files *files, struct arena *arena, str path, size_t most,
                   str *bytes)
{
    /* A pipe of that name would have us wait for ever. */
    const int fd = openat(files->fd, arena_cstr(arena, path), O_RDONLY | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? NO_NOT_FOUND : NO_IO_FAILED;
    const no answer = read_open(fd, arena, most, bytes);

    (void)close(fd);
    return answer;
}

no log_files_list(struct log_files *files, struct arena *arena, str path,
                  void (*each)(void *self, str name), void *self)
{
    const struct dirent *entry;

    if (files->web)
        return YES;
    const int fd = openat(files->fd, arena_cstr(arena, path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return errno == ENOENT ? YES : NO_IO_FAILED;
    DIR *folder = fdopendir(fd);

    if (folder == NULL) {
        (void)close(fd);
        return NO_IO_FAILED;
    }
    while ((errno = 0, entry = readdir(folder)) != NULL)
        each(self, str_of(entry->d_name));
    const bool failed = errno != 0;

    (void)closedir(folder);
    return failed ? NO_IO_FAILED : YES;
}

/* --- a file of a web server ------------------------------------------------------------------ */

struct reply {
    struct buf body;
    size_t most;
    bool too_large;
};

static size_t take(char *bytes, size_t size, size_t count, void *self)
{
    struct reply *reply = self;
    const size_t n = size * count;

    /* Counted behind gzip: a small file may unpack to a large one. */
    reply->too_large = reply->too_large || n > reply->most - reply->body.len;
    if (reply->too_large)
        return 0;
    buf_put_bytes(&reply->body, bytes, n);
    return buf_failed(&reply->body) ? 0 : n;
}

static int is_cancelled(void *files_, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct log_files *files = files_;

    (void)a, (void)b, (void)c, (void)d;
    return files->cancel != NULL && atomic_load(files->cancel) ? 1 : 0;
}

static void set_up(struct log_files *files, const char *url, struct reply *reply)
{
    CURL *curl = files->curl;

    curl_easy_reset(curl);
    (void)curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    (void)curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, is_cancelled);
    (void)curl_easy_setopt(curl, CURLOPT_XFERINFODATA, files);
    (void)curl_easy_setopt(curl, CURLOPT_URL, url);
    (void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
    (void)curl_easy_setopt(curl, CURLOPT_USERAGENT, "filon/" FILON_VERSION);
    (void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)LOG_CONNECT_S);
    (void)curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)LOG_ASK_S);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    (void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, reply);
}

static no no_of_reply(const struct reply *reply, CURLcode got, unsigned status)
{
    if (reply->too_large)
        return NO_TOO_LARGE;
    if (buf_failed(&reply->body))
        return NO_OUT_OF_MEMORY;
    if (got != CURLE_OK)
        return NO_PEER_FAILED;
    return status == 200 ? YES : status == 404 ? NO_NOT_FOUND : NO_PEER_FAILED;
}

static no get_web(struct log_files *files, struct arena *arena, str path, size_t most, str *bytes)
{
    struct reply reply = {.most = most};
    struct buf url;
    long status = 0;

    buf_init(&url, arena, 256);
    buf_put(&url, files->where);
    buf_put_char(&url, '/');
    buf_put(&url, path);
    buf_put_char(&url, 0);
    buf_init(&reply.body, arena, most < FIRST_ROOM ? most + 1 : FIRST_ROOM);
    if (buf_failed(&url) || buf_failed(&reply.body))
        return NO_OUT_OF_MEMORY;
    set_up(files, url.ptr, &reply);
    const CURLcode got = curl_easy_perform(files->curl);

    (void)curl_easy_getinfo(files->curl, CURLINFO_RESPONSE_CODE, &status);
    files->ask = (unsigned)status;
    TRY(no_of_reply(&reply, got, files->ask));
    *bytes = buf_str(&reply.body);
    return YES;
}

no log_files_get(struct log_files *files, struct arena *arena, str path, size_t most, str *bytes)
{
    return files->web ? get_web(files, arena, path, most, bytes)
                      : get_file(files, arena, path, most, bytes);
}

/* --- the files of a register ----------------------------------------------------------------- */

no log_files_checkpoint(struct log_files *files, struct arena *arena, str *note)
{
    return log_files_get(files, arena, S("checkpoint"), LOG_NOTE_MAX, note);
}

static no get_tile(struct log_files *files, struct arena *arena, const struct tile *tile,
                   str *bytes)
{
    struct buf path;

    buf_init(&path, arena, TILE_PATH_SIZE_MAX);
    tile_path_write(&path, tile);
    const no answer = log_files_get(
        files, arena, buf_str(&path),
        tile->entries ? (size_t)LOG_BUNDLE_MAX : (size_t)tile->width * TILE_HASH_SIZE, bytes);

    return answer == NO_TOO_LARGE ? NO_REGISTER_DAMAGED : answer;
}

/* Cuts a tile that is at least so wide, or says that it is not. */
static no cut(str *bytes, bool entries, unsigned width)
{
    struct tile_bundle bundle = {.bytes = *bytes};
    const size_t size = (size_t)width * TILE_HASH_SIZE;
    str entry;

    if (entries) {
        while (bundle.count < width)
            if (tile_bundle_next(&bundle, &entry) != YES)
                return NO_REGISTER_DAMAGED;
        *bytes = str_sub(*bytes, 0, bundle.at);
        return YES;
    }
    if (bytes->len < size)
        return NO_REGISTER_DAMAGED;
    *bytes = str_sub(*bytes, 0, size);
    return YES;
}

no log_files_tile(struct log_files *files, struct arena *arena, const struct tile *tile, str *bytes)
{
    struct tile full = *tile;
    no answer = get_tile(files, arena, tile, bytes);
    const bool gone = answer == NO_NOT_FOUND && tile->width < TILE_WIDTH;

    full.width = TILE_WIDTH;
    if (gone)
        answer = get_tile(files, arena, &full, bytes);
    TRY(answer);
    const size_t len = bytes->len;

    TRY(cut(bytes, tile->entries, tile->width));
    return gone || len == bytes->len ? YES : NO_REGISTER_DAMAGED;
}

no log_files_entry(struct log_files *files, struct arena *arena, uint64_t index, uint64_t size,
                   str *entry)
{
    const uint64_t at = index / TILE_WIDTH;
    const struct tile tile = {true, 0, (uint16_t)tile_width(size, 0, at), at};
    struct tile_bundle bundle = {0};

    if (index >= size)
        return NO_NOT_FOUND;
    TRY(log_files_tile(files, arena, &tile, &bundle.bytes));
    for (uint64_t i = 0; i <= index % TILE_WIDTH; i++)
        TRY(tile_bundle_next(&bundle, entry));
    return YES;
}
