/* Many maps at once. */
#include "view/maps.h"

#include <math.h>
#include <stdio.h>

enum { FRAME = 2, LEAST_BOX = 16, LEAST_SIDE = 12, PAGE_OF_MAPS = 6, BESIDE = 8 };

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
    const char *labels[MAX_CONTEXT];
    uint8_t roles[MAX_CONTEXT];
    const char *changed = changes_of(p, layer, head);
    char left[64], right[32];

    maps_chosen(ui, p, &chosen_layer, &chosen_head);
    bool chosen = layer == chosen_layer && head == chosen_head;
    ui_hit(ui, r, HIT_MAP, layer, head);
    snprintf(left, sizeof left, r.w >= 28 ? "%slayer %d head %d%s%s" : "%s%d.%d%s%s",
             chosen ? "▶ " : "", layer + 1, head + 1, *changed ? " " : "", changed);
    if (!maps_has(p, layer, head)) {
        r = canvas_box(f->canvas, r, left, "");
        chrome_notice(f, r, "comes when chosen", ROLE_DIM);
        return;
    }
    struct heat_options o = maps_options(ui, p, layer, head, ui->map.mode,
                                         map < MAP_MEMORIES ? &ui->map.each[map] : NULL);
    if (ui->map.locked)
        o.range = ui->map.locked_range;
    o.compact = o.fill = true;
    maps_labels(p, labels, roles);
    o.labels = labels;
    o.label_roles = roles;
    heat_range_text(f->canvas, o.mode, o.range, right, sizeof right);
    r = canvas_box(f->canvas, r, left, right);
    heat_draw(f->canvas, r, maps_weight(p, layer, head), maps_score(p, layer, head), p->positions,
              &o);
}

/* What one head does at one query, in numbers. */
static void row_numbers(struct canvas *c, struct rect r, const struct probe_snapshot *p, int layer,
                        int head, int row)
{
    const float *w = maps_weight(p, layer, head) + (size_t)row * (size_t)p->positions;
    double sum = 0, distance = 0, negative = 0, control = 0, entropy = 0;
    int keys = maps_keys(p, row);
    char text[64];

    for (int k = 0; k < keys; k++) {
        int symbol = p->sequence[p->start + k];
        double a = fabs((double)w[k]);
        sum += a;
        distance += a * (row - k);
        negative += w[k] < 0 ? a : 0;
        control += symbol >= 0 && p->alphabet.control[symbol] >= 0 ? a : 0;
    }
    for (int k = 0; k < keys && sum > 0; k++)
        entropy -= w[k] != 0 ? fabs((double)w[k]) / sum * log(fabs((double)w[k]) / sum) : 0;
    if (sum > 0)
        snprintf(text, sizeof text, "%5.2f%5.1f%5.2f%5.2f", entropy, distance / sum, control / sum,
                 negative / sum);
    else
        snprintf(text, sizeof text, "%5s%5s%5s%5s", "-", "-", "-", "-");
    canvas_text_fit(c, r.x, r.y, r.w, text, ROLE_TEXT, 0);
}

/* One head's row: a line of colours, or bars where there are rows for them. */
static void head_draw(struct frame *f, struct rect r, int step, int map, int row, int first,
                      int shown)
{
    const struct probe_snapshot *p = f->probe;
    int layer = map / p->heads, head = map % p->heads;
    double values[MAX_CONTEXT];

    if (r.h < 3 || !maps_has(p, layer, head)) {
        maps_strip_draw(f->canvas, r.x, r.y, step, p, layer, head, row, first, shown);
        return;
    }
    const float *w = maps_weight(p, layer, head) + (size_t)row * (size_t)p->positions;
    for (int k = 0; k < shown; k++)
        values[k] = (double)w[first + k];
    bars_draw(f->canvas, (struct rect){r.x, r.y, step * shown, r.h - 1}, values, shown, 0, NULL,
              NULL, -1);
}

