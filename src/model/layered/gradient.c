/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sums over pairs: the criterion, gradients, second moments. With whole chorales the gradient is a sum over
 * chorales, in ascending order, of one chain over the pairs of each; with time points it is one chain over
 * all points in ascending order.
 */
#include "model/layered/fast.h"

#include <math.h>
#include <string.h>

/* What the sums of one sweep need everywhere. */
struct collection {
    struct rit_fast *net;
    bool points; /* the batch is one of time points */
    bool noise;  /* second moments are wanted */
    struct rit_sweep *sweep;
};

static const struct rit_weights *block_of(const struct rit_fast *net, int index)
{
    return &net->site->layout->block[index];
}

static void clear_matrix(const struct rit_fast *net, int index, const struct rit_fast_matrix *m, bool squares)
{
    if (index < 0 || !m->g)
        return;
    const struct rit_weights *w = block_of(net, index);
    size_t bytes = sizeof(float) * (size_t)w->rows * (size_t)rit_ld(w->cols);
    memset(m->g, 0, bytes);
    if (squares)
        memset(m->square, 0, bytes);
}

static void clear_notes(const struct rit_fast_notes *notes, int ld, bool squares)
{
    memset(notes->sum, 0, sizeof(float) * RIT_NOTE_LISTS * (size_t)ld);
    if (squares) {
        memset(notes->square_notes, 0, sizeof(float) * (size_t)ld);
        memset(notes->square_all, 0, sizeof(float) * (size_t)ld);
    }
}

static void clear(const struct rit_fast *net, bool squares)
{
    const struct rit_layered *shape = &net->site->shape;
    for (int a = 0; a < net->depth; a++) {
        clear_matrix(net, shape->j[a], &net->j[a], squares);
        clear_matrix(net, shape->m[a], &net->m[a], squares);
        clear_matrix(net, shape->b[a], &net->b[a], squares);
    }
    clear_matrix(net, shape->k, &net->k, squares);
    clear_notes(&net->first, net->ld, squares);
    clear_notes(&net->direct, RIT_SLOTS_LD, squares);
}

/* The time points of the chunk, out of the batch's from `next` on: rows, and lists of rows by slot. */
static int find_points(struct rit_fast *net, const struct rit_batch *batch, int next)
{
    const struct rit_block *block = net->site->block;
    int count[RIT_NOTE_LISTS + 1] = {0};
    net->points = 0;
    int first = next;
    for (int p = 0; p < net->chunk.parts; p++) {
        const struct rit_chunk_part *part = &net->chunk.part[p];
        for (; next < batch->n && batch->index[next] < part->pair + part->pairs; next++) {
            net->point_row[net->points++] = part->row + batch->index[next] - part->pair;
            for (uint64_t in = block->input[batch->index[next]]; in; in &= in - 1)
                count[__builtin_ctzll(in)]++;
        }
    }
    count[RIT_SLOTS] = net->points;
    net->point_first[0] = 0;
    for (int i = 0; i < RIT_NOTE_LISTS; i++) {
        net->point_first[i + 1] = net->point_first[i] + count[i];
        count[i] = net->point_first[i];
    }
    for (int i = 0; i < net->points; i++) {
        for (uint64_t in = block->input[batch->index[first + i]]; in; in &= in - 1)
            net->point_list[count[__builtin_ctzll(in)]++] = net->point_row[i];
        net->point_list[count[RIT_SLOTS]++] = net->point_row[i];
    }
    return next;
}

/* The rows of x at the time points, shifted by `shift` rows, one behind the other. */
static const float *pick(const struct rit_fast *net, const float *x, int ld, int shift, float *to)
{
    for (int i = 0; i < net->points; i++)
        memcpy(to + (size_t)i * (size_t)ld, x + (ptrdiff_t)(net->point_row[i] + shift) * ld,
               sizeof(float) * (size_t)ld);
    return to;
}

/* G_index += sum over pairs t of d(t) x(t + shift)^T */
static void collect_dense(const struct collection *c, int index, const struct rit_fast_matrix *m,
                          const float *d, const float *x, int shift)
{
    const struct rit_fast *net = c->net;
    const struct rit_weights *w = block_of(net, index);
    int ldd = rit_ld(w->rows), ldx = rit_ld(w->cols);
    if (c->points) {
        if (net->points > 0)
            net->kernels->outer(net->points, w->rows, w->cols, pick(net, d, ldd, 0, net->picked_delta),
                                pick(net, x, ldx, shift, net->picked_in), true, m->g, NULL);
        return;
    }
    for (int p = 0; p < net->chunk.parts; p++) {
        const struct rit_chunk_part *part = &net->chunk.part[p];
        net->kernels->outer(part->pairs, w->rows, w->cols, d + (size_t)part->row * (size_t)ldd,
                            x + (ptrdiff_t)(part->row + shift) * ldx, false, m->g,
                            c->noise ? m->square : NULL);
    }
}

