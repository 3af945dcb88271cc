/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One layer of gated recurrent units:
 *
 *     z = sigma(Wz x + Uz m + bz), r = sigma(Wr x + Ur m + br), c = tanh(Wc x + Uc (r m) + bc),
 *     state = (1 - z) m + z c, H = K state + h, m being the state before; 0 at a sequence's start.
 *
 * Source: Cho et al., EMNLP 2014.
 */
#include "base/arena.h"
#include "base/exact.h"
#include "model/plain/plain.h"
#include "model/weights/weights.h"

#include <math.h>
#include <string.h>

enum { WZ, WR, WC, UZ, UR, UC, BZ, BR, BC, K, H, BLOCKS };

/* [T][n] each: gates, candidate, state, state before, its gated copy; and deltas of what goes into z, r, c.
 */
enum { Z, R, C, STATE, BEFORE, GATED, DZ, DR, DC, ARRAYS };

struct gru {
    int n;
    double *of[ARRAYS];
    double *back, *gated; /* [n] -dE/dstate and -dE/d(r m) */
};

static enum rit_status check(const struct rit_point *point, struct rit_error *err)
{
    if (rit_point_int(point, "model.depth") != 1)
        return rit_fail(err, RIT_BAD_INPUT, "model.depth: gru has one layer");
    return RIT_OK;
}

static enum rit_status layout_of(const struct rit_point *point, struct rit_port in, struct rit_port asked,
                                 struct rit_layout *layout, struct rit_error *err)
{
    static const char *const name[BLOCKS] = {"Wz", "Wr", "Wc", "Uz", "Ur", "Uc", "bz", "br", "bc", "K", "h"};
    (void)err; /* every port is possible */
    int n = (int)rit_point_int(point, "model.width");
    *layout = (struct rit_layout){0};
    for (int b = 0; b < BLOCKS; b++) {
        int cols = b <= WC ? in.width : b <= UC || b == K ? n : 1;
        rit_weights_add(layout, name[b], 0, b < K ? n : asked.width, cols);
    }
    layout->block[H].in_all = false;
    return RIT_OK;
}

static void init(const struct rit_point *point, const struct rit_layout *layout,
                 const struct rit_block *block, double *w)
{
    memset(w, 0, sizeof *w * layout->size);
    for (int b = 0; b < K; b++) {
        const struct rit_weights *at = &layout->block[b];
        struct rit_random random = rit_weights_random(point, b);
        if (b < BZ)
            rit_weights_gauss(&random, (size_t)at->rows * (size_t)at->cols, 1.0 / sqrt(at->cols),
                              w + at->offset);
    }
    rit_weights_start_output(&layout->block[H], block, w);
}

static double sigma(double x)
{
    return 0.5 + 0.5 * rit_tanh(0.5 * x);
}

/* What goes into one of the gates or the candidate at pair t. */
static double *drive(const struct rit_net *net, int array, int w, int u, int b, int t, const double *past)
{
    const struct gru *gru = net->self;
    double *to = gru->of[array] + (size_t)t * (size_t)gru->n;
    memset(to, 0, sizeof *to * (size_t)gru->n);
    rit_plain_multiply(net, b, NULL, to);
    rit_plain_multiply(net, w, net->x + (size_t)t * (size_t)net->in, to);
    rit_plain_multiply(net, u, past, to);
    return to;
}

