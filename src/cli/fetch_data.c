/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `ritardando fetch-data [FILE]`: the real chorales, verified. */
#include "cli/command.h"
#include "source/chorale/fetch/fetch.h"
#include "source/chorale/place/place.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>

static int run(int argc, char **argv);

const struct rit_command rit_command_fetch_data = {
    .name = "fetch-data",
    .usage = "[FILE] [--from URL]",
    .summary = "download Bach's chorales and verify their SHA-256",
    .options = "  --from URL  take the file from elsewhere (https, http or file); its sum must be the same\n"
               "\nWithout FILE it goes where `data: {source: chorales}` looks by itself.\n",
    .run = run,
};

static int run(int argc, char **argv)
{
    static const struct option options[] = {{"from", required_argument, NULL, 'f'}, {0}};
    const char *url = NULL;
    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (c != 'f')
            return rit_command_misused(&rit_command_fetch_data);
        url = optarg;
    }
    if (argc - optind > 1)
        return rit_command_misused(&rit_command_fetch_data);
    const char *path = argc > optind ? argv[optind] : NULL;
    struct rit_error err = {0};
    if (rit_fetch_data(url, path, &err) != RIT_OK)
        return rit_command_fail(&err);
    char usual[PATH_MAX];
    rit_place_of_chorales(usual, sizeof usual);
    printf("%s: the 382 chorales, SHA-256 verified\n", path ? path : usual);
    return RIT_OK;
}
