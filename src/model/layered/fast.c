/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The float32 engine: memory and weights. See fast.h for how a sweep goes. */
#include "model/layered/fast.h"

#include "base/arena.h"

#include <math.h>
#include <string.h>

/*
 * A chunk's arrays of states should stay in the L2 cache, three at a time; wide layers compute so long on a
 * row that enough chorales to keep all chains busy matter more.
 */
enum { CHUNK_BYTES = 400 << 10, CHUNK_ROWS = 1000 };

static int least(int a, int b)
{
    return a < b ? a : b;
}

static struct rit_fast_matrix take_matrix(struct rit_arena *arena, int rows, int cols)
{
    size_t wide = (size_t)rows * (size_t)rit_ld(cols);
    return (struct rit_fast_matrix){.ahead = RIT_TAKE(arena, (size_t)cols * (size_t)rit_ld(rows), float),
                                    .back = RIT_TAKE(arena, wide, float),
                                    .g = RIT_TAKE(arena, wide, float),
                                    .square = RIT_TAKE(arena, wide, float)};
}

static struct rit_fast_notes take_notes(struct rit_arena *arena, int rows)
{
    size_t ld = (size_t)rit_ld(rows);
    return (struct rit_fast_notes){.table = RIT_TAKE(arena, RIT_TABLE_ROWS * ld, float),
                                   .start = RIT_TAKE(arena, ld, float),
                                   .sum = RIT_TAKE(arena, RIT_NOTE_LISTS * ld, float),
                                   .square_notes = RIT_TAKE(arena, ld, float),
                                   .square_all = RIT_TAKE(arena, ld, float)};
}

/* The slots sounding in `chord`, filled up to a whole number of RIT_NOTES_AT_ONCE; returns how many. */
static int list_notes(uint64_t chord, uint8_t *note)
{
    int n = 0;
    for (; chord; chord &= chord - 1, n++)
        if (note)
            note[n] = (uint8_t)__builtin_ctzll(chord);
    for (; n % RIT_NOTES_AT_ONCE; n++)
        if (note)
            note[n] = RIT_SILENT;
    return n;
}

static void take_lists(struct rit_fast *net, struct rit_arena *arena)
{
    const struct rit_block *block = net->site->block;
    size_t notes = 0, sounding = 0;
    for (int t = 0; t < block->pairs; t++) {
        notes += (size_t)list_notes(block->input[t], NULL);
        sounding += (size_t)__builtin_popcountll(block->input[t]);
    }
    net->note_first = RIT_TAKE(arena, (size_t)block->pairs + 1, int);
    net->note = RIT_TAKE(arena, notes, uint8_t);
    net->list_first = RIT_TAKE(arena, (size_t)block->chorales * (RIT_NOTE_LISTS + 1), int);
    net->list_row = RIT_TAKE(arena, sounding + (size_t)block->pairs, int);
    net->square_input = RIT_TAKE(arena, (size_t)block->pairs, double);
}

static void fill_lists(struct rit_fast *net)
{
    const struct rit_block *block = net->site->block;
    double off = net->levels.off * net->levels.off, on = net->levels.on * net->levels.on;
    for (int t = 0; t < block->pairs; t++) {
        int notes = __builtin_popcountll(block->input[t]);
        net->note_first[t + 1] =
            net->note_first[t] + list_notes(block->input[t], net->note + net->note_first[t]);
        net->square_input[t] = fma(notes, on, (RIT_SLOTS - notes) * off);
    }
    int at = 0;
    for (int c = 0; c < block->chorales; c++) {
        int *first = net->list_first + c * (RIT_NOTE_LISTS + 1);
        for (int i = 0; i < RIT_NOTE_LISTS; i++) {
            first[i] = at;
            for (int t = block->start[c]; t < block->start[c + 1]; t++)
                if (i == RIT_SLOTS || (block->input[t] >> i & 1))
                    net->list_row[at++] = t - block->start[c];
        }
        first[RIT_NOTE_LISTS] = at;
    }
}

static void take_weights(struct rit_fast *net, struct rit_arena *arena)
{
    const struct rit_layered *shape = &net->site->shape;
    net->first = take_notes(arena, net->n);
    for (int a = 0; a < net->depth; a++) {
        if (a > 0)
            net->j[a] = take_matrix(arena, net->n, net->n);
        net->m[a] = take_matrix(arena, net->n, net->n);
        if (a > 0 && shape->b[a] >= 0)
            net->b[a] = take_matrix(arena, net->n, 1);
    }
    net->k = take_matrix(arena, RIT_SLOTS, net->n);
    net->direct = take_notes(arena, RIT_SLOTS);
}

