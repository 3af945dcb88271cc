/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Many networks of the point's own width at their start, drawn one after the other: moments of an output,
 * and of two kernels between chosen pairs of the block,
 *
 *     Theta = J J^T, J = df/dw    the tangent kernel, of all weights as they are stored;
 *     K = J_K J_K^T + s           the part of the read-out's weights, which start as N(0,1), and their bias'
 *                                 variance s: the covariance of outputs over read-outs, the rest being kept.
 *
 * Over draws <f^2> = <K> and <f^4> - 3 <f^2>^2 = 3 Var K, with less noise than f itself has. Where the
 * network has a limit of infinite width, also how far K and Theta are from theirs. Draw k is the network of
 * another seed, which is drawn for it: it depends neither on other draws nor on how many there are. Source:
 * Hanin and Nica, ICLR 2020.
 */
#include <ritardando/limit.h>
#include <ritardando/outcome.h>

#include "base/arena.h"
#include "base/random.h"
#include "kernel/gram.h"
#include "limit/survey/chosen.h"
#include "limit/survey/moments.h"
#include "slope/jacobian.h"

#include <math.h>
#include <string.h>

static const struct rit_param params[] = {
    {.key = "limit.draws",
     .kind = RIT_INT,
     .fallback = "1000",
     .low = RIT_MOMENTS_GROUPS,
     .high = 1e9,
     .unit = "1",
     .meaning = "networks that are drawn"},
};

struct draws {
    struct rit_point point; /* with the seed of the draw */
    uint64_t seed, draws;
    struct rit_layout layout;
    struct rit_scene scene;
    struct rit_chosen chosen;
    struct rit_jacobian jacobian;
    struct rit_moments moments; /* state */
    bool is_wide;               /* has a limit, and so a kernel K */
    struct rit_wide wide;
    const struct rit_weights *readout;
    double *w, *f, *theta;        /* [weights], [rows], [rows][ld] */
    double *x;                    /* [moments.n] the numbers of a draw */
    double *off;                  /* [entries] work */
    double *nngp_wide, *ntk_wide; /* [entries] of infinite width */
};

/* ---- the numbers of a draw ---- */

static size_t output_at(int row, int power)
{
    return (size_t)(4 * row + power - 1);
}

static size_t theta_at(const struct draws *d, int entry, int power)
{
    return (size_t)(4 * d->chosen.rows + 2 * entry + power - 1);
}

/* Squared distances of both kernels from those of infinite width. */
static size_t distance_at(const struct draws *d, bool tangent)
{
    return theta_at(d, d->chosen.entries, 1) + tangent;
}

static size_t kernel_at(const struct draws *d, int entry)
{
    return distance_at(d, true) + 1 + (size_t)entry;
}

/* Of entries a <= b. */
static size_t product_at(const struct draws *d, int a, int b)
{
    size_t before = (size_t)a * (size_t)d->chosen.entries - (size_t)a * (size_t)(a + 1) / 2;
    return kernel_at(d, d->chosen.entries) + before + (size_t)b;
}

static size_t numbers_of(const struct draws *d)
{
    return d->is_wide ? product_at(d, d->chosen.entries - 1, d->chosen.entries - 1) + 1
                      : distance_at(d, false);
}

/* ---- opening ---- */

static const struct rit_weights *readout_of(const struct rit_layout *layout)
{
    for (int b = 0; b < layout->blocks; b++)
        if (strcmp(layout->block[b].name, "K") == 0)
            return &layout->block[b];
    return NULL;
}

static enum rit_status check(const struct rit_point *point, struct rit_error *err)
{
    const struct rit_model *model = rit_model_of(point);
    if (model->noisy && model->noisy(point))
        return rit_fail(err, RIT_BAD_INPUT,
                        "limit.name: outputs of %s are noisy with these settings, and draws are of exact "
                        "ones; set model.shots: 0",
                        model->member.name);
    return model->check ? model->check(point, err) : RIT_OK;
}

