/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The layered network with a gate to every unit, which says how far the unit goes from where it was:
 *
 *     c_a(t) = tanh( J_a mu_{a-1}(t) + M_a mu_a(t-1) [+ b_a] ),
 *     z_a(t) = sigma( Jz_a mu_{a-1}(t) + Mz_a mu_a(t-1) + bz_a ),
 *     mu_a(t) = (1 - z_a) mu_a(t-1) + z_a c_a,  H(t) = K mu_{N_L}(t) + W x(t) + h.
 *
 * This is the update gate of a gated recurrent unit (Cho et al., EMNLP 2014) without its reset gate: also the
 * JANET of van der Westhuizen and Lasenby, arXiv:1804.04849, with beta = 0 and z for 1 - f. z = 1 is
 * layered-tanh.
 */
#include "base/arena.h"
#include "base/exact.h"
#include "kernel/polar.h"
#include "model/layered/start.h"
#include "model/plain/plain.h"
#include "model/weights/weights.h"

#include <math.h>
#include <string.h>

static const struct rit_param params[] = {
    {.key = "model.gate-bias",
     .kind = RIT_REAL,
     .fallback = "0",
     .low = -100.0,
     .high = 100.0,
     .unit = "1",
     .meaning = "start of the gates' biases bz: the smaller, the longer a unit stays where it was; Jz and Mz "
                "start as N(0, 0.1/columns)"},
};

/* [T][n] of each layer: states, candidates, gates, states before, and deltas of what goes into c and z. */
enum { MU, C, Z, BEFORE, DC, DZ, ARRAYS };

struct gated {
    struct rit_layered shape;
    int jz[RIT_MAX_DEPTH], mz[RIT_MAX_DEPTH], bz[RIT_MAX_DEPTH];
    double *of[ARRAYS][RIT_MAX_DEPTH];
    double *back; /* [n] -dE/dmu */
    double *polar;
};

/* Lays the blocks out; `gated` gets their indices. */
static void lay_out(const struct rit_point *point, struct rit_port in, struct rit_port asked,
                    struct rit_layout *layout, struct gated *gated)
{
    *gated = (struct gated){0};
    rit_layered_lay_out(point, in, asked, layout, &gated->shape);
    int n = gated->shape.width;
    for (int a = 0; a < gated->shape.depth; a++) {
        gated->jz[a] = rit_weights_add(layout, "Jz", a + 1, n, a == 0 ? in.width : n);
        gated->mz[a] = rit_weights_add(layout, "Mz", a + 1, n, n);
        gated->bz[a] = rit_weights_add(layout, "bz", a + 1, n, 1);
    }
}

static enum rit_status check(const struct rit_point *point, struct rit_error *err)
{
    enum { DEEPEST = (RIT_MAX_BLOCKS - 3) / 6 };
    if (rit_point_int(point, "model.depth") > DEEPEST)
        return rit_fail(err, RIT_BAD_INPUT, "model.depth: layered-gated has at most %d layers", DEEPEST);
    return rit_layered_check(point, err);
}

static enum rit_status layout_of(const struct rit_point *point, struct rit_port in, struct rit_port asked,
                                 struct rit_layout *layout, struct rit_error *err)
{
    (void)err; /* every port is possible */
    struct gated gated;
    lay_out(point, in, asked, layout, &gated);
    return RIT_OK;
}

static void init(const struct rit_point *point, const struct rit_layout *layout, const struct rit_block *data,
                 double *w)
{
    struct rit_layout same;
    struct gated gated;
    lay_out(point, data->in.port, data->asked.port, &same, &gated);
    rit_layered_start(point, layout, &gated.shape, data, w);
    double bias = rit_point_real(point, "model.gate-bias");
    for (int b = gated.shape.h + 1; b < layout->blocks; b++) {
        const struct rit_weights *at = &layout->block[b];
        size_t size = (size_t)at->rows * (size_t)at->cols;
        struct rit_random random = rit_weights_random(point, b);
        if (at->name[0] != 'b')
            rit_weights_gauss(&random, size, sqrt(0.1 / at->cols), w + at->offset);
        for (size_t i = 0; at->name[0] == 'b' && i < size; i++)
            w[at->offset + i] = bias;
    }
}

/* y = J below + M before [+ b] */
static void drive(const struct rit_net *net, int j, int m, int b, const double *below, const double *before,
                  double *y)
{
    memset(y, 0, sizeof *y * (size_t)net->layout->block[j].rows);
    rit_plain_multiply(net, b, NULL, y);
    rit_plain_multiply(net, j, below, y);
    rit_plain_multiply(net, m, before, y);
}

static void forward(struct rit_net *net, int from, int to)
{
    const struct gated *gated = net->self;
    const struct rit_layered *shape = &gated->shape;
    int n = shape->width;
    for (int t = from; t < to; t++) {
        const double *x = net->x + (size_t)t * (size_t)net->in, *below = x;
        for (int a = 0; a < shape->depth; a++) {
            size_t at = (size_t)t * (size_t)n;
            double *mu = gated->of[MU][a] + at, *c = gated->of[C][a] + at, *z = gated->of[Z][a] + at,
                   *before = gated->of[BEFORE][a] + at;
            for (int i = 0; i < n; i++)
                before[i] = t > from ? mu[i - n] : 0.0;
            drive(net, shape->j[a], shape->m[a], shape->b[a], below, before, c);
            drive(net, gated->jz[a], gated->mz[a], gated->bz[a], below, before, z);
            for (int i = 0; i < n; i++) {
                c[i] = rit_tanh(c[i]);
                z[i] = 0.5 + 0.5 * rit_tanh(0.5 * z[i]);
                mu[i] = before[i] + z[i] * (c[i] - before[i]);
            }
            below = mu;
        }
        double *h = net->y + (size_t)t * (size_t)net->out;
        memset(h, 0, sizeof *h * (size_t)net->out);
        rit_plain_multiply(net, shape->h, NULL, h);
        rit_plain_multiply(net, shape->k, below, h);
        rit_plain_multiply(net, shape->w, x, h);
    }
}

