/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The p-spin glass as a run of this program: its aging in the variables of the observable `aging`, with
 * displacement = Delta = 2 (1 - C) (nothing is divided by a noise; at T = 0 there is none), in its own time.
 */
#ifndef RITARDANDO_PHASE_PSPIN_REFERENCE_H
#define RITARDANDO_PHASE_PSPIN_REFERENCE_H

#include <ritardando/point.h>
#include <ritardando/status.h>

#include "base/pack.h"

/** Parameters p, temperature, step, end, waiting-times under "p-spin.": what rit_point_init takes. */
const struct rit_registry *rit_pspin_registry(void);

/**
 * Solve, write `folder`/phase-diagram.h5 and, with an error of 1 % assumed for every value, its aging
 * analysis `folder`/phase-analysis.h5; tables of the latter go to `out`. RIT_BAD_INPUT for parameters that
 * do not go together.
 */
enum rit_status rit_pspin_reference(const struct rit_point *point, const char *folder, struct rit_buffer *out,
                                    struct rit_error *err);

#endif
