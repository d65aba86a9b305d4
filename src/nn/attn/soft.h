/* Sums over the keys, lane by lane. */
#ifndef HEED_NN_ATTN_SOFT_H
#define HEED_NN_ATTN_SOFT_H

#include "nn/attn/map.h"

/* sum_j dw_j w_j. */
static ALWAYS_INLINE vec weighted_sum(int n, int lane, const real *dw, const real *w)
{
    vec even = v_set(0), odd = v_set(0);
    for (int j = 0; j < n; j += 2) {
        size_t at = map_at(j, lane);
        even = v_fma(v_load(dw + at), v_load(w + at), even);
        if (j + 1 < n)
            odd = v_fma(v_load(dw + at + ATTN_BLOCK), v_load(w + at + ATTN_BLOCK), odd);
    }
    return v_add(even, odd);
}

/* For soft_exponentials: z itself. */
static ALWAYS_INLINE vec as_it_is(vec z)
{
    return z;
}

/* dz_j = w_j (dw_j - sum_i dw_i w_i), the softmax backward; 0 where w is 0. */
static ALWAYS_INLINE void soft_backward(int n, int lane, real *dz, const real *dw, const real *w)
{
    vec mean = weighted_sum(n, lane, dw, w);
    for (int j = 0; j < n; j++) {
        size_t at = map_at(j, lane);
        v_store(dz + at, v_mul(v_load(w + at), v_sub(v_load(dw + at), mean)));
    }
}

/* Of weights u(z_j) / S with S = eps + sum u: dz_j = u'(z_j) / S (dw_j - sum_i dw_i w_i); `slope`
   gives u' / S from z and 1 / S. */
static ALWAYS_INLINE void ratio_backward(int n, int first, real *dz, const real *dw, const real *z,
                                         const real *w,
                                         vec (*inverse_sum)(int, int, int, const real *),
                                         vec (*slope)(vec, vec))
{
    for (int lane = 0; lane < ATTN_BLOCK; lane += LANES) {
        const vec query = queries_at(first, lane);
        vec inverse = inverse_sum(n, first, lane, z), mean = weighted_sum(n, lane, dw, w);
        for (int j = 0; j < n; j++) {
            size_t at = map_at(j, lane);
            vec d = v_mul(slope(v_load(z + at), inverse), v_sub(v_load(dw + at), mean));
            v_store(dz + at, if_seen(query, j, d, v_set(0)));
        }
    }
}

/* The largest of f(z_j) where seen, and of `least`. It may pass over a NaN. Four chains, as one
   would wait for every comparison. */
static ALWAYS_INLINE vec soft_maximum(int n, vec query, int lane, const real *z, vec (*f)(vec),
                                      vec least)
{
    vec max[4] = {least, least, least, least};
    int j = 0;
    for (; j + 4 <= n; j += 4) {
        UNROLL
        for (int u = 0; u < 4; u++) {
            vec x = if_seen(query, j + u, f(v_load(z + map_at(j + u, lane))), least);
            max[u] = v_if_less(max[u], x, x, max[u]);
        }
    }
    for (; j < n; j++) {
        vec x = if_seen(query, j, f(v_load(z + map_at(j, lane))), least);
        max[0] = v_if_less(max[0], x, x, max[0]);
    }
    UNROLL
    for (int u = 1; u < 4; u++)
        max[0] = v_if_less(max[0], max[u], max[u], max[0]);
    return max[0];
}

/* w_j = exp(f(z_j) - m), 0 where masked; returns 1 / sum w. m is the largest f(z_i). With
   `one_more` there is a key of score 0 besides, that counts in m and in the sum. A NaN among the
   scores shows in the sum. */
static ALWAYS_INLINE vec soft_exponentials(int n, int first, int lane, real *w, const real *z,
                                           vec (*f)(vec), bool one_more)
{
    const vec query = queries_at(first, lane), least = v_set(one_more ? 0 : -(real)INFINITY);
    vec max = soft_maximum(n, query, lane, z, f, least);
    vec sum = one_more ? v_exp(v_sub(v_set(0), max)) : v_set(0);
    for (int j = 0; j < n; j++) {
        vec e = v_exp(v_sub(f(v_load(z + map_at(j, lane))), max));
        e = if_seen(query, j, e, v_set(0));
        sum = v_add(sum, e);
        v_store(w + map_at(j, lane), e);
    }
    return v_div(v_set(1), sum);
}

/* w_j = exp(z_j) / S, S = sum exp(z), and one more as above. */
static ALWAYS_INLINE void softmax(int n, int first, int lane, real *w, const real *z, bool one_more)
{
    vec inverse = soft_exponentials(n, first, lane, w, z, as_it_is, one_more);
    for (int j = 0; j < n; j++) {
        real *at = w + map_at(j, lane);
        v_store(at, v_mul(v_load(at), inverse));
    }
}

#endif
