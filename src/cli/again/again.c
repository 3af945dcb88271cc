/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/again/again.h"

#include <ritardando/run.h>

#include "base/process.h"
#include "train/identity.h"

#include <stdio.h>
#include <string.h>

enum { SLICE = 256 }; /* steps between two looks at the stop flag */

/* Where two outcomes differ first, in words. */
static void say_difference(const struct rit_outcome *stored, const struct rit_outcome *now, char *what,
                           size_t size)
{
    if (stored->end != now->end || stored->steps != now->steps) {
        snprintf(what, size, "it ended after %llu steps, now after %llu", (unsigned long long)stored->steps,
                 (unsigned long long)now->steps);
        return;
    }
    for (int v = 0; v < stored->variables; v++) {
        const struct rit_variable *a = stored->variable[v], *b = rit_outcome_find(now, a->name);
        if (!b) {
            snprintf(what, size, "the variable %s is no longer made", a->name);
            return;
        }
        for (size_t i = 0; i < a->count && i < b->count; i++) {
            if (memcmp(&a->data[i], &b->data[i], sizeof a->data[i]) != 0) {
                snprintf(what, size, "%s[%zu] was %.17g and is now %.17g", a->name, i, a->data[i],
                         b->data[i]);
                return;
            }
        }
    }
    snprintf(what, size, "the sets of variables differ");
}

static enum rit_status train(const struct rit_point *point, const struct rit_block *block,
                             struct rit_outcome *outcome, struct rit_error *err)
{
    struct rit_run *run = rit_run_new(point, block, err);
    if (!run)
        return err->status;
    while (!rit_run_advance(run, SLICE)) {
        if (rit_stop_asked() != RIT_GO) {
            rit_run_free(run);
            return rit_fail(err, RIT_STOPPED, "stopped before the end");
        }
    }
    rit_run_finish(run, outcome);
    rit_run_free(run);
    return RIT_OK;
}

enum rit_status rit_train_again(const struct rit_result *stored, const struct rit_config *config,
                                enum rit_verdict *verdict, char *what, size_t what_size,
                                struct rit_error *err)
{
    struct rit_point point;
    struct rit_block block;
    RIT_TRY(rit_point_read_identity(&point, rit_registry(), stored->point, err));
    for (int i = 0; i < point.registry->count; i++)
        if (point.registry->param[i]->not_identity)
            point.value[i] = config->base.value[i];
    RIT_TRY(rit_block_load(&point, &block, err));
    struct rit_hash digest = rit_block_digest(&block);
    struct rit_hash trajectory = rit_point_trajectory(&point, &digest);
    struct rit_result now = {.identity = rit_point_identity(&point, &trajectory)};
    enum rit_status status = RIT_OK;
    if (!rit_hash_equal(&now.identity, &stored->identity)) {
        *verdict = RIT_FOREIGN;
        snprintf(what, what_size, "it was made by another numerics version or from other data");
    } else if ((status = train(&point, &block, &now.outcome, err)) == RIT_OK) {
        struct rit_hash before = rit_result_content(stored), after = rit_result_content(&now);
        *verdict = rit_hash_equal(&before, &after) ? RIT_SAME : RIT_DIFFERENT;
        if (*verdict == RIT_DIFFERENT)
            say_difference(&stored->outcome, &now.outcome, what, what_size);
        rit_outcome_release(&now.outcome);
    }
    rit_block_release(&block);
    return status;
}
