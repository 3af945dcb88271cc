/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The gradient flow dw/dtau = -grad E(w) itself, within the groups that orthogonal matrices are kept on, by
 * stabilised steps of controlled error: Runge-Kutta-Chebyshev of second order (rule/flow/chebyshev.h), whose
 * cost grows as the root of the curvature, where that of descent grows as the curvature. A step is accepted
 * if its error, which its stages tell (rule/flow/path.h), is within tolerance (0.1 + |w|) in the root mean
 * square over the weights, and the cost has not risen: the flow's cannot. Between the ends of a step the
 * weights are a cubic through its stages. lambda_max is followed by power iteration (slope/curvature.h).
 * Source: Sommeijer, Shampine and Verwer, J. Comput. Appl. Math. 88 (1998) 315, but for the error.
 */
#include <ritardando/rule.h>

#include "rule/flow/chebyshev.h"
#include "rule/flow/path.h"
#include "slope/curvature.h"
#include "slope/slope.h"

#include <math.h>
#include <string.h>

static const struct rit_param params[] = {
    {.key = "rule.tolerance",
     .kind = RIT_REAL,
     .fallback = "1e-4",
     .low = 1e-9,
     .high = 0.1,
     .unit = "1",
     .meaning = "error allowed in a step of the flow, against 0.1 + |w| in the mean over weights"},
};

enum { TOLERANCE, DECAY };

enum {
    MOST_STAGES = 4000,     /* which make a step of 10^7/lambda_max */
    FIRST_PRODUCTS = 40,    /* of the power iteration, at most: at the start */
    PRODUCTS = 12,          /* and later */
    GRADIENTS_BETWEEN = 40, /* gradients until the curvature is looked at again */
};

static const double settled = 0.02; /* relative change at which the power iteration ends */
static const double margin = 1.15;  /* by which lambda_max is taken larger than found */
static const double doubt = 0.2, most_doubt = 3.0, trust = 0.95; /* see struct flow */
static const double blown_up =
    8.0; /* errors that no smooth path makes from a step that was to have one of 0.5 */
static const double rise = 1e-5;     /* of the cost that may be rounding, */
static const double dust = 1e-9;     /* and in nat, where a block is fitted to the last bit */
static const double smallest = 1e-6; /* a step this far below stability and still refused goes nowhere */
static const double grow = 3.0, shrink = 0.3, safety = 0.8;

enum phase { AT_START, CURVATURE, STAGE, AT_END, ARRIVED };

/* Where it is, in front of the arrays of the state. */
struct flow {
    double phase;
    double tau, h;           /* where the step begins, and its length */
    double cost, cost_end;   /* with decay, at both of its ends */
    double next;             /* length of the next one */
    double lambda, products; /* the largest curvature; products made to find it */
    double since;            /* gradients since then */
    double stages, stage;    /* s, and j of the K_j that the next gradient is wanted at */
    double odd;              /* K_j lies in the second of both arrays */
    double wary; /* by how much more than `margin` lambda_max is taken larger, for steps blew up */
    struct rit_chebyshev_ladder ladder; /* at that stage */
};

enum { HEAD = sizeof(struct flow) / sizeof(double) };

/* The arrays. */
enum { W, SLOPE, END, END_SLOPE, K, K_ODD, DIRECTION, A, B, ARRAYS };

static struct flow *flow_of(const struct rit_stride *stride)
{
    return (struct flow *)stride->state;
}

static double *array(const struct rit_stride *stride, int which)
{
    return stride->state + HEAD + (size_t)which * stride->layout->size;
}

static void use(const struct rit_point *point, struct rit_rule_use *use)
{
    use->constant[TOLERANCE] = rit_point_real(point, "rule.tolerance");
    use->constant[DECAY] = rit_point_real(point, "rule.weight-decay");
}

static size_t state(const struct rit_layout *layout)
{
    return HEAD + ARRAYS * layout->size;
}

static size_t work(const struct rit_layout *layout)
{
    return layout->size + rit_slope_work(layout);
}

/* ---- a step ---- */

/* K_j of the next stage, j = 1 .. s, from the slope at K_{j-1}, in place of K_{j-2}. */
static void make_stage(const struct rit_stride *stride, const double *slope)
{
    struct flow *f = flow_of(stride);
    struct rit_chebyshev c = rit_chebyshev_next(&f->ladder);
    const double *w = array(stride, W), *first = array(stride, SLOPE);
    const double *before = array(stride, f->odd != 0.0 ? K_ODD : K);
    double *to = array(stride, f->odd != 0.0 ? K : K_ODD);
    for (size_t i = 0; i < stride->layout->size; i++)
        to[i] = (1.0 - c.mu - c.nu) * w[i] + c.mu * before[i] + c.nu * to[i] -
                f->h * (c.slope * slope[i] + c.first * first[i]);
    f->odd = f->odd == 0.0;
    f->stage++;
    if (f->stage > 1.0 && f->stage < f->stages)
        rit_path_add(c.time, (int)f->stage, stride->layout->size, to, array(stride, A), array(stride, B));
}

