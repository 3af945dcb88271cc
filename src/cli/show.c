/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `ritardando show RUN`: learning times by width, one table for each combination of the other axes. */
#include "base/terminal.h"
#include "cli/command.h"
#include "cli/listing/listing.h"
#include "cli/stored/stored.h"
#include "cli/usage/usage.h"
#include "phase/edge.h"
#include "phase/scan.h"
#include "phase/transition.h"
#include "store/reader.h"

#include <getopt.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { CELL = 64 };

/* Three digits, and no exponent. */
static void print_time(double tau, const char *before, char out[CELL])
{
    if (tau >= 100.0)
        snprintf(out, CELL, "%s%.0f", before, tau);
    else
        snprintf(out, CELL, "%s%.3g", before, tau);
}

/* The runs of one width at one threshold. */
struct tally {
    int runs, learned;
    double waited; /* shortest time after which one was stopped, not having learned or diverged; INFINITY:
                      none */
};

static struct tally count(const struct rit_scan *scan, const struct rit_scan_line *line, int cell,
                          int threshold)
{
    const double *end = rit_dataset_find(scan->dataset, "end")->value;
    struct tally t = {.waited = INFINITY};
    for (int r = line->start[cell]; r < line->start[cell + 1]; r++, t.runs++) {
        const struct rit_lifetime *life = &line->life[threshold][r];
        t.learned += !life->censored;
        if (life->censored && end[line->row[r]] != RIT_END_DIVERGED)
            t.waited = fmin(t.waited, life->tau);
    }
    return t;
}

/* "123", "123 (4/5)" when one of five runs did not get there, ">400" when the median run was stopped at 400.
 */
static void describe_cell(const struct rit_scan *scan, const struct rit_scan_line *line, int cell,
                          int threshold, char out[CELL])
{
    struct rit_line runs = {line->cells, line->width, line->start, line->life[threshold]};
    struct tally t = count(scan, line, cell, threshold);
    double median = rit_line_median(&runs, cell);
    if (t.runs == 0)
        snprintf(out, CELL, "failed");
    else if (isfinite(median))
        print_time(median, "", out);
    else if (isfinite(t.waited))
        print_time(t.waited, ">", out);
    else
        snprintf(out, CELL, "diverged");
    size_t used = strlen(out);
    if (t.learned < t.runs)
        snprintf(out + used, CELL - used, " (%d/%d)", t.learned, t.runs);
}

/* The columns of the thresholds from `last` down to `first`. */
static void print_columns(const struct rit_scan *scan, const struct rit_scan_line *line, int first, int last)
{
    printf("  width");
    for (int t = last; t >= first; t--)
        printf("  %10.3g %-3s", scan->eps[t], strcmp(scan->unit, "1") == 0 ? "" : scan->unit);
    printf("\n");
    for (int c = 0; c < line->cells; c++) {
        printf("  %5g", line->width[c]);
        for (int t = last; t >= first; t--) {
            char cell[CELL];
            describe_cell(scan, line, c, t, cell);
            printf("  %14s", cell);
        }
        printf("\n");
    }
}

/* A narrow terminal gets the thresholds in more than one part. */
static void print_line(const struct rit_scan *scan, const struct rit_scan_line *line)
{
    enum { BEFORE = 7, COLUMN = 16 };
    char label[RIT_SCAN_LABEL];
    int together = (rit_terminal_columns(STDOUT_FILENO, INT_MAX) - BEFORE) / COLUMN;
    rit_scan_label(scan, line, label, sizeof label);
    printf("%s\n", label);
    for (int last = scan->thresholds - 1; last >= 0; last -= together) {
        int first = last - together + 1;
        print_columns(scan, line, first > 0 ? first : 0, last);
    }
    if (line->diverged > 0)
        printf("  %d diverged, and count as not having learned\n", line->diverged);
    if (line->failed > 0)
        printf("  %d failed or diverged in the first step, and say nothing\n", line->failed);
    printf("\n");
}

