/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/quantum/ansatz.h"

#include <ritardando/point.h>

#include <string.h>

/* Source of the ring: Li et al., arXiv:2302.03244. */
const char *const rit_ansatz_names[] = {"ring", "hardware-efficient", "brick", NULL};

struct rit_ansatz rit_ansatz_of(const struct rit_point *point, int qubits)
{
    static const struct rit_ansatz table[] = {
        {.axes = "XZX", .closing = "XZX"},
        {.axes = "XZ", .closing = "X"},
        {.axes = "XZX", .closing = "XZX", .brick = true},
    };
    struct rit_ansatz ansatz = {0};
    for (int i = 0; rit_ansatz_names[i]; i++)
        if (strcmp(rit_point_name(point, "model.ansatz"), rit_ansatz_names[i]) == 0)
            ansatz = table[i];
    if (!rit_point_bool(point, "model.closing"))
        ansatz.closing = "";
    ansatz.qubits = qubits;
    ansatz.layers = (int)rit_point_int(point, "model.depth");
    return ansatz;
}

/* The pairs that a layer couples: pair i is (first + stride i, the qubit after it), round the ring. */
struct pairs {
    int count, first, stride;
};

static struct pairs pairs_of(const struct rit_ansatz *ansatz, int layer)
{
    if (!ansatz->brick)
        return (struct pairs){ansatz->qubits, 0, 1};
    return (struct pairs){(ansatz->qubits - layer % 2) / 2, layer % 2, 2};
}

int rit_ansatz_angles(const struct rit_ansatz *ansatz)
{
    int angles = (int)strlen(ansatz->closing) * ansatz->qubits;
    for (int l = 0; l < ansatz->layers; l++)
        angles += (int)strlen(ansatz->axes) * ansatz->qubits + pairs_of(ansatz, l).count;
    return angles;
}

/* The product of rotations about `axes`; one of them, unless `ahead` is -1, a quarter of a turn of the state
 * further: R'(t) = R(t + pi) / 2. */
static struct rit_2x2 rotations(const char *axes, const double *angle, int ahead)
{
    const double pi = 0x1.921fb54442d18p+1;
    struct rit_2x2 u = {{1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0}};
    for (int i = 0; axes[i]; i++)
        u = rit_2x2_times(rit_rotation(axes[i], angle[i] + (i == ahead ? pi : 0.0)), u);
    return u;
}

/* Z Z of a pair in row r: +1 or -1. */
static double parity(const struct rit_ansatz *ansatz, struct pairs pairs, int pair, int r)
{
    int q = pairs.first + pairs.stride * pair, other = (q + 1) % ansatz->qubits, last = ansatz->qubits - 1;
    return (r >> (last - q) & 1) == (r >> (last - other) & 1) ? 1.0 : -1.0;
}

/* phase[r] = -1/2 sum over pairs of the angle times Z Z */
static void phases(const struct rit_ansatz *ansatz, struct pairs pairs, const double *angle, double *phase)
{
    for (int r = 0; r < 1 << ansatz->qubits; r++) {
        phase[r] = 0.0;
        for (int i = 0; i < pairs.count; i++)
            phase[r] -= 0.5 * parity(ansatz, pairs, i, r) * angle[i];
    }
}

static void rotate_all(const struct rit_ansatz *ansatz, const char *axes, const double *angle,
                       struct rit_register *ket)
{
    int per = (int)strlen(axes);
    for (int q = 0; per > 0 && q < ansatz->qubits; q++)
        rit_register_rotate(ket, q, rotations(axes, angle + q * per, -1));
}

void rit_ansatz_apply(const struct rit_ansatz *ansatz, const double *angle, struct rit_register *ket,
                      double *phase)
{
    for (int l = 0; l < ansatz->layers; l++) {
        struct pairs pairs = pairs_of(ansatz, l);
        rotate_all(ansatz, ansatz->axes, angle, ket);
        angle += (int)strlen(ansatz->axes) * ansatz->qubits;
        phases(ansatz, pairs, angle, phase);
        rit_register_turn(ket, phase, false);
        angle += pairs.count;
    }
    rotate_all(ansatz, ansatz->closing, angle, ket);
}

/* Re tr (a b) */
static double trace_product(struct rit_2x2 a, struct rit_2x2 b)
{
    struct rit_2x2 c = rit_2x2_times(a, b);
    return c.of[0] + c.of[6];
}

static struct rit_2x2 transposed(struct rit_2x2 a)
{
    const double *x = a.of;
    return (struct rit_2x2){{x[0], x[1], x[4], x[5], x[2], x[3], x[6], x[7]}};
}

/* dE/dt = 2 Re sum_st (u' u^+)_st E_st with u' = R(t + pi) / 2 in the place of R(t). */
static void unrotate_all(const struct rit_ansatz *ansatz, const char *axes, const double *angle,
                         struct rit_register *ket, struct rit_register *bra, double *g)
{
    int per = (int)strlen(axes);
    for (int q = ansatz->qubits - 1; per > 0 && q >= 0; q--) {
        const double *own = angle + q * per;
        struct rit_2x2 back = rit_2x2_dagger(rotations(axes, own, -1));
        struct rit_2x2 e = transposed(rit_register_overlap(bra, ket, q));
        for (int i = 0; i < per; i++)
            g[q * per + i] += trace_product(rit_2x2_times(rotations(axes, own, i), back), e);
        rit_register_rotate(ket, q, back);
        rit_register_rotate(bra, q, back);
    }
}

static void unturn(const struct rit_ansatz *ansatz, struct pairs pairs, const double *angle,
                   struct rit_register *ket, struct rit_register *bra, double *phase, double *g)
{
    int rows = 1 << ansatz->qubits;
    double *slope = phase + rows;
    rit_register_slopes(bra, ket, slope);
    for (int i = 0; i < pairs.count; i++)
        for (int r = 0; r < rows; r++)
            g[i] += parity(ansatz, pairs, i, r) * slope[r];
    phases(ansatz, pairs, angle, phase);
    rit_register_turn(ket, phase, true);
    rit_register_turn(bra, phase, true);
}

void rit_ansatz_back(const struct rit_ansatz *ansatz, const double *angle, struct rit_register *ket,
                     struct rit_register *bra, double *phase, double *g)
{
    int at = rit_ansatz_angles(ansatz), per = (int)strlen(ansatz->axes) * ansatz->qubits;
    at -= (int)strlen(ansatz->closing) * ansatz->qubits;
    unrotate_all(ansatz, ansatz->closing, angle + at, ket, bra, g + at);
    for (int l = ansatz->layers - 1; l >= 0; l--) {
        struct pairs pairs = pairs_of(ansatz, l);
        at -= pairs.count;
        unturn(ansatz, pairs, angle + at, ket, bra, phase, g + at);
        at -= per;
        unrotate_all(ansatz, ansatz->axes, angle + at, ket, bra, g + at);
    }
}
