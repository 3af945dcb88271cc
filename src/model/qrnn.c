/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A quantum recurrent network: a register D of model.width data qubits, made anew of each row, and a register
 * H of model.history qubits, |0..0> at a sequence's start. At every pair
 *
 *     V_x = U(A) (|phi(x)> (x) 1_H),  K_k = <k|_D V_x,  p_k = tr K_k rho K_k^+,  rho <- sum_k K_k rho K_k^+,
 *     H_i = sum_S K_iS z_S + sum_j W_ij x_j + h_i,
 *
 * with the circuit U of model.depth layers on all qubits (model/quantum/ansatz.h), its angles A, and features
 * z of the probabilities p: <Z_q> of each data qubit, all correlators <prod_{q in S} Z_q>, or p_k for k > 0.
 * Density matrices are exact; D is measured and reset, which is the same channel as tracing it out. The
 * circuit is made a matrix once a pass, whatever the number of pairs. Source: Li et al., arXiv:2302.03244.
 *
 * With model.staggered the registers move on by one qubit after each pair, and the circuit with them: the
 * first of D, which has just been reset, becomes the last of H, and the first of H becomes the last of D
 * without being reset, so that its rotation R(x) acts on what it holds. No qubit is kept for longer than
 * history + 1 pairs. In roles, K_k = <k|_D U (|phi(x)> of all of D but its last (x) R(x) (x) 1 of H but its
 * first (x) |0>).
 *
 * With model.shots = N, steps see the shares of N outcomes for the p_k, with multinomial noise as it is for
 * large N: (dp)_k = (sqrt(p_k) g_k - p_k sum_j sqrt(p_j) g_j) / sqrt(N), g Gaussian, so that a correlator z_S
 * has the variance (1 - z_S^2) / N. In the gradient it is a constant. Measurements are exact.
 */
#include "base/arena.h"
#include "base/random.h"
#include "kernel/channel.h"
#include "model/plain/plain.h"
#include "model/quantum/ansatz.h"
#include "model/quantum/encode.h"
#include "model/weights/weights.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const readouts[] = {"single", "correlators", "outcomes", NULL};

static const struct rit_param params[] = {
    {.key = "model.history",
     .kind = RIT_INT,
     .fallback = "1",
     .low = 0,
     .high = 8,
     .unit = "qubits",
     .meaning =
         "history qubits, which are kept from pair to pair; model.width counts the data qubits, model.depth "
         "the layers of the circuit"},
    {.key = "model.readout",
     .kind = RIT_NAME,
     .fallback = "correlators",
     .choices = readouts,
     .unit = "1",
     .meaning =
         "what K reads: Z of each data qubit, the products of Z over all sets of them, or the probabilities "
         "of all outcomes but the first"},
    {.key = "model.direct",
     .kind = RIT_BOOL,
     .fallback = "true",
     .unit = "1",
     .meaning = "whether the input also goes straight to the output, by W"},
    {.key = "model.staggered",
     .kind = RIT_BOOL,
     .fallback = "false",
     .needs = "model.history: 1..",
     .unit = "1",
     .meaning =
         "whether the registers move on by one qubit after each pair, so that every qubit is reset in turn: "
         "the first data qubit becomes the last of the history, whose first becomes the last data qubit"},
    {.key = "model.shots",
     .kind = RIT_INT,
     .fallback = "0",
     .low = 0,
     .high = 1e12,
     .unit = "1",
     .meaning =
         "how often a training step repeats each measurement, of which it knows the mean outcomes only; "
         "0: always, exactly"},
};

enum { A, K }; /* the first blocks; W, where there is one, and h follow */

