/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RITARDANDO_OBSERVE_TANGENT_WIDE_H
#define RITARDANDO_OBSERVE_TANGENT_WIDE_H

#include "slope/jacobian.h"

/** Whether the point's network has a limit of infinite width, and a kernel there (ritardando/wide.h). */
bool rit_jacobian_has_limit(const struct rit_scene *scene);

/**
 * Theta of infinite width between the rows of a Jacobian, [rows][ld]: zero between two units. Takes the
 * memory, and fills it unless the arena only measures; NULL then, and where a series does not converge.
 */
double *rit_jacobian_limit(const struct rit_jacobian *jacobian, struct rit_arena *work);

#endif
