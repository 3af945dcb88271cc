/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The generator's known answers, and that what is drawn with it has the law it should. All seeds are fixed:
 * a bound that holds once holds always. */
#include "testing.h"

#include "base/random.h"

#include <string.h>

/* Random123's tests/kat_vectors, philox4x64 with 10 rounds: counter, key, result. */
static void test_known_answers(void **state)
{
    (void)state;
    static const uint64_t known[][10] = {
        {0, 0, 0, 0, 0, 0, 0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b, 0x7e68b68aec7ba23b},
        {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, 0x87b092c3013fe90b,
         0x438c3c67be8d0224, 0x9cc7d7c69cd777b6, 0xa09caebf594f0ba0},
        {0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89, 0x452821e638d01377,
         0xbe5466cf34e90c6c, 0xa528f45403e61d95, 0x38c72dbd566e9788, 0xa5a1610e72fd18b5, 0x57bd43b5e52b7fe6}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct rit_random r = {.used = 4};
        memcpy(r.counter, known[i], sizeof r.counter);
        memcpy(r.key, known[i] + 4, sizeof r.key);
        for (int k = 0; k < 4; k++)
            assert_true(rit_random_bits(&r) == known[i][6 + k]);
    }
    /* And the way from a stream's name to its counter, which every result rests on. */
    struct rit_random a = rit_random_open(11, RIT_FOR_BATCH, 22, 33);
    struct rit_random b = {.key = {11, 2}, .counter = {0, 22, 33, 0}, .used = 4};
    for (int k = 0; k < 9; k++)
        assert_true(rit_random_bits(&a) == rit_random_bits(&b));
}

/* Streams that differ in any part of their name share no number and are not correlated. */
static void test_streams_are_independent(void **state)
{
    (void)state;
    enum { STREAMS = 5, DRAWS = 4000 };
    struct rit_random r[STREAMS] = {
        rit_random_open(1, RIT_FOR_WEIGHTS, 1, 1), rit_random_open(2, RIT_FOR_WEIGHTS, 1, 1),
        rit_random_open(1, RIT_FOR_BATCH, 1, 1), rit_random_open(1, RIT_FOR_WEIGHTS, 2, 1),
        rit_random_open(1, RIT_FOR_WEIGHTS, 1, 2)};
    static double x[STREAMS][DRAWS];
    for (int s = 0; s < STREAMS; s++)
        for (int i = 0; i < DRAWS; i++)
            x[s][i] = rit_random_uniform(&r[s]) - 0.5;
    for (int s = 0; s < STREAMS; s++) {
        for (int t = 0; t < s; t++) {
            double correlation = 0.0;
            for (int i = 0; i < DRAWS; i++) {
                assert_true(x[s][i] != x[t][i]);
                correlation += 12.0 * x[s][i] * x[t][i];
            }
            rit_assert_near(correlation / sqrt(DRAWS), 0.0, 3.5); /* standard normal */
        }
    }
}

static void test_uniform(void **state)
{
    (void)state;
    enum { CELLS = 64, DRAWS = 64 * 1000 };
    int count[CELLS] = {0};
    struct rit_random r = rit_random_open(3, RIT_FOR_TEST, 0, 0);
    for (int i = 0; i < DRAWS; i++) {
        double u = rit_random_uniform(&r);
        assert_true(0.0 <= u && u < 1.0);
        count[(int)(u * CELLS)]++;
    }
    double chi2 = 0.0;
    for (int i = 0; i < CELLS; i++)
        chi2 += (count[i] - 1000.0) * (count[i] - 1000.0) / 1000.0;
    rit_assert_near(chi2, 63.0, 3.5 * sqrt(2.0 * 63.0));
}

static void test_below(void **state)
{
    (void)state;
    struct rit_random r = rit_random_open(4, RIT_FOR_TEST, 0, 0);
    int count[7] = {0};
    for (int i = 0; i < 70000; i++)
        count[rit_random_below(&r, 7)]++;
    double chi2 = 0.0;
    for (int i = 0; i < 7; i++)
        chi2 += (count[i] - 1e4) * (count[i] - 1e4) / 1e4;
    rit_assert_near(chi2, 6.0, 3.5 * sqrt(12.0));
    assert_int_equal(rit_random_below(&r, 1), 0);
    /* 3 * 2^62: a plain remainder would make the lower third twice as likely as the others. */
    int low = 0;
    for (int i = 0; i < 30000; i++)
        low += rit_random_below(&r, 3ull << 62) < 1ull << 62;
    rit_assert_near(low, 10000.0, 3.5 * sqrt(30000.0 * 2 / 9));
}

