/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gates on registers of qubits, and the channel of a measured and reset one. */
#include "base/arena.h"
#include "base/random.h"
#include "kernel/channel.h"
#include "kernel/register.h"
#include "testing.h"

#include <complex.h>
#include <stdlib.h>
#include <string.h>

enum { QUBITS = 4, STATES = 1 << QUBITS, COLUMNS = 5 };

static struct rit_register new_register(uint64_t seed)
{
    struct rit_register reg = {.qubits = QUBITS, .ld = rit_ld(COLUMNS)};
    size_t size = (size_t)STATES * (size_t)reg.ld;
    reg.of.re = aligned_alloc(RIT_ALIGN, size * sizeof(double));
    reg.of.im = aligned_alloc(RIT_ALIGN, size * sizeof(double));
    memset(reg.of.re, 0, size * sizeof(double));
    memset(reg.of.im, 0, size * sizeof(double));
    struct rit_random random = rit_random_open(seed, RIT_FOR_TEST, 0, 0);
    for (int r = 0; r < STATES; r++)
        for (int c = 0; c < COLUMNS; c++) {
            rit_register_row(&reg, r).re[c] = rit_random_gauss(&random);
            rit_register_row(&reg, r).im[c] = rit_random_gauss(&random);
        }
    return reg;
}

static void free_register(struct rit_register *reg)
{
    free(reg->of.re);
    free(reg->of.im);
}

static double apart(const struct rit_register *a, const struct rit_register *b)
{
    double most = 0.0;
    for (int i = 0; i < STATES * a->ld; i++)
        most = fmax(most, fmax(fabs(a->of.re[i] - b->of.re[i]), fabs(a->of.im[i] - b->of.im[i])));
    return most;
}

/* R_P(t) by its definition, exp(-i t P / 2) = cos(t/2) - i sin(t/2) P, and unitary. */
static void rotations(void **state)
{
    (void)state;
    struct rit_2x2 x = rit_rotation('X', 0.7), y = rit_rotation('Y', 0.7), z = rit_rotation('Z', 0.7);
    double c = cos(0.35), s = sin(0.35);
    const double wanted[3][8] = {
        {c, 0, 0, -s, 0, -s, c, 0}, {c, 0, -s, 0, s, 0, c, 0}, {c, -s, 0, 0, 0, 0, c, s}};
    for (int i = 0; i < 8; i++) {
        rit_assert_near(x.of[i], wanted[0][i], 1e-15);
        rit_assert_near(y.of[i], wanted[1][i], 1e-15);
        rit_assert_near(z.of[i], wanted[2][i], 1e-15);
    }
    struct rit_2x2 u = rit_2x2_times(x, rit_2x2_times(z, y)), one = rit_2x2_times(rit_2x2_dagger(u), u);
    for (int i = 0; i < 8; i++)
        rit_assert_near(one.of[i], i == 0 || i == 6 ? 1.0 : 0.0, 1e-15);
}

/* Qubit 0 is the most significant bit; a gate and its inverse leave everything as it was. */
static void gates(void **state)
{
    (void)state;
    struct rit_register reg = new_register(1), same = new_register(1);
    double phase[STATES];
    for (int r = 0; r < STATES; r++)
        phase[r] = 0.3 * r;
    rit_register_rotate(&reg, 0, rit_rotation('X', 0x1.921fb54442d18p+1)); /* -i X */
    for (int c = 0; c < COLUMNS; c++)
        rit_assert_near(rit_register_row(&reg, STATES / 2).re[c], rit_register_row(&same, 0).im[c], 1e-15);
    rit_register_rotate(&reg, 0, rit_rotation('X', -0x1.921fb54442d18p+1));
    for (int q = 0; q < QUBITS; q++)
        rit_register_rotate(&reg, q, rit_rotation("XYZX"[q], 0.4 + q));
    rit_register_turn(&reg, phase, false);
    assert_true(apart(&reg, &same) > 0.1);
    rit_register_turn(&reg, phase, true);
    for (int q = QUBITS - 1; q >= 0; q--)
        rit_register_rotate(&reg, q, rit_2x2_dagger(rit_rotation("XYZX"[q], 0.4 + q)));
    assert_true(apart(&reg, &same) < 1e-14);
    free_register(&reg);
    free_register(&same);
}

