/* The tables that kern.c chooses from. */
#ifndef HEED_KERN_TABLES_H
#define HEED_KERN_TABLES_H

#include <math.h>
#include "kern/kern.h"

extern const struct kern kern_table_ref, kern_table_scalar;
#ifdef HEED_HAVE_AVX2
extern const struct kern kern_table_avx2;
#endif
#ifdef HEED_HAVE_AVX512
extern const struct kern kern_table_avx512;
#endif
#ifdef HEED_HAVE_NEON
extern const struct kern kern_table_neon;
#endif

/* Of the tanh form of gelu, u = sqrt(2/pi) (x + GELU_CUBIC x^3); GELU_ROOT is 2 sqrt(2/pi). */
#define GELU_ROOT  1.59576912160573071
#define GELU_CUBIC 0.044715

/* a * b + c, rounded once. */
static inline real real_fma(real a, real b, real c)
{
    return REAL_IS_DOUBLE ? (real)fma(a, b, c) : (real)fmaf((float)a, (float)b, (float)c);
}

#endif
