/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Single rules on costs that are known: against other optimisers, closed forms, and the group of orthogonal
 * matrices. */
#include "running.h"

#include <ritardando/rule.h>

#include "base/random.h"
#include "model/layered/haar.h"

/* ---- weights without a network ---- */

struct walker {
    struct rit_layout layout;
    struct rit_rule_use use;
    struct rit_stride stride;
    void (*gradient)(size_t n, const double *w, double *g);
    double *g;
};

static double look(void *self, const double *w, double *g)
{
    const struct walker *walker = self;
    walker->gradient(walker->layout.size, w, g);
    return 0.0;
}

/* One block of `rows` times `cols`. */
static void set_up(struct walker *a, const struct setting *settings, int rows, int cols, double eta)
{
    struct rit_point point;
    rit_point_init(&point, rit_registry());
    set_all(&point, settings);
    *a = (struct walker){
        .layout = {.blocks = 1,
                   .block = {{.name = "M1", .rows = rows, .cols = cols, .scale = 1.0, .in_all = true}},
                   .size = (size_t)(rows * cols)},
        .use = rit_rule_open(&point)};
    const struct rit_rule *rule = a->use.rule;
    a->layout.block[0].orthogonal = rows > 1;
    a->g = calloc(a->layout.size, sizeof *a->g);
    a->stride = (struct rit_stride){
        .layout = &a->layout,
        .seed = 7,
        .eta = eta,
        .g = a->g,
        .w = calloc(a->layout.size, sizeof(double)),
        .state = calloc(1 + (rule->state ? rule->state(&a->layout) : 0), sizeof(double)),
        .work = calloc(1 + (rule->work ? rule->work(&a->layout) : 0), sizeof(double)),
    };
}

static void tear_down(struct walker *a)
{
    free(a->g);
    free(a->stride.w);
    free(a->stride.state);
    free(a->stride.work);
}

static void make_step(struct walker *a)
{
    struct rit_terrain terrain = {a, look};
    a->stride.terrain = &terrain;
    a->stride.step++;
    if (a->gradient)
        a->gradient(a->layout.size, a->stride.w, a->g);
    a->use.rule->update(&a->use, &a->stride);
}

/* ---- other people's optimisers ---- */

/* E = sum a w^2/2 + w^4/4 */
static void uneven(size_t n, const double *w, double *g)
{
    static const double a[] = {1.0, 10.0, 0.1};
    for (size_t i = 0; i < n; i++)
        g[i] = a[i] * w[i] + w[i] * w[i] * w[i];
}

/* Twenty steps by torch.optim 1.13 in float64, lr = 0.05: Adam(betas, eps, weight_decay) and
 * SGD(momentum, weight_decay). */
static void steps_are_those_of_pytorch(void **state)
{
    (void)state;
    static const struct {
        struct setting settings[6];
        double w[3];
    } known[] = {
        {{{"rule.name", "adam"}, {0}}, {0.16812082590499003, 0.1356349004889511, 1.1220052554969906}},
        {{{"rule.name", "adam"},
          {"rule.beta1", "0.8"},
          {"rule.beta2", "0.95"},
          {"rule.epsilon", "1e-3"},
          {0}},
         {0.21274441003388117, 0.0551577486363418, 1.1564990913722626}},
        {{{"rule.name", "adam"},
          {"rule.beta1", "0.8"},
          {"rule.beta2", "0.95"},
          {"rule.epsilon", "1e-3"},
          {"rule.weight-decay", "0.3"},
          {0}},
         {0.20175465822377084, 0.05514787387030446, 1.1468741298963887}},
        {{{"rule.name", "momentum"}, {"rule.momentum", "0.7"}, {0}},
         {-0.033257067513518916, 0.014351147045735086, -0.2838283913853787}},
        {{{"rule.name", "momentum"}, {"rule.momentum", "0.7"}, {"rule.weight-decay", "0.3"}, {0}},
         {-0.011651136148383253, 0.014182996765657204, -0.2089570317450181}},
        {{{"rule.name", "sgd"}, {"rule.weight-decay", "0.3"}, {0}},
         {0.19309177899578364, -2.507257823279863e-07, 0.49501986469409365}},
    };
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
        struct walker a;
        set_up(&a, known[k].settings, 1, 3, 0.05);
        a.gradient = uneven;
        memcpy(a.stride.w, (const double[]){1.0, -0.5, 2.0}, 3 * sizeof(double));
        for (int n = 0; n < 20; n++)
            make_step(&a);
        for (int i = 0; i < 3; i++)
            rit_assert_near(a.stride.w[i], known[k].w[i], 1e-13);
        tear_down(&a);
    }
}

/* ---- Langevin ---- */

enum { WALKERS = 20000 };

static void harmonic(size_t n, const double *w, double *g)
{
    memcpy(g, w, n * sizeof *g);
}

