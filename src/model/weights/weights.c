/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/weights/weights.h"

#include "base/exact.h"

#include <stdio.h>

int rit_weights_add(struct rit_layout *layout, const char *letter, int number, int rows, int cols)
{
    RIT_CHECK(layout->blocks < RIT_MAX_BLOCKS && 0 <= number && number <= RIT_MAX_DEPTH);
    int at = layout->blocks++;
    struct rit_weights *block = &layout->block[at];
    *block = (struct rit_weights){.rows = rows, .cols = cols, .offset = layout->size, .in_all = true};
    if (number > 0)
        snprintf(block->name, sizeof block->name, "%s%d", letter, number);
    else
        snprintf(block->name, sizeof block->name, "%s", letter);
    layout->size += (size_t)rows * (size_t)cols;
    return at;
}

struct rit_random rit_weights_random(const struct rit_point *point, int index)
{
    return rit_random_open(rit_random_seed(point), RIT_FOR_WEIGHTS, (uint64_t)index, 0);
}

void rit_weights_gauss(struct rit_random *random, size_t n, double deviation, double *w)
{
    for (size_t i = 0; i < n; i++)
        w[i] = deviation * rit_random_gauss(random);
}

void rit_weights_start_output(const struct rit_weights *h, const struct rit_block *data, double *w)
{
    for (int i = 0; i < h->rows; i++)
        w[h->offset + (size_t)i] = data->asked.bits ? rit_atanh(data->target_mean) : data->target_mean;
}

void rit_weights_scale(const struct rit_layout *layout, const double *factor, const double *from, double *to)
{
    for (int b = 0; b < layout->blocks; b++) {
        const struct rit_weights *block = &layout->block[b];
        for (size_t i = 0; i < (size_t)block->rows * (size_t)block->cols; i++)
            to[block->offset + i] = factor[b] * from[block->offset + i];
    }
}

void rit_weights_scale_pass(const struct rit_layout *layout, const double *factor, double *g,
                            struct rit_pass *sweep)
{
    rit_weights_scale(layout, factor, g, g);
    for (int b = 0; b < layout->blocks; b++) {
        sweep->second_pair[b] *= factor[b] * factor[b];
        sweep->second_sequence[b] *= factor[b] * factor[b];
    }
}

double rit_weights_price(const struct rit_point *point, const struct rit_layout *layout)
{
    (void)point;
    return 6.0 * (double)layout->size;
}
