#include "view/curves.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* So long a young run's curves stand still. */
static const double CALM_SECONDS = 5;

static const char *const axis_names[] = {"steps", "samples", "seconds"};

void curves_name(const struct race_snapshot *race, enum metric metric, char *out, size_t size)
{
    const struct alphabet *a = &race->alphabet;
    int subtask = (int)metric - METRIC_SUBTASK_0;

    if (subtask >= 0 && subtask < a->subtasks)
        snprintf(out, size, "accuracy on %s", a->name[a->control_id[subtask]]);
    else
        snprintf(out, size, "%s",
                 metric == METRIC_ACC                 ? "accuracy"
                 : metric == METRIC_LOSS              ? "loss"
                 : metric == METRIC_GRAD_NORM         ? "gradient norm"
                 : metric == METRIC_TOKENS_PER_SECOND ? "tokens per second"
                 : metric == METRIC_EVAL_LOSS         ? "evaluation loss"
                                                      : "learning rate");
}

enum metric curves_metric(int measure)
{
    static const enum metric single[MEASURE_SUBTASK_0] = {
        METRIC_ACC,           METRIC_ACC,
        METRIC_LOSS,          METRIC_GRAD_NORM,
        METRIC_LEARNING_RATE, METRIC_TOKENS_PER_SECOND,
        METRIC_EVAL_LOSS,     METRIC_ACC};
    return measure < MEASURE_SUBTASK_0
               ? single[measure]
               : (enum metric)(METRIC_SUBTASK_0 + measure - MEASURE_SUBTASK_0);
}

void curves_measure_name(const struct race_snapshot *race, int measure, char *out, size_t size)
{
    if (measure == MEASURE_BOTH || measure == MEASURE_SWITCH)
        snprintf(out, size, measure == MEASURE_BOTH ? "accuracy and loss" : "switch cost");
    else
        curves_name(race, curves_metric(measure), out, size);
}

static bool is_share(enum metric metric)
{
    return metric == METRIC_ACC || metric >= METRIC_SUBTASK_0;
}

/* Evaluations average many windows already and are drawn as measured. */
static double smoothing_of(const struct ui *ui, enum metric metric)
{
    bool measured =
        is_share(metric) || metric == METRIC_LEARNING_RATE || metric == METRIC_EVAL_LOSS;
    return measured ? 0 : ui_smoothing[ui->curves.smooth];
}

/* Samples a step. */
static double per_step(const struct race_snapshot *race)
{
    return race->config.train.batch;
}

/* The newest end of the axis. */
static double x_end(const struct ui *ui, const struct race_snapshot *race)
{
    double end = 0;
    for (int i = 0; i < race->count; i++) {
        const struct contestant_view *v = &race->contestants[i];
        double x = ui->curves.axis == AXIS_SECONDS ? v->train_seconds
                   : ui->curves.axis == AXIS_STEPS ? (double)v->step
                                                   : (double)v->step * per_step(race);
        end = x > end ? x : end;
    }
    return end;
}

/* How far the axis moves in CALM_SECONDS of the whole race, 0 if its speed is not known. */
static double calm_room(const struct ui *ui, const struct race_snapshot *race)
{
    double speed = race->steps_per_second > 0 ? race->steps_per_second
                   : race->seconds > 0        ? (double)race->step / race->seconds
                                              : 0;
    double steps = CALM_SECONDS * speed;

    if (!(steps > 0) || race->step <= 0)
        return 0;
    return ui->curves.axis == AXIS_STEPS     ? steps
           : ui->curves.axis == AXIS_SECONDS ? steps * x_end(ui, race) / (double)race->step
                                             : steps * per_step(race);
}

/* Where an axis that shows everything ends while models train: an eighth ahead of them, and a young
   run's some seconds, so that the curves stand still until they have grown so far, instead of being
   squeezed and sent at each step. 0: where the data end. */
static double calm_end(struct ui *ui, const struct race_snapshot *race)
{
    double end = x_end(ui, race), most = (double)race->steps * per_step(race);

    if (race->state != RACE_RUNNING && race->state != RACE_WATCHING)
        return 0;
    if (ui->curves.first <= 0 || end <= ui->curves.first) {
        ui->curves.first = end;
        ui->curves.end = 0;
        return 0;
    }
    if (end > ui->curves.end || end < ui->curves.back)
        ui->curves.end = end + fmax(end / 8, calm_room(ui, race)), ui->curves.back = 0.9 * end;
    most = ui->curves.axis == AXIS_SECONDS ? INFINITY
           : ui->curves.axis == AXIS_STEPS ? (double)race->steps
                                           : most;
    return most > end && most < ui->curves.end ? most : ui->curves.end;
}

