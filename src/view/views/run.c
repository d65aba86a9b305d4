/* Run: settings and what they mean, what is happening now, files and log. */
#include "view/ui_state.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { VALUE_WIDTH = 11, MAX_SETTINGS = 128 };

/* --- settings -------------------------------------------------------------------------------- */

static void value_of(const struct race_snapshot *race, int contestant, const struct setting *s,
                     char *out, size_t size)
{
    const struct contestant_view *v = &race->contestants[contestant];
    if (strncmp(s->key, "attn.", 5) == 0 && !v->attention[0])
        text_copy(out, size, "-");
    else
        config_value(&v->config, s, out, size);
}

/* Whether the values of the contestants that use this setting differ. */
static bool differs(const struct race_snapshot *race, const struct setting *s)
{
    char first[64] = "-", other[64];
    for (int i = 0; i < race->count; i++) {
        value_of(race, i, s, other, sizeof other);
        if (strcmp(other, "-") == 0)
            continue;
        if (strcmp(first, "-") != 0 && strcmp(first, other) != 0)
            return true;
        text_copy(first, sizeof first, other);
    }
    return false;
}

static bool changed(const struct race_snapshot *race, const struct setting *s)
{
    char value[64];
    for (int i = 0; i < race->count; i++) {
        value_of(race, i, s, value, sizeof value);
        if (strcmp(value, "-") != 0 && strcmp(value, s->initial) != 0)
            return true;
    }
    return false;
}

/* Indices of the settings to show; returns their number. */
static int listed(const struct ui *ui, const struct race_snapshot *race, int list[MAX_SETTINGS])
{
    int count, n = 0;
    const struct setting *settings = config_settings(&count);
    for (int i = 0; i < count && n < MAX_SETTINGS; i++)
        if (!ui->run.different || changed(race, &settings[i]))
            list[n++] = i;
    return n;
}

static int key_width(int width)
{
    return width >= 90 ? 24 : 20;
}

/* How many value columns fit, and where the meaning begins (0: no room). */
static int value_columns(int width, int count, int *meaning)
{
    int fit = (width - key_width(width) - 1) / (VALUE_WIDTH + 1);
    int columns = ui_clamp(fit, 1, count);
    *meaning = key_width(width) + 1 + columns * (VALUE_WIDTH + 1);
    if (width - *meaning < 24)
        *meaning = 0;
    return columns;
}

static void setting_row(struct frame *f, struct rect r, const struct setting *s, bool selected)
{
    struct canvas *c = f->canvas;
    char value[64];
    int meaning, columns = value_columns(r.w, f->race->count, &meaning);
    int focus = ui_focus(f->ui, f->race, f->probe),
        first = focus >= columns ? focus - columns + 1 : 0;
    bool each = differs(f->race, s), other = changed(f->race, s);
    uint8_t role = selected ? ROLE_CURSOR : other ? ROLE_ACCENT : ROLE_TEXT;

    if (selected)
        canvas_fill(c, r, ' ', ROLE_CURSOR, ROLE_CURSOR_BACKGROUND);
    canvas_text_fit(c, r.x, r.y, key_width(r.w), s->key, role, 0);
    for (int k = 0; k < (each ? columns : 1); k++) {
        value_of(f->race, first + k, s, value, sizeof value);
        canvas_text_fit(c, r.x + key_width(r.w) + 1 + k * (VALUE_WIDTH + 1), r.y, VALUE_WIDTH,
                        value,
                        selected ? ROLE_CURSOR
                        : each   ? chrome_series_role(first + k)
                                 : role,
                        other ? CELL_BOLD : 0);
    }
    if (meaning)
        canvas_text_fit(c, r.x + meaning, r.y, r.w - meaning, s->help,
                        selected ? ROLE_CURSOR : ROLE_DIM, 0);
}

