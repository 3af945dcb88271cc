/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/grid/growth.h"

#include <stdio.h>

bool rit_extends_key(const struct rit_point *had, const struct rit_point *wanted, const char *key, char *why,
                     size_t size)
{
    int i = rit_param_find(wanted->registry, key);
    RIT_CHECK(i >= 0);
    const struct rit_param *param = wanted->registry->param[i];
    if (!rit_param_applies(wanted, i) || rit_value_equal(param, &had->value[i], &wanted->value[i]))
        return true;
    char was[RIT_MAX_TEXT], is[RIT_MAX_TEXT];
    rit_value_print(param, &had->value[i], was, sizeof was);
    rit_value_print(param, &wanted->value[i], is, sizeof is);
    snprintf(why, size, "%s: the run was made with %s, not %s", key, was, is);
    return false;
}
