/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A variational circuit of model.width qubits and model.depth layers, without memory:
 *
 *     H_i(t) = <phi(x_t)| U^+ Z_i U |phi(x_t)>
 *
 * for output i = 0, 1, ..., each the mean of Z of a qubit of its own, between -1 and +1. Rows become states
 * as in the quantum recurrent network (model/quantum/encode.h); all pairs go through the circuit together, as
 * columns of one register. Sources: Liu et al., arXiv:2111.04225; Incudini et al., arXiv:2212.11826.
 */
#include "base/arena.h"
#include "model/plain/plain.h"
#include "model/quantum/ansatz.h"
#include "model/quantum/encode.h"
#include "model/weights/weights.h"

#include <string.h>

struct circuit {
    struct rit_ansatz ansatz;
    struct rit_register encoded, ket, bra, back; /* a column each pair */
    double *phase;
};

static int qubits_of(const struct rit_point *point)
{
    return (int)rit_point_int(point, "model.width");
}

static enum rit_status check(const struct rit_point *point, struct rit_error *err)
{
    return rit_ansatz_check(point, qubits_of(point), "model.width", err);
}

static enum rit_status layout_of(const struct rit_point *point, struct rit_port in, struct rit_port asked,
                                 struct rit_layout *layout, struct rit_error *err)
{
    (void)in;
    struct rit_ansatz ansatz = rit_ansatz_of(point, qubits_of(point));
    if (asked.width > ansatz.qubits)
        return rit_fail(
            err, RIT_BAD_INPUT,
            "model.width: circuit reads each output off a qubit of its own; %d outputs need as many, not %d",
            asked.width, ansatz.qubits);
    *layout = (struct rit_layout){0};
    rit_weights_add(layout, "A", 0, 1, rit_ansatz_angles(&ansatz));
    return RIT_OK;
}

static double price(const struct rit_point *point, const struct rit_layout *layout)
{
    (void)layout;
    return 60.0 * (qubits_of(point) + 1) * rit_point_int(point, "model.depth") * (1 << qubits_of(point));
}

static int remembers(const struct rit_point *point)
{
    (void)point;
    return 1;
}

static void init(const struct rit_point *point, const struct rit_layout *layout,
                 const struct rit_block *block, double *w)
{
    (void)block;
    struct rit_random random = rit_weights_random(point, 0);
    rit_weights_gauss(&random, layout->size, rit_point_real(point, "model.angle-scale"), w);
}

/* Z of qubit q in row r */
static double sign_of(const struct circuit *c, int q, int r)
{
    return r >> (c->ansatz.qubits - 1 - q) & 1 ? -1.0 : 1.0;
}

static void load(struct rit_net *net, const double *w)
{
    struct circuit *c = net->self;
    rit_plain_load(net, w);
    rit_register_copy(&c->encoded, &c->ket);
    rit_ansatz_apply(&c->ansatz, w, &c->ket, c->phase);
}

static void forward(struct rit_net *net, int from, int to)
{
    const struct circuit *c = net->self;
    for (int t = from; t < to; t++) {
        double *y = net->y + (size_t)t * (size_t)net->out;
        memset(y, 0, sizeof *y * (size_t)net->out);
        for (int r = 0; r < 1 << c->ansatz.qubits; r++) {
            struct rit_planar row = rit_register_row(&c->ket, r);
            double p = row.re[t] * row.re[t] + row.im[t] * row.im[t];
            for (int i = 0; i < net->out; i++)
                y[i] += sign_of(c, i, r) * p;
        }
    }
}

/* The bra of a pair: dE/d(ket*) = sum_i dE/dy_i Z_i ket. */
static void backward(struct rit_net *net, int from, int to)
{
    const struct circuit *c = net->self;
    for (int t = from; t < to; t++) {
        const double *delta = net->y + (size_t)t * (size_t)net->out;
        for (int r = 0; net->chosen[t] && r < 1 << c->ansatz.qubits; r++) {
            struct rit_planar ket = rit_register_row(&c->ket, r), bra = rit_register_row(&c->bra, r);
            double slope = 0.0;
            for (int i = 0; i < net->out; i++)
                slope -= sign_of(c, i, r) * delta[i];
            bra.re[t] = slope * ket.re[t];
            bra.im[t] = slope * ket.im[t];
        }
    }
}

static void collect(struct rit_net *net, double *g)
{
    struct circuit *c = net->self;
    size_t size = ((size_t)c->bra.ld << c->ansatz.qubits) * sizeof(double);
    rit_register_copy(&c->ket, &c->back);
    rit_ansatz_back(&c->ansatz, net->w, &c->back, &c->bra, c->phase, g);
    memset(c->bra.of.re, 0, size);
    memset(c->bra.of.im, 0, size);
}

static struct rit_net *open_net(const struct rit_point *point, const struct rit_layout *layout,
                                const struct rit_block *block, struct rit_arena *arena)
{
    struct rit_net *net = rit_plain_open(layout, block, arena);
    struct circuit *self = RIT_TAKE(arena, 1, struct circuit);
    struct circuit c = {.ansatz = rit_ansatz_of(point, qubits_of(point))};
    int states = 1 << c.ansatz.qubits;
    c.encoded = rit_register_take(arena, c.ansatz.qubits, block->pairs);
    c.ket = rit_register_take(arena, c.ansatz.qubits, block->pairs);
    c.bra = rit_register_take(arena, c.ansatz.qubits, block->pairs);
    c.back = rit_register_take(arena, c.ansatz.qubits, block->pairs);
    c.phase = RIT_TAKE(arena, (size_t)(2 * states), double);
    struct rit_planar state = rit_register_planar(arena, (size_t)states);
    if (!net)
        return NULL;
    for (int t = 0; t < block->pairs; t++) {
        rit_encode(&block->in, t, (int)rit_point_int(point, "model.lowest"), c.ansatz.qubits, 0, state);
        for (int r = 0; r < states; r++) {
            rit_register_row(&c.encoded, r).re[t] = state.re[r];
            rit_register_row(&c.encoded, r).im[t] = state.im[r];
        }
    }
    *self = c;
    net->self = self;
    net->forward = forward;
    net->backward = backward;
    net->collect = collect;
    return net;
}

const struct rit_model rit_model_circuit = {
    .member = {.name = "circuit",
               .meaning = "a variational quantum circuit without memory; in float64",
               .shared = rit_ansatz_params,
               .n_shared = RIT_ANSATZ_PARAMS},
    .size = "model.width",
    .check = check,
    .layout = layout_of,
    .init = init,
    .price = price,
    .remembers = remembers,
    .open = open_net,
    .load = load,
    .pass = rit_plain_pass,
};
