/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/layered/start.h"

#include "kernel/polar.h"
#include "model/layered/haar.h"
#include "model/weights/weights.h"

#include <math.h>
#include <string.h>

static const char *const precisions[] = {"float32", "float64", NULL};
static const char *const matrices[] = {"permutation", "haar", "gaussian", NULL};
static const char *const readouts[] = {"zero", "gaussian", NULL};
static const char *const kept[] = {"none", "recurrent", "all", NULL};

/* In the order of enum rit_parametrisation. */
static const char *const parametrisations[] = {"standard", "ntk", "mean-field", NULL};

const struct rit_param rit_layered_params[RIT_LAYERED_PARAMS] = {
    {.key = "model.parametrisation",
     .kind = RIT_NAME,
     .fallback = "standard",
     .choices = parametrisations,
     .unit = "1",
     .meaning =
         "where the width N stands: weights N(0, gain^2/N); or N(0, 1) with a factor gain/sqrt N; or (dense) "
         "the same with gain/N at the output"},
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
                "(layered-unitary: unitary) matrix, or a Gaussian one N(0, 1/N_h)"},
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
         "matrices kept orthogonal (layered-unitary: unitary) by polar projection: none, the M_a, or the M_a "
         "and the J_a (a >= 2)"},
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

enum rit_parametrisation rit_parametrisation_of(const struct rit_point *point)
{
    int i = 0;
    while (strcmp(parametrisations[i], rit_point_name(point, "model.parametrisation")) != 0)
        i++;
    return (enum rit_parametrisation)i;
}

enum rit_status rit_parametrisation_check_wide(const struct rit_point *point, struct rit_error *err)
{
    if (rit_parametrisation_of(point) == RIT_NTK)
        return RIT_OK;
    return rit_fail(err, RIT_BAD_INPUT,
                    "model.parametrisation: %s has no fixed tangent kernel at infinite width; set ntk",
                    rit_point_name(point, "model.parametrisation"));
}

void rit_layered_keep(const struct rit_point *point, bool recurrent, struct rit_weights *block)
{
    const char *kept_ones = rit_point_name(point, "model.orthogonal");
    block->scale = rit_point_real(point, recurrent ? "model.recurrent-gain" : "model.feedforward-gain");
    block->orthogonal = strcmp(kept_ones, "all") == 0 || (recurrent && strcmp(kept_ones, "recurrent") == 0);
}

void rit_layered_lay_out(const struct rit_point *point, struct rit_port in, struct rit_port out,
                         struct rit_layout *layout, struct rit_layered *shape)
{
    int depth = (int)rit_point_int(point, "model.depth"), n = (int)rit_point_int(point, "model.width");
    bool bias = rit_point_bool(point, "model.hidden-bias");
    *layout = (struct rit_layout){0};
    *shape = (struct rit_layered){.depth = depth, .width = n, .in = in.width, .out = out.width};
    for (int a = 0; a < depth; a++) {
        shape->j[a] = rit_weights_add(layout, "J", a + 1, n, a == 0 ? in.width : n);
        if (a > 0)
            rit_layered_keep(point, false, &layout->block[shape->j[a]]);
        shape->m[a] = rit_weights_add(layout, "M", a + 1, n, n);
        rit_layered_keep(point, true, &layout->block[shape->m[a]]);
        shape->b[a] = bias ? rit_weights_add(layout, "b", a + 1, n, 1) : -1;
    }
    shape->k = rit_weights_add(layout, "K", 0, out.width, n);
    shape->w = rit_weights_add(layout, "W", 0, out.width, in.width);
    shape->h = rit_weights_add(layout, "h", 0, out.width, 1);
    layout->block[shape->h].in_all = false;
}

enum rit_status rit_layered_check(const struct rit_point *point, struct rit_error *err)
{
    if (rit_point_int(point, "model.depth") < 1)
        return rit_fail(err, RIT_BAD_INPUT, "model.depth: %s needs at least one layer",
                        rit_point_name(point, "model.name"));
    struct rit_port any = {RIT_ROW_REALS, 1};
    struct rit_layout layout;
    struct rit_layered shape;
    rit_layered_lay_out(point, any, any, &layout, &shape);
    for (int i = 0; i < layout.blocks; i++)
        if (layout.block[i].orthogonal && layout.block[i].scale == 0.0)
            return rit_fail(err, RIT_BAD_INPUT,
                            "%s: a matrix of gain 0 cannot be kept orthogonal; take another gain or "
                            "model.orthogonal: none",
                            layout.block[i].name[0] == 'M' ? "model.recurrent-gain"
                                                           : "model.feedforward-gain");
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

void rit_layered_start(const struct rit_point *point, const struct rit_layout *layout,
                       const struct rit_layered *shape, const struct rit_block *data, double *w)
{
    memset(w, 0, sizeof *w * layout->size);
    for (int i = 0; i <= shape->h; i++) {
        const struct rit_weights *block = &layout->block[i];
        struct rit_random random = rit_weights_random(point, i);
        double *at = w + block->offset;
        if (i == shape->j[0])
            rit_weights_gauss(&random, (size_t)block->rows * (size_t)block->cols, sqrt(0.1 / block->cols),
                              at);
        else if (block->name[0] == 'J')
            fill_square(rit_point_name(point, "model.feedforward-init"), &random, shape->width, block->scale,
                        at);
        else if (block->name[0] == 'M')
            fill_square(rit_point_name(point, "model.recurrent-init"), &random, shape->width, block->scale,
                        at);
        else if (i == shape->k && strcmp(rit_point_name(point, "model.readout-init"), "gaussian") == 0)
            rit_weights_gauss(&random, (size_t)block->rows * (size_t)block->cols, 1.0 / sqrt(shape->width),
                              at);
        else if (i == shape->h)
            rit_weights_start_output(block, data, w);
    }
}

int rit_layered_retract_period(const struct rit_point *point)
{
    bool never = strcmp(rit_point_name(point, "model.orthogonal"), "none") == 0;
    return never ? 0 : (int)rit_point_int(point, "model.retract-every");
}

bool rit_layered_retract(const struct rit_layout *layout, double *polar, double *w)
{
    for (int i = 0; i < layout->blocks; i++) {
        const struct rit_weights *block = &layout->block[i];
        if (!block->orthogonal)
            continue;
        if (!rit_polar_project(block->rows, w + block->offset, polar))
            return false;
        scale(block->rows, block->scale, w + block->offset);
    }
    return true;
}
