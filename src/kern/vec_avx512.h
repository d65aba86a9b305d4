/* Sixteen floats: AVX-512 F, DQ, BW, VL. */
#ifndef HEED_KERN_VEC_AVX512_H
#define HEED_KERN_VEC_AVX512_H

#include <immintrin.h>
#include "kern/tables.h"

#define LANES              16
#define VEC_ISA            ISA_AVX512
#define VEC_NAME           "avx512"
#define VEC_TABLE          kern_table_avx512
#define VEC_NAMED(id)      id##_avx512
#define GEMM_ROWS          8
#define GEMM_REST_CASES(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7)

typedef __m512 vec;

/* left in 0..16 */
static inline __mmask16 v_lanes(size_t left)
{
    return (__mmask16)((1u << left) - 1);
}

static inline vec v_set(real x)
{
    return _mm512_set1_ps(x);
}

static inline vec v_load(const real *p)
{
    return _mm512_loadu_ps(p);
}

static inline void v_store(real *p, vec x)
{
    _mm512_storeu_ps(p, x);
}

static inline vec v_load_part(const real *p, size_t left)
{
    return _mm512_maskz_loadu_ps(v_lanes(left), p);
}

static inline vec v_load_or(const real *p, size_t left, vec rest)
{
    return _mm512_mask_loadu_ps(rest, v_lanes(left), p);
}

static inline void v_store_part(real *p, size_t left, vec x)
{
    _mm512_mask_storeu_ps(p, v_lanes(left), x);
}

static inline vec v_keep(vec x, size_t left)
{
    return _mm512_maskz_mov_ps(v_lanes(left), x);
}

static inline vec v_add(vec a, vec b)
{
    return _mm512_add_ps(a, b);
}

static inline vec v_sub(vec a, vec b)
{
    return _mm512_sub_ps(a, b);
}

static inline vec v_mul(vec a, vec b)
{
    return _mm512_mul_ps(a, b);
}

static inline vec v_div(vec a, vec b)
{
    return _mm512_div_ps(a, b);
}

static inline vec v_fma(vec a, vec b, vec c)
{
    return _mm512_fmadd_ps(a, b, c);
}

static inline vec v_sqrt(vec x)
{
    return _mm512_sqrt_ps(x);
}

static inline vec v_round(vec x)
{
    return _mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}

static inline vec v_scale2(vec x, vec power)
{
    return _mm512_scalef_ps(x, power);
}

static inline vec v_abs(vec x)
{
    return _mm512_abs_ps(x);
}

static inline vec v_copysign(vec size, vec sign)
{
    __m512 bit = _mm512_set1_ps(-0.0f);
    return _mm512_or_ps(_mm512_andnot_ps(bit, size), _mm512_and_ps(bit, sign));
}

static inline vec v_if_less(vec a, vec b, vec yes, vec no)
{
    return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(a, b, _CMP_LT_OQ), no, yes);
}

/* max and min give their second operand when one is a NaN. */
static inline vec v_clamp(vec x, vec low, vec high)
{
    return _mm512_min_ps(high, _mm512_max_ps(low, x));
}

static inline vec v_max(vec a, vec b)
{
    __mmask16 nan = _mm512_cmp_ps_mask(a, a, _CMP_UNORD_Q);
    return _mm512_mask_mov_ps(_mm512_max_ps(a, b), nan, a);
}

static inline real v_reduce_add(vec x)
{
    return _mm512_reduce_add_ps(x);
}

static inline real v_reduce_max(vec x)
{
    if (_mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q))
        return (real)NAN;
    return _mm512_reduce_max_ps(x);
}

/* Pairs of lanes turned by pairs (cosine, sine), and back. */
static inline vec v_turn(vec x, vec turns)
{
    vec across = _mm512_mul_ps(_mm512_permute_ps(x, 0xb1), _mm512_movehdup_ps(turns));
    return _mm512_fmaddsub_ps(x, _mm512_moveldup_ps(turns), across);
}

static inline vec v_turn_back(vec x, vec turns)
{
    vec across = _mm512_mul_ps(_mm512_permute_ps(x, 0xb1), _mm512_movehdup_ps(turns));
    return _mm512_fmsubadd_ps(x, _mm512_moveldup_ps(turns), across);
}

/* LANES vectors as the rows of a square, in place: pairs of rows, pairs of pairs, then quarters. */
static inline void v_transpose(vec *x)
{
    vec t[16];
#pragma GCC unroll 8
    for (int i = 0; i < 16; i += 2) {
        t[i] = _mm512_unpacklo_ps(x[i], x[i + 1]);
        t[i + 1] = _mm512_unpackhi_ps(x[i], x[i + 1]);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 16; i += 4) {
        x[i] = _mm512_shuffle_ps(t[i], t[i + 2], 0x44);
        x[i + 1] = _mm512_shuffle_ps(t[i], t[i + 2], 0xee);
        x[i + 2] = _mm512_shuffle_ps(t[i + 1], t[i + 3], 0x44);
        x[i + 3] = _mm512_shuffle_ps(t[i + 1], t[i + 3], 0xee);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        t[i] = _mm512_shuffle_f32x4(x[i], x[i + 4], 0x88);
        t[i + 4] = _mm512_shuffle_f32x4(x[i], x[i + 4], 0xdd);
        t[i + 8] = _mm512_shuffle_f32x4(x[i + 8], x[i + 12], 0x88);
        t[i + 12] = _mm512_shuffle_f32x4(x[i + 8], x[i + 12], 0xdd);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        x[i] = _mm512_shuffle_f32x4(t[i], t[i + 8], 0x88);
        x[i + 4] = _mm512_shuffle_f32x4(t[i + 4], t[i + 12], 0x88);
        x[i + 8] = _mm512_shuffle_f32x4(t[i], t[i + 8], 0xdd);
        x[i + 12] = _mm512_shuffle_f32x4(t[i + 4], t[i + 12], 0xdd);
    }
}

#endif
