#include "view/ui.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "view/learn.h"
#include "view/maps.h"
#include "view/pictures.h"
#include "view/step.h"
#include "view/timeline.h"

#define VIEW(ID, id, number) extern const struct view_ops view_##id;
#include "view/page_list.h"
#undef VIEW

static const struct view_ops *const views[] = {
#define VIEW(ID, id, number) &view_##id,
#include "view/page_list.h"
#undef VIEW
};

const double ui_smoothing[SMOOTHINGS] = {0, 0.5, 0.9, 0.97};

const struct view_ops *view_of(enum ui_page page)
{
    return views[page];
}

int ui_new(struct ui **out, const struct ui_options *options, struct failure *why)
{
    struct ui *ui = calloc(1, sizeof *ui);
    if (!ui)
        return fail(why, ERR_MEMORY, "screen: not enough memory");
    ui->stepping_only = options->stepping_only;
    if (options->bindings)
        ui->bindings = *options->bindings;
    memcpy(ui->commands, ui_commands(&(int){0}), sizeof ui->commands);
    for (int i = 0; i < ACTION_COUNT; i++)
        ui->commands[i].keys = ui_command_keys(&ui->bindings, i);
    ui->page = options->page;
    ui->page_kept = options->page_kept;
    ui->matching = options->matching;
    if (ui->page == PAGE_LEARN)
        learn_open(ui);
    ui->theme = options->theme;
    ui->focus = ui->versus = ui->log_seen = -1;
    ui->past = -1;
    ui->curves.log = true;
    ui->curves.smooth = 2;
    ui->curves.cursor = NAN;
    ui->map.row = ui->map.column = -1;
    ui->images.row = ui->images.column = FIRST_PATCH;
    ui->step.typed = -1;
    ui->step.temperature = -1;
    ui->step.per_second = 4;
    ui->step.player = ACTION_NONE;
    ui->compare.sort = 1; /* accuracy */
    if (options->setup) {
        int code = form_new(&ui->form, options->setup, why);
        if (code < 0) {
            ui_free(ui);
            return code;
        }
    }
    *out = ui;
    return 0;
}

static void drop_frozen(struct ui *ui)
{
    maps_forget(ui->map.frozen);
    ui->map.frozen = NULL;
}

void ui_free(struct ui *ui)
{
    if (!ui)
        return;
    drop_frozen(ui);
    form_free(ui->form);
    free(ui->learn.list);
    maps_forget(ui->map.delta);
    heat_memory_release(&ui->map.memory);
    heat_memory_release(&ui->map.beside);
    heat_memory_release(&ui->map.small);
    for (int i = 0; i < MAP_MEMORIES; i++)
        heat_memory_release(&ui->map.each[i]);
    free(ui);
}

int ui_clamp(int v, int low, int high)
{
    return v > high ? (high < low ? low : high) : v < low ? low : v;
}

const char *ui_page_name(enum ui_page page)
{
    return views[page]->name;
}

enum ui_page ui_page_now(const struct ui *ui)
{
    return ui->page;
}

int ui_page_by_name(const char *name, enum ui_page *out, struct failure *why)
{
    const char *names[PAGE_COUNT];

    for (int i = 0; i < PAGE_COUNT; i++) {
        names[i] = views[i]->name;
        if (strcmp(name, names[i]) == 0) {
            *out = (enum ui_page)i;
            return 0;
        }
    }
    int near = text_nearest(name, names, PAGE_COUNT);
    if (near >= 0)
        return fail(why, ERR_USAGE, "view %s: unknown: did you mean %s?", name, names[near]);
    char list[256] = "";
    for (int i = 0, n = 0; i < PAGE_COUNT && n < (int)sizeof list; i++)
        n += snprintf(list + n, sizeof list - (size_t)n, "%s%s", i ? ", " : "", names[i]);
    return fail(why, ERR_USAGE, "view %s: unknown: use one of %s", name, list);
}

void ui_hit(struct ui *ui, struct rect at, enum hit_kind kind, int a, int b)
{
    at = rect_common(at, (struct rect){0, 0, ui->shape.width, ui->shape.height});
    if (ui->hit_count < MAX_HITS && at.w > 0 && at.h > 0)
        ui->hits[ui->hit_count++] = (struct hit){at, kind, a, b};
}

