/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `ritardando sweep FILE -o RUN`: train every point of a grid, alone or under mpirun. */
#include "cli/command.h"
#include "cli/usage/usage.h"

#include "sweep/roster.h"
#include "sweep/sweep.h"

#include <getopt.h>
#include <stdio.h>
#include <unistd.h>

static int run(int argc, char **argv);

const struct rit_command rit_command_sweep = {
    .name = "sweep",
    .usage = "FILE -o RUN [--share I/N] [KEY=VALUE ...]",
    .summary = "train every point of a grid, alone or under mpirun; the same command continues",
    .options =
        "  KEY=VALUE     instead of what FILE says of KEY, as in rule.eta=0.1 or 'width=[10, 20]'; VALUE is\n"
        "                YAML, and is stored with the run\n"
        "  -o RUN        folder of the results, made if need be\n"
        "  --share I/N   only the points that fall to share I of N, 0 <= I < N, for job arrays:\n"
        "                each share in its own RUN, joined by 'ritardando merge'\n"
        "\nSIGUSR1, SIGTERM, Ctrl-C or a file RUN/stop: everybody writes a checkpoint and leaves, "
        "exit code 75.\n"
        "A file RUN/drain: what is in training is finished, nothing new is started.\n",
    .run = run,
};

static int run(int argc, char **argv)
{
    static const struct option longs[] = {{"share", required_argument, NULL, 's'}, {0}};
    struct rit_sweep_options options = {.share = 0, .shares = 1};
    struct rit_error err = {0};
    for (int c; (c = getopt_long(argc, argv, "o:", longs, NULL)) != -1;) {
        if (c == 'o')
            options.run = optarg;
        else if (!rit_share_parse(optarg, &options.share, &options.shares, &err))
            return rit_command_fail(&err);
    }
    rit_command_overrides(argc, argv, optind, &options.overrides);
    options.config = argv[optind];
    bool at_once;
    enum rit_status status = rit_sweep(&options, &at_once, &err);
    if (err.status != RIT_OK)
        rit_command_fail(&err);
    if (at_once) {
        fflush(NULL);
        _exit((int)status);
    }
    return (int)status;
}
