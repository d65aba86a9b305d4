/* Train: curves of all contestants, what each subtask and each switch costs, a small live map. */
#include "view/ui_state.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "view/curves.h"
#include "view/maps.h"
#include "view/pictures.h"

/* A contestant's marker and name; the chosen one stands out. */
static void name_draw(struct frame *f, int x, int y, int width, int i)
{
    const struct contestant_view *v = &f->race->contestants[i];
    bool chosen = i == ui_focus(f->ui, f->race, f->probe);
    uint8_t role = v->failed ? ROLE_BAD : f->ui->hidden[i] ? ROLE_DIM : chrome_series_role(i);
    char name[NAME_TEXT];

    chrome_short_name(name, sizeof name, v->name, width - 2);
    canvas_text_fit(f->canvas, x, y, width, chrome_marker(f->canvas, i), role, CELL_BOLD);
    canvas_text_fit(f->canvas, x + 2, y, width - 2, name, role, chosen ? CELL_BOLD : 0);
}

static void right_draw(struct canvas *c, int x, int y, int width, const char *s, uint8_t role,
                       uint8_t attr)
{
    int columns = canvas_columns(s);
    canvas_text_fit(c, columns < width ? x + width - columns : x, y, width, s, role, attr);
}

static bool is_text(const struct race_snapshot *race)
{
    return race->alphabet.kind != ALPHABET_WORDS;
}

/* Columns of the names in the table of accuracies, which leaves room for speed, then for loss. */
static int names_width(int width, int subtasks)
{
    int name = width - 5 * (subtasks + 1);
    name -= name >= 27 ? 16 : name >= 18 ? 8 : 0;
    return ui_clamp(name, width < 10 ? width : 9, 24);
}

/* Whether that table has a column for the speed, in as many columns. */
static bool shows_speed(int width, int subtasks)
{
    return names_width(width, subtasks) + 5 * (subtasks + 1) + 8 <= width;
}

/* Row -1 is the header, else a contestant's newest accuracies; loss and speed where there is room.
 */
static void now_row(struct frame *f, struct rect r, int y, int i, int name)
{
    struct canvas *c = f->canvas;
    const struct alphabet *a = &f->race->alphabet;
    const struct contestant_view *v = i >= 0 ? &f->race->contestants[i] : NULL;
    char text[24];
    int x = r.x + name;

    if (v)
        name_draw(f, r.x, y, name, i);
    for (int k = 0; k <= a->subtasks && x + 5 <= r.x + r.w; k++, x += 5) {
        bool all = k == a->subtasks;
        uint8_t role = v ? ROLE_TEXT : ROLE_DIM, attr = all ? CELL_BOLD : 0;
        text_copy(text, sizeof text, !all ? a->name[a->control_id[k]] : is_text(f->race) ? "acc" : "all");
        if (!v && !all)
            role = chrome_symbol_role(a, a->control_id[k]);
        if (v)
            format_share(text, sizeof text,
                         v->eval.valid ? score_value(all ? v->eval.acc : v->eval.subtask[k]) : NAN);
        right_draw(c, x + 1, y, 4, text, role, attr);
    }
    if (x + 8 <= r.x + r.w) {
        text_copy(text, sizeof text, v ? "-" : "step/s");
        if (v && v->steps_per_second > 0)
            format_short(text, sizeof text, v->steps_per_second);
        right_draw(c, x + 1, y, 7, text, ROLE_DIM, 0);
        x += 8;
    }
    if (x + 8 <= r.x + r.w) {
        bool bits = is_text(f->race);
        text_copy(text, sizeof text, v ? "-" : bits ? "bits" : "loss");
        if (v && bits && v->eval.valid)
            snprintf(text, sizeof text, "%.3f", loss_bits(v->eval.loss));
        else if (v && v->step > 0)
            format_short(text, sizeof text, v->loss);
        right_draw(c, x + 1, y, 7, text, ROLE_DIM, 0);
    }
}

