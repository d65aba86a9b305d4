/* What every body written over vectors needs, after one vec_<set>.h. */
#ifndef HEED_KERN_VEC_TOOLS_H
#define HEED_KERN_VEC_TOOLS_H

#include <stdbool.h>

#define ALWAYS_INLINE inline __attribute__((always_inline))
#define UNROLL        _Pragma("GCC unroll 16")

/* The next vector of a row that has `left` elements left; 0 beyond them. */
static ALWAYS_INLINE vec load_at(const real *p, size_t left)
{
    return left >= LANES ? v_load(p) : v_load_part(p, left);
}

static ALWAYS_INLINE void store_at(real *p, size_t left, vec x)
{
    if (left >= LANES)
        v_store(p, x);
    else
        v_store_part(p, left, x);
}

static ALWAYS_INLINE vec keep_at(vec x, size_t left)
{
    return left >= LANES ? x : v_keep(x, left);
}

#include "kern/vec_math.inc"

#endif
