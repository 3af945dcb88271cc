/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks: pairs, standardisation, digest; and the known numbers of the real chorales. */
#include <ritardando/task.h>

#include "base/exact.h"
#include "base/hash.h"
#include "source/chorale/slots.h"
#include "testing.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct rit_corpus small(void)
{
    struct rit_corpus corpus = {.port = RIT_CHORD_PORT};
    rit_corpus_append(&corpus, (const uint64_t[]){1, 2, 3}, NULL, 3);
    rit_corpus_append(&corpus, (const uint64_t[]){4, 7}, NULL, 2);
    rit_corpus_append(&corpus, (const uint64_t[]){0, 0, 8, 1ull << 53}, NULL, 4);
    rit_corpus_append(&corpus, (const uint64_t[]){0, 0}, NULL, 2);
    rit_corpus_append(&corpus, (const uint64_t[]){5}, NULL, 1);
    return corpus;
}

static void test_cut(void **state)
{
    (void)state;
    struct rit_corpus corpus = small();
    struct rit_block block;
    struct rit_error err;
    assert_int_equal(rit_test_cut(&corpus, 1, 2, &block, &err), RIT_OK);
    rit_corpus_release(&corpus);
    assert_int_equal(block.sequences, 2);
    assert_int_equal(block.pairs, 4);
    assert_int_equal(block.longest, 3);
    assert_memory_equal(block.start, ((const int[]){0, 1, 4}), 3 * sizeof(int));
    assert_memory_equal(block.in.bits, ((const uint64_t[]){4, 0, 0, 8}), 4 * sizeof(uint64_t));
    assert_memory_equal(block.asked.bits, ((const uint64_t[]){7, 0, 8, 1ull << 53}), 4 * sizeof(uint64_t));
    double mean = 6.0 / (6 * 54); /* the six chords 4, 7, 0, 0, 8, 2^53 */
    assert_true(block.mean == mean);
    assert_true(fabs(block.deviation - sqrt(mean - mean * mean)) < 1e-16);
    assert_true(fabs(block.target_mean - (2.0 * 5.0 / (4 * 54) - 1.0)) < 1e-16);
    rit_block_release(&block);
    assert_null(block.memory);
}

static void test_refused(void **state)
{
    (void)state;
    struct rit_corpus corpus = small();
    struct rit_block block;
    struct rit_error err;
    assert_int_equal(rit_test_cut(&corpus, 3, 3, &block, &err), RIT_BAD_INPUT);
    assert_string_equal(err.text, "chorales 3 .. 5 are asked for, but there are only 5");
    assert_int_equal(rit_test_cut(&corpus, 0, 5, &block, &err), RIT_BAD_INPUT);
    assert_string_equal(err.text, "chorale 4 has 1 of the 2 steps that the task of task.name needs");
    assert_int_equal(rit_test_cut(&corpus, 3, 1, &block, &err), RIT_BAD_INPUT);
    assert_string_equal(err.text, "chorales 3 .. 3 teach nothing: every target is the same");
    assert_null(block.memory);
    rit_corpus_release(&corpus);
}

