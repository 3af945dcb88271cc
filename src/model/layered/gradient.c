/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sums over pairs: the criterion, gradients, second moments. With whole sequences the gradient is a sum over
 * sequences, in ascending order, of one chain over the pairs of each; with time points it is one chain over
 * all points in ascending order; so it is where every sequence is one pair that knows of no other.
 */
#include "model/layered/fast.h"

#include <math.h>
#include <string.h>

/* What the sums of one sweep need everywhere. */
struct collection {
    struct rit_fast *net;
    bool points; /* the batch is one of time points */
    bool single; /* sequences are single pairs without recurrence: all of the chunk's are collected as points
                  */
    bool noise;  /* second moments are wanted */
    struct rit_pass *sweep;
};

static const struct rit_weights *block_of(const struct rit_fast *net, int index)
{
    return &net->site->layout->block[index];
}

static void clear_bits(const struct rit_fast *net, const struct rit_fast_bits *bits, int ld, bool squares)
{
    if (!bits->sum)
        return;
    memset(bits->sum, 0, sizeof(float) * (size_t)(net->in + 1) * (size_t)ld);
    if (squares) {
        memset(bits->square_bits, 0, sizeof(float) * (size_t)ld);
        memset(bits->square_all, 0, sizeof(float) * (size_t)ld);
    }
}

static void clear(const struct rit_fast *net, bool squares)
{
    for (int b = 0; b < net->site->layout->blocks; b++) {
        const struct rit_fast_matrix *m = &net->matrix[b];
        size_t bytes =
            sizeof(float) * (size_t)block_of(net, b)->rows * (size_t)rit_ld(block_of(net, b)->cols);
        if (m->g)
            memset(m->g, 0, bytes);
        if (m->g && squares)
            memset(m->square, 0, bytes);
    }
    clear_bits(net, &net->first, net->ld, squares);
    clear_bits(net, &net->direct, net->ld_out, squares);
}

/* Adds one to the count of every bit set in pair t's input; with `list`, writes `row` there instead. */
static void count_bits(const struct rit_fast *net, int t, int *count, int *list, int row)
{
    struct rit_rows in = rit_rows_from(net->site->block->in, t);
    for (int i = 0; i < rit_port_words(in.port); i++) {
        for (uint64_t word = in.bits[i]; word; word &= word - 1) {
            int *at = &count[i * RIT_WORD + __builtin_ctzll(word)];
            if (list)
                list[*at] = row;
            ++*at;
        }
    }
}

/* Lists of the points' rows by bit, and at last of all. */
static void list_points(struct rit_fast *net)
{
    int count[RIT_WIDEST_BITS + 1] = {0};
    for (int i = 0; i < net->points; i++)
        count_bits(net, net->point_pair[i], count, NULL, 0);
    count[net->in] = net->points;
    net->point_first[0] = 0;
    for (int i = 0; i <= net->in; i++) {
        net->point_first[i + 1] = net->point_first[i] + count[i];
        count[i] = net->point_first[i];
    }
    for (int i = 0; i < net->points; i++) {
        count_bits(net, net->point_pair[i], count, net->point_list, net->point_row[i]);
        net->point_list[count[net->in]++] = net->point_row[i];
    }
}

/* The time points of the chunk, out of the batch's from `next` on. */
static int find_points(struct rit_fast *net, const struct rit_batch *batch, int next)
{
    net->points = 0;
    for (int p = 0; p < net->chunk.parts; p++) {
        const struct rit_chunk_part *part = &net->chunk.part[p];
        for (; next < batch->n && batch->index[next] < part->pair + part->pairs; next++) {
            net->point_pair[net->points] = batch->index[next];
            net->point_row[net->points++] = part->row + batch->index[next] - part->pair;
        }
    }
    if (!net->x)
        list_points(net);
    return next;
}

