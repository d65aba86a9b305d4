/* Grids of shares side by side: a number and a colour in each cell. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "view/figure_draw.h"

enum { CELL_W = 52, CELL_H = 30, GAP = 34, HEAD_H = 40, NARROWEST = 460 };

/* A cell's place on the ramp of its panel: 0..1. */
static double place(const struct figure_panel *p, double value)
{
    double at = p->is_difference ? (value + 1) / 2 : value;
    return at < 0 ? 0 : at > 1 ? 1 : at;
}

static struct color shade(const struct theme *theme, const struct figure_panel *p, double value)
{
    int base = p->is_difference ? ROLE_DIVERGING_0 : ROLE_SEQUENTIAL_0;
    double at = place(p, value) * (RAMP_LEVELS - 1);
    int low = (int)at < RAMP_LEVELS - 2 ? (int)at : RAMP_LEVELS - 2;
    return theme_mix(theme->roles[base + low], theme->roles[base + low + 1], at - low);
}

/* Of text and background the one that is further from a colour in brightness. */
static struct color ink_on(const struct theme *theme, struct color k)
{
    struct color a = theme->roles[ROLE_TEXT], b = theme->roles[ROLE_BACKGROUND];
    int own = 3 * k.r + 6 * k.g + k.b;
    int far_a = abs(3 * a.r + 6 * a.g + a.b - own), far_b = abs(3 * b.r + 6 * b.g + b.b - own);
    return far_a >= far_b ? a : b;
}

static void add_cell(const struct theme *theme, const struct figure_panel *p, double x, double y,
                     double value, struct text *out)
{
    char number[24] = "-";
    struct color k = theme->roles[ROLE_BACKGROUND];
    if (isfinite(value)) {
        k = shade(theme, p, value);
        snprintf(number, sizeof number, p->is_difference ? "%+.3f" : "%.3f", value);
    }
    text_addf(out,
              "<rect x=\"%.6g\" y=\"%.6g\" width=\"%d\" height=\"%d\" fill=\"#%02x%02x%02x\"/>\n", x,
              y, CELL_W, CELL_H, k.r, k.g, k.b);
    draw_words(out, x + CELL_W / 2.0, y + CELL_H / 2.0 + 4, ANCHOR_MIDDLE, FIGURE_SMALL + 1,
               ink_on(theme, k), false, number);
}

static double label_width(const struct figure *f)
{
    double widest = words_width(f->y_label, FIGURE_SMALL);
    for (int i = 0; i < f->rows; i++)
        widest = fmax(widest, words_width(f->row[i], FIGURE_SMALL + 1));
    return widest + 8;
}

static void add_panel(const struct figure *f, const struct theme *theme,
                      const struct figure_panel *p, double x, double y, double label,
                      struct text *out)
{
    struct color ink = theme->roles[ROLE_TEXT], dim = theme->roles[ROLE_DIM];
    double left = x + label, top = y + HEAD_H;
    draw_words(out, left, y + 8, ANCHOR_START, FIGURE_FONT, ink, true, p->title);
    if (p->below[0])
        draw_words(out, left + words_width(p->title, FIGURE_FONT) + 10, y + 8, ANCHOR_START,
                   FIGURE_SMALL, dim, false, p->below);
    draw_words(out, x, top - 6, ANCHOR_START, FIGURE_SMALL, dim, false, f->y_label);
    draw_words(out, left + f->columns * CELL_W / 2.0, top + f->rows * CELL_H + 14, ANCHOR_MIDDLE,
               FIGURE_SMALL, dim, false, f->x_label);
    for (int j = 0; j < f->columns; j++)
        draw_words(out, left + (j + 0.5) * CELL_W, top - 6, ANCHOR_MIDDLE, FIGURE_SMALL + 1, ink,
                   false, f->column[j]);
    for (int i = 0; i < f->rows; i++) {
        draw_words(out, left - 6, top + (i + 0.5) * CELL_H + 4, ANCHOR_END, FIGURE_SMALL + 1, ink,
                   false, f->row[i]);
        for (int j = 0; j < f->columns; j++)
            add_cell(theme, p, left + j * CELL_W, top + i * CELL_H,
                     (double)p->values[i * f->columns + j], out);
    }
}

void figure_grid_svg(const struct figure *f, const struct theme *theme, struct text *out)
{
    double label = label_width(f), panel = label + f->columns * CELL_W;
    int columns = f->panel_columns > 0 ? f->panel_columns : f->panel_count;
    int rows = columns > 0 ? (f->panel_count + columns - 1) / columns : 0;
    for (int i = 0; i < f->panel_count; i++)
        panel = fmax(panel, label + words_width(f->panels[i].title, FIGURE_FONT) + 14 +
                                words_width(f->panels[i].below, FIGURE_SMALL));
    double width = fmax(NARROWEST, columns * (panel + GAP) + GAP);
    double step = HEAD_H + f->rows * CELL_H + 34, below = 48 + rows * step;
    double height = below + 14 * caption_rows(f, width - 32) + 8;
    draw_sheet(f, theme, width, height, out);
    for (int i = 0; i < f->panel_count; i++)
        add_panel(f, theme, &f->panels[i], GAP / 2.0 + (i % columns) * (panel + GAP),
                  48 + i / columns * step, label, out);
    draw_caption(f, theme, below, width - 32, out);
    text_add(out, "</svg>\n");
}
