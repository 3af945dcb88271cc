/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Whether what is asked of a trajectory now can be had from a run that was asked something else. */
#ifndef RITARDANDO_TRAIN_REQUEST_H
#define RITARDANDO_TRAIN_REQUEST_H

#include <ritardando/outcome.h>
#include <ritardando/point.h>

#include <stdbool.h>
#include <stddef.h>

/** Whether a run ends once what is asked of it has been learned. */
extern const struct rit_param_table rit_request_params;

/**
 * `had` and `wanted` have one trajectory (train/identity.h), and the run of `had` ended as `end` says.
 * Whether a run of `wanted` can go on from where it stood then, with no difference to one that was made from
 * its start; if not, a reason that begins with the parameter at fault.
 */
bool rit_request_extends(const struct rit_point *had, const struct rit_outcome *end,
                         const struct rit_point *wanted, char *why, size_t size);

#endif
