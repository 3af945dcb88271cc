/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/noise/gamma.h"
#include "running.h"
#include "train/schedule.h"

enum { WAITS = 2, CLASSES = 7 };

static const struct setting aging[] = {{"model.depth", "2"},
                                       {"model.retract-every", "7"},
                                       {"batch.kind", "chorales"},
                                       {"batch.size", "2"},
                                       {"stop.tau", "8"},
                                       {"stop.when-learned", "false"},
                                       {"observe.aging", "true"},
                                       {"observe.waiting-times", "[1, 2]"},
                                       {"observe.lag-first", "0.01"},
                                       {0}};

struct fixture {
    struct rit_point point;
    struct rit_block block;
    struct rit_layout layout;
    struct rit_classes classes;
};

static void set_up(struct fixture *f, const struct setting *more)
{
    struct rit_error err;
    make_point(&f->point, &f->block, aging);
    set_all(&f->point, more);
    assert_int_equal(
        rit_model_of(&f->point)->layout(&f->point, f->block.in.port, f->block.asked.port, &f->layout, &err),
        RIT_OK);
    f->classes = rit_classes_of(&f->layout);
}

/* Weights after every step, from a run without the observer: what it must not change. */
static double *all_weights(struct fixture *f, int steps)
{
    struct rit_point plain = f->point;
    rit_point_set(&plain, "observe.aging", "false");
    struct rit_run *run = start(&plain, &f->block);
    double *w = calloc((size_t)(steps + 1) * f->layout.size, sizeof *w);
    rit_run_advance(run, 0);
    for (int n = 0; n <= steps; n++) {
        memcpy(w + (size_t)n * f->layout.size, rit_run_weights(run, NULL), f->layout.size * sizeof *w);
        rit_run_advance(run, 1);
    }
    rit_run_free(run);
    return w;
}

/* < (w - v)^2 > of every class, in plain loops. */
static void displacement(const struct fixture *f, const double *w, const double *v, double *d)
{
    double all = 0.0, weights = 0.0;
    for (int c = 1; c < f->classes.n; c++) {
        const struct rit_weights *block = &f->layout.block[f->classes.block[c]];
        size_t n = (size_t)block->rows * (size_t)block->cols;
        double sum = 0.0;
        for (size_t i = block->offset; i < block->offset + n; i++)
            sum += (w[i] - v[i]) * (w[i] - v[i]);
        d[c] = sum / (double)n;
        all += sum;
        weights += (double)n;
    }
    d[0] = all / weights;
}

/* Gamma of step n per class, from a sweep over its batch at the weights before it. */
static void noise_of_step(struct fixture *f, struct rit_schedule *schedule, struct rit_net *net,
                          const double *w, int n, double *noise)
{
    const struct rit_model *model = rit_model_of(&f->point);
    struct rit_batch batch = rit_schedule_batch(schedule, (uint64_t)n);
    struct rit_pass sweep;
    struct rit_gamma gamma;
    double *g = calloc(f->layout.size, sizeof *g);
    model->load(net, w + (size_t)(n - 1) * f->layout.size);
    struct rit_cost_use cost;
    assert_int_equal(rit_cost_open(&f->point, &f->block, &cost, NULL), RIT_OK);
    struct rit_criterion criterion = rit_cost_criterion(&cost);
    model->pass(net, &batch, RIT_WANT_NOISE, &criterion, g, &sweep);
    struct rit_moment now = {.batch = &batch, .g = g, .sweep = &sweep};
    rit_gamma_of(&f->classes, &f->layout, &f->block, &now, &gamma);
    memcpy(noise, gamma.sequence, sizeof gamma.sequence);
    free(g);
}

/* D and Delta at every recorded lag against sums written out from all weights and all gradients of the run.
 */
