/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/quantile.h"

#include "base/exact.h"

#include <math.h>
#include <stdbool.h>

enum { HALVINGS = 200 };

/* With tan(theta) = x/sqrt(freedom): a finite sum over every second power of cos(theta). */
double rit_t_within(double x, int freedom)
{
    const double two_over_pi = 0x1.45f306dc9c883p-1;
    double whole = freedom + x * x, sine = x / sqrt(whole), square = freedom / whole;
    bool odd = freedom % 2 == 1;
    double term = odd ? sqrt(square) : 1, sum = 0;
    for (int k = odd ? 3 : 2; k <= freedom; k += 2) {
        sum += term;
        term *= square * (k - 1) / k;
    }
    return odd ? two_over_pi * (rit_atan(x / sqrt(freedom)) + sine * sum) : sine * sum;
}

double rit_t_quantile(double level, int freedom)
{
    double low = 0, high = 1;
    while (rit_t_within(high, freedom) < level)
        high *= 2;
    for (int i = 0; i < HALVINGS; i++) {
        double middle = 0.5 * (low + high);
        if (middle <= low || middle >= high)
            break;
        if (rit_t_within(middle, freedom) < level)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low + high);
}
