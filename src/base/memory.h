/* SPDX-License-Identifier: GPL-3.0-or-later */
/** How much memory a process can have here. */
#ifndef RITARDANDO_BASE_MEMORY_H
#define RITARDANDO_BASE_MEMORY_H

#include <stddef.h>

/**
 * Bytes of memory that this process may come to use at most: the machine's own, less where its control group
 * or a limit of the shell sets a smaller number.
 */
size_t rit_memory_here(void);

#endif
