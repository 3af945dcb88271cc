/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The next row from those up to now: pair t of a sequence is its row t and its row t + 1. */
#include "task/block/block.h"

static enum rit_status cut(const struct rit_point *point, const struct rit_corpus *corpus, const char *noun,
                           int first, int count, struct rit_block *block, struct rit_error *err)
{
    (void)point;
    struct rit_block_space space;
    RIT_TRY(rit_block_take(corpus, noun, first, count, 1, corpus->port, block, &space, err));
    block->next = true;
    for (int c = 0; c < count; c++) {
        int from = corpus->start[first + c], to = block->start[c], pairs = block->start[c + 1] - to;
        rit_rows_copy(corpus->port, rit_corpus_rows(corpus), from, pairs, space.in, to);
        rit_rows_copy(corpus->port, rit_corpus_rows(corpus), from + 1, pairs, space.asked, to);
    }
    rit_block_standardise(corpus, first, &space, true, block);
    return rit_block_finish(noun, first, block, err);
}

const struct rit_task rit_task_next_step = {
    .member = {.name = "next-step", .meaning = "the next row of a sequence from the rows up to now"},
    .cut = cut,
};
