/* Eight floats: AVX2 and FMA. */
#ifndef HEED_KERN_VEC_AVX2_H
#define HEED_KERN_VEC_AVX2_H

#include <immintrin.h>
#include "kern/tables.h"

#define LANES              8
#define VEC_ISA            ISA_AVX2
#define VEC_NAME           "avx2"
#define VEC_TABLE          kern_table_avx2
#define VEC_NAMED(id)      id##_avx2
#define GEMM_ROWS          6
#define GEMM_REST_CASES(X) X(1) X(2) X(3) X(4) X(5)

typedef __m256 vec;

/* left in 0..8 */
static inline __m256i v_lanes(size_t left)
{
    return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)left),
                              _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

static inline vec v_set(real x)
{
    return _mm256_set1_ps(x);
}

static inline vec v_load(const real *p)
{
    return _mm256_loadu_ps(p);
}

static inline void v_store(real *p, vec x)
{
    _mm256_storeu_ps(p, x);
}

static inline vec v_load_part(const real *p, size_t left)
{
    return _mm256_maskload_ps(p, v_lanes(left));
}

static inline vec v_load_or(const real *p, size_t left, vec rest)
{
    __m256i lanes = v_lanes(left);
    return _mm256_blendv_ps(rest, _mm256_maskload_ps(p, lanes), _mm256_castsi256_ps(lanes));
}

/* In pieces, as the masked store is slow on AMD. */
static inline void v_store_part(real *p, size_t left, vec x)
{
    __m128 part = _mm256_castps256_ps128(x);
    if (left & 8) {
        _mm256_storeu_ps(p, x);
        return;
    }
    if (left & 4) {
        _mm_storeu_ps(p, part);
        part = _mm256_extractf128_ps(x, 1);
        p += 4;
    }
    if (left & 2) {
        _mm_storel_pi((__m64 *)p, part);
        part = _mm_movehl_ps(part, part);
        p += 2;
    }
    if (left & 1)
        _mm_store_ss(p, part);
}

static inline vec v_keep(vec x, size_t left)
{
    return _mm256_and_ps(x, _mm256_castsi256_ps(v_lanes(left)));
}

static inline vec v_add(vec a, vec b)
{
    return _mm256_add_ps(a, b);
}

static inline vec v_sub(vec a, vec b)
{
    return _mm256_sub_ps(a, b);
}

static inline vec v_mul(vec a, vec b)
{
    return _mm256_mul_ps(a, b);
}

static inline vec v_div(vec a, vec b)
{
    return _mm256_div_ps(a, b);
}

static inline vec v_fma(vec a, vec b, vec c)
{
    return _mm256_fmadd_ps(a, b, c);
}

static inline vec v_sqrt(vec x)
{
    return _mm256_sqrt_ps(x);
}

static inline vec v_round(vec x)
{
    return _mm256_round_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}

/* 2^power as a float; power in -126..127. */
static inline vec v_power2(__m256i power)
{
    return _mm256_castsi256_ps(
        _mm256_slli_epi32(_mm256_add_epi32(power, _mm256_set1_epi32(127)), 23));
}

/* In two halves, so that only the last product overflows or is rounded. */
static inline vec v_scale2(vec x, vec power)
{
    __m256i all = _mm256_cvtps_epi32(power), half = _mm256_srai_epi32(all, 1);
    return _mm256_mul_ps(_mm256_mul_ps(x, v_power2(half)), v_power2(_mm256_sub_epi32(all, half)));
}

static inline vec v_abs(vec x)
{
    return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), x);
}

static inline vec v_copysign(vec size, vec sign)
{
    __m256 bit = _mm256_set1_ps(-0.0f);
    return _mm256_or_ps(_mm256_andnot_ps(bit, size), _mm256_and_ps(bit, sign));
}

static inline vec v_if_less(vec a, vec b, vec yes, vec no)
{
    return _mm256_blendv_ps(no, yes, _mm256_cmp_ps(a, b, _CMP_LT_OQ));
}

/* max and min give their second operand when one is a NaN. */
static inline vec v_clamp(vec x, vec low, vec high)
{
    return _mm256_min_ps(high, _mm256_max_ps(low, x));
}

static inline vec v_max(vec a, vec b)
{
    return _mm256_blendv_ps(_mm256_max_ps(a, b), a, _mm256_cmp_ps(a, a, _CMP_UNORD_Q));
}

static inline real v_reduce_add(vec x)
{
    __m128 s = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    s = _mm_add_ps(s, _mm_movehl_ps(s, s));
    return _mm_cvtss_f32(_mm_add_ss(s, _mm_movehdup_ps(s)));
}

static inline real v_reduce_max(vec x)
{
    if (_mm256_movemask_ps(_mm256_cmp_ps(x, x, _CMP_UNORD_Q)))
        return (real)NAN;
    __m128 s = _mm_max_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    s = _mm_max_ps(s, _mm_movehl_ps(s, s));
    return _mm_cvtss_f32(_mm_max_ss(s, _mm_movehdup_ps(s)));
}

/* Pairs of lanes turned by pairs (cosine, sine), and back. */
static inline vec v_turn(vec x, vec turns)
{
    vec across = _mm256_mul_ps(_mm256_permute_ps(x, 0xb1), _mm256_movehdup_ps(turns));
    return _mm256_fmaddsub_ps(x, _mm256_moveldup_ps(turns), across);
}

static inline vec v_turn_back(vec x, vec turns)
{
    vec across = _mm256_mul_ps(_mm256_permute_ps(x, 0xb1), _mm256_movehdup_ps(turns));
    return _mm256_fmsubadd_ps(x, _mm256_moveldup_ps(turns), across);
}

/* LANES vectors as the rows of a square, in place: pairs of rows, pairs of pairs, then halves. */
static inline void v_transpose(vec *x)
{
    vec t[8];
#pragma GCC unroll 4
    for (int i = 0; i < 8; i += 2) {
        t[i] = _mm256_unpacklo_ps(x[i], x[i + 1]);
        t[i + 1] = _mm256_unpackhi_ps(x[i], x[i + 1]);
    }
#pragma GCC unroll 2
    for (int i = 0; i < 8; i += 4) {
        x[i] = _mm256_shuffle_ps(t[i], t[i + 2], 0x44);
        x[i + 1] = _mm256_shuffle_ps(t[i], t[i + 2], 0xee);
        x[i + 2] = _mm256_shuffle_ps(t[i + 1], t[i + 3], 0x44);
        x[i + 3] = _mm256_shuffle_ps(t[i + 1], t[i + 3], 0xee);
    }
#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) {
        vec low = x[i], high = x[i + 4];
        x[i] = _mm256_permute2f128_ps(low, high, 0x20);
        x[i + 4] = _mm256_permute2f128_ps(low, high, 0x31);
    }
}

#endif
