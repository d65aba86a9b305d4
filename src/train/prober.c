#include "train/prober.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/thread.h"
#include "train/look.h"
#include "train/prober_state.h"

/* Live maps are refreshed ten times a second, or more seldom, so that looking costs at most a tenth of
   one core. */
static const double REFRESH_SECONDS = 0.1, COST_SHARE = 0.1;

/* Contestant and sequence of each picture, by what was chosen. */
static void aim(struct prober *p)
{
    bool branch = p->kind == SECOND_BRANCH;
    p->sights[0].stepper = p->stepper;
    p->sights[0].contestant = p->focus;
    p->sights[1].stepper = branch ? p->branch : p->stepper;
    p->sights[1].contestant = p->kind == SECOND_VERSUS ? p->versus : p->focus;
}

int prober_new(struct prober **out, const struct race *race, int number, struct weight_box *box,
               const struct gathering *files, struct feed *feed, struct failure *why)
{
    struct prober *p = calloc(1, sizeof *p);
    if (!p)
        return fail(why, ERR_MEMORY, "no memory for the prober");
    *p = (struct prober){
        .race = race, .number = number, .box = box, .feed = feed, .versus = -1, .asked = -1};
    p->past = (struct past){.files = files, .step = -1, .contestant = -1};
    p->stepper = &p->sequences[0];
    p->branch = &p->sequences[1];
    int code = team_new(&p->team, 1, why);
    for (int i = 0; i < race->count; i++)
        p->weights_step[i] = -1;
    if (code == 0)
        code = stepper_begin(p->stepper, race->task, why);
    if (code < 0) {
        prober_free(p);
        return code;
    }
    aim(p);
    p->sights[0].predicted = p->sights[1].predicted = -1;
    *out = p;
    return 0;
}

/* Run the window of each sight through its contestant, the second one first. */
static void look(struct prober *p)
{
    if (p->owes && p->kind != SECOND_NONE)
        prober_ask_both(p);
    for (int k = p->kind == SECOND_NONE ? 0 : 1; k >= 0; k--) {
        struct sight *s = &p->sights[k];
        s->predicted = -1;
        if (has_weights(p, s->contestant))
            s->predicted = look_expect(p->models[s->contestant], s->stepper,
                                       s->stepper->now.cursor);
    }
}

static void show(const struct prober *p, const struct sight *s, struct probe_snapshot *out)
{
    const struct contestant *c = &p->race->contestants[s->contestant];
    size_t need = probe_map_need(&p->race->config, p->all_maps);
    /* The slots may be those of an earlier race. Without memory for more, fewer maps are shown. */
    feed_grow(out, need);
    need = need < out->map_room ? need : out->map_room;
    out->serial = p->serial;
    out->number = p->number;
    out->request = p->request;
    out->contestant = s->contestant;
    text_copy(out->name, sizeof out->name, c->name);
    text_copy(out->message, sizeof out->message, p->message);
    out->alphabet = p->race->task->alphabet;
    out->weights_step = p->weights_step[s->contestant];
    out->ready = s->predicted >= 0;
    out->predicted = s->predicted;
    out->past = p->past.step;
    out->timeline_count = p->past.count;
    memcpy(out->timeline, p->past.steps, sizeof out->timeline);
    out->layers = out->heads = out->map_first = out->map_count = 0;
    out->map_floats = 0;
    out->lens = 0;
    prober_change_show(p, out);
    stepper_show(s->stepper, s->contestant, out);
    if (out->ready)
        look_show(p->models[s->contestant], need, p->map, out);
    else if (out->message[0] == '\0' && has_weights(p, s->contestant))
        snprintf(out->message, sizeof out->message, "%s answers after full windows of %d symbols: "
                 "%d more are needed", c->name, out->context, out->context - out->positions);
    else if (out->message[0] == '\0')
        snprintf(out->message, sizeof out->message, "%s has no weights yet", c->name);
}

