#include "view/pictures.h"

enum {
    POOL_MOST = 8,
    ZOOM_MOST = 3,
    WANTED = 4,        /* samples that must stand side by side before they are enlarged */
    WIDE_W = 108, WIDE_H = 24, PANEL = 36,
    LARGE_W = 180, LARGE_H = 45, LARGE_PANEL = 69,
    ASIDE_W = 70, MAP_W = 16, LEVELS_W = 11,
    LOSSES_H = 11, LARGE_LOSSES_H = 10, LARGE_REAL_H = 14,
    SMALL_W = 14 /* columns of an image that is not to be made smaller */
};

/* As many columns and rows of images, a gap between them, as stand in w x h. */
static void fill(struct picture_grid *g, int w, int h, struct picture_size size)
{
    int columns = (w + 1) / (size.w + 1), rows = (h + 1) / (size.h + 1);
    columns = columns < IMAGES_SHOWN ? columns : IMAGES_SHOWN;
    *g = (struct picture_grid){.size = size};
    if (columns < 1 || rows < 1)
        return;
    int needed = (IMAGES_SHOWN + columns - 1) / columns;
    g->columns = columns;
    g->rows = rows < needed ? rows : needed;
    g->shown = columns * g->rows < IMAGES_SHOWN ? columns * g->rows : IMAGES_SHOWN;
}

static int height(const struct picture_grid *g)
{
    return g->rows * (g->size.h + 1) - 1;
}

/* The largest samples of which several stand in a row, and one row of them at first. */
static void choose_samples(struct picture_grid *g, int w, int h, int side)
{
    for (int zoom = ZOOM_MOST; zoom >= 1; zoom--) {
        fill(g, w, h, picture_size(side, 1, zoom));
        if (g->columns >= (zoom > 1 ? WANTED : 1))
            break;
    }
    for (int pool = 2; pool <= POOL_MOST && g->shown == 0; pool *= 2)
        fill(g, w, h, picture_size(side, pool, 1));
    if (g->shown > g->columns)
        g->shown = g->columns;
    g->rows = g->shown ? 1 : 0;
}

/* Rows more of samples, of every contestant, while they fit; what is left is returned. */
static int add_rows(struct picture_grid *g, int left, int contestants)
{
    while (g->shown && g->shown < IMAGES_SHOWN && left >= contestants * (g->size.h + 1)) {
        left -= contestants * (g->size.h + 1);
        g->rows++;
        g->shown = g->rows * g->columns < IMAGES_SHOWN ? g->rows * g->columns : IMAGES_SHOWN;
    }
    return left;
}

/* Of images that are looked at beside the samples: at most `rows` high, if something is seen on them
   then. */
static struct picture_size small_size(int side, int rows)
{
    struct picture_size size = picture_size(side, 1, 1), half = picture_size(side, 2, 1);
    while (half.w >= SMALL_W && (size.w > 32 || size.h > rows)) {
        size = half;
        half = picture_size(side, 2 * size.pool, 1);
    }
    return size;
}

/* A row of images under a title row, cut off the bottom of `r`. */
static struct rect cut_row(struct rect *r, struct picture_grid *g, struct picture_size size, int most)
{
    fill(g, r->w, size.h, size);
    g->columns = g->shown = g->columns < most ? g->columns : most;
    return g->shown ? rect_cut_bottom(r, 1 + g->size.h) : (struct rect){0};
}

/* least: rows of a block where something beside it needs them. */
static void place_blocks(struct picture_layout *l, struct rect *r, int contestants, int least)
{
    int high = 1 + height(&l->samples);
    for (int k = 0; k < contestants && l->samples.shown; k++)
        l->block[k] = rect_cut_top(r, high < least ? least : high);
}

/* Real images, a row at the bottom; what is left of `left` rows is returned. */
static int cut_reals(struct picture_layout *l, struct rect *body, int side, int left)
{
    struct picture_size small = small_size(side, left - 1);
    if (left <= small.h)
        return left;
    l->reals = cut_row(body, &l->real, small, IMAGES_SHOWN);
    return left - 1 - small.h;
}

/* How the chosen one came about, by both contestants or by the first alone. */
static void cut_pasts(struct picture_layout *l, struct rect *body, int side, int contestants, int left)
{
    struct picture_size small = small_size(side, left / contestants - 1);
    bool all = left >= contestants * (1 + small.h);
    if (!all)
        small = small_size(side, left - 1);
    for (int k = all ? contestants - 1 : 0; k >= 0 && left > small.h; k--)
        l->pasts[k] = cut_row(body, &l->past, small, IMAGES_PAST);
}