static void settings_draw(struct frame *f, struct rect r, const struct setting **chosen)
{
    struct ui *ui = f->ui;
    struct canvas *c = f->canvas;
    int list[MAX_SETTINGS], all, n = listed(ui, f->race, list);
    const struct setting *settings = config_settings(&all);
    char right[48];

    snprintf(right, sizeof right, ui->run.different ? "%d changed of %d" : "%d of %d", n, all);
    if (r.h >= 5)
        r = canvas_box(c, r, "settings", right);
    if (n == 0) {
        chrome_notice(f, r, "every setting has its default", ROLE_DIM);
        return;
    }
    ui->run.row = ui_clamp(ui->run.row, 0, n - 1);
    *chosen = &settings[list[ui->run.row]];
    if (r.h >= 4) {
        int meaning, columns = value_columns(r.w, f->race->count, &meaning);
        int focus = ui_focus(ui, f->race, f->probe),
            first = focus >= columns ? focus - columns + 1 : 0;
        for (int k = 0; k < columns; k++) {
            char name[NAME_TEXT];
            chrome_short_name(name, sizeof name, f->race->contestants[first + k].name,
                              VALUE_WIDTH - 2);
            int x = r.x + key_width(r.w) + 1 + k * (VALUE_WIDTH + 1);
            canvas_text_fit(c, x, r.y, 2, chrome_marker(f->canvas, first + k),
                            chrome_series_role(first + k), 0);
            canvas_text_fit(c, x + 2, r.y, ui_clamp(r.x + r.w - x - 2, 0, VALUE_WIDTH - 2), name,
                            ROLE_DIM, CELL_BOLD);
        }
        rect_cut_top(&r, 1);
    }
    int top = ui_clamp(ui->run.row - r.h / 2, 0, n > r.h ? n - r.h : 0);
    for (int i = 0; i < r.h && top + i < n; i++)
        setting_row(f, (struct rect){r.x, r.y + i, r.w, 1}, &settings[list[top + i]],
                    top + i == ui->run.row);
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
        r = canvas_box(c, r, "now", ui->run.all ? "- + change every rate" : "- + change its rate");
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
        format_short(number, sizeof number, v->learning_rate);
        if (ui->run.factor[i] != 1)
            snprintf(factor, sizeof factor, " (x%.3g)", ui->run.factor[i]);
        char norm[24], speed[24];
        format_short(norm, sizeof norm, v->grad_norm);
        format_short(speed, sizeof speed, v->steps_per_second);
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
        snprintf(right, sizeof right, "%lld lines", (long long)race->log_total);
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

/* The chosen setting: what it means, then its range, default, and when it may change. */
static void meaning_draw(struct frame *f, struct rect r, const struct setting *s)
{
    char line[512], range[192];
    const char *when = s->flags & SETTING_LIVE     ? "changes live: - +"
                       : s->flags & SETTING_SHARED ? "the same for all, fixed once the run begins"
                                                   : "fixed once the run begins";

    snprintf(line, sizeof line, "%s: %s", s->key, s->help);
    canvas_text_fit(f->canvas, r.x + 1, r.y, r.w - 2, line, ROLE_ACCENT, 0);
    if (r.h < 2)
        return;
    range_of(s, range, sizeof range);
    snprintf(line, sizeof line, "%s  ·  default %s  ·  %s", range, s->initial, when);
    canvas_text_fit(f->canvas, r.x + 1, r.y + 1, r.w - 2, line, ROLE_DIM, 0);
}

static void draw(struct frame *f, struct rect body)
{
    const struct setting *chosen = NULL;
    struct layout l;

    if (!f->race || f->race->count == 0) {
        chrome_notice(f, body, "starting: the settings are being resolved", ROLE_DIM);
        return;
    }
    layout_run(&l, body, f->race->count);
    struct rect old = canvas_clip(f->canvas, l.part[RUN_SETTINGS]);
    settings_draw(f, l.part[RUN_SETTINGS], &chosen);
    f->canvas->clip = old;
    chrome_part(f, l.part[RUN_FACTS], facts_draw);
    chrome_part(f, l.part[RUN_LOG], log_draw);
    chrome_part(f, l.part[RUN_FILES], files_draw);
    if (l.part[RUN_MEANING].h > 0 && chosen)
        meaning_draw(f, l.part[RUN_MEANING], chosen);
}

/* --- keys ------------------------------------------------------------------------------------ */

/* The command multiplies the present rate; the screen keeps the product. */
static void set_factor(struct event *e, double change)
{
    struct ui *ui = e->ui;
    int focus = ui_focus(ui, e->race, e->probe);
    char line[96], name[NAME_TEXT];

    if (ui->stepping_only) {
        ui_say(ui, "nothing is trained here: there is no learning rate to change");
        return;
    }
    for (int i = 0; i < e->race->count; i++) {
        if (i != focus && !ui->run.all)
            continue;
        double by = change > 0 ? change : 1 / ui->run.factor[i];
        if (!config_rate_allowed(by * e->race->contestants[i].config.train.learning_rate))
            continue; /* the trainer would not take it either */
        ui->run.factor[i] *= by;
        event_send(e, COMMAND_LEARNING_RATE, i, by);
    }
    text_copy(name, sizeof name,
              ui->run.all ? "every contestant" : e->race->contestants[focus].name);
    snprintf(line, sizeof line, "%s: learning rate x%.3g of its schedule", name,
             ui->run.factor[focus]);
    ui_say(ui, line);
}

static void scroll(struct event *e)
{
    struct ui *ui = e->ui;
    int list[MAX_SETTINGS], n = listed(ui, e->race, list), row = ui->run.row;

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

    if (!e->race || e->race->count == 0)
        return;
    switch (e->action) {
    case ACTION_SCROLL:
        scroll(e);
        break;
    case ACTION_LOG_SCROLL:
        ui->run.back += e->key == '[' ? 1 : -1;
        ui->run.back = ui->run.back < 0 ? 0 : ui->run.back;
        break;
    case ACTION_RATE:
        set_factor(e, e->key == '-' ? 0.8 : 1.25);
        break;
    case ACTION_RATE_RESET:
        set_factor(e, 0);
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
