/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Complex matrices start unitary, and after a retraction they are so again, to 1e-12. */
#include <ritardando/model.h>

#include "base/random.h"
#include "blocks.h"
#include "testing.h"

#include <stdlib.h>
#include <string.h>

/* Largest element of U* U - g^2 I of a block of real parts above imaginary parts. */
static double off_unitary(const struct rit_weights *block, const double *w)
{
    int n = block->cols;
    const double *re = w + block->offset, *im = re + (size_t)n * (size_t)n;
    double off = 0.0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            double sum[2] = {i == j ? -block->scale * block->scale : 0.0, 0.0};
            for (int k = 0; k < n; k++) {
                sum[0] += re[k * n + i] * re[k * n + j] + im[k * n + i] * im[k * n + j];
                sum[1] += re[k * n + i] * im[k * n + j] - im[k * n + i] * re[k * n + j];
            }
            off = fmax(off, fmax(fabs(sum[0]), fabs(sum[1])));
        }
    return off;
}

static double most_off(const struct rit_layout *layout, const double *w)
{
    double off = 0.0;
    int kept = 0;
    for (int b = 0; b < layout->blocks; b++) {
        if (!layout->block[b].orthogonal)
            continue;
        kept++;
        off = fmax(off, off_unitary(&layout->block[b], w));
    }
    assert_true(kept > 0);
    return off;
}

static void check(const char *start, const char *width, const char *gain)
{
    struct rit_port port = {RIT_ROW_REALS, 3};
    struct rit_block block = rit_test_block(port, port);
    struct rit_layout layout;
    struct rit_arena arena;
    struct rit_error err;
    struct rit_point point;
    rit_point_init(&point, rit_registry());
    rit_point_set(&point, "model.name", "layered-unitary");
    rit_point_set(&point, "model.depth", "2");
    rit_point_set(&point, "model.width", width);
    rit_point_set(&point, "model.orthogonal", "all");
    rit_point_set(&point, "model.recurrent-init", start);
    rit_point_set(&point, "model.feedforward-init", start);
    rit_point_set(&point, "model.recurrent-gain", gain);
    const struct rit_model *model = rit_model_of(&point);
    assert_int_equal(model->layout(&point, port, port, &layout, &err), RIT_OK);
    struct rit_net *net = rit_test_open_net(&point, &layout, &block, &arena);
    double *w = calloc(layout.size, sizeof *w);
    model->init(&point, &layout, &block, w);
    if (strcmp(start, "gaussian") != 0)
        assert_true(most_off(&layout, w) < 1e-12);
    struct rit_random random = rit_random_open(1, RIT_FOR_TEST, 0, 0);
    for (size_t i = 0; i < layout.size; i++)
        w[i] += 0.02 * rit_random_gauss(&random);
    assert_true(most_off(&layout, w) > 1e-3);
    assert_int_equal(model->retract_period(&point), 1);
    assert_true(model->retract(net, w));
    assert_true(most_off(&layout, w) < 1e-12);
    w[layout.block[1].offset] = NAN;
    assert_false(model->retract(net, w));
    free(w);
    free(arena.base);
    rit_test_free_block(&block);
}

static void unitary_at_the_start_and_after_retraction(void **state)
{
    (void)state;
    static const char *const widths[] = {"1", "2", "5", "17", "40"};
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
        check("haar", widths[i], "1");
        check("permutation", widths[i], "0.7");
        check("gaussian", widths[i], "1.3");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(unitary_at_the_start_and_after_retraction)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