static void forward(struct rit_net *net, int from, int to)
{
    const struct gru *gru = net->self;
    for (int t = from; t < to; t++) {
        size_t at = (size_t)t * (size_t)gru->n;
        double *before = gru->of[BEFORE] + at, *gated = gru->of[GATED] + at, *state = gru->of[STATE] + at;
        for (int i = 0; i < gru->n; i++)
            before[i] = t > from ? state[i - gru->n] : 0.0;
        double *z = drive(net, Z, WZ, UZ, BZ, t, before), *r = drive(net, R, WR, UR, BR, t, before);
        for (int i = 0; i < gru->n; i++) {
            z[i] = sigma(z[i]);
            r[i] = sigma(r[i]);
            gated[i] = r[i] * before[i];
        }
        double *c = drive(net, C, WC, UC, BC, t, gated), *y = net->y + (size_t)t * (size_t)net->out;
        for (int i = 0; i < gru->n; i++) {
            c[i] = rit_tanh(c[i]);
            state[i] = before[i] + z[i] * (c[i] - before[i]);
        }
        memset(y, 0, sizeof *y * (size_t)net->out);
        rit_plain_multiply(net, H, NULL, y);
        rit_plain_multiply(net, K, state, y);
    }
}

static void backward(struct rit_net *net, int from, int to)
{
    const struct gru *gru = net->self;
    double *back = gru->back;
    memset(back, 0, sizeof *back * (size_t)gru->n);
    for (int t = to - 1; t >= from; t--) {
        size_t at = (size_t)t * (size_t)gru->n;
        const double *z = gru->of[Z] + at, *r = gru->of[R] + at, *c = gru->of[C] + at,
                     *before = gru->of[BEFORE] + at;
        double *dz = gru->of[DZ] + at, *dr = gru->of[DR] + at, *dc = gru->of[DC] + at;
        rit_plain_multiply_back(net, K, net->y + (size_t)t * (size_t)net->out, back);
        for (int i = 0; i < gru->n; i++) {
            dz[i] = back[i] * (c[i] - before[i]) * z[i] * (1.0 - z[i]);
            dc[i] = back[i] * z[i] * (1.0 - c[i] * c[i]);
        }
        memset(gru->gated, 0, sizeof *gru->gated * (size_t)gru->n);
        rit_plain_multiply_back(net, UC, dc, gru->gated);
        for (int i = 0; i < gru->n; i++) {
            dr[i] = gru->gated[i] * before[i] * r[i] * (1.0 - r[i]);
            back[i] = back[i] * (1.0 - z[i]) + gru->gated[i] * r[i];
        }
        rit_plain_multiply_back(net, UZ, dz, back);
        rit_plain_multiply_back(net, UR, dr, back);
    }
}

static struct rit_net *open_net(const struct rit_point *point, const struct rit_layout *layout,
                                const struct rit_block *block, struct rit_arena *arena)
{
    struct rit_net *net = rit_plain_open(layout, block, arena);
    struct gru *self = RIT_TAKE(arena, 1, struct gru), gru = {.n = (int)rit_point_int(point, "model.width")};
    for (int i = 0; i < ARRAYS; i++)
        gru.of[i] = RIT_TAKE(arena, (size_t)block->pairs * (size_t)gru.n, double);
    gru.back = RIT_TAKE(arena, (size_t)gru.n, double);
    gru.gated = RIT_TAKE(arena, (size_t)gru.n, double);
    if (!net)
        return NULL;
    *self = gru;
    net->self = self;
    net->forward = forward;
    net->backward = backward;
    for (int g = 0; g < 3; g++) {
        const double *delta = gru.of[DZ + g];
        net->feed[WZ + g] = (struct rit_feed){delta, net->x, 0};
        net->feed[UZ + g] = (struct rit_feed){delta, gru.of[g == 2 ? GATED : BEFORE], 0};
        net->feed[BZ + g] = (struct rit_feed){delta, NULL, 0};
    }
    net->feed[K] = (struct rit_feed){net->y, gru.of[STATE], 0};
    net->feed[H] = (struct rit_feed){net->y, NULL, 0};
    return net;
}

const struct rit_model rit_model_gru = {
    .member = {.name = "gru", .meaning = "one layer of gated recurrent units; in float64"},
    .size = "model.width",
    .check = check,
    .layout = layout_of,
    .init = init,
    .price = rit_weights_price,
    .open = open_net,
    .load = rit_plain_load,
    .pass = rit_plain_pass,
};
