/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `ritardando plan FILE`: what a sweep will take, on how many workers, and why. */
#include "cli/bill/bill.h"
#include "cli/command.h"
#include "cli/stored/stored.h"
#include "cli/usage/usage.h"
#include "sweep/progress.h"
#include "sweep/rehearsal.h"

#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLAYS = 5, MANY = 20000 /* points: their scatter averages out */, MOST_WORKERS = 10000000 };

/* Seconds in which the master takes a result and gives out the next point (docs/scheduling.md). */
static const double handling = 50e-6;

static void print_points(const struct rit_bill *bill, const char *file, const char *run)
{
    static const char *const by[RIT_BASES] = {[RIT_BASIS_END] = "go to stop.tau whatever they learn",
                                              [RIT_BASIS_LINE] = "by runs of their own line",
                                              [RIT_BASIS_OTHER] = "by runs of the nearest line",
                                              [RIT_BASIS_PRIOR] =
                                                  ("of which nothing is known yet: taken to end "
                                                   "anywhere from a hundredth of stop.tau to all of it")};
    int n[RIT_BASES] = {0};
    for (int k = 0; k < bill->count; k++)
        n[bill->guess[bill->charge[k].index].basis]++;
    printf("%s: %d point%s", file, bill->roster.count, bill->roster.count == 1 ? "" : "s");
    if (run)
        printf(", %d of them done in %s", bill->roster.count - bill->count, run);
    printf("\n");
    rit_bill_print_growth(bill->config);
    for (int b = 0; b < RIT_BASES; b++)
        if (n[b] > 0)
            printf("  %6d %s\n", n[b], by[b]);
}

static void print_bill(const struct rit_bill *bill)
{
    char text[128], label[256], reason[256];
    const struct rit_charge *longest = &bill->charge[bill->longest];
    rit_bill_hours(bill->expected, bill->low, bill->high, text, sizeof text);
    printf("Work left: %s, at the pace %s.\n", text,
           bill->paced_by_run ? "of the results there" : "of a short trial on this machine");
    printf("Memory: %.1f MB in each worker for the largest point.\n", (double)bill->memory / 1e6);
    if (strcmp(bill->config->run.keep, "none") != 0)
        printf("Disk: %s%.3g MB for end states (run.keep: %s).\n",
               strcmp(bill->config->run.keep, "all") == 0 ? "" : "at most ", bill->states / 1e6,
               bill->config->run.keep);
    rit_bill_label(bill, longest, label, sizeof label);
    rit_bill_reason(bill, longest, reason, sizeof reason);
    char least[32], most[32];
    rit_progress_fine_duration(longest->low, least, sizeof least);
    rit_progress_fine_duration(longest->high, most, sizeof most);
    rit_progress_fine_duration(longest->expected, text, sizeof text);
    printf("Longest: %s, %s (%s to %s): %s.\n", label, text, least, most, reason);
    if (rit_bill_outlasts(bill, reason, sizeof reason))
        printf("Note: %s.\n", reason);
}

static int by_makespan(const void *a, const void *b)
{
    const struct rit_rehearsed *x = a, *y = b;
    return (x->makespan > y->makespan) - (x->makespan < y->makespan);
}

/* The play with the median makespan. */
static struct rit_rehearsed rehearse(const struct rit_bill *bill, int workers)
{
    double *price = calloc((size_t)bill->count + 1, sizeof *price),
           *seconds = calloc((size_t)bill->count + 1, sizeof *seconds);
    RIT_CHECK(price && seconds);
    for (int k = 0; k < bill->count; k++)
        price[k] = bill->charge[k].most;
    struct rit_rehearsed play[PLAYS];
    int plays = bill->count < MANY ? PLAYS : 1;
    for (int i = 0; i < plays; i++) {
        rit_bill_draw(bill, i, seconds);
        struct rit_part part = {bill->count, workers, price, seconds, handling, NULL};
        play[i] = rit_rehearse(&part);
    }
    qsort(play, (size_t)plays, sizeof *play, by_makespan);
    free(price);
    free(seconds);
    return play[plays / 2];
}

