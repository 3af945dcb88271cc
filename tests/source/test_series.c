/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of numbers: every way they are written, and what is said of those that are none. */
#include <ritardando/source.h>

#include "testing.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "/tmp/ritardando-series-XXXXXX";

static enum rit_status load(const char *text, const char *length, const char *labels, int need,
                            struct rit_corpus *corpus, struct rit_error *err)
{
    static struct rit_point point;
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0 && fclose(file) == 0);
    rit_point_init(&point, rit_registry());
    rit_point_set(&point, "data.source", "series");
    rit_point_set(&point, "data.table", path);
    rit_point_set(&point, "data.length", length);
    rit_point_set(&point, "data.label-columns", labels);
    return rit_source_of(&point)->load(&point, need, corpus, err);
}

static void tables_are_read(void **state)
{
    (void)state;
    static const char *const texts[] = {"1,2\n3,4\n5,6\n7,8\n9,10\n", "a b\n1 2\n3 4\n5 6\n7 8\n",
                                        "# x, y\n 1;\t2 # y\r\n\n3;4\n5;6\n7;8",
                                        "t,x\n1, 2\n3, 4\n5, 6\n7, 8\n",
                                        ("\xef\xbb\xbf"
                                         "1,2\n3,4\n5,6\n7,8\n")};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct rit_corpus corpus;
        struct rit_error err = {.status = RIT_OK};
        if (load(texts[i], "2", "0", 2, &corpus, &err) != RIT_OK)
            fail_msg("%s", err.text);
        assert_int_equal(corpus.sequences, 2);
        assert_int_equal(corpus.port.width, 2);
        assert_memory_equal(corpus.start, ((const int[]){0, 2, 4}), 3 * sizeof(int));
        assert_memory_equal(corpus.real, ((const float[]){1, 2, 3, 4, 5, 6, 7, 8}), 8 * sizeof(float));
        rit_corpus_release(&corpus);
    }
}

static void last_columns_are_labels(void **state)
{
    (void)state;
    struct rit_corpus corpus;
    assert_int_equal(load("5,1,0\n6,-1,2\n", "1", "2", 2, &corpus, NULL), RIT_OK);
    assert_int_equal(corpus.label.width, 2);
    assert_memory_equal(corpus.real, ((const float[]){5, 6}), 2 * sizeof(float));
    assert_memory_equal(corpus.label_bits, ((const uint64_t[]){1, 2}), 2 * sizeof(uint64_t));
    rit_corpus_release(&corpus);
}

static void said(const char *text, const char *labels, const char *expected)
{
    struct rit_corpus corpus;
    struct rit_error err;
    char wanted[400];
    snprintf(wanted, sizeof wanted, "%s%s", path, expected);
    assert_int_equal(load(text, "2", labels, 1, &corpus, &err), RIT_BAD_INPUT);
    assert_string_equal(err.text, wanted);
}

static void what_is_wrong_is_said_with_its_place(void **state)
{
    (void)state;
    said("1,2\n3,x\n", "0", ":2: column 2: 'x' is not a number");
    said("1,2\n3,4\n5\n", "0", ":3: 1 columns, but the rows above have 2");
    said("1,2\n3,,4\n", "0", ":2: a column is empty");
    said("1,2\n,4\n", "0", ":2: a column is empty");
    said("1,2\n3,inf\n", "0", ":2: column 2: inf is not finite");
    said("1,2\nnan,3\n", "0", ":2: column 1: nan is not finite");
    said("1;2,5\n3;4,5\n", "0", ":1: both , and ; separate columns; numbers are written with a point");
    said("1 2;3\n3;4,5\n", "0", ":2: both , and ; separate columns; numbers are written with a point");
    said("\"1\",\"2\"\n\"3\",\"4\"\n", "0", ":2: column 1: '\"3\"' is not a number");
    said("a,b\nc,d\n1,2\n", "0", ":2: column 1: 'c' is not a number");
    said("", "0", ": has no rows of numbers");
    said("a,b\n# 1,2\n", "0", ": has no rows of numbers");
    said("1,2\n", "0",
         ": has 1 rows, which are 0 sequences of data.length 2, but 1 are asked for (data.first + "
         "data.chorales)");
    said("1,2\n3,4\n", "2", ": has 2 columns, of which 2 are labels; 1 .. 1024 must be left");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(tables_are_read),
                                       cmocka_unit_test(last_columns_are_labels),
                                       cmocka_unit_test(what_is_wrong_is_said_with_its_place)};
    int file = mkstemp(path);
    if (file < 0)
        return 1;
    close(file);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failed;
}
