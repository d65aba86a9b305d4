#include "view/pictures.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SIDE_PANEL = 38, POOL_MOST = 8 };

bool pictures_race(const struct race_snapshot *race)
{
    return race && strcmp(race->config.task.kind, "images") == 0;
}

struct picture_size picture_size(int side, int pool)
{
    int across = (side + pool - 1) / pool;
    return (struct picture_size){pool, across, (across + 1) / 2};
}

/* Mean of the pixels that a place stands for, 0 black to 1 white. */
static double light(const float *pixels, int side, int pool, int x, int y)
{
    double sum = 0;
    int count = 0;
    for (int row = y * pool; row < (y + 1) * pool && row < side; row++)
        for (int column = x * pool; column < (x + 1) * pool && column < side; column++, count++)
            sum += (double)pixels[row * side + column];
    double mean = count ? (sum / count + 1) / 2 : 0;
    return !(mean > 0) ? 0 : mean < 1 ? mean : 1;
}

static uint8_t level_role(double light)
{
    return (uint8_t)(ROLE_SEQUENTIAL_0 + (int)lround(light * (RAMP_LEVELS - 1)));
}

void picture_draw(struct canvas *c, int x, int y, const float *pixels, int side, int pool)
{
    static const char ascii[] = " .:-=+*#%@";
    static const uint32_t shades[] = {' ', 0x2591, 0x2592, 0x2593, 0x2588};
    struct picture_size size = picture_size(side, pool);
    bool colors = c->colors >= 256 && c->glyphs != GLYPHS_ASCII;
    for (int row = 0; row < size.h; row++)
        for (int column = 0; column < size.w; column++) {
            double top = light(pixels, side, pool, column, 2 * row);
            double under = light(pixels, side, pool, column, 2 * row + 1);
            double both = (top + under) / 2;
            if (colors)
                canvas_put(c, x + column, y + row, 0x2580, level_role(top), level_role(under), 0);
            else if (c->glyphs == GLYPHS_ASCII)
                canvas_put(c, x + column, y + row, (uint32_t)ascii[(int)(both * 9.999)], ROLE_TEXT,
                           ROLE_BACKGROUND, 0);
            else
                canvas_put(c, x + column, y + row, shades[(int)(both * 4.999)], ROLE_TEXT,
                           ROLE_BACKGROUND, 0);
        }
}

/* Columns and rows of images with their gaps in w x h; at most IMAGES_SHOWN. */
static bool fit(struct picture_layout *l, int w, int h, int side, int pool)
{
    struct picture_size size = picture_size(side, pool);
    int columns = (w + 1) / (size.w + 1), rows = h / size.h;
    columns = columns < IMAGES_SHOWN ? columns : IMAGES_SHOWN;
    if (columns < 1 || rows < 1)
        return false;
    int needed = (IMAGES_SHOWN + columns - 1) / columns;
    l->size = size;
    l->columns = columns;
    l->rows = rows < needed ? rows : needed;
    l->shown = columns * l->rows < IMAGES_SHOWN ? columns * l->rows : IMAGES_SHOWN;
    return true;
}

/* One contestant above the other, or beside it where that shows more of larger images. */
static void place_blocks(struct picture_layout *l, struct rect area, int side, int contestants)
{
    for (int pool = 1; pool <= POOL_MOST; pool *= 2) {
        struct picture_layout below = {0}, beside = {0};
        bool stacked = fit(&below, area.w, area.h / contestants - 1, side, pool);
        bool abreast = fit(&beside, area.w / contestants - 1, area.h - 1, side, pool);
        if (!stacked && !abreast)
            continue;
        bool stack = stacked && (!abreast || below.shown >= beside.shown);
        struct rect maps = l->maps, levels = l->levels;
        *l = stack ? below : beside;
        l->maps = maps;
        l->levels = levels;
        int high = l->rows * l->size.h + 1, wide = area.w / contestants;
        for (int k = 0; k < contestants; k++)
            l->block[k] = stack ? (struct rect){area.x, area.y + k * high, area.w, high}
                                : (struct rect){area.x + k * wide, area.y, wide - 1, high};
        return;
    }
    l->shown = 0;
}