/* Every run of a line by its identity, which `replay` takes. */
static void print_runs(const struct rit_scan *scan, const struct rit_scan_line *line)
{
    const struct rit_array *identity = rit_dataset_find(scan->dataset, "identity"),
                           *seed = rit_dataset_find(scan->dataset, "seed"),
                           *tau = rit_dataset_find(scan->dataset, "tau"),
                           *end = rit_dataset_find(scan->dataset, "end");
    printf("  %-16s  %5s  %8s  %-9s  %s\n", "identity", "width", "seed", "end", "tau");
    for (int c = 0; c < line->cells; c++)
        for (int r = line->start[c]; r < line->start[c + 1]; r++) {
            size_t row = (size_t)line->row[r];
            printf("  %.16s  %5g  %8.0f  %-9s  %g\n", identity->text[row], line->width[c], seed->value[row],
                   rit_end_name((enum rit_end)end->value[row]), tau->value[row]);
        }
    printf("\n");
}

static void print_warning(const struct rit_scan *scan)
{
    struct rit_buffer text = {0};
    rit_edge_warn(scan->dataset, &text);
    if (text.size > 0)
        printf("%.*s\n", (int)text.size, (const char *)text.data);
    rit_buffer_release(&text);
}

static enum rit_status print_tables(const struct rit_scan *scan, const char *run, bool identities,
                                    struct rit_error *err)
{
    printf("%zu of %zu points finished\n", scan->dataset->points, scan->dataset->planned);
    if (scan->dataset->points == 0)
        return RIT_OK;
    if (scan->thresholds == 0)
        return rit_fail(err, RIT_BAD_INPUT,
                        "%s: no learning times in this dataset (observe.learning-time); `ritardando analyse` "
                        "has its aging",
                        run);
    printf("Median learning time tau over seeds, by NLL threshold. (2/3): two of three runs got there;\n"
           ">T: fewer than half learned, and the first of the others was stopped at tau = T.\n\n");
    print_warning(scan);
    for (int l = 0; l < scan->lines; l++) {
        print_line(scan, &scan->line[l]);
        if (identities)
            print_runs(scan, &scan->line[l]);
    }
    return RIT_OK;
}

static enum rit_status show(const struct rit_dataset *data, const char *folder, bool identities,
                            struct rit_error *err)
{
    struct rit_scan scan = {0};
    enum rit_status status = rit_scan_make(data, NULL, &scan, err);
    if (status == RIT_OK)
        status = print_tables(&scan, folder, identities, err);
    rit_scan_release(&scan);
    return status;
}

static void print_listing(const struct rit_dataset *data, bool json)
{
    struct rit_buffer text = {0};
    if (json)
        rit_listing_json(data, &text);
    else
        rit_listing_csv(data, &text);
    fwrite(text.data, 1, text.size, stdout);
    rit_buffer_release(&text);
}

static int run(int argc, char **argv);

const struct rit_command rit_command_show = {
    .name = "show",
    .usage = "RUN [--identities | --csv | --json]",
    .summary = "print the learning times of a sweep as a table",
    .options = "  --identities  list every run below its table by the identity that 'replay' takes\n"
               "  --csv         for other programs: one run a line, what differs and what came out\n"
               "  --json        the same as a list of objects\n",
    .run = run,
};

static int run(int argc, char **argv)
{
    static const struct option longs[] = {{"identities", no_argument, NULL, 'i'},
                                          {"csv", no_argument, NULL, 'c'},
                                          {"json", no_argument, NULL, 'j'},
                                          {0}};
    int form = 0;
    for (int c; (c = getopt_long(argc, argv, "", longs, NULL)) != -1;)
        form = c;
    const char *folder = argv[optind];
    struct rit_dataset data;
    struct rit_error err = {0};
    if (rit_stored_dataset(folder, rit_learning_only, &data, &err) != RIT_OK)
        return rit_command_fail(&err);
    enum rit_status status = RIT_OK;
    if (form == 'c' || form == 'j')
        print_listing(&data, form == 'j');
    else
        status = show(&data, folder, form == 'i', &err);
    rit_dataset_release(&data);
    return status == RIT_OK ? RIT_OK : rit_command_fail(&err);
}
