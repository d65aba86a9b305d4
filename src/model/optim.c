#include "model/optim.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/arena.h"

/* Numbers per partial sum of the norm, and the grain that threads divide the block by. */
enum { CHUNK = 1024 };

int optim_init(struct optim *o, const struct model *model)
{
    size_t total = model->params.total;
    bool adamw = model->config.train.optimizer == OPTIMIZER_ADAMW;
    *o = (struct optim){.m = aligned_zeroed(total, sizeof(real)),
                        .v = adamw ? aligned_zeroed(total, sizeof(real)) : NULL,
                        .squares = calloc(total / CHUNK + 1, sizeof(double))};
    if (o->m && (o->v || !adamw) && o->squares)
        return 0;
    optim_release(o);
    return ERR_MEMORY;
}

void optim_release(struct optim *o)
{
    free(o->m);
    free(o->v);
    free(o->squares);
    *o = (struct optim){0};
}

double optim_rate(const struct config *c, int64_t step, double factor)
{
    double rate = c->train.learning_rate * factor;
    if (step < c->train.warmup)
        return rate * (double)(step + 1) / c->train.warmup;
    if (c->train.schedule == SCHEDULE_CONSTANT)
        return rate;
    int64_t length = c->train.steps - c->train.warmup;
    double progress = length > 0 ? (double)(step - c->train.warmup) / (double)length : 1;
    if (progress > 1)
        progress = 1;
    double share = (1 + cos(progress * acos(-1))) / 2;
    return rate * (c->train.floor + (1 - c->train.floor) * share);
}

struct job {
    struct optim *o;
    struct model *model;
    double learning_rate, gradient_scale;
};

/* A chunk's sum is the same whatever the number of threads. */
static void squares_part(void *arg, int part, int parts)
{
    struct job *j = arg;
    size_t total = j->model->params.total;
    int chunks = (int)((total + CHUNK - 1) / CHUNK), last = team_first(part + 1, parts, chunks, 1);
    for (int c = team_first(part, parts, chunks, 1); c < last; c++) {
        size_t at = (size_t)c * CHUNK;
        j->o->squares[c] = j->model->kern->wide_squares(total - at < CHUNK ? total - at : CHUNK,
                                                        j->model->gradients + at);
    }
}

/* Update numbers at..end-1 of the block, all with the same decay. */
static void update(const struct job *j, size_t at, size_t end, bool decays)
{
    struct model *m = j->model;
    const struct config *c = &m->config;
    real decay = decays ? (real)c->train.decay : 0;
    if (!j->o->v) {
        m->kern->sgd(end - at, m->weights + at, j->o->m + at, m->gradients + at,
                     (real)j->learning_rate, (real)c->train.momentum, decay,
                     (real)j->gradient_scale);
        return;
    }
    double t = (double)(j->o->step + 1);
    /* The corrections undo the rounded betas that the sweep uses: 1 - 0.999 in float is off by
     * 5e-5. */
    real beta1 = (real)c->train.beta1, beta2 = (real)c->train.beta2;
    struct adamw a = {.learning_rate = (real)j->learning_rate,
                      .beta1 = beta1,
                      .beta2 = beta2,
                      .eps = (real)c->train.eps,
                      .decay = decay,
                      .correction1 = (real)(1 - pow((double)beta1, t)),
                      .correction2 = (real)(1 - pow((double)beta2, t)),
                      .gradient_scale = (real)j->gradient_scale};
    m->kern->adamw(end - at, m->weights + at, j->o->m + at, j->o->v + at, m->gradients + at, &a);
}

/* A tensor's padding is swept with it (zeros stay zeros), so pieces are whole vectors and a
   number's bits do not depend on where threads divide the block. */
static void update_part(void *arg, int part, int parts)
{
    const struct job *j = arg;
    const struct param_table *table = &j->model->params;
    int chunks = (int)((table->total + CHUNK - 1) / CHUNK);
    size_t first = (size_t)team_first(part, parts, chunks, 1) * CHUNK;
    size_t last = (size_t)team_first(part + 1, parts, chunks, 1) * CHUNK;
    for (int i = 0; i < table->count; i++) {
        size_t at = table->list[i].offset;
        size_t end = i + 1 < table->count ? table->list[i + 1].offset : table->total;
        at = at > first ? at : first;
        end = end < last ? end : last;
        if (at < end)
            update(j, at, end, table->list[i].decay);
    }
}

int optim_step(struct optim *o, struct model *model, double learning_rate, double *norm)
{
    struct job job = {o, model, learning_rate, 1};
    team_run(model->team, squares_part, &job);
    double squares = 0;
    for (size_t c = 0; c * CHUNK < model->params.total; c++)
        squares += o->squares[c];
    *norm = sqrt(squares);
    if (!isfinite(*norm))
        return ERR_NUMBER;
    double clip = model->config.train.clip;
    if (clip > 0 && *norm > clip)
        job.gradient_scale = clip / *norm;
    team_run(model->team, update_part, &job);
    o->step++;
    return 0;
}
