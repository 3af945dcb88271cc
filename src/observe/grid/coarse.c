/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/grid/coarse.h"

int rit_coarse_place(const struct rit_grid *grid, int per_decade, int k)
{
    return k == 0 ? 0 : 1 + (int)((int64_t)(k - 1) * per_decade / grid->per_decade);
}

int rit_coarse_first(const struct rit_grid *grid, int per_decade, int j)
{
    return j == 0 ? 0 : 1 + (int)(((int64_t)(j - 1) * grid->per_decade + per_decade - 1) / per_decade);
}

int rit_coarse_size(const struct rit_grid *grid, int per_decade)
{
    return rit_coarse_place(grid, per_decade, grid->size - 1) + 1;
}

enum rit_status rit_coarse_check(const struct rit_point *point, const char *key, struct rit_error *err)
{
    int64_t own = rit_point_int(point, key), common = rit_point_int(point, "observe.per-decade");
    if (own > common)
        return rit_fail(err, RIT_BAD_INPUT,
                        "%s: %lld measurements per decade, but the common grid observe.per-decade has only "
                        "%lld",
                        key, (long long)own, (long long)common);
    return RIT_OK;
}

void rit_coarse_describe(const struct rit_grid *grid, int per_decade, const char *name, const char *meaning,
                         struct rit_outcome *outcome)
{
    size_t n = (size_t)rit_coarse_size(grid, per_decade);
    struct rit_variable *times = rit_outcome_add(outcome, name, "tau", meaning, 1, &name, &n);
    for (size_t j = 0; j < n; j++)
        times->data[j] = rit_grid_tau(grid, rit_coarse_first(grid, per_decade, (int)j));
}
