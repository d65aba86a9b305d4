#include "view/widgets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "view/heat_layout.h"

struct heat {
    struct canvas *c;
    const struct heat_options *o;
    const float *weight, *score;
    int n;
    bool diverges;
    double range;
    struct heat_layout l;
};

const char *heat_mode_name(enum heat_mode mode)
{
    static const char *const names[HEAT_MODES] = {"signed",  "positive", "negative",
                                                  "squared", "absolute", "score"};
    return names[mode];
}

bool heat_mode_diverges(enum heat_mode mode)
{
    return mode == HEAT_SIGNED || mode == HEAT_SCORE;
}

double heat_value(enum heat_mode mode, double w, double z)
{
    switch (mode) {
    case HEAT_POSITIVE:
        return w < 0 ? 0 : w;
    case HEAT_NEGATIVE:
        return w > 0 ? 0 : -w;
    case HEAT_SQUARED:
        return w * w;
    case HEAT_ABSOLUTE:
        return fabs(w);
    case HEAT_SCORE:
        return z;
    default:
        return w;
    }
}

void heat_memory_release(struct heat_memory *m)
{
    free(m->levels);
    *m = (struct heat_memory){0};
}

/* Without memory for it a map has no hysteresis, and is right all the same. */
static void remember(struct heat_memory *m, int n, enum heat_mode mode)
{
    if (m->levels && m->rows == n && m->columns == n && m->mode == mode)
        return;
    size_t count = (size_t)n * (size_t)n;
    if (!m->levels || m->rows != n || m->columns != n) {
        heat_memory_release(m);
        m->levels = malloc(count);
        m->rows = m->columns = n;
    }
    if (m->levels)
        memset(m->levels, -128, count);
    m->mode = mode;
    m->range = 0;
}

static double value_at(const struct heat *h, int i, int j)
{
    size_t at = (size_t)i * (size_t)h->n + (size_t)j;
    bool z = h->o->mode == HEAT_SCORE;
    return heat_value(h->o->mode, z ? 0 : h->weight[at], z ? h->score[at] : 0);
}

/* A round number at or above v, from a ladder fine enough that a map uses most of its colours. */
static double round_up(double v)
{
    static const double ladder[] = {1, 1.5, 2, 3, 4, 5, 7, 10};
    if (!(v > 0) || !isfinite(v))
        return 1;
    double decade = pow(10, floor(log10(v)));
    for (size_t i = 0; i < sizeof ladder / sizeof *ladder; i++)
        if (v <= ladder[i] * decade * (1 + 1e-4)) /* a sum of rounded weights is 1.0000001 */
            return ladder[i] * decade;
    return 10 * decade;
}

/* Sets the range and, for a locked one, whether values lie beyond it. */
static void find_range(struct heat *h)
{
    struct heat_memory *m = h->o->memory;
    double low = h->o->measured ? h->o->low : 0, high = h->o->measured ? h->o->high : 0;
    for (int i = 0; i < h->n && !h->o->measured; i++)
        for (int j = 0; j < (h->o->causal ? i + 1 : h->n); j++) {
            double v = value_at(h, i, j);
            if (v < low && isfinite(v))
                low = v;
            if (v > high && isfinite(v))
                high = v;
        }
    double largest = high > -low ? high : -low;
    if (h->o->range > 0)
        h->range = h->o->range;
    else if (m && m->range > 0 && largest <= m->range * (1 + 1e-4) && largest >= m->range / 2)
        h->range = m->range;
    else
        h->range = round_up(largest);
    if (m) {
        m->range = h->range;
        m->above = high > h->range * (1 + 1e-4);
        m->below = low < -h->range * (1 + 1e-4);
    }
}

/* The value a cell stands for: of pooled ones the largest in magnitude, a NaN before all. */
static bool cell_value(const struct heat *h, int row, int column, double *out)
{
    int pool = h->l.pool;
    bool any = false;
    for (int i = row * pool; i < (row + 1) * pool && i < h->n; i++)
        for (int j = column * pool; j < (column + 1) * pool && j < h->n; j++) {
            if (h->o->causal && j > i)
                continue;
            double v = value_at(h, i, j);
            if (!any || isnan(v) || fabs(v) > fabs(*out))
                *out = v;
            any = true;
            if (isnan(v))
                return true;
        }
    return any;
}

