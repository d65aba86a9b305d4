#include "view/pictures.h"

#include <math.h>
#include <stdio.h>
#include "view/maps.h"

enum { ZOOM_MOST = 3 };

int pictures_across(const struct gallery *g)
{
    return g && g->patch > 0 ? g->side / g->patch : 0;
}

const struct probe_snapshot *pictures_second(const struct probe_snapshot *p)
{
    return p->second_kind == SECOND_VERSUS && p->second && p->second->gallery ? p->second : NULL;
}

/* Row of the cursor's patch in the maps: the time's token comes first. */
static int query_of(const struct ui *ui, int n)
{
    return 1 + ui_clamp(ui->images.row, 0, n - 1) * n + ui_clamp(ui->images.column, 0, n - 1);
}

/* Weights of the cursor's patch: on the time's token, then on every patch. NULL: not here. */
static const float *weights_of(const struct ui *ui, const struct probe_snapshot *p, int layer, int head)
{
    int n = pictures_across(p->gallery);
    if (!p->ready || n < 1 || !maps_has(p, layer, head) || n * n + 1 != p->positions)
        return NULL;
    return maps_weight(p, layer, head) + (size_t)query_of(ui, n) * (size_t)p->positions;
}

/* Largest magnitude on a patch in any head of the chosen layer. */
static double largest(const struct ui *ui, const struct probe_snapshot *p)
{
    double most = 0;
    int layer, head;
    if (!p->ready || p->layers == 0 || p->map_count == 0)
        return 0;
    maps_chosen(ui, p, &layer, &head);
    for (int h = 0; h < p->heads; h++) {
        const float *w = weights_of(ui, p, layer, h);
        for (int k = 1; w && k < p->positions; k++)
            most = isfinite(w[k]) && fabs((double)w[k]) > most ? fabs((double)w[k]) : most;
    }
    return most;
}

/* One scale for all maps of the page: they are to be compared. */
static double range_of(const struct ui *ui, const struct probe_snapshot *p)
{
    const struct probe_snapshot *second = pictures_second(p);
    double first = largest(ui, p), other = second ? largest(ui, second) : 0;
    return maps_range_of(first > other ? first : other, HEAT_SIGNED, NULL);
}

/* What the cursor's patch has for the others: as many columns as two patches' height, and its mark. */
static void cells_draw(struct frame *f, struct rect r, const float *w, int n, double range)
{
    struct heat_options o = {.mode = HEAT_SIGNED, .range = range, .cursor_row = -1,
                             .cursor_column = -1, .compact = true};
    struct heat_place place;
    heat_place(&place, f->canvas, r, n, &o);
    heat_draw(f->canvas, r, w + 1, NULL, n, &o);
    if (place.cells.w < n || place.cells.h < n) /* pooled: no patch has a place of its own */
        return;
    int query = query_of(f->ui, n) - 1, wide = place.cells.w / n, high = place.cells.h / n;
    picture_mark(f->canvas, place.cells.x + query % n * wide, place.cells.y + query / n * high, wide,
                 high);
}

/* A head under its name: "● head 2.1 cog · time .15", less of it in little room. */
static void head_draw(struct frame *f, struct rect r, const struct probe_snapshot *p, int layer,
                      int head, double range)
{
    char time[16], line[96];
    int n = pictures_across(p->gallery);
    const float *w = weights_of(f->ui, p, layer, head);
    int x = r.x + 1 + canvas_text(f->canvas, r.x, r.y, chrome_marker(f->canvas, p->contestant),
                                  chrome_series_role(p->contestant), CELL_BOLD);
    int room = r.x + r.w - x;
    if (!w) {
        snprintf(line, sizeof line, "%d.%d comes when chosen", layer + 1, head + 1);
        canvas_text_fit(f->canvas, x, r.y, room, line, ROLE_DIM, 0);
        return;
    }
    format_share(time, sizeof time, (double)w[0]);
    snprintf(line, sizeof line, "head %d.%d %s · time %s", layer + 1, head + 1,
             p->layer_attention[layer], time);
    if (canvas_columns(line) > room)
        snprintf(line, sizeof line, "%d.%d time %s", layer + 1, head + 1, time);
    if (canvas_columns(line) > room)
        snprintf(line, sizeof line, "%d.%d t%s", layer + 1, head + 1, time);
    canvas_text_fit(f->canvas, x, r.y, room, line, ROLE_TEXT, 0);
    rect_cut_top(&r, 1);
    cells_draw(f, r, w, n, range);
}

