/* u = z^2 / (1 + z^2), the bounded square that ea and signed-ea share. */
#ifndef HEED_NN_ATTN_BOUNDED_SQUARE_H
#define HEED_NN_ATTN_BOUNDED_SQUARE_H

#include "core/config.h" /* MAX_CONTEXT: the longest row */
#include "kern/kern.h"

#define BOUNDED_SQUARE_EPS ((real)1e-6) /* of the normaliser: a row of zeros gets weights of zero  \
                                         */

/* u (n) from z (n). */
static inline void bounded_square(int n, real *restrict u, const real *restrict z)
{
    for (int j = 0; j < n; j++) {
        real square = z[j] * z[j];
        u[j] = square / (1 + square);
    }
}

/* eps + sum u, with the bits that forward used: the same sum over the same n. */
static inline real bounded_square_total(const struct kern *k, int n, real *restrict u,
                                        const real *restrict z)
{
    bounded_square(n, u, z);
    return BOUNDED_SQUARE_EPS + k->sum(n, u);
}

/* du/dz = 2 z / (1 + z^2)^2. */
static inline real bounded_square_slope(real z)
{
    real t = 1 / (1 + z * z);
    return 2 * z * t * t;
}

#endif
