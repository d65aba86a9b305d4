/* Attention whose weights are its scores, normalised, in time linear in the positions. */
#ifndef HEED_NN_ATTENTION_SUMS_H
#define HEED_NN_ATTENTION_SUMS_H

#include "nn/attention.h"

/* Whether a variant runs so here: causal, and only where that is faster than by maps. It depends on what the
   model is, not on the window at hand, so that a window's beginning keeps its bits. */
bool sums_apply(const struct attention *a, const struct attn_ops *ops);
/* Numbers of scratch for each thread. */
size_t sums_scratch(int width, int span);
/* As attention_products, of one head. */
double sums_products(int width, int positions);
/* As attention_forward and attention_backward. */
void sums_forward(const struct attention *a, const struct attn_ops *ops, const struct kern *k,
                  const struct grid *g, real *mixed, const real *qkv, int part, int parts);
void sums_backward(const struct attention *a, const struct attn_ops *ops, const struct kern *k,
                   const struct grid *g, real *dqkv, const real *dmixed, const real *qkv, int part,
                   int parts);

#endif
