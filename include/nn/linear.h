/* Linear maps y = x W^T + b with one weight group per stretch of positions. */
#ifndef HEED_NN_LINEAR_H
#define HEED_NN_LINEAR_H

#include <stdbool.h>
#include <stddef.h>
#include "base/real.h"
#include "kern/kern.h"
#include "nn/param.h"
#include "nn/work.h"

/* The rows of an activation (T', B', C): row t * sequences + b. */
struct grid {
    int positions, sequences; /* T', B' */
    int span;                 /* T of the model: position t uses weight group t * G / T */
};

enum { LINEAR_PIECES = 3 };

/* Up to three maps of the same input computed as one product, e.g. query, key, value. */
struct linear {
    int groups, in, out;             /* out: of all pieces together */
    int pieces, width;               /* out / pieces */
    ptrdiff_t weight[LINEAR_PIECES]; /* offsets of (G, width, in); (width, in) if G = 1 */
    ptrdiff_t bias[LINEAR_PIECES];   /* offsets of (G, width) or (width); -1: none */
    real *packed; /* (G) times the transposed weights (in, out), in panels for kern's gemm_panels */
    real *back;   /* the weights (out, in) in panels; NULL: taken as they are */
};

/* Add the parameters <names[i]>.weight ~ N(0, 1/in) and, if asked (and the table has biases),
   <names[i]>.bias = 0; want the
   packed copy. 0 or a negative enum err. */
int linear_add(struct linear *l, struct param_table *table, struct work *work,
               const char *const *names, int pieces, int groups, int in, int width, bool bias);

/* As above with one piece, one group and both names given in full; bias NULL: none. */
int linear_add_one(struct linear *l, struct param_table *table, struct work *work,
                   const char *weight, const char *bias, int in, int width);

/* Put this part's share of the weights into l->packed and l->back; once a step, before the others.
 */
void linear_pack(const struct linear *l, const struct kern *k, const real *weights, int part,
                 int parts);
/* y (rows, out) = [y +] bias + x (rows, in) W^T, for rows first..last-1. */
void linear_forward(const struct linear *l, const struct kern *k, const real *weights,
                    const struct grid *g, int first, int last, bool accumulate, real *y,
                    const real *x);
/* dx (rows, in) = [dx +] dy (rows, out) W, for rows first..last-1. */
void linear_backward(const struct linear *l, const struct kern *k, const real *weights,
                     const struct grid *g, int first, int last, bool accumulate, real *dx,
                     const real *dy);
/* This part's share of the gradients of weights, += dy^T x, and biases, += column sums of dy, over
   all rows of the group, ascending. */
void linear_gradient(const struct linear *l, const struct kern *k, real *gradients,
                     const struct grid *g, const real *x, const real *dy, int part, int parts);

#endif