/* What a row of samples of every contestant leaves is shared out: quality, real images, samples more,
   how the chosen one came about. */
static void wide_samples(struct picture_layout *l, struct rect body, int side, int contestants,
                         bool reals)
{
    int quality = 1 + contestants;
    l->labels = rect_cut_top(&body, 1);
    choose_samples(&l->samples, body.w, body.h / contestants - 1, side);
    int left = body.h - contestants * (1 + l->samples.size.h);
    if (l->samples.shown == 0)
        return;
    if (left >= quality) {
        l->quality = rect_cut_bottom(&body, quality);
        left -= quality;
    }
    if (reals)
        left = cut_reals(l, &body, side, left);
    left = add_rows(&l->samples, left, contestants);
    cut_pasts(l, &body, side, contestants, left);
    place_blocks(l, &body, contestants, 0);
}

/* Samples, their ways and their quality at the left, attention and losses beside. */
static void wide(struct picture_layout *l, struct rect body, int side, int contestants)
{
    bool large = body.w >= LARGE_W && body.h >= LARGE_H;
    struct rect panel = rect_cut_right(&body, large ? LARGE_PANEL : PANEL);
    if (large) { /* between the frames of the panel's other parts */
        struct rect inner = {panel.x + 1, panel.y, panel.w - 2, panel.h};
        l->reals = cut_row(&inner, &l->real, small_size(side, LARGE_REAL_H), IMAGES_SHOWN);
        panel.h = inner.h;
    }
    l->losses = rect_cut_bottom(&panel, large ? LARGE_LOSSES_H : LOSSES_H);
    l->maps = panel;
    wide_samples(l, body, side, contestants, !large);
}

/* Attention and losses beside the samples; `at` is as high as all of these. */
static void place_asides(struct picture_layout *l, struct rect at, int contestants, int high)
{
    for (int k = 0; k < contestants && l->samples.shown; k++) {
        l->map[k] = (struct rect){at.x + 2, l->block[k].y, MAP_W, high};
        l->levels[k] = (struct rect){at.x + 3 + MAP_W, l->block[k].y, LEVELS_W, high};
    }
    if (contestants == 1 && l->map[0].h && at.h >= 2 * high) /* another head of the same */
        l->map[1] = (struct rect){at.x + 2, l->block[0].y + high, MAP_W, high};
}

/* Samples above each other, beside each its attention and its losses. */
static void narrow(struct picture_layout *l, struct rect body, int side, int contestants)
{
    int beside = 1 + MAP_W / 2; /* rows of a map and of the losses, with their titles */
    if (body.h >= 14) {
        l->looks = rect_cut_bottom(&body, 1);
        l->quality = rect_cut_bottom(&body, 1);
    }
    bool aside = body.w >= ASIDE_W && body.h >= contestants * beside + 1;
    if (l->looks.h && !aside)
        l->level_line = rect_cut_bottom(&body, 1);
    if (body.h >= contestants * 6 + 1)
        l->labels = rect_cut_top(&body, 1);
    int wide = aside ? body.w - MAP_W - LEVELS_W - 3 : body.w;
    choose_samples(&l->samples, wide, body.h / contestants - 1, side);
    int least = aside ? beside : 0, high = 1 + l->samples.size.h;
    int left = body.h - contestants * (high < least ? least : high);
    left = add_rows(&l->samples, left, contestants);
    if (l->samples.shown && aside && left >= contestants) { /* a row of its own for each distance */
        l->quality.h += rect_cut_bottom(&body, contestants).h;
        l->quality.y -= contestants;
        left = cut_reals(l, &body, side, left - contestants);
        cut_pasts(l, &body, side, contestants, left);
    }
    struct rect at = body;
    if (aside)
        at = rect_cut_right(&body, body.w - wide);
    place_blocks(l, &body, contestants, least);
    if (aside)
        place_asides(l, at, contestants, beside);
}

void layout_pictures(struct picture_layout *l, struct rect body, int side, int contestants)
{
    *l = (struct picture_layout){0};
    if (body.w >= WIDE_W && body.h >= WIDE_H)
        wide(l, body, side, contestants);
    else
        narrow(l, body, side, contestants);
}
