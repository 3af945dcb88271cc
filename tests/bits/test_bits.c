/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The weights after 1 000 steps, to the last bit: one hash for every instruction set, compiler and option.
 *
 * The program needs nothing but the engine, so that test_builds_slow.sh can also build it with other
 * compilers, options and for other machines. The hash is written down here: who changes the bits on purpose
 * raises RIT_NUMERICS_VERSION and writes down the new one.
 */
#include "base/arena.h"
#include "base/random.h"
#include "kernel/kernels.h"
#include "model/layered/layered.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const uint64_t expected = 0xeebd44f20d9be721;

#if defined __clang__
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif
#ifdef __OPTIMIZE__
#define OPTIMIZED "optimized"
#else
#define OPTIMIZED "not optimized"
#endif

enum { SLOTS = 54, SEQUENCES = 6, DEPTH = 2, WIDTH = 21, STEPS = 1000, LONGEST = 24 };

/* The NLL of the block `self`, as src/cost/nll.c has it. */
static double nll_rows(const void *self, int pair, int rows, const float *h, float *delta, int stride)
{
    (void)stride;
    return rit_kernels()->nll(rows, SLOTS, ((const struct rit_block *)self)->asked.bits + pair, h, delta);
}

/* Sequences of uneven lengths with up to six notes a chord, some of them silent. */
static struct rit_block make_block(void)
{
    static int start[SEQUENCES + 1];
    static uint64_t input[SEQUENCES * LONGEST], target[SEQUENCES * LONGEST];
    struct rit_random random = rit_random_open(1, RIT_FOR_TEST, 0, 0);
    for (int c = 0; c < SEQUENCES; c++) {
        start[c + 1] = start[c] + LONGEST - 3 * c;
        uint64_t chord = 0;
        for (int t = start[c]; t < start[c + 1]; t++) {
            input[t] = chord;
            chord = 0;
            for (int note = (int)rit_random_below(&random, 7); note > 0; note--)
                chord |= 1ull << rit_random_below(&random, SLOTS);
            target[t] = chord;
        }
    }
    return (struct rit_block){.sequences = SEQUENCES,
                              .pairs = start[SEQUENCES],
                              .longest = LONGEST,
                              .start = start,
                              .in = {.port = {RIT_ROW_BITS, SLOTS}, .bits = input},
                              .asked = {.port = {RIT_ROW_BITS, SLOTS}, .bits = target},
                              .next = true,
                              .mean = 0.0625,
                              .deviation = 0.25,
                              .target_mean = -0.875};
}

static int add_block(struct rit_layout *layout, int rows, int cols)
{
    layout->block[layout->blocks] =
        (struct rit_weights){.rows = rows, .cols = cols, .offset = layout->size, .in_all = true};
    layout->size += (size_t)rows * (size_t)cols;
    return layout->blocks++;
}

static struct rit_layered make_shape(struct rit_layout *layout)
{
    struct rit_layered shape = {.depth = DEPTH, .width = WIDTH, .in = SLOTS, .out = SLOTS};
    for (int a = 0; a < DEPTH; a++) {
        shape.j[a] = add_block(layout, WIDTH, a == 0 ? SLOTS : WIDTH);
        shape.m[a] = add_block(layout, WIDTH, WIDTH);
        shape.b[a] = add_block(layout, WIDTH, 1);
    }
    shape.k = add_block(layout, SLOTS, WIDTH);
    shape.w = add_block(layout, SLOTS, SLOTS);
    shape.h = add_block(layout, SLOTS, 1);
    return shape;
}

/* Batches of all three kinds in turn. */
static struct rit_batch make_batch(const struct rit_block *block, int step, int *index, unsigned char *mark)
{
    struct rit_random random = rit_random_open(1, RIT_FOR_BATCH, (uint64_t)step, 0);
    static const struct rit_batch kinds[] = {{.kind = RIT_FULL},
                                             {.kind = RIT_SEQUENCES, .n = 2, .index = 0},
                                             {.kind = RIT_TIME_POINTS, .n = 20, .index = 0}};
    struct rit_batch batch = kinds[step % 3];
    batch.index = index;
    int of = batch.kind == RIT_SEQUENCES ? block->sequences : block->pairs;
    if (batch.kind != RIT_FULL)
        rit_random_subset(&random, of, batch.n, index, mark);
    return batch;
}

