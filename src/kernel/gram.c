/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel/gram.h"

#include "base/arena.h"
#include "base/exact.h"

#include <math.h>
#include <string.h>

double rit_wide_mean(const struct rit_wide *wide, const struct rit_block *trained)
{
    if (!wide->mean_output)
        return 0.0;
    return trained->asked.bits ? rit_atanh(trained->target_mean) : trained->target_mean;
}

/* ---- what grows as T ---- */

/* Rows as a model meets them: bits as (bit - mean) / deviation. */
static void fill_inputs(const struct rit_block *block, double *x)
{
    int d = block->in.port.width;
    double off = (0.0 - block->mean) / block->deviation, on = (1.0 - block->mean) / block->deviation;
    for (int t = 0; t < block->pairs; t++)
        for (int i = 0; i < d; i++)
            x[(size_t)t * (size_t)d + (size_t)i] = rit_rows_value(&block->in, t, i, off, on);
}

static double square_norm(int d, const double *x)
{
    double sum = 0.0;
    for (int i = 0; i < d; i++)
        sum = fma(x[i], x[i], sum);
    return sum;
}

/* Sigma^a(t,t) of all levels. Returns the largest. */
static double fill_variances(const struct rit_gram *gram, struct rit_gram_side *side)
{
    const struct rit_wide *wide = &gram->wide;
    const struct rit_block *block = side->block;
    int d = block->in.port.width;
    double largest = 0.0, before[RIT_MAX_DEPTH] = {0.0};
    for (int m = 0; m < block->sequences; m++) {
        memset(before, 0, sizeof before);
        for (int t = block->start[m]; t < block->start[m + 1]; t++) {
            double below = wide->input * square_norm(d, side->x + (size_t)t * (size_t)d);
            for (int a = 0; a < wide->depth; a++) {
                double q = below + wide->recurrent * before[a] + wide->bias;
                side->level[a].q[t] = q;
                largest = fmax(largest, q);
                before[a] = rit_dual_square(&gram->hermite, wide->phi, q).value;
                below = wide->forward * before[a];
            }
        }
    }
    return largest;
}

static struct rit_gram_side open_side(const struct rit_wide *wide, const struct rit_block *block,
                                      struct rit_arena *arena)
{
    struct rit_gram_side side = {.block = block};
    side.x = RIT_TAKE(arena, (size_t)block->pairs * (size_t)block->in.port.width, double);
    for (int a = 0; a < wide->depth; a++)
        side.level[a] = rit_duals_open(wide->phi, block->pairs, arena);
    return side;
}

static void prepare(struct rit_gram *gram)
{
    int sides = gram->same ? 1 : 2;
    double largest = 0.0;
    for (int k = 0; k < sides; k++) {
        fill_inputs(gram->side[k].block, gram->side[k].x);
        largest = fmax(largest, fill_variances(gram, &gram->side[k]));
    }
    int terms = rit_dual_terms(&gram->hermite, gram->wide.phi, largest);
    gram->converged = terms > 0;
    for (int k = 0; gram->converged && k < sides; k++)
        for (int a = 0; a < gram->wide.depth; a++)
            rit_duals_fill(&gram->side[k].level[a], &gram->hermite, terms);
}

/* Rows of work: x_t.x_s, Sigma, Theta, Phi', and for every level Phi and Phi' Theta of this t and of the one
 * before. */
enum { DOT, SIGMA, THETA, SLOPE, FIRST_LEVEL };

struct rit_gram rit_gram_open(const struct rit_wide *wide, const struct rit_block *a,
                              const struct rit_block *b, struct rit_arena *arena)
{
    struct rit_gram gram = {.wide = *wide, .same = a == b};
    int longest = wide->recurrent > 0.0 ? b->longest : b->pairs;
    gram.hermite = rit_hermite_open(arena);
    gram.side[0] = open_side(wide, a, arena);
    gram.side[1] = gram.same ? gram.side[0] : open_side(wide, b, arena);
    gram.ld = rit_ld(longest + 1) + RIT_VIRTUAL_LANES;
    gram.work = RIT_TAKE(arena, (size_t)gram.ld * (size_t)(FIRST_LEVEL + 4 * wide->depth), double);
    if (gram.work) {
        prepare(&gram);
        if (gram.same)
            gram.side[1] = gram.side[0]; /* with its number of terms */
    }
    return gram;
}

/* ---- a tile ---- */

/* Where entries go: rows from `row` on, columns from `column` on, of pairs counted in the blocks. */
struct target {
    int row, rows, column, columns;
    double *nngp, *ntk;
    int stride;
};

static double *work_row(const struct rit_gram *gram, int which)
{
    return gram->work + (size_t)which * (size_t)gram->ld;
}

/* Phi of level a and Phi' Theta behind it, `now` or of the pair before; element s stands at s + 1, and a zero
 * at 0. */
static double *level_row(const struct rit_gram *gram, int a, int odd)
{
    return work_row(gram, FIRST_LEVEL + 4 * a + 2 * odd);
}

