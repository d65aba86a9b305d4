/* Compare: contestants side by side in numbers, and the race as curves. */
#include "view/ui_state.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "view/curves.h"
#include "view/pictures.h"

/* What a column shows; the subtasks' stand after WINDOWS. */
enum column {
    NAME,
    ACC,
    INTERVAL,
    WINDOWS,
    STEP_90,
    SECONDS_90,
    SPEED,
    PARAMETERS,
    LOSS,
    BITS,
    ALL,
    CEILING,
    RATE,
    SUBTASK
};

/* Titles in few columns and, where there is room, in words. */
static const struct {
    const char *brief, *full;
    int width;
    const char *meaning;
} kinds[SUBTASK] = {
    [NAME] = {"contestant", "contestant", 13, "in the order of their names"},
    [ACC] = {"acc", "accuracy", 4, "share of right answers in the newest evaluation"},
    [INTERVAL] = {"95 %", "95 % interval", 9, "Wilson's interval of the accuracy, from n answers"},
    [WINDOWS] = {"n", "numbers (n)", 5, "answers that the accuracy counts"},
    [STEP_90] = {".9 at", "steps to .90", 6, "step of the first evaluation with accuracy .90 or more"},
    [SECONDS_90] = {".9 s", "seconds to .90", 5, "its own seconds of training up to that step"},
    [SPEED] = {"step/s", "steps/s", 6, "steps in a second of its own training time"},
    [PARAMETERS] = {"params", "parameters", 7, "numbers that it learns"},
    [LOSS] = {"loss", "test loss", 5, "mean cross-entropy of the newest evaluation, in nats"},
    [BITS] = {"bits", "bits a symbol", 6, "of a text: mean loss of its held-out characters, in bits"},
    [ALL] = {"every", "every symbol", 5, "share of right symbols, control tokens too"},
    [CEILING] = {"best", "best possible", 5, "what no model can pass on every symbol: chance decides it"},
    [RATE] = {"rate", "learning rate", 7, "learning rate that its schedule begins with"},
};

struct sheet {
    int kind[TABLE_COLUMNS], subtask[TABLE_COLUMNS];
    struct table_column columns[TABLE_COLUMNS];
    int count;
};

static void add(struct sheet *s, enum column kind, int subtask, const char *title, int width)
{
    int columns = canvas_columns(title);
    s->kind[s->count] = kind;
    s->subtask[s->count] = subtask;
    s->columns[s->count++] =
        (struct table_column){title, width > columns ? width : columns, kind != NAME};
}

/* Of images: a loss with its interval, and nothing that could be right or wrong. */
static const enum column of_images[] = {NAME, LOSS, INTERVAL, WINDOWS, SPEED, PARAMETERS, RATE};

static const char *images_meaning(int kind)
{
    return kind == INTERVAL ? "1.96 standard errors around the loss"
           : kind == WINDOWS ? "held-out images, each with noise of its own"
           : kind == LOSS    ? "mean squared error of the noise found in held-out images"
                             : kinds[kind].meaning;
}

static void fill_sheet(struct sheet *s, const struct race_snapshot *race, bool full)
{
    const struct alphabet *a = &race->alphabet;
    s->count = 0;
    for (size_t k = 0; pictures_race(race) && k < sizeof of_images / sizeof *of_images; k++) {
        int kind = (int)of_images[k], wider = kind == NAME && full ? 7 : kind == INTERVAL ? 4 : kind == LOSS ? 6 : 0;
        const char *title = kind == WINDOWS && full ? "images (n)"
                            : full                  ? kinds[kind].full
                                                    : kinds[kind].brief;
        add(s, of_images[k], 0, title, kinds[kind].width + wider);
    }
    if (pictures_race(race))
        return;
    for (int kind = NAME; kind < SUBTASK; kind++) {
        if (kind == BITS && a->kind == ALPHABET_WORDS)
            continue;
        const char *title = full ? kinds[kind].full : kinds[kind].brief;
        int wider = kind == NAME && full ? 7 : 0;
        add(s, (enum column)kind, 0, title, kinds[kind].width + wider);
        for (int k = 0; kind == WINDOWS && k < a->subtasks; k++)
            add(s, SUBTASK, k, a->name[a->control_id[k]], 4);
    }
}

