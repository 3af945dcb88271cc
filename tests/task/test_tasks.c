/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each task asks, on small corpora; and what every task keeps to. */
#include <ritardando/task.h>

#include "base/hash.h"
#include "testing.h"

#include <string.h>

static struct rit_corpus bits(void)
{
    struct rit_corpus corpus = {.port = {RIT_ROW_BITS, 70}, .label = {RIT_ROW_BITS, 2}};
    rit_corpus_append(&corpus, (const uint64_t[]){9, 1, 8, 0, 7, 2}, (const uint64_t[]){1, 0, 3}, 3);
    rit_corpus_append(&corpus, (const uint64_t[]){6, 0, 5, 3}, (const uint64_t[]){2, 2}, 2);
    return corpus;
}

static struct rit_corpus reals(void)
{
    struct rit_corpus corpus = {.port = {RIT_ROW_REALS, 2}};
    rit_corpus_append(&corpus, (const float[]){1, 10, 2, 10, 3, 10}, NULL, 3);
    rit_corpus_append(&corpus, (const float[]){4, 10, 5, 10}, NULL, 2);
    return corpus;
}

static struct rit_block cut(const struct rit_corpus *corpus, const char *task, const char *key,
                            const char *value)
{
    static struct rit_point point;
    struct rit_block block;
    struct rit_error err;
    rit_point_init(&point, rit_registry());
    rit_point_set(&point, "task.name", task);
    if (key)
        rit_point_set(&point, key, value);
    if (rit_task_of(&point)->cut(&point, corpus, "song", 0, corpus->sequences, &block, &err) != RIT_OK)
        fail_msg("%s: %s", task, err.text);
    return block;
}

static void rows_of_bits_go_in_and_are_asked(void **state)
{
    (void)state;
    struct rit_corpus corpus = bits();
    struct rit_block block = cut(&corpus, "next-step", NULL, NULL);
    assert_memory_equal(block.start, ((const int[]){0, 2, 3}), 3 * sizeof(int));
    assert_memory_equal(block.in.bits, ((const uint64_t[]){9, 1, 8, 0, 6, 0}), 6 * sizeof(uint64_t));
    assert_memory_equal(block.asked.bits, ((const uint64_t[]){8, 0, 7, 2, 5, 3}), 6 * sizeof(uint64_t));
    rit_assert_near(block.mean, 14.0 / (5 * 70), 1e-15);
    rit_block_release(&block);

    block = cut(&corpus, "recall", "task.delay", "2");
    assert_memory_equal(block.start, ((const int[]){0, 3, 5}), 3 * sizeof(int));
    assert_memory_equal(block.in.bits, corpus.bits, 10 * sizeof(uint64_t));
    assert_memory_equal(block.asked.bits, ((const uint64_t[]){9, 1, 9, 1, 9, 1, 6, 0, 6, 0}),
                        10 * sizeof(uint64_t));
    rit_block_release(&block);

    block = cut(&corpus, "classify", NULL, NULL);
    assert_memory_equal(block.in.bits, corpus.bits, 10 * sizeof(uint64_t));
    assert_memory_equal(block.asked.bits, ((const uint64_t[]){1, 0, 3, 2, 2}), 5 * sizeof(uint64_t));
    assert_int_equal(block.asked.port.width, 2);
    rit_block_release(&block);
    rit_corpus_release(&corpus);
}

/* Each channel by itself; one that does not move is zero. */
static void reals_are_standardised(void **state)
{
    (void)state;
    struct rit_corpus corpus = reals();
    struct rit_block block = cut(&corpus, "next-step", NULL, NULL);
    static const double in[] = {1, 2, 4}, asked[] = {2, 3, 5};
    for (int t = 0; t < 3; t++) {
        rit_assert_near((double)block.in.real[2 * t], (in[t] - 3.0) / sqrt(2.0), 1e-6);
        rit_assert_near((double)block.asked.real[2 * t], (asked[t] - 3.0) / sqrt(2.0), 1e-6);
        assert_true(block.in.real[2 * t + 1] == 0.0f && block.asked.real[2 * t + 1] == 0.0f);
    }
    assert_true(block.mean == 0.0 && block.deviation == 1.0);
    rit_block_release(&block);
    rit_corpus_release(&corpus);
}

/* A single perceptron as teacher gives opposite labels to opposite rows, and another teacher other labels. */
static void the_teacher_is_odd(void **state)
{
    (void)state;
    struct rit_corpus corpus = {.port = {RIT_ROW_REALS, 4}, .deviation = 1.0};
    for (int k = 0; k < 20; k++)
        rit_corpus_append(&corpus,
                          (const float[]){(float)(k % 3 - 1), (float)(k % 5 - 2), 1, -1, (float)(1 - k % 3),
                                          (float)(2 - k % 5), -1, 1},
                          NULL, 2);
    struct rit_block block = cut(&corpus, "teacher", "task.outputs", "3"),
                     other = cut(&corpus, "teacher", "task.teacher-seed", "2");
    int different = 0;
    for (int t = 0; t < block.pairs; t += 2) {
        assert_int_equal(block.asked.bits[t] ^ block.asked.bits[t + 1], 7);
        different += (block.asked.bits[t] & 1) != (other.asked.bits[t] & 1);
    }
    assert_true(different > 0);
    rit_block_release(&block);
    rit_block_release(&other);
    rit_corpus_release(&corpus);
}

/* The digest sees what goes in, what is asked, and the widths that came with the data. */
static void digests_differ(void **state)
{
    (void)state;
    struct rit_corpus corpus = bits(), told = bits(), wider = bits();
    told.told = wider.told = true;
    wider.port.width = 71;
    struct rit_block block[] = {
        cut(&corpus, "next-step", NULL, NULL),     cut(&corpus, "recall", "task.delay", "1"),
        cut(&corpus, "recall", "task.delay", "2"), cut(&corpus, "classify", NULL, NULL),
        cut(&told, "next-step", NULL, NULL),       cut(&wider, "next-step", NULL, NULL)};
    enum { BLOCKS = sizeof block / sizeof block[0] };
    for (int i = 0; i < BLOCKS; i++)
        for (int j = 0; j < i; j++) {
            struct rit_hash a = rit_block_digest(&block[i]), b = rit_block_digest(&block[j]);
            assert_false(rit_hash_equal(&a, &b));
        }
    for (int i = 0; i < BLOCKS; i++)
        rit_block_release(&block[i]);
    rit_corpus_release(&corpus);
    rit_corpus_release(&told);
    rit_corpus_release(&wider);
}

static void what_cannot_be_is_said(void **state)
{
    (void)state;
    extern const struct rit_task rit_task_classify;
    struct rit_corpus corpus = reals();
    struct rit_block block;
    struct rit_error err;
    assert_int_equal(rit_task_classify.cut(NULL, &corpus, "song", 0, 1, &block, &err), RIT_BAD_INPUT);
    assert_string_equal(err.text, "task.name: classify needs labels, which a song does not have");
    rit_corpus_release(&corpus);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_bits_go_in_and_are_asked),
        cmocka_unit_test(reals_are_standardised),
        cmocka_unit_test(the_teacher_is_odd),
        cmocka_unit_test(digests_differ),
        cmocka_unit_test(what_cannot_be_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