/* All pairs of the chunk as points. */
static void take_all(struct rit_fast *net)
{
    net->points = net->chunk.parts;
    for (int p = 0; p < net->chunk.parts; p++) {
        net->point_pair[p] = net->chunk.part[p].pair;
        net->point_row[p] = net->chunk.part[p].row;
    }
    if (!net->x)
        list_points(net);
}

/* What feeds a weight block, x(t), and |x(t)|^2. */
struct feed {
    int index; /* of the block */
    const float *x;
    const double *square;
    enum { OF_PAIR, OF_ROW, OF_ROW_BEFORE } at; /* counted through the block, or through the chunk */
};

struct feeds {
    int n;
    struct feed feed[RIT_PAIR_SUMS];
};

/* Adds one of a block that there is. */
static void add_feed(struct feeds *feeds, struct feed feed)
{
    if (feed.index >= 0)
        feeds->feed[feeds->n++] = feed;
}

/* Where the row of a feed lies that belongs to this pair and row of the chunk. */
static int place_of(const struct feed *feed, int pair, int row)
{
    return feed->at == OF_PAIR ? pair : row - (feed->at == OF_ROW_BEFORE);
}

/* One row behind the other: the deltas d at the time points, and the feed's rows. */
static void pick(const struct rit_fast *net, const float *d, int ldd, const struct feed *feed, int ldx)
{
    for (int i = 0; i < net->points; i++) {
        int row = net->point_row[i], from = place_of(feed, net->point_pair[i], row);
        memcpy(net->picked_delta + (size_t)i * (size_t)ldd, d + (size_t)row * (size_t)ldd,
               sizeof *d * (size_t)ldd);
        memcpy(net->picked_in + (size_t)i * (size_t)ldx, feed->x + (size_t)from * (size_t)ldx,
               sizeof *feed->x * (size_t)ldx);
    }
}

/* G += sum over pairs t of d(t) x(t)^T for the feed's block. */
static void collect_dense(const struct collection *c, const float *d, const struct feed *feed)
{
    const struct rit_fast *net = c->net;
    const struct rit_fast_matrix *m = &net->matrix[feed->index];
    const struct rit_weights *w = block_of(net, feed->index);
    int ldd = rit_ld(w->rows), ldx = rit_ld(w->cols);
    if (c->points || c->single) {
        if (net->points == 0)
            return;
        pick(net, d, ldd, feed, ldx);
        net->kernels->outer(net->points, w->rows, w->cols, net->picked_delta, net->picked_in, true, m->g,
                            NULL);
        return;
    }
    for (int p = 0; p < net->chunk.parts; p++) {
        const struct rit_chunk_part *part = &net->chunk.part[p];
        int from = place_of(feed, part->pair, part->row);
        net->kernels->outer(part->pairs, w->rows, w->cols, d + (size_t)part->row * (size_t)ldd,
                            feed->x + (size_t)from * (size_t)ldx, false, m->g, c->noise ? m->square : NULL);
    }
}

static void collect_bits(const struct collection *c, int n, const struct rit_fast_bits *bits, const float *d)
{
    const struct rit_fast *net = c->net;
    struct rit_bit_squares squares = {
        .bits = bits->square_bits, .all = bits->square_all, .levels = net->levels};
    int lists = net->in + 1;
    if (c->points || c->single) {
        net->kernels->bit_sums(n, lists, net->point_first, net->point_list, d, true, bits->sum, NULL);
        return;
    }
    for (int p = 0; p < net->chunk.parts; p++) {
        const struct rit_chunk_part *part = &net->chunk.part[p];
        net->kernels->bit_sums(n, lists, net->list_first + part->sequence * (lists + 1), net->list_row,
                               d + (size_t)part->row * (size_t)rit_ld(n), false, bits->sum,
                               c->noise ? &squares : NULL);
    }
}

