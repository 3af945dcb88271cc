/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * What a run that holds results still has to train for each point of a plan: nothing, what is asked beyond a
 * stored trajectory, or all of it, and why.
 */
#ifndef RITARDANDO_SWEEP_GROWTH_H
#define RITARDANDO_SWEEP_GROWTH_H

#include "config/config.h"
#include "store/results.h"
#include "sweep/roster.h"

enum rit_work {
    RIT_WORK_NONE,   /* it has a result */
    RIT_WORK_EXTEND, /* it goes on from the kept end state of `from` */
    RIT_WORK_AGAIN,  /* its trajectory was trained, but cannot go on: `why` */
    RIT_WORK_NEW,    /* from the start */
    RIT_WORKS
};

enum { RIT_WHY = 160 };

struct rit_todo {
    enum rit_work work;
    struct rit_hash from; /* identity of the result that it extends */
    uint64_t steps;       /* which that one has made */
    char *why;            /* owned; NULL but for RIT_WORK_AGAIN */
};

struct rit_growth {
    int count;
    struct rit_todo *todo; /* [count] in the order of the roster */
};

/** Looks at results, and at the kept states of the run folder. Of several that could be extended the longest.
 */
void rit_growth_find(const struct rit_config *config, const struct rit_roster *roster,
                     const struct rit_results *results, const char *run, struct rit_growth *growth);
/**
 * Points that were added behind the others: `from` [roster->count - growth->count] is the result of the same
 * network that a shorter run has, or NULL, in which case results are looked through.
 */
void rit_growth_add(const struct rit_config *config, const struct rit_roster *roster,
                    const struct rit_results *results, const struct rit_stored *const *from, const char *run,
                    struct rit_growth *growth);
void rit_growth_release(struct rit_growth *growth);

/**
 * A line for each kind of work that there is, "  12 points go on from kept end states, ...", those that must
 * be trained again by reason.
 */
void rit_growth_print(const struct rit_growth *growth, struct rit_buffer *out);

#endif
