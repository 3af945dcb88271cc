/* SPDX-License-Identifier: GPL-3.0-or-later */
/** What all commands do with their arguments and errors. */
#ifndef RITARDANDO_CLI_USAGE_H
#define RITARDANDO_CLI_USAGE_H

#include <ritardando/status.h>

#include "config/config.h"

/** Print the error on standard error, line by line, and return its status as the exit code. */
int rit_command_fail(const struct rit_error *err);

/** Of argv[first ..], FILE [KEY=VALUE ...], what is behind FILE goes to `overrides`, which borrows it. */
void rit_command_overrides(int argc, char **argv, int first, struct rit_overrides *overrides);

#endif
