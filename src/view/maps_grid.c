/* Many maps at once. */
#include "view/maps.h"

#include <math.h>
#include <stdio.h>

/* First shown row or column, so that the cursor is in sight and the newest end preferred. */
static int scrolled(int n, int shown, int at)
{
    if (shown >= n || shown <= 0)
        return 0;
    return ui_clamp(at - shown / 2, 0, n - shown);
}

static void one_small(struct frame *f, struct rect r, int map)
{
    struct ui *ui = f->ui;
    const struct probe_snapshot *p = f->probe;
    int layer = map / p->heads, head = map % p->heads, chosen_layer, chosen_head;
    char left[64];

    struct heat_memory *memory = map < MAP_MEMORIES ? &ui->map.each[map] : NULL;
    maps_chosen(ui, p, &chosen_layer, &chosen_head);
    bool chosen = layer == chosen_layer && head == chosen_head;
    ui_hit(ui, r, HIT_MAP, layer, head);
    snprintf(left, sizeof left, "%slayer %d head %d", chosen ? "▶ " : "", layer + 1, head + 1);
    r = canvas_box(f->canvas, r, left, "");
    if (!maps_has(p, layer, head)) {
        chrome_notice(f, r, "comes when chosen", ROLE_DIM);
        return;
    }
    struct heat_options o = {
        .mode = ui->map.mode,
        .range = ui->map.locked ? ui->map.locked_range
                                : maps_range(p, layer, head, ui->map.mode, memory),
        .cursor_row = -1,
        .cursor_column = -1,
        .causal = true,
        .compact = true,
        .memory = memory,
    };
    heat_draw(f->canvas, r, maps_weight(p, layer, head), maps_score(p, layer, head), p->positions,
              &o);
}

/* What one head does at one query, in numbers. */
static void row_numbers(struct canvas *c, struct rect r, const struct probe_snapshot *p, int layer,
                        int head, int row)
{
    const float *w = maps_weight(p, layer, head) + (size_t)row * (size_t)p->positions;
    double sum = 0, distance = 0, negative = 0, control = 0, entropy = 0;
    char text[64];

    for (int k = 0; k <= row; k++) {
        int symbol = p->sequence[p->start + k];
        double a = fabs((double)w[k]);
        sum += a;
        distance += a * (row - k);
        negative += w[k] < 0 ? a : 0;
        control += symbol >= 0 && p->alphabet.control[symbol] >= 0 ? a : 0;
    }
    for (int k = 0; k <= row && sum > 0; k++)
        entropy -= w[k] != 0 ? fabs((double)w[k]) / sum * log(fabs((double)w[k]) / sum) : 0;
    if (sum > 0)
        snprintf(text, sizeof text, "%5.2f%5.1f%5.2f%5.2f", entropy, distance / sum, control / sum,
                 negative / sum);
    else
        snprintf(text, sizeof text, "%5s%5s%5s%5s", "-", "-", "-", "-");
    canvas_text_fit(c, r.x, r.y, r.w, text, ROLE_TEXT, 0);
}

