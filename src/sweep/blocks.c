/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/blocks.h"

#include "base/pack.h"
#include "base/process.h"

#include <stdlib.h>
#include <string.h>

static const double silence = 2; /* seconds of loading that nobody wonders about */

/* Whether a parameter decides on the corpus, or only on what is cut out of it and how. */
static bool decides(const char *key, bool corpus)
{
    static const char *const which[] = {"data.first", "data.chorales", "data.test-first", "data.test"};
    for (size_t i = 0; corpus && i < sizeof which / sizeof which[0]; i++)
        if (strcmp(key, which[i]) == 0)
            return false;
    return strncmp(key, "data.", 5) == 0 || (!corpus && strncmp(key, "task.", 5) == 0);
}

/* Of the parameters that decide on the block, or on its corpus alone. */
static struct rit_hash hash_of_parameters(const struct rit_point *point, bool corpus)
{
    struct rit_buffer text = {0};
    const struct rit_registry *registry = point->registry;
    for (int i = 0; i < registry->count; i++) {
        char value[1024];
        if (!decides(registry->param[i]->key, corpus))
            continue;
        int n = rit_value_print(registry->param[i], &point->value[i], value, sizeof value);
        RIT_CHECK(n >= 0 && (size_t)n < sizeof value);
        rit_pack_text(&text, value);
    }
    struct rit_hash hash = rit_hash_of(text.data, text.size);
    rit_buffer_release(&text);
    return hash;
}

/* ---- corpora ---- */

static struct rit_known_corpus *find_corpus(struct rit_blocks *blocks, const struct rit_hash *parameters)
{
    for (int i = 0; i < blocks->corpora; i++)
        if (rit_hash_equal(&blocks->corpus[i].parameters, parameters))
            return &blocks->corpus[i];
    size_t count = (size_t)blocks->corpora + 1;
    blocks->corpus = realloc(blocks->corpus, count * sizeof *blocks->corpus);
    RIT_CHECK(blocks->corpus);
    blocks->corpus[blocks->corpora] = (struct rit_known_corpus){.parameters = *parameters};
    return &blocks->corpus[blocks->corpora++];
}

/* The first `need` sequences at least. A corpus that has to grow is loaded with room for more, since the
 * blocks of a plan mostly come in ascending order; there may be no more, though. */
static enum rit_status load_corpus(struct rit_known_corpus *known, const struct rit_point *point, int need,
                                   struct rit_error *err)
{
    const struct rit_source *source = rit_source_of(point);
    double began = rit_seconds();
    struct rit_corpus fresh;
    if (known->corpus.sequences >= need)
        return RIT_OK;
    bool grows = known->corpus.sequences > 0;
    if (!grows || source->load(point, 2 * need, &fresh, NULL) != RIT_OK)
        RIT_TRY(source->load(point, need, &fresh, err));
    rit_corpus_release(&known->corpus);
    known->corpus = fresh;
    if (rit_seconds() > began + silence)
        rit_say("%d %ss loaded in %.0f s", fresh.sequences, source->noun, rit_seconds() - began);
    return RIT_OK;
}

/* ---- blocks ---- */

/* Where a block of these parameters stands, or would stand. */
static struct rit_known_block **place_of(struct rit_known_block **known, int room,
                                         const struct rit_hash *parameters)
{
    uint64_t number;
    memcpy(&number, parameters->byte, sizeof number);
    size_t mask = (size_t)room - 1, at = number & mask; /* room is a power of two, and never all taken */
    while (known[at] && !rit_hash_equal(&known[at]->parameters, parameters))
        at = (at + 1) & mask;
    return &known[at];
}

static void make_room(struct rit_blocks *blocks)
{
    if (2 * (blocks->count + 1) <= blocks->room)
        return;
    int room = blocks->room ? 2 * blocks->room : 16;
    struct rit_known_block **known = calloc((size_t)room, sizeof(struct rit_known_block *));
    RIT_CHECK(known);
    for (int i = 0; i < blocks->room; i++)
        if (blocks->known[i])
            *place_of(known, room, &blocks->known[i]->parameters) = blocks->known[i];
    free(blocks->known);
    blocks->known = known;
    blocks->room = room;
}

static enum rit_status cut(struct rit_blocks *blocks, const struct rit_point *point,
                           struct rit_known_block *block, struct rit_error *err)
{
    struct rit_hash parameters = hash_of_parameters(point, true);
    struct rit_known_corpus *known = find_corpus(blocks, &parameters);
    RIT_TRY(load_corpus(known, point, rit_block_need(point), err));
    RIT_TRY(rit_block_cut(point, &known->corpus, &block->block, err));
    block->digest = rit_block_digest(&block->block);
    return RIT_OK;
}

enum rit_status rit_blocks_get(struct rit_blocks *blocks, const struct rit_point *point,
                               const struct rit_known_block **known, struct rit_error *err)
{
    struct rit_hash parameters = hash_of_parameters(point, false);
    make_room(blocks);
    struct rit_known_block **place = place_of(blocks->known, blocks->room, &parameters);
    if (!*place) {
        struct rit_known_block *fresh = calloc(1, sizeof *fresh);
        RIT_CHECK(fresh);
        fresh->parameters = parameters;
        enum rit_status status = cut(blocks, point, fresh, err);
        if (status != RIT_OK) {
            free(fresh);
            return status;
        }
        *place = fresh;
        blocks->count++;
    }
    *known = *place;
    return RIT_OK;
}

void rit_blocks_release(struct rit_blocks *blocks)
{
    for (int i = 0; i < blocks->room; i++) {
        if (blocks->known[i])
            rit_block_release(&blocks->known[i]->block);
        free(blocks->known[i]);
    }
    for (int i = 0; i < blocks->corpora; i++)
        rit_corpus_release(&blocks->corpus[i].corpus);
    free(blocks->known);
    free(blocks->corpus);
    *blocks = (struct rit_blocks){0};
}
