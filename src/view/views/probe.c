/* Probe: what each head of a contestant is for, measured. */
#include "view/ui_state.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "view/maps.h"
#include "view/timeline.h"

enum column { HEAD, KEYS, BACK, ON_TOKEN, ON_SOURCE, WITHOUT, BLIND, VARIANT, COLUMNS };

/* Titles in few columns and, where there is room, in words. */
static const struct {
    const char *brief, *full;
    int width;
} titles[COLUMNS] = {
    [HEAD] = {"head", "layer.head", 7},
    [KEYS] = {"keys", "keys looked at", 5},
    [BACK] = {"back", "places back", 5},
    [ON_TOKEN] = {"on token", "on control token", 6},
    [ON_SOURCE] = {"on source", "on what the rule reads", 6},
    [WITHOUT] = {"without it", "accuracy without it", 12},
    [BLIND] = {"blind", "accuracy without its query", 12},
    [VARIANT] = {"kind", "attention   ", 6},
};

static const struct exam_report *report_of(const struct probe_snapshot *p)
{
    return p && p->exam.asked ? &p->exam : NULL;
}

static int columns_of(struct table_column columns[COLUMNS], int width)
{
    int full = 0;
    for (int k = 0; k < COLUMNS; k++)
        full += canvas_columns(titles[k].full) + 2;
    for (int k = 0; k < COLUMNS; k++) {
        const char *title = full <= width ? titles[k].full : titles[k].brief;
        int words = canvas_columns(title);
        columns[k] = (struct table_column){title, words > titles[k].width ? words : titles[k].width,
                                           k != HEAD && k != VARIANT};
    }
    return COLUMNS;
}

/* "-.123 ±.031": the change of the accuracy, with half of its interval. */
static void change_cell(struct exam_change c, int64_t n, struct table_cell *cell)
{
    char value[16], half[16];
    double width, change = exam_change_value(c, n, &width);

    format_share(value, sizeof value, change);
    format_share(half, sizeof half, width);
    if (isnan(change))
        text_copy(cell->text, sizeof cell->text, "-");
    else
        snprintf(cell->text, sizeof cell->text, "%s%s ±%s", change > 0 ? "+" : "", value, half);
    bool sure = fabs(change) > width;
    cell->role = !sure ? ROLE_DIM : change < 0 ? ROLE_BAD : ROLE_GOOD;
    cell->attr = sure ? CELL_BOLD : 0;
}

static void weight_cell(double weight, struct table_cell *cell)
{
    char text[16];
    format_share(text, sizeof text, weight);
    snprintf(cell->text, sizeof cell->text, "%s%s", weight > 0 ? "+" : "", text);
    cell->attr = fabs(weight) >= 0.3 ? CELL_BOLD : 0;
}

static void row_of(const struct probe_snapshot *p, int k, struct table_cell *cells)
{
    const struct exam_report *r = &p->exam;
    const struct exam_head *h = &r->head[k];
    bool mine = p->contestant == r->contestant && k / r->heads < p->layers;

    for (int i = 0; i < COLUMNS; i++)
        cells[i] = (struct table_cell){.role = ROLE_TEXT};
    bool out = p->cut_of == r->contestant && (p->cut & (uint64_t)1 << k);
    snprintf(cells[HEAD].text, TABLE_CELL, "%d.%d%s", k / r->heads + 1, k % r->heads + 1,
             out ? " out" : "");
    cells[HEAD].role = out ? ROLE_WARN : ROLE_TEXT;
    text_copy(cells[VARIANT].text, TABLE_CELL, mine ? p->layer_attention[k / r->heads] : "");
    snprintf(cells[KEYS].text, TABLE_CELL, "%.1f", exp(h->entropy));
    snprintf(cells[BACK].text, TABLE_CELL, "%.1f", h->distance);
    weight_cell(h->control, &cells[ON_TOKEN]);
    weight_cell(h->source, &cells[ON_SOURCE]);
    change_cell(h->without, r->whole.count, &cells[WITHOUT]);
    change_cell(h->blind, r->whole.count, &cells[BLIND]);
}

