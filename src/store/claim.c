/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/claim.h"

#include "base/call.h"
#include "store/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

enum { MAX_EPOCH = 999999 };

static enum rit_status claim_path(char *path, const char *run, int epoch, struct rit_error *err)
{
    char name[RIT_HOLDER_NAME];
    rit_holder_name(epoch, name);
    return rit_file_path(path, err, "%s/%s", run, name);
}

static bool lives_on_this_host(const struct rit_holder *who)
{
    char host[64] = "";
    gethostname(host, sizeof host - 1);
    return strcmp(who->host, host) == 0 && who->pid > 0 && who->pid != (long)getpid() &&
           (kill((pid_t)who->pid, 0) == 0 || errno == EPERM);
}

static enum rit_life life_of(int at, const char *name, const struct rit_holder *who)
{
    char host[64] = "";
    gethostname(host, sizeof host - 1);
    bool here = strcmp(who->host, host) == 0;
    int fd = rit_call_open(at, name, O_RDWR);
    if (fd < 0)
        fd = rit_call_open(at, name, O_RDONLY);
    bool free = fd >= 0 && rit_call_lock(fd, false) == 0, held = fd >= 0 && !free && errno == EWOULDBLOCK;
    if (fd >= 0)
        rit_call_close(fd);
    if (held || (!free && lives_on_this_host(who)))
        return RIT_ALIVE;
    return here ? RIT_DEAD : RIT_UNKNOWN;
}

enum rit_status rit_claim_look(const char *run, int *epoch, struct rit_holder *who, enum rit_life *life,
                               struct rit_error *err)
{
    char name[RIT_HOLDER_NAME];
    bool there = false;
    *life = RIT_NEVER;
    int folder = rit_call_open(AT_FDCWD, run, O_RDONLY | O_DIRECTORY);
    if (folder < 0)
        return rit_fail(err, RIT_IO, "%s: cannot open: %s", run, strerror(errno));
    enum rit_status status = rit_folder_newest(folder, run, "claims", "", epoch, err);
    if (status == RIT_OK && *epoch > 0)
        status = rit_holder_read(folder, run, *epoch, who, &there, err);
    rit_holder_name(*epoch, name);
    if (there)
        *life = life_of(folder, name, who);
    rit_call_close(folder);
    return status;
}

/* RIT_STOPPED if the process that made this claim is known to go on. */
static enum rit_status refuse_if_alive(const struct rit_fence *f, int epoch, struct rit_error *err)
{
    char name[RIT_HOLDER_NAME];
    rit_holder_name(epoch, name);
    int fd = rit_call_open(f->folder, name, O_RDWR); /* NFS gives locks only to those who may write */
    if (fd < 0)
        fd = rit_call_open(f->folder, name, O_RDONLY);
    if (fd < 0)
        return rit_fail(err, RIT_IO, "%s/%s: cannot open: %s", f->run, name, strerror(errno));
    bool locked = rit_call_lock(fd, false) == 0, held = !locked && errno == EWOULDBLOCK;
    struct rit_holder who;
    bool there;
    enum rit_status status = rit_holder_read(f->folder, f->run, epoch, &who, &there, err);
    rit_call_close(fd); /* and with it the lock, if we got it: the claim's maker is gone */
    RIT_TRY(status);
    /* Any other error says that locks do not work here. */
    return held || (!locked && lives_on_this_host(&who)) ? rit_holder_holds(&who, f->run, epoch, err)
                                                         : RIT_OK;
}

