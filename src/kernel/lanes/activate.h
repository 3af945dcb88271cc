/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Activations of whole rows with their slopes. */
#ifndef RITARDANDO_LANES_ACTIVATE_H
#define RITARDANDO_LANES_ACTIVATE_H

#include "kernel/kernels.h"
#include "kernel/lanes/elementary.h"

INLINE void tanh_unit(vf *x, vf *slope)
{
    tanh_f32(1, x);
    *slope = fma_f32(-*x, *x, all(1.0f));
}

INLINE void relu_unit(vf *x, vf *slope)
{
    *x = at_least(*x, all(0.0f));
    *slope = where_negative(all(0.0f) - *x, all(1.0f), all(0.0f));
}

INLINE void sin_unit(vf *x, vf *slope)
{
    sin_cos_f32(x, slope);
}

INLINE void cos_unit(vf *x, vf *slope)
{
    vf sine = *x;
    sin_cos_f32(&sine, x);
    *slope = -sine;
}

INLINE void identity_unit(vf *x, vf *slope)
{
    (void)x;
    *slope = all(1.0f);
}

INLINE void activate_with(void (*unit)(vf *x, vf *slope), size_t n, float *x, float *slope)
{
    for (size_t i = 0; i < n; i += LANES) {
        vf y = load(x + i), s;
        unit(&y, &s);
        store(x + i, y);
        store(slope + i, s);
    }
}

static void activate(enum rit_activation phi, int rows, int n, float *x, float *slope)
{
    size_t ld = (size_t)rit_ld(n), size = (size_t)rows * ld;
    switch (phi) {
    case RIT_TANH:
        activate_with(tanh_unit, size, x, slope);
        break;
    case RIT_ERF:
        activate_with(erf_f32, size, x, slope);
        break;
    case RIT_RELU:
        activate_with(relu_unit, size, x, slope);
        break;
    case RIT_SIN:
        activate_with(sin_unit, size, x, slope);
        break;
    case RIT_COS: /* what lies beyond the units is not cos 0 */
        activate_with(cos_unit, size, x, slope);
        for (int r = 0; r < rows; r++)
            memset(x + (size_t)r * ld + n, 0, sizeof *x * (ld - (size_t)n));
        break;
    case RIT_IDENTITY:
        activate_with(identity_unit, size, x, slope);
        break;
    }
}

static void weigh(size_t n, const float *slope, float *d)
{
    for (size_t i = 0; i < n; i += LANES)
        store(d + i, load(d + i) * load(slope + i));
}

#endif