/* A query's row in every head; -1: the cursor's. */
static void query_draw(struct frame *f, struct rect r, int query)
{
    const struct probe_snapshot *p = f->probe;
    static const char header[] = " entr dist ctrl  neg";
    enum { TAG = 5, NUMBERS = sizeof header - 1 };
    int maps = p->layers * p->heads, row, column, layer, head, n = p->positions;

    maps_chosen(f->ui, p, &layer, &head);
    maps_cursor(f->ui, p, maps_weight(p, layer, head), &row, &column);
    row = query < 0 ? row : query;
    bool framed = r.h >= 4 && r.w >= 16;
    int room = r.w - TAG - (framed ? FRAME : 0);
    int shown = ui_clamp(room, 0, n), first = scrolled(n, shown, row);
    if (framed) {
        char left[64] = "this query in every head";
        if (query >= 0)
            snprintf(left, sizeof left, "query %d in every head", query + 1);
        else if (shown < n)
            snprintf(left, sizeof left, "keys %d to %d in every head", first + 1, first + shown);
        r = canvas_box(f->canvas, r, left,
                       r.w >= 60 ? "each to its own largest |w|" : "own scales");
    }
    /* Entropy and the like say something of weights, not of differences. */
    bool numbers = r.w >= TAG + n + 1 + NUMBERS && !f->ui->map.subtracted;
    if (numbers && r.h > 1) {
        canvas_text(f->canvas, r.x + r.w - NUMBERS, r.y, header, ROLE_DIM, 0);
        rect_cut_top(&r, 1);
    }
    int step = ui_clamp((r.w - TAG - (numbers ? NUMBERS + 1 : 0)) / (shown > 0 ? shown : 1), 1, 3);
    int chosen = layer * p->heads + head, pitch = ui_clamp(r.h / maps, 1, 14);
    int fit = r.h / pitch;
    if (framed && fit < maps)
        canvas_textf(f->canvas, r.x + 1, r.y + r.h, ROLE_DIM, 0, " %d of %d, [ ] ", fit, maps);
    int top = ui_clamp(chosen - fit / 2, 0, maps > fit ? maps - fit : 0);
    for (int i = 0; i < fit && top + i < maps; i++) {
        int l = (top + i) / p->heads, h = (top + i) % p->heads, y = r.y + i * pitch;
        bool here = top + i == chosen;
        canvas_textf(f->canvas, r.x, y, here ? ROLE_ACCENT : ROLE_DIM, here ? CELL_BOLD : 0,
                     "%d.%d%s", l + 1, h + 1, here ? "▸" : "");
        head_draw(f, (struct rect){r.x + TAG, y, r.w - TAG, pitch}, step, top + i, row, first,
                  shown);
        if (numbers && maps_has(p, l, h))
            row_numbers(f->canvas, (struct rect){r.x + r.w - NUMBERS, y, NUMBERS, 1}, p, l, h, row);
        ui_hit(f->ui, (struct rect){r.x, y, r.w, pitch}, HIT_MAP, l, h);
    }
}

static void rows_draw(struct frame *f, struct rect r)
{
    query_draw(f, r, -1);
}

void maps_newest_draw(struct frame *f, struct rect r)
{
    query_draw(f, r, f->probe->positions - 1);
}

int maps_newest_width(const struct probe_snapshot *p)
{
    return p->positions + BESIDE;
}

/* A small map with its frame; half blocks show two queries a row. */
int maps_small_height(const struct canvas *c, int positions)
{
    bool halves = canvas_has_halves(c);
    return (halves ? (positions + 1) / 2 : positions) + FRAME;
}

/* Boxes in rows and columns, all of one size. */
struct grid {
    int box_w, box_h; /* least for cells of this size */
    int pool;
    int shown, columns, rows;
};

static struct grid grid_of(struct rect r, int maps, int side, int cell_w, int high)
{
    struct grid g = {.box_w = side * cell_w + FRAME, .box_h = high + FRAME};
    g.box_w = g.box_w > LEAST_BOX ? g.box_w : LEAST_BOX;
    g.shown = layout_grid(r.w, r.h, g.box_w, g.box_h, maps, &g.columns);
    return g;
}

/* The largest cells with which all maps fit, pooled if they do not fit otherwise, but not until
   nothing can be read any more: then a page of maps at a time. */
static struct grid choose_grid(const struct canvas *c, struct rect r, int maps, int n)
{
    bool halves = canvas_has_halves(c);
    struct grid best = {0};
    int want = maps < PAGE_OF_MAPS ? maps : PAGE_OF_MAPS;

    for (int pool = 1; pool <= n && best.shown < maps; pool++) {
        int side = (n + pool - 1) / pool;
        if (pool > 1 && side < LEAST_SIDE && best.shown > 0)
            break;
        for (int k = 4; k >= 0 && best.shown < maps; k--) {
            struct grid g = k > 0 ? grid_of(r, maps, side, 2 * k, side * k)
                                  : grid_of(r, maps, side, 1, halves ? (side + 1) / 2 : side);
            g.pool = pool;
            if (g.shown > best.shown && (g.shown == maps || best.shown < want))
                best = g;
        }
    }
    return best;
}