/* Both kernels of infinite width at the chosen pairs; false where there are none. */
static bool fill_wide(struct draws *d, struct rit_arena *work)
{
    const struct rit_block *block = d->scene.block;
    d->nngp_wide = RIT_TAKE(work, (size_t)d->chosen.entries, double);
    d->ntk_wide = RIT_TAKE(work, (size_t)d->chosen.entries, double);
    struct rit_gram gram = rit_gram_open(&d->wide, block, block, work);
    for (int e = 0; d->nngp_wide && gram.converged && e < d->chosen.entries; e++) {
        int row, column;
        rit_chosen_rows(&d->chosen, e, &row, &column);
        rit_gram_tile(&gram, rit_chosen_pair(&d->chosen, row), 1, rit_chosen_pair(&d->chosen, column), 1,
                      d->nngp_wide + e, d->ntk_wide + e, 1);
    }
    return gram.converged;
}

static void *open_draws(const struct rit_point *point, const struct rit_block *block, struct rit_arena *state,
                        struct rit_arena *work)
{
    const struct rit_model *model = rit_model_of(point);
    struct draws *d = RIT_TAKE(work, 1, struct draws);
    struct draws measured = {.point = *point};
    struct draws *at = d ? d : &measured;
    *at = (struct draws){.point = *point,
                         .seed = rit_random_seed(point),
                         .draws = (uint64_t)rit_point_int(point, "limit.draws"),
                         .chosen = rit_chosen_of(point, block)};
    RIT_CHECK(model->layout(point, block->in.port, block->asked.port, &at->layout, NULL) == RIT_OK);
    at->readout = readout_of(&at->layout);
    at->is_wide = at->readout && model->wide && model->wide(point, block->in.port, &at->wide, NULL) == RIT_OK;
    at->scene =
        (struct rit_scene){.point = &at->point, .layout = &at->layout, .block = block, .model = model};
    at->moments = rit_moments_open(numbers_of(at), state);
    at->scene.net = model->open(&at->point, &at->layout, block, work);
    at->jacobian = rit_jacobian_open(&at->scene, at->chosen.rows, 1, work);
    at->w = RIT_TAKE(work, at->layout.size, double);
    at->f = RIT_TAKE(work, (size_t)at->chosen.rows, double);
    at->theta = RIT_TAKE(work, (size_t)at->chosen.rows * (size_t)at->jacobian.ld, double);
    at->off = RIT_TAKE(work, (size_t)at->chosen.entries, double);
    at->x = RIT_TAKE(work, at->moments.n, double);
    if (at->is_wide && !fill_wide(at, work))
        at->nngp_wide = NULL;
    return d;
}

/* ---- a draw ---- */

/* The kernel of the read-out between two rows. */
static double kernel_of(const struct draws *d, int i, int j)
{
    size_t size = d->layout.size, n = (size_t)d->readout->rows * (size_t)d->readout->cols;
    const double *a = d->jacobian.row + (size_t)i * size + d->readout->offset,
                 *b = d->jacobian.row + (size_t)j * size + d->readout->offset;
    double sum = 0.0;
    for (size_t k = 0; k < n; k++)
        sum += a[k] * b[k];
    return sum + d->wide.output_bias;
}

static void note_kernels(struct draws *d)
{
    for (int e = 0; e < d->chosen.entries; e++) {
        int row, column;
        rit_chosen_rows(&d->chosen, e, &row, &column);
        double theta = d->theta[(size_t)row * (size_t)d->jacobian.ld + (size_t)column];
        d->x[theta_at(d, e, 1)] = theta;
        d->x[theta_at(d, e, 2)] = theta * theta;
        if (d->is_wide)
            d->x[kernel_at(d, e)] = kernel_of(d, row, column);
    }
}

