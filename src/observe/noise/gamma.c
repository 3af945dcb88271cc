/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/noise/gamma.h"

#include "kernel/kernels.h"

#include <math.h>
#include <string.h>

/* f = (N-B)/(B(N-1)): the share of V in |g_B|^2. */
static double share(double examples, double batch)
{
    return batch == examples ? 0.0 : (examples - batch) / (batch * (examples - 1.0));
}

static double variance(double second, double square, double f)
{
    return f < 1.0 ? (second - square) / (1.0 - f) : NAN;
}

void rit_gamma_of(const struct rit_classes *classes, const struct rit_layout *layout,
                  const struct rit_block *block, const struct rit_moment *now, struct rit_gamma *gamma)
{
    const struct rit_batch *batch = now->batch;
    double pair[RIT_MAX_BLOCKS], sequence[RIT_MAX_BLOCKS]; /* V per weight block */
    double sequences = batch->kind == RIT_SEQUENCES ? batch->n : block->sequences;
    double pairs =
        batch->kind == RIT_TIME_POINTS ? batch->n : sequences * (double)block->pairs / block->sequences;
    double f = share(block->sequences, sequences);
    for (int i = 0; i < layout->blocks; i++) {
        const struct rit_weights *w = &layout->block[i];
        double square = rit_kernels()->sum_squares((size_t)w->rows * (size_t)w->cols, now->g + w->offset);
        double second = now->sweep->second_pair[i];
        sequence[i] = variance(now->sweep->second_sequence[i], square, f);
        if (batch->kind == RIT_TIME_POINTS)
            pair[i] = variance(second, square, share(block->pairs, batch->n));
        else
            pair[i] = second - (f > 0.0 ? square - f * sequence[i] : square);
    }
    rit_classes_mean(classes, pair, gamma->pair);
    rit_classes_mean(classes, sequence, gamma->sequence);
    for (int c = 0; c < classes->n; c++) {
        gamma->pair[c] /= pairs;
        gamma->sequence[c] /= sequences;
    }
}

static enum rit_status check_size(const struct rit_point *point, const char *key, const char *who,
                                  struct rit_error *err)
{
    if (rit_point_int(point, key) >= 2)
        return RIT_OK;
    return rit_fail(err, RIT_BAD_INPUT,
                    "%s: %s measures the variance over the examples of a batch; it needs at least 2", key,
                    who);
}

enum rit_status rit_gamma_check(const struct rit_point *point, const char *who, struct rit_error *err)
{
    if (strcmp(rit_point_name(point, "batch.kind"), "full") == 0)
        return RIT_OK;
    RIT_TRY(check_size(point, "batch.size", who, err));
    return rit_point_bool(point, "stage2.enabled") ? check_size(point, "stage2.batch-size", who, err)
                                                   : RIT_OK;
}
