/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The layered network with complex states and unitary recurrent matrices:
 *
 *     mu_a(t) = phi( J_a mu_{a-1}(t) + M_a mu_a(t-1) [+ b_a] ),  phi(z) = z tanh|z| / |z|,
 *     H(t) = K (Re mu_{N_L}(t), Im mu_{N_L}(t)) + W x(t) + h.
 *
 * phi keeps the phase. x and H are real; J_1 and b_a are complex, with the rows of real parts above those of
 * imaginary parts; so are J_a (a >= 2) and M_a, as (2 N_h) x N_h weights; K is real, outputs x (2 N_h).
 * Widths count complex units: one has two numbers for a state, and M_a twice the weights of layered-tanh.
 */
#include "base/arena.h"
#include "base/exact.h"
#include "kernel/polar.h"
#include "model/layered/haar.h"
#include "model/layered/start.h"
#include "model/plain/plain.h"
#include "model/weights/weights.h"

#include <math.h>
#include <string.h>

/* [T][2 n] each, real parts before imaginary parts: z, states, and deltas of z. */
enum { Z, MU, DELTA, ARRAYS };

struct unitary {
    struct rit_layered shape;
    double *of[ARRAYS][RIT_MAX_DEPTH];
    double *turned[RIT_MAX_DEPTH]; /* [T][2][2 n] delta, and (Im delta, -Re delta): of complex matrices */
    double *polar, *real;          /* work space of the projection, and a matrix as a real one of 2 n */
};

static void lay_out(const struct rit_point *point, struct rit_port in, struct rit_port asked,
                    struct rit_layout *layout, struct rit_layered *shape)
{
    int depth = (int)rit_point_int(point, "model.depth"), n = (int)rit_point_int(point, "model.width");
    bool bias = rit_point_bool(point, "model.hidden-bias");
    *layout = (struct rit_layout){0};
    *shape = (struct rit_layered){.depth = depth, .width = n, .in = in.width, .out = asked.width};
    for (int a = 0; a < depth; a++) {
        shape->j[a] = rit_weights_add(layout, "J", a + 1, 2 * n, a == 0 ? in.width : n);
        if (a > 0)
            rit_layered_keep(point, false, &layout->block[shape->j[a]]);
        shape->m[a] = rit_weights_add(layout, "M", a + 1, 2 * n, n);
        rit_layered_keep(point, true, &layout->block[shape->m[a]]);
        shape->b[a] = bias ? rit_weights_add(layout, "b", a + 1, 2 * n, 1) : -1;
    }
    shape->k = rit_weights_add(layout, "K", 0, asked.width, 2 * n);
    shape->w = rit_weights_add(layout, "W", 0, asked.width, in.width);
    shape->h = rit_weights_add(layout, "h", 0, asked.width, 1);
    layout->block[shape->h].in_all = false;
}

static enum rit_status layout_of(const struct rit_point *point, struct rit_port in, struct rit_port asked,
                                 struct rit_layout *layout, struct rit_error *err)
{
    (void)err; /* every port is possible */
    struct rit_layered shape;
    lay_out(point, in, asked, layout, &shape);
    return RIT_OK;
}

/* A complex matrix multiplies twice, real parts and imaginary parts. */
static double price(const struct rit_point *point, const struct rit_layout *layout)
{
    double once = rit_weights_price(point, layout), twice = 0.0;
    for (int b = 0; b < layout->blocks; b++)
        if (layout->block[b].rows == 2 * layout->block[b].cols)
            twice += 6.0 * layout->block[b].rows * layout->block[b].cols;
    return once + twice;
}

/* Of N(0, 1/n) for |w|^2, of U(n), or a permutation; times the gain. */
static void fill_complex(const char *kind, struct rit_random *random, int n, double gain, double *w)
{
    size_t size = (size_t)n * (size_t)n;
    if (strcmp(kind, "permutation") == 0)
        rit_fill_permutation(random, n, w);
    else if (strcmp(kind, "haar") == 0)
        rit_fill_haar_unitary(random, n, w);
    else
        rit_weights_gauss(random, 2 * size, sqrt(0.5 / n), w);
    for (size_t i = 0; i < 2 * size; i++)
        w[i] *= gain;
}

