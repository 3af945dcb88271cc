/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `ritardando status RUN`: how far a run is. Its exit code is what `sweep` would return if it ended now. */
#include "cli/command.h"

#include "cli/outlook/outlook.h"
#include "cli/stored/stored.h"
#include "store/checkpoint.h"
#include "store/results.h"
#include "sweep/roster.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>

static int run(int argc, char **argv);

const struct rit_command rit_command_status = {
    .name = "status",
    .usage = "RUN [--share I/N]",
    .summary = "how far a run is, its critical widths so far and what would make them tighter",
    .options =
        "Exits with 0 if all are done, 1 if some of them failed and 75 if some are missing: for scripts\n"
        "under launchers that hide the exit code of 'sweep', such as mpirun --enable-recovery.\n",
    .run = run,
};

static void print_failure(const struct rit_config *config, int plan, const struct rit_results *results,
                          const struct rit_stored *stored)
{
    char label[256];
    struct rit_result result;
    struct rit_error err;
    rit_plan_label(config, plan, label, sizeof label);
    if (rit_results_get(results, stored, &result, &err) != RIT_OK) {
        printf("failed: %s: %s\n", label, err.text);
        return;
    }
    printf("failed: %s: %s\n", label, result.outcome.reason);
    rit_result_release(&result);
}

static enum rit_status count(const char *folder, const struct rit_config *config,
                             const struct rit_roster *roster, const struct rit_results *results)
{
    int ends[RIT_ENDS] = {0}, missing = 0, training = 0;
    for (int p = 0; p < roster->count; p++) {
        const struct rit_stored *stored = rit_results_find(results, &roster->identity[p]);
        if (!stored) {
            missing++;
            training += rit_checkpoint_exists(folder, &rit_checkpoints, &roster->identity[p]);
            continue;
        }
        ends[stored->end]++;
        if (stored->end == RIT_END_FAILED)
            print_failure(config, roster->plan[p], results, stored);
    }
    char counts[128];
    rit_ends_print(ends, counts, sizeof counts);
    printf("%d point%s: %s, %d missing", roster->count, roster->count == 1 ? "" : "s", counts, missing);
    if (training > 0)
        printf(" (%d of them with a checkpoint)", training);
    printf("\n");
    return missing > 0 ? RIT_STOPPED : ends[RIT_END_FAILED] > 0 ? RIT_SOME_FAILED : RIT_OK;
}

static enum rit_status look(const char *folder, int share, int shares, struct rit_error *err)
{
    struct rit_config config;
    struct rit_roster roster = {0};
    struct rit_results results = {0};
    RIT_TRY(rit_stored_config(folder, &config, err));
    enum rit_status status = rit_results_load(folder, &results, err);
    rit_results_say(&results);
    struct rit_error why = {0};
    bool data = status == RIT_OK && rit_roster_make(&config, share, shares, &roster, &why) == RIT_OK;
    if (status == RIT_OK && !data && shares > 1)
        status = rit_fail(err, why.status, "%s (a share is not known without its data)", why.text);
    else if (status == RIT_OK && !data)
        rit_roster_recall(&config, &results, &roster);
    if (status == RIT_OK)
        status = count(folder, &config, &roster, &results);
    if (err->status == RIT_OK && !data)
        printf("The data are not here: points are recognised by their parameters alone.\n");
    if (err->status == RIT_OK) {
        struct rit_buffer text = {0};
        if (rit_outlook_print(&config, &roster, &results, &text, err) == RIT_OK && text.size > 0)
            printf("\n%.*s", (int)text.size, (const char *)text.data);
        rit_buffer_release(&text);
    }
    rit_results_release(&results);
    rit_roster_release(&roster);
    rit_config_release(&config);
    return status;
}

static int run(int argc, char **argv)
{
    static const struct option longs[] = {{"share", required_argument, NULL, 's'}, {0}};
    struct rit_error err = {0};
    int share = 0, shares = 1;
    for (int c; (c = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
        if (c != 's')
            return rit_command_misused(&rit_command_status);
        if (!rit_share_parse(optarg, &share, &shares, &err))
            return rit_command_fail(&err);
    }
    if (argc - optind != 1)
        return rit_command_misused(&rit_command_status);
    enum rit_status status = look(argv[optind], share, shares, &err);
    return err.status == RIT_OK ? (int)status : rit_command_fail(&err);
}
