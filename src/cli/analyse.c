/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "cli/stored/stored.h"
#include "cli/usage/usage.h"
#include "cli/words/words.h"

#include <ritardando/point.h>

#include "base/file.h"
#include "phase/aging_sheet.h"
#include "phase/analysis.h"
#include "phase/edge.h"
#include "phase/gridded.h"
#include "phase/mirror.h"
#include "phase/report.h"
#include "store/parameters.h"
#include "store/reader.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int run(int argc, char **argv);

const struct rit_command rit_command_analyse = {
    .name = "analyse",
    .usage = "RUN [--json] [--cells] [--size NAME] [--learned SIDE] [--level L] [--resamples N] [--key K] "
             "[--reach R] "
             "[--lowest U]",
    .summary = "critical widths, exponents, aging and all errors from RUN/phase-diagram.h5",
    .options =
        "Prints tables and writes RUN/phase-analysis.h5, which xarray opens; docs/analysis.md explains "
        "both.\n"
        "\n"
        "  --json         print the gridded arrays instead, for xarray.Dataset.from_dict\n"
        "  --cells        also print medians and decays of every width\n"
        "  --size NAME    what a critical value is sought of instead of the width: another parameter, such\n"
        "                 as depth or model.history; writes RUN/phase-analysis-NAME.h5. Without it, the\n"
        "                 axis that the run is refined along\n"
        "  --learned SIDE where networks learn: 'above' the critical value or 'below' it, as with a rate\n"
        "  --level L      probability of all intervals, 0 < L < 1; default .6827, one standard deviation\n"
        "  --resamples N  of the bootstrap, 100 .. 1000000; default 1000\n"
        "  --key K        key of its random numbers; default 1\n"
        "  --reach R      fit up to R times the first width that learns, R > 1; default 2\n"
        "  --lowest U     aging: collapse and forms of Delta for lags t >= U tw; default .1\n",
    .run = run,
};

struct request {
    const char *folder, *size; /* size is NULL for the width, else in `name` */
    char name[RIT_MAX_TEXT];
    bool json, cells, below;
    struct rit_analysis_options options;
    struct rit_aging_options aging;
};

struct number {
    const char *option;
    double low, high;
};

static enum rit_status read_request(int argc, char **argv, struct request *request, struct rit_error *err)
{
    enum { LEVEL, RESAMPLES, KEY, REACH, LOWEST, NUMBERS };
    static const struct number number[NUMBERS] = {
        [LEVEL] = {"--level", 1e-3, 0.9999}, [RESAMPLES] = {"--resamples", 100, 1e6},
        [KEY] = {"--key", 0, 9e15},          [REACH] = {"--reach", 1.001, 1e6},
        [LOWEST] = {"--lowest", 0, 1e6},
    };
    *request = (struct request){.options = rit_analysis_defaults(), .aging = rit_aging_defaults()};
    double value[NUMBERS] = {request->options.level, request->options.resamples, (double)request->options.key,
                             request->options.reach, request->aging.lowest};
    bool resamples_given = false;
    for (int i = 1; i < argc; i++) {
        int n = 0;
        while (n < NUMBERS && strcmp(argv[i], number[n].option) != 0)
            n++;
        if (n < NUMBERS) {
            RIT_TRY(rit_words_number(number[n].option, argv[i + 1], number[n].low, number[n].high, &value[n],
                                     err));
            resamples_given = resamples_given || n == RESAMPLES;
            i++;
        } else if (strcmp(argv[i], "--size") == 0) {
            rit_parameters_name(argv[++i], request->name, sizeof request->name);
            request->size = request->name;
        } else if (strcmp(argv[i], "--learned") == 0) {
            request->below = strcmp(argv[++i], "below") == 0;
            if (!request->below && strcmp(argv[i], "above") != 0)
                return rit_fail(err, RIT_USAGE, "--learned: '%s' is not known here; choose from above, below",
                                argv[i]);
        } else if (strcmp(argv[i], "--json") == 0) {
            request->json = true;
        } else if (strcmp(argv[i], "--cells") == 0) {
            request->cells = true;
        } else {
            request->folder = argv[i];
        }
    }
    request->options.level = request->aging.bootstrap.level = value[LEVEL];
    request->options.key = request->aging.bootstrap.key = (uint64_t)value[KEY];
    request->options.resamples = (int)value[RESAMPLES];
    request->options.reach = value[REACH];
    request->aging.lowest = value[LOWEST];
    if (resamples_given)
        request->aging.bootstrap.resamples = request->options.resamples;
    return RIT_OK;
}

/* Beside arrays that another program reads. */
static void warn(const struct rit_dataset *dataset)
{
    struct rit_buffer text = {0};
    rit_edge_warn(dataset, &text);
    if (text.size > 0)
        fwrite(text.data, 1, text.size, stderr);
    rit_buffer_release(&text);
}

/* Along what, and on which side networks learn: as asked for, else as the run is refined. */
static void choose_size(struct request *request, const struct rit_dataset *dataset)
{
    if (!request->size && !request->below)
        request->size = rit_stored_size(request->folder, dataset, &request->options);
}

static enum rit_status analyse(const struct request *asked, const struct rit_dataset *dataset,
                               struct rit_buffer *text, struct rit_error *err)
{
    struct request chosen = *asked, *request = &chosen;
    struct rit_scan scan;
    choose_size(request, dataset);
    enum rit_status status = rit_scan_make(dataset, request->size, &scan, err);
    if (request->below)
        request->options.below = true;
    if (status == RIT_OK && request->below && scan.widths > 0)
        request->options.mirror = rit_mirror_about(scan.width[0], scan.width[scan.widths - 1]);
    if (status == RIT_OK) {
        struct rit_analysis analysis;
        struct rit_gridded gridded;
        struct rit_aging_sheet aging;
        char path[RIT_PATH];
        rit_analysis_make(&scan, &request->options, &analysis);
        rit_gridded_make(&analysis, &gridded);
        status = rit_aging_sheet_make(&scan, &request->aging, &aging, err);
        rit_aging_sheet_add(&aging, &gridded);
        if (request->json) {
            rit_gridded_print_json(&gridded, text);
            warn(dataset);
        } else {
            rit_report_tables(&analysis, request->cells, text);
            rit_aging_sheet_print(&aging, text);
        }
        if (status == RIT_OK)
            status = rit_file_path(path, err, "%s/phase-analysis%s%s.h5", request->folder,
                                   request->size ? "-" : "", request->size ? request->size : "");
        if (status == RIT_OK)
            status = rit_gridded_write(path, &gridded, err);
        rit_aging_sheet_release(&aging);
        rit_gridded_release(&gridded);
        rit_analysis_release(&analysis);
    }
    rit_scan_release(&scan);
    return status;
}

static int run(int argc, char **argv)
{
    struct request request;
    struct rit_error err = {0};
    struct rit_dataset dataset = {0};
    struct rit_buffer text = {0};
    if (read_request(argc, argv, &request, &err) != RIT_OK)
        return rit_command_fail(&err);
    enum rit_status status = rit_stored_dataset(request.folder, NULL, &dataset, &err);
    if (status == RIT_OK)
        status = analyse(&request, &dataset, &text, &err);
    rit_dataset_release(&dataset);
    if (status == RIT_OK)
        fwrite(text.data, 1, text.size, stdout);
    rit_buffer_release(&text);
    return status == RIT_OK ? RIT_OK : rit_command_fail(&err);
}
