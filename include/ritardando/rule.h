/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Family `rule`: learning rules. A member is one file in src/rule/ that exports
 * `const struct rit_rule rit_rule_NAME`.
 *
 * Proper time is the sum of the rates of all steps, whatever a rule makes of its rate. A rule without a rate
 * keeps time itself: it asks for one gradient after the other, and from time to time has made a stretch of
 * way, on which the weights are known at every moment.
 */
#ifndef RITARDANDO_RULE_H
#define RITARDANDO_RULE_H

#include <ritardando/member.h>
#include <ritardando/model.h>
#include <ritardando/point.h>

/** A rule with its parameters read. */
struct rit_rule_use {
    const struct rit_rule *rule;
    double constant[4]; /* filled by the rule's `use`, meaning its own */
};

/** The cost of the step's own batch anywhere, for rules that look at more than one gradient in a step. */
struct rit_terrain {
    void *self;
    /** The cost at the weights w [E per pair], which may be not finite; its gradient there into g (flat). */
    double (*pass)(void *self, const double *w, double *g);
};

/** The group that orthogonal blocks are kept on. */
struct rit_group {
    void *self;
    /** Puts them back there; false if one is not near it. */
    bool (*retract)(void *self, double *w);
};

/** One step as a rule meets it. All arrays but the last two are flat. */
struct rit_stride {
    const struct rit_layout *layout;
    uint64_t seed, step; /* steps count from 1 */
    double eta;          /* rate of this step, warm-up included */
    double loss;         /* cost of the step's batch at w [E per pair] */
    const double *g;     /* its gradient there */
    const struct rit_terrain *terrain;
    const struct rit_group *group; /* for rules that keep time themselves */
    double *w;                     /* moved in place */
    double *state;                 /* kept between steps and in checkpoints; zero at the start */
    double *work;                  /* of no meaning between steps */
};

/** What a gradient did for a rule that keeps time itself. */
enum rit_arrival {
    RIT_UNDERWAY, /* it wants another one */
    RIT_ARRIVED,  /* a stretch is made, and the gradient was that at its end */
    RIT_STUCK,    /* there is no way on from here that is finite */
};

/**
 * How a rule that keeps time itself goes. All that it knows lies in stride->state, so that it can be stopped
 * between any two gradients; stride->w is read at the start only.
 */
struct rit_gait {
    /** Where the next gradient is wanted [flat, in state or work]. The stretch before is left behind. */
    const double *(*look)(const struct rit_rule_use *use, const struct rit_stride *stride);
    /** Takes in stride->g and stride->loss, which may be not finite, of that place. */
    enum rit_arrival (*take)(const struct rit_rule_use *use, const struct rit_stride *stride);
    /** Proper time at the end of the stretch made last. */
    double (*end)(const double *state);
    /** Weights at a proper time within it, before any retraction. */
    void (*along)(const struct rit_layout *layout, const double *state, double tau, double *w);
    /** Gradients to proper time tau, roughly. */
    double (*gradients)(const struct rit_rule_use *use, double tau);
};

struct rit_rule {
    struct rit_member member; /* own parameters: keys "rule.*" */

    /** What the rule cannot do with these weights, before training starts. NULL: nothing. */
    enum rit_status (*check)(const struct rit_point *point, const struct rit_layout *layout,
                             struct rit_error *err);

    /** Read the parameters into use->constant; NULL when there are none. */
    void (*use)(const struct rit_point *point, struct rit_rule_use *use);

    /** Doubles of state (momenta, ...) and of work space; NULL for none. */
    size_t (*state)(const struct rit_layout *layout);
    size_t (*work)(const struct rit_layout *layout);

    /** Not NULL: the rule keeps time itself, with full batches, and `update` is NULL. */
    const struct rit_gait *gait;

    /** One step. Serial and in a fixed order; noise from streams (seed, RIT_FOR_RULE, step, block). */
    void (*update)(const struct rit_rule_use *use, const struct rit_stride *stride);

    /**
     * Noise that the rule itself adds to steps of rate eta, as the variance per weight of independent
     * additions to the gradient that would spread weights as far over many steps [(nat/w)^2], so that it can
     * be compared with, and added to, the gradient noise Gamma. NULL: none.
     */
    double (*noise)(const struct rit_rule_use *use, double eta);

    /**
     * eta lambda_max up to which steps of rate eta are stable along the direction of the largest curvature
     * lambda_max of the cost: 2 for plain descent. NULL: it has no such edge.
     */
    double (*edge)(const struct rit_rule_use *use);

    int looks;   /* gradients of the terrain that a step takes, roughly: what its price goes by */
    bool linear; /* what it does to weights is linear in their gradients: it does the same to all coordinates
                  */
    bool blind;  /* does not look at the gradient: a null model */
};

extern const struct rit_member *const rit_rules[];
static inline const struct rit_rule *rit_rule_of(const struct rit_point *point)
{
    return (const struct rit_rule *)rit_member_chosen(rit_rules, point, "rule.name");
}

/** The rule chosen by the point, with its parameters read. */
static inline struct rit_rule_use rit_rule_open(const struct rit_point *point)
{
    struct rit_rule_use use = {.rule = rit_rule_of(point)};
    if (use.rule->use)
        use.rule->use(point, &use);
    return use;
}

#endif
