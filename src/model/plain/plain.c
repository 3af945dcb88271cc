/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/plain/plain.h"

#include "base/arena.h"
#include "kernel/kernels.h"

#include <math.h>
#include <string.h>

static const double one = 1.0; /* what a bias multiplies */

struct rit_net *rit_plain_open(const struct rit_layout *layout, const struct rit_block *block,
                               struct rit_arena *arena)
{
    size_t pairs = (size_t)block->pairs;
    struct rit_net *net = RIT_TAKE(arena, 1, struct rit_net);
    struct rit_net local = {
        .layout = layout, .block = block, .in = block->in.port.width, .out = block->asked.port.width};
    local.x = RIT_TAKE(arena, pairs * (size_t)local.in, double);
    local.y = RIT_TAKE(arena, pairs * (size_t)local.out, double);
    local.sequence = RIT_TAKE(arena, layout->size, double);
    local.chosen = RIT_TAKE(arena, pairs, unsigned char);
    if (!net)
        return NULL;
    double off = (0.0 - block->mean) / block->deviation, on = (1.0 - block->mean) / block->deviation;
    for (int t = 0; t < block->pairs; t++)
        for (int i = 0; i < local.in; i++)
            local.x[(size_t)t * (size_t)local.in + (size_t)i] = rit_rows_value(&block->in, t, i, off, on);
    *net = local;
    return net;
}

void rit_plain_load(struct rit_net *net, const double *w)
{
    net->w = w;
}

void rit_plain_multiply(const struct rit_net *net, int b, const double *x, double *y)
{
    if (b < 0)
        return;
    const struct rit_weights *block = &net->layout->block[b];
    rit_kernels()->apply(block->rows, block->cols, net->w + block->offset, x ? x : &one, y);
}

void rit_plain_multiply_back(const struct rit_net *net, int b, const double *y, double *x)
{
    if (b < 0)
        return;
    const struct rit_weights *block = &net->layout->block[b];
    rit_kernels()->apply_back(block->rows, block->cols, net->w + block->offset, y, x);
}

static double dot(int n, const double *x, const double *y)
{
    double sum = 0.0;
    for (int i = 0; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

static double square(size_t n, const double *x)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * x[i];
    return sum;
}

/* What one pass needs everywhere. */
struct passage {
    struct rit_net *net;
    const struct rit_criterion *criterion;
    bool noise; /* second moments are wanted */
    double *g;  /* NULL: forward only */
    struct rit_pass *found;
};

/* |sum_k delta_k x_k^T|^2 of one pair; in NULL: 1. */
static double square_of_pair(const struct rit_weights *block, int terms, const double *delta,
                             const double *in)
{
    int rows = block->rows, cols = block->cols;
    double sum = 0.0;
    for (int k = 0; k < terms; k++)
        for (int l = 0; l < terms; l++)
            sum += dot(rows, delta + k * rows, delta + l * rows) *
                   (in ? dot(cols, in + k * cols, in + l * cols) : 1.0);
    return sum;
}

/* Block b's part of a sequence's gradient, from its pairs from .. to - 1. */
static void contribute(const struct passage *p, int b, int from, int to)
{
    const struct rit_net *net = p->net;
    const struct rit_weights *block = &net->layout->block[b];
    const struct rit_feed *feed = &net->feed[b];
    int rows = block->rows, cols = block->cols, terms = 1 + net->more[b];
    if (!feed->delta) {
        p->found->second_pair[b] = NAN;
        return;
    }
    for (int t = from + feed->lag; t < to; t++) {
        const double *delta = feed->delta + (size_t)t * (size_t)(terms * rows);
        const double *in = feed->in ? feed->in + (size_t)(t - feed->lag) * (size_t)(terms * cols) : NULL;
        if (p->noise)
            p->found->second_pair[b] += square_of_pair(block, terms, delta, in);
        for (int k = 0; net->chosen[t] && k < terms; k++)
            rit_kernels()->subtract_outer(rows, cols, delta + k * rows, in ? in + k * cols : &one,
                                          net->sequence + block->offset);
    }
}

/* One sequence: forward, criterion, and unless g is NULL backward and gradient. */
static void pass_sequence(const struct passage *p, int c)
{
    struct rit_net *net = p->net;
    const struct rit_layout *layout = net->layout;
    int from = net->block->start[c], to = net->block->start[c + 1];
    double scale = (double)net->block->sequences / net->block->pairs;
    double *y = net->y + (size_t)from * (size_t)net->out;
    net->forward(net, from, to);
    p->found->sum +=
        p->criterion->rows_f64(p->criterion->self, from, to - from, y, p->g ? y : NULL, net->out);
    if (!p->g)
        return;
    net->backward(net, from, to);
    memset(net->sequence, 0, sizeof *net->sequence * layout->size);
    if (p->noise && net->collect)
        net->collect(net, net->sequence);
    for (int b = 0; b < layout->blocks; b++) {
        const struct rit_weights *w = &layout->block[b];
        contribute(p, b, from, to);
        if (p->noise)
            p->found->second_sequence[b] +=
                scale * scale * square((size_t)w->rows * (size_t)w->cols, net->sequence + w->offset);
    }
    for (size_t i = 0; i < layout->size; i++)
        p->g[i] += net->sequence[i];
}

/* From sums over the pairs and sequences of the batch to means. */
static void finish(const struct passage *p, const struct rit_batch *batch, int sequences, int pairs)
{
    const struct rit_block *block = p->net->block;
    bool points = batch->kind == RIT_TIME_POINTS;
    double scale = points ? 1.0 / batch->n : (double)block->sequences / ((double)sequences * block->pairs);
    for (size_t i = 0; i < p->net->layout->size; i++)
        p->g[i] *= scale;
    for (int b = 0; p->noise && b < p->net->layout->blocks; b++) {
        p->found->second_pair[b] /= pairs;
        p->found->second_sequence[b] = points ? NAN : p->found->second_sequence[b] / sequences;
    }
}

void rit_plain_pass(struct rit_net *net, const struct rit_batch *batch, enum rit_want want,
                    const struct rit_criterion *criterion, double *g, struct rit_pass *sweep)
{
    const struct rit_block *block = net->block;
    bool points = batch->kind == RIT_TIME_POINTS, some = batch->kind == RIT_SEQUENCES;
    struct passage p = {net, criterion, (want & RIT_WANT_NOISE) != 0, g, sweep};
    net->draw = batch->draw;
    memset(net->chosen, !points, (size_t)block->pairs);
    for (int i = 0; points && i < batch->n; i++)
        net->chosen[batch->index[i]] = 1;
    if (g)
        memset(g, 0, sizeof *g * net->layout->size);
    *sweep = (struct rit_pass){0};
    int pairs = 0, sequences = some ? batch->n : block->sequences;
    for (int i = 0; i < sequences; i++) {
        int c = some ? batch->index[i] : i;
        pass_sequence(&p, c);
        pairs += block->start[c + 1] - block->start[c];
    }
    sweep->loss = sweep->sum / pairs;
    if (g && net->collect && !p.noise)
        net->collect(net, g);
    if (g)
        finish(&p, batch, sequences, pairs);
}

void rit_plain_engine_load(void *net, const double *w)
{
    rit_plain_load(net, w);
}

void rit_plain_engine_pass(void *net, const struct rit_batch *batch, enum rit_want want,
                           const struct rit_criterion *criterion, double *g, struct rit_pass *sweep)
{
    rit_plain_pass(net, batch, want, criterion, g, sweep);
}
