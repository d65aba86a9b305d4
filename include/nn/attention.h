/* Multi-head attention over position-major activations, for any variant of nn/attn.h: causal, or of
   every position to all. */
#ifndef HEED_NN_ATTENTION_H
#define HEED_NN_ATTENTION_H

#include <stddef.h>
#include "base/real.h"
#include "core/config.h"
#include "core/heads.h"
#include "kern/kern.h"
#include "nn/attn.h"
#include "nn/linear.h"
#include "nn/work.h"

/* What all layers of a model share. */
struct attention {
    int heads, width;    /* H, D */
    int span, max_parts; /* T; threads at most */
    real scale;
    /* What tells positions apart, if anything: turned queries and keys (rope: Su 2021), or scores
       that lean towards the near keys (alibi: Press 2022). */
    real *turns; /* (T, D): cosine and sine of each pair's angle; NULL: none */
    bool leans;
    bool full;     /* every query sees all keys */
    const unsigned char *changes; /* (H) enum head_change, forward alone; NULL: none. Then all heads run
                                     by maps, so that two of these differ in the changed heads only */
    real *scratch; /* (max_parts, attention_scratch) */
    size_t scratch_part;
};

/* The maps kept between forward and backward; z and w NULL: backward computes them again, because
   (B, H, T, T) would not fit the budget. */
struct attention_maps {
    real *z, *w; /* (B, H, blocks, T'', ATTN_BLOCK), T'' = T' in whole blocks of queries; of a
                    variant with two scores z is twice that, block by block */
};

/* Want the scratch of every thread. */
void attention_plan(struct attention *a, struct work *work, int heads, int width, int span,
                    int max_parts, double scale);
/* Positions in attention itself, for POSITION_ROPE and POSITION_ALIBI: rope wants an even width of
   queries. attention_prepare fills what was wanted, after work_take. */
void attention_place(struct attention *a, struct work *work, enum position_kind position);
void attention_prepare(struct attention *a);
/* Want the maps of one layer if they take at most `limit` bytes. */
void attention_want_maps(const struct attention *a, const struct attn_ops *ops,
                         struct attention_maps *maps, struct work *work, int sequences,
                         size_t limit);
/* mixed (T', B', C) from qkv (T', B', 3 C): this part's share of the (sequence, head) pairs. */
void attention_forward(const struct attention *a, const struct attn_ops *ops, const struct kern *k,
                       const struct grid *g, const struct attention_maps *maps, real *mixed,
                       const real *qkv, int part, int parts);
/* dqkv from dmixed and the saved qkv. */
void attention_backward(const struct attention *a, const struct attn_ops *ops, const struct kern *k,
                        const struct grid *g, const struct attention_maps *maps, real *dqkv,
                        const real *dmixed, const real *qkv, int part, int parts);
/* Weights and scores (T', T') of one sequence and head; 0 above the diagonal of a causal one; score
   may be NULL. Of two scores their difference is shown. */
void attention_show(const struct attention *a, const struct attn_ops *ops, const struct kern *k,
                    const struct grid *g, const real *qkv, int sequence, int head, float *weight,
                    float *score);

/* Multiplications of one sequence of T' positions in one layer and one training step, in the form
   that the variant runs in. With maps 6 D for each head and pair of a query with a key that it
   sees: score and mix forward; values, weights, queries and keys backward. By sums over keys, where
   those are taken: forward 2 D E for each head and position, E = D + 1, backward 3 D E + D D, and
   for each pair within ATTN_BLOCK positions D + E and 3 D + E. What backward computes again is not
   counted. */
double attention_products(const struct attention *a, const struct attn_ops *ops, int positions);

#endif
