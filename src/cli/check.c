/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"

#include <ritardando/run.h>

#include "base/memory.h"
#include "config/config.h"
#include "config/keys.h"
#include "store/folder.h"
#include "sweep/blocks.h"
#include "sweep/growth.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

/* What the points of a plan take. */
struct bill {
    size_t memory; /* of the largest, in bytes */
    int largest, pairs;
    double work, longest; /* floating-point operations, each point to its end */
    double states;        /* bytes of all end states */
};

/* Seeds of the grid in which this point stands. */
static int seeds_of(const struct rit_config *config, int index)
{
    int at[RIT_MAX_AXES];
    const struct rit_grid_axes *grid = rit_plan_place(config, index, at);
    for (int a = 0; a < config->axes; a++)
        if (grid->axis[a].zip == 0 &&
            strcmp(config->base.registry->param[grid->axis[a].param]->key, "seed") == 0)
            return grid->axis[a].n;
    return 1;
}

/* Points that differ only in their seed take the same. */
static enum rit_status add_to_bill(const struct rit_config *config, int index, struct rit_blocks *blocks,
                                   struct bill *bill, struct rit_error *err)
{
    struct rit_point point;
    const struct rit_known_block *known;
    size_t memory, state;
    rit_plan_point(config, index, &point);
    RIT_TRY(rit_blocks_get(blocks, &point, &known, err));
    enum rit_status status = rit_run_memory(&point, &known->block, &memory, &state, err);
    if (status != RIT_OK && config->axes > 0) {
        char label[256], what[RIT_ERROR_TEXT];
        rit_plan_label(config, index, label, sizeof label);
        memcpy(what, err->text, sizeof what);
        return rit_fail(err, status, "%.3800s (at %s)", what, label);
    }
    RIT_TRY(status);
    double price = rit_run_price(&point, &known->block);
    int seeds = seeds_of(config, index);
    bill->work += seeds * price;
    bill->longest = price > bill->longest ? price : bill->longest;
    bill->states += (double)seeds * (double)state;
    if (memory > bill->memory) {
        bill->memory = memory;
        bill->largest = index;
        bill->pairs = known->block.pairs;
    }
    return RIT_OK;
}

static enum rit_status make_bill(const struct rit_config *config, const char *path, struct bill *bill,
                                 struct rit_error *err)
{
    struct rit_blocks blocks = {.count = 0};
    struct rit_error why = {.status = RIT_OK};
    for (int i = 0; i < rit_plan_count(config) && why.status == RIT_OK; i++)
        if (rit_plan_is_first_seed(config, i))
            add_to_bill(config, i, &blocks, bill, &why);
    rit_blocks_release(&blocks);
    return why.status == RIT_OK ? RIT_OK : rit_fail(err, why.status, "%s: %s", path, why.text);
}

static void print_axes(const struct rit_config *config, const struct rit_grid_axes *grid)
{
    enum { SHOWN = 12 };
    for (int a = 0; a < config->axes; a++) {
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
static enum rit_status print_growth(const struct rit_config *config, const char *folder,
                                    struct rit_error *err)
{
    struct rit_roster roster;
    struct rit_results results = {0};
    struct rit_growth growth = {0};
    struct rit_buffer text = {0};
    RIT_TRY(rit_folder_is_run(folder, err));
    RIT_TRY(rit_roster_make(config, 0, 1, &roster, err));
    enum rit_status status = rit_results_load(folder, &results, err);
    if (status == RIT_OK) {
        rit_growth_find(config, &roster, &results, folder, &growth);
        rit_growth_print(&growth, &text);
        printf("In %s:\n%.*s", folder, (int)text.size, (const char *)text.data);
    }
    rit_buffer_release(&text);
    rit_growth_release(&growth);
    rit_results_release(&results);
    rit_roster_release(&roster);
    return status;
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
    for (int c; (c = getopt(argc, argv, "o:")) != -1; folder = optarg)
        if (c != 'o')
            return rit_command_misused(&rit_command_check);
    struct rit_overrides overrides;
    if (!rit_command_takes(argc, argv, optind, &overrides))
        return rit_command_misused(&rit_command_check);
    const char *file = argv[optind];
    struct rit_config config;
    struct rit_error err = {.status = RIT_OK};
    if (rit_config_read_with(file, &overrides, &config, &err) != RIT_OK)
        return rit_command_fail(&err);
    struct bill bill = {.memory = 0};
    enum rit_status status = make_bill(&config, file, &bill, &err);
    if (status == RIT_OK) {
        char label[256];
        rit_plan_label(&config, bill.largest, label, sizeof label);
        printf("%s is good: %d point%s\n", file, rit_plan_count(&config),
               rit_plan_count(&config) == 1 ? "" : "s");
        for (int g = 0; g < config.grids; g++) {
            if (config.grids > 1)
                printf("%sgrid %d of %d\n", g ? "\n" : "", g + 1, config.grids);
            print_axes(&config, &config.grid[g]);
        }
        printf("The largest%s%s trains on %d chords and takes %.1f MB of memory in each worker.\n",
               config.axes ? ", " : "", label, bill.pairs, (double)bill.memory / 1e6);
        printf("Work: at most %.2g floating-point operations, %.2g of them in the longest point, which one "
               "core trains.\n",
               bill.work, bill.longest);
        if (strcmp(config.run.keep, "none") != 0)
            printf("Disk: %s%.3g MB for end states (run.keep: %s), from which more can be asked later.\n",
                   strcmp(config.run.keep, "all") == 0 ? "" : "at most ", bill.states / 1e6, config.run.keep);
        if (bill.memory > rit_memory_here())
            printf("Warning: that is more than the %.1f MB that a process can have here; it needs a larger "
                   "machine.\n",
                   (double)rit_memory_here() / 1e6);
        if (rit_plan_advice(&config, label, sizeof label))
            printf("Note: %s.\n", label);
    }
    if (status == RIT_OK && folder)
        status = print_growth(&config, folder, &err);
    rit_config_release(&config);
    return status == RIT_OK ? RIT_OK : rit_command_fail(&err);
}