static void publish(struct prober *p)
{
    struct probe_snapshot *out = exchange_back(&p->feed->probe);
    const struct sight *first = &p->sights[0], *second = &p->sights[1];
    p->serial++;
    past_list(&p->past, p->focus);
    feed_draws_not(out);
    out->second_kind = p->kind;
    if (p->kind != SECOND_NONE) {
        /* A branch uses the same model, which knows its newest look alone. */
        if (p->kind == SECOND_BRANCH && second->predicted >= 0)
            look_expect(p->models[p->focus], second->stepper, second->stepper->now.cursor);
        show(p, second, out->second);
        if (p->kind == SECOND_BRANCH && first->predicted >= 0)
            look_expect(p->models[p->focus], first->stepper, first->stepper->now.cursor);
    }
    show(p, first, out);
    prober_exam_show(p, &out->exam);
    exchange_publish(&p->feed->probe);
}

/* --- commands ---------------------------------------------------------------------------------- */

static void say(struct prober *p, const char *text)
{
    text_copy(p->message, sizeof p->message, text);
}

/* Append to both sequences of a branch, or to the one there is. Negative: no such symbol. */
static void append(struct prober *p, int first, int second)
{
    int symbols = p->race->task->alphabet.count;
    bool branch = p->kind == SECOND_BRANCH;
    if (first < 0 || first >= symbols || (branch && (second < 0 || second >= symbols)))
        return;
    if (stepper_is_full(p->stepper)) {
        snprintf(p->message, sizeof p->message,
                 "this task's sequences end after %d symbols: ← goes back, n is another",
                 p->stepper->context);
        return;
    }
    stepper_append(p->stepper, first, p->focus, p->sights[0].predicted);
    if (branch)
        stepper_append(p->branch, second, p->focus, p->sights[1].predicted);
    else if (p->kind == SECOND_VERSUS)
        stepper_guess(p->stepper, p->stepper->now.cursor - 1, p->versus, p->sights[1].predicted);
}

static void append_answer(struct prober *p)
{
    int first = stepper_next(p->stepper)->answer;
    int second = p->kind == SECOND_BRANCH ? stepper_next(p->branch)->answer : first;
    if (first < 0 || second < 0)
        say(p, first < 0 ? "the rule determines no number here: type one or inject a control token"
                         : "the rule determines no number in the branch: type a symbol for both");
    append(p, first, second);
}

/* What the focused model draws after a sequence; -1: it has no weights. */
static int draw_on(struct prober *p, struct stepper *s, const struct command *c)
{
    struct drawing d = {c->value, c->index};
    if (!has_weights(p, p->focus))
        return -1;
    return look_draw(p->models[p->focus], s, s->now.cursor, &d, &s->rng);
}

static void append_written(struct prober *p, const struct command *c)
{
    int second = p->kind == SECOND_BRANCH ? draw_on(p, p->branch, c) : -1;
    append(p, draw_on(p, p->stepper, c), second);
}

static void append_stream(struct prober *p)
{
    struct stepper *s = p->stepper, *b = p->branch;
    if (stepper_is_full(s) && p->kind != SECOND_BRANCH) {
        stepper_follow(s, NULL);
        return;
    }
    int first = task_go_on(s->task, s->now.sequence, s->now.cursor, &s->rng);
    int second = first;
    if (p->kind == SECOND_BRANCH)
        second = task_go_on(b->task, b->now.sequence, b->now.cursor, &b->rng);
    append(p, first, second);
}

static void set_versus(struct prober *p, int contestant)
{
    bool other = contestant >= 0 && contestant < p->race->count && contestant != p->focus;
    p->versus = other ? contestant : -1;
    p->kind = other ? SECOND_VERSUS : SECOND_NONE;
    p->second = p->owes = other;
}

static void set_focus(struct prober *p, int contestant)
{
    if (contestant < 0 || contestant >= p->race->count || contestant == p->focus)
        return;
    if (contestant == p->versus)
        p->versus = p->focus; /* they change places */
    p->focus = contestant;
    p->asked = contestant;
    weight_box_ask(p->box, contestant);
}

