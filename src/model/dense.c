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
 * and of the last two, with a bias variance s, sqrt(s) b_a stands for b_a.
 */
#include "model/dense/dense.h"
#include "base/arena.h"
#include "model/layered/start.h"
#include "model/weights/weights.h"

#include <math.h>
#include <string.h>

/* In the order of enum rit_activation. */
static const char *const activations[] = {"tanh", "erf", "relu", "sin", "cos", "identity", NULL};

static const struct rit_param params[] = {
    {.key = "model.activation",
     .kind = RIT_NAME,
     .fallback = "tanh",
     .choices = activations,
     .unit = "1",
     .needs = "model.depth: 1..",
     .meaning = "what hidden units make of their input"},
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
    {.key = "model.bias-variance",
     .kind = RIT_REAL,
     .fallback = "0",
     .low = 0.0,
     .high = 10000.0,
     .unit = "1",
     .needs = "model.parametrisation: ntk mean-field",
     .meaning = "s of biases that start as sqrt(s) b with b from N(0, 1), and move as b; 0: they start as "
                "without it, and move as they are"},
};

struct rit_net {
    const struct rit_layered_engine *engine;
    void *self; /* the engine's memory */
    struct rit_layered_site site;
    double *scaled; /* flat: weights times their factors; NULL where all are 1, or the engine knows */
    double factor[RIT_MAX_BLOCKS]; /* of every block */
};

static enum rit_activation activation_of(const struct rit_point *point)
{
    int i = 0;
    while (activations[i] && strcmp(activations[i], rit_point_name(point, "model.activation")) != 0)
        i++;
    RIT_CHECK(activations[i]);
    return (enum rit_activation)i;
}

/* Variance of the biases at their start; 0 where they have none of their own. */
static double bias_variance(const struct rit_point *point)
{
    bool scaled = rit_parametrisation_of(point) != RIT_STANDARD && rit_point_bool(point, "model.biases");
    return scaled ? rit_point_real(point, "model.bias-variance") : 0.0;
}

/* Lays the blocks out; `shape` gets their indices, their factors and the activation. */
static void lay_out(const struct rit_point *point, struct rit_port in, struct rit_port asked,
                    struct rit_layout *layout, struct rit_layered *shape)
{
    bool biases = rit_point_bool(point, "model.biases");
    enum rit_parametrisation kind = rit_parametrisation_of(point);
    int depth = (int)rit_point_int(point, "model.depth"), width = (int)rit_point_int(point, "model.width");
    double gain = rit_point_real(point, "model.gain");
    *shape = (struct rit_layered){.depth = depth, .width = width, .in = in.width, .out = asked.width};
    shape->phi = activation_of(point);
    shape->k = shape->w = shape->h = -1;
    *layout = (struct rit_layout){0};
    for (int a = 0, below = in.width; a <= depth; a++, below = width) {
        bool top = a == depth;
        int rows = top ? asked.width : width;
        shape->factor[a] = kind == RIT_STANDARD                     ? 1.0
                           : kind == RIT_MEAN_FIELD && top && a > 0 ? gain / below
                                                                    : gain / sqrt(below);
        int product = rit_weights_add(layout, top ? "K" : "J", top ? 0 : a + 1, rows, below);
        int bias = biases ? rit_weights_add(layout, top ? "h" : "b", top ? 0 : a + 1, rows, 1) : -1;
        if (top) {
            *(depth > 0 ? &shape->k : &shape->w) = product;
            shape->h = bias;
        } else {
            shape->j[a] = product;
            shape->b[a] = bias;
            shape->m[a] = -1;
        }
    }
    if (shape->h >= 0)
        layout->block[shape->h].in_all = false;
}

/* The block that multiplies in layer a, the output being layer `depth`. */
static int product_of(const struct rit_layered *shape, int a)
{
    return a < shape->depth ? shape->j[a] : shape->depth > 0 ? shape->k : shape->w;
}

static enum rit_status layout_of(const struct rit_point *point, struct rit_port in, struct rit_port asked,
                                 struct rit_layout *layout, struct rit_error *err)
{
    (void)err; /* every port is possible */
    struct rit_layered shape;
    lay_out(point, in, asked, layout, &shape);
    return RIT_OK;
}

static int bias_of(const struct rit_layered *shape, int a)
{
    return a < shape->depth ? shape->b[a] : shape->h;
}

static void draw_biases(const struct rit_point *point, const struct rit_layout *layout,
                        const struct rit_layered *shape, double *w)
{
    for (int a = 0; a <= shape->depth; a++) {
        const struct rit_weights *at = &layout->block[bias_of(shape, a)];
        struct rit_random random = rit_weights_random(point, bias_of(shape, a));
        rit_weights_gauss(&random, (size_t)at->rows, 1.0, w + at->offset);
    }
}