/* From w: as far as the curvature lets it, with the fewest stages. */
static void set_out(const struct rit_stride *stride)
{
    struct flow *f = flow_of(stride);
    double curvature = margin * (1.0 + f->wary) * f->lambda;
    f->h = fmin(f->h, rit_chebyshev_reach(MOST_STAGES) / curvature);
    f->stages = rit_chebyshev_stages(f->h * curvature);
    f->ladder = rit_chebyshev_foot((int)f->stages);
    f->stage = f->odd = 0.0;
    memcpy(array(stride, K), array(stride, W), sizeof(double) * stride->layout->size);
    memcpy(array(stride, K_ODD), array(stride, W), sizeof(double) * stride->layout->size);
    memset(array(stride, A), 0, sizeof(double) * 2 * stride->layout->size); /* and B */
    make_stage(stride, array(stride, SLOPE));
    f->phase = STAGE;
}

static void look_at_curvature(struct flow *f)
{
    f->phase = CURVATURE;
    f->products = f->since = 0.0;
}

/* The step was too long. */
static enum rit_arrival refuse(struct flow *f, double factor)
{
    f->h *= factor;
    look_at_curvature(f);
    return f->h * f->lambda > smallest ? RIT_UNDERWAY : RIT_STUCK;
}

/*
 * A step that blew up went along a direction of more curvature than was known, which the power iteration, in
 * another one of nearly as much, does not see: the search goes on from what grew, and for a while lambda_max
 * is taken larger.
 */
static void learn_from_blow_up(const struct rit_stride *stride)
{
    struct flow *f = flow_of(stride);
    double *grown = stride->work, *rest = grown + stride->layout->size;
    const double *slope = array(stride, SLOPE), *end_slope = array(stride, END_SLOPE);
    for (size_t i = 0; i < stride->layout->size; i++)
        grown[i] = end_slope[i] - slope[i];
    rit_curvature_aim(stride->layout, array(stride, W), grown, array(stride, DIRECTION), rest);
    f->wary = fmin(most_doubt, 2.0 * f->wary + doubt);
}

static enum rit_arrival judge(const struct rit_rule_use *use, const struct rit_stride *stride)
{
    struct flow *f = flow_of(stride);
    double error =
        rit_path_error(use->constant[TOLERANCE], stride->layout->size, array(stride, W), array(stride, B));
    double factor = fmin(grow, fmax(shrink, safety / cbrt(error)));
    bool risen = !(f->cost_end <= f->cost + fmax(rise * fabs(f->cost), dust));
    if (risen || !(error <= blown_up))
        learn_from_blow_up(stride);
    if (!(error <= 1.0))
        return refuse(f, error > 1.0 ? fmin(factor, 0.9) : shrink);
    if (risen)
        return refuse(f, shrink);
    f->wary *= trust;
    f->next = f->h * factor;
    f->phase = ARRIVED;
    return RIT_ARRIVED;
}

/* ---- gradients ---- */

/* E with decay at w. */
static double cost_at(const struct rit_rule_use *use, const struct rit_stride *stride, const double *w)
{
    return stride->loss + rit_decay_cost(stride->layout, use->constant[DECAY], w);
}

static enum rit_arrival begin(const struct rit_rule_use *use, const struct rit_stride *stride)
{
    struct flow *f = flow_of(stride);
    double *w = array(stride, W), *rest = stride->work + stride->layout->size;
    f->cost = cost_at(use, stride, w);
    rit_slope(stride->layout, use->constant[DECAY], w, stride->g, array(stride, SLOPE), rest);
    rit_curvature_start(stride->layout, stride->seed, w, array(stride, DIRECTION), rest);
    look_at_curvature(f);
    return isfinite(f->cost) ? RIT_UNDERWAY : RIT_STUCK;
}

static enum rit_arrival multiply(const struct rit_rule_use *use, const struct rit_stride *stride)
{
    struct flow *f = flow_of(stride);
    size_t n = stride->layout->size;
    const double *w = array(stride, W);
    double *at = stride->work, *rest = at + n, *direction = array(stride, DIRECTION);
    double *there = array(stride, END_SLOPE);
    rit_slope(stride->layout, use->constant[DECAY], at, stride->g, there, rest);
    double found =
        fabs(rit_curvature_take(stride->layout, w, f->lambda, array(stride, SLOPE), there, direction, rest));
    if (!isfinite(found))
        return RIT_STUCK;
    bool first = f->h == 0.0;
    bool same = fabs(found - f->lambda) <= settled * found;
    f->products++;
    f->lambda = found;
    if (f->products < (first ? FIRST_PRODUCTS : PRODUCTS) && !(same && f->products >= 2.0))
        return RIT_UNDERWAY;
    f->lambda = fmax(found, 1e-100);
    if (first)
        f->h = 1.0 / f->lambda;
    set_out(stride);
    return RIT_UNDERWAY;
}

