/* Sigmoid attention (Ramapuram 2024): every key weighed by itself, with the bias -log n that lets
   the n keys of a query begin with weights that add up to about 1. */
#include "nn/attn/map.h"

/* 1 / (1 + exp(-(z - log n))) = 1 / (1 + n exp(-z)). */
static void forward(int n, int first, real *w, const real *z)
{
    for (int lane = 0; lane < ATTN_BLOCK; lane += LANES) {
        const vec query = queries_at(first, lane), keys = keys_of(query);
        for (int j = 0; j < n; j++) {
            vec e = v_exp(v_sub(v_set(0), v_load(z + map_at(j, lane))));
            vec weight = v_div(v_set(1), v_fma(keys, e, v_set(1)));
            v_store(w + map_at(j, lane), if_seen(query, j, weight, v_set(0)));
        }
    }
}

/* dz_j = dw_j w_j (1 - w_j). */
static void backward(int n, int first, real *dz, const real *dw, const real *z, const real *w)
{
    (void)first, (void)z; /* w is 0 where masked */
    for (int lane = 0; lane < ATTN_BLOCK; lane += LANES)
        for (int j = 0; j < n; j++) {
            size_t at = map_at(j, lane);
            vec weight = v_load(w + at), slope = v_mul(weight, v_sub(v_set(1), weight));
            v_store(dz + at, v_mul(v_load(dw + at), slope));
        }
}

const struct attn_ops ATTN_OPS(sigmoid) = {
    .name = "sigmoid",
    .help = "sigmoid attention: keys do not compete, n is the number of keys seen",
    .formula = "w = 1 / (1 + exp(-(z - log n)))",
    .sign = ">= 0",
    .sum = "free",
    .source = "Ramapuram 2024",
    .scale_by_root = true,
    .grows = true,
    .learning_rate = 1e-2,
    .forward = forward,
    .backward = backward,
};
