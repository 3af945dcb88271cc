/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A dataset in a mapped file: the same bytes as in memory; and a disk that is full at its n-th growth, for
 * every n. */
#include "base/file.h"
#include "config/config.h"
#include "example.h"
#include "store/dataset.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { ROWS = 4, VALUES = 300000 };

static int growths, refused_from; /* refused_from 0: never */

int posix_fallocate(int fd, off_t offset, off_t size)
{
    if (refused_from > 0 && ++growths >= refused_from)
        return ENOSPC;
    growths += refused_from == 0;
    return ftruncate(fd, offset + size) == 0 ? 0 : errno;
}

struct large {
    struct rit_point point;
    struct rit_result result[ROWS];
    struct rit_row row[ROWS];
};

static struct large *new_large(void)
{
    struct large *l = calloc(1, sizeof *l);
    const char *dim = "lag";
    size_t length = VALUES;
    assert_non_null(l);
    rit_point_init(&l->point, rit_registry());
    for (int i = 0; i < ROWS; i++) {
        l->result[i] = example_result((uint64_t)i + 1);
        struct rit_variable *v =
            rit_outcome_add(&l->result[i].outcome, "large", "1", "of a test", 1, &dim, &length);
        struct rit_random random = rit_random_open((uint64_t)i, RIT_FOR_TEST, 0, 0);
        for (size_t k = 0; k < v->count; k++)
            v->data[k] = rit_random_uniform(&random);
        l->row[i] = (struct rit_row){.point = &l->point, .result = &l->result[i]};
    }
    return l;
}

static void free_large(struct large *l)
{
    for (int i = 0; i < ROWS; i++)
        rit_result_release(&l->result[i]);
    free(l);
}

static void test_a_mapped_file_has_the_same_bytes_or_says_that_the_disk_is_full(void **state)
{
    char path[600];
    snprintf(path, sizeof path, "%s/mapped.h5", (const char *)*state);
    struct large *l = new_large();
    struct rit_dataset_about about = {.config = "", .planned = ROWS};
    struct rit_buffer memory = {0}, file = {0};
    assert_int_equal(rit_dataset_build("", l->row, ROWS, &about, &memory, NULL), RIT_OK);
    int most = 0;
    for (refused_from = 0; refused_from <= most; refused_from++) {
        struct rit_error err = {0};
        growths = 0;
        int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0666);
        assert_true(fd >= 0);
        enum rit_status status = rit_dataset_build_file(path, fd, l->row, ROWS, &about, &err);
        assert_int_equal(close(fd), 0);
        assert_int_equal(status, refused_from ? RIT_IO : RIT_OK);
        if (refused_from == 0)
            most = growths;
        else
            assert_non_null(strstr(err.text, "mapped.h5: cannot write: No space left"));
        if (refused_from == 0)
            assert_int_equal(rit_file_read(path, SIZE_MAX / 8, &file, NULL), RIT_OK);
    }
    assert_int_equal(file.size, memory.size);
    assert_memory_equal(file.data, memory.data, memory.size);
    assert_true(most > 3);
    print_message("%d growths of a file refused in turn\n", most);
    rit_buffer_release(&memory);
    rit_buffer_release(&file);
    free_large(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FOLDER(test_a_mapped_file_has_the_same_bytes_or_says_that_the_disk_is_full)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
