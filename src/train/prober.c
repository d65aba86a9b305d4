#include "train/prober.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/clock.h"
#include "base/thread.h"
#include "train/stepper.h"

/* Live maps are refreshed ten times a second, or more seldom, so that looking costs at most a tenth of
   one core. */
static const double REFRESH_SECONDS = 0.1, COST_SHARE = 0.1;

struct prober {
    const struct race *race;
    struct weight_box *box;
    struct feed *feed;
    struct team *team; /* of one: the prober's own thread */
    struct model *models[MAX_CONTESTANTS];
    int64_t weights_step[MAX_CONTESTANTS]; /* -1: none yet */
    struct stepper stepper;
    int32_t window[MAX_CONTEXT];
    int focus;
    int64_t request, serial;
    double refresh_at;
    bool asked;
    int predicted; /* after the cursor, -1 without weights */
    char message[LOG_TEXT];
    pthread_t thread;
    bool started;
};

int prober_new(struct prober **out, const struct race *race, struct weight_box *box,
               struct feed *feed, struct failure *why)
{
    struct prober *p = calloc(1, sizeof *p);
    if (!p)
        return fail(why, ERR_MEMORY, "no memory for the prober");
    *p = (struct prober){.race = race, .box = box, .feed = feed, .predicted = -1};
    int code = team_new(&p->team, 1, why);
    for (int i = 0; i < race->count && code == 0; i++) {
        const struct model *trained = race->contestants[i].model;
        p->weights_step[i] = -1;
        code = model_new(&p->models[i], &trained->config, trained->symbols, 1, false, race->kern,
                         p->team, why);
    }
    if (code == 0)
        code = stepper_begin(&p->stepper, race->task, why);
    if (code < 0) {
        prober_free(p);
        return code;
    }
    *out = p;
    return 0;
}

/* Run the window through the focused contestant. */
static void look(struct prober *p)
{
    struct model *m = p->models[p->focus];
    const struct stepper_state *s = &p->stepper.now;
    p->predicted = -1;
    if (p->weights_step[p->focus] < 0)
        return;
    int T = p->stepper.context;
    for (int t = 0; t < T; t++)
        p->window[t] = s->sequence[s->cursor - T + t];
    model_forward(m, p->window, T, 1);
    const real *last = m->logits + (size_t)(m->logit_positions - 1) * (size_t)m->symbols;
    p->predicted = 0;
    for (int v = 1; v < m->symbols; v++) {
        if (last[v] > last[p->predicted])
            p->predicted = v;
    }
}

static void show_prediction(const struct prober *p, struct probe_snapshot *out)
{
    const struct model *m = p->models[p->focus];
    const real *last = m->logits + (size_t)(m->logit_positions - 1) * (size_t)m->symbols;
    double sum = 0, top = (double)last[p->predicted];
    for (int v = 0; v < m->symbols; v++)
        sum += exp((double)last[v] - top);
    for (int v = 0; v < m->symbols; v++)
        out->probability[v] = (float)(exp((double)last[v] - top) / sum);
}

/* All maps of the window; as many layers as the slot holds, and a word if that is not all. */
static void show_attention(struct prober *p, struct probe_snapshot *out)
{
    const struct model *m = p->models[p->focus];
    size_t T = (size_t)p->stepper.context, one = T * T;
    int layers = model_attention_layers(m), heads = m->config.model.heads;
    size_t capacity = probe_map_capacity(&p->race->config);
    out->signed_weights = false;
    for (int l = 0; l < layers; l++) {
        size_t at = (size_t)l * (size_t)heads * one;
        if (at + (size_t)heads * one > capacity) {
            snprintf(out->message, sizeof out->message,
                     "maps of layers 1 to %d of %d: more would be too large", l, layers);
            layers = l;
            break;
        }
        const struct attn_ops *variant = model_layer_attention(m, l);
        text_copy(out->layer_attention[l], KIND_TEXT, variant->name);
        out->signed_weights |= variant->is_signed;
        for (int h = 0; h < heads; h++, at += one)
            m->ops->attention(m, l, h, 0, out->weight + at, out->score_z + at);
    }
    out->layers = layers;
    out->heads = layers ? heads : 0;
    out->map_floats = (size_t)out->layers * (size_t)out->heads * one;
}

