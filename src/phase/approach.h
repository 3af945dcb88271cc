/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * How networks come near the limit of infinite width: x = b N_h^-p for what observe.tangent has measured of
 * them and for their learning curves, root mean squares over the runs of a width. Known laws: fluctuations of
 * the kernel p = 1/2, drift 1, distance from the linearisation 1/2 to 1. Sources: Jacot, Gabriel and Hongler,
 * NeurIPS 2018; Lee et al., NeurIPS 2019; Huang and Yau, ICML 2020.
 */
#ifndef RITARDANDO_PHASE_APPROACH_H
#define RITARDANDO_PHASE_APPROACH_H

#include "phase/estimate.h"
#include "phase/scan.h"

enum rit_approach_of {
    RIT_APPROACH_FLUCTUATION,   /* |Theta_0 - Theta| / |Theta| */
    RIT_APPROACH_DISTANCE,      /* |Theta_t - Theta| / |Theta| at the last time */
    RIT_APPROACH_DRIFT,         /* |Theta_t - Theta_0| / |Theta_0| at the last time */
    RIT_APPROACH_LINEARISATION, /* |f_t - f_0 - J_0 (w_t - w_0)| / |f_t - f_0| at the last time */
    RIT_APPROACH_CURVE,         /* ln NLL less its mean over runs of the limit, over the grid */
    RIT_APPROACHES,
};

/** "fluctuation", ...; NULL-terminated. */
extern const char *const rit_approach_names[RIT_APPROACHES + 1];

struct rit_approach {
    int widths;    /* at which it is known */
    double tau;    /* when: the last time at which every run of a finite width has it; NaN for the curve */
    double *value; /* [finite cells] root mean square over runs; NaN: not known */
    struct rit_estimate power; /* p; NaN with fewer than RIT_APPROACH_WIDTHS widths */
};

enum { RIT_APPROACH_WIDTHS = 3 };

/** All of a line into approach[RIT_APPROACHES], with intervals of this level. */
void rit_approach_make(const struct rit_scan *scan, const struct rit_scan_line *line, double level,
                       struct rit_approach *approach);
void rit_approach_release(struct rit_approach *approach);

#endif
