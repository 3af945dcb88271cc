/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ritardando/model.h>
#include <ritardando/status.h>

#include <string.h>

const struct rit_model *rit_model_of(const struct rit_point *point)
{
    const char *name = rit_point_name(point, "model.name");
    const struct rit_model *const *member = rit_models;
    while (*member && strcmp((*member)->name, name) != 0)
        member++;
    RIT_CHECK(*member); /* the registry allows only names from this list */
    return *member;
}
