/* Scaled dot-product attention (Vaswani 2017): the softmax of the scores. */
#include "nn/attn/attn_ops.h"

static void forward(const struct kern *k, int n, real *w, const real *z)
{
    k->scale(n, w, 1 / k->exp_sum(n, w, z, k->max(n, z)));
}

/* dz_j = w_j (dw_j - sum_i dw_i w_i). */
static void backward(const struct kern *k, int n, real *dz, const real *dw, const real *z,
                     const real *w)
{
    (void)z;
    real mean = k->dot(n, dw, w);
    for (int j = 0; j < n; j++)
        dz[j] = w[j] * (dw[j] - mean);
}

const struct attn_ops attn_dpa = {
    .name = "dpa",
    .help = "dot-product attention: softmax, the usual one",
    .formula = "w = exp(z) / sum exp(z)",
    .sign = ">= 0",
    .sum = "1",
    .source = "Vaswani 2017",
    .scale_by_root = true,
    .learning_rate = 1e-2,
    .forward = forward,
    .backward = backward,
};
