/* SPDX-License-Identifier: GPL-3.0-or-later */
/** What all commands do with their arguments and errors. */
#ifndef RITARDANDO_CLI_USAGE_H
#define RITARDANDO_CLI_USAGE_H

#include <ritardando/status.h>

#include "cli/command.h"
#include "config/config.h"

#include <stdbool.h>

/** Print the error on standard error, line by line, and return its status as the exit code. */
int rit_command_fail(const struct rit_error *err);

/** Whether argv[first ..] is FILE [KEY=VALUE ...]; what is behind FILE goes to `overrides`, which borrows it.
 */
bool rit_command_takes(int argc, char **argv, int first, struct rit_overrides *overrides);

/** Print how the command is used on standard error and return RIT_USAGE. */
int rit_command_misused(const struct rit_command *command);

#endif
