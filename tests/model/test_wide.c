/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Kernels of infinite width: the check values of dense networks, tiles, and random networks of finite width.
 * Values are from quadrature in float64 by another program.
 */
#include "kernel/gram.h"
#include "netting.h"
#include "observe/tangent/spectrum.h"
#include "slope/jacobian.h"

#include <string.h>

static const char *const activations[] = {"identity", "erf", "relu", "tanh", "sin", "cos"};

static void set_dense(struct rit_point *point, const char *activation, const char *gain, const char *depth)
{
    rit_point_init(point, rit_registry());
    rit_point_set(point, "model.name", "dense");
    rit_point_set(point, "model.parametrisation", "ntk");
    rit_point_set(point, "model.activation", activation);
    rit_point_set(point, "model.gain", gain);
    rit_point_set(point, "model.bias-variance", "0.1");
    rit_point_set(point, "model.depth", depth);
}

static struct rit_wide wide_of(const struct rit_point *point, struct rit_port in)
{
    struct rit_wide wide;
    struct rit_error err;
    if (rit_model_of(point)->wide(point, in, &wide, &err) != RIT_OK)
        fail_msg("%s", err.text);
    return wide;
}

/* Both kernels of a whole block with itself. */
static void fill_gram(const struct rit_wide *wide, const struct rit_block *block, double *nngp, double *ntk)
{
    struct rit_arena measure = {0}, arena;
    rit_gram_open(wide, block, block, &measure);
    arena = rit_arena_new(measure.used);
    struct rit_gram gram = rit_gram_open(wide, block, block, &arena);
    assert_true(gram.converged);
    rit_gram_tile(&gram, 0, block->pairs, 0, block->pairs, nngp, ntk, block->pairs);
    free(arena.base);
}

/* A block of rows of numbers, a sequence each. */
enum { MOST = 8 };
static struct rit_block block_of(int rows, int width, const float *x)
{
    static int start[MOST + 1];
    for (int i = 0; i <= rows; i++)
        start[i] = i;
    return (struct rit_block){.sequences = rows,
                              .pairs = rows,
                              .longest = 1,
                              .start = start,
                              .in = {.port = {RIT_ROW_REALS, width}, .real = x},
                              .deviation = 1.0};
}

/* ---- two inputs of length 1 at an angle of 60 degrees; variance 1.5 of weights, 0.1 of biases ---- */

/* The diagonal of tanh's Theta by quadrature in two dimensions. For each activation and L = 1, 2, 3: K(x,x),
 * K(x,x'), Theta(x,x), Theta(x,x'). */
static const double two_inputs[6][3][4] = {
    {{1.375, .8125, 2.65, 1.525}, {2.1625, 1.31875, 6.1375, 3.60625}, {3.34375, 2.078125, 12.55, 7.4875}},
    {{.7503800428, .4433437425, 1.5242962918, .8022900836},
     {.7146434239, .4461153501, 2.1699626459, 1.1014075195},
     {.7006745182, .4591336966, 2.8104694072, 1.3901049545}},
    {{.7375, .5136471037, 1.375, .7590132540},
     {.653125, .5134373758, 1.684375, .9376768445},
     {.58984375, .4997794660, 1.853125, 1.0538869933}},
    {{.6473883424, .3923955915, 1.2768971983, .6954069592},
     {.5754405639, .3791057831, 1.6175276755, .8905449781},
     {.5453540329, .3860255840, 1.9189021591, 1.0823305106}},
    {{.7129873570, .4161147398, 1.4669481035, .7556538495},
     {.6697943871, .4148614226, 2.0343577468, 1.0192685710},
     {.6535349737, .4277127536, 2.5789834321, 1.2785369152}},
    {{.9870126430, .8148191784, 1.5080518965, .9649736798},
     {.9541724731, .8551094973, 1.9281138998, 1.3449445600},
     {.9612442529, .9020930181, 2.1928380875, 1.6504678991}}};

