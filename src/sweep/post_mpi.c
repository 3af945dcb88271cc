/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A message goes in pieces that are small enough to be sent eagerly. A piece that can be seen has therefore
 * arrived as a whole, and a sender that dies in the middle of a message leaves nothing but an unfinished
 * buffer: no receive ever waits for it. The pieces of one sender arrive in order.
 */
#include "sweep/post.h"

#include "sweep/launcher.h"

#include <ritardando/status.h>

#include <mpi.h>
#include <stdlib.h>

enum {
    PIECE = 3072, /* with its header below the smallest eager limit there is: 4 KB, in shared memory */
    TAG_MORE = 1, /* further pieces of the message follow */
    TAG_LAST = 2, /* it is complete */
};

struct sending {
    struct sending *next;
    MPI_Request request;
    unsigned char piece[];
};

struct mpi {
    struct rit_post post; /* first, so that a post is its mpi */
    MPI_Comm comm;
    struct rit_buffer *arriving; /* [ranks] pieces of an unfinished message */
    int ranks;
    struct sending *first, **last;
};

/* Forget the sends that are done. One to a dead rank may never be: it stays, and holds up nothing. */
static void tidy(struct mpi *self)
{
    struct sending **at = &self->first;
    while (*at) {
        struct sending *sending = *at;
        int done = 0;
        if (MPI_Test(&sending->request, &done, MPI_STATUS_IGNORE) != MPI_SUCCESS)
            done = 1; /* it will never arrive */
        if (!done) {
            at = &sending->next;
            continue;
        }
        *at = sending->next;
        if (!*at)
            self->last = at;
        free(sending);
    }
}

static void send_piece(struct mpi *self, int to, const unsigned char *bytes, size_t size, int tag)
{
    struct sending *sending = malloc(sizeof *sending + size);
    RIT_CHECK(sending);
    sending->next = NULL;
    for (size_t i = 0; i < size; i++)
        sending->piece[i] = bytes[i];
    if (MPI_Isend(sending->piece, (int)size, MPI_BYTE, to, tag, self->comm, &sending->request) !=
        MPI_SUCCESS) {
        free(sending); /* a rank that cannot be reached any more: its silence will be noticed */
        return;
    }
    *self->last = sending;
    self->last = &sending->next;
}

static void send(struct rit_post *post, int to, const void *bytes, size_t size)
{
    struct mpi *self = (struct mpi *)post;
    const unsigned char *at = bytes;
    for (; size > PIECE; at += PIECE, size -= PIECE)
        send_piece(self, to, at, PIECE, TAG_MORE);
    send_piece(self, to, at, size, TAG_LAST);
    tidy(self);
}

static bool receive(struct rit_post *post, int *from, struct rit_buffer *bytes)
{
    struct mpi *self = (struct mpi *)post;
    tidy(self);
    for (;;) {
        int there = 0, size = 0;
        MPI_Status status;
        unsigned char piece[PIECE];
        if (MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, self->comm, &there, &status) != MPI_SUCCESS || !there)
            return false;
        MPI_Get_count(&status, MPI_BYTE, &size);
        RIT_CHECK(size >= 0 && size <= PIECE);
        if (MPI_Recv(piece, size, MPI_BYTE, status.MPI_SOURCE, status.MPI_TAG, self->comm,
                     MPI_STATUS_IGNORE) != MPI_SUCCESS)
            return false;
        struct rit_buffer *arriving = &self->arriving[status.MPI_SOURCE];
        rit_pack_bytes(arriving, piece, (size_t)size);
        if (status.MPI_TAG == TAG_MORE)
            continue;
        *from = status.MPI_SOURCE;
        rit_buffer_release(bytes);
        *bytes = *arriving;
        *arriving = (struct rit_buffer){0};
        return true;
    }
}

static bool is_sent(struct rit_post *post)
{
    struct mpi *self = (struct mpi *)post;
    tidy(self);
    return self->first == NULL;
}

static void close_mpi(struct rit_post *post)
{
    struct mpi *self = (struct mpi *)post;
    for (int i = 0; i < self->ranks; i++)
        rit_buffer_release(&self->arriving[i]);
    free(self->arriving);
    /* Sends that are not done belong to dead ranks; MPI may still read their bytes, so they are left. */
    free(self);
}

struct rit_post *rit_post_mpi(void)
{
    struct mpi *self = calloc(1, sizeof *self);
    RIT_CHECK(self);
    self->comm = MPI_COMM_WORLD;
    MPI_Comm_set_errhandler(self->comm, MPI_ERRORS_RETURN);
    MPI_Comm_rank(self->comm, &self->post.self);
    MPI_Comm_size(self->comm, &self->ranks);
    self->post.apart = rit_launcher_parts();
    self->post.send = send;
    self->post.receive = receive;
    self->post.is_sent = is_sent;
    self->post.close = close_mpi;
    self->arriving = calloc((size_t)self->ranks, sizeof *self->arriving);
    RIT_CHECK(self->arriving);
    self->last = &self->first;
    return &self->post;
}
