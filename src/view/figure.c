#include "view/figure.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "view/figure_draw.h"

enum { LEFT = 64, TOP = 40, PLANE_W = 520, PLANE_H = 300, BELOW = 52, MARKERS = 8 };

void figure_release(struct figure *f)
{
    for (int i = 0; i < f->series_count; i++)
        free(f->series[i].points);
    for (int i = 0; i < f->panel_count; i++)
        free(f->panels[i].values);
    memset(f, 0, sizeof *f);
}

int figure_add_point(struct figure_series *s, struct figure_point p)
{
    if (s->count == s->capacity) {
        int capacity = s->capacity ? 2 * s->capacity : 64;
        struct figure_point *moved = realloc(s->points, (size_t)capacity * sizeof *moved);
        if (!moved)
            return ERR_MEMORY;
        s->points = moved;
        s->capacity = capacity;
    }
    s->points[s->count++] = p;
    return 0;
}

float *figure_add_panel(struct figure *f, const char *title, const char *below)
{
    struct figure_panel *p = &f->panels[f->panel_count];
    p->values = calloc((size_t)f->side * (size_t)f->side, sizeof *p->values);
    if (!p->values)
        return NULL;
    text_copy(p->title, sizeof p->title, title);
    text_copy(p->below, sizeof p->below, below);
    f->panel_count++;
    return p->values;
}

float *figure_add_grid(struct figure *f, const char *title)
{
    int count = 3 * f->rows * f->columns;
    struct figure_panel *p = &f->panels[f->panel_count];
    p->values = malloc((size_t)count * sizeof *p->values);
    if (!p->values)
        return NULL;
    for (int i = 0; i < count; i++)
        p->values[i] = NAN;
    text_copy(p->title, sizeof p->title, title);
    f->panel_count++;
    return p->values;
}

void figure_caption(struct figure *f, const char *format, ...)
{
    char line[2 * FIGURE_LINE];
    va_list args;
    if (f->caption_lines == FIGURE_CAPTION)
        return;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    text_copy(f->caption[f->caption_lines++], FIGURE_LINE, line);
}

/* --- the plane ------------------------------------------------------------------------------- */

static void widen(double value, bool log_y, double *low, double *high)
{
    if (!isfinite(value) || (log_y && value <= 0))
        return;
    *low = fmin(*low, value);
    *high = fmax(*high, value);
}

/* The next 1, 2 or 5 times a power of ten at or beyond a value, so that a logarithmic axis ends at
   marks. */
static double round_mark(double value, bool up)
{
    static const double marks[] = {1, 2, 5, 10};
    double power = pow(10, floor(log10(value)));
    for (int i = 0; i < 3; i++) {
        if (value <= marks[i + 1] * power)
            return (up && value > marks[i] * power ? marks[i + 1] : marks[i]) * power;
    }
    return 10 * power;
}

static struct plane find_plane(const struct figure *f)
{
    struct plane p = {LEFT, TOP, PLANE_W, PLANE_H, INFINITY, -INFINITY, INFINITY, -INFINITY,
                      f->log_y};
    for (int i = 0; i < f->series_count; i++) {
        for (int k = 0; k < f->series[i].count; k++) {
            const struct figure_point *q = &f->series[i].points[k];
            widen(q->x, false, &p.x0, &p.x1);
            widen(q->y, f->log_y, &p.y0, &p.y1);
            widen(q->low, f->log_y, &p.y0, &p.y1);
            widen(q->high, f->log_y, &p.y0, &p.y1);
        }
    }
    p.x0 = fmin(p.x0, 0);
    if (f->kind == FIGURE_BARS) {
        p.x0 = -0.5;
        p.x1 = f->group_count - 0.5;
    }
    if (f->fixed_y) {
        p.y0 = 0;
        p.y1 = 1;
    }
    if (!(p.x1 > p.x0)) { /* nothing, or one step */
        p.x0 = isfinite(p.x0) ? p.x0 - 1 : 0;
        p.x1 = p.x0 + 2;
    }
    if (!isfinite(p.y0)) {
        p.y0 = f->log_y ? 0.1 : 0;
        p.y1 = 1;
    } else if (!(p.y1 > p.y0)) {
        p.y1 = p.y0 > 0 ? 2 * p.y0 : p.y0 + 1;
    }
    if (p.log_y) {
        p.y0 = round_mark(p.y0, false);
        p.y1 = round_mark(p.y1, true);
    } else if (!f->fixed_y) {
        double ticks[FIGURE_TICKS];
        int digits, n = figure_ticks(p.y0, p.y1, FIGURE_TICKS / 2, ticks, &digits);
        double step = n > 1 ? ticks[1] - ticks[0] : 0;
        p.y0 = n > 1 ? step * floor(p.y0 / step + 1e-9) : p.y0;
        p.y1 = n > 1 ? step * ceil(p.y1 / step - 1e-9) : p.y1;
    }
    return p;
}

