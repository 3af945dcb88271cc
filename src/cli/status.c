/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `ritardando status RUN`: how far a run is. Its exit code is what `sweep` would return if it ended now. */
#include "cli/command.h"
#include "cli/usage/usage.h"

#include "cli/bill/bill.h"
#include "cli/outlook/outlook.h"
#include "cli/stored/stored.h"
#include "cli/watch/watch.h"
#include "store/checkpoint.h"
#include "store/claim.h"
#include "store/results.h"
#include "sweep/progress.h"
#include "sweep/refinement.h"
#include "sweep/roster.h"
#include "sweep/sofar.h"
#include "train/schedule.h"

#include <getopt.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

static int run(int argc, char **argv);

const struct rit_command rit_command_status = {
    .name = "status",
    .usage = "RUN [--share I/N] [--json]",
    .summary = "how far a run is, who runs it, its critical widths so far and what would make them tighter",
    .options =
        "  --json  for other programs: one object\n"
        "\nSays who runs it, what is in training and how far that was at its last checkpoint, and what is "
        "left,\nand, while it runs, from when workers will have nothing more to do.\n"
        "Exits with 0 if all are done, 1 if some of them failed and 75 if some are missing: for scripts\n"
        "under launchers that hide the exit code of 'sweep', such as mpirun --enable-recovery.\n",
    .run = run,
};

static void print_failure(const struct rit_config *config, int plan, const struct rit_results *results,
                          const struct rit_stored *stored)
{
    char label[256], hex[17];
    struct rit_result result;
    struct rit_error err;
    rit_plan_label(config, plan, label, sizeof label);
    rit_hash_hex(&stored->identity, 16, hex);
    if (rit_results_get(results, stored, &result, &err) != RIT_OK) {
        printf("failed: %s  %s: %s\n", hex, label, err.text);
        return;
    }
    printf("failed: %s  %s: %s\n", hex, label, result.outcome.reason);
    rit_result_release(&result);
}

/* How long ago, in words; a clock elsewhere may be ahead. */
static void ago(double then, char *out, size_t size)
{
    rit_progress_duration(fmax(0, (double)time(NULL) - then), out, size);
}

static void print_training(const struct rit_config *config, int plan, const struct rit_hash *identity,
                           const char *stands, const struct rit_sofar *sofar, double written)
{
    struct rit_point point;
    char label[256], spent[32], since[32], nll[32] = "", hex[17];
    rit_plan_point(config, plan, &point);
    rit_plan_label(config, plan, label, sizeof label);
    rit_progress_duration(sofar->seconds, spent, sizeof spent);
    ago(written, since, sizeof since);
    if (isfinite(sofar->nll))
        snprintf(nll, sizeof nll, ", NLL %.3g bit", sofar->nll);
    rit_hash_hex(identity, 16, hex);
    struct rit_goal goal = rit_goal_of(&point);
    printf("%s: %s  %s%s%s %.4g of %g%s, %s so far, checkpoint of %s ago\n", stands, hex, label,
           config->axes ? ": " : "", goal.word, sofar->tau, goal.at, nll, spent, since);
}

static bool is_running(const char *folder)
{
    struct rit_holder who;
    struct rit_error err = {0};
    enum rit_life life;
    int epoch;
    return rit_claim_look(folder, &epoch, &who, &life, &err) == RIT_OK && life == RIT_ALIVE;
}

struct counts {
    int ends[RIT_ENDS], missing, training;
};

/* Counts the points of the plan; those that failed or are in training get a line. */
static void count(const char *folder, const struct rit_config *config, const struct rit_roster *roster,
                  const struct rit_results *results, struct counts *counts)
{
    enum { MOST_LISTED = 20 };
    const char *stands = is_running(folder) ? "in training" : "stopped at";
    *counts = (struct counts){.missing = 0};
    for (int p = 0; p < roster->count; p++) {
        const struct rit_hash *identity = &roster->identity[p];
        const struct rit_stored *stored = rit_results_find(results, identity);
        unsigned char head[RIT_SOFAR_BYTES];
        double written;
        if (stored) {
            counts->ends[stored->end]++;
            if (stored->end == RIT_END_FAILED)
                print_failure(config, roster->plan[p], results, stored);
            continue;
        }
        counts->missing++;
        if (!rit_checkpoint_glance(folder, &rit_checkpoints, identity, head, sizeof head, &written))
            continue;
        struct rit_sofar sofar = rit_sofar_read(head);
        if (counts->training++ < MOST_LISTED)
            print_training(config, roster->plan[p], identity, stands, &sofar, written);
    }
    if (counts->training > MOST_LISTED)
        printf("%s: and %d more\n", stands, counts->training - MOST_LISTED);
}

