/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ritardando/rule.h>
#include <ritardando/status.h>

#include <string.h>

const struct rit_rule *rit_rule_of(const struct rit_point *point)
{
    const char *name = rit_point_name(point, "rule.name");
    const struct rit_rule *const *member = rit_rules;
    while (*member && strcmp((*member)->name, name) != 0)
        member++;
    RIT_CHECK(*member); /* the registry allows only names from this list */
    return *member;
}
