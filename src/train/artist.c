#include "train/artist.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/thread.h"
#include "task/images.h"
#include "train/critic.h"
#include "train/look.h"
#include "train/sampler.h"

/* Drawing takes at most this share of a core while the race trains. */
static const double COST_SHARE = 0.2;
static const double FRAME_SECONDS = 0.04, SHOW_SECONDS = 2;
enum { STEPS = 25 };

/* One contestant at work: its images are drawn to the end by the same weights. */
struct easel {
    int contestant;       /* -1: nobody */
    struct model *model;  /* of that contestant */
    int64_t weights_step; /* of the weights that draw; -1: none yet */
    struct sampler sampler;
    float *past; /* (IMAGES_PAST, IMAGES_SHOWN, pixels): the images at some of the steps */
};

enum stage { TAKING, DRAWING, SHOWING };

struct artist {
    const struct race *race;
    int number;
    struct weight_box *box;
    struct feed *feed;
    struct team *team; /* of one: the artist's own thread */
    struct model *models[MAX_CONTESTANTS];
    int64_t weights_step[MAX_CONTESTANTS]; /* in each model; -1: none yet */
    struct easel easels[2];
    float *real; /* (IMAGES_SHOWN, pixels): of training */
    char real_label[IMAGES_SHOWN][SYMBOL_TEXT];
    enum stage stage;
    int asked; /* easel whose weights are waited for */
    int focus, versus, chosen, steps;
    bool alone; /* the person wants one contestant only */
    bool again; /* draw even with weights that have drawn before */
    int64_t noise, request, serial;
    struct look_choice map;
    double due; /* when to go on */
    struct critic *critic;
    double critic_due;
    char message[LOG_TEXT];
    pthread_t thread;
    bool started;
};

/* Who draws: the one in focus, and the one to compare with, or the next. */
static void seat(struct artist *a)
{
    int count = a->race->count, other = a->versus;
    if (other < 0 || other == a->focus)
        other = a->alone || count < 2 ? -1 : (a->focus + 1) % count;
    a->easels[0].contestant = a->focus;
    a->easels[1].contestant = other;
}

/* The first images of training, and what is to be seen on them if the task tells. */
static int take_real(struct artist *a)
{
    const struct task *task = a->race->task;
    size_t pixels = (size_t)task->pixels;
    a->real = calloc(IMAGES_SHOWN * pixels, sizeof *a->real);
    for (int i = 0; i < IMAGES_SHOWN && a->real; i++) {
        int label = images_clean(task, false, (uint64_t)i, a->real + (size_t)i * pixels);
        if (task->labels > 1)
            images_label(task, label, a->real_label[i], SYMBOL_TEXT);
    }
    return a->real ? 0 : ERR_MEMORY;
}

static int open_easel(struct easel *e, size_t pixels)
{
    e->past = calloc(IMAGES_PAST * IMAGES_SHOWN * pixels, sizeof *e->past);
    return e->past && sampler_init(&e->sampler, (int)pixels, IMAGES_SHOWN) == 0 ? 0 : ERR_MEMORY;
}

int artist_new(struct artist **out, const struct race *race, int number, struct weight_box *box,
               struct feed *feed, struct failure *why)
{
    struct artist *a = calloc(1, sizeof *a);
    if (!a)
        return fail(why, ERR_MEMORY, "no memory for drawing");
    *a = (struct artist){.race = race,
                         .number = number,
                         .box = box,
                         .feed = feed,
                         .versus = -1,
                         .steps = STEPS,
                         .again = true};
    for (int i = 0; i < race->count; i++)
        a->weights_step[i] = -1;
    seat(a);
    int code = team_new(&a->team, 1, why);
    for (int e = 0; e < 2 && code == 0; e++)
        if (open_easel(&a->easels[e], (size_t)race->task->pixels) < 0)
            code = fail(why, ERR_MEMORY, "no memory for drawing");
    if (code == 0)
        code = critic_new(&a->critic, race, a->team, why);
    if (code == 0 && take_real(a) < 0)
        code = fail(why, ERR_MEMORY, "no memory for drawing");
    if (code < 0) {
        artist_free(a);
        return code;
    }
    *out = a;
    return 0;
}