static void test_two_inputs(void **state)
{
    (void)state;
    /* in four dimensions, where single precision has them; the variance is that of two */
    static const float x[] = {1, 0, 0, 0, 0.5f, 0.5f, 0.5f, 0.5f};
    struct rit_block block = block_of(2, 4, x);
    for (int phi = 0; phi < 6; phi++)
        for (int depth = 1; depth <= 3; depth++) {
            struct rit_point point;
            set_dense(&point, activations[phi], "1.2247448713915890491", (char[]){(char)('0' + depth), 0});
            struct rit_wide wide = wide_of(&point, block.in.port);
            wide.input *= 2.0;
            double k[4], theta[4];
            fill_gram(&wide, &block, k, theta);
            const double *known = two_inputs[phi][depth - 1];
            rit_assert_near(k[0], known[0], 0.6e-10);
            rit_assert_near(k[1], known[1], 0.6e-10);
            rit_assert_near(theta[0], known[2], 0.6e-10);
            rit_assert_near(theta[1], known[3], 0.6e-10);
            assert_true(k[1] == k[2] && theta[1] == theta[2]);
        }
}

/* ---- eight points of a circle of radius sqrt 2; variance 2, 0.1, L = 2 ---- */

/*
 * x.x' of double precision from numbers of single: x = c u + (1/s) u + s e with u in single precision, e the
 * rest, c^2 = 1 - 1/s^2: what is wrong is s^2 e.e', some 1e-12.
 */
static void split(double x, float *main, float *rest)
{
    const double s = 64.0, c = sqrt(1.0 - 1.0 / (s * s));
    *main = (float)(c * x);
    double u = *main / c;
    *rest = (float)(u / s + s * (x - u));
}

static void test_circle(void **state)
{
    (void)state;
    static const struct {
        const char *activation;
        double value[8];
    } known[] = {
        {"erf",
         {11.76205304, 11.76205304, 4.27085258, 1.76463354, 1.76463354, 1.02364049, 1.02364049, .54786858}},
        {"tanh", /* by quadrature in two dimensions: 60 terms, with inputs of variance 4.1, are 9e-6 off */
         {9.33685848, 9.33685848, 3.51253028, 1.04398978, 1.04398978, .59762661, .59762661, .27545463}},
        {"relu",
         {20.93190909, 10.41657948, 10.41657948, 3.78405921, 3.78405921, 1.21475293, 1.21475293, 1.03730768}},
        {"cos", {14.55785015, 5.10310091, 5.10310091, 2.6582619, 1.6573259, 1.6573259, .82637292, .82637292}},
        {"identity", {96, 96, 13.6, 0, 0, 0, 0, 0}}};
    static const double row_theta[] = {4.23992191, 2.23268378, .34643002, -1.30193778, -2.52342138},
                        row_k[] = {1.1267019, .7609161, .20567308, -.31445911, -.60362048};
    float x[8 * 4];
    for (int p = 0; p < 8; p++) {
        double t = M_PI * (p + 0.5) / 4.0;
        split(M_SQRT2 * cos(t), &x[4 * p], &x[4 * p + 1]);
        split(M_SQRT2 * sin(t), &x[4 * p + 2], &x[4 * p + 3]);
    }
    struct rit_block block = block_of(8, 4, x);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct rit_point point;
        set_dense(&point, known[i].activation, "1.4142135623730950488", "2");
        struct rit_wide wide = wide_of(&point, block.in.port);
        wide.input *= 2.0;
        double k[64], theta[64], value[8], work[8];
        fill_gram(&wide, &block, k, theta);
        for (int s = 0; i == 0 && s < 5; s++) {
            rit_assert_near(theta[s], row_theta[s], 0.52e-8);
            rit_assert_near(k[s], row_k[s], 0.52e-8);
        }
        assert_true(rit_eigenvalues(8, theta, 8, value, work));
        for (int s = 0; s < 8; s++)
            rit_assert_near(value[s], known[i].value[s], 0.52e-8);
    }
}

/* ---- the recurrent network ---- */

static const struct rit_port bits = {RIT_ROW_BITS, 20};

static void set_layered(struct rit_point *point, const char *width, const char *matrices, const char *depth)
{
    rit_point_init(point, rit_registry());
    rit_point_set(point, "model.parametrisation", "ntk");
    rit_point_set(point, "model.precision", "float64");
    rit_point_set(point, "model.recurrent-init", matrices);
    rit_point_set(point, "model.recurrent-gain", "0.9");
    rit_point_set(point, "model.feedforward-init", matrices);
    rit_point_set(point, "model.feedforward-gain", "1.2");
    rit_point_set(point, "model.readout-init", "gaussian");
    rit_point_set(point, "model.orthogonal", "none");
    rit_point_set(point, "model.hidden-bias", "true");
    rit_point_set(point, "model.depth", depth);
    rit_point_set(point, "model.width", width);
}

