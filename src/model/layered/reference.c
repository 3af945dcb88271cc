/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reference sweeps in float64: plain loops in the order of the formulas. Everything else is tested
 * against this file, so it stays slow and obvious.
 */
#include "model/layered/layered.h"

#include "base/arena.h"
#include "base/exact.h"

#include <math.h>
#include <string.h>

struct reference {
    const struct rit_layered_site *site;
    const double *w;
    double *x;                    /* [T][54] standardised input */
    double *mu[RIT_MAX_DEPTH];    /* [T][N_h] states */
    double *delta[RIT_MAX_DEPTH]; /* [T][N_h] -dE/d(argument of tanh) */
    double *h;                    /* [T][54] output fields, then delta_h = -dE/dh in place */
    double *chorale;              /* flat: gradient of one chorale */
    unsigned char *chosen;        /* [T] pairs that contribute to the gradient */
};

static void *open_reference(const struct rit_layered_site *site, struct rit_arena *arena)
{
    size_t pairs = (size_t)site->block->pairs, units = pairs * (size_t)site->shape.width;
    struct reference *net = RIT_TAKE(arena, 1, struct reference);
    struct reference local = {.site = site};
    local.x = RIT_TAKE(arena, pairs * RIT_SLOTS, double);
    local.h = RIT_TAKE(arena, pairs * RIT_SLOTS, double);
    for (int a = 0; a < site->shape.depth; a++) {
        local.mu[a] = RIT_TAKE(arena, units, double);
        local.delta[a] = RIT_TAKE(arena, units, double);
    }
    local.chorale = RIT_TAKE(arena, site->layout->size, double);
    local.chosen = RIT_TAKE(arena, pairs, unsigned char);
    if (!net)
        return NULL;
    struct rit_standard standard = rit_standard_of(site->block);
    for (size_t t = 0; t < pairs; t++)
        for (int i = 0; i < RIT_SLOTS; i++)
            local.x[t * RIT_SLOTS + i] = site->block->input[t] >> i & 1 ? standard.on : standard.off;
    *net = local;
    return net;
}

static void load(void *self, const double *w)
{
    struct reference *net = self;
    net->w = w;
}

/* The matrix or vector of block `index`; NULL when the network has none. */
static const double *weights(const struct reference *net, int index)
{
    return index < 0 ? NULL : net->w + net->site->layout->block[index].offset;
}

/* y += A x for A of rows x cols; nothing when A is NULL. */
static void multiply(int rows, int cols, const double *a, const double *x, double *y)
{
    for (int i = 0; a && i < rows; i++)
        for (int j = 0; j < cols; j++)
            y[i] = fma(a[(size_t)i * cols + j], x[j], y[i]);
}

/* x += A^T y */
static void multiply_transposed(int rows, int cols, const double *a, const double *y, double *x)
{
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < cols; j++)
            x[j] = fma(a[(size_t)i * cols + j], y[i], x[j]);
}

static void add(int n, const double *b, double *y)
{
    for (int i = 0; b && i < n; i++)
        y[i] += b[i];
}

/* What feeds layer a at pair t, and how wide it is. */
static const double *layer_input(const struct reference *net, int a, int t, int *cols)
{
    *cols = a == 0 ? RIT_SLOTS : net->site->shape.width;
    return a == 0 ? net->x + (size_t)t * RIT_SLOTS : net->mu[a - 1] + (size_t)t * (size_t)*cols;
}

static void forward(struct reference *net, int from, int to)
{
    const struct rit_layered *shape = &net->site->shape;
    int n = shape->width;
    for (int t = from; t < to; t++) {
        for (int a = 0; a < shape->depth; a++) {
            double *mu = net->mu[a] + (size_t)t * n;
            int cols;
            const double *in = layer_input(net, a, t, &cols);
            memset(mu, 0, sizeof *mu * n);
            add(n, weights(net, shape->b[a]), mu);
            multiply(n, cols, weights(net, shape->j[a]), in, mu);
            if (t > from)
                multiply(n, n, weights(net, shape->m[a]), mu - n, mu);
            for (int i = 0; i < n; i++)
                mu[i] = rit_tanh(mu[i]);
        }
        double *h = net->h + (size_t)t * RIT_SLOTS;
        memcpy(h, weights(net, shape->h), sizeof *h * RIT_SLOTS);
        multiply(RIT_SLOTS, n, weights(net, shape->k), net->mu[shape->depth - 1] + (size_t)t * n, h);
        multiply(RIT_SLOTS, RIT_SLOTS, weights(net, shape->w), net->x + (size_t)t * RIT_SLOTS, h);
    }
}

/* Expects delta_h in net->h. */
static void backward(struct reference *net, int from, int to)
{
    const struct rit_layered *shape = &net->site->shape;
    int n = shape->width;
    for (int a = shape->depth - 1; a >= 0; a--) {
        for (int t = to - 1; t >= from; t--) {
            double *delta = net->delta[a] + (size_t)t * n;
            const double *mu = net->mu[a] + (size_t)t * n;
            memset(delta, 0, sizeof *delta * n);
            if (a == shape->depth - 1)
                multiply_transposed(RIT_SLOTS, n, weights(net, shape->k), net->h + (size_t)t * RIT_SLOTS,
                                    delta);
            else
                multiply_transposed(n, n, weights(net, shape->j[a + 1]), net->delta[a + 1] + (size_t)t * n,
                                    delta);
            if (t + 1 < to)
                multiply_transposed(n, n, weights(net, shape->m[a]), delta + n, delta);
            for (int i = 0; i < n; i++)
                delta[i] *= 1.0 - mu[i] * mu[i];
        }
    }
}