/* --- what is drawn ------------------------------------------------------------------------------- */

static void begin_again(struct artist *a)
{
    seat(a);
    a->stage = TAKING;
    a->asked = 0;
    a->due = 0;
    weight_box_ask(a->box, a->easels[0].contestant);
}

/* A contestant's model is built when it first draws. False without memory. */
static bool open_model(struct artist *a, int i)
{
    struct failure why;
    if (a->models[i] || model_new(&a->models[i], &a->race->config.contestants[i], 0, IMAGES_SHOWN,
                                  false, a->race->kern, a->team, &why) == 0)
        return true;
    text_copy(a->message, sizeof a->message, why.text);
    return false;
}

/* How many steps the images of entry k have behind them: the first none, the last all. */
static int past_step(const struct sampler *s, int k)
{
    return (k * s->steps + (IMAGES_PAST - 1) / 2) / (IMAGES_PAST - 1);
}

static void keep_past(struct easel *e)
{
    size_t all = (size_t)IMAGES_SHOWN * (size_t)e->sampler.batch.pixels;
    for (int k = 0; k < IMAGES_PAST; k++)
        if (past_step(&e->sampler, k) == e->sampler.done)
            memcpy(e->past + (size_t)k * all, e->sampler.batch.image, all * sizeof *e->past);
}

static void set_up(struct artist *a, struct easel *e)
{
    e->model = a->models[e->contestant];
    e->weights_step = a->weights_step[e->contestant];
    sampler_begin(&e->sampler, (uint64_t)a->race->config.contestants[0].train.seed, a->noise,
                  a->steps);
    keep_past(e);
}

/* The newest weights of one easel after the other; then all begin with the same noise, unless the
   images that are shown came of the same weights. */
static void take(struct artist *a)
{
    struct easel *e = &a->easels[a->asked];
    int i = e->contestant;
    if (!open_model(a, i) ||
        !weight_box_take(a->box, i, a->models[i]->weights, &a->weights_step[i])) {
        a->due = clock_now() + 0.02;
        return;
    }
    if (a->asked == 0 && a->easels[1].contestant >= 0) {
        a->asked = 1;
        weight_box_ask(a->box, a->easels[1].contestant);
        return;
    }
    bool news = a->again;
    for (int k = 0; k < 2 && a->easels[k].contestant >= 0; k++)
        news = news || a->easels[k].weights_step != a->weights_step[a->easels[k].contestant];
    a->stage = news ? DRAWING : SHOWING;
    a->due = clock_now() + (news ? 0 : SHOW_SECONDS);
    for (int k = 0; k < 2 && news && a->easels[k].contestant >= 0; k++)
        set_up(a, &a->easels[k]);
    a->again = false;
}

static bool has_images(const struct easel *e)
{
    return e->contestant >= 0 && e->weights_step >= 0;
}

static void draw(struct artist *a)
{
    for (int k = 0; k < 2; k++) {
        if (!has_images(&a->easels[k]))
            continue;
        sampler_step(&a->easels[k].sampler, a->easels[k].model);
        keep_past(&a->easels[k]);
    }
    if (a->easels[0].sampler.done == a->steps)
        a->stage = SHOWING;
}

/* --- what is shown ------------------------------------------------------------------------------- */

/* The chosen image on its way. */
static void show_past(const struct artist *a, const struct easel *e, struct gallery *out)
{
    const struct sampler *s = &e->sampler;
    size_t pixels = (size_t)s->batch.pixels;
    out->past_count = 0;
    for (int k = 0; k < IMAGES_PAST; k++) {
        size_t at = ((size_t)k * IMAGES_SHOWN + (size_t)a->chosen) * pixels;
        out->past_step[k] = past_step(s, k);
        out->past_time[k] = sampler_time(s, out->past_step[k]);
        if (out->past_step[k] > s->done)
            continue;
        memcpy(out->past[k], e->past + at, pixels * sizeof(float));
        out->past_count = k + 1;
    }
}

