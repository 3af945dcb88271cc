/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Weight classes: over what squares of weights and gradients are averaged. Class 0 is "all" (every block of
 * the layout but those that are not in_all, such as h); then one class per block: first the blocks without a
 * layer number (K, W), then the others in the order of the layout (J1, M1, J2, M2, ...), so that networks of
 * different depth agree on the classes they share.
 */
#ifndef RITARDANDO_OBSERVE_NOISE_CLASSES_H
#define RITARDANDO_OBSERVE_NOISE_CLASSES_H

#include <ritardando/model.h>
#include <ritardando/outcome.h>

struct rit_classes {
    int n;                       /* with "all" */
    int block[RIT_MAX_BLOCKS];   /* [n] index in the layout; not used for class 0 */
    double size[RIT_MAX_BLOCKS]; /* [n] weights in the class */
};

struct rit_classes rit_classes_of(const struct rit_layout *layout);

/** Sums per block -> means per weight of each class: mean[n]. */
void rit_classes_mean(const struct rit_classes *classes, const double *sum, double *mean);

/** Labels the dimension "weight_class" unless it has labels: "all", then the names of the weight blocks. */
void rit_classes_describe(const struct rit_classes *classes, const struct rit_layout *layout,
                          struct rit_outcome *outcome);

#endif
