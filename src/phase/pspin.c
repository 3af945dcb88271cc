/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/pspin.h"

#include <math.h>
#include <stdlib.h>

/* Work space of one row, all [size]. */
struct row {
    double *a;        /* C^{p-1}(t, s) */
    double *b;        /* R(t, s) C^{p-2}(t, s) */
    double *ar;       /* sum over s <= t' of a(s) R(t', s) */
    double *bc;       /* sum over s of b(s) C(s, t') */
    double *br;       /* sum over s >= t' of b(s) R(s, t') */
    double *slope[4]; /* dC/dt and dR/dt of this row, then of the row before */
};

static double integer_power(double x, int n)
{
    double y = 1.0;
    for (int i = 0; i < n; i++)
        y *= x;
    return y;
}

static void add_multiple(int n, double factor, const double *restrict x, double *restrict y)
{
    for (int i = 0; i < n; i++)
        y[i] += factor * x[i];
}

/* The sums of all integrals of row n, whose C and R are in place; then the slopes and the energy. */
static void evaluate(struct rit_pspin *s, int n, struct row *row)
{
    size_t size = (size_t)s->size;
    const double *c = s->correlation + (size_t)n * size, *r = s->response + (size_t)n * size;
    for (int k = 0; k <= n; k++) {
        double power = integer_power(c[k], s->p - 2);
        row->a[k] = c[k] * power;
        row->b[k] = r[k] * power;
        row->ar[k] = row->bc[k] = row->br[k] = 0.0;
    }
    for (int k = 0; k <= n; k++) {
        const double *ck = s->correlation + (size_t)k * size, *rk = s->response + (size_t)k * size;
        double end = k == 0 || k == n ? 0.5 : 1.0;
        add_multiple(n + 1, end * row->b[k], ck, row->bc);
        add_multiple(k + 1, row->b[k], rk, row->br);
        add_multiple(n + 1 - k, row->a[k], rk + k, row->ar + k);
    }
    double work = 0.0; /* trapezium sum of C^{p-1} R */
    for (int k = 0; k <= n; k++)
        work += (k == 0 || k == n ? 0.5 : 1.0) * row->a[k] * r[k];
    work *= n > 0 ? s->step : 0.0;
    s->energy[n] = -0.5 * s->p * work;

    double m = s->temperature + 0.5 * s->p * s->p * work, half = 0.5 * s->p * s->step;
    for (int k = 0; k <= n; k++) {
        /* the ends of the trapezium rule that depend on t': s = 0 and s = t', where R(t', t') = 1 */
        double ar = row->ar[k] - 0.5 * row->a[0] * s->response[(size_t)k * size] - 0.5 * row->a[k];
        double br = row->br[k] - 0.5 * row->b[k] - 0.5 * row->b[n] * r[k];
        double bc = n > 0 ? row->bc[k] : 0.0;
        row->slope[0][k] = -m * c[k] + half * (ar + (s->p - 1) * bc);
        row->slope[1][k] = -m * r[k] + half * (s->p - 1) * br;
    }
}

/* Entry j of row n, and its mirror image. */
static void place(struct rit_pspin *s, int n, int j, double c, double r)
{
    size_t size = (size_t)s->size, low = (size_t)n * size + (size_t)j, high = (size_t)j * size + (size_t)n;
    s->correlation[low] = s->correlation[high] = c;
    s->response[low] = s->response[high] = r;
}

/* From row n to row n + 1. The slopes of row n were taken at its predicted values, which costs one
 * evaluation a row instead of two and no order of accuracy. */