/* The shown part of the axis; false: all of it. */
static bool window_of(const struct ui *ui, const struct race_snapshot *race, double *low,
                      double *high)
{
    double width = ui->curves.x_high - ui->curves.x_low;
    *low = 0;
    *high = x_end(ui, race);
    if (!(width > 0))
        return false;
    if (ui->curves.follow && *high > width) {
        *low = *high - width;
        return true;
    }
    *low = ui->curves.x_low;
    *high = ui->curves.x_high;
    return true;
}

static bool is_log(const struct ui *ui, enum metric metric)
{
    return is_share(metric) ? ui->curves.log_share : ui->curves.log;
}

/* Answers behind each of the newest evaluation's values. */
static int64_t answers(const struct contestant_view *v, enum metric metric)
{
    if (!v->eval.valid || !is_share(metric))
        return 0;
    return metric == METRIC_ACC ? v->eval.acc.count
                                : v->eval.subtask[metric - METRIC_SUBTASK_0].count;
}

/* The mean of the bucket nearest to x, NaN if there is none. */
static double value_at(const struct ui *ui, const struct race_snapshot *race,
                       const struct series *s, double x)
{
    double best = INFINITY, value = NAN;
    for (int i = 0; i < s->count; i++) {
        const struct bucket *b = &s->buckets[i];
        if (b->samples == 0)
            continue;
        double step = (double)s->span * i;
        double at = ui->curves.axis == AXIS_SECONDS ? b->seconds
                    : ui->curves.axis == AXIS_STEPS ? step
                                                    : step * per_step(race);
        if (fabs(at - x) < best) {
            best = fabs(at - x);
            value = b->mean;
        }
    }
    return value;
}

/* "at 5.1k  ● .913  ▲ .502": what the cursor reads. */
static void reading(const struct frame *f, enum metric metric, char *out, size_t size)
{
    const struct ui *ui = f->ui;
    char number[24];
    size_t used;

    format_short(number, sizeof number, ui->curves.cursor);
    used = (size_t)snprintf(out, size, "at %s", number);
    for (int i = 0; i < f->race->count && used < size; i++) {
        if (ui->hidden[i])
            continue;
        double v =
            value_at(ui, f->race, &f->race->contestants[i].metric[metric], ui->curves.cursor);
        if (is_share(metric))
            format_share(number, sizeof number, v);
        else
            format_short(number, sizeof number, v);
        used += (size_t)snprintf(out + used, size - used, "  %s %s", chrome_marker(f->canvas, i),
                                 number);
    }
}

static void describe(const struct frame *f, enum metric metric, enum curve_axis axis, char *out,
                     size_t size)
{
    const struct ui *ui = f->ui;
    double smooth = smoothing_of(ui, metric);

    if (isfinite(ui->curves.cursor) && axis == ui->curves.axis) {
        reading(f, metric, out, size);
        return;
    }
    int used = snprintf(out, size, "%s%s%s", axis_names[axis], ui->curves.log_x ? " · log x" : "",
                        is_log(ui, metric)  ? " · log"
                        : is_share(metric) ? ""
                                           : " · linear");
    int focus = ui_focus(ui, f->race, f->probe);
    if (answers(&f->race->contestants[focus], metric) > 0 && !ui->hidden[focus])
        used += snprintf(out + used, size - (size_t)used, " · 95 %% of %s",
                         chrome_marker(f->canvas, focus));
    if (smooth > 0)
        used += snprintf(out + used, size - (size_t)used, " · smooth %g", smooth);
    if (ui->curves.x_high > ui->curves.x_low && axis == ui->curves.axis)
        snprintf(out + used, size - (size_t)used, ui->curves.follow ? " · following" : " · zoomed");
}

