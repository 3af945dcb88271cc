/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Circuits: outputs and tangent kernels against independent implementations, slopes by parameter shift and on
 * average. */
#include "model/quantum/ansatz.h"

#include "base/arena.h"
#include "base/random.h"
#include "testing.h"

#include <stdlib.h>

enum { MOST_QUBITS = 4, MOST_ANGLES = 600, INPUTS = 4 };

static struct rit_ansatz ansatz_of(const char *name, const char *closing, const char *depth, int qubits)
{
    struct rit_point point;
    rit_point_init(&point, rit_registry());
    rit_point_set(&point, "model.name", "circuit");
    rit_point_set(&point, "model.ansatz", name);
    rit_point_set(&point, "model.closing", closing);
    rit_point_set(&point, "model.depth", depth);
    return rit_ansatz_of(&point, qubits);
}

static double sign_of(const struct rit_ansatz *ansatz, int r)
{
    return r >> (ansatz->qubits - 1) ? -1.0 : 1.0;
}

/* f[c] = <Z_0> after the circuit on R_y(x)|0> of each qubit; unless NULL, slope[c] are its derivatives. */
static void read_first(const struct rit_ansatz *ansatz, const double *angle, int inputs,
                       const double x[][MOST_QUBITS], double *f, double slope[][MOST_ANGLES])
{
    struct rit_arena arena = rit_arena_new(1 << 16);
    struct rit_register start = rit_register_take(&arena, ansatz->qubits, 1);
    struct rit_register ket = rit_register_take(&arena, ansatz->qubits, 1);
    struct rit_register bra = rit_register_take(&arena, ansatz->qubits, 1);
    double phase[2 << MOST_QUBITS];
    for (int c = 0; c < inputs; c++) {
        rit_register_copy(&start, &ket);
        rit_register_row(&ket, 0).re[0] = 1.0;
        for (int q = 0; q < ansatz->qubits; q++)
            rit_register_rotate(&ket, q, rit_rotation('Y', x[c][q]));
        rit_ansatz_apply(ansatz, angle, &ket, phase);
        f[c] = 0.0;
        for (int r = 0; r < 1 << ansatz->qubits; r++) {
            struct rit_planar a = rit_register_row(&ket, r), b = rit_register_row(&bra, r);
            f[c] += sign_of(ansatz, r) * (a.re[0] * a.re[0] + a.im[0] * a.im[0]);
            b.re[0] = sign_of(ansatz, r) * a.re[0];
            b.im[0] = sign_of(ansatz, r) * a.im[0];
        }
        for (int i = 0; slope && i < rit_ansatz_angles(ansatz); i++)
            slope[c][i] = 0.0;
        if (slope)
            rit_ansatz_back(ansatz, angle, &ket, &bra, phase, slope[c]);
    }
    free(arena.base);
}

struct fixed {
    const char *ansatz;
    int angles;
    double f[2], kernel[3];
};

static void fixed_numbers(void **state)
{
    (void)state;
    static const struct fixed all[] = {
        {"hardware-efficient", 21, {.32518072, .58740007}, {1.8170801553, 1.2805024537, 1.0837606526}},
        {"path", 4, {.98157126, .83962072}, {.0580741456, .1021801293, .4695623434}}};
    static const double x[2][MOST_QUBITS] = {{.1, .2, .3}, {-.4, .5, -.6}};
    for (int a = 0; a < 2; a++) {
        struct rit_ansatz ansatz = ansatz_of(all[a].ansatz, "true", "2", 3);
        double angle[MOST_ANGLES], f[2], slope[2][MOST_ANGLES], kernel[3] = {0.0};
        assert_int_equal(rit_ansatz_angles(&ansatz), all[a].angles);
        for (int i = 0; i < all[a].angles; i++)
            angle[i] = sin(1.0 + i);
        read_first(&ansatz, angle, 2, x, f, slope);
        for (int i = 0; i < all[a].angles; i++) {
            kernel[0] += slope[0][i] * slope[0][i];
            kernel[1] += slope[0][i] * slope[1][i];
            kernel[2] += slope[1][i] * slope[1][i];
        }
        for (int i = 0; i < 2; i++)
            rit_assert_near(f[i], all[a].f[i], 6e-9);
        for (int i = 0; i < 3; i++)
            rit_assert_near(kernel[i], all[a].kernel[i], 6e-11);
    }
}

