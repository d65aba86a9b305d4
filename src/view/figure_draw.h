/* What figures are drawn with: shapes and words of an SVG, and the rectangle between the axes. */
#ifndef HEED_VIEW_FIGURE_DRAW_H
#define HEED_VIEW_FIGURE_DRAW_H

#include "view/figure.h"

/* FIGURE_COUNTS: pixels of the row of counts under bars. */
enum { FIGURE_FONT = 12, FIGURE_SMALL = 10, FIGURE_TICKS = 12, FIGURE_COUNTS = 14 };

/* The plane between the axes, in pixels, and what its edges mean. */
struct plane {
    double x, y, w, h;
    double x0, x1, y0, y1;
    bool log_y;
};
double plane_x(const struct plane *p, double x);
double plane_y(const struct plane *p, double y);

enum anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END };
/* Words with their baseline at (x, y), XML's own characters escaped. */
void draw_words(struct text *out, double x, double y, enum anchor anchor, int size,
                struct color color, bool bold, const char *words);
void draw_line(struct text *out, double x0, double y0, double x1, double y1, struct color color,
               double width, const char *dashes);
/* One of eight shapes, `radius` large, so that series differ without colour. */
void draw_marker(struct text *out, int series, double x, double y, double radius,
                 struct color color);
/* Open a picture of this many pixels: the ground, the title above. The caller ends it with </svg>. */
void draw_sheet(const struct figure *f, const struct theme *theme, double width, double height,
                struct text *out);
/* Lines that the caption takes at this width. */
int caption_rows(const struct figure *f, double width);
void draw_caption(const struct figure *f, const struct theme *theme, double y, double width,
                  struct text *out);
/* Both axes with ticks and grid; x ticks only if `x_ticks`. */
void draw_axes(const struct figure *f, const struct theme *theme, const struct plane *p,
               bool x_ticks, struct text *out);
/* Pixels that words of this size take, about. */
double words_width(const char *words, int size);
void figure_maps_svg(const struct figure *f, const struct theme *theme, struct text *out);
void figure_grid_svg(const struct figure *f, const struct theme *theme, struct text *out);

#endif