static void now_draw(struct frame *f, struct rect r)
{
    const struct race_snapshot *race = f->race;
    int focus = ui_focus(f->ui, race, f->probe), subtasks = race->alphabet.subtasks;
    const struct evaluation *e = &race->contestants[focus].eval;
    char right[48] = "", count[24];

    if (e->valid) {
        text_thousands(count, sizeof count, e->acc.count);
        snprintf(right, sizeof right, "n=%s", count);
    }
    if (r.h >= race->count + 3)
        r = canvas_box(f->canvas, r, is_text(race) ? "held-out text" : "accuracy now", right);
    int name = names_width(r.w, subtasks);
    struct rect old = canvas_clip(f->canvas, r);
    now_row(f, r, r.y, -1, name);
    /* Few rows: those around the chosen one. */
    int rows = r.h - 1, first = ui_clamp(focus - rows + 1, 0, race->count);
    for (int i = first; i < race->count && i - first < rows; i++) {
        now_row(f, r, r.y + 1 + i - first, i, name);
        ui_hit(f->ui, (struct rect){r.x, r.y + 1 + i - first, r.w, 1}, HIT_CONTESTANT, i, 0);
    }
    f->canvas->clip = old;
}

/* How many numbers after a control token were seen in any contestant's evaluation. */
static int since_shown(const struct race_snapshot *race)
{
    int shown = 0;
    for (int i = 0; i < race->count; i++)
        for (int k = 0; k < MAX_SINCE; k++)
            if (race->contestants[i].eval.valid && race->contestants[i].eval.since[k].count > 0 &&
                k >= shown)
                shown = k + 1;
    return shown;
}

/* Drawn dim. */
static bool is_few(const struct contestant_view *v, int k)
{
    return v->eval.since[k].count < PROFILE_FEW;
}

static void switch_spark(struct frame *f, int x, int y, int i, int shown)
{
    const struct contestant_view *v = &f->race->contestants[i];
    for (int k = 0; k < shown; k++) {
        double share = score_value(v->eval.since[k]);
        spark_draw(f->canvas, x + k, y, &share, 1, is_few(v, k) ? ROLE_DIM : chrome_series_role(i));
    }
}

static void switch_row(struct frame *f, struct rect r, int i, int shown, bool numbers)
{
    struct canvas *c = f->canvas;
    const struct contestant_view *v = &f->race->contestants[i];
    char text[16], first[16], speed[24];
    int x = r.x + 2;

    canvas_text_fit(c, r.x, r.y, r.w, chrome_marker(c, i), chrome_series_role(i), 0);
    if (v->failed) {
        canvas_text_fit(c, x, r.y, r.w - 2, v->failure, ROLE_BAD, 0);
        return;
    }
    if (!v->eval.valid || shown == 0) {
        canvas_text_fit(c, x, r.y, r.w - 2, "-", ROLE_DIM, 0);
        return;
    }
    for (int k = 0; k < shown && numbers; k++) {
        format_share(text, sizeof text, score_value(v->eval.since[k]));
        canvas_text_fit(c, x + 5 * k, r.y, 4, text, is_few(v, k) ? ROLE_DIM : ROLE_TEXT, 0);
    }
    if (numbers) {
        x += 5 * shown + 1;
        if (x + shown <= r.x + r.w)
            switch_spark(f, x, r.y, i, shown);
        return;
    }
    switch_spark(f, x, r.y, i, shown);
    x += shown + 2;
    int last = curves_last_sure(&v->eval, shown);
    format_share(first, sizeof first, score_value(v->eval.since[0]));
    format_share(text, sizeof text, score_value(v->eval.since[last]));
    if (last == 0 && x + 4 <= r.x + r.w)
        x += canvas_text(c, x, r.y, first, is_few(v, 0) ? ROLE_DIM : ROLE_TEXT, 0) + 2;
    else if (x + 15 <= r.x + r.w)
        x += canvas_textf(c, x, r.y, ROLE_TEXT, 0, "%s → %d: %s", first, last + 1, text) + 2;
    format_short(speed, sizeof speed, v->steps_per_second);
    if (v->steps_per_second > 0 && !shows_speed(r.w, f->race->alphabet.subtasks) &&
        x + canvas_columns(speed) + 2 <= r.x + r.w)
        canvas_textf(c, r.x + r.w - canvas_columns(speed) - 2, r.y, ROLE_DIM, 0, "%s/s", speed);
}