/* Level 0..16, LEVEL_EMPTY or LEVEL_NAN. *over: -1 or 1 if the value lies beyond the range. */
static int cell_level(const struct heat *h, int row, int column, int *over)
{
    double v = 0;
    *over = 0;
    if (row >= h->l.size || column >= h->l.size || !cell_value(h, row, column, &v))
        return LEVEL_EMPTY;
    if (isnan(v))
        return LEVEL_NAN;
    double share = v / h->range;
    *over = share > 1 + 1e-4 ? 1 : share < -1 - 1e-4 ? -1 : 0;
    double at = h->diverges ? LEVEL_ZERO * (1 + share) : (RAMP_LEVELS - 1) * share;
    at = at < 0 ? 0 : at > RAMP_LEVELS - 1 ? RAMP_LEVELS - 1 : at;
    int level = (int)(at + 0.5);
    struct heat_memory *m = h->o->memory;
    if (m && m->levels) {
        signed char *kept = &m->levels[row * h->n + column];
        if (*kept >= 0 && fabs(at - *kept) <= 0.75)
            level = *kept;
        *kept = (signed char)level;
    }
    return level;
}

/* A role that can be read on a level's colour: near zero the colours resemble the background. */
static uint8_t ink_on(const struct heat *h, int level)
{
    if (level < 0)
        return ROLE_TEXT;
    int strength = h->diverges ? 2 * abs(level - LEVEL_ZERO) : level;
    return strength > 9 ? ROLE_BACKGROUND : ROLE_TEXT;
}

static bool is_cursor(const struct heat *h, int row, int column)
{
    return h->o->cursor_row >= 0 && h->o->cursor_row / h->l.pool == row &&
           h->o->cursor_column >= 0 && h->o->cursor_column / h->l.pool == column;
}

/* The crosshair runs over cells that show nothing else: near zero, or masked. Beyond the diagonal
   the query's line would lead nowhere; the key's leads to its label. */
static void draw_lines(const struct heat *h, int row, int column, int x, int y, int level)
{
    const struct heat_layout *l = &h->l;
    bool rich = heat_is_rich(h->c);
    bool in_row = h->o->cursor_row >= 0 && h->o->cursor_row / l->pool == row;
    bool in_column = h->o->cursor_column >= 0 && h->o->cursor_column / l->pool == column;
    bool empty = level == LEVEL_EMPTY;
    bool still = empty || (rich ? ink_on(h, level) == ROLE_TEXT && level >= 0
                                : level == (h->diverges ? LEVEL_ZERO : 0));
    uint8_t bg = rich && level >= 0 ? heat_role(h->diverges, level) : ROLE_BACKGROUND;
    uint8_t fg = rich ? ROLE_BORDER : ROLE_DIM;

    if (!still || (in_row && in_column))
        return;
    for (int k = 0; in_row && !empty && k < l->cell_w; k++)
        canvas_put(h->c, x + k, y + (l->cell_h - 1) / 2, heat_line(h->c, true), fg, bg, 0);
    for (int k = 0; in_column && k < l->cell_h; k++)
        canvas_put(h->c, x + l->cell_w / 2, y + k, heat_line(h->c, false), fg, bg, 0);
}

static void draw_whole(const struct heat *h, int row, int column)
{
    const struct heat_layout *l = &h->l;
    int over, level = cell_level(h, row, column, &over);
    int x = l->x + (column - l->column0) * l->cell_w, y = l->y + (row - l->row0) * l->cell_h;
    int middle = y + (l->cell_h - 1) / 2;
    bool rich = heat_is_rich(h->c);
    for (int k = 0; k < l->cell_w * l->cell_h; k++)
        heat_put(h->c, x + k % l->cell_w, y + k / l->cell_w, k % l->cell_w, l->cell_w, h->diverges,
                 level);
    draw_lines(h, row, column, x, y, level);
    uint8_t bg = rich && level >= 0 ? heat_role(h->diverges, level) : ROLE_BACKGROUND;
    if (over && rich)
        canvas_put(h->c, x + l->cell_w / 2, middle, over > 0 ? '>' : '<', ink_on(h, level), bg,
                   CELL_BOLD);
    else if (rich && h->diverges && level >= 0 && level < LEVEL_ZERO && l->cell_w > 1)
        canvas_put(h->c, x + (l->cell_w - 1) / 2, middle, '-', ink_on(h, level), bg, 0);
}

/* Brackets round the cursor's cell in the cursor's own colours, which can be read on any theme: within
   it where it is wide enough to show its value all the same, else over its neighbours' edges. */
static void draw_cursor(const struct heat *h)
{
    const struct heat_layout *l = &h->l;
    int row = h->o->cursor_row / l->pool, column = h->o->cursor_column / l->pool;
    int x = l->x + (column - l->column0) * l->cell_w, y = l->y + (row - l->row0) * l->cell_h;
    bool inside = l->cell_w > 2;

    if (h->o->cursor_row < 0 || h->o->cursor_column < 0 || l->half || row < l->row0 ||
        row >= l->row0 + l->rows || column < l->column0 || column >= l->column0 + l->columns)
        return;
    y += (l->cell_h - 1) / 2;
    for (int side = 0; side < 2; side++)
        canvas_put(h->c, inside ? x + side * (l->cell_w - 1) : side ? x + l->cell_w : x - 1, y,
                   side ? ']' : '[', ROLE_CURSOR, ROLE_CURSOR_BACKGROUND, CELL_BOLD);
    for (int k = 0; !inside && !heat_is_rich(h->c) && k < l->cell_w; k++) {
        struct cell *cell = canvas_at(h->c, x + k, y);
        if (cell)
            cell->attr |= CELL_REVERSE;
    }
}

