#include "cli/grid.h"

#include <png.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Between images, and around them. */
enum { GAP = 1, BLOCK_GAP = 4, GROUND = 96 };

static int rows_of(const struct grid_picture *g)
{
    return (g->count + g->columns - 1) / g->columns;
}

/* In pixels of the images, with the gaps. */
static int block_wide(const struct grid_picture *g)
{
    return g->columns * (g->side + GAP) + GAP;
}

static int wide(const struct grid_picture *g)
{
    return g->blocks * (block_wide(g) + BLOCK_GAP) - BLOCK_GAP;
}

static int high(const struct grid_picture *g)
{
    return rows_of(g) * (g->side + GAP) + GAP;
}

static int grey_of(float v)
{
    float level = (v + 1) * 127.5F;
    return !(level > 0) ? 0 : level < 255 ? (int)(level + 0.5F) : 255;
}

/* The grey at a place of the picture; GROUND between the images. */
static int grey_at(const struct grid_picture *g, int x, int y)
{
    int block = x / (block_wide(g) + BLOCK_GAP);
    x %= block_wide(g) + BLOCK_GAP;
    int column = (x - GAP) / (g->side + GAP), row = (y - GAP) / (g->side + GAP);
    int left = (x - GAP) % (g->side + GAP), top = (y - GAP) % (g->side + GAP);
    int image = row * g->columns + column;
    if (x < GAP || y < GAP || left >= g->side || top >= g->side || column >= g->columns ||
        image >= g->count)
        return GROUND;
    image += block * g->count;
    return grey_of(g->pixels[((size_t)image * g->side + top) * g->side + left]);
}

void grid_text(const struct grid_picture *g, int block, struct text *out)
{
    const float *pixels = g->pixels + (size_t)block * g->count * g->side * g->side;
    static const char shades[] = " .:-=+*#%@";
    for (int first = 0; first < g->count; first += g->columns) {
        for (int y = 0; y < g->side; y++) {
            for (int i = first; i < first + g->columns && i < g->count; i++) {
                text_add(out, i > first ? "  " : "");
                for (int x = 0; x < g->side; x++) {
                    float v = pixels[((size_t)i * g->side + y) * g->side + x];
                    const char *shade = shades + grey_of(v) * 10 / 256;
                    text_add_bytes(out, (const char[]){*shade, *shade}, 2);
                }
            }
            text_add(out, "\n");
        }
        text_add(out, first + g->columns < g->count ? "\n" : "");
    }
}

void grid_svg(const struct grid_picture *g, struct text *out)
{
    int w = wide(g) * GRID_SCALE, h = high(g) * GRID_SCALE;
    text_addf(out,
              "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
              "shape-rendering=\"crispEdges\">\n"
              "<rect width=\"%d\" height=\"%d\" fill=\"rgb(%d,%d,%d)\"/>\n",
              w, h, w, h, GROUND, GROUND, GROUND);
    for (int y = 0; y < high(g); y++)
        for (int x = 0, end; x < wide(g); x = end) {
            int grey = grey_at(g, x, y);
            end = x + 1;
            while (end < wide(g) && grey_at(g, end, y) == grey)
                end++;
            if (grey != GROUND)
                text_addf(out,
                          "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
                          "fill=\"rgb(%d,%d,%d)\"/>\n",
                          x * GRID_SCALE, y * GRID_SCALE, (end - x) * GRID_SCALE, GRID_SCALE, grey,
                          grey, grey);
        }
    text_add(out, "</svg>\n");
}

int grid_png(const struct grid_picture *g, struct text *out, struct failure *why)
{
    int w = wide(g) * GRID_SCALE, h = high(g) * GRID_SCALE;
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = (png_uint_32)w,
                       .height = (png_uint_32)h,
                       .format = PNG_FORMAT_GRAY};
    uint8_t *bytes = malloc((size_t)w * (size_t)h);
    void *file = NULL;
    png_alloc_size_t size = 0;
    int code = bytes ? 0 : ERR_MEMORY;
    for (int y = 0; y < h && bytes; y++)
        for (int x = 0; x < w; x++)
            bytes[(size_t)y * w + x] = (uint8_t)grey_at(g, x / GRID_SCALE, y / GRID_SCALE);
    if (bytes && png_image_write_get_memory_size(image, size, 0, bytes, 0, NULL))
        file = malloc(size);
    if (!file)
        code = ERR_MEMORY;
    else if (!png_image_write_to_memory(&image, file, &size, 0, bytes, 0, NULL))
        code = ERR_IO;
    else
        text_add_bytes(out, file, size);
    free(file);
    free(bytes);
    return code ? fail(why, code, "the picture: libpng could not write it: %s",
                       image.message[0] ? image.message : "no memory")
                : 0;
}
