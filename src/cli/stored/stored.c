/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/stored/stored.h"

#include "base/file.h"
#include "phase/mirror.h"
#include "store/dataset.h"
#include "store/folder.h"
#include "sweep/refinement.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const rit_learning_only[] = {"learning_time", "threshold",  "nll",   "nll_tau",       "edge",
                                         "edge_tau",      "nll_lowest", "floor", "floor_network", NULL};

/* RIT_BAD_INPUT where the results of a run are those of another version of the program. */
static enum rit_status say_version(const char *run, struct rit_error *err)
{
    struct rit_results results;
    RIT_TRY(rit_results_load(run, &results, err));
    rit_results_release(&results);
    return RIT_OK;
}

enum rit_status rit_stored_config(const char *run, struct rit_config *config, struct rit_error *err)
{
    char path[RIT_PATH];
    RIT_TRY(rit_folder_is_run(run, err));
    RIT_TRY(rit_file_path(path, err, "%s/config.yaml", run));
    struct rit_error why = {.status = RIT_OK};
    if (rit_config_read(path, config, &why) != RIT_OK) {
        RIT_TRY(say_version(run, err)); /* of a run of another version that is the matter, not its keys */
        return rit_fail(err, why.status, "%s", why.text);
    }
    for (int i = 0; i < config->base.registry->count; i++)
        if (config->base.registry->param[i]->is_path && access(config->base.value[i].text, F_OK) != 0)
            config->base.value[i].text = "";
    return RIT_OK;
}

enum rit_status rit_stored_grow(const char *run, struct rit_config *config, struct rit_error *err)
{
    struct rit_results results;
    if (!run || !rit_plan_grows(config))
        return RIT_OK;
    RIT_TRY(rit_folder_is_run(run, err));
    RIT_TRY(rit_results_load(run, &results, err));
    rit_refinement_replay(config, &results, NULL, NULL);
    rit_results_release(&results);
    return RIT_OK;
}

enum rit_status rit_holding_open(const char *run, struct rit_holding *holding, struct rit_error *err)
{
    static const char any[] = "seed: 1\n"; /* nothing but defaults */
    char path[RIT_PATH];
    RIT_TRY(rit_folder_is_run(run, err));
    RIT_TRY(rit_file_path(path, err, "%s/config.yaml", run));
    holding->run = run;
    holding->planned = access(path, F_OK) == 0;
    if (holding->planned)
        RIT_TRY(rit_stored_config(run, &holding->config, err));
    else
        RIT_TRY(rit_config_parse(path, any, sizeof any - 1, &holding->config, err));
    enum rit_status status = rit_results_load(run, &holding->results, err);
    if (status == RIT_OK)
        rit_refinement_replay(&holding->config, &holding->results, NULL, NULL);
    else
        rit_config_release(&holding->config);
    return status;
}

void rit_holding_close(struct rit_holding *holding)
{
    rit_results_release(&holding->results);
    rit_config_release(&holding->config);
}

enum rit_status rit_stored_as_dataset(const struct rit_config *config, const struct rit_roster *roster,
                                      const struct rit_results *results, const char *const *only,
                                      struct rit_dataset *dataset, struct rit_error *err)
{
    struct rit_row *rows = calloc((size_t)roster->count + 1, sizeof *rows);
    struct rit_buffer image = {0};
    RIT_CHECK(rows);
    int n, row = 0, *order = rit_roster_rows(config, roster, &n);
    for (int i = 0; i < n; i++) {
        const struct rit_stored *stored = rit_results_find(results, &roster->identity[order[i]]);
        if (stored)
            rows[row++] = rit_roster_row(config, roster->plan[order[i]], stored);
    }
    free(order);
    struct rit_dataset_about about = {
        .config = "", .planned = roster->count, .results = results, .only = only};
    enum rit_status status = rit_dataset_build("the results", rows, row, &about, &image, err);
    if (status == RIT_OK)
        status = rit_dataset_parse("the results", image.data, image.size, dataset, err);
    rit_buffer_release(&image);
    free(rows);
    return status;
}

static bool is_later(struct timespec a, struct timespec b)
{
    return a.tv_sec > b.tv_sec || (a.tv_sec == b.tv_sec && a.tv_nsec > b.tv_nsec);
}

/* Whether a journal was written after the dataset, or there is none. */
static bool is_behind(const char *run)
{
    char path[RIT_PATH];
    struct stat dataset, journal;
    bool behind = false;
    if (rit_file_path(path, NULL, "%s/phase-diagram.h5", run) != RIT_OK || stat(path, &dataset) != 0)
        return true;
    DIR *results = rit_file_path(path, NULL, "%s/results", run) == RIT_OK ? opendir(path) : NULL;
    if (!results)
        return false;
    for (const struct dirent *entry; !behind && (entry = readdir(results));)
        behind = rit_folder_number(entry->d_name, ".journal") > 0 &&
                 fstatat(dirfd(results), entry->d_name, &journal, 0) == 0 && journal.st_size > 0 &&
                 is_later(journal.st_mtim, dataset.st_mtim);
    closedir(results);
    return behind;
}

enum rit_status rit_stored_dataset(const char *run, const char *const *only, struct rit_dataset *dataset,
                                   struct rit_error *err)
{
    struct rit_holding holding;
    struct rit_roster roster;
    RIT_TRY(rit_folder_is_run(run, err));
    if (!is_behind(run))
        return rit_dataset_read_run(run, dataset, err);
    RIT_TRY(rit_holding_open(run, &holding, err));
    rit_results_say(&holding.results);
    rit_roster_recall(&holding.config, &holding.results, &roster);
    enum rit_status status =
        holding.results.count > 0
            ? rit_stored_as_dataset(&holding.config, &roster, &holding.results, only, dataset, err)
            : rit_fail(err, RIT_BAD_INPUT, "%s: there is no finished point yet", run);
    rit_roster_release(&roster);
    rit_holding_close(&holding);
    return status;
}

const char *rit_stored_size(const char *run, const struct rit_dataset *dataset,
                            struct rit_analysis_options *options)
{
    struct rit_config config;
    struct rit_error err = {.status = RIT_OK};
    const char *size = NULL;
    if (rit_stored_config(run, &config, &err) != RIT_OK)
        return NULL;
    const struct rit_param *by = rit_plan_grows(&config) ? rit_plan_refined(&config) : NULL;
    for (int i = 0; by && i < dataset->arrays; i++)
        if (dataset->array[i].parameter && strcmp(dataset->array[i].parameter, by->key) == 0 &&
            strcmp(dataset->array[i].name, "width") != 0)
            size = dataset->array[i].name;
    options->below = by && strcmp(config.refine.learns, "below") == 0;
    if (options->below)
        options->mirror = rit_mirror_about(config.refine.from, config.refine.to);
    rit_config_release(&config);
    return size;
}
