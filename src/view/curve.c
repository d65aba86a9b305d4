#include "view/widgets.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "view/plot.h"

enum { MAX_LINES = 32, BESIDE_FROM = 56 /* columns from which the legend stands at the right */ };

struct chart {
    struct plot plot;
    const struct curve_options *o;
    const struct curve_line *lines[MAX_LINES];
    int count;
    bool hidden; /* some line is left out */
    struct points points; /* of the line at hand */
    struct legend_entry legend[MAX_LINES];
    struct tick ticks[MAX_TICKS];
    int tick_count;
    struct rect below, beside;
    int axis_row, gutter;
};

static double shown_value(const struct chart *k, const struct point *p)
{
    return k->o->smooth > 0 ? p->smooth : p->mean;
}

/* --- ranges ------------------------------------------------------------------------------------
 */

static void find_x(struct chart *k)
{
    const struct curve_options *o = k->o;
    double low = INFINITY, high = -INFINITY;
    for (int i = 0; i < k->count; i++) {
        points_take(&k->points, k->lines[i]->series, o);
        for (int j = 0; j < k->points.count; j++) {
            double x = k->points.at[j].x;
            if (o->log_x && !(x > 0))
                continue;
            low = x < low ? x : low;
            high = x > high ? x : high;
        }
    }
    if (o->x_high > o->x_low) {
        low = o->x_low > 0 || !o->log_x ? o->x_low : low;
        high = o->x_high;
    } else if (!o->log_x) {
        low = 0;
    }
    if (!isfinite(low) || !isfinite(high))
        low = o->log_x ? 1 : 0, high = o->log_x ? 10 : 1;
    if (!(high > low))
        high = o->log_x ? low * 10 : low + 1;
    k->plot.log_x = o->log_x;
    k->plot.x0 = o->log_x ? log10(low) : low;
    k->plot.x1 = o->log_x ? log10(high) : high;
}

static void widen(const struct chart *k, double v, double *low, double *high)
{
    if (!isfinite(v) || (k->o->log_y && !(v > 0)))
        return;
    *low = v < *low ? v : *low;
    *high = v > *high ? v : *high;
}

static void find_y(struct chart *k)
{
    const struct curve_options *o = k->o;
    struct plot *p = &k->plot;
    double low = INFINITY, high = -INFINITY;
    p->log_y = o->log_y;
    for (int i = 0; i < k->count; i++) {
        points_take(&k->points, k->lines[i]->series, o);
        for (int j = 0; j < k->points.count; j++) {
            const struct point *q = &k->points.at[j];
            double x = p->log_x ? (q->x > 0 ? log10(q->x) : -INFINITY) : q->x;
            if (x < p->x0 || x > p->x1)
                continue;
            widen(k, q->low, &low, &high);
            widen(k, q->high, &low, &high);
        }
    }
    if (!o->fix_y)
        widen(k, o->reference, &low, &high);
    if (!isfinite(low))
        low = o->log_y ? 0.1 : 0, high = 1;
    if (o->fix_y) {
        low = o->log_y && !(o->y_low > 0) ? fmin(low, o->y_high / 10) : o->y_low;
        high = o->y_high;
    }
    double a = o->log_y ? log10(low) : low, b = o->log_y ? log10(high) : high;
    if (!(b > a)) {
        double half = o->log_y ? 0.5 : a == 0 ? 1 : fabs(a) / 2;
        a -= half, b += half;
    } else if (!o->fix_y) {
        double pad = (b - a) * 0.03;
        a -= pad, b += pad;
    }
    p->y0 = a, p->y1 = b;
}

/* --- layout ------------------------------------------------------------------------------------
 */

