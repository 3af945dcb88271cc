/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rule/flow/chebyshev.h"

#include <math.h>

static const double damping = 2.0 / 13.0, reach = 0.65;

/* The ladder's rung of T_1; the two before it are T_0 and one that is not looked at. */
static void stand(struct rit_chebyshev_ladder *l)
{
    l->t[0] = l->d[0] = l->dd[0] = NAN;
    l->t[1] = l->d[2] = 1.0;
    l->t[2] = l->w0;
    l->d[1] = l->dd[1] = l->dd[2] = 0.0;
}

static void climb(struct rit_chebyshev_ladder *l)
{
    double x = l->w0;
    double t = 2.0 * x * l->t[2] - l->t[1], d = 2.0 * l->t[2] + 2.0 * x * l->d[2] - l->d[1];
    double dd = 4.0 * l->d[2] + 2.0 * x * l->dd[2] - l->dd[1];
    for (int i = 0; i < 2; i++) {
        l->t[i] = l->t[i + 1];
        l->d[i] = l->d[i + 1];
        l->dd[i] = l->dd[i + 1];
    }
    l->t[2] = t;
    l->d[2] = d;
    l->dd[2] = dd;
}

/* b_j, of the ladder's rung 2 - back. */
static double weight(const struct rit_chebyshev_ladder *l, int back)
{
    double d = l->d[2 - back], dd = l->dd[2 - back];
    return dd > 0.0 ? dd / (d * d) : 0.25 / (l->w0 * l->w0); /* b_0 = b_1 = b_2 = 4/(4 w0)^2 */
}

struct rit_chebyshev_ladder rit_chebyshev_foot(int s)
{
    struct rit_chebyshev_ladder l = {.w0 = 1.0 + damping / ((double)s * s)};
    stand(&l);
    for (int j = 2; j <= s; j++)
        climb(&l);
    l.w1 = l.d[2] / l.dd[2];
    stand(&l);
    return l;
}

struct rit_chebyshev rit_chebyshev_next(struct rit_chebyshev_ladder *l)
{
    if (++l->j > 1.0)
        climb(l);
    double b = weight(l, 0);
    if (l->j == 1.0)
        return (struct rit_chebyshev){.slope = b * l->w1};
    double before = weight(l, 1), slope = 2.0 * b * l->w1 / before;
    return (struct rit_chebyshev){.mu = 2.0 * b * l->w0 / before,
                                  .nu = -b / weight(l, 2),
                                  .slope = slope,
                                  .first = -(1.0 - before * l->t[1]) * slope,
                                  .time = l->w1 * l->dd[2] / l->d[2]};
}

double rit_chebyshev_reach(int s)
{
    return reach * ((double)s * s - 1.0);
}

int rit_chebyshev_stages(double z)
{
    return (int)fmax(4.0, ceil(sqrt(1.0 + z / reach)));
}