static double square(int n, const double *x)
{
    double sum = 0.0;
    for (int i = 0; i < n; i++)
        sum += x[i] * x[i];
    return sum;
}

/*
 * g -= delta in^T for one pair and one weight block, unless g is NULL; adds |delta|^2 |in|^2 to the block's
 * second moment, if wanted. A NULL `in` stands for the number 1 (biases and h).
 */
static void outer(const struct reference *net, int index, const double *delta, const double *in, double *g,
                  double *second)
{
    if (index < 0)
        return;
    const struct rit_weights *block = &net->site->layout->block[index];
    if (second)
        second[index] += square(block->rows, delta) * (in ? square(block->cols, in) : 1.0);
    for (int i = 0; g && i < block->rows; i++)
        for (int j = 0; j < block->cols; j++)
            g[block->offset + (size_t)i * block->cols + j] -= delta[i] * (in ? in[j] : 1.0);
}

/* Gradient of the cost of pair t, added to g. */
static void contribute(const struct reference *net, int t, bool first, double *g, double *second)
{
    const struct rit_layered *shape = &net->site->shape;
    int n = shape->width;
    for (int a = 0; a < shape->depth; a++) {
        int cols;
        const double *delta = net->delta[a] + (size_t)t * n, *in = layer_input(net, a, t, &cols);
        outer(net, shape->j[a], delta, in, g, second);
        outer(net, shape->b[a], delta, NULL, g, second);
        if (!first)
            outer(net, shape->m[a], delta, net->mu[a] + (size_t)(t - 1) * n, g, second);
    }
    const double *delta = net->h + (size_t)t * RIT_SLOTS;
    outer(net, shape->k, delta, net->mu[shape->depth - 1] + (size_t)t * n, g, second);
    outer(net, shape->w, delta, net->x + (size_t)t * RIT_SLOTS, g, second);
    outer(net, shape->h, delta, NULL, g, second);
}

/* One chorale: forward, criterion, and unless g is NULL backward and gradient; returns the chorale's value.
 */
static double sweep_chorale(struct reference *net, const struct rit_criterion *criterion, int c, bool all,
                            double *g, struct rit_sweep *sweep)
{
    const struct rit_block *block = net->site->block;
    const struct rit_layout *layout = net->site->layout;
    int from = block->start[c], to = block->start[c + 1];
    double scale = (double)block->chorales / block->pairs;
    forward(net, from, to);
    double *h = net->h + (size_t)from * RIT_SLOTS;
    double value = criterion->rows_f64(criterion->self, from, to - from, h, g ? h : NULL, RIT_SLOTS);
    if (!g)
        return value;
    backward(net, from, to);
    memset(net->chorale, 0, sizeof *net->chorale * layout->size);
    for (int t = from; t < to; t++)
        contribute(net, t, t == from, all || net->chosen[t] ? net->chorale : NULL, sweep->second_pair);
    for (int i = 0; i < layout->blocks; i++) {
        const struct rit_weights *w = &layout->block[i];
        sweep->second_chorale[i] += scale * scale * square(w->rows * w->cols, net->chorale + w->offset);
    }
    for (size_t i = 0; i < layout->size; i++)
        g[i] += net->chorale[i];
    return value;
}

static void pass(void *self, const struct rit_batch *batch, enum rit_want want,
                 const struct rit_criterion *criterion, double *g, struct rit_sweep *sweep)
{
    (void)want; /* the reference always fills the second moments */
    struct reference *net = self;
    const struct rit_block *block = net->site->block;
    const struct rit_layout *layout = net->site->layout;
    bool points = batch->kind == RIT_TIME_POINTS;
    int chorales = batch->kind == RIT_CHORALES ? batch->n : block->chorales;
    memset(net->chosen, 0, (size_t)block->pairs);
    for (int i = 0; points && i < batch->n; i++)
        net->chosen[batch->index[i]] = 1;

    if (g)
        memset(g, 0, sizeof *g * layout->size);
    *sweep = (struct rit_sweep){0};
    int pairs = 0;
    for (int i = 0; i < chorales; i++) {
        int c = batch->kind == RIT_CHORALES ? batch->index[i] : i;
        sweep->sum += sweep_chorale(net, criterion, c, !points, g, sweep);
        pairs += block->start[c + 1] - block->start[c];
    }
    sweep->loss = sweep->sum / pairs;
    if (!g)
        return;
    double scale = points ? 1.0 / batch->n : (double)block->chorales / ((double)chorales * block->pairs);
    for (size_t i = 0; i < layout->size; i++)
        g[i] *= scale;
    for (int i = 0; i < layout->blocks; i++) {
        sweep->second_pair[i] /= pairs;
        sweep->second_chorale[i] = points ? NAN : sweep->second_chorale[i] / chorales;
    }
}

const struct rit_layered_engine rit_layered_reference = {.open = open_reference, .load = load, .pass = pass};
