/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/peak.h"

#include <math.h>
#include <string.h>
#include <time.h>

#if defined __x86_64__
#include <immintrin.h>
#elif defined __ARM_NEON
#include <arm_neon.h>
#endif

enum { LOOPS = 200000, CHAINS = 12, ROUNDS = 21 }; /* a round is a fraction of a millisecond */

/* Twelve chains, held in registers by name. */
#define CHAIN_LOOP(TYPE, SET, FMA, KEEP)                                                                     \
    TYPE a = SET(0.1f), b = SET(0.2f), c = SET(0.3f), d = SET(0.4f), e = SET(0.5f), f = SET(0.6f);           \
    TYPE g = SET(0.7f), h = SET(0.8f), i = SET(0.9f), j = SET(1.0f), k = SET(1.1f), l = SET(1.2f);           \
    const TYPE x = SET(0.999f), y = SET(0.001f);                                                             \
    for (int n = 0; n < LOOPS; n++) {                                                                        \
        a = FMA(a, x, y), b = FMA(b, x, y), c = FMA(c, x, y), d = FMA(d, x, y);                              \
        e = FMA(e, x, y), f = FMA(f, x, y), g = FMA(g, x, y), h = FMA(h, x, y);                              \
        i = FMA(i, x, y), j = FMA(j, x, y), k = FMA(k, x, y), l = FMA(l, x, y);                              \
        KEEP(a, b, c, d, e, f);                                                                              \
        KEEP(g, h, i, j, k, l);                                                                              \
    }

#if defined __x86_64__
#define KEEP_X86(p, q, r, s, t, u) __asm__ volatile("" : "+v"(p), "+v"(q), "+v"(r), "+v"(s), "+v"(t), "+v"(u))

__attribute__((target("avx512f"), noinline)) static void chains_avx512(void)
{
    CHAIN_LOOP(__m512, _mm512_set1_ps, _mm512_fmadd_ps, KEEP_X86)
}

__attribute__((target("avx2,fma"), noinline)) static void chains_avx2(void)
{
    CHAIN_LOOP(__m256, _mm256_set1_ps, _mm256_fmadd_ps, KEEP_X86)
}
#elif defined __ARM_NEON
#define KEEP_ARM(p, q, r, s, t, u) __asm__ volatile("" : "+w"(p), "+w"(q), "+w"(r), "+w"(s), "+w"(t), "+w"(u))
#define FMA_ARM(a, x, y)           vfmaq_f32(y, a, x)

__attribute__((noinline)) static void chains_neon(void)
{
    CHAIN_LOOP(float32x4_t, vdupq_n_f32, FMA_ARM, KEEP_ARM)
}
#endif

static double cpu_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double rit_peak(const char *isa)
{
    void (*chains)(void) = NULL;
    int lanes = 4;
#if defined __x86_64__
    if (strcmp(isa, "avx512") == 0)
        chains = chains_avx512, lanes = 16;
    else if (strcmp(isa, "avx2") == 0)
        chains = chains_avx2, lanes = 8;
#elif defined __ARM_NEON
    if (strcmp(isa, "neon") == 0)
        chains = chains_neon;
#endif
    if (!chains)
        return NAN;
    double seconds[ROUNDS]; /* ascending */
    for (int round = 0; round < ROUNDS; round++) {
        double start = cpu_seconds();
        chains();
        double now = cpu_seconds() - start;
        int at = round;
        for (; at > 0 && seconds[at - 1] > now; at--)
            seconds[at] = seconds[at - 1];
        seconds[at] = now;
    }
    return 2e-9 * CHAINS * lanes * LOOPS / seconds[ROUNDS / 2];
}