static void advance(struct rit_pspin *s, int n, struct row *row)
{
    const double *c = s->correlation + (size_t)n * (size_t)s->size;
    const double *r = s->response + (size_t)n * (size_t)s->size;
    for (int k = 0; k < 2; k++) {
        double *older = row->slope[k + 2];
        row->slope[k + 2] = row->slope[k];
        row->slope[k] = older;
    }
    const double *dc = row->slope[2], *dr = row->slope[3];
    const double *dc_before = row->slope[0], *dr_before = row->slope[1];
    for (int j = 0; j <= n; j++) {
        if (j < n) /* the newest column has no history: Euler's step */
            place(s, n + 1, j, c[j] + s->step * (1.5 * dc[j] - 0.5 * dc_before[j]),
                  r[j] + s->step * (1.5 * dr[j] - 0.5 * dr_before[j]));
        else
            place(s, n + 1, j, c[j] + s->step * dc[j], r[j] + s->step * dr[j]);
    }
    place(s, n + 1, n + 1, 1.0, 1.0);
    evaluate(s, n + 1, row);
    const double *new_dc = row->slope[0], *new_dr = row->slope[1];
    for (int j = 0; j <= n; j++)
        place(s, n + 1, j, c[j] + 0.5 * s->step * (dc[j] + new_dc[j]),
              r[j] + 0.5 * s->step * (dr[j] + new_dr[j]));
}

enum rit_status rit_pspin_solve(struct rit_pspin *s, struct rit_error *err)
{
    if (s->p < 2 || s->p > 20)
        return rit_fail(err, RIT_BAD_INPUT, "p-spin: p = %d is outside the allowed range 2 .. 20", s->p);
    if (!(s->temperature >= 0.0 && s->temperature <= 100.0))
        return rit_fail(err, RIT_BAD_INPUT,
                        "p-spin: the temperature %g is outside the allowed range 0 .. 100", s->temperature);
    if (!(s->step > 0.0 && s->step <= 0.06))
        return rit_fail(err, RIT_BAD_INPUT, "p-spin: the time step %g is outside the allowed range 0 .. 0.06",
                        s->step);
    if (s->size < 2 || s->size > RIT_PSPIN_MAX_SIZE)
        return rit_fail(err, RIT_BAD_INPUT,
                        "p-spin: %d times are outside the allowed range 2 .. %d; take a larger time step",
                        s->size, RIT_PSPIN_MAX_SIZE);
    size_t size = (size_t)s->size;
    s->correlation = calloc(size * size, sizeof *s->correlation);
    s->response = calloc(size * size, sizeof *s->response);
    s->energy = calloc(size, sizeof *s->energy);
    double *work = calloc(9 * size, sizeof *work);
    RIT_CHECK(s->correlation && s->response && s->energy && work);
    struct row row = {.a = work,
                      .b = work + size,
                      .ar = work + 2 * size,
                      .bc = work + 3 * size,
                      .br = work + 4 * size,
                      .slope = {work + 5 * size, work + 6 * size, work + 7 * size, work + 8 * size}};
    place(s, 0, 0, 1.0, 1.0);
    evaluate(s, 0, &row);
    for (int n = 0; n + 1 < s->size; n++)
        advance(s, n, &row);
    free(work);
    return RIT_OK;
}

void rit_pspin_release(struct rit_pspin *s)
{
    free(s->correlation);
    free(s->response);
    free(s->energy);
    s->correlation = s->response = s->energy = NULL;
}

/* The grid cell that holds x, and how far into it x lies. */
static size_t cell(const struct rit_pspin *s, double x, double *into)
{
    double at = x / s->step;
    RIT_CHECK(at >= 0.0 && at <= s->size - 1 + 1e-9);
    double low = fmin(floor(at), s->size - 2);
    *into = at - low;
    return (size_t)low;
}

double rit_pspin_overlap(const struct rit_pspin *s, double t, double u)
{
    double x, y;
    size_t size = (size_t)s->size, i = cell(s, t, &x), j = cell(s, u, &y);
    const double *c = s->correlation + i * size + j;
    return (1.0 - x) * ((1.0 - y) * c[0] + y * c[1]) + x * ((1.0 - y) * c[size] + y * c[size + 1]);
}
