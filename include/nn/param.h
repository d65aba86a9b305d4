/* The one table of parameters that init, optimiser, checkpoint and gradient check walk. */
#ifndef HEED_NN_PARAM_H
#define HEED_NN_PARAM_H

#include <stdbool.h>
#include <stddef.h>
#include "base/fail.h"
#include "base/real.h"
#include "base/rng.h"

enum { PARAM_NAME = 64, PARAM_MAX = 512 };

struct param {
    char name[PARAM_NAME]; /* as in the checkpoint, without "model.": "layers.0.attn.q.weight" */
    int rank, shape[3];
    size_t offset, size; /* in numbers; offsets are multiples of 16 */
    double mean, std;    /* N(mean, std^2) at the start; std 0: constant */
    bool decay;          /* weight decay applies (matrices) */
};

struct param_table {
    struct param *list;
    int count, capacity;
    size_t total; /* numbers in the block, padding included */
    bool no_biases; /* layers that add themselves leave theirs out */
};

void param_table_release(struct param_table *t);
/* Add one and return its offset, or a negative enum err. shape[1], shape[2] are 0 beyond the rank.
 */
ptrdiff_t param_add(struct param_table *t, const char *name, int d0, int d1, int d2, double mean,
                    double std, bool decay);
const struct param *param_find(const struct param_table *t, const char *name);
/* Numbers that are learned, padding excluded. */
size_t param_learned(const struct param_table *t);
/* Fill `weights` (total); order and generator make the bits. */
void param_init(const struct param_table *t, real *weights, struct rng *rng);

#endif