/* Rows for the heads' rows under a grid. */
static int rows_wanted(int maps)
{
    return (maps < PAGE_OF_MAPS ? maps : PAGE_OF_MAPS) + FRAME + 1;
}

static int rows_of(const struct grid *g, int columns)
{
    return (g->shown + columns - 1) / columns;
}

/* As square as it may be, four maps stand two by two, unless a flat grid leaves room for the heads'
   rows; then as wide and high as the room allows. */
static void spread(struct grid *g, struct rect r, bool all)
{
    enum { LABELS_W = 8, LABELS_H = 3 };
    int flat = rows_of(g, g->columns);
    bool leave = !all && r.h - flat * g->box_h >= rows_wanted(g->shown);
    for (int fewer = g->columns - 1; fewer > 0; fewer--) {
        int rows = rows_of(g, fewer);
        if (rows * g->box_h > r.h || (leave ? rows > flat : fewer < rows))
            break;
        g->columns = fewer;
    }
    g->rows = rows_of(g, g->columns);
    if (g->pool > 1) { /* cells may be twice as wide as high */
        g->box_w = ui_clamp(r.w / g->columns, g->box_w, 2 * (g->box_w - FRAME) + FRAME);
        return;
    }
    g->box_w = ui_clamp(r.w / g->columns, g->box_w, g->box_w + (all ? LABELS_W : 0));
    g->box_h = ui_clamp(r.h / g->rows, g->box_h, g->box_h + (all ? LABELS_H : 0));
}

/* Under the grid: what its characters stand for and which maps it leaves out. */
static void say_grid(struct frame *f, struct rect r, const struct grid *g, int first, int maps)
{
    char line[160] = "";
    int used = 0;
    if (g->shown < maps)
        used = snprintf(line, sizeof line, "maps %d to %d of %d: [ ] goes on   ", first + 1,
                        first + g->shown < maps ? first + g->shown : maps, maps);
    if (g->pool > 1)
        snprintf(line + used, sizeof line - (size_t)used,
                 "1:%d, a cell: %d x %d weights, the one of largest magnitude", g->pool, g->pool,
                 g->pool);
    canvas_text_fit(f->canvas, r.x, r.y, r.w, line, ROLE_DIM, 0);
}

void maps_grid_draw(struct frame *f, struct rect r, bool all)
{
    const struct probe_snapshot *p = f->probe;
    int maps = p->layers * p->heads, n = p->positions, layer, head;
    struct rect room = {r.x, r.y, r.w, r.h - 1};
    struct grid g = choose_grid(f->canvas, r, maps, n);

    if (g.shown < maps || g.pool > 1)
        g = choose_grid(f->canvas, room, maps, n); /* a row to say so */
    /* Beside the large map a row of each head says more than a few pooled maps. */
    if (g.shown == 0 || (!all && g.shown < maps && g.pool > 1)) {
        chrome_part(f, r, rows_draw);
        return;
    }
    spread(&g, g.shown < maps || g.pool > 1 ? room : r, all);
    maps_chosen(f->ui, p, &layer, &head);
    int first = (layer * p->heads + head) / g.shown * g.shown;
    for (int i = 0; i < g.shown && first + i < maps; i++) {
        struct rect box = {r.x + i % g.columns * g.box_w, r.y + i / g.columns * g.box_h, g.box_w,
                           g.box_h};
        one_small(f, box, first + i);
    }
    struct rect under = r, right = r, last = r;
    rect_cut_top(&under, g.rows * g.box_h);
    rect_cut_left(&right, g.columns * g.box_w);
    if (g.shown < maps || g.pool > 1) {
        struct rect line = rect_cut_top(&under, 1);
        if (right.w >= n + BESIDE)
            line.w -= right.w;
        say_grid(f, line, &g, first, maps);
    }
    rect_cut_top(&last, (g.rows - 1) * g.box_h);
    last.h = g.box_h; /* what the last row of the grid leaves free */
    rect_cut_left(&last, (g.shown - (g.rows - 1) * g.columns) * g.box_w);
    if (right.w >= n + BESIDE)
        chrome_part(f, right, rows_draw);
    else if (under.h >= rows_wanted(maps) - 1)
        chrome_part(f, under, rows_draw);
    else if (last.w >= n + BESIDE && last.h >= rows_wanted(maps) - 1)
        chrome_part(f, last, rows_draw);
}
