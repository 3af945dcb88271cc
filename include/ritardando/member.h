/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * What every member of every family begins with, so that one table, one look-up and one description serve
 * them all. The build makes each family's list from the file names of its folder.
 */
#ifndef RITARDANDO_MEMBER_H
#define RITARDANDO_MEMBER_H

#include <ritardando/point.h>

struct rit_member {
    const char *name;               /* as in YAML, "layered-tanh" */
    const char *meaning;            /* one line */
    const struct rit_param *params; /* its own, which apply where it is chosen; NULL when there are none */
    int n_params;
    const struct rit_param *shared; /* of an array that several members of a family point to: they apply where
                                       any of these is chosen; NULL when there are none */
    int n_shared;
    int revision; /* of a model, cost or rule: raise it when the bits of its points change and nobody else's
                     do, with a line CHANGES RESULTS in CHANGELOG; they are other points then */
};

/** Initialisers of .params and .n_params from an array. */
#define RIT_PARAMS(array) .params = (array), .n_params = sizeof(array) / sizeof((array)[0])

/** The member of a NULL-terminated list that the point's parameter `key` names. */
const struct rit_member *rit_member_chosen(const struct rit_member *const *list,
                                           const struct rit_point *point, const char *key);

#endif
