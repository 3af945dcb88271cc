/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `ritardando data-statistics [SOURCE ...]`: sources of chorales side by side; the table of docs/data.md. */
#include "cli/command.h"
#include "cli/usage/usage.h"
#include "cli/words/words.h"

#include "base/pack.h"
#include "source/chorale/statistics/statistics.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SOURCES = 16 };

static int run(int argc, char **argv);

const struct rit_command rit_command_data_statistics = {
    .name = "data-statistics",
    .usage = "[--chorales N] [SOURCE ...]",
    .summary = "compare sources of chorales: lengths, voices, how predictable they are",
    .options = "  --chorales N  the first N of each source (382)\n"
               "\nWithout SOURCE: chorales composer. A source has the parameters it has by default.\n",
    .run = run,
};

/* The first `chorales` of a source. */
static enum rit_status load(const char *source, int chorales, struct rit_corpus *corpus,
                            struct rit_error *err)
{
    struct rit_point point;
    rit_point_init(&point, rit_registry());
    int i = rit_param_find(point.registry, "data.source");
    char why[RIT_MAX_TEXT];
    if (!rit_value_parse(point.registry->param[i], source, &point.value[i], why, sizeof why))
        return rit_fail(err, RIT_USAGE, "%s", why);
    RIT_TRY(rit_source_of(&point)->load(&point, chorales, corpus, err));
    corpus->sequences = chorales;
    return RIT_OK;
}

static enum rit_status print_table(int n, const char *const *source, int chorales, struct rit_error *err)
{
    struct rit_corpus corpus[MOST_SOURCES];
    struct rit_buffer table = {.data = NULL};
    enum rit_status status = RIT_OK;
    int loaded = 0;
    while (loaded < n && status == RIT_OK) {
        status = load(source[loaded], chorales, &corpus[loaded], err);
        loaded += status == RIT_OK;
    }
    if (status == RIT_OK) {
        rit_corpus_statistics(n, corpus, source, &table);
        fwrite(table.data, 1, table.size, stdout);
    }
    for (int i = 0; i < loaded; i++)
        rit_corpus_release(&corpus[i]);
    rit_buffer_release(&table);
    return status;
}

static int run(int argc, char **argv)
{
    static const struct option options[] = {{"chorales", required_argument, NULL, 'n'}, {0}};
    static const char *const usual[] = {"chorales", "composer"};
    long chorales = 382;
    struct rit_error err = {.status = RIT_OK};
    enum rit_status status = RIT_OK;
    while (status == RIT_OK && getopt_long(argc, argv, "", options, NULL) != -1)
        status = rit_words_whole("--chorales", optarg, 1, 100000, &chorales, &err);
    int n = argc - optind;
    if (status == RIT_OK && n > MOST_SOURCES)
        status = rit_fail(&err, RIT_USAGE, "at most %d sources stand side by side", MOST_SOURCES);
    if (status == RIT_OK)
        status = n > 0 ? print_table(n, (const char *const *)argv + optind, (int)chorales, &err)
                       : print_table(2, usual, (int)chorales, &err);
    return status == RIT_OK ? RIT_OK : rit_command_fail(&err);
}
