/* Softmax with one more term, a key of score 0 and value 0: a query may attend to nothing
   (Miller 2023). */
#include "nn/attn/map.h"
#include "nn/attn/soft.h"

static void forward(int n, int first, real *w, const real *z)
{
    for (int lane = 0; lane < ATTN_BLOCK; lane += LANES)
        softmax(n, first, lane, w, z, true);
}

/* dz_j = w_j (dw_j - sum_i dw_i w_i), as for the softmax: the further term has no dw. */
static void backward(int n, int first, real *dz, const real *dw, const real *z, const real *w)
{
    (void)first, (void)z; /* w is 0 where masked */
    for (int lane = 0; lane < ATTN_BLOCK; lane += LANES)
        soft_backward(n, lane, dz, dw, w);
}

const struct attn_ops ATTN_OPS(softmax1) = {
    .name = "softmax1",
    .help = "softmax with a one in the denominator: a query may attend to nothing",
    .formula = "w = exp(z) / (1 + sum exp(z))",
    .sign = ">= 0",
    .sum = "< 1",
    .source = "Miller 2023",
    .scale_by_root = true,
    .grows = true,
    .learning_rate = 1e-2,
    .forward = forward,
    .backward = backward,
};