void pictures_map_draw(struct frame *f, struct rect r, const struct probe_snapshot *p, int on)
{
    char line[64], scale[24];
    int layer, head, n = pictures_across(p->gallery);
    if (!p->ready || p->layers == 0 || p->map_count == 0)
        return;
    maps_chosen(f->ui, p, &layer, &head);
    head = (head + on) % p->heads;
    double range = range_of(f->ui, f->probe);
    const float *w = weights_of(f->ui, p, layer, head);
    heat_range_text(f->canvas, HEAT_SIGNED, range, scale, sizeof scale);
    snprintf(line, sizeof line, "%d.%d %s %s", layer + 1, head + 1, scale, p->layer_attention[layer]);
    canvas_text_fit(f->canvas, r.x, r.y, r.w, line, ROLE_TEXT, 0);
    rect_cut_top(&r, 1);
    if (!w)
        return;
    r.w = 2 * n < r.w ? 2 * n : r.w;
    r.h = n < r.h ? n : r.h;
    cells_draw(f, r, w, n, range);
    if (on)
        ui_hit(f->ui, r, HIT_MAP, layer, head);
    else
        ui_hit(f->ui, r, HIT_CELL, -1, 0);
}

/* The patch that the cursor's looks at most in the chosen head. */
static void looks_draw(struct frame *f, struct rect r, const struct probe_snapshot *p)
{
    int layer, head, n = pictures_across(p->gallery), best = 1;
    char share[16], time[16], line[160];
    if (!p->ready || p->layers == 0 || p->map_count == 0)
        return;
    maps_chosen(f->ui, p, &layer, &head);
    const float *w = weights_of(f->ui, p, layer, head);
    if (!w)
        return;
    for (int k = 2; k < p->positions; k++)
        best = fabsf(w[k]) > fabsf(w[best]) ? k : best;
    int query = query_of(f->ui, n) - 1;
    format_share(share, sizeof share, (double)w[best]);
    format_share(time, sizeof time, (double)w[0]);
    bool brief = r.w < 60;
    int used = snprintf(line, sizeof line, brief ? "%d,%d: most at %d,%d, %s"
                                                 : "patch %d,%d looks most at %d,%d: %s",
                        query % n + 1, query / n + 1, (best - 1) % n + 1, (best - 1) / n + 1, share);
    if (!brief)
        snprintf(line + used, sizeof line - (size_t)used, " · time token: %s · layer %d head %d %s",
                 time, layer + 1, head + 1, p->layer_attention[layer]);
    int x = r.x + 1 + canvas_text(f->canvas, r.x, r.y, chrome_marker(f->canvas, p->contestant),
                                  chrome_series_role(p->contestant), 0);
    canvas_text_fit(f->canvas, x, r.y, r.x + r.w - x, line, ROLE_TEXT, 0);
}

/* --- the panel ----------------------------------------------------------------------------------- */

/* The chosen maps: who, in what size. */
struct panel {
    const struct probe_snapshot *of[2];
    int count, n, zoom; /* contestants, patches along a side, rows of a patch */
    int layer[2], head[2];
    double range;
};

