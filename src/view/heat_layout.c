#include "view/heat_layout.h"

#include <stdlib.h>

enum { LARGEST = 4 }; /* rows of the largest cell */

bool heat_is_rich(const struct canvas *c)
{
    return c->colors >= 256;
}

static int ceil_div(int a, int b)
{
    return (a + b - 1) / b;
}

/* Take these cells; true if the whole map fits the rectangle with them. */
static bool try_cells(struct heat_layout *l, struct rect r, const struct labels *labels, int cell_w,
                      int cell_h, bool half)
{
    l->cell_w = cell_w;
    l->cell_h = cell_h;
    l->half = half;
    l->gutter = l->label_rows = 0;
    if (labels) {
        l->label_columns = labels_columns(labels);
        l->gutter = half ? 2 * l->label_columns + 2 : l->label_columns + 1;
        l->label_rows = labels_rows(labels, cell_w);
    }
    int across = (r.w - l->gutter) / cell_w;
    int down = (r.h - l->label_rows) / cell_h * (half ? 2 : 1);
    l->columns = across < 0 ? 0 : across < l->size ? across : l->size;
    l->rows = down < 0 ? 0 : down < l->size ? down : l->size;
    return l->columns == l->size && l->rows == l->size;
}

/* The largest square cells that show everything; a terminal cell is about twice as high as wide. */
static bool choose_cells(struct heat_layout *l, struct rect r, const struct labels *labels,
                         bool halves)
{
    for (int k = LARGEST; k >= 1; k--) {
        if (k == 1 && labels && labels_columns(labels) == 2 && try_cells(l, r, labels, 3, 1, false))
            return true; /* a little wide, but two-letter symbols stand side by side */
        if (try_cells(l, r, labels, 2 * k, k, false))
            return true;
    }
    return halves ? try_cells(l, r, labels, 1, 1, true) : try_cells(l, r, labels, 1, 1, false);
}

static int scroll(int first, int cursor, int shown, int size)
{
    if (cursor >= size)
        cursor = size - 1;
    if (cursor >= 0 && cursor >= first + shown)
        first = cursor - shown + 1;
    if (cursor >= 0 && cursor < first)
        first = cursor;
    if (first > size - shown)
        first = size - shown;
    return first < 0 ? 0 : first;
}

/* Columns of the largest position. */
static int digits(int n)
{
    return n < 10 ? 1 : n < 100 ? 2 : n < 1000 ? 3 : 4;
}

/* The whole map with as little pooling as it takes; an overview says positions where it pools. */
static void pool_cells(struct heat_layout *l, struct rect r, int n, bool halves, bool numbers)
{
    struct rect inner = r;
    int gutter = digits(n) + 1;
    bool fits = false;

    l->numbered = numbers && r.w >= 2 * gutter && r.h >= 4;
    if (l->numbered)
        inner = (struct rect){r.x + gutter, r.y + 1, r.w - gutter, r.h - 1};
    while (!fits && l->pool < n) {
        l->pool++;
        l->size = ceil_div(n, l->pool);
        fits = choose_cells(l, inner, NULL, halves);
    }
    if (l->numbered) {
        l->gutter = gutter;
        l->label_columns = gutter - 1;
        l->label_rows = 1;
    }
}

void heat_layout(struct heat_layout *l, const struct canvas *c, struct rect r, int n,
                 const struct heat_options *o)
{
    bool halves = canvas_has_halves(c);
    struct labels symbols = {o->labels, o->label_roles, 0, n, -1};
    const struct labels *labels = o->labels ? &symbols : NULL;
    *l = (struct heat_layout){.pool = 1, .size = n};
    bool fits = choose_cells(l, r, o->compact ? NULL : labels, halves);
    if (!fits && (o->compact || o->overview)) {
        pool_cells(l, r, n, halves, !o->compact);
    } else if (fits && o->compact && labels) {
        struct heat_layout bare = *l;
        if (!try_cells(l, r, labels, l->cell_w, l->cell_h, l->half))
            *l = bare;
    } else if (!fits) {
        struct rect inner = r; /* a row at the bottom says what is out of sight */
        inner.h = r.h > 1 ? r.h - 1 : r.h;
        if (halves || !try_cells(l, inner, labels, 2, 1, false))
            if (halves || l->columns < n)
                try_cells(l, inner, labels, 1, 1, halves);
        if (l->columns < 1 || l->rows < 1) /* labels take all there is */
            try_cells(l, r, NULL, 1, 1, halves);
    }
    int wide = l->columns > 0 ? r.w / l->columns : 0;
    if (o->fill && l->gutter == 0 && wide > l->cell_w)
        l->cell_w = wide < 2 * l->cell_w ? wide : 2 * l->cell_w;
    l->x = r.x + l->gutter;
    l->y = r.y + l->label_rows;
    l->row0 = scroll(o->row0 / l->pool, o->cursor_row / l->pool, l->rows, l->size);
    l->column0 = scroll(o->column0 / l->pool, o->cursor_column / l->pool, l->columns, l->size);
}

