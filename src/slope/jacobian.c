/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope/jacobian.h"

#include "base/arena.h"
#include "base/evenly.h"
#include "base/random.h"
#include "kernel/kernels.h"

#include <string.h>

enum { TILE = 256 }; /* weights that go into the kernel at once */

static int least(int a, int b)
{
    return a < b ? a : b;
}

struct rit_jacobian rit_jacobian_open(const struct rit_scene *scene, int pairs, int outputs,
                                      struct rit_arena *work)
{
    struct rit_jacobian j = {.scene = scene,
                             .pairs = least(pairs, scene->block->pairs),
                             .outputs = least(outputs, scene->block->asked.port.width)};
    j.rows = j.pairs * j.outputs;
    j.ld = rit_ld(j.rows);
    j.row = RIT_TAKE(work, (size_t)j.rows * scene->layout->size, double);
    j.tile = RIT_TAKE(work, TILE * (size_t)j.ld, double);
    j.part = RIT_TAKE(work, (size_t)j.rows * (size_t)j.ld, double);
    return j;
}

int rit_jacobian_pair(const struct rit_jacobian *jacobian, int r)
{
    return rit_evenly(r / jacobian->outputs, jacobian->pairs, jacobian->scene->block->pairs);
}

int rit_jacobian_unit(const struct rit_jacobian *jacobian, int r)
{
    return rit_evenly(r % jacobian->outputs, jacobian->outputs, jacobian->scene->block->asked.port.width);
}

/* ---- a row: one output as the criterion ---- */

struct one_output {
    int pair, unit, width;
    double *value; /* where the output goes */
};

static double unit_f32(const void *self, int pair, int rows, const float *y, float *delta, int stride)
{
    const struct one_output *one = self;
    size_t at = (size_t)(one->pair - pair) * (size_t)stride + (size_t)one->unit;
    double value = (double)y[at];
    *one->value = value;
    for (int r = 0; r < rows; r++)
        memset(delta + (size_t)r * (size_t)stride, 0, sizeof *delta * (size_t)one->width);
    delta[at] = 1.0f;
    return -value;
}

static double unit_f64(const void *self, int pair, int rows, const double *y, double *delta, int stride)
{
    const struct one_output *one = self;
    size_t at = (size_t)(one->pair - pair) * (size_t)stride + (size_t)one->unit;
    double value = y[at];
    *one->value = value;
    for (int r = 0; r < rows; r++)
        memset(delta + (size_t)r * (size_t)stride, 0, sizeof *delta * (size_t)one->width);
    delta[at] = 1.0;
    return -value;
}

static int sequence_of(const struct rit_block *block, int pair)
{
    int c = 0;
    while (block->start[c + 1] <= pair)
        c++;
    return c;
}

double rit_jacobian_row(const struct rit_scene *scene, int pair, int unit, double *g)
{
    const struct rit_block *block = scene->block;
    /* the gradient of a batch of one sequence is (P/T) sum dE/dw */
    double scale = -(double)block->pairs / block->sequences, f;
    const struct one_output one = {pair, unit, block->asked.port.width, &f};
    const struct rit_criterion criterion = {&one, unit_f32, unit_f64};
    int sequence = sequence_of(block, pair);
    struct rit_pass found;
    scene->model->pass(scene->net, &(struct rit_batch){.kind = RIT_SEQUENCES, .n = 1, .index = &sequence},
                       RIT_WANT_NOTHING, &criterion, g, &found);
    for (size_t k = 0; k < scene->layout->size; k++)
        g[k] *= scale;
    return f;
}

void rit_jacobian_fill(struct rit_jacobian *jacobian, const double *w, double *f)
{
    const struct rit_scene *scene = jacobian->scene;
    scene->model->load(scene->net, w);
    for (int r = 0; r < jacobian->rows; r++)
        f[r] = rit_jacobian_row(scene, rit_jacobian_pair(jacobian, r), rit_jacobian_unit(jacobian, r),
                                jacobian->row + (size_t)r * scene->layout->size);
}

/* ---- what is made of rows ---- */

/* The columns `from` .. `from` + n - 1 of J, one under the other. */
static void fill_tile(struct rit_jacobian *j, size_t from, int n)
{
    for (int r = 0; r < j->rows; r++) {
        const double *row = j->row + (size_t)r * j->scene->layout->size + from;
        for (int k = 0; k < n; k++)
            j->tile[(size_t)k * (size_t)j->ld + (size_t)r] = row[k];
    }
}

void rit_jacobian_kernel(struct rit_jacobian *jacobian, double *theta)
{
    size_t size = jacobian->scene->layout->size, n = (size_t)jacobian->rows * (size_t)jacobian->ld;
    memset(theta, 0, sizeof *theta * n);
    for (size_t from = 0; from < size; from += TILE) {
        int wide = size - from < TILE ? (int)(size - from) : TILE;
        fill_tile(jacobian, from, wide);
        rit_kernels()->multiply_f64(jacobian->rows, jacobian->rows, wide, jacobian->row + from, (int)size,
                                    jacobian->tile, jacobian->ld, jacobian->part, jacobian->ld);
        for (size_t i = 0; i < n; i++)
            theta[i] += jacobian->part[i];
    }
}

void rit_jacobian_along(const struct rit_jacobian *jacobian, const double *dw, double *along)
{
    size_t size = jacobian->scene->layout->size;
    for (int r = 0; r < jacobian->rows; r++) {
        const double *row = jacobian->row + (size_t)r * size;
        along[r] = 0.0;
        for (size_t k = 0; k < size; k++)
            along[r] += row[k] * dw[k];
    }
}

/* ---- the trace by Gaussian probes ---- */

struct probe {
    uint64_t seed, index;
    int width;
};

static struct rit_random numbers_of(const struct probe *probe, int pair)
{
    return rit_random_open(probe->seed, RIT_FOR_TANGENT, probe->index, (uint64_t)pair);
}

static double probe_f32(const void *self, int pair, int rows, const float *y, float *delta, int stride)
{
    const struct probe *probe = self;
    double sum = 0.0;
    for (int r = 0; r < rows; r++) {
        struct rit_random random = numbers_of(probe, pair + r);
        for (int i = 0; i < probe->width; i++) {
            size_t at = (size_t)r * (size_t)stride + (size_t)i;
            double z = rit_random_gauss(&random);
            sum -= z * (double)y[at];
            delta[at] = (float)z;
        }
    }
    return sum;
}

static double probe_f64(const void *self, int pair, int rows, const double *y, double *delta, int stride)
{
    const struct probe *probe = self;
    double sum = 0.0;
    for (int r = 0; r < rows; r++) {
        struct rit_random random = numbers_of(probe, pair + r);
        for (int i = 0; i < probe->width; i++) {
            size_t at = (size_t)r * (size_t)stride + (size_t)i;
            double z = rit_random_gauss(&random);
            sum -= z * y[at];
            delta[at] = z;
        }
    }
    return sum;
}

double rit_jacobian_trace(const struct rit_scene *scene, int probes, double *g)
{
    double pairs = scene->block->pairs, units = scene->block->asked.port.width, sum = 0.0;
    for (int i = 0; i < probes; i++) {
        const struct probe probe = {rit_random_seed(scene->point), (uint64_t)i, (int)units};
        const struct rit_criterion criterion = {&probe, probe_f32, probe_f64};
        struct rit_pass found;
        scene->model->pass(scene->net, &(struct rit_batch){.kind = RIT_FULL}, RIT_WANT_NOTHING, &criterion, g,
                           &found);
        sum += rit_kernels()->sum_squares(scene->layout->size, g);
    }
    return sum / probes * pairs / units;
}