static void lay_out(struct chart *k, struct rect r)
{
    struct plot *p = &k->plot;
    p->r = r;
    if (k->o->legend && k->count) {
        int columns = legend_columns(k->legend, k->count);
        if (r.w >= BESIDE_FROM && r.w - columns - 1 >= 32 && r.h >= 3) {
            k->beside = (struct rect){r.x + r.w - columns, r.y, columns, r.h};
            p->r.w -= columns + 1;
        } else if (r.h >= 5) {
            int rows = legend_rows(k->legend, k->count, r.w);
            if (rows > r.h / 4)
                rows = r.h / 4;
            k->below = (struct rect){r.x, r.y + r.h - rows, r.w, rows};
            p->r.h -= rows;
        }
    }
    k->axis_row = p->r.h >= 3 && p->r.w >= 8 ? p->r.y + p->r.h - 1 : -1;
    if (k->axis_row >= 0)
        p->r.h--;
    if (k->beside.w)
        k->beside.h = p->r.h;
    double low = p->log_y ? pow(10, p->y0) : p->y0, high = p->log_y ? pow(10, p->y1) : p->y1;
    int most = p->r.h < 4 ? 2 : p->r.h / 3 + 1;
    k->tick_count = ticks_make(k->ticks, low, high, p->log_y, most);
    int widest = 0;
    for (int i = 0; i < k->tick_count; i++)
        if ((int)strlen(k->ticks[i].text) > widest)
            widest = (int)strlen(k->ticks[i].text);
    k->gutter = p->r.w >= widest + 12 ? widest + 1 : 0;
    p->r.x += k->gutter;
    p->r.w -= k->gutter;
}

static int row_of(const struct plot *p, double y)
{
    double at = floor((plot_y(p, y) + 0.5) / p->dots_y);
    return at < 0 ? -1 : at >= p->r.h ? p->r.h : (int)at;
}

static int column_of(const struct plot *p, double x)
{
    double at = floor((plot_x(p, x) + 0.5) / p->dots_x);
    return at < 0 ? -1 : at >= p->r.w ? p->r.w : (int)at;
}

static void draw_y_axis(const struct chart *k)
{
    const struct plot *p = &k->plot;
    int x = p->r.x - 1;
    if (!k->gutter)
        return;
    for (int y = 0; y < p->r.h; y++)
        canvas_put(p->c, x, p->r.y + y, 0x2502, ROLE_BORDER, ROLE_BACKGROUND, 0);
    for (int i = 0, taken = p->r.h; i < k->tick_count; i++) {
        int row = row_of(p, k->ticks[i].value);
        if (row < 0 || row >= taken) /* two ticks never share a row */
            continue;
        taken = row;
        const char *text = k->ticks[i].text;
        canvas_put(p->c, x, p->r.y + row, 0x2524, ROLE_BORDER, ROLE_BACKGROUND, 0);
        canvas_text(p->c, x - (int)strlen(text), p->r.y + row, text, ROLE_DIM, 0);
    }
}

static void draw_x_axis(struct chart *k)
{
    const struct plot *p = &k->plot;
    int y = k->axis_row, left = p->r.x - (k->gutter ? 1 : 0), right = p->r.x + p->r.w;
    if (y < 0)
        return;
    for (int x = left; x < right; x++)
        canvas_put(p->c, x, y, x == left && k->gutter ? 0x2514 : 0x2500, ROLE_BORDER,
                   ROLE_BACKGROUND, 0);
    double low = p->log_x ? pow(10, p->x0) : p->x0, high = p->log_x ? pow(10, p->x1) : p->x1;
    struct tick ticks[MAX_TICKS];
    int count = ticks_make(ticks, low, high, p->log_x, p->r.w / 10 + 1);
    for (int i = 0, free_from = left; i < count; i++) {
        int columns = (int)strlen(ticks[i].text);
        int x = p->r.x + column_of(p, ticks[i].value) - columns / 2;
        if (x + columns + 1 > right)
            x = right - columns - 1;
        if (x < left + 1)
            x = left + 1;
        if (x - 1 < free_from)
            continue;
        canvas_put(p->c, x - 1, y, ' ', ROLE_DIM, ROLE_BACKGROUND, 0);
        canvas_text(p->c, x, y, ticks[i].text, ROLE_DIM, 0);
        canvas_put(p->c, x + columns, y, ' ', ROLE_DIM, ROLE_BACKGROUND, 0);
        free_from = x + columns + 2;
    }
}

/* --- what is drawn in the area ------------------------------------------------------------------
 */

static int reference_row(const struct chart *k)
{
    int row = isnan(k->o->reference) ? -1 : row_of(&k->plot, k->o->reference);
    return row >= k->plot.r.h ? -1 : row;
}

