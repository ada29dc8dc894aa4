/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "doors/photo/pixels.h"

#include "doors/photo/photo.h"

#include <png.h>
#include <string.h>
#include <turbojpeg.h>
#include <webp/decode.h>
#include <webp/encode.h>

static bool size_is_good(int width, int height)
{
    return width > 0 && height > 0 && width <= PHOTO_SIDE_MAX && height <= PHOTO_SIDE_MAX &&
           (int64_t)width * height <= PHOTO_PIXELS_MAX;
}

static no take_pixels(struct arena *arena, int width, int height, struct pixels *pixels)
{
    uint8_t *rgb = arena_take_many(arena, (size_t)width * (size_t)height, 3);

    if (rgb == NULL)
        return NO_TOO_LARGE;
    *pixels = (struct pixels){rgb, width, height};
    return YES;
}

/* --- JPEG
 * ------------------------------------------------------------------------------------------ */

/* The smallest of the library's scales that is still as wide as wanted: most of a photo is never
 * decoded. */
static tjscalingfactor scale_for(int width, int wanted)
{
    tjscalingfactor best = {1, 1};
    int n = 0;
    const tjscalingfactor *scales = tjGetScalingFactors(&n);

    for (int i = 0; i < n; i++)
        if (scales[i].num <= scales[i].denom && TJSCALED(width, scales[i]) >= wanted &&
            TJSCALED(width, scales[i]) < TJSCALED(width, best))
            best = scales[i];
    return best;
}

static no read_jpeg(struct arena *arena, str bytes, int wanted, struct pixels *pixels)
{
    const tjhandle reader = tjInitDecompress();
    const unsigned char *data = (const unsigned char *)bytes.ptr;
    int width, height, sampling, colours;
    no answer = NO_PICTURE_REFUSED;

    if (reader == NULL)
        return NO_OUT_OF_MEMORY;
    if (tjDecompressHeader3(reader, data, bytes.len, &width, &height, &sampling, &colours) == 0) {
        answer = size_is_good(width, height) ? YES : NO_TOO_LARGE;
        const int shorter = width < height ? width : height;
        const tjscalingfactor scale = scale_for(shorter, wanted);

        if (answer == YES)
            answer = take_pixels(arena, TJSCALED(width, scale), TJSCALED(height, scale), pixels);
        /* A warning (a cut file) still gives the rows that were there. */
        if (answer == YES &&
            tjDecompress2(reader, data, bytes.len, pixels->rgb, pixels->width, 0, pixels->height,
                          TJPF_RGB, 0) != 0 &&
            tjGetErrorCode(reader) != TJERR_WARNING)
            answer = NO_PICTURE_REFUSED;
    }
    (void)tjDestroy(reader);
    return answer;
}

/* --- PNG and WebP
 * ------------------------------------------------------------------------------------- */

static no read_png(struct arena *arena, str bytes, struct pixels *pixels)
{
    png_image image = {.version = PNG_IMAGE_VERSION};
    const png_color white = {255, 255, 255};

    if (png_image_begin_read_from_memory(&image, bytes.ptr, bytes.len) == 0)
        return NO_PICTURE_REFUSED;
    no answer = image.width <= PHOTO_SIDE_MAX && image.height <= PHOTO_SIDE_MAX &&
                        size_is_good((int)image.width, (int)image.height)
                    ? YES
                    : NO_TOO_LARGE;

    image.format = PNG_FORMAT_RGB;
    if (answer == YES)
        answer = take_pixels(arena, (int)image.width, (int)image.height, pixels);
    if (answer == YES && png_image_finish_read(&image, &white, pixels->rgb, 0, NULL) == 0)
        answer = NO_PICTURE_REFUSED;
    png_image_free(&image);
    return answer;
}

static no read_webp(struct arena *arena, str bytes, struct pixels *pixels)
{
    const uint8_t *data = (const uint8_t *)bytes.ptr;
    int width, height;

    if (WebPGetInfo(data, bytes.len, &width, &height) == 0)
        return NO_PICTURE_REFUSED;
    if (!size_is_good(width, height))
        return NO_TOO_LARGE;
    TRY(take_pixels(arena, width, height, pixels));
    return WebPDecodeRGBInto(data, bytes.len, pixels->rgb, (size_t)width * (size_t)height * 3,
                             width * 3) == NULL
               ? NO_PICTURE_REFUSED
               : YES;
}

/* --- turning
 * -------------------------------------------------------------------------------------------- */