static void collect_notes(const struct collection *c, int n, const struct rit_fast_notes *notes,
                          const float *d)
{
    const struct rit_fast *net = c->net;
    struct rit_note_squares squares = {
        .notes = notes->square_notes, .all = notes->square_all, .levels = net->levels};
    if (c->points) {
        net->kernels->note_sums(n, net->point_first, net->point_list, d, true, notes->sum, NULL);
        return;
    }
    for (int p = 0; p < net->chunk.parts; p++) {
        const struct rit_chunk_part *part = &net->chunk.part[p];
        net->kernels->note_sums(n, net->list_first + part->chorale * (RIT_NOTE_LISTS + 1), net->list_row,
                                d + (size_t)part->row * (size_t)rit_ld(n), false, notes->sum,
                                c->noise ? &squares : NULL);
    }
}

/* |x(t)|^2 of what feeds a weight block. */
struct feed {
    int index; /* of the block; -1: there is none */
    const double *square;
    enum { OF_PAIR, OF_ROW, OF_ROW_BEFORE } at; /* counted through the block, or through the chunk */
};

/* Adds sum over the chunk's pairs of |d(t)|^2 |x|^2 for each block. */
static void collect_pairs(const struct collection *c, const double *d, const struct feed *feed)
{
    double sum[RIT_PAIR_SUMS];
    int n = 0;
    for (; n < RIT_PAIR_SUMS && feed[n].index >= 0; n++)
        sum[n] = c->sweep->second_pair[feed[n].index];
    for (int p = 0; p < c->net->chunk.parts; p++) {
        const struct rit_chunk_part *part = &c->net->chunk.part[p];
        const double *x[RIT_PAIR_SUMS];
        for (int i = 0; i < n; i++)
            x[i] = feed[i].square +
                   (feed[i].at == OF_PAIR ? part->pair : part->row - (feed[i].at == OF_ROW_BEFORE));
        c->net->kernels->pair_sums(part->pairs, n, d + part->row, x, sum);
    }
    for (int i = 0; i < n; i++)
        c->sweep->second_pair[feed[i].index] = sum[i];
}

static void square_states(const struct rit_fast *net)
{
    for (int a = 0; a < net->depth; a++)
        net->kernels->row_squares(net->chunk.rows, net->n, net->mu[a], net->square_mu[a]);
}

static void collect_output(const struct collection *c)
{
    const struct rit_fast *net = c->net;
    const struct rit_layered *shape = &net->site->shape;
    collect_dense(c, shape->k, &net->k, net->h, net->mu[net->depth - 1], 0);
    collect_notes(c, RIT_SLOTS, &net->direct, net->h);
    if (!c->noise)
        return;
    net->kernels->row_squares(net->chunk.rows, RIT_SLOTS, net->h, net->square_delta);
    struct feed feed[RIT_PAIR_SUMS] = {{shape->k, net->square_mu[net->depth - 1], OF_ROW},
                                       {shape->w, net->square_input, OF_PAIR},
                                       {shape->h, net->square_one, OF_ROW}};
    collect_pairs(c, net->square_delta, feed);
}

static void collect_layer(const struct collection *c, int a)
{
    const struct rit_fast *net = c->net;
    const struct rit_layered *shape = &net->site->shape;
    const float *d = net->delta[a % 2];
    collect_dense(c, shape->m[a], &net->m[a], d, net->mu[a], -1);
    if (a == 0)
        collect_notes(c, net->n, &net->first, d);
    else
        collect_dense(c, shape->j[a], &net->j[a], d, net->mu[a - 1], 0);
    if (a > 0 && shape->b[a] >= 0)
        collect_dense(c, shape->b[a], &net->b[a], d, net->ones, 0);
    if (!c->noise)
        return;
    net->kernels->row_squares(net->chunk.rows, net->n, d, net->square_delta);
    struct feed feed[RIT_PAIR_SUMS] = {
        {shape->j[a], a == 0 ? net->square_input : net->square_mu[a - 1], a == 0 ? OF_PAIR : OF_ROW},
        {shape->m[a], net->square_mu[a], OF_ROW_BEFORE},
        {shape->b[a], net->square_one, OF_ROW}};
    collect_pairs(c, net->square_delta, feed);
}

/* The criterion sees the outputs of every chorale, and turns them into deltas if a gradient is wanted. */
static void judge(const struct rit_fast *net, const struct rit_criterion *criterion, bool deltas,
                  struct rit_sweep *sweep)
{
    for (int p = 0; p < net->chunk.parts; p++) {
        const struct rit_chunk_part *part = &net->chunk.part[p];
        float *h = net->h + (size_t)part->row * RIT_SLOTS_LD;
        sweep->sum +=
            criterion->rows_f32(criterion->self, part->pair, part->pairs, h, deltas ? h : NULL, RIT_SLOTS_LD);
    }
}

static void emit_dense(const struct rit_fast *net, int index, const struct rit_fast_matrix *m, double scale,
                       double *g)
{
    const struct rit_weights *w = block_of(net, index);
    net->kernels->unpack(w->rows, w->cols, m->g, scale, g + w->offset);
}

