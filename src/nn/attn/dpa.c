/* Scaled dot-product attention (Vaswani 2017): the softmax of the scores. */
#include "nn/attn/map.h"
#include "nn/attn/soft.h"

static void forward(int n, int first, real *w, const real *z)
{
    for (int lane = 0; lane < ATTN_BLOCK; lane += LANES)
        softmax(n, first, lane, w, z, false);
}

/* dz_j = w_j (dw_j - sum_i dw_i w_i). */
static void backward(int n, int first, real *dz, const real *dw, const real *z, const real *w)
{
    (void)first, (void)z; /* w is 0 where masked */
    for (int lane = 0; lane < ATTN_BLOCK; lane += LANES)
        soft_backward(n, lane, dz, dw, w);
}

const struct attn_ops ATTN_OPS(dpa) = {
    .name = "dpa",
    .help = "dot-product attention: softmax, the usual one",
    .formula = "w = exp(z) / sum exp(z)",
    .sign = ">= 0",
    .sum = "1",
    .source = "Vaswani 2017",
    .scale_by_root = true,
    .grows = true,
    .learning_rate = 1e-2,
    .forward = forward,
    .backward = backward,
};
