/* SPDX-License-Identifier: GPL-3.0-or-later */
/** What a plan that grows has come to: the parts of sweep/refinement.h, for its own two files. */
#ifndef RITARDANDO_SWEEP_REFINED_H
#define RITARDANDO_SWEEP_REFINED_H

#include "sweep/refinement.h"
#include "sweep/strategy.h"

/* One run of a cell. */
struct seed {
    int point; /* of the plan */
    bool told, says;
    double operations;
    struct rit_lifetime life[RIT_MAX_LIST];
};

struct cell {
    double at, tau;
    int seeds;
    struct seed *seed; /* [seeds] owned */
};

struct line {
    int cells, thresholds, waits; /* waits: points that have not come */
    struct cell *cell;            /* [cells] ascending; owned */
    double eps[RIT_MAX_LIST];
    struct rit_border border[RIT_MAX_LIST];
    int asked; /* rounds */
    bool over;
    enum rit_enough enough;
    bool spent; /* the core-hours are */
};

/* Where a point of the plan stands. */
struct where {
    int line, seed, shorter;
    double at;
    int asked;   /* rounds of the line before it */
    bool failed; /* as far as is known */
};

struct rit_refinement {
    struct rit_config *config;
    struct rit_strategy strategy;
    int lines, points;
    struct line *line;   /* [lines] */
    struct where *where; /* [points] */
};

#endif