/* The gradient of a block fed by notes, and of the bias (index < 0: none) of the same units. */
static void emit_notes(const struct rit_fast *net, int index, int bias, const struct rit_fast_notes *notes,
                       double scale, double *g)
{
    const struct rit_weights *w = block_of(net, index);
    net->kernels->unpack_notes(w->rows, notes->sum, net->levels, scale, g + w->offset);
    if (bias >= 0)
        net->kernels->unpack(1, w->rows, notes->sum + (size_t)RIT_SLOTS * (size_t)rit_ld(w->rows), scale,
                             g + block_of(net, bias)->offset);
}

static void emit(const struct rit_fast *net, double scale, double *g)
{
    const struct rit_layered *shape = &net->site->shape;
    emit_notes(net, shape->j[0], shape->b[0], &net->first, scale, g);
    for (int a = 0; a < net->depth; a++) {
        emit_dense(net, shape->m[a], &net->m[a], scale, g);
        if (a > 0)
            emit_dense(net, shape->j[a], &net->j[a], scale, g);
        if (a > 0 && shape->b[a] >= 0)
            emit_dense(net, shape->b[a], &net->b[a], scale, g);
    }
    emit_dense(net, shape->k, &net->k, scale, g);
    emit_notes(net, shape->w, shape->h, &net->direct, scale, g);
}

static double sum_squares(const struct rit_fast *net, int index, const float *square)
{
    const struct rit_weights *w = block_of(net, index);
    return net->kernels->sum((size_t)w->rows * (size_t)rit_ld(w->cols), square);
}

static void finish_moments(const struct rit_fast *net, const struct rit_batch *batch, int chorales, int pairs,
                           struct rit_sweep *sweep)
{
    const struct rit_layered *shape = &net->site->shape;
    const struct rit_block *block = net->site->block;
    double *chorale = sweep->second_chorale, scale = (double)block->chorales / block->pairs;
    for (int a = 0; a < net->depth; a++) {
        chorale[shape->m[a]] = sum_squares(net, shape->m[a], net->m[a].square);
        if (a > 0)
            chorale[shape->j[a]] = sum_squares(net, shape->j[a], net->j[a].square);
        if (a > 0 && shape->b[a] >= 0)
            chorale[shape->b[a]] = sum_squares(net, shape->b[a], net->b[a].square);
    }
    chorale[shape->j[0]] = net->kernels->sum((size_t)net->ld, net->first.square_notes);
    if (shape->b[0] >= 0)
        chorale[shape->b[0]] = net->kernels->sum((size_t)net->ld, net->first.square_all);
    chorale[shape->k] = sum_squares(net, shape->k, net->k.square);
    chorale[shape->w] = net->kernels->sum(RIT_SLOTS_LD, net->direct.square_notes);
    chorale[shape->h] = net->kernels->sum(RIT_SLOTS_LD, net->direct.square_all);
    for (int i = 0; i < net->site->layout->blocks; i++) {
        sweep->second_pair[i] /= pairs;
        chorale[i] = batch->kind == RIT_TIME_POINTS ? NAN : scale * scale * chorale[i] / chorales;
    }
}

/* From the outputs' deltas to the gradient sums of the chunk. */
static void collect_chunk(const struct collection *c)
{
    struct rit_fast *net = c->net;
    if (c->noise)
        square_states(net);
    collect_output(c);
    for (int a = net->depth - 1; a >= 0; a--) {
        rit_chunk_back(net, a);
        collect_layer(c, a);
    }
}

void rit_fast_pass(void *self, const struct rit_batch *batch, enum rit_want want,
                   const struct rit_criterion *criterion, double *g, struct rit_sweep *sweep)
{
    struct rit_fast *net = self;
    const struct rit_block *block = net->site->block;
    const int *index = batch->kind == RIT_CHORALES ? batch->index : NULL;
    int chorales = batch->kind == RIT_CHORALES ? batch->n : block->chorales;
    struct collection c = {.net = net,
                           .points = batch->kind == RIT_TIME_POINTS,
                           .noise = (want & RIT_WANT_NOISE) != 0,
                           .sweep = sweep};
    *sweep = (struct rit_sweep){0};
    if (g)
        clear(net, c.noise);
    int pairs = 0;
    for (int next = 0, next_point = 0; next < chorales;) {
        next = rit_chunk_fill(net, index, chorales, next);
        if (g && c.points)
            next_point = find_points(net, batch, next_point);
        rit_chunk_forward(net);
        judge(net, criterion, g != NULL, sweep);
        if (g)
            collect_chunk(&c);
        pairs += net->chunk.rows - net->chunk.parts - 1;
    }
    sweep->loss = sweep->sum / pairs;
    if (!g)
        return;
    /* The sums are those of -dE/dw. */
    double scale = c.points ? 1.0 / batch->n : (double)block->chorales / ((double)chorales * block->pairs);
    emit(net, -scale, g);
    if (c.noise)
        finish_moments(net, batch, chorales, pairs, sweep);
}
