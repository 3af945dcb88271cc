/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Elementary functions on vectors, of IEEE operations alone. A NaN stays a NaN. */
#ifndef RITARDANDO_LANES_ELEMENTARY_H
#define RITARDANDO_LANES_ELEMENTARY_H

#include "kernel/lanes/vector.h"

/*
 * exp(y) = 2^k (1 + p): *power = 2^k, returns p = exp(r) - 1, r = y - k ln 2, |r| <= ln 2 / 2, with a minimax
 * polynomial of relative error 2e-8. For |y| < 87; adding and subtracting 1.5 2^23 rounds to an integer.
 */
INLINE vf exp_parts(vf y, vf *power)
{
    const vf magic = all(0x1.8p+23f);
    vf shifted = fma_f32(y, all(0x1.715476p+0f), magic);
    vf k = shifted - magic;
    vf r = fma_f32(k, all(-0x1.62e400p-1f), y); /* ln 2 in two parts; k times the first is exact */
    r = fma_f32(k, all(-0x1.7f7d1cp-20f), r);
    vf q = all(0x1.6d99bap-10f);
    q = fma_f32(q, r, all(0x1.122880p-7f));
    q = fma_f32(q, r, all(0x1.555486p-5f));
    q = fma_f32(q, r, all(0x1.5554aep-3f));
    q = fma_f32(q, r, all(0.5f));
    /* The low bits of `shifted` are k + 2^22; the bits above fall out of the shift. */
    *power = (vf)(((vu)shifted + 127u) << 23);
    return fma_f32(q * r, r, r);
}

/* tanh x = e / (e + 2), e = exp(2|x|) - 1; error below 4 ulp; never above 1. */
INLINE vf tanh_f32(vf x)
{
    const vi sign = (vi)all(-0.0f);
    vf a = at_most((vf)((vi)x & ~sign), all(9.1f)); /* tanh 9.1 rounds to 1 */
    vf power, p = exp_parts(a + a, &power);
    vf e = fma_f32(power, p, power - all(1.0f));
    vf t = e / (e + all(2.0f));
    return (vf)((vi)t | ((vi)x & sign));
}

/* log(1 + e) / e for 0 <= e <= 1, minimax, relative error 5e-9 before rounding */
INLINE vf log1p_ratio(vf e)
{
    vf p = all(-0x1.a931f0p-9f);
    p = fma_f32(p, e, all(0x1.453e3cp-6f));
    p = fma_f32(p, e, all(-0x1.d29c04p-5f));
    p = fma_f32(p, e, all(0x1.b252fcp-4f));
    p = fma_f32(p, e, all(-0x1.397544p-3f));
    p = fma_f32(p, e, all(0x1.92f68cp-3f));
    p = fma_f32(p, e, all(-0x1.ff0f86p-3f));
    p = fma_f32(p, e, all(0x1.554c80p-2f));
    p = fma_f32(p, e, all(-0x1.ffffbep-2f));
    return fma_f32(p, e, all(1.0f));
}

/*
 * Of a field h with target s = +-1, given as `flip` (the sign bit where s = -1): returns
 * E = ln(1 + exp(-2 s h)) and sets *delta = s - tanh h = s 2/(1 + exp(2 s h)), without cancellation.
 */
INLINE vf nll_f32(vf h, vi flip, vf *delta)
{
    const vi sign = (vi)all(-0.0f);
    vf u = (vf)((vi)h ^ flip);
    vf a = (vf)((vi)u & ~sign);
    vf y = at_most(a, all(43.0f)); /* exp(-86) is still a normal number */
    vf power, p = exp_parts(all(-2.0f) * y, &power);
    vf e = fma_f32(power, p, power); /* exp(-2|h|) */
    vf top = either(u < all(0.0f), all(1.0f), e);
    vf size = (top + top) / (all(1.0f) + e);
    *delta = (vf)((vi)size ^ flip);
    return fma_f32(e, log1p_ratio(e), a - u); /* a - u = -2 s h where that is positive, else 0 */
}

#endif
