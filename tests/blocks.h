/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Blocks of random rows for the tests, of any ports. */
#ifndef RITARDANDO_TESTS_BLOCKS_H
#define RITARDANDO_TESTS_BLOCKS_H

#include <ritardando/task.h>

#include "base/random.h"

#include <stdlib.h>

enum { RIT_TEST_SEQUENCES = 4, RIT_TEST_PAIRS = 9 + 6 + 1 + 11 };

/* Rows of a third of all bits, or of Gaussian numbers; every other row of bits has a word of none. */
static inline struct rit_rows rit_test_rows(struct rit_port port, int n, uint64_t seed)
{
    struct rit_random random = rit_random_open(seed, RIT_FOR_TEST, (uint64_t)port.kind, (uint64_t)port.width);
    struct rit_rows rows = {.port = port};
    if (port.kind == RIT_ROW_BITS) {
        int words = rit_port_words(port);
        uint64_t *bits = calloc((size_t)(n * words), sizeof *bits);
        for (int r = 0; r < n; r++)
            for (int i = r % 2 == 1 && words > 1 ? 64 : 0; i < port.width; i++)
                if (rit_random_below(&random, 3) == 0)
                    bits[r * words + i / 64] |= UINT64_C(1) << i % 64;
        rows.bits = bits;
    } else {
        float *real = calloc((size_t)(n * port.width), sizeof *real);
        for (int i = 0; i < n * port.width; i++)
            real[i] = (float)rit_random_gauss(&random);
        rows.real = real;
    }
    return rows;
}

/** Four sequences of uneven lengths; the caller frees the rows with rit_test_free_block. */
static inline struct rit_block rit_test_block(struct rit_port in, struct rit_port asked)
{
    static const int start[] = {0, 9, 15, 16, RIT_TEST_PAIRS};
    bool bits = in.kind == RIT_ROW_BITS;
    return (struct rit_block){.sequences = RIT_TEST_SEQUENCES,
                              .pairs = RIT_TEST_PAIRS,
                              .longest = 11,
                              .start = start,
                              .in = rit_test_rows(in, RIT_TEST_PAIRS, 1),
                              .asked = rit_test_rows(asked, RIT_TEST_PAIRS, 2),
                              .mean = bits ? 0.3 : 0.0,
                              .deviation = bits ? 0.45 : 1.0,
                              .target_mean = asked.kind == RIT_ROW_BITS ? -0.3 : 0.0};
}

static inline void rit_test_free_block(struct rit_block *block)
{
    free((void *)(uintptr_t)block->in.bits);
    free((void *)(uintptr_t)block->in.real);
    free((void *)(uintptr_t)block->asked.bits);
    free((void *)(uintptr_t)block->asked.real);
}

#endif
