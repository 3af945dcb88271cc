/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reference model: layers of tanh units, fully recurrent inside a layer, feed-forward from layer to
 * layer, orthogonal recurrent matrices. Source: Hertz and Tyrcha, arXiv:2412.10094.
 */
#include <ritardando/model.h>

#include "base/arena.h"
#include "kernel/polar.h"
#include "model/layered/haar.h"
#include "model/layered/layered.h"
#include "model/weights/weights.h"

#include <math.h>
#include <string.h>

static const char *const matrices[] = {"permutation", "haar", "gaussian", NULL};
static const char *const readouts[] = {"zero", "gaussian", NULL};
static const char *const kept[] = {"none", "recurrent", "all", NULL};

static const char *const precisions[] = {"float32", "float64", NULL};

static const struct rit_param params[] = {
    {.key = "model.precision",
     .kind = RIT_NAME,
     .fallback = "float32",
     .choices = precisions,
     .unit = "1",
     .meaning = "arithmetic of the sweeps; weights and their updates are float64 in both. float64 is the "
                "slow reference"},
    {.key = "model.recurrent-init",
     .kind = RIT_NAME,
     .fallback = "permutation",
     .choices = matrices,
     .unit = "1",
     .meaning = "start of the recurrent matrices M_a: the gain times a random permutation, a Haar orthogonal "
                "matrix, "
                "or a Gaussian one N(0, 1/N_h)"},
    {.key = "model.recurrent-gain",
     .kind = RIT_REAL,
     .fallback = "1",
     .low = 0.0,
     .high = 100.0,
     .unit = "1",
     .meaning = "gain g of the M_a; those kept orthogonal are kept on g times the orthogonal group"},
    {.key = "model.feedforward-init",
     .kind = RIT_NAME,
     .fallback = "haar",
     .choices = matrices,
     .unit = "1",
     .needs = "model.depth: 2..",
     .meaning =
         "start of the matrices J_a between layers (a >= 2), as for M; J_1 is Gaussian N(0, 0.1/inputs)"},
    {.key = "model.feedforward-gain",
     .kind = RIT_REAL,
     .fallback = "1",
     .low = 0.0,
     .high = 100.0,
     .unit = "1",
     .needs = "model.depth: 2..",
     .meaning = "gain of the J_a (a >= 2), as for M"},
    {.key = "model.readout-init",
     .kind = RIT_NAME,
     .fallback = "zero",
     .choices = readouts,
     .unit = "1",
     .meaning = "start of the read-out K: zero, or Gaussian N(0, 1/N_h); W starts at zero"},
    {.key = "model.orthogonal",
     .kind = RIT_NAME,
     .fallback = "recurrent",
     .choices = kept,
     .unit = "1",
     .meaning =
         "matrices kept orthogonal by polar projection: none, the M_a, or the M_a and the J_a (a >= 2)"},
    {.key = "model.retract-every",
     .kind = RIT_INT,
     .fallback = "1",
     .low = 1,
     .high = 1e9,
     .unit = "steps",
     .needs = "model.orthogonal: recurrent all",
     .meaning = "steps between two polar projections"},
    {.key = "model.hidden-bias",
     .kind = RIT_BOOL,
     .fallback = "false",
     .unit = "1",
     .meaning = "give every hidden unit a bias b_a, starting at zero"},
};

struct rit_net {
    const struct rit_layered_engine *engine;
    void *self; /* the engine's memory */
    struct rit_layered_site site;
    double *polar; /* work space of the projection */
};

/* Lays the blocks out; `shape` gets their indices. */
static void lay_out(const struct rit_point *point, struct rit_port in, struct rit_port out,
                    struct rit_layout *layout, struct rit_layered *shape)
{
    int depth = (int)rit_point_int(point, "model.depth"), n = (int)rit_point_int(point, "model.width");
    const char *keep = rit_point_name(point, "model.orthogonal");
    bool bias = rit_point_bool(point, "model.hidden-bias");
    double gain_m = rit_point_real(point, "model.recurrent-gain"),
           gain_j = rit_point_real(point, "model.feedforward-gain");
    *layout = (struct rit_layout){0};
    *shape = (struct rit_layered){.depth = depth, .width = n, .in = in.width, .out = out.width};
    for (int a = 0; a < depth; a++) {
        shape->j[a] = rit_weights_add(layout, "J", a + 1, n, a == 0 ? in.width : n);
        layout->block[shape->j[a]].orthogonal = a > 0 && strcmp(keep, "all") == 0;
        layout->block[shape->j[a]].scale = gain_j;
        shape->m[a] = rit_weights_add(layout, "M", a + 1, n, n);
        layout->block[shape->m[a]].orthogonal = strcmp(keep, "none") != 0;
        layout->block[shape->m[a]].scale = gain_m;
        shape->b[a] = bias ? rit_weights_add(layout, "b", a + 1, n, 1) : -1;
    }
    shape->k = rit_weights_add(layout, "K", 0, out.width, n);
    shape->w = rit_weights_add(layout, "W", 0, out.width, in.width);
    shape->h = rit_weights_add(layout, "h", 0, out.width, 1);
    layout->block[shape->h].in_all = false;
}

