/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Instead of download.c where there is no libcurl. */
#include "source/chorale/fetch/download.h"

#include "base/file.h"

#include <string.h>

enum rit_status rit_download(const char *url, size_t largest, struct rit_buffer *body, struct rit_error *err)
{
    static const char scheme[] = "file://";
    if (strncmp(url, scheme, strlen(scheme)) != 0)
        return rit_fail(err, RIT_IO, "%s: cannot fetch it: this program was built without libcurl", url);
    return rit_file_read(url + strlen(scheme), largest, body, err);
}
