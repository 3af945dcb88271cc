/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/layered/haar.h"

#include <ritardando/status.h>

#include "base/random.h"

#include <math.h>
#include <string.h>

void rit_fill_permutation(struct rit_random *random, int n, double *w)
{
    memset(w, 0, sizeof *w * (size_t)n * (size_t)n);
    /* Fisher and Yates on the places of the ones: row i of the identity goes to a random free column. */
    for (int i = 0; i < n; i++)
        w[(size_t)i * n + i] = 1.0;
    for (int i = n - 1; i > 0; i--) {
        int j = (int)rit_random_below(random, (uint64_t)i + 1);
        for (int c = 0; c < n; c++) {
            double x = w[(size_t)i * n + c];
            w[(size_t)i * n + c] = w[(size_t)j * n + c];
            w[(size_t)j * n + c] = x;
        }
    }
}

static double dot(int n, const double *a, const double *b)
{
    double sum = 0.0;
    for (int i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

void rit_fill_haar(struct rit_random *random, int n, double *w)
{
    for (int i = 0; i < n; i++) {
        double *row = w + (size_t)i * n;
        double length;
        do { /* a row that falls into the span of the others is drawn again; it never happens for n > 2 */
            for (int c = 0; c < n; c++)
                row[c] = rit_random_gauss(random);
            for (int pass = 0; pass < 2; pass++) {
                for (int k = 0; k < i; k++) {
                    const double *other = w + (size_t)k * n;
                    double overlap = dot(n, other, row);
                    for (int c = 0; c < n; c++)
                        row[c] -= overlap * other[c];
                }
            }
            length = sqrt(dot(n, row, row));
        } while (!(length > 1e-8));
        for (int c = 0; c < n; c++)
            row[c] /= length;
    }
}