/* -dE/dmu_a(t) by way of the layer above, or of the output, is added to `back`. */
static void come_down(const struct rit_net *net, int a, int t, double *back)
{
    const struct gated *gated = net->self;
    const struct rit_layered *shape = &gated->shape;
    size_t at = (size_t)t * (size_t)shape->width;
    if (a == shape->depth - 1) {
        rit_plain_multiply_back(net, shape->k, net->y + (size_t)t * (size_t)net->out, back);
        return;
    }
    rit_plain_multiply_back(net, shape->j[a + 1], gated->of[DC][a + 1] + at, back);
    rit_plain_multiply_back(net, gated->jz[a + 1], gated->of[DZ][a + 1] + at, back);
}

static void backward(struct rit_net *net, int from, int to)
{
    const struct gated *gated = net->self;
    const struct rit_layered *shape = &gated->shape;
    int n = shape->width;
    double *back = gated->back;
    for (int a = shape->depth - 1; a >= 0; a--) {
        memset(back, 0, sizeof *back * (size_t)n);
        for (int t = to - 1; t >= from; t--) {
            size_t at = (size_t)t * (size_t)n;
            const double *c = gated->of[C][a] + at, *z = gated->of[Z][a] + at,
                         *before = gated->of[BEFORE][a] + at;
            double *dc = gated->of[DC][a] + at, *dz = gated->of[DZ][a] + at;
            come_down(net, a, t, back);
            for (int i = 0; i < n; i++) {
                dc[i] = back[i] * z[i] * (1.0 - c[i] * c[i]);
                dz[i] = back[i] * (c[i] - before[i]) * z[i] * (1.0 - z[i]);
                back[i] *= 1.0 - z[i];
            }
            rit_plain_multiply_back(net, shape->m[a], dc, back);
            rit_plain_multiply_back(net, gated->mz[a], dz, back);
        }
    }
}

static void set_feeds(struct rit_net *net)
{
    const struct gated *gated = net->self;
    const struct rit_layered *shape = &gated->shape;
    for (int a = 0; a < shape->depth; a++) {
        const double *below = a == 0 ? net->x : gated->of[MU][a - 1], *before = gated->of[BEFORE][a],
                     *dc = gated->of[DC][a], *dz = gated->of[DZ][a];
        net->feed[shape->j[a]] = (struct rit_feed){dc, below, 0};
        net->feed[shape->m[a]] = (struct rit_feed){dc, before, 0};
        if (shape->b[a] >= 0)
            net->feed[shape->b[a]] = (struct rit_feed){dc, NULL, 0};
        net->feed[gated->jz[a]] = (struct rit_feed){dz, below, 0};
        net->feed[gated->mz[a]] = (struct rit_feed){dz, before, 0};
        net->feed[gated->bz[a]] = (struct rit_feed){dz, NULL, 0};
    }
    net->feed[shape->k] = (struct rit_feed){net->y, gated->of[MU][shape->depth - 1], 0};
    net->feed[shape->w] = (struct rit_feed){net->y, net->x, 0};
    net->feed[shape->h] = (struct rit_feed){net->y, NULL, 0};
}

static struct rit_net *open_net(const struct rit_point *point, const struct rit_layout *layout,
                                const struct rit_block *block, struct rit_arena *arena)
{
    struct rit_net *net = rit_plain_open(layout, block, arena);
    struct gated *self = RIT_TAKE(arena, 1, struct gated), gated;
    struct rit_layout same;
    lay_out(point, block->in.port, block->asked.port, &same, &gated);
    size_t n = (size_t)gated.shape.width;
    for (int i = 0; i < ARRAYS; i++)
        for (int a = 0; a < gated.shape.depth; a++)
            gated.of[i][a] = RIT_TAKE(arena, (size_t)block->pairs * n, double);
    gated.back = RIT_TAKE(arena, n, double);
    gated.polar = RIT_TAKE(arena, rit_polar_work(gated.shape.width), double);
    if (!net)
        return NULL;
    *self = gated;
    net->self = self;
    net->forward = forward;
    net->backward = backward;
    set_feeds(net);
    return net;
}

static bool retract(struct rit_net *net, double *w)
{
    return rit_layered_retract(net->layout, ((struct gated *)net->self)->polar, w);
}

const struct rit_model rit_model_layered_gated = {
    .member = {.name = "layered-gated",
               .meaning = "layered-tanh with an update gate to every unit; in float64",
               RIT_PARAMS(params),
               .shared = rit_layered_params + RIT_DENSE_PARAMS,
               .n_shared = RIT_LAYERED_PARAMS - RIT_DENSE_PARAMS},
    .size = "model.width",
    .check = check,
    .layout = layout_of,
    .price = rit_weights_price,
    .init = init,
    .open = open_net,
    .load = rit_plain_load,
    .pass = rit_plain_pass,
    .retract_period = rit_layered_retract_period,
    .retract = retract,
};
