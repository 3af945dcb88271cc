/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/config.h"

#include <stdio.h>
#include <string.h>

enum { FEWEST_SEEDS = 3 }; /* that the bootstrap of src/phase asks for */

static const char *key_of(const struct rit_config *config, int axis)
{
    return config->base.registry->param[config->grid[0].axis[axis].param]->key;
}

/* Whether some point of the plan measures aging. */
static bool measures_aging(const struct rit_config *config)
{
    for (int a = 0; a < config->axes; a++)
        if (strcmp(key_of(config, a), "observe.aging") == 0)
            return true;
    return rit_point_bool(&config->base, "observe.aging");
}

/* Values of an axis in the grid that has the fewest. */
static int fewest(const struct rit_config *config, int axis)
{
    int n = config->grid[0].axis[axis].n;
    for (int g = 1; g < config->grids; g++)
        if (config->grid[g].axis[axis].n < n)
            n = config->grid[g].axis[axis].n;
    return n;
}

bool rit_plan_advice(const struct rit_config *config, char *out, size_t size)
{
    int seeds = 1;
    for (int a = 0; a < config->axes; a++)
        if (strcmp(key_of(config, a), "seed") == 0)
            seeds = fewest(config, a);
    if (!measures_aging(config) || seeds >= FEWEST_SEEDS)
        return false;
    snprintf(
        out, size,
        "observe.aging with %d seed%s: 'ritardando analyse' bootstraps whole runs, and without at least %d "
        "seeds in the grid there will be no error bars and no mu",
        seeds, seeds == 1 ? "" : "s", FEWEST_SEEDS);
    return true;
}