static void displacements_equal_the_slow_sums(void **state)
{
    (void)state;
    struct fixture f;
    struct rit_arena arenas[2];
    set_up(&f, NULL);
    int steps = 160, recorded = 0;
    double *w = all_weights(&f, steps);
    struct rit_net *net = rit_test_open_net(&f.point, &f.layout, &f.block, &arenas[0]);
    arenas[1] = rit_arena_new(1 << 20);
    struct rit_schedule schedule = rit_schedule_open(&f.point, &f.block, &arenas[1]);
    struct rit_outcome outcome = run_whole(&f.point, &f.block);
    size_t lags = rit_outcome_find(&outcome, "lag")->length[0];
    const double *lag = values_of(&outcome, "lag"), *lag_tau = values_of(&outcome, "lag_tau"),
                 *d = values_of(&outcome, "displacement"), *delta = values_of(&outcome, "delta");
    for (int i = 0; i < WAITS; i++) {
        int from = 20 * (i + 1); /* t_w / eta */
        const double *start_w = w + (size_t)from * f.layout.size;
        double slow[CLASSES] = {0.0}, last[CLASSES] = {0.0}, noise[RIT_MAX_BLOCKS], now[CLASSES];
        rit_assert_near(values_of(&outcome, "waiting_tau")[i], i + 1.0, 1e-12);
        size_t k = 0;
        for (int n = from + 1; n <= steps; n++) {
            displacement(&f, w + (size_t)n * f.layout.size, start_w, now);
            noise_of_step(&f, &schedule, net, w, n, noise);
            for (int c = 0; c < CLASSES; c++) {
                slow[c] += (now[c] - last[c]) / noise[c];
                last[c] = now[c];
            }
            while (k < lags && !(lag_tau[(size_t)i * lags + k] >= 0.05 * (n - from) - 1e-9))
                k++;
            if (k == lags || lag_tau[(size_t)i * lags + k] > 0.05 * (n - from) + 1e-9)
                continue; /* no lag of the grid at this step */
            size_t row = (size_t)i * lags + k;
            /* the first step that reached the lag */
            assert_true(lag_tau[row] >= lag[k] * (1.0 - 1e-9) && lag_tau[row] < lag[k] + 0.05 * (1.0 - 1e-9));
            for (int c = 0; c < CLASSES; c++) {
                rit_assert_near(d[row * CLASSES + (size_t)c], now[c], 1e-12 * now[c]);
                rit_assert_near(delta[row * CLASSES + (size_t)c], slow[c], 1e-9 * fabs(slow[c]));
            }
            recorded++;
        }
    }
    assert_true(recorded > 2 * 20); /* 2 decades of 16 lags, without those below one step */
    rit_outcome_release(&outcome);
    rit_block_release(&f.block);
    free(arenas[0].base);
    free(arenas[1].base);
    free(w);
}

/* Overlaps at the last lag, from the weights and fields of the two moments. */
static void overlaps_equal_their_definition(void **state)
{
    (void)state;
    struct fixture f;
    struct rit_arena arena;
    set_up(&f, NULL);
    double *w = all_weights(&f, 160);
    struct rit_outcome outcome = run_whole(&f.point, &f.block);
    size_t lags = rit_outcome_find(&outcome, "lag")->length[0], k = lags - 1;
    const double *lag_tau = values_of(&outcome, "lag_tau");
    while (isnan(lag_tau[k]))
        k--;
    int then = 20 + (int)lround(lag_tau[k] / 0.05);
    const double *a = w + 20 * f.layout.size, *b = w + (size_t)then * f.layout.size;
    double ab = 0.0, aa = 0.0, bb = 0.0;
    for (size_t i = 0; i < f.layout.block[f.layout.blocks - 1].offset; i++) { /* all but h, the last block */
        ab += a[i] * b[i];
        aa += a[i] * a[i];
        bb += b[i] * b[i];
    }
    rit_assert_near(values_of(&outcome, "overlap_weights")[k], ab / sqrt(aa * bb), 1e-13);

    const struct rit_model *model = rit_model_of(&f.point);
    struct rit_net *net = rit_test_open_net(&f.point, &f.layout, &f.block, &arena);
    size_t n = (size_t)f.block.pairs * (size_t)f.block.asked.port.width;
    float *h = calloc(2 * n, sizeof *h);
    double mean[2] = {0.0}, square[3] = {0.0};
    for (int s = 0; s < 2; s++) {
        model->load(net, s == 0 ? a : b);
        rit_test_outputs(model, net, &f.block, h + (size_t)s * n);
        for (size_t i = 0; i < n; i++)
            mean[s] += tanh((double)h[(size_t)s * n + i]) / (double)n;
    }
    for (size_t i = 0; i < n; i++) {
        double x = tanh((double)h[i]) - mean[0], y = tanh((double)h[n + i]) - mean[1];
        square[0] += x * x;
        square[1] += y * y;
        square[2] += x * y;
    }
    rit_assert_near(values_of(&outcome, "overlap_outputs")[k], square[2] / sqrt(square[0] * square[1]),
                    1e-10);
    free(h);
    free(w);
    free(arena.base);
    rit_outcome_release(&outcome);
    rit_block_release(&f.block);
}

