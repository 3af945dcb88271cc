/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Elementary functions on vectors, of IEEE operations alone. A NaN stays a NaN. */
#ifndef RITARDANDO_LANES_ELEMENTARY_H
#define RITARDANDO_LANES_ELEMENTARY_H

#include "kernel/lanes/vector.h"

/*
 * exp(y) = 2^k (1 + p): sets *power = 2^k and returns p = exp(r) - 1, r = y - k ln 2, |r| <= ln 2 / 2, by a
 * minimax polynomial of relative error 2e-8. For |y| < 87. Adding and subtracting 1.5 2^23 rounds to an
 * integer; with 127 more the low bits of the sum are the exponent of 2^k. ln 2 rounded to float is wrong by
 * 2e-9 only, so one subtraction is enough.
 */
INLINE vf exp_parts(vf y, vf *power)
{
    const vf magic = all(0x1.8p+23f + 127.0f);
    vf shifted = fma_f32(y, all(0x1.715476p+0f), magic);
    vf r = fma_f32(shifted - magic, all(-0x1.62e430p-1f), y);
    vf q = all(0x1.6d99bap-10f);
    q = fma_f32(q, r, all(0x1.122880p-7f));
    q = fma_f32(q, r, all(0x1.555486p-5f));
    q = fma_f32(q, r, all(0x1.5554aep-3f));
    q = fma_f32(q, r, all(0.5f));
    *power = (vf)((vu)shifted << 23);
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

/* log(1 + e) / e for 0 <= e <= 1, minimax, relative error 3e-8 */
INLINE vf log1p_ratio(vf e)
{
    vf p = all(0x1.56ecdep-8f);
    p = fma_f32(p, e, all(-0x1.e368c2p-6f));
    p = fma_f32(p, e, all(0x1.406960p-4f));
    p = fma_f32(p, e, all(-0x1.17d28ep-3f));
    p = fma_f32(p, e, all(0x1.874a68p-3f));
    p = fma_f32(p, e, all(-0x1.fcc8c0p-3f));
    p = fma_f32(p, e, all(0x1.553002p-2f));
    p = fma_f32(p, e, all(-0x1.fffeacp-2f));
    return fma_f32(p, e, all(0x1.fffffep-1f));
}

/*
 * Of a field h with target s = +-1, given as `flip` (the sign bit where s = -1): returns
 * E = ln(1 + exp(-2 s h)) and sets *delta = s - tanh h = s 2/(1 + exp(2 s h)), without cancellation.
 */
INLINE vf nll_f32(vf h, vi flip, vf *delta)
{
    const vi sign = (vi)all(-0.0f);
    vf u = (vf)((vi)h ^ flip), below = (vf)((vi)u | sign); /* s h, -|h| */
    vf power, p = exp_parts(at_least(below + below, all(-86.0f)), &power);
    vf e = fma_f32(power, p, power); /* exp(-2|h|), a normal number */
    vf top = where_negative(u, all(1.0f), e);
    vf size = (top + top) / (all(1.0f) + e);
    *delta = (vf)((vi)size ^ flip);
    return fma_f32(e, log1p_ratio(e), -(below + u)); /* |h| - s h = -2 s h where that is positive, else 0 */
}

#endif
