/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel/channel.h"

#include "base/exact.h"

#include <math.h>
#include <string.h>

/* The outcomes of element (out, in), of arrays laid out like the channel. */
static struct rit_planar element(const struct rit_channel *channel, struct rit_planar of, int out, int in)
{
    size_t at = ((size_t)in * (size_t)channel->dimension + (size_t)out) * (size_t)channel->ld;
    return (struct rit_planar){of.re + at, of.im + at};
}

/* Doubles of one array laid out like the channel, real or imaginary parts. */
static size_t extent(const struct rit_channel *channel)
{
    return (size_t)channel->dimension * (size_t)channel->dimension * (size_t)channel->ld;
}

size_t rit_channel_work(const struct rit_channel *channel)
{
    return 2 * extent(channel);
}

/* to += of times a matrix m of the kept register, from the right. */
static void add_times(const struct rit_channel *channel, struct rit_planar of, struct rit_planar m,
                      struct rit_planar to)
{
    const struct rit_kernels *kernels = rit_kernels();
    int d = channel->dimension;
    for (int j = 0; j < d; j++)
        for (int i = 0; i < d; i++)
            for (int h = 0; h < d; h++) {
                double z[2] = {m.re[h * d + j], m.im[h * d + j]};
                kernels->add_complex((size_t)channel->ld, z, element(channel, of, i, h),
                                     element(channel, to, i, j));
            }
}

/* to[i][j] = sum over h and outcomes of conj(a[h][i]) b[h][j], or with `outer` of b[i][h] conj(a[j][h]) */
static void contract(const struct rit_channel *channel, struct rit_planar a, struct rit_planar b, bool outer,
                     struct rit_planar to)
{
    const struct rit_kernels *kernels = rit_kernels();
    int d = channel->dimension;
    for (int i = 0; i < d; i++)
        for (int j = 0; j < d; j++) {
            double sum[2] = {0.0, 0.0};
            for (int h = 0; h < d; h++)
                kernels->overlap((size_t)channel->ld,
                                 outer ? element(channel, a, j, h) : element(channel, a, h, i),
                                 outer ? element(channel, b, i, h) : element(channel, b, h, j), sum);
            to.re[i * d + j] = sum[0];
            to.im[i * d + j] = sum[1];
        }
}

void rit_channel_step(const struct rit_channel *channel, struct rit_planar rho, struct rit_planar next,
                      double *p, double *work)
{
    size_t size = extent(channel), ld = (size_t)channel->ld;
    struct rit_planar turned = {work, work + size}; /* K rho */
    memset(work, 0, 2 * size * sizeof *work);
    add_times(channel, channel->of, rho, turned);
    memset(p, 0, ld * sizeof *p);
    for (size_t at = 0; at < size; at += ld)
        rit_kernels()->add_real_parts(ld, (struct rit_planar){channel->of.re + at, channel->of.im + at},
                                      (struct rit_planar){turned.re + at, turned.im + at}, p);
    contract(channel, channel->of, turned, true, next);
}

/* (c_k + lambda) K_k */
static void weigh(const struct rit_channel *channel, const double *c, struct rit_planar lambda,
                  struct rit_planar to)
{
    const struct rit_kernels *kernels = rit_kernels();
    int d = channel->dimension, ld = channel->ld;
    for (int j = 0; j < d; j++)
        for (int i = 0; i < d; i++) {
            struct rit_planar from = element(channel, channel->of, i, j), at = element(channel, to, i, j);
            for (int k = 0; k < ld; k++) {
                at.re[k] = c[k] * from.re[k];
                at.im[k] = c[k] * from.im[k];
            }
            for (int h = 0; h < d; h++) {
                double z[2] = {lambda.re[i * d + h], lambda.im[i * d + h]};
                kernels->add_complex((size_t)ld, z, element(channel, channel->of, h, j), at);
            }
        }
}

void rit_channel_back(const struct rit_channel *channel, struct rit_planar rho, const double *c,
                      struct rit_planar lambda, struct rit_planar slope, double *work)
{
    size_t size = extent(channel);
    struct rit_planar weighed = {work, work + size};
    weigh(channel, c, lambda, weighed);
    if (slope.re)
        add_times(channel, weighed, rho, slope);
    contract(channel, channel->of, weighed, false, lambda);
}