static void show_images(const struct artist *a, const struct easel *e, struct gallery *out)
{
    const struct sampler *s = &e->sampler;
    const struct config *c = &a->race->config.contestants[e->contestant];
    size_t pixels = (size_t)s->batch.pixels;
    out->side = c->task.side;
    out->patch = c->model.patch;
    out->step = s->done;
    out->steps = s->steps;
    out->time = sampler_time(s, s->done);
    out->looked = s->done > 0 ? sampler_time(s, s->done - 1) : 0;
    out->noise = a->noise;
    out->chosen = a->chosen;
    out->real_count = IMAGES_SHOWN;
    memcpy(out->real_label, a->real_label, sizeof out->real_label);
    for (size_t i = 0; i < IMAGES_SHOWN; i++) {
        memcpy(out->image[i], s->batch.image + i * pixels, pixels * sizeof(float));
        memcpy(out->clean[i], s->batch.noise + i * pixels, pixels * sizeof(float));
        memcpy(out->real[i], a->real + i * pixels, pixels * sizeof(float));
    }
    show_past(a, e, out);
    out->quality = *critic_report(a->critic, e->contestant);
}

static void show(const struct artist *a, const struct easel *e, struct probe_snapshot *out)
{
    const struct contestant *c = &a->race->contestants[e->contestant];
    size_t capacity = probe_map_capacity(&a->race->config);
    /* The slots may be those of an earlier race. */
    feed_grow(out, capacity);
    out->serial = a->serial;
    out->number = a->number;
    out->request = a->request;
    out->contestant = e->contestant;
    text_copy(out->name, sizeof out->name, c->name);
    text_copy(out->message, sizeof out->message, a->message);
    out->weights_step = e->weights_step;
    out->ready = has_images(e) && e->sampler.done > 0;
    out->alphabet = a->race->task->alphabet;
    out->past = -1; /* it draws with the newest weights alone */
    out->timeline_count = 0;
    out->exam = (struct exam_report){0};
    memset(out->change, HEAD_WHOLE, sizeof out->change);
    out->lens = 0;
    out->layers = out->heads = out->map_first = out->map_count = out->positions = 0;
    out->past = -1;
    out->timeline_count = 0;
    out->map_floats = 0;
    if (!has_images(e)) {
        if (out->message[0] == '\0')
            snprintf(out->message, sizeof out->message, "%s has no weights yet", c->name);
        return;
    }
    show_images(a, e, out->gallery);
    if (!out->ready)
        return;
    out->positions = e->model->positions;
    look_maps(e->model, a->chosen, capacity < out->map_room ? capacity : out->map_room, a->map, out);
}

static void publish(struct artist *a)
{
    struct probe_snapshot *out = exchange_back(&a->feed->probe);
    bool two = a->easels[1].contestant >= 0;
    if (feed_draws(out) < 0)
        return;
    a->serial++;
    out->second_kind = two ? SECOND_VERSUS : SECOND_NONE;
    if (two)
        show(a, &a->easels[1], out->second);
    show(a, &a->easels[0], out);
    exchange_publish(&a->feed->probe);
}

/* --- commands ------------------------------------------------------------------------------------ */

static void set_versus(struct artist *a, int contestant)
{
    bool other = contestant >= 0 && contestant < a->race->count && contestant != a->focus;
    a->versus = other ? contestant : -1;
    a->alone = !other;
}

/* How good the samples of those that draw are, with the weights that draw; or no more of that. */
static void examine(struct artist *a, bool wanted)
{
    if (!wanted)
        critic_stop(a->critic);
    for (int k = 0; k < 2 && wanted; k++) {
        const struct easel *e = &a->easels[k];
        if (has_images(e))
            critic_ask(a->critic, e->contestant, e->model->weights, e->weights_step);
    }
}