/* Words where all columns have room for them, else abbreviations. */
static void sheet_of(struct sheet *s, const struct race_snapshot *race, int width)
{
    int need = -2;
    fill_sheet(s, race, true);
    for (int k = 0; k < s->count; k++)
        need += s->columns[k].width + 2;
    if (need > width)
        fill_sheet(s, race, false);
}

/* "steps to .90", "accuracy on R": what a column is called in a sentence. */
static void column_name(const struct sheet *s, const struct alphabet *a, int column, char *out,
                        size_t size)
{
    if (s->kind[column] == SUBTASK)
        snprintf(out, size, "accuracy on %s", a->name[a->control_id[s->subtask[column]]]);
    else
        text_copy(out, size, kinds[s->kind[column]].full);
}

/* What a column sorts by; NaN comes last. */
static double value(const struct sheet *s, int column, const struct contestant_view *v)
{
    const struct evaluation *e = &v->eval;
    switch (s->kind[column]) {
    case ACC:
    case INTERVAL:
        if (evaluation_of_images(e))
            return e->valid ? e->loss : NAN;
        return e->valid ? score_value(e->acc) : NAN;
    case WINDOWS:
        if (evaluation_of_images(e))
            return e->valid ? (double)e->loss_count : NAN;
        return e->valid ? (double)e->acc.count : NAN;
    case SUBTASK:
        return e->valid ? score_value(e->subtask[s->subtask[column]]) : NAN;
    case ALL:
        return e->valid ? score_value(e->all) : NAN;
    case CEILING:
        return e->valid ? e->all_ceiling : NAN;
    case LOSS:
        return e->valid ? e->loss : NAN;
    case BITS:
        return e->valid ? loss_bits(e->loss) : NAN;
    case STEP_90:
        return v->step_at_90 >= 0 ? (double)v->step_at_90 : NAN;
    case SECONDS_90:
        return v->step_at_90 >= 0 ? v->seconds_at_90 : NAN;
    case SPEED:
        return v->steps_per_second > 0 ? v->steps_per_second : NAN;
    case PARAMETERS:
        return (double)v->parameters;
    case RATE:
        return v->config.train.learning_rate > 0 ? v->config.train.learning_rate : NAN;
    default:
        return NAN;
    }
}

/* Larger is better, so it comes first; for these the smaller is. */
static bool small_first(int kind)
{
    return kind == LOSS || kind == BITS || kind == STEP_90 || kind == SECONDS_90 || kind == PARAMETERS;
}

/* Whether a belongs before b. */
static bool before(const struct ui *ui, const struct sheet *s, int column,
                   const struct race_snapshot *race, int a, int b)
{
    const struct contestant_view *va = &race->contestants[a], *vb = &race->contestants[b];
    if (s->kind[column] == NAME)
        return (strcmp(va->name, vb->name) < 0) != ui->compare.reverse;
    double x = value(s, column, va), y = value(s, column, vb);
    if (isnan(x) || isnan(y))
        return !isnan(x) && isnan(y);
    return x != y && (x < y) != (small_first(s->kind[column]) == ui->compare.reverse);
}

