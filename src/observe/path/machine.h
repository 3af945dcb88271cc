/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RITARDANDO_OBSERVE_PATH_MACHINE_H
#define RITARDANDO_OBSERVE_PATH_MACHINE_H

/**
 * A support vector machine with a given kernel, sign(sum_i a_i s_i K(x, x_i) + b): the a_i maximise
 * sum_i a_i - 1/2 sum_ij a_i a_j s_i s_j K_ij with 0 <= a_i <= c and sum_i a_i s_i = 0, to 1e-6 of the
 * conditions of Karush, Kuhn and Tucker, by steps along the pair that violates them most. Of examples of one
 * label only it says that label. IEEE operations in a fixed order.
 * Source: Keerthi et al., Neural Computation 13, 637 (2001); Fan, Chen, Lin, JMLR 6, 1889 (2005).
 */
struct rit_machine {
    int n;
    const double *k;    /* [n][n], symmetric and not negative definite; borrowed */
    const double *sign; /* [n] +-1; borrowed */
    double *a;          /* [n] */
    double *slope;      /* [n] work space */
    double b;
};

void rit_machine_train(struct rit_machine *machine, double c);

/** What the machine says of x, given K(x, x_i), [n]. */
double rit_machine_ask(const struct rit_machine *machine, const double *row);

#endif
