/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `ritardando merge OUT RUN...`: join the shards of a job array, or runs from anywhere. */
#include "cli/command.h"
#include "cli/stored/stored.h"
#include "cli/usage/usage.h"
#include "cli/words/words.h"

#include "base/file.h"
#include "base/process.h"
#include "store/folder.h"
#include "store/merge.h"
#include "sweep/archive.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { MOST_LISTED = 20 }; /* missing points named one by one */

static int run(int argc, char **argv);

const struct rit_command rit_command_merge = {
    .name = "merge",
    .usage = "OUT RUN... [--config FILE] [--shares N]",
    .summary = "join the shards of a job array, or runs from anywhere, into one run folder",
    .options = "  --config FILE  the plan of the joined run; by default the config of OUT, or else of the "
               "first RUN\n"
               "  --shares N     name what is missing also as the elements of an array of N shares\n"
               "\nA point that is in several runs must agree bit for bit: otherwise nothing is written, the "
               "differences\n"
               "are listed and the exit code is 65. It is 75 if points of the plan are missing.\n",
    .run = run,
};

struct order {
    const char *out;
    const char *const *runs;
    int n;
    const char *config; /* path or NULL */
    int shares;         /* 0: not asked for */
};

static enum rit_status read_config(const struct order *order, struct rit_config *config,
                                   struct rit_error *err)
{
    char own[RIT_PATH], first[RIT_PATH];
    if (order->config)
        return rit_config_read(order->config, config, err);
    RIT_TRY(rit_file_path(own, err, "%s/config.yaml", order->out));
    if (access(own, F_OK) == 0)
        return rit_stored_config(order->out, config, err);
    RIT_TRY(rit_folder_is_run(order->runs[0], err));
    RIT_TRY(rit_file_path(first, err, "%s/config.yaml", order->runs[0]));
    if (access(first, F_OK) != 0)
        return rit_fail(err, RIT_BAD_INPUT, "%s: there is no config.yaml; --config names the plan",
                        order->runs[0]);
    return rit_stored_config(order->runs[0], config, err);
}

/* Elements of an array, ascending, as sbatch wants them: "0,2-4". */
static void print_elements(const bool *wanted, int n)
{
    const char *comma = "";
    for (int i = 0; i < n; i++) {
        int first = i;
        if (!wanted[i])
            continue;
        while (i + 1 < n && wanted[i + 1])
            i++;
        printf(i > first ? "%s%d-%d" : "%s%d", comma, first, i);
        comma = ",";
    }
}

static void print_missing(const struct rit_archive *archive, int shares)
{
    const struct rit_roster *roster = archive->roster;
    bool *wanted = calloc((size_t)shares + 1, sizeof *wanted);
    RIT_CHECK(wanted);
    int missing = 0;
    for (int p = 0; p < roster->count; p++) {
        char label[512], hex[17];
        if (archive->have[p])
            continue;
        if (shares > 0)
            wanted[rit_share_of(&roster->trajectory[p], shares)] = true;
        if (missing++ >= MOST_LISTED)
            continue;
        rit_plan_label(archive->config, roster->plan[p], label, sizeof label);
        rit_hash_hex(&roster->identity[p], 16, hex);
        if (roster->trajectory)
            printf("missing: %s  %s\n", hex, label);
        else
            printf("missing: %s\n", label);
    }
    if (missing > MOST_LISTED)
        printf("missing: and %d more\n", missing - MOST_LISTED);
    if (missing > 0 && shares > 0) {
        printf("--array=");
        print_elements(wanted, shares);
        printf("\n");
    }
    free(wanted);
}

/* A failed point is a row of the dataset too, as at the end of a sweep. Returns how many there are. */
static int take_failures(struct rit_archive *archive)
{
    int failed = 0;
    for (int p = 0; p < archive->roster->count; p++) {
        if (archive->have[p])
            continue;
        archive->have[p] = rit_results_find(&archive->loaded, &archive->roster->identity[p]);
        failed += archive->have[p] != NULL;
    }
    return failed;
}