/* Products of the kernel's entries, and distances from infinite width. */
static void note_products(struct draws *d)
{
    for (int a = 0; a < d->chosen.entries; a++)
        for (int b = a; b < d->chosen.entries; b++)
            d->x[product_at(d, a, b)] = d->x[kernel_at(d, a)] * d->x[kernel_at(d, b)];
    for (int tangent = 0; d->nngp_wide && tangent < 2; tangent++) {
        for (int e = 0; e < d->chosen.entries; e++)
            d->off[e] =
                tangent ? d->x[theta_at(d, e, 1)] - d->ntk_wide[e] : d->x[kernel_at(d, e)] - d->nngp_wide[e];
        d->x[distance_at(d, tangent)] = rit_chosen_square(&d->chosen, d->off);
    }
}

static enum rit_status make(void *handle, uint64_t number, struct rit_error *err)
{
    (void)err;
    struct draws *d = handle;
    struct rit_random random = rit_random_open(d->seed, RIT_FOR_DRAWS, number, 0);
    d->point.value[rit_param_find(d->point.registry, "seed")].i = (int64_t)(rit_random_bits(&random) >> 11);
    d->scene.model->init(&d->point, &d->layout, d->scene.block, d->w);
    rit_jacobian_fill(&d->jacobian, d->w, d->f);
    rit_jacobian_kernel(&d->jacobian, d->theta);
    for (int r = 0; r < d->chosen.rows; r++)
        for (int power = 1; power <= 4; power++)
            d->x[output_at(r, power)] = power == 1 ? d->f[r] : d->x[output_at(r, power - 1)] * d->f[r];
    note_kernels(d);
    if (d->is_wide)
        note_products(d);
    rit_moments_add(&d->moments, number, d->x);
    return RIT_OK;
}

/* ---- what is told ---- */

/* How many numbers a statistic is of. */
static int arguments_of(enum rit_told told)
{
    return told == RIT_KERNEL_COVARIANCE                                                    ? 3
           : told == RIT_OUTPUT_MEAN || told == RIT_KERNEL_MEAN || told == RIT_TANGENT_MEAN ? 1
           : told == RIT_OUTPUT_FOURTH || told == RIT_OUTPUT_KURTOSIS                       ? 4
                                                                                            : 2;
}

/* 3 Var K / <K>^2 */
static double thrice_relative_variance(const double *mean)
{
    return 3.0 * (rit_ratio_of(mean) - 1.0);
}

static rit_statistic *const statistics[RIT_DRAWN] = {[RIT_OUTPUT_MEAN] = rit_mean_of,
                                                     [RIT_OUTPUT_VARIANCE] = rit_variance_of,
                                                     [RIT_OUTPUT_FOURTH] = rit_fourth_of,
                                                     [RIT_OUTPUT_KURTOSIS] = rit_kurtosis_of,
                                                     [RIT_KERNEL_KURTOSIS] = thrice_relative_variance,
                                                     [RIT_KERNEL_MEAN] = rit_mean_of,
                                                     [RIT_TANGENT_MEAN] = rit_mean_of,
                                                     [RIT_TANGENT_VARIANCE] = rit_variance_of,
                                                     [RIT_TANGENT_RATIO] = rit_ratio_of,
                                                     [RIT_KERNEL_COVARIANCE] = rit_covariance_of};

/* Which numbers, for row or entry a, and entry b of a covariance. */
static void find_numbers(const struct draws *d, enum rit_told told, int a, int b, size_t *index)
{
    if (told == RIT_KERNEL_KURTOSIS)
        a = b = rit_chosen_entry(&d->chosen, a, a);
    for (int k = 0; k < arguments_of(told); k++) {
        if (told <= RIT_OUTPUT_KURTOSIS)
            index[k] = output_at(a, k + 1);
        else if (told >= RIT_TANGENT_MEAN && told <= RIT_TANGENT_RATIO)
            index[k] = theta_at(d, a, k + 1);
    }
    if (told == RIT_KERNEL_MEAN)
        index[0] = kernel_at(d, a);
    if (told == RIT_KERNEL_KURTOSIS) {
        index[0] = kernel_at(d, a);
        index[1] = product_at(d, a, a);
    }
    if (told == RIT_KERNEL_COVARIANCE) {
        index[0] = kernel_at(d, a);
        index[1] = kernel_at(d, b);
        index[2] = product_at(d, a < b ? a : b, a < b ? b : a);
    }
}