static void draw_halves(const struct heat *h, int row, int column)
{
    const struct heat_layout *l = &h->l;
    int over, level[2];
    uint8_t role[2];
    for (int k = 0; k < 2; k++) {
        bool shown = row + k < l->row0 + l->rows;
        level[k] = shown ? cell_level(h, row + k, column, &over) : LEVEL_EMPTY;
        role[k] = heat_role(h->diverges, level[k]);
        if (shown && is_cursor(h, row + k, column))
            role[k] = ROLE_CURSOR_BACKGROUND;
    }
    int x = l->x + (column - l->column0) * l->cell_w, y = l->y + (row - l->row0) / 2;
    bool same = role[0] == role[1], still = same && ink_on(h, level[0]) == ROLE_TEXT;
    bool in_column = h->o->cursor_column >= 0 && h->o->cursor_column / l->pool == column;
    uint32_t code = same ? ' ' : 0x2580;
    if (still && in_column && h->o->cursor_row >= 0)
        code = heat_line(h->c, false);
    uint8_t fg = !same ? role[0] : code == ' ' ? ROLE_TEXT : ROLE_BORDER;
    for (int k = 0; k < l->cell_w; k++)
        canvas_put(h->c, x + k, y, code, fg, role[1], 0);
}

/* The column between labels and map: who is asked, and where colours do not tell control tokens. */
static void draw_mark(const struct heat *h, int x, int y, int index)
{
    const uint8_t *roles = h->o->label_roles;
    bool control = roles && roles[index] >= ROLE_CONTROL_0 && roles[index] < ROLE_SERIES_0;
    if (index == h->o->cursor_row)
        canvas_put(h->c, x, y, h->c->glyphs == GLYPHS_ASCII ? '>' : 0x25b8, ROLE_ACCENT,
                   ROLE_BACKGROUND, CELL_BOLD);
    else if (control && h->c->colors == 0)
        canvas_put(h->c, x, y, ':', ROLE_TEXT, ROLE_BACKGROUND, CELL_BOLD);
}

/* Positions of the first query and key of cells. */
static void draw_numbers(const struct heat *h, struct rect r)
{
    const struct heat_layout *l = &h->l;
    int step = l->label_columns + 2, high = l->half ? 2 : 1;
    for (int i = 0; i * high < l->rows; i++) {
        int row = (l->row0 + i * high) * l->pool;
        bool here = h->o->cursor_row >= row && h->o->cursor_row < row + high * l->pool;
        canvas_textf(h->c, r.x, l->y + (l->half ? i : i * l->cell_h), here ? ROLE_ACCENT : ROLE_DIM,
                     here ? CELL_BOLD : 0, "%*d%s", l->label_columns, row + 1, here ? "▸" : "");
    }
    for (int x = 0; x + step <= l->columns * l->cell_w; x += step)
        canvas_textf(h->c, l->x + x, r.y, ROLE_DIM, 0, "%d",
                     (l->column0 + x / l->cell_w) * l->pool + 1);
}

static void draw_labels(const struct heat *h, struct rect r)
{
    const struct heat_layout *l = &h->l;
    struct labels keys = {h->o->labels, h->o->label_roles, l->column0, l->columns,
                          h->o->cursor_column};
    struct labels queries = {h->o->labels, h->o->label_roles, l->row0, l->rows, h->o->cursor_row};
    labels_across(h->c, &keys, l->x, r.y, l->cell_w, l->label_rows);
    for (int i = 0; i < l->rows; i++) {
        int x = r.x + (l->half && i % 2 ? l->label_columns + 1 : 0);
        int y = l->half ? l->y + i / 2 : l->y + i * l->cell_h + (l->cell_h - 1) / 2;
        labels_put(h->c, &queries, l->row0 + i, x, y, l->label_columns);
        draw_mark(h, x + l->label_columns, y, l->row0 + i);
    }
}