void ui_draw(struct ui *ui, struct canvas *canvas, const struct race_snapshot *race,
             const struct probe_snapshot *probe)
{
    struct frame f = {ui, canvas, race, sitting_match(race, probe)};

    canvas_clear(canvas);
    sitting_follow(ui, race);
    ui_page_follow(ui, race);
    ui->hit_count = 0;
    ui->shape = *canvas;
    ui->shape.cells = NULL;
    if (ui->message[0] && clock_now() > ui->message_until)
        ui->message[0] = 0;
    /* A line of the log waits until an answer to the person was read. */
    bool may_say = ui->log_seen < 0 || !ui->message[0] || ui->logged;
    if (race && race->log_total > ui->log_seen && may_say) {
        /* What was logged before the first drawing is on the page Run. */
        if (ui->log_seen >= 0 && race->step > 0) {
            ui_say(ui, race->message);
            ui->logged = true;
        }
        ui->log_seen = race->log_total;
    }
    struct rect body = chrome_draw(&f);
    if (body.w <= 0 || body.h <= 0)
        return;
    struct rect whole = canvas_clip(canvas, body);
    if (ui->help) {
        ui->hit_count = 0;
        help_draw(&f, body);
    } else if (!race && sitting_is_ready(ui) && ui->page != PAGE_RUN &&
               ui->page != PAGE_LEARN) {
        chrome_notice(&f, body, "not started: Space begins the race, or R on the page Run", ROLE_DIM);
    } else {
        views[ui->page]->draw(&f, body);
    }
    if (ui->picker.kind != PICKING_NONE) {
        ui->hit_count = 0;
        picker_draw(&f, body);
    }
    if (ui->palette.open) {
        ui->hit_count = 0;
        palette_draw(&f, body);
    }
    canvas->clip = whole;
    chrome_message(&f);
}

/* --- keys ------------------------------------------------------------------------------------ */

void event_send(struct event *e, enum command_kind kind, int index, double value)
{
    if (e->count >= e->capacity) {
        ui_say(e->ui, "too many keys at once: one was left out");
        return;
    }
    struct command c = {kind, index, value, 0};
    if (kind >= COMMAND_FOCUS)
        c.request = ++e->ui->request;
    e->out[e->count++] = c;
}

void ui_set_focus(struct event *e, int contestant)
{
    struct ui *ui = e->ui;
    if (!e->race || e->race->count == 0 || contestant == ui_focus(ui, e->race, e->probe))
        return;
    if (contestant == ui->versus) /* they change places, here and in the prober */
        ui->versus = ui_focus(ui, e->race, e->probe);
    ui->focus = contestant;
    event_send(e, COMMAND_FOCUS, contestant, 0);
}

void ui_next_versus(struct event *e)
{
    struct ui *ui = e->ui;
    int count = e->race ? e->race->count : 0, focus = ui_focus(ui, e->race, e->probe);
    char line[NAME_TEXT + 48];

    if (count < 2) {
        ui_say(ui, "there is no other contestant");
        return;
    }
    int next = ui->versus + 1;
    next += next == focus;
    ui->versus = next < count ? next : -1;
    ui->step.edit = EDIT_NONE;
    event_send(e, COMMAND_VERSUS, ui->versus, 0);
    if (ui->versus < 0)
        snprintf(line, sizeof line, "one contestant");
    else
        snprintf(line, sizeof line, "beside it: %s", e->race->contestants[ui->versus].name);
    ui_say(ui, line);
}

static void turn_page(struct ui *ui, bool forward)
{
    int count = 0, here = 0;
    for (; ui_page_at(ui, count) != PAGE_COUNT; count++)
        here = ui_page_at(ui, count) == ui->page ? count : here;
    ui_set_page(ui, ui_page_at(ui, (here + (forward ? 1 : count - 1)) % count));
}