/* Overlaps and slopes by their definitions. */
static void overlaps(void **state)
{
    (void)state;
    struct rit_register bra = new_register(1), ket = new_register(2);
    struct rit_2x2 e = rit_register_overlap(&bra, &ket, 2);
    double wanted[8] = {0.0}, slope[STATES];
    for (int r = 0; r < STATES; r++)
        for (int other = 0; other < 2; other++)
            for (int c = 0; c < COLUMNS; c++) {
                int s = r >> 1 & 1, t = (r & ~2) | other << 1;
                double ar = rit_register_row(&bra, r).re[c], ai = rit_register_row(&bra, r).im[c];
                double br = rit_register_row(&ket, t).re[c], bi = rit_register_row(&ket, t).im[c];
                wanted[2 * (2 * s + other)] += ar * br + ai * bi;
                wanted[2 * (2 * s + other) + 1] += ar * bi - ai * br;
            }
    for (int i = 0; i < 8; i++)
        rit_assert_near(e.of[i], wanted[i], 1e-13);
    rit_register_slopes(&bra, &ket, slope);
    double sum = 0.0;
    for (int r = 0; r < STATES; r++)
        sum += slope[r];
    rit_assert_near(sum, e.of[1] + e.of[7], 1e-13); /* Im tr E */
    free_register(&bra);
    free_register(&ket);
}

/* A channel cut out of a unitary: rows (k, out), columns of the kept register, D starting in |0>. */
struct cut {
    struct rit_channel channel;
    double *memory;
};

enum { OUTCOMES = 8, KEPT = 2, LD = 16, PART = KEPT * KEPT * LD };

static struct cut new_channel(double at)
{
    struct rit_register u = {.qubits = QUBITS, .ld = rit_ld(STATES)};
    u.of.re = aligned_alloc(RIT_ALIGN, 2 * sizeof(double) * STATES * (size_t)u.ld);
    u.of.im = u.of.re + STATES * u.ld;
    memset(u.of.re, 0, 2 * sizeof(double) * STATES * (size_t)u.ld);
    for (int r = 0; r < STATES; r++)
        rit_register_row(&u, r).re[r] = 1.0;
    double phase[STATES];
    for (int layer = 0; layer < 3; layer++) {
        for (int q = 0; q < QUBITS; q++)
            rit_register_rotate(&u, q, rit_rotation("XYX"[layer], at + q + layer));
        for (int r = 0; r < STATES; r++)
            phase[r] = sin(1.0 + r * (layer + 1));
        rit_register_turn(&u, phase, false);
    }
    struct cut cut = {.memory = aligned_alloc(RIT_ALIGN, 2 * PART * sizeof(double))};
    memset(cut.memory, 0, 2 * PART * sizeof(double));
    cut.channel = (struct rit_channel){OUTCOMES, KEPT, LD, {cut.memory, cut.memory + PART}};
    for (int k = 0; k < OUTCOMES; k++)
        for (int out = 0; out < KEPT; out++)
            for (int in = 0; in < KEPT; in++) {
                int to = (in * KEPT + out) * LD + k;
                cut.channel.of.re[to] = rit_register_row(&u, k * KEPT + out).re[in];
                cut.channel.of.im[to] = rit_register_row(&u, k * KEPT + out).im[in];
            }
    free(u.of.re);
    return cut;
}

/* E = sum_k c_k p_k + tr lambda next, and what came out. */
static double energy(const struct cut *cut, struct rit_planar rho, const double *c, struct rit_planar lambda,
                     double *trace)
{
    double next[2][KEPT * KEPT], p[LD] __attribute__((aligned(64))),
        work[2 * PART] __attribute__((aligned(64)));
    struct rit_planar to = {next[0], next[1]};
    rit_channel_step(&cut->channel, rho, to, p, work);
    double e = 0.0;
    *trace = 0.0;
    for (int k = 0; k < OUTCOMES; k++) {
        e += c[k] * p[k];
        *trace += p[k];
    }
    for (int i = 0; i < KEPT; i++)
        for (int j = 0; j < KEPT; j++)
            e +=
                lambda.re[i * KEPT + j] * to.re[j * KEPT + i] - lambda.im[i * KEPT + j] * to.im[j * KEPT + i];
    rit_assert_near(to.re[0] + to.re[3], *trace, 1e-14);
    rit_assert_near(to.im[1], -to.im[2], 1e-15);
    return e;
}

