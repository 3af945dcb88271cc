/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/random.h"

static const struct rit_param params[] = {
    {.key = "seed",
     .kind = RIT_INT,
     .fallback = "1",
     .low = 0,
     .high = 0x1p53 - 1,
     .unit = "1",
     .meaning = "key of every random number of the run: weights and batches"},
};
const struct rit_param_table rit_seed_params = RIT_PARAM_TABLE(params);

uint64_t rit_random_seed(const struct rit_point *point)
{
    return (uint64_t)rit_point_int(point, "seed");
}
