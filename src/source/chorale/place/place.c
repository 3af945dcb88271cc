/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/chorale/place/place.h"

#include <stdio.h>
#include <stdlib.h>

void rit_place_of(const char *file, char *path, size_t size)
{
    const char *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    int n = -1;
    if (data && data[0] == '/') /* the XDG specification: a relative path counts as unset */
        n = snprintf(path, size, "%s/ritardando/%s", data, file);
    else if (home && home[0])
        n = snprintf(path, size, "%s/.local/share/ritardando/%s", home, file);
    if (n < 0 || (size_t)n >= size)
        path[0] = 0;
}

void rit_place_of_chorales(char *path, size_t size)
{
    rit_place_of("jsb-chorales-quarter.json", path, size);
}
