/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Kernels of infinite width: `bench_kernels CHORALES DEPTH FILE` makes both kernels of a recurrent network on
 * so many chorales, those of RITARDANDO_DATA or else composed ones, prints the CPU seconds, and leaves in
 * FILE what another program needs to make them too (tests/bench/kernels.py): as doubles T, the inputs of a
 * row, sequences, their starts, x [T][inputs], NNGP and Theta [T][T].
 */
#include "running.h"

#include "base/arena.h"
#include "kernel/gram.h"

#include <time.h>

static double seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static void set_up(struct rit_point *point, struct rit_block *block, char **argv)
{
    struct rit_error err = {.text = ""};
    rit_point_init(point, rit_registry());
    set_all(point,
            (const struct setting[]){{"data.source", getenv("RITARDANDO_DATA") ? "chorales" : "composer"},
                                     {"data.first", "100"},
                                     {"data.chorales", argv[1]},
                                     {"model.depth", argv[2]},
                                     {"model.parametrisation", "ntk"},
                                     {"model.recurrent-init", "haar"},
                                     {"model.readout-init", "gaussian"},
                                     {"model.orthogonal", "none"},
                                     {0}});
    if (rit_block_load(point, block, &err) != RIT_OK)
        fprintf(stderr, "bench_kernels: %s\n", err.text), exit(1);
}

static void leave(const char *path, const struct rit_gram *gram, const double *nngp, const double *ntk)
{
    const struct rit_block *block = gram->side[0].block;
    size_t t = (size_t)block->pairs, d = (size_t)block->in.port.width;
    FILE *file = fopen(path, "wb");
    RIT_CHECK(file != NULL);
    fwrite((double[]){(double)t, (double)d, block->sequences}, sizeof(double), 3, file);
    for (int m = 0; m <= block->sequences; m++)
        fwrite(&(double){block->start[m]}, sizeof(double), 1, file);
    fwrite(gram->side[0].x, sizeof(double), t * d, file);
    fwrite(nngp, sizeof(double), t * t, file);
    fwrite(ntk, sizeof(double), t * t, file);
    RIT_CHECK(fclose(file) == 0);
}

int main(int argc, char **argv)
{
    struct rit_point point;
    struct rit_block block;
    struct rit_wide wide;
    RIT_CHECK(argc == 4);
    set_up(&point, &block, argv);
    RIT_CHECK(rit_model_of(&point)->wide(&point, block.in.port, &wide, NULL) == RIT_OK);
    double began = seconds();
    struct rit_arena measure = {0}, arena;
    rit_gram_open(&wide, &block, &block, &measure);
    arena = rit_arena_new(measure.used);
    struct rit_gram gram = rit_gram_open(&wide, &block, &block, &arena);
    size_t square = (size_t)block.pairs * (size_t)block.pairs;
    double *nngp = malloc(square * sizeof *nngp), *ntk = malloc(square * sizeof *ntk);
    RIT_CHECK(nngp && ntk);
    rit_gram_tile(&gram, 0, block.pairs, 0, block.pairs, nngp, ntk, block.pairs);
    printf("%.6f %zu\n", seconds() - began, measure.used);
    leave(argv[3], &gram, nngp, ntk);
    free(nngp);
    free(ntk);
    free(arena.base);
    rit_block_release(&block);
    return 0;
}
