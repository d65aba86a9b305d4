/* AdamW and SGD with momentum over the one block of parameters. */
#ifndef HEED_MODEL_OPTIM_H
#define HEED_MODEL_OPTIM_H

#include "model/model.h"

struct optim {
    real *m, *v;     /* first and second moment; v is NULL for SGD */
    double *squares; /* partial sums of the gradient's norm */
    int64_t step;    /* updates done */
};

int optim_init(struct optim *o, const struct model *model); /* 0 or ERR_MEMORY */
void optim_release(struct optim *o);
/* The schedule: warm-up, (step + 1) / warmup of the rate over train.warmup steps, then cosine to
   train.floor of the rate, or constant. step counts from 0; factor is the person's live factor. */
double optim_rate(const struct config *config, int64_t step, double factor);
/* Clip by global norm and update the weights in one sweep. *norm gets the norm before clipping.
   ERR_NUMBER and no change if the norm is not finite. */
int optim_step(struct optim *o, struct model *model, double learning_rate, double *norm);

#endif
