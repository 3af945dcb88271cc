/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

int rit_terminal_columns(int fd, int otherwise)
{
    enum { LEAST = 40 };
    struct winsize size;
    if (!isatty(fd) || ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return otherwise;
    return size.ws_col < LEAST ? LEAST : size.ws_col;
}
