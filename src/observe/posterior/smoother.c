/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/posterior/smoother.h"

#include "base/arena.h"
#include "kernel/kernels.h"

#include <math.h>
#include <string.h>

struct rit_smoother rit_smoother_open(int n, struct rit_arena *arena)
{
    struct rit_smoother s = {.n = n, .ld = rit_ld(n), .factor = rit_factor_open(n, arena)};
    size_t square = (size_t)n * (size_t)s.ld;
    s.lower = RIT_TAKE(arena, square, double);
    s.gram = RIT_TAKE(arena, square, double);
    s.inner = RIT_TAKE(arena, square, double);
    s.power = RIT_TAKE(arena, square, double);
    s.other = RIT_TAKE(arena, square, double);
    s.part = RIT_TAKE(arena, (size_t)n, double);
    return s;
}

static double *row(const struct rit_smoother *s, double *matrix, int i)
{
    return matrix + (size_t)i * (size_t)s->ld;
}

static size_t bytes(const struct rit_smoother *s)
{
    return sizeof(double) * (size_t)s->factor.rank * (size_t)s->ld;
}

/* c = a b, of rank x rank. */
static void multiply(const struct rit_smoother *s, const double *a, const double *b, double *c)
{
    int r = s->factor.rank;
    rit_kernels()->multiply_f64(r, r, r, a, s->ld, b, s->ld, c, s->ld);
}

void rit_smoother_make(struct rit_smoother *s, const double *kernel, double least)
{
    rit_factor_make(&s->factor, kernel, least, s->part);
    memset(s->lower, 0, sizeof(double) * (size_t)s->n * (size_t)s->ld);
    for (int k = 0; k < s->factor.rank; k++)
        for (int t = 0; t < s->n; t++)
            row(s, s->lower, t)[k] = row(s, s->factor.column, k)[t];
    rit_kernels()->multiply_f64(s->factor.rank, s->factor.rank, s->n, s->factor.column, s->factor.ld,
                                s->lower, s->ld, s->gram, s->ld);
}

/* ---- (G + s^2)^-1 ---- */

/* The triangular factor of G + s^2, in the lower triangle of inner. */
static void factorise(struct rit_smoother *s, double noise)
{
    memcpy(s->inner, s->gram, bytes(s));
    for (int i = 0; i < s->factor.rank; i++) {
        double *a = row(s, s->inner, i);
        a[i] += noise;
        for (int j = 0; j <= i; j++) {
            const double *b = row(s, s->inner, j);
            double sum = a[j];
            for (int k = 0; k < j; k++)
                sum -= a[k] * b[k];
            a[j] = j < i ? sum / b[j] : sqrt(sum);
        }
    }
}

/* x <- (G + s^2)^-1 x, [rank][ld_x]. */
static void solve(struct rit_smoother *s, double *x, int ld_x)
{
    int r = s->factor.rank;
    for (int step = 0; step < 2 * r; step++) {
        bool down = step < r;
        int i = down ? step : 2 * r - 1 - step;
        double *at = x + (size_t)i * (size_t)ld_x, over = 1.0 / row(s, s->inner, i)[i];
        for (int k = down ? 0 : i + 1; k < (down ? i : r); k++) {
            double share = down ? row(s, s->inner, i)[k] : row(s, s->inner, k)[i];
            const double *other = x + (size_t)k * (size_t)ld_x;
            for (int c = 0; c < ld_x; c++)
                at[c] -= share * other[c];
        }
        for (int c = 0; c < ld_x; c++)
            at[c] *= over;
    }
}

/* ---- (tau/T) phi(G tau/T) ---- */

enum { TERMS = 14 }; /* of x <= 1/2: what is left out is below 2^-14 / 15! */

/* How often x = G tau/T is halved: until the sum of no row is above 1/2. */
static int halvings(const struct rit_smoother *s, double scale)
{
    double most = 0.0;
    for (int i = 0; i < s->factor.rank; i++) {
        double sum = 0.0;
        for (int k = 0; k < s->factor.rank; k++)
            sum += fabs(row(s, s->gram, i)[k]);
        most = fmax(most, scale * sum);
    }
    int n = 0;
    for (; most > 0.5; most *= 0.5)
        n++;
    return n;
}

/* phi(x) by Horner's rule, into inner: sum_k (-x)^k / (k + 1)!; x is in `power`. */
static void expand(struct rit_smoother *s)
{
    int r = s->factor.rank;
    memset(s->inner, 0, bytes(s));
    for (int i = 0; i < r; i++)
        row(s, s->inner, i)[i] = 1.0;
    for (int k = TERMS; k > 0; k--) { /* 1 - x/(k + 1) times what there is */
        multiply(s, s->power, s->inner, s->other);
        for (int i = 0; i < r; i++) {
            for (int j = 0; j < r; j++)
                row(s, s->inner, i)[j] = -row(s, s->other, i)[j] / (k + 1);
            row(s, s->inner, i)[i] += 1.0;
        }
    }
}

/* Into inner. */
static void relax(struct rit_smoother *s, double tau)
{
    int r = s->factor.rank;
    double scale = tau / s->n, small = scale;
    for (int h = halvings(s, scale); h > 0; h--)
        small *= 0.5;
    for (size_t i = 0; i < (size_t)r * (size_t)s->ld; i++)
        s->power[i] = small * s->gram[i];
    expand(s);
    multiply(s, s->power, s->inner, s->other); /* 1 - e^-x = x phi(x) */
    for (; small < scale; small *= 2.0) {
        /* phi(2x) = phi(x) - (1 - e^-x) phi(x) / 2, 1 - e^-2x = 2 (1 - e^-x) - (1 - e^-x)^2 */
        multiply(s, s->other, s->inner, s->power);
        for (size_t i = 0; i < (size_t)r * (size_t)s->ld; i++)
            s->inner[i] -= 0.5 * s->power[i];
        multiply(s, s->other, s->other, s->power);
        for (size_t i = 0; i < (size_t)r * (size_t)s->ld; i++)
            s->other[i] = 2.0 * s->other[i] - s->power[i];
    }
    for (size_t i = 0; i < (size_t)r * (size_t)s->ld; i++)
        s->inner[i] *= scale;
}

void rit_smoother_apply(struct rit_smoother *s, const double *cross, int ld_x, double noise, double tau,
                        double *column, double *weights)
{
    int r = s->factor.rank;
    const struct rit_kernels *k = rit_kernels();
    if (noise >= 0.0) {
        rit_factor_extend(&s->factor, cross, ld_x, column);
        factorise(s, noise);
        solve(s, column, ld_x);
    } else {
        rit_factor_extend(&s->factor, cross, ld_x, weights);
        relax(s, tau);
        k->multiply_f64(r, ld_x, r, s->inner, s->ld, weights, ld_x, column, ld_x);
    }
    k->multiply_f64(s->n, ld_x, r, s->lower, s->ld, column, ld_x, weights, ld_x);
}
