/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a program may find when it is started: standard files that are closed, a umask that hides all. */
#include "testing.h"

#include "base/call.h"
#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A child in which some of 0, 1 and 2 are closed; returns the first complaint's line, 0 for none. */
static int begin_without(int closed)
{
    for (int fd = 0; fd <= 2; fd++)
        if (closed & 1 << fd)
            close(fd);
    rit_process_begin();
    int file = open("/dev/null", O_RDWR);
    if (file <= STDERR_FILENO)
        return __LINE__;
    char byte = 'x';
    for (int fd = 0; fd <= 2; fd++) {
        if (!(closed & 1 << fd))
            continue;
        ssize_t moved = fd == 0 ? read(fd, &byte, 1) : write(fd, &byte, 1);
        if (moved != -1 || errno != EBADF) /* as if it were closed still */
            return __LINE__;
    }
    rit_say("this goes nowhere if standard error is closed");
    return 0;
}

static void no_file_gets_a_standard_number(void **state)
{
    (void)state;
    for (int closed = 1; closed < 8; closed++) {
        fflush(NULL);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            if (!(closed & 4)) {
                int nowhere = open("/dev/null", O_WRONLY);
                dup2(nowhere, 2);
                close(nowhere);
            }
            _exit(begin_without(closed) != 0);
        }
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
    }
}

static void the_owner_may_read_what_he_makes(void **state)
{
    (void)state;
    char folder[] = "/tmp/rit-process-XXXXXX", path[64];
    struct stat about;
    assert_non_null(mkdtemp(folder));
    mode_t before = umask(0777);
    rit_process_begin();
    snprintf(path, sizeof path, "%s/file", folder);
    int fd = rit_call_open(AT_FDCWD, path, O_WRONLY | O_CREAT);
    assert_int_equal(fstat(fd, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    close(fd);
    unlink(path);
    assert_int_equal(rit_call_mkdir(AT_FDCWD, path), 0);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0700);
    umask(before);
    rmdir(path);
    rmdir(folder);
}

/* A signal that asks to stop does not make a call fail that waits. */
static void asking_to_stop_interrupts_no_call(void **state)
{
    (void)state;
    int ends[2];
    char byte = 0;
    assert_int_equal(pipe(ends), 0);
    rit_stop_on_signals();
    pid_t parent = getpid(), child = fork();
    if (child == 0) {
        for (int i = 0; i < 5; i++) {
            usleep(10000);
            kill(parent, SIGTERM);
        }
        usleep(10000);
        _exit(write(ends[1], "x", 1) != 1);
    }
    assert_int_equal(read(ends[0], &byte, 1), 1);
    assert_int_equal(byte, 'x');
    assert_int_equal(rit_stop_asked(), RIT_STOP);
    rit_stop_forget();
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_file_gets_a_standard_number),
        cmocka_unit_test(the_owner_may_read_what_he_makes),
        cmocka_unit_test(asking_to_stop_interrupts_no_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
