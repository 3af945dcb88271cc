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

struct largest {
    size_t bytes;
    int point, pairs;
};

static enum rit_status measure(const struct rit_config *config, int index, const char *path,
                               struct rit_blocks *blocks, struct largest *largest, struct rit_error *err)
{
    struct rit_point point;
    const struct rit_known_block *known;
    struct rit_error why = {.status = RIT_OK};
    size_t bytes = 0;
    rit_plan_point(config, index, &point);
    if (rit_blocks_get(blocks, &point, &known, &why) != RIT_OK)
        return rit_fail(err, why.status, "%s: %s", path, why.text);
    if (rit_run_memory(&point, &known->block, &bytes, &why) != RIT_OK) {
        char label[256];
        rit_plan_label(config, index, label, sizeof label);
        return rit_fail(err, why.status, "%s: %s%s%s%s", path, why.text, config->axes ? " (at " : "", label,
                        config->axes ? ")" : "");
    }
    if (bytes > largest->bytes)
        *largest = (struct largest){.bytes = bytes, .point = index, .pairs = known->block.pairs};
    return RIT_OK;
}

static enum rit_status find_largest(const struct rit_config *config, const char *path,
                                    struct largest *largest, struct rit_error *err)
{
    struct rit_blocks blocks = {.count = 0};
    enum rit_status status = RIT_OK;
    for (int i = 0; i < rit_plan_count(config) && status == RIT_OK; i++)
        if (rit_plan_is_first_seed(config, i))
            status = measure(config, i, path, &blocks, largest, err);
    rit_blocks_release(&blocks);
    return status;
}

/* Floating-point operations of all points, each to its end, and of the longest of them. */
static enum rit_status add_up(const struct rit_config *config, double *work, double *longest,
                              struct rit_error *err)
{
    struct rit_blocks blocks = {.count = 0};
    enum rit_status status = RIT_OK;
    *work = *longest = 0;
    for (int i = 0; i < rit_plan_count(config) && status == RIT_OK; i++) {
        struct rit_point point;
        const struct rit_known_block *known;
        rit_plan_point(config, i, &point);
        status = rit_blocks_get(&blocks, &point, &known, err);
        double price = status == RIT_OK ? rit_run_price(&point, &known->block) : 0;
        *work += price;
        *longest = price > *longest ? price : *longest;
    }
    rit_blocks_release(&blocks);
    return status;
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
        printf("\n");
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
    .usage = "FILE [-o RUN]",
    .summary = "check a config: what is wrong with it, or its points and the memory of the largest",
    .options =
        "  -o RUN   also say what a sweep of it into this run would train: what is new, what goes on from\n"
        "           kept end states, and what must be trained again and why\n",
    .run = run,
};

static int run(int argc, char **argv)
{
    const char *folder = NULL;
    for (int c; (c = getopt(argc, argv, "o:")) != -1; folder = optarg)
        if (c != 'o')
            return rit_command_misused(&rit_command_check);
    if (argc - optind != 1)
        return rit_command_misused(&rit_command_check);
    const char *file = argv[optind];
    struct rit_config config;
    struct rit_error err = {.status = RIT_OK};
    if (rit_config_read(file, &config, &err) != RIT_OK)
        return rit_command_fail(&err);
    struct largest largest = {.bytes = 0};
    enum rit_status status = find_largest(&config, file, &largest, &err);
    double work = 0, longest = 0;
    if (status == RIT_OK)
        status = add_up(&config, &work, &longest, &err);
    if (status == RIT_OK) {
        char label[256];
        rit_plan_label(&config, largest.point, label, sizeof label);
        printf("%s is good: %d point%s\n", file, rit_plan_count(&config),
               rit_plan_count(&config) == 1 ? "" : "s");
        for (int g = 0; g < config.grids; g++) {
            if (config.grids > 1)
                printf("%sgrid %d of %d\n", g ? "\n" : "", g + 1, config.grids);
            print_axes(&config, &config.grid[g]);
        }
        printf("The largest%s%s trains on %d chords and takes %.1f MB of memory in each worker.\n",
               config.axes ? ", " : "", label, largest.pairs, (double)largest.bytes / 1e6);
        printf("Work: at most %.2g floating-point operations, %.2g of them in the longest point, which one "
               "core trains.\n",
               work, longest);
        if (largest.bytes > rit_memory_here())
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
