/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader: what it accepts, what it refuses and where it says the fault is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ritardando/source.h>

#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/ritardando-chorales-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/chorales.json", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static struct rit_point point_of(const char *file)
{
    struct rit_point point;
    rit_point_init(&point, rit_registry());
    rit_point_set(&point, "data.source", "chorales");
    rit_point_set(&point, "data.file", file);
    return point;
}

static enum rit_status load(const char *text, size_t size, int need, struct rit_corpus *corpus,
                            struct rit_error *err)
{
    *err = (struct rit_error){.status = RIT_OK};
    assert_int_equal(rit_file_replace(path, text, size, err), RIT_OK);
    struct rit_point point = point_of(path);
    return rit_source_of(&point)->load(&point, need, corpus, err);
}

static void refuses(const char *text, const char *sentence)
{
    struct rit_corpus corpus;
    struct rit_error err;
    assert_int_equal(load(text, strlen(text), 1, &corpus, &err), RIT_BAD_INPUT);
    assert_int_equal(err.status, RIT_BAD_INPUT);
    assert_null(corpus.bits);
    assert_memory_equal(err.text, path, strlen(path));
    assert_string_equal(err.text + strlen(path), sentence);
}

static void test_order_and_bits(void **state)
{
    (void)state;
    const char *text = "{ \"test\": [[[43], [96, 43], [50]]], \"valid\": [],\n"
                       "\t\"train\":[[[],[ 60 ,\n64]], [[70], [70]]]\r\n}\n";
    struct rit_corpus corpus;
    struct rit_error err;
    assert_int_equal(load(text, strlen(text), 3, &corpus, &err), RIT_OK);
    assert_int_equal(corpus.sequences, 3);
    const int start[] = {0, 2, 4, 7};
    const uint64_t chord[] = {0, 1ull << 17 | 1ull << 21, 1ull << 27, 1ull << 27,
                              1, 1ull << 53 | 1,          1ull << 7};
    assert_memory_equal(corpus.start, start, sizeof start);
    assert_memory_equal(corpus.bits, chord, sizeof chord);
    rit_corpus_release(&corpus);
}

static void test_strictness(void **state)
{
    (void)state;
#define REST "], \"valid\": [], \"test\": []}"
    refuses("", ":1:1: expected an object with \"train\", \"valid\" and \"test\", found the end of the file");
    refuses("[]", ":1:1: expected an object with \"train\", \"valid\" and \"test\", found a list");
    refuses("{\"train\": []}", ":1:1: \"valid\" is missing");
    refuses("{\"train\": [],\n \"train\": []}", ":2:2: \"train\" stands twice");
    refuses("{\"train\": [],\n\"spam\": []}",
            ":2:1: \"spam\" is not one of \"train\", \"valid\" and \"test\"");
    refuses("{\"train\": [[[60], [42]]" REST, ":1:20: note 42 is outside 43..96");
    refuses("{\"train\": [[[60],\n [97]]" REST, ":2:3: note 97 is outside 43..96");
    refuses("{\"train\": [[[60], [-60]]" REST, ":1:20: note -60 is outside 43..96");
    refuses("{\"train\": [[[60], [60, 61, 60]]" REST, ":1:28: note 60 stands twice in its chord");
    refuses("{\"train\": [[[60], [60.0]]" REST, ":1:20: expected a whole number, found '60.0'");
    refuses("{\"train\": [[[60], [060]]" REST, ":1:20: expected a whole number, found '060'");
    refuses("{\"train\": [[[60], [6e1]]" REST, ":1:20: expected a whole number, found '6e1'");
    refuses("{\"train\": [[[60], [+60]]" REST, ":1:20: expected a whole number, found '+60'");
    refuses("{\"train\": [[[60], [0x3c]]" REST, ":1:20: expected a whole number, found '0x3c'");
    refuses("{\"train\": [[[60], [4294967356]]" REST, ":1:20: expected a whole number, found '4294967356'");
    refuses("{\"train\": [[[60], [\"60\"]]" REST, ":1:20: expected a whole number, found '60'");
    refuses("{\"train\": [[[60], [60 61]]" REST, ":1:20: expected a whole number, found '60 61'");
    refuses("{\"train\": [[[60], [null]]" REST, ":1:20: expected a whole number, found 'null'");
    refuses("{\"train\": [[[60], 60]" REST, ":1:19: expected a chord, which is a list of notes, found '60'");
    refuses("{\"train\": [[60], [60]" REST, ":1:13: expected a chord, which is a list of notes, found '60'");
    refuses("{\"train\": [[[60], {}]" REST,
            ":1:19: expected a chord, which is a list of notes, found an object");
    refuses("{\"train\": {\"a\": 1"
            "}, \"valid\": [], \"test\": []}",
            ":1:11: expected a list of chorales, found an object");
    refuses("{\"train\": [[[60], [[60]]]" REST, ":1:20: lists are nested deeper than 4");
    refuses("{\"train\": [[[60]]" REST, ":1:12: a chorale needs at least two chords");
    refuses("{\"train\": [[]" REST, ":1:12: a chorale needs at least two chords");
}

