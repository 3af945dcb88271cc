/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RITARDANDO_LIMIT_CONVERGES_H
#define RITARDANDO_LIMIT_CONVERGES_H

#include <ritardando/model.h>

/** RIT_BAD_INPUT if the series of the point's activation does not converge for this block: struct
 * rit_limit.check_block of limits that need its kernels. */
enum rit_status rit_limit_converges(const struct rit_point *point, const struct rit_block *block,
                                    struct rit_error *err);

#endif
