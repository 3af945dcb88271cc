/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * A subcommand: one file src/cli/NAME.c that exports `const struct rit_command rit_command_NAME`. The table
 * of commands is made by the build from the file names.
 */
#ifndef RITARDANDO_CLI_COMMAND_H
#define RITARDANDO_CLI_COMMAND_H

struct rit_command {
    const char *name;    /* as typed: "fetch-data" */
    const char *usage;   /* what follows the name: "FILE -o RUN" */
    const char *summary; /* one line for `ritardando help` */
    const char *options; /* further lines of `ritardando help NAME`; NULL for none */
    /**
     * argv[0] is the subcommand's name; what follows has the form of `usage`, options before their values, as
     * main has seen to (cli/usage/grammar.h). Returns the exit code; prints its own errors with
     * rit_command_fail. Whether what it printed has arrived is main's business.
     */
    int (*run)(int argc, char **argv);
};

extern const struct rit_command *const rit_commands[];

#endif
