/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ritardando/source.h>
#include <ritardando/status.h>

#include <string.h>

const struct rit_source *rit_source_of(const struct rit_point *point)
{
    const char *name = rit_point_name(point, "data.source");
    const struct rit_source *const *member = rit_sources;
    while (*member && strcmp((*member)->name, name) != 0)
        member++;
    RIT_CHECK(*member); /* the registry allows only names from this list */
    return *member;
}