/* Level a at pair t of one side and the n pairs from `first` of the other. */
static void make_level(const struct rit_gram *gram, int a, int t, int first, int n, int odd)
{
    const struct rit_wide *wide = &gram->wide;
    double *sigma = work_row(gram, SIGMA), *theta = work_row(gram, THETA), *slope = work_row(gram, SLOPE);
    double *phi = level_row(gram, a, odd) + 1, *moved = phi + gram->ld;
    const double *phi_before = level_row(gram, a, !odd), *moved_before = phi_before + gram->ld;
    const double *below = a == 0 ? work_row(gram, DOT) : level_row(gram, a - 1, odd) + 1;
    double share = a == 0 ? wide->input : wide->forward;
    for (int s = 0; s < n; s++) {
        double sum = share * below[s] + wide->recurrent * phi_before[s];
        sigma[s] = sum + wide->bias;
        theta[s] = sum + wide->bias_speed + wide->recurrent * moved_before[s];
    }
    for (int s = 0; a > 0 && s < n; s++)
        theta[s] += share * below[gram->ld + s];
    rit_duals_row(&gram->side[0].level[a], t, &gram->side[1].level[a], first, n, sigma, phi, slope);
    for (int s = 0; s < n; s++)
        moved[s] = slope[s] * theta[s];
}

/* The entries of pair t that the target wants, of those with the pairs from `first` on. */
static void hand_over(const struct rit_gram *gram, const struct target *target, int t, int first, int odd)
{
    const struct rit_wide *wide = &gram->wide;
    bool hidden = wide->depth > 0;
    const double *dot = work_row(gram, DOT), *phi = hidden ? level_row(gram, wide->depth - 1, odd) + 1 : dot;
    double share = hidden ? wide->output : wide->input;
    int from = target->column > first ? target->column : first;
    size_t row = (size_t)(t - target->row) * (size_t)target->stride;
    for (int s = from; s < target->column + target->columns; s++) {
        size_t at = row + (size_t)(s - target->column);
        int k = s - first;
        if (target->nngp)
            target->nngp[at] = share * phi[k] + wide->output_bias;
        if (target->ntk)
            target->ntk[at] = share * (hidden ? phi[k] + phi[gram->ld + k] : phi[k]) +
                              wide->output_bias_speed + wide->direct * dot[k];
    }
}

/* The recursion over pairs t_0 .. t_1 - 1 and s_0 .. s_1 - 1, before which there is nothing. */
static void fill(struct rit_gram *gram, int t_0, int t_1, int s_0, int s_1, const struct target *target)
{
    const struct rit_kernels *k = rit_kernels();
    int d = gram->side[0].block->in.port.width, n = s_1 - s_0;
    memset(gram->work, 0,
           sizeof *gram->work * (size_t)gram->ld * (size_t)(FIRST_LEVEL + 4 * gram->wide.depth));
    for (int t = t_0; t < t_1; t++) {
        double *dot = work_row(gram, DOT);
        memset(dot, 0, sizeof *dot * (size_t)n);
        k->apply(n, d, gram->side[1].x + (size_t)s_0 * (size_t)d, gram->side[0].x + (size_t)t * (size_t)d,
                 dot);
        for (int a = 0; a < gram->wide.depth; a++) {
            make_level(gram, a, t, s_0, n, t % 2);
            level_row(gram, a, t % 2)[0] = level_row(gram, a, t % 2)[gram->ld] = 0.0;
        }
        if (t >= target->row)
            hand_over(gram, target, t, s_0, t % 2);
    }
}

/* The sequence of a pair. */
static int sequence_of(const struct rit_block *block, int pair)
{
    int low = 0, high = block->sequences - 1;
    while (low < high) {
        int middle = (low + high + 1) / 2;
        if (block->start[middle] <= pair)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

void rit_gram_tile(struct rit_gram *gram, int i, int m, int j, int n, double *nngp, double *ntk, int stride)
{
    const struct rit_block *a = gram->side[0].block, *b = gram->side[1].block;
    RIT_CHECK(gram->converged);
    if (!(gram->wide.recurrent > 0.0)) {
        fill(gram, i, i + m, j, j + n, &(struct target){i, m, j, n, nngp, ntk, stride});
        return;
    }
    for (int p = sequence_of(a, i); p < a->sequences && a->start[p] < i + m; p++)
        for (int r = sequence_of(b, j); r < b->sequences && b->start[r] < j + n; r++) {
            struct target part = {.row = a->start[p] > i ? a->start[p] : i, .stride = stride};
            part.column = b->start[r] > j ? b->start[r] : j;
            part.rows = least(a->start[p + 1], i + m) - part.row;
            part.columns = least(b->start[r + 1], j + n) - part.column;
            size_t at = (size_t)(part.row - i) * (size_t)stride + (size_t)(part.column - j);
            part.nngp = nngp ? nngp + at : NULL;
            part.ntk = ntk ? ntk + at : NULL;
            fill(gram, a->start[p], part.row + part.rows, b->start[r], part.column + part.columns, &part);
        }
}
