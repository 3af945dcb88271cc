/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Vectors of LANES floats in the extensions that gcc and clang share. Only what the languages of the
 * instruction sets spell differently is written as an intrinsic here: the fused multiply-add and the minimum.
 */
#ifndef RITARDANDO_LANES_VECTOR_H
#define RITARDANDO_LANES_VECTOR_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined __AVX512F__ || defined __AVX2__
#include <immintrin.h>
#elif defined __ARM_NEON
#include <arm_neon.h>
#endif

#define INLINE static inline __attribute__((always_inline))

#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 64")
#endif

/* May alias: they look at arrays of float and double. */
typedef float vf __attribute__((vector_size(4 * LANES), may_alias));
typedef int32_t vi __attribute__((vector_size(4 * LANES), may_alias));
typedef uint32_t vu __attribute__((vector_size(4 * LANES), may_alias));
typedef double vd __attribute__((vector_size(4 * LANES), may_alias)); /* LANES / 2 doubles */
typedef double vd_any __attribute__((vector_size(4 * LANES), may_alias, aligned(8)));
typedef float vh __attribute__((vector_size(2 * LANES), may_alias)); /* LANES / 2 floats */
typedef float vf_any __attribute__((vector_size(4 * LANES), may_alias, aligned(4)));

enum { HALF = LANES / 2 };

/*
 * ABREAST: as many vectors as keep two multiply-add units busy and still fit into the registers.
 * WITH_CONSTANT(n, f, ...) is f(n, ...) for 1 <= n <= ABREAST with n as a constant.
 */
#define CASE(n, f, ...)                                                                                      \
    case n:                                                                                                  \
        f(n, __VA_ARGS__);                                                                                   \
        break;
#define CASES_TO_4(f, ...)                                                                                   \
    CASE(1, f, __VA_ARGS__) CASE(2, f, __VA_ARGS__) CASE(3, f, __VA_ARGS__) CASE(4, f, __VA_ARGS__)
#if LANES == 16 || defined __ARM_NEON /* 32 registers */
enum { ABREAST = 6 };
#define CASES(f, ...) CASES_TO_4(f, __VA_ARGS__) CASE(5, f, __VA_ARGS__) CASE(6, f, __VA_ARGS__)
#else
enum { ABREAST = 4 };
#define CASES(f, ...) CASES_TO_4(f, __VA_ARGS__)
#endif
#define WITH_CONSTANT(n, f, ...)                                                                             \
    switch (n) {                                                                                             \
        CASES(f, __VA_ARGS__)                                                                                \
    default:                                                                                                 \
        break;                                                                                               \
    }

INLINE vf all(float x)
{
#if LANES == 16
    return (vf){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x};
#elif LANES == 8
    return (vf){x, x, x, x, x, x, x, x};
#else
    return (vf){x, x, x, x};
#endif
}

INLINE vd all_f64(double x)
{
#if LANES == 16
    return (vd){x, x, x, x, x, x, x, x};
#elif LANES == 8
    return (vd){x, x, x, x};
#else
    return (vd){x, x};
#endif
}

INLINE vi lane_number(void)
{
#if LANES == 16
    return (vi){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
#elif LANES == 8
    return (vi){0, 1, 2, 3, 4, 5, 6, 7};
#else
    return (vi){0, 1, 2, 3};
#endif
}

/* a b + c, rounded once */
INLINE vf fma_f32(vf a, vf b, vf c)
{
#if LANES == 16
    return (vf)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
#elif LANES == 8
    return (vf)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#elif defined __ARM_NEON
    return (vf)vfmaq_f32((float32x4_t)c, (float32x4_t)a, (float32x4_t)b);
#else
    return (vf){fmaf(a[0], b[0], c[0]), fmaf(a[1], b[1], c[1]), fmaf(a[2], b[2], c[2]),
                fmaf(a[3], b[3], c[3])};
#endif
}

INLINE vd fma_f64(vd a, vd b, vd c)
{
#if LANES == 16
    return (vd)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
#elif LANES == 8
    return (vd)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
#elif defined __ARM_NEON
    return (vd)vfmaq_f64((float64x2_t)c, (float64x2_t)a, (float64x2_t)b);
#else
    return (vd){fma(a[0], b[0], c[0]), fma(a[1], b[1], c[1])};
#endif
}

/* yes where the sign bit of x is set, no elsewhere */
INLINE vf where_negative(vf x, vf yes, vf no)
{
#if LANES == 16
    return (vf)_mm512_mask_blend_ps(_mm512_movepi32_mask((__m512i)x), (__m512)no, (__m512)yes);
#elif LANES == 8
    return (vf)_mm256_blendv_ps((__m256)no, (__m256)yes, (__m256)x);
#else
    vi mask = (vi)x >> 31;
    return (vf)((mask & (vi)yes) | (~mask & (vi)no));
#endif
}

/* The smaller of x and limit; a NaN in x stays. (The instructions give their second argument if one is NaN.)
 */
INLINE vf at_most(vf x, vf limit)
{
#if LANES == 16
    return (vf)_mm512_min_ps((__m512)limit, (__m512)x);
#elif LANES == 8
    return (vf)_mm256_min_ps((__m256)limit, (__m256)x);
#else
    vi mask = limit < x;
    return (vf)((mask & (vi)limit) | (~mask & (vi)x));
#endif
}

/* The larger of x and limit; a NaN in x stays. */
INLINE vf at_least(vf x, vf limit)
{
#if LANES == 16
    return (vf)_mm512_max_ps((__m512)limit, (__m512)x);
#elif LANES == 8
    return (vf)_mm256_max_ps((__m256)limit, (__m256)x);
#else
    vi mask = limit > x;
    return (vf)((mask & (vi)limit) | (~mask & (vi)x));
#endif
}

INLINE vf load(const float *p)
{
    return *(const vf *)p;
}

INLINE void store(float *p, vf x)
{
    *(vf *)p = x;
}

/* gcc makes many instructions of __builtin_convertvector where the processor has one. */
INLINE vd widen(const float *p)
{
#if LANES == 16
    return (vd)_mm512_cvtps_pd(*(const __m256 *)p);
#elif LANES == 8
    return (vd)_mm256_cvtps_pd(*(const __m128 *)p);
#else
    return __builtin_convertvector(*(const vh *)p, vd);
#endif
}

INLINE vh narrow_half(vd x)
{
#if LANES == 16
    return (vh)_mm512_cvtpd_ps((__m512d)x);
#elif LANES == 8
    return (vh)_mm256_cvtpd_ps((__m256d)x);
#else
    return __builtin_convertvector(x, vh);
#endif
}

/* Keep x in a register: gcc would rather load it again with every multiply-add that uses it. */
#if defined __x86_64__
#define PIN(x) __asm__("" : "+v"(x))
#elif defined __aarch64__
#define PIN(x) __asm__("" : "+w"(x))
#else
#define PIN(x) ((void)0)
#endif

/* The fixed tree over 16 virtual lanes. */
INLINE double tree_sum(const double lane[16])
{
    double s[8];
    for (int i = 0; i < 8; i++)
        s[i] = lane[i] + lane[i + 8];
    for (int i = 0; i < 4; i++)
        s[i] += s[i + 4];
    return (s[0] + s[2]) + (s[1] + s[3]);
}

#endif
