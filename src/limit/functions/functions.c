/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "limit/functions/functions.h"

#include "base/arena.h"
#include "base/random.h"
#include "kernel/cholesky.h"
#include "kernel/gram.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Of a kernel's largest diagonal element: what is less than this is not told from rounding. */
static const double least_pivot = 1e-10;

struct rit_net {
    const struct rit_layout *layout;
    const struct rit_block *block;
    int units, ld;    /* outputs, and in whole vectors */
    int rank, ld_r;   /* columns of F, and of its rows */
    int ld_t;         /* pairs in whole vectors */
    double *feature;  /* [T][ld_r] F */
    double *column;   /* [rank][ld_t] F^T */
    double *start;    /* [T][ld] f_0 */
    double *w;        /* [rows of the weights][ld] as loaded */
    double *y, *part; /* [T][ld] outputs, then deltas; [rows][ld] the gradient of one sequence */
};

void rit_functions_layout(const struct rit_block *block, struct rit_layout *layout)
{
    struct rit_weights *all = &layout->block[0];
    *layout =
        (struct rit_layout){.blocks = 1, .size = (size_t)block->pairs * (size_t)block->asked.port.width};
    *all = (struct rit_weights){.rows = block->pairs, .cols = block->asked.port.width, .in_all = true};
    snprintf(all->name, sizeof all->name, "F");
}

/* ---- from kernels to features ---- */

enum which { NNGP, THETA };

/* What is needed while a net is opened. The trained block has T pairs, the net's own may be another. */
struct opening {
    const struct rit_block *trained, *block;
    struct rit_gram own, across,
        inside; /* of T x T; of T x the block's and of the block with itself if it is another */
    struct rit_factor factor, rest;
    double *matrix, *cross, *square; /* [T][ld], [T][ld_t], [pairs][ld_t] */
    double *diagonal;
};

static bool is_other(const struct opening *o)
{
    return o->block != o->trained;
}

static struct opening open_kernels(const struct rit_wide *wide, const struct rit_block *block,
                                   struct rit_arena *arena)
{
    struct opening o = {.trained = block->trained ? block->trained : block, .block = block};
    int pairs = o.trained->pairs, most = pairs > block->pairs ? pairs : block->pairs;
    o.own = rit_gram_open(wide, o.trained, o.trained, arena);
    o.factor = rit_factor_open(pairs, arena);
    o.matrix = RIT_TAKE(arena, (size_t)pairs * (size_t)rit_ld(pairs), double);
    o.diagonal = RIT_TAKE(arena, (size_t)most, double);
    if (is_other(&o)) {
        o.across = rit_gram_open(wide, o.trained, block, arena);
        o.inside = rit_gram_open(wide, block, block, arena);
        o.cross = RIT_TAKE(arena, (size_t)pairs * (size_t)rit_ld(block->pairs), double);
        o.square = RIT_TAKE(arena, (size_t)block->pairs * (size_t)rit_ld(block->pairs), double);
        o.rest = rit_factor_open(block->pairs, arena);
    }
    return o;
}

static void fill(struct rit_gram *gram, enum which which, double *to, int stride)
{
    rit_gram_tile(gram, 0, gram->side[0].block->pairs, 0, gram->side[1].block->pairs,
                  which == NNGP ? to : NULL, which == THETA ? to : NULL, stride);
}

/* The columns of the factor for the pairs of the net's block, into net->column. Returns how many there are.
 */
static int make_columns(const struct rit_net *net, struct opening *o, enum which which)
{
    fill(&o->own, which, o->matrix, o->factor.ld);
    rit_factor_make(&o->factor, o->matrix, least_pivot, o->diagonal);
    if (is_other(o)) {
        fill(&o->across, which, o->cross, net->ld_t);
        rit_factor_extend(&o->factor, o->cross, net->ld_t, net->column);
    } else {
        memcpy(net->column, o->factor.column,
               sizeof *net->column * (size_t)o->factor.rank * (size_t)o->factor.ld);
    }
    return o->factor.rank;
}

