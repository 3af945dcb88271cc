/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The float32 engine: memory and weights. See fast.h for how a sweep goes. */
#include "model/layered/fast.h"

#include "base/arena.h"

#include <math.h>
#include <string.h>

/*
 * A chunk's arrays of states should stay in the L2 cache, three at a time; wide layers compute so long on a
 * row that enough sequences to keep all chains busy matter more.
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

static struct rit_fast_bits take_bits(struct rit_arena *arena, int rows, int in)
{
    size_t ld = (size_t)rit_ld(rows), lists = (size_t)in + 1;
    return (struct rit_fast_bits){.table = RIT_TAKE(arena, lists * ld, float),
                                  .start = RIT_TAKE(arena, ld, float),
                                  .sum = RIT_TAKE(arena, lists * ld, float),
                                  .square_bits = RIT_TAKE(arena, ld, float),
                                  .square_all = RIT_TAKE(arena, ld, float)};
}

/* The bits set in pair t's input, filled up to a whole number of RIT_BITS_AT_ONCE; returns how many. */
static int list_bits(const struct rit_rows *in, int t, uint8_t *bit)
{
    int n = 0;
    struct rit_rows row = rit_rows_from(*in, t);
    for (int i = 0; i < rit_port_words(in->port); i++)
        for (uint64_t word = row.bits[i]; word; word &= word - 1, n++)
            if (bit)
                bit[n] = (uint8_t)(i * RIT_WORD + __builtin_ctzll(word));
    for (; n % RIT_BITS_AT_ONCE; n++)
        if (bit)
            bit[n] = (uint8_t)in->port.width;
    return n;
}

static void take_lists(struct rit_fast *net, struct rit_arena *arena)
{
    const struct rit_block *block = net->site->block;
    size_t bits = 0;
    for (int t = 0; t < block->pairs; t++)
        bits += (size_t)list_bits(&block->in, t, NULL);
    net->bit_first = RIT_TAKE(arena, (size_t)block->pairs + 1, int);
    net->bit = RIT_TAKE(arena, bits, uint8_t);
    net->list_first = RIT_TAKE(arena, (size_t)block->sequences * ((size_t)net->in + 2), int);
    net->list_row =
        RIT_TAKE(arena, (size_t)rit_rows_count(&block->in, block->pairs) + (size_t)block->pairs, int);
}

static void fill_lists(struct rit_fast *net)
{
    const struct rit_block *block = net->site->block;
    RIT_CHECK(net->bit_first && net->list_first);
    double off = net->levels.off * net->levels.off, on = net->levels.on * net->levels.on;
    for (int t = 0; t < block->pairs; t++) {
        struct rit_rows row = rit_rows_from(block->in, t);
        int set = (int)rit_rows_count(&row, 1);
        net->bit_first[t + 1] = net->bit_first[t] + list_bits(&block->in, t, net->bit + net->bit_first[t]);
        net->square_input[t] = fma(set, on, (net->in - set) * off);
    }
    int at = 0;
    for (int c = 0; c < block->sequences; c++) {
        int *first = net->list_first + c * (net->in + 2);
        for (int i = 0; i <= net->in; i++) {
            first[i] = at;
            for (int t = block->start[c]; t < block->start[c + 1]; t++)
                if (i == net->in || rit_rows_value(&block->in, t, i, 0.0, 1.0) > 0.0)
                    net->list_row[at++] = t - block->start[c];
        }
        first[net->in + 1] = at;
    }
}

static void fill_reals(struct rit_fast *net)
{
    const struct rit_block *block = net->site->block;
    size_t ld = (size_t)rit_ld(net->in);
    for (int t = 0; t < block->pairs; t++)
        memcpy(net->x + (size_t)t * ld, block->in.real + (size_t)t * (size_t)net->in,
               sizeof(float) * (size_t)net->in);
    net->kernels->row_squares(block->pairs, net->in, net->x, net->square_input);
}

static void take_input(struct rit_fast *net, struct rit_arena *arena)
{
    size_t pairs = (size_t)net->site->block->pairs;
    if (net->site->block->in.port.kind == RIT_ROW_BITS)
        take_lists(net, arena);
    else
        net->x = RIT_TAKE(arena, pairs * (size_t)rit_ld(net->in), float);
    net->square_input = RIT_TAKE(arena, pairs, double);
}

static void take_weights(struct rit_fast *net, struct rit_arena *arena)
{
    const struct rit_layered *shape = &net->site->shape;
    const struct rit_layout *layout = net->site->layout;
    bool bits = net->site->block->in.port.kind == RIT_ROW_BITS, first = bits && net->depth > 0,
         direct = bits && shape->w >= 0;
    for (int b = 0; b < layout->blocks; b++)
        if (!(first && (b == shape->j[0] || b == shape->b[0])) &&
            !(direct && (b == shape->w || b == shape->h)))
            net->matrix[b] = take_matrix(arena, layout->block[b].rows, layout->block[b].cols);
    if (first)
        net->first = take_bits(arena, net->n, net->in);
    if (direct)
        net->direct = take_bits(arena, net->out, net->in);
}

