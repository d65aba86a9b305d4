/* Attention variants: maps from the scores of a query to its weights. */
#ifndef HEED_NN_ATTN_H
#define HEED_NN_ATTN_H

#include <stdbool.h>
#include <stddef.h>
#include "base/fail.h"
#include "base/real.h"
#include "kern/kern.h"

enum { ATTN_BLOCK = 16 }; /* queries that a map takes at a time */

/* One file of src/nn/attn/ defines one of these; one line of attn_list.h registers it. The file is
   compiled once for every instruction set. */
struct attn_ops {
    const char *name, *alias; /* alias may be NULL */
    const char *help;         /* one line for `heed list attention` */
    const char *formula;      /* "w = u / (eps + sum u), u = z^2 / (1 + z^2)" */
    const char *sign;         /* ">= 0" or "both" */
    const char *sum;          /* "1", "~1", "abs sum 1" */
    const char *source;       /* "Gros 2024; normaliser (reconstructed)" */
    bool reconstructed;
    bool is_signed;
    bool scale_by_root;       /* default scale 1/sqrt(width of a query), else 1 */
    bool grows;               /* a lower score weighs less (both of diff): what alibi needs */
    double learning_rate;     /* default rate of a model that uses it */
    bool two_scores;          /* two q,k pairs of width D/2 a head: scores z, then z' */
    real sum_eps;             /* above 0: w = z / (sum_eps + sum z), which needs no map */
    /* What a query (times the scale) and a key become before the product, if anything: x = f(x) of
       n numbers, and dx *= f'(x) from f(x). NULL: f(x) = x. */
    void (*feature)(size_t n, real *x);
    void (*feature_back)(size_t n, real *dx, const real *fx);
    /* w (n, ATTN_BLOCK) from z (n, ATTN_BLOCK): keys 0..n-1 down, the queries first, first + 1, ...
       side by side. Keys after its query are masked: w is 0 there, whatever z is; nothing is where
       `first` is attn_sees_all(n). With two scores z and dz are (2, n, ATTN_BLOCK). */
    void (*forward)(int n, int first, real *w, const real *z);
    /* dz from dw and the saved z and w; 0 where masked. No argument overlaps another. */
    void (*backward)(int n, int first, real *dz, const real *dw, const real *z, const real *w);
};

/* In place of the first query: each of the block sees all n keys, as the last one of n does. */
static inline int attn_sees_all(int n)
{
    return -n;
}

/* The registry, in plain C, ending with NULL. */
const struct attn_ops *const *attn_registry(void);
/* A variant as compiled for an instruction set. */
const struct attn_ops *attn_for(const struct attn_ops *ops, enum isa isa);
/* By name or alias; ERR_USAGE with the nearest name. */
int attn_by_name(const char *name, const struct attn_ops **out, struct failure *why);
/* Scores of a pair of query and key: 1 or 2. */
static inline int attn_scores(const struct attn_ops *ops)
{
    return ops->two_scores ? 2 : 1;
}
/* The scale for head width D when the setting is auto. */
double attn_default_scale(const struct attn_ops *ops, int head_width);

/* w (n) of one query q (D) that sees all n keys k (n, D), in a head of width D: what attention_forward
   would give it. z (n) gets its scores, of two their difference. `scratch` has room for
   attn_weigh_scratch(ops, n, D) numbers. */
void attn_weigh(const struct attn_ops *ops, int n, int width, real scale, real *w, real *z,
                const real *q, const real *k, real *scratch);
static inline size_t attn_weigh_scratch(const struct attn_ops *ops, int n, int width)
{
    return (size_t)n * ATTN_BLOCK * (1 + (size_t)attn_scores(ops)) + ((size_t)n + 1) * (size_t)width;
}

#endif