/* Adds `rank` columns times numbers drawn for each of them and each unit to f_0. */
static void add_drawn(struct rit_net *net, uint64_t seed, uint64_t part, int rank, const double *column)
{
    for (int k = 0; k < rank; k++) {
        struct rit_random random = rit_random_open(seed, RIT_FOR_LIMIT, (uint64_t)k, part);
        for (int i = 0; i < net->units; i++) {
            double z = rit_random_gauss(&random);
            for (int t = 0; t < net->block->pairs; t++)
                net->start[(size_t)t * (size_t)net->ld + (size_t)i] +=
                    column[(size_t)k * (size_t)net->ld_t + (size_t)t] * z;
        }
    }
}

/* What the process leaves open at the pairs of another block once those of the trained one are drawn. */
static void factorise_rest(const struct rit_net *net, struct opening *o)
{
    int pairs = net->block->pairs;
    fill(&o->inside, NNGP, o->square, net->ld_t);
    for (int k = 0; k < o->factor.rank; k++) {
        const double *column = net->column + (size_t)k * (size_t)net->ld_t;
        for (int t = 0; t < pairs; t++)
            for (int s = 0; s < pairs; s++)
                o->square[(size_t)t * (size_t)net->ld_t + (size_t)s] -= column[t] * column[s];
    }
    rit_factor_make(&o->rest, o->square, least_pivot, o->diagonal);
}

static void draw_start(struct rit_net *net, const struct rit_point *point, struct opening *o)
{
    uint64_t seed = rit_random_seed(point);
    int rank = make_columns(net, o, NNGP);
    add_drawn(net, seed, 0, rank, net->column);
    if (is_other(o)) {
        factorise_rest(net, o);
        add_drawn(net, seed, 1, o->rest.rank, o->rest.column);
    }
}

static void fill_start(struct rit_net *net, const struct rit_point *point, const struct rit_wide *wide,
                       struct opening *o)
{
    double mean = rit_wide_mean(wide, o->trained);
    for (int t = 0; t < net->block->pairs; t++)
        for (int i = 0; i < net->units; i++)
            net->start[(size_t)t * (size_t)net->ld + (size_t)i] = mean;
    if (strcmp(rit_point_name(point, "limit.start"), "drawn") == 0)
        draw_start(net, point, o);
}

static void fill_features(struct rit_net *net, struct opening *o)
{
    net->rank = make_columns(net, o, THETA);
    for (int k = 0; k < net->rank; k++)
        for (int t = 0; t < net->block->pairs; t++)
            net->feature[(size_t)t * (size_t)net->ld_r + (size_t)k] =
                net->column[(size_t)k * (size_t)net->ld_t + (size_t)t];
}

/* ---- struct rit_model ---- */

static void init(const struct rit_point *point, const struct rit_layout *layout,
                 const struct rit_block *block, double *w)
{
    (void)point, (void)block;
    memset(w, 0, sizeof *w * layout->size);
}

static struct rit_wide wide_of(const struct rit_point *point, const struct rit_block *block)
{
    struct rit_wide wide;
    RIT_CHECK(rit_model_of(point)->wide(point, block->in.port, &wide, NULL) == RIT_OK);
    return wide;
}

static struct rit_net *open_net(const struct rit_point *point, const struct rit_layout *layout,
                                const struct rit_block *block, struct rit_arena *arena)
{
    struct rit_wide wide = wide_of(point, block);
    struct rit_net *net = RIT_TAKE(arena, 1, struct rit_net);
    int rows = layout->block[0].rows, units = layout->block[0].cols;
    struct rit_net local = {.layout = layout,
                            .block = block,
                            .units = units,
                            .ld = rit_ld(units),
                            .ld_r = rit_ld(rows),
                            .ld_t = rit_ld(block->pairs)};
    size_t pairs = (size_t)block->pairs;
    local.feature = RIT_TAKE(arena, pairs * (size_t)local.ld_r, double);
    local.column = RIT_TAKE(arena, (size_t)rows * (size_t)local.ld_t, double);
    local.start = RIT_TAKE(arena, pairs * (size_t)local.ld, double);
    local.y = RIT_TAKE(arena, pairs * (size_t)local.ld, double);
    local.w = RIT_TAKE(arena, (size_t)rows * (size_t)local.ld, double);
    local.part = RIT_TAKE(arena, (size_t)rows * (size_t)local.ld, double);
    struct opening opening = open_kernels(&wide, block, arena);
    if (!net)
        return NULL;
    *net = local;
    fill_start(net, point, &wide, &opening);
    fill_features(net, &opening);
    return net;
}

