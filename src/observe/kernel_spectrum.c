/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All eigenvalues of the tangent kernel Theta of infinite width over the T pairs of the training block: how
 * fast each of its functions is learned. From RIT_WIDE_TOGETHER pairs on a sweep of several ranks has had
 * them found by all of them together (sweep/gathering.h), by a library, and what is told is marked so whoever
 * found it; else our own eigensolver finds them here, the same bits everywhere.
 */
#include <ritardando/limit.h>
#include <ritardando/observe.h>
#include <ritardando/wide.h>

#include "base/arena.h"
#include "kernel/gram.h"
#include "observe/tangent/spectrum.h"

#include <string.h>

static const struct rit_param params[] = {
    {.key = "observe.kernel-spectrum",
     .kind = RIT_BOOL,
     .fallback = "false",
     .unit = "1",
     .needs = "limit.name: tangent",
     .meaning =
         "find all eigenvalues of the tangent kernel of infinite width at all pairs of the block; of a large "
         "one all ranks together, when everything else is done"},
};

struct kernel_spectrum {
    const struct rit_scene *scene;
    int n, ld;
    struct rit_gram gram;
    double *theta;        /* [n][ld], of which the lower triangle is filled */
    double *value, *rest; /* [n] */
};

static void *open_kernel(const struct rit_scene *scene, struct rit_arena *state, struct rit_arena *work)
{
    (void)state;
    const struct rit_block *block = scene->block;
    struct rit_wide wide;
    RIT_CHECK(rit_model_of(scene->point)->wide(scene->point, block->in.port, &wide, NULL) == RIT_OK);
    struct kernel_spectrum *self = RIT_TAKE(work, 1, struct kernel_spectrum);
    struct kernel_spectrum local = {.scene = scene, .n = block->pairs, .ld = rit_ld(block->pairs)};
    local.gram = rit_gram_open(&wide, block, block, work);
    local.theta = RIT_TAKE(work, (size_t)local.n * (size_t)local.ld, double);
    local.value = RIT_TAKE(work, (size_t)local.n, double);
    local.rest = RIT_TAKE(work, (size_t)local.n, double);
    if (self)
        *self = local;
    return self;
}

/* Strips of whole sequences, up to the diagonal: every entry is made once. */
static void fill(struct kernel_spectrum *self)
{
    const struct rit_block *block = self->scene->block;
    for (int p = 0; p < block->sequences; p++) {
        int from = block->start[p], to = block->start[p + 1];
        rit_gram_tile(&self->gram, from, to - from, 0, to, NULL,
                      self->theta + (size_t)from * (size_t)self->ld, self->ld);
    }
}

static void find(struct kernel_spectrum *self, double *value)
{
    fill(self);
    if (rit_eigenvalues(self->n, self->theta, self->ld, self->value, self->rest))
        memcpy(value, self->value, sizeof *value * (size_t)self->n);
}

static void finish(void *handle, const struct rit_moment *now, struct rit_outcome *outcome)
{
    (void)now;
    struct kernel_spectrum *self = handle;
    const double *given = self->scene->kernel_spectrum;
    const char *const mode = "kernel_mode";
    size_t n = (size_t)self->n;
    struct rit_variable *number =
        rit_outcome_add(outcome, mode, "1", "number of an eigenvalue, from the largest", 1, &mode, &n);
    for (size_t i = 0; i < n; i++)
        number->data[i] = (double)i + 1.0;
    struct rit_variable *value = rit_outcome_add(
        outcome, "kernel_eigenvalue", "1/w^2",
        "eigenvalues of the tangent kernel of infinite width at all pairs of the block", 1, &mode, &n);
    value->library = self->n >= RIT_WIDE_TOGETHER;
    if (given)
        memcpy(value->data, given, sizeof *given * n);
    else
        find(self, value->data);
}

/* 4/3 T^3 operations, which wait for memory, beside the 4 T^2 of a pass and unit. */
static double sweeps(const struct rit_scene *scene)
{
    return 2.0 * scene->block->pairs / scene->block->asked.port.width;
}

/* It is found anew at every end. */
static bool extends(const struct rit_point *had, const struct rit_outcome *end,
                    const struct rit_point *wanted, double *satisfied, char *why, size_t size)
{
    (void)had, (void)end, (void)wanted, (void)why, (void)size;
    *satisfied = 0.0;
    return true;
}

const struct rit_observable rit_observable_kernel_spectrum = {
    .member = {.name = "kernel-spectrum",
               .meaning = "all eigenvalues of the tangent kernel of infinite width",
               RIT_PARAMS(params)},
    .open = open_kernel,
    .sweeps = sweeps,
    .extends = extends,
    .finish = finish,
};
