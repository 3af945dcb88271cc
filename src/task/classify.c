/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The label of a row from the rows of its sequence up to it. */
#include "task/block/block.h"

static enum rit_status cut(const struct rit_point *point, const struct rit_corpus *corpus, const char *noun,
                           int first, int count, struct rit_block *block, struct rit_error *err)
{
    (void)point;
    struct rit_block_space space;
    if (corpus->label.kind == RIT_ROW_NONE)
        return rit_fail(err, RIT_BAD_INPUT, "task.name: classify needs labels, which a %s does not have",
                        noun);
    RIT_TRY(rit_block_take(corpus, noun, first, count, 0, corpus->label, block, &space, err));
    int from = corpus->start[first];
    rit_rows_copy(corpus->port, rit_corpus_rows(corpus), from, block->pairs, space.in, 0);
    rit_rows_copy(corpus->label, rit_corpus_labels(corpus), from, block->pairs, space.asked, 0);
    rit_block_standardise(corpus, first, &space, false, block);
    return rit_block_finish(noun, first, block, err);
}

const struct rit_task rit_task_classify = {
    .member = {.name = "classify", .meaning = "the label of each row, for sources whose rows have labels"},
    .cut = cut,
};
