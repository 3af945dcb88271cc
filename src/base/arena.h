/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * One block of memory, handed out from front to back.
 *
 * A layout function that takes its arrays from an arena is called twice: once on a measuring arena
 * (base NULL), which only adds up sizes, and once on the real one. The memory of a run is therefore
 * known before the run starts, and there is nothing to free piece by piece.
 */
#ifndef RITARDANDO_BASE_ARENA_H
#define RITARDANDO_BASE_ARENA_H

#include <stddef.h>

enum { RIT_ALIGN = 64 }; /* bytes; one cache line, one AVX-512 vector */

struct rit_arena {
    char *base;  /* NULL: only measure */
    size_t size; /* bytes behind base */
    size_t used; /* bytes handed out so far */
};

/** `count` zeroed elements of `size` bytes, aligned to RIT_ALIGN; NULL from a measuring arena. Never fails.
 */
void *rit_arena_take(struct rit_arena *arena, size_t count, size_t size);

/** An arena of `size` zeroed bytes; base is NULL if there is no memory. The caller frees base with free(). */
struct rit_arena rit_arena_new(size_t size);

#define RIT_TAKE(arena, count, type) ((type *)rit_arena_take((arena), (count), sizeof(type)))

#endif
