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

struct rit_levels_found rit_levels_of(int n, const double *value, double floor)
{
    struct bulk bulk = bulk_of(n, value);
    struct rit_levels_found found = {.low = INFINITY, .high = -INFINITY};
    double sum = 0.0, squares = 0.0;
    int ratios = 0, run = 0; /* neighbours in a row that count */
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
        run = inside && !null ? run + 1 : 0;
        if (run < 3)
            continue;
        double s = fabs(x - value[i - 1]), t = fabs(value[i - 1] - value[i - 2]);
        double r = fmax(s, t) > 0.0 ? fmin(s, t) / fmax(s, t) : 0.0;
        sum += r;
        squares += r * r;
        ratios++;
    }
    found.ratio = ratios > 0 ? sum / ratios : NAN;
    found.error = ratios > 1 ? sqrt((squares - sum * sum / ratios) / (ratios - 1.0) / ratios) : NAN;
    return found;
}
