/* Cog attention (Lv 2024): the softmax of |z|, with the sign of z. */
#include "nn/attn/map.h"
#include "nn/attn/soft.h"

static void forward(int n, int first, real *w, const real *z)
{
    const vec zero = v_set(0);
    for (int lane = 0; lane < ATTN_BLOCK; lane += LANES) {
        vec inverse = soft_exponentials(n, first, lane, w, z, v_abs, false);
        for (int j = 0; j < n; j++) {
            size_t at = map_at(j, lane);
            vec score = v_load(z + at), p = v_copysign(v_mul(v_load(w + at), inverse), score);
            /* sgn(0) = 0, by a product that leaves a NaN visible */
            v_store(w + at, v_if_less(zero, v_abs(score), p, v_mul(score, p)));
        }
    }
}

/* With p = softmax(|z|), s = sgn(z): dz_j = s_j p_j (s_j dw_j - sum_i dw_i w_i)
   = |w_j| dw_j - w_j sum_i dw_i w_i. The weight jumps from -p to p at z = 0; there sgn(0) = 0 makes
   the weight and this derivative 0, which keeps such a pair out of the step instead of sending it
   one way. */
static void backward(int n, int first, real *dz, const real *dw, const real *z, const real *w)
{
    (void)first, (void)z; /* w is 0 where masked */
    for (int lane = 0; lane < ATTN_BLOCK; lane += LANES) {
        vec mean = weighted_sum(n, lane, dw, w);
        for (int j = 0; j < n; j++) {
            size_t at = map_at(j, lane);
            vec weight = v_load(w + at), along = v_mul(v_abs(weight), v_load(dw + at));
            v_store(dz + at, v_sub(along, v_mul(weight, mean)));
        }
    }
}

const struct attn_ops ATTN_OPS(cog) = {
    .name = "cog",
    .help = "cog attention: softmax of |z| with the sign of z, antiparallel vectors repel",
    .formula = "w = sgn(z) exp(|z|) / sum exp(|z|)",
    .sign = "both",
    .sum = "abs sum 1",
    .source = "Lv 2024",
    .is_signed = true,
    .scale_by_root = true,
    .learning_rate = 1e-2,
    .forward = forward,
    .backward = backward,
};
