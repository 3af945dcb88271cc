/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Piano rolls of any range: what the lenient reading takes, and what it does not. */
#include "source/chorale/json/chorales.h"
#include "testing.h"

#include <string.h>

static enum rit_status parse(const char *text, struct rit_corpus *corpus, struct rit_error *err)
{
    static const struct rit_rolls rolls = {.slots = 88, .lowest = 21, .lenient = true, .piece = "piece"};
    return rit_rolls_parse(&rolls, "x", text, strlen(text), corpus, err);
}

static void rolls_are_read(void **state)
{
    (void)state;
    struct rit_corpus corpus;
    struct rit_error err = {.status = RIT_OK};
    if (parse("{\"test\": [[[21, 21.0, 108], [-1, 85, -1.0], []]], \"train\": [[[22], [84]]]}", &corpus,
              &err) != RIT_OK)
        fail_msg("%s", err.text);
    assert_int_equal(corpus.sequences, 2);
    assert_int_equal(corpus.port.width, 88);
    assert_memory_equal(corpus.start, ((const int[]){0, 2, 5}), 3 * sizeof(int));
    assert_memory_equal(corpus.bits, ((const uint64_t[]){2, 0, UINT64_C(1) << 63, 0, 1, 1 << 23, 0, 1, 0, 0}),
                        10 * sizeof(uint64_t));
    rit_corpus_release(&corpus);
}

static void a_file_says_its_range(void **state)
{
    (void)state;
    struct rit_corpus corpus;
    assert_int_equal(parse("{\"slots\": 12, \"lowest\": 60, \"train\": [[[60], [71]]]}", &corpus, NULL),
                     RIT_OK);
    assert_int_equal(corpus.port.width, 12);
    assert_memory_equal(corpus.bits, ((const uint64_t[]){1, 1 << 11}), 2 * sizeof(uint64_t));
    rit_corpus_release(&corpus);
}

static void said(const char *text, const char *expected)
{
    struct rit_corpus corpus;
    struct rit_error err;
    assert_int_equal(parse(text, &corpus, &err), RIT_BAD_INPUT);
    assert_string_equal(err.text, expected);
    assert_int_equal(corpus.sequences, 0);
}

static void what_is_wrong_is_said_with_its_place(void **state)
{
    (void)state;
    said("{\"train\": [[[60], [109]]]}", "x:1:20: note 109 is outside 21..108");
    said("{\"train\": [[[60], [60.5]]]}", "x:1:20: 60.5 is not a note");
    said("{\"train\": [[[60], [0x3c]]]}", "x:1:20: expected a number, found '0x3c'");
    said("{\"train\": [[[60], [1.]]]}", "x:1:20: expected a number, found '1.'");
    said("{\"train\": [[[60]]]}", "x:1:12: a piece needs at least two chords");
    said("{\"train\": [], \"slots\": 12}", "x:1:15: \"slots\" must stand before \"train\"");
    said("{\"slots\": 129}", "x:1:2: \"slots\" is 129, outside 1..128");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rolls_are_read),
                                       cmocka_unit_test(a_file_says_its_range),
                                       cmocka_unit_test(what_is_wrong_is_said_with_its_place)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
