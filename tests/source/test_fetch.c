/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fetching the chorale file, from file:// URLs alone: no test needs a network. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/file.h"
#include "source/chorale/fetch/fetch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/ritardando-fetch-XXXXXX";
static char copy[64], target[128], url[128], sum[RIT_SUM_HEX];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(copy, sizeof copy, "%s/copy.json", folder);
    snprintf(target, sizeof target, "%s/data/ritardando/jsb-chorales-quarter.json", folder);
    snprintf(url, sizeof url, "file://%s", copy);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    char inner[64], outer[64];
    snprintf(outer, sizeof outer, "%s/data", folder);
    snprintf(inner, sizeof inner, "%s/data/ritardando", folder);
    unlink(copy);
    unlink(target);
    rmdir(inner);
    rmdir(outer);
    return rmdir(folder);
}

static void write_file(const char *path, const void *data, size_t size)
{
    assert_int_equal(rit_file_replace(path, data, size, NULL), RIT_OK);
}

static void test_missing(void **state)
{
    (void)state;
    struct rit_error err;
    assert_int_equal(rit_fetch_data(rit_data_sets, "file:///nowhere/chorales.json", target, sum, &err),
                     RIT_IO);
    assert_non_null(strstr(err.text, "file:///nowhere/chorales.json: cannot fetch it: "));
    assert_non_null(strstr(err.text, rit_data_sets->sha256));
    assert_int_equal(rit_fetch_data(rit_data_sets, "gopher://localhost/", target, sum, &err), RIT_IO);
    assert_int_not_equal(access(target, F_OK), 0);
}

/* Another file is refused with both sums, and what stood at the place stays. */
static void test_wrong_file(void **state)
{
    (void)state;
    struct rit_error err;
    char expected[512];
    write_file(copy, "abc", 3);
    assert_int_equal(rit_fetch_data(rit_data_sets, url, target, sum, &err), RIT_BAD_INPUT);
    snprintf(expected, sizeof expected, "%s: is not the chorale file: its SHA-256 is %s, but should be %s",
             url, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", rit_data_sets->sha256);
    assert_string_equal(err.text, expected);
    assert_int_not_equal(access(target, F_OK), 0);

    char *large = calloc(17, 1 << 20);
    assert_non_null(large);
    write_file(copy, large, 17 << 20);
    free(large);
    assert_int_equal(rit_fetch_data(rit_data_sets, url, target, sum, &err), RIT_BAD_INPUT);
    assert_non_null(strstr(err.text, "larger than the chorale file can be"));
}

/* Of a file whose sum is not known it is told, and stored; but it must be music. */
static void test_unknown_sum(void **state)
{
    (void)state;
    static const char rolls[] = "{\"train\": [[[60.0, 60.0], [NaN, 127]]]}";
    char beside[160], expected[256];
    struct rit_error err;
    struct rit_buffer found = {0};
    const struct rit_data_set *set = rit_data_set_find("chorales-8th");
    assert_non_null(set);
    assert_null(rit_data_set_find("chorales-64th"));
    write_file(copy, "abc", 3);
    assert_int_equal(rit_fetch_data(set, url, target, sum, &err), RIT_BAD_INPUT);
    assert_non_null(strstr(err.text, "copy.json:1:1: expected an object"));
    assert_int_not_equal(access(target, F_OK), 0);

    write_file(copy, rolls, sizeof rolls - 1);
    assert_int_equal(rit_fetch_data(set, url, target, sum, &err), RIT_OK);
    snprintf(beside, sizeof beside, "%s.sha256", target);
    assert_int_equal(rit_file_read(beside, 1000, &found, &err), RIT_OK);
    snprintf(expected, sizeof expected, "%s  jsb-chorales-quarter.json\n", sum);
    assert_int_equal(found.size, strlen(expected));
    assert_memory_equal(found.data, expected, found.size);
    rit_buffer_release(&found);
    unlink(beside);
    unlink(target);
}

/* The right file arrives unchanged where the reader looks for it. */
static void test_right_file(void **state)
{
    (void)state;
    const char *real = getenv("RITARDANDO_DATA");
    if (!real) {
        print_message("RITARDANDO_DATA is not set: no real file to fetch\n");
        skip();
    }
    char data_home[64];
    struct rit_error err = {.status = RIT_OK};
    struct rit_buffer wanted = {0}, found = {0};
    assert_int_equal(rit_file_read(real, 1 << 24, &wanted, &err), RIT_OK);
    write_file(copy, wanted.data, wanted.size);
    snprintf(data_home, sizeof data_home, "%s/data", folder);
    setenv("XDG_DATA_HOME", data_home, 1);
    if (rit_fetch_data(rit_data_sets, url, NULL, sum, &err) != RIT_OK)
        fail_msg("%s", err.text);
    assert_int_equal(rit_file_read(target, 1 << 24, &found, &err), RIT_OK);
    assert_int_equal(found.size, wanted.size);
    assert_memory_equal(found.data, wanted.data, wanted.size);

    write_file(copy, "abc", 3);
    assert_int_equal(rit_fetch_data(rit_data_sets, url, target, sum, &err), RIT_BAD_INPUT);
    found.size = 0;
    assert_int_equal(rit_file_read(target, 1 << 24, &found, &err), RIT_OK);
    assert_int_equal(found.size, wanted.size);
    rit_buffer_release(&wanted);
    rit_buffer_release(&found);
}

static void test_unwritable(void **state)
{
    (void)state;
    const char *real = getenv("RITARDANDO_DATA");
    if (!real) {
        print_message("RITARDANDO_DATA is not set: no real file to fetch\n");
        skip();
    }
    char from[4096];
    struct rit_error err;
    snprintf(from, sizeof from, "file://%s", real);
    assert_int_equal(rit_fetch_data(rit_data_sets, from, "/proc/nowhere/chorales.json", sum, &err), RIT_IO);
    assert_non_null(strstr(err.text, "/proc/nowhere"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_missing),     cmocka_unit_test(test_wrong_file),
        cmocka_unit_test(test_unknown_sum), cmocka_unit_test(test_right_file),
        cmocka_unit_test(test_unwritable),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
