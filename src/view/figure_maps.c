/* Attention maps side by side, with their tokens and one scale for all. */
#include <math.h>
#include <stdio.h>
#include "view/figure_draw.h"

enum { NARROWEST = 560, GAP = 26, EDGE = 22, KEY_H = 10, TITLE_H = 30, TOKEN_CELL = 9 };
enum { MOST_CELLS = 120 }; /* along a panel: more would be smaller than ink, and a file of many MB */

/* Panels are as large as their tokens need, where that is not too much. */
static double panel_side(const struct figure *f)
{
    return fmin(fmax(TOKEN_CELL * f->side, 200), 360);
}

/* Queries, and keys, of one cell. */
static int pool_of(const struct figure *f)
{
    return (f->side + MOST_CELLS - 1) / MOST_CELLS;
}

/* The scale that all panels share: the largest absolute value. Of long windows that of the queries
   beyond the first quarter: the first share their weight among few keys, and nothing else would show. */
static double largest(const struct figure *f)
{
    float most = 0;
    int first = pool_of(f) > 1 ? f->side / 4 : 0;
    for (int i = 0; i < f->panel_count; i++) {
        const float *values = f->panels[i].values;
        for (int at = first * f->side; at < f->side * f->side; at++) {
            bool seen = at % f->side <= at / f->side;
            if (seen && fabsf(values[at]) > most)
                most = fabsf(values[at]);
        }
    }
    return most > 0 ? (double)most : 1;
}

static struct color shade(const struct figure *f, const struct theme *theme, double share)
{
    double at = f->is_signed ? (share + 1) / 2 * (RAMP_LEVELS - 1) : share * (RAMP_LEVELS - 1);
    int base = f->is_signed ? ROLE_DIVERGING_0 : ROLE_SEQUENTIAL_0, low = (int)at;
    low = low < 0 ? 0 : low > RAMP_LEVELS - 2 ? RAMP_LEVELS - 2 : low;
    return theme_mix(theme->roles[base + low], theme->roles[base + low + 1], at - low);
}

/* The weight of largest magnitude of a cell; 0 if its keys all come after its queries. */
static double cell_value(const struct figure *f, const float *values, int row, int column)
{
    int pool = pool_of(f);
    float most = 0;
    for (int query = row * pool; query < (row + 1) * pool && query < f->side; query++)
        for (int key = column * pool; key < (column + 1) * pool && key <= query; key++) {
            float v = values[query * f->side + key];
            if (fabsf(v) > fabsf(most))
                most = v;
        }
    return (double)most;
}

static void add_tokens(const struct figure *f, const struct theme *theme, double x, double y,
                       double cell, struct text *out)
{
    double widest = 1;
    for (int i = 0; i < f->side; i++)
        widest = fmax(widest, words_width(f->token[i], 1));
    int size = (int)fmin(9, 0.95 * cell / widest);
    if (size < 5) /* nobody could read them */
        size = 0;
    for (int i = 0; i < f->side && size; i++) {
        struct color color = theme->roles[f->token_is_control[i] ? ROLE_BAD : ROLE_TEXT];
        bool bold = f->token_is_control[i];
        double at = (i + 0.5) * cell;
        draw_words(out, x + at, y + f->side * cell + 11, ANCHOR_MIDDLE, size, color, bold,
                   f->token[i]);
        draw_words(out, x - 4, y + at + size * 0.36, ANCHOR_END, size, color, bold, f->token[i]);
    }
}

