#include "view/probe.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "view/maps.h"

enum column {
    HEAD,
    NOW,
    ENTROPY,
    BACK,
    ON_TOKEN,
    ON_PREVIOUS,
    ON_SOURCE,
    REMOVED,
    POSITIVE,
    UNIFORM,
    VARIANT,
    COLUMNS
};

/* Titles in few columns and, where there is room, in words. */
static const struct {
    const char *brief, *full;
    int width;
} titles[COLUMNS] = {
    [HEAD] = {"head", "head", 4},
    [NOW] = {"now", "now", 3},
    [ENTROPY] = {"entr", "entropy", 4},
    [BACK] = {"back", "places back", 4},
    [ON_TOKEN] = {"ctrl", "on control token", 5},
    [ON_PREVIOUS] = {"prev", "on previous", 5},
    [ON_SOURCE] = {"read", "on what the rule reads", 5},
    [REMOVED] = {"removed", "accuracy, removed", 10},
    [POSITIVE] = {"no neg.", "no negatives", 10},
    [UNIFORM] = {"uniform", "uniform", 10},
    [VARIANT] = {"kind", "attention", 6},
};

const struct exam_report *probe_report(const struct probe_snapshot *p)
{
    return p && p->exam.asked ? &p->exam : NULL;
}

int probe_part(const struct ui *ui, const struct probe_snapshot *p)
{
    int part = ui->probe.part;
    return part <= p->alphabet.subtasks && p->exam.part[part].whole.count > 0 ? part : 0;
}

void probe_next_part(struct event *e)
{
    struct ui *ui = e->ui;
    const struct exam_report *r = probe_report(e->probe);
    int parts = 1 + (e->probe ? e->probe->alphabet.subtasks : 0);

    if (!r || parts < 3) {
        ui_say(ui, r ? "this task has no subtasks" : "nothing was measured yet: Enter does it");
        return;
    }
    ui->probe.part = probe_part(ui, e->probe);
    do
        ui->probe.part = (ui->probe.part + 1) % parts;
    while (ui->probe.part > 0 && r->part[ui->probe.part].whole.count == 0);
}

/* Whether the layers' attention is of more than one kind: else the contestant's name tells it. */
static bool has_kinds(const struct probe_snapshot *p)
{
    for (int l = 1; l < p->layers && p->contestant == p->exam.contestant; l++)
        if (strcmp(p->layer_attention[l], p->layer_attention[0]) != 0)
            return true;
    return false;
}

static int columns_of(const struct probe_snapshot *p, struct table_column columns[COLUMNS], int width)
{
    int full = -2, count = has_kinds(p) ? COLUMNS : VARIANT;
    for (int k = 0; k < count; k++) {
        int words = canvas_columns(titles[k].full);
        full += (words > titles[k].width ? words : titles[k].width) + 2;
    }
    for (int k = 0; k < count; k++) {
        const char *title = full <= width ? titles[k].full : titles[k].brief;
        int words = canvas_columns(title);
        columns[k] = (struct table_column){title, words > titles[k].width ? words : titles[k].width,
                                           k != HEAD && k != NOW && k != VARIANT};
    }
    return count;
}

/* "-.123±.031": the change of the accuracy, with half of its interval. */
static void change_text(struct exam_change c, int64_t n, char *out, size_t size)
{
    char value[16], half[16];
    double width, change = exam_change_value(c, n, &width);

    if (isnan(change)) {
        text_copy(out, size, "-");
        return;
    }
    format_share(value, sizeof value, change);
    format_share(half, sizeof half, width);
    if (change == 0)
        text_copy(value, sizeof value, "0");
    else if (fabs(change) < 0.0005)
        text_copy(value, sizeof value, change > 0 ? "<.001" : "-<.001");
    snprintf(out, size, "%s%s±%s", change > 0 ? "+" : "", value, width < 0.0005 ? "<.001" : half);
}

static void change_cell(const struct exam_head *h, enum head_change change, int64_t n,
                        struct table_cell *cell)
{
    double width, value = exam_change_value(h->changed[change], n, &width);
    bool sure = fabs(value) > width;

    change_text(h->changed[change], n, cell->text, sizeof cell->text);
    cell->role = !sure ? ROLE_DIM : value < 0 ? ROLE_BAD : ROLE_GOOD;
    cell->attr = sure ? CELL_BOLD : 0;
}

