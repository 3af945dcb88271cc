/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is left of a wide network's width n: to leading order in 1/n, how the kernel K of a network at its
 * start fluctuates about its limit, and what that does to its mean. With Phi_ij = < phi(u_i) phi(u_j) > of
 * inputs with the covariances K^l, a derivative by K^l for every bar, and s the variance of weights,
 *
 *     V_ij,kl = lim n Cov(K_ij, K_kl)        C_ij = lim n (<K_ij> - K_ij of infinite width)
 *     V^{l+1} = s^2 [ < phi_i phi_j phi_k phi_l > - Phi_ij Phi_kl + Phi'_ij V^l Phi'_kl ]
 *     C^{l+1} = s [ Phi'_ij C^l + Phi''_ij V^l / 2 ]
 *
 * from V^1 = C^1 = 0. Outputs are Gaussian given K, so that 3 V_ii,ii / n is their fourth cumulant. One
 * hidden layer's tangent kernel is a mean over n independent units, and its variance known at any width.
 * Sources: Yaida, MSML 2020; Roberts, Yaida and Hanin, The Principles of Deep Learning Theory, 2022.
 */
#include <ritardando/limit.h>
#include <ritardando/outcome.h>

#include "base/arena.h"
#include "kernel/average.h"
#include "kernel/gram.h"
#include "limit/survey/chosen.h"
#include "limit/wide/known.h"

#include <math.h>
#include <string.h>

static const double same = 1e-12; /* of variances: inputs whose difference has less are one */

/* Of one layer. */
struct level {
    double *k, *c; /* [entries] */
    double *v;     /* [entries][entries] */
};

struct cumulants {
    const struct rit_point *point;
    const struct rit_block *block;
    struct rit_wide wide;
    struct rit_chosen chosen;
    double width;
    struct level at;       /* state: of the layer that was made last */
    double *tangent;       /* state: [2][entries] mean and n times variance of Theta, of one hidden layer */
    struct level next;     /* work */
    struct rit_curve *phi; /* [entries] work: Phi and its derivatives */
};

/* ---- what is not covered ---- */

static enum rit_status check(const struct rit_point *point, struct rit_error *err)
{
    struct rit_wide wide;
    int recurrent = rit_param_find(point->registry, "model.recurrent-gain");
    if (rit_param_applies(point, recurrent) && point->value[recurrent].x != 0.0)
        return rit_fail(
            err, RIT_BAD_INPUT,
            "limit.name: cumulants are known of model.name: dense; recurrent weights, used again at "
            "every time, correlate what they do not cover; take draws");
    RIT_TRY(rit_limit_wide(point, &wide, err));
    if (wide.depth == 0)
        return rit_fail(err, RIT_BAD_INPUT,
                        "model.depth: without a hidden layer outputs are Gaussian and their kernel is fixed; "
                        "take 1 or more");
    return RIT_OK;
}

/* ---- opening ---- */

static struct level take_level(struct rit_arena *arena, int entries)
{
    size_t n = (size_t)entries;
    return (struct level){RIT_TAKE(arena, n, double), RIT_TAKE(arena, n, double),
                          RIT_TAKE(arena, n * n, double)};
}

/* K^1, which is that of a network without hidden layers. */
static void fill_first(struct cumulants *self, struct rit_arena *work)
{
    struct rit_wide linear = {.phi = RIT_IDENTITY, .input = self->wide.input, .output_bias = self->wide.bias};
    struct rit_gram gram = rit_gram_open(&linear, self->block, self->block, work);
    for (int e = 0; self->at.k && e < self->chosen.entries; e++) {
        int row, column;
        rit_chosen_rows(&self->chosen, e, &row, &column);
        rit_gram_tile(&gram, rit_chosen_pair(&self->chosen, row), 1, rit_chosen_pair(&self->chosen, column),
                      1, self->at.k + e, NULL, 1);
    }
}

static void *open_cumulants(const struct rit_point *point, const struct rit_block *block,
                            struct rit_arena *state, struct rit_arena *work)
{
    struct cumulants *self = RIT_TAKE(work, 1, struct cumulants);
    struct cumulants local = {.point = point,
                              .block = block,
                              .chosen = rit_chosen_of(point, block),
                              .width = rit_model_size(point)};
    size_t entries = (size_t)local.chosen.entries;
    RIT_CHECK(rit_model_of(point)->wide(point, block->in.port, &local.wide, NULL) == RIT_OK);
    local.at = take_level(state, local.chosen.entries);
    local.tangent = RIT_TAKE(state, 2 * entries, double);
    local.next = take_level(work, local.chosen.entries);
    local.phi = RIT_TAKE(work, entries, struct rit_curve);
    fill_first(&local, work);
    if (self)
        *self = local;
    return self;
}

/* ---- a layer ---- */

static double kernel_of(const struct cumulants *self, int i, int j)
{
    return self->at.k[rit_chosen_entry(&self->chosen, i, j)];
}

static bool are_same(const struct cumulants *self, int i, int j)
{
    double q_i = kernel_of(self, i, i), q_j = kernel_of(self, j, j);
    return i == j || q_i + q_j - 2.0 * kernel_of(self, i, j) <= same * (q_i + q_j);
}

/* Phi of an entry, whose inputs may be one. */
static struct rit_curve curve_of(const struct cumulants *self, int entry)
{
    int i, j;
    rit_chosen_rows(&self->chosen, entry, &i, &j);
    return are_same(self, i, j) ? rit_dual_curve_alone(self->wide.phi, kernel_of(self, i, i))
                                : rit_dual_curve(self->wide.phi, kernel_of(self, i, i), kernel_of(self, j, j),
                                                 kernel_of(self, i, j));
}

/* The entries of K^l that Phi of an entry depends on, in the order of its derivatives. Returns how many. */
static int arguments_of(const struct cumulants *self, int entry, int argument[RIT_BY])
{
    int i, j;
    rit_chosen_rows(&self->chosen, entry, &i, &j);
    argument[RIT_BY_FIRST] = rit_chosen_entry(&self->chosen, i, i);
    argument[RIT_BY_SECOND] = rit_chosen_entry(&self->chosen, j, j);
    argument[RIT_BY_COVARIANCE] = entry;
    return are_same(self, i, j) ? 1 : RIT_BY;
}

/* A factor phi^(order) of a row, which may be the same input as one that is there. */
static void multiply(const struct cumulants *self, struct rit_product *product, int *row_of, int row,
                     int order)
{
    int at = 0;
    while (at < product->inputs && !are_same(self, row_of[at], row))
        at++;
    if (at == product->inputs) {
        row_of[at] = row;
        product->inputs++;
        for (int b = 0; b <= at; b++)
            product->k[at][b] = product->k[b][at] = kernel_of(self, row_of[b], row);
    }
    rit_product_add(product, at, order);
}

/* The average over the rows of entries a, with derivatives of order o, and b, with those of order p. */
static double average_of(const struct cumulants *self, int a, int o, int b, int p)
{
    struct rit_product product = {.inputs = 0};
    int row_of[RIT_AVERAGE_INPUTS], row[4];
    rit_chosen_rows(&self->chosen, a, &row[0], &row[1]);
    rit_chosen_rows(&self->chosen, b, &row[2], &row[3]);
    for (int i = 0; i < 4; i++)
        multiply(self, &product, row_of, row[i], i < 2 ? o : p);
    return rit_average(self->wide.phi, &product);
}

/* Phi'_a V^l Phi'_b */
static double carried(const struct cumulants *self, int a, int b)
{
    int of_a[RIT_BY], of_b[RIT_BY], n_a = arguments_of(self, a, of_a), n_b = arguments_of(self, b, of_b);
    double sum = 0.0;
    for (int x = 0; x < n_a; x++)
        for (int y = 0; y < n_b; y++)
            sum += self->phi[a].slope[x] * self->phi[b].slope[y] *
                   self->at.v[of_a[x] * self->chosen.entries + of_b[y]];
    return sum;
}

/* Phi'_a C^l + Phi''_a V^l / 2 */
static double shifted(const struct cumulants *self, int a)
{
    int of[RIT_BY], n = arguments_of(self, a, of);
    double sum = 0.0;
    for (int x = 0; x < n; x++) {
        sum += self->phi[a].slope[x] * self->at.c[of[x]];
        for (int y = 0; y < n; y++) {
            double v = self->at.v[of[x] * self->chosen.entries + of[y]];
            sum += v == 0.0 ? 0.0 : 0.5 * self->phi[a].bend[x][y] * v;
        }
    }
    return sum;
}

/* < phi'_i phi'_j > of an entry. */
static double slope_of(const struct cumulants *self, int entry)
{
    int i, j;
    struct rit_product product = {.inputs = 0};
    int row_of[RIT_AVERAGE_INPUTS];
    rit_chosen_rows(&self->chosen, entry, &i, &j);
    if (self->wide.phi == RIT_RELU)
        return are_same(self, i, j) ? 0.5 : self->phi[entry].slope[RIT_BY_COVARIANCE];
    multiply(self, &product, row_of, i, 1);
    multiply(self, &product, row_of, j, 1);
    return rit_average(self->wide.phi, &product);
}

/*
 * Theta of one hidden layer is a mean over units of s (phi phi + w^2 T phi' phi'), w being its read-out
 * weight and T the tangent kernel below. Of relu phi phi' is phi, and phi'^2 is phi'.
 */
static void make_tangent(struct cumulants *self)
{
    const struct rit_wide *wide = &self->wide;
    bool kinked = wide->phi == RIT_RELU;
    for (int e = 0; e < self->chosen.entries; e++) {
        double value = self->phi[e].value, slope = slope_of(self, e),
               below = self->at.k[e] - wide->bias + wide->bias_speed, mean = value + below * slope;
        double square = average_of(self, e, 0, e, 0), mixed = kinked ? value : average_of(self, e, 0, e, 1),
               slopes = kinked ? slope : average_of(self, e, 1, e, 1);
        self->tangent[e] = wide->output * mean + wide->output_bias_speed;
        self->tangent[self->chosen.entries + e] =
            wide->output * wide->output *
            (square + 2.0 * below * mixed + 3.0 * below * below * slopes - mean * mean);
    }
}

/* < phi_i phi_j phi_k phi_l > of four rows i <= j <= k <= l, which makes three pairs of entries. */
static bool make_average(struct cumulants *self, int i, int j, int k, int l)
{
    const struct rit_chosen *chosen = &self->chosen;
    int pair[3][2] = {{rit_chosen_entry(chosen, i, j), rit_chosen_entry(chosen, k, l)},
                      {rit_chosen_entry(chosen, i, k), rit_chosen_entry(chosen, j, l)},
                      {rit_chosen_entry(chosen, i, l), rit_chosen_entry(chosen, j, k)}};
    double value = average_of(self, pair[0][0], 0, pair[0][1], 0);
    for (int p = 0; p < 3; p++)
        self->next.v[pair[p][0] * chosen->entries + pair[p][1]] =
            self->next.v[pair[p][1] * chosen->entries + pair[p][0]] = value;
    return !isnan(value);
}

static bool make_averages(struct cumulants *self)
{
    int n = self->chosen.rows;
    bool known = true;
    for (int i = 0; i < n; i++)
        for (int j = i; j < n; j++)
            for (int k = j; k < n; k++)
                for (int l = k; l < n; l++)
                    known = make_average(self, i, j, k, l) && known;
    return known;
}

static enum rit_status make_vertex(struct cumulants *self, double s, struct rit_error *err)
{
    int entries = self->chosen.entries;
    if (!make_averages(self))
        return rit_fail(
            err, RIT_BAD_INPUT,
            "limit.pairs: inputs of relu at some pairs are so nearly dependent that their averages are "
            "not known to 1e-6; take fewer");
    for (int a = 0; a < entries; a++)
        for (int b = a; b < entries; b++) {
            double fresh = self->next.v[a * entries + b] - self->phi[a].value * self->phi[b].value;
            self->next.v[a * entries + b] = self->next.v[b * entries + a] =
                s * s * (fresh + carried(self, a, b));
        }
    return RIT_OK;
}

static enum rit_status make(void *handle, uint64_t number, struct rit_error *err)
{
    struct cumulants *self = handle;
    size_t n = (size_t)self->chosen.entries;
    bool last = number + 1 == (uint64_t)self->wide.depth;
    double s = last ? self->wide.output : self->wide.forward,
           bias = last ? self->wide.output_bias : self->wide.bias;
    for (int e = 0; e < self->chosen.entries; e++)
        self->phi[e] = curve_of(self, e);
    if (self->wide.depth == 1)
        make_tangent(self);
    RIT_TRY(make_vertex(self, s, err));
    for (int e = 0; e < self->chosen.entries; e++) {
        self->next.c[e] = s * shifted(self, e);
        self->next.k[e] = s * self->phi[e].value + bias;
    }
    memcpy(self->at.k, self->next.k, n * sizeof *self->at.k);
    memcpy(self->at.c, self->next.c, n * sizeof *self->at.c);
    memcpy(self->at.v, self->next.v, n * n * sizeof *self->at.v);
    return RIT_OK;
}

/* ---- what is told ---- */

static void tell_outputs(const struct cumulants *self, struct rit_outcome *outcome)
{
    const struct rit_chosen *chosen = &self->chosen;
    double *mean = rit_chosen_add(chosen, RIT_OUTPUT_MEAN, false, outcome),
           *variance = rit_chosen_add(chosen, RIT_OUTPUT_VARIANCE, false, outcome),
           *fourth = rit_chosen_add(chosen, RIT_OUTPUT_FOURTH, false, outcome),
           *kurtosis = rit_chosen_add(chosen, RIT_OUTPUT_KURTOSIS, false, outcome),
           *same_kurtosis = rit_chosen_add(chosen, RIT_KERNEL_KURTOSIS, false, outcome);
    for (int r = 0; r < chosen->rows; r++) {
        int e = rit_chosen_entry(chosen, r, r);
        double k = self->at.k[e], v = self->at.v[e * chosen->entries + e];
        mean[r] = rit_wide_mean(&self->wide, self->block);
        variance[r] = k + self->at.c[e] / self->width;
        fourth[r] = 3.0 * v / self->width;
        kurtosis[r] = same_kurtosis[r] = fourth[r] / (k * k);
    }
}

static void tell_kernel(const struct cumulants *self, struct rit_outcome *outcome)
{
    const struct rit_chosen *chosen = &self->chosen;
    double *mean = rit_chosen_add(chosen, RIT_KERNEL_MEAN, false, outcome),
           *infinite = rit_chosen_add(chosen, RIT_KERNEL_INFINITE, false, outcome),
           *correction = rit_chosen_add(chosen, RIT_KERNEL_CORRECTION, false, outcome),
           *covariance = rit_chosen_add(chosen, RIT_KERNEL_COVARIANCE, false, outcome),
           *vertex = rit_chosen_add(chosen, RIT_KERNEL_VERTEX, false, outcome), squares = 0.0;
    int entries = chosen->entries;
    for (int a = 0; a < entries; a++) {
        int row, column;
        rit_chosen_rows(chosen, a, &row, &column);
        infinite[a] = self->at.k[a];
        correction[a] = self->at.c[a];
        mean[a] = self->at.k[a] + self->at.c[a] / self->width;
        squares += (row == column ? 1.0 : 2.0) * self->at.v[a * entries + a] / self->width;
        for (int b = 0; b < entries; b++) {
            vertex[a * entries + b] = self->at.v[a * entries + b];
            covariance[a * entries + b] = vertex[a * entries + b] / self->width;
        }
    }
    *rit_chosen_add_distance(false, false, outcome) = sqrt(squares / rit_chosen_square(chosen, self->at.k));
}

static void tell_tangent(const struct cumulants *self, struct rit_outcome *outcome)
{
    const struct rit_chosen *chosen = &self->chosen;
    double *mean = rit_chosen_add(chosen, RIT_TANGENT_MEAN, false, outcome),
           *variance = rit_chosen_add(chosen, RIT_TANGENT_VARIANCE, false, outcome),
           *ratio = rit_chosen_add(chosen, RIT_TANGENT_RATIO, false, outcome);
    for (int e = 0; e < chosen->entries; e++) {
        mean[e] = self->tangent[e];
        variance[e] = self->tangent[chosen->entries + e] / self->width;
        ratio[e] = 1.0 + variance[e] / (mean[e] * mean[e]);
    }
}

static void finish(void *handle, struct rit_outcome *outcome)
{
    const struct cumulants *self = handle;
    rit_chosen_describe(&self->chosen, outcome);
    tell_outputs(self, outcome);
    tell_kernel(self, outcome);
    if (self->wide.depth == 1)
        tell_tangent(self, outcome);
}

static uint64_t pieces(const struct rit_point *point)
{
    return (uint64_t)rit_point_int(point, "model.depth");
}

/* An average of four different inputs takes some 10^8 operations in each layer, of fewer next to none. */
static double price(const struct rit_point *point, const struct rit_block *block)
{
    double rows = rit_chosen_of(point, block).rows,
           quadruples = rows * (rows + 1.0) * (rows + 2.0) * (rows + 3.0) / 24.0;
    return 1e8 * (double)pieces(point) * quadruples;
}

static const struct rit_survey survey = {.piece = "layer",
                                         .pieces = pieces,
                                         .price = price,
                                         .open = open_cumulants,
                                         .make = make,
                                         .finish = finish};

const struct rit_limit rit_limit_cumulants = {
    .member = {.name = "cumulants",
               .meaning =
                   "nothing is trained: how kernels and outputs of wide networks fluctuate, to leading "
                   "order in 1/width",
               .shared = rit_chosen_params,
               .n_shared = 1},
    .check = check,
    .check_block = rit_limit_converges,
    .survey = &survey,
};
