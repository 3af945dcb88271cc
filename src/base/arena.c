/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"

#include <ritardando/status.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static size_t aligned(size_t bytes)
{
    RIT_CHECK(bytes <= SIZE_MAX - RIT_ALIGN);
    return (bytes + RIT_ALIGN - 1) / RIT_ALIGN * RIT_ALIGN;
}

void *rit_arena_take(struct rit_arena *arena, size_t count, size_t size)
{
    RIT_CHECK(size == 0 || count <= (SIZE_MAX - RIT_ALIGN) / size);
    size_t bytes = aligned(count * size);
    size_t at = arena->used;
    RIT_CHECK(bytes <= SIZE_MAX - at);
    arena->used = at + bytes;
    if (!arena->base)
        return NULL;
    RIT_CHECK(arena->used <= arena->size);
    return arena->base + at;
}

struct rit_arena rit_arena_new(size_t size)
{
    struct rit_arena arena = {.base = aligned_alloc(RIT_ALIGN, aligned(size ? size : 1)),
                              .size = aligned(size)};
    if (arena.base)
        memset(arena.base, 0, aligned(size ? size : 1));
    return arena;
}
