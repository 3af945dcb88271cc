/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "task/block/block.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/pack.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Memory for rows of this port, and what they are seen as. */
static void *take_rows(struct rit_arena *arena, struct rit_port port, int n, struct rit_rows *rows)
{
    *rows = (struct rit_rows){.port = port};
    if (port.kind == RIT_ROW_BITS) {
        uint64_t *bits = RIT_TAKE(arena, (size_t)n * (size_t)rit_port_words(port), uint64_t);
        rows->bits = bits;
        return bits;
    }
    float *real = port.kind == RIT_ROW_REALS ? RIT_TAKE(arena, (size_t)n * (size_t)port.width, float) : NULL;
    rows->real = real;
    return real;
}

static int *lay_out(struct rit_block *block, struct rit_arena *arena, struct rit_block_space *space)
{
    int *start = RIT_TAKE(arena, (size_t)block->sequences + 1, int);
    block->start = start;
    space->in = take_rows(arena, block->in.port, block->pairs, &block->in);
    space->asked = take_rows(arena, block->asked.port, block->pairs, &block->asked);
    return start;
}

enum rit_status rit_block_take(const struct rit_corpus *corpus, const char *noun, int first, int count,
                               int fewer, struct rit_port asked, struct rit_block *block,
                               struct rit_block_space *space, struct rit_error *err)
{
    *block = (struct rit_block){.sequences = count, .told = corpus->told};
    block->in.port = corpus->port;
    block->asked.port = asked;
    if (first < 0 || count < 1 || count > corpus->sequences - first)
        return rit_fail(err, RIT_BAD_INPUT, "%ss %d .. %d are asked for, but there are only %d", noun, first,
                        first + count - 1, corpus->sequences);
    const int *bound = corpus->start + first;
    for (int c = 0; c < count; c++) {
        int pairs = bound[c + 1] - bound[c] - fewer;
        if (pairs < 1)
            return rit_fail(err, RIT_BAD_INPUT,
                            "%s %d has %d of the %d steps that the task of task.name needs", noun, first + c,
                            bound[c + 1] - bound[c], fewer + 1);
        block->pairs += pairs;
        block->longest = pairs > block->longest ? pairs : block->longest;
    }
    struct rit_arena measure = {0};
    lay_out(block, &measure, space);
    struct rit_arena arena = rit_arena_new(measure.used);
    RIT_CHECK(arena.base);
    int *start = lay_out(block, &arena, space);
    block->memory = arena.base;
    for (int c = 0; c < count; c++)
        start[c + 1] = start[c] + bound[c + 1] - bound[c] - fewer;
    return RIT_OK;
}

const void *rit_corpus_rows(const struct rit_corpus *corpus)
{
    return corpus->bits ? (const void *)corpus->bits : corpus->real;
}

const void *rit_corpus_labels(const struct rit_corpus *corpus)
{
    return corpus->label_bits ? (const void *)corpus->label_bits : corpus->label_real;
}

void rit_rows_copy(struct rit_port port, const void *rows, int from, int n, void *array, int to)
{
    size_t bytes = rit_port_bytes(port);
    memcpy((char *)array + (size_t)to * bytes, (const char *)rows + (size_t)from * bytes, (size_t)n * bytes);
}

/* Mean and deviation of channel i over all rows of the block's sequences; as the source says, if it does. */
static void moments_of(const struct rit_corpus *corpus, int from, int to, int i, double *mean,
                       double *deviation)
{
    double sum = 0.0, squares = 0.0, n = (double)(to - from);
    *mean = corpus->mean;
    *deviation = corpus->deviation;
    if (corpus->deviation > 0.0)
        return;
    for (int r = from; r < to; r++)
        sum += (double)corpus->real[(size_t)r * (size_t)corpus->port.width + (size_t)i];
    for (int r = from; r < to; r++) {
        double x = (double)corpus->real[(size_t)r * (size_t)corpus->port.width + (size_t)i] - sum / n;
        squares += x * x;
    }
    *mean = sum / n;
    *deviation = squares > 0.0 ? sqrt(squares / n) : 1.0; /* a channel that never moves is all zeros */
}

static void standardise(float *x, size_t step, int rows, double mean, double deviation)
{
    for (int r = 0; r < rows; r++, x += step)
        *x = (float)(((double)*x - mean) / deviation);
}

static void standardise_reals(const struct rit_corpus *corpus, int from, int to,
                              const struct rit_block_space *space, bool rows, struct rit_block *block)
{
    int width = corpus->port.width;
    for (int i = 0; i < width; i++) {
        double mean, deviation;
        moments_of(corpus, from, to, i, &mean, &deviation);
        standardise((float *)space->in + i, (size_t)width, block->pairs, mean, deviation);
        if (rows)
            standardise((float *)space->asked + i, (size_t)width, block->pairs, mean, deviation);
    }
    block->mean = 0.0;
    block->deviation = 1.0;
}