static void aging_survives_a_kill(void **state)
{
    (void)state;
    static const struct setting quench[] = {
        {"stage2.enabled", "true"},       {"stage2.at-tau", "2.5"},
        {"stage2.eta", "0.02"},           {"stage2.batch-size", "3"},
        {"observe.aging-from", "stage2"}, {"observe.aging-example", "time-points"},
        {"observe.noise", "true"},        {0}};
    static const struct setting *const settings[] = {NULL, quench};
    for (int s = 0; s < 2; s++) {
        struct fixture f;
        set_up(&f, settings[s]);
        struct rit_outcome whole = run_whole(&f.point, &f.block),
                           pieces = run_in_pieces(&f.point, &f.block, 43);
        const double *begun = values_of(&whole, "waiting_tau");
        rit_assert_near(begun[0], s == 0 ? 1.0 : 3.5, 1e-9);
        rit_assert_near(begun[1], s == 0 ? 2.0 : 4.5, 1e-9);
        assert_same(&whole, &pieces);
        rit_block_release(&f.block);
    }
}

/* White noise of strength D_0: D = 2 D_0 t and Delta = eta t, to the error of a mean over 3.6 thousand
 * weights (2.4 per cent), with and without a change of the rate on the way. */
static void free_diffusion_has_slope_one(void **state)
{
    (void)state;
    static const struct setting diffusion[] = {{"rule.name", "white-noise"},
                                               {"rule.diffusion", "3e-5"},
                                               {"model.orthogonal", "none"},
                                               {"observe.aging-outputs", "false"},
                                               {0}};
    struct fixture f;
    set_up(&f, diffusion);
    struct rit_outcome outcome = run_whole(&f.point, &f.block);
    size_t lags = rit_outcome_find(&outcome, "lag")->length[0];
    const double *t = values_of(&outcome, "lag_tau"), *d = values_of(&outcome, "displacement"),
                 *delta = values_of(&outcome, "delta"), *part = values_of(&outcome, "displacement_projected");
    int recorded = 0;
    for (size_t row = 0; row < WAITS * lags; row++) {
        if (isnan(t[row]))
            continue;
        rit_assert_near(d[row * CLASSES] / (2.0 * 3e-5 * t[row]), 1.0, 4 * 0.024);
        rit_assert_near(delta[row * CLASSES] / (0.05 * t[row]), 1.0, 4 * 0.024);
        rit_assert_near(part[row], 0.0, 0.0);
        recorded++;
    }
    assert_true(recorded > 40);
    rit_outcome_release(&outcome);
    rit_block_release(&f.block);
}

static void assert_in_band(double x, double low, double high)
{
    rit_assert_near(x, 0.5 * (low + high), 0.5 * (high - low));
}

/* Langevin dynamics so hot that the gradient's noise is less than a percent of its own, and that learning has
 * hardly begun: D = 2 T t and Delta = eta t, as if the averaged noises were independent ones. */
static void thermal_noise_is_counted(void **state)
{
    (void)state;
    static const struct setting hot[] = {{"rule.name", "langevin"},
                                         {"rule.temperature", "0.02"},
                                         {"model.orthogonal", "none"},
                                         {"observe.aging-outputs", "false"},
                                         {0}};
    struct fixture f;
    set_up(&f, hot);
    struct rit_outcome outcome = run_whole(&f.point, &f.block);
    size_t lags = rit_outcome_find(&outcome, "lag")->length[0];
    const double *t = values_of(&outcome, "lag_tau"), *d = values_of(&outcome, "displacement"),
                 *delta = values_of(&outcome, "delta");
    int recorded = 0;
    for (size_t row = 0; row < WAITS * lags; row++) {
        if (isnan(t[row]) || t[row] > 0.5)
            continue;
        double free_d = 2.0 * 0.02 * (t[row] - 0.025); /* a lag begins and ends within a shared noise */
        assert_in_band(d[row * CLASSES] / free_d, 0.88, 1.05);
        assert_in_band(delta[row * CLASSES] * 2.0 * 0.02 / (0.05 * d[row * CLASSES]), 0.99, 1.0);
        recorded++;
    }
    assert_true(recorded >= 20);
    rit_outcome_release(&outcome);
    rit_block_release(&f.block);
}

