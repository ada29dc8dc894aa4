/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * embed OUT.c FILE...   writes the table of src/base/asset.h, and OUT.bin beside it with all the
 * bytes. The bytes reach the program by .incbin, which costs the compiler nothing. In .css files,
 * url(../fonts/x.woff2) becomes the hashed address of that asset: so fonts and pictures are hashed
 * before styles, and a style before the style that imports it.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

#include <openssl/sha.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { MEMORY = 512 << 20, HASH_DIGITS = 12, NAME_MAX_LEN = 200 };
enum state { STATE_READ, STATE_AT_WORK, STATE_DONE };

struct file {
    const char *path;
    str name, type, body, gzip;
    char hash12[HASH_DIGITS];
    size_t body_at, gzip_at; /* in OUT.bin */
    enum state state;
};

struct embed {
    struct arena arena;
    struct file *files;
    size_t n;
};

static _Noreturn void fail(const char *path, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static _Noreturn void fail(const char *path, const char *format, ...)
{
    va_list args;

    (void)fprintf(stderr, "%s:1: ", path);
    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
    (void)fputc('\n', stderr);
    exit(1);
}

static str type_of(str name)
{
    static const struct {
        str end, type;
    } types[] = {
        {{".css", 4}, {"text/css; charset=utf-8", 23}},
        {{".js", 3}, {"text/javascript; charset=utf-8", 30}},
        {{".mjs", 4}, {"text/javascript; charset=utf-8", 30}},
        {{".svg", 4}, {"image/svg+xml", 13}},
        {{".woff2", 6}, {"font/woff2", 10}},
        {{".png", 4}, {"image/png", 9}},
        {{".jpg", 4}, {"image/jpeg", 10}},
        {{".webp", 5}, {"image/webp", 10}},
        {{".avif", 5}, {"image/avif", 10}},
        {{".ico", 4}, {"image/x-icon", 12}},
        {{".json", 5}, {"application/json", 16}},
        {{".geojson", 8}, {"application/geo+json", 20}},
        {{".webmanifest", 12}, {"application/manifest+json", 25}},
        {{".csv", 4}, {"text/csv; charset=utf-8", 23}},
        {{".tsv", 4}, {"text/tab-separated-values; charset=utf-8", 40}},
        {{"LICENCES", 8}, {"text/plain; charset=utf-8", 25}},
        {{".xsd", 4}, {"application/xml", 15}},
        {{".xml", 4}, {"application/xml", 15}},
        {{".html", 5}, {"text/html; charset=utf-8", 24}},
        {{".txt", 4}, {"text/plain; charset=utf-8", 25}},
        {{".md", 3}, {"text/plain; charset=utf-8", 25}},
        {{".sql", 4}, {"text/plain; charset=utf-8", 25}},
    };

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (str_ends(name, types[i].end))
            return types[i].type;
    return S("application/octet-stream");
}

/* What follows "assets/"; for "store/migrate/0001-x.sql", "migrate/0001-x.sql". */
static str name_of(const char *path)
{
    const str all = str_of(path), root = S("assets/"), schema = S("store/migrate/");
    const size_t in_root = str_find(all, root), in_schema = str_find(all, schema);
    str name;

    if (in_schema < all.len)
        name = str_sub(all, in_schema + strlen("store/"), all.len);
    else if (in_root < all.len)
        name = str_sub(all, in_root + root.len, all.len);
    else
        fail(path, "is not below assets/ or store/migrate/");
    for (size_t i = 0; i < name.len; i++) {
        const char c = name.ptr[i];
        const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || (c != '\0' && strchr("-_./@", c) != NULL);
        if (!good)
            fail(path, "has a name that needs escapes in an address");
    }
    if (name.len == 0 || name.len > NAME_MAX_LEN)
        fail(path, "has a name that is empty or too long");
    return name;
}

static str read_file(struct embed *embed, const char *path)
{
    FILE *file = fopen(path, "rb");
    long size = -1;

    if (file == NULL)
        fail(path, "cannot be read");
    if (fseek(file, 0, SEEK_END) == 0)
        size = ftell(file);
    if (size < 0 || fseek(file, 0, SEEK_SET) != 0)
        fail(path, "cannot be read");
    char *body = arena_take(&embed->arena, (size_t)size + 1);
    if (body == NULL)
        fail(path, "out of memory");
    if (fread(body, 1, (size_t)size, file) != (size_t)size)
        fail(path, "cannot be read");
    (void)fclose(file);
    return (str){body, (size_t)size};
}

static str gzip(struct embed *embed, const struct file *file)
{
    z_stream stream = {0};

    if (deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        fail(file->path, "zlib refuses");
    const size_t room = deflateBound(&stream, file->body.len);
    char *out = arena_take(&embed->arena, room);
    Bytef *in = arena_take(&embed->arena, file->body.len + 1);
    if (out == NULL || in == NULL)
        fail(file->path, "out of memory");
    memcpy(in, file->body.ptr, file->body.len);
    stream.next_in = in;
    stream.avail_in = (uInt)file->body.len;
    stream.next_out = (Bytef *)out;
    stream.avail_out = (uInt)room;
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
        fail(file->path, "zlib refuses");
    const size_t len = stream.total_out;
    (void)deflateEnd(&stream);
    return len < file->body.len ? (str){out, len} : STR_NONE;
}

static struct file *find(struct embed *embed, str name)
{
    for (size_t i = 0; i < embed->n; i++)
        if (str_eq(embed->files[i].name, name))
            return &embed->files[i];
    return NULL;
}

static void put_address(struct buf *out, const struct file *file)
{
    buf_put(out, S("/a/"));
    buf_put_bytes(out, file->hash12, HASH_DIGITS);
    buf_put_char(out, '/');
    buf_put(out, file->name);
}

/* "css/filon.css" + "../fonts/x.woff2" = "fonts/x.woff2". */
static str resolve(struct embed *embed, const struct file *from, str link)
{
    struct buf out;
    str piece, rest = link;
    size_t slash = from->name.len;

    while (slash > 0 && from->name.ptr[slash - 1] != '/')
        slash--;
    buf_init(&out, &embed->arena, from->name.len + link.len + 1);
    buf_put(&out, (str){from->name.ptr, slash});
    while (rest.len > 0) {
        (void)str_cut(rest, '/', &piece, &rest);
        if (str_eq(piece, S("."))) {
            continue;
        } else if (str_eq(piece, S(".."))) {
            if (out.len == 0)
                fail(from->path, "url(%.*s) leaves assets/", (int)link.len, link.ptr);
            out.len--;
            while (out.len > 0 && out.ptr[out.len - 1] != '/')
                out.len--;
        } else {
            buf_put(&out, piece);
            if (rest.len > 0)
                buf_put_char(&out, '/');
        }
    }
    return buf_str(&out);
}

static void finish(struct embed *embed, struct file *file);

/* One url(...): `inner` is what stands between the parentheses. */
static void put_link(struct embed *embed, const struct file *from, struct buf *out, str inner)
{
    str link = str_trim(inner);

    if (link.len >= 2 && (link.ptr[0] == '"' || link.ptr[0] == '\'') &&
        link.ptr[link.len - 1] == link.ptr[0])
        link = str_sub(link, 1, link.len - 2);
    const bool elsewhere =
        link.len == 0 || link.ptr[0] == '#' || link.ptr[0] == '/' || str_starts(link, S("data:"));
    size_t end = str_find_char(link, '?');
    const size_t hash = str_find_char(link, '#');

    end = hash < end ? hash : end;
    buf_put(out, S("url("));
    if (elsewhere) {
        buf_put(out, inner);
    } else {
        struct file *to = find(embed, resolve(embed, from, (str){link.ptr, end}));

        if (to == NULL)
            fail(from->path, "url(%.*s) is not an asset", (int)link.len, link.ptr);
        finish(embed, to);
        buf_put_char(out, '"');
        put_address(out, to);
        buf_put(out, str_sub(link, hash, link.len));
        buf_put_char(out, '"');
    }
    buf_put_char(out, ')');
}

static str rewrite_css(struct embed *embed, const struct file *file)
{
    struct buf out;
    str rest = file->body;

    buf_init(&out, &embed->arena, file->body.len + 4096);
    while (rest.len > 0) {
        const size_t comment = str_find(rest, S("/*")), at = str_find(rest, S("url("));

        if (comment < at) { /* nothing in a comment is a link */
            const size_t len =
                comment + 2 + str_find(str_sub(rest, comment + 2, rest.len), S("*/"));
            buf_put(&out, str_sub(rest, 0, len));
            rest = str_sub(rest, len, rest.len);
            continue;
        }
        buf_put(&out, str_sub(rest, 0, at));
        rest = str_sub(rest, at + strlen("url("), rest.len);
        if (rest.len == 0)
            break;
        const size_t close = str_find_char(rest, ')');
        put_link(embed, file, &out, str_sub(rest, 0, close));
        rest = str_sub(rest, close + 1, rest.len);
    }
    if (buf_failed(&out))
        fail(file->path, "out of memory");
    return buf_str(&out);
}

/* Rewritten if it is a style, hashed, compressed. */
static void finish(struct embed *embed, struct file *file)
{
    uint8_t digest[SHA256_DIGEST_LENGTH];

    if (file->state == STATE_DONE)
        return;
    if (file->state == STATE_AT_WORK)
        fail(file->path, "imports itself");
    file->state = STATE_AT_WORK;
    if (str_ends(file->name, S(".css")))
        file->body = rewrite_css(embed, file);
    (void)SHA256((const uint8_t *)file->body.ptr, file->body.len, digest);
    str_hex(digest, HASH_DIGITS / 2, file->hash12);
    file->gzip = gzip(embed, file);
    file->state = STATE_DONE;
}

static int by_name(const void *a, const void *b)
{
    const struct file *left = a, *right = b;

    return str_cmp(left->name, right->name);
}

static void write_bin(struct embed *embed, const char *path)
{
    FILE *file = fopen(path, "wb");
    size_t at = 0;
    bool good = file != NULL;

    for (size_t i = 0; good && i < embed->n; i++) {
        struct file *one = &embed->files[i];

        one->body_at = at;
        one->gzip_at = at + one->body.len;
        at += one->body.len + one->gzip.len;
        good =
            fwrite(one->body.ptr, 1, one->body.len, file) == one->body.len &&
            (one->gzip.len == 0 || fwrite(one->gzip.ptr, 1, one->gzip.len, file) == one->gzip.len);
    }
    good = good && fputc(0, file) == 0; /* never empty */
    if (!good || fclose(file) != 0)
        fail(path, "cannot be written");
}

static void put_str(struct buf *out, str text)
{
    buf_printf(out, "{\"%.*s\", %zu}", (int)text.len, text.ptr, text.len);
}

static void put_asset(struct embed *embed, struct buf *out, const struct file *file)
{
    struct buf address;

    buf_init(&address, &embed->arena, 256);
    put_address(&address, file);
    buf_put(out, S("    {"));
    put_str(out, file->name);
    buf_put(out, S(", "));
    put_str(out, file->type);
    buf_printf(out, ",\n     {asset_bytes + %zu, %zu}, ", file->body_at, file->body.len);
    if (file->gzip.len > 0)
        buf_printf(out, "{asset_bytes + %zu, %zu}, ", file->gzip_at, file->gzip.len);
    else
        buf_put(out, S("{\"\", 0}, "));
    put_str(out, (str){file->hash12, HASH_DIGITS});
    buf_put(out, S(",\n     "));
    put_str(out, buf_str(&address));
    buf_put(out, S("},\n"));
}

static void write_c(struct embed *embed, const char *path, const char *bin)
{
    struct buf out;

    buf_init(&out, &embed->arena, 65536);
    buf_printf(&out,
               "/* SPDX-License-Identifier: AGPL-3.0-or-later\n *\n * Written by tools/embed. */\n"
               "#include \"base/asset.h\"\n\n"
               "__asm__(\".pushsection .rodata\\n\"\n"
               "        \"asset_bytes: .incbin \\\"%s\\\"\\n\"\n"
               "        \".popsection\\n\");\n"
               "extern const char asset_bytes[] __attribute__((visibility(\"hidden\")));\n\n"
               "const size_t asset_table_n = %zu;\n"
               "/* One more than there are, so that an empty house is still C. */\n"
               "const struct asset asset_table[] = {\n",
               bin, embed->n);
    for (size_t i = 0; i < embed->n; i++)
        put_asset(embed, &out, &embed->files[i]);
    buf_put(&out,
            S("    {{\"\", 0}, {\"\", 0}, {\"\", 0}, {\"\", 0}, {\"\", 0}, {\"\", 0}},\n};\n"));
    FILE *file = fopen(path, "wb");
    if (file == NULL || buf_failed(&out) || fwrite(out.ptr, 1, out.len, file) != out.len ||
        fclose(file) != 0)
        fail(path, "cannot be written");
}

int main(int argc, char **argv)
{
    struct embed embed = {.n = argc < 2 ? 0 : (size_t)argc - 2};

    if (argc < 2 || !str_ends(str_of(argv[1]), S(".c"))) {
        (void)fputs("embed OUT.c FILE...\n", stderr);
        return 2;
    }
    if (!arena_init(&embed.arena, MEMORY))
        fail(argv[1], "out of memory");
    embed.files = arena_take_many(&embed.arena, embed.n + 1, sizeof *embed.files);
    if (embed.files == NULL)
        fail(argv[1], "out of memory");
    for (size_t i = 0; i < embed.n; i++) {
        struct file *file = &embed.files[i];

        file->path = argv[i + 2];
        file->name = name_of(file->path);
        file->type = type_of(file->name);
        file->body = read_file(&embed, file->path);
    }
    qsort(embed.files, embed.n, sizeof *embed.files, by_name);
    for (size_t i = 0; i < embed.n; i++) {
        if (i > 0 && str_eq(embed.files[i].name, embed.files[i - 1].name))
            fail(embed.files[i].path, "has the name of another asset");
        finish(&embed, &embed.files[i]);
    }
    struct buf bin;
    buf_init(&bin, &embed.arena, 256);
    buf_printf(&bin, "%.*s.bin", (int)strlen(argv[1]) - 2, argv[1]);
    const char *bin_path = arena_cstr(&embed.arena, buf_str(&bin));
    write_bin(&embed, bin_path);
    write_c(&embed, argv[1], bin_path);
    arena_release(&embed.arena);
    return 0;
}
