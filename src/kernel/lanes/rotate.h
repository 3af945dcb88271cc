/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Planar complex rows: a multiple of 16 real parts, and as many imaginary parts elsewhere. */
#ifndef RITARDANDO_LANES_ROTATE_H
#define RITARDANDO_LANES_ROTATE_H

#include "kernel/kernels.h"
#include "kernel/lanes/reduce.h"

INLINE vd at_f64(const double *p)
{
    return *(const vd *)p;
}

struct complex_vector {
    vd re, im;
};

/* to + z x, with z the same in all lanes */
INLINE struct complex_vector add_multiple(struct complex_vector to, const double z[2],
                                          struct complex_vector x)
{
    vd re = all_f64(z[0]), im = all_f64(z[1]);
    to.re = fma_f64(-im, x.im, fma_f64(re, x.re, to.re));
    to.im = fma_f64(im, x.re, fma_f64(re, x.im, to.im));
    return to;
}

INLINE struct complex_vector load_complex(struct rit_planar x, size_t i)
{
    return (struct complex_vector){at_f64(x.re + i), at_f64(x.im + i)};
}

INLINE void store_complex(struct rit_planar x, size_t i, struct complex_vector v)
{
    *(vd *)(x.re + i) = v.re;
    *(vd *)(x.im + i) = v.im;
}

static void mix(size_t n, const double u[8], struct rit_planar x, struct rit_planar y)
{
    const struct complex_vector zero = {all_f64(0.0), all_f64(0.0)};
    for (size_t i = 0; i < n; i += HALF) {
        struct complex_vector a = load_complex(x, i), b = load_complex(y, i);
        store_complex(x, i, add_multiple(add_multiple(zero, u, a), u + 2, b));
        store_complex(y, i, add_multiple(add_multiple(zero, u + 4, a), u + 6, b));
    }
}

static void add_complex(size_t n, const double z[2], struct rit_planar x, struct rit_planar y)
{
    for (size_t i = 0; i < n; i += HALF)
        store_complex(y, i, add_multiple(load_complex(y, i), z, load_complex(x, i)));
}

static void add_real_parts(size_t n, struct rit_planar x, struct rit_planar y, double *sum)
{
    for (size_t i = 0; i < n; i += HALF) {
        struct complex_vector a = load_complex(x, i), b = load_complex(y, i);
        *(vd *)(sum + i) = fma_f64(a.im, b.im, fma_f64(a.re, b.re, at_f64(sum + i)));
    }
}

static void overlap(size_t n, struct rit_planar x, struct rit_planar y, double sum[2])
{
    struct lanes re = no_lanes(), im = no_lanes();
    for (size_t i = 0; i < n; i += RIT_VIRTUAL_LANES)
        UNROLL for (int p = 0; p < PARTS; p++)
        {
            struct complex_vector a = load_complex(x, i + (size_t)p * HALF),
                                  b = load_complex(y, i + (size_t)p * HALF);
            re.part[p] = fma_f64(a.im, b.im, fma_f64(a.re, b.re, re.part[p]));
            im.part[p] = fma_f64(-a.im, b.re, fma_f64(a.re, b.im, im.part[p]));
        }
    sum[0] += finish(re);
    sum[1] += finish(im);
}

#endif