struct qrnn {
    struct rit_ansatz ansatz;
    int data, outcomes, ld; /* data qubits, 2^data, the same as a multiple of 16 */
    int kept;               /* 2^history */
    int direct, h;          /* blocks W, or -1, and h */
    int features;
    bool single, correlators;
    double noise; /* 1 / sqrt(shots); 0: none */
    uint64_t seed;
    int *code;  /* [T] which of the different rows a pair's row is */
    int held;   /* states of the qubit that D takes over from H: 2, or 1 where there is none */
    int inputs; /* amplitudes phi, held of each different row */
    bool real;  /* all of them are */
    int size;   /* numbers of a channel: kept * kept * ld */
    int part;   /* those of an input: size / held */
    /* Amplitudes phi as factors of real products: [inputs][2 outcomes] (re, -im) and (im, re), and of the
     * adjoint, [outcomes][2 inputs], (re, im) and (-im, re). */
    double *ahead[2], *back[2];
    struct rit_register u, ket, bra;
    double *phase;                  /* [2 x 2^qubits] */
    double *by_data;                /* [re, im][outcomes][part]: a unitary by the data state that goes in */
    struct rit_planar kraus, slope; /* [inputs][part], imaginary parts behind the real ones */
    struct rit_planar
        rho; /* [T + 1][kept * kept]: before each pair, and a place for what is after the last */
    struct rit_planar lambda;
    double *z, *p, *work; /* [T][features], [ld] */
};

static int qubits_of(const struct rit_point *point)
{
    return (int)rit_point_int(point, "model.width") + (int)rit_point_int(point, "model.history");
}

static enum rit_status check(const struct rit_point *point, struct rit_error *err)
{
    return rit_ansatz_check(point, qubits_of(point), "model.width, model.history", err);
}

static bool is(const struct rit_point *point, const char *key, const char *name)
{
    return strcmp(rit_point_name(point, key), name) == 0;
}

/* Without history every qubit is fresh as it is. */
static bool staggered(const struct rit_point *point)
{
    return rit_point_bool(point, "model.staggered") && rit_point_int(point, "model.history") > 0;
}

static int features_of(const struct rit_point *point)
{
    int data = (int)rit_point_int(point, "model.width");
    return is(point, "model.readout", "single") ? data : (1 << data) - 1;
}

static enum rit_status layout_of(const struct rit_point *point, struct rit_port in, struct rit_port asked,
                                 struct rit_layout *layout, struct rit_error *err)
{
    (void)err; /* every port is possible */
    struct rit_ansatz ansatz = rit_ansatz_of(point, qubits_of(point));
    *layout = (struct rit_layout){0};
    rit_weights_add(layout, "A", 0, 1, rit_ansatz_angles(&ansatz));
    rit_weights_add(layout, "K", 0, asked.width, features_of(point));
    if (rit_point_bool(point, "model.direct"))
        rit_weights_add(layout, "W", 0, asked.width, in.width);
    layout->block[rit_weights_add(layout, "h", 0, asked.width, 1)].in_all = false;
    return RIT_OK;
}

static double price(const struct rit_point *point, const struct rit_layout *layout)
{
    const double pairs = 300.0; /* which share a circuit; half of their rows are different */
    int n = qubits_of(point), data = (int)rit_point_int(point, "model.width");
    double outcomes = 1 << data, states = 1 << n, kept = states / outcomes;
    double circuit = 60.0 * (n + 1) * rit_point_int(point, "model.depth") * states * states / pairs;
    return 40.0 * outcomes * kept * kept * kept + 8.0 * states * states + circuit +
           rit_weights_price(point, layout);
}

static bool noisy(const struct rit_point *point)
{
    return rit_point_int(point, "model.shots") > 0;
}

static int remembers(const struct rit_point *point)
{
    struct rit_ansatz ansatz = rit_ansatz_of(point, qubits_of(point));
    bool mixes = rit_ansatz_mixes(&ansatz) || staggered(point);
    return rit_point_int(point, "model.history") > 0 && mixes ? INT_MAX : 1;
}

