/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * What points are expected to cost, by what is known now: their operations to stop.tau (rit_run_price), times
 * the share of the way that they are expected to go (sweep/forecast.h), times the pace of networks like them
 * (sweep/pace.h). It decides the order in which they are trained and nothing else.
 */
#ifndef RITARDANDO_SWEEP_PRICING_H
#define RITARDANDO_SWEEP_PRICING_H

#include "sweep/growth.h"
#include "sweep/pace.h"
#include "sweep/roster.h"

/** Operations of one step of a point whose run to stop.tau takes `operations`. */
double rit_pricing_step(const struct rit_point *point, double operations);

/** The pace of the results have[roster->count] (NULL: none), settled. */
void rit_pricing_pace(const struct rit_config *config, const struct rit_roster *roster,
                      const struct rit_stored *const *have, struct rit_pace *pace);

/**
 * price[roster->count], in operations at the mean pace. roster->price are operations to stop.tau; what
 * `growth` says is behind a point costs no more. most[roster->count], unless it is NULL, is the same for runs
 * that go as far as the longest of so many would: what goes by that is begun in time, whoever turns out to be
 * the longest.
 */
void rit_pricing(const struct rit_config *config, const struct rit_roster *roster,
                 const struct rit_growth *growth, const struct rit_stored *const *have, double *price,
                 double *most);

/** rank[roster->count]: where each point stands in the order of identities. */
void rit_pricing_rank(const struct rit_roster *roster, int *rank);

#endif
