/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "slope/levels.h"

#include <math.h>
#include <stdbool.h>

const double rit_ratio_goe = 0.5307, rit_ratio_poisson = 0.38629436111989;

double rit_levels_floor(int n, double mean_square_difference)
{
    static const double safety = 2.0; /* errors are neither all independent nor all alike */
    return safety * 2.0 * sqrt(0.5 * mean_square_difference) * sqrt(n);
}

/* Beyond which eigenvalues are outliers. */
struct bulk {
    double low, high;
};

static struct bulk bulk_of(int n, const double *value)
{
    double a = value[(int)(0.05 * (n - 1) + 0.5)], b = value[(int)(0.95 * (n - 1) + 0.5)];
    double low = fmin(a, b), high = fmax(a, b), margin = 0.5 * (high - low);
    return (struct bulk){low - margin, high + margin};
}

/* Spacings below this are the solver's errors: levels that a symmetry makes equal, such as those of outputs
 * that never were asked for, which know nothing of repulsion. */
static double least_spacing(int n, const double *value)
{
    static const double of_largest = 0x1p-40;
    return of_largest * fmax(fabs(value[0]), fabs(value[n - 1]));
}

/* r of one level after the other. */
struct ratios {
    double last, gap; /* level, and spacing before it */
    int levels, n;    /* in a row; ratios */
    double sum, squares;
};

static void next_level(struct ratios *ratios, double x)
{
    double gap = fabs(x - ratios->last);
    if (ratios->levels >= 2) {
        double r = fmin(gap, ratios->gap) / fmax(gap, ratios->gap);
        ratios->sum += r;
        ratios->squares += r * r;
        ratios->n++;
    }
    ratios->gap = gap;
    ratios->last = x;
    ratios->levels++;
}

struct rit_levels_found rit_levels_of(int n, const double *value, double floor)
{
    struct bulk bulk = bulk_of(n, value);
    struct rit_levels_found found = {.low = INFINITY, .high = -INFINITY};
    struct ratios r = {.levels = 0};
    double least = least_spacing(n, value);
    for (int i = 0; i < n; i++) {
        double x = value[i];
        bool null = fabs(x) <= floor, inside = bulk.low <= x && x <= bulk.high;
        found.null += null;
        found.negative += x < -floor;
        found.above += x > bulk.high;
        found.below += x < bulk.low;
        if (inside) {
            found.low = fmin(found.low, x);
            found.high = fmax(found.high, x);
        }
        if (!inside || null)
            r.levels = 0;
        else if (r.levels > 0 && fabs(x - r.last) <= least)
            found.repeated++;
        else
            next_level(&r, x);
    }
    found.ratio = r.n > 0 ? r.sum / r.n : NAN;
    found.error = r.n > 1 ? sqrt((r.squares - r.sum * r.sum / r.n) / (r.n - 1.0) / r.n) : NAN;
    return found;
}
