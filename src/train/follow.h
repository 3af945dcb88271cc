/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * A run whose rule keeps time itself. The rule makes stretches of way, on which the weights are known at
 * every moment; the run visits moments of them: the times of the common grid, those that observers ask for,
 * the passages of the measure below a level, and at last stop.tau. Where the rule's stretches end depends on
 * none of these.
 */
#ifndef RITARDANDO_TRAIN_FOLLOW_H
#define RITARDANDO_TRAIN_FOLLOW_H

struct rit_run;

/** Where a run stands, as part of its saved state. All zero at the start. */
struct rit_course {
    double begun; /* the moment 0 was visited */
    double tau;   /* of the moment visited last, in a saved state */
    double end, end_nll;
    /* The bracket: from one end of a stretch or time of the grid to the next. */
    double from, from_nll, to, to_nll;
    double level, passage; /* the first moment in it at which the measure is below `level`; INFINITY: none */
    double passage_nll;
};

/** One unit of work: a gradient for the rule, or a moment visited. */
void rit_run_follow(struct rit_run *run);

#endif
