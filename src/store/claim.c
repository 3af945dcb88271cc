/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/claim.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

enum { MAX_EPOCH = 999999 };

/* Who made a claim, as written in its file. */
struct holder {
    char host[64];
    long pid;
    char since[32];
};

static enum rit_status claim_path(char *path, const char *run, int epoch, struct rit_error *err)
{
    return rit_file_path(path, err, "%s/claims/%06d", run, epoch);
}

/* Newest epoch of the folder, 0 if there is none; -1 with `err` filled if it cannot be read. */
static int newest_epoch(const char *run, struct rit_error *err)
{
    char folder[RIT_PATH];
    if (rit_file_path(folder, err, "%s/claims", run) != RIT_OK)
        return -1;
    DIR *dir = opendir(folder);
    if (!dir) {
        rit_fail(err, RIT_IO, "%s: cannot read the folder: %s", folder, strerror(errno));
        return -1;
    }
    int newest = 0;
    for (const struct dirent *entry; (entry = readdir(dir));) {
        char *end;
        long epoch = strtol(entry->d_name, &end, 10);
        if (*end == 0 && strlen(entry->d_name) == 6 && epoch > newest)
            newest = (int)epoch;
    }
    closedir(dir);
    return newest;
}

static struct holder read_holder(const char *path)
{
    struct holder who = {.host = "an unknown host", .since = "an unknown time"};
    struct rit_buffer text = {0};
    if (rit_file_read(path, 4096, &text, NULL) == RIT_OK) {
        rit_pack_bytes(&text, "", 1);
        sscanf((const char *)text.data, "host: %63s\npid: %ld\nsince: %31s", who.host, &who.pid, who.since);
    }
    rit_buffer_release(&text);
    return who;
}

static enum rit_status held(const char *run, int epoch, const char *path, struct rit_error *err)
{
    struct holder who = read_holder(path);
    return rit_fail(err, RIT_STOPPED,
                    "%s: the run is held by process %ld on %s since %s (%s, start %d of this run)", run,
                    who.pid, who.host, who.since, path, epoch);
}

static bool locks_do_not_work(int error)
{
    return error == ENOLCK || error == ENOSYS || error == EOPNOTSUPP || error == EINVAL;
}

static bool lives_on_this_host(const struct holder *who)
{
    char host[64] = "";
    gethostname(host, sizeof host - 1);
    return strcmp(who->host, host) == 0 && who->pid > 0 && who->pid != (long)getpid() &&
           (kill((pid_t)who->pid, 0) == 0 || errno == EPERM);
}

/* RIT_STOPPED if the process that made this claim is known to go on. */
static enum rit_status refuse_if_alive(const char *run, int epoch, struct rit_error *err)
{
    char path[RIT_PATH];
    RIT_TRY(claim_path(path, run, epoch, err));
    int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0)
        return rit_fail(err, RIT_IO, "%s: cannot open: %s", path, strerror(errno));
    bool alive = false;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        int why = errno;
        struct holder who = read_holder(path);
        alive = why == EWOULDBLOCK || !locks_do_not_work(why) || lives_on_this_host(&who);
    }
    close(fd); /* and with it the lock, if we got it: the claim's maker is gone */
    return alive ? held(run, epoch, path, err) : RIT_OK;
}

/* Make the next free claim file ours. */
static enum rit_status create(struct rit_claim *claim, int after, struct rit_error *err)
{
    char path[RIT_PATH];
    for (claim->epoch = after + 1; claim->epoch <= MAX_EPOCH; claim->epoch++) {
        RIT_TRY(claim_path(path, claim->run, claim->epoch, err));
        claim->fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (claim->fd >= 0 || errno != EEXIST)
            break;
    }
    if (claim->fd < 0)
        return rit_fail(err, RIT_IO, "%s: cannot create: %s", path, strerror(errno));
    if (flock(claim->fd, LOCK_EX) != 0 && !locks_do_not_work(errno))
        return rit_fail(err, RIT_IO, "%s: cannot lock: %s", path, strerror(errno));

    char host[64] = "", since[32];
    gethostname(host, sizeof host - 1);
    time_t now = time(NULL);
    struct tm utc;
    strftime(since, sizeof since, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    struct rit_buffer text = {0};
    rit_buffer_printf(&text, "host: %s\npid: %ld\nsince: %s\n", host, (long)getpid(), since);
    enum rit_status status = rit_file_write(claim->fd, path, text.data, text.size, err);
    rit_buffer_release(&text);
    RIT_TRY(status);
    if (fsync(claim->fd) != 0)
        return rit_fail(err, RIT_IO, "%s: cannot sync: %s", path, strerror(errno));
    RIT_TRY(rit_file_sync_folder(path, err));
    return rit_claim_still_mine(claim, err); /* another start may have taken it before our lock */
}

static enum rit_status take(struct rit_claim *claim, struct rit_error *err)
{
    char folder[RIT_PATH];
    RIT_TRY(rit_file_make_folder(claim->run, err)); /* first: complaints then name what the user typed */
    RIT_TRY(rit_file_path(folder, err, "%s/claims", claim->run));
    RIT_TRY(rit_file_make_folder(folder, err));
    int newest = newest_epoch(claim->run, err);
    if (newest < 0)
        return RIT_IO;
    if (newest > 0)
        RIT_TRY(refuse_if_alive(claim->run, newest, err));
    RIT_TRY(create(claim, newest, err));
    snprintf(claim->writer, sizeof claim->writer, "%06d", claim->epoch);
    RIT_TRY(rit_file_path(folder, err, "%s/checkpoints", claim->run));
    rit_file_remove_leftovers(claim->run);
    rit_file_remove_leftovers(folder);
    return RIT_OK;
}

enum rit_status rit_claim_take(const char *run, struct rit_claim *claim, struct rit_error *err)
{
    *claim = (struct rit_claim){.fd = -1};
    RIT_TRY(rit_file_path(claim->run, err, "%s", run));
    enum rit_status status = take(claim, err);
    if (status != RIT_OK)
        rit_claim_release(claim);
    return status;
}

enum rit_status rit_claim_still_mine(const struct rit_claim *claim, struct rit_error *err)
{
    char path[RIT_PATH];
    RIT_TRY(claim_path(path, claim->run, claim->epoch + 1, err));
    if (access(path, F_OK) != 0)
        return errno == ENOENT ? RIT_OK : rit_fail(err, RIT_IO, "%s: cannot look: %s", path, strerror(errno));
    int newest = newest_epoch(claim->run, err);
    RIT_TRY(newest < 0 ? RIT_IO : claim_path(path, claim->run, newest, err));
    return held(claim->run, newest, path, err);
}

void rit_claim_release(struct rit_claim *claim)
{
    if (claim->fd >= 0)
        close(claim->fd);
    claim->fd = -1;
}