static enum rit_status check(const struct rit_point *point, struct rit_error *err)
{
    if (rit_point_int(point, "model.depth") < 1)
        return rit_fail(err, RIT_BAD_INPUT, "model.depth: layered-tanh needs at least one layer");
    struct rit_port any = {RIT_ROW_REALS, 1};
    struct rit_layout layout;
    struct rit_layered shape;
    lay_out(point, any, any, &layout, &shape);
    for (int i = 0; i < layout.blocks; i++)
        if (layout.block[i].orthogonal && layout.block[i].scale == 0.0)
            return rit_fail(err, RIT_BAD_INPUT,
                            "%s: a matrix of gain 0 cannot be kept orthogonal; take another gain or "
                            "model.orthogonal: none",
                            layout.block[i].name[0] == 'M' ? "model.recurrent-gain"
                                                           : "model.feedforward-gain");
    return RIT_OK;
}

static enum rit_status layout_of(const struct rit_point *point, struct rit_port in, struct rit_port asked,
                                 struct rit_layout *layout, struct rit_error *err)
{
    (void)err; /* every port is possible */
    struct rit_layered shape;
    lay_out(point, in, asked, layout, &shape);
    return RIT_OK;
}

static void scale(int n, double gain, double *w)
{
    for (size_t i = 0; gain != 1.0 && i < (size_t)n * (size_t)n; i++)
        w[i] *= gain;
}

static void fill_square(const char *kind, struct rit_random *random, int n, double gain, double *w)
{
    if (strcmp(kind, "permutation") == 0)
        rit_fill_permutation(random, n, w);
    else if (strcmp(kind, "haar") == 0)
        rit_fill_haar(random, n, w);
    else
        rit_weights_gauss(random, (size_t)n * (size_t)n, 1.0 / sqrt(n), w);
    scale(n, gain, w);
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
        struct rit_random random = rit_weights_random(point, i);
        double *at = w + block->offset;
        if (i == shape.j[0])
            rit_weights_gauss(&random, (size_t)block->rows * (size_t)block->cols, sqrt(0.1 / block->cols),
                              at);
        else if (block->name[0] == 'J')
            fill_square(rit_point_name(point, "model.feedforward-init"), &random, shape.width, block->scale,
                        at);
        else if (block->name[0] == 'M')
            fill_square(rit_point_name(point, "model.recurrent-init"), &random, shape.width, block->scale,
                        at);
        else if (i == shape.k && strcmp(rit_point_name(point, "model.readout-init"), "gaussian") == 0)
            rit_weights_gauss(&random, (size_t)block->rows * (size_t)block->cols, 1.0 / sqrt(shape.width),
                              at);
        else if (i == shape.h)
            rit_weights_start_output(block, data, w);
    }
}

static struct rit_net *open_net(const struct rit_point *point, const struct rit_layout *layout,
                                const struct rit_block *block, struct rit_arena *arena)
{
    bool exact = strcmp(rit_point_name(point, "model.precision"), "float64") == 0;
    struct rit_net local = {.engine = exact ? &rit_layered_reference : &rit_layered_fast};
    struct rit_layout same;
    struct rit_net *net = RIT_TAKE(arena, 1, struct rit_net);
    lay_out(point, block->in.port, block->asked.port, &same, &local.site.shape);
    local.site.layout = layout;
    local.site.block = block;
    local.polar = RIT_TAKE(arena, rit_polar_work(local.site.shape.width), double);
    if (net)
        *net = local;
    local.self = local.engine->open(net ? &net->site : &local.site, arena);
    if (net)
        net->self = local.self;
    return net;
}

static void load(struct rit_net *net, const double *w)
{
    net->engine->load(net->self, w);
}

static void pass(struct rit_net *net, const struct rit_batch *batch, enum rit_want want,
                 const struct rit_criterion *criterion, double *g, struct rit_pass *sweep)
{
    net->engine->pass(net->self, batch, want, criterion, g, sweep);
}

static int retract_period(const struct rit_point *point)
{
    bool never = strcmp(rit_point_name(point, "model.orthogonal"), "none") == 0;
    return never ? 0 : (int)rit_point_int(point, "model.retract-every");
}

static bool retract(struct rit_net *net, double *w)
{
    const struct rit_layout *layout = net->site.layout;
    for (int i = 0; i < layout->blocks; i++) {
        const struct rit_weights *block = &layout->block[i];
        if (!block->orthogonal)
            continue;
        if (!rit_polar_project(block->rows, w + block->offset, net->polar))
            return false;
        scale(block->rows, block->scale, w + block->offset);
    }
    return true;
}

const struct rit_model rit_model_layered_tanh = {
    .member = {.name = "layered-tanh",
               .meaning = "layers of tanh units, recurrent inside a layer, feed-forward between layers",
               RIT_PARAMS(params)},
    .size = "model.width",
    .check = check,
    .layout = layout_of,
    .price = rit_weights_price,
    .init = init,
    .open = open_net,
    .load = load,
    .pass = pass,
    .retract_period = retract_period,
    .retract = retract,
};
