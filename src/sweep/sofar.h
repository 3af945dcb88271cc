/* SPDX-License-Identifier: GPL-3.0-or-later */
/** How far a point in training had come when its checkpoint was written: its first bytes, for people. */
#ifndef RITARDANDO_SWEEP_SOFAR_H
#define RITARDANDO_SWEEP_SOFAR_H

#include "base/pack.h"

struct rit_sofar {
    double seconds; /* of training, over all incarnations */
    uint64_t steps;
    double tau, nll; /* [bits]; NAN if it was not measured yet */
};

enum { RIT_SOFAR_BYTES = 32 };

void rit_sofar_pack(const struct rit_sofar *sofar, struct rit_buffer *out);
struct rit_sofar rit_sofar_read(const unsigned char bytes[RIT_SOFAR_BYTES]);

#endif
