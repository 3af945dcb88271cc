/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Elementary functions in double, made of IEEE operations alone (+ - * / fma, integer arithmetic), so that
 * every machine and compiler gives the same bits. libm's own differ between versions and instruction sets.
 * Errors are below 2 ulp over the ranges used (tests/base/test_exact.c measures them).
 * The build compiles everything with -ffp-contract=off; a fused multiply-add is written as fma().
 */
#ifndef RITARDANDO_BASE_EXACT_H
#define RITARDANDO_BASE_EXACT_H

/** exp(x); 0 below -745, +inf above 709.79, NaN for NaN. */
double rit_exp(double x);

/** Natural logarithm; -inf at 0, NaN below. */
double rit_log(double x);

/** log(1 + x) for x > -1, accurate also for tiny x. */
double rit_log1p(double x);

/** exp(x) - 1, accurate also for tiny x. */
double rit_expm1(double x);

double rit_tanh(double x);

/** Inverse of tanh for |x| < 1. */
double rit_atanh(double x);

/** Error function, 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x; absolute error below 3e-15. */
double rit_erf(double x);

/** Inverse of tan, in [-pi/2, pi/2]. */
double rit_atan(double x);

/** sin(pi x) for |x| < 2^52. */
double rit_sinpi(double x);

/** x^y for x > 0, as exp(y log x): relative error about |y log x| ulp. */
double rit_pow(double x, double y);

#endif