void heat_place(struct heat_place *out, const struct canvas *c, struct rect r, int n,
                const struct heat_options *o)
{
    struct heat_layout l;
    *out = (struct heat_place){.pool = 1};
    if (n <= 0 || r.w <= 0 || r.h <= 0)
        return;
    heat_layout(&l, c, r, n, o);
    int down = l.half ? ceil_div(l.rows, 2) : l.rows * l.cell_h;
    *out = (struct heat_place){{l.x, l.y, l.columns * l.cell_w, down}, l.cell_w, l.pool, l.column0,
                               l.columns};
}

bool heat_at(const struct canvas *c, struct rect r, int n, const struct heat_options *o, int x,
             int y, int *row, int *column)
{
    struct heat_layout l;
    if (n <= 0 || x < r.x || y < r.y || x >= r.x + r.w || y >= r.y + r.h)
        return false;
    heat_layout(&l, c, r, n, o);
    if (x < l.x || y < l.y)
        return false;
    int across = (x - l.x) / l.cell_w, down = (y - l.y) / l.cell_h * (l.half ? 2 : 1);
    if (across >= l.columns || down >= l.rows)
        return false;
    *row = (l.row0 + down) * l.pool;
    *column = (l.column0 + across) * l.pool;
    return !o->causal || *column <= *row;
}

uint8_t heat_role(bool diverges, int level)
{
    if (level == LEVEL_EMPTY)
        return ROLE_BACKGROUND;
    if (level == LEVEL_NAN)
        return ROLE_BAD;
    return (uint8_t)((diverges ? ROLE_DIVERGING_0 : ROLE_SEQUENTIAL_0) + level);
}

/* Where a level cannot be a background it is a glyph. Blocks shade from light to full; with few
   colours their colour tells the sign, and so does a '-' or '+' where there is a column for it. A
   ladder of characters tells the sign without any colour: "-=%N" below zero, "+*#@" above. */
static uint32_t shade(const struct canvas *c, bool diverges, int level, int column, int cell_w)
{
    static const uint32_t shades[5] = {' ', 0x2591, 0x2592, 0x2593, 0x2588};
    bool blocks = c->glyphs != GLYPHS_ASCII;
    if (level == (diverges ? LEVEL_ZERO : 0) && (diverges || blocks))
        return column == 0 ? 0xb7 : ' ';
    if (!diverges)
        return blocks ? shades[level < 2 ? 1 : (level + 2) / 4]
                      : (uint32_t) " .:-=+*#%@"[(level * 9 + 8) / 16];
    int strength = (abs(level - LEVEL_ZERO) + 1) / 2;
    if (!blocks || c->colors == 0)
        return (uint32_t)(level < LEVEL_ZERO ? " -=%N" : " +*#@")[strength];
    if (cell_w > 1 && column == 0)
        return level < LEVEL_ZERO ? '-' : '+';
    return shades[strength];
}

uint32_t heat_line(const struct canvas *c, bool across)
{
    if (c->glyphs == GLYPHS_ASCII)
        return across ? '_' : '|'; /* no level looks like these */
    return across ? 0x2500 : 0x2502;
}

void heat_put(struct canvas *c, int x, int y, int column, int cell_w, bool diverges, int level)
{
    uint8_t role = heat_role(diverges, level);
    if (level == LEVEL_NAN)
        canvas_put(c, x, y, '?', ROLE_BAD, ROLE_BACKGROUND, CELL_BOLD);
    else if (level == LEVEL_EMPTY)
        canvas_put(c, x, y, ' ', ROLE_TEXT, ROLE_BACKGROUND, 0);
    else if (heat_is_rich(c))
        canvas_put(c, x, y, ' ', ROLE_TEXT, role, 0);
    else
        canvas_put(c, x, y, shade(c, diverges, level, column, cell_w),
                   level == (diverges ? LEVEL_ZERO : 0) ? ROLE_BORDER : role, ROLE_BACKGROUND, 0);
}
