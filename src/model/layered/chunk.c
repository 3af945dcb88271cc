/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/layered/fast.h"

#include <string.h>

static void sort_by_length(struct rit_chunk *chunk)
{
    for (int i = 0; i < chunk->parts; i++) {
        int at = i;
        for (; at > 0 && chunk->part[chunk->by_length[at - 1]].pairs < chunk->part[i].pairs; at--)
            chunk->by_length[at] = chunk->by_length[at - 1];
        chunk->by_length[at] = i;
    }
}

static void clear_row(const struct rit_fast *net, int row)
{
    size_t at = (size_t)row * (size_t)net->ld, bytes = sizeof(float) * (size_t)net->ld;
    for (int a = 0; a < net->depth; a++)
        memset(net->mu[a] + at, 0, bytes);
    for (int i = 0; i < 2; i++)
        memset(net->delta[i] + at, 0, bytes);
}

/* Without rows of zeros: parts whose pairs follow each other are one span, and all states are one. */
static void join_parts(struct rit_chunk *chunk)
{
    int n = 0;
    for (int p = 0; p < chunk->parts; p++) {
        struct rit_chunk_part part = chunk->part[p], *last = n > 0 ? &chunk->joined[n - 1] : NULL;
        if (last && last->pair + last->pairs == part.pair)
            last->pairs += part.pairs;
        else
            chunk->joined[n++] = part;
    }
    chunk->whole = (struct rit_chunk_part){.sequence = -1, .pairs = chunk->rows};
    chunk->inputs = (struct rit_chunk_spans){n, chunk->joined};
    chunk->states = (struct rit_chunk_spans){1, &chunk->whole};
}

int rit_chunk_fill(struct rit_fast *net, const int *index, int n, int next)
{
    const int *start = net->site->block->start;
    struct rit_chunk *chunk = &net->chunk;
    int gap = net->recurrent ? 1 : 0, row = gap;
    if (gap)
        clear_row(net, 0);
    for (chunk->parts = chunk->pairs = 0; next < n; next++) {
        int sequence = index ? index[next] : next, pairs = start[sequence + 1] - start[sequence];
        if (row + pairs + gap > net->capacity)
            break;
        chunk->part[chunk->parts++] = (struct rit_chunk_part){
            .sequence = sequence, .pair = start[sequence], .pairs = pairs, .row = row};
        row += pairs + gap;
        chunk->pairs += pairs;
        if (gap)
            clear_row(net, row - 1);
    }
    chunk->rows = row;
    if (net->recurrent) {
        sort_by_length(chunk);
        chunk->inputs = chunk->states = (struct rit_chunk_spans){chunk->parts, chunk->part};
    } else
        join_parts(chunk);
    return next;
}

/* Sequences under way through layer a: `done` of their pairs have been dealt with. */
struct chains {
    int active, started;
    int part[RIT_MAX_CHAINS], done[RIT_MAX_CHAINS];
};

static struct chains start_chains(const struct rit_fast *net)
{
    struct chains c = {.active = net->chunk.parts < net->chains ? net->chunk.parts : net->chains};
    for (; c.started < c.active; c.started++)
        c.part[c.started] = net->chunk.by_length[c.started];
    return c;
}

/* Pairs until the next of them ends. */
static int until_next_end(const struct rit_fast *net, const struct chains *c)
{
    int least = net->chunk.rows;
    for (int i = 0; i < c->active; i++) {
        int left = net->chunk.part[c->part[i]].pairs - c->done[i];
        least = left < least ? left : least;
    }
    return least;
}

/* Those that have ended give way to the next, or to the last of the others. */
static void pass_on(const struct rit_fast *net, struct chains *c, int steps)
{
    for (int i = 0; i < c->active; i++)
        c->done[i] += steps;
    for (int i = c->active - 1; i >= 0; i--) {
        if (c->done[i] < net->chunk.part[c->part[i]].pairs)
            continue;
        if (c->started < net->chunk.parts) {
            c->part[i] = net->chunk.by_length[c->started++];
            c->done[i] = 0;
        } else {
            c->active--;
            c->part[i] = c->part[c->active];
            c->done[i] = c->done[c->active];
        }
    }
}

static void chains_ahead(const struct rit_fast *net, int a)
{
    for (struct chains c = start_chains(net); c.active > 0;) {
        float *mu[RIT_MAX_CHAINS];
        int steps = until_next_end(net, &c);
        for (int i = 0; i < c.active; i++)
            mu[i] = net->mu[a] + (size_t)(net->chunk.part[c.part[i]].row + c.done[i]) * (size_t)net->ld;
        net->kernels->ahead(c.active, steps, net->n, net->matrix[net->site->shape.m[a]].ahead, mu);
        pass_on(net, &c, steps);
    }
}