static void draw_reference(const struct chart *k)
{
    const struct plot *p = &k->plot;
    int row = reference_row(k);
    for (int x = 0; row >= 0 && x < p->r.w; x++)
        canvas_put(p->c, p->r.x + x, p->r.y + row,
                   p->c->glyphs == GLYPHS_ASCII && x % 2 ? ' ' : 0x2504, ROLE_DIM, ROLE_BACKGROUND,
                   0);
}

/* The name of the level, where no curve runs if there is such a place. */
static void draw_reference_label(const struct chart *k)
{
    const struct plot *p = &k->plot;
    const char *label = k->o->reference_label;
    int row = reference_row(k);
    if (row < 0 || !label || !*label)
        return;
    int columns = canvas_columns(label) + 2, place[3];
    if (columns > p->r.w)
        return;
    place[0] = (p->r.w - columns) * 3 / 4, place[1] = (p->r.w - columns) / 2;
    place[2] = p->r.w > columns + 1 ? 1 : 0;
    for (int i = 0; i < 3; i++) {
        bool clear = true;
        for (int x = 0; x < columns; x++)
            clear &= plot_is_free(p, p->r.x + place[i] + x, p->r.y + row);
        if (!clear && i < 2)
            continue;
        int at = p->r.x + place[clear ? i : 0], y = p->r.y + row;
        canvas_put(p->c, at, y, ' ', ROLE_DIM, ROLE_BACKGROUND, 0);
        canvas_text(p->c, at + 1, y, label, ROLE_DIM, 0);
        canvas_put(p->c, at + columns - 1, y, ' ', ROLE_DIM, ROLE_BACKGROUND, 0);
        return;
    }
}

/* The marked part of the x axis: a firm line there, and where colours allow a tinted ground above. */
static void draw_mark(const struct chart *k)
{
    const struct plot *p = &k->plot;
    int from = column_of(p, k->o->mark_low), to = column_of(p, k->o->mark_high);
    if (k->o->mark_high <= k->o->mark_low)
        return;
    for (int x = from < 0 ? 0 : from; x <= to && x < p->r.w; x++) {
        struct cell *axis = canvas_at(p->c, p->r.x + x, k->axis_row);
        if (axis && axis->fg == ROLE_BORDER)
            canvas_put(p->c, p->r.x + x, k->axis_row, p->c->glyphs == GLYPHS_ASCII ? '=' : 0x2550,
                       ROLE_ACCENT, ROLE_BACKGROUND, CELL_BOLD);
        for (int y = 0; y < p->r.h && p->c->colors >= 256; y++) {
            struct cell *cell = canvas_at(p->c, p->r.x + x, p->r.y + y);
            if (cell && cell->bg == ROLE_BACKGROUND)
                cell->bg = ROLE_SEQUENTIAL_0 + 1;
        }
    }
}

/* The rest of a tick's label that something else covers in part; from column x in direction `by`. */
static void drop_label(const struct chart *k, int x, int by)
{
    const struct cell *cell = canvas_at(k->plot.c, x, k->axis_row);
    for (; cell && cell->fg == ROLE_DIM && cell->code != ' '; x += by) {
        canvas_put(k->plot.c, x, k->axis_row, 0x2500, ROLE_BORDER, ROLE_BACKGROUND, 0);
        cell = canvas_at(k->plot.c, x + by, k->axis_row);
    }
}

static void draw_cursor(const struct chart *k)
{
    const struct plot *p = &k->plot;
    int column = isnan(k->o->cursor) ? -1 : column_of(p, k->o->cursor);
    if (column < 0 || column >= p->r.w)
        return;
    for (int y = 0; y < p->r.h; y++)
        canvas_put(p->c, p->r.x + column, p->r.y + y, 0x2502, ROLE_ACCENT, ROLE_BACKGROUND, 0);
    if (k->axis_row < 0)
        return;
    char text[32];
    if (k->o->axis == AXIS_SECONDS)
        text_duration(text, sizeof text, k->o->cursor);
    else
        text_thousands(text, sizeof text, (int64_t)rint(k->o->cursor));
    int columns = canvas_columns(text) + 2, x = p->r.x + column - columns / 2;
    if (x + columns > p->r.x + p->r.w)
        x = p->r.x + p->r.w - columns;
    if (x < p->r.x)
        x = p->r.x;
    drop_label(k, x - 1, -1);
    drop_label(k, x + columns, 1);
    canvas_fill(p->c, (struct rect){x, k->axis_row, columns, 1}, ' ', ROLE_CURSOR,
                ROLE_CURSOR_BACKGROUND);
    canvas_text(p->c, x + 1, k->axis_row, text, ROLE_CURSOR, CELL_BOLD);
}

