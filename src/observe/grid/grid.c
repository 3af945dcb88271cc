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
    double slack = tau * (1.0 + 1e-9);
    int k = 0;
    if (slack >= grid->first) {
        double guess = rit_log(slack / grid->first) / 0x1.26bb1bbb55516p+1 * grid->per_decade;
        k = 1 + (int)fmin(guess, grid->size);
        if (k > 1 && rit_grid_tau(grid, k) > slack) /* the guess may be off by its own rounding */
            k--;
    }
    while (k + 1 < grid->size && rit_grid_tau(grid, k + 1) <= slack)
        k++;
    return k < grid->size ? k : grid->size - 1;
}
