/* The inside of a curve chart: coordinates, dots, ticks, points. Private to curve*.c. */
#ifndef HEED_VIEW_PLOT_H
#define HEED_VIEW_PLOT_H

#include "view/widgets.h"

/* Where values land. Bounds are log10 of the values on a logarithmic axis. */
struct plot {
    struct canvas *c;
    struct rect r;      /* cells of the plotting area */
    int dots_x, dots_y; /* dots per cell: 2x4 braille, 1x2 half blocks, 1x1 ASCII */
    double x0, x1, y0, y1;
    bool log_x, log_y;
};

/* How a line is drawn. Faint dots give way to firm ones, firm ones join. */
struct pen {
    uint8_t role;
    bool faint;
    char ascii; /* the character that stands for a dot in ASCII */
};

void plot_use_glyphs(struct plot *p);
/* Values to dots, not rounded and not limited: x to the right, y downwards. -INFINITY for what a
   logarithmic axis does not have. */
double plot_x(const struct plot *p, double x);
double plot_y(const struct plot *p, double y);
/* From dot to dot; what lies outside the area is cut off. */
void plot_line(const struct plot *p, double xa, double ya, double xb, double yb,
               const struct pen *pen);
/* True if no curve has a dot in this cell. */
bool plot_is_free(const struct plot *p, int x, int y);

/* --- points ----------------------------------------------------------------------------------- */

struct point {
    double x, low, high, mean, smooth;
    bool
        lost; /* some values were not finite: no line from the point before. All: the rest is NaN */
};
struct points {
    int count;
    struct point at[SERIES_BUCKETS];
};

/* A series along the chosen axis. smooth is the exponential moving average with weight `beta` per
   sample, debiased: e_n = b e_(n-1) + (1 - b) v, shown e_n / (1 - b^n); a bucket of k samples
   counts k times. Empty buckets leave no point. */
void points_take(struct points *out, const struct series *s, const struct curve_options *o);

/* The point nearest to x, NULL if there is none. */
const struct point *points_nearest(const struct points *all, double x);

/* --- ticks ------------------------------------------------------------------------------------ */

enum { MAX_TICKS = 32, TICK_TEXT = 16 };
struct tick {
    double value;
    char text[TICK_TEXT];
};
/* At most `most` round values (1, 2, 5 times a power of ten) in [low, high]; on a logarithmic axis
   powers of ten, with 2 and 5 between them if they fit. Returns the count. */
int ticks_make(struct tick out[MAX_TICKS], double low, double high, bool log, int most);

/* --- legend ----------------------------------------------------------------------------------- */

struct legend_entry {
    const struct curve_line *line;
    double value;    /* newest, or under the cursor */
    int column, row; /* where its line ends, row -1: nowhere in sight */
    bool exact;      /* all digits that fit */
};
int legend_columns(const struct legend_entry *entries, int count);
/* In a column at the right of the plot, each as near to its line's end as the others let it. */
void legend_beside(struct canvas *c, struct rect r, struct legend_entry *entries, int count);
/* In rows from the left; `rows` is how many they need at this width. */
int legend_rows(const struct legend_entry *entries, int count, int width);
void legend_below(struct canvas *c, struct rect r, const struct legend_entry *entries, int count);

#endif