/* The slope at K_j makes K_{j+1}; the last of them is the end of the step, once it is on the group again. */
static enum rit_arrival go_on(const struct rit_rule_use *use, const struct rit_stride *stride)
{
    struct flow *f = flow_of(stride);
    size_t n = stride->layout->size;
    double *slope = stride->work, *rest = slope + n;
    if (!isfinite(stride->loss))
        return refuse(f, shrink);
    rit_slope(stride->layout, use->constant[DECAY], array(stride, f->odd != 0.0 ? K_ODD : K), stride->g,
              slope, rest);
    make_stage(stride, slope);
    if (f->stage < f->stages)
        return RIT_UNDERWAY;
    memcpy(array(stride, END), array(stride, f->odd != 0.0 ? K_ODD : K), n * sizeof(double));
    if (!stride->group->retract(stride->group->self, array(stride, END)))
        return refuse(f, shrink);
    rit_path_close((int)f->stages, n, array(stride, W), array(stride, END), array(stride, A),
                   array(stride, B));
    f->phase = AT_END;
    return RIT_UNDERWAY;
}

static enum rit_arrival come_in(const struct rit_rule_use *use, const struct rit_stride *stride)
{
    double *end = array(stride, END), *rest = stride->work + stride->layout->size;
    flow_of(stride)->cost_end = cost_at(use, stride, end);
    rit_slope(stride->layout, use->constant[DECAY], end, stride->g, array(stride, END_SLOPE), rest);
    return judge(use, stride);
}

/* The end of the step that was made becomes the beginning of the next. */
static void leave(const struct rit_stride *stride)
{
    struct flow *f = flow_of(stride);
    memcpy(array(stride, W), array(stride, END),
           sizeof(double) * 2 * stride->layout->size); /* and its slope */
    f->tau += f->h;
    f->h = f->next;
    f->cost = f->cost_end;
    if (f->since >= GRADIENTS_BETWEEN)
        look_at_curvature(f);
    else
        set_out(stride);
}

/* ---- struct rit_gait ---- */

static const double *look(const struct rit_rule_use *use, const struct rit_stride *stride)
{
    (void)use;
    struct flow *f = flow_of(stride);
    if (f->phase == ARRIVED)
        leave(stride);
    switch ((enum phase)f->phase) {
    case AT_START:
        memcpy(array(stride, W), stride->w, sizeof(double) * stride->layout->size);
        return array(stride, W);
    case CURVATURE:
        rit_curvature_look(stride->layout, array(stride, W), f->lambda, array(stride, DIRECTION),
                           stride->work);
        return stride->work;
    case STAGE:
        return array(stride, f->odd != 0.0 ? K_ODD : K);
    default:
        return array(stride, END);
    }
}

static enum rit_arrival take(const struct rit_rule_use *use, const struct rit_stride *stride)
{
    struct flow *f = flow_of(stride);
    f->since++;
    switch ((enum phase)f->phase) {
    case AT_START:
        return begin(use, stride);
    case CURVATURE:
        return multiply(use, stride);
    case STAGE:
        return go_on(use, stride);
    default:
        return come_in(use, stride);
    }
}

static double end(const double *memory)
{
    const struct flow *f = (const struct flow *)memory;
    return f->tau + f->h;
}

static void along(const struct rit_layout *layout, const double *memory, double tau, double *w)
{
    const struct flow *f = (const struct flow *)memory;
    const double *arrays = memory + HEAD;
    size_t n = layout->size;
    rit_path_at((tau - f->tau) / f->h, n, arrays + W * n, arrays + END * n, arrays + A * n, arrays + B * n,
                w);
}

/* Above the transition, where the curvature stays finite, seen. */
static double gradients(const struct rit_rule_use *use, double tau)
{
    return 40.0 + 70.0 * sqrt(tau) / cbrt(sqrt(use->constant[TOLERANCE]));
}

static const struct rit_gait gait = {look, take, end, along, gradients};

const struct rit_rule rit_rule_flow = {
    .member = {.name = "flow",
               .meaning =
                   "the gradient flow itself, of full batches, by stabilised steps of controlled error",
               RIT_PARAMS(params),
               .shared = rit_decay_params,
               .n_shared = 1,
               .revision = 3},
    .use = use,
    .state = state,
    .work = work,
    .gait = &gait,
    .linear = true,
};
