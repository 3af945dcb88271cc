/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Networks at fixed weights on the five chorales from number 100 on, and what they give, in float64. */
#ifndef RITARDANDO_TESTS_CHORALES_H
#define RITARDANDO_TESTS_CHORALES_H

#include "model/netting.h"

#include <string.h>

struct setting {
    const char *key, *value;
};

/** Skips the test where RITARDANDO_DATA is not set. */
static inline void want_chorales(void)
{
    if (!getenv("RITARDANDO_DATA")) {
        print_message("RITARDANDO_DATA is not set: no chorales to check the numbers on\n");
        skip();
    }
}

/** Opens the net of these settings, which {0} ends, on the chorales. */
static inline void open_on_chorales(struct fixture *f, const struct setting *settings)
{
    struct rit_error err;
    *f = (struct fixture){0};
    rit_point_init(&f->point, rit_registry());
    rit_point_set(&f->point, "data.source", "chorales");
    rit_point_set(&f->point, "data.first", "100");
    rit_point_set(&f->point, "data.chorales", "5");
    for (; settings->key; settings++)
        rit_point_set(&f->point, settings->key, settings->value);
    assert_int_equal(rit_block_load(&f->point, &f->block, &err), RIT_OK);
    assert_true(open_net(f, &err));
}

/** The blocks called `name`; there is one. */
static inline const struct rit_weights *block_of(const struct fixture *f, const char *name)
{
    for (int b = 0; b < f->layout.blocks; b++)
        if (strcmp(f->layout.block[b].name, name) == 0)
            return &f->layout.block[b];
    fail();
    return NULL;
}

/** Loads the weights in w and takes their gradient on the whole block. */
static inline void take_gradient(struct fixture *f)
{
    f->model->load(f->net, f->w);
    pass(f, &(struct rit_batch){.kind = RIT_FULL}, RIT_WANT_NOTHING);
}

/** |g| of the block called `name`, after take_gradient. */
static inline double slope_of(const struct fixture *f, const char *name)
{
    const struct rit_weights *block = block_of(f, name);
    double sum = 0.0;
    for (int i = 0; i < block->rows * block->cols; i++)
        sum += f->g[block->offset + (size_t)i] * f->g[block->offset + (size_t)i];
    return sqrt(sum);
}

/** NLL per slot and step of the weights last loaded [bit]. */
static inline double nll_of(const struct fixture *f)
{
    double unit = f->block.asked.port.width * log(2.0);
    return rit_test_nll(f->model, f->net, &f->block) / f->block.pairs / unit;
}

#endif
