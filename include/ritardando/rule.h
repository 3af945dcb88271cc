/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Family `rule`: learning rules. A member is one file in src/rule/ that exports
 * `const struct rit_rule rit_rule_NAME`.
 */
#ifndef RITARDANDO_RULE_H
#define RITARDANDO_RULE_H

#include <ritardando/member.h>
#include <ritardando/model.h>
#include <ritardando/point.h>

struct rit_rule {
    struct rit_member member; /* own parameters: keys "rule.*" */

    /** Networks that the rule has no meaning for are RIT_BAD_INPUT. NULL: there are none. */
    enum rit_status (*check)(const struct rit_point *point, const struct rit_layout *layout,
                             struct rit_error *err);

    /** Doubles of state the rule keeps between steps (momenta, ...); NULL for none. Zero at the start. */
    size_t (*state)(const struct rit_layout *layout);

    /**
     * One update of w in place from the gradient g (both flat, double). `step` counts from 1; eta is the rate
     * of this step, warm-up included. Serial and in a fixed order.
     */
    void (*update)(const struct rit_point *point, const struct rit_layout *layout, uint64_t seed,
                   uint64_t step, double eta, const double *g, double *w, double *state);

    /**
     * Noise that the rule itself adds to a step at rate eta, as the variance per weight of an addition to the
     * gradient [(nat/w)^2], so that it can be compared with, and added to, the gradient noise Gamma. NULL:
     * none.
     */
    double (*noise)(const struct rit_point *point, double eta);

    bool blind; /* does not look at the gradient: a null model */
};

extern const struct rit_member *const rit_rules[];
static inline const struct rit_rule *rit_rule_of(const struct rit_point *point)
{
    return (const struct rit_rule *)rit_member_chosen(rit_rules, point, "rule.name");
}

#endif
