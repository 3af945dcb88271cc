/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/grid/coordinate.h"

void rit_grid_describe(const struct rit_grid *grid, struct rit_outcome *outcome)
{
    const char *dim = "grid_tau";
    if (rit_outcome_find(outcome, dim))
        return;
    size_t n = (size_t)grid->size;
    struct rit_variable *times =
        rit_outcome_add(outcome, dim, "tau", "common logarithmic measurement grid", 1, &dim, &n);
    for (int k = 0; k < grid->size; k++)
        times->data[k] = rit_grid_tau(grid, k);
}
