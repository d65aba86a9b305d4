/* A figure for a paper or a slide: curves, bars or maps with axes, legend and caption, as SVG or as
   the numbers that it shows. Knows nothing of terminals. */
#ifndef HEED_VIEW_FIGURE_H
#define HEED_VIEW_FIGURE_H

#include <stdbool.h>
#include <stddef.h>
#include "base/text.h"
#include "core/alphabet.h"
#include "core/config.h"
#include "view/theme.h"

enum { FIGURE_SERIES = 8, FIGURE_GROUPS = 16, FIGURE_PANELS = 64, FIGURE_CAPTION = 12,
       FIGURE_LINE = 320 };

enum figure_kind { FIGURE_CURVES, FIGURE_BARS, FIGURE_MAPS, FIGURE_GRID };
enum { FIGURE_CELLS = 64 }; /* rows or columns of a grid at most */

/* A value with the interval that is shaded or drawn as a whisker; NaN where there is none. */
struct figure_point {
    double x, y, low, high;
};

struct figure_series {
    char label[NAME_TEXT];
    struct figure_point *points; /* owned; of bars: x is the group's index */
    int count, capacity;
};

/* A square map of n x n numbers, query down, key across; or a grid of shares with their intervals:
   rows x columns values, then as many low ends, then as many high ones. */
struct figure_panel {
    bool is_difference; /* of a grid: from -1 to 1 instead of 0 to 1 */
    char title[NAME_TEXT], below[NAME_TEXT]; /* two lines */
    float *values; /* owned */
};

struct figure {
    enum figure_kind kind;
    char title[FIGURE_LINE], x_label[64], y_label[64];
    char caption[FIGURE_CAPTION][FIGURE_LINE];
    int caption_lines;
    bool log_y;
    bool fixed_y;             /* y runs from 0 to 1 */
    double reference;         /* a dashed line across at this y, NaN: none */
    char reference_label[32];
    int series_count;
    struct figure_series series[FIGURE_SERIES];
    int group_count; /* bars */
    char group[FIGURE_GROUPS][SYMBOL_TEXT];
    int64_t group_least[FIGURE_GROUPS], group_most[FIGURE_GROUPS]; /* answers behind its bars; 0: none */
    int side, panel_count, panel_columns; /* maps; of a grid 0 columns: all panels in a row */
    struct figure_panel panels[FIGURE_PANELS];
    char token[MAX_CONTEXT][SYMBOL_TEXT];
    bool token_is_control[MAX_CONTEXT];
    bool is_signed; /* maps: below zero too */
    int rows, columns; /* grid; x_label and y_label name what runs across and down */
    char row[FIGURE_CELLS][32], column[FIGURE_CELLS][32];
};

/* A zeroed figure is empty. Release what was added. */
void figure_release(struct figure *f);
/* 0 or ERR_MEMORY. */
int figure_add_point(struct figure_series *s, struct figure_point p);
/* side x side numbers, zeroed; NULL without memory. panel_count must be below FIGURE_PANELS. */
float *figure_add_panel(struct figure *f, const char *title, const char *below);
/* The same for a grid: 3 x rows x columns numbers, all NaN. */
float *figure_add_grid(struct figure *f, const char *title);
/* A caption line; what does not fit is cut at a whole character. */
void figure_caption(struct figure *f, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Colours of the theme's roles: background, text, dim, series, ramps. */
void figure_svg(const struct figure *f, const struct theme *theme, struct text *out);
/* The same numbers, one a line, under a line of names; NaN is an empty field (RFC 4180). */
void figure_csv(const struct figure *f, struct text *out);

/* Round steps of an axis from low to high: at most `limit` ticks at 1, 2 or 5 times a power of ten;
   returns how many, and the digits after the point that they need. */
int figure_ticks(double low, double high, int limit, double *ticks, int *digits);

#endif