static void random_angles(uint64_t seed, const struct rit_ansatz *ansatz, double *angle)
{
    struct rit_random random = rit_random_open(seed, RIT_FOR_TEST, 0, 0);
    for (int i = 0; i < rit_ansatz_angles(ansatz); i++)
        angle[i] = rit_random_gauss(&random);
}

/* df/dt = (f(t + pi/2) - f(t - pi/2)) / 2, exactly, of an angle that is one gate's. */
static void slopes_are_parameter_shifts(void **state)
{
    (void)state;
    static const char *const names[] = {"ring", "hardware-efficient", "brick"};
    static const double x[1][MOST_QUBITS] = {{.3, -1.1, .7, 2.0}}, quarter = 0x1.921fb54442d18p+0;
    for (int i = 0; i < 24; i++) {
        struct rit_ansatz ansatz = ansatz_of(names[i % 3], i / 3 % 2 ? "true" : "false", "3", 1 + i / 6);
        double angle[MOST_ANGLES], f[3], slope[1][MOST_ANGLES];
        random_angles((uint64_t)i, &ansatz, angle);
        read_first(&ansatz, angle, 1, x, f, slope);
        for (int k = 0; k < rit_ansatz_angles(&ansatz); k++) {
            double keep = angle[k];
            for (int side = 1; side < 3; side++) {
                angle[k] = keep + (side == 1 ? quarter : -quarter);
                read_first(&ansatz, angle, 1, x, f + side, NULL);
            }
            angle[k] = keep;
            rit_assert_near(slope[0][k], 0.5 * (f[1] - f[2]), 3e-15);
        }
    }
}

/*
 * A step of descent on (f - y)^2 / 2 moves eps = f - y by -eta K eps, K = |grad f|^2, but for eta^2; with the
 * second order, eta^2 eps^2 grad f . (grad grad f) grad f / 2, but for eta^3.
 */
static void steps_are_kernels_to_second_order(void **state)
{
    (void)state;
    static const double x[1][MOST_QUBITS] = {{.3, -1.1, .7, 2.0}}, eps = 0.5, h = 1e-3;
    struct rit_ansatz ansatz = ansatz_of("hardware-efficient", "true", "4", 4);
    int n = rit_ansatz_angles(&ansatz);
    double start[MOST_ANGLES], angle[MOST_ANGLES], f, slope[1][MOST_ANGLES], kernel = 0.0, along[5];
    assert_int_equal(n, 52);
    random_angles(3, &ansatz, start);
    read_first(&ansatz, start, 1, x, &f, slope);
    for (int s = -2; s <= 2; s++) {
        for (int i = 0; i < n; i++)
            angle[i] = start[i] + s * h * slope[0][i];
        read_first(&ansatz, angle, 1, x, &along[s + 2], NULL);
    }
    double curvature =
        (16.0 * (along[1] + along[3]) - along[0] - along[4] - 30.0 * along[2]) / (12.0 * h * h);
    for (int i = 0; i < n; i++)
        kernel += slope[0][i] * slope[0][i];
    double off[2][2]; /* first and second order, at eta and half of it */
    for (int k = 0; k < 2; k++) {
        double eta = 0.025 / (k + 1), next;
        for (int i = 0; i < n; i++)
            angle[i] = start[i] - eta * eps * slope[0][i];
        read_first(&ansatz, angle, 1, x, &next, NULL);
        off[0][k] = next - f + eta * kernel * eps;
        off[1][k] = off[0][k] - 0.5 * eta * eta * eps * eps * curvature;
    }
    rit_assert_near(off[0][0] / off[0][1], 4.0, 0.2);
    rit_assert_near(off[1][0] / off[1][1], 8.0, 0.4);
}

/* An angle of many gates has the sum of their slopes, which is not what shifting it everywhere at once gives.
 */
static void shared_angles_add_their_slopes(void **state)
{
    (void)state;
    static const double x[1][MOST_QUBITS] = {{.3, -1.1, .7, 2.0}}, h[2] = {1e-5, 0x1.921fb54442d18p+0};
    struct rit_ansatz ansatz = ansatz_of("path", "true", "3", 4);
    double angle[MOST_ANGLES], f[3], slope[1][MOST_ANGLES], shifted = 0.0;
    random_angles(1, &ansatz, angle);
    read_first(&ansatz, angle, 1, x, f, slope);
    for (int i = 0; i < 2 * rit_ansatz_angles(&ansatz); i++) {
        int k = i / 2;
        double keep = angle[k];
        for (int side = 1; side < 3; side++) {
            angle[k] = keep + (side == 1 ? h[i % 2] : -h[i % 2]);
            read_first(&ansatz, angle, 1, x, f + side, NULL);
        }
        angle[k] = keep;
        if (i % 2 == 0)
            rit_assert_near(slope[0][k], (f[1] - f[2]) / (2.0 * h[0]), 1e-9);
        else
            shifted = fmax(shifted, fabs(slope[0][k] - 0.5 * (f[1] - f[2])));
    }
    assert_true(shifted > 0.01);
}