/* The spread of every bucket, and the line of means if a smoothed one follows. */
static void draw_raw(const struct chart *k, const struct curve_line *line)
{
    const struct plot *p = &k->plot;
    struct pen pen = {line->role, true, '.'};
    for (int i = 0; i < k->points.count; i++) {
        const struct point *a = &k->points.at[i];
        double x = plot_x(p, a->x);
        plot_line(p, x, plot_y(p, a->low), x, plot_y(p, a->high), &pen);
        if (i && k->o->smooth > 0 && !a->lost)
            plot_line(p, plot_x(p, a[-1].x), plot_y(p, a[-1].mean), x, plot_y(p, a->mean), &pen);
    }
}

/* Wilson's 95 % interval around every measured share. */
static void draw_band(const struct chart *k, const struct curve_line *line)
{
    const struct plot *p = &k->plot;
    struct pen pen = {line->role, true, ':'};
    for (int i = 0; i < k->points.count && line->count > 0; i++) {
        const struct point *a = &k->points.at[i];
        double low, high, x = plot_x(p, a->x);
        if (isnan(a->mean))
            continue;
        score_wilson((struct score){llrint(a->mean * (double)line->count), line->count}, &low,
                     &high);
        plot_line(p, x, plot_y(p, low), x, plot_y(p, high), &pen);
    }
}

static void draw_firm(const struct chart *k, const struct curve_line *line)
{
    const struct plot *p = &k->plot;
    struct pen pen = {line->role, line->faint, (char)0};
    struct canvas ascii = {.glyphs = GLYPHS_ASCII};
    pen.ascii = (char)curve_marker(&ascii, line->marker);
    for (int i = 0; i < k->points.count; i++) {
        const struct point *a = &k->points.at[i];
        double x = plot_x(p, a->x), y = plot_y(p, shown_value(k, a));
        if (i && !a->lost && !isnan(a[-1].mean))
            plot_line(p, plot_x(p, a[-1].x), plot_y(p, shown_value(k, &a[-1])), x, y, &pen);
        else
            plot_line(p, x, y, x, y, &pen);
    }
}

/* The last point in sight; beside it where another line ends in the same place. Without colours
   also some points on the way, shifted from line to line. */
static void draw_markers(struct chart *k, int index)
{
    const struct plot *p = &k->plot;
    const struct curve_line *line = k->lines[index];
    struct legend_entry *end = &k->legend[index];
    int every = p->r.w / 5 > 8 ? p->r.w / 5 : 8, last = -1, last_row = -1, passed = -1;
    for (int i = 0; i < k->points.count; i++) {
        const struct point *a = &k->points.at[i];
        int column = column_of(p, a->x), row = isnan(a->mean) ? -1 : row_of(p, shown_value(k, a));
        if (column < 0 || column >= p->r.w || row < 0 || row >= p->r.h)
            continue;
        last = column, last_row = row;
        int slot = (column + every - index * every / (k->count + 1)) / every;
        if (!p->c->colors && slot != passed && i)
            canvas_put(p->c, p->r.x + column, p->r.y + row, curve_marker(p->c, line->marker),
                       line->role, ROLE_BACKGROUND, CELL_BOLD);
        passed = slot;
    }
    for (int i = 0; i < index; i++)
        if (last > 0 && k->legend[i].row == last_row && k->legend[i].column == last) {
            last--;
            i = -1; /* the new place may be another line's */
        }
    end->row = last_row;
    end->column = last;
    if (last >= 0)
        canvas_put(p->c, p->r.x + last, p->r.y + last_row, curve_marker(p->c, line->marker),
                   line->role, ROLE_BACKGROUND, CELL_BOLD);
}

