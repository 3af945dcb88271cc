/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What nobody can learn: the NLL of the best predictor that is told the last rows of a sequence and nothing
 * else. For each context, 1, 2 or 3 rows or all since the beginning, it knows how often each unit comes next:
 *
 *     floor = 1/(T n) sum over contexts c and units i of N_c H2(k_ci / N_c)
 *
 * with N_c pairs of context c, k_ci of them followed by unit i, and the entropy H2 of a coin in bits. A
 * learning time is infinite, not censored, where the threshold lies below the floor of what the network can
 * remember, rit_model.remembers: that floor is said of every run.
 */
#include <ritardando/observe.h>

#include "base/arena.h"
#include "base/exact.h"
#include "base/hash.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct rit_param params[] = {
    {.key = "observe.floors",
     .kind = RIT_BOOL,
     .fallback = "false",
     .unit = "1",
     .meaning =
         "say how low the NLL of predictors can be that know the last 1, 2, 3 or all rows of a sequence"},
};

enum { ROWS = 3, ORDERS = ROWS + 1 }; /* contexts of 1, 2, 3 rows, and of all */

/* A context, and the pair that has it. */
struct context {
    struct rit_hash key;
    int pair;
};

struct floors {
    const struct rit_block *block;
    int remembered;          /* rows that the network can know */
    struct context *context; /* [T] */
    struct rit_hash *key;    /* [T] those of contexts one row shorter */
    int *times;              /* [units] */
};

static void *open_floors(const struct rit_scene *scene, struct rit_arena *state, struct rit_arena *work)
{
    (void)state;
    size_t pairs = (size_t)scene->block->pairs;
    struct floors *self = RIT_TAKE(work, 1, struct floors);
    int (*remembers)(const struct rit_point *) = scene->model->remembers;
    struct floors local = {.block = scene->block,
                           .remembered = remembers ? remembers(scene->point) : INT_MAX};
    local.context = RIT_TAKE(work, pairs, struct context);
    local.key = RIT_TAKE(work, pairs, struct rit_hash);
    local.times = RIT_TAKE(work, (size_t)scene->block->asked.port.width, int);
    if (self)
        *self = local;
    return self;
}

/* The key of what came before pair t, followed by its own row. */
static struct rit_hash longer(const struct rit_block *block, int t, const struct rit_hash *before)
{
    static const struct rit_hash nothing = {{0}};
    struct rit_rows row = rit_rows_from(block->in, t);
    const void *bytes = row.bits ? (const void *)row.bits : (const void *)row.real;
    return rit_hash_of_two(before ? before : &nothing, sizeof nothing, bytes, rit_port_bytes(row.port));
}

/* Keys of contexts of one row more than those in `key`; with `all`, as long as they can be. */
static void lengthen(struct floors *self, bool all)
{
    const struct rit_block *block = self->block;
    for (int c = 0; c < block->sequences; c++)
        for (int t = block->start[c]; t < block->start[c + 1]; t++) {
            const struct rit_hash *before = all ? &self->context[t - 1].key : &self->key[t - 1];
            self->context[t] = (struct context){longer(block, t, t > block->start[c] ? before : NULL), t};
        }
    for (int t = 0; t < block->pairs; t++)
        self->key[t] = self->context[t].key;
}

static int compare(const void *left, const void *right)
{
    const struct context *a = left, *b = right;
    int order = memcmp(&a->key, &b->key, sizeof a->key);
    return order ? order : (a->pair > b->pair) - (a->pair < b->pair);
}

/* n H2(k / n) */
static double bits(int k, int n)
{
    if (k == 0 || k == n)
        return 0.0;
    double p = (double)k / n;
    return -n * (p * rit_log(p) + (1.0 - p) * rit_log(1.0 - p)) / rit_log(2.0);
}

/* The floor for the contexts at hand, which it sorts. */
static double lowest(struct floors *self)
{
    const struct rit_rows *asked = &self->block->asked;
    int pairs = self->block->pairs, units = asked->port.width;
    double sum = 0.0;
    qsort(self->context, (size_t)pairs, sizeof *self->context, compare);
    for (int from = 0, to; from < pairs; from = to) {
        memset(self->times, 0, (size_t)units * sizeof *self->times);
        for (to = from; to < pairs && rit_hash_equal(&self->context[to].key, &self->context[from].key); to++)
            for (int i = 0; i < units; i++)
                self->times[i] += rit_rows_target(asked, self->context[to].pair, i) > 0.0;
        for (int i = 0; i < units; i++)
            sum += bits(self->times[i], to - from);
    }
    return sum / pairs / units;
}

static void finish(void *handle, const struct rit_moment *now, struct rit_outcome *outcome)
{
    (void)now;
    static const char *const dim[] = {"known_rows"};
    static const double known[ORDERS] = {1.0, 2.0, 3.0, INFINITY};
    const size_t orders = ORDERS;
    struct floors *self = handle;
    double floor[ORDERS];
    bool bits_asked = self->block->asked.port.kind == RIT_ROW_BITS; /* of numbers there is none */
    memset(self->key, 0, (size_t)self->block->pairs * sizeof *self->key);
    for (int k = 0; k < ORDERS; k++) {
        lengthen(self, k == ROWS);
        floor[k] = bits_asked ? lowest(self) : NAN;
    }
    rit_outcome_put(outcome, "known_rows", "1",
                    "rows that a predictor is told; infinite: all of the sequence so far", 1, dim, &orders,
                    known);
    rit_outcome_put(outcome, "floor", "bit", "NLL of the best predictor that is told the last rows alone", 1,
                    dim, &orders, floor);
    /* Of more rows than are counted, a bound: the floor of all. */
    rit_outcome_put(outcome, "floor_network", "bit",
                    "NLL of the best predictor that is told what the network can remember", 0, NULL, NULL,
                    &floor[self->remembered <= ROWS ? self->remembered - 1 : ROWS]);
}

const struct rit_observable rit_observable_floors = {
    .member = {.name = "floors",
               .meaning = "the lowest NLL that predictors of short memory can reach on the block",
               RIT_PARAMS(params)},
    .open = open_floors,
    .finish = finish,
};
