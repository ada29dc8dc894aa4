/* SPDX-License-Identifier: AGPL-3.0-or-later
 *
 * The photo room: real pictures in, hostile files refused. The worker is this same test program:
 * /proc/self/exe again.
 */
#include "doors/photo/photo.h"
#include "doors/photo/pixels.h"

#include "cm.h"

#include <fcntl.h>
#include <png.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <turbojpeg.h>
#include <unistd.h>
#include <webp/decode.h>

static struct arena arena;

/* The jail counts addresses and system calls; a sanitizer takes terabytes of the first and its own
 * of the second, so a sanitized worker dies of the jail and not of the picture. These tests run in
 * the plain build. */
#ifdef __SANITIZE_ADDRESS__
#define NEEDS_THE_JAIL() skip()
#else
#define NEEDS_THE_JAIL() ((void)0)
#endif

/* A picture whose left half is red and right half blue, so that a turn can be seen. */
static void paint(uint8_t *rgb, int width, int height)
{
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            uint8_t *pixel = rgb + ((size_t)y * (size_t)width + (size_t)x) * 3;

            pixel[0] = x < width / 2 ? 220 : 10;
            pixel[1] = 20;
            pixel[2] = x < width / 2 ? 10 : 220;
        }
}

static str jpeg_of(int width, int height)
{
    uint8_t *rgb = arena_take(&arena, (size_t)width * (size_t)height * 3);
    unsigned char *bytes = NULL;
    unsigned long len = 0;
    const tjhandle writer = tjInitCompress();

    paint(rgb, width, height);
    assert_int_equal(
        tjCompress2(writer, rgb, width, 0, height, TJPF_RGB, &bytes, &len, TJSAMP_420, 80, 0), 0);
    const str made = arena_str(&arena, (str){(const char *)bytes, len});

    tjFree(bytes);
    (void)tjDestroy(writer);
    return made;
}

static str png_of(int width, int height)
{
    uint8_t *rgb = arena_take(&arena, (size_t)width * (size_t)height * 3);
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = (unsigned)width,
                       .height = (unsigned)height,
                       .format = PNG_FORMAT_RGB};
    png_alloc_size_t len = 0;

    paint(rgb, width, height);
    assert_true(png_image_write_get_memory_size(image, len, 0, rgb, 0, NULL) != 0);
    void *bytes = arena_take(&arena, len);

    assert_true(png_image_write_to_memory(&image, bytes, &len, 0, rgb, 0, NULL) != 0);
    return (str){bytes, len};
}

/* Puts an EXIF block with this orientation, and a place where GPS would be, behind the JPEG's first
 * two bytes. */
static str with_exif(str jpeg, int orientation)
{
    static const uint8_t head[] = {0xff, 0xe1, 0, 34, 'E', 'x', 'i', 'f',  0, 0, 'M', 'M', 0, 42,
                                   0,    0,    0, 8,  0,   1,   1,   0x12, 0, 3, 0,   0,   0, 1};
    struct buf out;

    buf_init(&out, &arena, jpeg.len + 64);
    buf_put(&out, str_sub(jpeg, 0, 2));
    buf_put_bytes(&out, head, sizeof head);
    buf_put_bytes(&out, (const uint8_t[]){0, (uint8_t)orientation, 0, 0, 0, 0, 0, 0}, 8);
    buf_put(&out, str_sub(jpeg, 2, jpeg.len));
    return buf_str(&out);
}

static const uint8_t *pixel_of(str webp, int x_share, int y_share, int *width, int *height)
{
    uint8_t *rgb = WebPDecodeRGB((const uint8_t *)webp.ptr, webp.len, width, height);

    assert_non_null(rgb);
    const int x = *width * x_share / 10, y = *height * y_share / 10;
    uint8_t *one = arena_take(&arena, 3);

    memcpy(one, rgb + ((size_t)y * (size_t)*width + (size_t)x) * 3, 3);
    WebPFree(rgb);
    return one;
}

static void a_large_photo_becomes_two_small_ones(void **state)
{
    struct photo photo;
    int width, height;

    (void)state;
    NEEDS_THE_JAIL();
    assert_int_equal(photo_make(&arena, jpeg_of(4000, 3000), &photo), YES);
    assert_int_equal(photo.width, PHOTO_PAGE_WIDTH);
    assert_int_equal(photo.height, 1200);
    assert_true(photo.card.len <= PHOTO_CARD_BYTES && photo.page.len <= PHOTO_PAGE_BYTES);
    const uint8_t *left = pixel_of(photo.card, 2, 5, &width, &height);

    assert_int_equal(width, PHOTO_CARD_WIDTH);
    assert_int_equal(height, 360);
    assert_true(left[0] > 150 && left[2] < 100);
}

static void every_turn_is_upright(void **state)
{
    /* Where red is expected, in tenths of the width and height, for each orientation of a picture
     * red on the left. */
    static const int red[9][2] = {{0, 0}, {2, 5}, {8, 5}, {8, 5}, {2, 5},
                                  {5, 2}, {5, 2}, {5, 8}, {5, 8}};

    (void)state;
    NEEDS_THE_JAIL();
    for (int orientation = 1; orientation <= 8; orientation++) {
        struct photo photo;
        int width, height;

        assert_int_equal(photo_make(&arena, with_exif(jpeg_of(400, 200), orientation), &photo),
                         YES);
        const uint8_t *pixel =
            pixel_of(photo.card, red[orientation][0], red[orientation][1], &width, &height);

        assert_int_equal(width > height, orientation < 5);
        assert_true(pixel[0] > 150 && pixel[2] < 100);
        assert_int_equal(str_find(photo.page, S("Exif")), photo.page.len);
    }
}

