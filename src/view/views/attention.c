/* Attention: who looks at whom, in every layer and head. */
#include "view/ui_state.h"

#include <stdio.h>
#include "view/maps.h"
#include "view/timeline.h"

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

/* A map and its query's bars; second: of the contestant beside. */
static void large_draw(struct frame *f, struct rect map, struct rect row, bool second)
{
    struct map_sight s = maps_sight(f->ui, f->probe);
    if (map.w <= 0 || map.h <= 0)
        return;
    if (second) {
        s.probe = maps_beside(f->ui, f->probe);
        s.memory = &f->ui->map.beside;
    }
    struct rect old = canvas_clip(f->canvas, map);
    struct heat_place place = maps_large_draw(f, map, &s);
    f->canvas->clip = old;
    old = canvas_clip(f->canvas, row);
    maps_row_draw(f, row, &place, &s);
    f->canvas->clip = old;
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
        timeline_draw(f, body);
        return;
    }
    bool pair = !f->ui->map.all && maps_beside(f->ui, p) != NULL;
    layout_attention(&l, body, p->positions, p->layers * p->heads,
                     maps_small_height(f->canvas, p->positions), pair);
    if (f->ui->map.all) {
        rect_cut_bottom(&body, l.part[ATTENTION_LINE].h);
        if (body.h >= 18 && f->probe && f->probe->timeline_count > 0) {
            struct rect line = body;
            if (f->ui->map.subtracted) {
                int wide = canvas_columns(p->name) + 2;
                line.w -= wide;
                canvas_text(f->canvas, line.x + line.w, body.y + body.h - 1, p->name, ROLE_ACCENT,
                            CELL_BOLD);
            }
            timeline_draw(&shown, line);
            body.h--;
        }
        chrome_part(&shown, body, all_draw);
    } else {
        large_draw(&shown, l.part[ATTENTION_MAP], l.part[ATTENTION_ROW], false);
        large_draw(&shown, l.part[ATTENTION_SECOND], l.part[ATTENTION_SECOND_ROW], true);
        chrome_part(&shown, l.part[ATTENTION_OTHERS], others_draw);
        timeline_draw(&shown, l.part[ATTENTION_MAP]);
    }
    chrome_part(&shown, l.part[ATTENTION_LINE], maps_line_draw);
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
        ui->map.column = maps_keys(p, row) - 1;
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
    bool maps = p && p->ready && p->map_count > 0 && p->positions > 0;
    char why[LOG_TEXT + NAME_TEXT + 8];

    if (p && p->ready && p->layers == 0 && maps_missing(p, why, sizeof why)) {
        ui_say(ui, why); /* nothing of it would be seen */
        return;
    }
    switch (e->action) {
    case ACTION_MODE:
        ui->map.mode = (ui->map.mode + (e->key == 'm' ? 1 : HEAT_MODES - 1)) % HEAT_MODES;
        ui->map.locked = false;
        break;
    case ACTION_ALL_MAPS:
        ui->map.all = !ui->map.all;
        break;
    case ACTION_OVERVIEW:
        ui->map.overview = !ui->map.overview;
        ui_say(ui, ui->map.overview ? "the whole map, pooled where it lacks room"
                                    : "every cell, scrolled where they lack room");
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

/* A click on a large map, which was drawn into `at`. */
static void click(struct event *e, const struct ui_mouse *m, struct rect at)
{
    struct ui *ui = e->ui;
    const struct probe_snapshot *p = maps_probe(ui, e->probe);
    int row, column;

    if (!p || !p->ready || p->layers == 0 || p->positions == 0 || p->map_count == 0)
        return;
    struct map_sight s = maps_sight(ui, p);
    if (maps_large_at(ui, &s, at, m->x, m->y, &row, &column)) {
        ui->map.row = row;
        ui->map.column = column;
    }
}

static const struct term terms[] = {
    {"z", "the score of a query and a key, before the variant makes weights of the scores"},
    {"w", "the weight, with which the key's value goes into the query's sum"},
    {"+-.5", "the scale: half of it above zero, half below. It holds each query with 8 keys or more and a "
             "quarter of the window before it; what lies beyond is marked < and >"},
    {"1:4", "a cell stands for 4 x 4 weights and shows the one of largest magnitude"},
    {"+17 rows", "queries out of sight: the cursor brings them, o shows the whole map pooled"},
    {"sum of |w|", "the weights of the query at the cursor without their signs, over all its keys"},
    {"negative", "the part of that sum with a minus"},
    {"entropy, entr", "of the query's |w| as shares of their sum, in nats: 0 for one key alone, ln n for "
                      "n keys alike"},
    {"dist", "how many symbols back its keys stand, their mean weighted by |w|"},
    {"ctrl", "share of its |w| on control tokens"},
    {"neg", "share of its |w| with a minus"},
    {"full bar 0.5", "what the longest bar can show; where heads stand side by side it is the largest |w| "
                     "of each"},
    {"0 10 [50] live", "steps of the training whose weights were saved; those in brackets are shown"},
    {NULL, NULL},
};

const struct view_ops view_attention = {"attention", "Attention", draw, act, click, terms};
