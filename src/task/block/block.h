/* SPDX-License-Identifier: GPL-3.0-or-later */
/** What tasks make blocks with. */
#ifndef RITARDANDO_TASK_BLOCK_H
#define RITARDANDO_TASK_BLOCK_H

#include <ritardando/task.h>

/** A block under way: where its rows are to be written, as its ports say. */
struct rit_block_space {
    void *in, *asked;
};

/**
 * Memory and starts for a block of the sequences [first, first + count) of a corpus, each with `fewer` pairs
 * less than it has rows. RIT_BAD_INPUT if the corpus does not have them, or if no pair is left of one.
 */
enum rit_status rit_block_take(const struct rit_corpus *corpus, const char *noun, int first, int count,
                               int fewer, struct rit_port asked, struct rit_block *block,
                               struct rit_block_space *space, struct rit_error *err);

/** The rows and the labels of a corpus. */
const void *rit_corpus_rows(const struct rit_corpus *corpus);
const void *rit_corpus_labels(const struct rit_corpus *corpus);

/** n rows of this port from row `from` of one array to row `to` of another. */
void rit_rows_copy(struct rit_port port, const void *rows, int from, int n, void *array, int to);

/**
 * Moments of the inputs over the block's sequences: of bits for all units together, and the bits are left as
 * they are; of reals for each channel, which is then standardised, and the targets with it where they are
 * `rows` too.
 */
void rit_block_standardise(const struct rit_corpus *corpus, int first, const struct rit_block_space *space,
                           bool rows, struct rit_block *block);

/** Once the targets are there. Those that are all the same are RIT_BAD_INPUT, and the block is released. */
enum rit_status rit_block_finish(const char *noun, int first, struct rit_block *block, struct rit_error *err);

#endif
