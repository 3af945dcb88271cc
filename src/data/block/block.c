/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ritardando/source.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/pack.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void rit_corpus_append(struct rit_corpus *corpus, const uint64_t *chord, int n)
{
    int before = corpus->chorales ? corpus->start[corpus->chorales] : 0;
    RIT_CHECK(n >= 0 && n <= INT_MAX - before);
    corpus->start = realloc(corpus->start, (size_t)(corpus->chorales + 2) * sizeof *corpus->start);
    corpus->chord = realloc(corpus->chord, ((size_t)before + (size_t)n + 1) * sizeof *corpus->chord);
    RIT_CHECK(corpus->start && corpus->chord);
    memcpy(corpus->chord + before, chord, (size_t)n * sizeof *chord);
    corpus->start[corpus->chorales] = before;
    corpus->start[++corpus->chorales] = before + n;
}

void rit_corpus_release(struct rit_corpus *corpus)
{
    free(corpus->start);
    free(corpus->chord);
    *corpus = (struct rit_corpus){0};
}

static size_t lay_out(struct rit_block *block, struct rit_arena *arena, int **start, uint64_t **input,
                      uint64_t **target)
{
    block->start = *start = RIT_TAKE(arena, (size_t)block->chorales + 1, int);
    block->input = *input = RIT_TAKE(arena, (size_t)block->pairs, uint64_t);
    block->target = *target = RIT_TAKE(arena, (size_t)block->pairs, uint64_t);
    return arena->used;
}

static int64_t notes_in(const uint64_t *chord, int n)
{
    int64_t notes = 0;
    for (int t = 0; t < n; t++)
        notes += __builtin_popcountll(chord[t]);
    return notes;
}

enum rit_status rit_block_cut(const struct rit_corpus *corpus, int first, int count, struct rit_block *block,
                              struct rit_error *err)
{
    *block = (struct rit_block){.chorales = count};
    if (first < 0 || count < 1 || count > corpus->chorales - first)
        return rit_fail(err, RIT_BAD_INPUT, "chorales %d .. %d are asked for, but there are only %d", first,
                        first + count - 1, corpus->chorales);
    const int *bound = corpus->start + first;
    for (int c = 0; c < count; c++) {
        int pairs = bound[c + 1] - bound[c] - 1;
        if (pairs < 1)
            return rit_fail(err, RIT_BAD_INPUT, "chorale %d has fewer than two chords", first + c);
        block->pairs += pairs;
        block->longest = pairs > block->longest ? pairs : block->longest;
    }

    int *start = NULL;
    uint64_t *input = NULL, *target = NULL;
    struct rit_arena measure = {0};
    struct rit_arena arena = rit_arena_new(lay_out(block, &measure, &start, &input, &target));
    RIT_CHECK(arena.base);
    lay_out(block, &arena, &start, &input, &target);
    block->memory = arena.base;
    for (int c = 0, t = 0; c < count; c++) {
        size_t pairs = (size_t)(bound[c + 1] - bound[c] - 1);
        memcpy(input + t, corpus->chord + bound[c], pairs * sizeof *input);
        memcpy(target + t, corpus->chord + bound[c] + 1, pairs * sizeof *target);
        t += (int)pairs;
        start[c + 1] = t;
    }

    int chords = bound[count] - bound[0];
    block->mean = (double)notes_in(corpus->chord + bound[0], chords) / ((double)chords * RIT_SLOTS);
    block->deviation = sqrt(block->mean * (1.0 - block->mean));
    block->target_mean =
        2.0 * (double)notes_in(target, block->pairs) / ((double)block->pairs * RIT_SLOTS) - 1.0;
    if (fabs(block->target_mean) == 1.0) { /* its artanh is the first bias of the network */
        rit_block_release(block);
        return rit_fail(err, RIT_BAD_INPUT, "chorales %d .. %d teach nothing: every target is the same",
                        first, first + count - 1);
    }
    return RIT_OK;
}

enum rit_status rit_block_load(const struct rit_point *point, struct rit_block *block, struct rit_error *err)
{
    int first = (int)rit_point_int(point, "data.first");
    int count = (int)rit_point_int(point, "data.chorales");
    struct rit_corpus corpus;
    *block = (struct rit_block){0};
    RIT_TRY(rit_source_of(point)->load(point, first + count, &corpus, err));
    enum rit_status status = rit_block_cut(&corpus, first, count, block, err);
    rit_corpus_release(&corpus);
    return status;
}

void rit_block_release(struct rit_block *block)
{
    free(block->memory);
    *block = (struct rit_block){0};
}

struct rit_hash rit_block_digest(const struct rit_block *block)
{
    struct rit_buffer bytes = {0};
    rit_pack_u64(&bytes, (uint64_t)block->chorales);
    for (int c = 0; c < block->chorales; c++) {
        int begin = block->start[c], end = block->start[c + 1];
        rit_pack_u64(&bytes, (uint64_t)(end - begin + 1));
        for (int t = begin; t < end; t++)
            rit_pack_u64(&bytes, block->input[t]);
        rit_pack_u64(&bytes, block->target[end - 1]);
    }
    struct rit_hash hash = rit_hash_of(bytes.data, bytes.size);
    rit_buffer_release(&bytes);
    return hash;
}
