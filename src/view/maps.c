#include "view/maps.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

const struct probe_snapshot *maps_probe(const struct ui *ui, const struct probe_snapshot *live)
{
    return ui->map.subtracted ? ui->map.delta : ui->map.frozen ? ui->map.frozen : live;
}

const char *maps_message(const struct probe_snapshot *p, char *out, size_t size)
{
    const char *what = *p->message ? p->message : "no weights yet";
    size_t n = strlen(p->name);
    if (strncmp(what, p->name, n) == 0 && what[n] == ' ')
        snprintf(out, size, "%s", what);
    else
        snprintf(out, size, "%s: %s", p->name, what);
    return out;
}

const char *maps_missing(const struct probe_snapshot *p, char *out, size_t size)
{
    if (!p)
        snprintf(out, size, "waiting for the first picture of a model");
    else if (!p->ready)
        maps_message(p, out, size);
    else if (p->layers == 0)
        snprintf(out, size, "%s has no attention: c shows the next contestant", p->name);
    else if (p->positions == 0)
        snprintf(out, size, "%s: the sequence is empty", p->name);
    else if (p->map_count == 0)
        snprintf(out, size, "%s: not enough memory for a map", p->name);
    else
        return NULL;
    return out;
}

/* The number of the map that the person wants, of all that the model has. */
static int wanted(const struct ui *ui, const struct probe_snapshot *p)
{
    return ui_clamp(ui->map.layer, 0, p->layers - 1) * p->heads +
           ui_clamp(ui->map.head, 0, p->heads - 1);
}

void maps_chosen(const struct ui *ui, const struct probe_snapshot *p, int *layer, int *head)
{
    int map = ui_clamp(wanted(ui, p), p->map_first, p->map_first + p->map_count - 1);
    *layer = map / p->heads;
    *head = map % p->heads;
}

bool maps_has(const struct probe_snapshot *p, int layer, int head)
{
    int map = layer * p->heads + head;
    return layer < p->layers && head < p->heads && map >= p->map_first &&
           map < p->map_first + p->map_count;
}

int maps_keys(const struct probe_snapshot *p, int query)
{
    return p->gallery ? p->positions : query + 1;
}

static size_t map_at(const struct probe_snapshot *p, int layer, int head)
{
    assert(maps_has(p, layer, head));
    return (size_t)(layer * p->heads + head - p->map_first) * (size_t)p->positions *
           (size_t)p->positions;
}

const float *maps_weight(const struct probe_snapshot *p, int layer, int head)
{
    return p->weight + map_at(p, layer, head);
}

const float *maps_score(const struct probe_snapshot *p, int layer, int head)
{
    return p->score_z + map_at(p, layer, head);
}

void maps_cursor(const struct ui *ui, const struct probe_snapshot *p, const float *w, int *row,
                 int *column)
{
    int n = p->positions;
    *row = ui->map.row < 0 || ui->map.row >= n ? n - 1 : ui->map.row;
    if (ui->map.column >= 0) {
        *column = ui_clamp(ui->map.column, 0, n - 1);
        return;
    }
    *column = 0;
    for (int k = 1; k < maps_keys(p, *row); k++)
        if (fabsf(w[*row * n + k]) > fabsf(w[*row * n + *column]))
            *column = k;
}

void maps_labels(const struct probe_snapshot *p, const char **labels, uint8_t *roles)
{
    for (int i = 0; i < p->positions; i++) {
        int symbol = p->sequence[p->start + i];
        bool known = symbol >= 0 && symbol < p->alphabet.count;
        labels[i] = known ? p->alphabet.name[symbol] : "?";
        roles[i] = chrome_symbol_role(&p->alphabet, symbol);
    }
}

static double round_up(double v)
{
    static const double ladder[] = {1, 1.5, 2, 3, 4, 5, 7, 10};
    if (!(v > 0) || !isfinite(v))
        return 1;
    double decade = pow(10, floor(log10(v)));
    for (size_t i = 0; i < sizeof ladder / sizeof *ladder; i++)
        if (v <= ladder[i] * decade * (1 + 1e-9))
            return ladder[i] * decade;
    return 10 * decade;
}

static void measure(struct map_extent *e, const struct probe_snapshot *p, int layer, int head)
{
    const float *w = maps_weight(p, layer, head), *z = maps_score(p, layer, head);
    int n = p->positions, late = n > 8 ? (n / 4 > 8 ? n / 4 : 8) - 1 : n - 1;

    e->late = e->low = e->high = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < maps_keys(p, i); j++) {
            size_t at = (size_t)i * (size_t)n + (size_t)j;
            double v = heat_value(e->mode, (double)w[at], (double)z[at]);
            if (!isfinite(v))
                continue;
            e->low = v < e->low ? v : e->low;
            e->high = v > e->high ? v : e->high;
            if (i >= late && fabs(v) > e->late)
                e->late = fabs(v);
        }
}

const struct map_extent *maps_extent(struct ui *ui, const struct probe_snapshot *p, int layer,
                                     int head, enum heat_mode mode)
{
    const float *values =
        mode == HEAT_SCORE ? maps_score(p, layer, head) : maps_weight(p, layer, head);
    for (int i = 0; i < MAP_MEMORIES; i++) {
        const struct map_extent *e = &ui->map.extent[i];
        if (e->values == values && e->serial == p->serial && e->n == p->positions &&
            e->mode == mode)
            return e;
    }
    struct map_extent *e = &ui->map.extent[ui->map.extent_next];
    ui->map.extent_next = (ui->map.extent_next + 1) % MAP_MEMORIES;
    *e = (struct map_extent){.serial = p->serial, .values = values, .n = p->positions, .mode = mode};
    measure(e, p, layer, head);
    return e;
}