static void load(struct rit_net *net, const double *w)
{
    for (int k = 0; k < net->rank; k++)
        memcpy(net->w + (size_t)k * (size_t)net->ld, w + (size_t)k * (size_t)net->units,
               sizeof *w * (size_t)net->units);
}

/* f of the pairs from .. to - 1, into y. */
static void forward(struct rit_net *net, int from, int to)
{
    double *y = net->y + (size_t)from * (size_t)net->ld;
    const double *start = net->start + (size_t)from * (size_t)net->ld;
    rit_kernels()->multiply_f64(to - from, net->units, net->rank,
                                net->feature + (size_t)from * (size_t)net->ld_r, net->ld_r, net->w, net->ld,
                                y, net->ld);
    for (size_t i = 0; i < (size_t)(to - from) * (size_t)net->ld; i++)
        y[i] += start[i];
}

static double sum_of_squares(size_t n, const double *x)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * x[i];
    return sum;
}

/* Squared norms of the gradients of single pairs: |delta_t|^2 |F_t|^2. */
static double single_squares(const struct rit_net *net, int from, int to)
{
    double sum = 0.0;
    for (int t = from; t < to; t++)
        sum += sum_of_squares((size_t)net->units, net->y + (size_t)t * (size_t)net->ld) *
               sum_of_squares((size_t)net->rank, net->feature + (size_t)t * (size_t)net->ld_r);
    return sum;
}

/* Adds -share times the sequence's F^T delta to g; returns the squared norm of F^T delta. */
static double backward(struct rit_net *net, int from, int to, double share, double *g)
{
    double square = 0.0;
    rit_kernels()->multiply_f64(net->rank, net->units, to - from, net->column + from, net->ld_t,
                                net->y + (size_t)from * (size_t)net->ld, net->ld, net->part, net->ld);
    for (int k = 0; k < net->rank; k++) {
        const double *part = net->part + (size_t)k * (size_t)net->ld;
        for (int i = 0; i < net->units; i++) {
            g[(size_t)k * (size_t)net->units + (size_t)i] -= share * part[i];
            square += part[i] * part[i];
        }
    }
    return square;
}

static void pass(struct rit_net *net, const struct rit_batch *batch, enum rit_want want,
                 const struct rit_criterion *criterion, double *g, struct rit_pass *found)
{
    const struct rit_block *block = net->block;
    bool all = batch->kind != RIT_SEQUENCES;
    int n = all ? block->sequences : batch->n, pairs = 0;
    double share = (double)block->sequences / ((double)n * block->pairs), single = 0.0, whole = 0.0;
    *found = (struct rit_pass){0};
    if (g)
        memset(g, 0, sizeof *g * net->layout->size);
    for (int m = 0; m < n; m++) {
        int at = all ? m : batch->index[m], from = block->start[at], to = block->start[at + 1];
        double *y = net->y + (size_t)from * (size_t)net->ld;
        forward(net, from, to);
        found->sum += criterion->rows_f64(criterion->self, from, to - from, y, g ? y : NULL, net->ld);
        pairs += to - from;
        if (g)
            whole += backward(net, from, to, share, g);
        if (g && (want & RIT_WANT_NOISE))
            single += single_squares(net, from, to);
    }
    double each = (double)block->sequences / block->pairs;
    found->loss = found->sum / pairs;
    found->second_pair[0] = single / pairs;
    found->second_sequence[0] = each * each * whole / n;
}

/* Two products of T x rank and the outputs. */
static double price(const struct rit_point *point, const struct rit_layout *layout)
{
    (void)point;
    return 4.0 * (double)layout->size;
}

const struct rit_model rit_functions_model = {
    .member = {.name = "functions", .meaning = "a network that is linear in its weights"},
    .size = "model.width",
    .price = price,
    .init = init,
    .open = open_net,
    .load = load,
    .pass = pass,
};
