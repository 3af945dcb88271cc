/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifdef __x86_64__
#define LANES 16
#define NAME  "avx512"
#define TABLE rit_kernels_avx512
#include "kernel/lanes/table.h"
#endif
