/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * A subcommand: one file src/cli/NAME.c that exports `const struct rit_command rit_command_NAME`. The table
 * of commands is made by the build from the file names.
 */
#ifndef RITARDANDO_CLI_COMMAND_H
#define RITARDANDO_CLI_COMMAND_H

#include <ritardando/status.h>

#include "config/config.h"

#include <stdbool.h>

struct rit_command {
    const char *name;    /* as typed: "fetch-data" */
    const char *usage;   /* what follows the name: "FILE -o RUN" */
    const char *summary; /* one line for `ritardando help` */
    const char *options; /* further lines of `ritardando help NAME`; NULL for none */
    /**
     * argv[0] is the subcommand's name. Returns the exit code; prints its own errors with rit_command_fail.
     * Whether what it printed has arrived is main's business.
     */
    int (*run)(int argc, char **argv);
};

extern const struct rit_command *const rit_commands[];

/** Print the error on standard error, line by line, and return its status as the exit code. */
int rit_command_fail(const struct rit_error *err);

/** Whether argv[first ..] is FILE [KEY=VALUE ...]; what is behind FILE goes to `overrides`, which borrows it.
 */
bool rit_command_takes(int argc, char **argv, int first, struct rit_overrides *overrides);

/** Print how the command is used on standard error and return RIT_USAGE. */
int rit_command_misused(const struct rit_command *command);

#endif
