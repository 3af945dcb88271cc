/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Variational circuits at fixed angles, against an independent implementation: outputs and tangent kernels.
 */
#include <ritardando/model.h>

#include "testing.h"

#include <stdlib.h>
#include <string.h>

/* E = y_0: its gradient is the Jacobian's. */
static double first_output(const void *self, int pair, int rows, const double *y, double *delta, int stride)
{
    (void)self;
    (void)pair;
    double sum = 0.0;
    for (int r = 0; r < rows; r++) {
        sum += y[r * stride];
        if (delta)
            delta[r * stride] = -1.0;
    }
    return sum;
}

struct fixed {
    const char *ansatz;
    int angles;
    double f[2], kernel[3];
};

static void check(const struct fixed *fixed)
{
    static const float x[] = {0.1f, 0.2f, 0.3f, -0.4f, 0.5f, -0.6f}, y[2];
    static const int start[] = {0, 1, 2};
    struct rit_port in = {RIT_ROW_REALS, 3}, asked = {RIT_ROW_REALS, 1};
    struct rit_block block = {.sequences = 2, .pairs = 2, .longest = 1, .start = start, .deviation = 1.0};
    block.in = (struct rit_rows){.port = in, .real = x};
    block.asked = (struct rit_rows){.port = asked, .real = y};
    struct rit_layout layout;
    struct rit_arena arena;
    struct rit_error err;
    struct rit_point point;
    rit_point_init(&point, rit_registry());
    rit_point_set(&point, "model.name", "circuit");
    rit_point_set(&point, "model.width", "3");
    rit_point_set(&point, "model.depth", "2");
    rit_point_set(&point, "model.ansatz", fixed->ansatz);
    const struct rit_model *model = rit_model_of(&point);
    assert_int_equal(model->layout(&point, in, asked, &layout, &err), RIT_OK);
    assert_int_equal(layout.size, fixed->angles);
    struct rit_net *net = rit_test_open_net(&point, &layout, &block, &arena);
    double w[64], g[2][64], kernel[3] = {0.0};
    float f[2];
    for (int i = 0; i < fixed->angles; i++)
        w[i] = sin(1.0 + i);
    model->load(net, w);
    rit_test_outputs(model, net, &block, f);
    struct rit_criterion criterion = {NULL, NULL, first_output};
    for (int t = 0; t < 2; t++) {
        struct rit_pass pass;
        rit_assert_near((double)f[t], fixed->f[t], 1e-7);
        model->pass(net, &(struct rit_batch){.kind = RIT_TIME_POINTS, .n = 1, .index = &t}, RIT_WANT_NOTHING,
                    &criterion, g[t], &pass);
    }
    for (int i = 0; i < fixed->angles; i++) {
        kernel[0] += g[0][i] * g[0][i];
        kernel[1] += g[0][i] * g[1][i];
        kernel[2] += g[1][i] * g[1][i];
    }
    for (int i = 0; i < 3; i++)
        rit_assert_near(kernel[i], fixed->kernel[i], 1e-7);
    free(arena.base);
}

static void fixed_numbers(void **state)
{
    (void)state;
    static const struct fixed all[] = {
        {"hardware-efficient", 21, {.32518072, .58740007}, {1.8170801553, 1.2805024537, 1.0837606526}},
        {"path", 4, {.98157126, .83962072}, {.0580741456, .1021801293, .4695623434}}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        check(&all[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(fixed_numbers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
