/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A feed-forward network of dense layers, phi an activation and f_a a factor:
 *
 *     m_0 = x,  v_a = f_a J_a m_{a-1} + b_a,  m_a = phi(v_a),  H = f_{L+1} K m_L + h.
 *
 * The parametrisation says where the width N of what feeds a layer stands (Jacot et al., NeurIPS 2018; Mei et
 * al., PNAS 2018):
 *     standard    f = 1,       weights N(0, g^2/N)
 *     ntk         f = g/sqrt N, weights N(0, 1)
 *     mean-field  as ntk, but f = g/N for the output of a network with hidden layers
 */
#include "base/arena.h"
#include "base/exact.h"
#include "model/plain/plain.h"
#include "model/weights/weights.h"

#include <math.h>
#include <string.h>

static const char *const activations[] = {"tanh", "erf", "relu", "sin", "cos", "identity", NULL};
static const char *const parametrisations[] = {"standard", "ntk", "mean-field", NULL};

static const struct rit_param params[] = {
    {.key = "model.activation",
     .kind = RIT_NAME,
     .fallback = "tanh",
     .choices = activations,
     .unit = "1",
     .needs = "model.depth: 1..",
     .meaning = "what hidden units make of their input"},
    {.key = "model.parametrisation",
     .kind = RIT_NAME,
     .fallback = "standard",
     .choices = parametrisations,
     .unit = "1",
     .meaning =
         "where the width N stands: weights N(0, gain^2/N); or N(0, 1) with a factor gain/sqrt N; or the "
         "same with gain/N at the output"},
    {.key = "model.gain",
     .kind = RIT_REAL,
     .fallback = "1",
     .low = 0.0,
     .high = 100.0,
     .unit = "1",
     .meaning = "gain g of all weights"},
    {.key = "model.biases",
     .kind = RIT_BOOL,
     .fallback = "true",
     .unit = "1",
     .meaning = "give hidden and output units biases, starting at zero; those of outputs at the mean target"},
};

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

/* In the order of `activations`. */
static const struct activation of_name[] = {{rit_tanh, tanh_slope}, {rit_erf, erf_slope}, {relu, relu_slope},
                                            {sine, cosine},         {cosine, minus_sine}, {identity, one}};

struct dense {
    int depth, width;
    struct activation phi;
    int j[RIT_MAX_DEPTH + 1], b[RIT_MAX_DEPTH + 1]; /* blocks, the output's last; no bias: -1 */
    double factor[RIT_MAX_DEPTH + 1];
    double *in[RIT_MAX_DEPTH + 1]; /* [T][N] f_a m_{a-1} */
    double *v[RIT_MAX_DEPTH];      /* [T][width] inputs of hidden units */
    double *delta[RIT_MAX_DEPTH];  /* [T][width] -dE/dv */
};

static int index_of(const char *const *names, const char *name)
{
    int i = 0;
    while (strcmp(names[i], name) != 0)
        i++;
    return i;
}

/* Lays the blocks out; `dense` gets all but its arrays. */
static void lay_out(const struct rit_point *point, struct rit_port in, struct rit_port asked,
                    struct rit_layout *layout, struct dense *dense)
{
    bool biases = rit_point_bool(point, "model.biases");
    int kind = index_of(parametrisations, rit_point_name(point, "model.parametrisation"));
    double gain = rit_point_real(point, "model.gain");
    *dense = (struct dense){.depth = (int)rit_point_int(point, "model.depth"),
                            .width = (int)rit_point_int(point, "model.width"),
                            .phi = of_name[index_of(activations, rit_point_name(point, "model.activation"))]};
    *layout = (struct rit_layout){0};
    for (int a = 0, below = in.width; a <= dense->depth; a++, below = dense->width) {
        bool top = a == dense->depth;
        int rows = top ? asked.width : dense->width;
        dense->factor[a] = kind == 0 ? 1.0 : kind == 2 && top && a > 0 ? gain / below : gain / sqrt(below);
        dense->j[a] = rit_weights_add(layout, top ? "K" : "J", top ? 0 : a + 1, rows, below);
        dense->b[a] = biases ? rit_weights_add(layout, top ? "h" : "b", top ? 0 : a + 1, rows, 1) : -1;
        if (top && biases)
            layout->block[dense->b[a]].in_all = false;
    }
}

static enum rit_status layout_of(const struct rit_point *point, struct rit_port in, struct rit_port asked,
                                 struct rit_layout *layout, struct rit_error *err)
{
    (void)err; /* every port is possible */
    struct dense dense;
    lay_out(point, in, asked, layout, &dense);
    return RIT_OK;
}

static void init(const struct rit_point *point, const struct rit_layout *layout,
                 const struct rit_block *block, double *w)
{
    struct rit_layout same;
    struct dense dense;
    lay_out(point, block->in.port, block->asked.port, &same, &dense);
    bool standard = strcmp(rit_point_name(point, "model.parametrisation"), "standard") == 0;
    double gain = rit_point_real(point, "model.gain");
    memset(w, 0, sizeof *w * layout->size);
    for (int a = 0; a <= dense.depth; a++) {
        const struct rit_weights *at = &layout->block[dense.j[a]];
        struct rit_random random = rit_weights_random(point, dense.j[a]);
        rit_weights_gauss(&random, (size_t)at->rows * (size_t)at->cols,
                          standard ? gain / sqrt(at->cols) : 1.0, w + at->offset);
    }
    if (dense.b[dense.depth] >= 0)
        rit_weights_start_output(&layout->block[dense.b[dense.depth]], block, w);
}

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

static struct rit_net *open_net(const struct rit_point *point, const struct rit_layout *layout,
                                const struct rit_block *block, struct rit_arena *arena)
{
    struct rit_net *net = rit_plain_open(layout, block, arena);
    struct dense *self = RIT_TAKE(arena, 1, struct dense), dense;
    struct rit_layout same;
    size_t pairs = (size_t)block->pairs;
    lay_out(point, block->in.port, block->asked.port, &same, &dense);
    for (int a = 0; a <= dense.depth; a++)
        dense.in[a] = RIT_TAKE(arena, pairs * (size_t)layout->block[dense.j[a]].cols, double);
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

const struct rit_model rit_model_dense = {
    .member = {.name = "dense",
               .meaning = "feed-forward network of dense layers, each row for itself; in float64",
               RIT_PARAMS(params)},
    .size = "model.width data.dimension",
    .layout = layout_of,
    .init = init,
    .price = rit_weights_price,
    .open = open_net,
    .load = rit_plain_load,
    .pass = rit_plain_pass,
};
