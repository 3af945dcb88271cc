/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Elementary functions on vectors, of IEEE operations alone. A NaN stays a NaN. */
#ifndef RITARDANDO_LANES_ELEMENTARY_H
#define RITARDANDO_LANES_ELEMENTARY_H

#include "kernel/lanes/vector.h"

/* Every function takes `n` <= ABREAST vectors in lockstep: one alone would mostly wait for its own results.
 */
/* `i` is a name: NOLINTNEXTLINE(bugprone-macro-parentheses) */
#define ABREAST_FOR(i, n) UNROLL for (int i = 0; i < (n); i++)

/*
 * exp(2y) = 2^k (1 + 2p): y becomes p, and *twice = 2 2^k. With r = y - k ln 2 / 2, |r| <= ln 2 / 4, 2p =
 * exp(2r) - 1 by a minimax polynomial of relative error 2e-8. For |y| < 43. Adding and subtracting 1.5 2^23
 * rounds to an integer; with 128 more the low bits of the sum are the exponent of 2 2^k. ln 2 rounded to
 * float is wrong by 2e-9 only, so one subtraction is enough.
 */
INLINE void exp_parts(const int n, vf *y, vf *twice)
{
    const vf magic = all(0x1.8p+23f + 128.0f);
    vf q[ABREAST];
    ABREAST_FOR(i, n) twice[i] = fma_f32(y[i], all(0x1.715476p+1f), magic);
    ABREAST_FOR(i, n) q[i] = twice[i] - magic;
    ABREAST_FOR(i, n) y[i] = fma_f32(q[i], all(-0x1.62e430p-2f), y[i]);
    ABREAST_FOR(i, n) q[i] = fma_f32(all(0x1.6d99bap-5f), y[i], all(0x1.122880p-3f));
    ABREAST_FOR(i, n) q[i] = fma_f32(q[i], y[i], all(0x1.555486p-2f));
    ABREAST_FOR(i, n) q[i] = fma_f32(q[i], y[i], all(0x1.5554aep-1f));
    ABREAST_FOR(i, n) q[i] = fma_f32(q[i], y[i], all(1.0f));
    ABREAST_FOR(i, n) q[i] *= y[i];
    ABREAST_FOR(i, n) y[i] = fma_f32(q[i], y[i], y[i]);
    ABREAST_FOR(i, n) twice[i] = (vf)((vu)twice[i] << 23);
}

/* tanh x = e / (e + 2), e = exp(2|x|) - 1; error below 4 ulp; never above 1. */
INLINE void tanh_f32(const int n, vf *x)
{
    const vi sign = (vi)all(-0.0f);
    vf p[ABREAST], twice[ABREAST], e[ABREAST];
    ABREAST_FOR(i, n) p[i] = (vf)((vi)x[i] & ~sign);
    ABREAST_FOR(i, n) p[i] = at_most(p[i], all(9.1f)); /* tanh 9.1 rounds to 1 */
    exp_parts(n, p, twice);
    ABREAST_FOR(i, n) e[i] = fma_f32(twice[i], all(0.5f), all(-1.0f));
    ABREAST_FOR(i, n) e[i] = fma_f32(twice[i], p[i], e[i]);
    ABREAST_FOR(i, n) e[i] /= e[i] + all(2.0f);
    ABREAST_FOR(i, n) x[i] = (vf)((vi)e[i] | ((vi)x[i] & sign));
}

/* 1 - exp(-p(|x|)) for |x| > 0.93, else x + x q(x^2), and 2/sqrt pi exp(-x^2); p, q minimax, to 2e-9. */
INLINE void erf_f32(vf *x, vf *slope)
{
    const vi sign = (vi)all(-0.0f);
    const vf v = *x;
    vf t = at_most((vf)((vi)v & ~sign), all(4.0f)), square = v * v, twice, p, q; /* erf 4 rounds to 1 */
    q = fma_f32(all(0x1.5cd4acp-14f), square, all(-0x1.aa3f2ep-11f));
    q = fma_f32(q, square, all(0x1.54c7f4p-8f));
    q = fma_f32(q, square, all(-0x1.b80e90p-6f));
    q = fma_f32(q, square, all(0x1.ce2e0ap-4f));
    q = fma_f32(q, square, all(-0x1.812742p-2f));
    q = fma_f32(q, square, all(0x1.06eba8p-3f));
    q = fma_f32(q, v, v);
    p = fma_f32(all(-0x1.987ac0p-13f), t, all(0x1.8d6328p-9f));
    p = fma_f32(p, t, all(-0x1.6b6b8ep-6f));
    p = fma_f32(p, t, all(0x1.a950ecp-4f));
    p = fma_f32(p, t, all(0x1.464aecp-1f));
    p = fma_f32(p, t, all(0x1.20ab22p+0f));
    p = fma_f32(p, t, all(0x1.bb2530p-13f)) * all(-0.5f);
    exp_parts(1, &p, &twice);
    p = all(1.0f) - fma_f32(twice, p, twice * all(0.5f));
    p = (vf)((vi)p | ((vi)v & sign));
    *x = where_negative(t - all(0.93f), q, p);
    p = at_least(square * all(-0.5f), all(-43.0f));
    exp_parts(1, &p, &twice);
    *slope = fma_f32(twice, p, twice * all(0.5f)) * all(0x1.20dd76p+0f);
}

