/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files: what is replaced is whole, old or new, also when the disk refuses. */
#include "testing.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/rit-file-XXXXXX";
static char path[64];
static struct rit_error err;

static int make_folder(void **state)
{
    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[80];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static const char *in_folder(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void assert_holds(const char *name, const char *text)
{
    struct rit_buffer b = {.data = NULL};
    assert_int_equal(rit_file_read(in_folder(name), 1 << 20, &b, &err), RIT_OK);
    assert_int_equal(b.size, strlen(text));
    if (b.size > 0)
        assert_memory_equal(b.data, text, b.size);
    rit_buffer_release(&b);
}

static void test_replace_and_read(void **state)
{
    (void)state;
    assert_int_equal(rit_file_replace(in_folder("a"), "old", 3, &err), RIT_OK);
    assert_holds("a", "old");
    assert_int_equal(rit_file_replace(in_folder("a"), "brand new", 9, &err), RIT_OK);
    assert_holds("a", "brand new");
    assert_int_equal(rit_file_replace(in_folder("empty"), "", 0, &err), RIT_OK);
    assert_holds("empty", "");
    assert_int_not_equal(access(in_folder("a.tmp"), F_OK), 0);
}

static void test_read_appends_and_has_a_limit(void **state)
{
    (void)state;
    assert_int_equal(rit_file_replace(in_folder("b"), "0123456789", 10, &err), RIT_OK);
    struct rit_buffer b = {.data = NULL};
    rit_pack_bytes(&b, "before:", 7);
    assert_int_equal(rit_file_read(in_folder("b"), 10, &b, &err), RIT_OK);
    assert_memory_equal(b.data, "before:0123456789", 17);
    assert_int_equal(rit_file_read(in_folder("b"), 9, &b, &err), RIT_BAD_INPUT);
    assert_non_null(strstr(err.text, "larger than the 9 bytes"));
    assert_int_equal(rit_file_read(in_folder("missing"), 9, &b, &err), RIT_IO);
    assert_non_null(strstr(err.text, "missing: cannot open: No such file"));
    assert_int_equal(rit_file_read(folder, 9, &b, &err), RIT_IO); /* a folder opens but does not read */
    rit_buffer_release(&b);
}

static void set_file_limit(rlim_t bytes)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* A write is cut short at the limit, and the next one fails. */
static void test_failed_replace_leaves_the_old(void **state)
{
    (void)state;
    assert_int_equal(rit_file_replace(in_folder("c"), "old", 3, &err), RIT_OK);
    char data[5000];
    memset(data, 'n', sizeof data);
    for (rlim_t limit = 0; limit < sizeof data; limit += 999) {
        set_file_limit(limit);
        enum rit_status status = rit_file_replace(in_folder("c"), data, sizeof data, &err);
        set_file_limit(RLIM_INFINITY);
        assert_int_equal(status, RIT_IO);
        assert_non_null(strstr(err.text, "cannot write: File too large"));
        assert_holds("c", "old");
        assert_int_not_equal(access(in_folder("c.tmp"), F_OK), 0);
    }
    assert_int_equal(rit_file_replace(in_folder("no/such/folder"), "x", 1, &err), RIT_IO);
    assert_int_equal(mkdir(in_folder("d"), 0777), 0);
    assert_int_equal(rit_file_replace(in_folder("d"), "x", 1, &err), RIT_IO); /* a folder is in the way */
    assert_int_not_equal(access(in_folder("d.tmp"), F_OK), 0);
}

static void test_full_disk(void **state)
{
    (void)state;
    int fd = open("/dev/full", O_WRONLY);
    if (fd < 0)
        skip();
    assert_int_equal(rit_file_write(fd, "full", "x", 1, &err), RIT_IO);
    assert_string_equal(err.text, "full: cannot write: No space left on device");
    assert_int_equal(rit_file_write(fd, "full", "", 0, &err), RIT_OK);
    close(fd);
}

/* As root, `-o /dev/null` would take the machine its /dev/null. */
static void test_only_files_are_replaced(void **state)
{
    (void)state;
    struct stat about;
    assert_int_equal(mkfifo(in_folder("pipe"), 0666), 0);
    assert_int_equal(symlink("/dev/null", in_folder("link")), 0);
    static const char *const taken[] = {"pipe", "link", "."};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(rit_file_check_place(in_folder(taken[i]), &err), RIT_IO);
        assert_int_equal(rit_file_replace(path, "x", 1, &err), RIT_IO);
        assert_non_null(strstr(err.text, "is no file, and is not replaced by one"));
    }
    assert_int_equal(stat(in_folder("pipe"), &about), 0);
    assert_true(S_ISFIFO(about.st_mode));
    assert_int_equal(rit_file_check_place(in_folder("no/folder"), &err), RIT_IO);
    assert_non_null(strstr(err.text, "no/folder: cannot create: No such file"));
    assert_int_equal(rit_file_check_place(in_folder("free"), &err), RIT_OK);
    assert_int_not_equal(access(path, F_OK), 0);
}

static void test_too_long_paths(void **state)
{
    (void)state;
    char name[5000];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = 0;
    assert_int_equal(rit_file_replace(name, "x", 1, &err), RIT_IO);
    assert_int_equal(rit_file_make_folder(name, &err), RIT_IO);
    assert_int_equal(rit_file_sync_folder(name, &err), RIT_IO);
}

static void test_folders(void **state)
{
    (void)state;
    assert_int_equal(rit_file_make_folder(in_folder("p/q/r"), &err), RIT_OK);
    assert_int_equal(rit_file_make_folder(in_folder("p/q/r/"), &err), RIT_OK); /* again */
    struct stat about;
    assert_int_equal(stat(in_folder("p/q/r"), &about), 0);
    assert_true(S_ISDIR(about.st_mode));
    assert_int_equal(rit_file_replace(in_folder("file"), "x", 1, &err), RIT_OK);
    assert_int_equal(rit_file_make_folder(in_folder("file"), &err), RIT_IO);
    assert_non_null(strstr(err.text, "is not a folder"));
    assert_int_equal(rit_file_make_folder(in_folder("file/below"), &err), RIT_IO);
    assert_int_equal(rit_file_sync_folder(in_folder("p/q/anything"), &err), RIT_OK);
    assert_int_equal(rit_file_sync_folder(in_folder("nothing/anything"), &err), RIT_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replace_and_read),
        cmocka_unit_test(test_read_appends_and_has_a_limit),
        cmocka_unit_test(test_failed_replace_leaves_the_old),
        cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_only_files_are_replaced),
        cmocka_unit_test(test_too_long_paths),
        cmocka_unit_test(test_folders),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
