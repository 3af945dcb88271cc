/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train/rider.h"

#include <stddef.h>
#include <stdint.h>

/* A criterion's self is const to models, and this one is not. */
static struct rit_rider *rider_of(const void *self)
{
    return (struct rit_rider *)(uintptr_t)self;
}

static double rows_f32(const void *self, int pair, int rows, const float *y, float *delta, int stride)
{
    struct rit_rider *rider = rider_of(self);
    rider->sum += rider->measure.rows_f32(rider->measure.self, pair, rows, y, NULL, stride);
    return rider->cost.rows_f32(rider->cost.self, pair, rows, y, delta, stride);
}

static double rows_f64(const void *self, int pair, int rows, const double *y, double *delta, int stride)
{
    struct rit_rider *rider = rider_of(self);
    rider->sum += rider->measure.rows_f64(rider->measure.self, pair, rows, y, NULL, stride);
    return rider->cost.rows_f64(rider->cost.self, pair, rows, y, delta, stride);
}

struct rit_criterion rit_riding(struct rit_rider *rider)
{
    return (struct rit_criterion){rider, rows_f32, rows_f64};
}
