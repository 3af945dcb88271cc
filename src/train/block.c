/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where source and task meet. */
#include <ritardando/task.h>

#include <stdlib.h>

static const struct rit_param params[] = {
    {.key = "data.first",
     .kind = RIT_INT,
     .fallback = "0",
     .low = 0,
     .high = 1e6,
     .unit = "chorales",
     .meaning = "first chorale of the training block (train, valid, test counted on in that order)"},
    {.key = "data.chorales",
     .kind = RIT_INT,
     .fallback = "5",
     .low = 1,
     .high = 1e6,
     .unit = "chorales",
     .meaning = "number of chorales P in the training block"},
    {.key = "data.test",
     .kind = RIT_INT,
     .fallback = "0",
     .low = 0,
     .high = 1e6,
     .unit = "chorales",
     .meaning = "number of sequences in a held-out block, on which the loss is measured but which is never "
                "trained on"},
    {.key = "data.test-first",
     .kind = RIT_INT,
     .fallback = "-1",
     .low = -1,
     .high = 1e6,
     .unit = "chorales",
     .needs = "data.test: 1..",
     .meaning = "first sequence of the held-out block; -1: the one behind the training block"},
};
const struct rit_param_table rit_block_params = RIT_PARAM_TABLE(params);

/* Sequences of the corpus. */
struct range {
    int first, count;
};

static struct range trained(const struct rit_point *point)
{
    return (struct range){(int)rit_point_int(point, "data.first"),
                          (int)rit_point_int(point, "data.chorales")};
}

static struct range held_out(const struct rit_point *point)
{
    struct range block = trained(point);
    int first = (int)rit_point_int(point, "data.test-first");
    return (struct range){first < 0 ? block.first + block.count : first,
                          (int)rit_point_int(point, "data.test")};
}

int rit_block_need(const struct rit_point *point)
{
    struct range block = trained(point), test = held_out(point);
    int need = block.first + block.count;
    return test.count > 0 && test.first + test.count > need ? test.first + test.count : need;
}

/* The block held out: cut like the other, from a corpus that tells that one's moments. */
static enum rit_status hold_out(const struct rit_point *point, const struct rit_corpus *corpus,
                                struct rit_block *block, struct rit_error *err)
{
    struct range train = trained(point), test = held_out(point);
    const char *noun = rit_source_of(point)->noun;
    if (test.first < train.first + train.count && train.first < test.first + test.count)
        return rit_fail(err, RIT_BAD_INPUT,
                        "data.test, data.test-first: the %ss %d .. %d that are held out and %d .. %d that "
                        "are trained on overlap",
                        noun, test.first, test.first + test.count - 1, train.first,
                        train.first + train.count - 1);
    struct rit_corpus measured = *corpus;
    measured.measured_first = train.first;
    measured.measured = train.count;
    block->held_out = calloc(1, sizeof *block->held_out);
    RIT_CHECK(block->held_out);
    RIT_TRY(rit_task_of(point)->cut(point, &measured, noun, test.first, test.count, block->held_out, err));
    block->held_out->trained = malloc(sizeof *block);
    RIT_CHECK(block->held_out->trained);
    *block->held_out->trained = *block;
    return RIT_OK;
}

enum rit_status rit_block_cut(const struct rit_point *point, const struct rit_corpus *corpus,
                              struct rit_block *block, struct rit_error *err)
{
    struct range train = trained(point);
    RIT_TRY(rit_task_of(point)->cut(point, corpus, rit_source_of(point)->noun, train.first, train.count,
                                    block, err));
    enum rit_status status = held_out(point).count > 0 ? hold_out(point, corpus, block, err) : RIT_OK;
    if (status != RIT_OK)
        rit_block_release(block);
    return status;
}

enum rit_status rit_block_load(const struct rit_point *point, struct rit_block *block, struct rit_error *err)
{
    struct rit_corpus corpus;
    *block = (struct rit_block){0};
    RIT_TRY(rit_source_of(point)->load(point, rit_block_need(point), &corpus, err));
    enum rit_status status = rit_block_cut(point, &corpus, block, err);
    rit_corpus_release(&corpus);
    return status;
}