/* Returns false for a request to end. */
static bool obey(struct artist *a, const struct command *c)
{
    bool again = true;
    if (c->kind == COMMAND_MAPS)
        return true; /* all are there in any case */
    a->message[0] = '\0';
    a->request = c->request;
    switch (c->kind) {
    case COMMAND_QUIT:
        return false;
    case COMMAND_FOCUS:
        if (c->index >= 0 && c->index < a->race->count)
            a->focus = c->index;
        break;
    case COMMAND_VERSUS:
        set_versus(a, c->index);
        break;
    case COMMAND_DRAW_NOISE:
        a->noise = a->noise + c->index < 0 ? 0 : a->noise + c->index;
        break;
    case COMMAND_DRAW_STEPS:
        if (c->index >= 1 && c->index <= SAMPLER_STEPS_MOST)
            a->steps = c->index;
        break;
    case COMMAND_MAP:
        again = false;
        a->map = (struct look_choice){c->index, (int)c->value};
        break;
    case COMMAND_DRAW_CHOOSE:
        again = false;
        if (c->index >= 0 && c->index < IMAGES_SHOWN)
            a->chosen = c->index;
        break;
    case COMMAND_EXAMINE:
        again = false;
        examine(a, c->index >= 0);
        break;
    default:
        again = false;
        break;
    }
    if (again) {
        a->again = true;
        begin_again(a);
    }
    return true;
}

/* Whether there is something new to be seen. */
static bool go_on(struct artist *a)
{
    double begin = clock_now();
    if (begin < a->due)
        return false;
    if (a->stage == SHOWING) {
        begin_again(a);
        return false;
    }
    if (a->stage == TAKING) {
        take(a);
        return a->stage == DRAWING;
    }
    draw(a);
    double cost = clock_now() - begin, pause = weight_box_is_idle(a->box) ? 0 : cost / COST_SHARE;
    a->due = begin + (pause > FRAME_SECONDS ? pause : FRAME_SECONDS);
    if (a->stage == SHOWING)
        a->due = clock_now() + SHOW_SECONDS;
    return true;
}

/* A portion of the measurement in its turn; true when there is something new to be seen. */
static bool measure(struct artist *a)
{
    double begin = clock_now();
    if (!critic_is_busy(a->critic) || begin < a->critic_due)
        return false;
    bool news = critic_go_on(a->critic);
    double end = clock_now();
    a->critic_due = weight_box_is_idle(a->box) ? 0 : begin + (end - begin) / COST_SHARE;
    return news;
}

static void *artist_main(void *arg)
{
    struct artist *a = arg;
    begin_again(a);
    for (;;) {
        struct command c;
        double due = critic_is_busy(a->critic) && a->critic_due < a->due ? a->critic_due : a->due;
        double wait = due - clock_now();
        bool dirty = false;
        bool more = command_take(&a->feed->to_prober, &c, wait > 0.001 ? wait : 0.001);
        for (; more; more = command_take(&a->feed->to_prober, &c, 0)) {
            if (!obey(a, &c))
                return NULL;
            dirty = true;
        }
        dirty = go_on(a) || dirty;
        if (measure(a) || dirty)
            publish(a);
    }
}

int artist_start(struct artist *a, struct failure *why)
{
    sigset_t old;
    thread_block_signals(&old);
    int code = pthread_create(&a->thread, NULL, artist_main, a);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (code != 0)
        return fail(why, ERR_IO, "the system gives no thread for drawing");
    a->started = true;
    return 0;
}

void artist_free(struct artist *a)
{
    if (!a)
        return;
    if (a->started) {
        struct command quit = {.kind = COMMAND_QUIT};
        while (!command_send(&a->feed->to_prober, quit))
            clock_sleep(0.001);
        pthread_join(a->thread, NULL);
    }
    for (int i = 0; i < a->race->count; i++)
        model_free(a->models[i]);
    for (int e = 0; e < 2; e++) {
        sampler_release(&a->easels[e].sampler);
        free(a->easels[e].past);
    }
    free(a->real);
    critic_free(a->critic);
    team_free(a->team);
    free(a);
}
