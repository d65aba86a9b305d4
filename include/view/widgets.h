/* Parts of a page. Each draws into a rectangle of any size, down to nothing, and never outside. */
#ifndef HEED_VIEW_WIDGETS_H
#define HEED_VIEW_WIDGETS_H

#include "core/series.h"
#include "view/canvas.h"

/* --- curves ---------------------------------------------------------------------------------- */

enum curve_axis { AXIS_STEPS, AXIS_SAMPLES, AXIS_SECONDS };

struct curve_line {
    const struct series *series;
    const char *label;
    uint8_t role;
    int marker; /* index into the marker set ● ▲ ◆ ■ ... / * ^ + x ... in ASCII */
    bool hidden;
    bool faint;    /* another line is to stand out */
    int64_t count; /* answers behind each value, for the 95 % band around a share; 0: no band */
};

struct curve_options {
    enum curve_axis axis;
    double per_step;       /* samples per step, for AXIS_SAMPLES */
    bool log_x, log_y;
    double smooth;         /* debiased exponential moving average, 0..0.999; 0: raw only */
    bool fix_y;            /* y range given, else fitted to what is visible */
    double y_low, y_high;
    double x_low, x_high;  /* x_high <= x_low: everything */
    double reference;      /* a dashed level such as chance; NaN: none */
    const char *reference_label;
    double cursor;         /* x of the cursor, NaN: none */
    double mark_low, mark_high; /* a part of the x axis that stands out; mark_high <= mark_low: none */
    bool legend;           /* names and newest values at the right end or below */
};

/* The marker of a series as this canvas can show it. */
uint32_t curve_marker(const struct canvas *c, int marker);
/* Axis with round numbers, raw faint under smoothed, min-max spread, gaps broken, values outside the
   window flagged with ▲ ▼ (^ v) at the edge; each line ends in its marker. */
void curve_draw(struct canvas *c, struct rect r, const struct curve_line *lines, int count,
                const struct curve_options *o);

/* --- heat maps ------------------------------------------------------------------------------- */

enum heat_mode {
    HEAT_SIGNED, HEAT_POSITIVE, HEAT_NEGATIVE, HEAT_SQUARED, HEAT_ABSOLUTE, HEAT_SCORE, HEAT_MODES
};
const char *heat_mode_name(enum heat_mode mode);
/* The shown value of weight w and score z. */
double heat_value(enum heat_mode mode, double w, double z);
bool heat_mode_diverges(enum heat_mode mode); /* zero-centred colours */

/* Levels that are kept from frame to frame, so that a value must leave its band by a quarter of a
   level before its cell changes (hysteresis). */
struct heat_memory {
    int rows, columns;
    signed char *levels; /* -128: not set */
    enum heat_mode mode;
    double range;      /* last automatic range, kept until the values leave it or fill less than half */
    bool below, above; /* written by heat_draw: values beyond a locked range, for heat_scale_clipped */
};
void heat_memory_release(struct heat_memory *m);

struct heat_options {
    enum heat_mode mode;
    double range;             /* locked scale: values in -range..range (or 0..range); 0: automatic */
    int row0, column0;        /* first shown query and key (scrolled) */
    int cursor_row, cursor_column; /* -1: none; crosshair; scrolled into sight if need be */
    const char *const *labels;     /* symbol of each position, NULL: no labels */
    const uint8_t *label_roles;
    bool causal;              /* cells above the diagonal are left empty */
    bool compact;             /* small multiple: the whole map, pooled where it lacks space; labels
                                 only where they fit beside cells of the same size */
    bool fill;                /* cells without labels may be up to twice as wide as high */
    bool overview;            /* the whole map, pooled where it lacks space; then positions for labels */
    bool measured;            /* low and high are the map's least and greatest value */
    double low, high;
    struct heat_memory *memory; /* may be NULL */
};
/* weight and score: n * n row-major; score is read in HEAT_SCORE alone, weight in all others. Draws labels, cells, crosshair; returns the range used (the
   printed scale is heat_scale_draw). What does not fit is said ("+12 rows", "1:4"), never dropped
   silently. */
double heat_draw(struct canvas *c, struct rect r, const float *weight, const float *score, int n,
                 const struct heat_options *o);
/* Where heat_draw puts what. */
struct heat_place {
    struct rect cells; /* without labels */
    int cell_w;        /* columns of a cell */
    int pool;          /* queries, and keys, of one cell; the value of largest magnitude is shown */
    int column0, columns; /* shown cells */
};
void heat_place(struct heat_place *out, const struct canvas *c, struct rect r, int n,
                const struct heat_options *o);
/* "±.62" or "0 to .62" */
void heat_range_text(const struct canvas *c, enum heat_mode mode, double range, char *out,
                     size_t size);
/* "-.62 ▇▅▂ 0 ▂▅▇ +.62" with the ramp's colours; needs 1 row. */
void heat_scale_draw(struct canvas *c, int x, int y, int w, enum heat_mode mode, double range);
/* The same with '<' and '>' at the ends beyond which there are values. */
void heat_scale_clipped(struct canvas *c, int x, int y, int w, enum heat_mode mode, double range,
                        bool below, bool above);
/* Which query and key heat_draw puts at column x, row y of the canvas; false: none. */
bool heat_at(const struct canvas *c, struct rect r, int n, const struct heat_options *o, int x, int y,
             int *row, int *column);

/* --- bars ------------------------------------------------------------------------------------ */

/* n signed values as vertical bars around a zero line (heights in eighths), labels beneath. cursor:
   highlighted bar or -1. Values beyond +-range are flagged. */
void bars_draw(struct canvas *c, struct rect r, const double *values, int n, double range,
               const char *const *labels, const uint8_t *label_roles, int cursor);
/* The same without labels, each bar in a colour of its own instead of that of its sign. */
void bars_of_roles(struct canvas *c, struct rect r, const double *values, int n, double range,
                   const uint8_t *roles);
/* One-line sparkline of values in 0..1; NaN is a gap. */
void spark_draw(struct canvas *c, int x, int y, const double *values, int n, uint8_t role);

/* --- tables ---------------------------------------------------------------------------------- */

enum { TABLE_COLUMNS = 24, TABLE_CELL = 48 };
struct table_column {
    const char *title;
    int width;        /* columns wanted */
    bool right;       /* aligned right */
};
struct table_cell {
    char text[TABLE_CELL];
    uint8_t role, attr;
};
/* Header, rows, a mark at the sorted column; says how many rows or columns are out of sight. Column 0
   is always there, then those from first_column (at least 1) on. */
void table_draw(struct canvas *c, struct rect r, const struct table_column *columns, int ncolumns,
                const struct table_cell *cells, int nrows, int first_row, int first_column,
                int selected, int sorted);
/* The first column for table_draw at this width that is nearest to `from` and leaves `wanted` in sight
   (0: whichever), without emptiness at the right while columns are hidden at the left. */
int table_scroll(const struct table_column *columns, int n, int width, int from, int wanted);

/* Format helpers: ".973", "1.00", "-"; "12.3k"; "28.1 k". */
void format_share(char *out, size_t size, double v);
void format_short(char *out, size_t size, double v);

#endif
