/* What keys do to the charts: scales, window, cursor. */
#include "view/curves.h"

#include <math.h>
#include <stdio.h>

static void fit(struct ui *ui)
{
    ui->curves.x_low = ui->curves.x_high = 0;
    ui->curves.follow = false;
}

/* The narrowest window: four of the steps that the curves' points stand for. */
static double narrowest(const struct race_snapshot *race, double end)
{
    int64_t span = 1;
    for (int i = 0; i < race->count; i++)
        if (race->contestants[i].metric[METRIC_LOSS].span > span)
            span = race->contestants[i].metric[METRIC_LOSS].span;
    return race->step > 0 ? 4 * end * (double)span / (double)race->step : end / 4096;
}

static void zoom(struct event *e)
{
    struct ui *ui = e->ui;
    double end = curves_end(ui, e->race), low, high;
    bool zoomed = curves_window(ui, e->race, &low, &high);
    double width = (high - low) * (e->key == '-' ? 2 : 0.5);

    if (end <= 0)
        return;
    if (width >= end) {
        if (!zoomed)
            ui_say(ui, "the whole run is shown");
        fit(ui);
        return;
    }
    if (width < narrowest(e->race, end)) {
        ui_say(ui, "no closer: a few points would fill the window");
        return;
    }
    double at = isfinite(ui->curves.cursor) ? ui->curves.cursor + width / 2 : high;
    high = at > end ? end : at < width ? width : at;
    ui->curves.x_low = high - width;
    ui->curves.x_high = high;
}

/* A quarter of the window; who looks elsewhere does not follow. */
static void pan(struct event *e)
{
    struct ui *ui = e->ui;
    double end = curves_end(ui, e->race), low, high;
    if (!curves_window(ui, e->race, &low, &high)) {
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
    if (!curves_window(ui, e->race, &low, &high)) {
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
    double end = curves_end(ui, e->race), low, high;
    bool zoomed = curves_window(ui, e->race, &low, &high);
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