static void take_states(struct rit_fast *net, struct rit_arena *arena)
{
    size_t rows = (size_t)net->capacity, units = rows * (size_t)net->ld;
    size_t wide = rows * (size_t)(net->ld > RIT_SLOTS_LD ? net->ld : RIT_SLOTS_LD);
    size_t parts = (size_t)net->site->block->chorales;
    net->chunk.part = RIT_TAKE(arena, parts, struct rit_chunk_part);
    net->chunk.by_length = RIT_TAKE(arena, parts, int);
    for (int a = 0; a < net->depth; a++) {
        net->mu[a] = RIT_TAKE(arena, units, float);
        net->square_mu[a] = RIT_TAKE(arena, rows, double);
    }
    for (int i = 0; i < 2; i++)
        net->delta[i] = RIT_TAKE(arena, units, float);
    net->h = RIT_TAKE(arena, rows * RIT_SLOTS_LD, float);
    net->square_delta = RIT_TAKE(arena, rows, double);
    net->square_one = RIT_TAKE(arena, rows, double);
    for (size_t r = 0; net->square_one && r < rows; r++)
        net->square_one[r] = 1.0;
    net->point_row = RIT_TAKE(arena, rows, int);
    net->point_first = RIT_TAKE(arena, RIT_NOTE_LISTS + 1, int);
    net->point_list = RIT_TAKE(arena, rows * (RIT_NOTE_LISTS + 1), int);
    net->picked_delta = RIT_TAKE(arena, wide, float);
    net->picked_in = RIT_TAKE(arena, wide, float);
    bool biases = net->depth > 1 && net->site->shape.b[1] >= 0;
    net->ones = biases ? RIT_TAKE(arena, rows * (size_t)rit_ld(1), float) : NULL;
    if (net->ones)
        for (size_t r = 0; r < rows; r++)
            net->ones[r * (size_t)rit_ld(1)] = 1.0f;
}

/* More chains hide more of the latency of a step, but let more of a chunk end with few of them. */
static int chains_for(int ld)
{
    return ld <= 32 ? 12 : 10;
}

static void *open_fast(const struct rit_layered_site *site, struct rit_arena *arena)
{
    const struct rit_block *block = site->block;
    struct rit_standard standard = rit_standard_of(block);
    struct rit_fast *net = RIT_TAKE(arena, 1, struct rit_fast);
    struct rit_fast local = {.site = site,
                             .kernels = rit_kernels(),
                             .levels = {standard.off, standard.on},
                             .depth = site->shape.depth,
                             .n = site->shape.width,
                             .ld = rit_ld(site->shape.width)};
    int rows = CHUNK_BYTES / (int)(sizeof(float) * (size_t)local.ld);
    if (rows < CHUNK_ROWS)
        rows = CHUNK_ROWS;
    local.capacity = least(rows, block->pairs + block->chorales + 1);
    if (local.capacity < block->longest + 2)
        local.capacity = block->longest + 2;
    local.chains = chains_for(local.ld);
    take_lists(&local, arena);
    take_weights(&local, arena);
    take_states(&local, arena);
    if (!net)
        return NULL;
    fill_lists(&local);
    *net = local;
    return net;
}

static void load(void *self, const double *w)
{
    struct rit_fast *net = self;
    const struct rit_kernels *k = net->kernels;
    const struct rit_layered *shape = &net->site->shape;
    const struct rit_weights *block = net->site->layout->block;
    int n = net->n;
    const double *bias = shape->b[0] >= 0 ? w + block[shape->b[0]].offset : NULL;
    k->pack_notes(n, w + block[shape->j[0]].offset, bias, net->levels, net->first.table, net->first.start);
    for (int a = 0; a < net->depth; a++) {
        k->pack(n, n, w + block[shape->m[a]].offset, net->m[a].ahead, net->m[a].back);
        if (a > 0)
            k->pack(n, n, w + block[shape->j[a]].offset, net->j[a].ahead, net->j[a].back);
        for (int i = 0; a > 0 && shape->b[a] >= 0 && i < n; i++)
            net->b[a].ahead[i] = (float)w[block[shape->b[a]].offset + (size_t)i];
    }
    k->pack(RIT_SLOTS, n, w + block[shape->k].offset, net->k.ahead, net->k.back);
    k->pack_notes(RIT_SLOTS, w + block[shape->w].offset, w + block[shape->h].offset, net->levels,
                  net->direct.table, net->direct.start);
}

const struct rit_layered_engine rit_layered_fast = {.open = open_fast, .load = load, .pass = rit_fast_pass};
