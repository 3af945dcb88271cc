/* SPDX-License-Identifier: GPL-3.0-or-later */
/** A pass that is made for the cost finds the measure of learning on its way. */
#ifndef RITARDANDO_TRAIN_RIDER_H
#define RITARDANDO_TRAIN_RIDER_H

#include <ritardando/criterion.h>

struct rit_rider {
    struct rit_criterion cost, measure;
    double sum; /* of the measure, over the rows shown since it was last set to zero */
};

/** The cost as a criterion that keeps this sum. Borrows the rider. */
struct rit_criterion rit_riding(struct rit_rider *rider);

#endif