void curves_draw(struct frame *f, struct rect r, enum metric metric, enum curve_axis axis)
{
    const struct ui *ui = f->ui;
    const struct race_snapshot *race = f->race;
    struct curve_line lines[MAX_CONTESTANTS];
    char names[MAX_CONTESTANTS][NAME_TEXT], title[64], about[256];
    bool share = is_share(metric), mine = axis == ui->curves.axis;
    double low, high;
    bool zoomed = window_of(ui, race, &low, &high) && mine;
    int focus = ui_focus(ui, race, f->probe);

    if (r.w < 3 || r.h < 2)
        return;
    for (int i = 0; i < race->count; i++) {
        const struct contestant_view *v = &race->contestants[i];
        chrome_short_name(names[i], sizeof names[i], v->name, r.w >= 100 ? 20 : 12);
        lines[i] = (struct curve_line){&v->metric[metric], names[i], chrome_series_role(i), i,
                                       ui->hidden[i], ui->curves.highlight && i != focus,
                                       i == focus ? answers(v, metric) : 0};
    }
    struct curve_options o = {
        .axis = axis,
        .per_step = per_step(race),
        .log_x = ui->curves.log_x,
        .log_y = is_log(ui, metric),
        .smooth = smoothing_of(ui, metric),
        .fix_y = share && !ui->curves.log_share,
        .y_high = 1,
        .x_low = zoomed ? low : 0,
        .x_high = zoomed ? high : mine ? calm_end(f->ui, race) : 0,
        .reference = share ? race->chance : NAN,
        .reference_label = "chance",
        .cursor = mine ? ui->curves.cursor : NAN,
        .legend = r.w >= 60,
    };
    if (r.h >= 5 && r.w >= 24) {
        curves_name(race, metric, title, sizeof title);
        describe(f, metric, axis, about, sizeof about);
        r = canvas_box(f->canvas, r, title, about);
    }
    curve_draw(f->canvas, r, lines, race->count, &o);
}

void curves_profile_draw(struct frame *f, struct rect r)
{
    struct ui *ui = f->ui;
    const struct race_snapshot *race = f->race;
    struct curve_line lines[MAX_CONTESTANTS];
    char names[MAX_CONTESTANTS][NAME_TEXT];
    int shown = 2;

    if (r.w < 3 || r.h < 2)
        return;
    for (int i = 0; i < race->count; i++) {
        const struct contestant_view *v = &race->contestants[i];
        struct series *s = &ui->curves.profile[i];
        chrome_short_name(names[i], sizeof names[i], v->name, r.w >= 100 ? 20 : 12);
        series_reset(s);
        for (int k = 0; v->eval.valid && k < MAX_SINCE; k++)
            if (v->eval.since[k].count > 0) {
                series_add(s, k + 1, 0, score_value(v->eval.since[k]));
                shown = k + 1 > shown ? k + 1 : shown;
            }
        bool faint = ui->curves.highlight && i != ui_focus(ui, race, f->probe);
        lines[i] = (struct curve_line){s, names[i], chrome_series_role(i), i, ui->hidden[i], faint,
                                       0};
    }
    struct curve_options o = {
        .fix_y = true,
        .y_high = 1,
        .x_low = 1,
        .x_high = shown,
        .reference = race->chance,
        .reference_label = "chance",
        .cursor = NAN,
        .legend = r.w >= 60,
    };
    if (r.h >= 5 && r.w >= 24)
        r = canvas_box(f->canvas, r, "accuracy after a switch",
                       r.w >= 64 ? "1st, 2nd, ... number after a control token" : "number");
    curve_draw(f->canvas, r, lines, race->count, &o);
}

/* --- keys ------------------------------------------------------------------------------------ */

static void fit(struct ui *ui)
{
    ui->curves.x_low = ui->curves.x_high = 0;
    ui->curves.follow = false;
}

static void zoom(struct event *e)
{
    struct ui *ui = e->ui;
    double end = x_end(ui, e->race), low, high;
    bool zoomed = window_of(ui, e->race, &low, &high);
    double width = (high - low) * (e->key == '-' ? 2 : 0.5);

    if (end <= 0)
        return;
    if (width >= end) {
        if (!zoomed)
            ui_say(ui, "the whole run is shown");
        fit(ui);
        return;
    }
    if (width < end / 4096)
        return;
    double at = isfinite(ui->curves.cursor) ? ui->curves.cursor + width / 2 : high;
    high = at > end ? end : at < width ? width : at;
    ui->curves.x_low = high - width;
    ui->curves.x_high = high;
}