/* The chosen contestant's as bars under the numbers. */
static void switch_bars(struct frame *f, struct rect r, int shown)
{
    const struct contestant_view *v = &f->race->contestants[ui_focus(f->ui, f->race, f->probe)];
    int i = (int)(v - f->race->contestants);
    double share[MAX_SINCE];
    uint8_t roles[MAX_SINCE];

    if (!v->eval.valid || shown == 0)
        return;
    for (int k = 0; k < shown; k++) {
        share[k] = v->eval.since[k].count > 0 ? score_value(v->eval.since[k]) : 0;
        roles[k] = is_few(v, k) ? ROLE_DIM : chrome_series_role(i);
    }
    canvas_text_fit(f->canvas, r.x, r.y, r.w, chrome_marker(f->canvas, i), chrome_series_role(i), 0);
    canvas_text_fit(f->canvas, r.x + 2, r.y, r.w - 2, "a full bar: 1", ROLE_DIM, 0);
    rect_cut_top(&r, 1);
    rect_cut_left(&r, 1);
    r.w = 5 * shown < r.w ? 5 * shown : r.w;
    bars_of_roles(f->canvas, r, share, shown, 1, roles);
}

/* How many answers stand behind each place of the chosen contestant's profile, from the first that
   has any: "n 133 128 154", or "n 17: 1.02k". */
static void switch_counts(struct frame *f, struct rect r, int shown, bool columns)
{
    const struct contestant_view *v = &f->race->contestants[ui_focus(f->ui, f->race, f->probe)];
    struct canvas *c = f->canvas;
    int x = r.x + 2;
    char text[24];

    int from = 0;
    canvas_text_fit(c, r.x, r.y, r.w, "n", ROLE_DIM, 0);
    while (!columns && v->eval.valid && from < shown - 1 && v->eval.since[from].count == 0)
        from++;
    if (from > 0)
        x += canvas_textf(c, x, r.y, ROLE_DIM, 0, "%d:", from + 1) + 1;
    for (int k = from; k < shown && v->eval.valid; k++) {
        format_short(text, sizeof text, (double)v->eval.since[k].count);
        int used = canvas_columns(text);
        if (x + used > r.x + r.w)
            break;
        canvas_text(c, columns && used < 4 ? x + 4 - used : x, r.y, text, ROLE_DIM, 0);
        x += columns ? 5 : used + 1;
    }
}

/* Accuracy on the 1st, 2nd, ... number after a control token. */
static void switch_draw(struct frame *f, struct rect r)
{
    int shown = since_shown(f->race), count = f->race->count;
    char right[48] = "";
    bool none = shown > 0 && !curves_has_switches(f->race);

    if (shown > 1 && !none)
        snprintf(right, sizeof right, r.w >= 44 ? "number 1 to %d · dim: n below %d" : "number 1 to %d",
                 shown, PROFILE_FEW);
    if (r.h >= (none ? 3 : count + 2))
        r = canvas_box(f->canvas, r, "after a switch", right);
    if (none) {
        chrome_wrap(f->canvas, r, "no switch: one rule holds through every window", ROLE_DIM);
        return;
    }
    bool numbers = r.w >= 2 + 5 * shown && r.h > count;
    struct rect old = canvas_clip(f->canvas, r);
    if (numbers) {
        for (int k = 0; k < shown; k++)
            canvas_textf(f->canvas, r.x + 2 + 5 * k, r.y, ROLE_DIM, 0, "%4d", k + 1);
        rect_cut_top(&r, 1);
    }
    for (int i = 0; i < count && i < r.h; i++)
        switch_row(f, (struct rect){r.x, r.y + i, r.w, 1}, i, shown, numbers);
    rect_cut_top(&r, count);
    if (r.h > 0 && shown > 0)
        switch_counts(f, rect_cut_top(&r, 1), shown, numbers);
    if (numbers && r.h >= 4)
        switch_bars(f, r, shown);
    f->canvas->clip = old;
}

/* One small chart for each subtask, side by side. */
static void subtasks_draw(struct frame *f, struct rect r)
{
    int n = f->race->alphabet.subtasks;
    for (int k = 0; k < n; k++)
        curves_draw(f, rect_cut_left(&r, r.w / (n - k)), (enum metric)(METRIC_SUBTASK_0 + k),
                    f->ui->curves.axis);
}

/* A loss and nothing that could be right or wrong. */
static void draw_images(struct frame *f, const struct layout *l, int measure)
{
    struct rect right = l->part[TRAIN_NOW];
    enum metric metric = curves_metric(measure);
    if (metric == METRIC_ACC)
        metric = METRIC_EVAL_LOSS;
    if (l->part[TRAIN_FIRST].h > 0)
        curves_draw(f, l->part[TRAIN_FIRST], metric, f->ui->curves.axis);
    if (l->part[TRAIN_SECOND].h > 0)
        curves_draw(f, l->part[TRAIN_SECOND], METRIC_LOSS, f->ui->curves.axis);
    /* What symbols need at the right is free. */
    for (int k = 0; k < LAYOUT_PARTS; k++) {
        const struct rect *part = &l->part[k];
        if (part->x == right.x && part->w == right.w && part->y == right.y + right.h)
            right.h += part->h;
    }
    chrome_part(f, right, pictures_losses_draw);
}

