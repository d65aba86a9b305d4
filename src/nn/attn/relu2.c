/* Squared-ReLU attention: the square of the positive scores over the number of keys seen. */
#include "nn/attn/map.h"

static void forward(int n, int first, real *w, const real *z)
{
    for (int lane = 0; lane < ATTN_BLOCK; lane += LANES) {
        const vec query = queries_at(first, lane), share = v_div(v_set(1), keys_of(query));
        for (int j = 0; j < n; j++) {
            vec r = v_max(v_load(z + map_at(j, lane)), v_set(0));
            vec weight = v_mul(v_mul(r, share), r);
            v_store(w + map_at(j, lane), if_seen(query, j, weight, v_set(0)));
        }
    }
}

/* dz_j = 2 max(z_j, 0) / n dw_j. */
static void backward(int n, int first, real *dz, const real *dw, const real *z, const real *w)
{
    (void)w;
    for (int lane = 0; lane < ATTN_BLOCK; lane += LANES) {
        const vec query = queries_at(first, lane), share = v_div(v_set(2), keys_of(query));
        for (int j = 0; j < n; j++) {
            size_t at = map_at(j, lane);
            vec slope = v_mul(v_max(v_load(z + at), v_set(0)), share);
            v_store(dz + at, if_seen(query, j, v_mul(v_load(dw + at), slope), v_set(0)));
        }
    }
}

const struct attn_ops ATTN_OPS(relu2) = {
    .name = "relu2",
    .help = "squared ReLU: exact zeros, keys do not compete, n is the number of keys seen",
    .formula = "w = max(z, 0)^2 / n",
    .sign = ">= 0",
    .sum = "free",
    .source = "squared-ReLU attention",
    .scale_by_root = true,
    .grows = true,
    .learning_rate = 2e-2,
    .forward = forward,
    .backward = backward,
};