/* --- curves ---------------------------------------------------------------------------------- */

static bool drawable(const struct plane *p, double y)
{
    return isfinite(y) && (!p->log_y || y > 0);
}

static bool has_band(const struct plane *p, const struct figure_point *q)
{
    return drawable(p, q->y) && drawable(p, q->low) && drawable(p, q->high);
}

/* The shaded intervals, one polygon for each stretch without a gap. */
static void add_bands(const struct figure_series *s, const struct plane *p, struct color color,
                      struct text *out)
{
    for (int from = 0, to; from < s->count; from = to + 1) {
        for (to = from; to < s->count && has_band(p, &s->points[to]);)
            to++;
        if (to - from < 2)
            continue;
        text_add(out, "<polygon points=\"");
        for (int k = from; k < to; k++)
            text_addf(out, "%.6g,%.5g ", plane_x(p, s->points[k].x),
                      plane_y(p, s->points[k].high));
        for (int k = to; k-- > from;)
            text_addf(out, "%.6g,%.5g ", plane_x(p, s->points[k].x), plane_y(p, s->points[k].low));
        text_addf(out, "\" fill=\"#%02x%02x%02x\" fill-opacity=\"0.15\"/>\n", color.r, color.g,
                  color.b);
    }
}

static void add_path(const struct figure_series *s, const struct plane *p, struct color color,
                     struct text *out)
{
    bool pen_down = false;
    text_add(out, "<path d=\"");
    for (int k = 0; k < s->count; k++) {
        const struct figure_point *q = &s->points[k];
        if (drawable(p, q->y))
            text_addf(out, "%c%.6g %.5g ", pen_down ? 'L' : 'M', plane_x(p, q->x),
                      plane_y(p, q->y));
        pen_down = drawable(p, q->y);
    }
    text_addf(out,
              "\" fill=\"none\" stroke=\"#%02x%02x%02x\" stroke-width=\"1.8\" "
              "stroke-linejoin=\"round\" stroke-linecap=\"round\"/>\n",
              color.r, color.g, color.b);
}

/* A few markers along a curve, shifted from series to series so that they do not hide each other. */
static void add_markers(const struct figure_series *s, int index, const struct plane *p,
                        struct color color, struct text *out)
{
    double gap = (p->x1 - p->x0) / MARKERS, next = p->x0 + gap * (index % 4) / 4;
    for (int k = 0; k < s->count; k++) {
        const struct figure_point *q = &s->points[k];
        bool last = k == s->count - 1;
        if (!drawable(p, q->y) || (q->x < next && !last))
            continue;
        draw_marker(out, index, plane_x(p, q->x), plane_y(p, q->y), 3.4, color);
        while (next <= q->x)
            next += gap;
    }
}

static void add_curves(const struct figure *f, const struct theme *theme, const struct plane *p,
                       struct text *out)
{
    for (int i = 0; i < f->series_count; i++)
        add_bands(&f->series[i], p, theme->roles[ROLE_SERIES_0 + i % 8], out);
    for (int i = 0; i < f->series_count; i++)
        add_path(&f->series[i], p, theme->roles[ROLE_SERIES_0 + i % 8], out);
    for (int i = 0; i < f->series_count; i++)
        add_markers(&f->series[i], i, p, theme->roles[ROLE_SERIES_0 + i % 8], out);
}

/* --- bars ------------------------------------------------------------------------------------ */

/* Drawn twice, wide in the ground's colour and then thin, it shows on a bar of any colour. */
static void add_whisker(struct text *out, double x, double low, double high, double width,
                        struct color color)
{
    double reach = 2 + width / 2;
    draw_line(out, x, low, x, high, color, width, NULL);
    draw_line(out, x - reach, low, x + reach, low, color, width, NULL);
    draw_line(out, x - reach, high, x + reach, high, color, width, NULL);
}

/* The answers behind each group of bars; where contestants differ in them, the fewest. */
static void add_counts(const struct figure *f, const struct theme *theme, const struct plane *p,
                       double y, struct text *out)
{
    struct color color = theme->roles[ROLE_DIM];
    for (int g = 0; g < f->group_count; g++) {
        char number[32], count[40];
        text_thousands(number, sizeof number, f->group_least[g]);
        snprintf(count, sizeof count, "%s%s", f->group_least[g] < f->group_most[g] ? "≥ " : "",
                 number);
        draw_words(out, plane_x(p, g), y, ANCHOR_MIDDLE, FIGURE_SMALL, color, false,
                   f->group_most[g] > 0 ? count : "-");
    }
    draw_words(out, p->x - 8, y, ANCHOR_END, FIGURE_SMALL, color, false, "n");
}

