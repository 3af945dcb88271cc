/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/folder.h"

#include "base/file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum rit_status rit_folder_is_run(const char *run, struct rit_error *err)
{
    static const char *const part[] = {"claims", "results", "config.yaml", "phase-diagram.h5"};
    struct stat about;
    if (stat(run, &about) != 0 && errno == ENOENT)
        return rit_fail(err, RIT_IO, "%s: there is no such folder", run);
    if (stat(run, &about) != 0)
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
