/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `ritardando describe` prints: a config that works, with every key, and committed as it is printed. */
#include "testing.h"

#include "base/file.h"
#include "config/config.h"
#include "config/keys.h"

#include <string.h>

static struct rit_buffer reference;

static int describe(void **state)
{
    (void)state;
    rit_describe_yaml(&reference);
    rit_buffer_printf(&reference, "%c", 0);
    reference.size--; /* a C string, and its length without the zero */
    return 0;
}

static int release(void **state)
{
    (void)state;
    rit_buffer_release(&reference);
    return 0;
}

static void test_it_is_the_point_of_all_defaults(void **state)
{
    (void)state;
    struct rit_config config;
    struct rit_error err = {.status = RIT_OK};
    if (rit_config_parse("reference.yaml", (char *)reference.data, reference.size, &config, &err) != RIT_OK)
        fail_msg("%s", err.text);
    assert_int_equal(rit_plan_count(&config), 1);
    struct rit_point given, defaults;
    struct rit_buffer a = {.data = NULL}, b = {.data = NULL};
    rit_plan_point(&config, 0, &given);
    rit_point_init(&defaults, rit_registry());
    rit_point_print_identity(&given, RIT_WHOLE, &a);
    rit_point_print_identity(&defaults, RIT_WHOLE, &b);
    assert_int_equal(a.size, b.size);
    assert_memory_equal(a.data, b.data, a.size);
    rit_buffer_release(&a);
    rit_buffer_release(&b);
    rit_config_release(&config);
}

/* Each key stands there once, on a line of its own, commented out where it has no meaning by default. */
static void test_every_key_is_there(void **state)
{
    (void)state;
    struct rit_point defaults;
    rit_point_init(&defaults, rit_registry());
    for (int i = 0; i < defaults.registry->count; i++) {
        const struct rit_param *param = defaults.registry->param[i];
        bool in_section = strchr(param->key, '.') != NULL;
        char section[80] = "\n", line[200];
        if (in_section)
            snprintf(section, sizeof section, "\n%.*s:\n", (int)strcspn(param->key, "."), param->key);
        const char *at = strstr((char *)reference.data, section);
        assert_non_null(at);
        snprintf(line, sizeof line, "\n%s%s%s: ", in_section ? "  " : "",
                 rit_param_applies(&defaults, i) ? "" : "# ", rit_key_tail(param->key));
        at = strstr(at, line);
        if (!at) {
            fail_msg("there is no line of %s", param->key);
            return; /* gcc does not know that it failed */
        }
        const char *end = strchr(at + 1, '\n');
        const char *comment = strstr(at + strlen(line), " # ");
        if (!comment || comment > end)
            fail_msg("%s: nothing is said about what may be written", param->key);
    }
}

static void assert_committed(const struct rit_buffer *printed, const char *path)
{
    struct rit_buffer committed = {.data = NULL};
    struct rit_error err;
    if (rit_file_read(path, 1 << 20, &committed, &err) != RIT_OK)
        fail_msg("%s", err.text);
    if (committed.size != printed->size || memcmp(committed.data, printed->data, printed->size) != 0)
        fail_msg("%s is not what `ritardando describe` prints: run `make reference` and commit it", path);
    rit_buffer_release(&committed);
}

static void test_committed_files(void **state)
{
    (void)state;
    assert_committed(&reference, RIT_TEST_FOLDER "/../../configs/reference.yaml");
    struct rit_buffer schema = {.data = NULL};
    rit_describe_schema(&schema);
    assert_committed(&schema, RIT_TEST_FOLDER "/../../configs/ritardando.schema.json");
    rit_buffer_release(&schema);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_is_the_point_of_all_defaults),
        cmocka_unit_test(test_every_key_is_there),
        cmocka_unit_test(test_committed_files),
    };
    return cmocka_run_group_tests(tests, describe, release);
}
