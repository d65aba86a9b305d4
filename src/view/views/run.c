/* Run: settings and what they mean, what is happening now, files and log. */
#include "view/ui_state.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What nothing was measured of yet is no number. */
static void format_measured(char out[24], double value, bool measured)
{
    if (measured)
        format_short(out, 24, value);
    else
        text_copy(out, 24, "-");
}

/* --- what is happening ----------------------------------------------------------------------- */

static void facts_draw(struct frame *f, struct rect r)
{
    struct canvas *c = f->canvas;
    const struct race_snapshot *race = f->race;
    const struct ui *ui = f->ui;
    char number[24], seconds[32];
    int focus = ui_focus(ui, race, f->probe);

    if (r.h >= 4)
        r = canvas_box(c, r, "now",
                       ui->stepping_only ? ""
                       : ui->run.all     ? "- + change every rate"
                                         : "- + change its rate");
    text_duration(seconds, sizeof seconds, race->seconds);
    if (r.h > race->count) {
        canvas_textf(c, r.x, r.y, ROLE_DIM, 0, "time %s", seconds);
        canvas_text_fit(c, r.x + 6 + (int)strlen(seconds) + 1, r.y, r.w - 7 - (int)strlen(seconds),
                        race->folder[0] ? race->folder : "keeps no files", ROLE_TEXT, 0);
        rect_cut_top(&r, 1);
    }
    if (race->message[0] && r.h > race->count) {
        canvas_text_fit(c, r.x, r.y, r.w, race->message,
                        race->state == RACE_FAILED ? ROLE_BAD : ROLE_WARN, 0);
        rect_cut_top(&r, 1);
    }
    int first = ui_clamp(focus - r.h + 1, 0, race->count);
    for (int i = first; i < race->count && i - first < r.h; i++) {
        const struct contestant_view *v = &race->contestants[i];
        char name[NAME_TEXT], line[256], factor[24] = "";
        int y = r.y + i - first;
        chrome_short_name(name, sizeof name, v->name, 14);
        canvas_textf(c, r.x, y, v->failed ? ROLE_BAD : chrome_series_role(i),
                     i == focus || ui->run.all ? CELL_BOLD : 0, "%s %s%s",
                     i == focus || ui->run.all ? "▸" : " ", chrome_marker(f->canvas, i), "");
        canvas_text_fit(c, r.x + 4, y, 14, name, v->failed ? ROLE_BAD : chrome_series_role(i),
                        i == focus ? CELL_BOLD : 0);
        if (v->failed) {
            canvas_text_fit(c, r.x + 19, y, r.w - 19, v->failure, ROLE_BAD, 0);
            continue;
        }
        format_measured(number, v->learning_rate, v->step > 0 || isfinite(v->learning_rate));
        if (v->config.train.learning_rate != v->own_rate)
            snprintf(factor, sizeof factor, " (x%.3g)", v->config.train.learning_rate / v->own_rate);
        char norm[24], speed[24];
        format_measured(norm, v->grad_norm, v->step > 0);
        format_measured(speed, v->steps_per_second, v->steps_per_second > 0);
        snprintf(line, sizeof line, "rate %s%s  gradient %s  %s steps/s", number, factor, norm,
                 speed);
        canvas_text_fit(c, r.x + 19, y, r.w - 19, line, ROLE_TEXT, 0);
    }
}

/* Lines of the log that can be shown below the oldest one. */
static int64_t log_kept(const struct race_snapshot *race)
{
    return race->log_total < LOG_LINES ? race->log_total : LOG_LINES;
}

static void log_draw(struct frame *f, struct rect r)
{
    const struct race_snapshot *race = f->race;
    struct ui *ui = f->ui;
    char right[64];

    int rows = r.h > 2 ? r.h - 2 : r.h;
    int64_t kept = log_kept(race), most = kept > rows ? kept - rows : 0;
    ui->run.back = ui->run.back > most ? most : ui->run.back;
    int64_t last = race->log_total - ui->run.back;
    int64_t shown = kept - ui->run.back < rows ? kept - ui->run.back : rows;
    if (ui->run.back > 0)
        snprintf(right, sizeof right, "to line %lld of %lld", (long long)last,
                 (long long)race->log_total);
    else
        snprintf(right, sizeof right, race->log_total == 1 ? "1 line" : "%lld lines",
                 (long long)race->log_total);
    r = canvas_box(f->canvas, r, "log", right);
    for (int64_t i = 0; i < shown; i++) {
        int64_t line = last - shown + i;
        canvas_text_fit(f->canvas, r.x, r.y + (int)i, r.w, race->log[line % LOG_LINES], ROLE_TEXT,
                        0);
    }
}

