/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parameters and points, on a small registry of their own. */
#include "testing.h"

#include <ritardando/point.h>

#include "base/pack.h"
#include "base/random.h"
#include "dies.h"

#include <string.h>

static const char *const kinds[] = {"plain", "rich", "rich-er", NULL};
static const struct rit_param params[] = {
    {.key = "seed", .kind = RIT_INT, .fallback = "1", .low = -5, .high = 1e6},
    {.key = "rule.eta", .kind = RIT_REAL, .fallback = "0.1", .low = -1, .high = 1e300},
    {.key = "stop.early", .kind = RIT_BOOL, .fallback = "false"},
    {.key = "model.kind", .kind = RIT_NAME, .fallback = "plain", .choices = kinds},
    {.key = "data.file", .kind = RIT_TEXT, .fallback = "", .not_identity = true},
    {.key = "observe.marks", .kind = RIT_REALS, .fallback = "[1, 2.5]", .low = 0, .high = 10},
    {.key = "model.gain", .kind = RIT_INT, .fallback = "3", .low = 0, .high = 9},
    {.key = "stop.patience", .kind = RIT_INT, .fallback = "7", .low = 0, .high = 9},
};
enum { SEED, ETA, EARLY, KIND, FILE_NAME, MARKS, GAIN, PATIENCE, PARAMS };

static struct rit_registry registry;

static int fill_registry(void **state)
{
    (void)state;
    for (int i = 0; i < PARAMS; i++)
        registry.param[i] = &params[i];
    registry.conditions[GAIN] = 1;
    registry.condition[GAIN][0] = (struct rit_condition){KIND, "rich-er deep rich"};
    registry.conditions[PATIENCE] = 2;
    registry.condition[PATIENCE][0] = (struct rit_condition){EARLY, "true"};
    registry.condition[PATIENCE][1] = (struct rit_condition){GAIN, "3.."};
    registry.count = PARAMS;
    return 0;
}

static void test_defaults_and_access(void **state)
{
    (void)state;
    struct rit_point point;
    rit_point_init(&point, &registry);
    assert_int_equal(rit_point_int(&point, "seed"), 1);
    assert_true(rit_point_real(&point, "rule.eta") == 0.1);
    assert_false(rit_point_bool(&point, "stop.early"));
    assert_string_equal(rit_point_name(&point, "model.kind"), "plain");
    assert_string_equal(rit_point_text(&point, "data.file"), "");
    const double *x;
    assert_int_equal(rit_point_reals(&point, "observe.marks", &x), 2);
    assert_true(x[0] == 1.0 && x[1] == 2.5);
    rit_point_set(&point, "seed", "-4");
    rit_point_set(&point, "observe.marks", "[]");
    assert_int_equal(rit_point_int(&point, "seed"), -4);
    assert_int_equal(rit_point_reals(&point, "observe.marks", &x), 0);
    assert_int_equal(rit_param_find(&registry, "rule.eta"), ETA);
    assert_int_equal(rit_param_find(&registry, "rule.et"), -1);
}

static bool parses(int param, const char *text)
{
    union rit_value value;
    return rit_value_parse(&params[param], text, &value, NULL, 0);
}

static void test_what_parses(void **state)
{
    (void)state;
    static const char *const good[PARAMS][8] = {
        [SEED] = {"0", "-5", "+3", "1000000", "1e6", "2.0"},
        [ETA] = {"0", "-1", ".5", "5.", "1e-400", "1E+3", "-0.0"},
        [EARLY] = {"true", "false"},
        [KIND] = {"plain", "rich", "rich-er"},
        [FILE_NAME] = {"", "a b", "\xc3\xa9", "[1]"},
        [MARKS] = {"[]", "[ ]", "[0]", "[0,10]", "[ 1 , 2 , 3e0 ]", "[1, 2, ]"},
    };
    static const char *const bad[PARAMS][16] = {
        [SEED] = {"", "x", "3x", "-6", "1000001", "1.5", "0x3", "010", "1e-1", " 1", "1 ", "--1", "1_000",
                  "1e"},
        [ETA] = {"", "inf", "nan", "1e301", "1.2.3", ".", "e5", "0x1p3", "1,5", "1]", "[1]", "+-1", "00",
                 "1e999"},
        [EARLY] = {"", "True", "yes", "1", "TRUE", "falsee"},
        [KIND] = {"", "Plain", "rich-", "rich-er "},
        [FILE_NAME] = {"a\nb", "\t", "\x7f"},
        [MARKS] = {"", "1", "1, 2", "[1", "1]", "[1 2]", "[2, 1]", "[1, 1]", "[11]", "[-1]", "[1,,2]", "[x]",
                   "[1]]", "[1] 2", "[,]", "[1,2,3,4,5,6,7,8,9,9.1,9.2,9.3,9.4,9.5,9.6,9.7,9.8]"},
    };
    for (int p = 0; p < GAIN; p++) {
        for (int i = 0; i < 8 && good[p][i]; i++)
            if (!parses(p, good[p][i]))
                fail_msg("%s: '%s' should be allowed", params[p].key, good[p][i]);
        for (int i = 0; i < 16 && bad[p][i]; i++)
            if (parses(p, bad[p][i]))
                fail_msg("%s: '%s' should be refused", params[p].key, bad[p][i]);
    }
}