/* The digest sees contents and where chorales end, nothing else. */
static void test_digest(void **state)
{
    (void)state;
    struct rit_corpus corpus = small(), other = {.port = RIT_CHORD_PORT}, joined = {.port = RIT_CHORD_PORT};
    rit_corpus_append(&other, (const uint64_t[]){9, 9}, NULL, 2);
    rit_corpus_append(&other, (const uint64_t[]){1, 2, 3}, NULL, 3);
    rit_corpus_append(&other, (const uint64_t[]){4, 7}, NULL, 2);
    rit_corpus_append(&joined, (const uint64_t[]){1, 2, 3, 4, 7}, NULL, 5);
    struct rit_block a, b, c, d;
    assert_int_equal(rit_test_cut(&corpus, 0, 2, &a, NULL), RIT_OK);
    assert_int_equal(rit_test_cut(&other, 1, 2, &b, NULL), RIT_OK);
    assert_int_equal(rit_test_cut(&joined, 0, 1, &c, NULL), RIT_OK);
    other.bits[6] ^= 2;
    assert_int_equal(rit_test_cut(&other, 1, 2, &d, NULL), RIT_OK);
    struct rit_hash ha = rit_block_digest(&a), hb = rit_block_digest(&b), hc = rit_block_digest(&c),
                    hd = rit_block_digest(&d);
    assert_true(rit_hash_equal(&ha, &hb));
    assert_false(rit_hash_equal(&ha, &hc));
    assert_false(rit_hash_equal(&ha, &hd));
    /* sha256 of the 64-bit little-endian numbers 2, 3, 1, 2, 3, 2, 4, 7 */
    char hex[RIT_HASH_HEX];
    rit_hash_hex(&ha, 64, hex);
    assert_string_equal(hex, "38545e440a466327c6239fadd004772165cc30f866c6171b9cd7f3e07955c23e");
    rit_block_release(&a);
    rit_block_release(&b);
    rit_block_release(&c);
    rit_block_release(&d);
    rit_corpus_release(&corpus);
    rit_corpus_release(&other);
    rit_corpus_release(&joined);
}

static struct rit_block real_block(int first, int count)
{
    struct rit_point point;
    char text[16];
    rit_point_init(&point, rit_registry());
    rit_point_set(&point, "data.source", "chorales");
    snprintf(text, sizeof text, "%d", first);
    rit_point_set(&point, "data.first", text);
    snprintf(text, sizeof text, "%d", count);
    rit_point_set(&point, "data.chorales", text);
    struct rit_block block;
    struct rit_error err = {.status = RIT_OK};
    if (rit_block_load(&point, &block, &err) != RIT_OK)
        fail_msg("%s", err.text);
    return block;
}

/* Bits per unit and step of a constant rate p. */
static double entropy(double p)
{
    return p <= 0.0 || p >= 1.0 ? 0.0 : -(p * rit_log(p) + (1.0 - p) * rit_log(1.0 - p)) / rit_log(2.0);
}

static void test_real_chorales(void **state)
{
    (void)state;
    if (!getenv("RITARDANDO_DATA")) {
        print_message("RITARDANDO_DATA is not set: no real chorales to test with\n");
        skip();
    }
    struct rit_block block = real_block(100, 80);
    assert_int_equal(block.pairs, 4973);
    /* NLL of the initial network, whose output field is artanh of the mean target */
    double h = rit_atanh(block.target_mean);
    double nll = (rit_log1p(rit_exp(-2.0 * h)) * (1.0 + block.target_mean) +
                  rit_log1p(rit_exp(2.0 * h)) * (1.0 - block.target_mean)) /
                 (2.0 * rit_log(2.0));
    assert_true(fabs(nll - 0.37469) < 5e-6);
    assert_true(fabs(block.mean - 0.0723553) < 5e-8);
    assert_true(fabs(block.deviation - 0.2590750) < 5e-7);
    rit_block_release(&block);

    block = real_block(100, 5);
    assert_int_equal(block.pairs, 302);
    rit_block_release(&block);

    block = real_block(0, 229); /* all of train */
    assert_int_equal(block.pairs, 13807 - 229);
    assert_true(fabs(block.mean - 0.0722) < 5e-5);
    assert_true(fabs(entropy((1.0 + block.target_mean) / 2.0) - 0.374) < 5e-4);
    rit_block_release(&block);

    block = real_block(0, 382);
    assert_int_equal(block.pairs, 13807 + 4602 + 4725 - 382);
    rit_block_release(&block);
    block = real_block(229, 76); /* valid follows train */
    assert_int_equal(block.pairs, 4602 - 76);
    rit_block_release(&block);
    block = real_block(305, 77);
    assert_int_equal(block.pairs, 4725 - 77);
    rit_block_release(&block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_digest),
        cmocka_unit_test(test_real_chorales),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
