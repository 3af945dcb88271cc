/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ritardando/criterion.h>
#include <ritardando/status.h>

#include <stddef.h>
#include <string.h>

static float *row_of(const struct rit_keep *keep, int pair)
{
    return keep->y + (size_t)pair * (size_t)keep->width;
}

static double rows_f32(const void *self, int pair, int rows, const float *y, float *delta, int stride)
{
    const struct rit_keep *keep = self;
    RIT_CHECK(!delta);
    for (int r = 0; r < rows; r++)
        memcpy(row_of(keep, pair + r), y + (size_t)r * (size_t)stride, sizeof *y * (size_t)keep->width);
    return 0.0;
}

static double rows_f64(const void *self, int pair, int rows, const double *y, double *delta, int stride)
{
    const struct rit_keep *keep = self;
    RIT_CHECK(!delta);
    for (int r = 0; r < rows; r++)
        for (int i = 0; i < keep->width; i++)
            row_of(keep, pair + r)[i] = (float)y[(size_t)r * (size_t)stride + (size_t)i];
    return 0.0;
}

struct rit_criterion rit_keeping(const struct rit_keep *keep)
{
    return (struct rit_criterion){keep, rows_f32, rows_f64};
}