/* Adds sum over the chunk's pairs of |d(t)|^2 |x|^2 for each block. */
static void collect_pairs(const struct collection *c, const double *d, const struct feeds *feeds)
{
    double sum[RIT_PAIR_SUMS];
    for (int i = 0; i < feeds->n; i++)
        sum[i] = c->sweep->second_pair[feeds->feed[i].index];
    for (int p = 0; p < c->net->chunk.parts; p++) {
        const struct rit_chunk_part *part = &c->net->chunk.part[p];
        const double *x[RIT_PAIR_SUMS];
        for (int i = 0; i < feeds->n; i++)
            x[i] = feeds->feed[i].square + place_of(&feeds->feed[i], part->pair, part->row);
        c->net->kernels->pair_sums(part->pairs, feeds->n, d + part->row, x, sum);
    }
    for (int i = 0; i < feeds->n; i++)
        c->sweep->second_pair[feeds->feed[i].index] = sum[i];
}

static void square_states(const struct rit_fast *net)
{
    for (int a = 0; a < net->depth; a++)
        net->kernels->row_squares(net->chunk.rows, net->n, net->mu[a], net->square_mu[a]);
}

/*
 * All that the deltas d of n units tell: the gradients of what feeds them, which may be one block with
 * `bits` and a bias beside it, and others.
 */
static void collect(const struct collection *c, int n, const float *d, const struct feeds *feeds,
                    const struct rit_fast_bits *bits)
{
    const struct rit_fast *net = c->net;
    for (int i = 0; i < feeds->n; i++)
        if (net->matrix[feeds->feed[i].index].g)
            collect_dense(c, d, &feeds->feed[i]);
    if (bits->sum)
        collect_bits(c, n, bits, d);
    if (!c->noise)
        return;
    net->kernels->row_squares(net->chunk.rows, n, d, net->square_delta);
    collect_pairs(c, net->square_delta, feeds);
}

static void collect_output(const struct collection *c)
{
    const struct rit_fast *net = c->net;
    const struct rit_layered *shape = &net->site->shape;
    struct feeds feeds = {0};
    if (net->depth > 0)
        add_feed(&feeds,
                 (struct feed){shape->k, net->mu[net->depth - 1], net->square_mu[net->depth - 1], OF_ROW});
    add_feed(&feeds, (struct feed){shape->w, net->x, net->square_input, OF_PAIR});
    add_feed(&feeds, (struct feed){shape->h, net->ones, net->square_one, OF_ROW});
    collect(c, net->out, net->h, &feeds, &net->direct);
}

static void collect_layer(const struct collection *c, int a)
{
    static const struct rit_fast_bits none = {NULL, NULL, NULL, NULL, NULL};
    const struct rit_fast *net = c->net;
    const struct rit_layered *shape = &net->site->shape;
    struct feeds feeds = {0};
    struct feed below = {shape->j[a], net->x, net->square_input, OF_PAIR};
    if (a > 0)
        below = (struct feed){shape->j[a], net->mu[a - 1], net->square_mu[a - 1], OF_ROW};
    add_feed(&feeds, below);
    add_feed(&feeds, (struct feed){shape->m[a], net->mu[a], net->square_mu[a], OF_ROW_BEFORE});
    add_feed(&feeds, (struct feed){shape->b[a], net->ones, net->square_one, OF_ROW});
    collect(c, net->n, net->delta[a % 2], &feeds, a == 0 ? &net->first : &none);
}

/* The criterion sees the outputs of every sequence, and turns them into deltas if a gradient is wanted. */
static void judge(const struct rit_fast *net, const struct rit_criterion *criterion, bool deltas,
                  struct rit_pass *sweep)
{
    for (int p = 0; p < net->chunk.parts; p++) {
        const struct rit_chunk_part *part = &net->chunk.part[p];
        float *h = net->h + (size_t)part->row * (size_t)net->ld_out;
        sweep->sum +=
            criterion->rows_f32(criterion->self, part->pair, part->pairs, h, deltas ? h : NULL, net->ld_out);
    }
}

