/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RITARDANDO_BASE_EVENLY_H
#define RITARDANDO_BASE_EVENLY_H

#include <stdint.h>

/** Place i of n that are spread evenly over `of` >= n. */
static inline int rit_evenly(int i, int n, int of)
{
    return (int)((2 * (int64_t)i + 1) * of / (2 * (int64_t)n));
}

#endif
