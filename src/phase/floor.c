/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/floor.h"

#include <math.h>
#include <stdbool.h>

/* Entry `place` of a row's numbers, or NaN. */
static double entry(const struct rit_dataset *dataset, const char *name, size_t row, size_t place)
{
    const struct rit_array *array = rit_dataset_find(dataset, name);
    size_t each = array && array->dims > 0 ? array->count / array->length[0] : 0;
    return array && array->value && place < each && row < array->length[0] ? array->value[row * each + place]
                                                                           : NAN;
}

double rit_floor_of_one_row(const struct rit_dataset *dataset, size_t row)
{
    return entry(dataset, "floor", row, 0);
}

double rit_floor_of_network(const struct rit_dataset *dataset, size_t row)
{
    return entry(dataset, "floor_network", row, 0);
}

/* The lowest NLL that the grid of a run shows up to `tau`; learning curves are noisy. */
static double lowest_until(const struct rit_dataset *dataset, size_t row, double tau)
{
    const struct rit_array *nll = rit_dataset_find(dataset, "nll");
    size_t times = nll && nll->dims == 2 ? nll->length[1] : 0;
    double low = INFINITY;
    for (size_t i = 0; i < times; i++)
        if (entry(dataset, "nll_tau", row, i) <= tau)
            low = fmin(low, entry(dataset, "nll", row, i));
    return low;
}

/* Whether it would not be at `floor` in a hundred times its time, at the rate of its last half decade. */
static bool stands_still(const struct rit_dataset *dataset, size_t row, double lowest, double floor)
{
    const double half_decade = 3.1622776601683795, patience = 100.0;
    double end = entry(dataset, "tau", row, 0), before = lowest_until(dataset, row, end / half_decade);
    double gamma = log(before / lowest) / log(half_decade);
    return isfinite(before) && lowest * pow(patience, -gamma) > floor;
}

enum rit_bar rit_floor_bar(const struct rit_dataset *dataset, size_t row, double eps)
{
    double one_row = rit_floor_of_one_row(dataset, row), lowest = entry(dataset, "nll_lowest", row, 0);
    if (isnan(one_row))
        return RIT_BAR_UNKNOWN;
    if (eps < rit_floor_of_network(dataset, row))
        return RIT_BAR_NEVER;
    if (eps < one_row && lowest >= one_row && stands_still(dataset, row, lowest, one_row))
        return RIT_BAR_STUCK;
    return RIT_BAR_SLOW;
}
