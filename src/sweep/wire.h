/* SPDX-License-Identifier: GPL-3.0-or-later */
/** What the master and its workers say to each other, and how it is written in bytes. */
#ifndef RITARDANDO_SWEEP_WIRE_H
#define RITARDANDO_SWEEP_WIRE_H

#include "base/hash.h"
#include "base/pack.h"
#include "store/fence.h"
#include "sweep/master.h"
#include "sweep/peer.h"

enum rit_word {
    /* A worker to the master. */
    RIT_SAYS_HELLO = 1, /* peer, numerics, asked: I am up */
    RIT_SAYS_BEAT,      /* lease (0: waiting for work), beat: I am alive */
    RIT_SAYS_RESULT,    /* lease, point, failed, bytes: a packed result */
    RIT_SAYS_BACK,      /* I take no more work; what I trained is in its checkpoint */
    RIT_SAYS_UNFIT,   /* status, bytes: I take no more work, for this machine cannot do it; a sentence why */
    RIT_SAYS_READY,   /* lease: I wait for the others */
    RIT_SAYS_DECLINE, /* lease, point, status, bytes: this one does not fit here; a sentence why */
    /* The master to a worker. */
    RIT_TELLS_WELCOME, /* peer, patience, beat_every, name and bytes of the config, run folder, its claim */
    RIT_TELLS_ASSIGN, /* lease, point, identity, from, bytes: its parameters (rit_point_print_identity): train
                         it */
    RIT_TELLS_ACKNOWLEDGE, /* lease: your result is on disk */
    RIT_TELLS_DROP,        /* lease: forget it */
    RIT_TELLS_CALL,        /* lease: answer, and wait for the others */
    RIT_TELLS_GATHER,  /* lease, bytes: who takes part, and the parameters of a point (gathering.h): enter */
    RIT_TELLS_HALT,    /* lease: write a checkpoint and give the point back */
    RIT_TELLS_PULSE,   /* I am alive */
    RIT_TELLS_RELEASE, /* leave_at_once: leave; true: without waiting for the others */
    RIT_LAST_WORD = RIT_TELLS_RELEASE,
};

/** One message. Which fields have a meaning stands beside the words; the others are zero. */
struct rit_message {
    enum rit_word word;
    uint64_t lease;
    int point;
    int status; /* enum rit_status */
    bool failed, leave_at_once;
    uint32_t numerics;
    uint64_t asked; /* digest of its arguments */
    struct rit_beat beat;
    double patience, beat_every; /* seconds */
    struct rit_hash identity;
    struct rit_hash from; /* the stored result whose end state it goes on from; all zero: none */
    uint64_t from_steps;  /* that this one had made */
    struct rit_peer peer;
    char run[4096], name[4096];
    int epoch;             /* of the claim that the workers write under */
    char token[RIT_TOKEN]; /* of it */
    const void *bytes;     /* borrowed */
    size_t size;
};

void rit_message_pack(const struct rit_message *message, struct rit_buffer *out);
/** False if the bytes are no message. message->bytes points into them. */
bool rit_message_read(const void *bytes, size_t size, struct rit_message *message);

#endif