/* The ring of two qubits is one pair twice: its couplings add. */
static void a_ring_of_two_couples_twice(void **state)
{
    (void)state;
    static const double x[1][MOST_QUBITS] = {{.3, -1.1}};
    struct rit_ansatz ansatz = ansatz_of("ring", "true", "1", 2);
    double angle[MOST_ANGLES], f[2], slope[1][MOST_ANGLES];
    assert_int_equal(rit_ansatz_angles(&ansatz), 14); /* 6, 2 of the ring, 6 */
    random_angles(1, &ansatz, angle);
    read_first(&ansatz, angle, 1, x, f, slope);
    rit_assert_near(slope[0][6], slope[0][7], 1e-15);
    angle[6] += 0.4;
    angle[7] -= 0.4;
    read_first(&ansatz, angle, 1, x, f + 1, NULL);
    rit_assert_near(f[1], f[0], 1e-15);
}

/*
 * Deep circuits of random angles are like unitaries drawn from all: a slope has the mean square
 * d^2 / (2 (d^2 - 1) (d + 1)), d = 2^qubits, within four standard errors of the mean over circuits.
 */
static void slopes_of_deep_circuits(void **state)
{
    (void)state;
    enum { CIRCUITS = 100 };
    static const double wanted[] = {.10667, .05644, .02953}, x[1][MOST_QUBITS] = {{.1, .2, .3, .4}};
    for (int qubits = 2; qubits <= 4; qubits++) {
        struct rit_ansatz ansatz = ansatz_of("hardware-efficient", "true", "30", qubits);
        int n = rit_ansatz_angles(&ansatz), from = n / 4, to = n - n / 4;
        double angle[MOST_ANGLES], f[1], slope[1][MOST_ANGLES], mean = 0.0, square = 0.0;
        double d = 1 << qubits, law = d * d / (2.0 * (d * d - 1.0) * (d + 1.0));
        rit_assert_near(law, wanted[qubits - 2], 5e-6);
        for (int c = 0; c < CIRCUITS; c++) {
            double sum = 0.0; /* over angles with much of the circuit on either side */
            random_angles((uint64_t)c, &ansatz, angle);
            read_first(&ansatz, angle, 1, x, f, slope);
            for (int i = from; i < to; i++)
                sum += slope[0][i] * slope[0][i] / (to - from);
            mean += sum / CIRCUITS;
            square += sum * sum / CIRCUITS;
        }
        rit_assert_near(mean, law, 4.0 * sqrt((square - mean * mean) / CIRCUITS));
    }
}

/* Part of exclusive or in what the path's circuit says of the four centres: mean of s f. */
static double part_of_xor(int qubits, uint64_t seed)
{
    static const double x[INPUTS][MOST_QUBITS] = {{.5, .5}, {-.5, -.5}, {.5, -.5}, {-.5, .5}};
    struct rit_ansatz ansatz = ansatz_of("path", "true", "10", qubits);
    double angle[MOST_ANGLES], f[INPUTS];
    random_angles(seed, &ansatz, angle);
    read_first(&ansatz, angle, INPUTS, x, f, NULL);
    return fabs(f[0] + f[1] - f[2] - f[3]) / INPUTS;
}

/* All that two qubits can say through Z_0 anticommutes with X X, and exclusive or is a mean of what commutes.
 */
static void two_qubits_cannot_tell_exclusive_or(void **state)
{
    (void)state;
    double most[2] = {0.0};
    for (int i = 0; i < 400; i++)
        most[i % 2] = fmax(most[i % 2], part_of_xor(2 + i % 2, (uint64_t)i / 2));
    assert_true(most[0] < 1e-15);
    assert_true(most[1] > 0.08);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(fixed_numbers),
                                       cmocka_unit_test(slopes_are_parameter_shifts),
                                       cmocka_unit_test(steps_are_kernels_to_second_order),
                                       cmocka_unit_test(shared_angles_add_their_slopes),
                                       cmocka_unit_test(a_ring_of_two_couples_twice),
                                       cmocka_unit_test(slopes_of_deep_circuits),
                                       cmocka_unit_test(two_qubits_cannot_tell_exclusive_or)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
