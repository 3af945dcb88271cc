/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reference model: layers of tanh units, fully recurrent inside a layer, feed-forward from layer to
 * layer, orthogonal recurrent matrices. Source: Hertz and Tyrcha, arXiv:2412.10094.
 */
#include "base/arena.h"
#include "kernel/polar.h"
#include "model/layered/start.h"
#include "model/weights/weights.h"

#include <string.h>

struct rit_net {
    const struct rit_layered_engine *engine;
    void *self; /* the engine's memory */
    struct rit_layered_site site;
    double *polar; /* work space of the projection */
};

static enum rit_status layout_of(const struct rit_point *point, struct rit_port in, struct rit_port asked,
                                 struct rit_layout *layout, struct rit_error *err)
{
    (void)err; /* every port is possible */
    struct rit_layered shape;
    rit_layered_lay_out(point, in, asked, layout, &shape);
    return RIT_OK;
}

static void init(const struct rit_point *point, const struct rit_layout *layout, const struct rit_block *data,
                 double *w)
{
    struct rit_layout same;
    struct rit_layered shape;
    rit_layered_lay_out(point, data->in.port, data->asked.port, &same, &shape);
    rit_layered_start(point, layout, &shape, data, w);
}

static struct rit_net *open_net(const struct rit_point *point, const struct rit_layout *layout,
                                const struct rit_block *block, struct rit_arena *arena)
{
    bool exact = strcmp(rit_point_name(point, "model.precision"), "float64") == 0;
    struct rit_net local = {.engine = exact ? &rit_layered_reference : &rit_layered_fast};
    struct rit_layout same;
    struct rit_net *net = RIT_TAKE(arena, 1, struct rit_net);
    rit_layered_lay_out(point, block->in.port, block->asked.port, &same, &local.site.shape);
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
    .check = rit_layered_check,
    .layout = layout_of,
    .price = rit_weights_price,
    .init = init,
    .open = open_net,
    .load = load,
    .pass = pass,
    .retract_period = rit_layered_retract_period,
    .retract = retract,
};
