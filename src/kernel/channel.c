/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel/channel.h"

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
