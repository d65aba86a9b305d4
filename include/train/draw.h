/* The symbol that a model writes: drawn from what it expects. */
#ifndef HEED_TRAIN_DRAW_H
#define HEED_TRAIN_DRAW_H

#include "base/real.h"
#include "base/rng.h"

struct drawing {
    double temperature; /* 0: the most probable symbol, always */
    int top_k;          /* of the most probable ones only; 0: of all */
};

/* One of n symbols with probability softmax(logits / temperature) among the top_k most probable; of
   equals the lower one counts as more probable. Uses one number of the generator unless the temperature
   is 0. n at most MAX_SYMBOLS. */
int draw_symbol(const struct drawing *d, const real *logits, int n, struct rng *rng);

#endif
