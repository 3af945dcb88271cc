/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * What is left of a network when its layers become infinitely wide: variances. With inputs x, an activation
 * phi and Phi, Phi' its averages (kernel/dual.h), a sum over earlier times where there are recurrent weights,
 *
 *     Sigma^1(t,s) = input x_t.x_s + recurrent Phi^1(t-1,s-1) + bias
 *     Sigma^a(t,s) = forward Phi^{a-1}(t,s) + recurrent Phi^a(t-1,s-1) + bias
 *     Theta^a(t,s) = Sigma^a(t,s) - bias + bias_speed + recurrent (Phi'^a Theta^a)(t-1,s-1)
 *                    + forward (Phi'^{a-1} Theta^{a-1})(t,s)
 *     NNGP(t,s)    = output Phi^L + output_bias
 *     Theta(t,s)   = output (Phi^L + Phi'^L Theta^L) + output_bias_speed + direct x_t.x_s
 *
 * NNGP is the covariance of an output over networks at their start, Theta the tangent kernel, both the same
 * for every output unit and zero between two. The terms of a time before a sequence's start vanish. Sources:
 * Jacot, Gabriel and Hongler, NeurIPS 2018; Lee et al., NeurIPS 2019; Alemohammad et al., ICLR 2021.
 */
#ifndef RITARDANDO_WIDE_H
#define RITARDANDO_WIDE_H

#include <stdbool.h>

/**
 * Pairs from which on the eigenvalues of a kernel are found by all ranks of a sweep together, and by a
 * library: about where two ranks overtake our own eigensolver in one (docs/spectrum.md). It decides which
 * numbers are bits, and which are compared to RIT_LIBRARY_ACCURACY, and so is the same on every machine.
 */
enum { RIT_WIDE_TOGETHER = 1000 };

/** What a hidden unit makes of its input. */
enum rit_activation { RIT_TANH, RIT_ERF, RIT_RELU, RIT_SIN, RIT_COS, RIT_IDENTITY };

struct rit_wide {
    enum rit_activation phi;
    int depth;    /* L; 0: the outputs are linear in the inputs */
    double input; /* of x_t.x_s, into the first hidden layer, or without any the outputs */
    double forward, recurrent, output;    /* of Phi */
    double bias, output_bias;             /* variance of biases at the start */
    double bias_speed, output_bias_speed; /* their terms of Theta */
    bool mean_output;                     /* outputs start around the mean target, of bits its artanh */
    double direct;                        /* of weights from the inputs to the outputs, which start at zero */
};

#endif