void layout_pictures(struct picture_layout *l, struct rect body, int side, int contestants)
{
    *l = (struct picture_layout){0};
    if (body.w >= SIDE_PANEL + 50 && body.h >= 16) {
        struct rect panel = rect_cut_right(&body, SIDE_PANEL);
        body.w--;
        l->levels = rect_cut_bottom(&panel, MAX_LEVELS + 3 < panel.h / 2 ? MAX_LEVELS + 3
                                                                         : panel.h / 2);
        l->maps = panel;
    } else if (body.h >= 12) {
        l->maps = rect_cut_bottom(&body, 1);
        l->levels = rect_cut_bottom(&body, 1);
    }
    place_blocks(l, body, side, contestants);
}

/* The largest loss of any level, to scale the bars. */
static double largest(const struct race_snapshot *race)
{
    double most = 0;
    for (int i = 0; i < race->count; i++)
        for (int k = 0; k < MAX_LEVELS; k++)
            if (race->contestants[i].eval.valid && race->contestants[i].eval.level_count[k] &&
                race->contestants[i].eval.level_loss[k] > most)
                most = race->contestants[i].eval.level_loss[k];
    return most;
}

/* "● loss .137", and the levels' losses as a line of bars where there is room for everyone's. */
static void levels_line(struct frame *f, struct rect r, double most)
{
    enum { FIGURE = 12, GAP = 2 };
    bool bars = f->race->count * (FIGURE + MAX_LEVELS + GAP) - GAP <= r.w;
    int x = r.x;
    for (int i = 0; i < f->race->count && x < r.x + r.w; i++) {
        const struct contestant_view *v = &f->race->contestants[i];
        char loss[24];
        double share[MAX_LEVELS];
        if (!v->eval.valid)
            continue;
        format_share(loss, sizeof loss, v->eval.loss);
        for (int k = 0; k < MAX_LEVELS; k++)
            share[k] = v->eval.level_count[k] && most > 0 ? v->eval.level_loss[k] / most : NAN;
        x += canvas_text(f->canvas, x, r.y, chrome_marker(f->canvas, i), chrome_series_role(i), 0);
        x += canvas_textf(f->canvas, x, r.y, ROLE_TEXT, 0, " loss %s ", loss);
        if (bars)
            spark_draw(f->canvas, x, r.y, share, MAX_LEVELS, chrome_series_role(i));
        x += bars ? MAX_LEVELS + GAP : 1;
    }
    if (bars)
        canvas_text_fit(f->canvas, x, r.y, r.x + r.w - x, "by noise, least first", ROLE_DIM, 0);
}

/* One level: its number, then each contestant's loss and bar. */
static void level_row(struct frame *f, struct rect r, int level, double most)
{
    int shown = f->race->count < r.w / 12 ? f->race->count : r.w / 12, x = r.x + 2;
    canvas_textf(f->canvas, r.x, r.y, ROLE_DIM, 0, "%d", level + 1);
    for (int i = 0; i < shown; i++, x += (r.w - 2) / shown) {
        const struct evaluation *e = &f->race->contestants[i].eval;
        char loss[24] = "-";
        bool known = e->valid && e->level_count[level] > 0;
        if (known)
            format_share(loss, sizeof loss, e->level_loss[level]);
        canvas_textf(f->canvas, x, r.y, ROLE_TEXT, 0, "%4s", loss);
        if (known && most > 0)
            canvas_bar(f->canvas, x + 5, r.y, (r.w - 2) / shown - 6, e->level_loss[level] / most,
                       chrome_series_role(i));
    }
}

void levels_draw(struct frame *f, struct rect r)
{
    const struct race_snapshot *race = f->race;
    double most = largest(race);
    char right[48] = "", count[24];
    const struct evaluation *e = &race->contestants[ui_focus(f->ui, race, f->probe)].eval;
    if (r.h < MAX_LEVELS + 2) {
        levels_line(f, r, most);
        return;
    }
    if (e->valid) {
        text_thousands(count, sizeof count, e->level_count[0]);
        snprintf(right, sizeof right, "n=%s each", count);
    }
    r = canvas_box(f->canvas, r, "loss by noise, 1 least", right);
    struct rect old = canvas_clip(f->canvas, r);
    for (int k = 0; k < MAX_LEVELS && k < r.h; k++)
        level_row(f, (struct rect){r.x, r.y + k, r.w, 1}, k, most);
    if (r.h > MAX_LEVELS)
        levels_line(f, (struct rect){r.x, r.y + MAX_LEVELS, r.w, 1}, most);
    f->canvas->clip = old;
}