/*
 * x becomes sin x, and *other cos x: of r = x - k pi/2, |r| <= pi/4, by minimax polynomials to 4e-9; pi/2 is
 * the sum of two floats. The low bits of 1.5 2^23 + k are those of k.
 */
INLINE void sin_cos_f32(vf *x, vf *other)
{
    const vf magic = all(0x1.8p+23f);
    vf turned = fma_f32(*x, all(0x1.45f306p-1f), magic), k = turned - magic;
    vf r = fma_f32(k, all(0x1.777a5cp-25f), fma_f32(k, all(-0x1.921fb6p+0f), *x)), square = r * r;
    vf s = fma_f32(all(-0x1.992c30p-13f), square, all(0x1.1106fcp-7f));
    s = fma_f32(s, square, all(-0x1.555544p-3f)) * square;
    s = fma_f32(s, r, r);
    vf c = fma_f32(all(0x1.99e360p-16f), square, all(-0x1.6c0c22p-10f));
    c = fma_f32(c, square, all(0x1.55554ap-5f));
    c = fma_f32(c, square, all(-0.5f));
    c = fma_f32(c, square, all(1.0f));
    vu odd = (vu)turned << 31, half = (vu)turned >> 1 << 31; /* lowest two bits of k, as signs */
    vf sine = where_negative((vf)odd, c, s), cosine = where_negative((vf)odd, s, c);
    *x = (vf)((vu)sine ^ half);
    *other = (vf)((vu)cosine ^ half ^ odd);
}

/* log(1 + e) / e for 0 <= e <= 1, minimax, relative error 3e-8 */
INLINE void log1p_ratio(const int n, const vf *e, vf *p)
{
    ABREAST_FOR(i, n) p[i] = fma_f32(all(0x1.56ecdep-8f), e[i], all(-0x1.e368c2p-6f));
    ABREAST_FOR(i, n) p[i] = fma_f32(p[i], e[i], all(0x1.406960p-4f));
    ABREAST_FOR(i, n) p[i] = fma_f32(p[i], e[i], all(-0x1.17d28ep-3f));
    ABREAST_FOR(i, n) p[i] = fma_f32(p[i], e[i], all(0x1.874a68p-3f));
    ABREAST_FOR(i, n) p[i] = fma_f32(p[i], e[i], all(-0x1.fcc8c0p-3f));
    ABREAST_FOR(i, n) p[i] = fma_f32(p[i], e[i], all(0x1.553002p-2f));
    ABREAST_FOR(i, n) p[i] = fma_f32(p[i], e[i], all(-0x1.fffeacp-2f));
    ABREAST_FOR(i, n) p[i] = fma_f32(p[i], e[i], all(0x1.fffffep-1f));
}

/*
 * Of fields h with targets s = +-1, given as `flip` (the sign bit where s = -1): h becomes
 * E = ln(1 + exp(-2 s h)), and delta = s - tanh h = s 2/(1 + exp(2 s h)), without cancellation.
 */
INLINE void nll_f32(const int n, const vi *flip, vf *h, vf *delta)
{
    const vi sign = (vi)all(-0.0f);
    vf u[ABREAST], below[ABREAST], p[ABREAST], twice[ABREAST], e[ABREAST];
    ABREAST_FOR(i, n) u[i] = (vf)((vi)h[i] ^ flip[i]);  /* s h */
    ABREAST_FOR(i, n) below[i] = (vf)((vi)u[i] | sign); /* -|h| */
    ABREAST_FOR(i, n) p[i] = at_least(below[i], all(-43.0f));
    exp_parts(n, p, twice);
    ABREAST_FOR(i, n) e[i] = fma_f32(twice[i], p[i], twice[i] * all(0.5f)); /* exp(-2|h|), a normal number */
    ABREAST_FOR(i, n) delta[i] = where_negative(u[i], all(1.0f), e[i]);
    ABREAST_FOR(i, n) delta[i] = (delta[i] + delta[i]) / (all(1.0f) + e[i]);
    ABREAST_FOR(i, n) delta[i] = (vf)((vi)delta[i] ^ flip[i]);
    log1p_ratio(n, e, p);
    /* |h| - s h = -2 s h where that is positive, else 0 */
    ABREAST_FOR(i, n) h[i] = fma_f32(e[i], p[i], -(below[i] + u[i]));
}

#endif