/* ---- how long a channel remembers ---- */

enum { MOST_STEPS = 400 };

static double inner(size_t n, const double *a, const double *b)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* The larger modulus of the roots of z^2 = a z + b. */
static double larger_root(double a, double b)
{
    double square = 0.25 * a * a + b;
    return square < 0.0 ? sqrt(-b) : 0.5 * fabs(a) + sqrt(square);
}

/*
 * The largest modulus that x, E x and E^2 x show: the least squares of E^2 x = a E x + b x, or, where E x is
 * x but for a factor, that factor. *off becomes which part of E^2 x, or E x, that leaves.
 */
static double modulus(size_t n, const double *x, const double *once, const double *twice, double *off)
{
    double xx = inner(n, x, x), xy = inner(n, x, once), yy = inner(n, once, once);
    double det = xx * yy - xy * xy;
    *off = sqrt(fmax(0.0, det / (xx * yy)));
    if (*off < 1e-6)
        return fabs(xy) / xx;
    double xz = inner(n, x, twice), yz = inner(n, once, twice), zz = inner(n, twice, twice);
    double a = (xx * yz - xy * xz) / det, b = (yy * xz - xy * yz) / det;
    *off = sqrt(fmax(0.0, 1.0 - (a * yz + b * xz) / zz));
    return larger_root(a, b);
}

/* x - 1 tr x / d, of real or of imaginary parts. Rounding gives traces to traceless operators, and what has
 * one lasts for ever. */
static void take_trace_off(int d, double *part)
{
    double trace = 0.0;
    for (int i = 0; i < d; i++)
        trace += part[i * d + i];
    for (int i = 0; i < d; i++)
        part[i * d + i] -= trace / d;
}

/* A Hermitian operator in no special direction. */
static void start(int d, struct rit_planar x)
{
    for (int i = 0; i < d; i++)
        for (int j = 0; j < d; j++) {
            int low = i < j ? i : j, high = i < j ? j : i;
            x.re[i * d + j] = i == j ? 1.0 / (2 + i) : 1.0 / (3 + low + 2 * high);
            x.im[i * d + j] = i == j ? 0.0 : (i < j ? 1.0 : -1.0) / (5 + 2 * low + high);
        }
}

static size_t operator_size(const struct rit_channel *channel)
{
    return 2 * (size_t)channel->dimension * (size_t)channel->dimension;
}

size_t rit_channel_second_work(const struct rit_channel *channel)
{
    return rit_channel_work(channel) + 3 * operator_size(channel) + (size_t)channel->ld;
}

double rit_channel_second(const struct rit_channel *channel, double *work)
{
    size_t n = operator_size(channel);
    double *p = work, *rest = p + channel->ld, *free = rest + rit_channel_work(channel);
    double *x[3] = {free, free + n, free + 2 * n};
    struct rit_planar at[3];
    for (int i = 0; i < 3; i++)
        at[i] = (struct rit_planar){x[i], x[i] + n / 2};
    if (channel->dimension == 1)
        return 0.0;
    start(channel->dimension, at[0]);
    take_trace_off(channel->dimension, at[0].re);
    rit_channel_step(channel, at[0], at[1], p, rest);
    double growth = 0.0; /* log of what the later half of the steps made of |x| */
    for (int step = 0; step < MOST_STEPS; step++) {
        take_trace_off(channel->dimension, at[1].re);
        take_trace_off(channel->dimension, at[1].im);
        rit_channel_step(channel, at[1], at[2], p, rest);
        double off, length = sqrt(inner(n, x[1], x[1]));
        if (length < 1e-13 * sqrt(inner(n, x[0], x[0])))
            return 0.0;
        double found = modulus(n, x[0], x[1], x[2], &off);
        if (off < 1e-6)
            return found;
        growth += step < MOST_STEPS / 2 ? 0.0 : rit_log(length);
        for (size_t i = 0; i < n; i++) {
            x[0][i] = x[1][i] / length;
            x[1][i] = x[2][i] / length;
        }
    }
    return rit_exp(growth / (MOST_STEPS - MOST_STEPS / 2));
}