static void publish(struct prober *p)
{
    struct probe_snapshot *out = exchange_back(&p->feed->probe);
    const struct contestant *c = &p->race->contestants[p->focus];
    out->serial = ++p->serial;
    out->request = p->request;
    out->contestant = p->focus;
    text_copy(out->name, sizeof out->name, c->name);
    text_copy(out->message, sizeof out->message, p->message);
    out->alphabet = p->race->task->alphabet;
    out->positions = p->stepper.context;
    out->weights_step = p->weights_step[p->focus];
    out->ready = p->predicted >= 0;
    out->predicted = p->predicted;
    out->layers = out->heads = 0;
    out->map_floats = 0;
    stepper_show(&p->stepper, p->focus, out);
    if (out->ready) {
        show_prediction(p, out);
        show_attention(p, out);
    } else if (out->message[0] == '\0') {
        snprintf(out->message, sizeof out->message, "%s has no weights yet", c->name);
    }
    exchange_publish(&p->feed->probe);
}

static void append(struct prober *p, int symbol)
{
    if (symbol < 0 || symbol >= p->race->task->alphabet.count)
        return;
    stepper_append(&p->stepper, symbol, p->focus, p->predicted);
}

/* Returns false for a request to end. */
static bool obey(struct prober *p, const struct command *c)
{
    struct stepper *s = &p->stepper;
    p->message[0] = '\0';
    p->request = c->request;
    switch (c->kind) {
    case COMMAND_QUIT:
        return false;
    case COMMAND_FOCUS:
        if (c->index >= 0 && c->index < p->race->count && c->index != p->focus) {
            p->focus = c->index;
            weight_box_ask(p->box, p->focus);
            p->asked = true;
        }
        break;
    case COMMAND_STEP_SYMBOL:
        append(p, c->index);
        break;
    case COMMAND_STEP_RULE:
        if (stepper_next(s)->answer < 0)
            text_copy(p->message, sizeof p->message,
                      "the rule determines no number here: type one or inject a control token");
        append(p, stepper_next(s)->answer);
        break;
    case COMMAND_STEP_MODEL:
        append(p, p->predicted);
        break;
    case COMMAND_STEP_STREAM:
        append(p, task_go_on(s->task, s->now.sequence, s->now.cursor, &s->rng));
        break;
    case COMMAND_STEP_LEFT:
        stepper_move(s, -(c->index > 0 ? c->index : 1));
        break;
    case COMMAND_STEP_RIGHT:
        stepper_move(s, c->index > 0 ? c->index : 1);
        break;
    case COMMAND_STEP_UNDO:
        if (!stepper_undo(s))
            text_copy(p->message, sizeof p->message, "nothing to undo");
        break;
    case COMMAND_STEP_RESTART:
        stepper_restart(s, p->race->task, s->begun + c->index, NULL);
        break;
    default:
        break;
    }
    look(p); /* the next command may need this prediction */
    return true;
}

/* Fresh weights of the focused contestant, if they came; ask for the next ones when it is time. */
static bool refresh(struct prober *p)
{
    bool fresh = false;
    double now = clock_now();
    if (p->asked) {
        fresh = weight_box_take(p->box, p->focus, p->models[p->focus]->weights,
                                &p->weights_step[p->focus]);
        p->asked = !fresh;
    }
    if (!p->asked && now >= p->refresh_at) {
        weight_box_ask(p->box, p->focus);
        p->asked = true;
        p->refresh_at = now + REFRESH_SECONDS;
    }
    return fresh;
}

static void *prober_main(void *arg)
{
    struct prober *p = arg;
    int64_t shown_step = -2;
    int shown_focus = -1;
    for (;;) {
        struct command c;
        bool dirty = false;
        double wait = p->asked ? 0.005 : p->refresh_at - clock_now();
        bool more = command_take(&p->feed->to_prober, &c, wait > 0.001 ? wait : 0.001);
        while (more) {
            if (!obey(p, &c))
                return NULL;
            dirty = true;
            more = command_take(&p->feed->to_prober, &c, 0);
        }
        double begin = clock_now();
        if (refresh(p) &&
            (p->weights_step[p->focus] != shown_step || p->focus != shown_focus || dirty)) {
            look(p);
            dirty = true;
        }
        if (!dirty)
            continue;
        shown_step = p->weights_step[p->focus];
        shown_focus = p->focus;
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
    team_free(p->team);
    free(p);
}