static void init(const struct rit_point *point, const struct rit_layout *layout,
                 const struct rit_block *block, double *w)
{
    memset(w, 0, sizeof *w * layout->size);
    struct rit_random random = rit_weights_random(point, A);
    rit_weights_gauss(&random, (size_t)layout->block[A].cols, rit_point_real(point, "model.angle-scale"), w);
    rit_weights_start_output(&layout->block[layout->blocks - 1], block, w);
}

/* Element (row, col) of a unitary on all qubits, row = (k, h out) and col = (d, h in), as it stands in
 * by_data. Columns are multiples of `held`: where D takes a qubit over, the last of H comes in as |0>. */
static size_t by_data(const struct qrnn *q, int row, int col)
{
    int k = row / q->kept, out = row % q->kept, d = col / q->kept, in = col % q->kept / q->held;
    return (size_t)d * (size_t)q->part + ((size_t)in * (size_t)q->kept + (size_t)out) * (size_t)q->ld +
           (size_t)k;
}

static void set_identity(struct rit_register *reg)
{
    size_t size = (size_t)reg->ld << reg->qubits;
    memset(reg->of.re, 0, size * sizeof *reg->of.re);
    memset(reg->of.im, 0, size * sizeof *reg->of.im);
    for (int r = 0; r < 1 << reg->qubits; r++)
        rit_register_row(reg, r).re[r] = 1.0;
}

/* The circuit as a matrix, and the Kraus operators of every different row. */
static void load(struct rit_net *net, const double *w)
{
    struct qrnn *q = net->self;
    int states = 1 << q->ansatz.qubits, half = q->outcomes;
    double *im = q->by_data + (size_t)half * (size_t)q->part;
    rit_plain_load(net, w);
    set_identity(&q->u);
    rit_ansatz_apply(&q->ansatz, w + net->layout->block[A].offset, &q->u, q->phase);
    for (int r = 0; r < states; r++) {
        struct rit_planar row = rit_register_row(&q->u, r);
        for (int c = 0; c < states; c += q->held) {
            q->by_data[by_data(q, r, c)] = row.re[c];
            im[by_data(q, r, c)] = row.im[c];
        }
    }
    const struct rit_kernels *kernels = rit_kernels();
    if (q->real) {
        kernels->multiply_f64(q->inputs, q->part, half, q->ahead[0], 2 * half, q->by_data, q->part,
                              q->kraus.re, q->part);
        kernels->multiply_f64(q->inputs, q->part, half, q->ahead[0], 2 * half, im, q->part, q->kraus.im,
                              q->part);
        return;
    }
    kernels->multiply_f64(q->inputs, q->part, 2 * half, q->ahead[0], 2 * half, q->by_data, q->part,
                          q->kraus.re, q->part);
    kernels->multiply_f64(q->inputs, q->part, 2 * half, q->ahead[1], 2 * half, q->by_data, q->part,
                          q->kraus.im, q->part);
}

/* dE/dU* of what has come together, into the bra. */
static void slope_of_unitary(struct qrnn *q)
{
    const struct rit_kernels *kernels = rit_kernels();
    int states = 1 << q->ansatz.qubits, n = q->inputs;
    double *im = q->by_data + (size_t)q->outcomes * (size_t)q->part;
    if (q->real) {
        kernels->multiply_f64(q->outcomes, q->part, n, q->back[0], 2 * n, q->slope.re, q->part, q->by_data,
                              q->part);
        kernels->multiply_f64(q->outcomes, q->part, n, q->back[0], 2 * n, q->slope.im, q->part, im, q->part);
    } else {
        kernels->multiply_f64(q->outcomes, q->part, 2 * n, q->back[0], 2 * n, q->slope.re, q->part,
                              q->by_data, q->part);
        kernels->multiply_f64(q->outcomes, q->part, 2 * n, q->back[1], 2 * n, q->slope.re, q->part, im,
                              q->part);
    }
    for (int r = 0; r < states; r++) {
        struct rit_planar row = rit_register_row(&q->bra, r);
        memset(row.re, 0, (size_t)states * sizeof(double));
        memset(row.im, 0, (size_t)states * sizeof(double));
        for (int c = 0; c < states; c += q->held) {
            row.re[c] = q->by_data[by_data(q, r, c)];
            row.im[c] = im[by_data(q, r, c)];
        }
    }
}

