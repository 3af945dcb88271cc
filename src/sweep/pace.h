/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Seconds that an operation takes, measured. Large networks reach more of a processor than small ones, and
 * each kind of network has its own pace: samples are kept by kind (all names of a point: model, precision,
 * batch, rule, cost) and by the operations of a step, and what lies between two of them is interpolated.
 */
#ifndef RITARDANDO_SWEEP_PACE_H
#define RITARDANDO_SWEEP_PACE_H

#include <ritardando/point.h>

#include "base/hash.h"

struct rit_pace_sample {
    struct rit_hash kind;
    double work;                /* operations of a step */
    double operations, seconds; /* of all that was measured there */
};

struct rit_pace {
    int n, room;
    struct rit_pace_sample *sample; /* owned; ascending by kind and work once it is settled */
};

/** A measurement: `steps` steps of `work` operations took so long. Nothing is kept of none. */
void rit_pace_add(struct rit_pace *pace, const struct rit_point *point, double work, double steps,
                  double seconds);
/** After the last rit_pace_add, before the first rit_pace_of. */
void rit_pace_settle(struct rit_pace *pace);
/** Seconds per operation in steps of this work: of its own kind, else of any; NAN if nothing was measured. */
double rit_pace_of(const struct rit_pace *pace, const struct rit_point *point, double work);
/** Seconds per operation of all that was measured; NAN for nothing. */
double rit_pace_mean(const struct rit_pace *pace);
/** Whether something was measured of the point's kind. */
bool rit_pace_knows(const struct rit_pace *pace, const struct rit_point *point);
void rit_pace_release(struct rit_pace *pace);

#endif
