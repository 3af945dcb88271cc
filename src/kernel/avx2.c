/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifdef __x86_64__
#define LANES 8
#define NAME  "avx2"
#define TABLE rit_kernels_avx2
#include "kernel/lanes/table.h"
#endif