static void take_states(struct rit_fast *net, struct rit_arena *arena)
{
    size_t rows = (size_t)net->capacity, units = rows * (size_t)net->ld;
    int widest = net->ld > net->ld_out ? net->ld : net->ld_out, ld_in = rit_ld(net->in);
    size_t wide = rows * (size_t)(widest > ld_in ? widest : ld_in);
    size_t parts = (size_t)net->site->block->sequences;
    net->chunk.part = RIT_TAKE(arena, parts, struct rit_chunk_part);
    net->chunk.by_length = RIT_TAKE(arena, parts, int);
    net->chunk.joined = RIT_TAKE(arena, parts, struct rit_chunk_part);
    for (int a = 0; a < net->depth; a++) {
        net->mu[a] = RIT_TAKE(arena, units, float);
        net->square_mu[a] = RIT_TAKE(arena, rows, double);
        net->slope[a] = net->recurrent ? NULL : RIT_TAKE(arena, units, float);
    }
    for (int i = 0; i < 2; i++)
        net->delta[i] = RIT_TAKE(arena, units, float);
    net->h = RIT_TAKE(arena, rows * (size_t)net->ld_out, float);
    net->square_delta = RIT_TAKE(arena, rows, double);
    net->square_one = RIT_TAKE(arena, rows, double);
    for (size_t r = 0; net->square_one && r < rows; r++)
        net->square_one[r] = 1.0;
    net->point_pair = RIT_TAKE(arena, rows, int);
    net->point_row = RIT_TAKE(arena, rows, int);
    net->point_first = RIT_TAKE(arena, (size_t)net->in + 2, int);
    net->point_list = RIT_TAKE(arena, rows * ((size_t)net->in + 2), int);
    net->picked_delta = RIT_TAKE(arena, wide, float);
    net->picked_in = RIT_TAKE(arena, wide, float);
    net->ones = RIT_TAKE(arena, rows * (size_t)rit_ld(1), float);
    for (size_t r = 0; net->ones && r < rows; r++)
        net->ones[r * (size_t)rit_ld(1)] = 1.0f;
}

/* More chains hide more of the latency of a step, but let more of a chunk end with few of them. */
static int chains_for(int ld)
{
    return ld <= 32 ? 12 : 10;
}

static int capacity_for(int ld, const struct rit_block *block)
{
    int rows = CHUNK_BYTES / (int)(sizeof(float) * (size_t)ld);
    rows = least(rows < CHUNK_ROWS ? CHUNK_ROWS : rows, block->pairs + block->sequences + 1);
    return rows < block->longest + 2 ? block->longest + 2 : rows;
}

static void *open_fast(const struct rit_layered_site *site, struct rit_arena *arena)
{
    const struct rit_layered *shape = &site->shape;
    struct rit_fast *net = RIT_TAKE(arena, 1, struct rit_fast);
    struct rit_fast local = {.site = site,
                             .kernels = rit_kernels(),
                             .levels = rit_levels_of(site->block),
                             .depth = shape->depth,
                             .recurrent = shape->depth > 0 && shape->m[0] >= 0,
                             .n = shape->width,
                             .ld = rit_ld(shape->width),
                             .in = shape->in,
                             .out = shape->out,
                             .ld_out = rit_ld(shape->out)};
    local.capacity = capacity_for(local.ld, site->block);
    local.chains = chains_for(local.ld);
    take_input(&local, arena);
    take_weights(&local, arena);
    take_states(&local, arena);
    if (!net)
        return NULL;
    if (local.x)
        fill_reals(&local);
    else
        fill_lists(&local);
    *net = local;
    return net;
}

static void load_bits(const struct rit_fast *net, int block, int bias, const double *w,
                      const struct rit_fast_bits *bits)
{
    const struct rit_weights *at = net->site->layout->block;
    if (!bits->table)
        return;
    net->kernels->pack_bits(at[block].rows, net->in, w + at[block].offset,
                            bias >= 0 ? w + at[bias].offset : NULL, net->levels, bits->table, bits->start);
}

static void load(void *self, const double *w)
{
    struct rit_fast *net = self;
    const struct rit_layered *shape = &net->site->shape;
    const struct rit_layout *layout = net->site->layout;
    for (int b = 0; b < layout->blocks; b++)
        if (net->matrix[b].ahead)
            net->kernels->pack(layout->block[b].rows, layout->block[b].cols, w + layout->block[b].offset,
                               net->matrix[b].ahead, net->matrix[b].back);
    load_bits(net, shape->j[0], shape->b[0], w, &net->first);
    load_bits(net, shape->w, shape->h, w, &net->direct);
}

const struct rit_layered_engine rit_layered_fast = {.open = open_fast, .load = load, .pass = rit_fast_pass};
