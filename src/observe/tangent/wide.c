/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/tangent/wide.h"

#include "base/arena.h"
#include "kernel/gram.h"

static bool wide_of(const struct rit_scene *scene, struct rit_wide *wide)
{
    const struct rit_model *model = rit_model_of(scene->point); /* not what its limit trains in place of it */
    struct rit_error err;
    return model->wide && model->wide(scene->point, scene->block->in.port, wide, &err) == RIT_OK;
}

bool rit_jacobian_has_limit(const struct rit_scene *scene)
{
    struct rit_wide wide;
    return wide_of(scene, &wide);
}

/* One row of Theta over the whole block costs its sequence once: it is found once for all units of a pair. */
static void fill(const struct rit_jacobian *j, struct rit_gram *gram, double *row, double *theta)
{
    for (int a = 0; a < j->rows; a += j->outputs) {
        rit_gram_tile(gram, rit_jacobian_pair(j, a), 1, 0, j->scene->block->pairs, NULL, row,
                      j->scene->block->pairs);
        for (int unit = 0; unit < j->outputs; unit++)
            for (int b = unit; b < j->rows; b += j->outputs)
                theta[(size_t)(a + unit) * (size_t)j->ld + (size_t)b] = row[rit_jacobian_pair(j, b)];
    }
}

double *rit_jacobian_limit(const struct rit_jacobian *jacobian, struct rit_arena *work)
{
    const struct rit_block *block = jacobian->scene->block;
    struct rit_wide wide;
    if (!wide_of(jacobian->scene, &wide))
        return NULL;
    double *theta = RIT_TAKE(work, (size_t)jacobian->rows * (size_t)jacobian->ld, double);
    double *row = RIT_TAKE(work, (size_t)block->pairs, double);
    struct rit_gram gram = rit_gram_open(&wide, block, block, work);
    if (!theta || !gram.converged)
        return NULL;
    fill(jacobian, &gram, row, theta);
    return theta;
}
