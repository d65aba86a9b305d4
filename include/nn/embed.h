/* From symbols to vectors: learned or one-hot, plus a learned, sinusoidal or no position. */
#ifndef HEED_NN_EMBED_H
#define HEED_NN_EMBED_H

#include <stddef.h>
#include <stdint.h>
#include "base/real.h"
#include "core/config.h"
#include "kern/kern.h"
#include "nn/param.h"
#include "nn/work.h"

struct embed {
    int symbols, width, span; /* V, C, T */
    ptrdiff_t weight;         /* (V, C); -1: one-hot, the symbol's unit vector padded to C >= V */
    ptrdiff_t pos;            /* (T, C); -1: none learned */
    real *table;              /* (T, C) sines and cosines (Vaswani 2017); NULL: none */
};

/* Where element (t, b) of the output stands: at t * by_position + b * by_sequence. */
struct embed_layout {
    size_t by_position, by_sequence;
};

/* Add embed.weight ~ N(0, 1) and pos.weight ~ N(0, 0.01) as asked. 0 or a negative enum err. */
int embed_add(struct embed *e, struct param_table *table, struct work *work, int symbols, int width,
              int span, enum embedding_kind embedding, enum position_kind position);
/* After work_take: fill the table of sinusoidal positions. */
void embed_prepare(struct embed *e);
/* x (t, b, :) for t in t0..t1-1, b in b0..b1-1; tokens (T', B') with B' = sequences. */
void embed_forward(const struct embed *e, const struct kern *k, const real *weights,
                   const int32_t *tokens, int sequences, int t0, int t1, int b0, int b1, real *x,
                   struct embed_layout at);
/* This part's share of the gradients from dx over all T' x B' elements, summed ascending. */
void embed_gradient(const struct embed *e, const struct kern *k, real *gradients,
                    const int32_t *tokens, int positions, int sequences, const real *dx,
                    struct embed_layout at, int part, int parts);

#endif
