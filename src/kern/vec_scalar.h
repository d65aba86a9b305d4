/* Vectors of one: the fast body in plain C, for `real` float or double. */
#ifndef HEED_KERN_VEC_SCALAR_H
#define HEED_KERN_VEC_SCALAR_H

#include "kern/tables.h"

#define LANES              1
#define VEC_ISA            ISA_SCALAR
#define VEC_NAME           "scalar"
#define VEC_TABLE          kern_table_scalar
#define VEC_NAMED(id)      id##_scalar
#define GEMM_ROWS          4
#define GEMM_REST_CASES(X) X(1) X(2) X(3)

typedef real vec;

static inline vec v_set(real x)
{
    return x;
}

static inline vec v_load(const real *p)
{
    return *p;
}

static inline void v_store(real *p, vec x)
{
    *p = x;
}

static inline vec v_load_part(const real *p, size_t left)
{
    (void)left;
    return *p;
}

static inline vec v_load_or(const real *p, size_t left, vec rest)
{
    (void)left, (void)rest;
    return *p;
}

static inline void v_store_part(real *p, size_t left, vec x)
{
    (void)left;
    *p = x;
}

static inline vec v_keep(vec x, size_t left)
{
    (void)left;
    return x;
}

static inline vec v_add(vec a, vec b)
{
    return a + b;
}

static inline vec v_sub(vec a, vec b)
{
    return a - b;
}

static inline vec v_mul(vec a, vec b)
{
    return a * b;
}

static inline vec v_div(vec a, vec b)
{
    return a / b;
}

static inline vec v_fma(vec a, vec b, vec c)
{
    return real_fma(a, b, c);
}

static inline vec v_sqrt(vec x)
{
    return REAL_IS_DOUBLE ? (real)sqrt(x) : (real)sqrtf((float)x);
}

static inline vec v_round(vec x)
{
    return REAL_IS_DOUBLE ? (real)rint(x) : (real)rintf((float)x);
}

static inline vec v_scale2(vec x, vec power)
{
    int n = power == power ? (int)power : 0;
    return REAL_IS_DOUBLE ? (real)ldexp(x, n) : (real)ldexpf((float)x, n);
}

static inline vec v_abs(vec x)
{
    return REAL_IS_DOUBLE ? (real)fabs(x) : (real)fabsf((float)x);
}

static inline vec v_copysign(vec size, vec sign)
{
    return REAL_IS_DOUBLE ? (real)copysign(size, sign) : (real)copysignf((float)size, (float)sign);
}

static inline vec v_if_less(vec a, vec b, vec yes, vec no)
{
    return a < b ? yes : no;
}

static inline vec v_clamp(vec x, vec low, vec high)
{
    return x < low ? low : x > high ? high : x;
}

static inline vec v_max(vec a, vec b)
{
    return a > b || a != a ? a : b;
}

static inline real v_reduce_add(vec x)
{
    return x;
}

static inline real v_reduce_max(vec x)
{
    return x;
}

/* LANES vectors as the rows of a square, in place. */
static inline void v_transpose(vec *x)
{
    (void)x;
}

#endif
