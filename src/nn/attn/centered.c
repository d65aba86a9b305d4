/* Softmax minus its mean: weights of both signs that add up to 0, a baseline named with Cog
   (Lv 2024). */
#include "nn/attn/map.h"
#include "nn/attn/soft.h"

static void forward(int n, int first, real *w, const real *z)
{
    for (int lane = 0; lane < ATTN_BLOCK; lane += LANES) {
        const vec query = queries_at(first, lane), share = v_div(v_set(1), keys_of(query));
        vec inverse = soft_exponentials(n, first, lane, w, z, as_it_is, false);
        for (int j = 0; j < n; j++) {
            real *at = w + map_at(j, lane);
            vec weight = v_sub(v_mul(v_load(at), inverse), share);
            v_store(at, if_seen(query, j, weight, v_set(0)));
        }
    }
}

/* With p = w + 1/n, the softmax: dz_j = p_j (dw_j - sum_i dw_i p_i). */
static void backward(int n, int first, real *dz, const real *dw, const real *z, const real *w)
{
    (void)z;
    for (int lane = 0; lane < ATTN_BLOCK; lane += LANES) {
        const vec query = queries_at(first, lane), share = v_div(v_set(1), keys_of(query));
        for (int j = 0; j < n; j++) {
            size_t at = map_at(j, lane);
            v_store(dz + at, if_seen(query, j, v_add(v_load(w + at), share), v_set(0)));
        }
        vec mean = weighted_sum(n, lane, dw, dz);
        for (int j = 0; j < n; j++) {
            size_t at = map_at(j, lane);
            v_store(dz + at, v_mul(v_load(dz + at), v_sub(v_load(dw + at), mean)));
        }
    }
}

const struct attn_ops ATTN_OPS(centered) = {
    .name = "centered",
    .help = "softmax minus 1/n: below the mean of the n keys seen is negative",
    .formula = "w = exp(z) / sum exp(z) - 1/n",
    .sign = "both",
    .sum = "0",
    .source = "baseline named with Cog (Lv 2024)",
    .is_signed = true,
    .scale_by_root = true,
    .grows = true,
    .learning_rate = 1e-2,
    .forward = forward,
    .backward = backward,
};
