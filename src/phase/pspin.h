/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The spherical p-spin glass after a quench from infinite temperature: the model whose aging is understood,
 * and therefore the reference of the aging analysis. In units of its own time,
 *
 *     dC(t,t')/dt = -m(t) C(t,t') + (p/2) I_0^{t'} C^{p-1}(t,s) R(t',s) ds
 *                   + (p(p-1)/2) I_0^t R(t,s) C^{p-2}(t,s) C(s,t') ds
 *     dR(t,t')/dt = -m(t) R(t,t') + (p(p-1)/2) I_{t'}^t R(t,s) C^{p-2}(t,s) R(s,t') ds
 *     m(t) = T + (p^2/2) I_0^t C^{p-1}(t,s) R(t,s) ds,    C(t,t) = R(t+,t) = 1
 *     E(t) = -(p/2) I_0^t C^{p-1}(t,s) R(t,s) ds
 *
 * Source: Cugliandolo and Kurchan, Phys. Rev. Lett. 71 (1993) 173.
 */
#ifndef RITARDANDO_PHASE_PSPIN_H
#define RITARDANDO_PHASE_PSPIN_H

#include <ritardando/status.h>

enum { RIT_PSPIN_MAX_SIZE = 8000 };

/** The solution on the grid t_i = i * step, i < size. Release with rit_pspin_release. */
struct rit_pspin {
    int p;
    double temperature;
    double step;
    int size;
    double *correlation; /* [size][size], symmetric: C(t_i, t_j) */
    double *response;    /* [size][size]: R(t_i, t_j) for j <= i, and its mirror image above the diagonal */
    double *energy;      /* [size]: E(t_i), per spin */
};

/**
 * Solve for the p, temperature, step and size that are set in `solution`. Adams-Bashforth predictor,
 * trapezium corrector and quadrature: the error falls as step^2 (at p = 3, T = 0 the energy is good to 1e-4
 * at step 0.05). Time 2.5 size^3 multiply-adds, memory 16 size^2 bytes. RIT_BAD_INPUT for parameters out of
 * range.
 */
enum rit_status rit_pspin_solve(struct rit_pspin *solution, struct rit_error *err);
void rit_pspin_release(struct rit_pspin *solution);

/** C(t, s) between the points of the grid, bilinear; 0 <= t, s <= (size - 1) step. */
double rit_pspin_overlap(const struct rit_pspin *solution, double t, double s);

#endif