/* The channel keeps the trace, and its adjoint is that of the definition. */
static void channels(void **state)
{
    (void)state;
    struct cut cut = new_channel(0.3);
    double c[LD] __attribute__((aligned(64))) = {.1, -.4, .7, .2, -.9, .5, .3, -.2};
    double rho[2][KEPT * KEPT] = {{.7, .2, .2, .3}, {0.0, .1, -.1, 0.0}};
    double lambda[2][KEPT * KEPT] = {{.4, -.3, -.3, .8}, {0.0, .6, -.6, 0.0}};
    double work[2 * PART] __attribute__((aligned(64))), slope[2 * PART] __attribute__((aligned(64))) = {0.0};
    struct rit_planar in = {rho[0], rho[1]}, adjoint = {lambda[0], lambda[1]}, of = {slope, slope + PART};
    double trace, e = energy(&cut, in, c, adjoint, &trace);
    rit_assert_near(trace, 1.0, 1e-14);
    double kept[2][KEPT * KEPT];
    memcpy(kept, lambda, sizeof kept);
    rit_channel_back(&cut.channel, in, c, adjoint, of, work);
    double back = 0.0; /* E = tr lambda' rho: it is linear in rho */
    for (int i = 0; i < KEPT; i++)
        for (int j = 0; j < KEPT; j++)
            back += lambda[0][i * KEPT + j] * rho[0][j * KEPT + i] -
                    lambda[1][i * KEPT + j] * rho[1][j * KEPT + i];
    rit_assert_near(back, e, 1e-14);
    struct rit_planar after = {kept[0], kept[1]};
    for (int i = 0; i < 2 * PART; i += 7) { /* dE/dRe K = 2 Re slope, dE/dIm K = 2 Im slope */
        if (i % LD >= OUTCOMES)
            continue;
        double h = 1e-6, keep = cut.memory[i];
        cut.memory[i] = keep + h;
        double above = energy(&cut, in, c, after, &trace);
        cut.memory[i] = keep - h;
        double below = energy(&cut, in, c, after, &trace);
        cut.memory[i] = keep;
        rit_assert_near(2.0 * slope[i], (above - below) / (2.0 * h), 1e-8);
    }
    free(cut.memory);
}

/* |lambda_2| of a channel of one qubit with the Kraus operators k[2][2 out][2 in]. */
static double second_of(double complex k[2][2][2])
{
    struct rit_channel channel = {.outcomes = 2, .dimension = 2, .ld = LD};
    double *of = aligned_alloc(RIT_ALIGN, 8 * LD * sizeof *of);
    memset(of, 0, 8 * LD * sizeof *of);
    channel.of = (struct rit_planar){of, of + 4 * LD};
    for (int n = 0; n < 2; n++)
        for (int out = 0; out < 2; out++)
            for (int in = 0; in < 2; in++) {
                of[(2 * in + out) * LD + n] = creal(k[n][out][in]);
                of[(4 + 2 * in + out) * LD + n] = cimag(k[n][out][in]);
            }
    double *work = aligned_alloc(RIT_ALIGN, (rit_channel_second_work(&channel) + 8) / 8 * 64);
    double second = rit_channel_second(&channel, work);
    free(of);
    free(work);
    return second;
}

static void channels_remember(void **state)
{
    (void)state;
    /* amplitude damping by .36: lambda = .8, .8, .64 */
    rit_assert_near(second_of((double complex[2][2][2]){{{1, 0}, {0, .8}}, {{0, .6}, {0, 0}}}), .8, 1e-5);
    /* a turn by .7 about z, with a flip or without: of c = rho_01 remains exp(.7 i) Re c */
    double complex turn = cexp(.35 * I);
    rit_assert_near(second_of((double complex[2][2][2]){{{0, sqrt(.5) * turn}, {sqrt(.5) * conj(turn), 0}},
                                                        {{sqrt(.5) * turn, 0}, {0, sqrt(.5) * conj(turn)}}}),
                    cos(.7), 1e-5);
    /* that damped: pair .8 exp(+-.7 i) */
    rit_assert_near(
        second_of((double complex[2][2][2]){{{turn, 0}, {0, .8 * conj(turn)}}, {{0, .6}, {0, 0}}}), .8, 1e-5);
    /* a state made anew forgets all */
    rit_assert_near(second_of((double complex[2][2][2]){{{1, 0}, {0, 0}}, {{0, 1}, {0, 0}}}), 0.0, 0.0);
    /* one that is turned only forgets nothing, however often */
    rit_assert_near(second_of((double complex[2][2][2]){{{.6, -.8}, {.8, .6}}, {{0, 0}, {0, 0}}}), 1.0,
                    1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(channels_remember), cmocka_unit_test(rotations),
                                       cmocka_unit_test(gates), cmocka_unit_test(overlaps),
                                       cmocka_unit_test(channels)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
