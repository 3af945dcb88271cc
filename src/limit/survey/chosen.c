/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "limit/survey/chosen.h"

#include "base/evenly.h"

#include <stdio.h>

const struct rit_param rit_chosen_params[1] = {
    {.key = "limit.pairs",
     .kind = RIT_INT,
     .fallback = "4",
     .low = 1,
     .high = 16,
     .unit = "1",
     .meaning = "pairs of the block whose outputs and kernel are looked at, spread evenly; all if there are "
                "fewer"},
};

static const char row_name[] = "start_row", entry_name[] = "start_entry", other_name[] = "start_other";

struct rit_chosen rit_chosen_of(const struct rit_point *point, const struct rit_block *block)
{
    int rows = (int)rit_point_int(point, "limit.pairs");
    rows = rows < block->pairs ? rows : block->pairs;
    return (struct rit_chosen){block, rows, rows * (rows + 1) / 2};
}

int rit_chosen_pair(const struct rit_chosen *chosen, int row)
{
    return rit_evenly(row, chosen->rows, chosen->block->pairs);
}

int rit_chosen_entry(const struct rit_chosen *chosen, int i, int j)
{
    int row = i < j ? i : j, column = i < j ? j : i;
    return row * chosen->rows - row * (row - 1) / 2 + column - row;
}

void rit_chosen_rows(const struct rit_chosen *chosen, int entry, int *row, int *column)
{
    int i = 0;
    for (int n = chosen->rows; entry >= n; n--) {
        entry -= n;
        i++;
    }
    *row = i;
    *column = i + entry;
}

static double *add_index(struct rit_outcome *outcome, const char *name, const char *meaning, const char *dim,
                         int n)
{
    size_t length = (size_t)n;
    return rit_outcome_add(outcome, name, "1", meaning, 1, &dim, &length)->data;
}

void rit_chosen_describe(const struct rit_chosen *chosen, struct rit_outcome *outcome)
{
    double *pair = add_index(outcome, "start_pair", "number of a row's pair in its block", row_name,
                             chosen->rows),
           *of_row = add_index(outcome, "start_entry_row", "row of an entry of the kernels", entry_name,
                               chosen->entries),
           *of_column = add_index(outcome, "start_entry_column", "its column", entry_name, chosen->entries);
    for (int r = 0; r < chosen->rows; r++)
        pair[r] = rit_chosen_pair(chosen, r);
    for (int e = 0; e < chosen->entries; e++) {
        int row, column;
        rit_chosen_rows(chosen, e, &row, &column);
        of_row[e] = row;
        of_column[e] = column;
    }
}

static const struct {
    const char *name, *unit, *meaning;
} told_as[RIT_TOLD] = {
    [RIT_OUTPUT_MEAN] = {"output_mean", "1", "mean of the first output unit over networks at their start"},
    [RIT_OUTPUT_VARIANCE] = {"output_variance", "1", "its variance"},
    [RIT_OUTPUT_FOURTH] = {"output_fourth", "1", "its fourth cumulant"},
    [RIT_OUTPUT_KURTOSIS] = {"output_kurtosis", "1", "its excess kurtosis: fourth cumulant / variance^2"},
    [RIT_KERNEL_KURTOSIS] = {"kernel_kurtosis", "1", "the same from the kernel: 3 Var K / <K>^2"},
    [RIT_KERNEL_MEAN] = {"kernel_mean", "1",
                         "mean of a network's kernel K, the covariance of outputs over its read-outs"},
    [RIT_KERNEL_COVARIANCE] = {"kernel_covariance", "1", "covariance of two entries of K over networks"},
    [RIT_TANGENT_MEAN] = {"tangent_mean", "1/w^2", "mean of the tangent kernel Theta at the start"},
    [RIT_TANGENT_VARIANCE] = {"tangent_variance", "1/w^4", "variance of Theta over networks"},
    [RIT_KERNEL_VERTEX] = {"kernel_vertex", "1", "limit of width times the covariance of two entries of K"},
    [RIT_KERNEL_INFINITE] = {"kernel_infinite", "1", "K of infinite width"},
    [RIT_KERNEL_CORRECTION] = {"kernel_correction", "1",
                               "limit of width times what the mean of K is above that of infinite width"},
    [RIT_TANGENT_RATIO] = {"tangent_ratio", "1", "<Theta^2> / <Theta>^2"},
};

double *rit_chosen_add(const struct rit_chosen *chosen, enum rit_told told, bool error,
                       struct rit_outcome *outcome)
{
    char name[RIT_VARIABLE_NAME], meaning[RIT_VARIABLE_TEXT];
    const char *dim[] = {told < RIT_KERNEL_MEAN ? row_name : entry_name, other_name};
    size_t n[] = {(size_t)(told < RIT_KERNEL_MEAN ? chosen->rows : chosen->entries), (size_t)chosen->entries};
    snprintf(name, sizeof name, "start_%s%s", told_as[told].name, error ? "_error" : "");
    snprintf(meaning, sizeof meaning, "%s%s", error ? "standard error: " : "", told_as[told].meaning);
    bool square = told == RIT_KERNEL_COVARIANCE || told == RIT_KERNEL_VERTEX;
    return rit_outcome_add(outcome, name, told_as[told].unit, meaning, square ? 2 : 1, dim, n)->data;
}

double *rit_chosen_add_distance(bool tangent, bool error, struct rit_outcome *outcome)
{
    char name[RIT_VARIABLE_NAME], meaning[RIT_VARIABLE_TEXT];
    const char *kernel = tangent ? "Theta" : "K";
    snprintf(name, sizeof name, "start_%s_distance%s", tangent ? "tangent" : "kernel", error ? "_error" : "");
    snprintf(meaning, sizeof meaning,
             "%sroot mean square over networks of |%s - %s of infinite width|, relative",
             error ? "standard error: " : "", kernel, kernel);
    return rit_outcome_add(outcome, name, "1", meaning, 0, NULL, NULL)->data;
}

double rit_chosen_square(const struct rit_chosen *chosen, const double *entry)
{
    double sum = 0.0;
    for (int e = 0; e < chosen->entries; e++) {
        int row, column;
        rit_chosen_rows(chosen, e, &row, &column);
        sum += (row == column ? 1.0 : 2.0) * entry[e] * entry[e];
    }
    return sum;
}