static void init(const struct rit_point *point, const struct rit_layout *layout, const struct rit_block *data,
                 double *w)
{
    struct rit_layout same;
    struct rit_layered shape;
    lay_out(point, data->in.port, data->asked.port, &same, &shape);
    memset(w, 0, sizeof *w * layout->size);
    for (int i = 0; i < layout->blocks; i++) {
        const struct rit_weights *block = &layout->block[i];
        size_t size = (size_t)block->rows * (size_t)block->cols;
        struct rit_random random = rit_weights_random(point, i);
        double *at = w + block->offset;
        if (i == shape.j[0]) /* |J x|^2 as in the real network */
            rit_weights_gauss(&random, size, sqrt(0.05 / block->cols), at);
        else if (block->name[0] == 'J' || block->name[0] == 'M')
            fill_complex(rit_point_name(point, block->name[0] == 'M' ? "model.recurrent-init"
                                                                     : "model.feedforward-init"),
                         &random, shape.width, block->scale, at);
        else if (i == shape.k && strcmp(rit_point_name(point, "model.readout-init"), "gaussian") == 0)
            rit_weights_gauss(&random, size, 1.0 / sqrt(block->cols), at);
        else if (i == shape.h)
            rit_weights_start_output(block, data, w);
    }
}

/* y += B x of complex x and y; `back`: y += B* x, B* being the adjoint. */
static void multiply_complex(const struct rit_net *net, int b, bool back, const double *x, double *y)
{
    const struct rit_weights *block = &net->layout->block[b];
    int n = block->cols;
    const double *re = net->w + block->offset, *im = re + (size_t)n * (size_t)n;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++, re++, im++) {
            int to = back ? j : i, of = back ? i : j;
            double turn = back ? -*im : *im;
            y[to] = fma(*re, x[of], fma(-turn, x[n + of], y[to]));
            y[n + to] = fma(*re, x[n + of], fma(turn, x[of], y[n + to]));
        }
}

/* phi of n complex numbers */
static void activate(int n, const double *z, double *mu)
{
    for (int i = 0; i < n; i++) {
        double r = sqrt(z[i] * z[i] + z[n + i] * z[n + i]), g = r > 0.0 ? rit_tanh(r) / r : 1.0;
        mu[i] = g * z[i];
        mu[n + i] = g * z[n + i];
    }
}

/* From deltas of phi(z) to those of z: a radial part times 1 - tanh^2|z|, a tangential one times tanh|z|/|z|.
 */
static void activate_back(int n, const double *z, double *delta)
{
    for (int i = 0; i < n; i++) {
        double r = sqrt(z[i] * z[i] + z[n + i] * z[n + i]);
        if (r == 0.0)
            continue;
        double m = rit_tanh(r), g = m / r, re = z[i] / r, im = z[n + i] / r;
        double radial = (1.0 - m * m - g) * (re * delta[i] + im * delta[n + i]);
        delta[i] = g * delta[i] + radial * re;
        delta[n + i] = g * delta[n + i] + radial * im;
    }
}

static void forward(struct rit_net *net, int from, int to)
{
    const struct unitary *self = net->self;
    const struct rit_layered *shape = &self->shape;
    int n = shape->width;
    for (int t = from; t < to; t++) {
        const double *x = net->x + (size_t)t * (size_t)net->in;
        size_t at = (size_t)t * (size_t)(2 * n);
        for (int a = 0; a < shape->depth; a++) {
            double *z = self->of[Z][a] + at, *mu = self->of[MU][a] + at;
            memset(z, 0, sizeof *z * (size_t)(2 * n));
            rit_plain_multiply(net, shape->b[a], NULL, z);
            if (a == 0)
                rit_plain_multiply(net, shape->j[0], x, z);
            else
                multiply_complex(net, shape->j[a], false, self->of[MU][a - 1] + at, z);
            if (t > from)
                multiply_complex(net, shape->m[a], false, mu - 2 * n, z);
            activate(n, z, mu);
        }
        double *h = net->y + (size_t)t * (size_t)net->out;
        memset(h, 0, sizeof *h * (size_t)net->out);
        rit_plain_multiply(net, shape->h, NULL, h);
        rit_plain_multiply(net, shape->k, self->of[MU][shape->depth - 1] + at, h);
        rit_plain_multiply(net, shape->w, x, h);
    }
}

static void backward(struct rit_net *net, int from, int to)
{
    const struct unitary *self = net->self;
    const struct rit_layered *shape = &self->shape;
    int n = shape->width, top = shape->depth - 1;
    for (int a = top; a >= 0; a--) {
        for (int t = to - 1; t >= from; t--) {
            size_t at = (size_t)t * (size_t)(2 * n);
            double *delta = self->of[DELTA][a] + at, *turned = self->turned[a] + 2 * at;
            memset(delta, 0, sizeof *delta * (size_t)(2 * n));
            if (a == top)
                rit_plain_multiply_back(net, shape->k, net->y + (size_t)t * (size_t)net->out, delta);
            else
                multiply_complex(net, shape->j[a + 1], true, self->of[DELTA][a + 1] + at, delta);
            if (t + 1 < to)
                multiply_complex(net, shape->m[a], true, delta + 2 * n, delta);
            activate_back(n, self->of[Z][a] + at, delta);
            memcpy(turned, delta, sizeof *delta * (size_t)(2 * n));
            for (int i = 0; i < n; i++) {
                turned[2 * n + i] = delta[n + i];
                turned[3 * n + i] = -delta[i];
            }
        }
    }
}

