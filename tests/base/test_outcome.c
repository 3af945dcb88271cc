/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ritardando/outcome.h>

#include "base/pack.h"
#include "base/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct rit_outcome example(void)
{
    struct rit_outcome o = {.end = RIT_END_CENSORED, .steps = 12345678901234u, .tau = 1.0 / 3.0};
    const char *dims[] = {"grid_tau", "block"};
    size_t length[] = {3, 2};
    rit_outcome_add(&o, "scalar", "1", "one number", 0, NULL, NULL)->data[0] = -0.0;
    struct rit_variable *v = rit_outcome_add(&o, "drift", "tau", "two dimensions", 2, dims, length);
    for (int i = 0; i < 5; i++)
        v->data[i] = i / 7.0;
    size_t none = 0;
    rit_outcome_add(&o, "empty", "1", "no numbers", 1, dims, &none);
    rit_outcome_label(&o, "block", 2, (const char *const[]){"all", "J1"});
    return o;
}

static struct rit_buffer packed(const struct rit_outcome *o)
{
    struct rit_buffer bytes = {0};
    rit_outcome_pack(o, &bytes);
    return bytes;
}

static void assert_same_bytes(const struct rit_buffer *a, const struct rit_buffer *b)
{
    assert_int_equal(a->size, b->size);
    assert_memory_equal(a->data, b->data, a->size);
}

static void test_what_is_read_is_what_was_packed(void **state)
{
    (void)state;
    struct rit_outcome o = example(), back;
    struct rit_buffer bytes = packed(&o);
    struct rit_reader in = {.data = bytes.data, .size = bytes.size};
    assert_int_equal(rit_outcome_read(&in, &back, NULL), RIT_OK);
    assert_int_equal(in.at, in.size);
    assert_int_equal(back.end, RIT_END_CENSORED);
    assert_true(back.steps == o.steps && back.tau == o.tau);
    const struct rit_variable *v = rit_outcome_find(&back, "drift");
    assert_non_null(v);
    assert_string_equal(v->unit, "tau");
    assert_string_equal(v->meaning, "two dimensions");
    assert_string_equal(v->dim[1], "block");
    assert_int_equal(v->count, 6);
    assert_true(v->data[4] == 4 / 7.0);
    assert_true(isnan(v->data[5])); /* never set */
    assert_int_equal(rit_outcome_find(&back, "empty")->count, 0);
    const struct rit_labels *labels = rit_outcome_labels(&back, "block");
    assert_non_null(labels);
    assert_int_equal(labels->n, 2);
    assert_string_equal(labels->label[1], "J1");
    assert_null(rit_outcome_labels(&back, "grid_tau"));
    assert_true(signbit(rit_outcome_find(&back, "scalar")->data[0]));
    assert_null(rit_outcome_find(&back, "drif"));
    struct rit_buffer again = packed(&back);
    assert_same_bytes(&bytes, &again);
    rit_buffer_release(&bytes);
    rit_buffer_release(&again);
    rit_outcome_release(&o);
    rit_outcome_release(&back);
}

static void test_order_and_nan_bits_do_not_show(void **state)
{
    (void)state;
    struct rit_outcome a = {0}, b = {0};
    rit_outcome_add(&a, "x", "1", "", 0, NULL, NULL)->data[0] = 1.0;
    rit_outcome_add(&a, "y", "1", "", 0, NULL, NULL);
    double odd = -NAN;
    uint64_t bits = 0xfff8000000000123u;
    memcpy(&odd, &bits, sizeof odd);
    rit_outcome_add(&b, "y", "1", "", 0, NULL, NULL)->data[0] = odd;
    rit_outcome_add(&b, "x", "1", "", 0, NULL, NULL)->data[0] = 1.0;
    struct rit_buffer from_a = packed(&a), from_b = packed(&b);
    assert_same_bytes(&from_a, &from_b);
    rit_buffer_release(&from_a);
    rit_buffer_release(&from_b);
    rit_outcome_release(&a);
    rit_outcome_release(&b);
}

/* Whatever bytes come, reading ends, keeps within them, and accepts only what pack would write. */
static void try_bytes(const unsigned char *data, size_t size, int *accepted)
{
    struct rit_outcome o;
    struct rit_reader in = {.data = data, .size = size};
    if (rit_outcome_read(&in, &o, NULL) != RIT_OK) {
        assert_int_equal(o.variables, 0);
        return;
    }
    ++*accepted;
    struct rit_buffer again = packed(&o);
    assert_int_equal(again.size, in.at);
    assert_memory_equal(again.data, data, again.size);
    rit_buffer_release(&again);
    rit_outcome_release(&o);
}

static void test_untrusted_bytes(void **state)
{
    (void)state;
    struct rit_outcome o = example();
    struct rit_buffer bytes = packed(&o);
    int accepted = 0;
    for (size_t size = 0; size < bytes.size; size++)
        try_bytes(bytes.data, size, &accepted);
    assert_int_equal(accepted, 0); /* every cut is seen */
    struct rit_random random = rit_random_open(1, RIT_FOR_TEST, 0, 0);
    for (int trial = 0; trial < 20000; trial++) {
        size_t at = rit_random_below(&random, bytes.size);
        unsigned char kept = bytes.data[at];
        bytes.data[at] = (unsigned char)rit_random_bits(&random);
        try_bytes(bytes.data, bytes.size, &accepted);
        bytes.data[at] = kept;
    }
    assert_true(accepted > 0); /* a changed number is another outcome, not a broken one */
    rit_buffer_release(&bytes);
    rit_outcome_release(&o);
}

