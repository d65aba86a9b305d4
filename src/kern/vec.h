/* The vectors that a file is compiled for: HEED_FOR_<set> names them, plain C otherwise. */
#ifndef HEED_KERN_VEC_H
#define HEED_KERN_VEC_H

#if defined(HEED_FOR_AVX512)
#include "kern/vec_avx512.h"
#elif defined(HEED_FOR_AVX2)
#include "kern/vec_avx2.h"
#elif defined(HEED_FOR_NEON)
#include "kern/vec_neon.h"
#else
#include "kern/vec_scalar.h"
#endif
#include "kern/vec_tools.h"

#endif