static void replace(struct prober *p, const struct command *c)
{
    struct stepper *s = p->stepper;
    double back = c->value;
    int at = back >= 1 && back <= s->now.cursor ? s->now.cursor - (int)back : -1;
    if (c->index >= p->race->task->alphabet.count || at < 0)
        return;
    if (c->kind == COMMAND_STEP_REPLACE) {
        stepper_replace(s, at, c->index);
        if (p->kind == SECOND_BRANCH)
            stepper_replace(p->branch, at, c->index);
        return;
    }
    stepper_keep(s); /* both sequences take their changes back together */
    *p->branch = *s;
    stepper_undo(p->branch); /* replacing keeps the same state */
    stepper_replace(p->branch, at, c->index);
    p->kind = SECOND_BRANCH;
    p->versus = -1;
    p->owes = true;
}

static void exchange_branch(struct prober *p)
{
    struct stepper *was = p->stepper;
    if (p->kind != SECOND_BRANCH)
        return;
    p->stepper = p->branch;
    p->branch = was;
}

static void drop_branch(struct prober *p)
{
    if (p->kind == SECOND_BRANCH)
        p->kind = SECOND_NONE;
}

static void load(struct prober *p, const struct command *c)
{
    struct failure why;
    if (c->index == 0)
        p->loaded = 0;
    if (c->index != p->loaded || c->count < 0 || c->count > COMMAND_SYMBOLS ||
        p->loaded + c->count > PROBE_HISTORY) {
        say(p, "the sequence did not arrive whole: load it again");
        p->loaded = PROBE_HISTORY + 1;
        return;
    }
    for (int i = 0; i < c->count; i++) {
        if (c->symbols[i] < 0 || c->symbols[i] >= p->race->task->alphabet.count)
            return;
        p->loading[p->loaded++] = c->symbols[i];
    }
    if (!(c->value > 0))
        return;
    if (stepper_load(p->stepper, p->loading, p->loaded, &why) < 0)
        say(p, why.text);
    else
        drop_branch(p);
}

static void undo(struct prober *p)
{
    bool undone = stepper_undo(p->stepper);
    if (p->kind == SECOND_BRANCH)
        stepper_undo(p->branch);
    if (!undone)
        say(p, "nothing to undo");
}

static void move(struct prober *p, int by)
{
    stepper_move(p->stepper, by);
    if (p->kind == SECOND_BRANCH)
        stepper_move(p->branch, by);
}

static void obey_sequence(struct prober *p, const struct command *c)
{
    switch (c->kind) {
    case COMMAND_STEP_SYMBOL:
        append(p, c->index, c->index);
        break;
    case COMMAND_STEP_RULE:
        append_answer(p);
        break;
    case COMMAND_STEP_MODEL:
        append(p, p->sights[0].predicted, p->sights[1].predicted);
        break;
    case COMMAND_STEP_WRITE:
        append_written(p, c);
        break;
    case COMMAND_STEP_STREAM:
        append_stream(p);
        break;
    case COMMAND_STEP_LEFT:
        move(p, -(c->index > 0 ? c->index : 1));
        break;
    case COMMAND_STEP_RIGHT:
        move(p, c->index > 0 ? c->index : 1);
        break;
    case COMMAND_STEP_UNDO:
        undo(p);
        break;
    case COMMAND_STEP_RESTART:
        drop_branch(p);
        stepper_restart(p->stepper, p->race->task, p->stepper->begun + c->index, NULL);
        break;
    case COMMAND_STEP_REPLACE:
        if (c->index >= 0)
            replace(p, c);
        break;
    case COMMAND_STEP_BRANCH:
        if (c->index >= 0)
            replace(p, c);
        else
            drop_branch(p);
        break;
    case COMMAND_STEP_EXCHANGE:
        exchange_branch(p);
        break;
    case COMMAND_STEP_LOAD:
        load(p, c);
        break;
    default:
        break;
    }
}

