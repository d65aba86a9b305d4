/* Attention: who looks at whom, in every layer and head. */
#include "view/ui_state.h"

#include <math.h>
#include <stdio.h>
#include "view/maps.h"

static const char *symbol_at(const struct probe_snapshot *p, int position)
{
    int symbol = p->sequence[p->start + position];
    return symbol >= 0 && symbol < p->alphabet.count ? p->alphabet.name[symbol] : "?";
}

/* At the right end of the line under the map, from column `from` on. */
static void scale_draw(struct frame *f, struct rect r, int from, double range)
{
    char text[64];
    int x = r.x + r.w - 61 > from ? r.x + r.w - 61 : from;

    snprintf(text, sizeof text, "%s%s ", heat_mode_name(f->ui->map.mode),
             f->ui->map.locked ? ", locked" : "");
    int w = r.x + r.w - 1 - x - canvas_columns(text);
    if (w < 12)
        return;
    x += canvas_text(f->canvas, x, r.y, text, ROLE_DIM, 0);
    heat_scale_clipped(f->canvas, x, r.y, w < 44 ? w : 44, f->ui->map.mode, range,
                       f->ui->map.memory.below, f->ui->map.memory.above);
}

/* What the difference is of. */
static void both_weights(const struct frame *f, int layer, int head, int at, char *out, size_t size)
{
    const struct probe_snapshot *a = f->ui->map.frozen ? f->ui->map.frozen : f->live;
    const struct probe_snapshot *b = a->second;
    snprintf(out, size, "   w of %s %+.3f  of %s %+.3f", a->name,
             (double)maps_weight(a, layer, head)[at], b->name,
             (double)maps_weight(b, layer, head)[at]);
}

/* query 17 "R"  key 12 "8"  z -2.31  w -0.41 */
static void line_draw(struct frame *f, struct rect r)
{
    const struct probe_snapshot *p = f->probe;
    int layer, head, row, column, n = p->positions;
    double sum = 0, negative = 0, entropy = 0;
    char line[256];

    maps_chosen(f->ui, p, &layer, &head);
    const float *w = maps_weight(p, layer, head), *z = maps_score(p, layer, head);
    maps_cursor(f->ui, p, w, &row, &column);
    for (int k = 0; k <= row; k++) {
        sum += fabs((double)w[row * n + k]);
        negative += w[row * n + k] < 0 ? -(double)w[row * n + k] : 0;
    }
    for (int k = 0; k <= row && sum > 0; k++) {
        double share = fabs((double)w[row * n + k]) / sum;
        entropy -= share > 0 ? share * log(share) : 0;
    }
    int used = snprintf(line, sizeof line, "query %d \"%s\"  key %d \"%s\"  ", row + 1,
                        symbol_at(p, row), column + 1, symbol_at(p, column));
    if (column > row)
        used += snprintf(line + used, sizeof line - (size_t)used, "later than the query: masked");
    else
        used += snprintf(line + used, sizeof line - (size_t)used, "z %+.2f  w %+.3f",
                         (double)z[row * n + column], (double)w[row * n + column]);
    char more[128];
    if (f->ui->map.subtracted)
        both_weights(f, layer, head, row * n + column, more, sizeof more);
    else
        snprintf(more, sizeof more, "   row: sum of |w| %.2f  negative %.2f  entropy %.2f nats", sum,
             negative, entropy);
    if (used + canvas_columns(more) + 64 < r.w)
        snprintf(line + used, sizeof line - (size_t)used, "%s", more);
    int x = r.x + 1 + canvas_text_fit(f->canvas, r.x + 1, r.y, r.w - 1, line, ROLE_TEXT, CELL_BOLD);
    scale_draw(f, r, x + 3, f->ui->map.range);
}

static void map_title(const struct frame *f, const struct probe_snapshot *p, int layer, int head,
                      int width, char *left, char *right, size_t size)
{
    const struct ui *ui = f->ui;
    char step[32], name[NAME_TEXT];

    if (width < 60) {
        chrome_short_name(name, sizeof name, p->name, width - (ui->map.frozen ? 37 : 28));
        snprintf(left, size, "%s%s · layer %d/%d head %d/%d", ui->map.frozen ? "frozen · " : "",
                 name, layer + 1, p->layers, head + 1, p->heads);
    } else {
        snprintf(left, size, "%s · layer %d/%d · head %d/%d%s%s", p->name, layer + 1, p->layers,
                 head + 1, p->heads, layer < 16 && *p->layer_attention[layer] ? " · " : "",
                 layer < 16 ? p->layer_attention[layer] : "");
    }
    text_thousands(step, sizeof step, p->weights_step);
    if (ui->map.difference && !ui->map.subtracted)
        snprintf(right, size, "no difference: v chooses a second contestant");
    else if (ui->map.frozen)
        snprintf(right, size, "frozen at step %s", step);
    else
        snprintf(right, size, "step %s%s", step, ui_is_answered(ui, f->probe) ? "" : " …");
}

