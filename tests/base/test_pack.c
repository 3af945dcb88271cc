/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The binary encoding: what is written reads back, everywhere the same bytes, and nothing is read beyond. */
#include "testing.h"

#include "base/pack.h"
#include "base/random.h"

#include <stdlib.h>
#include <string.h>

static void test_bytes_are_little_endian(void **state)
{
    (void)state;
    struct rit_buffer b = {.data = NULL};
    rit_pack_u32(&b, 0x01020304u);
    rit_pack_u64(&b, 0x0102030405060708u);
    rit_pack_f64(&b, 1.0);
    rit_pack_text(&b, "ab");
    static const unsigned char wanted[] = {4, 3, 2, 1, 8, 7,    6,    5, 4, 3, 2, 1,   0,
                                           0, 0, 0, 0, 0, 0xf0, 0x3f, 2, 0, 0, 0, 'a', 'b'};
    assert_int_equal(b.size, sizeof wanted);
    assert_memory_equal(b.data, wanted, sizeof wanted);
    rit_buffer_release(&b);
    assert_null(b.data);
    assert_int_equal(b.size, 0);
}

static void test_round_trip(void **state)
{
    (void)state;
    static const double doubles[] = {0.0, -0.0, 1.0 / 3, -1e308, 0x1p-1074, INFINITY, -INFINITY, NAN};
    struct rit_buffer b = {.data = NULL};
    struct rit_random r = rit_random_open(1, RIT_FOR_TEST, 0, 0);
    for (int i = 0; i < 1000; i++)
        rit_pack_u64(&b, rit_random_bits(&r));
    for (size_t i = 0; i < sizeof doubles / sizeof doubles[0]; i++)
        rit_pack_f64(&b, doubles[i]);
    rit_pack_text(&b, "");
    rit_pack_text(&b, "N_h = 70");
    rit_pack_bytes(&b, NULL, 0);

    struct rit_reader reader = {.data = b.data, .size = b.size};
    r = rit_random_open(1, RIT_FOR_TEST, 0, 0);
    for (int i = 0; i < 1000; i++)
        assert_true(rit_read_u64(&reader) == rit_random_bits(&r));
    for (size_t i = 0; i < sizeof doubles / sizeof doubles[0]; i++) {
        double x = rit_read_f64(&reader);
        assert_memory_equal(&x, &doubles[i], sizeof x); /* also the sign of zero and the NaN's bits */
    }
    char text[16];
    rit_read_text(&reader, text, sizeof text);
    assert_string_equal(text, "");
    rit_read_text(&reader, text, sizeof text);
    assert_string_equal(text, "N_h = 70");
    assert_false(reader.bad);
    assert_int_equal(reader.at, reader.size);
    rit_buffer_release(&b);
}

static void test_reader_stops_at_the_end(void **state)
{
    (void)state;
    struct rit_buffer b = {.data = NULL};
    rit_pack_u64(&b, 0x1111111111111111u);
    for (size_t cut = 0; cut < 8; cut++) {
        unsigned char *exact = malloc(cut ? cut : 1); /* so that a sanitizer sees a byte too many */
        memcpy(exact, b.data, cut);
        struct rit_reader reader = {.data = exact, .size = cut};
        rit_read_u64(&reader);
        assert_true(reader.bad);
        assert_int_equal(rit_read_u32(&reader), 0); /* once bad, always bad */
        assert_null(rit_read_bytes(&reader, 0));
        free(exact);
    }
    rit_buffer_release(&b);
}

static void test_lengths_are_not_trusted(void **state)
{
    (void)state;
    char out[8] = "before";
    struct rit_buffer b = {.data = NULL};
    rit_pack_u32(&b, 0xffffffffu); /* a text of 4 GB */
    struct rit_reader reader = {.data = b.data, .size = b.size};
    rit_read_text(&reader, out, sizeof out);
    assert_true(reader.bad);
    assert_string_equal(out, "");
    rit_buffer_release(&b);

    rit_pack_text(&b, "12345678"); /* no room for its closing zero */
    reader = (struct rit_reader){.data = b.data, .size = b.size};
    rit_read_text(&reader, out, sizeof out);
    assert_true(reader.bad);
    assert_string_equal(out, "");
    reader = (struct rit_reader){.data = b.data, .size = b.size};
    assert_null(rit_read_bytes(&reader, SIZE_MAX));
    assert_true(reader.bad);
    rit_buffer_release(&b);
}

static void test_printf_grows(void **state)
{
    (void)state;
    struct rit_buffer b = {.data = NULL};
    for (int i = 0; i < 1000; i++)
        rit_buffer_printf(&b, "%03d%s", i, i % 2 ? "\n" : " ");
    assert_int_equal(b.size, 4000);
    assert_memory_equal(b.data + 4 * 500, "500 501\n", 8);
    rit_buffer_printf(&b, "%*s", 5000, "x");
    assert_int_equal(b.size, 9000);
    assert_int_equal(b.data[8999], 'x');
    rit_buffer_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_are_little_endian),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_reader_stops_at_the_end),
        cmocka_unit_test(test_lengths_are_not_trusted),
        cmocka_unit_test(test_printf_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
