/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Family `task`: what is to be learned of a source's sequences. A member is one file in src/task/ that
 * exports `const struct rit_task rit_task_NAME`. It cuts the training block out of a corpus: pairs of what
 * goes into the model and what is asked of it.
 */
#ifndef RITARDANDO_TASK_H
#define RITARDANDO_TASK_H

#include <ritardando/member.h>
#include <ritardando/rows.h>
#include <ritardando/source.h>

struct rit_hash;

/**
 * The training block: P sequences of together T pairs. A bit goes into the model as (bit - mean) / deviation;
 * reals are standardised already.
 */
struct rit_block {
    int sequences;          /* P */
    int pairs;              /* T */
    int longest;            /* most pairs in one sequence */
    const int *start;       /* [P + 1]: first pair of each sequence; start[P] = T */
    struct rit_rows in;     /* [T] inputs */
    struct rit_rows asked;  /* [T] targets */
    bool next;              /* what is asked at a pair is the input of the next one of its sequence */
    bool told;              /* the ports come with the data: they belong to its digest */
    double mean, deviation; /* of the inputs */
    double target_mean;     /* mean of all targets; a bit is s = +-1 */
    /* Owned: a block of other sequences that is never trained on (data.test), standardised with the moments
     * of this one; NULL: none. */
    struct rit_block *held_out;
    struct rit_block
        *trained; /* of a block held out, owned: the one trained on, whose arrays it borrows; else NULL */
    void *memory; /* owned: what the arrays above lie in */
};

struct rit_task {
    struct rit_member member; /* own parameters: keys "task.*" */
    /**
     * Cut the sequences [first, first + count) of a corpus that has them. RIT_BAD_INPUT for those that the
     * task cannot be made of; `noun` is what a sequence is called.
     */
    enum rit_status (*cut)(const struct rit_point *point, const struct rit_corpus *corpus, const char *noun,
                           int first, int count, struct rit_block *block, struct rit_error *err);
};

extern const struct rit_member *const rit_tasks[];
static inline const struct rit_task *rit_task_of(const struct rit_point *point)
{
    return (const struct rit_task *)rit_member_chosen(rit_tasks, point, "task.name");
}

/** Which sequences are trained on, and which are held out. */
extern const struct rit_param_table rit_block_params;

/**
 * The block of a point with the one held out: cut by its task out of a corpus of its source that is there,
 * with rit_block_need sequences, or is loaded for it. RIT_BAD_INPUT also where the two overlap.
 */
int rit_block_need(const struct rit_point *point);
enum rit_status rit_block_cut(const struct rit_point *point, const struct rit_corpus *corpus,
                              struct rit_block *block, struct rit_error *err);
enum rit_status rit_block_load(const struct rit_point *point, struct rit_block *block, struct rit_error *err);
void rit_block_release(struct rit_block *block);

/** SHA-256 of the block's rows and of where sequences end, and of those of the block held out, if there is
 * one: the data's part of an identity. */
struct rit_hash rit_block_digest(const struct rit_block *block);

#endif