static void draw(struct frame *f, struct rect body)
{
    struct layout l;
    int measure = f->ui->curves.measure;

    if (!f->race || f->race->count == 0) {
        chrome_notice(f, body, "starting: no model has taken a step yet", ROLE_DIM);
        return;
    }
    int subtasks = f->race->alphabet.subtasks;
    layout_train(&l, body, f->race->count, subtasks, f->race->config.task.context,
                 measure == MEASURE_BOTH);
    if (pictures_race(f->race)) {
        draw_images(f, &l, measure);
        return;
    }
    if (measure == MEASURE_SWITCH)
        curves_profile_draw(f, l.part[TRAIN_FIRST]);
    else if (l.part[TRAIN_FIRST].h > 0)
        curves_draw(f, l.part[TRAIN_FIRST],
                    measure == MEASURE_BOTH ? curves_result(f->race) : curves_metric(measure),
                    f->ui->curves.axis);
    if (l.part[TRAIN_SECOND].h > 0)
        curves_draw(f, l.part[TRAIN_SECOND], METRIC_LOSS, f->ui->curves.axis);
    if (is_text(f->race) && l.part[TRAIN_NOW].w == l.part[TRAIN_SWITCH].w) {
        l.part[TRAIN_NOW].h += l.part[TRAIN_SWITCH].h;
        l.part[TRAIN_SWITCH] = (struct rect){0};
    } else if (l.part[TRAIN_MAP].h > 0 && l.part[TRAIN_SWITCH].h > 3 && since_shown(f->race) > 0 &&
               !curves_has_switches(f->race)) {
        int spare = l.part[TRAIN_SWITCH].h - 3; /* one sentence */
        l.part[TRAIN_SWITCH].h -= spare;
        l.part[TRAIN_MAP].y -= spare;
        l.part[TRAIN_MAP].h += spare;
    }
    chrome_part(f, l.part[TRAIN_SUBTASKS], subtasks_draw);
    chrome_part(f, l.part[TRAIN_NOW], now_draw);
    chrome_part(f, l.part[TRAIN_SWITCH], switch_draw);
    chrome_part(f, l.part[TRAIN_MAP], maps_small_draw);
}

static void act(struct event *e)
{
    if (e->action == ACTION_MEASURE) {
        int last = MEASURE_SUBTASK_0 + (e->race ? e->race->alphabet.subtasks : 0);
        int measure = e->ui->curves.measure;
        do
            measure = (measure + (e->key == 'v' ? 1 : last - 1)) % last;
        while (pictures_race(e->race) && (measure == MEASURE_ACC || measure == MEASURE_SWITCH));
        char name[64], line[128];
        e->ui->curves.measure = measure;
        if (e->race) {
            curves_measure_name(e->race, measure, name, sizeof name);
            snprintf(line, sizeof line, "%s: view %d of %d", name, measure + 1, last);
            ui_say(e->ui, line);
        }
        return;
    }
    curves_act(e);
}

static const struct term terms[] = {
    {"accuracy", "share of right numbers after held-out windows that end before one"},
    {"n=861", "numbers behind the newest accuracy; of a text its held-out characters"},
    {"bits", "of a text: loss a held-out character in bits; 8 a byte say nothing is known"},
    {"95 % of ●", "shaded: Wilson's interval around the chosen contestant's accuracy"},
    {"chance", "accuracy of one who guesses"},
    {"loss", "of the training batches: cross-entropy in nats; of images squared error"},
    {"smooth 0.9", "moving average, its start corrected; faint: every value, low to high"},
    {"▲ ▼ at an edge", "values beyond the window"},
    {"after a switch", "accuracy on the 1st, 2nd, ... number after a control token"},
    {".69 → 9: .94", "on the 1st, and on the 9th: the last with 30 answers or more"},
    {"480/s", "steps in a second of its own training time"},
    {"1:3 at a map", "a cell stands for 3 x 3 weights, the strongest of them"},
    {NULL, NULL},
};

const struct view_ops view_train = {"train", "Train", draw, act, NULL, terms};
