/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The walk of the weights: what one training step does to them, apart from any measurement. A step has two
 * halves: a sweep that finds the gradient, and with it the cost where the weights stand, and an update. Of a
 * rule that keeps time itself every gradient is a step, and the place moves only along the stretches of way
 * that it has made.
 */
#ifndef RITARDANDO_TRAIN_WALK_H
#define RITARDANDO_TRAIN_WALK_H

#include <ritardando/model.h>
#include <ritardando/rule.h>

#include "train/schedule.h"

/** Where a walk stands. The arrays are owned by an arena. */
struct rit_place {
    uint64_t step;  /* steps made */
    double tau;     /* their proper time */
    double *w;      /* flat weights */
    double *memory; /* the learning rule's own state; NULL if it has none */
};

/** How steps are made, and the step made last. */
struct rit_walk {
    const struct rit_point *point;
    const struct rit_layout *layout;
    const struct rit_model *model;
    struct rit_rule_use rule;
    struct rit_net *net;
    struct rit_criterion cost; /* what is trained on */
    struct rit_schedule schedule;
    uint64_t retract_period; /* 0: never */
    size_t memory;           /* doubles of rule state */
    double *g;               /* gradient of the sweep made last */
    double *scratch;         /* the rule's work space; NULL if it needs none */
    double *updated;         /* weights before the retraction of the step made last */
    struct rit_batch batch;  /* of the sweep made last */
    struct rit_pass sweep;
    double eta;     /* rate of the step made last */
    bool retracted; /* whether the step made last ended in a retraction */
};

/**
 * The first half of the next step: its batch, and the gradient at place->w, which is loaded into the net.
 * Returns false if the loss is not finite. May be repeated: it changes nothing of the place.
 */
bool rit_walk_sweep(struct rit_walk *walk, enum rit_want want, const struct rit_place *place);

/**
 * The second half: update and retraction. The net is left with any weights. Returns false if there is no
 * orthogonal matrix near; the place is then spoilt.
 */
bool rit_walk_update(struct rit_walk *walk, struct rit_place *place);

/**
 * The same for a rule that keeps time itself: a gradient where it wants one, whether finite or not, and what
 * it makes of it.
 */
void rit_walk_look(struct rit_walk *walk, const struct rit_place *place);
enum rit_arrival rit_walk_take(struct rit_walk *walk, struct rit_place *place);

/** Weights at a proper time within the stretch made last, put back on the group, into w. False if they cannot
 * be. */
bool rit_walk_along(const struct rit_walk *walk, const struct rit_place *place, double tau, double *w);

#endif
