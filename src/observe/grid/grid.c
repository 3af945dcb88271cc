/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ritardando/observe.h>

#include "base/exact.h"

#include <math.h>

double rit_grid_tau(const struct rit_grid *grid, int k)
{
    static const double ln10 = 0x1.26bb1bbb55516p+1;
    if (k == 0)
        return 0.0;
    return grid->first * rit_exp(ln10 * (k - 1) / grid->per_decade);
}

int rit_grid_reached(const struct rit_grid *grid, double tau)
{
    int k = 0;
    if (rit_tau_reached(tau, grid->first)) {
        double guess = rit_log(tau / grid->first) / 0x1.26bb1bbb55516p+1 * grid->per_decade;
        k = 1 + (int)fmax(0.0, fmin(guess, grid->size));
        if (k > 1 && !rit_tau_reached(tau, rit_grid_tau(grid, k))) /* the guess may be off by its rounding */
            k--;
    }
    while (k + 1 < grid->size && rit_tau_reached(tau, rit_grid_tau(grid, k + 1)))
        k++;
    return k < grid->size ? k : grid->size - 1;
}
