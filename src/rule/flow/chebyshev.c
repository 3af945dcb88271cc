/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/flow/chebyshev.h"

#include <math.h>

static const double damping = 2.0 / 13.0, reach = 0.65;

/* T_j and its first two derivatives at one x, for j and the two before. */
struct ladder {
    double t[3], d[3], dd[3];
};

static struct ladder climb(double x, int j)
{
    struct ladder l = {.t = {NAN, 1.0, x}, .d = {NAN, 0.0, 1.0}, .dd = {NAN, 0.0, 0.0}};
    for (int i = 2; i <= j; i++) {
        double t = 2.0 * x * l.t[2] - l.t[1], d = 2.0 * l.t[2] + 2.0 * x * l.d[2] - l.d[1];
        double dd = 4.0 * l.d[2] + 2.0 * x * l.dd[2] - l.dd[1];
        l = (struct ladder){{l.t[1], l.t[2], t}, {l.d[1], l.d[2], d}, {l.dd[1], l.dd[2], dd}};
    }
    return l;
}

/* b_j, of the ladder's rung 2 - back. */
static double weight(const struct ladder *l, int back, double w0)
{
    double d = l->d[2 - back], dd = l->dd[2 - back];
    return dd > 0.0 ? dd / (d * d) : 0.25 / (w0 * w0); /* b_0 = b_1 = b_2 = 4/(4 w0)^2 */
}

struct rit_chebyshev rit_chebyshev_stage(int s, int j)
{
    double w0 = 1.0 + damping / ((double)s * s);
    struct ladder last = climb(w0, s), here = climb(w0, j);
    double w1 = last.d[2] / last.dd[2], b = weight(&here, 0, w0);
    if (j == 1)
        return (struct rit_chebyshev){.slope = b * w1};
    double before = weight(&here, 1, w0), slope = 2.0 * b * w1 / before;
    return (struct rit_chebyshev){.mu = 2.0 * b * w0 / before,
                                  .nu = -b / weight(&here, 2, w0),
                                  .slope = slope,
                                  .first = -(1.0 - before * here.t[1]) * slope};
}

double rit_chebyshev_time(int s, int j)
{
    double w0 = 1.0 + damping / ((double)s * s);
    struct ladder last = climb(w0, s), here = climb(w0, j);
    return last.d[2] / last.dd[2] * here.dd[2] / here.d[2];
}

double rit_chebyshev_reach(int s)
{
    return reach * ((double)s * s - 1.0);
}

int rit_chebyshev_stages(double z)
{
    return (int)fmax(4.0, ceil(sqrt(1.0 + z / reach)));
}
