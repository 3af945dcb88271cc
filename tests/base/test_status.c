/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "testing.h"

#include <ritardando/status.h>

#include "dies.h"

#include <stdlib.h>
#include <string.h>

static void test_fail(void **state)
{
    (void)state;
    struct rit_error err;
    assert_int_equal(rit_fail(&err, RIT_IO, "%s: cannot open", "a.h5"), RIT_IO);
    assert_int_equal(err.status, RIT_IO);
    assert_string_equal(err.text, "a.h5: cannot open");
    assert_int_equal(rit_fail(NULL, RIT_BAD_INPUT, "unheard"), RIT_BAD_INPUT);
    assert_int_equal(rit_fail_also(NULL, RIT_BAD_INPUT, "unheard"), RIT_BAD_INPUT);
}

static void test_all_errors_at_once(void **state)
{
    (void)state;
    struct rit_error err = {.status = RIT_OK};
    assert_int_equal(rit_fail_also(&err, RIT_BAD_INPUT, "first"), RIT_BAD_INPUT);
    assert_int_equal(rit_fail_also(&err, RIT_IO, "second %d", 2), RIT_BAD_INPUT); /* the first status stays */
    assert_int_equal(err.status, RIT_BAD_INPUT);
    assert_string_equal(err.text, "first\nsecond 2");
}

/* Too long a text is cut, with its closing zero in place. */
static void test_long_texts(void **state)
{
    (void)state;
    char *lengthy = malloc(2 * RIT_ERROR_TEXT);
    memset(lengthy, 'x', 2 * RIT_ERROR_TEXT - 1);
    lengthy[2 * RIT_ERROR_TEXT - 1] = 0;
    struct rit_error err = {.status = RIT_OK};
    rit_fail(&err, RIT_IO, "%s", lengthy);
    assert_int_equal(strlen(err.text), RIT_ERROR_TEXT - 1);
    rit_fail_also(&err, RIT_IO, "more");
    assert_int_equal(strlen(err.text), RIT_ERROR_TEXT - 1);
    free(lengthy);
}

static enum rit_status twice(enum rit_status inner)
{
    RIT_TRY(inner);
    return RIT_STOPPED;
}

static void test_try(void **state)
{
    (void)state;
    assert_int_equal(twice(RIT_IO), RIT_IO);
    assert_int_equal(twice(RIT_OK), RIT_STOPPED);
}

static void break_check(void)
{
    RIT_CHECK(1 + 1 == 3);
}

static void leave(void)
{
    _exit(7);
}

static void test_a_bug_calls_the_hook_and_aborts(void **state)
{
    (void)state;
    RIT_CHECK(1 + 1 == 2);
    assert_true(rit_test_dies(break_check));
    pid_t child = fork();
    if (child == 0) {
        int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, STDERR_FILENO);
        rit_bug_hook(leave);
        break_check();
        _exit(0);
    }
    int ended = 0;
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_true(WIFEXITED(ended));
    assert_int_equal(WEXITSTATUS(ended), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fail),
        cmocka_unit_test(test_all_errors_at_once),
        cmocka_unit_test(test_long_texts),
        cmocka_unit_test(test_try),
        cmocka_unit_test(test_a_bug_calls_the_hook_and_aborts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