static void test_yaml_is_not_json(void **state)
{
    (void)state;
    refuses("{\"train\": [[[60], [60]]], # ours\n \"valid\": [], \"test\": []}",
            ":1:27: '#' has no place in such a file");
    refuses("{train: [[[60], [60]]" REST, ":1:2: expected a key in double quotes, found 'train'");
    refuses("{'train': [[[60], [60]]" REST, ":1:2: ''' has no place in such a file");
    refuses(
        "train: []\nvalid: []\ntest: []\n",
        ":1:1: expected an object with \"train\", \"valid\" and \"test\", found something that is not JSON");
    refuses("{\"train\": [[[60], [60,]]" REST, ":1:23: a comma must not stand before this bracket");
    refuses("{\"train\": [[[60], [60]],]"
            ", \"valid\": [], \"test\": []}",
            ":1:25: a comma must not stand before this bracket");
    refuses("{\"train\": [], \"valid\": [], \"test\": [],}",
            ":1:39: a comma must not stand before this bracket");
    refuses("{\"train\": [[[60], [,60]]" REST, ":1:20: expected a whole number, found ','");
    refuses("{\"train\": [[[60], [60,,61]]" REST, ":1:23: expected a whole number, found ','");
    refuses("{\"train\": [[[60] [60]]" REST, ":1:18: expected ',' or ']', found a list");
    refuses("{\"train\" [], \"valid\": [], \"test\": []}", ":1:10: expected ':', found a list");
    refuses("{\"train\": [[[60], [&a 60]]" REST, ":1:20: '&' has no place in such a file");
    refuses("{\"train\": [[[60], [60: 61]]" REST,
            ":1:20: expected a whole number, found something that is not JSON");
    refuses("{\"train\": [[[60], [60]]" REST "\n[]", ":2:1: expected the end of the file, found a list");
    refuses(
        "--- {\"train\": [], \"valid\": [], \"test\": []}",
        ":1:1: expected an object with \"train\", \"valid\" and \"test\", found something that is not JSON");
    refuses("{\"train\": [[[60], [60\xc2\xa0]]" REST, ":1:22: the byte 0xc2 has no place in such a file");
    refuses("\xef\xbb\xbf{\"train\": [[[60], [60]]" REST, ":1:1: the byte 0xef has no place in such a file");
}

