/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/holder.h"

#include "base/call.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { MAX_CLAIM = 4096 };

void rit_holder_name(int epoch, char *name)
{
    snprintf(name, RIT_HOLDER_NAME, "claims/%06d", epoch);
}

enum rit_status rit_holder_read(int at, const char *run, int epoch, struct rit_holder *who, bool *there,
                                struct rit_error *err)
{
    char name[RIT_HOLDER_NAME], text[MAX_CLAIM + 1];
    *who = (struct rit_holder){.host = "an unknown host", .since = "an unknown time"};
    rit_holder_name(epoch, name);
    int fd = rit_call_open(at, name, O_RDONLY);
    *there = fd >= 0;
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR || errno == ESTALE))
        return RIT_OK;
    ssize_t size = fd < 0 ? -1 : rit_call_read(fd, text, MAX_CLAIM);
    int why = errno;
    if (fd >= 0)
        rit_call_close(fd);
    if (size < 0)
        return rit_fail(err, RIT_IO, "%s/%s: cannot read: %s", run, name, strerror(why));
    text[size] = 0;
    sscanf(text, "host: %63s\npid: %ld\nsince: %31s\ntoken: %32s\nworkers: %d", who->host, &who->pid,
           who->since, who->token, &who->workers);
    return RIT_OK;
}

enum rit_status rit_holder_holds(const struct rit_holder *who, const char *run, int epoch,
                                 struct rit_error *err)
{
    return rit_fail(
        err, RIT_STOPPED,
        "%s: the run is held by process %ld on %s since %s (%s/claims/%06d, start %d of this run)", run,
        who->pid, who->host, who->since, run, epoch, epoch);
}

enum rit_status rit_holder_refuse(int at, const char *run, int epoch, struct rit_error *err)
{
    struct rit_holder who;
    bool there;
    RIT_TRY(rit_holder_read(at, run, epoch, &who, &there, err));
    return rit_holder_holds(&who, run, epoch, err);
}
