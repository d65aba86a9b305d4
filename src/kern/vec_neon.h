/* Four floats: aarch64 NEON. */
#ifndef HEED_KERN_VEC_NEON_H
#define HEED_KERN_VEC_NEON_H

#include <arm_neon.h>
#include "kern/tables.h"

#define LANES              4
#define VEC_ISA            ISA_NEON
#define VEC_NAME           "neon"
#define VEC_TABLE          kern_table_neon
#define VEC_NAMED(id)      id##_neon
#define GEMM_ROWS          8
#define GEMM_REST_CASES(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7)

typedef float32x4_t vec;

static inline vec v_set(real x)
{
    return vdupq_n_f32(x);
}

static inline vec v_load(const real *p)
{
    return vld1q_f32(p);
}

static inline void v_store(real *p, vec x)
{
    vst1q_f32(p, x);
}

/* left in 0..4 */
static inline vec v_load_or(const real *p, size_t left, vec rest)
{
    if (left >= LANES)
        return vld1q_f32(p);
    if (left > 0)
        rest = vld1q_lane_f32(p, rest, 0);
    if (left > 1)
        rest = vld1q_lane_f32(p + 1, rest, 1);
    if (left > 2)
        rest = vld1q_lane_f32(p + 2, rest, 2);
    return rest;
}

static inline vec v_load_part(const real *p, size_t left)
{
    return v_load_or(p, left, vdupq_n_f32(0));
}

static inline void v_store_part(real *p, size_t left, vec x)
{
    if (left >= LANES) {
        vst1q_f32(p, x);
        return;
    }
    if (left > 0)
        vst1q_lane_f32(p, x, 0);
    if (left > 1)
        vst1q_lane_f32(p + 1, x, 1);
    if (left > 2)
        vst1q_lane_f32(p + 2, x, 2);
}

static inline vec v_keep(vec x, size_t left)
{
    static const uint32_t index[LANES] = {0, 1, 2, 3};
    uint32x4_t lanes = vcltq_u32(vld1q_u32(index), vdupq_n_u32((uint32_t)left));
    return vreinterpretq_f32_u32(vandq_u32(vreinterpretq_u32_f32(x), lanes));
}

static inline vec v_add(vec a, vec b)
{
    return vaddq_f32(a, b);
}

static inline vec v_sub(vec a, vec b)
{
    return vsubq_f32(a, b);
}

static inline vec v_mul(vec a, vec b)
{
    return vmulq_f32(a, b);
}

static inline vec v_div(vec a, vec b)
{
    return vdivq_f32(a, b);
}

static inline vec v_fma(vec a, vec b, vec c)
{
    return vfmaq_f32(c, a, b);
}

static inline vec v_sqrt(vec x)
{
    return vsqrtq_f32(x);
}

static inline vec v_round(vec x)
{
    return vrndnq_f32(x);
}

/* 2^power as a float; power in -126..127. */
static inline vec v_power2(int32x4_t power)
{
    return vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(power, vdupq_n_s32(127)), 23));
}

/* In two halves, so that only the last product overflows or is rounded. */
static inline vec v_scale2(vec x, vec power)
{
    int32x4_t all = vcvtnq_s32_f32(power), half = vshrq_n_s32(all, 1);
    return vmulq_f32(vmulq_f32(x, v_power2(half)), v_power2(vsubq_s32(all, half)));
}

static inline vec v_abs(vec x)
{
    return vabsq_f32(x);
}

static inline vec v_copysign(vec size, vec sign)
{
    return vbslq_f32(vdupq_n_u32(0x80000000u), sign, size);
}

static inline vec v_if_less(vec a, vec b, vec yes, vec no)
{
    return vbslq_f32(vcltq_f32(a, b), yes, no);
}

/* max and min of a NaN are a NaN. */
static inline vec v_clamp(vec x, vec low, vec high)
{
    return vminq_f32(high, vmaxq_f32(low, x));
}

static inline vec v_max(vec a, vec b)
{
    return vmaxq_f32(a, b);
}

static inline real v_reduce_add(vec x)
{
    return vaddvq_f32(x);
}

static inline real v_reduce_max(vec x)
{
    return vmaxvq_f32(x);
}

/* Pairs of lanes turned by pairs (cosine, sine), and back. */
static inline vec v_turn_back(vec x, vec turns)
{
    static const uint32_t odd[4] = {0, 0x80000000u, 0, 0x80000000u};
    vec across = vmulq_f32(vrev64q_f32(x), vtrn2q_f32(turns, turns));
    across = vreinterpretq_f32_u32(veorq_u32(vreinterpretq_u32_f32(across), vld1q_u32(odd)));
    return vfmaq_f32(across, x, vtrn1q_f32(turns, turns));
}

static inline vec v_turn(vec x, vec turns)
{
    static const uint32_t even[4] = {0x80000000u, 0, 0x80000000u, 0};
    vec across = vmulq_f32(vrev64q_f32(x), vtrn2q_f32(turns, turns));
    across = vreinterpretq_f32_u32(veorq_u32(vreinterpretq_u32_f32(across), vld1q_u32(even)));
    return vfmaq_f32(across, x, vtrn1q_f32(turns, turns));
}

/* LANES vectors as the rows of a square, in place. */
static inline void v_transpose(vec *x)
{
    float32x4x2_t top = vtrnq_f32(x[0], x[1]), low = vtrnq_f32(x[2], x[3]);
    x[0] = vcombine_f32(vget_low_f32(top.val[0]), vget_low_f32(low.val[0]));
    x[1] = vcombine_f32(vget_low_f32(top.val[1]), vget_low_f32(low.val[1]));
    x[2] = vcombine_f32(vget_high_f32(top.val[0]), vget_high_f32(low.val[0]));
    x[3] = vcombine_f32(vget_high_f32(top.val[1]), vget_high_f32(low.val[1]));
}

#endif
