/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Another process of the sweep: enough to see at once that it died, where it ran on the same machine. */
#ifndef RITARDANDO_SWEEP_PEER_H
#define RITARDANDO_SWEEP_PEER_H

#include <stdbool.h>
#include <stdint.h>

struct rit_peer {
    char host[64];    /* for people */
    char machine[64]; /* boot id and process-number space: equal where process numbers mean the same */
    int64_t pid;
    uint64_t started; /* since boot, in clock ticks: a later process may get the same number */
};

struct rit_peer rit_peer_self(void);

/** Whether both are on one machine, so that rit_peer_is_dead can tell. */
bool rit_peer_is_near(const struct rit_peer *self, const struct rit_peer *peer);

/** True if the process is known to be gone; false if it lives or is out of sight. */
bool rit_peer_is_dead(const struct rit_peer *self, const struct rit_peer *peer);

#endif
