/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/sofar.h"

void rit_sofar_pack(const struct rit_sofar *sofar, struct rit_buffer *out)
{
    rit_pack_f64(out, sofar->seconds);
    rit_pack_u64(out, sofar->steps);
    rit_pack_f64(out, sofar->tau);
    rit_pack_f64(out, sofar->nll);
}

struct rit_sofar rit_sofar_read(const unsigned char bytes[RIT_SOFAR_BYTES])
{
    struct rit_reader in = {.data = bytes, .size = RIT_SOFAR_BYTES};
    struct rit_sofar sofar;
    sofar.seconds = rit_read_f64(&in);
    sofar.steps = rit_read_u64(&in);
    sofar.tau = rit_read_f64(&in);
    sofar.nll = rit_read_f64(&in);
    return sofar;
}