/* A quarter of the window; who looks elsewhere does not follow. */
static void pan(struct event *e)
{
    struct ui *ui = e->ui;
    double end = x_end(ui, e->race), low, high;
    if (!window_of(ui, e->race, &low, &high)) {
        ui_say(ui, "the whole run is shown: + zooms in");
        return;
    }
    double width = high - low, by = width / 4 * (e->key == '<' ? -1 : 1);
    high = high + by > end ? (high > end ? high : end) : high + by < width ? width : high + by;
    ui->curves.follow = false;
    ui->curves.x_low = high - width;
    ui->curves.x_high = high;
}

static void follow(struct event *e)
{
    struct ui *ui = e->ui;
    double low, high;
    if (!window_of(ui, e->race, &low, &high)) {
        ui_say(ui, "the whole run is shown: + zooms in, then F follows the newest end");
        return;
    }
    ui->curves.x_low = low; /* what is shown now stays if it no longer follows */
    ui->curves.x_high = high;
    ui->curves.follow = !ui->curves.follow;
    ui_say(ui, ui->curves.follow ? "the window follows the newest end" : "the window stays");
}

/* A fortieth of what is shown; the window goes along. */
static void move_cursor(struct event *e)
{
    struct ui *ui = e->ui;
    double end = x_end(ui, e->race), low, high;
    bool zoomed = window_of(ui, e->race, &low, &high);
    double by = (high - low) / 40 * (e->key == UI_KEY_LEFT ? -1 : 1);
    double at = isfinite(ui->curves.cursor) ? ui->curves.cursor + by : by < 0 ? high : low;

    at = at < 0 ? 0 : at > end ? end : at;
    if (at == ui->curves.cursor)
        ui_say(ui, by < 0 ? "the cursor is at the beginning" : "the cursor is at the newest end");
    ui->curves.cursor = at;
    double shift = at < low ? at - low : at > high ? at - high : 0;
    if (zoomed && shift != 0) {
        ui->curves.follow = false;
        ui->curves.x_low = low + shift;
        ui->curves.x_high = high + shift;
    }
}

static bool shows_share(const struct ui *ui)
{
    int m = ui->curves.measure;
    return m == MEASURE_ACC || m >= MEASURE_SUBTASK_0;
}

/* The scales of the axes. */
static bool scale_act(struct event *e)
{
    struct ui *ui = e->ui;
    char line[96];
    switch (e->action) {
    case ACTION_AXIS:
        ui->curves.axis = (ui->curves.axis + 1) % 3;
        ui->curves.cursor = NAN;
        fit(ui);
        return true;
    case ACTION_SMOOTH:
        ui->curves.smooth = (ui->curves.smooth + 1) % SMOOTHINGS;
        snprintf(line, sizeof line, "loss and gradient norm: smoothing %g; evaluations as measured",
                 ui_smoothing[ui->curves.smooth]);
        ui_say(ui, line);
        return true;
    case ACTION_LOG:
        if (ui->page == PAGE_TRAIN && shows_share(ui))
            ui->curves.log_share = !ui->curves.log_share;
        else
            ui->curves.log = !ui->curves.log;
        return true;
    case ACTION_LOG_X:
        ui->curves.log_x = !ui->curves.log_x;
        return true;
    default:
        return false;
    }
}

bool curves_act(struct event *e)
{
    struct ui *ui = e->ui;
    int focus = ui_focus(ui, e->race, e->probe), count = e->race ? e->race->count : 0;

    if (count == 0)
        return false;
    if (scale_act(e))
        return true;
    switch (e->action) {
    case ACTION_PAN:
        pan(e);
        return true;
    case ACTION_FOLLOW:
        follow(e);
        return true;
    case ACTION_ZOOM:
        zoom(e);
        return true;
    case ACTION_CURSOR:
        move_cursor(e);
        return true;
    case ACTION_FIT:
        fit(ui);
        ui->curves.cursor = NAN;
        return true;
    case ACTION_SELECT:
        ui_set_focus(e, (focus + (e->key == UI_KEY_UP ? count - 1 : 1)) % count);
        return true;
    case ACTION_HIDE:
        ui->hidden[focus] = !ui->hidden[focus];
        return true;
    case ACTION_HIGHLIGHT:
        ui->curves.highlight = !ui->curves.highlight;
        return true;
    case ACTION_OPEN_MAP:
        ui_set_page(ui, PAGE_ATTENTION);
        return true;
    default:
        return false;
    }
}
