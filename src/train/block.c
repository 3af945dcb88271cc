/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where source and task meet. */
#include <ritardando/task.h>

static int first_of(const struct rit_point *point)
{
    return (int)rit_point_int(point, "data.first");
}

static int count_of(const struct rit_point *point)
{
    return (int)rit_point_int(point, "data.chorales");
}

enum rit_status rit_block_cut(const struct rit_point *point, const struct rit_corpus *corpus,
                              struct rit_block *block, struct rit_error *err)
{
    return rit_task_of(point)->cut(point, corpus, rit_source_of(point)->noun, first_of(point),
                                   count_of(point), block, err);
}

enum rit_status rit_block_load(const struct rit_point *point, struct rit_block *block, struct rit_error *err)
{
    struct rit_corpus corpus;
    *block = (struct rit_block){0};
    RIT_TRY(rit_source_of(point)->load(point, first_of(point) + count_of(point), &corpus, err));
    enum rit_status status = rit_block_cut(point, &corpus, block, err);
    rit_corpus_release(&corpus);
    return status;
}