static void png_is_read_too(void **state)
{
    struct photo photo;

    (void)state;
    NEEDS_THE_JAIL();
    assert_int_equal(photo_make(&arena, png_of(300, 200), &photo), YES);
    assert_int_equal(photo.width, 300);
    assert_int_equal(photo_make(&arena, photo.page, &photo), YES);
}

static void hostile_files_are_refused(void **state)
{
    static const struct {
        const char *what;
        str bytes;
    } cases[] = {
        {"empty", {"", 0}},
        {"text", {"hello", 5}},
        {"svg", {"<svg xmlns='http://www.w3.org/2000/svg'/>", 41}},
        {"gif", {"GIF89a\1\0\1\0\0\0\0", 13}},
        {"jpeg head alone", {"\xff\xd8\xff\xe0", 4}},
        {"png head alone", {"\x89PNG\r\n\x1a\n", 8}},
        {"webp head alone", {"RIFF\x10\0\0\0WEBPVP8 ", 16}},
    };
    struct photo photo;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const no answer = photo_make(&arena, cases[i].bytes, &photo);

        /* A head that states a size of nothing is too strange a size; both are refusals. */
        assert_true(answer == NO_PICTURE_REFUSED || answer == NO_TOO_LARGE);
    }
    char *large = arena_take(&arena, PHOTO_BYTES_MAX + 1);

    assert_int_equal(photo_make(&arena, (str){large, PHOTO_BYTES_MAX + 1}, &photo), NO_TOO_LARGE);
}

/* A PNG head that promises 60,000 x 60,000 pixels is refused by its head, before anything is
 * decoded. */
static void a_bomb_is_refused(void **state)
{
    static const uint8_t bomb[] = {0x89, 'P',  'N', 'G', 13,  10, 26, 10,   0,    0,    0,
                                   13,   'I',  'H', 'D', 'R', 0,  0,  0x3f, 0xff, 0,    0,
                                   0x3f, 0xff, 8,   2,   0,   0,  0,  0x9a, 0x3d, 0x3c, 0x5e};
    struct photo photo;
    const no answer = photo_make(&arena, (str){(const char *)bomb, sizeof bomb}, &photo);

    (void)state;
    assert_true(answer == NO_TOO_LARGE || answer == NO_PICTURE_REFUSED);
}

/* Every byte flipped in turn (a sample): the answer is a picture or a no, never a crash of the
 * server. */
static void damaged_files_never_hurt(void **state)
{
    const str good = jpeg_of(64, 48);
    char *bytes = arena_take(&arena, good.len);

    (void)state;
    NEEDS_THE_JAIL();
    for (size_t i = 0; i < good.len; i += good.len / 40 + 1) {
        struct photo photo;

        memcpy(bytes, good.ptr, good.len);
        bytes[i] = (char)~bytes[i];
        const no answer = photo_make(&arena, (str){bytes, good.len}, &photo);

        assert_true(answer == YES || answer == NO_PICTURE_REFUSED || answer == NO_TOO_LARGE);
    }
}

/* The decoders themselves, without worker or jail: this is where a sanitizer watches them. */
static void decoders_bear_damage_in_the_open(void **state)
{
    const str good[] = {with_exif(jpeg_of(64, 48), 6), png_of(64, 48)};

    (void)state;
    for (size_t k = 0; k < sizeof good / sizeof good[0]; k++) {
        char *bytes = malloc(good[k].len); /* of its own, so that reading past its end is seen */
        struct pixels whole, card;
        str webp;

        assert_non_null(bytes);
        assert_int_equal(pixels_read(&arena, good[k], 40, &whole), YES);
        assert_int_equal(pixels_fit(&arena, &whole, 20, &card), YES);
        assert_int_equal(card.width, 20);
        assert_int_equal(pixels_write(&arena, &card, PHOTO_CARD_BYTES, &webp), YES);
        for (size_t i = 0; i < good[k].len; i++) {
            const size_t mark = arena_mark(&arena);

            memcpy(bytes, good[k].ptr, good[k].len);
            bytes[i] = (char)~bytes[i];
            const no answer = pixels_read(&arena, (str){bytes, good[k].len}, 40, &whole);

            assert_true(answer == YES || answer == NO_PICTURE_REFUSED || answer == NO_TOO_LARGE);
            arena_rewind(&arena, mark);
        }
        free(bytes);
    }
}

/* Inside the jail a file that can be named cannot be opened: the process dies of it. */
static void the_jail_has_no_door(void **state)
{
    int status = 0;
    const pid_t child = fork();

    (void)state;
    NEEDS_THE_JAIL();
    assert_true(child >= 0);
    if (child == 0) {
        if (!photo_jail())
            _exit(7);
        (void)open("/etc/passwd", O_RDONLY);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGSYS);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_large_photo_becomes_two_small_ones),
        cmocka_unit_test(every_turn_is_upright),
        cmocka_unit_test(png_is_read_too),
        cmocka_unit_test(hostile_files_are_refused),
        cmocka_unit_test(a_bomb_is_refused),
        cmocka_unit_test(damaged_files_never_hurt),
        cmocka_unit_test(decoders_bear_damage_in_the_open),
        cmocka_unit_test(the_jail_has_no_door),
    };

    if (argc == 2 && strcmp(argv[1], "photo-worker") == 0)
        return photo_worker();
    assert_true(arena_init(&arena, (size_t)256 << 20));
    const int failed = cmocka_run_group_tests_name("photo", tests, NULL, NULL);

    arena_release(&arena);
    return failed;
}
