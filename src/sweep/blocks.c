/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/blocks.h"

#include "base/pack.h"

#include <stdlib.h>
#include <string.h>

static struct rit_hash hash_of_parameters(const struct rit_point *point)
{
    struct rit_buffer text = {0};
    const struct rit_registry *registry = point->registry;
    for (int i = 0; i < registry->count; i++) {
        char value[1024];
        if (strncmp(registry->param[i]->key, "data.", 5) != 0)
            continue;
        int n = rit_value_print(registry->param[i], &point->value[i], value, sizeof value);
        RIT_CHECK(n >= 0 && (size_t)n < sizeof value);
        rit_pack_text(&text, value);
    }
    struct rit_hash hash = rit_hash_of(text.data, text.size);
    rit_buffer_release(&text);
    return hash;
}

enum rit_status rit_blocks_get(struct rit_blocks *blocks, const struct rit_point *point,
                               const struct rit_known_block **known, struct rit_error *err)
{
    struct rit_hash parameters = hash_of_parameters(point);
    for (int i = 0; i < blocks->count; i++) {
        *known = blocks->known[i];
        if (rit_hash_equal(&(*known)->parameters, &parameters))
            return RIT_OK;
    }
    struct rit_known_block *fresh = calloc(1, sizeof *fresh);
    blocks->known = realloc(blocks->known, ((size_t)blocks->count + 1) * sizeof *blocks->known);
    RIT_CHECK(fresh && blocks->known);
    enum rit_status status = rit_block_load(point, &fresh->block, err);
    if (status != RIT_OK) {
        free(fresh);
        return status;
    }
    fresh->parameters = parameters;
    fresh->digest = rit_block_digest(&fresh->block);
    blocks->known[blocks->count++] = fresh;
    *known = fresh;
    return RIT_OK;
}

void rit_blocks_release(struct rit_blocks *blocks)
{
    for (int i = 0; i < blocks->count; i++) {
        rit_block_release(&blocks->known[i]->block);
        free(blocks->known[i]);
    }
    free(blocks->known);
    *blocks = (struct rit_blocks){0};
}