static void add_panel(const struct figure *f, const struct theme *theme,
                      const struct figure_panel *p, double x, double y, double cell, double scale,
                      struct text *out)
{
    struct color ink = theme->roles[ROLE_TEXT];
    double size = cell * f->side, pooled = cell * pool_of(f);
    int cells = (f->side + pool_of(f) - 1) / pool_of(f);
    double fits = size / words_width(p->title, 1);
    draw_words(out, x, y - 18, ANCHOR_START, fits < FIGURE_SMALL ? (int)fits : FIGURE_SMALL, ink,
               true, p->title);
    draw_words(out, x, y - 6, ANCHOR_START, FIGURE_SMALL, ink, false, p->below);
    text_add(out, "<g shape-rendering=\"crispEdges\">\n");
    for (int row = 0; row < cells; row++) {
        for (int column = 0; column <= row; column++) {
            double share = cell_value(f, p->values, row, column) / scale;
            double w = fmin(pooled, size - column * pooled), h = fmin(pooled, size - row * pooled);
            struct color k = shade(f, theme, isfinite(share) ? fmax(-1, fmin(1, share)) : 0);
            text_addf(out,
                      "<rect x=\"%.6g\" y=\"%.6g\" width=\"%.5g\" height=\"%.5g\" "
                      "fill=\"#%02x%02x%02x\"/>\n",
                      x + column * pooled, y + row * pooled, w, h, k.r, k.g, k.b);
        }
    }
    text_addf(out,
              "</g>\n<rect x=\"%.6g\" y=\"%.6g\" width=\"%.6g\" height=\"%.6g\" fill=\"none\" "
              "stroke=\"#%02x%02x%02x\"/>\n",
              x, y, size, size, ink.r, ink.g, ink.b);
    add_tokens(f, theme, x, y, cell, out);
}

static void add_scale(const struct figure *f, const struct theme *theme, double y, double scale,
                      struct text *out)
{
    struct color ink = theme->roles[ROLE_TEXT];
    char low[24], high[24];
    double x = 70, w = 200;
    snprintf(low, sizeof low, "%.3g", f->is_signed ? -scale : 0);
    snprintf(high, sizeof high, "%s%.3g", f->is_signed ? "+" : "", scale);
    for (int i = 0; i < RAMP_LEVELS; i++) {
        double at = (double)i / (RAMP_LEVELS - 1), share = f->is_signed ? 2 * at - 1 : at;
        struct color k = shade(f, theme, share);
        text_addf(out,
                  "<rect x=\"%.5g\" y=\"%.5g\" width=\"%.5g\" height=\"%d\" "
                  "fill=\"#%02x%02x%02x\" shape-rendering=\"crispEdges\"/>\n",
                  x + w * i / RAMP_LEVELS, y, w / RAMP_LEVELS, KEY_H, k.r, k.g, k.b);
    }
    draw_words(out, x - 6, y + 9, ANCHOR_END, FIGURE_SMALL, ink, false, low);
    draw_words(out, x + w + 6, y + 9, ANCHOR_START, FIGURE_SMALL, ink, false, high);
    char words[200] = "weight; query downward, key to the right; control tokens bold";
    if (pool_of(f) > 1)
        snprintf(words, sizeof words,
                 "weight; query downward, key to the right; a cell: %d x %d weights, the one of largest "
                 "magnitude; beyond the scale: queries of the first quarter",
                 pool_of(f), pool_of(f));
    draw_words(out, x + w + 60, y + 9, ANCHOR_START, FIGURE_SMALL, theme->roles[ROLE_DIM], false,
               words);
}

void figure_maps_svg(const struct figure *f, const struct theme *theme, struct text *out)
{
    int columns = f->panel_columns > 0 ? f->panel_columns : 1;
    int rows = (f->panel_count + columns - 1) / columns;
    double panel = panel_side(f), cell = panel / f->side;
    double scale = largest(f), width = fmax(NARROWEST, columns * (panel + GAP) + GAP);
    double step_y = panel + TITLE_H + EDGE;
    double key_y = 44 + rows * step_y + 4, below = key_y + KEY_H + 22;
    double height = below + 14 * caption_rows(f, width - 32) + 8;
    draw_sheet(f, theme, width, height, out);
    for (int i = 0; i < f->panel_count; i++)
        add_panel(f, theme, &f->panels[i], GAP + 8 + (i % columns) * (panel + GAP),
                  44 + TITLE_H + (i / columns) * step_y, cell, scale, out);
    add_scale(f, theme, key_y + 6, scale, out);
    draw_caption(f, theme, below + 8, width - 32, out);
    text_add(out, "</svg>\n");
}
