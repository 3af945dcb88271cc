/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `ritardando fetch-data [NAME] [FILE]`: the real chorales, verified; and what is public beside them. */
#include "cli/command.h"
#include "cli/usage/usage.h"
#include "source/chorale/fetch/fetch.h"
#include "source/chorale/place/place.h"

#include <getopt.h>
#include <limits.h>
#include <stdio.h>

static int run(int argc, char **argv);

const struct rit_command rit_command_fetch_data = {
    .name = "fetch-data",
    .usage = "[NAME] [FILE] [--from URL]",
    .summary = "download Bach's chorales and verify their SHA-256",
    .options =
        "  --from URL  take the file from elsewhere (https, http or file); its sum must be the same\n"
        "\nNAME is chorales, which is also meant without one, chorales-8th, chorales-16th or\n"
        "chorales-16th-separated. The sum of chorales is known and verified; of the others it is written to\n"
        "FILE.sha256. Without FILE the data go to the user's data folder, where `data: {source: chorales}` "
        "looks\n"
        "for chorales by itself; the others are for `data: {source: piano-rolls, rolls: FILE}`.\n",
    .run = run,
};

static void say(const struct rit_data_set *set, const char *path, const char *sum)
{
    if (set->sha256)
        printf("%s: the 382 chorales, SHA-256 verified\n", path);
    else
        printf("%s: %s; SHA-256 %s, which was not compared with any: none is known\n", path, set->meaning,
               sum);
}

static int run(int argc, char **argv)
{
    static const struct option options[] = {{"from", required_argument, NULL, 'f'}, {0}};
    const char *url = NULL;
    struct rit_error err = {0};
    while (getopt_long(argc, argv, "", options, NULL) != -1)
        url = optarg;
    const struct rit_data_set *named = argc > optind ? rit_data_set_find(argv[optind]) : NULL;
    const struct rit_data_set *set = named ? named : rit_data_sets;
    optind += named != NULL;
    if (argc - optind > 1) {
        rit_fail(&err, RIT_USAGE, "there are no data by the name of '%s'", argv[optind]);
        return rit_command_fail(&err);
    }
    const char *path = argc > optind ? argv[optind] : NULL;
    char usual[PATH_MAX], sum[RIT_SUM_HEX];
    if (rit_fetch_data(set, url, path, sum, &err) != RIT_OK)
        return rit_command_fail(&err);
    rit_place_of(set->file, usual, sizeof usual);
    say(set, path ? path : usual, sum);
    return RIT_OK;
}
