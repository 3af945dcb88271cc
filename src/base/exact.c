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

/* x = r + k ln 2 with |r| <= ln2/2. */
static double reduce(double x, int *k)
{
    double n = rint(x * 0x1.71547652b82fep+0);
    *k = (int)n;
    return fma(-n, ln2_low, fma(-n, ln2_high, x));
}

/* exp(r) - 1 for |r| <= ln2/2 by the Taylor series to r^14: the next term is below 2^-58 r. */
static double expm1_reduced(double r)
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
        p = fma(p, r, c[i]);
    return fma(p * r, r, r);
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
    double p = 1.0 + expm1_reduced(reduce(x, &k));
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
    double p = expm1_reduced(reduce(x, &k));
    if (k == 0)
        return p;
    if (k > 1023)
        return (p + 1.0) * 0x1p1023 * 2.0;
    double s = power_of_two(k);
    return k > 54 ? fma(s, p, s) - 1.0 : fma(s, p, s - 1.0);
}

/* 2 atanh(s) = log((1+s)/(1-s)) for |s| <= 0.1716 (s^2 <= 0.0295) */
static double twice_atanh(double s)
{
    double z = s * s;
    double p = 1.0 / 23.0;
    for (int n = 21; n >= 3; n -= 2)
        p = fma(p, z, 1.0 / n);
    return fma(2.0 * s * z, p, 2.0 * s);
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
    double f = m - 1.0; /* exact */
    return fma((double)k, ln2_high, fma((double)k, ln2_low, twice_atanh(f / (2.0 + f))));
}

double rit_log1p(double x)
{
    if (isnan(x) || x < -1.0)
        return NAN;
    if (x > -0.29 && x < 0.41)
        return x == 0.0 ? x : twice_atanh(x / (2.0 + x));
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
    double t;
    if (a > 20.0) {
        t = 1.0;
    } else {
        double e = rit_expm1(2.0 * a);
        t = e / (e + 2.0);
    }
    return copysign(t, x);
}

double rit_atanh(double x)
{
    double a = fabs(x);
    return copysign(0.5 * rit_log1p(2.0 * a / (1.0 - a)), x);
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
            p = fma(p, q, c[i]);
        y = fma(p * q, z, z);
    } else {
        /* sin(pi a) = cos(pi (1/2 - a)), Taylor to the 18th power */
        double z = pi * (0.5 - a), q = z * z, p = -1.0 / 6402373705728000.0;
        static const double c[] = {
            1.0 / 20922789888000.0, -1.0 / 87178291200.0, 1.0 / 479001600.0, -1.0 / 3628800.0,
            1.0 / 40320.0,          -1.0 / 720.0,         1.0 / 24.0,        -0.5};
        for (int i = 0; i < 8; i++)
            p = fma(p, q, c[i]);
        y = fma(p, q, 1.0);
    }
    return copysign(1.0, t) * sign * y;
}

double rit_pow(double x, double y)
{
    return rit_exp(y * rit_log(x));
}