/* What stands in the run's folder, and what it is good for. */
static void files_draw(struct frame *f, struct rect r)
{
    const struct race_snapshot *race = f->race;
    struct canvas *c = f->canvas;
    char line[NAME_TEXT + 64];

    r = canvas_box(c, r, "files", race->folder[0] && !f->ui->stepping_only ? "w writes now" : "");
    if (!race->folder[0]) {
        chrome_notice(f, r, "this run keeps no files", ROLE_DIM);
        return;
    }
    struct rect old = canvas_clip(c, r);
    canvas_text_fit(c, r.x, r.y, r.w, race->folder, ROLE_TEXT, CELL_BOLD);
    canvas_text_fit(c, r.x, r.y + 1, r.w, "config.ini      every setting: heed train repeats the run",
                    ROLE_DIM, 0);
    canvas_text_fit(c, r.x, r.y + 2, r.w, "metrics.jsonl   the curves, a line at a time", ROLE_DIM, 0);
    for (int i = 0; i < race->count; i++) {
        snprintf(line, sizeof line, "%s/checkpoint.safetensors", race->contestants[i].name);
        canvas_text_fit(c, r.x, r.y + 3 + i, r.w, line, chrome_series_role(i), 0);
    }
    c->clip = old;
}

/* "1..8192 or auto", "layer, rms or none". */
static void range_of(const struct setting *s, char *out, size_t size)
{
    char low[24], high[24];
    const char *automatic = s->flags & SETTING_MAY_BE_AUTO ? " or auto" : "";
    if (s->choices) {
        text_copy(out, size, s->choices);
        for (char *bar = out; (bar = strchr(bar, '|')) != NULL;)
            *bar = '/';
        return;
    }
    if (s->type == SETTING_NAME) {
        text_copy(out, size, "a name");
        return;
    }
    snprintf(low, sizeof low, "%.10g", s->low);
    snprintf(high, sizeof high, "%.10g", s->high);
    snprintf(out, size, "%s to %s%s", low, high, automatic);
}

/* The chosen setting: what it means, then its range, default, and when it may change, or what a
   restart would make of it. */
static void meaning_draw(struct frame *f, struct rect r, int chosen)
{
    char line[512], range[192], change[200];
    if (chosen == SHEET_CAST) {
        canvas_text_fit(f->canvas, r.x + 1, r.y, r.w - 2,
                        "race: who races, model-attention or model, divided by commas", ROLE_ACCENT,
                        0);
        sheet_change(f->ui, f->race, chosen, change, sizeof change);
        if (r.h > 1)
            canvas_text_fit(f->canvas, r.x + 1, r.y + 1, r.w - 2,
                            change[0] ? change : "A adds one, X drops the marked one, Enter types",
                            change[0] ? ROLE_WARN : ROLE_DIM, 0);
        return;
    }
    const struct setting *s = &config_settings(&(int){0})[chosen];
    const char *when = s->flags & SETTING_LIVE     ? "changes live: - +"
                       : s->flags & SETTING_SHARED ? "the same for all, fixed once the run begins"
                                                   : "fixed once the run begins";

    snprintf(line, sizeof line, "%s: %s", s->key, s->help);
    if (canvas_columns(line) > r.w - 2) /* its key stands in the list */
        text_copy(line, sizeof line, s->help);
    canvas_text_fit(f->canvas, r.x + 1, r.y, r.w - 2, line, ROLE_ACCENT, 0);
    if (r.h < 2)
        return;
    range_of(s, range, sizeof range);
    sheet_change(f->ui, f->race, chosen, change, sizeof change);
    snprintf(line, sizeof line, "%s  ·  default %s  ·  %s", range, s->initial,
             change[0] ? change : when);
    canvas_text_fit(f->canvas, r.x + 1, r.y + 1, r.w - 2, line, change[0] ? ROLE_WARN : ROLE_DIM, 0);
}

