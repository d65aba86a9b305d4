#include "train/critic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/text.h"
#include "train/quality.h"

struct critic {
    const struct race *race;
    struct team *team;
    bool open; /* the measure is there */
    struct quality quality;
    int at;              /* contestant whose samples are drawn, -1: none */
    struct model *model; /* of that contestant */
    real *weights[MAX_CONTESTANTS]; /* of those that wait */
    struct quality_report report[MAX_CONTESTANTS];
};

int critic_new(struct critic **out, const struct race *race, struct team *team, struct failure *why)
{
    struct critic *c = calloc(1, sizeof *c);
    if (!c)
        return fail(why, ERR_MEMORY, "no memory for measuring samples");
    c->race = race;
    c->team = team;
    c->at = -1;
    for (int i = 0; i < MAX_CONTESTANTS; i++)
        c->report[i].distance = c->report[i].floor = c->report[i].ceiling = NAN;
    *out = c;
    return 0;
}

static void leave(struct critic *c)
{
    model_free(c->model);
    c->model = NULL;
    c->at = -1;
}

void critic_free(struct critic *c)
{
    if (!c)
        return;
    leave(c);
    for (int i = 0; i < MAX_CONTESTANTS; i++)
        free(c->weights[i]);
    if (c->open)
        quality_release(&c->quality);
    free(c);
}

static void refuse(struct critic *c, int i, const char *why)
{
    struct quality_report *r = &c->report[i];
    free(c->weights[i]);
    c->weights[i] = NULL;
    r->done = false;
    text_copy(r->message, sizeof r->message, why);
}

void critic_ask(struct critic *c, int i, const real *weights, int64_t step)
{
    const struct model *m = c->race->contestants[i].model;
    if (c->at == i)
        leave(c);
    free(c->weights[i]);
    c->report[i] = (struct quality_report){.asked = true,
                                           .step = step,
                                           .of = QUALITY_SAMPLES,
                                           .denoise = SAMPLER_STEPS,
                                           .reference = QUALITY_REFERENCE,
                                           .distance = NAN,
                                           .floor = NAN,
                                           .ceiling = NAN};
    c->weights[i] = malloc(m->params.total * sizeof *weights);
    if (c->weights[i])
        memcpy(c->weights[i], weights, m->params.total * sizeof *weights);
    else
        refuse(c, i, "no memory for a copy of the weights");
}

void critic_stop(struct critic *c)
{
    leave(c);
    for (int i = 0; i < MAX_CONTESTANTS; i++) {
        if (!c->weights[i])
            continue;
        free(c->weights[i]);
        c->weights[i] = NULL;
        c->report[i].asked = false;
    }
}

/* The first contestant that waits, -1: nobody does. */
static int first_waiting(const struct critic *c)
{
    for (int i = 0; i < c->race->count; i++)
        if (c->weights[i])
            return i;
    return -1;
}

bool critic_is_busy(const struct critic *c)
{
    return first_waiting(c) >= 0;
}

static void refuse_all(struct critic *c, const char *why)
{
    for (int i = 0; i < c->race->count; i++)
        if (c->weights[i])
            refuse(c, i, why);
}

/* The measure itself. True when there is news: it is ready, or there is none. */
static bool prepare(struct critic *c)
{
    struct failure why;
    if (!c->open) {
        if (quality_init(&c->quality, c->race->task, c->race->kern, QUALITY_SAMPLES, &why) < 0) {
            refuse_all(c, why.text);
            return true;
        }
        c->open = true;
    }
    int rc = quality_prepare(&c->quality);
    if (rc < 0)
        refuse_all(c, "no memory for measuring samples");
    return rc <= 0;
}

/* What is known before the first sample. */
static void show_ends(struct critic *c, int i)
{
    const struct quality *q = &c->quality;
    struct quality_report *r = &c->report[i];
    r->of = q->samples;
    r->floor = q->floor;
    r->ceiling = q->ceiling;
    r->accuracy = q->judge.accuracy;
    r->judged = q->judge.judged;
}

static bool begin(struct critic *c, int i)
{
    const struct config *config = &c->race->config.contestants[i];
    struct failure why;
    for (int k = 0; k < c->race->count; k++)
        if (c->weights[k])
            show_ends(c, k);
    if (model_new(&c->model, config, 0, QUALITY_AT_ONCE, false, c->race->kern, c->team, &why) < 0) {
        refuse(c, i, why.text);
        return true;
    }
    memcpy(c->model->weights, c->weights[i], c->model->params.total * sizeof *c->weights[i]);
    c->at = i;
    quality_begin(&c->quality, (uint64_t)config->train.seed);
    return true;
}

bool critic_go_on(struct critic *c)
{
    int i = c->at >= 0 ? c->at : first_waiting(c);
    if (i < 0)
        return false;
    if (!c->open || !c->quality.ready)
        return prepare(c);
    if (c->at < 0)
        return begin(c, i);
    struct quality_report *r = &c->report[i];
    bool more = quality_draw(&c->quality, c->model), news = r->samples != c->quality.done;
    r->samples = c->quality.done;
    if (more)
        return news;
    r->distance = quality_distance(&c->quality);
    r->done = isfinite(r->distance);
    free(c->weights[i]);
    c->weights[i] = NULL;
    leave(c);
    if (!r->done)
        text_copy(r->message, sizeof r->message, "its samples are not finite: its training diverged");
    return true;
}

const struct quality_report *critic_report(const struct critic *c, int i)
{
    return &c->report[i];
}