/* The cursor's row in every head: bars where rows allow, else a coloured line. */
static void rows_draw(struct frame *f, struct rect r)
{
    const struct probe_snapshot *p = f->probe;
    static const char header[] = " entr dist ctrl  neg";
    enum { TAG = 5, NUMBERS = sizeof header - 1 };
    int maps = p->layers * p->heads, row, column, layer, head, n = p->positions;
    double values[MAX_CONTEXT];

    maps_chosen(f->ui, p, &layer, &head);
    maps_cursor(f->ui, p, maps_weight(p, layer, head), &row, &column);
    if (r.h >= 4 && r.w >= 16)
        r = canvas_box(f->canvas, r, "this query in every head", "");
    /* Entropy and the like say something of weights, not of differences. */
    bool numbers = r.w >= TAG + n + 1 + NUMBERS && !f->ui->map.subtracted;
    if (numbers && r.h > maps) {
        canvas_text(f->canvas, r.x + r.w - NUMBERS, r.y, header, ROLE_DIM, 0);
        rect_cut_top(&r, 1);
    }
    int shown = r.w - TAG < n ? r.w - TAG : n, first = scrolled(n, shown, row);
    int step = ui_clamp((r.w - TAG - (numbers ? NUMBERS + 1 : 0)) / (shown > 0 ? shown : 1), 1, 3);
    int chosen = layer * p->heads + head, pitch = ui_clamp(r.h / maps, 1, 8);
    int fit = r.h / pitch, top = ui_clamp(chosen - fit / 2, 0, maps > fit ? maps - fit : 0);
    for (int i = 0; i < fit && top + i < maps; i++) {
        int l = (top + i) / p->heads, h = (top + i) % p->heads, y = r.y + i * pitch;
        bool here = top + i == chosen;
        canvas_textf(f->canvas, r.x, y, here ? ROLE_ACCENT : ROLE_DIM, here ? CELL_BOLD : 0,
                     "%d.%d%s", l + 1, h + 1, here ? "▸" : "");
        for (int k = 0; k < shown && maps_has(p, l, h); k++)
            values[k] = (double)maps_weight(p, l, h)[(size_t)row * (size_t)n + (size_t)(first + k)];
        if (pitch >= 3 && maps_has(p, l, h))
            bars_draw(f->canvas, (struct rect){r.x + TAG, y, step * shown, pitch - 1}, values,
                      shown, 0, NULL, NULL, -1);
        else
            maps_strip_draw(f->canvas, r.x + TAG, y, step, p, l, h, row, first, shown);
        if (numbers && maps_has(p, l, h))
            row_numbers(f->canvas, (struct rect){r.x + r.w - NUMBERS, y, NUMBERS, 1}, p, l, h, row);
        ui_hit(f->ui, (struct rect){r.x, y, r.w, pitch}, HIT_MAP, l, h);
    }
}

/* A small map with its frame; half blocks show two queries a row. */
int maps_small_height(const struct canvas *c, int positions)
{
    bool halves = c->glyphs != GLYPHS_ASCII && c->colors >= 256;
    return (halves ? (positions + 1) / 2 : positions) + 2;
}

/* Small maps in a grid; if there are more than fit, the page that holds the chosen one. */
void maps_grid_draw(struct frame *f, struct rect r, bool all)
{
    const struct probe_snapshot *p = f->probe;
    int maps = p->layers * p->heads, n = p->positions, columns, layer, head;
    int box_h = maps_small_height(f->canvas, n), box_w = n + 2 > 14 ? n + 2 : 14;

    if (all) {
        box_w = box_w > r.w ? r.w : box_w;
        box_h = box_h > r.h ? r.h : box_h;
    }
    int shown = layout_grid(r.w, r.h, box_w, box_h, maps, &columns);
    if (shown == 0) {
        chrome_part(f, r, rows_draw);
        return;
    }
    /* As square as it may be: four maps stand two by two. */
    for (int fewer = columns - 1, got; fewer * fewer >= shown; fewer--)
        if (layout_grid(fewer * box_w, r.h, box_w, box_h, maps, &got) >= shown)
            columns = fewer;
    /* Two columns a key where that fits. */
    int rows = (shown + columns - 1) / columns;
    if (r.w / columns >= 2 * n + 2 && r.h / rows >= n + 2) {
        box_w = 2 * n + 2;
        box_h = n + 2;
    }
    maps_chosen(f->ui, p, &layer, &head);
    int first = (layer * p->heads + head) / shown * shown;
    for (int i = 0; i < shown && first + i < maps; i++) {
        struct rect box = {r.x + i % columns * box_w, r.y + i / columns * box_h, box_w, box_h};
        one_small(f, box, first + i);
    }
    if (shown < maps && r.h > rows * box_h)
        canvas_textf(f->canvas, r.x, r.y + rows * box_h, ROLE_DIM, 0,
                     "maps %d to %d of %d: [ ] goes on", first + 1,
                     first + shown < maps ? first + shown : maps, maps);
    rect_cut_left(&r, columns * box_w);
    if (r.w >= n + 8)
        chrome_part(f, r, rows_draw);
}
