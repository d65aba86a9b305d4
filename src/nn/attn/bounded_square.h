/* u = z^2 / (1 + z^2), the bounded square that ea and signed-ea share. */
#ifndef HEED_NN_ATTN_BOUNDED_SQUARE_H
#define HEED_NN_ATTN_BOUNDED_SQUARE_H

#include "nn/attn/map.h"

/* Of the normaliser eps + sum u: a query whose scores are all 0 gets weights of 0. */
#define BOUNDED_SQUARE_EPS ((real)1e-6)

/* w_j = u_j, 0 where masked; returns 1 / (eps + sum u). */
static ALWAYS_INLINE vec bounded_squares(int n, int first, int lane, real *w, const real *z)
{
    const vec query = queries_at(first, lane);
    vec sum = v_set(0);
    for (int j = 0; j < n; j++) {
        vec score = v_load(z + map_at(j, lane)), square = v_mul(score, score);
        vec u = v_div(square, v_add(v_set(1), square));
        u = if_seen(query, j, u, v_set(0));
        sum = v_add(sum, u);
        v_store(w + map_at(j, lane), u);
    }
    return v_div(v_set(1), v_add(sum, v_set(BOUNDED_SQUARE_EPS)));
}

/* slope_j = du_j / dz_j = 2 z / (1 + z^2)^2, 0 where masked; returns 1 / (eps + sum u). */
static ALWAYS_INLINE vec bounded_square_slopes(int n, int first, int lane, real *slope,
                                               const real *z)
{
    const vec query = queries_at(first, lane);
    vec sum = v_set(0);
    for (int j = 0; j < n; j++) {
        vec score = v_load(z + map_at(j, lane)), square = v_mul(score, score);
        vec t = v_div(v_set(1), v_add(v_set(1), square));
        sum = v_add(sum, if_seen(query, j, v_mul(square, t), v_set(0)));
        vec steep = v_mul(v_mul(v_add(score, score), t), t);
        v_store(slope + map_at(j, lane), if_seen(query, j, steep, v_set(0)));
    }
    return v_div(v_set(1), v_add(sum, v_set(BOUNDED_SQUARE_EPS)));
}

#endif