static void flag(const struct chart *k, int column, bool top, uint8_t role, bool firm)
{
    const struct plot *p = &k->plot;
    int x = p->r.x + column, y = p->r.y + (top ? 0 : p->r.h - 1);
    const struct cell *cell = canvas_at(p->c, x, y);
    if (firm || plot_is_free(p, x, y) || (cell && (cell->attr & CELL_DIM)))
        canvas_put(p->c, x, y, top ? 0x25b2 : 0x25bc, role, ROLE_BACKGROUND,
                   firm ? CELL_BOLD : CELL_DIM);
}

/* Values that the window does not show, and values that are no numbers. */
static void draw_flags(const struct chart *k, const struct curve_line *line)
{
    const struct plot *p = &k->plot;
    for (int i = 0; i < k->points.count; i++) {
        const struct point *a = &k->points.at[i];
        int column = column_of(p, a->x);
        if (column < 0 || column >= p->r.w)
            continue;
        if (a->lost)
            canvas_put(p->c, p->r.x + column, p->r.y + p->r.h - 1, 0xd7, ROLE_BAD, ROLE_BACKGROUND,
                       CELL_BOLD);
        if (isnan(a->mean))
            continue;
        int row = row_of(p, shown_value(k, a));
        if (row < 0 || row >= p->r.h)
            flag(k, column, row < 0, line->role, true);
        if (row_of(p, a->high) < 0)
            flag(k, column, true, line->role, false);
        if (row_of(p, a->low) >= p->r.h)
            flag(k, column, false, line->role, false);
    }
}

static void fill_legend(struct chart *k)
{
    for (int i = 0; i < k->count; i++) {
        const struct series *s = k->lines[i]->series;
        k->legend[i] =
            (struct legend_entry){k->lines[i], s->samples ? s->last : NAN, -1, -1, false};
        if (isnan(k->o->cursor))
            continue;
        points_take(&k->points, s, k->o);
        const struct point *at = points_nearest(&k->points, k->o->cursor);
        k->legend[i].value = at ? at->mean : NAN;
        k->legend[i].exact = true;
    }
}

static void draw_lines(struct chart *k)
{
    bool any = false;
    for (int i = 0; i < k->count; i++) {
        points_take(&k->points, k->lines[i]->series, k->o);
        any |= k->points.count > 0;
        if (!k->lines[i]->faint)
            draw_raw(k, k->lines[i]);
        draw_band(k, k->lines[i]);
    }
    for (int i = 0; i < k->count; i++) {
        points_take(&k->points, k->lines[i]->series, k->o);
        draw_firm(k, k->lines[i]);
    }
    draw_reference_label(k);
    for (int i = 0; i < k->count; i++) {
        points_take(&k->points, k->lines[i]->series, k->o);
        draw_markers(k, i);
        draw_flags(k, k->lines[i]);
    }
    const char *nothing = k->count == 0 && k->hidden ? "all hidden: h shows the chosen one"
                                                     : "no data yet";
    int x = (k->plot.r.w - canvas_columns(nothing)) / 2;
    if (!any && x >= 0)
        canvas_text(k->plot.c, k->plot.r.x + x, k->plot.r.y + k->plot.r.h / 2, nothing, ROLE_DIM,
                    0);
}

void curve_draw(struct canvas *c, struct rect r, const struct curve_line *lines, int count,
                const struct curve_options *o)
{
    struct chart k = {.plot = {.c = c}, .o = o};
    if (r.w <= 0 || r.h <= 0)
        return;
    for (int i = 0; i < count && k.count < MAX_LINES; i++)
        if (!lines[i].hidden)
            k.lines[k.count++] = &lines[i];
        else
            k.hidden = true;
    struct rect old = canvas_clip(c, r);
    plot_use_glyphs(&k.plot);
    fill_legend(&k);
    find_x(&k);
    find_y(&k);
    lay_out(&k, r);
    draw_y_axis(&k);
    draw_x_axis(&k);
    draw_reference(&k);
    draw_cursor(&k);
    struct rect outer = canvas_clip(c, k.plot.r);
    draw_lines(&k);
    c->clip = outer;
    draw_mark(&k);
    if (k.beside.w)
        legend_beside(c, k.beside, k.legend, k.count);
    if (k.below.h > 0)
        legend_below(c, k.below, k.legend, k.count);
    c->clip = old;
}