static void test_tiles(void **state)
{
    (void)state;
    struct rit_block block = rit_test_block(bits, bits);
    struct rit_point point;
    set_layered(&point, "5", "haar", "2");
    struct rit_wide wide = wide_of(&point, bits);
    enum { T = RIT_TEST_PAIRS };
    static double k[T * T], theta[T * T], tile_k[T * T], tile_theta[T * T];
    fill_gram(&wide, &block, k, theta);
    for (int t = 0; t < T; t++)
        for (int s = 0; s < T; s++)
            rit_assert_near(theta[t * T + s], theta[s * T + t], 1e-12);
    struct rit_block other = block; /* a second block of the same rows is prepared for itself */
    for (int from = 0; from < T; from += 5)
        for (int to = from + 1; to <= T; to += 7) {
            struct rit_arena measure = {0}, arena;
            rit_gram_open(&wide, &block, &other, &measure);
            arena = rit_arena_new(measure.used);
            struct rit_gram gram = rit_gram_open(&wide, &block, &other, &arena);
            rit_gram_tile(&gram, from, to - from, 3, T - 4, tile_k, NULL, T);
            rit_gram_tile(&gram, from, to - from, 3, T - 4, NULL, tile_theta, T);
            for (int t = from; t < to; t++) {
                assert_memory_equal(tile_k + (t - from) * T, k + t * T + 3, sizeof *k * (T - 4));
                assert_memory_equal(tile_theta + (t - from) * T, theta + t * T + 3, sizeof *k * (T - 4));
            }
            free(arena.base);
        }
    rit_test_free_block(&block);
}

/* The kernel of 6 pairs, one output each, of one random network, less the limit. */
enum { PAIRS = 6, ENTRIES = PAIRS * PAIRS };
static void look(const struct rit_block *block, const struct rit_point *point, double *off)
{
    struct rit_layout layout;
    struct rit_arena arena, work, measure = {0};
    struct rit_scene scene = {
        .point = point, .layout = &layout, .block = block, .model = rit_model_of(point)};
    struct rit_wide wide = wide_of(point, bits);
    assert_int_equal(scene.model->layout(point, bits, bits, &layout, NULL), RIT_OK);
    scene.net = rit_test_open_net(point, &layout, block, &arena);
    rit_jacobian_open(&scene, PAIRS, 1, &measure);
    work = rit_arena_new(measure.used);
    struct rit_jacobian j = rit_jacobian_open(&scene, PAIRS, 1, &work);
    double *w = calloc(layout.size, sizeof *w), f[PAIRS];
    double *theta = aligned_alloc(64, sizeof *theta * PAIRS * (size_t)j.ld);
    static double exact[RIT_TEST_PAIRS * RIT_TEST_PAIRS];
    scene.model->init(point, &layout, block, w);
    rit_jacobian_fill(&j, w, f);
    rit_jacobian_kernel(&j, theta);
    fill_gram(&wide, block, NULL, exact);
    for (int a = 0; a < PAIRS; a++)
        for (int b = 0; b < PAIRS; b++)
            off[a * PAIRS + b] = theta[a * j.ld + b] -
                                 exact[rit_jacobian_pair(&j, a) * block->pairs + rit_jacobian_pair(&j, b)];
    free(theta);
    free(w);
    free(arena.base);
    free(work.base);
}

/* Over many networks: the root mean square of the distance, every entry's mean being zero within four of its
 * errors. */
static double distance(const char *width, const char *matrices, const char *depth)
{
    enum { NETS = 60 };
    struct rit_block block = rit_test_block(bits, bits);
    double sum[ENTRIES] = {0.0}, square[ENTRIES] = {0.0}, off[ENTRIES], all = 0.0;
    for (int n = 0; n < NETS; n++) {
        char seed[8];
        struct rit_point point;
        set_layered(&point, width, matrices, depth);
        snprintf(seed, sizeof seed, "%d", n + 1);
        rit_point_set(&point, "seed", seed);
        look(&block, &point, off);
        for (int k = 0; k < ENTRIES; k++) {
            sum[k] += off[k] / NETS;
            square[k] += off[k] * off[k] / NETS;
        }
    }
    for (int k = 0; k < ENTRIES; k++) {
        rit_assert_near(sum[k], 0.0, 4.0 * sqrt((square[k] - sum[k] * sum[k]) / NETS));
        all += square[k] / ENTRIES;
    }
    print_message("%s, depth %s, width %s: distance %.4f\n", matrices, depth, width, sqrt(all));
    rit_test_free_block(&block);
    return sqrt(all);
}

