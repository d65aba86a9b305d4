#include "view/curves.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const axis_names[] = {"steps", "samples", "seconds"};

void curves_name(const struct race_snapshot *race, enum metric metric, char *out, size_t size)
{
    const struct alphabet *a = &race->alphabet;
    int subtask = (int)metric - METRIC_SUBTASK_0;

    if (subtask >= 0 && subtask < a->subtasks)
        snprintf(out, size, "accuracy on %s", a->name[a->control_id[subtask]]);
    else
        snprintf(out, size, "%s",
                 metric == METRIC_ACC         ? "accuracy"
                 : metric == METRIC_LOSS      ? "loss"
                 : metric == METRIC_GRAD_NORM ? "gradient norm"
                                              : "learning rate");
}

static bool is_share(enum metric metric)
{
    return metric == METRIC_ACC || metric >= METRIC_SUBTASK_0;
}

/* Evaluations average many windows already and are drawn as measured. */
static double smoothing_of(const struct ui *ui, enum metric metric)
{
    return is_share(metric) || metric == METRIC_LEARNING_RATE ? 0 : ui_smoothing[ui->curves.smooth];
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
    int used = snprintf(out, size, "%s%s", axis_names[axis],
                        metric != METRIC_LOSS ? ""
                        : ui->curves.log      ? " · log"
                                              : " · linear");
    if (smooth > 0)
        used += snprintf(out + used, size - (size_t)used, " · smooth %g", smooth);
    if (ui->curves.x_high > ui->curves.x_low && axis == ui->curves.axis)
        snprintf(out + used, size - (size_t)used, " · zoomed");
}

void curves_draw(struct frame *f, struct rect r, enum metric metric, enum curve_axis axis)
{
    const struct ui *ui = f->ui;
    const struct race_snapshot *race = f->race;
    struct curve_line lines[MAX_CONTESTANTS];
    char names[MAX_CONTESTANTS][NAME_TEXT], title[64], about[256];
    bool share = is_share(metric), mine = axis == ui->curves.axis;

    if (r.w < 3 || r.h < 2)
        return;
    for (int i = 0; i < race->count; i++) {
        const struct contestant_view *v = &race->contestants[i];
        chrome_short_name(names[i], sizeof names[i], v->name, r.w >= 100 ? 20 : 12);
        lines[i] = (struct curve_line){&v->metric[metric], names[i], chrome_series_role(i), i,
                                       ui->hidden[i]};
    }
    struct curve_options o = {
        .axis = axis,
        .per_step = per_step(race),
        .log_y = metric == METRIC_LOSS && ui->curves.log,
        .smooth = smoothing_of(ui, metric),
        .fix_y = share,
        .y_high = 1,
        .x_low = mine ? ui->curves.x_low : 0,
        .x_high = mine ? ui->curves.x_high : 0,
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

/* --- keys ------------------------------------------------------------------------------------ */

static void fit(struct ui *ui)
{
    ui->curves.x_low = ui->curves.x_high = 0;
}

static void zoom(struct event *e)
{
    struct ui *ui = e->ui;
    double end = x_end(ui, e->race);
    bool zoomed = ui->curves.x_high > ui->curves.x_low;
    double low = zoomed ? ui->curves.x_low : 0, high = zoomed ? ui->curves.x_high : end;
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

/* A fortieth of what is shown; the window follows. */
static void move_cursor(struct event *e)
{
    struct ui *ui = e->ui;
    double end = x_end(ui, e->race);
    bool zoomed = ui->curves.x_high > ui->curves.x_low;
    double low = zoomed ? ui->curves.x_low : 0, high = zoomed ? ui->curves.x_high : end;
    double by = (high - low) / 40 * (e->key == UI_KEY_LEFT ? -1 : 1);
    double at = isfinite(ui->curves.cursor) ? ui->curves.cursor + by : by < 0 ? high : low;

    at = at < 0 ? 0 : at > end ? end : at;
    ui->curves.cursor = at;
    double shift = at < low ? at - low : at > high ? at - high : 0;
    if (zoomed) {
        ui->curves.x_low += shift;
        ui->curves.x_high += shift;
    }
}

bool curves_act(struct event *e)
{
    struct ui *ui = e->ui;
    int focus = ui_focus(ui, e->race, e->probe), count = e->race ? e->race->count : 0;
    char line[96];

    if (count == 0)
        return false;
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
        ui->curves.log = !ui->curves.log;
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
    case ACTION_OPEN_MAP:
        ui_set_page(ui, PAGE_ATTENTION);
        return true;
    default:
        return false;
    }
}