/* What stands in the file: who we are. */
static enum rit_status write_claim(struct rit_claim *claim, const char *path, struct rit_error *err)
{
    unsigned long long random[2] = {0, 0};
    if (getentropy(random, sizeof random) != 0)
        return rit_fail(err, RIT_IO, "%s: cannot get a random number: %s", path, strerror(errno));
    snprintf(claim->fence.token, sizeof claim->fence.token, "%016llx%016llx", random[0], random[1]);
    char host[64] = "", since[32], text[256];
    gethostname(host, sizeof host - 1);
    time_t now = time(NULL);
    struct tm utc;
    strftime(since, sizeof since, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    int size = snprintf(text, sizeof text, "host: %s\npid: %ld\nsince: %s\ntoken: %s\n", host, (long)getpid(),
                        since, claim->fence.token);
    RIT_TRY(rit_file_write(claim->fd, path, text, (size_t)size, err));
    if (rit_call_fsync(claim->fd) != 0)
        return rit_fail(err, RIT_IO, "%s: cannot sync: %s", path, strerror(errno));
    return rit_file_sync_folder(path, err);
}

/* Make the next free claim file ours. */
static enum rit_status create(struct rit_claim *claim, int after, struct rit_error *err)
{
    struct rit_fence *f = &claim->fence;
    char path[RIT_PATH], name[RIT_HOLDER_NAME], journal[RIT_HOLDER_NAME];
    struct stat about;
    for (f->epoch = after + 1; f->epoch <= MAX_EPOCH; f->epoch++) {
        rit_holder_name(f->epoch, name);
        snprintf(journal, sizeof journal, "results/%06d.journal", f->epoch);
        if (fstatat(f->folder, journal, &about, AT_SYMLINK_NOFOLLOW) == 0)
            continue; /* whatever it is, it is not ours */
        claim->fd = rit_call_open(f->folder, name, O_RDWR | O_CREAT | O_EXCL);
        if (claim->fd >= 0 || errno != EEXIST)
            break;
    }
    int why = errno;
    RIT_TRY(claim_path(path, f->run, f->epoch, err));
    if (claim->fd < 0)
        return rit_fail(err, RIT_IO, "%s: cannot create: %s", path, strerror(why));
    rit_call_lock(claim->fd, true); /* where locks do not work, the epochs stand in for them */
    RIT_TRY(write_claim(claim, path, err));
    return rit_fence_check(f, err); /* another start may have taken it before our lock */
}

static enum rit_status take(struct rit_claim *claim, struct rit_error *err)
{
    struct rit_fence *f = &claim->fence;
    int claims, journals;
    RIT_TRY(rit_file_make_folder(f->run, err)); /* first: complaints then name what the user typed */
    f->folder = rit_call_open(AT_FDCWD, f->run, O_RDONLY | O_DIRECTORY);
    if (f->folder < 0)
        return rit_fail(err, RIT_IO, "%s: cannot open: %s", f->run, strerror(errno));
    RIT_TRY(rit_folder_make(f->folder, f->run, "claims", err));
    RIT_TRY(rit_folder_newest(f->folder, f->run, "claims", "", &claims, err));
    RIT_TRY(rit_folder_newest(f->folder, f->run, "results", ".journal", &journals, err));
    if (claims > 0)
        RIT_TRY(refuse_if_alive(f, claims, err));
    /* Whose claims were deleted: its journals are not ours. */
    RIT_TRY(create(claim, claims > journals ? claims : journals, err));
    snprintf(claim->writer, sizeof claim->writer, "%06d", f->epoch);
    static const char *const written[] = {".", "checkpoints", "states", "spectra"};
    for (int i = 0; i < 3; i++)
        rit_file_remove_leftovers(f->folder, written[i], f->epoch);
    return RIT_OK;
}

enum rit_status rit_claim_take(const char *run, struct rit_claim *claim, struct rit_error *err)
{
    *claim = RIT_CLAIM_NONE;
    RIT_TRY(rit_file_path(claim->fence.run, err, "%s", run));
    enum rit_status status = take(claim, err);
    if (status != RIT_OK)
        rit_claim_release(claim);
    return status;
}

enum rit_status rit_claim_note_workers(const struct rit_claim *claim, int workers, struct rit_error *err)
{
    char path[RIT_PATH], text[32];
    RIT_TRY(claim_path(path, claim->fence.run, claim->fence.epoch, err));
    int size = snprintf(text, sizeof text, "workers: %d\n", workers);
    return rit_file_write(claim->fd, path, text, (size_t)size, err);
}

void rit_claim_release(struct rit_claim *claim)
{
    if (claim->fd >= 0)
        rit_call_close(claim->fd);
    claim->fd = -1;
    rit_fence_close(&claim->fence);
}
