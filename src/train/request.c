/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/request.h"

#include <ritardando/clock.h>
#include <ritardando/observe.h>

#include "observe/grid/growth.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct rit_param params[] = {
    {.key = "stop.when-learned",
     .kind = RIT_BOOL,
     .fallback = "true",
     .unit = "1",
     .meaning = "end a run as soon as every threshold is reached"},
};
const struct rit_param_table rit_request_params = RIT_PARAM_TABLE(params);

/* A share of the parameters: those of one observable but its switch. */
static bool same_parameters(const struct rit_observable *o, const struct rit_point *had,
                            const struct rit_point *wanted, char *why, size_t size)
{
    for (int i = 1; i < o->member.n_params; i++)
        if (!rit_extends_key(had, wanted, o->member.params[i].key, why, size))
            return false;
    return true;
}

/* Whether the observables that `wanted` has switched on find in the run what they need; *satisfied is the tau
 * from which on all of them would have let it end as learned. */
static bool observed(const struct rit_point *had, const struct rit_outcome *end,
                     const struct rit_point *wanted, double *satisfied, char *why, size_t size)
{
    *satisfied = 0.0;
    for (int i = 0; rit_observables[i]; i++) {
        const struct rit_observable *o = (const struct rit_observable *)rit_observables[i];
        const char *key = o->member.params[0].key;
        if (!rit_point_bool(wanted, key))
            continue;
        if (!rit_point_bool(had, key)) {
            snprintf(why, size, "%s: it was not measured along the way", key);
            return false;
        }
        double its = 0.0;
        if (o->extends ? !o->extends(had, end, wanted, &its, why, size)
                       : !same_parameters(o, had, wanted, why, size))
            return false;
        *satisfied = fmax(*satisfied, its);
    }
    return true;
}

bool rit_request_extends(const struct rit_point *had, const struct rit_outcome *end,
                         const struct rit_point *wanted, char *why, size_t size)
{
    double satisfied;
    struct rit_clock clock = rit_clock_of(wanted);
    if (end->end == RIT_END_FAILED) {
        snprintf(why, size, "the run failed");
        return false;
    }
    if (!rit_extends_key(had, wanted, "observe.first-tau", why, size) ||
        !rit_extends_key(had, wanted, "observe.per-decade", why, size) ||
        !observed(had, end, wanted, &satisfied, why, size))
        return false;
    if (rit_clock_compare(&clock, end->steps, end->tau, rit_point_real(wanted, "stop.tau")) > 0) {
        snprintf(why, size, "stop.tau: the run has gone on beyond it");
        return false;
    }
    if (rit_point_bool(wanted, "stop.when-learned") && rit_point_bool(wanted, "observe.learning-time") &&
        satisfied < end->tau) {
        snprintf(why, size, "stop.when-learned: the run went on after all that is asked had been learned");
        return false;
    }
    return true;
}
