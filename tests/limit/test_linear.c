/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Wide networks are linear: descent on eight points of a circle with the target x_1 x_2, 138 steps of .34,
 * against descent on the network's own first-order expansion. Root mean squares over networks are known to
 * about a tenth.
 */
#include "points.h"

#include "base/arena.h"
#include "kernel/kernels.h"
#include "slope/jacobian.h"

#include <math.h>

enum { TRAINED = 8, TESTED = 32, STEPS = 138, SIZE = 2 };
static const double eta = 0.34;

/* One network at two times: outputs and kernels at both blocks. */
struct looked {
    double f[TRAINED + TESTED], cross[(TRAINED + TESTED) * TRAINED]; /* Theta with the trained rows */
};

static double *new_rows(int rows, const struct rit_layout *layout)
{
    return calloc((size_t)rows * layout->size, sizeof(double));
}

/* Outputs and gradients of all pairs of a block, at weights w. */
static void differentiate(const struct rit_point *point, const struct rit_layout *layout,
                          const struct rit_block *block, const double *w, double *f, double *row)
{
    struct rit_arena measure = {0}, arena;
    const struct rit_model *model = rit_model_of(point);
    struct rit_scene scene = {.point = point, .layout = layout, .block = block, .model = model};
    model->open(point, layout, block, &measure);
    arena = rit_arena_new(measure.used);
    scene.net = model->open(point, layout, block, &arena);
    model->load(scene.net, w);
    for (int p = 0; p < block->pairs; p++)
        f[p] = rit_jacobian_row(&scene, p, 0, row + (size_t)p * layout->size);
    free(arena.base);
}

static double product(size_t n, const double *a, const double *b)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static struct looked look(const struct rit_point *point, const struct rit_layout *layout,
                          const struct points *ring, const struct points *test, const double *w)
{
    struct looked at;
    double *row = new_rows(TRAINED + TESTED, layout);
    differentiate(point, layout, &ring->block, w, at.f, row);
    differentiate(point, layout, &test->block, w, at.f + TRAINED, row + TRAINED * layout->size);
    for (int p = 0; p < TRAINED + TESTED; p++)
        for (int q = 0; q < TRAINED; q++)
            at.cross[p * TRAINED + q] =
                product(layout->size, row + (size_t)p * layout->size, row + (size_t)q * layout->size);
    free(row);
    return at;
}

/* Descent on the expansion: f = f_0 + Theta_0 a, a += eta/P (y - f). */
static void follow_line(const struct looked *from, const float *y, double *f)
{
    double a[TRAINED] = {0.0};
    memcpy(f, from->f, sizeof from->f);
    for (int step = 0; step < STEPS; step++) {
        for (int q = 0; q < TRAINED; q++)
            a[q] += eta / TRAINED * ((double)y[q] - f[q]);
        for (int p = 0; p < TRAINED + TESTED; p++)
            f[p] = from->f[p] + product(TRAINED, from->cross + p * TRAINED, a);
    }
}

struct measured {
    double off_line, drift, moved;
};

static double squared_distance(size_t n, const double *a, const double *b)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
}

/* Adds the squares of one network's numbers. */
static void train(const struct rit_point *point, const struct points *ring, const struct points *test,
                  struct measured *sum)
{
    const struct rit_layout *layout;
    struct rit_run *run = start(point, &ring->block);
    rit_run_weights(run, &layout);
    double *w_0 = new_rows(1, layout), f[TRAINED + TESTED];
    memcpy(w_0, rit_run_weights(run, NULL), sizeof *w_0 * layout->size);
    rit_run_advance(run, STEPS);
    const double *w = rit_run_weights(run, NULL);
    struct looked before = look(point, layout, ring, test, w_0), after = look(point, layout, ring, test, w);
    follow_line(&before, ring->y, f);
    sum->off_line += squared_distance(TESTED, f + TRAINED, after.f + TRAINED) / TESTED;
    sum->drift += squared_distance(TRAINED * TRAINED, before.cross, after.cross) /
                  product(TRAINED * TRAINED, before.cross, before.cross);
    sum->moved += squared_distance(layout->size, w_0, w) / product(layout->size, w_0, w_0);
    free(w_0);
    rit_run_free(run);
}

/* Known numbers are of so many networks that a tenth is some two of their errors. */
static void check(const char *what, int width, double square, int nets, double known)
{
    double value = sqrt(square / nets), error = value * hypot(0.4 / sqrt(nets), 0.06);
    if (!(fabs(value - known) <= 4.0 * error))
        print_error("%s at width %d: %g, known %g\n", what, width, value, known);
    assert_true(fabs(value - known) <= 4.0 * error);
}

static void test_wide_networks_are_linear(void **state)
{
    (void)state;
    static const struct {
        int width, nets;
        double off_line, drift, moved; /* moved 0: not known */
    } known[] = {{16, 40, .176, .455, 0.0},    {32, 40, .116, .227, 0.0},   {64, 24, .074, .127, .0348},
                 {128, 12, .038, .073, .0167}, {256, 8, .024, .040, .0086}, {512, 4, .0125, .0195, .0040},
                 {1024, 2, .0057, .0082, 0.0}};
    double first[2] = {0.0}, last[2] = {0.0};
    struct points ring, test;
    make_ring(&ring, TRAINED);
    make_ring(&test, TESTED);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct measured sum = {.off_line = 0.0};
        for (int n = 1; n <= known[i].nets; n++) {
            struct rit_point point;
            char seed[16];
            set_dense(&point, "erf", 2, known[i].width, SIZE, 0.1);
            snprintf(seed, sizeof seed, "%d", n);
            rit_point_set(&point, "seed", seed);
            rit_point_set(&point, "rule.eta", "0.34");
            rit_point_set(&point, "rule.warmup", "0");
            train(&point, &ring, &test, &sum);
        }
        check("off the line", known[i].width, sum.off_line, known[i].nets, known[i].off_line);
        check("drift", known[i].width, sum.drift, known[i].nets, known[i].drift);
        if (known[i].moved > 0.0)
            check("moved", known[i].width, sum.moved, known[i].nets, known[i].moved);
        last[0] = sqrt(sum.off_line / known[i].nets);
        last[1] = sqrt(sum.drift / known[i].nets);
        for (int k = 0; i == 0 && k < 2; k++)
            first[k] = last[k];
    }
    /* over a factor 64 in width the powers -.87 and -.91, typical of 1/n, and not of 1/sqrt n */
    for (int k = 0; k < 2; k++) {
        double power = log(last[k] / first[k]) / log(64.0);
        rit_assert_near(power, -0.85, 0.25);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wide_networks_are_linear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
