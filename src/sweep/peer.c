/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/peer.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Start time and state of a process: fields 22 and 3 of /proc/PID/stat, counted behind the name, which may
 * hold anything in its brackets. False if there is no such process. */
static bool look_up(int64_t pid, uint64_t *started, char *state)
{
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%lld/stat", (long long)pid);
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    size_t n = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[n] = 0;
    const char *at = strrchr(text, ')');
    unsigned long long ticks;
    if (!at || sscanf(at, ") %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
                      state, &ticks) != 2)
        return false;
    *started = ticks;
    return true;
}

struct rit_peer rit_peer_self(void)
{
    struct rit_peer self = {.pid = getpid()};
    char state, boot[40] = "";
    gethostname(self.host, sizeof self.host - 1);
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "r");
    if (file) {
        if (!fgets(boot, sizeof boot, file))
            boot[0] = 0;
        fclose(file);
    }
    boot[strcspn(boot, "\n")] = 0;
    struct stat space;
    if (boot[0] && look_up(self.pid, &self.started, &state) && stat("/proc/self/ns/pid", &space) == 0)
        snprintf(self.machine, sizeof self.machine, "%s %llx", boot, (unsigned long long)space.st_ino);
    return self;
}

bool rit_peer_is_near(const struct rit_peer *self, const struct rit_peer *peer)
{
    return peer->machine[0] && strcmp(peer->machine, self->machine) == 0;
}

bool rit_peer_is_dead(const struct rit_peer *self, const struct rit_peer *peer)
{
    uint64_t started;
    char state;
    if (!rit_peer_is_near(self, peer))
        return false;
    return !look_up(peer->pid, &started, &state) || started != peer->started || state == 'Z' || state == 'X';
}
