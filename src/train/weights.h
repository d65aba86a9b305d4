/* How the prober gets a contestant's weights while the trainer goes on. */
#ifndef HEED_TRAIN_WEIGHTS_H
#define HEED_TRAIN_WEIGHTS_H

#include <pthread.h>
#include <stdatomic.h>
#include "train/race.h"

/* The prober asks; the trainer copies between two steps, or, while it is idle, the prober copies at
   once. Neither waits for the other longer than a copy takes. */
struct weight_box {
    pthread_mutex_t lock;
    const struct race *race;
    bool idle;       /* the owner does not touch the weights */
    atomic_int want; /* contestant asked for, -1: none */
    bool ready;      /* `copy` holds `have` */
    int have;
    int64_t step;    /* training step of the copy */
    real *copy;      /* as large as the largest contestant */
};

int weight_box_init(struct weight_box *box, const struct race *race); /* 0 or ERR_MEMORY */
void weight_box_release(struct weight_box *box);
/* The owner of the weights: between two updates; while it is idle; before it goes on. */
void weight_box_serve(struct weight_box *box);
void weight_box_idle(struct weight_box *box);
void weight_box_busy(struct weight_box *box);
bool weight_box_is_idle(struct weight_box *box);
/* The prober: ask for contestant i's weights; take them when they are there (params.total numbers). */
void weight_box_ask(struct weight_box *box, int i);
bool weight_box_take(struct weight_box *box, int i, real *weights, int64_t *step);

#endif
