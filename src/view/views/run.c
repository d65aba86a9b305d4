/* Run: settings and what they mean, what is happening now, files and log. */
#include "view/boxes.h"
#include "view/sheet.h"

#include <stdio.h>
#include <string.h>

/* Rows of what is measured that stand over the settings where no box has them. */
static int facts_of(const struct frame *f, const struct layout *l)
{
    int rows = l->part[RUN_SETTINGS].h;
    if (!f->race || l->part[RUN_FACTS].h > 0 || rows < 11)
        return 0;
    return ui_clamp(sheet_facts(f->race), 0, rows < 20 ? 2 : rows / 3);
}

static int chosen_of(const struct frame *f)
{
    int list[SHEET_ROWS], n = sheet_rows(f->ui, f->race, list);
    return n > 0 ? list[ui_clamp(f->ui->run.row, 0, n - 1)] : SHEET_NONE;
}

static void layout_of(struct frame *f, struct rect body, struct layout *l)
{
    bool there = f->race && f->race->count > 0;
    int log = !there ? 0 : f->race->log_total < LOG_LINES ? (int)f->race->log_total : LOG_LINES;
    int count = sheet_count(f->ui, f->race);
    struct run_wants wants = {count, there ? f->race->count : count, contestants_own(f),
                              meaning_rows(f, body.w, chosen_of(f)), log,
                              there ? canvas_columns(f->race->folder) : 0, there};

    layout_run(l, body, &wants);
    if (f->ui->run.full == FULL_NONE)
        return;
    *l = (struct layout){0};
    if (there && f->ui->run.full == FULL_LOG) {
        l->part[RUN_LOG] = body;
    } else if (there && f->ui->run.full == FULL_FILES) {
        l->part[RUN_FILES] = rect_cut_top(&body, ui_clamp(wants.racing + 9, 1, body.h));
        l->part[RUN_FACTS] = rect_cut_top(&body, ui_clamp(wants.racing + wants.own + 5, 0, body.h));
        l->part[RUN_LOG] = body;
    } else {
        l->part[RUN_MEANING] = rect_cut_bottom(&body, ui_clamp(wants.meaning, 1, body.h / 4));
        l->part[RUN_SETTINGS] = body;
    }
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
    layout_of(f, body, &l);
    if (l.part[RUN_SETTINGS].h > 0) {
        struct rect old = canvas_clip(f->canvas, l.part[RUN_SETTINGS]);
        sheet_draw(f, l.part[RUN_SETTINGS], facts_of(f, &l), &chosen);
        f->canvas->clip = old;
    }
    chrome_part(f, l.part[RUN_FACTS], contestants_draw);
    if (there) {
        chrome_part(f, l.part[RUN_LOG], log_draw);
        chrome_part(f, l.part[RUN_FILES], files_draw);
    }
    if (l.part[RUN_MEANING].h > 0) {
        struct rect old = canvas_clip(f->canvas, l.part[RUN_MEANING]);
        bool beside = l.part[RUN_MEANING].y == l.part[RUN_SETTINGS].y;
        meaning_draw(f, l.part[RUN_MEANING], chosen, beside);
        f->canvas->clip = old;
    }
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
    int list[SHEET_ROWS], n = sheet_rows(ui, e->race, list);

    if (ui->run.full == FULL_LOG) {
        int back = (int)ui->run.back;
        if (e->key == UI_KEY_HOME || e->key == UI_KEY_END)
            back = e->key == UI_KEY_HOME ? LOG_LINES : 0;
        else {
            int moved = 0;
            list_key(&moved, e->key);
            back -= moved;
        }
        ui->run.back = back < 0 ? 0 : back;
        return;
    }
    list_key(&ui->run.row, e->key);
    ui->run.row = ui_clamp(ui->run.row, 0, n > 0 ? n - 1 : 0);
}

static void next_full(struct event *e)
{
    static const char *const names[] = {"everything has its part of the page", "the settings alone",
                                        "the log alone", "the files and the system first"};
    struct ui *ui = e->ui;
    bool back = e->key == 'V', there = e->race && e->race->count > 0;
    do
        ui->run.full = (enum run_full)((ui->run.full + (back ? FULL_COUNT - 1 : 1)) % FULL_COUNT);
    while (!there && ui->run.full > FULL_SETTINGS);
    ui_say(ui, names[ui->run.full]);
}

static void next_shown(struct ui *ui)
{
    static const char *const names[] = {"settings that this race reads", "settings that are changed or differ",
                                        "all settings"};
    ui->run.shown = (enum shown)((ui->run.shown + 1) % SHOWN_COUNT);
    ui->run.row = 0;
    ui_say(ui, names[ui->run.shown]);
}

static void act(struct event *e)
{
    struct ui *ui = e->ui;

    if (e->action == ACTION_SCROLL) {
        scroll(e);
        return;
    }
    if (e->action == ACTION_DIFFERENT) {
        next_shown(ui);
        return;
    }
    if (e->action == ACTION_FULL) {
        next_full(e);
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
    default:
        break;
    }
}

const struct view_ops view_run = {"run", "Run", draw, act, NULL, NULL};