static void say_hidden(const struct heat *h, struct rect r)
{
    const struct heat_layout *l = &h->l;
    int rows = l->size - l->rows, columns = l->size - l->columns;
    int under = l->y + (l->half ? (l->rows + 1) / 2 : l->rows * l->cell_h);
    char line[80] = "";
    if (l->pool > 1) {
        snprintf(line, sizeof line, "1:%d", l->pool);
        int across = l->columns * l->cell_w, used = canvas_columns(line);
        canvas_text(h->c, l->x + (across > used ? across - used : 0), l->y, line, ROLE_DIM, 0);
        snprintf(line, sizeof line, "a cell: %d x %d weights, the one of largest magnitude",
                 l->pool, l->pool);
        if (h->o->overview && under < r.y + r.h)
            canvas_text_fit(h->c, r.x, under, r.w, line, ROLE_DIM, 0);
    } else if (rows || columns) {
        int at = 0;
        if (rows)
            at = snprintf(line, sizeof line, "+%d rows ", rows);
        if (columns)
            snprintf(line + at, sizeof line - (size_t)at, "+%d columns", columns);
        canvas_fill(h->c, (struct rect){r.x, r.y + r.h - 1, r.w, 1}, ' ', ROLE_DIM,
                    ROLE_BACKGROUND);
        canvas_text_fit(h->c, r.x, r.y + r.h - 1, r.w, line, ROLE_DIM, 0);
    }
}

double heat_draw(struct canvas *c, struct rect r, const float *weight, const float *score, int n,
                 const struct heat_options *o)
{
    struct heat h = {c, o, weight, score, n, heat_mode_diverges(o->mode), 1, {0}};
    if (n <= 0)
        return o->range > 0 ? o->range : 1;
    if (o->memory)
        remember(o->memory, n, o->mode);
    find_range(&h);
    if (r.w <= 0 || r.h <= 0)
        return h.range;
    struct rect old = canvas_clip(c, r);
    heat_layout(&h.l, c, r, n, o);
    if (h.l.numbered)
        draw_numbers(&h, r);
    else if (h.l.gutter)
        draw_labels(&h, r);
    for (int i = h.l.row0; i < h.l.row0 + h.l.rows; i += h.l.half ? 2 : 1)
        for (int j = h.l.column0; j < h.l.column0 + h.l.columns; j++)
            h.l.half ? draw_halves(&h, i, j) : draw_whole(&h, i, j);
    draw_cursor(&h);
    say_hidden(&h, r);
    c->clip = old;
    return h.range;
}

/* ".62", "1", "2.5", "3e-4" */
static void scale_number(char *out, size_t size, double v)
{
    char number[32];
    if (v < 0.001 || v >= 1000)
        format_short(number, sizeof number, v);
    else
        snprintf(number, sizeof number, "%.3g", v);
    text_copy(out, size, number[0] == '0' && number[1] == '.' ? number + 1 : number);
}

void heat_range_text(const struct canvas *c, enum heat_mode mode, double range, char *out,
                     size_t size)
{
    char number[32];
    scale_number(number, sizeof number, range);
    if (heat_mode_diverges(mode))
        snprintf(out, size, "%s%s", c->glyphs == GLYPHS_ASCII ? "+-" : "±", number);
    else
        snprintf(out, size, "0 to %s", number);
}

void heat_scale_clipped(struct canvas *c, int x, int y, int w, enum heat_mode mode, double range,
                        bool below, bool above)
{
    bool diverges = heat_mode_diverges(mode);
    char number[32], low[40], high[40];
    scale_number(number, sizeof number, range);
    snprintf(low, sizeof low, "%s%s ", below ? "<" : "", diverges ? "-" : "0");
    if (diverges)
        snprintf(low, sizeof low, "%s-%s ", below ? "<" : "", number);
    snprintf(high, sizeof high, " %s%s%s", diverges ? "+" : "", number, above ? ">" : "");
    struct rect old = canvas_clip(c, (struct rect){x, y, w > 0 ? w : 0, 1});
    int room = w - canvas_columns(low) - canvas_columns(high);
    int levels = room >= 2 * RAMP_LEVELS ? 2 * RAMP_LEVELS
                 : room < RAMP_LEVELS    ? room
                                         : RAMP_LEVELS;
    if (levels > 0 && diverges && levels % 2 == 0)
        levels--; /* the zero has a column of its own */
    if (levels < 0)
        levels = 0;
    x += canvas_text(c, x, y, low, below ? ROLE_WARN : ROLE_DIM, below ? CELL_BOLD : 0);
    for (int k = 0; k < levels; k++) {
        int level =
            levels > 1 ? (k * (RAMP_LEVELS - 1) * 2 + levels - 1) / (2 * (levels - 1)) : LEVEL_ZERO;
        heat_put(c, x + k, y, 0, 1, diverges, level);
        if (diverges && k == levels / 2)
            canvas_put(c, x + k, y, '0', ROLE_TEXT,
                       heat_is_rich(c) ? heat_role(true, level) : ROLE_BACKGROUND, 0);
    }
    canvas_text(c, x + levels, y, high, above ? ROLE_WARN : ROLE_DIM, above ? CELL_BOLD : 0);
    c->clip = old;
}

void heat_scale_draw(struct canvas *c, int x, int y, int w, enum heat_mode mode, double range)
{
    heat_scale_clipped(c, x, y, w, mode, range, false, false);
}
