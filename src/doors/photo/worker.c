/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/jail/jail.h"
#include "doors/photo/photo.h"
#include "doors/photo/pixels.h"
#include "doors/photo/wire.h"

#include <unistd.h>

/* Three copies of the largest picture (decoded, turned, smaller) and the answer. */
#define WORKER_BYTES ((size_t)900 << 20)

static bool read_all(void *bytes, size_t len)
{
    char *at = bytes;

    while (len > 0) {
        const ssize_t n = read(STDIN_FILENO, at, len);

        if (n <= 0)
            return false;
        at += n;
        len -= (size_t)n;
    }
    return true;
}

static bool write_all(const void *bytes, size_t len)
{
    const char *at = bytes;

    while (len > 0) {
        const ssize_t n = write(STDOUT_FILENO, at, len);

        if (n <= 0)
            return false;
        at += n;
        len -= (size_t)n;
    }
    return true;
}

static no make(struct arena *arena, str bytes, struct photo *photo)
{
    struct pixels whole, page, card;

    TRY(pixels_read(arena, bytes, PHOTO_PAGE_WIDTH, &whole));
    TRY(pixels_fit(arena, &whole, PHOTO_PAGE_WIDTH, &page));
    TRY(pixels_fit(arena, &page, PHOTO_CARD_WIDTH, &card));
    TRY(pixels_write(arena, &page, PHOTO_PAGE_BYTES, &photo->page));
    TRY(pixels_write(arena, &card, PHOTO_CARD_BYTES, &photo->card));
    photo->width = page.width;
    photo->height = page.height;
    return YES;
}

static int answer_with(no made, const struct photo *photo)
{
    const struct photo_answer head = {.magic = PHOTO_MAGIC,
                                      .verdict = made == YES            ? PHOTO_MADE
                                                 : made == NO_TOO_LARGE ? PHOTO_TOO_LARGE
                                                                        : PHOTO_REFUSED,
                                      .width = (uint32_t)photo->width,
                                      .height = (uint32_t)photo->height,
                                      .card_len = (uint32_t)photo->card.len,
                                      .page_len = (uint32_t)photo->page.len};

    return write_all(&head, sizeof head) && write_all(photo->card.ptr, photo->card.len) &&
                   write_all(photo->page.ptr, photo->page.len)
               ? 0
               : 1;
}

/* No file, no path, eight seconds. */
bool photo_jail(void)
{
    return jail_enter(
        &(struct jail){.memory_max = (size_t)1200 << 20, .seconds_max = 8, .folder = -1});
}

int photo_worker(void)
{
    struct photo photo = {0};
    struct arena arena;
    uint64_t len = 0;

    if (!arena_init(&arena, WORKER_BYTES) || !read_all(&len, sizeof len) || len == 0 ||
        len > PHOTO_BYTES_MAX)
        return 1;
    char *bytes = arena_take(&arena, len);

    /* The bytes are only bytes until here; nothing has looked inside them. */
    if (bytes == NULL || !read_all(bytes, len) || !photo_jail())
        return 1;
    return answer_with(make(&arena, (str){bytes, len}, &photo), &photo);
}
