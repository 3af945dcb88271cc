/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RITARDANDO_BENCH_PEAK_H
#define RITARDANDO_BENCH_PEAK_H

/**
 * The core's peak of float32 multiply-adds [GFLOP/s] with the vectors of an instruction set ("avx512",
 * "avx2", "neon"): the median of some ten milliseconds of independent chains in registers. NaN for others.
 */
double rit_peak(const char *isa);

#endif
