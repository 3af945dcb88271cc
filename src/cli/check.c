/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"

#include <ritardando/run.h>

#include "base/pack.h"
#include "config/config.h"
#include "config/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The blocks that the points of a plan train on, each loaded once; told apart by the parameters data.*. */
struct blocks {
    int n;
    struct known {
        struct rit_buffer key;
        struct rit_block block;
    } * known;
};

static void print_data_key(const struct rit_point *point, struct rit_buffer *key)
{
    for (int i = 0; i < point->registry->count; i++) {
        const struct rit_param *param = point->registry->param[i];
        char text[RIT_MAX_TEXT];
        if (!rit_key_is_in(param->key, "data") || !rit_param_applies(point, i))
            continue;
        rit_value_print(param, &point->value[i], text, sizeof text);
        rit_buffer_printf(key, "%s: %s\n", param->key, text);
    }
}

static enum rit_status block_of(struct blocks *blocks, const struct rit_point *point,
                                const struct rit_block **block, struct rit_error *err)
{
    struct rit_buffer key = {.data = NULL};
    print_data_key(point, &key);
    for (int i = 0; i < blocks->n; i++) {
        struct known *known = &blocks->known[i];
        if (known->key.size == key.size && memcmp(known->key.data, key.data, key.size) == 0) {
            rit_buffer_release(&key);
            *block = &known->block;
            return RIT_OK;
        }
    }
    struct known new = {.key = key};
    enum rit_status status = rit_block_load(point, &new.block, err);
    if (status != RIT_OK) {
        rit_buffer_release(&key);
        return status;
    }
    blocks->known = realloc(blocks->known, (size_t)(blocks->n + 1) * sizeof *blocks->known);
    RIT_CHECK(blocks->known != NULL);
    blocks->known[blocks->n] = new;
    *block = &blocks->known[blocks->n++].block;
    return RIT_OK;
}

static void release_blocks(struct blocks *blocks)
{
    for (int i = 0; i < blocks->n; i++) {
        rit_buffer_release(&blocks->known[i].key);
        rit_block_release(&blocks->known[i].block);
    }
    free(blocks->known);
}

struct largest {
    size_t bytes;
    int point, pairs;
};

/* Of points that differ in their seed only the first is looked at. */
static bool is_first_seed(const struct rit_config *config, int point)
{
    int at[RIT_MAX_AXES];
    rit_plan_place(config, point, at);
    for (int a = 0; a < config->axes; a++)
        if (at[a] > 0 && strcmp(config->base.registry->param[config->axis[a].param]->key, "seed") == 0)
            return false;
    return true;
}

static enum rit_status find_largest(const struct rit_config *config, const char *path,
                                    struct largest *largest, struct rit_error *err)
{
    struct blocks blocks = {.n = 0};
    enum rit_status status = RIT_OK;
    for (int i = 0; i < rit_plan_count(config) && status == RIT_OK; i++) {
        if (!is_first_seed(config, i))
            continue;
        struct rit_point point;
        rit_plan_point(config, i, &point);
        const struct rit_block *block;
        size_t bytes = 0;
        struct rit_error why = {.status = RIT_OK};
        status = block_of(&blocks, &point, &block, &why);
        if (status == RIT_OK)
            status = rit_run_memory(&point, block, &bytes, &why);
        if (status != RIT_OK) {
            char label[256];
            rit_plan_label(config, i, label, sizeof label);
            rit_fail(err, status, "%s: %s%s%s%s", path, why.text, config->axes ? " (at " : "", label,
                     config->axes ? ")" : "");
        } else if (bytes > largest->bytes) {
            *largest = (struct largest){.bytes = bytes, .point = i, .pairs = block->pairs};
        }
    }
    release_blocks(&blocks);
    return status;
}

static void print_axes(const struct rit_config *config)
{
    enum { SHOWN = 12 };
    for (int a = 0; a < config->axes; a++) {
        const struct rit_axis *axis = &config->axis[a];
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

static int run(int argc, char **argv);

const struct rit_command rit_command_check = {
    .name = "check",
    .usage = "FILE",
    .summary = "check a config: what is wrong with it, or its points and the memory of the largest",
    .run = run,
};

static int run(int argc, char **argv)
{
    if (argc != 2)
        return rit_command_misused(&rit_command_check);
    struct rit_config config;
    struct rit_error err = {.status = RIT_OK};
    if (rit_config_read(argv[1], &config, &err) != RIT_OK)
        return rit_command_fail(&err);
    struct largest largest = {.bytes = 0};
    enum rit_status status = find_largest(&config, argv[1], &largest, &err);
    if (status == RIT_OK) {
        char label[256];
        rit_plan_label(&config, largest.point, label, sizeof label);
        printf("%s is good: %d point%s\n", argv[1], rit_plan_count(&config),
               rit_plan_count(&config) == 1 ? "" : "s");
        print_axes(&config);
        printf("The largest%s%s trains on %d chords and takes %.1f MB of memory in each worker.\n",
               config.axes ? ", " : "", label, largest.pairs, (double)largest.bytes / 1e6);
        if (rit_plan_advice(&config, label, sizeof label))
            printf("Note: %s.\n", label);
    }
    rit_config_release(&config);
    return status == RIT_OK ? RIT_OK : rit_command_fail(&err);
}
