#include "view/widgets.h"

#include <stdio.h>

enum { GAP = 2 };

/* Mark the first column and as many from `from` on as fit; returns the one after the last of them. */
static int choose(const struct table_column *columns, int n, int width, int from,
                  bool shown[TABLE_COLUMNS])
{
    int left = width - columns[0].width, k = from;
    for (int i = 0; i < n; i++)
        shown[i] = i == 0;
    for (; k < n && left >= GAP + columns[k].width; k++) {
        left -= GAP + columns[k].width;
        shown[k] = true;
    }
    return k;
}

int table_scroll(const struct table_column *columns, int n, int width, int from, int wanted)
{
    bool shown[TABLE_COLUMNS];
    if (n < 2)
        return 1;
    from = from < 1 ? 1 : from > n - 1 ? n - 1 : from;
    if (wanted >= 1 && wanted < from)
        return wanted;
    while (wanted > from && wanted < n && choose(columns, n, width, from, shown) <= wanted)
        from++;
    /* Room at the right is filled from the left. */
    while (from > 1 && choose(columns, n, width, from - 1, shown) == n)
        from--;
    return from;
}

static void draw_cell(struct canvas *c, int x, int y, int width, bool right, const char *s,
                      uint8_t role, uint8_t attr)
{
    int columns = canvas_columns(s);
    int shift = right && columns < width ? width - columns : 0;
    canvas_text_fit(c, x + shift, y, width, s, role, attr);
}

static void draw_header(struct canvas *c, int x, int y, int width,
                        const struct table_column *column, bool sorted)
{
    char title[TABLE_CELL];
    snprintf(title, sizeof title, "%s%s", column->title, sorted ? "▾" : "");
    if (canvas_columns(title) == width + 1) { /* the mark stands in the gap */
        x -= column->right;
        width++;
    }
    draw_cell(c, x, y, width, column->right, title, sorted ? ROLE_ACCENT : ROLE_DIM, CELL_BOLD);
}

static void draw_hidden(struct canvas *c, struct rect r, int above, int below, int before,
                        int after)
{
    char line[128];
    int at = 0;
    if (above)
        at += snprintf(line + at, sizeof line - (size_t)at, "↑ %d  ", above);
    if (below)
        at += snprintf(line + at, sizeof line - (size_t)at, "↓ +%d row%s  ", below,
                       below > 1 ? "s" : "");
    if (before)
        at += snprintf(line + at, sizeof line - (size_t)at, "← +%d%s", before,
                       after ? "  " : before > 1 ? " columns" : " column");
    if (after)
        snprintf(line + at, sizeof line - (size_t)at, "→ +%d column%s", after,
                 after > 1 ? "s" : "");
    canvas_text_fit(c, r.x, r.y + r.h - 1, r.w, line, ROLE_DIM, 0);
}

void table_draw(struct canvas *c, struct rect r, const struct table_column *columns, int ncolumns,
                const struct table_cell *cells, int nrows, int first_row, int first_column,
                int selected, int sorted)
{
    bool shown[TABLE_COLUMNS];
    if (r.w <= 0 || r.h <= 0 || ncolumns <= 0 || ncolumns > TABLE_COLUMNS)
        return;
    struct rect old = canvas_clip(c, r);
    first_column = first_column < 1 ? 1 : first_column;
    int after = ncolumns - choose(columns, ncolumns, r.w, first_column, shown);
    if (first_row > nrows - 1)
        first_row = nrows - 1;
    if (first_row < 0)
        first_row = 0;
    int space = r.h - 1;
    bool more = nrows > space || after > 0 || first_column > 1 || first_row > 0;
    if (more && space > 1)
        space--;
    int rows = nrows - first_row < space ? nrows - first_row : space;

    for (int row = 0; row < rows; row++)
        if (first_row + row == selected)
            canvas_fill(c, (struct rect){r.x, r.y + 1 + row, r.w, 1}, ' ', ROLE_CURSOR,
                        ROLE_CURSOR_BACKGROUND);
    int x = r.x;
    for (int k = 0; k < ncolumns; k++) {
        if (!shown[k])
            continue;
        int width = columns[k].width < r.x + r.w - x ? columns[k].width : r.x + r.w - x;
        draw_header(c, x, r.y, width, &columns[k], k == sorted);
        for (int row = 0; row < rows; row++) {
            const struct table_cell *cell = &cells[(first_row + row) * ncolumns + k];
            bool lit = first_row + row == selected;
            draw_cell(c, x, r.y + 1 + row, width, columns[k].right, cell->text,
                      lit ? ROLE_CURSOR : cell->role, cell->attr);
        }
        x += columns[k].width + GAP;
    }
    if (more && r.h > 2)
        draw_hidden(c, r, first_row, nrows - first_row - rows, first_column - 1, after);
    c->clip = old;
}
