/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/usage/usage.h"

#include <stdio.h>
#include <string.h>

int rit_command_fail(const struct rit_error *err)
{
    const char *line = err->text;
    while (*line) {
        size_t length = strcspn(line, "\n");
        fprintf(stderr, "ritardando: %.*s\n", (int)length, line);
        line += length + (line[length] == '\n');
    }
    return (int)err->status;
}

void rit_command_overrides(int argc, char **argv, int first, struct rit_overrides *overrides)
{
    *overrides = (struct rit_overrides){argc - first - 1, &argv[first + 1]};
}