static void set_panel(struct panel *m, const struct frame *f, struct rect r)
{
    const struct probe_snapshot *p = f->probe, *second = pictures_second(p);
    *m = (struct panel){.of = {p}, .count = 1, .n = pictures_across(p->gallery)};
    if (second && second->ready && second->layers > 0 && second->map_count > 0)
        m->of[m->count++] = second;
    for (int k = 0; k < m->count; k++)
        maps_chosen(f->ui, m->of[k], &m->layer[k], &m->head[k]);
    m->range = range_of(f->ui, p);
    m->zoom = ZOOM_MOST;
    while (m->zoom > 1 && (m->count * (2 * m->n * m->zoom + 1) - 1 > r.w || m->n * m->zoom + 2 > r.h))
        m->zoom--;
}

/* A head of every contestant, `on` heads after the chosen one, cut off the top of `r`. */
static void pair_draw(struct frame *f, struct rect *r, const struct panel *m, int on)
{
    int wide = 2 * m->n * m->zoom, least = (r->w + 1) / m->count - 1;
    struct rect row = rect_cut_top(r, 1 + m->n * m->zoom);
    for (int k = 0; k < m->count; k++) {
        struct rect at = rect_cut_left(&row, wide < least ? wide : least);
        int head = (m->head[k] + on) % m->of[k]->heads;
        rect_cut_left(&row, 1);
        head_draw(f, at, m->of[k], m->layer[k], head, m->range);
        rect_cut_top(&at, 1);
        if (on)
            ui_hit(f->ui, at, HIT_MAP, m->layer[k], head);
        else
            ui_hit(f->ui, at, HIT_CELL, -1, 0);
    }
}

/* All heads of the layer in a row for each contestant. */
static void rows_draw(struct frame *f, struct rect *r, const struct panel *m)
{
    for (int k = 0; k < m->count && r->h >= 1 + m->n; k++) {
        struct rect row = rect_cut_top(r, 1 + m->n);
        for (int head = 0; head < m->of[k]->heads; head++) {
            struct rect at = rect_cut_left(&row, 2 * m->n);
            rect_cut_left(&row, 1);
            head_draw(f, at, m->of[k], m->layer[k], head, m->range);
            ui_hit(f->ui, at, HIT_MAP, m->layer[k], head);
        }
    }
}

void pictures_maps_draw(struct frame *f, struct rect r)
{
    const struct probe_snapshot *p = f->probe;
    const struct gallery *g = p->gallery;
    struct panel m;
    char left[64], right[64];
    int n = pictures_across(g);
    snprintf(left, sizeof left, "attention of patch %d,%d", ui_clamp(f->ui->images.column, 0, n - 1) + 1,
             ui_clamp(f->ui->images.row, 0, n - 1) + 1);
    if (r.w >= 60)
        snprintf(right, sizeof right, "sample %d at noise of t %d", g->chosen + 1, g->looked);
    else
        snprintf(right, sizeof right, "t %d", g->looked);
    bool ready = p->ready && p->layers > 0 && p->map_count > 0;
    r = canvas_box(f->canvas, r, left, ready ? right : "");
    if (!ready) {
        chrome_notice(f, r, "comes with the first step", ROLE_DIM);
        return;
    }
    struct rect old = canvas_clip(f->canvas, r);
    set_panel(&m, f, r);
    pair_draw(f, &r, &m, 0);
    struct rect scale = rect_cut_top(&r, 1);
    heat_scale_draw(f->canvas, scale.x, scale.y, ui_clamp(scale.w, 0, 60), HEAT_SIGNED, m.range);
    if (m.zoom > 1 && r.w >= p->heads * (2 * n + 1) - 1)
        rows_draw(f, &r, &m);
    for (int on = 1; on < p->heads && m.zoom == 1 && r.h >= 1 + n; on++)
        pair_draw(f, &r, &m, on);
    for (int k = 0; k < m.count && r.h > 0; k++)
        looks_draw(f, rect_cut_top(&r, 1), m.of[k]);
    f->canvas->clip = old;
}

void pictures_looks_draw(struct frame *f, struct rect r)
{
    looks_draw(f, r, f->probe);
}