/* The gradient of the angles from all sequences since the last call. */
static void collect(struct rit_net *net, double *g)
{
    struct qrnn *q = net->self;
    const struct rit_weights *angles = &net->layout->block[A];
    slope_of_unitary(q);
    rit_register_copy(&q->u, &q->ket);
    rit_ansatz_back(&q->ansatz, net->w + angles->offset, &q->ket, &q->bra, q->phase, g + angles->offset);
    memset(q->slope.re, 0, 2 * (size_t)q->inputs * (size_t)q->part * sizeof(double));
}

/* Walsh transform: x[S] <- sum_k (-1)^|k & S| x[k]. */
static void walsh(int n, double *x)
{
    for (int bit = 1; bit < n; bit *= 2)
        for (int k = 0; k < n; k++)
            if (!(k & bit)) {
                double a = x[k], b = x[k | bit];
                x[k] = a + b;
                x[k | bit] = a - b;
            }
}

/* Where feature f stands among the outcomes, or sets of qubits. */
static int place(const struct qrnn *q, int f)
{
    return q->single ? 1 << (q->data - 1 - f) : f + 1;
}

static struct rit_planar state_at(const struct qrnn *q, int t)
{
    size_t at = (size_t)t * (size_t)(q->kept * q->kept);
    return (struct rit_planar){q->rho.re + at, q->rho.im + at};
}

static struct rit_channel channel_at(const struct qrnn *q, int t)
{
    size_t at = (size_t)q->code[t] * (size_t)q->size;
    return (struct rit_channel){q->outcomes, q->kept, q->ld, {q->kraus.re + at, q->kraus.im + at}};
}

/* What the shots at pair t of a step make of the probabilities. */
static void shoot(const struct qrnn *q, uint64_t step, int t)
{
    struct rit_random random = rit_random_open(q->seed, RIT_FOR_SHOTS, step, (uint64_t)t);
    double along = 0.0, *root = q->work; /* sqrt(p) times noise, and its part along sqrt(p) */
    for (int k = 0; k < q->outcomes; k++) {
        double p = fmax(0.0, q->p[k]); /* rounding may leave it just below */
        root[k] = sqrt(p) * q->noise * rit_random_gauss(&random);
        along += root[k];
    }
    for (int k = 0; k < q->outcomes; k++)
        q->p[k] += root[k] - q->p[k] * along;
}

static void forward(struct rit_net *net, int from, int to)
{
    const struct qrnn *q = net->self;
    size_t states = (size_t)(q->kept * q->kept) * sizeof(double);
    memset(state_at(q, from).re, 0, states);
    memset(state_at(q, from).im, 0, states);
    state_at(q, from).re[0] = 1.0;
    for (int t = from; t < to; t++) {
        struct rit_channel channel = channel_at(q, t);
        double *z = q->z + (size_t)t * (size_t)q->features, *y = net->y + (size_t)t * (size_t)net->out;
        rit_channel_step(&channel, state_at(q, t), state_at(q, t + 1), q->p, q->work);
        if (q->noise > 0.0 && net->draw > 0)
            shoot(q, net->draw, t);
        if (q->correlators)
            walsh(q->outcomes, q->p);
        for (int f = 0; f < q->features; f++)
            z[f] = q->p[place(q, f)];
        memset(y, 0, sizeof *y * (size_t)net->out);
        rit_plain_multiply(net, q->h, NULL, y);
        rit_plain_multiply(net, q->direct, net->x + (size_t)t * (size_t)net->in, y);
        rit_plain_multiply(net, K, z, y);
    }
}

