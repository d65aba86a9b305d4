/* Layer norm (Ba 2016) and root-mean-square norm (Zhang 2019) over the width of a row. */
#ifndef HEED_NN_NORM_H
#define HEED_NN_NORM_H

#include <stdbool.h>
#include <stddef.h>
#include "base/real.h"
#include "core/config.h"
#include "kern/kern.h"
#include "nn/param.h"

struct norm {
    enum norm_kind kind;
    int width;
    ptrdiff_t gain, bias; /* offsets of (C); bias -1 for NORM_RMS and where the
                             table has no biases, both -1 for NORM_NONE */
};

/* Add <name>.weight = 1 and <name>.bias = 0 as the kind needs them. 0 or a negative enum err. */
int norm_add(struct norm *n, struct param_table *table, const char *name, enum norm_kind kind,
             int width);
/* y, hat (rows, C), inverse (rows) from x (rows, C), for rows first..last-1. NORM_NONE copies x. */
void norm_forward(const struct norm *n, const struct kern *k, const real *weights, int first,
                  int last, real *y, real *hat, real *inverse, const real *x);
/* dx += gradient through the norm of dy. */
void norm_backward(const struct norm *n, const struct kern *k, const real *weights, int first,
                   int last, real *dx, const real *dy, const real *hat, const real *inverse);
/* This part's share of the gradients of gain and bias, summed over all rows, ascending. */
void norm_gradient(const struct norm *n, const struct kern *k, real *gradients, int rows,
                   const real *dy, const real *hat, int part, int parts);

#endif
