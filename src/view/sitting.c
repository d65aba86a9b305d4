/* What the person wants of the program as a whole, and what the screen forgets when another race is
   there. */
#include "view/ui_state.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "view/maps.h"

static void forget_choices(struct ui *ui)
{
    ui->focus = ui->versus = -1;
    ui->request = 0;
    ui->past = -1;
    ui->log_seen = -1;
    memset(ui->hidden, 0, sizeof ui->hidden);
    ui->curves.x_low = ui->curves.x_high = ui->curves.first = ui->curves.end = ui->curves.back = 0;
    ui->curves.cursor = NAN;
    ui->map.layer = ui->map.head = 0;
    ui->map.row = ui->map.column = -1;
    ui->map.difference = ui->map.subtracted = false;
    maps_forget(ui->map.frozen);
    ui->map.frozen = NULL;
    heat_memory_release(&ui->map.memory);
    heat_memory_release(&ui->map.beside);
    heat_memory_release(&ui->map.small);
    memset(ui->map.extent, 0, sizeof ui->map.extent);
    for (int i = 0; i < MAP_MEMORIES; i++)
        heat_memory_release(&ui->map.each[i]);
    ui->step.play = false;
    ui->step.typed = -1;
    ui->step.restarts = 0;
    ui->step.edit = EDIT_NONE;
    ui->run.back = 0;
    ui->images.row = ui->images.column = FIRST_PATCH;
    ui->learn.before.is = false;
    ui->page_kept = true;
}

void sitting_follow(struct ui *ui, const struct race_snapshot *race)
{
    if (!race || race->number == ui->number)
        return;
    if (ui->number > 0)
        forget_choices(ui);
    ui->number = race->number;
    if (!ui->form)
        return;
    if (ui->wish.kind == WISH_OPEN)
        form_take(ui->form, race);
    form_begun(ui->form);
}

const struct probe_snapshot *sitting_match(const struct race_snapshot *race,
                                           const struct probe_snapshot *probe)
{
    return race && probe && race->number != probe->number ? NULL : probe;
}

bool sitting_has_edits(const struct ui *ui)
{
    return ui->form && ui->form->edited;
}

bool sitting_is_ready(const struct ui *ui)
{
    return ui->form && ui->form->ready;
}

/* --- wishes ---------------------------------------------------------------------------------- */

static void wish(struct event *e)
{
    struct ui *ui = e->ui;
    struct form *form = ui->form;
    struct failure why;
    char seed[48];

    if (ui->asks.kind == ASKS_RESEED) {
        snprintf(seed, sizeof seed, "train.seed=%lld",
                 (long long)form->race.contestants[0].train.seed + 1);
        if (form_assign(form, seed, &why) < 0) {
            ui_say(ui, why.text);
            return;
        }
    }
    ui->wish.kind = ui->asks.kind == ASKS_OPEN ? WISH_OPEN : WISH_START;
    ui->wish.race = form->resolved;
    ui->wants_wish = form->asked = true;
}

bool sitting_goes_on(const struct race_snapshot *race)
{
    return race && (race->state == RACE_STARTING || race->state == RACE_RUNNING ||
                    race->state == RACE_PAUSED);
}

/* What would end, or be lost; "" if nothing. */
static void price(const struct event *e, char *out, size_t size)
{
    const struct race_snapshot *race = e->race;
    char step[32];

    out[0] = '\0';
    if (!race)
        return;
    text_thousands(step, sizeof step, race->step);
    if (!race->folder[0] && (race->step > 0 || sitting_goes_on(race)))
        snprintf(out, size, "this run keeps no files: its %s steps are lost", step);
    else if (race->folder[0] && sitting_goes_on(race))
        snprintf(out, size, "this run stops at step %s and is saved, o opens it", step);
}

void sitting_begin(struct event *e, enum asking kind, const char *folder)
{
    static const char *const verbs[] = {
        [ASKS_START] = "restart", [ASKS_RESEED] = "restart with the next seed", [ASKS_OPEN] = "open"};
    struct ui *ui = e->ui;
    char cost[FAILURE_TEXT - 128];

    ui->asks.kind = kind;
    if (folder)
        text_copy(ui->wish.folder, sizeof ui->wish.folder, folder);
    price(e, cost, sizeof cost);
    if (!cost[0]) {
        wish(e);
        ui->asks.kind = ASKS_NOTHING;
        return;
    }
    snprintf(ui->asks.line, sizeof ui->asks.line, "%s? y: yes; %s", verbs[kind], cost);
}

bool sitting_answer(struct event *e)
{
    struct ui *ui = e->ui;
    static const enum action same[] = {
        [ASKS_START] = ACTION_START, [ASKS_RESEED] = ACTION_RESEED, [ASKS_OPEN] = ACTION_OPEN_RUN};
    uint32_t meant;
    bool yes = e->key == 'y' || e->key == 'Y' ||
               command_look_up(&ui->bindings, ui->page, e->key, &meant) == same[ui->asks.kind];

    if (yes)
        wish(e);
    ui->asks.kind = ASKS_NOTHING;
    return yes;
}

const struct wish *ui_wants(struct ui *ui)
{
    bool wants = ui->wants_wish;
    ui->wants_wish = false;
    return wants ? &ui->wish : NULL;
}

void ui_notice(struct ui *ui, const char *line, bool busy)
{
    ui->busy = busy;
    text_escape(ui->busy_line, sizeof ui->busy_line, line);
    if (busy)
        return;
    ui_say(ui, line);
    if (ui->form)
        ui->form->asked = false;
}

void ui_lost(struct ui *ui, const struct command *command)
{
    if (command->request > 0 && command->request <= ui->request)
        ui->request = command->request - 1;
}

bool sitting_draw(struct frame *f, int y)
{
    const struct ui *ui = f->ui;
    bool asks = ui->asks.kind != ASKS_NOTHING;

    if (!asks && !ui->busy)
        return false;
    canvas_text_fit(f->canvas, 1, y, f->canvas->width - 2, asks ? ui->asks.line : ui->busy_line,
                    ROLE_WARN, asks ? CELL_BOLD : 0);
    return true;
}

void sitting_title(struct frame *f, int x, int y, int right)
{
    char about[96];

    if (!sitting_is_ready(f->ui))
        return;
    const struct race_config *race = &f->ui->form->resolved;
    snprintf(about, sizeof about, "%s · seed %lld", race->preset,
             (long long)race->contestants[0].train.seed);
    canvas_text_fit(f->canvas, x, y, right - 2 - x, about, ROLE_TITLE, 0);
}

void ui_settings_write(const struct ui *ui, struct text *out)
{
    race_config_write(&ui->form->race, out);
}
