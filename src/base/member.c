/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ritardando/member.h>

#include <string.h>

const struct rit_member *rit_member_chosen(const struct rit_member *const *list,
                                           const struct rit_point *point, const char *key)
{
    const char *name = rit_point_name(point, key);
    while (*list && strcmp((*list)->name, name) != 0)
        list++;
    RIT_CHECK(*list); /* the registry allows only names from this list */
    return *list;
}
