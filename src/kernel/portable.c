/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For every other machine: four lanes. On ARM they are NEON's; elsewhere the compiler makes what it can. */
#define LANES 4
#ifdef __ARM_NEON
#define NAME "neon"
#else
#define NAME "portable"
#endif
#define TABLE rit_kernels_portable
#include "kernel/lanes/table.h"