/* The chosen head among those of the report. */
static int chosen_of(const struct ui *ui, const struct exam_report *r)
{
    int layer = ui_clamp(ui->map.layer, 0, r->layers - 1);
    return ui_clamp(layer * r->heads + ui_clamp(ui->map.head, 0, r->heads - 1), 0, r->count - 1);
}

static void measured_text(const struct exam_report *r, char *out, size_t size)
{
    char step[24], share[16], low_text[16], high_text[16];
    double low, high;

    text_thousands(step, sizeof step, r->step);
    score_wilson(r->whole, &low, &high);
    format_share(share, sizeof share, score_value(r->whole));
    format_share(low_text, sizeof low_text, low);
    format_share(high_text, sizeof high_text, high);
    snprintf(out, size, "%sweights of step %s · accuracy %s (%s-%s), n=%lld",
             r->done ? "" : "measuring · ", step, share, low_text, high_text,
             (long long)r->whole.count);
}

static void table_part(struct frame *f, struct rect r)
{
    const struct probe_snapshot *p = f->probe;
    const struct exam_report *e = &p->exam;
    struct table_cell cells[EXAM_HEADS * COLUMNS];
    struct table_column columns[COLUMNS];
    char right[160], left[NAME_TEXT + 32];
    const char *name = f->race && e->contestant < f->race->count
                           ? f->race->contestants[e->contestant].name
                           : p->name;

    measured_text(e, right, sizeof right);
    snprintf(left, sizeof left, "what each head is for · %s", name);
    if (canvas_columns(left) + canvas_columns(right) + 8 > r.w)
        text_copy(left, sizeof left, name);
    if (r.h >= 4)
        r = canvas_box(f->canvas, r, left, right);
    int count = columns_of(columns, r.w), chosen = chosen_of(f->ui, e);
    for (int k = 0; k < e->count; k++)
        row_of(p, k, &cells[k * COLUMNS]);
    int rows = r.h - 2 > 1 ? r.h - 2 : 1, first = chosen >= rows ? chosen - rows + 1 : 0;
    if (e->count <= r.h - 1)
        first = 0;
    for (int row = first; row < e->count && row - first + 1 < r.h; row++)
        ui_hit(f->ui, (struct rect){r.x, r.y + 1 + row - first, r.w, 1}, HIT_MAP, row / e->heads,
               row % e->heads);
    table_draw(f->canvas, r, columns, count, cells, e->count, first, 1, chosen, -1);
}

/* The chosen head in a sentence. */
static void words_part(struct frame *f, struct rect r)
{
    const struct exam_report *e = &f->probe->exam;
    int k = chosen_of(f->ui, e);
    const struct exam_head *h = &e->head[k];
    char line[512], without[TABLE_CELL], source[16], reads[128] = "";
    struct table_cell cell = {0};

    change_cell(h->without, e->whole.count, &cell);
    text_copy(without, sizeof without, cell.text);
    format_share(source, sizeof source, h->source);
    if (h->sources > 0) /* a text has no such symbol */
        snprintf(reads, sizeof reads,
                 ", and puts %s on the symbol that the rule reads (%lld windows have one)", source,
                 (long long)h->sources);
    snprintf(line, sizeof line,
             "Head %d.%d looks at about %.1f keys, on average %.1f places back%s. Without it the "
             "accuracy changes by %s: %lld answer%s lost, %lld won.",
             k / e->heads + 1, k % e->heads + 1, exp(h->entropy), h->distance, reads, without,
             (long long)h->without.lost, h->without.lost == 1 ? "" : "s",
             (long long)h->without.won);
    chrome_wrap(f->canvas, (struct rect){r.x + 1, r.y, r.w - 2, r.h}, line, ROLE_TEXT);
}

