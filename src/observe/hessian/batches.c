/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/hessian/batches.h"

#include "base/arena.h"
#include "base/random.h"
#include "slope/sharpest.h"

#include <math.h>
#include <string.h>

enum { MOST_PRODUCTS = 200 };

static const double accuracy = 1e-3;

struct rit_batches rit_batches_open(struct rit_exact *exact, const struct rit_layout *layout,
                                    const struct rit_block *block, int draws, struct rit_arena *work)
{
    struct rit_batches batches = {.exact = exact, .layout = layout, .draws = draws, .pairs = block->pairs};
    batches.in = RIT_TAKE(work, (size_t)block->pairs, unsigned char);
    batches.chosen = RIT_TAKE(work, (size_t)block->pairs, int);
    batches.v = RIT_TAKE(work, layout->size, double);
    batches.work = RIT_TAKE(work, rit_sharpest_work(layout), double);
    return batches;
}

/* lambda_max of one draw, from a vector of random numbers. */
static double draw(struct rit_batches *b, const double *w, uint64_t seed, int size, int number, double guess)
{
    struct rit_random random = rit_random_open(seed, RIT_FOR_HESSIAN, (uint64_t)size, (uint64_t)number);
    memset(b->in, 0, (size_t)b->pairs);
    rit_random_subset(&random, b->pairs, size, b->chosen, b->in);
    for (int i = 0; i < size; i++)
        b->in[b->chosen[i]] = 1;
    for (size_t i = 0; i < b->layout->size; i++)
        b->v[i] = rit_random_gauss(&random);
    rit_exact_choose(b->exact, b->in, size);
    const struct rit_sharpest_place at = {b->layout, &b->exact->terrain, w, accuracy, MOST_PRODUCTS, b->work};
    double largest = rit_sharpest_find(&at, guess, b->v).largest;
    rit_exact_choose(b->exact, NULL, 0);
    return largest;
}

void rit_batches_largest(struct rit_batches *batches, const double *w, uint64_t seed, int size, double guess,
                         double *mean, double *error)
{
    int n = batches->draws;
    double sum = 0.0, squares = 0.0;
    if (size > batches->pairs)
        size = batches->pairs;
    for (int i = 0; i < n; i++) {
        double largest = draw(batches, w, seed, size, i, guess);
        sum += largest;
        squares += largest * largest;
    }
    *mean = sum / n;
    *error = n > 1 ? sqrt(fmax(squares - sum * sum / n, 0.0) / (n - 1.0) / n) : NAN;
}