static void backward(struct rit_net *net, int from, int to)
{
    const struct qrnn *q = net->self;
    memset(q->lambda.re, 0, (size_t)(q->kept * q->kept) * sizeof(double));
    memset(q->lambda.im, 0, (size_t)(q->kept * q->kept) * sizeof(double));
    double *dz = q->work + rit_channel_work(&(struct rit_channel){.dimension = q->kept, .ld = q->ld});
    for (int t = to - 1; t >= from; t--) {
        struct rit_channel channel = channel_at(q, t);
        size_t at = (size_t)q->code[t] * (size_t)q->size;
        struct rit_planar slope = {q->slope.re + at, q->slope.im + at}, nowhere = {NULL, NULL};
        memset(dz, 0, (size_t)q->features * sizeof *dz);
        rit_plain_multiply_back(net, K, net->y + (size_t)t * (size_t)net->out, dz);
        memset(q->p, 0, (size_t)q->ld * sizeof *q->p);
        for (int f = 0; f < q->features; f++)
            q->p[place(q, f)] = -dz[f]; /* the driver's deltas are -dE/dy */
        if (q->correlators)
            walsh(q->outcomes, q->p);
        rit_channel_back(&channel, state_at(q, t), q->p, q->lambda, net->chosen[t] ? slope : nowhere,
                         q->work);
    }
}

/* Input i's amplitudes of row t, the last qubit of D coming from H in state i mod held. */
static void encode(struct qrnn *q, const struct rit_rows *rows, int t, int lowest, int i,
                   struct rit_planar state)
{
    int n = q->outcomes;
    rit_encode(rows, t, lowest, q->data, i % q->held, state);
    double *ahead[2] = {q->ahead[0] + (size_t)i * (size_t)(2 * n), q->ahead[1] + (size_t)i * (size_t)(2 * n)};
    for (int d = 0; d < n; d++) {
        double re = state.re[d], im = state.im[d];
        double *back[2] = {q->back[0] + (size_t)d * (size_t)(2 * q->inputs),
                           q->back[1] + (size_t)d * (size_t)(2 * q->inputs)};
        ahead[0][d] = ahead[1][n + d] = re;
        ahead[0][n + d] = -im;
        ahead[1][d] = im;
        back[0][i] = back[1][q->inputs + i] = re;
        back[0][q->inputs + i] = im;
        back[1][i] = -im;
    }
}

/* The number of different rows; unless NULL, code[t] becomes which of them row t is. */
static int different(const struct rit_rows *rows, int pairs, int qubits, int *code)
{
    uint64_t *key = malloc((size_t)pairs * sizeof *key);
    RIT_CHECK(key);
    int count = 0;
    for (int t = 0; t < pairs; t++) {
        key[t] = rit_encode_key(rows, t, qubits);
        int s = 0;
        while (s < t && !(key[s] == key[t] && rit_encode_alike(rows, s, t, qubits)))
            s++;
        if (code)
            code[t] = s < t ? code[s] : count;
        count += s == t;
    }
    free(key);
    return count;
}