/* A complex matrix multiplies real parts, whose deltas are delta, and imaginary parts, whose are `turned`. */
static void set_feeds(struct rit_net *net)
{
    const struct unitary *self = net->self;
    const struct rit_layered *shape = &self->shape;
    for (int a = 0; a < shape->depth; a++) {
        const double *delta = self->of[DELTA][a], *turned = self->turned[a];
        net->feed[shape->j[a]] =
            a == 0 ? (struct rit_feed){delta, net->x, 0} : (struct rit_feed){turned, self->of[MU][a - 1], 0};
        net->feed[shape->m[a]] = (struct rit_feed){turned, self->of[MU][a], 1};
        net->more[shape->j[a]] = a > 0;
        net->more[shape->m[a]] = 1;
        if (shape->b[a] >= 0)
            net->feed[shape->b[a]] = (struct rit_feed){delta, NULL, 0};
    }
    net->feed[shape->k] = (struct rit_feed){net->y, self->of[MU][shape->depth - 1], 0};
    net->feed[shape->w] = (struct rit_feed){net->y, net->x, 0};
    net->feed[shape->h] = (struct rit_feed){net->y, NULL, 0};
}

static struct rit_net *open_net(const struct rit_point *point, const struct rit_layout *layout,
                                const struct rit_block *block, struct rit_arena *arena)
{
    struct rit_net *net = rit_plain_open(layout, block, arena);
    struct unitary *self = RIT_TAKE(arena, 1, struct unitary), local = {0};
    struct rit_layout same;
    lay_out(point, block->in.port, block->asked.port, &same, &local.shape);
    size_t n = (size_t)local.shape.width, pairs = (size_t)block->pairs;
    for (int a = 0; a < local.shape.depth; a++) {
        for (int i = 0; i < ARRAYS; i++)
            local.of[i][a] = RIT_TAKE(arena, pairs * 2 * n, double);
        local.turned[a] = RIT_TAKE(arena, pairs * 4 * n, double);
    }
    local.polar = RIT_TAKE(arena, rit_polar_work(2 * local.shape.width), double);
    local.real = RIT_TAKE(arena, 4 * n * n, double);
    if (!net)
        return NULL;
    *self = local;
    net->self = self;
    net->forward = forward;
    net->backward = backward;
    set_feeds(net);
    return net;
}

/*
 * The unitary polar factor by that of the real matrix (Re, -Im; Im, Re), which has the same form: what
 * X <- X (3 - X* X) / 2 comes to.
 */
static bool project(const struct unitary *self, int n, double gain, double *w)
{
    size_t wide = 2 * (size_t)n, size = (size_t)n * (size_t)n;
    double *real = self->real;
    for (size_t i = 0; i < (size_t)n; i++)
        for (size_t j = 0; j < (size_t)n; j++) {
            double re = w[i * (size_t)n + j], im = w[size + i * (size_t)n + j];
            real[i * wide + j] = real[(i + (size_t)n) * wide + j + (size_t)n] = re;
            real[(i + (size_t)n) * wide + j] = im;
            real[i * wide + j + (size_t)n] = -im;
        }
    if (!rit_polar_project(2 * n, real, self->polar))
        return false;
    for (size_t i = 0; i < wide; i++) /* the left half: Re above Im */
        for (size_t j = 0; j < (size_t)n; j++)
            w[i * (size_t)n + j] = gain * real[i * wide + j];
    return true;
}

static bool retract(struct rit_net *net, double *w)
{
    const struct rit_layout *layout = net->layout;
    for (int i = 0; i < layout->blocks; i++) {
        const struct rit_weights *block = &layout->block[i];
        if (block->orthogonal && !project(net->self, block->cols, block->scale, w + block->offset))
            return false;
    }
    return true;
}

const struct rit_model rit_model_layered_unitary = {
    .member = {.name = "layered-unitary",
               .meaning = "layered-tanh with complex states and unitary recurrent matrices; in float64",
               .shared = rit_layered_params + RIT_DENSE_PARAMS,
               .n_shared = RIT_LAYERED_PARAMS - RIT_DENSE_PARAMS},
    .size = "model.width",
    .check = rit_layered_check,
    .layout = layout_of,
    .price = price,
    .init = init,
    .open = open_net,
    .load = rit_plain_load,
    .pass = rit_plain_pass,
    .retract_period = rit_layered_retract_period,
    .retract = retract,
};