static void chains_back(const struct rit_fast *net, int a)
{
    for (struct chains c = start_chains(net); c.active > 0;) {
        float *delta[RIT_MAX_CHAINS];
        const float *mu[RIT_MAX_CHAINS];
        int steps = until_next_end(net, &c);
        for (int i = 0; i < c.active; i++) {
            const struct rit_chunk_part *part = &net->chunk.part[c.part[i]];
            size_t at = (size_t)(part->row + part->pairs - 1 - c.done[i]) * (size_t)net->ld;
            delta[i] = net->delta[a % 2] + at;
            mu[i] = net->mu[a] + at;
        }
        net->kernels->back(c.active, steps, net->n, net->matrix[net->site->shape.m[a]].back, delta, mu);
        pass_on(net, &c, steps);
    }
}

/*
 * y = [bias +] W x, or y += W x, for the rows of one span; the bias has the block's index, or -1. x are
 * inputs of the block or states of the chunk, from the span's first on.
 */
static void multiply(const struct rit_fast *net, const struct rit_chunk_part *part, int block, int bias,
                     const float *x, bool fresh, float *y)
{
    const struct rit_weights *w = &net->site->layout->block[block];
    size_t ld = (size_t)rit_ld(w->rows);
    for (int r = 0; bias >= 0 && r < part->pairs; r++)
        memcpy(y + (size_t)r * ld, net->matrix[bias].ahead, sizeof *y * ld);
    net->kernels->multiply(part->pairs, w->cols, w->rows, x, net->matrix[block].ahead, fresh && bias < 0, y);
}

/* The same for a block that the input feeds, J_1 or W, with the bias of its units. */
static void multiply_input(const struct rit_fast *net, const struct rit_chunk_part *part, int block, int bias,
                           const struct rit_fast_bits *bits, float *y)
{
    if (net->x)
        multiply(net, part, block, bias, net->x + (size_t)part->pair * (size_t)rit_ld(net->in), true, y);
    else
        net->kernels->add_bits(part->pairs, net->site->layout->block[block].rows, net->bit_first + part->pair,
                               net->bit, bits->table, bits->start, y);
}

static void forward_layer(struct rit_fast *net, int a)
{
    const struct rit_layered *shape = &net->site->shape;
    const struct rit_chunk_spans spans = a == 0 ? net->chunk.inputs : net->chunk.states;
    for (int p = 0; p < spans.n; p++) {
        const struct rit_chunk_part *part = &spans.span[p];
        size_t at = (size_t)part->row * (size_t)net->ld;
        if (a == 0)
            multiply_input(net, part, shape->j[0], shape->b[0], &net->first, net->mu[0] + at);
        else
            multiply(net, part, shape->j[a], shape->b[a], net->mu[a - 1] + at, true, net->mu[a] + at);
    }
    if (net->recurrent)
        chains_ahead(net, a);
    else
        net->kernels->activate(shape->phi, net->chunk.rows, net->n, net->mu[a], net->slope[a]);
}

void rit_chunk_forward(struct rit_fast *net)
{
    const struct rit_layered *shape = &net->site->shape;
    const struct rit_chunk_spans inputs = net->chunk.inputs, states = net->chunk.states;
    for (int a = 0; a < net->depth; a++)
        forward_layer(net, a);
    bool direct = shape->w >= 0;
    for (int p = 0; direct && p < inputs.n; p++)
        multiply_input(net, &inputs.span[p], shape->w, shape->h, &net->direct,
                       net->h + (size_t)inputs.span[p].row * (size_t)net->ld_out);
    for (int p = 0; shape->k >= 0 && p < states.n; p++) {
        size_t row = (size_t)states.span[p].row;
        multiply(net, &states.span[p], shape->k, direct ? -1 : shape->h,
                 net->mu[net->depth - 1] + row * (size_t)net->ld, !direct,
                 net->h + row * (size_t)net->ld_out);
    }
}

void rit_chunk_back(struct rit_fast *net, int a)
{
    bool top = a == net->depth - 1;
    int above = top ? net->site->shape.k : net->site->shape.j[a + 1];
    for (int p = 0; p < net->chunk.states.n; p++) {
        const struct rit_chunk_part *part = &net->chunk.states.span[p];
        size_t at = (size_t)part->row * (size_t)net->ld;
        const float *delta =
            top ? net->h + (size_t)part->row * (size_t)net->ld_out : net->delta[(a + 1) % 2] + at;
        net->kernels->multiply(part->pairs, top ? net->out : net->n, net->n, delta, net->matrix[above].back,
                               true, net->delta[a % 2] + at);
    }
    if (net->recurrent)
        chains_back(net, a);
    else
        net->kernels->weigh((size_t)net->chunk.rows * (size_t)net->ld, net->slope[a], net->delta[a % 2]);
}
