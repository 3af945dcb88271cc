/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A printed config reads back to the same points, whatever was in it. */
#include "testing.h"

#include "base/pack.h"
#include "base/random.h"
#include "config/config.h"
#include "config/keys.h"

#include <stdlib.h>
#include <string.h>

static void identity_of(const struct rit_config *config, int index, struct rit_buffer *out)
{
    struct rit_point point;
    rit_plan_point(config, index, &point);
    out->size = 0;
    for (int i = 0; i < point.registry->count;
         i++) { /* more than the identity: texts such as data.file too */
        char value[1024];
        rit_value_print(point.registry->param[i], &point.value[i], value, sizeof value);
        if (rit_param_applies(&point, i))
            rit_buffer_printf(out, "%s: %s\n", point.registry->param[i]->key, value);
    }
    rit_buffer_printf(out, "%c", 0);
}

static void assert_survives_printing(const char *text)
{
    struct rit_config first, second;
    struct rit_error err = {.status = RIT_OK};
    if (rit_config_parse("first.yaml", text, strlen(text), &first, &err) != RIT_OK)
        fail_msg("%s\n%s", text, err.text);
    struct rit_buffer printed = {.data = NULL}, again = {.data = NULL}, a = {.data = NULL},
                      b = {.data = NULL};
    rit_config_print(&first, &printed);
    if (rit_config_parse("second.yaml", (char *)printed.data, printed.size, &second, &err) != RIT_OK)
        fail_msg("%s\n%.*s\n%s", text, (int)printed.size, (char *)printed.data, err.text);
    assert_int_equal(rit_plan_count(&first), rit_plan_count(&second));
    for (int i = 0; i < rit_plan_count(&first); i++) {
        identity_of(&first, i, &a);
        identity_of(&second, i, &b);
        assert_string_equal((char *)a.data, (char *)b.data);
    }
    assert_memory_equal(&first.run, &second.run, sizeof first.run);
    rit_config_print(&second, &again);
    assert_int_equal(printed.size, again.size);
    assert_memory_equal(printed.data, again.data, printed.size);
    rit_buffer_release(&printed);
    rit_buffer_release(&again);
    rit_buffer_release(&a);
    rit_buffer_release(&b);
    rit_config_release(&first);
    rit_config_release(&second);
}

static void test_examples(void **state)
{
    (void)state;
    assert_survives_printing("{}");
    assert_survives_printing(
        "grid: {depth: [1, 2], zip: {width: [3, 5, 3], rule.eta: [1, 2, 3]}, seed: [4, 2]}");
    assert_survives_printing(
        "grid: [{zip: [{width: [3, 5], rule.eta: [1, 2]}, {depth: [1, 2], chorales: [3, 4]}]},\n"
        "       {zip: [{width: 6, rule.eta: 3}, {depth: 1, chorales: 3}]}]");
    assert_survives_printing("grid: {seed: {from: 1, to: 1000, by: 3}, width: [5, 4, 3, 2]}");
    assert_survives_printing("data: {source: chorales, file: \"a: \\\"b\\\" \\\\ # 'c' \\u00e9\"}");
    assert_survives_printing("grid: {data.source: [composer, chorales]}\ndata: {file: ~ tilde}");
    assert_survives_printing("grid: {rule.eta: [1e-12, 0.1, 0.30000000000000004, 1e2, 123.456e-3]}");
    assert_survives_printing("observe: {learning-time: false}\nrun: {checkpoint: 1e5, dataset: 0.1}");
}

/* A value a parameter may have. */
static void print_random_value(struct rit_random *r, const struct rit_param *param, struct rit_buffer *out)
{
    int choices = 0;
    double u = rit_random_uniform(r), low = param->low, high = param->high;
    double x = low + (fmin(high, low + 100 * (1 + fabs(low))) - low) * u;
    switch (param->kind) {
    case RIT_INT:
        rit_buffer_printf(out, "%.0f", floor(x));
        break;
    case RIT_REAL:
        rit_buffer_printf(out, "%.17g", x);
        break;
    case RIT_BOOL:
        rit_buffer_printf(out, "%s", u < 0.5 ? "true" : "false");
        break;
    case RIT_NAME:
        while (param->choices[choices])
            choices++;
        rit_buffer_printf(out, "%s", param->choices[(int)(u * choices)]);
        break;
    case RIT_TEXT:
        rit_buffer_printf(out, "'x %g # y'", u);
        break;
    case RIT_REALS:
        rit_buffer_printf(out, "[%.17g, %.17g]", x, x + (high - x) * u + 1e-3);
        break;
    }
}

/* A flat config of random parameters in sections, some of them as axes of two or one value. */
static void print_random_config(struct rit_random *r, struct rit_buffer *out)
{
    const struct rit_registry *registry = rit_registry();
    bool axis[RIT_MAX_PARAMS] = {false};
    rit_buffer_printf(out, "grid:\n");
    for (int axes = 0; axes < 4; axes++) {
        int i = (int)rit_random_below(r, (uint64_t)registry->count);
        const struct rit_param *param = registry->param[i];
        if (axis[i] || !rit_can_be_axis(param))
            continue;
        axis[i] = true;
        rit_buffer_printf(out, "  %s: [", rit_axis_name(param->key));
        print_random_value(r, param, out);
        rit_buffer_printf(out, "]\n");
    }
    struct rit_sections sections = rit_sections(registry);
    for (int s = 0; s < sections.n; s++) {
        rit_buffer_printf(out, "%s:\n", sections.name[s]);
        for (int i = 0; i < registry->count; i++) {
            const struct rit_param *param = registry->param[i];
            if (axis[i] || !rit_key_is_in(param->key, sections.name[s]) ||
                rit_random_below(r, (uint64_t)registry->count) != 0) /* about one of all there are */
                continue;
            rit_buffer_printf(out, "  %s: ", rit_key_tail(param->key));
            print_random_value(r, param, out);
            rit_buffer_printf(out, "\n");
        }
    }
    rit_buffer_printf(out, "%c", 0);
}

/* Many random configs are refused, for a member's parameter without the member above all; the others count.
 */
static void test_random_configs(void **state)
{
    (void)state;
    int good = 0;
    for (uint64_t i = 0; i < 6000; i++) {
        struct rit_random r = rit_random_open(1, RIT_FOR_TEST, i, 0);
        struct rit_buffer text = {.data = NULL};
        print_random_config(&r, &text);
        struct rit_config config;
        if (rit_config_parse("random.yaml", (char *)text.data, text.size - 1, &config, NULL) == RIT_OK) {
            rit_config_release(&config);
            assert_survives_printing((char *)text.data);
            good++;
        }
        rit_buffer_release(&text);
    }
    print_message("%d of 6000 random configs were good\n", good);
    assert_true(good >= 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples),
        cmocka_unit_test(test_random_configs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
