/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/decay.h"

#include <math.h>

enum { LEAST_POINTS = 4, GRID = 60, REFINE = 60 };

enum rit_decay_window rit_decay_window(int n, const double *tau, const double *nll, double low, double high,
                                       int least, int *first, int *last)
{
    int from = -1, to = n, points = 0, end = -1;
    for (int k = 0; k < n; k++) {
        if (isnan(nll[k]) || !(tau[k] > 0.0))
            continue;
        end = k;
        if (from < 0 && nll[k] < high)
            from = k;
        if (from >= 0 && to == n) {
            if (nll[k] <= low)
                to = k;
            else
                points++;
        }
    }
    if (points >= least) {
        *first = from;
        *last = to;
        return RIT_DECAY_BAND;
    }
    *first = *last = 0;
    if (end < 0 || nll[end] < low)
        return RIT_DECAY_NONE;
    *last = end + 1;
    for (*first = end; *first > 0 && tau[*first - 1] >= 0.1 * tau[end];)
        --*first;
    return RIT_DECAY_LATE;
}

/* Best c and A at given gamma; returns the sum of squares. With u = tau^-gamma the deviation of a point is
 * (c + A u)/y - 1. */
static double at_exponent(double gamma, int first, int last, const double *tau, const double *nll, bool pure,
                          struct rit_decay *fit)
{
    double cc = 0, ca = 0, aa = 0, c1 = 0, a1 = 0;
    fit->points = 0;
    for (int k = first; k < last; k++) {
        if (isnan(nll[k]) || !(tau[k] > 0.0))
            continue;
        double c = 1.0 / nll[k], a = exp(-gamma * log(tau[k])) / nll[k];
        cc += c * c;
        ca += c * a;
        aa += a * a;
        c1 += c;
        a1 += a;
        fit->points++;
    }
    double determinant = cc * aa - ca * ca;
    fit->asymptote = 0.0;
    if (!pure && determinant > 1e-14 * cc * aa)
        fit->asymptote = fmax(0.0, (c1 * aa - a1 * ca) / determinant);
    fit->amplitude = (a1 - ca * fit->asymptote) / aa;
    fit->exponent = gamma;
    double rest = 0.0;
    for (int k = first; k < last; k++) {
        if (isnan(nll[k]) || !(tau[k] > 0.0))
            continue;
        double d = (fit->asymptote + fit->amplitude * exp(-gamma * log(tau[k]))) / nll[k] - 1.0;
        rest += d * d;
    }
    return rest;
}

struct rit_decay rit_decay_fit(int first, int last, const double *tau, const double *nll, bool pure)
{
    struct rit_decay fit = {0}, none = {NAN, NAN, NAN, 0, false};
    const double low = log(0.02), high = log(5.0), step = (high - low) / GRID;
    double best = INFINITY;
    int at = 0;
    for (int i = 0; i <= GRID; i++) {
        double rest = at_exponent(exp(low + i * step), first, last, tau, nll, pure, &fit);
        if (rest < best) {
            best = rest;
            at = i;
        }
    }
    none.points = fit.points;
    if (fit.points < LEAST_POINTS || at == 0 || at == GRID)
        return none;
    double a = low + (at - 1) * step, b = low + (at + 1) * step;
    const double golden = 0.6180339887498949;
    for (int i = 0; i < REFINE; i++) {
        double left = b - golden * (b - a), right = a + golden * (b - a);
        if (at_exponent(exp(left), first, last, tau, nll, pure, &fit) <
            at_exponent(exp(right), first, last, tau, nll, pure, &fit))
            b = right;
        else
            a = left;
    }
    at_exponent(exp(0.5 * (a + b)), first, last, tau, nll, pure, &fit);
    fit.found = fit.amplitude > 0.0;
    return fit;
}
