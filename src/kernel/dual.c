/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kernel/dual.h"

#include "base/arena.h"
#include "base/exact.h"

#include <math.h>

/*
 * The trapezoidal rule with nodes (i + 1/2) h: the integrands decay as exp(-z^2/4), so that nothing is left
 * beyond 12, and its error is exp(-pi^2 / (sqrt q h)), for the nearest pole of tanh(sqrt q z).
 */
enum { NODES = 192, NODES_PER_UNIT = 16 };

static const double one_over_pi = 0x1.45f306dc9c883p-2;

struct rit_hermite rit_hermite_open(struct rit_arena *arena)
{
    struct rit_hermite h = {.node = RIT_TAKE(arena, NODES, double),
                            .weight = RIT_TAKE(arena, NODES, double),
                            .odd = RIT_TAKE(arena, (size_t)RIT_DUAL_TERMS * NODES, double)};
    for (int i = 0; h.odd && i < NODES; i++) {
        double z = (i + 0.5) / NODES_PER_UNIT, before = 0.0, at = 1.0;
        h.node[i] = z;
        h.weight[i] =
            sqrt(2.0 * one_over_pi) / NODES_PER_UNIT * rit_exp(-0.5 * z * z); /* of both signs of z */
        for (int k = 0; k < 2 * RIT_DUAL_TERMS; k++) {                        /* at: he_k */
            if (k % 2)
                h.odd[(size_t)(k / 2) * NODES + (size_t)i] = h.weight[i] * at;
            double next = (z * at - sqrt(k) * before) / sqrt(k + 1);
            before = at;
            at = next;
        }
    }
    return h;
}

/* ---- duals that are closed ---- */

static struct rit_dual dual_of_erf(double q_1, double q_2, double c)
{
    double square = (1.0 + 2.0 * q_1) * (1.0 + 2.0 * q_2), rest = sqrt(square - 4.0 * c * c);
    return (struct rit_dual){2.0 * one_over_pi * rit_atan(2.0 * c / rest), 4.0 * one_over_pi / rest};
}

static struct rit_dual dual_of_relu(double q_1, double q_2, double c)
{
    double scale = sqrt(q_1 * q_2);
    double rho = scale > 0.0 ? fmin(1.0, fmax(-1.0, c / scale)) : 0.0, sine = sqrt((1.0 - rho) * (1.0 + rho));
    double share = 1.0 - 2.0 * one_over_pi * rit_atan(sqrt((1.0 - rho) / (1.0 + rho))); /* 1 - angle / pi */
    return (struct rit_dual){0.5 * scale * (one_over_pi * sine + share * rho), 0.5 * share};
}

/* The half sum and half difference of exp(-(q_1 + q_2)/2 +- c). */
static struct rit_dual dual_of_waves(double q_1, double q_2, double c)
{
    double plus = rit_exp(c - 0.5 * (q_1 + q_2)), minus = rit_exp(-c - 0.5 * (q_1 + q_2));
    return (struct rit_dual){0.5 * (plus - minus), 0.5 * (plus + minus)};
}

struct rit_dual rit_dual_closed(enum rit_activation phi, double q_1, double q_2, double c)
{
    switch (phi) {
    case RIT_ERF:
        return dual_of_erf(q_1, q_2, c);
    case RIT_RELU:
        return dual_of_relu(q_1, q_2, c);
    case RIT_SIN:
        return dual_of_waves(q_1, q_2, c);
    case RIT_COS: {
        struct rit_dual sine = dual_of_waves(q_1, q_2, c);
        return (struct rit_dual){sine.slope, sine.value};
    }
    default:
        RIT_CHECK(phi == RIT_IDENTITY);
        return (struct rit_dual){c, 1.0};
    }
}

/* ---- tanh ---- */

