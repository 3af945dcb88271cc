/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An identity holds what differs from its default, so that a default is part of every stored result: it must
 * never change. tests/config/defaults.txt has them all. A parameter that is new in the program needs a line
 * there; to change one that is there, raise RIT_NUMERICS_VERSION first.
 */
#include "testing.h"

#include <ritardando/point.h>

#include <stdio.h>
#include <string.h>

static void defaults_are_frozen(void **state)
{
    (void)state;
    const struct rit_registry *registry = rit_registry();
    bool listed[RIT_MAX_PARAMS] = {false};
    char line[400];
    FILE *file = fopen(RIT_TEST_FOLDER "/defaults.txt", "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        char *value = strstr(line, ": ");
        assert_non_null(value);
        *value = 0;
        int i = rit_param_find(registry, line);
        if (i < 0)
            fail_msg("%s is gone: results that hold it can no longer be recognised", line);
        else if (strcmp(registry->param[i]->fallback, value + 2) != 0)
            fail_msg("the default of %s is %s, and was %s", line, registry->param[i]->fallback, value + 2);
        else
            listed[i] = true;
    }
    fclose(file);
    for (int i = 0; i < registry->count; i++)
        if (!listed[i] && !registry->param[i]->not_identity)
            fail_msg("tests/config/defaults.txt lacks a line \"%s: %s\"", registry->param[i]->key,
                     registry->param[i]->fallback);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(defaults_are_frozen)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
