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

/* Of complex rows of n: a* b, real and imaginary part. */
static void complex_dot(int n, const double *a_re, const double *a_im, const double *b_re, const double *b_im,
                        double overlap[2])
{
    overlap[0] = dot(n, a_re, b_re) + dot(n, a_im, b_im);
    overlap[1] = dot(n, a_re, b_im) - dot(n, a_im, b_re);
}

/* Takes the overlaps with the rows before it off row i. */
static void make_orthogonal(int n, int i, double *re, double *im)
{
    double *row_re = re + (size_t)i * n, *row_im = im + (size_t)i * n;
    for (int k = 0; k < i; k++) {
        const double *other_re = re + (size_t)k * n, *other_im = im + (size_t)k * n;
        double overlap[2];
        complex_dot(n, other_re, other_im, row_re, row_im, overlap);
        for (int c = 0; c < n; c++) {
            row_re[c] -= overlap[0] * other_re[c] - overlap[1] * other_im[c];
            row_im[c] -= overlap[0] * other_im[c] + overlap[1] * other_re[c];
        }
    }
}

void rit_fill_haar_unitary(struct rit_random *random, int n, double *w)
{
    double *im = w + (size_t)n * n;
    for (int i = 0; i < n; i++) {
        double *row_re = w + (size_t)i * n, *row_im = im + (size_t)i * n;
        double length;
        do { /* as above */
            for (int c = 0; c < n; c++) {
                row_re[c] = rit_random_gauss(random);
                row_im[c] = rit_random_gauss(random);
            }
            make_orthogonal(n, i, w, im);
            make_orthogonal(n, i, w, im);
            length = sqrt(dot(n, row_re, row_re) + dot(n, row_im, row_im));
        } while (!(length > 1e-8));
        for (int c = 0; c < n; c++) {
            row_re[c] /= length;
            row_im[c] /= length;
        }
    }
}
