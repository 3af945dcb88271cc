/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chords as states of qubits: voices, pitch classes, silences. */
#include "model/quantum/encode.h"

#include "testing.h"

enum { SLOTS = 54, LOWEST = 43, MOST_QUBITS = 6, STATES = 1 << MOST_QUBITS };

/* Amplitudes of a chord of MIDI notes, which 0 ends. */
static struct rit_planar state_of(const int *notes, int qubits, double re[STATES], double im[STATES])
{
    uint64_t bits = 0;
    for (; *notes; notes++)
        bits |= UINT64_C(1) << (*notes - LOWEST);
    struct rit_rows rows = {.port = {RIT_ROW_BITS, SLOTS}, .bits = &bits};
    struct rit_planar state = {re, im};
    rit_encode(&rows, 0, LOWEST, qubits, 0, state);
    return state;
}

/* |<a|b>|^2 of two chords */
static double overlap(const int *a, const int *b, int qubits)
{
    double of[4][STATES], re = 0.0, im = 0.0;
    struct rit_planar x = state_of(a, qubits, of[0], of[1]), y = state_of(b, qubits, of[2], of[3]);
    for (int i = 0; i < 1 << qubits; i++) {
        re += x.re[i] * y.re[i] + x.im[i] * y.im[i];
        im += x.re[i] * y.im[i] - x.im[i] * y.re[i];
    }
    return re * re + im * im;
}

/* Pitch classes by halves of a turn: six apart are orthogonal, neighbours nearly alike, octaves the same. */
static void pitch_classes(void **state)
{
    (void)state;
    double step = cos(acos(-1.0) / 12.0);
    for (int note = 48; note < 60; note++) {
        const int here[] = {note, 0}, next[] = {note + 1, 0}, far[] = {note + 6, 0}, above[] = {note + 12, 0};
        rit_assert_near(overlap(here, next, 1), step * step, 1e-15);
        rit_assert_near(overlap(here, far, 1), 0.0, 1e-30);
        rit_assert_near(overlap(here, above, 1), 1.0, 1e-15);
    }
    rit_assert_near(step * step, .93, 5e-3);
}

/* <Z> of each qubit tells which note it carries: voice v = 0 .. 3 of k notes is number round(v (k - 1) / 3).
 */
static void voices(void **state)
{
    (void)state;
    static const int notes[] = {48, 49, 50, 51, 52, 53}; /* of the classes 0 .. 5 */
    static const int number[6][4] = {{0, 0, 0, 0}, {0, 0, 1, 1}, {0, 1, 1, 2},
                                     {0, 1, 2, 3}, {0, 1, 3, 4}, {0, 2, 3, 5}};
    for (int k = 1; k <= 6; k++) {
        double re[STATES], im[STATES];
        int chord[7] = {0};
        for (int i = 0; i < k; i++)
            chord[i] = notes[i];
        state_of(chord, MOST_QUBITS, re, im);
        for (int q = 0; q < MOST_QUBITS; q++) { /* the lower voices twice */
            double z = 0.0;
            for (int r = 0; r < STATES; r++)
                z += (r >> (MOST_QUBITS - 1 - q) & 1 ? -1.0 : 1.0) * (re[r] * re[r] + im[r] * im[r]);
            rit_assert_near(z, cos(acos(-1.0) * number[k - 1][q % 4] / 6.0), 1e-14);
        }
    }
}

static void silence(void **state)
{
    (void)state;
    double re[STATES], im[STATES];
    state_of((const int[]){0}, 1, re, im);
    rit_assert_near(re[0], sqrt(0.5), 1e-15); /* R_x(pi/2)|0> */
    rit_assert_near(im[1], -sqrt(0.5), 1e-15);
    rit_assert_near(re[1], 0.0, 0.0);
    rit_assert_near(im[0], 0.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pitch_classes), cmocka_unit_test(voices),
                                       cmocka_unit_test(silence)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
