/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Piano rolls as JSON: what is taken beyond the chorales' own form, and what is refused. */
#include <ritardando/task.h>

#include "base/file.h"
#include "base/hash.h"
#include "testing.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "/tmp/ritardando-rolls-XXXXXX";

static struct rit_point point_of(const char *lowest, const char *slots)
{
    struct rit_point point;
    rit_point_init(&point, rit_registry());
    rit_point_set(&point, "data.source", "piano-rolls");
    rit_point_set(&point, "data.rolls", path);
    rit_point_set(&point, "data.lowest", lowest);
    rit_point_set(&point, "data.slots", slots);
    return point;
}

static enum rit_status load(const char *text, const char *lowest, const char *slots,
                            struct rit_corpus *corpus, struct rit_error *err)
{
    rit_file_replace(path, text, strlen(text), NULL);
    struct rit_point point = point_of(lowest, slots);
    return rit_source_of(&point)->load(&point, 1, corpus, err);
}

static void gives(const char *text, const char *lowest, const char *slots, int width, int rows,
                  const uint64_t *bits)
{
    struct rit_corpus corpus;
    struct rit_error err;
    if (load(text, lowest, slots, &corpus, &err) != RIT_OK)
        fail_msg("%s", err.text);
    assert_int_equal(corpus.port.width, width);
    assert_int_equal(corpus.start[corpus.sequences], rows);
    assert_memory_equal(corpus.bits, bits, (size_t)rows * rit_port_bytes(corpus.port));
    rit_corpus_release(&corpus);
}

/* Unisons, floats, rests of separated voices, a plain list, a missing split: the same chords all along. */
static void test_what_is_taken(void **state)
{
    (void)state;
    const uint64_t bits[] = {1 | 1 << 4, 1 << 7, 1, 1 << 4};
    gives("[[[60, 64], [67]], [[60], [64]]]", "-1", "0", 8, 4, bits);
    gives("[[[60, 60.0, 64.00, 60], [67, null, NaN, -1]], [[60, -1.0], [64]]]", "-1", "0", 8, 4, bits);
    gives("{\"test\": [[[60], [64]]], \"train\": [[[60, 64], [67]]]}", "-1", "0", 8, 4, bits);
    gives("{\"slots\": 20, \"lowest\": 60, \"train\": [[[60, 64], [67]], [[60], [64]]]}", "-1", "0", 20, 4,
          bits);
    gives("{\"slots\": 20, \"lowest\": 9, \"train\": [[[60, 64], [67]], [[60], [64]]]}", "60", "0", 20, 4,
          bits);
    gives("[[[60, 64], [67]], [[60], [64]]]", "60", "64", 64, 4, bits);
    const uint64_t wide[][2] = {{1, 1ull << 63}, {0, 0}};
    gives("[[[0, 127], []]]", "-1", "0", 128, 2, wide[0]);
    const uint64_t upper[] = {1ull << 60 | 1, 1};
    gives("[[[64, 124], [64]]]", "64", "64", 64, 2, upper);
    const uint64_t piano[][2] = {{1, 1ull << 23}, {1ull << 39, 0}};
    gives("[[[21, 108], [60]]]", "21", "88", 88, 2, piano[0]);
}

static void refuses(const char *text, const char *lowest, const char *slots, const char *sentence)
{
    struct rit_corpus corpus;
    struct rit_error err;
    assert_int_equal(load(text, lowest, slots, &corpus, &err), RIT_BAD_INPUT);
    assert_null(corpus.bits);
    assert_memory_equal(err.text, path, strlen(path));
    assert_string_equal(err.text + strlen(path), sentence);
}

static void test_what_is_refused(void **state)
{
    (void)state;
    refuses("[[[60],\n[42]]]", "43", "54", ":2:2: note 42 is outside 43..96 (data.lowest, data.slots)");
    refuses("[[[60],\n[128]]]", "-1", "0", ":2:2: note 128 is outside 0..127 (data.lowest, data.slots)");
    refuses("[[[60], [-2]]]", "-1", "0", ":1:10: note -2 is outside 0..127 (data.lowest, data.slots)");
    refuses("[[[60], [60.5]]]", "-1", "0", ":1:10: expected a whole number, found '60.5'");
    refuses("[[[60], [60.]]]", "-1", "0", ":1:10: expected a whole number, found '60.'");
    refuses("[[[60], [75]]]", "-1", "12",
            ": its notes 60..75 are not all among the 12 from 60 on (data.slots, data.lowest)");
    refuses("[[[], []]]", "-1", "0", ": no note sounds");
    refuses("[[[60]]]", "-1", "0", ":1:2: a piece needs at least two rows");
    refuses("[[[60], 60]]", "-1", "0", ":1:9: expected a row, which is a list of notes, found '60'");
    refuses("{\"train\": [], \"slots\": 5}", "-1", "0", ":1:15: \"slots\" must stand before the pieces");
    refuses("{\"slots\": 129, \"train\": []}", "-1", "0", ":1:11: 129 is outside 1..128");
    refuses("{\"lowest\": 128, \"train\": []}", "-1", "0", ":1:12: 128 is outside 0..127");
    refuses("{\"spam\": []}", "-1", "0",
            ":1:2: \"spam\" is not one of \"slots\", \"lowest\", \"train\", \"valid\" and \"test\"");
    refuses("[[[60], [61]", "-1", "0", ":1:13: the file ends before its lists are closed: it is cut short");
    refuses("[]", "-1", "0", ": has 0 pieces, but 1 are asked for (data.first + data.chorales)");
}

/* The chorales' form reads to the same rows either way; the ports of a roll belong to its block's digest. */
static void test_like_chorales(void **state)
{
    (void)state;
    const char *text = "{\"train\": [[[60, 64], [67]]], \"valid\": [], \"test\": []}";
    struct rit_corpus rolls, chorales;
    struct rit_error err;
    assert_int_equal(load(text, "43", "54", &rolls, &err), RIT_OK);
    struct rit_point point;
    rit_point_init(&point, rit_registry());
    rit_point_set(&point, "data.source", "chorales");
    rit_point_set(&point, "data.file", path);
    assert_int_equal(rit_source_of(&point)->load(&point, 1, &chorales, &err), RIT_OK);
    assert_int_equal(chorales.port.width, 54);
    assert_memory_equal(rolls.bits, chorales.bits, 2 * sizeof(uint64_t));
    rit_corpus_release(&rolls);
    rit_corpus_release(&chorales);

    struct rit_hash digest[2];
    for (int i = 0; i < 2; i++) {
        struct rit_block block;
        point = point_of("43", i ? "54" : "60");
        rit_point_set(&point, "data.chorales", "1");
        assert_int_equal(rit_block_load(&point, &block, &err), RIT_OK);
        digest[i] = rit_block_digest(&block);
        rit_block_release(&block);
    }
    assert_false(rit_hash_equal(&digest[0], &digest[1]));
}

static int make_file(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_taken),
        cmocka_unit_test(test_what_is_refused),
        cmocka_unit_test(test_like_chorales),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