static struct heat_options map_options(struct ui *ui, const char *const *labels,
                                       const uint8_t *roles, int row, int column, double range)
{
    return (struct heat_options){
        .mode = ui->map.mode,
        .range = range,
        .cursor_row = row,
        .cursor_column = column,
        .labels = labels,
        .label_roles = roles,
        .causal = true,
        .memory = &ui->map.memory,
    };
}

/* The large map with labels, crosshair and scale. */
static void map_draw(struct frame *f, struct rect r)
{
    struct ui *ui = f->ui;
    const struct probe_snapshot *p = f->probe;
    const char *labels[MAX_CONTEXT];
    uint8_t roles[MAX_CONTEXT];
    char left[128], right[128];
    int layer, head, n = p->positions, row, column;

    maps_chosen(ui, p, &layer, &head);
    maps_cursor(ui, p, maps_weight(p, layer, head), &row, &column);
    if (r.w >= 12 && r.h >= 5) {
        map_title(f, p, layer, head, r.w, left, right, sizeof left);
        r = canvas_box(f->canvas, r, left, right);
    }
    maps_labels(p, labels, roles);
    double range = ui->map.locked ? ui->map.locked_range
                                  : maps_range(p, layer, head, ui->map.mode, &ui->map.memory);
    struct heat_options o = map_options(ui, labels, roles, row, column, range);
    ui_hit(ui, r, HIT_CELL, 0, 0);
    ui->map.range =
        heat_draw(f->canvas, r, maps_weight(p, layer, head), maps_score(p, layer, head), n, &o);
}

/* The cursor's row as bars. */
static void row_draw(struct frame *f, struct rect r)
{
    const struct probe_snapshot *p = f->probe;
    const char *labels[MAX_CONTEXT];
    uint8_t roles[MAX_CONTEXT];
    double values[MAX_CONTEXT];
    int layer, head, n = p->positions, row, column;
    char left[64], right[48];
    double largest = 0;

    maps_chosen(f->ui, p, &layer, &head);
    const float *w = maps_weight(p, layer, head), *z = maps_score(p, layer, head);
    maps_cursor(f->ui, p, w, &row, &column);
    snprintf(left, sizeof left, "query %d \"%s\" looks at", row + 1, symbol_at(p, row));
    maps_labels(p, labels, roles);
    for (int k = 0; k < n; k++)
        values[k] =
            k > row ? 0
                    : heat_value(f->ui->map.mode, (double)w[row * n + k], (double)z[row * n + k]);
    for (int k = 0; k <= row; k++)
        largest = fabs(values[k]) > largest ? fabs(values[k]) : largest;
    double range = f->ui->map.locked ? f->ui->map.locked_range : largest;
    snprintf(right, sizeof right, "%s, full bar %.3g", heat_mode_name(f->ui->map.mode), range);
    if (r.h >= 5 && r.w >= 12)
        r = canvas_box(f->canvas, r, left, right);
    bars_draw(f->canvas, r, values, n, range, labels, roles, column);
}

/* The contestants that have maps, to click. */
static void choices_draw(struct frame *f, struct rect r)
{
    for (int i = 0, y = r.y; f->race && i < f->race->count && y < r.y + r.h; i++) {
        const struct contestant_view *v = &f->race->contestants[i];
        if (!v->attention[0] || v->failed)
            continue;
        int x = r.x + (r.w - canvas_columns(v->name) - 2) / 2;
        canvas_text(f->canvas, x, y, chrome_marker(f->canvas, i), chrome_series_role(i), CELL_BOLD);
        canvas_text(f->canvas, x + 2, y, v->name, chrome_series_role(i), 0);
        ui_hit(f->ui, (struct rect){x, y, canvas_columns(v->name) + 2, 1}, HIT_CONTESTANT, i, 0);
        y++;
    }
}

static void others_draw(struct frame *f, struct rect r)
{
    maps_grid_draw(f, r, false);
}

static void all_draw(struct frame *f, struct rect r)
{
    maps_grid_draw(f, r, true);
}

static void draw(struct frame *f, struct rect body)
{
    const struct probe_snapshot *p = maps_shown(f->ui, f->probe);
    struct frame shown = {f->ui, f->canvas, f->race, p, f->probe};
    char text[LOG_TEXT + NAME_TEXT + 8];
    struct layout l;

    if (maps_missing(p, text, sizeof text)) {
        struct rect below = body;
        chrome_notice(f, body, text, p && !p->ready && *p->message ? ROLE_BAD : ROLE_WARN);
        rect_cut_top(&below, body.h / 2 + 2);
        chrome_part(f, below, choices_draw);
        return;
    }
    layout_attention(&l, body, p->positions, p->layers * p->heads,
                     maps_small_height(f->canvas, p->positions));
    if (f->ui->map.all) {
        rect_cut_bottom(&body, l.part[ATTENTION_LINE].h);
        chrome_part(&shown, body, all_draw);
    } else {
        chrome_part(&shown, l.part[ATTENTION_MAP], map_draw);
        chrome_part(&shown, l.part[ATTENTION_ROW], row_draw);
        chrome_part(&shown, l.part[ATTENTION_OTHERS], others_draw);
    }
    chrome_part(&shown, l.part[ATTENTION_LINE], line_draw);
}

