/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel/reduce.h"

#include <string.h>

/* Two doubles: what every 64-bit machine has registers for. Four of them hold the eight lanes; products
 * are rounded before they are added, so no machine needs a fused multiply-add. */
typedef double pair __attribute__((vector_size(16)));

struct lanes {
    pair a, b, c, d; /* lanes 0 1, 2 3, 4 5, 6 7: by name, which keeps them in registers */
};

static inline pair load(const double *x)
{
    pair v;
    memcpy(&v, x, sizeof v);
    return v;
}

static inline void add_squares(struct lanes *sum, pair a, pair b, pair c, pair d)
{
    sum->a += a * a;
    sum->b += b * b;
    sum->c += c * c;
    sum->d += d * d;
}

double rit_sum_sq(size_t n, const double *x)
{
    struct lanes sum = {{0.0}, {0.0}, {0.0}, {0.0}};
    size_t i = 0;
    for (; i + 8 <= n; i += 8)
        add_squares(&sum, load(x + i), load(x + i + 2), load(x + i + 4), load(x + i + 6));
    double rest[8] = {0.0};
    memcpy(rest, x + i, sizeof *x * (n - i));
    add_squares(&sum, load(rest), load(rest + 2), load(rest + 4), load(rest + 6));
    pair even = (sum.a + sum.c) + (sum.b + sum.d);
    return even[0] + even[1];
}