/* E = ln cosh w */
static void soft(size_t n, const double *w, double *g)
{
    for (size_t i = 0; i < n; i++)
        g[i] = tanh(w[i]);
}

/* The same noise without the average: w <- w - eta g + sqrt(2 eta) xi. */
static void euler_step(struct walker *a)
{
    struct rit_random random = rit_random_open(a->stride.seed, RIT_FOR_RULE, ++a->stride.step, 0);
    a->gradient(a->layout.size, a->stride.w, a->g);
    for (size_t i = 0; i < a->layout.size; i++)
        a->stride.w[i] += sqrt(2.0 * a->stride.eta) * rit_random_gauss(&random) - a->stride.eta * a->g[i];
}

/* Mean square of independent walkers at T = 1 after `rest` steps, over `steps` more. */
static double mean_square(void (*gradient)(size_t, const double *, double *), double eta, bool averaged,
                          int rest, int steps)
{
    static const struct setting warm[] = {{"rule.name", "langevin"}, {"rule.temperature", "1"}, {0}};
    struct walker a;
    double sum = 0.0;
    set_up(&a, warm, 1, WALKERS, eta);
    a.gradient = gradient;
    for (int n = 0; n < rest + steps; n++) {
        if (averaged)
            make_step(&a);
        else
            euler_step(&a);
        for (int i = 0; i < WALKERS && n >= rest; i++)
            sum += a.stride.w[i] * a.stride.w[i];
    }
    tear_down(&a);
    return sum / ((double)WALKERS * steps);
}

/* E = w^2/2: the variance is T = 1 for every stable rate; with plain noise 1/(1 - eta/2). Its error is 1 %
 * (one time). */
static void a_harmonic_variance_is_exact(void **state)
{
    (void)state;
    static const double rates[] = {0.2, 0.8, 1.6};
    for (int k = 0; k < 3; k++) {
        double eta = rates[k], plain = 1.0 / (1.0 - eta / 2.0);
        rit_assert_near(mean_square(harmonic, eta, true, 40, 1), 1.0, 4 * 0.01);
        rit_assert_near(mean_square(harmonic, eta, false, 40, 1), plain, 4 * 0.01 * plain);
    }
}

/* E = ln cosh w at T = 1: <w^2> = pi^2/4. Here plain noise is wrong by a fifth and by two fifths. */
static void an_anharmonic_variance_is_of_second_order(void **state)
{
    (void)state;
    double exact = acos(-1.0) * acos(-1.0) / 4.0, sigma = 0.006;
    rit_assert_near(mean_square(soft, 0.5, true, 60, 100) / exact, 1.0, 4 * sigma);
    rit_assert_near(mean_square(soft, 1.0, true, 30, 50) / exact, 1.0, 4 * sigma);
    rit_assert_near(mean_square(soft, 0.5, false, 60, 100) / exact, 1.18, 4 * sigma);
    rit_assert_near(mean_square(soft, 1.0, false, 30, 50) / exact, 1.41, 4 * sigma);
}

/* Two steps from zero without a gradient: (xi_1 + 2 xi_2 + xi_3)/2. */
static void two_steps_share_a_noise(void **state)
{
    (void)state;
    static const struct setting warm[] = {
        {"rule.name", "langevin"}, {"rule.temperature", "2"}, {"rule.weight-decay", "0.5"}, {0}};
    struct walker a;
    set_up(&a, warm, 1, 9, 0.1);
    make_step(&a);
    make_step(&a);
    for (uint64_t s = 1; s <= 3; s++) {
        struct rit_random random = rit_random_open(7, RIT_FOR_RULE, s, 0);
        double weight = s == 1 ? 0.95 : s == 2 ? 1.95 : 1.0; /* the decay is eta lambda = 0.05 */
        for (int i = 0; i < 9; i++)
            a.stride.w[i] -= 0.5 * sqrt(2.0 * 0.1 * 2.0) * weight * rit_random_gauss(&random);
    }
    for (int i = 0; i < 9; i++)
        rit_assert_near(a.stride.w[i], 0.0, 1e-14);
    tear_down(&a);
}

static void spreading_noise_is_told(void **state)
{
    (void)state;
    static const struct setting warm[] = {{"rule.name", "langevin"}, {"rule.temperature", "1"}, {0}};
    struct walker a;
    set_up(&a, warm, 1, WALKERS, 0.05);
    for (int n = 0; n < 20; n++)
        make_step(&a);
    double sum = 0.0, told = a.use.rule->noise(&a.use, 0.05) * 0.05 * 0.05; /* w^2 a step */
    for (int i = 0; i < WALKERS; i++)
        sum += a.stride.w[i] * a.stride.w[i];
    rit_assert_near(sum / WALKERS / (told * 19.5), 1.0, 4 * 0.01); /* the ends have half a noise each */
    tear_down(&a);
}

/* ---- matrices kept orthogonal ---- */