static void print_row(const struct rit_bill *bill, int workers, bool simulate)
{
    char bound[32], makespan[32];
    struct rit_rehearsed play = rehearse(bill, workers);
    rit_progress_fine_duration(play.least, bound, sizeof bound);
    rit_progress_fine_duration(play.makespan, makespan, sizeof makespan);
    printf("  %8d  %16s  %16s  %8.1f %%", workers, bound, makespan, 100 * play.efficiency);
    if (simulate)
        printf("  %8.2f %%  %8d", 100 * play.master, play.backlog);
    printf("\n");
}

/* The workers that are asked for, or 1, 8, 64, ... while there are points for them. */
static void print_table(const struct rit_bill *bill, int workers, bool simulate)
{
    printf("\n  %8s  %16s  %16s  %10s", "workers", "at least", "simulated", "efficiency");
    printf(simulate ? "  %10s  %8s\n" : "\n", "master", "waiting");
    if (workers > 0)
        print_row(bill, workers, simulate);
    else
        for (int w = 1; w == 1 || w < 8 * bill->count; w *= 8)
            print_row(bill, w, simulate);
    if (simulate)
        printf(
            "\nThe master's share and the most results that waited for it, at %.0f microseconds for each.\n",
            1e6 * handling);
}

static bool parse_workers(const char *text, int *workers, struct rit_error *err)
{
    char *end;
    long n = strtol(text, &end, 10);
    if (*end || n < 1 || n > MOST_WORKERS) {
        rit_fail(err, RIT_USAGE, "--workers: '%s' is no number from 1 to %d", text, MOST_WORKERS);
        return false;
    }
    *workers = (int)n;
    return true;
}

static int run(int argc, char **argv);

const struct rit_command rit_command_plan = {
    .name = "plan",
    .usage = "FILE [-o RUN] [--workers K] [--simulate] [KEY=VALUE ...]",
    .summary = "what a sweep will take: core-hours, memory, disk, and the time on K workers",
    .options = "  KEY=VALUE    instead of what FILE says of KEY, as for 'sweep'\n"
               "  -o RUN       only what is left to do in this run, by the learning times and the pace "
               "measured there\n"
               "  --workers K  the time on so many workers; otherwise on 1, 8, 64, ...\n"
               "  --simulate   also how busy the master is, and how many results wait for it\n"
               "\nChanges nothing. Times are those of the master's own decisions against virtual workers.\n",
    .run = run,
};

static int run(int argc, char **argv)
{
    static const struct option longs[] = {
        {"workers", required_argument, NULL, 'w'}, {"simulate", no_argument, NULL, 's'}, {0}};
    const char *folder = NULL;
    int workers = 0;
    bool simulate = false;
    struct rit_error err = {.status = RIT_OK};
    for (int c; (c = getopt_long(argc, argv, "o:", longs, NULL)) != -1;) {
        if (c == 'o')
            folder = optarg;
        else if (c == 's')
            simulate = true;
        else if (!parse_workers(optarg, &workers, &err))
            return rit_command_fail(&err);
    }
    struct rit_overrides overrides;
    struct rit_config config;
    struct rit_bill bill;
    rit_command_overrides(argc, argv, optind, &overrides);
    const char *file = argv[optind];
    if (rit_config_read_with(file, &overrides, &config, &err) != RIT_OK)
        return rit_command_fail(&err);
    enum rit_status status = rit_stored_grow(folder, &config, &err);
    if (status == RIT_OK)
        status = rit_bill_make(&config, file, folder, 0, 1, &bill, &err);
    if (status == RIT_OK) {
        print_points(&bill, file, folder);
        if (bill.count > 0 && isnan(bill.expected))
            rit_bill_print_unpaced();
        else if (bill.count > 0) {
            print_bill(&bill);
            print_table(&bill, workers, simulate);
        }
        rit_bill_release(&bill);
    }
    rit_config_release(&config);
    return status == RIT_OK ? RIT_OK : rit_command_fail(&err);
}
