/* The nonlinear middle of a feed-forward map: activation, or SiLU gate times value. */
#ifndef HEED_NN_FFN_H
#define HEED_NN_FFN_H

#include <stdbool.h>
#include <stddef.h>
#include "base/real.h"
#include "core/config.h"
#include "kern/kern.h"

/* Rows of the input: F, or 2 F (gate, then value) for ACT_SILU_GATED (Shazeer 2020). */
static inline int activation_pieces(enum activation a)
{
    return a == ACT_SILU_GATED ? 2 : 1;
}

/* act (rows, F) from pre (rows, pieces F), for rows first..last-1. For a backward pass to come,
   `keep` lets pre become whatever activation_backward wants of it. */
void activation_forward(enum activation a, const struct kern *k, int first, int last, int width,
                        bool keep, real *act, real *pre);
/* dpre from dact and what forward left in pre and act. dact is overwritten. */
void activation_backward(enum activation a, const struct kern *k, int first, int last, int width,
                         real *dpre, real *dact, const real *pre, const real *act);

#endif
