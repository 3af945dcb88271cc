/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/kin.h"

#include <ritardando/status.h>

#include "base/hash.h"
#include "base/pack.h"

#include <stdlib.h>
#include <string.h>

static struct rit_hash hash_of_trajectory(const struct rit_point *point)
{
    struct rit_buffer text = {0};
    rit_point_print_identity(point, RIT_TRAJECTORY, &text);
    struct rit_hash hash = rit_hash_of(text.data, text.size);
    rit_buffer_release(&text);
    return hash;
}

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct rit_hash));
}

/* Of all points of the plan, ascending. */
static struct rit_hash *hashes_of(const struct rit_config *config)
{
    int n = rit_plan_count(config);
    struct rit_hash *hash = malloc(((size_t)n + 1) * sizeof *hash);
    RIT_CHECK(hash != NULL);
    for (int i = 0; i < n; i++) {
        struct rit_point point;
        rit_plan_point(config, i, &point);
        hash[i] = hash_of_trajectory(&point);
    }
    qsort(hash, (size_t)n, sizeof *hash, by_bytes);
    return hash;
}

bool rit_configs_are_kin(const struct rit_config *a, const struct rit_config *b)
{
    struct rit_hash *x = hashes_of(a), *y = hashes_of(b);
    int n = rit_plan_count(a), m = rit_plan_count(b);
    bool kin = false;
    for (int i = 0, j = 0; i < n && j < m && !kin;) {
        int order = by_bytes(&x[i], &y[j]);
        kin = order == 0;
        i += order < 0;
        j += order > 0;
    }
    free(x);
    free(y);
    return kin;
}