static void test_random_networks(void **state)
{
    (void)state;
    rit_assert_near(distance("40", "haar", "1") / distance("160", "haar", "1"), 2.0, 0.5);
    rit_assert_near(distance("40", "gaussian", "1") / distance("160", "gaussian", "1"), 2.0, 0.5);
    distance("160", "haar", "2");
}

/* ---- the parametrisation ---- */

/* The same network at its start, whatever the parametrisation; gradients scaled. */
static void test_the_same_start(void **state)
{
    (void)state;
    double f[2][PAIRS];
    for (int i = 0; i < 2; i++) {
        struct fixture n = {.block = rit_test_block(bits, bits)};
        struct rit_error err;
        set_layered(&n.point, "7", "haar", "2");
        rit_point_set(&n.point, "model.parametrisation", i ? "ntk" : "standard");
        rit_point_set(&n.point, "model.orthogonal", "all");
        assert_true(open_net(&n, &err));
        n.model->init(&n.point, &n.layout, &n.block, n.w);
        n.model->retract(n.net, n.w);
        n.model->load(n.net, n.w);
        n.model->pass(n.net, &(struct rit_batch){.kind = RIT_FULL}, RIT_WANT_NOTHING, &n.criterion, NULL,
                      &n.found);
        f[i][0] = n.found.loss;
        close_net(&n);
    }
    rit_assert_near(f[1][0], f[0][0], 1e-12);
}

/* Gradients are those of the stored weights, in both arithmetics. */
static void check_gradient(void (*set)(struct rit_point *), const char *precision, double h, double bound)
{
    struct fixture n = {.block = rit_test_block(bits, bits)};
    struct rit_error err;
    struct rit_pass found;
    set(&n.point);
    rit_point_set(&n.point, "model.precision", precision);
    if (!open_net(&n, &err))
        fail_msg("%s", err.text);
    struct rit_batch batch = {.kind = RIT_FULL};
    n.model->pass(n.net, &batch, RIT_WANT_NOTHING, &n.criterion, n.g, &n.found);
    for (size_t i = 0; i < n.layout.size; i += 3) {
        double keep = n.w[i], cost[2];
        for (int k = 0; k < 2; k++) {
            n.w[i] = keep + (k ? h : -h);
            n.model->load(n.net, n.w);
            n.model->pass(n.net, &batch, RIT_WANT_NOTHING, &n.criterion, NULL, &found);
            cost[k] = found.loss;
        }
        n.w[i] = keep;
        rit_assert_near(n.g[i], (cost[1] - cost[0]) / (2.0 * h), bound);
    }
    close_net(&n);
}

static void set_recurrent(struct rit_point *point)
{
    set_layered(point, "6", "haar", "2");
}

static void set_biased(struct rit_point *point)
{
    set_dense(point, "tanh", "1.3", "2");
    rit_point_set(point, "model.width", "6");
}

static void test_gradients(void **state)
{
    (void)state;
    check_gradient(set_recurrent, "float64", 1e-5, 1e-8);
    check_gradient(set_recurrent, "float32", 1e-2, 1e-3);
    check_gradient(set_biased, "float64", 1e-5, 1e-8);
    check_gradient(set_biased, "float32", 1e-2, 1e-3);
}

/* What has no such limit says so. */
static void test_refusals(void **state)
{
    (void)state;
    static const char *const unlike[][2] = {{"model.parametrisation", "standard"},
                                            {"model.recurrent-init", "permutation"},
                                            {"model.feedforward-init", "permutation"},
                                            {"model.readout-init", "zero"},
                                            {"model.orthogonal", "recurrent"}};
    for (size_t i = 0; i < sizeof unlike / sizeof unlike[0]; i++) {
        struct rit_point point;
        struct rit_wide wide;
        struct rit_error err;
        set_layered(&point, "6", "haar", "2");
        assert_int_equal(rit_model_of(&point)->wide(&point, bits, &wide, &err), RIT_OK);
        rit_point_set(&point, unlike[i][0], unlike[i][1]);
        assert_int_equal(rit_model_of(&point)->wide(&point, bits, &wide, &err), RIT_BAD_INPUT);
        assert_non_null(strstr(err.text, unlike[i][0]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_inputs),     cmocka_unit_test(test_circle),
        cmocka_unit_test(test_tiles),          cmocka_unit_test(test_random_networks),
        cmocka_unit_test(test_the_same_start), cmocka_unit_test(test_gradients),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
