/* Expressive ("extensive") attention (Gros 2024): parallel and antiparallel vectors attract,
   orthogonal ones do not. The normaliser is reconstructed. */
#include "nn/attn/bounded_square.h"
#include "nn/attn/soft.h"

static void forward(int n, int first, real *w, const real *z)
{
    for (int lane = 0; lane < ATTN_BLOCK; lane += LANES) {
        vec inverse = bounded_squares(n, first, lane, w, z);
        for (int j = 0; j < n; j++) {
            real *at = w + map_at(j, lane);
            v_store(at, v_mul(v_load(at), inverse));
        }
    }
}

/* With S = eps + sum u: dz_j = (dw_j - sum_i dw_i w_i) / S * du_j/dz_j. */
static void backward(int n, int first, real *dz, const real *dw, const real *z, const real *w)
{
    for (int lane = 0; lane < ATTN_BLOCK; lane += LANES) {
        vec inverse = bounded_square_slopes(n, first, lane, dz, z);
        vec mean = weighted_sum(n, lane, dw, w);
        for (int j = 0; j < n; j++) {
            size_t at = map_at(j, lane);
            vec d = v_mul(v_sub(v_load(dw + at), mean), inverse);
            v_store(dz + at, v_mul(d, v_load(dz + at)));
        }
    }
}

const struct attn_ops ATTN_OPS(ea) = {
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