/* Whatever a file is cut at, it is refused, and a clean cut is said to be one. */
static void test_truncation(void **state)
{
    (void)state;
    const char *text = "{\"train\": [[[60, 64], [67]]],\n\"valid\": [[[50], []]], \"test\": [[[51], [52]]]}";
    struct rit_corpus corpus;
    struct rit_error err;
    for (size_t size = 0; size < strlen(text); size++) {
        assert_int_equal(load(text, size, 1, &corpus, &err), RIT_BAD_INPUT);
        if (size > 0)
            assert_non_null(strstr(err.text, "the file ends before its lists are closed: it is cut short"));
    }
    assert_int_equal(load(text, strlen(text), 3, &corpus, &err), RIT_OK);
    rit_corpus_release(&corpus);
    refuses("{\"train\": [[[60, 64],\n [6",
            ":2:4: the file ends before its lists are closed: it is cut short");
    refuses("{\"train\": []}]", ":1:14: this ']' closes nothing");
    refuses("{\"train\": []]", ":1:13: expected ',' or '}', found ']'");
}

/* Nesting that would keep libyaml busy for minutes, and a file larger than any chorale file. */
static void test_hostile_sizes(void **state)
{
    (void)state;
    size_t size = (16u << 20) + 1;
    char *text = malloc(size);
    assert_non_null(text);
    memset(text, '[', size);
    struct rit_corpus corpus;
    struct rit_error err;
    assert_int_equal(load(text, 200000, 1, &corpus, &err), RIT_BAD_INPUT);
    assert_non_null(strstr(err.text, ":1:5: lists are nested deeper than 4"));
    assert_int_equal(load(text, size, 1, &corpus, &err), RIT_BAD_INPUT);
    assert_non_null(strstr(err.text, "larger than the 16777216 bytes"));
    free(text);
}

static void test_too_few(void **state)
{
    (void)state;
    const char *text = "{\"train\": [[[60], [60]]" REST;
    struct rit_corpus corpus;
    struct rit_error err;
    assert_int_equal(load(text, strlen(text), 2, &corpus, &err), RIT_BAD_INPUT);
    assert_string_equal(err.text + strlen(path),
                        ": has 1 chorales, but 2 are asked for (data.first + data.chorales)");
}

/* data.file, then RITARDANDO_DATA, then the user's data folder; and one sentence when there is nothing. */
static void test_places(void **state)
{
    (void)state;
    static const char ways[] = ": there is no chorale file here; name it in data.file (seen from the config "
                               "file's folder) or in the environment variable RITARDANDO_DATA, run "
                               "'ritardando fetch-data', or use data.source: "
                               "composer";
    char saved[4096], expected[512];
    const char *given = getenv("RITARDANDO_DATA");
    snprintf(saved, sizeof saved, "%s", given ? given : "");
    struct rit_corpus corpus;
    struct rit_error err;

    setenv("RITARDANDO_DATA", "/nowhere/environment.json", 1);
    setenv("XDG_DATA_HOME", folder, 1);
    struct rit_point point = point_of("/nowhere/key.json");
    assert_int_equal(rit_source_of(&point)->load(&point, 1, &corpus, &err), RIT_IO);
    snprintf(expected, sizeof expected, "/nowhere/key.json%s", ways);
    assert_string_equal(err.text, expected);

    point = point_of("");
    assert_int_equal(rit_source_of(&point)->load(&point, 1, &corpus, &err), RIT_IO);
    snprintf(expected, sizeof expected, "/nowhere/environment.json%s", ways);
    assert_string_equal(err.text, expected);

    unsetenv("RITARDANDO_DATA");
    assert_int_equal(rit_source_of(&point)->load(&point, 1, &corpus, &err), RIT_IO);
    snprintf(expected, sizeof expected, "%s/ritardando/jsb-chorales-quarter.json%s", folder, ways);
    assert_string_equal(err.text, expected);

    point = point_of(folder); /* there, but no file */
    assert_int_equal(rit_source_of(&point)->load(&point, 1, &corpus, &err), RIT_IO);
    assert_non_null(strstr(err.text, "directory"));
    if (saved[0])
        setenv("RITARDANDO_DATA", saved, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_and_bits),   cmocka_unit_test(test_strictness),
        cmocka_unit_test(test_yaml_is_not_json), cmocka_unit_test(test_truncation),
        cmocka_unit_test(test_hostile_sizes),    cmocka_unit_test(test_too_few),
        cmocka_unit_test(test_places),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
