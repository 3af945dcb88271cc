/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Counter-based random numbers, keyed by what they are for.
 *
 * A stream is named by (seed, purpose, a, b): "the batch of step a for the network of this seed". Its
 * numbers are Philox4x64-10 of a counter, so that a stream can be opened at any place, in any order, on
 * any rank, without the state of another. The bits do not depend on the machine or the libm.
 * Source: Salmon et al., SC'11; the generator is Random123's.
 */
#ifndef RITARDANDO_BASE_RANDOM_H
#define RITARDANDO_BASE_RANDOM_H

#include <ritardando/point.h>

#include <stdint.h>

/** What a stream is for. The numbers are part of every result's bits: append, never renumber. */
enum rit_purpose {
    RIT_FOR_TEST = 0,
    RIT_FOR_WEIGHTS = 1,    /* a: weight block */
    RIT_FOR_BATCH = 2,      /* a: step */
    RIT_FOR_COMPOSER = 3,   /* a: piece */
    RIT_FOR_BOOTSTRAP = 4,  /* a: resample */
    RIT_FOR_RULE = 5,       /* a: step, b: weight block; a rule's own noise */
    RIT_FOR_SAMPLING = 6,   /* a: piece; running a trained network */
    RIT_FOR_VERIFY = 7,     /* the random sample of points that are trained again */
    RIT_FOR_SYNTHETIC = 8,  /* synthetic data sets of the tests */
    RIT_FOR_PATTERNS = 9,   /* a: pattern, b: 0 its row, 1 its labels; ~0, cluster: the centre of a mixture */
    RIT_FOR_TEACHER = 10,   /* a: layer of the teacher of a task */
    RIT_FOR_TANGENT = 11,   /* a: probe of a Jacobian, b: pair */
    RIT_FOR_CURVATURE = 12, /* a: place on the grid; where a search for the largest curvature begins */
    RIT_FOR_LIMIT = 14,     /* a: direction of a Gaussian process, b: 0 the block, 1 the one held out */
    RIT_FOR_REHEARSAL = 15, /* a: play; how long points of a sweep take that is only simulated */
    RIT_FOR_SHOTS = 17,     /* a: step, b: pair; outcomes of a quantum measurement */
    RIT_FOR_HESSIAN = 18,   /* a: size of a batch, b: its number; batches whose Hessian is measured */
    RIT_FOR_DRAWS = 19,     /* a: draw; the seed of a network of an ensemble */
};

struct rit_random {
    uint64_t key[2];     /* seed, purpose */
    uint64_t counter[4]; /* block, a, b, 0 */
    uint64_t word[4];    /* the current block */
    int used;            /* words of it handed out */
};

/** Parameter `seed`, and what it says for a point. */
extern const struct rit_param_table rit_seed_params;
uint64_t rit_random_seed(const struct rit_point *point);

struct rit_random rit_random_open(uint64_t seed, enum rit_purpose purpose, uint64_t a, uint64_t b);

/** The next 64 random bits. */
uint64_t rit_random_bits(struct rit_random *r);

/** Uniform in [0,1), a multiple of 2^-53. */
double rit_random_uniform(struct rit_random *r);

/** Uniform integer in [0,n), without bias; n >= 1. */
uint64_t rit_random_below(struct rit_random *r, uint64_t n);

/** Standard normal number, by Box and Muller with the project's own log and sine. */
double rit_random_gauss(struct rit_random *r);

/** One of n choices {value, weight}, with a probability proportional to its weight; returns the value. */
int rit_random_choose(struct rit_random *r, int n, const int (*choice)[2]);

/** A uniformly random permutation of 0..n-1 (Fisher and Yates). */
void rit_random_permutation(struct rit_random *r, int n, int *out);

/**
 * `k` distinct members of 0..n-1 in ascending order, every subset equally likely (Floyd's method when k is
 * small). `mark` is n bytes of work space, all zero on entry and again on return.
 */
void rit_random_subset(struct rit_random *r, int n, int k, int *out, unsigned char *mark);

#endif