static enum rit_status status_by(int missing, int failed)
{
    return missing > 0 ? RIT_STOPPED : failed > 0 ? RIT_SOME_FAILED : RIT_OK;
}

static enum rit_status status_of(const struct rit_roster *roster, const struct rit_results *results)
{
    int missing = 0, failed = 0;
    for (int p = 0; p < roster->count; p++) {
        const struct rit_stored *stored = rit_results_find(results, &roster->identity[p]);
        missing += !stored;
        failed += stored && stored->end == RIT_END_FAILED;
    }
    return status_by(missing, failed);
}

static enum rit_status sum_up(const struct rit_roster *roster, const struct counts *counts)
{
    char text[128];
    rit_ends_print(counts->ends, text, sizeof text);
    printf("%d point%s: %s, %d missing", roster->count, roster->count == 1 ? "" : "s", text, counts->missing);
    if (counts->training > 0)
        printf(" (%d of them with a checkpoint)", counts->training);
    printf("\n");
    return status_by(counts->missing, counts->ends[RIT_END_FAILED]);
}

/* When the last result came, by the clock of the file system; 0 if there is none. */
static double last_result(const struct rit_results *results)
{
    double last = 0;
    struct stat about;
    for (int i = 0; i < results->files; i++)
        if (stat(results->file[i], &about) == 0 && about.st_size > 0)
            last = fmax(last, (double)about.st_mtim.tv_sec);
    return last;
}

/* Who is at it, or what happens next. */
static void print_holder(const char *folder, const struct rit_results *results, const struct counts *counts)
{
    struct rit_holder who;
    struct rit_error err = {0};
    enum rit_life life;
    int epoch;
    char since[32], workers[32] = "";
    double last = last_result(results);
    if (last > 0) {
        ago(last, since, sizeof since);
        printf("The last result came %s ago.\n", since);
    }
    if (rit_claim_look(folder, &epoch, &who, &life, &err) != RIT_OK || life == RIT_NEVER)
        return;
    if (who.workers > 0)
        snprintf(workers, sizeof workers, ", %d worker%s", who.workers, who.workers == 1 ? "" : "s");
    if (life == RIT_ALIVE)
        printf("Running: process %ld on %s since %s, start %d of this run%s.\n", who.pid, who.host, who.since,
               epoch, workers);
    else if (counts->missing > 0)
        printf("Not running: start %d of this run, process %ld on %s since %s, %s. The same 'sweep' command "
               "continues "
               "%d point%s from checkpoints and begins %d.\n",
               epoch, who.pid, who.host, who.since,
               life == RIT_DEAD ? "is gone" : "is gone as far as can be seen from here", counts->training,
               counts->training == 1 ? "" : "s", counts->missing - counts->training);
}

/* What is left, as far as the results tell: nothing while there are none. */
static bool find_left(const struct rit_config *config, const char *folder, const struct rit_results *results,
                      int share, int shares, struct rit_bill *left)
{
    struct rit_error err = {0};
    bool there =
        results->count > 0 && rit_bill_make(config, folder, folder, share, shares, left, &err) == RIT_OK;
    if (there && left->count > 0 && isfinite(left->expected))
        return true;
    if (there)
        rit_bill_release(left);
    return false;
}

static void print_left(const struct rit_bill *left)
{
    char hours[128], label[256], reason[256], longest[32];
    const struct rit_charge *charge = &left->charge[left->longest];
    rit_bill_hours(left->expected, left->low, left->high, hours, sizeof hours);
    rit_bill_label(left, charge, label, sizeof label);
    rit_bill_reason(left, charge, reason, sizeof reason);
    rit_progress_fine_duration(charge->expected, longest, sizeof longest);
    printf("Left: %s; longest %s, %s: %s.\n", hours, label, longest, reason);
}

