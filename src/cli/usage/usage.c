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

bool rit_command_takes(int argc, char **argv, int first, struct rit_overrides *overrides)
{
    *overrides = (struct rit_overrides){argc - first - 1, &argv[first + 1]};
    for (int i = 0; i < overrides->n; i++)
        if (!strchr(overrides->text[i], '='))
            return false;
    return argc > first;
}

int rit_command_misused(const struct rit_command *command)
{
    fprintf(stderr, "usage: ritardando %s %s\n", command->name, command->usage);
    return RIT_USAGE;
}
