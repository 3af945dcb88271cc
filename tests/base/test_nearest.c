/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "testing.h"

#include "base/nearest.h"

static const char *nearest(const char *word)
{
    static const char *const known[] = {"depth", "width", "chorales", "seed", "rule.eta", "h"};
    return rit_nearest(word, known, sizeof known / sizeof known[0]);
}

static void test_slips(void **state)
{
    (void)state;
    assert_string_equal(nearest("depth"), "depth");
    assert_string_equal(nearest("depht"), "depth");      /* swapped */
    assert_string_equal(nearest("deph"), "depth");       /* missing */
    assert_string_equal(nearest("depthh"), "depth");     /* too many */
    assert_string_equal(nearest("debth"), "depth");      /* wrong */
    assert_string_equal(nearest("Width"), "width");      /* case does not count */
    assert_string_equal(nearest("coralls"), "chorales"); /* two slips in a long word */
    assert_string_equal(nearest("ruleeta"), "rule.eta");
    assert_string_equal(nearest("sede"), "seed");
}

static void test_nothing_near(void **state)
{
    (void)state;
    assert_null(nearest(""));
    assert_null(nearest("momentum"));
    assert_null(nearest("see_the_documentation"));
    assert_null(nearest("dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddepth"));
    assert_null(rit_nearest("depth", NULL, 0));
}

/* Of equally near ones the first. */
static void test_ties(void **state)
{
    (void)state;
    static const char *const known[] = {"beta", "zeta", "eta"};
    assert_string_equal(rit_nearest("geta", known, 3), "beta");
    assert_string_equal(rit_nearest("eta", known, 3), "eta");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slips),
        cmocka_unit_test(test_nothing_near),
        cmocka_unit_test(test_ties),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