/* The gradient of a block fed by bits, and of the bias (index < 0: none) of the same units. */
static void emit_bits(const struct rit_fast *net, int index, int bias, const struct rit_fast_bits *bits,
                      double scale, double *g)
{
    if (!bits->sum)
        return;
    const struct rit_weights *w = block_of(net, index);
    net->kernels->unpack_bits(w->rows, net->in, bits->sum, net->levels, scale, g + w->offset);
    if (bias >= 0)
        net->kernels->unpack(1, w->rows, bits->sum + (size_t)net->in * (size_t)rit_ld(w->rows), scale,
                             g + block_of(net, bias)->offset);
}

static void emit(const struct rit_fast *net, double scale, double *g)
{
    const struct rit_layered *shape = &net->site->shape;
    for (int b = 0; b < net->site->layout->blocks; b++) {
        const struct rit_weights *w = block_of(net, b);
        if (net->matrix[b].g)
            net->kernels->unpack(w->rows, w->cols, net->matrix[b].g, scale, g + w->offset);
    }
    emit_bits(net, shape->j[0], shape->b[0], &net->first, scale, g);
    emit_bits(net, shape->w, shape->h, &net->direct, scale, g);
}

static void square_bits(const struct rit_fast *net, int index, int bias, const struct rit_fast_bits *bits,
                        double *square)
{
    if (!bits->sum)
        return;
    size_t ld = (size_t)rit_ld(block_of(net, index)->rows);
    square[index] = net->kernels->sum(ld, bits->square_bits);
    if (bias >= 0)
        square[bias] = net->kernels->sum(ld, bits->square_all);
}

static void finish_moments(const struct collection *c, int sequences, int pairs)
{
    const struct rit_fast *net = c->net;
    struct rit_pass *sweep = c->sweep;
    const struct rit_layered *shape = &net->site->shape;
    const struct rit_block *block = net->site->block;
    double *square = sweep->second_sequence, scale = (double)block->sequences / block->pairs;
    for (int b = 0; b < net->site->layout->blocks; b++) {
        size_t wide = (size_t)block_of(net, b)->rows * (size_t)rit_ld(block_of(net, b)->cols);
        if (net->matrix[b].g)
            square[b] = net->kernels->sum(wide, net->matrix[b].square);
    }
    square_bits(net, shape->j[0], shape->b[0], &net->first, square);
    square_bits(net, shape->w, shape->h, &net->direct, square);
    for (int b = 0; b < net->site->layout->blocks; b++) {
        sweep->second_pair[b] /= pairs;
        square[b] = c->points   ? NAN
                    : c->single ? sweep->second_pair[b]
                                : scale * scale * square[b] / sequences;
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
                   const struct rit_criterion *criterion, double *g, struct rit_pass *sweep)
{
    struct rit_fast *net = self;
    const struct rit_block *block = net->site->block;
    const int *index = batch->kind == RIT_SEQUENCES ? batch->index : NULL;
    int sequences = batch->kind == RIT_SEQUENCES ? batch->n : block->sequences;
    struct collection c = {.net = net,
                           .points = batch->kind == RIT_TIME_POINTS,
                           .single = !net->recurrent && block->longest == 1,
                           .noise = (want & RIT_WANT_NOISE) != 0,
                           .sweep = sweep};
    *sweep = (struct rit_pass){0};
    if (g)
        clear(net, c.noise);
    int pairs = 0;
    for (int next = 0, next_point = 0; next < sequences;) {
        next = rit_chunk_fill(net, index, sequences, next);
        if (g && c.points)
            next_point = find_points(net, batch, next_point);
        else if (g && c.single)
            take_all(net);
        rit_chunk_forward(net);
        judge(net, criterion, g != NULL, sweep);
        if (g)
            collect_chunk(&c);
        pairs += net->chunk.pairs;
    }
    sweep->loss = sweep->sum / pairs;
    if (!g)
        return;
    /* The sums are those of -dE/dw. */
    double scale = c.points ? 1.0 / batch->n : (double)block->sequences / ((double)sequences * block->pairs);
    emit(net, -scale, g);
    if (c.noise)
        finish_moments(&c, sequences, pairs);
}
