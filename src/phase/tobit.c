/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/tobit.h"

#include "base/exact.h"

#include <math.h>

/* phi(v)/Phi(-v) for v >= far by Laplace's continued fraction v + 1/(v + 2/(v + 3/...)), to all digits. */
static const double far = 2.0;

static double far_hazard(double v)
{
    double hazard = v;
    for (int k = (int)(10.0 + 360.0 / (v * v)); k > 0; k--)
        hazard = v + k / hazard;
    return hazard;
}

double rit_log_phi(double u, double *hazard)
{
    const double half_log_two_pi = 0x1.d67f1c864beb4p-1, log_density = -0.5 * u * u - half_log_two_pi;
    if (u < -far) {
        *hazard = far_hazard(-u);
        return log_density - rit_log(*hazard);
    }
    double beyond = u > far ? rit_exp(log_density) / far_hazard(u) : 0.5 * (1.0 - rit_erf(u * M_SQRT1_2)),
           log_phi = rit_log1p(-beyond);
    *hazard = rit_exp(log_density - log_phi);
    return log_phi;
}

/* Parameters p = (b0/s, b1/s, 1/s); an observation is v = (1, x, -y), so that p.v = (b0 + b1 x - y)/s. */
struct curvature {
    double value, gradient[3], hessian[3][3];
};

static void evaluate(const struct rit_tobit_data *data, const double p[3], struct curvature *c)
{
    *c = (struct curvature){0};
    double known = 0.0;
    for (int g = 0; g < data->groups; g++) {
        const struct rit_tobit_group *group = &data->group[g];
        if (group->count == 0.0)
            continue;
        known += group->count;
        double n = group->count, x = group->x, y = group->mean, h = p[2];
        double r = p[0] + p[1] * x - h * y, yy = n * y * y + group->squares;
        c->value -= 0.5 * (n * r * r + h * h * group->squares);
        c->gradient[0] -= n * r;
        c->gradient[1] -= n * r * x;
        c->gradient[2] += n * r * y - h * group->squares;
        c->hessian[0][0] -= n;
        c->hessian[0][1] -= n * x;
        c->hessian[0][2] += n * y;
        c->hessian[1][1] -= n * x * x;
        c->hessian[1][2] += n * x * y;
        c->hessian[2][2] -= yy;
    }
    c->value += known * rit_log(p[2]);
    c->gradient[2] += known / p[2];
    c->hessian[2][2] -= known / (p[2] * p[2]);
    for (int l = 0; l < data->limits; l++) {
        const struct rit_tobit_limit *limit = &data->limit[l];
        if (limit->count == 0.0)
            continue;
        double v[3] = {1.0, limit->x, -limit->y}, hazard;
        double u = p[0] * v[0] + p[1] * v[1] + p[2] * v[2];
        c->value += limit->count * rit_log_phi(u, &hazard);
        double bend = limit->count * hazard * (hazard + u);
        for (int i = 0; i < 3; i++) {
            c->gradient[i] += limit->count * hazard * v[i];
            for (int j = i; j < 3; j++)
                c->hessian[i][j] -= bend * v[i] * v[j];
        }
    }
}

/* Solve -H d = g for the free parameters by Cholesky (at most 3 x 3). False if not positive definite. */
static bool newton_step(const struct curvature *c, const int *free, int n, double *d)
{
    double l[3][3], z[3];
    for (int i = 0; i < n; i++) {
        for (int j = 0; j <= i; j++) {
            double sum = -c->hessian[free[j]][free[i]];
            for (int k = 0; k < j; k++)
                sum -= l[i][k] * l[j][k];
            if (i == j && !(sum > 0.0))
                return false;
            l[i][j] = i == j ? sqrt(sum) : sum / l[j][j];
        }
    }
    for (int i = 0; i < n; i++) {
        z[i] = c->gradient[free[i]];
        for (int k = 0; k < i; k++)
            z[i] -= l[i][k] * z[k];
        z[i] /= l[i][i];
    }
    for (int i = n - 1; i >= 0; i--) {
        d[i] = z[i];
        for (int k = i + 1; k < n; k++)
            d[i] -= l[k][i] * d[k];
        d[i] /= l[i][i];
    }
    return true;
}

/* Least squares over the known observations: where the search starts. False if they do not determine it. */
static bool start_from_known(const struct rit_tobit_data *data, bool free_slope, struct rit_tobit *fit)
{
    double n = 0.0, x = 0.0, y = 0.0;
    for (int g = 0; g < data->groups; g++) {
        n += data->group[g].count;
        x += data->group[g].count * data->group[g].x;
        y += data->group[g].count * data->group[g].mean;
    }
    if (!(n > 0.0))
        return false;
    x /= n;
    y /= n;
    double xx = 0.0, xy = 0.0;
    for (int g = 0; g < data->groups; g++) {
        double dx = data->group[g].x - x;
        xx += data->group[g].count * dx * dx;
        xy += data->group[g].count * dx * (data->group[g].mean - y);
    }
    if (free_slope) {
        if (!(xx > 0.0))
            return false;
        fit->slope = xy / xx;
    }
    fit->intercept = y - fit->slope * x;
    double squares = 0.0;
    for (int g = 0; g < data->groups; g++) {
        const struct rit_tobit_group *group = &data->group[g];
        double r = fit->intercept + fit->slope * group->x - group->mean;
        squares += group->squares + group->count * r * r;
    }
    fit->sigma = sqrt(squares / n);
    return true;
}

bool rit_tobit_fit(const struct rit_tobit_data *data, bool free_slope, double sigma_min,
                   struct rit_tobit *fit)
{
    *fit = (struct rit_tobit){0};
    if (!start_from_known(data, free_slope, fit))
        return false;
    const double h_max = 1.0 / sigma_min;
    double h = fmin(1.0 / fit->sigma, h_max);
    double p[3] = {fit->intercept * h, fit->slope * h, h};
    struct curvature now;
    evaluate(data, p, &now);
    bool at_floor = h == h_max && now.gradient[2] >= 0.0;
    for (int iteration = 0; iteration < 100; iteration++) {
        int free[3], n = 0;
        free[n++] = 0;
        if (free_slope)
            free[n++] = 1;
        if (!at_floor)
            free[n++] = 2;
        double d[3];
        if (!newton_step(&now, free, n, d))
            return false;
        double decrement = 0.0, step = 1.0;
        for (int i = 0; i < n; i++)
            decrement += d[i] * now.gradient[free[i]];
        if (decrement < 1e-12 * (1.0 + fabs(now.value))) /* twice what is still to gain */
            break;
        /* A step over the floor of sigma ends on it, and h is held from there on while it wants to grow. */
        bool lands = !at_floor && p[2] + d[n - 1] >= h_max;
        if (lands)
            step = (h_max - p[2]) / d[n - 1];
        struct curvature next;
        double q[3];
        for (;; step *= 0.5, lands = false) {
            for (int i = 0; i < 3; i++)
                q[i] = p[i];
            for (int i = 0; i < n; i++)
                q[free[i]] += step * d[i];
            if (lands)
                q[2] = h_max;
            if (q[2] <= 0.0)
                continue;
            evaluate(data, q, &next);
            if (next.value >= now.value + 1e-4 * step * decrement || step < 1e-10)
                break;
        }
        for (int i = 0; i < 3; i++)
            p[i] = q[i];
        now = next;
        at_floor = p[2] == h_max && now.gradient[2] >= 0.0;
        if (step < 1e-10 && !lands)
            break;
    }
    *fit = (struct rit_tobit){p[0] / p[2], p[1] / p[2], 1.0 / p[2], now.value};
    return true;
}
