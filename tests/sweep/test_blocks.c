/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many blocks of one corpus: each equals the one that is loaded for itself, and stays where it is. */
#include "config/config.h"
#include "sweep/blocks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static void set(struct rit_point *point, int seed, int first, int chorales)
{
    char text[32];
    snprintf(text, sizeof text, "%d", seed);
    rit_point_set(point, "data.composer-seed", text);
    snprintf(text, sizeof text, "%d", first);
    rit_point_set(point, "data.first", text);
    snprintf(text, sizeof text, "%d", chorales);
    rit_point_set(point, "data.chorales", text);
}

static void test_blocks_are_those_that_are_loaded_alone(void **state)
{
    (void)state;
    enum { FIRSTS = 10, MOST = 4 };
    static struct rit_point point;
    static const struct rit_known_block *seen[2][FIRSTS][MOST];
    struct rit_blocks blocks = {0};
    rit_point_init(&point, rit_registry());
    rit_point_set(&point, "data.source", "composer");
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 2 * FIRSTS * MOST; i++) {
            int seed = i % 2, first = i / 2 % FIRSTS, chorales = i / 2 / FIRSTS;
            const struct rit_known_block *known;
            struct rit_block alone;
            set(&point, seed, first, chorales + 1);
            assert_int_equal(rit_blocks_get(&blocks, &point, &known, NULL), RIT_OK);
            assert_true(round == 0 || known == seen[seed][first][chorales]);
            seen[seed][first][chorales] = known;
            if (round == 1 || i % 7 != 0)
                continue;
            assert_int_equal(rit_block_load(&point, &alone, NULL), RIT_OK);
            struct rit_hash digest = rit_block_digest(&alone);
            assert_true(rit_hash_equal(&digest, &known->digest));
            assert_true(alone.mean == known->block.mean && alone.pairs == known->block.pairs);
            rit_block_release(&alone);
        }
    }
    assert_int_equal(blocks.count, 2 * FIRSTS * MOST);
    assert_int_equal(blocks.corpora, 2); /* and neither was loaded for a block of its own */
    rit_blocks_release(&blocks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_blocks_are_those_that_are_loaded_alone)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
