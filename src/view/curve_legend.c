#include "view/plot.h"

#include <math.h>
#include <stdio.h>

enum { VALUE = 8, GAP = 2, LONGEST_LABEL = 20 };

uint32_t curve_marker(const struct canvas *c, int marker)
{
    static const uint16_t shapes[] = {0x25cf, 0x25b2, 0x25c6, 0x25a0,
                                      0x2605, 0x25cb, 0x25b3, 0x25a1};
    unsigned k = (unsigned)marker % 8;
    return c->glyphs == GLYPHS_ASCII ? (uint32_t) "o^+x*@%&"[k] : shapes[k];
}

static int label_columns(const struct legend_entry *e)
{
    int columns = canvas_columns(e->line->label);
    return columns < LONGEST_LABEL ? columns : LONGEST_LABEL;
}

int legend_columns(const struct legend_entry *entries, int count)
{
    int most = 0;
    for (int i = 0; i < count; i++)
        if (label_columns(&entries[i]) > most)
            most = label_columns(&entries[i]);
    return 2 + most + VALUE;
}

static void draw_value(struct canvas *c, int right, int y, const struct legend_entry *e)
{
    char text[24];
    if (fabs(e->value) == 1) /* of an accuracy: no count */
        snprintf(text, sizeof text, "%.2f", e->value);
    else if (e->exact && fabs(e->value) >= 0.001 && fabs(e->value) < 10000)
        snprintf(text, sizeof text, "%.4g", e->value);
    else
        format_short(text, sizeof text, e->value);
    canvas_text(c, right - canvas_columns(text), y, text, ROLE_TEXT, 0);
}

static void draw_entry(struct canvas *c, int x, int y, int width, const struct legend_entry *e)
{
    canvas_put(c, x, y, curve_marker(c, e->line->marker), e->line->role, ROLE_BACKGROUND,
               CELL_BOLD);
    canvas_text_fit(c, x + 2, y, width - 2 - VALUE, e->line->label, e->line->role, 0);
    draw_value(c, x + width, y, e);
}

/* In one row of cells the greater value stands above, as it does on the axis. */
static bool stands_above(const struct legend_entry *a, const struct legend_entry *b)
{
    return a->row < b->row || (a->row == b->row && a->value > b->value);
}

static void sort_by_row(struct legend_entry *entries, int count)
{
    for (int i = 1; i < count; i++)
        for (int k = i; k > 0 && stands_above(&entries[k], &entries[k - 1]); k--) {
            struct legend_entry swap = entries[k];
            entries[k] = entries[k - 1];
            entries[k - 1] = swap;
        }
}

void legend_beside(struct canvas *c, struct rect r, struct legend_entry *entries, int count)
{
    int shown = count <= r.h ? count : r.h - 1;
    for (int i = 0; i < count; i++)
        if (entries[i].row < 0)
            entries[i].row = r.h; /* without a line in sight: last */
    sort_by_row(entries, count);
    /* Push down until they are apart, then up from the bottom. */
    for (int i = 1; i < shown; i++)
        if (entries[i].row <= entries[i - 1].row)
            entries[i].row = entries[i - 1].row + 1;
    for (int i = shown - 1, limit = shown < count ? r.h - 2 : r.h - 1; i >= 0; i--, limit--)
        if (entries[i].row > limit)
            entries[i].row = limit;
        else
            limit = entries[i].row;
    for (int i = 0; i < shown; i++)
        draw_entry(c, r.x, r.y + entries[i].row, r.w, &entries[i]);
    if (shown < count)
        canvas_textf(c, r.x, r.y + r.h - 1, ROLE_DIM, 0, "+%d", count - shown);
}

static int entry_columns(const struct legend_entry *e)
{
    return 2 + label_columns(e) + VALUE;
}

int legend_rows(const struct legend_entry *entries, int count, int width)
{
    int rows = count ? 1 : 0, x = 0;
    for (int i = 0; i < count; i++) {
        if (x > 0 && x + entry_columns(&entries[i]) > width) {
            rows++;
            x = 0;
        }
        x += entry_columns(&entries[i]) + GAP;
    }
    return rows;
}

void legend_below(struct canvas *c, struct rect r, const struct legend_entry *entries, int count)
{
    int x = 0, y = 0;
    for (int i = 0; i < count; i++) {
        int width = entry_columns(&entries[i]);
        bool last_row = y == r.h - 1;
        int room = last_row && i + 1 < count ? r.w - 4 : r.w; /* for "+3" */
        if (x > 0 && x + width > room) {
            if (last_row) {
                canvas_textf(c, r.x + r.w - 3, r.y + y, ROLE_DIM, 0, "+%d", count - i);
                return;
            }
            x = 0;
            y++;
        }
        draw_entry(c, r.x + x, r.y + y, width < r.w ? width : r.w, &entries[i]);
        x += width + GAP;
    }
}
