#include "train/weights.h"

#include <stdlib.h>
#include <string.h>

int weight_box_init(struct weight_box *box, const struct race *race)
{
    *box = (struct weight_box){.race = race, .idle = true, .have = -1};
    size_t most = 0;
    for (int i = 0; i < race->count; i++) {
        size_t total = race->contestants[i].model->params.total;
        if (total > most)
            most = total;
    }
    atomic_init(&box->want, -1);
    box->copy = aligned_zeroed(most, sizeof *box->copy);
    if (!box->copy)
        return ERR_MEMORY;
    pthread_mutex_init(&box->lock, NULL);
    return 0;
}

void weight_box_release(struct weight_box *box)
{
    if (!box->copy)
        return;
    free(box->copy);
    pthread_mutex_destroy(&box->lock);
    *box = (struct weight_box){0};
}

static void copy_wanted(struct weight_box *box)
{
    int i = atomic_load(&box->want);
    if (i < 0)
        return;
    const struct contestant *c = &box->race->contestants[i];
    memcpy(box->copy, c->model->weights, c->model->params.total * sizeof *box->copy);
    box->have = i;
    box->step = c->step;
    box->ready = true;
    atomic_store(&box->want, -1);
}

void weight_box_serve(struct weight_box *box)
{
    if (atomic_load_explicit(&box->want, memory_order_relaxed) < 0)
        return;
    pthread_mutex_lock(&box->lock);
    copy_wanted(box);
    pthread_mutex_unlock(&box->lock);
}

void weight_box_idle(struct weight_box *box)
{
    pthread_mutex_lock(&box->lock);
    box->idle = true;
    copy_wanted(box);
    pthread_mutex_unlock(&box->lock);
}

void weight_box_busy(struct weight_box *box)
{
    pthread_mutex_lock(&box->lock);
    box->idle = false;
    pthread_mutex_unlock(&box->lock);
}

bool weight_box_is_idle(struct weight_box *box)
{
    pthread_mutex_lock(&box->lock);
    bool idle = box->idle;
    pthread_mutex_unlock(&box->lock);
    return idle;
}

void weight_box_ask(struct weight_box *box, int i)
{
    pthread_mutex_lock(&box->lock);
    box->ready = false;
    atomic_store(&box->want, i);
    if (box->idle)
        copy_wanted(box);
    pthread_mutex_unlock(&box->lock);
}

bool weight_box_take(struct weight_box *box, int i, real *weights, int64_t *step)
{
    pthread_mutex_lock(&box->lock);
    bool ready = box->ready && box->have == i;
    if (ready) {
        size_t total = box->race->contestants[i].model->params.total;
        memcpy(weights, box->copy, total * sizeof *weights);
        *step = box->step;
        box->ready = false;
    }
    pthread_mutex_unlock(&box->lock);
    return ready;
}