/* The projection pulls a diffusing M back to its group: it takes away a part of D, and none of the rest. */
static void projection_is_accounted_for(void **state)
{
    (void)state;
    static const struct setting diffusion[] = {
        {"rule.name", "white-noise"}, {"rule.diffusion", "3e-4"}, {"model.retract-every", "1"}, {0}};
    struct fixture f;
    set_up(&f, diffusion);
    struct rit_outcome outcome = run_whole(&f.point, &f.block);
    size_t lags = rit_outcome_find(&outcome, "lag")->length[0], k = lags - 1;
    while (isnan(values_of(&outcome, "lag_tau")[k]))
        k--;
    double t = values_of(&outcome, "lag_tau")[k], free_d = 2.0 * 3e-4 * t,
           part = values_of(&outcome, "displacement_projected")[k];
    const double *d = values_of(&outcome, "displacement") + k * CLASSES;
    assert_true(part < 0.0);
    /* what is left and what was taken away add up to free diffusion, within its error */
    rit_assert_near((d[0] - part) / free_d, 1.0, 4 * 0.024);
    assert_true(d[4] < 0.8 * free_d);              /* M1 */
    rit_assert_near(d[3] / free_d, 1.0, 4 * 0.08); /* J1: 324 weights */
    rit_outcome_release(&outcome);
    rit_block_release(&f.block);
}

/* One copy of the weights per waiting time, and the recorded numbers; and all that twice, as the state it is.
 */
static void memory_is_one_copy_per_waiting_time(void **state)
{
    (void)state;
    static const struct setting wide[] = {{"model.width", "40"}, {0}};
    struct fixture f;
    struct rit_error err;
    size_t bytes[2];
    set_up(&f, wide);
    assert_int_equal(rit_run_memory(&f.point, &f.block, &bytes[0], NULL, &err), RIT_OK);
    rit_point_set(&f.point, "observe.waiting-times", "[1, 2, 3]");
    assert_int_equal(rit_run_memory(&f.point, &f.block, &bytes[1], NULL, &err), RIT_OK);
    size_t copy = f.layout.size * sizeof(double), grown = bytes[1] - bytes[0];
    assert_in_range(grown, 2 * copy, 2 * (copy + 16000));
    rit_block_release(&f.block);
}

static void refuse(const struct setting *settings, const char *sentence)
{
    struct fixture f;
    struct rit_error err;
    set_up(&f, settings);
    assert_null(rit_run_new(&f.point, &f.block, &err));
    assert_int_equal(err.status, RIT_BAD_INPUT);
    if (!strstr(err.text, sentence))
        print_error("%s\n", err.text);
    assert_non_null(strstr(err.text, sentence));
    rit_block_release(&f.block);
}

static void impossible_settings_are_refused(void **state)
{
    (void)state;
    refuse((struct setting[]){{"observe.waiting-times", "[1, 8]"}, {0}},
           "observe.waiting-times: t_w = 8 would begin at tau = 8, but the run ends at stop.tau = 8");
    refuse((struct setting[]){{"observe.waiting-times", "[]"}, {0}}, "aging needs at least one waiting time");
    refuse((struct setting[]){{"observe.aging-from", "stage2"}, {0}}, "but stage2.enabled is false");
    refuse((struct setting[]){{"observe.aging-from", "stage2"},
                              {"stage2.enabled", "true"},
                              {"stage2.at-tau", "7"},
                              {"stage2.batch-size", "2"},
                              {0}},
           "t_w = 2 would begin at tau = 9");
    refuse((struct setting[]){{"batch.kind", "time-points"}, {"observe.aging-example", "chorales"}, {0}},
           "observe.aging-example: batches of time points");
    refuse(
        (struct setting[]){
            {"batch.kind", "full"}, {"observe.aging-example", "chorales"}, {"data.chorales", "1"}, {0}},
        "observe.aging-example: a single chorale has no variance");
    refuse((struct setting[]){{"observe.lag-first", "6.5"}, {0}},
           "observe.lag-first: the first lag is 6.5, but after t_w = 2 only 6 are left");
    refuse((struct setting[]){{"batch.size", "1"}, {0}}, "batch.size: observe.aging measures the variance");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(displacements_equal_the_slow_sums),
        cmocka_unit_test(overlaps_equal_their_definition),
        cmocka_unit_test(aging_survives_a_kill),
        cmocka_unit_test(free_diffusion_has_slope_one),
        cmocka_unit_test(thermal_noise_is_counted),
        cmocka_unit_test(projection_is_accounted_for),
        cmocka_unit_test(memory_is_one_copy_per_waiting_time),
        cmocka_unit_test(impossible_settings_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