static void assert_why(int param, const char *text, const char *wanted)
{
    union rit_value value;
    char why[200];
    assert_false(rit_value_parse(&params[param], text, &value, why, sizeof why));
    assert_string_equal(why, wanted);
}

static void test_what_is_said(void **state)
{
    (void)state;
    assert_why(SEED, "-6", "-6 is outside the allowed range -5 .. 1e6");
    assert_why(SEED, "1.5", "1.5 is not a whole number");
    assert_why(ETA, "1e301", "1e301 is outside the allowed range -1 .. 1e300");
    assert_why(ETA, "fast", "'fast' is not a number");
    assert_why(EARLY, "Yes", "'Yes' is neither true nor false (write true)");
    assert_why(KIND, "rihc",
               "'rihc' is not known here; choose from plain, rich, rich-er (did you mean 'rich'?)");
    assert_why(KIND, "something else",
               "'something else' is not known here; choose from plain, rich, rich-er");
    assert_why(MARKS, "[3, 2]", "the numbers of '[3, 2]' must ascend");
    char lengthy[2000], why[40];
    memset(lengthy, 'x', sizeof lengthy - 1);
    lengthy[sizeof lengthy - 1] = 0;
    union rit_value value;
    for (int p = 0; p < GAIN; p++) { /* no buffer of any size is overrun */
        for (size_t size = 1; size <= sizeof why; size++) {
            assert_false(rit_value_parse(&params[p], lengthy, &value, why, size));
            assert_true(strlen(why) < size);
        }
    }
}