static void measure_bits(const struct rit_corpus *corpus, int from, int to, struct rit_block *block)
{
    struct rit_rows all = {.port = corpus->port, .bits = corpus->bits}, rows = rit_rows_from(all, from);
    double units = (double)(to - from) * corpus->port.width;
    block->mean = corpus->deviation > 0.0 ? corpus->mean : (double)rit_rows_count(&rows, to - from) / units;
    block->deviation = corpus->deviation > 0.0 ? corpus->deviation : sqrt(block->mean * (1.0 - block->mean));
}

static double target_mean_of(const struct rit_block *block)
{
    double units = (double)block->pairs * block->asked.port.width, sum = 0.0;
    if (block->asked.bits)
        return 2.0 * (double)rit_rows_count(&block->asked, block->pairs) / units - 1.0;
    for (size_t i = 0; i < (size_t)block->pairs * (size_t)block->asked.port.width; i++)
        sum += (double)block->asked.real[i];
    return sum / units;
}

void rit_block_standardise(const struct rit_corpus *corpus, int first, const struct rit_block_space *space,
                           bool rows, struct rit_block *block)
{
    int count = corpus->measured ? corpus->measured : block->sequences;
    first = corpus->measured ? corpus->measured_first : first;
    int from = corpus->start[first], to = corpus->start[first + count];
    if (block->in.real)
        standardise_reals(corpus, from, to, space, rows, block);
    else
        measure_bits(corpus, from, to, block);
}

/* Bits that are all on or all off, or numbers that never leave their mean. */
static bool teaches_nothing(const struct rit_block *block)
{
    if (block->asked.bits)
        return fabs(block->target_mean) >= 1.0; /* its artanh is the first bias of a network */
    for (size_t i = 0; i < (size_t)block->pairs * (size_t)block->asked.port.width; i++)
        if (block->asked.real[i] != 0.0f)
            return false;
    return true;
}

enum rit_status rit_block_finish(const char *noun, int first, struct rit_block *block, struct rit_error *err)
{
    int last = first + block->sequences - 1;
    block->target_mean = target_mean_of(block);
    if (!teaches_nothing(block))
        return RIT_OK;
    rit_block_release(block);
    return rit_fail(err, RIT_BAD_INPUT, "%ss %d .. %d teach nothing: every target is the same", noun, first,
                    last);
}

void rit_block_release(struct rit_block *block)
{
    if (block->held_out)
        rit_block_release(block->held_out);
    free(block->held_out);
    free(block->trained);
    free(block->memory);
    *block = (struct rit_block){0};
}

static void pack_rows(struct rit_buffer *bytes, const struct rit_rows *rows, int from, int n)
{
    struct rit_rows part = rit_rows_from(*rows, from);
    for (size_t i = 0; part.bits && i < (size_t)n * (size_t)rit_port_words(part.port); i++)
        rit_pack_u64(bytes, part.bits[i]);
    for (size_t i = 0; part.real && i < (size_t)n * (size_t)part.port.width; i++)
        rit_pack_f64(bytes, (double)part.real[i]);
}

static void pack_port(struct rit_buffer *bytes, struct rit_port port)
{
    rit_pack_u64(bytes, (uint64_t)port.kind);
    rit_pack_u64(bytes, (uint64_t)port.width);
}

static void pack_block(struct rit_buffer *bytes, const struct rit_block *block)
{
    rit_pack_u64(bytes, (uint64_t)block->sequences);
    for (int c = 0; c < block->sequences; c++) {
        int begin = block->start[c], pairs = block->start[c + 1] - begin;
        rit_pack_u64(bytes, (uint64_t)pairs + block->next); /* rows */
        pack_rows(bytes, &block->in, begin, pairs);
        if (block->next)
            pack_rows(bytes, &block->asked, begin + pairs - 1, 1);
        else
            pack_rows(bytes, &block->asked, begin, pairs);
    }
    if (block->told || !block->next) {
        pack_port(bytes, block->in.port);
        pack_port(bytes, block->asked.port);
    }
}

struct rit_hash rit_block_digest(const struct rit_block *block)
{
    struct rit_buffer bytes = {0};
    pack_block(&bytes, block);
    if (block->held_out)
        pack_block(&bytes, block->held_out);
    struct rit_hash hash = rit_hash_of(bytes.data, bytes.size);
    rit_buffer_release(&bytes);
    return hash;
}
