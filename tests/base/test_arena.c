/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "testing.h"

#include "base/arena.h"
#include "dies.h"

#include <stdlib.h>
#include <string.h>

struct thing {
    double *weights;
    char *mark;
    int *index;
};

static struct thing lay_out(struct rit_arena *arena, size_t n)
{
    return (struct thing){.weights = RIT_TAKE(arena, n, double),
                          .mark = RIT_TAKE(arena, 3, char),
                          .index = RIT_TAKE(arena, n, int)};
}

/* What a measuring arena counts is what a real one hands out. */
static void test_measure_then_place(void **state)
{
    (void)state;
    for (size_t n = 0; n < 200; n += 13) {
        struct rit_arena measure = {0};
        struct thing nothing = lay_out(&measure, n);
        assert_null(nothing.weights);
        assert_null(nothing.index);

        struct rit_arena arena = rit_arena_new(measure.used);
        assert_non_null(arena.base);
        struct thing thing = lay_out(&arena, n);
        assert_int_equal(arena.used, measure.used);
        assert_int_equal(arena.used, arena.size);
        assert_int_equal((uintptr_t)thing.weights % RIT_ALIGN, 0);
        assert_int_equal((uintptr_t)thing.mark % RIT_ALIGN, 0);
        assert_int_equal((uintptr_t)thing.index % RIT_ALIGN, 0);
        for (size_t i = 0; i < n; i++) {
            assert_true(thing.weights[i] == 0.0 && thing.index[i] == 0);
            thing.weights[i] = -1.0; /* would reach into a neighbour that overlaps */
        }
        for (size_t i = 0; i < n; i++)
            assert_int_equal(thing.index[i], 0);
        assert_true(thing.mark[0] == 0 && thing.mark[2] == 0);
        free(arena.base);
    }
}

static void take_too_much(void)
{
    struct rit_arena arena = rit_arena_new(128);
    rit_arena_take(&arena, 129, 1);
}

static void take_more_than_there_is(void)
{
    struct rit_arena arena = {0};
    rit_arena_take(&arena, SIZE_MAX / 4, 8);
}

static void test_overflow_is_a_bug(void **state)
{
    (void)state;
    assert_true(rit_test_dies(take_too_much));
    assert_true(rit_test_dies(take_more_than_there_is));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_measure_then_place),
        cmocka_unit_test(test_overflow_is_a_bug),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