static void init(const struct rit_point *point, const struct rit_layout *layout,
                 const struct rit_block *block, double *w)
{
    struct rit_layout same;
    struct rit_layered shape;
    lay_out(point, block->in.port, block->asked.port, &same, &shape);
    bool standard = rit_parametrisation_of(point) == RIT_STANDARD;
    double gain = rit_point_real(point, "model.gain");
    memset(w, 0, sizeof *w * layout->size);
    for (int a = 0; a <= shape.depth; a++) {
        int product = product_of(&shape, a);
        const struct rit_weights *at = &layout->block[product];
        struct rit_random random = rit_weights_random(point, product);
        rit_weights_gauss(&random, (size_t)at->rows * (size_t)at->cols,
                          standard ? gain / sqrt(at->cols) : 1.0, w + at->offset);
    }
    if (bias_variance(point) > 0.0)
        draw_biases(point, layout, &shape, w);
    else if (shape.h >= 0)
        rit_weights_start_output(&layout->block[shape.h], block, w);
}

/* The factors of all blocks; of products only where the engine does not know them itself. */
static void fill_factors(const struct rit_point *point, const struct rit_layered *shape, bool exact,
                         double *factor)
{
    double bias = bias_variance(point) > 0.0 ? sqrt(bias_variance(point)) : 1.0;
    for (int a = 0; a <= shape->depth; a++) {
        factor[product_of(shape, a)] = exact ? 1.0 : shape->factor[a];
        if (bias_of(shape, a) >= 0)
            factor[bias_of(shape, a)] = bias;
    }
}

static bool are_all_one(int n, const double *factor)
{
    for (int i = 0; i < n; i++)
        if (factor[i] != 1.0)
            return false;
    return true;
}

static struct rit_net *open_net(const struct rit_point *point, const struct rit_layout *layout,
                                const struct rit_block *block, struct rit_arena *arena)
{
    bool exact = strcmp(rit_point_name(point, "model.precision"), "float64") == 0;
    struct rit_net local = {.engine = exact ? &rit_dense_reference : &rit_layered_fast};
    struct rit_layout same;
    struct rit_net *net = RIT_TAKE(arena, 1, struct rit_net);
    lay_out(point, block->in.port, block->asked.port, &same, &local.site.shape);
    local.site.layout = layout;
    local.site.block = block;
    fill_factors(point, &local.site.shape, exact, local.factor);
    local.scaled = are_all_one(layout->blocks, local.factor) ? NULL : RIT_TAKE(arena, layout->size, double);
    if (net)
        *net = local;
    local.self = local.engine->open(net ? &net->site : &local.site, arena);
    if (net)
        net->self = local.self;
    return net;
}

static void load(struct rit_net *net, const double *w)
{
    if (net->scaled)
        rit_weights_scale(net->site.layout, net->factor, w, net->scaled);
    net->engine->load(net->self, net->scaled ? net->scaled : w);
}

static void pass(struct rit_net *net, const struct rit_batch *batch, enum rit_want want,
                 const struct rit_criterion *criterion, double *g, struct rit_pass *sweep)
{
    net->engine->pass(net->self, batch, want, criterion, g, sweep);
    if (net->scaled && g)
        rit_weights_scale_pass(net->site.layout, net->factor, g, sweep);
}

static enum rit_status wide_of(const struct rit_point *point, struct rit_port in, struct rit_wide *wide,
                               struct rit_error *err)
{
    double gain = rit_point_real(point, "model.gain"), square = gain * gain, bias = bias_variance(point);
    double moving = rit_point_bool(point, "model.biases") ? bias > 0.0 ? bias : 1.0 : 0.0;
    RIT_TRY(rit_parametrisation_check_wide(point, err));
    *wide = (struct rit_wide){.phi = activation_of(point),
                              .depth = (int)rit_point_int(point, "model.depth"),
                              .input = square / in.width,
                              .forward = square,
                              .output = square,
                              .bias = bias,
                              .output_bias = bias,
                              .bias_speed = moving,
                              .output_bias_speed = moving,
                              .mean_output = moving > 0.0 && !(bias > 0.0)};
    return RIT_OK;
}

static int remembers(const struct rit_point *point)
{
    (void)point;
    return 1;
}

const struct rit_model rit_model_dense = {
    .member = {.name = "dense",
               .meaning = "feed-forward network of dense layers, each row for itself",
               RIT_PARAMS(params),
               .shared = rit_layered_params, /* parametrisation and precision */
               .n_shared = RIT_DENSE_PARAMS,
               .revision = 1},
    .size = "model.width data.dimension",
    .layout = layout_of,
    .init = init,
    .price = rit_weights_price,
    .remembers = remembers,
    .open = open_net,
    .load = load,
    .pass = pass,
    .wide = wide_of,
};
