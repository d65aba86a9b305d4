#include "view/widgets.h"

#include <math.h>
#include <stdio.h>
#include "view/labels.h"

enum { WIDEST_BAR = 6 };

struct bars {
    struct rect plot;
    int up, down;    /* rows above and below zero */
    int step, width; /* columns from bar to bar, and of a bar */
    double range;
};

/* Parts of a cell that can be told apart, and the glyph of `part` of them. */
static int parts_of(const struct canvas *c)
{
    return c->glyphs == GLYPHS_ASCII ? 3 : canvas_parts(c);
}

static uint32_t rising(const struct canvas *c, int part)
{
    if (c->glyphs == GLYPHS_ASCII)
        return (uint32_t) " .:#"[part];
    return part ? 0x2580 + (uint32_t)(part * 8 / parts_of(c)) : ' ';
}

/* Hanging from the zero line: fonts have no such eighths, so the complement stands in reverse. */
static uint32_t hanging(const struct canvas *c, int part, uint8_t *attr)
{
    *attr = 0;
    if (c->glyphs == GLYPHS_ASCII)
        return (uint32_t) " ':#"[part];
    int whole = parts_of(c);
    if (part == whole || (2 * part == whole && c->glyphs != GLYPHS_BLOCK))
        return part == whole ? 0x2588 : 0x2580;
    if (part)
        *attr = CELL_REVERSE;
    return part ? 0x2580 + (uint32_t)(8 - part) : ' ';
}

static void draw_bar(struct canvas *c, const struct bars *b, int x, double v, uint8_t role, bool lit)
{
    int parts = parts_of(c), base = b->plot.y + b->up;
    bool below = v < 0 && b->down > 0;
    int rows = below ? b->down : b->up;
    if (isnan(v)) {
        canvas_put(c, x, base - 1, '?', ROLE_BAD, ROLE_BACKGROUND, CELL_BOLD);
        return;
    }
    double share = fabs(v) / b->range;
    bool over = share > 1 + 1e-9;
    int filled = (int)((over ? 1 : share) * rows * parts + 0.5);
    if (!filled && b->up) /* the zero line is seen where nothing stands on it */
        for (int i = 0; i < b->width; i++)
            canvas_put(c, x + i, base - 1, canvas_parts(c) == 8 ? 0x2581 : '_', ROLE_BORDER,
                       ROLE_BACKGROUND, 0);
    for (int row = 0; row * parts < filled; row++) {
        int part = filled - row * parts < parts ? filled - row * parts : parts;
        uint8_t attr = 0;
        uint32_t glyph = below ? hanging(c, part, &attr) : rising(c, part);
        int y = below ? base + row : base - 1 - row;
        for (int i = 0; i < b->width; i++)
            canvas_put(c, x + i, y, glyph, role, ROLE_BACKGROUND, attr | (lit ? CELL_BOLD : 0));
    }
    /* In one row the sign is written before the bar if there is a column for it. */
    if (v < 0 && !below && b->step > b->width && filled)
        canvas_put(c, x - 1, base - 1, '-', role, ROLE_BACKGROUND, CELL_BOLD);
    if (over)
        canvas_put(c, x, below ? base + rows - 1 : b->plot.y, below ? 0x25bc : 0x25b2, ROLE_WARN,
                   ROLE_BACKGROUND, CELL_BOLD);
}

static uint8_t role_of_sign(double v)
{
    return v < 0 ? ROLE_DIVERGING_0 : ROLE_DIVERGING_0 + RAMP_LEVELS - 1;
}

/* `roles` NULL: the colours of the signs. */
static void draw_all(struct canvas *c, struct rect r, const double *values, int n, double range,
                     const char *const *labels, const uint8_t *label_roles, int cursor,
                     const uint8_t *roles)
{
    if (r.w <= 0 || r.h <= 0 || n <= 0)
        return;
    struct rect old = canvas_clip(c, r);
    bool negative = false;
    double largest = 0;
    for (int i = 0; i < n; i++) {
        negative |= values[i] < 0;
        if (isfinite(values[i]) && fabs(values[i]) > largest)
            largest = fabs(values[i]);
    }
    int count = n < r.w ? n : r.w, first = 0;
    char hidden[24] = "";
    if (count < n) { /* keep a corner free to say so, and the cursor in sight */
        if (r.w > 12) {
            count = r.w - 5;
            snprintf(hidden, sizeof hidden, " +%d", n - count);
        }
        first = cursor >= count ? cursor - count + 1 : 0;
        if (first > n - count)
            first = n - count;
    }
    struct bars b = {.plot = r, .step = r.w / count, .range = range > 0 ? range : largest};
    if (b.step > WIDEST_BAR + 1)
        b.step = WIDEST_BAR + 1;
    b.width = b.step > 2 ? b.step - 1 : b.step > 1 ? 1 : b.step;
    if (!(b.range > 0))
        b.range = 1;

    struct labels l = {labels, label_roles, first, count, cursor};
    int label_rows = labels ? labels_rows(&l, b.step) : 0;
    if (label_rows >= r.h)
        label_rows = r.h > 1 ? 1 : 0;
    int rows = r.h - label_rows;
    b.down = negative && rows >= 2 ? rows / 2 : 0;
    b.up = rows - b.down;
    for (int i = 0; i < count; i++)
        draw_bar(c, &b, r.x + i * b.step + (b.step - b.width), values[first + i],
                 roles ? roles[first + i] : role_of_sign(values[first + i]), first + i == cursor);
    if (label_rows)
        labels_across(c, &l, r.x, r.y + rows, b.step, label_rows);
    canvas_text(c, r.x + count * b.step, r.y + rows - 1, hidden, ROLE_DIM, 0);
    c->clip = old;
}

void bars_draw(struct canvas *c, struct rect r, const double *values, int n, double range,
               const char *const *labels, const uint8_t *label_roles, int cursor)
{
    draw_all(c, r, values, n, range, labels, label_roles, cursor, NULL);
}

void bars_of_roles(struct canvas *c, struct rect r, const double *values, int n, double range,
                   const uint8_t *roles)
{
    draw_all(c, r, values, n, range, NULL, NULL, -1, roles);
}

void spark_draw(struct canvas *c, int x, int y, const double *values, int n, uint8_t role)
{
    for (int i = 0; i < n; i++) {
        if (isnan(values[i]))
            continue;
        double v = values[i] < 0 ? 0 : values[i] > 1 ? 1 : values[i];
        uint32_t glyph = canvas_parts(c) == 8 ? 0x2581 + (uint32_t)(v * 7 + 0.5)
                         : c->glyphs == GLYPHS_HALF
                             ? ((uint32_t[]){'_', 0x2584, 0x2588})[(int)(v * 2 + 0.5)]
                             : (uint32_t) "_.-=#"[(int)(v * 4 + 0.5)];
        canvas_put(c, x + i, y, glyph, role, ROLE_BACKGROUND, 0);
    }
}