/* --- keys ------------------------------------------------------------------------------------ */

static void freeze(struct event *e)
{
    struct ui *ui = e->ui;
    const struct probe_snapshot *p = e->probe;

    if (ui->map.frozen) {
        maps_forget(ui->map.frozen);
        ui->map.frozen = NULL;
        ui->map.subtracted = false;
        return;
    }
    if (!p || !p->ready || p->layers == 0) {
        ui_say(ui, "there is no map to keep");
        return;
    }
    ui->map.frozen = maps_keep(p);
    if (!ui->map.frozen)
        ui_say(ui, "not enough memory to keep this map");
}

static void take_difference(struct event *e)
{
    struct ui *ui = e->ui;
    const struct probe_snapshot *p = ui->map.frozen ? ui->map.frozen : e->probe;
    char why[LOG_TEXT + NAME_TEXT + 8];

    ui->map.difference = !ui->map.difference;
    ui->map.locked = false;
    if (ui->map.difference && (!p || !p->ready || maps_no_difference(p, why, sizeof why)))
        ui_say(ui, p && p->ready ? why : "there is no map yet");
}

static void move(struct event *e, const struct probe_snapshot *p)
{
    struct ui *ui = e->ui;
    int layer, head, row, column, last = p->positions - 1;

    maps_chosen(ui, p, &layer, &head);
    maps_cursor(ui, p, maps_weight(p, layer, head), &row, &column);
    switch (e->key) {
    case UI_KEY_UP:
        row--;
        break;
    case UI_KEY_DOWN:
        row++;
        break;
    case UI_KEY_PAGE_UP:
        row -= 8;
        break;
    case UI_KEY_PAGE_DOWN:
        row += 8;
        break;
    case UI_KEY_LEFT:
        ui->map.column = ui_clamp(column - 1, 0, last);
        break;
    case UI_KEY_RIGHT:
        ui->map.column = ui_clamp(column + 1, 0, last);
        break;
    case UI_KEY_HOME:
        ui->map.column = 0;
        break;
    case UI_KEY_END:
        ui->map.column = row;
        break;
    default:
        break;
    }
    /* At the newest query the cursor follows the sequence again. */
    ui->map.row = row >= last ? -1 : row < 0 ? 0 : row;
}

static void act(struct event *e)
{
    struct ui *ui = e->ui;
    const struct probe_snapshot *p = maps_probe(ui, e->probe);
    bool maps = p && p->ready && p->layers > 0 && p->positions > 0;

    switch (e->action) {
    case ACTION_MODE:
        ui->map.mode = (ui->map.mode + (e->key == 'm' ? 1 : HEAT_MODES - 1)) % HEAT_MODES;
        ui->map.locked = false;
        break;
    case ACTION_ALL_MAPS:
        ui->map.all = !ui->map.all;
        break;
    case ACTION_VERSUS:
        ui_next_versus(e);
        break;
    case ACTION_DIFFERENCE:
        take_difference(e);
        break;
    case ACTION_FREEZE:
        freeze(e);
        break;
    case ACTION_LOCK:
        ui->map.locked = !ui->map.locked && ui->map.range > 0;
        ui->map.locked_range = ui->map.range;
        break;
    case ACTION_HEAD:
    case ACTION_LAYER:
        maps_choose(e, p);
        break;
    case ACTION_MAP_CURSOR:
    case ACTION_MAP_FAR:
        if (maps && ui->map.all && e->action == ACTION_MAP_CURSOR) {
            bool sideways = e->key == UI_KEY_LEFT || e->key == UI_KEY_RIGHT;
            bool back = e->key == UI_KEY_LEFT || e->key == UI_KEY_UP;
            e->action = sideways ? ACTION_HEAD : ACTION_LAYER;
            e->key = sideways ? (back ? '[' : ']') : (back ? '{' : '}');
            maps_choose(e, p);
        } else if (maps) {
            move(e, p);
        }
        break;
    default:
        break;
    }
}

/* A click on the large map, which was drawn into `at`. */
static void click(struct event *e, const struct ui_mouse *m, struct rect at)
{
    struct ui *ui = e->ui;
    const struct probe_snapshot *p = maps_probe(ui, e->probe);
    const char *labels[MAX_CONTEXT];
    uint8_t roles[MAX_CONTEXT];
    int layer, head, row, column;

    if (!p || !p->ready || p->layers == 0 || p->positions == 0)
        return;
    maps_chosen(ui, p, &layer, &head);
    maps_cursor(ui, p, maps_weight(p, layer, head), &row, &column);
    maps_labels(p, labels, roles);
    struct heat_options o = map_options(ui, labels, roles, row, column, ui->map.range);
    if (heat_at(&ui->shape, at, p->positions, &o, m->x, m->y, &row, &column)) {
        ui->map.row = row;
        ui->map.column = column;
    }
}

const struct view_ops view_attention = {"attention", "Attention", draw, act, click, NULL};
