/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reference model: layers of tanh units, fully recurrent inside a layer, feed-forward from layer to
 * layer, orthogonal recurrent matrices. Source: Hertz and Tyrcha, arXiv:2412.10094.
 *
 * In the parametrisation ntk J_a, M_a and K are factors times weights whose entries are of order one:
 * sqrt(0.1/inputs) for J_1, gain/sqrt N for J_a and M_a, 1/sqrt N for K. The network at the start is the
 * same.
 */
#include "base/arena.h"
#include "kernel/polar.h"
#include "model/layered/start.h"
#include "model/weights/weights.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct rit_net {
    const struct rit_layered_engine *engine;
    void *self; /* the engine's memory */
    struct rit_layered_site site;
    double *polar;                 /* work space of the projection */
    double *scaled;                /* flat: weights times their factors; NULL where all are 1 */
    double factor[RIT_MAX_BLOCKS]; /* of every block */
};

static bool is_ntk(const struct rit_point *point)
{
    return rit_parametrisation_of(point) == RIT_NTK;
}

static void fill_factors(const struct rit_point *point, const struct rit_layout *layout,
                         const struct rit_layered *shape, double *factor)
{
    double root = sqrt(shape->width);
    for (int i = 0; i < layout->blocks; i++)
        factor[i] = 1.0;
    if (!is_ntk(point))
        return;
    for (int a = 0; a < shape->depth; a++) {
        factor[shape->j[a]] =
            a == 0 ? sqrt(0.1 / shape->in) : rit_point_real(point, "model.feedforward-gain") / root;
        factor[shape->m[a]] = rit_point_real(point, "model.recurrent-gain") / root;
    }
    factor[shape->k] = 1.0 / root;
}

/* The layout with its shape. */
static void lay_out(const struct rit_point *point, struct rit_port in, struct rit_port asked,
                    struct rit_layout *layout, struct rit_layered *shape)
{
    rit_layered_lay_out(point, in, asked, layout, shape);
    for (int i = 0; is_ntk(point) && i < layout->blocks; i++)
        if (layout->block[i].scale != 0.0 || layout->block[i].orthogonal)
            layout->block[i].scale = sqrt(shape->width); /* the gain is in the factor */
}

static enum rit_status layout_of(const struct rit_point *point, struct rit_port in, struct rit_port asked,
                                 struct rit_layout *layout, struct rit_error *err)
{
    (void)err; /* every port is possible */
    struct rit_layered shape;
    lay_out(point, in, asked, layout, &shape);
    return RIT_OK;
}

static void init(const struct rit_point *point, const struct rit_layout *layout, const struct rit_block *data,
                 double *w)
{
    struct rit_layout same;
    struct rit_layered shape;
    lay_out(point, data->in.port, data->asked.port, &same, &shape);
    rit_layered_start(point, layout, &shape, data, w);
    if (!is_ntk(point))
        return;
    double factor[RIT_MAX_BLOCKS];
    fill_factors(point, layout, &shape, factor);
    for (int i = 0; i < layout->blocks; i++)
        factor[i] = i == shape.j[0] || i == shape.k ? 1.0 / factor[i] : 1.0;
    rit_weights_scale(layout, factor, w, w);
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
    fill_factors(point, layout, &local.site.shape, local.factor);
    local.scaled = is_ntk(point) ? RIT_TAKE(arena, layout->size, double) : NULL;
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

static enum rit_status check(const struct rit_point *point, struct rit_error *err)
{
    if (rit_parametrisation_of(point) == RIT_MEAN_FIELD)
        return rit_fail(err, RIT_BAD_INPUT,
                        "model.parametrisation: layered-tanh has none of mean-field; take standard or ntk");
    return rit_layered_check(point, err);
}

/* Without a fixed tangent kernel, or with a start or a rule of weights that leaves them correlated as a wide
 * network's kernels do not know: all that stands in the way in one sentence. */
static enum rit_status check_wide(const struct rit_point *point, struct rit_error *err)
{
    static const struct {
        const char *key, *instead; /* what may be chosen, in words */
    } known[] = {{"model.parametrisation", "ntk"},
                 {"model.recurrent-init", "haar or gaussian"},
                 {"model.feedforward-init", "haar or gaussian"},
                 {"model.readout-init", "gaussian"},
                 {"model.orthogonal", "none"}};
    char wanted[256] = "";
    RIT_TRY(check(point, err));
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        size_t used = strlen(wanted);
        if (rit_param_applies(point, rit_param_find(point->registry, known[i].key)) &&
            !strstr(known[i].instead, rit_point_name(point, known[i].key)))
            snprintf(wanted + used, sizeof wanted - used, "%s%s: %s", used > 0 ? ", " : "", known[i].key,
                     known[i].instead);
    }
    return wanted[0] == 0
               ? RIT_OK
               : rit_fail(err, RIT_BAD_INPUT, "the kernels of infinite width hold only with %s", wanted);
}

static enum rit_status wide_of(const struct rit_point *point, struct rit_port in, struct rit_wide *wide,
                               struct rit_error *err)
{
    double forward = rit_point_real(point, "model.feedforward-gain"),
           recurrent = rit_point_real(point, "model.recurrent-gain");
    RIT_TRY(check_wide(point, err));
    *wide = (struct rit_wide){.phi = RIT_TANH,
                              .depth = (int)rit_point_int(point, "model.depth"),
                              .input = 0.1 / in.width,
                              .forward = forward * forward,
                              .recurrent = recurrent * recurrent,
                              .output = 1.0,
                              .bias_speed = rit_point_bool(point, "model.hidden-bias"),
                              .output_bias_speed = 1.0,
                              .mean_output = true,
                              .direct = 1.0};
    return RIT_OK;
}

static bool retract(struct rit_net *net, double *w)
{
    return rit_layered_retract(net->site.layout, net->polar, w);
}

const struct rit_model rit_model_layered_tanh = {
    .member = {.name = "layered-tanh",
               .meaning = "layers of tanh units, recurrent inside a layer, feed-forward between layers",
               .shared = rit_layered_params,
               .n_shared = RIT_LAYERED_PARAMS},
    .size = "model.width",
    .check = check,
    .layout = layout_of,
    .price = rit_weights_price,
    .init = init,
    .open = open_net,
    .load = load,
    .pass = pass,
    .retract_period = rit_layered_retract_period,
    .retract = retract,
    .wide = wide_of,
};