static enum rit_status finish(const struct order *order, const struct rit_merge_report *report,
                              const struct rit_config *config, const struct rit_roster *roster,
                              struct rit_error *err)
{
    struct rit_archive archive;
    RIT_TRY(rit_archive_open(&archive, order->out, config, roster, 0.0, err));
    int failed = take_failures(&archive), points = 0;
    for (int p = 0; p < roster->count; p++)
        points += archive.have[p] != NULL;
    enum rit_status status = rit_archive_write_dataset(&archive, err);
    if (status == RIT_OK) {
        int outside = archive.loaded.count - points;
        printf(
            "%s: %d of %d points, of them %d failed and %d new. Results read from %d run%s: %d, of them %d "
            "twice and equal.\n",
            order->out, points, roster->count, failed, report->added, order->n, order->n == 1 ? "" : "s",
            report->read, report->repeated);
        if (outside > 0)
            printf("%d more result%s of points outside the plan: kept, but no row%s of the dataset\n",
                   outside, outside == 1 ? " is" : "s are", outside == 1 ? "" : "s");
        print_missing(&archive, order->shares);
        status = points < roster->count ? RIT_STOPPED : failed > 0 ? RIT_SOME_FAILED : RIT_OK;
    }
    rit_archive_close(&archive);
    return status;
}

/* Without the data, on a machine that lacks them, the roster stays empty; but what falls to which share is
 * not known then. */
static enum rit_status make_roster(const struct order *order, const struct rit_config *config,
                                   struct rit_roster *roster, struct rit_error *err)
{
    struct rit_error why = {0};
    enum rit_status status = rit_roster_make(config, 0, 1, roster, &why);
    if (status == RIT_OK || (status == RIT_IO && order->shares == 0))
        return RIT_OK;
    return rit_fail(err, status, "%s%s", why.text,
                    status == RIT_IO ? " (a share is not known without its data)" : "");
}

/* Points of the plan that have a result, recognised by their parameters. */
static enum rit_status recall_roster(const struct order *order, const struct rit_config *config,
                                     struct rit_roster *roster, struct rit_error *err)
{
    struct rit_results results;
    RIT_TRY(rit_results_load(order->out, &results, err));
    rit_roster_recall(config, &results, roster);
    rit_results_release(&results);
    printf("The data are not here: points are recognised by their parameters alone.\n");
    return RIT_OK;
}

static enum rit_status merge(const struct order *order, struct rit_merge_report *report,
                             struct rit_error *err)
{
    struct rit_config config;
    struct rit_roster roster = {0};
    RIT_TRY(read_config(order, &config, err));
    enum rit_status status = make_roster(order, &config, &roster, err);
    if (status == RIT_OK)
        status = rit_merge(order->out, order->runs, order->n, report, err);
    if (status == RIT_OK && rit_plan_grows(&config)) { /* by all results together */
        rit_roster_release(&roster);
        status = rit_stored_grow(order->out, &config, err);
        if (status == RIT_OK)
            status = make_roster(order, &config, &roster, err);
    }
    if (status == RIT_OK && !roster.trajectory)
        status = recall_roster(order, &config, &roster, err);
    if (status == RIT_OK)
        status = finish(order, report, &config, &roster, err);
    rit_roster_release(&roster);
    rit_config_release(&config);
    return status;
}

static int run(int argc, char **argv)
{
    static const struct option longs[] = {
        {"config", required_argument, NULL, 'c'}, {"shares", required_argument, NULL, 's'}, {0}};
    struct order order = {0};
    struct rit_error err = {0};
    long shares = 0;
    for (int c; (c = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
        if (c == 'c')
            order.config = optarg;
        else if (rit_words_whole("--shares", optarg, 1, 1000000, &shares, &err) != RIT_OK)
            return rit_command_fail(&err);
    }
    order.shares = (int)shares;
    order.out = argv[optind];
    order.runs = (const char *const *)&argv[optind + 1];
    order.n = argc - optind - 1;
    struct rit_merge_report report = {0};
    enum rit_status status = merge(&order, &report, &err);
    if (report.disagreement.size > 0)
        fwrite(report.disagreement.data, 1, report.disagreement.size, stderr);
    rit_buffer_release(&report.disagreement);
    return err.status == RIT_OK ? (int)status : rit_command_fail(&err);
}
