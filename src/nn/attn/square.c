/* Polynomial attention of degree two: the squares of the scores, normalised. */
#include "nn/attn/map.h"
#include "nn/attn/soft.h"

/* Of the normaliser eps + sum z^2: a query whose scores are all 0 gets weights of 0. */
static const real eps = (real)1e-6;

static ALWAYS_INLINE vec inverse_sum(int n, int first, int lane, const real *z)
{
    const vec query = queries_at(first, lane);
    vec sum = v_set(eps);
    for (int j = 0; j < n; j++) {
        vec score = v_load(z + map_at(j, lane));
        sum = v_add(sum, if_seen(query, j, v_mul(score, score), v_set(0)));
    }
    return v_div(v_set(1), sum);
}

static void forward(int n, int first, real *w, const real *z)
{
    for (int lane = 0; lane < ATTN_BLOCK; lane += LANES) {
        const vec query = queries_at(first, lane);
        vec inverse = inverse_sum(n, first, lane, z);
        for (int j = 0; j < n; j++) {
            vec score = v_load(z + map_at(j, lane));
            vec weight = v_mul(v_mul(score, inverse), score);
            v_store(w + map_at(j, lane), if_seen(query, j, weight, v_set(0)));
        }
    }
}

static ALWAYS_INLINE vec slope(vec z, vec inverse)
{
    return v_mul(v_add(z, z), inverse);
}

/* With S = eps + sum z^2: dz_j = 2 z_j / S (dw_j - sum_i dw_i w_i). */
static void backward(int n, int first, real *dz, const real *dw, const real *z, const real *w)
{
    ratio_backward(n, first, dz, dw, z, w, inverse_sum, slope);
}

const struct attn_ops ATTN_OPS(square) = {
    .name = "square",
    .help = "polynomial attention: the square of the score, normalised",
    .formula = "w = z^2 / (eps + sum z^2)",
    .sign = ">= 0",
    .sum = "~1",
    .source = "polynomial attention",
    .learning_rate = 2e-2,
    .forward = forward,
    .backward = backward,
};
