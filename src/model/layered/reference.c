/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reference passes in float64: the formulas, over the plain driver. Everything else is tested against
 * this file, so it stays slow and obvious.
 */
#include "model/layered/layered.h"

#include "base/arena.h"
#include "base/exact.h"
#include "model/plain/plain.h"

#include <string.h>

struct reference {
    const struct rit_layered *shape;
    double *mu[RIT_MAX_DEPTH];    /* [T][N_h] states */
    double *delta[RIT_MAX_DEPTH]; /* [T][N_h] -dE/d(argument of tanh) */
};

static void forward(struct rit_net *net, int from, int to)
{
    const struct reference *self = net->self;
    const struct rit_layered *shape = self->shape;
    int n = shape->width;
    for (int t = from; t < to; t++) {
        const double *x = net->x + (size_t)t * (size_t)net->in, *below = x;
        for (int a = 0; a < shape->depth; a++) {
            double *mu = self->mu[a] + (size_t)t * (size_t)n;
            memset(mu, 0, sizeof *mu * (size_t)n);
            rit_plain_multiply(net, shape->b[a], NULL, mu);
            rit_plain_multiply(net, shape->j[a], below, mu);
            if (t > from)
                rit_plain_multiply(net, shape->m[a], mu - n, mu);
            for (int i = 0; i < n; i++)
                mu[i] = rit_tanh(mu[i]);
            below = mu;
        }
        double *h = net->y + (size_t)t * (size_t)net->out;
        memset(h, 0, sizeof *h * (size_t)net->out);
        rit_plain_multiply(net, shape->h, NULL, h);
        rit_plain_multiply(net, shape->k, below, h);
        rit_plain_multiply(net, shape->w, x, h);
    }
}

static void backward(struct rit_net *net, int from, int to)
{
    const struct reference *self = net->self;
    const struct rit_layered *shape = self->shape;
    int n = shape->width, top = shape->depth - 1;
    for (int a = top; a >= 0; a--) {
        for (int t = to - 1; t >= from; t--) {
            double *delta = self->delta[a] + (size_t)t * (size_t)n;
            const double *mu = self->mu[a] + (size_t)t * (size_t)n;
            memset(delta, 0, sizeof *delta * (size_t)n);
            if (a == top)
                rit_plain_multiply_back(net, shape->k, net->y + (size_t)t * (size_t)net->out, delta);
            else
                rit_plain_multiply_back(net, shape->j[a + 1], self->delta[a + 1] + (size_t)t * (size_t)n,
                                        delta);
            if (t + 1 < to)
                rit_plain_multiply_back(net, shape->m[a], delta + n, delta);
            for (int i = 0; i < n; i++)
                delta[i] *= 1.0 - mu[i] * mu[i];
        }
    }
}

static void set_feeds(struct rit_net *net)
{
    const struct reference *self = net->self;
    const struct rit_layered *shape = self->shape;
    for (int a = 0; a < shape->depth; a++) {
        const double *delta = self->delta[a];
        net->feed[shape->j[a]] = (struct rit_feed){delta, a == 0 ? net->x : self->mu[a - 1], 0};
        net->feed[shape->m[a]] = (struct rit_feed){delta, self->mu[a], 1};
        if (shape->b[a] >= 0)
            net->feed[shape->b[a]] = (struct rit_feed){delta, NULL, 0};
    }
    net->feed[shape->k] = (struct rit_feed){net->y, self->mu[shape->depth - 1], 0};
    net->feed[shape->w] = (struct rit_feed){net->y, net->x, 0};
    net->feed[shape->h] = (struct rit_feed){net->y, NULL, 0};
}

static void *open_reference(const struct rit_layered_site *site, struct rit_arena *arena)
{
    size_t units = (size_t)site->block->pairs * (size_t)site->shape.width;
    struct rit_net *net = rit_plain_open(site->layout, site->block, arena);
    struct reference *self = RIT_TAKE(arena, 1, struct reference), local = {.shape = &site->shape};
    for (int a = 0; a < site->shape.depth; a++) {
        local.mu[a] = RIT_TAKE(arena, units, double);
        local.delta[a] = RIT_TAKE(arena, units, double);
    }
    if (!net)
        return NULL;
    *self = local;
    net->self = self;
    net->forward = forward;
    net->backward = backward;
    set_feeds(net);
    return net;
}

const struct rit_layered_engine rit_layered_reference = {
    .open = open_reference, .load = rit_plain_engine_load, .pass = rit_plain_engine_pass};
