/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ritardando/cost.h>
#include <ritardando/status.h>

#include <string.h>

struct rit_cost_use rit_cost_of(const struct rit_point *point)
{
    const char *name = rit_point_name(point, "cost.name");
    const struct rit_cost *const *member = rit_costs;
    while (*member && strcmp((*member)->name, name) != 0)
        member++;
    RIT_CHECK(*member); /* the registry allows only names from this list */
    struct rit_cost_use use = {.cost = *member};
    if (use.cost->use)
        use.cost->use(point, &use);
    return use;
}
