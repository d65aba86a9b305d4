#include "view/curves.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "view/pictures.h"

/* So long a young run's curves stand still. */
static const double CALM_SECONDS = 5;

static const char *const axis_names[] = {"steps", "samples", "seconds"};

const char *curves_bits_name(const struct race_snapshot *race)
{
    return race->alphabet.kind == ALPHABET_BYTES ? "bits a byte" : "bits a character";
}

enum metric curves_result(const struct race_snapshot *race)
{
    return pictures_race(race)                     ? METRIC_EVAL_LOSS
           : race->alphabet.kind != ALPHABET_WORDS ? METRIC_BITS
                                                   : METRIC_ACC;
}

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
                 : metric == METRIC_BITS              ? curves_bits_name(race)
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

bool curves_has_switches(const struct race_snapshot *race)
{
    for (int i = 0; i < race->count; i++)
        for (int k = 0; k < MAX_SINCE - 1; k++)
            if (race->contestants[i].eval.valid && race->contestants[i].eval.since[k].count > 0)
                return true;
    return false;
}

void curves_measure_name(const struct race_snapshot *race, int measure, char *out, size_t size)
{
    if (measure == MEASURE_BOTH || measure == MEASURE_SWITCH)
        snprintf(out, size,
                 measure == MEASURE_SWITCH ? "switch cost"
                 : pictures_race(race)     ? "evaluation loss and loss"
                 : curves_result(race) == METRIC_BITS ? "bits and loss"
                                                      : "accuracy and loss");
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
        is_share(metric) || metric == METRIC_LEARNING_RATE || metric == METRIC_EVAL_LOSS ||
        metric == METRIC_BITS;
    return measured ? 0 : ui_smoothing[ui->curves.smooth];
}

/* Samples a step. */
static double per_step(const struct race_snapshot *race)
{
    return race->config.train.batch;
}

double curves_end(const struct ui *ui, const struct race_snapshot *race)
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
           : ui->curves.axis == AXIS_SECONDS ? steps * curves_end(ui, race) / (double)race->step
                                             : steps * per_step(race);
}

/* Where an axis that shows everything ends while models train: an eighth ahead of them, and a young
   run's some seconds, so that the curves stand still until they have grown so far, instead of being
   squeezed and sent at each step. 0: where the data end. */
