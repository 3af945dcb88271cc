/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The feed-forward network in float64: the formulas, over the plain driver. */
#include "model/dense/dense.h"

#include "base/arena.h"
#include "base/exact.h"
#include "model/plain/plain.h"

#include <string.h>

/* phi and its derivative, as a function of v. */
struct activation {
    double (*value)(double v);
    double (*slope)(double v);
};

static double tanh_slope(double v)
{
    double m = rit_tanh(v);
    return 1.0 - m * m;
}

static double erf_slope(double v)
{
    return 0x1.20dd750429b6dp+0 * rit_exp(-v * v); /* 2/sqrt pi */
}

static double relu(double v)
{
    return v > 0.0 ? v : 0.0;
}

static double relu_slope(double v)
{
    return v > 0.0 ? 1.0 : 0.0;
}

static const double one_over_pi = 0x1.45f306dc9c883p-2;

static double sine(double v)
{
    return rit_sinpi(v * one_over_pi);
}

static double cosine(double v)
{
    return rit_sinpi(v * one_over_pi + 0.5);
}

static double minus_sine(double v)
{
    return -sine(v);
}

static double identity(double v)
{
    return v;
}

static double one(double v)
{
    (void)v;
    return 1.0;
}

static const struct activation activations[] = {
    [RIT_TANH] = {rit_tanh, tanh_slope}, [RIT_ERF] = {rit_erf, erf_slope}, [RIT_RELU] = {relu, relu_slope},
    [RIT_SIN] = {sine, cosine},          [RIT_COS] = {cosine, minus_sine}, [RIT_IDENTITY] = {identity, one}};

struct dense {
    int depth, width;
    struct activation phi;
    int j[RIT_MAX_DEPTH + 1], b[RIT_MAX_DEPTH + 1]; /* blocks, the output's last; no bias: -1 */
    const double *factor;
    double *in[RIT_MAX_DEPTH + 1]; /* [T][N] f_a m_{a-1} */
    double *v[RIT_MAX_DEPTH];      /* [T][width] inputs of hidden units */
    double *delta[RIT_MAX_DEPTH];  /* [T][width] -dE/dv */
};

static void forward(struct rit_net *net, int from, int to)
{
    const struct dense *dense = net->self;
    for (int t = from; t < to; t++) {
        for (int a = 0, below = net->in; a <= dense->depth; a++, below = dense->width) {
            bool top = a == dense->depth;
            int rows = top ? net->out : dense->width;
            double *in = dense->in[a] + (size_t)t * (size_t)below;
            double *v = (top ? net->y : dense->v[a]) + (size_t)t * (size_t)rows;
            for (int i = 0; i < below; i++)
                in[i] = dense->factor[a] *
                        (a == 0 ? net->x[(size_t)t * (size_t)below + (size_t)i]
                                : dense->phi.value(dense->v[a - 1][(size_t)t * (size_t)below + (size_t)i]));
            memset(v, 0, sizeof *v * (size_t)rows);
            rit_plain_multiply(net, dense->b[a], NULL, v);
            rit_plain_multiply(net, dense->j[a], in, v);
        }
    }
}

static void backward(struct rit_net *net, int from, int to)
{
    const struct dense *dense = net->self;
    for (int t = from; t < to; t++) {
        const double *above = net->y + (size_t)t * (size_t)net->out;
        for (int a = dense->depth - 1; a >= 0; a--) {
            double *delta = dense->delta[a] + (size_t)t * (size_t)dense->width;
            const double *v = dense->v[a] + (size_t)t * (size_t)dense->width;
            memset(delta, 0, sizeof *delta * (size_t)dense->width);
            rit_plain_multiply_back(net, dense->j[a + 1], above, delta);
            for (int i = 0; i < dense->width; i++)
                delta[i] *= dense->factor[a + 1] * dense->phi.slope(v[i]);
            above = delta;
        }
    }
}

static struct dense dense_of(const struct rit_layered *shape)
{
    struct dense dense = {.depth = shape->depth,
                          .width = shape->width,
                          .phi = activations[shape->phi],
                          .factor = shape->factor};
    for (int a = 0; a < shape->depth; a++) {
        dense.j[a] = shape->j[a];
        dense.b[a] = shape->b[a];
    }
    dense.j[shape->depth] = shape->depth > 0 ? shape->k : shape->w;
    dense.b[shape->depth] = shape->h;
    return dense;
}

static void *open_reference(const struct rit_layered_site *site, struct rit_arena *arena)
{
    struct rit_net *net = rit_plain_open(site->layout, site->block, arena);
    struct dense *self = RIT_TAKE(arena, 1, struct dense), dense = dense_of(&site->shape);
    size_t pairs = (size_t)site->block->pairs;
    for (int a = 0; a <= dense.depth; a++)
        dense.in[a] = RIT_TAKE(arena, pairs * (size_t)site->layout->block[dense.j[a]].cols, double);
    for (int a = 0; a < dense.depth; a++) {
        dense.v[a] = RIT_TAKE(arena, pairs * (size_t)dense.width, double);
        dense.delta[a] = RIT_TAKE(arena, pairs * (size_t)dense.width, double);
    }
    if (!net)
        return NULL;
    *self = dense;
    net->self = self;
    net->forward = forward;
    net->backward = backward;
    for (int a = 0; a <= dense.depth; a++) {
        const double *delta = a == dense.depth ? net->y : dense.delta[a];
        net->feed[dense.j[a]] = (struct rit_feed){delta, dense.in[a], 0};
        if (dense.b[a] >= 0)
            net->feed[dense.b[a]] = (struct rit_feed){delta, NULL, 0};
    }
    return net;
}

const struct rit_layered_engine rit_dense_reference = {
    .open = open_reference, .load = rit_plain_engine_load, .pass = rit_plain_engine_pass};