enum { N = 7 };
static const double gain = 1.5;

/* c = a b, or a^T b */
static void product(const double *a, bool transposed, const double *b, double *c)
{
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            double sum = 0.0;
            for (int k = 0; k < N; k++)
                sum += (transposed ? a[k * N + i] : a[i * N + k]) * b[k * N + j];
            c[i * N + j] = sum;
        }
}

static void gauss(double *x, uint64_t which)
{
    struct rit_random random = rit_random_open(1, RIT_FOR_TEST, which, 0);
    for (int i = 0; i < N * N; i++)
        x[i] = rit_random_gauss(&random);
}

/* Three steps of random gradients from a point of the group, all turned by `turn` (NULL: not); the matrix
 * does not move between the steps, so that all of it can be seen in one tangent space. */
static void three_steps(const char *rule, const double *turn, double *change)
{
    struct setting settings[] = {{"rule.name", rule}, {"rule.weight-decay", "0.2"}, {0}};
    struct walker a;
    double start[N * N], raw[N * N];
    set_up(&a, settings, N, N, 0.1);
    a.layout.block[0].scale = gain;
    struct rit_random random = rit_random_open(3, RIT_FOR_TEST, 0, 0);
    rit_fill_haar(&random, N, raw);
    for (int i = 0; i < N * N; i++)
        raw[i] *= gain;
    memcpy(start, raw, sizeof start);
    if (turn)
        product(turn, false, raw, start);
    for (uint64_t s = 1; s <= 3; s++) {
        memcpy(a.stride.w, start, sizeof start);
        gauss(raw, s);
        memcpy(a.g, raw, sizeof raw);
        if (turn)
            product(turn, false, raw, a.g);
        make_step(&a);
    }
    for (int i = 0; i < N * N; i++)
        change[i] = a.stride.w[i] - start[i];
    product(start, true, change, raw); /* M^T dM of a tangent is antisymmetric */
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++)
            rit_assert_near(raw[i * N + j] + raw[j * N + i], 0.0, 1e-12);
    tear_down(&a);
}

/* Steps lie in the tangent space, and a turned problem has turned steps. */
static void steps_stay_in_the_group(void **state)
{
    (void)state;
    static const char *const rules[] = {"momentum", "adam"};
    double turn[N * N], change[N * N], turned[N * N], expected[N * N];
    struct rit_random random = rit_random_open(4, RIT_FOR_TEST, 0, 0);
    rit_fill_haar(&random, N, turn);
    for (int r = 0; r < 2; r++) {
        three_steps(rules[r], NULL, change);
        three_steps(rules[r], turn, turned);
        product(turn, false, change, expected);
        for (int i = 0; i < N * N; i++)
            rit_assert_near(turned[i], expected[i], 1e-13);
        double size = 0.0;
        for (int i = 0; i < N * N; i++)
            size += change[i] * change[i];
        assert_true(size > 0.01);
    }
}

/* A unitary matrix, its real part above its imaginary part: U* dU of a step is anti-Hermitian. */
static void steps_stay_in_the_unitary_group(void **state)
{
    (void)state;
    static const char *const rules[] = {"momentum", "adam"};
    for (int r = 0; r < 2; r++) {
        const struct setting settings[] = {{"rule.name", rules[r]}, {0}};
        struct walker a;
        double start[2 * N * N], part[4][N * N];
        set_up(&a, settings, 2 * N, N, 0.1);
        struct rit_random random = rit_random_open(5, RIT_FOR_TEST, 0, 0);
        rit_fill_haar_unitary(&random, N, start);
        for (uint64_t s = 1; s <= 3; s++) {
            memcpy(a.stride.w, start, sizeof start);
            gauss(a.g, s);
            gauss(a.g + N * N, s + 10);
            make_step(&a);
        }
        double *change = a.stride.w;
        for (int i = 0; i < 2 * N * N; i++)
            change[i] -= start[i];
        for (int i = 0; i < 4; i++)
            product(start + (i & 1) * N * N, true, change + (i >> 1) * N * N, part[i]);
        for (int i = 0; i < N; i++)
            for (int j = 0; j < N; j++) {
                int at = i * N + j, mirror = j * N + i;
                double re = part[0][at] + part[3][at], im = part[2][at] - part[1][at];
                rit_assert_near(re, -part[0][mirror] - part[3][mirror], 1e-12);
                rit_assert_near(im, part[2][mirror] - part[1][mirror], 1e-12);
            }
        tear_down(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_those_of_pytorch),
        cmocka_unit_test(a_harmonic_variance_is_exact),
        cmocka_unit_test(an_anharmonic_variance_is_of_second_order),
        cmocka_unit_test(two_steps_share_a_noise),
        cmocka_unit_test(spreading_noise_is_told),
        cmocka_unit_test(steps_stay_in_the_group),
        cmocka_unit_test(steps_stay_in_the_unitary_group),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