/* Who will wait for whom. */
static void print_idle(const char *folder, const struct rit_config *config, const struct rit_bill *left)
{
    struct rit_idle idle;
    struct rit_buffer text = {0};
    double now = (double)time(NULL);
    if (!rit_watch_idle(folder, left, now, &idle))
        return;
    rit_idle_print(&idle, now, &text);
    printf("%s%.*s", rit_plan_grows(config) ? "Of the points asked for so far: " : "", (int)text.size,
           (const char *)text.data);
    rit_buffer_release(&text);
}

/* The run in words, with what it says of critical widths; or as JSON. */
static enum rit_status tell(const char *folder, const struct rit_config *config,
                            const struct rit_roster *roster, const struct rit_results *results,
                            const struct rit_bill *left, const struct rit_buffer *refined, bool data,
                            bool json, struct rit_error *err)
{
    struct rit_buffer text = {0};
    struct counts counts;
    enum rit_status status = RIT_OK;
    if (json) {
        status = rit_watch_json(folder, config, roster, results, left, refined, &text, err);
        if (status == RIT_OK) {
            fwrite(text.data, 1, text.size, stdout);
            status = status_of(roster, results);
        }
        rit_buffer_release(&text);
        return status;
    }
    count(folder, config, roster, results, &counts);
    status = sum_up(roster, &counts);
    print_holder(folder, results, &counts);
    if (left) {
        print_left(left);
        print_idle(folder, config, left);
    }
    if (!data)
        printf("The data are not here: points are recognised by their parameters alone.\n");
    if (rit_watch_reached(config, roster, results, &text, err) == RIT_OK && text.size > 0)
        rit_buffer_printf(&text, "\n");
    if (err->status == RIT_OK && rit_outlook_print(config, roster, results, &text, err) == RIT_OK &&
        text.size > 0)
        fwrite(text.data, 1, text.size, stdout);
    rit_buffer_release(&text);
    return status;
}

static enum rit_status look(const char *folder, int share, int shares, bool json, struct rit_error *err)
{
    struct rit_config config;
    struct rit_roster roster = {0};
    struct rit_results results = {0};
    RIT_TRY(rit_stored_config(folder, &config, err));
    enum rit_status status = rit_results_load(folder, &results, err);
    rit_results_say(&results);
    struct rit_error why = {0};
    struct rit_buffer refined = {0}, object = {0};
    if (status == RIT_OK)
        rit_refinement_replay(&config, &results, &refined, &object);
    bool data = status == RIT_OK && rit_roster_make(&config, share, shares, &roster, &why) == RIT_OK;
    if (status == RIT_OK && !data && shares > 1)
        status = rit_fail(err, why.status, "%s (a share is not known without its data)", why.text);
    else if (status == RIT_OK && !data)
        rit_roster_recall(&config, &results, &roster);
    if (status == RIT_OK) {
        struct rit_bill left;
        bool knows = data && find_left(&config, folder, &results, share, shares, &left);
        status = tell(folder, &config, &roster, &results, knows ? &left : NULL, &object, data, json, err);
        if (knows)
            rit_bill_release(&left);
        if (!json)
            printf("%.*s", (int)refined.size, (const char *)refined.data);
    }
    rit_buffer_release(&refined);
    rit_buffer_release(&object);
    rit_results_release(&results);
    rit_roster_release(&roster);
    rit_config_release(&config);
    return status;
}

static int run(int argc, char **argv)
{
    static const struct option longs[] = {
        {"share", required_argument, NULL, 's'}, {"json", no_argument, NULL, 'j'}, {0}};
    bool json = false;
    struct rit_error err = {0};
    int share = 0, shares = 1;
    for (int c; (c = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
        if (c == 'j')
            json = true;
        else if (!rit_share_parse(optarg, &share, &shares, &err))
            return rit_command_fail(&err);
    }
    enum rit_status status = look(argv[optind], share, shares, json, &err);
    return err.status == RIT_OK ? (int)status : rit_command_fail(&err);
}
