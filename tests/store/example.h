/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Results made up from a number, and a folder to keep them in: what the tests of the store share. */
#ifndef RITARDANDO_TESTS_STORE_EXAMPLE_H
#define RITARDANDO_TESTS_STORE_EXAMPLE_H

#include "base/random.h"
#include "store/claim.h"
#include "store/reader.h"
#include "store/results.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/** A fresh folder below `parent`, or where that is NULL below $TMPDIR or /tmp; example_remove takes it away
 * again. */
static inline void example_folder(const char *parent, char *path, size_t size)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(path, size, "%s/ritardando-test-XXXXXX", parent ? parent : tmp ? tmp : "/tmp");
    RIT_CHECK(mkdtemp(path) != NULL);
}

static inline void example_remove(const char *path)
{
    char command[600];
    snprintf(command, sizeof command, "rm -rf '%s'", path);
    RIT_CHECK(system(command) == 0);
}

static inline struct rit_hash example_identity(uint64_t number)
{
    return rit_hash_of(&number, sizeof number);
}

/** What may write to the run folder: the fence of its first start, which this makes if nobody has. It stays
 * open until that of another folder is asked for. */
static inline const struct rit_fence *example_fence(const char *run)
{
    static struct rit_fence fence = {.folder = -1};
    if (fence.folder >= 0 && strcmp(fence.run, run) == 0)
        return &fence;
    struct rit_claim claim;
    RIT_CHECK(rit_claim_take(run, &claim, NULL) == RIT_OK);
    rit_fence_close(&fence);
    fence = claim.fence;
    claim.fence.folder = -1; /* kept; its lock is not */
    rit_claim_release(&claim);
    return &fence;
}

/** cmocka set-up and tear-down: *state is the path of a fresh folder. */
static inline int example_enter(void **state)
{
    static char run[512];
    example_folder(NULL, run, sizeof run);
    *state = run;
    return 0;
}

static inline int example_leave(void **state)
{
    example_remove(*state);
    return 0;
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, example_enter, example_leave)

/** A file with these bytes, quickly: without the syncs of rit_file_replace, and as a new file, since ext4
 * writes one that was cut to nothing through to the disk. */
static inline void example_write(const char *path, const void *data, size_t size)
{
    remove(path);
    FILE *file = fopen(path, "wb");
    RIT_CHECK(file != NULL && fwrite(data, 1, size, file) == size && fclose(file) == 0);
}

/** RUN/phase-diagram.h5 must be absent or whole. */
static inline void example_check_dataset(const char *run)
{
    char path[600];
    snprintf(path, sizeof path, "%s/phase-diagram.h5", run);
    struct rit_dataset dataset;
    if (access(path, F_OK) != 0)
        return;
    RIT_CHECK(rit_dataset_read(path, &dataset, NULL) == RIT_OK);
    rit_dataset_release(&dataset);
}

/** Point `number`: an NLL curve, its grid and learning times at two thresholds, one of them censored. */
static inline struct rit_result example_result(uint64_t number)
{
    struct rit_result r = {.identity = example_identity(number)};
    char text[64];
    snprintf(text, sizeof text, "seed: %llu\nmodel.width: %llu\n", (unsigned long long)number,
             (unsigned long long)(number % 7 + 1));
    r.point = strdup(text);
    RIT_CHECK(r.point != NULL);
    r.provenance =
        (struct rit_provenance){.host = "node1", .program = "0.1.0", .kernel = "plain", .seconds = 1.5};

    struct rit_outcome *o = &r.outcome;
    o->end = number % 3 == 0 ? RIT_END_CENSORED : RIT_END_LEARNED;
    o->steps = 10 * number;
    o->tau = 0.1 * (double)o->steps;
    size_t grid = 6 + number % 5, thresholds = 2;
    const char *grid_dim = "grid_tau", *threshold_dim = "threshold";
    struct rit_variable *tau =
        rit_outcome_add(o, "grid_tau", "tau", "measurement times", 1, &grid_dim, &grid);
    struct rit_variable *nll = rit_outcome_add(o, "nll", "bit", "training NLL", 1, &grid_dim, &grid);
    struct rit_variable *eps =
        rit_outcome_add(o, "threshold", "bit", "thresholds", 1, &threshold_dim, &thresholds);
    struct rit_variable *learned = rit_outcome_add(o, "learning_time", "tau", "first tau below the threshold",
                                                   1, &threshold_dim, &thresholds);
    struct rit_random random = rit_random_open(number, RIT_FOR_TEST, 0, 0);
    for (size_t k = 0; k < grid; k++) {
        tau->data[k] = k == 0 ? 0.0 : 0.01 * (double)(1 << k);
        nll->data[k] = 0.37 * rit_random_uniform(&random);
    }
    eps->data[0] = 0.1;
    eps->data[1] = 0.05;
    learned->data[0] = o->tau * rit_random_uniform(&random);
    return r;
}

/** Whether the results hold point `number` as example_result makes it. */
static inline bool example_is_held(const struct rit_results *results, uint64_t number)
{
    struct rit_result want = example_result(number), found;
    const struct rit_stored *stored = rit_results_find(results, &want.identity);
    bool held = stored && rit_results_get(results, stored, &found, NULL) == RIT_OK;
    if (held) {
        struct rit_hash a = rit_result_content(&want), b = rit_result_content(&found);
        held = rit_hash_equal(&a, &b) && strcmp(found.point, want.point) == 0 &&
               strcmp(found.provenance.host, want.provenance.host) == 0 &&
               found.provenance.seconds == want.provenance.seconds && stored->tau == want.outcome.tau;
        rit_result_release(&found);
    }
    rit_result_release(&want);
    return held;
}

#endif