static void test_gauss(void **state)
{
    (void)state;
    enum { DRAWS = 200000 };
    double sum[5] = {0};
    struct rit_random r = rit_random_open(5, RIT_FOR_TEST, 0, 0);
    for (int i = 0; i < DRAWS; i++) {
        double x = rit_random_gauss(&r), power = 1.0;
        for (int k = 1; k < 5; k++)
            sum[k] += power *= x;
    }
    rit_assert_near(sum[1] / sqrt(DRAWS), 0.0, 3.5);
    rit_assert_near((sum[2] - DRAWS) / sqrt(2.0 * DRAWS), 0.0, 3.5);
    rit_assert_near(sum[3] / sqrt(15.0 * DRAWS), 0.0, 3.5);
    rit_assert_near((sum[4] - 3.0 * DRAWS) / sqrt(96.0 * DRAWS), 0.0, 3.5);
}

/* All 4! orders, each as often. */
static void test_permutation(void **state)
{
    (void)state;
    int count[256] = {0}, orders = 0;
    double chi2 = 0.0;
    for (uint64_t i = 0; i < 24000; i++) {
        struct rit_random r = rit_random_open(6, RIT_FOR_TEST, i, 0);
        int p[4];
        rit_random_permutation(&r, 4, p);
        assert_int_equal(1 << p[0] | 1 << p[1] | 1 << p[2] | 1 << p[3], 15);
        count[p[0] | p[1] << 2 | p[2] << 4 | p[3] << 6]++;
    }
    for (int i = 0; i < 256; i++) {
        orders += count[i] > 0;
        if (count[i] > 0)
            chi2 += (count[i] - 1000.0) * (count[i] - 1000.0) / 1000.0;
    }
    assert_int_equal(orders, 24);
    rit_assert_near(chi2, 23.0, 3.5 * sqrt(46.0));
}

/* All 20 subsets of 3 out of 6, ascending, each as often; and the work space is left clean. */
static void test_subset(void **state)
{
    (void)state;
    int count[64] = {0}, subsets = 0;
    double chi2 = 0.0;
    unsigned char mark[6] = {0};
    for (uint64_t i = 0; i < 20000; i++) {
        struct rit_random r = rit_random_open(7, RIT_FOR_TEST, i, 0);
        int s[3];
        rit_random_subset(&r, 6, 3, s, mark);
        assert_true(0 <= s[0] && s[0] < s[1] && s[1] < s[2] && s[2] < 6);
        count[1 << s[0] | 1 << s[1] | 1 << s[2]]++;
        for (int k = 0; k < 6; k++)
            assert_int_equal(mark[k], 0);
    }
    for (int i = 0; i < 64; i++) {
        subsets += count[i] > 0;
        if (count[i] > 0)
            chi2 += (count[i] - 1000.0) * (count[i] - 1000.0) / 1000.0;
    }
    assert_int_equal(subsets, 20);
    rit_assert_near(chi2, 19.0, 3.5 * sqrt(38.0));
}

static void test_subset_of_all_and_of_none(void **state)
{
    (void)state;
    struct rit_random r = rit_random_open(8, RIT_FOR_TEST, 0, 0);
    unsigned char mark[50] = {0};
    int s[50];
    rit_random_subset(&r, 50, 50, s, mark);
    for (int i = 0; i < 50; i++)
        assert_int_equal(s[i], i);
    rit_random_subset(&r, 50, 0, s, mark);
    rit_random_subset(&r, 0, 0, s, mark);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_answers), cmocka_unit_test(test_streams_are_independent),
        cmocka_unit_test(test_uniform),       cmocka_unit_test(test_below),
        cmocka_unit_test(test_gauss),         cmocka_unit_test(test_permutation),
        cmocka_unit_test(test_subset),        cmocka_unit_test(test_subset_of_all_and_of_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