static void tell(const struct draws *d, enum rit_told told, struct rit_outcome *outcome)
{
    double *value = rit_chosen_add(&d->chosen, told, false, outcome),
           *error = rit_chosen_add(&d->chosen, told, true, outcome);
    int rows = told < RIT_KERNEL_MEAN ? d->chosen.rows : d->chosen.entries,
        columns = told == RIT_KERNEL_COVARIANCE ? d->chosen.entries : 1;
    for (int a = 0; a < rows; a++)
        for (int b = 0; b < columns; b++) {
            size_t index[RIT_MOMENTS_MEANS];
            find_numbers(d, told, a, b, index);
            struct rit_estimate found =
                rit_moments_estimate(&d->moments, d->draws, statistics[told], arguments_of(told), index);
            value[a * columns + b] = found.value;
            error[a * columns + b] = found.error;
        }
}

static double root_of_mean(const double *mean)
{
    return sqrt(mean[0]);
}

/* sqrt <|K - K_infinite|^2> / |K_infinite| */
static void tell_distance(const struct draws *d, bool tangent, struct rit_outcome *outcome)
{
    double norm = sqrt(rit_chosen_square(&d->chosen, tangent ? d->ntk_wide : d->nngp_wide));
    size_t index = distance_at(d, tangent);
    struct rit_estimate found = rit_moments_estimate(&d->moments, d->draws, root_of_mean, 1, &index);
    *rit_chosen_add_distance(tangent, false, outcome) = found.value / norm;
    *rit_chosen_add_distance(tangent, true, outcome) = found.error / norm;
}

static void finish(void *handle, struct rit_outcome *outcome)
{
    const struct draws *d = handle;
    rit_chosen_describe(&d->chosen, outcome);
    for (int told = 0; told < RIT_DRAWN; told++)
        if (d->is_wide ||
            (told != RIT_KERNEL_MEAN && told != RIT_KERNEL_KURTOSIS && told != RIT_KERNEL_COVARIANCE))
            tell(d, (enum rit_told)told, outcome);
    for (int tangent = 0; d->nngp_wide && tangent < 2; tangent++)
        tell_distance(d, tangent, outcome);
}

static uint64_t pieces(const struct rit_point *point)
{
    return (uint64_t)rit_point_int(point, "limit.draws");
}

/* Weights are drawn, at some fifty operations each, and every row goes through one sequence. */
static double price(const struct rit_point *point, const struct rit_block *block)
{
    const struct rit_model *model = rit_model_of(point);
    struct rit_layout layout;
    if (model->layout(point, block->in.port, block->asked.port, &layout, NULL) != RIT_OK)
        return 0.0; /* it will not be run */
    double rows = rit_chosen_of(point, block).rows, length = (double)block->pairs / block->sequences;
    return (double)pieces(point) * (50.0 * (double)layout.size +
                                    rows * (length * model->price(point, &layout) + (double)layout.size));
}

static const struct rit_survey survey = {
    .piece = "draw", .pieces = pieces, .price = price, .open = open_draws, .make = make, .finish = finish};

const struct rit_limit rit_limit_draws = {
    .member = {.name = "draws",
               .meaning =
                   "nothing is trained: moments of outputs and kernels over many networks at their start",
               RIT_PARAMS(params),
               .shared = rit_chosen_params,
               .n_shared = 1},
    .check = check,
    .survey = &survey,
};