static void weight_cell(double weight, struct table_cell *cell)
{
    char text[16];
    format_share(text, sizeof text, weight);
    snprintf(cell->text, sizeof cell->text, "%s%s", weight > 0 ? "+" : "", text);
    cell->attr = fabs(weight) >= 0.3 ? CELL_BOLD : 0;
}

static void row_of(const struct ui *ui, const struct probe_snapshot *p, int k,
                   struct table_cell *cells)
{
    const struct exam_report *r = &p->exam;
    const struct exam_part *part = &r->part[probe_part(ui, p)];
    const struct exam_head *h = &part->head[k];
    bool mine = p->contestant == r->contestant && k / r->heads < p->layers;
    const char *now = changes_word((enum head_change)p->change[r->contestant][k], true);

    for (int i = 0; i < COLUMNS; i++)
        cells[i] = (struct table_cell){.role = ROLE_TEXT};
    snprintf(cells[HEAD].text, TABLE_CELL, "L%dH%d", k / r->heads + 1, k % r->heads + 1);
    text_copy(cells[NOW].text, TABLE_CELL, now);
    cells[HEAD].role = cells[NOW].role = *now ? ROLE_WARN : ROLE_TEXT;
    text_copy(cells[VARIANT].text, TABLE_CELL, mine ? p->layer_attention[k / r->heads] : "");
    snprintf(cells[ENTROPY].text, TABLE_CELL, "%.2f", h->entropy);
    snprintf(cells[BACK].text, TABLE_CELL, "%.1f", h->distance);
    weight_cell(h->control, &cells[ON_TOKEN]);
    weight_cell(h->previous, &cells[ON_PREVIOUS]);
    weight_cell(h->source, &cells[ON_SOURCE]);
    change_cell(h, HEAD_REMOVED, part->whole.count, &cells[REMOVED]);
    change_cell(h, HEAD_UNIFORM, part->whole.count, &cells[UNIFORM]);
    if (r->has_signs[k])
        change_cell(h, HEAD_POSITIVE, part->whole.count, &cells[POSITIVE]);
    else
        cells[POSITIVE] = (struct table_cell){"none", ROLE_DIM, 0};
}

/* The chosen head among those of the report. */
static int chosen_of(const struct ui *ui, const struct exam_report *r)
{
    int layer = ui_clamp(ui->map.layer, 0, r->layers - 1);
    return ui_clamp(layer * r->heads + ui_clamp(ui->map.head, 0, r->heads - 1), 0, r->count - 1);
}

/* "R: accuracy .950 (.927-.966), n=515 · step 12,340"; less of it in few columns. */
static void measured_text(const struct ui *ui, const struct probe_snapshot *p, int width, char *out,
                          size_t size)
{
    const struct exam_report *r = &p->exam;
    const struct alphabet *a = &p->alphabet;
    int k = probe_part(ui, p);
    struct score whole = r->part[k].whole;
    char step[24], share[16], low_text[16], high_text[16], range[40] = "";
    double low, high;

    text_thousands(step, sizeof step, r->step);
    score_wilson(whole, &low, &high);
    format_share(share, sizeof share, score_value(whole));
    format_share(low_text, sizeof low_text, low);
    format_share(high_text, sizeof high_text, high);
    if (width >= 48)
        snprintf(range, sizeof range, " (%s to %s)", low_text, high_text);
    snprintf(out, size, "%s%s%s · accuracy %s%s, n=%lld%s%s", r->done ? "" : "measuring · ",
             k > 0 ? "on " : "all", k > 0 ? a->name[a->control_id[k - 1]] : "", share, range,
             (long long)whole.count, width >= 62 ? " · weights of step " : "",
             width >= 62 ? step : "");
}

int probe_table_height(const struct probe_snapshot *p, int width)
{
    struct table_column columns[COLUMNS];
    int need = -2, count = columns_of(p, columns, width - 2);
    for (int k = 0; k < count; k++)
        need += columns[k].width + 2;
    return p->exam.count + 3 + (need > width - 2);
}

