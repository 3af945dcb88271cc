/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/quantum/ansatz.h"

#include <string.h>

/* Sources: of the ring Li et al., arXiv:2302.03244; of the path Incudini et al., arXiv:2212.11826. */
static const char *const names[] = {"ring", "hardware-efficient", "brick", "path", NULL};

const struct rit_param rit_ansatz_params[RIT_ANSATZ_PARAMS] = {
    {.key = "model.ansatz",
     .kind = RIT_NAME,
     .fallback = "ring",
     .choices = names,
     .unit = "1",
     .meaning = "a layer of the circuit: rotations x, z, x of each qubit and couplings round a ring; x, z "
                "and a ring; x, z, x "
                "and couplings of every second pair in turn; or couplings round a ring by one angle, then x "
                "by another"},
    {.key = "model.closing",
     .kind = RIT_BOOL,
     .fallback = "true",
     .needs = "model.ansatz: ring hardware-efficient brick",
     .unit = "1",
     .meaning = "whether the circuit closes with one more layer of rotations"},
    {.key = "model.angle-scale",
     .kind = RIT_REAL,
     .fallback = "1",
     .low = 0.0,
     .high = 100.0,
     .unit = "rad",
     .meaning = "standard deviation of the angles at the start"},
    {.key = "model.lowest",
     .kind = RIT_INT,
     .fallback = "43",
     .low = 0,
     .high = 127,
     .needs = "data.source: chorales composer midi piano-rolls",
     .unit = "1",
     .meaning = "MIDI note of slot 0, whose pitch class is encoded"},
};

enum rit_status rit_ansatz_check(const struct rit_point *point, int qubits, const char *which,
                                 struct rit_error *err)
{
    const char *model = rit_point_name(point, "model.name");
    if (rit_point_int(point, "model.depth") < 1)
        return rit_fail(err, RIT_BAD_INPUT, "model.depth: the circuit of %s has a layer or more, not 0",
                        model);
    if (qubits > RIT_MAX_QUBITS)
        return rit_fail(err, RIT_BAD_INPUT, "%s: %s has at most %d qubits, not %d", which, model,
                        RIT_MAX_QUBITS, qubits);
    return RIT_OK;
}

struct rit_ansatz rit_ansatz_of(const struct rit_point *point, int qubits)
{
    static const struct rit_ansatz table[] = {
        {.axes = "XZX", .closing = "XZX"},
        {.axes = "XZ", .closing = "X"},
        {.axes = "XZX", .closing = "XZX", .brick = true},
        {.axes = "X", .closing = "", .coupled_first = true, .shared = true},
    };
    struct rit_ansatz ansatz = {0};
    for (int i = 0; names[i]; i++)
        if (strcmp(rit_point_name(point, "model.ansatz"), names[i]) == 0)
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

/* Half a layer: rotations of all qubits, or, where there are no axes, couplings. */
struct stage {
    const char *axes;
    struct pairs pairs;
    int angles;
};

static int stages(const struct rit_ansatz *ansatz)
{
    return 2 * ansatz->layers + (ansatz->closing[0] != 0);
}

static struct stage stage_of(const struct rit_ansatz *ansatz, int i)
{
    bool closing = i == 2 * ansatz->layers, coupling = !closing && (i % 2 == 0) == ansatz->coupled_first;
    struct stage stage = {.axes = closing ? ansatz->closing : coupling ? NULL : ansatz->axes};
    stage.pairs = pairs_of(ansatz, i / 2);
    int each = coupling ? 1 : (int)strlen(stage.axes), times = coupling ? stage.pairs.count : ansatz->qubits;
    stage.angles = each * (ansatz->shared && times > 0 ? 1 : times);
    return stage;
}

int rit_ansatz_angles(const struct rit_ansatz *ansatz)
{
    int angles = 0;
    for (int i = 0; i < stages(ansatz); i++)
        angles += stage_of(ansatz, i).angles;
    return angles;
}

bool rit_ansatz_mixes(const struct rit_ansatz *ansatz)
{
    return ansatz->coupled_first || ansatz->layers > 1 || ansatz->closing[0];
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
            phase[r] -= 0.5 * parity(ansatz, pairs, i, r) * angle[ansatz->shared ? 0 : i];
    }
}

/* The first of the angles of a qubit's rotations. */
static int own_angle(const struct rit_ansatz *ansatz, const char *axes, int qubit)
{
    return ansatz->shared ? 0 : qubit * (int)strlen(axes);
}

void rit_ansatz_apply(const struct rit_ansatz *ansatz, const double *angle, struct rit_register *ket,
                      double *phase)
{
    for (int i = 0; i < stages(ansatz); i++) {
        struct stage stage = stage_of(ansatz, i);
        if (stage.axes) {
            for (int q = 0; q < ansatz->qubits; q++)
                rit_register_rotate(ket, q,
                                    rotations(stage.axes, angle + own_angle(ansatz, stage.axes, q), -1));
        } else {
            phases(ansatz, stage.pairs, angle, phase);
            rit_register_turn(ket, phase, false);
        }
        angle += stage.angles;
    }
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
static void unrotate(const struct rit_ansatz *ansatz, const char *axes, const double *angle,
                     struct rit_register *ket, struct rit_register *bra, double *g)
{
    for (int q = ansatz->qubits - 1; q >= 0; q--) {
        int own = own_angle(ansatz, axes, q);
        struct rit_2x2 back = rit_2x2_dagger(rotations(axes, angle + own, -1));
        struct rit_2x2 e = transposed(rit_register_overlap(bra, ket, q));
        for (int i = 0; axes[i]; i++)
            g[own + i] += trace_product(rit_2x2_times(rotations(axes, angle + own, i), back), e);
        rit_register_rotate(ket, q, back);
        rit_register_rotate(bra, q, back);
    }
}

static void uncouple(const struct rit_ansatz *ansatz, struct pairs pairs, const double *angle,
                     struct rit_register *ket, struct rit_register *bra, double *phase, double *g)
{
    int rows = 1 << ansatz->qubits;
    double *slope = phase + rows;
    rit_register_slopes(bra, ket, slope);
    for (int i = 0; i < pairs.count; i++)
        for (int r = 0; r < rows; r++)
            g[ansatz->shared ? 0 : i] += parity(ansatz, pairs, i, r) * slope[r];
    phases(ansatz, pairs, angle, phase);
    rit_register_turn(ket, phase, true);
    rit_register_turn(bra, phase, true);
}

void rit_ansatz_back(const struct rit_ansatz *ansatz, const double *angle, struct rit_register *ket,
                     struct rit_register *bra, double *phase, double *g)
{
    int at = rit_ansatz_angles(ansatz);
    for (int i = stages(ansatz) - 1; i >= 0; i--) {
        struct stage stage = stage_of(ansatz, i);
        at -= stage.angles;
        if (stage.axes)
            unrotate(ansatz, stage.axes, angle + at, ket, bra, g + at);
        else
            uncouple(ansatz, stage.pairs, angle + at, ket, bra, phase, g + at);
    }
}