static uint64_t mix(uint64_t hash, const void *bytes, size_t size) /* FNV-1a */
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ at[i]) * 0x100000001b3ull;
    return hash;
}

/* 1 000 steps of SGD; the weights, and of every step the loss and the second moments, as one hash. */
static uint64_t train(void)
{
    struct rit_block block = make_block();
    struct rit_layout layout = {0};
    struct rit_criterion nll = {.self = &block, .rows_f32 = nll_rows};
    struct rit_layered_site site = {.layout = &layout, .block = &block};
    site.shape = make_shape(&layout);
    struct rit_arena measure = {0};
    rit_layered_fast.open(&site, &measure);
    struct rit_arena arena = rit_arena_new(measure.used);
    void *net = rit_layered_fast.open(&site, &arena);
    double *w = calloc(layout.size, sizeof *w), *g = calloc(layout.size, sizeof *g);
    int *index = calloc((size_t)block.pairs, sizeof *index);
    unsigned char *mark = calloc((size_t)block.pairs, 1);
    struct rit_random random = rit_random_open(1, RIT_FOR_WEIGHTS, 0, 0);
    for (size_t i = 0; i < layout.size; i++)
        w[i] = rit_random_uniform(&random) - 0.5;
    uint64_t hash = 0xcbf29ce484222325ull;
    for (int step = 0; step < STEPS; step++) {
        struct rit_batch batch = make_batch(&block, step, index, mark);
        struct rit_pass sweep;
        rit_layered_fast.load(net, w);
        rit_layered_fast.pass(net, &batch, RIT_WANT_NOISE, &nll, g, &sweep);
        for (size_t i = 0; i < layout.size; i++)
            w[i] -= 0.02 * g[i];
        hash = mix(hash, &sweep.loss, sizeof sweep.loss);
        hash = mix(hash, sweep.second_pair, sizeof(double) * (size_t)layout.blocks);
        if (batch.kind != RIT_TIME_POINTS) /* NaN there, whose bits are the machine's */
            hash = mix(hash, sweep.second_sequence, sizeof(double) * (size_t)layout.blocks);
    }
    rit_layered_fast.load(net, w);
    struct rit_pass last;
    rit_layered_fast.pass(net, &(struct rit_batch){.kind = RIT_FULL}, RIT_WANT_NOTHING, &nll, NULL, &last);
    hash = mix(mix(hash, &last.sum, sizeof last.sum), w, sizeof *w * layout.size);
    free(w);
    free(g);
    free(index);
    free(mark);
    free(arena.base);
    return hash;
}

/* The kernels are chosen once in a process, so every set trains in a child of its own. */
static uint64_t train_with(const char *isa)
{
    int ends[2];
    uint64_t hash = 0;
    if (pipe(ends) != 0)
        return 0;
    pid_t child = fork();
    if (child == 0) {
        setenv("RITARDANDO_ISA", isa, 1);
        hash = train();
        _exit(write(ends[1], &hash, sizeof hash) == sizeof hash ? 0 : 1);
    }
    close(ends[1]);
    if (read(ends[0], &hash, sizeof hash) != sizeof hash)
        hash = 0;
    close(ends[0]);
    waitpid(child, NULL, 0);
    return hash;
}

int main(void)
{
    static const char *const sets[] = {"avx512", "avx2", "neon", "portable"};
    int ran = 0, wrong = 0;
    for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
        if (!rit_kernels_named(sets[i])) {
            printf("%-8s  not here\n", sets[i]);
            continue;
        }
        uint64_t hash = train_with(sets[i]);
        printf("%-8s  %016llx  %s, %s\n", sets[i], (unsigned long long)hash, COMPILER, OPTIMIZED);
        ran++;
        wrong += hash != expected;
    }
    if (wrong > 0)
        printf("expected  %016llx\n", (unsigned long long)expected);
    return ran == 0 || wrong > 0;
}