static struct rit_dual square_of_tanh(const struct rit_hermite *h, double q)
{
    struct rit_dual sum = {0.0, 0.0};
    double root = sqrt(q);
    for (int i = 0; i < NODES; i++) {
        double y = rit_tanh(root * h->node[i]), slope = 1.0 - y * y;
        sum.value += h->weight[i] * y * y;
        sum.slope += h->weight[i] * slope * slope;
    }
    return sum;
}

struct rit_dual rit_dual_square(const struct rit_hermite *hermite, enum rit_activation phi, double q)
{
    return phi == RIT_TANH ? square_of_tanh(hermite, q) : rit_dual_closed(phi, q, q, q);
}

struct rit_duals rit_duals_open(enum rit_activation phi, int n, struct rit_arena *arena)
{
    int ld = rit_ld(n) + RIT_VIRTUAL_LANES;
    return (struct rit_duals){
        .phi = phi,
        .n = n,
        .ld = ld,
        .q = RIT_TAKE(arena, (size_t)n, double),
        .over = RIT_TAKE(arena, (size_t)ld, double),
        .series = phi == RIT_TANH ? RIT_TAKE(arena, (size_t)RIT_DUAL_TERMS * (size_t)ld, double) : NULL};
}

/* g_j of an input of variance q. */
static double coefficient(const struct rit_hermite *h, int j, const double *scaled)
{
    const double *odd = h->odd + (size_t)j * NODES;
    double lane[4] = {0.0};
    for (int n = 0; n < NODES; n += 4)
        for (int l = 0; l < 4; l++)
            lane[l] += odd[n + l] * scaled[n + l];
    return (lane[0] + lane[2]) + (lane[1] + lane[3]);
}

/* tanh(sqrt q z) / sqrt q at the nodes. */
static void scale(const struct rit_hermite *h, double q, double *scaled)
{
    double root = sqrt(q);
    for (int n = 0; n < NODES; n++)
        scaled[n] = q > 0.0 ? rit_tanh(root * h->node[n]) / root : h->node[n];
}

int rit_dual_terms(const struct rit_hermite *hermite, enum rit_activation phi, double q)
{
    double scaled[NODES];
    struct rit_dual rest = {0.0, 0.0};
    if (phi != RIT_TANH)
        return 1;
    rest = square_of_tanh(hermite, q);
    scale(hermite, q, scaled);
    for (int j = 0; j < RIT_DUAL_TERMS; j++) {
        double g = coefficient(hermite, j, scaled);
        rest.value -= q * g * g;
        rest.slope -= (2.0 * j + 1.0) * g * g;
        if (rest.value <= RIT_DUAL_ERROR && rest.slope <= RIT_DUAL_ERROR)
            return j + 1;
    }
    return 0;
}

void rit_duals_fill(struct rit_duals *duals, const struct rit_hermite *hermite, int terms)
{
    double scaled[NODES];
    duals->terms = terms;
    for (int i = 0; i < duals->n; i++) {
        duals->over[i] = duals->q[i] > 0.0 ? 1.0 / duals->q[i] : 0.0;
        if (duals->phi == RIT_TANH)
            scale(hermite, duals->q[i], scaled);
        for (int j = 0; duals->phi == RIT_TANH && j < terms; j++)
            duals->series[(size_t)j * (size_t)duals->ld + (size_t)i] = coefficient(hermite, j, scaled);
    }
}

void rit_duals_row(const struct rit_duals *a, int i, const struct rit_duals *b, int j, int n, const double *c,
                   double *value, double *slope)
{
    if (a->phi != RIT_TANH) {
        for (int s = 0; s < n; s++) {
            struct rit_dual dual = rit_dual_closed(a->phi, a->q[i], b->q[j + s], c[s]);
            value[s] = dual.value;
            slope[s] = dual.slope;
        }
        return;
    }
    double left[RIT_DUAL_TERMS];
    for (int k = 0; k < a->terms; k++)
        left[k] = a->series[(size_t)k * (size_t)a->ld + (size_t)i];
    rit_kernels()->dual_series(a->terms, n, left, b->series + j, b->ld, a->over[i], b->over + j, c, value,
                               slope);
}
