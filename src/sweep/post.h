/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * How messages travel between the master, number 0, and the workers 1, 2, ...: whole, unchanged, and for each
 * pair in the order they were sent. Nothing here ever waits. One member goes over MPI; the other stays in
 * one process, so that a single rank, or a test, runs the same master and workers in turns.
 */
#ifndef RITARDANDO_SWEEP_POST_H
#define RITARDANDO_SWEEP_POST_H

#include "base/pack.h"

struct rit_post {
    int self;
    const char
        *apart; /* why they can do nothing all together; NULL: they can, being ranks of MPI_COMM_WORLD */
    void (*send)(struct rit_post *post, int to, const void *bytes, size_t size);
    /** The next message, put in the place of what was in `bytes`; false when there is none. */
    bool (*receive)(struct rit_post *post, int *from, struct rit_buffer *bytes);
    /** Whether all that was sent is on its way, as far as this process can do something for it. */
    bool (*is_sent)(struct rit_post *post);
    void (*close)(struct rit_post *post);
};

/** Over MPI_COMM_WORLD. */
struct rit_post *rit_post_mpi(void);

/** `n` posts, for numbers 0 .. n-1, in this process. Closed together, by closing each. */
void rit_post_local(int n, struct rit_post **post);

#endif
