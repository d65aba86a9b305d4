/* Expressive ("extensive") attention (Gros 2024): parallel and antiparallel vectors attract,
   orthogonal ones do not. The normaliser is reconstructed. */
#include "nn/attn/attn_ops.h"

#include "nn/attn/bounded_square.h"

static void forward(const struct kern *k, int n, real *w, const real *z)
{
    k->scale(n, w, 1 / bounded_square_total(k, n, w, z));
}

/* With S = eps + sum u: dz_j = (dw_j - sum_i dw_i w_i) / S * du_j/dz_j. */
static void backward(const struct kern *k, int n, real *dz, const real *dw, const real *z,
                     const real *w)
{
    real u[MAX_CONTEXT];
    u[0] = 0; /* n >= 1, which the compiler cannot know */
    real inverse = 1 / bounded_square_total(k, n, u, z);
    real mean = k->dot(n, dw, w);
    for (int j = 0; j < n; j++)
        dz[j] = (dw[j] - mean) * inverse * bounded_square_slope(z[j]);
}

const struct attn_ops attn_ea = {
    .name = "ea",
    .alias = "extensive",
    .help = "expressive attention: parallel and antiparallel attract, orthogonal does not",
    .formula = "w = u / (eps + sum u), u = z^2 / (1 + z^2)",
    .sign = ">= 0",
    .sum = "~1",
    .source = "Gros 2024; normaliser (reconstructed)",
    .reconstructed = true,
    .learning_rate = 2e-2,
    .forward = forward,
    .backward = backward,
};
