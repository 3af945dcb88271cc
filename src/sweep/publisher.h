/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The thread that makes a dataset, which takes minutes where there are many points: meanwhile the master goes
 * on answering. It reads its own list of results, and writes to a file of its own; the master's thread puts
 * that in place. Only one at a time, since HDF5 is no more than that.
 */
#ifndef RITARDANDO_SWEEP_PUBLISHER_H
#define RITARDANDO_SWEEP_PUBLISHER_H

#include "store/dataset.h"
#include "store/fence.h"

struct rit_publisher;

/**
 * Begin RUN/phase-diagram.h5. Takes over `rows` [n] and `stored`, the memory in which their results are
 * described, both for free(); borrows the rest until rit_publisher_end. NULL on failure.
 */
struct rit_publisher *rit_publisher_begin(const struct rit_fence *fence, struct rit_row *rows, int n,
                                          struct rit_stored *stored, const struct rit_dataset_about *about,
                                          struct rit_error *err);
bool rit_publisher_is_done(const struct rit_publisher *publisher);
/** Nobody wants it any more: it is soon done, with RIT_STOPPED. */
void rit_publisher_give_up(struct rit_publisher *publisher);
/** Wait until it is done, put the dataset in place if it became one, and free everything. */
enum rit_status rit_publisher_end(struct rit_publisher *publisher, struct rit_error *err);

#endif