static void order_of(const struct ui *ui, const struct sheet *s, int column,
                     const struct race_snapshot *race, int order[MAX_CONTESTANTS])
{
    for (int i = 0; i < race->count; i++) {
        int at = i;
        for (; at > 0 && before(ui, s, column, race, i, order[at - 1]); at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
}

static void cell_draw(const struct frame *f, const struct sheet *s, int column, int i,
                      struct table_cell *cell)
{
    const struct contestant_view *v = &f->race->contestants[i];
    double number = value(s, column, v), low, high;
    char name[TABLE_CELL - 8], a[16], b[16];

    *cell = (struct table_cell){.role = f->ui->hidden[i] ? ROLE_DIM : ROLE_TEXT};
    switch (s->kind[column]) {
    case NAME:
        chrome_short_name(name, sizeof name, v->name, s->columns[column].width - 2);
        snprintf(cell->text, sizeof cell->text, "%s %s", chrome_marker(f->canvas, i), name);
        cell->role = v->failed ? ROLE_BAD : f->ui->hidden[i] ? ROLE_DIM : chrome_series_role(i);
        break;
    case INTERVAL:
        if (pictures_race(f->race)) {
            double half = 1.96 * v->eval.loss_error;
            snprintf(cell->text, sizeof cell->text, isnan(number) ? "-" : "%.4f-%.4f",
                     number - half, number + half);
            break;
        }
        score_wilson(v->eval.acc, &low, &high);
        format_share(a, sizeof a, low);
        format_share(b, sizeof b, high);
        snprintf(cell->text, sizeof cell->text, "%s-%s", v->eval.valid ? a : "",
                 v->eval.valid ? b : "");
        break;
    case ACC:
        cell->attr = CELL_BOLD;
        format_share(cell->text, sizeof cell->text, number);
        break;
    case SUBTASK:
    case ALL:
    case CEILING:
        format_share(cell->text, sizeof cell->text, number);
        break;
    case WINDOWS:
        if (isnan(number))
            text_copy(cell->text, sizeof cell->text, "-");
        else
            text_thousands(cell->text, sizeof cell->text, (int64_t)number);
        break;
    case BITS:
        snprintf(cell->text, sizeof cell->text, isnan(number) ? "-" : "%.3f", number);
        break;
    default:
        if (isnan(number))
            text_copy(cell->text, sizeof cell->text, "-");
        else
            format_short(cell->text, sizeof cell->text, number);
    }
}

static void table_of(struct frame *f, struct rect r)
{
    struct table_cell cells[MAX_CONTESTANTS * TABLE_COLUMNS];
    struct sheet s;
    int order[MAX_CONTESTANTS], focus = ui_focus(f->ui, f->race, f->probe), selected = 0;
    char right[96], name[48];

    sheet_of(&s, f->race, r.w - 2);
    int sort = f->ui->compare.sort % s.count;
    order_of(f->ui, &s, sort, f->race, order);
    column_name(&s, &f->race->alphabet, sort, name, sizeof name);
    snprintf(right, sizeof right, "sorted by %s%s", name, f->ui->compare.reverse ? ", reversed" : "");
    if (r.h >= 5)
        r = canvas_box(f->canvas, r, "contestants", right);
    for (int row = 0; row < f->race->count; row++) {
        for (int k = 0; k < s.count; k++)
            cell_draw(f, &s, k, order[row], &cells[row * s.count + k]);
        if (order[row] == focus)
            selected = row;
    }
    int rows = r.h - 2 > 1 ? r.h - 2 : 1, first = selected >= rows ? selected - rows + 1 : 0;
    if (f->race->count <= r.h - 1)
        first = 0;
    for (int row = first; row < f->race->count && row - first + 1 < r.h; row++)
        ui_hit(f->ui, (struct rect){r.x, r.y + 1 + row - first, r.w, 1}, HIT_CONTESTANT, order[row],
               0);
    int column = table_scroll(s.columns, s.count, r.w, f->ui->compare.column, 0);
    table_draw(f->canvas, r, s.columns, s.count, cells, f->race->count, first, column, selected,
               sort);
}

/* What the column that is sorted by means and how accuracy is measured, or why the chosen contestant
   stopped. */
static void note_text(const struct frame *f, char *out, size_t size, uint8_t *role)
{
    const struct contestant_view *v = &f->race->contestants[ui_focus(f->ui, f->race, f->probe)];
    const struct alphabet *a = &f->race->alphabet;
    struct sheet s;
    char name[48];

    *role = v->failed ? ROLE_BAD : ROLE_DIM;
    if (v->failed) {
        snprintf(out, size, "%s: %s", v->name, v->failure);
        return;
    }
    sheet_of(&s, f->race, f->canvas->width);
    int sort = f->ui->compare.sort % s.count;
    column_name(&s, a, sort, name, sizeof name);
    const char *means = s.kind[sort] == SUBTASK ? a->subtask_help[s.subtask[sort]]
                                                : kinds[s.kind[sort]].meaning;
    if (pictures_race(f->race)) {
        snprintf(out, size, "%s: %s; one seed.", name, images_meaning(s.kind[sort]));
        return;
    }
    snprintf(out, size, "%s: %s. Accuracies count %s; one seed.", name, means,
             a->kind == ALPHABET_BYTES        ? "the held-out bytes"
             : a->kind == ALPHABET_CHARACTERS ? "the held-out characters"
                                              : "numbers alone, after the last symbol of held-out windows");
}

static void note_draw(struct frame *f, struct rect r)
{
    char text[LOG_TEXT + NAME_TEXT + 256];
    uint8_t role;

    note_text(f, text, sizeof text, &role);
    chrome_wrap(f->canvas, (struct rect){r.x + 1, r.y, r.w - 2, r.h}, text, role);
}

/* One contestant's bar: marker, bar, share, interval where there is room. */
static void bar_row(struct frame *f, struct rect r, int i, int subtask)
{
    const struct contestant_view *v = &f->race->contestants[i];
    struct canvas *c = f->canvas;
    bool known = v->eval.valid && v->eval.subtask[subtask].count > 0;
    double share = known ? score_value(v->eval.subtask[subtask]) : NAN, low, high;
    char text[16], a[16], b[16];
    bool interval = r.w >= 32;
    int bar = r.w - 2 - 5 - (interval ? 12 : 0);
    uint8_t role = v->failed ? ROLE_BAD : f->ui->hidden[i] ? ROLE_DIM : chrome_series_role(i);

    canvas_text_fit(c, r.x, r.y, r.w, chrome_marker(c, i), role, CELL_BOLD);
    format_share(text, sizeof text, share);
    if (known && bar > 0) {
        int chance = (int)(f->race->chance * bar);
        canvas_bar(c, r.x + 2, r.y, bar, share, role);
        if (share < f->race->chance)
            canvas_put(c, r.x + 2 + chance, r.y, 0x2502, ROLE_DIM, ROLE_BACKGROUND, 0);
    }
    bool chosen = i == ui_focus(f->ui, f->race, f->probe);
    int x = r.x + 2 + (bar > 0 ? bar + 1 : 0);
    canvas_text_fit(c, x, r.y, r.x + r.w - x, text, ROLE_TEXT, chosen ? CELL_BOLD : 0);
    if (!interval || !known)
        return;
    score_wilson(v->eval.subtask[subtask], &low, &high);
    format_share(a, sizeof a, low);
    format_share(b, sizeof b, high);
    canvas_textf(c, x + 5, r.y, ROLE_DIM, 0, " %s-%s", a, b);
}

/* A box for each subtask: side by side if they are wide enough so, else in a grid. */
static void bars_part(struct frame *f, struct rect r)
{
    const struct alphabet *a = &f->race->alphabet;
    int n = a->subtasks, count = f->race->count;
    if (n == 0) {
        chrome_notice(f, r, "this task has no subtasks", ROLE_DIM);
        return;
    }
    int columns = r.w / n >= 18 ? n : r.w >= 36 ? 2 : 1;
    int rows = (n + columns - 1) / columns;
    for (int k = 0; k < n; k++) {
        int column = k % columns, row = k / columns;
        struct rect box = {r.x + column * r.w / columns, r.y + row * r.h / rows, 0, 0};
        box.w = r.x + (column + 1) * r.w / columns - box.x;
        box.h = r.y + (row + 1) * r.h / rows - box.y;
        const char *name = a->name[a->control_id[k]];
        struct rect old = canvas_clip(f->canvas, box);
        bool framed = box.h >= count + 2 && box.w >= 12;
        struct rect inner = framed ? canvas_box(f->canvas, box, name, box.w >= 40 ? "95 %" : "") : box;
        if (!framed && inner.h > 0) {
            canvas_text_fit(f->canvas, inner.x, inner.y, inner.w, name, ROLE_DIM, 0);
            rect_cut_top(&inner, 1);
        }
        int pitch = ui_clamp(inner.h / (count > 0 ? count : 1), 1, 3);
        for (int i = 0; i < count && i * pitch < inner.h; i++) {
            struct rect line = {inner.x, inner.y + i * pitch, inner.w, 1};
            bar_row(f, line, i, k);
            ui_hit(f->ui, line, HIT_CONTESTANT, i, 0);
        }
        f->canvas->clip = old;
    }
}

/* Rows that the note needs at this width. */
static int note_rows(struct frame *f, int width)
{
    struct rect old = canvas_clip(f->canvas, (struct rect){0, 0, 0, 0});
    char text[LOG_TEXT + NAME_TEXT + 256];
    uint8_t role;

    note_text(f, text, sizeof text, &role);
    int rows = chrome_wrap(f->canvas, (struct rect){0, 0, width - 2, 9}, text, role);
    f->canvas->clip = old;
    return rows;
}

static void draw(struct frame *f, struct rect body)
{
    struct layout l;

    if (!f->race || f->race->count == 0) {
        chrome_notice(f, body, "starting: there is nothing to compare yet", ROLE_DIM);
        return;
    }
    layout_compare(&l, body, f->race->count, note_rows(f, body.w), f->ui->compare.bars);
    bool two = l.part[COMPARE_SECOND].w > 0;
    enum metric metric = curves_result(f->race);
    chrome_part(f, l.part[COMPARE_TABLE], table_of);
    if (l.part[COMPARE_CURVES].h > 0)
        curves_draw(f, l.part[COMPARE_CURVES], metric, two ? AXIS_STEPS : f->ui->curves.axis);
    if (two && l.part[COMPARE_SECOND].h > 0)
        curves_draw(f, l.part[COMPARE_SECOND], metric,
                    f->ui->curves.axis == AXIS_SAMPLES ? AXIS_SAMPLES : AXIS_SECONDS);
    chrome_part(f, l.part[COMPARE_BARS], bars_part);
    chrome_part(f, l.part[COMPARE_NOTE], note_draw);
}

/* Up and Down follow the order on the screen. */
static void select_row(struct event *e)
{
    struct sheet s;
    int order[MAX_CONTESTANTS], count = e->race->count, at = 0;

    sheet_of(&s, e->race, e->ui->shape.width);
    order_of(e->ui, &s, e->ui->compare.sort % s.count, e->race, order);
    for (int i = 0; i < count; i++)
        if (order[i] == ui_focus(e->ui, e->race, e->probe))
            at = i;
    ui_set_focus(e, order[(at + (e->key == UI_KEY_UP ? count - 1 : 1)) % count]);
}

/* The table is as wide as the screen less its frame. */
static int table_width(const struct ui *ui)
{
    return ui->shape.width - 2;
}

static void sort_by(struct event *e, int by)
{
    struct ui *ui = e->ui;
    struct sheet s;

    sheet_of(&s, e->race, table_width(ui));
    ui->compare.sort = (ui->compare.sort % s.count + by + s.count) % s.count;
    ui->compare.column =
        table_scroll(s.columns, s.count, table_width(ui), ui->compare.column, ui->compare.sort);
}

static void scroll_columns(struct event *e, int by)
{
    struct ui *ui = e->ui;
    struct sheet s;
    int width = table_width(ui);

    sheet_of(&s, e->race, width);
    int now = table_scroll(s.columns, s.count, width, ui->compare.column, 0);
    ui->compare.column = table_scroll(s.columns, s.count, width, now + by, 0);
    if (ui->compare.column == now)
        ui_say(ui, by < 0 ? "these are the first columns" : "these are the last columns");
}

static void act(struct event *e)
{
    struct ui *ui = e->ui;

    if (!e->race || e->race->count == 0)
        return;
    switch (e->action) {
    case ACTION_SELECT:
        select_row(e);
        break;
    case ACTION_SORT:
        sort_by(e, e->key == 'S' ? -1 : 1);
        break;
    case ACTION_COLUMNS:
        scroll_columns(e, e->key == UI_KEY_LEFT ? -1 : 1);
        break;
    case ACTION_BARS:
        ui->compare.bars = !ui->compare.bars;
        break;
    case ACTION_REVERSE:
        ui->compare.reverse = !ui->compare.reverse;
        break;
    default:
        curves_act(e);
        break;
    }
}

static const struct term terms[] = {
    {"95 %", "Wilson's interval of the accuracy, from n answers; one seed"},
    {"n", "held-out windows that ended before a number"},
    {"I A R C", "accuracy on the numbers of each control token"},
    {".9 at, .9 s", "step, and seconds of its own training, of the first accuracy of .90"},
    {"every, best", "accuracy on every symbol, control tokens too; the most that is possible"},
    {"rate", "learning rate that its schedule begins with"},
    {"│ in a bar", "accuracy of one who guesses"},
    {NULL, NULL},
};

const struct view_ops view_compare = {"compare", "Compare", draw, act, NULL, terms};