static double calm_end(struct ui *ui, const struct race_snapshot *race)
{
    double end = curves_end(ui, race), most = (double)race->steps * per_step(race);

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

bool curves_window(const struct ui *ui, const struct race_snapshot *race, double *low,
                      double *high)
{
    double width = ui->curves.x_high - ui->curves.x_low;
    *low = 0;
    *high = curves_end(ui, race);
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

enum reading { READ_ALL, READ_NO_UNIT, READ_TIGHT }; /* tight: nor spaces that are not needed */

/* "at 5.1k steps  ● .913  ▲ .502": what the cursor reads. */
static void reading(const struct frame *f, enum metric metric, enum reading how, char *out,
                    size_t size)
{
    const struct ui *ui = f->ui;
    char number[24];
    size_t used;

    format_short(number, sizeof number, ui->curves.cursor);
    used = (size_t)snprintf(out, size, "at %s%s%s", number, how == READ_ALL ? " " : "",
                            how == READ_ALL ? axis_names[ui->curves.axis] : "");
    for (int i = 0; i < f->race->count && used < size; i++) {
        if (ui->hidden[i])
            continue;
        double v =
            value_at(ui, f->race, &f->race->contestants[i].metric[metric], ui->curves.cursor);
        if (is_share(metric))
            format_share(number, sizeof number, v);
        else
            format_short(number, sizeof number, v);
        used += (size_t)snprintf(out + used, size - used, how == READ_TIGHT ? " %s%s" : "  %s %s",
                                 chrome_marker(f->canvas, i), number);
    }
}

static void describe(const struct frame *f, enum metric metric, enum curve_axis axis, char *out,
                     size_t size)
{
    const struct ui *ui = f->ui;
    double smooth = smoothing_of(ui, metric);

    if (isfinite(ui->curves.cursor) && axis == ui->curves.axis) {
        reading(f, metric, READ_ALL, out, size);
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

/* Without its last parts, as many as have no room beside the title in a frame of that width: the axis
   is told before the smoothing. */
static void shorten(char *about, const char *title, int width)
{
    static const char gap[] = " · ";
    char *last = NULL;

    while (canvas_columns(title) + canvas_columns(about) + 9 > width) {
        for (char *at = strstr(about, gap); at; at = strstr(at + 1, gap))
            last = at;
        if (!last)
            return;
        *last = 0;
        last = NULL;
    }
}

/* The frame with what the chart shows; returns what is left for the curves. What the cursor reads goes
   into the frame if it fits there, without the title if need be, else into rows of its own. */
static struct rect frame_draw(struct frame *f, struct rect r, enum metric metric,
                              enum curve_axis axis)
{
    char title[64], about[256];
    bool framed = r.h >= 5 && r.w >= 24;
    bool reads = isfinite(f->ui->curves.cursor) && axis == f->ui->curves.axis;

    curves_name(f->race, metric, title, sizeof title);
    describe(f, metric, axis, about, sizeof about);
    if (!reads)
        shorten(about, title, r.w);
    int room = r.w - canvas_columns(title) - 8;
    if (reads && canvas_columns(about) > room)
        reading(f, metric, READ_NO_UNIT, about, sizeof about);
    if (framed && (!reads || canvas_columns(about) <= room))
        return canvas_box(f->canvas, r, title, about);
    if (reads)
        reading(f, metric, READ_TIGHT, about, sizeof about);
    if (framed && canvas_columns(about) + 6 <= r.w)
        return canvas_box(f->canvas, r, about, "");
    if (framed)
        r = canvas_box(f->canvas, r, title, "");
    if (reads && r.h >= 4) {
        struct rect top = {r.x, r.y, r.w, r.h / 3};
        rect_cut_top(&r, chrome_wrap(f->canvas, top, about, ROLE_TEXT));
    }
    return r;
}

void curves_draw(struct frame *f, struct rect r, enum metric metric, enum curve_axis axis)
{
    const struct ui *ui = f->ui;
    const struct race_snapshot *race = f->race;
    struct curve_line lines[MAX_CONTESTANTS];
    char names[MAX_CONTESTANTS][NAME_TEXT];
    bool share = is_share(metric), mine = axis == ui->curves.axis;
    double low, high;
    bool zoomed = curves_window(ui, race, &low, &high) && mine;
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
    r = frame_draw(f, r, metric, axis);
    curve_draw(f->canvas, r, lines, race->count, &o);
}

/* "● n: 1st 170 · 2nd 153 ...": the answers behind each place of the chosen contestant. */
static void profile_counts(struct frame *f, struct rect r)
{
    int focus = ui_focus(f->ui, f->race, f->probe);
    const struct evaluation *e = &f->race->contestants[focus].eval;
    int x = r.x + canvas_textf(f->canvas, r.x, r.y, ROLE_DIM, 0, "%s %s",
                               chrome_marker(f->canvas, focus),
                               r.w >= 54 ? "answers at each:" : "n") + 1;

    for (int k = 0; e->valid && k < MAX_SINCE; k++) {
        char text[32];
        int used = snprintf(text, sizeof text, "%lld", (long long)e->since[k].count);
        if (e->since[k].count == 0 || x + used > r.x + r.w)
            break;
        x += canvas_text(f->canvas, x, r.y, text, ROLE_DIM, 0) + 1;
    }
}

int curves_last_sure(const struct evaluation *e, int shown)
{
    int k = shown - 1;
    while (k > 0 && e->since[k].count < PROFILE_FEW)
        k--;
    return k < 0 ? 0 : k;
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
    /* Where a legend has numbers they are those of the last place with answers enough. */
    const struct evaluation *chosen = &race->contestants[ui_focus(ui, race, f->probe)].eval;
    int sure = curves_last_sure(chosen, shown) + 1;
    char about[64];
    snprintf(about, sizeof about, "%s",
             r.w >= 70 ? "1st, 2nd, ... number after a control token" : "number");
    if (r.w >= 60 && sure < shown && chosen->since[sure - 1].count >= PROFILE_FEW)
        snprintf(about, sizeof about, "number%s · values at %d",
                 r.w >= 76 ? " after a control token" : "", sure);
    else
        sure = 0;
    struct curve_options o = {
        .fix_y = true,
        .y_high = 1,
        .x_low = 1,
        .x_high = shown,
        .reference = race->chance,
        .reference_label = "chance",
        .cursor = sure ? sure : NAN,
        .legend = r.w >= 60,
    };
    if (r.h >= 5 && r.w >= 24)
        r = canvas_box(f->canvas, r, "accuracy after a switch", about);
    if (r.h >= 8)
        profile_counts(f, rect_cut_bottom(&r, 1));
    curve_draw(f->canvas, r, lines, race->count, &o);
}
