/* Linear attention (Katharopoulos 2020): a positive feature map f of queries and keys, and their
   products themselves as weights, normalised. */
#include "nn/attn/map.h"
#include "nn/attn/soft.h"

#define EPS ((real)1e-6)

/* f(x) = elu(x) + 1: x + 1 above 0, exp(x) below. */
static void feature(size_t n, real *x)
{
    const vec zero = v_set(0), one = v_set(1);
    for (size_t i = 0; i < n; i += LANES) {
        vec a = load_at(x + i, n - i);
        store_at(x + i, n - i, v_if_less(zero, a, v_add(a, one), v_exp(a)));
    }
}

/* f'(x) = min(f(x), 1). */
static void feature_back(size_t n, real *dx, const real *fx)
{
    const vec one = v_set(1);
    for (size_t i = 0; i < n; i += LANES) {
        vec f = load_at(fx + i, n - i);
        vec d = v_mul(load_at(dx + i, n - i), v_if_less(one, f, one, f));
        store_at(dx + i, n - i, d);
    }
}

static ALWAYS_INLINE vec inverse_sum(int n, int first, int lane, const real *z)
{
    const vec query = queries_at(first, lane);
    vec sum = v_set(EPS);
    for (int j = 0; j < n; j++)
        sum = v_add(sum, if_seen(query, j, v_load(z + map_at(j, lane)), v_set(0)));
    return v_div(v_set(1), sum);
}

static void forward(int n, int first, real *w, const real *z)
{
    for (int lane = 0; lane < ATTN_BLOCK; lane += LANES) {
        const vec query = queries_at(first, lane);
        vec inverse = inverse_sum(n, first, lane, z);
        for (int j = 0; j < n; j++) {
            size_t at = map_at(j, lane);
            vec weight = v_mul(v_load(z + at), inverse);
            v_store(w + at, if_seen(query, j, weight, v_set(0)));
        }
    }
}

static ALWAYS_INLINE vec slope(vec z, vec inverse)
{
    (void)z;
    return inverse;
}

/* With S = eps + sum z: dz_j = (dw_j - sum_i dw_i w_i) / S. */
static void backward(int n, int first, real *dz, const real *dw, const real *z, const real *w)
{
    ratio_backward(n, first, dz, dw, z, w, inverse_sum, slope);
}

const struct attn_ops ATTN_OPS(linear) = {
    .name = "linear",
    .help = "linear attention: products of positive features, no exponential of a score",
    .formula = "w = z / (eps + sum z), z = f(scale q).f(k), f = elu + 1",
    .sign = ">= 0",
    .sum = "~1",
    .source = "Katharopoulos 2020",
    .learning_rate = 1e-2,
    .sum_eps = EPS,
    .feature = feature,
    .feature_back = feature_back,
    .forward = forward,
    .backward = backward,
};
