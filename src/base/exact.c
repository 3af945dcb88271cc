/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/exact.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static const double ln2_high = 0x1.62e42fefa3800p-1; /* 21 low bits are zero: k*ln2_high is exact */
static const double ln2_low = 0x1.ef35793c76730p-45;

/* 2^k for -1022 <= k <= 1023. */
static double power_of_two(int k)
{
    uint64_t bits = (uint64_t)(k + 1023) << 52;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* x = r + lost + k ln 2 with |r| <= ln2/2; `lost` is what rounding took from r. */
static double reduce(double x, int *k, double *lost)
{
    double n = rint(x * 0x1.71547652b82fep+0);
    *k = (int)n;
    double high = fma(-n, ln2_high, x);
    double r = fma(-n, ln2_low, high);
    *lost = fma(-n, ln2_low, high - r);
    return r;
}

/* exp(r) - 1 - r for |r| <= ln2/2 by the Taylor series to r^14: the next term is below 2^-58 r. */
static double exp_beyond_linear(double r)
{
    static const double c[] = {1.0 / 87178291200.0,
                               1.0 / 6227020800.0,
                               1.0 / 479001600.0,
                               1.0 / 39916800.0,
                               1.0 / 3628800.0,
                               1.0 / 362880.0,
                               1.0 / 40320.0,
                               1.0 / 5040.0,
                               1.0 / 720.0,
                               1.0 / 120.0,
                               1.0 / 24.0,
                               1.0 / 6.0,
                               0.5};
    double p = c[0];
    for (int i = 1; i < 13; i++)
        p = p * r + c[i];
    return p * r * r;
}

double rit_exp(double x)
{
    if (isnan(x))
        return x;
    if (x > 709.782712893384)
        return INFINITY;
    if (x < -745.2)
        return 0.0;
    int k;
    double lost, r = reduce(x, &k, &lost);
    double p = 1.0 + (r + (exp_beyond_linear(r) + lost));
    if (k > 1023)
        return p * 0x1p1023 * 2.0;
    if (k < -1022)
        return p * power_of_two(k + 1022) * 0x1p-1022; /* the last product rounds into the subnormals once */
    return p * power_of_two(k);
}

double rit_expm1(double x)
{
    if (isnan(x) || x == 0.0)
        return x;
    if (x > 709.782712893384)
        return INFINITY;
    if (x < -40.0)
        return -1.0;
    int k;
    double lost, r = reduce(x, &k, &lost);
    double q = exp_beyond_linear(r) + lost;
    if (k == 0)
        return r + q;
    if (k > 1023)
        return (r + q + 1.0) * 0x1p1023 * 2.0;
    double s = power_of_two(k);
    if (k > 54)
        return fma(s, r + q, s) - 1.0;
    /* s (1 + r + q) - 1, the large part with what its rounding took */
    double large = fma(s, r, s - 1.0);
    return large + (fma(s, r, (s - 1.0) - large) + s * q);
}

/*
 * log(1 + f) - f for f in [-0.293, 0.415]. With s = f/(2+f), |s| <= 0.1716, and h = f^2/2 it is
 * s (h + R) - h, s R being log((1+s)/(1-s)) - 2s: small beside f, so that its rounding hardly counts.
 */
static double log_beyond_linear(double f)
{
    double s = f / (2.0 + f), z = s * s;
    double p = 1.0 / 23.0;
    for (int n = 21; n >= 3; n -= 2)
        p = p * z + 1.0 / n;
    double h = 0.5 * f * f;
    return fma(s, fma(2.0 * z, p, h), -h);
}

/* x = m 2^k with m in [sqrt(1/2), sqrt(2)), for finite x > 0. */
static double split(double x, int *k)
{
    int e;
    double m = frexp(x, &e);
    if (m < 0x1.6a09e667f3bcdp-1) {
        m *= 2.0;
        e--;
    }
    *k = e;
    return m;
}

double rit_log(double x)
{
    if (isnan(x) || x < 0.0)
        return NAN;
    if (x == 0.0)
        return -INFINITY;
    if (isinf(x))
        return x;
    int k;
    double m = split(x, &k);
    double f = m - 1.0;                                                 /* exact */
    double large = k * ln2_high + f, lost = f - (large - k * ln2_high); /* what rounding took from f */
    return k == 0 ? f + log_beyond_linear(f) : large + (lost + fma((double)k, ln2_low, log_beyond_linear(f)));
}

double rit_log1p(double x)
{
    if (isnan(x) || x < -1.0)
        return NAN;
    if (x > -0.29 && x < 0.41)
        return x == 0.0 ? x : x + log_beyond_linear(x);
    double u = 1.0 + x;
    if (isinf(u) || u == 0.0)
        return rit_log(u);
    double lost = x > 1.0 ? 1.0 - (u - x) : x - (u - 1.0); /* what rounding took from 1 + x */
    return rit_log(u) + lost / u;
}

double rit_tanh(double x)
{
    if (isnan(x) || x == 0.0)
        return x;
    double a = fabs(x);
    if (a > 20.0)
        return copysign(1.0, x);
    double e = rit_expm1(2.0 * a), below = e + 2.0, t = e / below;
    double lost = e < 2.0 ? e - (below - 2.0) : 2.0 - (below - e); /* what rounding took from e + 2 */
    return copysign(t - (fma(t, below, -e) + t * lost) / below, x);
}

double rit_atanh(double x)
{
    double a = fabs(x);
    double below = 1.0 - a, t = 2.0 * a / below;
    if (!(t < INFINITY)) /* |x| = 1, or NaN */
        return copysign(0.5 * rit_log1p(t), x);
    double lost = fma(-t, below, 2.0 * a) - t * ((1.0 - below) - a); /* 2a - t (1 - a) */
    return copysign(0.5 * (rit_log1p(t) + lost / (below * (1.0 + t))), x);
}

/* erf x = 2/sqrt(pi) exp(-x^2) sum_n 2^n x^(2n+1) / (2n+1)!!, all terms of one sign; it is 1 beyond 6. */
double rit_erf(double x)
{
    double square = x * x, term = x, sum = x;
    if (fabs(x) > 6.0)
        return x < 0.0 ? -1.0 : 1.0;
    for (int n = 1; fabs(term) > 1e-17 * fabs(sum); n++) {
        term *= 2.0 * square / (2 * n + 1);
        sum += term;
    }
    return 0x1.20dd750429b6dp+0 * rit_exp(-square) * sum;
}

/*
 * atan |x| = atan c + atan t, t = (|x| - c)/(1 + c |x|), for a c near |x|, so that |t| <= 7/16, where 26
 * terms of the series are enough; for a large |x| c is infinite and t = -1/|x|.
 */
double rit_atan(double x)
{
    static const struct {
        double below, c, high, low; /* for |x| < below; atan c in two parts */
    } near[] = {{0x1.cp-2, 0.0, 0.0, 0.0},
                {0x1.6p-1, 0.5, 0x1.dac670561bb4fp-2, 0x1.a2b7f222f65e2p-56},
                {0x1.3p+0, 1.0, 0x1.921fb54442d18p-1, 0x11.a62633145c07p-59},
                {0x1.38p+1, 1.5, 0x1.f730bd281f69bp-1, 0x1.007887af0cbbdp-56},
                {INFINITY, INFINITY, 0x1.921fb54442d18p+0, 0x11.a62633145c07p-58}};
    double a = fabs(x);
    int i = 0;
    if (isnan(x))
        return x;
    while (i < 4 && a >= near[i].below)
        i++;
    double t = i == 0 ? a : i == 4 ? -1.0 / a : (a - near[i].c) / fma(near[i].c, a, 1.0), q = t * t;
    double p = 1.0 / 53.0;
    for (int n = 51; n >= 3; n -= 2)
        p = 1.0 / n - p * q;
    return copysign(near[i].high + (near[i].low + (t - t * q * p)), x);
}

double rit_sinpi(double x)
{
    static const double pi = 0x1.921fb54442d18p+1;
    double n = rint(x);
    double t = x - n; /* exact; |t| <= 1/2 */
    double sign = fmod(fabs(n), 2.0) == 1.0 ? -1.0 : 1.0;
    double a = fabs(t);
    double y;
    if (a <= 0.25) {
        /* sin(pi a), Taylor to (pi a)^17: the next term is below 2^-60 */
        double z = pi * a, q = z * z, p = 1.0 / 355687428096000.0;
        static const double c[] = {
            -1.0 / 1307674368000.0, 1.0 / 6227020800.0, -1.0 / 39916800.0, 1.0 / 362880.0,
            -1.0 / 5040.0,          1.0 / 120.0,        -1.0 / 6.0};
        for (int i = 0; i < 7; i++)
            p = p * q + c[i];
        y = fma(p * q, z, z);
    } else {
        /* sin(pi a) = cos(pi (1/2 - a)), Taylor to the 18th power */
        double z = pi * (0.5 - a), q = z * z, p = -1.0 / 6402373705728000.0;
        static const double c[] = {
            1.0 / 20922789888000.0, -1.0 / 87178291200.0, 1.0 / 479001600.0, -1.0 / 3628800.0,
            1.0 / 40320.0,          -1.0 / 720.0,         1.0 / 24.0,        -0.5};
        for (int i = 0; i < 8; i++)
            p = p * q + c[i];
        y = fma(p, q, 1.0);
    }
    return copysign(1.0, t) * sign * y;
}

double rit_pow(double x, double y)
{
    return rit_exp(y * rit_log(x));
}