static void assert_differs(const struct rit_outcome *stored, const struct rit_outcome *now, const char *said)
{
    char what[RIT_VARIABLE_TEXT] = "";
    assert_true(rit_outcome_differs(stored, now, what, sizeof what));
    assert_non_null(strstr(what, said));
}

/* A version after may measure more and say it in other words; every number that was stored must come again.
 */
static void test_numbers_are_compared_and_not_words(void **state)
{
    (void)state;
    char what[RIT_VARIABLE_TEXT];
    struct rit_outcome stored = example(), more = example(), less = {.end = RIT_END_CENSORED}, worded = less;
    rit_outcome_put(&more, "novel", "1", "not measured before", 0, NULL, NULL, &(double){3.0});
    assert_false(rit_outcome_differs(&stored, &more, what, sizeof what));
    assert_differs(&more, &stored, "the variable novel is no longer made");
    more.variable[1]->data[4] = nextafter(more.variable[1]->data[4], 1.0);
    assert_differs(&stored, &more, "drift[4] was 0.571");
    more.variable[1]->data[4] = stored.variable[1]->data[4];
    more.variable[0]->data[0] = 0.0;
    assert_differs(&stored, &more, "scalar[0] was -0 and is now 0");
    more.variable[0]->data[0] = -0.0;
    more.steps++;
    assert_differs(&stored, &more, "it ended after 12345678901234 steps, now after 12345678901235");
    more.steps--;
    more.end = RIT_END_LEARNED;
    assert_differs(&stored, &more, "it ended censored, now learned");
    rit_outcome_put(&less, "x", "bit", "a number", 0, NULL, NULL, &(double){NAN});
    rit_outcome_put(&worded, "x", "bit", "the number", 0, NULL, NULL, &(double){-NAN});
    assert_false(rit_outcome_differs(&less, &worded, what, sizeof what));
    rit_outcome_label(&less, "block", 1, (const char *const[]){"all"});
    rit_outcome_label(&worded, "block", 1, (const char *const[]){"J1"});
    assert_differs(&less, &worded, "the places along block are others");
    rit_outcome_release(&stored);
    rit_outcome_release(&more);
    rit_outcome_release(&less);
    rit_outcome_release(&worded);
}

static struct rit_buffer content_of(const struct rit_outcome *o, bool *library)
{
    struct rit_buffer bytes = packed(o), content = {0};
    *library = rit_outcome_content(bytes.data, bytes.size, &content);
    rit_buffer_release(&bytes);
    return content;
}

/* Numbers of a library: marked in the bytes, compared to 1e-10 of the largest, and in no content. */
static void test_numbers_of_a_library(void **state)
{
    (void)state;
    char what[RIT_VARIABLE_TEXT];
    struct rit_outcome stored = example(), now = example(), back;
    bool library;
    struct rit_variable *v = now.variable[1];
    v->data[1] += 1e-12;
    assert_differs(&stored, &now, "drift[1] was 0.142"); /* bits, so far */
    stored.variable[1]->library = v->library = true;
    assert_false(rit_outcome_differs(&stored, &now, what, sizeof what));
    v->data[1] += 1e-6;
    assert_differs(&stored, &now, "drift[1] was 0.142");
    v->data[1] = NAN; /* no number is none of 1e-10 more or less */
    assert_differs(&stored, &now, "drift[1] was 0.142");
    now.variable[0]->data[0] = 1e-300; /* of the others every bit counts */
    v->data[1] = stored.variable[1]->data[1];
    assert_differs(&stored, &now, "scalar[0] was -0");
    now.variable[0]->data[0] = -0.0;

    v->data[1] += 0.5;
    struct rit_buffer a = content_of(&stored, &library), b = content_of(&now, &library), bytes = packed(&now);
    assert_true(library);
    assert_same_bytes(&a, &b);
    struct rit_reader in = {.data = bytes.data, .size = bytes.size};
    assert_int_equal(rit_outcome_read(&in, &back, NULL), RIT_OK);
    assert_true(rit_outcome_find(&back, "drift")->library && !rit_outcome_find(&back, "scalar")->library);
    rit_buffer_release(&a);
    rit_buffer_release(&b);
    rit_buffer_release(&bytes);

    bytes = packed(&stored); /* what ends before its variables do is taken as it is */
    for (size_t size = 0; size < bytes.size; size++) {
        struct rit_buffer cut = {0};
        bool stripped = rit_outcome_content(bytes.data, size, &cut);
        assert_int_equal(cut.size, stripped ? size - sizeof(double) * stored.variable[1]->count : size);
        rit_buffer_release(&cut);
    }
    memset(bytes.data, 0xff, bytes.size);
    struct rit_buffer none = {0};
    assert_false(rit_outcome_content(bytes.data, bytes.size, &none));
    assert_same_bytes(&none, &bytes);
    rit_buffer_release(&none);
    rit_buffer_release(&bytes);

    now.variable[1]->library = false; /* without any, the content is all there is */
    a = packed(&now);
    b = content_of(&now, &library);
    assert_false(library);
    assert_same_bytes(&a, &b);
    rit_buffer_release(&a);
    rit_buffer_release(&b);
    rit_outcome_release(&stored);
    rit_outcome_release(&now);
    rit_outcome_release(&back);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_read_is_what_was_packed),
        cmocka_unit_test(test_order_and_nan_bits_do_not_show),
        cmocka_unit_test(test_untrusted_bytes),
        cmocka_unit_test(test_numbers_are_compared_and_not_words),
        cmocka_unit_test(test_numbers_of_a_library),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
