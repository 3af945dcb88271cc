/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RITARDANDO_LIMIT_KNOWN_H
#define RITARDANDO_LIMIT_KNOWN_H

#include <ritardando/model.h>
#include <ritardando/wide.h>

/** What the point's model is at infinite width; RIT_BAD_INPUT if that is not known, of it or of its
 * parameters. */
enum rit_status rit_limit_wide(const struct rit_point *point, struct rit_wide *wide, struct rit_error *err);

/** RIT_BAD_INPUT if the series of the point's activation does not converge for this block: struct
 * rit_limit.check_block of limits that need its kernels. */
enum rit_status rit_limit_converges(const struct rit_point *point, const struct rit_block *block,
                                    struct rit_error *err);

#endif
