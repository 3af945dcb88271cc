/* SPDX-License-Identifier: GPL-3.0-or-later */
/** A net on a block for the tests of models, opened as training opens one. */
#ifndef RITARDANDO_TESTS_NETTING_H
#define RITARDANDO_TESTS_NETTING_H

#include <ritardando/cost.h>
#include <ritardando/model.h>

#include "base/hash.h"
#include "base/random.h"
#include "blocks.h"
#include "kernel/kernels.h"
#include "testing.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct fixture {
    struct rit_point point; /* this and the block are filled in before the net is opened */
    struct rit_block block;
    struct rit_layout layout;
    struct rit_cost_use cost;
    struct rit_criterion criterion;
    const struct rit_model *model;
    struct rit_net *net;
    struct rit_arena arena;
    double *w, *g; /* weights of the net, and room for a gradient */
    struct rit_pass found;
};

/** Opens the net of the point on the block, its weights away from the zeros of their start. False, with the
 * reason, if the cost or the model is not for these. */
static inline bool open_net(struct fixture *f, struct rit_error *err)
{
    f->model = rit_model_of(&f->point);
    if (rit_cost_open(&f->point, &f->block, &f->cost, err) != RIT_OK ||
        (f->model->check && f->model->check(&f->point, err) != RIT_OK) ||
        f->model->layout(&f->point, f->block.in.port, f->block.asked.port, &f->layout, err) != RIT_OK)
        return false;
    f->criterion = rit_cost_criterion(&f->cost);
    f->net = rit_test_open_net(&f->point, &f->layout, &f->block, &f->arena);
    f->w = calloc(f->layout.size, sizeof *f->w);
    f->g = calloc(f->layout.size, sizeof *f->g);
    f->model->init(&f->point, &f->layout, &f->block, f->w);
    struct rit_random random = rit_random_open(1, RIT_FOR_TEST, 0, 0);
    for (size_t i = 0; i < f->layout.size; i++)
        f->w[i] += 0.1 * rit_random_gauss(&random);
    f->model->load(f->net, f->w);
    return true;
}

/** Frees the net and its block, which random rows or composed chorales made. */
static inline void close_net(struct fixture *f)
{
    free(f->w);
    free(f->g);
    free(f->arena.base);
    if (f->block.memory)
        rit_block_release(&f->block);
    else
        rit_test_free_block(&f->block);
}

/** Cost and gradient of a batch, into `found` and `g`. */
static inline void pass(struct fixture *f, const struct rit_batch *batch, enum rit_want want)
{
    f->model->pass(f->net, batch, want, &f->criterion, f->g, &f->found);
}

struct rit_test_outputs {
    int width;
    double *y; /* [T][width] */
};

static inline double rit_test_keep(const void *handle, int pair, int rows, const double *y, double *delta,
                                   int stride)
{
    const struct rit_test_outputs *to = handle;
    (void)delta;
    for (int r = 0; r < rows; r++)
        for (int i = 0; i < to->width; i++)
            to->y[(pair + r) * to->width + i] = y[r * stride + i];
    return 0.0;
}

/** Outputs of the whole block as they are in float64, of a step with `draw`; 0: not of a step. */
static inline void keep_outputs(const struct fixture *f, uint64_t draw, double *y)
{
    struct rit_test_outputs to = {f->block.asked.port.width, y};
    struct rit_criterion criterion = {&to, NULL, rit_test_keep};
    struct rit_pass found;
    f->model->pass(f->net, &(struct rit_batch){.kind = RIT_FULL, .draw = draw}, RIT_WANT_NOTHING, &criterion,
                   NULL, &found);
}

static inline struct rit_hash hash_of_gradient(const struct fixture *f)
{
    return rit_hash_of(f->g, sizeof *f->g * f->layout.size);
}

/** Asserts that every instruction set of this machine gives the same bits. The kernels are chosen once in a
 * process, so each set computes in a child of its own; call this before anything chooses them here. */
static inline void assert_same_from_every_set(struct rit_hash (*bits)(void))
{
    static const char *const sets[] = {"avx512", "avx2", "neon", "portable"};
    struct rit_hash first, hash;
    int ran = 0;
    for (int s = 0; s < 4; s++) {
        int ends[2];
        if (!rit_kernels_named(sets[s]))
            continue;
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0) {
            setenv("RITARDANDO_ISA", sets[s], 1);
            hash = bits();
            _exit(write(ends[1], &hash, sizeof hash) == sizeof hash ? 0 : 1);
        }
        close(ends[1]);
        assert_int_equal(read(ends[0], &hash, sizeof hash), sizeof hash);
        close(ends[0]);
        waitpid(child, NULL, 0);
        if (ran++ == 0)
            first = hash;
        assert_memory_equal(&hash, &first, sizeof hash);
    }
    assert_true(ran > 0);
}

#endif
