#include "view/pictures.h"

#include <math.h>
#include <string.h>

bool pictures_race(const struct race_snapshot *race)
{
    return race && strcmp(race->config.task.kind, "images") == 0;
}

struct picture_size picture_size(int side, int pool, int zoom)
{
    int across = (side + pool - 1) / pool * zoom;
    return (struct picture_size){pool, zoom, across, (across + 1) / 2};
}

/* Mean of the pixels that a place of the screen stands for, 0 black to 1 white; y counts half rows. */
static double light(const float *pixels, int side, const struct picture_size *size, int x, int y)
{
    double sum = 0;
    int count = 0, left = x / size->zoom * size->pool, top = y / size->zoom * size->pool;
    for (int row = top; row < top + size->pool && row < side; row++)
        for (int column = left; column < left + size->pool && column < side; column++, count++)
            sum += (double)pixels[row * side + column];
    double mean = count ? (sum / count + 1) / 2 : 0;
    return !(mean > 0) ? 0 : mean < 1 ? mean : 1;
}

static uint8_t level_role(double light)
{
    return (uint8_t)(ROLE_SEQUENTIAL_0 + (int)lround(light * (RAMP_LEVELS - 1)));
}

/* Black is a dot, so that an image's edge is seen. */
static void put_shade(struct canvas *c, int x, int y, double light)
{
    static const char ascii[] = ".:-=+*oO#@";
    static const uint32_t shades[] = {0xb7, 0x2591, 0x2592, 0x2593, 0x2588};
    bool plain = c->glyphs == GLYPHS_ASCII;
    int level = (int)(light * (plain ? 9.999 : 4.999));
    canvas_put(c, x, y, plain ? (uint32_t)ascii[level] : shades[level],
               level ? ROLE_TEXT : ROLE_BORDER, ROLE_BACKGROUND, 0);
}

void picture_draw(struct canvas *c, int x, int y, const float *pixels, int side,
                  const struct picture_size *size)
{
    bool halves = canvas_has_halves(c), colors = c->colors >= 256 && c->glyphs != GLYPHS_ASCII;
    for (int row = 0; row < size->h; row++)
        for (int column = 0; column < size->w; column++) {
            double top = light(pixels, side, size, column, 2 * row);
            double under = light(pixels, side, size, column, 2 * row + 1);
            double both = (top + under) / 2;
            if (halves)
                canvas_put(c, x + column, y + row, 0x2580, level_role(top), level_role(under), 0);
            else if (colors)
                canvas_put(c, x + column, y + row, ' ', ROLE_TEXT, level_role(both), 0);
            else
                put_shade(c, x + column, y + row, both);
        }
}

void picture_mark(struct canvas *c, int x, int y, int wide, int high)
{
    for (int row = 0; row < high; row++) {
        canvas_put(c, x, y + row, wide > 1 ? '[' : '+', ROLE_CURSOR, ROLE_CURSOR_BACKGROUND, 0);
        if (wide > 1)
            canvas_put(c, x + wide - 1, y + row, ']', ROLE_CURSOR, ROLE_CURSOR_BACKGROUND, 0);
    }
}
