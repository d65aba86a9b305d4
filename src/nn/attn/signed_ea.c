/* The sign of cog on the bounded square of ea: the two ideas joined, this project's own. */
#include "nn/attn/bounded_square.h"
#include "nn/attn/soft.h"

static void forward(int n, int first, real *w, const real *z)
{
    for (int lane = 0; lane < ATTN_BLOCK; lane += LANES) {
        vec inverse = bounded_squares(n, first, lane, w, z);
        for (int j = 0; j < n; j++) {
            size_t at = map_at(j, lane);
            /* sgn(0) = 0 needs no case: u(0) = 0 */
            v_store(w + at, v_mul(v_load(w + at), v_copysign(inverse, v_load(z + at))));
        }
    }
}

/* With s = sgn(z), S = eps + sum u: dz_j = (s_j dw_j - sum_i dw_i w_i) / S * du_j/dz_j. At z = 0
   the slope of u is 0, so the map is differentiable there and its derivative is 0. */
static void backward(int n, int first, real *dz, const real *dw, const real *z, const real *w)
{
    for (int lane = 0; lane < ATTN_BLOCK; lane += LANES) {
        vec inverse = bounded_square_slopes(n, first, lane, dz, z);
        vec mean = weighted_sum(n, lane, dw, w);
        for (int j = 0; j < n; j++) {
            size_t at = map_at(j, lane);
            vec ahead = v_load(dw + at), minus = v_sub(v_set(0), ahead);
            vec d = v_if_less(v_load(z + at), v_set(0), minus, ahead);
            d = v_mul(v_sub(d, mean), inverse);
            v_store(dz + at, v_mul(d, v_load(dz + at)));
        }
    }
}

const struct attn_ops ATTN_OPS(signed_ea) = {
    .name = "signed-ea",
    .help = "ea with the sign of the score: antiparallel vectors repel",
    .formula = "w = sgn(z) u / (eps + sum u), u = z^2 / (1 + z^2)",
    .sign = "both",
    .sum = "abs sum ~1",
    .source = "this project",
    .is_signed = true,
    .learning_rate = 2e-2,
    .forward = forward,
    .backward = backward,
};
