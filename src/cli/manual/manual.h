/* SPDX-License-Identifier: GPL-3.0-or-later */
/** Manual pages and completions, made from the table of commands behind --help. */
#ifndef RITARDANDO_CLI_MANUAL_H
#define RITARDANDO_CLI_MANUAL_H

#include "cli/command.h"

#include <stdio.h>

/** The exit codes of all commands, ended by one without a meaning. */
extern const struct rit_exit_code {
    int code;
    const char *meaning;
} rit_exit_codes[];

/** What the program is, in one line. */
extern const char rit_manual_purpose[];

/** The manual page ritardando(1). */
void rit_manual_program(FILE *out);

/** The manual page ritardando-NAME(1). */
void rit_manual_command(const struct rit_command *command, FILE *out);

/** What a shell sources to complete commands, options and files. */
void rit_manual_bash(FILE *out);
void rit_manual_zsh(FILE *out);
void rit_manual_fish(FILE *out);

#endif