/* Every finite double survives printing, and short ones are printed short. */
static void test_reals_survive_printing(void **state)
{
    (void)state;
    struct rit_param any = {.key = "x", .kind = RIT_REAL, .low = -INFINITY, .high = INFINITY};
    struct rit_random r = rit_random_open(1, RIT_FOR_TEST, 0, 0);
    for (int i = 0; i < 100000; i++) {
        uint64_t bits = rit_random_bits(&r);
        union rit_value value, back;
        memcpy(&value.x, &bits, sizeof bits);
        if (!isfinite(value.x) || value.x == 0.0)
            continue;
        if (i % 2)
            value.x = (double)(int)(bits % 2000000) / 1000.0;
        char text[40];
        int length = rit_value_print(&any, &value, text, sizeof text);
        assert_true(0 < length && (size_t)length < sizeof text);
        assert_true(rit_value_parse(&any, text, &back, NULL, 0));
        assert_true(back.x == value.x);
        if (i % 2)
            assert_true(strlen(text) <= 8);
    }
    static const struct {
        double x;
        const char *text;
    } known[] = {{0, "0"},
                 {2000, "2000"},
                 {0.1, "0.1"},
                 {1e-12, "1.0e-12"},
                 {1e15, "1000000000000000"},
                 {1e16, "1.0e+16"},
                 {1e-5, "0.00001"},
                 {-2.5, "-2.5"},
                 {1.0 / 3, "0.3333333333333333"},
                 {5e-324, "4.9e-324"},
                 {123456789012345680.0, "1.2345678901234568e+17"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        char text[40];
        rit_real_print(known[i].x, text, sizeof text);
        assert_string_equal(text, known[i].text);
    }
}

static void test_no_minus_zero(void **state)
{
    (void)state;
    union rit_value value;
    assert_true(rit_value_parse(&params[ETA], "-0", &value, NULL, 0));
    assert_false(signbit(value.x));
}

static void test_lists_print(void **state)
{
    (void)state;
    union rit_value value;
    assert_true(rit_value_parse(&params[MARKS], "[0.01,0.02, 1e0]", &value, NULL, 0));
    char text[40];
    assert_int_equal(rit_value_print(&params[MARKS], &value, text, sizeof text), 15);
    assert_string_equal(text, "[0.01, 0.02, 1]");
    assert_int_equal(rit_value_print(&params[MARKS], &value, text, 4), 15); /* snprintf's length */
    assert_string_equal(text, "[0.");
}

static void test_what_applies(void **state)
{
    (void)state;
    struct rit_point point;
    rit_point_init(&point, &registry);
    assert_true(rit_param_applies(&point, SEED));
    assert_false(rit_param_applies(&point, GAIN));
    assert_false(rit_param_applies(&point, PATIENCE));
    rit_point_set(&point, "model.kind", "rich"); /* the last word, not the start of the first */
    assert_true(rit_param_applies(&point, GAIN));
    rit_point_set(&point, "model.kind", "rich-er");
    assert_true(rit_param_applies(&point, GAIN));
    rit_point_set(&point, "stop.early", "true");
    assert_true(rit_param_applies(&point, PATIENCE));
    rit_point_set(&point, "model.gain", "2"); /* one of two conditions */
    assert_false(rit_param_applies(&point, PATIENCE));
    rit_point_set(&point, "model.gain", "3");
    rit_point_set(&point, "model.kind", "plain"); /* a gain without a meaning gives none */
    assert_false(rit_param_applies(&point, PATIENCE));
}

static void assert_identity(const struct rit_point *point, enum rit_share share, const char *wanted)
{
    struct rit_buffer text = {.data = NULL};
    rit_point_print_identity(point, share, &text);
    rit_pack_bytes(&text, "", 1);
    assert_string_equal((char *)text.data, wanted);
    rit_buffer_release(&text);
}

/* The identity holds what decides bits and differs from its default, and nothing else, in the order of keys.
 */
static void test_identity(void **state)
{
    (void)state;
    struct rit_point point, back;
    struct rit_error err;
    rit_point_init(&point, &registry);
    rit_point_set(&point, "data.file", "/somewhere");
    rit_point_set(&point, "model.gain", "5"); /* without a meaning while the kind is plain */
    assert_identity(&point, RIT_WHOLE, "");
    rit_point_set(&point, "model.kind", "rich");
    rit_point_set(&point, "seed", "4");
    rit_point_set(&point, "rule.eta", "0.1"); /* the default, given */
    rit_point_set(&point, "observe.marks", "[1]");
    static const char whole[] = "model.gain: 5\nmodel.kind: rich\nobserve.marks: [1]\nseed: 4\n";
    assert_identity(&point, RIT_WHOLE, whole);
    assert_identity(&point, RIT_TRAJECTORY, "model.gain: 5\nmodel.kind: rich\nseed: 4\n");
    assert_identity(&point, RIT_REQUEST, "observe.marks: [1]\n");
    assert_int_equal(rit_point_read_identity(&back, &registry, whole, &err), RIT_OK);
    assert_identity(&back, RIT_WHOLE, whole);
}

static void ask_wrong_key(void)
{
    struct rit_point point;
    rit_point_init(&point, &registry);
    rit_point_int(&point, "sede");
}

static void ask_wrong_kind(void)
{
    struct rit_point point;
    rit_point_init(&point, &registry);
    rit_point_real(&point, "seed");
}

static void set_wrong_value(void)
{
    struct rit_point point;
    rit_point_init(&point, &registry);
    rit_point_set(&point, "seed", "-6");
}

static void test_misuse_is_a_bug(void **state)
{
    (void)state;
    assert_true(rit_test_dies(ask_wrong_key));
    assert_true(rit_test_dies(ask_wrong_kind));
    assert_true(rit_test_dies(set_wrong_value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults_and_access), cmocka_unit_test(test_what_parses),
        cmocka_unit_test(test_what_is_said),        cmocka_unit_test(test_reals_survive_printing),
        cmocka_unit_test(test_no_minus_zero),       cmocka_unit_test(test_lists_print),
        cmocka_unit_test(test_what_applies),        cmocka_unit_test(test_identity),
        cmocka_unit_test(test_misuse_is_a_bug),
    };
    return cmocka_run_group_tests(tests, fill_registry, NULL);
}
