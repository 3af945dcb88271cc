/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The walk of the weights: what one training step does to them, apart from any measurement. The run makes
 * its steps with it, and a replay makes the same steps again from a copy.
 */
#ifndef RITARDANDO_TRAIN_WALK_H
#define RITARDANDO_TRAIN_WALK_H

#include <ritardando/model.h>
#include <ritardando/rule.h>

#include "train/schedule.h"

/** Where a walk stands. The arrays are owned by an arena. */
struct rit_place {
    uint64_t step;  /* steps made */
    double tau;     /* sum of their rates */
    double *w;      /* flat weights */
    double *memory; /* the learning rule's own state; NULL if it has none */
};

/** How steps are made; shared by all walkers of one run. */
struct rit_walk {
    const struct rit_point *point;
    const struct rit_layout *layout;
    const struct rit_model *model;
    const struct rit_rule *rule;
    struct rit_net *net;
    struct rit_schedule schedule;
    uint64_t retract_period; /* 0: never */
    size_t memory;           /* doubles of rule state */
    double *g;               /* gradient of the step made last */
    double *updated;         /* weights before the retraction of the step made last */
    struct rit_batch batch;  /* of the step made last */
    struct rit_sweep sweep;  /* of the step made last */
    double eta;              /* rate of the step made last */
    bool retracted;          /* whether the step made last ended in a retraction */
};

/**
 * One step: batch, gradient, update, retraction. Loads place->w into the net before, not after. Returns false
 * if the loss is not finite or the retraction finds no orthogonal matrix; the place is then spoilt.
 */
bool rit_walk_step(struct rit_walk *walk, enum rit_want want, struct rit_place *place);

void rit_place_copy(const struct rit_walk *walk, const struct rit_place *from, struct rit_place *to);

#endif
