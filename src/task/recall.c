/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A delay line: the row task.delay steps ago, for which a network must remember. Before its start a sequence
 * is taken to have stood still.
 */
#include "task/block/block.h"

static const struct rit_param params[] = {
    {.key = "task.delay",
     .kind = RIT_INT,
     .fallback = "5",
     .low = 0,
     .high = 1e6,
     .unit = "steps",
     .meaning = "how many steps ago the row was that is asked for"},
};

static enum rit_status cut(const struct rit_point *point, const struct rit_corpus *corpus, const char *noun,
                           int first, int count, struct rit_block *block, struct rit_error *err)
{
    int delay = (int)rit_point_int(point, "task.delay");
    const void *rows = rit_corpus_rows(corpus);
    struct rit_block_space space;
    RIT_TRY(rit_block_take(corpus, noun, first, count, 0, corpus->port, block, &space, err));
    int longest = block->longest;
    if (delay >= longest) {
        rit_block_release(block);
        return rit_fail(err, RIT_BAD_INPUT,
                        "task.delay: no %s has a row of %d steps ago; the longest has %d rows", noun, delay,
                        longest);
    }
    rit_rows_copy(corpus->port, rows, corpus->start[first], block->pairs, space.in, 0);
    for (int c = 0; c < count; c++) {
        int from = corpus->start[first + c];
        for (int t = block->start[c]; t < block->start[c + 1]; t++) {
            int then = t - block->start[c] - delay;
            rit_rows_copy(corpus->port, rows, from + (then > 0 ? then : 0), 1, space.asked, t);
        }
    }
    rit_block_standardise(corpus, first, &space, true, block);
    return rit_block_finish(noun, first, block, err);
}

const struct rit_task rit_task_recall = {
    .member = {.name = "recall", .meaning = "the row of some steps ago (a delay line)", RIT_PARAMS(params)},
    .cut = cut,
};