/* Where pixel (x, y) of the upright picture stands in the stored one; EXIF 2.3, orientation. */
static size_t stored_at(int orientation, int x, int y, int width, int height)
{
    const bool mirrored =
        orientation == 2 || orientation == 4 || orientation == 5 || orientation == 7;
    int sx = x, sy = y;

    if (orientation >= 5) {
        sx = y;
        sy = x;
    }
    if (orientation == 3 || (mirrored && orientation == 2) || orientation == 8 || orientation == 7)
        sx = width - 1 - sx;
    if (orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7)
        sy = height - 1 - sy;
    return ((size_t)sy * (size_t)width + (size_t)sx) * 3;
}

static no turn(struct arena *arena, int orientation, struct pixels *pixels)
{
    const bool sideways = orientation >= 5;
    struct pixels upright;

    if (orientation == 1)
        return YES;
    TRY(take_pixels(arena, sideways ? pixels->height : pixels->width,
                    sideways ? pixels->width : pixels->height, &upright));
    for (int y = 0; y < upright.height; y++)
        for (int x = 0; x < upright.width; x++)
            memcpy(upright.rgb + ((size_t)y * (size_t)upright.width + (size_t)x) * 3,
                   pixels->rgb + stored_at(orientation, x, y, pixels->width, pixels->height), 3);
    *pixels = upright;
    return YES;
}

no pixels_read(struct arena *arena, str bytes, int wanted, struct pixels *pixels)
{
    if (str_starts(bytes, S("\xff\xd8\xff"))) {
        TRY(read_jpeg(arena, bytes, wanted, pixels));
        return turn(arena, pixels_orientation(bytes), pixels);
    }
    if (str_starts(bytes, S("\x89PNG\r\n\x1a\n")))
        return read_png(arena, bytes, pixels);
    if (bytes.len > 12 && str_starts(bytes, S("RIFF")) && str_eq(str_sub(bytes, 8, 4), S("WEBP")))
        return read_webp(arena, bytes, pixels);
    return NO_PICTURE_REFUSED;
}

/* --- a smaller copy
 * ----------------------------------------------------------------------------------------- */

/* Mean of the box of source pixels that one target pixel covers: exact enough for shrinking, and
 * short. */
static void box(const struct pixels *from, const struct pixels *to, int x, int y)
{
    const int x0 = (int)((int64_t)x * from->width / to->width),
              y0 = (int)((int64_t)y * from->height / to->height);
    int x1 = (int)((int64_t)(x + 1) * from->width / to->width),
        y1 = (int)((int64_t)(y + 1) * from->height / to->height);
    unsigned sum[3] = {0}, n = 0;

    x1 = x1 > x0 ? x1 : x0 + 1;
    y1 = y1 > y0 ? y1 : y0 + 1;
    for (int sy = y0; sy < y1; sy++)
        for (int sx = x0; sx < x1; sx++, n++)
            for (size_t c = 0; c < 3; c++)
                sum[c] += from->rgb[((size_t)sy * (size_t)from->width + (size_t)sx) * 3 + c];
    for (size_t c = 0; c < 3; c++)
        to->rgb[((size_t)y * (size_t)to->width + (size_t)x) * 3 + c] =
            (uint8_t)((sum[c] + n / 2) / n);
}

no pixels_fit(struct arena *arena, const struct pixels *from, int width, struct pixels *to)
{
    if (from->width <= width) {
        *to = *from;
        return YES;
    }
    const int64_t height = ((int64_t)from->height * width + from->width / 2) / from->width;

    TRY(take_pixels(arena, width, height < 1 ? 1 : (int)height, to));
    for (int y = 0; y < to->height; y++)
        for (int x = 0; x < to->width; x++)
            box(from, to, x, y);
    return YES;
}

/* --- WebP out
 * -------------------------------------------------------------------------------------------------
 */

static no encode(struct arena *arena, const struct pixels *pixels, int quality, size_t most,
                 str *webp)
{
    uint8_t *bytes = NULL;
    const size_t len = WebPEncodeRGB(pixels->rgb, pixels->width, pixels->height, pixels->width * 3,
                                     (float)quality, &bytes);
    no answer = len == 0 || len > most ? NO_PICTURE_REFUSED : YES;

    if (answer == YES) {
        *webp = arena_str(arena, (str){(const char *)bytes, len});
        answer = webp->ptr == NULL ? NO_TOO_LARGE : YES;
    }
    WebPFree(bytes);
    return answer;
}

no pixels_write(struct arena *arena, const struct pixels *pixels, size_t most, str *webp)
{
    static const int qualities[] = {80, 65, 50, 35, 20, 8, 0};
    no answer = NO_PICTURE_REFUSED;

    for (size_t i = 0; answer == NO_PICTURE_REFUSED && i < sizeof qualities / sizeof qualities[0];
         i++)
        answer = encode(arena, pixels, qualities[i], most, webp);
    return answer;
}
