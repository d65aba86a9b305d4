#include "view/widgets.h"

#include <stdio.h>

enum { GAP = 2 };

/* Choose the columns that fit; returns the columns left out. */
static int choose(const struct table_column *columns, int n, int width, bool shown[TABLE_COLUMNS])
{
    int need = 0, hidden = 0;
    for (int i = 0; i < n; i++) {
        shown[i] = true;
        need += columns[i].width + (i ? GAP : 0);
    }
    while (need > width && hidden < n - 1) {
        int worst = -1;
        for (int i = 0; i < n; i++)
            if (shown[i] && (worst < 0 || columns[i].priority >= columns[worst].priority))
                worst = i;
        shown[worst] = false;
        need -= columns[worst].width + GAP;
        hidden++;
    }
    return hidden;
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
    draw_cell(c, x, y, width, column->right, title, sorted ? ROLE_ACCENT : ROLE_DIM, CELL_BOLD);
}

static void draw_hidden(struct canvas *c, struct rect r, int above, int below, int columns)
{
    char line[96];
    int at = 0;
    if (above)
        at += snprintf(line + at, sizeof line - (size_t)at, "↑ %d  ", above);
    if (below)
        at += snprintf(line + at, sizeof line - (size_t)at, "↓ +%d row%s  ", below,
                       below > 1 ? "s" : "");
    if (columns)
        snprintf(line + at, sizeof line - (size_t)at, "→ +%d column%s", columns,
                 columns > 1 ? "s" : "");
    canvas_text_fit(c, r.x, r.y + r.h - 1, r.w, line, ROLE_DIM, 0);
}

void table_draw(struct canvas *c, struct rect r, const struct table_column *columns, int ncolumns,
                const struct table_cell *cells, int nrows, int first_row, int selected, int sorted)
{
    bool shown[TABLE_COLUMNS];
    if (r.w <= 0 || r.h <= 0 || ncolumns <= 0 || ncolumns > TABLE_COLUMNS)
        return;
    struct rect old = canvas_clip(c, r);
    int hidden = choose(columns, ncolumns, r.w, shown);
    if (first_row > nrows - 1)
        first_row = nrows - 1;
    if (first_row < 0)
        first_row = 0;
    int space = r.h - 1;
    bool more = nrows > space || hidden || first_row > 0;
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
        draw_hidden(c, r, first_row, nrows - first_row - rows, hidden);
    c->clip = old;
}
