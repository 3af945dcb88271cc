/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ritardando/observe.h>

#include "base/exact.h"

#include <math.h>

static const struct rit_param params[] = {
    {.key = "observe.first-tau",
     .kind = RIT_REAL,
     .fallback = "0.01",
     .low = 1e-9,
     .high = 1e9,
     .unit = "tau",
     .meaning = "first time of the logarithmic measurement grid after tau = 0"},
    {.key = "observe.per-decade",
     .kind = RIT_INT,
     .fallback = "32",
     .low = 1,
     .high = 1000,
     .unit = "1",
     .meaning = "measurement times per decade of tau"},
};
const struct rit_param_table rit_grid_params = RIT_PARAM_TABLE(params);

struct rit_grid rit_grid_of(const struct rit_point *point, const struct rit_clock *clock)
{
    struct rit_grid grid = {.first = rit_point_real(point, "observe.first-tau"),
                            .per_decade = (int)rit_point_int(point, "observe.per-decade"),
                            .size = 1 << 20};
    double end = rit_clock_span(clock, 0.0, rit_point_real(point, "stop.tau"));
    grid.size = rit_grid_reached(&grid, end) + 1;
    return grid;
}

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
