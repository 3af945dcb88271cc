/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `ritardando report RUN`: one page that tells a sweep, finished or not. */
#include "cli/command.h"

#include "base/file.h"
#include "base/version.h"
#include "cli/outlook/outlook.h"
#include "cli/stored/songs.h"
#include "cli/stored/stored.h"
#include "cli/usage/usage.h"
#include "page/page.h"
#include "phase/aging_sheet.h"
#include "phase/analysis.h"
#include "phase/report.h"
#include "store/claim.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static int run(int argc, char **argv);

const struct rit_command rit_command_report = {
    .name = "report",
    .usage = "RUN [-o FILE]",
    .summary =
        "write one page that tells the sweep: phase diagram, curves, aging, tables, how to reproduce it",
    .options =
        "  -o FILE  where to; default RUN/report.html\n"
        "\n"
        "The page holds all it needs: it opens from a disk or a mail, without network. While the sweep "
        "runs,\n"
        "it tells what there is so far. Songs that `ritardando sing` left in RUN/songs can be heard in it.\n",
    .run = run,
};

/* Who is at it: a sentence, "" if nobody can tell. */
static void tell_standing(const char *folder, char *out, size_t size)
{
    struct rit_holder who;
    struct rit_error err = {0};
    enum rit_life life;
    int epoch;
    out[0] = 0;
    if (rit_claim_look(folder, &epoch, &who, &life, &err) == RIT_OK && life == RIT_ALIVE)
        snprintf(out, size, "Running: process %ld on %s since %s, start %d of this run.", who.pid, who.host,
                 who.since, epoch);
}

static void tell_outlook(const struct rit_holding *holding, struct rit_buffer *out)
{
    struct rit_roster roster;
    struct rit_error err = {0};
    rit_roster_recall(&holding->config, &holding->results, &roster);
    (void)rit_outlook_print(&holding->config, &roster, &holding->results, out, &err);
    rit_roster_release(&roster);
}

/* The borders along another axis than the width, where that is refined. */
static void tell_refined(const char *run, const struct rit_dataset *dataset, struct rit_buffer *tables)
{
    struct rit_analysis_options options = rit_analysis_defaults();
    struct rit_scan scan;
    struct rit_error err = {0};
    const char *size = rit_stored_size(run, dataset, &options);
    if (!size)
        return;
    if (rit_scan_make(dataset, size, &scan, &err) == RIT_OK) {
        struct rit_analysis analysis;
        rit_analysis_make(&scan, &options, &analysis);
        rit_report_tables(&analysis, false, tables);
        rit_analysis_release(&analysis);
        rit_pack_bytes(tables, "\n", 1);
    }
    rit_scan_release(&scan);
}

/* What there is of an analysis goes into the page; why there is none becomes its complaint. */
static void print_analysed(const struct rit_page *plain, const struct rit_scan *scan,
                           struct rit_buffer *tables, struct rit_buffer *out)
{
    struct rit_page page = *plain;
    struct rit_analysis_options options = rit_analysis_defaults();
    struct rit_aging_options aging_options = rit_aging_defaults();
    struct rit_analysis analysis;
    struct rit_gridded gridded;
    struct rit_aging_sheet aging;
    struct rit_error err = {0};
    rit_analysis_make(scan, &options, &analysis);
    rit_gridded_make(&analysis, &gridded);
    if (rit_aging_sheet_make(scan, &aging_options, &aging, &err) != RIT_OK)
        page.complaint = err.text;
    rit_aging_sheet_add(&aging, &gridded);
    rit_report_tables(&analysis, false, tables);
    rit_aging_sheet_print(&aging, tables);
    rit_pack_bytes(tables, "", 1);
    page.tables = (const char *)tables->data;
    page.gridded = &gridded;
    rit_page_print(&page, out);
    rit_aging_sheet_release(&aging);
    rit_gridded_release(&gridded);
    rit_analysis_release(&analysis);
}

static void print_page(const struct rit_page *plain, const struct rit_holding *holding,
                       struct rit_buffer *out)
{
    struct rit_page page = *plain;
    struct rit_buffer tables = {0};
    struct rit_scan scan = {0};
    struct rit_error err = {0};
    if (page.dataset && (int)page.dataset->points < page.planned)
        tell_outlook(holding, &tables);
    if (page.dataset)
        tell_refined(holding->run, page.dataset, &tables);
    if (!page.dataset || rit_scan_make(page.dataset, NULL, &scan, &err) != RIT_OK) {
        page.complaint = err.text;
        rit_page_print(&page, out);
    } else {
        page.scan = &scan;
        print_analysed(&page, &scan, &tables, out);
    }
    rit_scan_release(&scan);
    rit_buffer_release(&tables);
}

/* The last part of the path, with which people name a run. */
static const char *name_of(const char *folder)
{
    const char *slash = strrchr(folder, '/');
    return slash && slash[1] ? slash + 1 : folder;
}

static enum rit_status report(const char *folder, const char *path, struct rit_error *err)
{
    struct rit_holding holding;
    struct rit_dataset dataset = {0};
    struct rit_buffer config = {0}, songs = {0}, out = {0};
    RIT_TRY(rit_holding_open(folder, &holding, err));
    enum rit_status status = rit_file_check_place(path, err);
    if (status == RIT_OK)
        status = rit_songs_read(folder, &songs, err);
    if (status == RIT_OK && holding.results.count > 0)
        status = rit_stored_dataset(folder, NULL, &dataset, err);
    if (status == RIT_OK) {
        char standing[256], made[64];
        time_t now = time(NULL);
        struct tm utc;
        tell_standing(folder, standing, sizeof standing);
        strftime(made, sizeof made, "%Y-%m-%d %H:%M UTC", gmtime_r(&now, &utc));
        rit_config_print(&holding.config, &config);
        rit_pack_bytes(&config, "", 1);
        rit_pack_bytes(&songs, "", 1);
        bool any = dataset.points > 0;
        struct rit_page page = {.title = name_of(folder),
                                .made = made,
                                .program = rit_version(),
                                .standing = standing,
                                .config = (const char *)config.data,
                                .songs = (const char *)songs.data,
                                .tables = "",
                                .complaint = "",
                                .planned = rit_plan_rows(&holding.config),
                                .dataset = any ? &dataset : NULL};
        if (any && (int)dataset.planned > page.planned)
            page.planned = (int)dataset.planned; /* results alone were copied here, without their config */
        print_page(&page, &holding, &out);
        status = rit_file_replace(path, out.data, out.size, err);
    }
    rit_buffer_release(&out);
    rit_buffer_release(&songs);
    rit_buffer_release(&config);
    rit_dataset_release(&dataset);
    rit_holding_close(&holding);
    return status;
}

static int run(int argc, char **argv)
{
    char path[RIT_PATH];
    const char *given = NULL;
    struct rit_error err = {0};
    while (getopt(argc, argv, "o:") != -1)
        given = optarg;
    const char *folder = argv[optind];
    if (rit_file_path(path, &err, given ? "%s" : "%s/report.html", given ? given : folder) != RIT_OK ||
        report(folder, path, &err) != RIT_OK)
        return rit_command_fail(&err);
    printf("%s\n", path);
    return RIT_OK;
}
