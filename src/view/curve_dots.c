#include "view/plot.h"

#include <math.h>

enum { BRAILLE = 0x2800, UPPER = 0x2580, LOWER = 0x2584, FULL = 0x2588 };

/* Terminals of few colours often show CELL_DIM as nothing: there faint lines are looser as well. */
enum { FEW_COLORS = 16, LOOSE_HALF = 0x2591, LOOSE_THIN = 0xb7 };

/* Thin lines at three heights of a cell, and those through all of it. */
enum { THIN = 3, UPRIGHT = 0x2502, RISING = 0x2571, FALLING = 0x2572 };
static const uint32_t thin[THIN] = {0x2594, 0x2500, 0x2581};

void plot_use_glyphs(struct plot *p)
{
    enum glyphs g = p->c->glyphs;
    p->dots_x = g == GLYPHS_BRAILLE ? 2 : 1;
    p->dots_y = g == GLYPHS_BRAILLE ? 4 : g == GLYPHS_HALF ? 2 : g == GLYPHS_BLOCK ? THIN : 1;
}

double plot_x(const struct plot *p, double x)
{
    if (p->log_x && !(x > 0))
        return -INFINITY;
    double at = ((p->log_x ? log10(x) : x) - p->x0) / (p->x1 - p->x0);
    return at * (p->r.w * p->dots_x - 1);
}

double plot_y(const struct plot *p, double y)
{
    if (p->log_y && !(y > 0))
        return INFINITY; /* below every window */
    double at = (p->y1 - (p->log_y ? log10(y) : y)) / (p->y1 - p->y0);
    return at * (p->r.h * p->dots_y - 1);
}

static bool is_braille(uint32_t code)
{
    return code >= BRAILLE && code <= BRAILLE + 0xff;
}

static bool is_half(uint32_t code)
{
    return code == UPPER || code == LOWER || code == FULL || code == LOOSE_HALF;
}

static bool is_thin(uint32_t code)
{
    bool is = code == UPRIGHT || code == RISING || code == FALLING || code == LOOSE_THIN;
    for (int i = 0; i < THIN; i++)
        is |= code == thin[i];
    return is;
}

bool plot_is_free(const struct plot *p, int x, int y)
{
    const struct cell *cell = canvas_at(p->c, x, y);
    if (!cell)
        return true;
    if (p->c->glyphs == GLYPHS_BRAILLE)
        return !is_braille(cell->code);
    if (p->c->glyphs == GLYPHS_HALF)
        return !is_half(cell->code);
    if (p->c->glyphs == GLYPHS_BLOCK)
        return !is_thin(cell->code);
    return cell->code == ' ' || cell->code == '-';
}

/* loose: of a faint line's dots in a cell, the first and then every other one. */
static void put_braille(struct cell *cell, int dx, int dy, bool loose, const struct pen *pen)
{
    static const uint8_t bit[2][4] = {{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}};
    bool dots = is_braille(cell->code), was_faint = dots && (cell->attr & CELL_DIM);
    if (dots && !was_faint && pen->faint)
        return;
    uint32_t mask = dots && was_faint == pen->faint ? cell->code - BRAILLE : 0;
    if (loose && mask && (dx + dy) % 2)
        return;
    *cell = (struct cell){BRAILLE + (mask | bit[dx][dy]), pen->role, ROLE_BACKGROUND,
                          pen->faint ? CELL_DIM : 0};
}

/* A cell of half blocks has a role for each half; ROLE_BACKGROUND is an empty one. */
static void put_half(struct cell *cell, int dy, bool loose, const struct pen *pen)
{
    bool dots = is_half(cell->code), was_faint = dots && (cell->attr & CELL_DIM);
    if (dots && !was_faint && pen->faint)
        return;
    uint8_t upper = ROLE_BACKGROUND, lower = ROLE_BACKGROUND;
    if (dots && was_faint == pen->faint) {
        upper = cell->code == LOWER ? cell->bg : cell->fg;
        lower = cell->code == UPPER ? cell->bg : cell->fg;
    }
    *(dy ? &lower : &upper) = pen->role;
    uint8_t attr = pen->faint ? CELL_DIM : 0;
    if (loose)
        *cell = (struct cell){LOOSE_HALF, pen->role, ROLE_BACKGROUND, attr};
    else if (upper == lower)
        *cell = (struct cell){FULL, upper, ROLE_BACKGROUND, attr};
    else if (upper == ROLE_BACKGROUND)
        *cell = (struct cell){LOWER, lower, ROLE_BACKGROUND, attr};
    else
        *cell = (struct cell){UPPER, upper, lower, attr};
}

