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

int rit_chunk_fill(struct rit_fast *net, const int *index, int n, int next)
{
    const int *start = net->site->block->start;
    struct rit_chunk *chunk = &net->chunk;
    int row = 1;
    clear_row(net, 0);
    for (chunk->parts = 0; next < n; next++) {
        int chorale = index ? index[next] : next, pairs = start[chorale + 1] - start[chorale];
        if (row + pairs + 1 > net->capacity)
            break;
        chunk->part[chunk->parts++] =
            (struct rit_chunk_part){.chorale = chorale, .pair = start[chorale], .pairs = pairs, .row = row};
        row += pairs + 1;
        clear_row(net, row - 1);
    }
    chunk->rows = row;
    sort_by_length(chunk);
    return next;
}

/* Chorales under way through layer a: `done` of their pairs have been dealt with. */
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
        net->kernels->ahead(c.active, steps, net->n, net->m[a].ahead, mu);
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
        net->kernels->back(c.active, steps, net->n, net->m[a].back, delta, mu);
        pass_on(net, &c, steps);
    }
}

/* What feeds layer a >= 1 of one chorale: J_a mu_{a-1} + b_a. */
static void feed(const struct rit_fast *net, int a, const struct rit_chunk_part *part)
{
    size_t at = (size_t)part->row * (size_t)net->ld;
    bool bias = net->b[a].ahead;
    for (int r = 0; bias && r < part->pairs; r++)
        memcpy(net->mu[a] + at + (size_t)r * (size_t)net->ld, net->b[a].ahead,
               sizeof(float) * (size_t)net->ld);
    net->kernels->multiply(part->pairs, net->n, net->n, net->mu[a - 1] + at, net->j[a].ahead, !bias,
                           net->mu[a] + at);
}

void rit_chunk_forward(struct rit_fast *net)
{
    const struct rit_kernels *k = net->kernels;
    const struct rit_chunk *chunk = &net->chunk;
    for (int a = 0; a < net->depth; a++) {
        for (int p = 0; p < chunk->parts; p++) {
            const struct rit_chunk_part *part = &chunk->part[p];
            if (a > 0)
                feed(net, a, part);
            else
                k->add_notes(part->pairs, net->n, net->note_first + part->pair, net->note, net->first.table,
                             net->first.start, net->mu[0] + (size_t)part->row * (size_t)net->ld);
        }
        chains_ahead(net, a);
    }
    for (int p = 0; p < chunk->parts; p++) {
        const struct rit_chunk_part *part = &chunk->part[p];
        float *h = net->h + (size_t)part->row * RIT_SLOTS_LD;
        k->add_notes(part->pairs, RIT_SLOTS, net->note_first + part->pair, net->note, net->direct.table,
                     net->direct.start, h);
        k->multiply(part->pairs, net->n, RIT_SLOTS,
                    net->mu[net->depth - 1] + (size_t)part->row * (size_t)net->ld, net->k.ahead, false, h);
    }
}

void rit_chunk_back(struct rit_fast *net, int a)
{
    bool top = a == net->depth - 1;
    for (int p = 0; p < net->chunk.parts; p++) {
        const struct rit_chunk_part *part = &net->chunk.part[p];
        size_t at = (size_t)part->row * (size_t)net->ld;
        const float *above = top ? net->h + (size_t)part->row * RIT_SLOTS_LD : net->delta[(a + 1) % 2] + at;
        net->kernels->multiply(part->pairs, top ? RIT_SLOTS : net->n, net->n, above,
                               top ? net->k.back : net->j[a + 1].back, true, net->delta[a % 2] + at);
    }
    chains_back(net, a);
}