static struct rit_net *open_net(const struct rit_point *point, const struct rit_layout *layout,
                                const struct rit_block *block, struct rit_arena *arena)
{
    struct rit_net *net = rit_plain_open(layout, block, arena);
    struct qrnn *self = RIT_TAKE(arena, 1, struct qrnn);
    struct qrnn q = {.ansatz = rit_ansatz_of(point, qubits_of(point)),
                     .data = (int)rit_point_int(point, "model.width"),
                     .kept = 1 << rit_point_int(point, "model.history"),
                     .held = staggered(point) ? 2 : 1,
                     .direct = rit_point_bool(point, "model.direct") ? K + 1 : -1,
                     .h = layout->blocks - 1,
                     .features = features_of(point),
                     .single = is(point, "model.readout", "single"),
                     .correlators = !is(point, "model.readout", "outcomes"),
                     .seed = rit_random_seed(point),
                     .noise = noisy(point) ? 1.0 / sqrt((double)rit_point_int(point, "model.shots")) : 0.0};
    size_t pairs = (size_t)block->pairs;
    q.outcomes = 1 << q.data;
    q.ld = rit_ld(q.outcomes);
    q.size = q.kept * q.kept * q.ld;
    q.part = q.size / q.held;
    q.inputs = q.held * different(&block->in, block->pairs, q.data, NULL);
    q.code = RIT_TAKE(arena, pairs, int);
    for (int i = 0; i < 2; i++) {
        q.ahead[i] = RIT_TAKE(arena, (size_t)q.inputs * (size_t)(2 * q.outcomes), double);
        q.back[i] = RIT_TAKE(arena, (size_t)q.inputs * (size_t)(2 * q.outcomes), double);
    }
    q.u = rit_register_take(arena, q.ansatz.qubits, 1 << q.ansatz.qubits);
    q.ket = rit_register_take(arena, q.ansatz.qubits, 1 << q.ansatz.qubits);
    q.bra = rit_register_take(arena, q.ansatz.qubits, 1 << q.ansatz.qubits);
    q.phase = RIT_TAKE(arena, (size_t)2 << q.ansatz.qubits, double);
    q.by_data = RIT_TAKE(arena, 2 * (size_t)q.outcomes * (size_t)q.part, double);
    q.kraus = rit_register_planar(arena, (size_t)q.inputs * (size_t)q.part);
    q.slope = rit_register_planar(arena, (size_t)q.inputs * (size_t)q.part);
    q.rho = rit_register_planar(arena, (pairs + 1) * (size_t)q.kept * (size_t)q.kept);
    q.lambda = rit_register_planar(arena, (size_t)q.kept * (size_t)q.kept);
    q.z = RIT_TAKE(arena, pairs * (size_t)q.features, double);
    q.p = RIT_TAKE(arena, (size_t)q.ld, double);
    q.work = RIT_TAKE(arena, (size_t)(2 * q.size + q.ld), double);
    struct rit_planar state = rit_register_planar(arena, (size_t)q.outcomes);
    if (!net)
        return NULL;
    different(&block->in, block->pairs, q.data, q.code);
    q.real = true;
    for (int t = 0; t < block->pairs; t++) {
        for (int h = 0; h < q.held; h++)
            encode(&q, &block->in, t, (int)rit_point_int(point, "model.lowest"), q.code[t] * q.held + h,
                   state);
        q.real = q.real && rit_encode_real(&block->in, t);
    }
    *self = q;
    net->self = self;
    net->forward = forward;
    net->backward = backward;
    net->collect = collect;
    net->feed[K] = (struct rit_feed){net->y, q.z, 0};
    if (q.direct >= 0)
        net->feed[q.direct] = (struct rit_feed){net->y, net->x, 0};
    net->feed[q.h] = (struct rit_feed){net->y, NULL, 0};
    return net;
}

static struct rit_channel channel(const struct rit_point *point, struct rit_net *net, int pair)
{
    int outcomes = 1 << rit_point_int(point, "model.width");
    if (net)
        return channel_at(net->self, pair);
    return (struct rit_channel){.outcomes = outcomes,
                                .dimension = 1 << rit_point_int(point, "model.history"),
                                .ld = rit_ld(outcomes)};
}

const struct rit_model rit_model_qrnn = {
    .member = {.name = "qrnn",
               .meaning = "a quantum circuit on data and history qubits; in float64",
               RIT_PARAMS(params),
               .shared = rit_ansatz_params,
               .n_shared = RIT_ANSATZ_PARAMS},
    .size = "model.width",
    .check = check,
    .layout = layout_of,
    .init = init,
    .price = price,
    .remembers = remembers,
    .noisy = noisy,
    .open = open_net,
    .load = load,
    .pass = rit_plain_pass,
    .channel = channel,
};