/* What a line that runs through a cell from height to height looks like there; 0: hardly anything does. */
static uint32_t slope_of(double dx, double dy)
{
    if (fabs(dy) < THIN / 2.0)
        return 0;
    return fabs(dy) >= 2 * THIN * fabs(dx) ? UPRIGHT : dy < 0 ? RISING : FALLING;
}

static void put_thin(struct cell *cell, int dy, uint32_t slope, bool loose, const struct pen *pen)
{
    bool line = is_thin(cell->code), was_faint = line && (cell->attr & CELL_DIM);
    if (line && !was_faint && pen->faint)
        return;
    bool same = line && cell->fg == pen->role && was_faint == pen->faint;
    uint32_t code = slope && same && cell->code != thin[dy] ? slope : thin[dy];
    *cell = (struct cell){loose ? LOOSE_THIN : code, pen->role, ROLE_BACKGROUND,
                          pen->faint ? CELL_DIM : 0};
}

static void put_ascii(struct cell *cell, const struct pen *pen)
{
    if (pen->faint && cell->code != ' ' && cell->code != '-')
        return;
    *cell =
        (struct cell){(uint8_t)pen->ascii, pen->role, ROLE_BACKGROUND, pen->faint ? CELL_DIM : 0};
}

static void put_dot(const struct plot *p, int dx, int dy, uint32_t slope, const struct pen *pen)
{
    if (dx < 0 || dy < 0 || dx >= p->r.w * p->dots_x || dy >= p->r.h * p->dots_y)
        return;
    struct cell *cell = canvas_at(p->c, p->r.x + dx / p->dots_x, p->r.y + dy / p->dots_y);
    if (!cell)
        return;
    bool loose = pen->faint && p->c->colors < FEW_COLORS;
    if (p->c->glyphs == GLYPHS_BRAILLE)
        put_braille(cell, dx % 2, dy % 4, loose, pen);
    else if (p->c->glyphs == GLYPHS_HALF)
        put_half(cell, dy % 2, loose, pen);
    else if (p->c->glyphs == GLYPHS_BLOCK)
        put_thin(cell, dy % THIN, slope, loose, pen);
    else
        put_ascii(cell, pen);
}

/* Narrow [*t0, *t1] to where a + t * d lies in low..high (Liang and Barsky 1984). */
static bool cut(double a, double d, double low, double high, double *t0, double *t1)
{
    if (d == 0)
        return a >= low && a <= high;
    double ta = (low - a) / d, tb = (high - a) / d;
    if (ta > tb) {
        double swap = ta;
        ta = tb, tb = swap;
    }
    if (ta > *t0)
        *t0 = ta;
    if (tb < *t1)
        *t1 = tb;
    return *t0 <= *t1;
}

/* An infinite end (zero on a logarithmic axis) is taken as far outside, straight below or left. */
static double within_reach(double v)
{
    return v > 1e6 ? 1e6 : v < -1e6 ? -1e6 : v;
}

void plot_line(const struct plot *p, double xa, double ya, double xb, double yb,
               const struct pen *pen)
{
    double right = p->r.w * p->dots_x - 1, bottom = p->r.h * p->dots_y - 1;
    if (p->r.w <= 0 || p->r.h <= 0 || isnan(xa + ya + xb + yb))
        return;
    xa = within_reach(xa), ya = within_reach(ya);
    xb = within_reach(xb), yb = within_reach(yb);
    double dx = xb - xa, dy = yb - ya, t0 = 0, t1 = 1;
    if (!cut(xa, dx, -0.5, right + 0.49, &t0, &t1) || !cut(ya, dy, -0.5, bottom + 0.49, &t0, &t1))
        return;
    double x0 = xa + t0 * dx, y0 = ya + t0 * dy, x1 = xa + t1 * dx, y1 = ya + t1 * dy;
    double longest = fmax(fabs(x1 - x0), fabs(y1 - y0));
    int steps = (int)ceil(longest);
    uint32_t slope = slope_of(x1 - x0, y1 - y0);
    for (int i = 0; i <= steps; i++) {
        double t = steps ? (double)i / steps : 0;
        put_dot(p, (int)floor(x0 + t * (x1 - x0) + 0.5), (int)floor(y0 + t * (y1 - y0) + 0.5),
                slope, pen);
    }
}
