/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Small runs for the tests: a point of a few settings, trained whole or in pieces. */
#ifndef RITARDANDO_TESTS_RUNNING_H
#define RITARDANDO_TESTS_RUNNING_H

#include <ritardando/run.h>

#include "checkpointing.h"
#include "testing.h"

#include <stdlib.h>
#include <string.h>

struct setting {
    const char *key, *value;
};

/** Settings end with a NULL key; later ones win. */
static inline void set_all(struct rit_point *point, const struct setting *settings)
{
    for (; settings && settings->key; settings++)
        rit_point_set(point, settings->key, settings->value);
}

/** A network of six units on four composed chorales, with `settings` on top. The caller releases the block.
 */
static inline void make_point(struct rit_point *point, struct rit_block *block,
                              const struct setting *settings)
{
    static const struct setting small[] = {{"data.chorales", "4"},
                                           {"model.width", "6"},
                                           {"stop.tau", "12"},
                                           {"rule.eta", "0.05"},
                                           {"observe.thresholds", "[0.2, 0.25, 0.3]"},
                                           {0}};
    struct rit_error err;
    rit_point_init(point, rit_registry());
    set_all(point, small);
    set_all(point, settings);
    assert_int_equal(rit_block_load(point, block, &err), RIT_OK);
}

static inline struct rit_run *start(const struct rit_point *point, const struct rit_block *block)
{
    struct rit_error err;
    struct rit_run *run = rit_run_new(point, block, &err);
    if (!run)
        print_error("%s\n", err.text);
    assert_non_null(run);
    return run;
}

/** Frees the run; the caller releases the outcome. */
static inline struct rit_outcome outcome_of(struct rit_run *run)
{
    struct rit_outcome outcome;
    rit_run_finish(run, &outcome);
    rit_run_free(run);
    return outcome;
}

static inline struct rit_outcome run_whole(const struct rit_point *point, const struct rit_block *block)
{
    struct rit_run *run = start(point, block);
    while (!rit_run_advance(run, 1000000))
        ;
    return outcome_of(run);
}

/** Killed after `piece` steps again and again, and each time continued by a new run from what was saved. */
static inline struct rit_outcome run_in_pieces(const struct rit_point *point, const struct rit_block *block,
                                               uint64_t piece)
{
    struct rit_run *run = start(point, block);
    while (!rit_run_advance(run, piece)) {
        struct rit_buffer saved = {0};
        save_run(run, &saved);
        rit_run_free(run);
        run = start(point, block);
        assert_true(restore_run(run, &saved));
        rit_buffer_release(&saved);
    }
    return outcome_of(run);
}

/** Bit for bit the same; releases both. */
static inline void assert_same(struct rit_outcome *a, struct rit_outcome *b)
{
    struct rit_buffer bytes[2] = {{0}, {0}};
    rit_outcome_pack(a, &bytes[0]);
    rit_outcome_pack(b, &bytes[1]);
    assert_int_equal(bytes[0].size, bytes[1].size);
    assert_memory_equal(bytes[0].data, bytes[1].data, bytes[0].size);
    for (int i = 0; i < 2; i++)
        rit_buffer_release(&bytes[i]);
    rit_outcome_release(a);
    rit_outcome_release(b);
}

/** The values of a variable that must be there. */
static inline const double *values_of(const struct rit_outcome *outcome, const char *name)
{
    const struct rit_variable *variable = rit_outcome_find(outcome, name);
    if (!variable)
        print_error("there is no variable %s\n", name);
    assert_non_null(variable);
    return variable->data;
}

#endif