/* Whose report it is not, or how to have one. */
static void missing_text(const struct frame *f, char *out, size_t size)
{
    const struct probe_snapshot *p = f->probe;
    if (p->exam.message[0])
        text_copy(out, size, p->exam.message);
    else if (p->ready && p->layers == 0)
        maps_missing(p, out, size);
    else
        snprintf(out, size,
                 "Enter measures what each head of %s is for: %d or more held-out windows, answered "
                 "whole, without each head, and with each head blind.",
                 p->name, EXAM_WINDOWS);
}

static void draw(struct frame *f, struct rect body)
{
    const struct probe_snapshot *p = f->probe;
    char text[LOG_TEXT + NAME_TEXT + 160];

    if (!p || !p->ready) {
        maps_missing(p, text, sizeof text);
        chrome_notice(f, body, text, p && *p->message ? ROLE_BAD : ROLE_DIM);
        return;
    }
    const struct exam_report *e = report_of(p);
    bool mine = e && e->contestant == p->contestant;
    if (!mine || p->exam.message[0]) {
        missing_text(f, text, sizeof text);
        int rows = e && body.h >= 12 ? 2 : ui_clamp(body.h, 0, 4);
        struct rect note = rect_cut_top(&body, rows);
        chrome_wrap(f->canvas, (struct rect){note.x + 1, note.y, note.w - 2, note.h}, text, ROLE_WARN);
    }
    if (!e || e->count == 0) {
        timeline_draw(f, body);
        return;
    }
    int table = e->count + 4;
    struct rect top = rect_cut_top(&body, body.h < table + 4 ? body.h - (body.h >= 10 ? 3 : 0) : table);
    chrome_part(f, top, table_part);
    timeline_draw(f, top);
    chrome_part(f, rect_cut_top(&body, 3), words_part);
    if (mine && body.h >= 8 && p->map_count > 0)
        chrome_part(f, body, maps_small_draw);
}

/* Leave the chosen head out of what is shown, or put it back. */
static void cut(struct event *e)
{
    const struct probe_snapshot *p = e->probe;
    int layer, head;

    if (!p || !p->ready || p->layers == 0 || p->map_count == 0) {
        ui_say(e->ui, "there is no head to leave out: c shows the next contestant");
        return;
    }
    maps_chosen(e->ui, p, &layer, &head);
    if (layer * p->heads + head >= EXAM_HEADS)
        ui_say(e->ui, "only one of the first 64 heads can be left out");
    else
        event_send(e, COMMAND_CUT, layer, head);
}

static void act(struct event *e)
{
    const struct probe_snapshot *p = e->probe;
    switch (e->action) {
    case ACTION_EXAMINE:
        if (!p || !p->ready)
            ui_say(e->ui, "there are no weights yet");
        else if (p->layers == 0)
            ui_say(e->ui, "this contestant has no attention: c shows the next one");
        else
            event_send(e, COMMAND_EXAMINE, p->contestant, 0);
        break;
    case ACTION_CUT:
        cut(e);
        break;
    case ACTION_LIFT:
        if (p && p->cut)
            event_send(e, COMMAND_CUT, -1, 0);
        else
            ui_say(e->ui, "no head is left out");
        break;
    case ACTION_HEAD:
    case ACTION_LAYER:
    case ACTION_CHOOSE_HEAD:
        maps_choose(e, p);
        break;
    default:
        break;
    }
}

static const struct term terms[] = {
    {"keys", "how many keys the last position looks at: exp of the entropy of its weights"},
    {"back", "how many places back they lie, weighted by them"},
    {"on token", "mean weight on the control token in force"},
    {"on source", "mean weight on the symbol that the rule reads"},
    {"without it", "change of the accuracy when the head's output is left out"},
    {"blind", "the same when its query is zero, and so is every score: dpa looks at all keys "
              "alike, ea at none"},
    {"±.031", "half of the 95 % interval, from windows that are answered otherwise"},
    {"1.2 out", "x left it out of every picture; the table is of the whole model"},
    {NULL, NULL},
};

const struct view_ops view_probe = {"probe", "Probe", draw, act, NULL, terms};
