/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * What stands between a run and a threshold that it did not reach: time, or the floor of what can be
 * predicted from the last row, or from what the network can remember, alone (the variables of
 * observe.floors).
 */
#ifndef RITARDANDO_PHASE_FLOOR_H
#define RITARDANDO_PHASE_FLOOR_H

#include "store/reader.h"

enum rit_bar {
    RIT_BAR_UNKNOWN, /* no floors were measured, or none for this block */
    RIT_BAR_NEVER,   /* the threshold lies below the floor of what the network can remember */
    RIT_BAR_STUCK,   /* below that of one row, which the run has not got below: on its way, NLL ~ tau^-gamma
                        with the gamma of its last half decade, it would in no hundred times its time */
    RIT_BAR_SLOW,    /* neither */
};

/** Of a run without a learning time at the threshold `eps`. */
enum rit_bar rit_floor_bar(const struct rit_dataset *dataset, size_t row, double eps);

/** Floor of one row, and of what the network can remember; NaN where it was not measured. */
double rit_floor_of_one_row(const struct rit_dataset *dataset, size_t row);
double rit_floor_of_network(const struct rit_dataset *dataset, size_t row);

#endif