/* A number stays a page's own: where this race has nothing for it, it says so. */
static void open_page(struct ui *ui, int number)
{
    enum ui_page page = ui_page_of_number(number);
    const char *lacks = page != PAGE_COUNT ? ui_page_lacks(ui, page) : "no page has this number";

    if (lacks && page != ui->page)
        ui_say(ui, lacks);
    else
        ui_set_page(ui, page);
}

void ui_set_page(struct ui *ui, enum ui_page page)
{
    /* What there is of attention and steps of images stands there. */
    bool pictured = ui->draws && page != PAGE_MEASURE && ui_page_lacks(ui, page);
    ui->page = pictured ? PAGE_IMAGES : page;
    ui->page_kept = false;
    if (ui->page == PAGE_LEARN)
        learn_open(ui);
    ui->step.play = false;
    ui->step.typing = false;
    ui->step.typed = -1;
    ui->step.spells = false;
    ui->step.edit = EDIT_NONE;
}

/* The next in the list that can be read; one that cannot is told of. */
static void next_theme(struct ui *ui)
{
    struct theme_name *names;
    struct failure why = {0}, broken = {0};
    struct theme next;
    char line[64];
    int n = theme_list(&names, &why), at = -1, loaded = -1;

    for (int i = 0; i < n; i++)
        if (strcmp(names[i].name, ui->theme.name) == 0)
            at = i;
    for (int i = 1; i <= n && loaded < 0; i++)
        loaded = theme_load(&next, names[(at + i) % n].name, broken.text[0] ? &why : &broken) == 0
                     ? (at + i) % n
                     : -1;
    if (loaded >= 0) {
        ui->theme = next;
        ui->theme_serial++;
        snprintf(line, sizeof line, "theme %s", names[loaded].name);
    }
    ui_say(ui, n < 0 ? why.text : broken.text[0] ? broken.text : line);
    if (n >= 0)
        free(names);
}

/* Whether a trainer listens; says so if not. */
static bool has_trainer(struct event *e)
{
    if (sitting_is_ready(e->ui)) {
        ui_say(e->ui, "not started: Space begins the race, or R on the page Run");
        return false;
    }
    if (e->ui->stepping_only) {
        ui_say(e->ui, "nothing is trained here: the weights come from the run's files");
        return false;
    }
    return true;
}

static bool is_training(const struct event *e)
{
    return !e->ui->stepping_only && e->race &&
           (e->race->state == RACE_STARTING || e->race->state == RACE_RUNNING ||
            e->race->state == RACE_PAUSED);
}

static void pause_or_resume(struct event *e)
{
    if (sitting_is_ready(e->ui)) {
        e->action = ACTION_START;
        form_act(e);
        return;
    }
    if (!has_trainer(e))
        return;
    if (!is_training(e)) {
        ui_say(e->ui, e->race ? "the race is over" : "the race has not begun yet");
        return;
    }
    event_send(e, e->race->state == RACE_PAUSED ? COMMAND_RESUME : COMMAND_PAUSE, -1, 0);
}

static void close_something(struct event *e)
{
    struct ui *ui = e->ui;
    ui->message[0] = 0;
    if (ui->page == PAGE_STEP && step_close(e))
        return;
    if (ui->page == PAGE_STEP || ui->page == PAGE_IMAGES || ui->page == PAGE_RUN ||
        ui->page == PAGE_COMPARE || ui->page == PAGE_PROBE || ui->page == PAGE_LEARN ||
        (ui->page == PAGE_MEASURE && !ui->sweep))
        ui_set_page(ui, PAGE_TRAIN);
    else if (ui->page == PAGE_ATTENTION && ui->map.frozen)
        drop_frozen(ui);
    else if (ui->page == PAGE_ATTENTION && (ui->map.row >= 0 || ui->map.column >= 0))
        ui->map.row = ui->map.column = -1;
    else if (ui->page == PAGE_ATTENTION)
        ui_set_page(ui, PAGE_TRAIN);
    else
        ui->curves.cursor = NAN;
}

