/* Attention variants: maps from a row of scores to a row of weights. */
#ifndef HEED_NN_ATTN_H
#define HEED_NN_ATTN_H

#include <stdbool.h>
#include "base/fail.h"
#include "base/real.h"
#include "kern/kern.h"

/* One file of src/nn/attn/ defines one of these; one line of attn_list.h registers it. */
struct attn_ops {
    const char *name, *alias; /* alias may be NULL */
    const char *help;         /* one line for `heed list attention` */
    const char *formula;      /* "w = u / (eps + sum u), u = z^2 / (1 + z^2)" */
    const char *sign;         /* ">= 0" or "both" */
    const char *sum;          /* "1", "~1", "abs sum 1" */
    const char *source;       /* "Gros 2024; normaliser (reconstructed)" */
    bool reconstructed;
    bool is_signed;
    bool scale_by_root;       /* default scale 1/sqrt(D), else 1 */
    double learning_rate;     /* default rate of a model that uses it */
    /* w (n) from z (n): the n keys allowed to one query. */
    void (*forward)(const struct kern *k, int n, real *w, const real *z);
    /* dz (n) from dw, and the saved z and w. dz may be dw. */
    void (*backward)(const struct kern *k, int n, real *dz, const real *dw, const real *z,
                     const real *w);
};

/* The registry, ending with NULL. */
const struct attn_ops *const *attn_registry(void);
/* By name or alias; ERR_USAGE with the nearest name. */
int attn_by_name(const char *name, const struct attn_ops **out, struct failure *why);
/* The scale for head width D when the setting is auto. */
double attn_default_scale(const struct attn_ops *ops, int head_width);

#endif
