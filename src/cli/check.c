/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "cli/usage/usage.h"

#include "base/memory.h"
#include "cli/bill/bill.h"
#include "cli/stored/stored.h"
#include "config/keys.h"
#include "sweep/progress.h"

#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static void print_axes(const struct rit_config *config, const struct rit_grid_axes *grid)
{
    enum { SHOWN = 12 };
    for (int a = 0; a < config->given_axes; a++) {
        const struct rit_axis *axis = &grid->axis[a];
        const struct rit_param *param = config->base.registry->param[axis->param];
        printf("  %-16s %6d  ", rit_axis_name(param->key), axis->n);
        for (int i = 0; i < axis->n; i++) {
            char value[RIT_MAX_TEXT];
            rit_value_print(param, &axis->value[i], value, sizeof value);
            if (i < SHOWN - 1 || i == axis->n - 1 || axis->n <= SHOWN)
                printf("%s%s", i ? ", " : "", value);
            else if (i == SHOWN - 1)
                printf(", ...");
        }
        printf("%s\n", axis->zip > 0 ? "  (zipped)" : "");
    }
}

/* What a sweep of this config into a run folder would train. */
static void print_growth(const struct rit_bill *bill, const char *folder)
{
    struct rit_buffer text = {0};
    rit_growth_print(&bill->growth, &text);
    printf("In %s:\n%.*s", folder, (int)text.size, (const char *)text.data);
    rit_buffer_release(&text);
}

/* The two lines that `plan` explains. */
static void print_times(const struct rit_bill *bill)
{
    if (bill->count == 0)
        return;
    if (isnan(bill->expected)) {
        rit_bill_print_unpaced();
        return;
    }
    char hours[128], label[256], reason[256], longest[32];
    const struct rit_charge *charge = &bill->charge[bill->longest];
    rit_bill_hours(bill->expected, bill->low, bill->high, hours, sizeof hours);
    rit_bill_label(bill, charge, label, sizeof label);
    rit_bill_reason(bill, charge, reason, sizeof reason);
    rit_progress_fine_duration(charge->expected, longest, sizeof longest);
    printf("Time: %s%s; 'ritardando plan' says more.\n", hours,
           bill->count < bill->roster.count ? " are left" : "");
    printf("Longest: %s, %s: %s.\n", label, longest, reason);
}

static void print_bill(const struct rit_config *config, const struct rit_bill *bill, const char *file)
{
    char label[256];
    rit_plan_label(config, bill->largest, label, sizeof label);
    int points = rit_plan_rows(config), grids = config->given_grids;
    printf("%s is good: %d point%s%s\n", file, points, points == 1 ? "" : "s",
           rit_plan_grows(config) ? " so far" : "");
    for (int g = 0; g < grids; g++) {
        if (grids > 1)
            printf("%sgrid %d of %d\n", g ? "\n" : "", g + 1, grids);
        print_axes(config, &config->grid[g]);
    }
    rit_bill_print_growth(config);
    printf("The largest%s%s trains on %d chords and takes %.1f MB of memory in each worker.\n",
           config->axes ? ", " : "", label, bill->pairs, (double)bill->memory / 1e6);
    printf("Work: at most %.2g floating-point operations, %.2g of them in the longest point, which one "
           "core trains.\n",
           bill->work, bill->longest_work);
    print_times(bill);
    if (strcmp(config->run.keep, "none") != 0)
        printf("Disk: %s%.3g MB for end states (run.keep: %s), from which more can be asked later.\n",
               strcmp(config->run.keep, "all") == 0 ? "" : "at most ", bill->states / 1e6, config->run.keep);
    if (bill->memory > rit_memory_here())
        printf("Warning: that is more than the %.1f MB that a process can have here; it needs a larger "
               "machine.\n",
               (double)rit_memory_here() / 1e6);
    if (rit_bill_outlasts(bill, label, sizeof label))
        printf("Note: %s.\n", label);
    if (rit_plan_advice(config, label, sizeof label))
        printf("Note: %s.\n", label);
}

static int run(int argc, char **argv);

const struct rit_command rit_command_check = {
    .name = "check",
    .usage = "FILE [-o RUN] [KEY=VALUE ...]",
    .summary = "check a config: what is wrong with it, or its points and the memory of the largest",
    .options =
        "  KEY=VALUE  instead of what FILE says of KEY, as in rule.eta=0.1 or 'width=[10, 20]'; VALUE is "
        "YAML\n"
        "  -o RUN     also say what a sweep of it into this run would train: what is new, what goes on from\n"
        "             kept end states, and what must be trained again and why\n",
    .run = run,
};

static int run(int argc, char **argv)
{
    const char *folder = NULL;
    while (getopt(argc, argv, "o:") != -1)
        folder = optarg;
    struct rit_overrides overrides;
    rit_command_overrides(argc, argv, optind, &overrides);
    const char *file = argv[optind];
    struct rit_config config;
    struct rit_error err = {.status = RIT_OK};
    if (rit_config_read_with(file, &overrides, &config, &err) != RIT_OK)
        return rit_command_fail(&err);
    struct rit_bill bill;
    enum rit_status status = rit_stored_grow(folder, &config, &err);
    if (status == RIT_OK)
        status = rit_bill_make(&config, file, folder, 0, 1, &bill, &err);
    if (status == RIT_OK) {
        print_bill(&config, &bill, file);
        if (folder)
            print_growth(&bill, folder);
        rit_bill_release(&bill);
    }
    rit_config_release(&config);
    return status == RIT_OK ? RIT_OK : rit_command_fail(&err);
}
