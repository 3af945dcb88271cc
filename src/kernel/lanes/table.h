/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The one source of all kernels. Included by one small file per instruction set, which defines LANES
 * (floats per vector), TABLE (the table's name) and NAME.
 */
#include "kernel/lanes/activate.h"
#include "kernel/lanes/bits.h"
#include "kernel/lanes/dual.h"
#include "kernel/lanes/pack.h"
#include "kernel/lanes/plain.h"
#include "kernel/lanes/products.h"
#include "kernel/lanes/reduce.h"
#include "kernel/lanes/rotate.h"

static void tanh_array(size_t n, const float *x, float *y)
{
    for (size_t i = 0; i < n; i += LANES) {
        vf z = load(x + i);
        tanh_f32(1, &z);
        store(y + i, z);
    }
}

extern const struct rit_kernels TABLE;
const struct rit_kernels TABLE = {
    .name = NAME,
    .pack = pack,
    .pack_bits = pack_bits,
    .add_bits = add_bits,
    .multiply = multiply,
    .ahead = ahead,
    .back = back,
    .outer = outer,
    .bit_sums = bit_sums,
    .nll = nll,
    .row_squares = row_squares,
    .pair_sums = pair_sums,
    .distances = distances,
    .sum_squares = sum_squares,
    .sum = sum,
    .unpack = unpack,
    .unpack_bits = unpack_bits,
    .multiply_f64 = multiply_f64,
    .activate = activate,
    .weigh = weigh,
    .tanh = tanh_array,
    .apply = apply,
    .apply_back = apply_back,
    .subtract_outer = subtract_outer,
    .mix = mix,
    .add_complex = add_complex,
    .add_real_parts = add_real_parts,
    .overlap = overlap,
    .dual_series = dual_series,
};