void probe_table_draw(struct frame *f, struct rect r)
{
    const struct probe_snapshot *p = f->probe;
    const struct exam_report *e = &p->exam;
    struct table_cell cells[EXAM_HEADS * COLUMNS];
    struct table_column columns[COLUMNS];
    char right[160], left[NAME_TEXT + 32];
    const char *name = f->race && e->contestant < f->race->count
                           ? f->race->contestants[e->contestant].name
                           : p->name;

    snprintf(left, sizeof left, "what each head is for · %s", name);
    measured_text(f->ui, p, r.w - canvas_columns(left) - 8, right, sizeof right);
    if (canvas_columns(left) + canvas_columns(right) + 8 > r.w) {
        text_copy(left, sizeof left, name);
        measured_text(f->ui, p, r.w - canvas_columns(left) - 8, right, sizeof right);
    }
    if (r.h >= 4)
        r = canvas_box(f->canvas, r, left, right);
    int count = columns_of(p, columns, r.w), chosen = chosen_of(f->ui, e);
    f->ui->probe.width = r.w;
    for (int k = 0; k < e->count; k++) {
        struct table_cell row[COLUMNS];
        row_of(f->ui, p, k, row);
        memcpy(&cells[k * count], row, (size_t)count * sizeof *row);
    }
    int rows = r.h - 2 > 1 ? r.h - 2 : 1, first = chosen >= rows ? chosen - rows + 1 : 0;
    if (e->count <= r.h - 1)
        first = 0;
    for (int row = first; row < e->count && row - first + 1 < r.h; row++)
        ui_hit(f->ui, (struct rect){r.x, r.y + 1 + row - first, r.w, 1}, HIT_MAP, row / e->heads,
               row % e->heads);
    int column = table_scroll(columns, count, r.w, f->ui->probe.column, 0);
    table_draw(f->canvas, r, columns, count, cells, e->count, first, column, chosen, -1);
}

void probe_scroll(struct event *e, int by)
{
    struct ui *ui = e->ui;
    struct table_column columns[COLUMNS];
    int width = ui->probe.width;

    if (!probe_report(e->probe)) {
        ui_say(ui, "nothing was measured yet: Enter does it");
        return;
    }
    int count = columns_of(e->probe, columns, width);
    int now = table_scroll(columns, count, width, ui->probe.column, 0);
    ui->probe.column = table_scroll(columns, count, width, now + by, 0);
    if (ui->probe.column == now)
        ui_say(ui, by < 0 ? "these are the first columns" : "these are the last columns");
}

/* "removed 129 and 2" */
static void count_text(const struct exam_head *h, enum head_change change, char *out, size_t size)
{
    struct exam_change c = h->changed[change];
    snprintf(out, size, "%s %lld and %lld", changes_word(change, false), (long long)c.lost,
             (long long)c.won);
}

void probe_words_draw(struct frame *f, struct rect r)
{
    const struct exam_report *e = &f->probe->exam;
    int k = chosen_of(f->ui, e);
    const struct exam_part *part = &e->part[probe_part(f->ui, f->probe)];
    const struct exam_head *h = &part->head[k];
    char line[640], share[16], minus[64] = "", reads[80] = "", counts[HEAD_CHANGES][80];

    if (e->has_signs[k]) {
        format_share(share, sizeof share, h->negative);
        snprintf(minus, sizeof minus, ", %s of its weight with a minus", share);
    }
    if (part->sources > 0) { /* a text has no such symbol */
        format_share(share, sizeof share, h->source);
        snprintf(reads, sizeof reads, ", and puts %s on what the rule reads (n=%lld)", share,
                 (long long)part->sources);
    }
    for (int i = 1; i < HEAD_CHANGES; i++)
        count_text(h, (enum head_change)i, counts[i], sizeof counts[i]);
    /* A cisformer's head is another one at each position; the windows ask at the last. */
    bool many = f->race && e->contestant < f->race->count &&
                f->race->contestants[e->contestant].config.model.groups > 1;
    snprintf(line, sizeof line,
             "L%dH%d%s looks at about %.1f keys, on average %.1f places back%s%s. Answers lost and won "
             "of %lld: %s, %s%s%s.",
             k / e->heads + 1, k % e->heads + 1,
             many ? " with the last position's own weights" : "", exp(h->entropy), h->distance, minus,
             reads,
             (long long)part->whole.count, counts[HEAD_REMOVED],
             e->has_signs[k] ? counts[HEAD_POSITIVE] : "", e->has_signs[k] ? ", " : "",
             counts[HEAD_UNIFORM]);
    chrome_wrap(f->canvas, (struct rect){r.x + 1, r.y, r.w - 2, r.h}, line, ROLE_TEXT);
}
