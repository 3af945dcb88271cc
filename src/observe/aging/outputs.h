/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RITARDANDO_OBSERVE_AGING_OUTPUTS_H
#define RITARDANDO_OBSERVE_AGING_OUTPUTS_H

#include <ritardando/observe.h>

/**
 * Overlap of what two sets of weights make of the training block: the correlation coefficient of
 * m = tanh H, the mean of the outputs s = +-1, over all T pairs and units. In [-1, 1]; NaN if one
 * is constant. `fields` and `other_fields` are work space for all outputs. The net is left holding `other`.
 */
double rit_overlap_outputs(const struct rit_scene *scene, const double *w, const double *other, float *fields,
                           float *other_fields);

#endif