double maps_range_of(double largest, enum heat_mode mode, const struct heat_memory *last)
{
    if (last && last->mode == mode && largest <= last->range && largest >= last->range / 2 &&
        last->range > 0)
        return last->range;
    return round_up(largest);
}

double maps_range(const struct probe_snapshot *p, int layer, int head, enum heat_mode mode,
                  const struct heat_memory *last)
{
    struct map_extent e = {.mode = mode};
    measure(&e, p, layer, head);
    return maps_range_of(e.late, mode, last);
}

struct heat_options maps_options(struct ui *ui, const struct probe_snapshot *p, int layer, int head,
                                 enum heat_mode mode, struct heat_memory *memory)
{
    const struct map_extent *e = maps_extent(ui, p, layer, head, mode);
    return (struct heat_options){
        .mode = mode,
        .range = maps_range_of(e->late, mode, memory),
        .cursor_row = -1,
        .cursor_column = -1,
        .causal = maps_keys(p, 0) == 1,
        .memory = memory,
        .measured = true,
        .low = e->low,
        .high = e->high,
    };
}

void maps_small_draw(struct frame *f, struct rect r)
{
    const struct probe_snapshot *p = f->probe;
    const char *labels[MAX_CONTEXT];
    uint8_t roles[MAX_CONTEXT];
    char text[LOG_TEXT + NAME_TEXT + 8], left[96], right[64], step[32];
    int layer, head;

    if (r.w < 8 || r.h < 4)
        return;
    if (maps_missing(p, text, sizeof text)) {
        r = canvas_box(f->canvas, r, "attention", "");
        if (canvas_columns(text) <= r.w)
            chrome_notice(f, r, text, ROLE_DIM);
        else
            chrome_wrap(f->canvas, r, text, ROLE_DIM);
        return;
    }
    maps_chosen(f->ui, p, &layer, &head);
    snprintf(left, sizeof left, "attention · %s%s", p->name, ui_is_answered(f->ui, p) ? "" : " …");
    const char *changed = changes_of(p, layer, head);
    int used = snprintf(right, sizeof right, "layer %d head %d%s%s", layer + 1, head + 1,
                        *changed ? " " : "", changed);
    if (p->past >= 0) { /* not what trains */
        text_thousands(step, sizeof step, p->weights_step);
        snprintf(right + used, sizeof right - (size_t)used, " · step %s", step);
    }
    ui_hit(f->ui, r, HIT_OPEN_MAP, 0, 0);
    r = canvas_box(f->canvas, r, left, right);
    maps_labels(p, labels, roles);
    struct heat_options o =
        maps_options(f->ui, p, layer, head, HEAT_SIGNED, &f->ui->map.small);
    o.labels = labels;
    o.label_roles = roles;
    o.compact = o.fill = true;
    struct heat_place place;
    heat_place(&place, f->canvas, r, p->positions, &o);
    heat_draw(f->canvas, r, maps_weight(p, layer, head), maps_score(p, layer, head), p->positions,
              &o);
    rect_cut_top(&r, place.cells.y + place.cells.h - r.y);
    if (r.h > 0)
        heat_scale_draw(f->canvas, r.x, r.y, ui_clamp(r.w, 0, 44), HEAT_SIGNED, o.range);
    rect_cut_top(&r, 1);
    struct map_sight newest = {p, layer, head, p->positions - 1, -1, HEAT_SIGNED, o.range, NULL};
    maps_row_draw(f, r, &place, &newest);
}

void maps_strip_draw(struct canvas *c, int x, int y, int step, const struct probe_snapshot *p,
                     int layer, int head, int row, int first, int count)
{
    static const char plus[] = " .:+#@", minus[] = " '-~=M";
    double range = 0;

    if (!maps_has(p, layer, head)) {
        canvas_text_fit(c, x, y, step * count, "comes when chosen", ROLE_DIM, 0);
        return;
    }
    const float *w = maps_weight(p, layer, head) + (size_t)row * (size_t)p->positions;

    for (int k = 0; k < maps_keys(p, row); k++)
        range = fabs((double)w[k]) > range ? fabs((double)w[k]) : range;
    for (int k = first; k < first + count && k < p->positions; k++) {
        double share = range > 0 ? (double)w[k] / range : 0;
        int level = ROLE_DIVERGING_0 + RAMP_LEVELS / 2 + (int)lround(share * (RAMP_LEVELS / 2));
        for (int i = 0; i < step; i++) {
            if (c->colors >= 256)
                canvas_put(c, x + (k - first) * step + i, y, ' ', ROLE_TEXT, (uint8_t)level, 0);
            else
                canvas_put(c, x + (k - first) * step + i, y,
                           (uint32_t)(share < 0 ? minus : plus)[(int)(fabs(share) * 5)],
                           (uint8_t)level, ROLE_BACKGROUND, 0);
        }
    }
}

void maps_set(struct event *e, int layer, int head)
{
    e->ui->map.layer = layer;
    e->ui->map.head = head;
    event_send(e, COMMAND_MAP, layer, head);
}

void maps_choose(struct event *e, const struct probe_snapshot *p)
{
    struct ui *ui = e->ui;

    if (!p || p->layers == 0 || p->heads == 0) {
        ui_say(ui, "this contestant has no attention: c shows the next one");
        return;
    }
    int maps = p->layers * p->heads, at = wanted(ui, p);
    if (e->action == ACTION_HEAD || e->action == ACTION_CHOOSE_HEAD)
        at += e->key == '[' || e->key == UI_KEY_UP ? maps - 1 : 1;
    else
        at += e->key == '{' ? maps - p->heads : p->heads;
    at %= maps;
    maps_set(e, at / p->heads, at % p->heads);
    if (e->action == ACTION_LAYER && p->layers == 1)
        ui_say(ui, "this contestant has one layer");
}
