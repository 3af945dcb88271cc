/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/flow/path.h"

#include "rule/flow/chebyshev.h"

#include <math.h>

static const double share = 2.0 / 3.0; /* of B that is error */

/* What A and B are multiplied by in stage j, times its weight. */
struct shape {
    double time, a, b;
};

static struct shape shape_of(double c, int j)
{
    double bubble = c * (1.0 - c);
    return (struct shape){c, j * bubble, j * bubble * c};
}

void rit_path_add(double c, int j, size_t n, const double *k, double *a, double *b)
{
    struct shape shape = shape_of(c, j);
    for (size_t i = 0; i < n; i++) {
        a[i] += shape.a * k[i];
        b[i] += shape.b * k[i];
    }
}

void rit_path_close(int s, size_t n, const double *w, const double *end, double *a, double *b)
{
    double aa = 0.0, ab = 0.0, bb = 0.0, aw = 0.0, bw = 0.0, ae = 0.0, be = 0.0;
    struct rit_chebyshev_ladder ladder = rit_chebyshev_foot(s);
    (void)rit_chebyshev_next(&ladder);
    for (int j = 2; j < s; j++) {
        struct shape shape = shape_of(rit_chebyshev_next(&ladder).time, j);
        double c = shape.time, bubble = c * (1.0 - c);
        aa += shape.a * bubble;
        ab += shape.b * bubble;
        bb += shape.b * bubble * c;
        aw += shape.a * (1.0 - c);
        bw += shape.b * (1.0 - c);
        ae += shape.a * c;
        be += shape.b * c;
    }
    double determinant = aa * bb - ab * ab;
    for (size_t i = 0; i < n; i++) {
        double from_a = a[i] - aw * w[i] - ae * end[i], from_b = b[i] - bw * w[i] - be * end[i];
        a[i] = (bb * from_a - ab * from_b) / determinant;
        b[i] = (aa * from_b - ab * from_a) / determinant;
    }
}

double rit_path_error(double tolerance, size_t n, const double *w, const double *b)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        double error = share * b[i] / (tolerance * (0.1 + fabs(w[i])));
        sum += error * error;
    }
    return sqrt(sum / (double)n);
}

void rit_path_at(double x, size_t n, const double *w, const double *end, const double *a, const double *b,
                 double *at)
{
    double y = 1.0 - x;
    for (size_t i = 0; i < n; i++)
        at[i] = y * w[i] + x * end[i] + x * y * (a[i] + b[i] * x);
}