static void add_bars(const struct figure *f, const struct theme *theme, const struct plane *p,
                     struct text *out)
{
    double width = 0.8 / (f->series_count ? f->series_count : 1), bottom = p->y + p->h;
    struct color ink = theme->roles[ROLE_TEXT];
    for (int i = 0; i < f->series_count; i++) {
        struct color color = theme->roles[ROLE_SERIES_0 + i % 8];
        for (int k = 0; k < f->series[i].count; k++) {
            const struct figure_point *q = &f->series[i].points[k];
            if (!drawable(p, q->y))
                continue;
            double x0 = plane_x(p, q->x - 0.4 + width * i);
            double x1 = plane_x(p, q->x - 0.4 + width * (i + 1));
            double y = plane_y(p, q->y), middle = (x0 + x1) / 2;
            text_addf(out,
                      "<rect x=\"%.5g\" y=\"%.5g\" width=\"%.4g\" height=\"%.5g\" "
                      "fill=\"#%02x%02x%02x\"/>\n",
                      x0 + 0.5, y, x1 - x0 - 1, bottom - y, color.r, color.g, color.b);
            if (!has_band(p, q))
                continue;
            double low = plane_y(p, q->low), high = plane_y(p, q->high);
            add_whisker(out, middle, low, high, 3, theme->roles[ROLE_BACKGROUND]);
            add_whisker(out, middle, low, high, 1, ink);
        }
    }
    for (int g = 0; g < f->group_count; g++)
        draw_words(out, plane_x(p, g), bottom + 17, ANCHOR_MIDDLE, FIGURE_SMALL + 1, ink, false,
                   f->group[g]);
    add_counts(f, theme, p, bottom + 17 + FIGURE_COUNTS, out);
}

/* --- all of it ------------------------------------------------------------------------------- */

static void add_reference(const struct figure *f, const struct theme *theme, const struct plane *p,
                          struct text *out)
{
    if (!isfinite(f->reference) || f->reference < p->y0 || f->reference > p->y1)
        return;
    double y = plane_y(p, f->reference);
    struct color color = theme->roles[ROLE_DIM];
    draw_line(out, p->x, y, p->x + p->w, y, color, 1, "4 3");
    draw_words(out, p->x + p->w + 5, y + 3, ANCHOR_START, FIGURE_SMALL, color, false,
               f->reference_label);
}

static void add_legend(const struct figure *f, const struct theme *theme, const struct plane *p,
                       struct text *out)
{
    double x = p->x + p->w + 18;
    for (int i = 0; i < f->series_count; i++) {
        double y = p->y + 8 + 20 * i;
        struct color color = theme->roles[ROLE_SERIES_0 + i % 8];
        if (f->kind == FIGURE_BARS) {
            text_addf(out,
                      "<rect x=\"%.5g\" y=\"%.5g\" width=\"12\" height=\"12\" "
                      "fill=\"#%02x%02x%02x\"/>\n",
                      x + 6, y - 6, color.r, color.g, color.b);
        } else {
            draw_line(out, x, y, x + 24, y, color, 1.8, NULL);
            draw_marker(out, i, x + 12, y, 3.4, color);
        }
        draw_words(out, x + 32, y + 4, ANCHOR_START, FIGURE_FONT, theme->roles[ROLE_TEXT], false,
                   f->series[i].label);
    }
}

void figure_svg(const struct figure *f, const struct theme *theme, struct text *out)
{
    if (f->kind == FIGURE_MAPS || f->kind == FIGURE_GRID) {
        (f->kind == FIGURE_GRID ? figure_grid_svg : figure_maps_svg)(f, theme, out);
        return;
    }
    struct plane p = find_plane(f);
    double legend = 0;
    for (int i = 0; i < f->series_count; i++)
        legend = fmax(legend, words_width(f->series[i].label, FIGURE_FONT));
    double width = p.x + p.w + 18 + 32 + legend + 16, below = p.y + p.h + BELOW;
    if (f->kind == FIGURE_BARS)
        below += FIGURE_COUNTS;
    double height = below + 14 * caption_rows(f, width - 32) + 12;
    draw_sheet(f, theme, width, height, out);
    draw_axes(f, theme, &p, f->kind == FIGURE_CURVES, out);
    if (f->kind == FIGURE_BARS)
        add_bars(f, theme, &p, out);
    else
        add_curves(f, theme, &p, out);
    add_reference(f, theme, &p, out);
    add_legend(f, theme, &p, out);
    draw_caption(f, theme, below + 10, width - 32, out);
    text_add(out, "</svg>\n");
}
