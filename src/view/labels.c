#include "view/labels.h"

enum { MOST_ROWS = 3 };

int labels_columns(const struct labels *l)
{
    int most = 0;
    for (int i = l->first; i < l->first + l->count; i++) {
        int columns = canvas_columns(l->names[i]);
        if (columns > most)
            most = columns;
    }
    return most;
}

int labels_rows(const struct labels *l, int step)
{
    int columns = labels_columns(l);
    if (columns < step || columns <= 1)
        return 1;
    return columns < MOST_ROWS ? columns : MOST_ROWS;
}

static uint8_t role_of(const struct labels *l, int index)
{
    return index == l->cursor ? ROLE_CURSOR : l->roles ? l->roles[index] : ROLE_TEXT;
}

/* Control tokens are bold, and underlined where no colour tells them. */
static uint8_t attr_of(const struct canvas *c, const struct labels *l, int index)
{
    bool control = l->roles && l->roles[index] >= ROLE_CONTROL_0 && l->roles[index] < ROLE_SERIES_0;
    uint8_t line = control && c->colors == 0 ? CELL_UNDERLINE : 0;
    return (uint8_t)(line | (control || index == l->cursor ? CELL_BOLD : 0));
}

void labels_put(struct canvas *c, const struct labels *l, int index, int x, int y, int width)
{
    int columns = canvas_columns(l->names[index]);
    if (columns > width)
        columns = width;
    if (index == l->cursor)
        canvas_fill(c, (struct rect){x, y, width, 1}, ' ', ROLE_CURSOR, ROLE_CURSOR_BACKGROUND);
    canvas_text_fit(c, x + width - columns, y, columns, l->names[index], role_of(l, index),
                    attr_of(c, l, index));
}

void labels_across(struct canvas *c, const struct labels *l, int x, int y, int step, int rows)
{
    if (labels_rows(l, step) == 1) {
        for (int i = l->first; rows > 0 && i < l->first + l->count; i++) {
            int width = canvas_columns(l->names[i]);
            labels_put(c, l, i, x + (i - l->first) * step + (step - width + 1) / 2, y, width);
        }
        return;
    }
    for (int i = l->first; i < l->first + l->count; i++) {
        const char *s = l->names[i];
        uint32_t code;
        int at = x + (i - l->first) * step + step / 2;
        uint8_t bg = i == l->cursor ? ROLE_CURSOR_BACKGROUND : ROLE_BACKGROUND;
        for (int row = 0; row < rows && row < MOST_ROWS; row++) {
            int n = text_decode(s, &code);
            canvas_put(c, at, y + row, n ? code : ' ', role_of(l, i), bg, attr_of(c, l, i));
            s += n;
        }
    }
}
