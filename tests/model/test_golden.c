/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The float64 reference equals an independent PyTorch implementation: tests/golden/layered.py. */
#include <ritardando/model.h>

#include "base/arena.h"
#include "base/pack.h"
#include "testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 4096, SLOTS = 54 };

struct golden {
    char *text;
};

static int setup(void **state)
{
    static struct golden golden;
    FILE *file = fopen(RIT_TEST_FOLDER "/../golden/layered.txt", "r");
    assert_non_null(file);
    golden.text = calloc(1, 1 << 20);
    assert_true(fread(golden.text, 1, (1 << 20) - 1, file) > 0);
    fclose(file);
    *state = &golden;
    return 0;
}

static int teardown(void **state)
{
    free(((struct golden *)*state)->text);
    return 0;
}

/* The numbers of the line that starts with `name`. */
static int line(const struct golden *golden, const char *name, double *out)
{
    char start[64];
    snprintf(start, sizeof start, "\n%s ", name);
    char *at = strstr(golden->text, start);
    assert_non_null(at);
    at += strlen(start);
    int n = (int)strtol(at, &at, 10);
    assert_in_range(n, 1, MOST);
    for (int i = 0; i < n; i++)
        out[i] = strtod(at, &at);
    return n;
}

static int whole_line(const struct golden *golden, const char *name, int *out)
{
    static double x[MOST];
    int n = line(golden, name, x);
    for (int i = 0; i < n; i++)
        out[i] = (int)x[i];
    return n;
}

struct tiny {
    struct rit_point point;
    struct rit_block block;
    struct rit_layout layout;
    struct rit_cost_use cost;
    struct rit_criterion criterion;
    const struct rit_model *model;
    struct rit_net *net;
    struct rit_arena arena;
};

static void open_tiny(const struct golden *golden, struct tiny *tiny)
{
    static double chords[MOST];
    int lengths[16], start[17] = {0};
    uint64_t chord[MOST];
    int chorales = whole_line(golden, "lengths", lengths), n = line(golden, "chords", chords);
    for (int i = 0; i < chorales; i++)
        start[i + 1] = start[i] + lengths[i];
    for (int i = 0; i < n; i++)
        chord[i] =
            (uint64_t)chords[i]; /* 54 bits: no rounding, since only four are set far apart at most 53 */
    struct rit_corpus corpus = {
        .port = {RIT_ROW_BITS, SLOTS}, .sequences = chorales, .start = start, .bits = chord};
    struct rit_error err;
    assert_int_equal(rit_test_cut(&corpus, 0, chorales, &tiny->block, &err), RIT_OK);

    char number[16];
    int value;
    rit_point_init(&tiny->point, rit_registry());
    whole_line(golden, "depth", &value);
    snprintf(number, sizeof number, "%d", value);
    rit_point_set(&tiny->point, "model.depth", number);
    whole_line(golden, "width", &value);
    snprintf(number, sizeof number, "%d", value);
    rit_point_set(&tiny->point, "model.width", number);
    rit_point_set(&tiny->point, "model.precision", "float64");
    rit_point_set(&tiny->point, "model.hidden-bias", "true");
    tiny->model = rit_model_of(&tiny->point);
    assert_int_equal(rit_cost_open(&tiny->point, &tiny->block, &tiny->cost, NULL), RIT_OK);
    tiny->criterion = rit_cost_criterion(&tiny->cost);
    assert_int_equal(
        tiny->model->layout(&tiny->point, tiny->block.in.port, tiny->block.asked.port, &tiny->layout, &err),
        RIT_OK);
    tiny->net = rit_test_open_net(&tiny->point, &tiny->layout, &tiny->block, &tiny->arena);
}

static void close_tiny(struct tiny *tiny)
{
    free(tiny->arena.base);
    rit_block_release(&tiny->block);
}

static void assert_close(int n, const double *got, const double *wanted)
{
    for (int i = 0; i < n; i++)
        rit_assert_near(got[i], wanted[i], 1e-13 + 1e-12 * fabs(wanted[i]));
}

static void sweeps_equal_pytorch(void **state)
{
    const struct golden *golden = *state;
    struct tiny tiny = {0};
    open_tiny(golden, &tiny);
    static double w[MOST], g[MOST], wanted[MOST];
    int chosen[16];
    struct rit_pass sweep;
    assert_int_equal(line(golden, "weights", w), (int)tiny.layout.size);
    tiny.model->load(tiny.net, w);

    struct rit_batch batch = {.kind = RIT_FULL};
    tiny.model->pass(tiny.net, &batch, RIT_WANT_NOISE, &tiny.criterion, g, &sweep);
    assert_close(line(golden, "gradient_full", wanted), g, wanted);
    assert_close(line(golden, "loss", wanted), &sweep.loss, wanted);
    double nll = rit_test_nll(tiny.model, tiny.net, &tiny.block) / tiny.block.pairs;
    assert_close(1, &nll, wanted);
    assert_close(line(golden, "second_pair", wanted), sweep.second_pair, wanted);

    batch = (struct rit_batch){
        .kind = RIT_SEQUENCES, .n = whole_line(golden, "chorales", chosen), .index = chosen};
    tiny.model->pass(tiny.net, &batch, RIT_WANT_NOISE, &tiny.criterion, g, &sweep);
    assert_close(line(golden, "gradient_chorales", wanted), g, wanted);
    assert_close(line(golden, "loss_chorales", wanted), &sweep.loss, wanted);

    batch = (struct rit_batch){
        .kind = RIT_TIME_POINTS, .n = whole_line(golden, "points", chosen), .index = chosen};
    tiny.model->pass(tiny.net, &batch, RIT_WANT_NOISE, &tiny.criterion, g, &sweep);
    assert_close(line(golden, "gradient_points", wanted), g, wanted);
    close_tiny(&tiny);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sweeps_equal_pytorch, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
