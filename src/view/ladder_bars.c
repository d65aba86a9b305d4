#include "view/ladder_parts.h"

#include <math.h>
#include <stdio.h>

/* Columns of a bar's words, and its rows at most. */
enum { BAR_NAME = 20, BAR_VALUE = 7, BAR_SPREAD = 11, BAR_SEEDS = 10, BAR_H_MOST = 3 };

struct field ladder_bars_place(const struct ui *ui, const struct ladder *l, struct rect r)
{
    int each = l->who[1] ? 2 : 1;
    struct field at = {.x = r.x, .y = r.y, .cell_w = r.w, .shown = {0, 1}};
    at.cell_h = ui_clamp(r.h / l->count[0], each + 1, each * BAR_H_MOST + 2);
    at.shown[0] = ui_clamp(r.h / at.cell_h, 0, l->count[0]);
    at.first[0] = ladder_scrolled(ui->ladder.row, l->count[0], at.shown[0]);
    return at;
}

static void bar_draw(struct frame *f, const struct ladder *l, struct rect r, int map, int row)
{
    const struct sweep_group *g = ladder_group(l, l->who[map], row, 0);
    struct canvas *c = f->canvas;
    bool found = g && !isnan(g->mean);
    char name[NAME_TEXT], text[40];
    int x = r.x + 2, least = 8;
    canvas_text(c, r.x, r.y, chrome_marker(c, map), chrome_series_role(map), CELL_BOLD);
    chrome_short_name(name, sizeof name, l->who[map], BAR_NAME - 3);
    x += canvas_text_fit(c, x, r.y, BAR_NAME - 3, name, chrome_series_role(map), 0);
    x = r.x + BAR_NAME;
    ladder_text(g, text, sizeof text);
    canvas_text_fit(c, x, r.y, BAR_VALUE - 1, text, found ? ROLE_TEXT : ROLE_DIM, 0);
    x += BAR_VALUE;
    for (int line = 1; line <= 2; line++) {
        int w = line == 1 ? BAR_SPREAD : BAR_SEEDS;
        if (r.x + r.w - x < w + least)
            break;
        ladder_more(g, line, text, sizeof text);
        canvas_text_fit(c, x, r.y, w - 1, text, ROLE_DIM, 0);
        x += w;
    }
    for (int i = 0; i < r.h && found && x < r.x + r.w - 1; i++)
        canvas_bar(c, x, r.y + i, r.x + r.w - 1 - x, g->mean, chrome_series_role(map));
}

void ladder_bars_draw(struct frame *f, const struct ladder *l, struct rect r)
{
    struct canvas *c = f->canvas;
    struct ui *ui = f->ui;
    char title[64], text[24];
    snprintf(title, sizeof title, "accuracy by %s", l->axis[0] >= 0 ? ladder_axis(l, 0) : "contestant");
    if (r.h >= 5)
        r = canvas_box(c, r, title, "bars: 0 to 1");
    struct rect old = canvas_clip(c, r);
    struct field at = ladder_bars_place(ui, l, r);
    int each = l->who[1] ? 2 : 1, high = ui_clamp((at.cell_h - 1) / each, 1, BAR_H_MOST);
    ui_hit(ui, r, HIT_CELL, 0, 0);
    for (int i = 0; i < at.shown[0]; i++) {
        struct rect cell = ladder_cell(&at, at.first[0] + i, 0), line = rect_cut_top(&cell, 1);
        bool cursor = at.first[0] + i == ui->ladder.row;
        int x = line.x + canvas_textf(c, line.x, line.y, cursor ? ROLE_CURSOR : ROLE_TEXT, CELL_BOLD,
                                      cursor ? "[%s %s]" : " %s %s ", ladder_axis(l, 0),
                                      ladder_place(l, 0, at.first[0] + i));
        double less = ladder_value(l, 2, at.first[0] + i, 0, text, sizeof text);
        if (l->who[1] && !isnan(less))
            canvas_textf(c, x + 2, line.y, ROLE_DIM, 0, "%s less %s: %s", chrome_marker(c, 1),
                         chrome_marker(c, 0), text);
        for (int map = 0; map < each; map++)
            bar_draw(f, l, rect_cut_top(&cell, high), map, at.first[0] + i);
    }
    if (at.shown[0] < l->count[0])
        canvas_textf(c, r.x + r.w - 12, r.y + r.h - 1, ROLE_WARN, 0, "+%d values",
                     l->count[0] - at.shown[0]);
    c->clip = old;
}