/* Actions that mean the same on every page; false: the page's own. */
static bool act_everywhere(struct event *e)
{
    struct ui *ui = e->ui;
    switch (e->action) {
    case ACTION_FOCUS:
        if (ui->page == PAGE_RUN && form_act(e))
            return true;
        if (e->race && e->race->count > 1)
            ui_set_focus(e, (ui_focus(ui, e->race, e->probe) + 1) % e->race->count);
        else
            ui_say(ui, "there is no other contestant");
        return true;
    case ACTION_PAUSE:
        pause_or_resume(e);
        return true;
    case ACTION_SINGLE:
        if (has_trainer(e))
            event_send(e, COMMAND_SINGLE_STEP, -1, 0);
        return true;
    case ACTION_PAGE:
        open_page(ui, (int)(e->key - '0'));
        return true;
    case ACTION_NEXT_PAGE:
        turn_page(ui, e->key == UI_KEY_TAB);
        return true;
    case ACTION_THEME:
        next_theme(ui);
        return true;
    case ACTION_SAVE:
        if (has_trainer(e))
            event_send(e, COMMAND_SAVE, -1, 0);
        return true;
    case ACTION_EXPORT:
        ui->wants_export = true;
        return true;
    case ACTION_CLOSE:
        close_something(e);
        return true;
    case ACTION_PALETTE:
        ui->palette.open = true;
        ui->palette.query[0] = '\0';
        ui->palette.row = 0;
        return true;
    case ACTION_HELP:
        ui->help = true;
        ui->help_row = 0;
        return true;
    case ACTION_QUIT:
        ui->asks_quit = is_training(e) || sitting_has_edits(ui);
        ui->asks_quit_form = !is_training(e);
        ui->wants_quit = !ui->asks_quit;
        return true;
    default:
        return timeline_act(e);
    }
}

void ui_act(struct event *e)
{
    if (!act_everywhere(e))
        views[e->ui->page]->act(e);
}

int ui_key(struct ui *ui, uint32_t key, const struct ui_mouse *m, const struct race_snapshot *race,
           const struct probe_snapshot *probe, struct command *outbox, int capacity)
{
    struct event e = {ui, ACTION_NONE, key, race, sitting_match(race, probe), outbox, 0, capacity};

    if (ui->asks.kind != ASKS_NOTHING) {
        sitting_answer(&e);
        return e.count;
    }
    if (ui->asks_quit) {
        ui->asks_quit = false;
        ui->wants_quit = command_look_up(&ui->bindings, ui->page, key, &e.key) == ACTION_QUIT ||
                         key == 'y' || key == 'Y';
        return 0;
    }
    if (ui->file.open && key != UI_KEY_MOUSE) {
        ui_file_key(ui, key);
        return 0;
    }
    if (key == UI_KEY_MOUSE) {
        if (m && !ui->help && !ui->file.open && ui->typing.kind == TYPING_NONE)
            mouse_act(&e, m);
        return e.count;
    }
    if (ui->typing.kind != TYPING_NONE) {
        form_key(&e, key);
        return e.count;
    }
    if (ui->picker.kind != PICKING_NONE) {
        picker_key(&e, key);
        return e.count;
    }
    if (ui->help) {
        help_key(ui, key);
        return 0;
    }
    if (ui->palette.open) {
        if (palette_key(&e, key))
            ui_act(&e);
        return e.count;
    }
    ui->message[0] = '\0'; /* it was about what came before this key */
    if (step_type_key(&e))
        return e.count;
    e.action = command_look_up(&ui->bindings, ui->page, key, &e.key);
    if (step_pending(&e, key))
        return e.count;
    if (e.action != ACTION_NONE)
        ui_act(&e);
    return e.count;
}

int ui_tick(struct ui *ui, const struct race_snapshot *race, const struct probe_snapshot *probe,
            struct command *outbox, int capacity)
{
    struct event e = {ui, ACTION_PLAY, 0, race, sitting_match(race, probe), outbox, 0, capacity};
    double now = clock_now();

    /* Never ahead of the answers: what is shown is what was played. */
    if (!ui_is_busy(ui) || ui->help || !ui_is_answered(ui, e.probe) || now < ui->step.due)
        return 0;
    ui->step.due = now + 1 / ui->step.per_second;
    step_play(&e);
    return e.count;
}
