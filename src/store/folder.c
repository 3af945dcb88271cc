/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/folder.h"

#include "base/call.h"
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum rit_status rit_folder_is_run(const char *run, struct rit_error *err)
{
    static const char *const part[] = {"claims", "results", "config.yaml", "phase-diagram.h5"};
    struct stat about;
    if (rit_call_stat(AT_FDCWD, run, &about) != 0 && errno == ENOENT)
        return rit_fail(err, RIT_IO, "%s: there is no such folder", run);
    if (rit_call_stat(AT_FDCWD, run, &about) != 0)
        return rit_fail(err, RIT_IO, "%s: cannot look: %s", run, strerror(errno));
    if (!S_ISDIR(about.st_mode))
        return rit_fail(err, RIT_IO, "%s: is not a folder", run);
    for (size_t i = 0; i < sizeof part / sizeof part[0]; i++) {
        char path[RIT_PATH];
        RIT_TRY(rit_file_path(path, err, "%s/%s", run, part[i]));
        if (access(path, F_OK) == 0)
            return RIT_OK;
    }
    return rit_fail(err, RIT_BAD_INPUT, "%s: this is not the folder of a run", run);
}

enum rit_status rit_folder_is_no_sweep(const char *folder, struct rit_error *err)
{
    char path[RIT_PATH];
    struct stat about;
    RIT_TRY(rit_file_path(path, err, "%s/claims", folder));
    if (rit_call_stat(AT_FDCWD, path, &about) != 0)
        return RIT_OK;
    return rit_fail(err, RIT_BAD_INPUT,
                    "%s: is the run folder of a sweep, whose dataset would be replaced; -o names another one",
                    folder);
}

int rit_folder_number(const char *name, const char *ending)
{
    enum { DIGITS = 6 };
    bool ours = strspn(name, "0123456789") == DIGITS && strcmp(name + DIGITS, ending) == 0;
    return ours ? (int)strtol(name, NULL, 10) : 0;
}

enum rit_status rit_folder_newest(int at, const char *run, const char *folder, const char *ending,
                                  int *newest, struct rit_error *err)
{
    *newest = 0;
    int fd = rit_call_open(at, folder, O_RDONLY | O_DIRECTORY);
    if (fd < 0 && errno == ENOENT)
        return RIT_OK;
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (!dir) {
        int why = errno;
        if (fd >= 0)
            rit_call_close(fd);
        return rit_fail(err, RIT_IO, "%s/%s: cannot read the folder: %s", run, folder, strerror(why));
    }
    for (const struct dirent *entry; (entry = readdir(dir));) {
        struct stat about;
        int number = rit_folder_number(entry->d_name, ending);
        if (number > *newest && rit_call_stat(fd, entry->d_name, &about) == 0 && S_ISREG(about.st_mode))
            *newest = number;
    }
    closedir(dir);
    return RIT_OK;
}

enum rit_status rit_folder_make(int at, const char *run, const char *folder, struct rit_error *err)
{
    struct stat about;
    if (rit_call_mkdir(at, folder) == 0)
        return rit_file_sync_folder_at(at, ".", run, err);
    int why = errno;
    if (rit_call_stat(at, folder, &about) != 0)
        return rit_fail(err, RIT_IO, "%s/%s: cannot create the folder: %s", run, folder, strerror(why));
    if (!S_ISDIR(about.st_mode))
        return rit_fail(err, RIT_IO, "%s/%s: is not a folder", run, folder);
    return RIT_OK;
}