static void draw(struct frame *f, struct rect body)
{
    bool there = f->race && f->race->count > 0;
    int chosen = SHEET_NONE;
    struct layout l;

    if (!there && !f->ui->form) {
        chrome_notice(f, body, "starting: the settings are being resolved", ROLE_DIM);
        return;
    }
    layout_run(&l, body, there ? f->race->count : 0);
    struct rect old = canvas_clip(f->canvas, l.part[RUN_SETTINGS]);
    sheet_draw(f, l.part[RUN_SETTINGS], &chosen);
    f->canvas->clip = old;
    if (there) {
        chrome_part(f, l.part[RUN_FACTS], facts_draw);
        chrome_part(f, l.part[RUN_LOG], log_draw);
        chrome_part(f, l.part[RUN_FILES], files_draw);
    }
    if (l.part[RUN_MEANING].h > 0 && chosen != SHEET_NONE)
        meaning_draw(f, l.part[RUN_MEANING], chosen);
    form_line_draw(f, body);
}

/* --- keys ------------------------------------------------------------------------------------ */

/* Multiply the rate of the chosen contestant, or of all; 0: that of the run's settings again. */
static void change_rate(struct event *e, double factor)
{
    struct ui *ui = e->ui;
    int focus = ui_focus(ui, e->race, e->probe);
    const struct contestant_view *chosen = &e->race->contestants[focus];
    double now = factor > 0 ? factor * chosen->config.train.learning_rate : chosen->own_rate;
    char line[96];

    if (ui->stepping_only) {
        ui_say(ui, "nothing is trained here: there is no learning rate to change");
        return;
    }
    for (int i = 0; i < e->race->count; i++) {
        double rate = e->race->contestants[i].config.train.learning_rate;
        if (i != focus && !ui->run.all)
            continue;
        if (factor == 0)
            event_send(e, COMMAND_PEAK_RATE, i, 0);
        else if (config_rate_allowed(factor * rate)) /* the trainer would not take it either */
            event_send(e, COMMAND_LEARNING_RATE, i, factor);
    }
    snprintf(line, sizeof line, "%.48s: learning rate x%.3g of its schedule",
             ui->run.all ? "every contestant" : chosen->name, now / chosen->own_rate);
    ui_say(ui, line);
}

static void scroll(struct event *e)
{
    struct ui *ui = e->ui;
    int list[SHEET_ROWS], n = sheet_rows(ui, e->race, list), row = ui->run.row;

    switch (e->key) {
    case UI_KEY_UP:
        row--;
        break;
    case UI_KEY_DOWN:
        row++;
        break;
    case UI_KEY_PAGE_UP:
        row -= 10;
        break;
    case UI_KEY_PAGE_DOWN:
        row += 10;
        break;
    case UI_KEY_HOME:
        row = 0;
        break;
    default:
        row = n - 1;
        break;
    }
    ui->run.row = ui_clamp(row, 0, n > 0 ? n - 1 : 0);
}

static void act(struct event *e)
{
    struct ui *ui = e->ui;

    if (e->action == ACTION_SCROLL) {
        scroll(e);
        return;
    }
    if (form_act(e) || !e->race || e->race->count == 0)
        return;
    switch (e->action) {
    case ACTION_LOG_SCROLL:
        ui->run.back += e->key == '[' ? 1 : -1;
        ui->run.back = ui->run.back < 0 ? 0 : ui->run.back;
        break;
    case ACTION_RATE:
        change_rate(e, e->key == '-' ? 0.8 : 1.25);
        break;
    case ACTION_RATE_RESET:
        change_rate(e, 0);
        break;
    case ACTION_RATE_ALL:
        ui->run.all = !ui->run.all;
        break;
    case ACTION_DIFFERENT:
        ui->run.different = !ui->run.different;
        ui->run.row = 0;
        break;
    default:
        break;
    }
}

const struct view_ops view_run = {"run", "Run", draw, act, NULL, NULL};