/* Returns false for a request to end. */
static bool obey(struct prober *p, const struct command *c)
{
    if (c->kind == COMMAND_MAPS) {
        p->all_maps = c->index != 0;
        return true; /* the models have seen what is shown */
    }
    p->message[0] = '\0';
    p->request = c->request;
    if (c->kind == COMMAND_QUIT)
        return false;
    if (c->kind == COMMAND_MAP) {
        p->map = (struct look_choice){c->index, (int)c->value};
        return true; /* the models have seen what is shown */
    }
    if (c->kind == COMMAND_FOCUS)
        set_focus(p, c->index);
    else if (c->kind == COMMAND_VERSUS)
        set_versus(p, c->index);
    else if (c->kind == COMMAND_TIMELINE && c->index >= 0)
        p->past.step = (int64_t)c->value;
    else if (c->kind == COMMAND_TIMELINE && p->past.step >= 0)
        prober_go_live(p);
    else if (c->kind == COMMAND_CHANGE_HEAD)
        prober_change_head(p, c->index, (enum head_change)c->value);
    else if (c->kind == COMMAND_EXAMINE)
        prober_examine(p, c->index);
    else if (c->kind == COMMAND_STEP_ASK)
        prober_ask_everywhere(p);
    else
        obey_sequence(p, c);
    if (p->past.step >= 0)
        prober_go_back(p);
    prober_settle(p, p->stepper);
    if (p->kind == SECOND_BRANCH)
        prober_settle(p, p->branch);
    aim(p);
    look(p); /* the next command may need this prediction */
    return true;
}

bool prober_open_model(struct prober *p, int i)
{
    struct failure why;
    if (p->models[i])
        return true;
    if (model_new(&p->models[i], &p->race->config.contestants[i], p->race->task->alphabet.count, 1,
                  false, p->race->kern, p->team, &why) == 0)
        return true;
    text_copy(p->message, sizeof p->message, why.text);
    return false;
}

/* Newer weights of a contestant that is shown, if they came; ask for the next ones when it is time. */
static bool refresh(struct prober *p)
{
    bool fresh = false;
    double now = clock_now();
    int i = p->asked;
    if (p->past.step >= 0) {
        p->asked = -1;
        p->refresh_at = now + REFRESH_SECONDS;
        return false;
    }
    if (i >= 0) {
        int64_t before = p->weights_step[i];
        if (prober_open_model(p, i) &&
            weight_box_take(p->box, i, p->models[i]->weights, &p->weights_step[i])) {
            fresh = p->weights_step[i] != before;
            p->asked = -1;
            p->second = p->kind == SECOND_VERSUS && i == p->focus;
        }
    }
    if (p->asked < 0 && now >= p->refresh_at) {
        p->asked = p->second && p->versus >= 0 ? p->versus : p->focus;
        weight_box_ask(p->box, p->asked);
        p->refresh_at = now + REFRESH_SECONDS;
    }
    return fresh;
}

static void *prober_main(void *arg)
{
    struct prober *p = arg;
    for (;;) {
        struct command c;
        bool dirty = false;
        bool examines = p->exam && !exam_done(p->exam);
        double wait = p->asked >= 0 ? 0.005 : p->refresh_at - clock_now();
        wait = examines ? 0 : wait > 0.001 ? wait : 0.001;
        bool more = command_take(&p->feed->to_prober, &c, wait);
        while (more) {
            if (!obey(p, &c))
                return NULL;
            dirty = true;
            more = command_take(&p->feed->to_prober, &c, 0);
        }
        double begin = clock_now();
        if (refresh(p)) {
            look(p);
            dirty = true;
        }
        dirty |= prober_exam_go_on(p);
        if (!dirty)
            continue;
        publish(p);
        double next = clock_now() + (clock_now() - begin) / COST_SHARE;
        if (next > p->refresh_at)
            p->refresh_at = next;
    }
}

int prober_start(struct prober *p, struct failure *why)
{
    sigset_t old;
    thread_block_signals(&old);
    int code = pthread_create(&p->thread, NULL, prober_main, p);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (code != 0)
        return fail(why, ERR_IO, "the system gives no thread for the prober");
    p->started = true;
    return 0;
}

void prober_free(struct prober *p)
{
    if (!p)
        return;
    if (p->started) {
        struct command quit = {.kind = COMMAND_QUIT};
        while (!command_send(&p->feed->to_prober, quit))
            clock_sleep(0.001);
        pthread_join(p->thread, NULL);
    }
    for (int i = 0; i < p->race->count; i++)
        model_free(p->models[i]);
    exam_free(p->exam);
    team_free(p->team);
    free(p);
}
