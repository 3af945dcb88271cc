/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `ritardando show RUN`: learning times by width, one table for each combination of the other axes. */
#include <ritardando/point.h>

#include "cli/command.h"
#include "cli/stored/stored.h"
#include "store/reader.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_KEYS = 16, CELL = 64 };

struct table {
    const struct rit_array *width, *tau, *threshold, *time;
    int keys;
    const struct rit_array *key[MAX_KEYS]; /* the axes beside width and seed */
    size_t rows;
};

/* How a parameter is called in the dataset: docs/dataset.md. */
static void variable_name(const char *key, char *out, size_t size)
{
    static const char *const shorter[][2] = {
        {"model.depth", "depth"}, {"model.width", "width"}, {"data.chorales", "chorales"}};
    snprintf(out, size, "%s", key);
    for (size_t i = 0; i < sizeof shorter / sizeof shorter[0]; i++)
        if (strcmp(key, shorter[i][0]) == 0)
            snprintf(out, size, "%s", shorter[i][1]);
    for (char *c = out; *c; c++)
        if (*c == '.' || *c == '-')
            *c = '_';
}

/* Whether the parameter has no meaning in this row, as the size of a batch where the batch is full. */
static bool missing(const struct rit_array *array, size_t row)
{
    return array->text ? !array->text[row][0] : isnan(array->value[row]);
}

static bool same(const struct rit_array *array, size_t a, size_t b)
{
    if (missing(array, a) || missing(array, b))
        return missing(array, a) && missing(array, b);
    return array->text ? strcmp(array->text[a], array->text[b]) == 0 : array->value[a] == array->value[b];
}

static bool varies(const struct rit_array *array, size_t rows)
{
    size_t first = 0;
    while (first < rows && missing(array, first))
        first++;
    for (size_t i = first; i < rows; i++)
        if (!missing(array, i) && !same(array, first, i))
            return true;
    return false;
}

static void find_keys(const struct rit_dataset *data, struct table *table)
{
    const struct rit_registry *registry = rit_registry();
    for (int i = 0; i < registry->count && table->keys < MAX_KEYS; i++) {
        char name[64];
        variable_name(registry->param[i]->key, name, sizeof name);
        const struct rit_array *array = rit_dataset_find(data, name);
        if (!array || array->dims != 1 || strcmp(array->dim[0], "point") != 0 || strcmp(name, "seed") == 0 ||
            array == table->width)
            continue;
        if (strcmp(name, "depth") == 0 || varies(array, table->rows))
            table->key[table->keys++] = array;
    }
}

static bool same_keys(const struct table *table, size_t a, size_t b)
{
    for (int k = 0; k < table->keys; k++)
        if (!same(table->key[k], a, b))
            return false;
    return true;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Three digits, and no exponent. */
static void print_time(double tau, const char *before, char out[CELL])
{
    if (tau >= 100.0)
        snprintf(out, CELL, "%s%.0f", before, tau);
    else
        snprintf(out, CELL, "%s%.3g", before, tau);
}

/* "123", "123 (4/5)" when one of five runs did not get there, ">400" when the median is censored. */
static void describe_cell(const struct table *table, size_t row, size_t threshold, double *times,
                          char out[CELL])
{
    size_t n = 0, reached = 0;
    double last = INFINITY;
    for (size_t i = 0; i < table->rows; i++) {
        if (!same_keys(table, row, i) || table->width->value[i] != table->width->value[row])
            continue;
        double tau = table->time->value[i * table->time->length[1] + threshold];
        if (isnan(tau))
            last = fmin(last, table->tau->value[i]);
        else
            reached++;
        times[n++] = isnan(tau) ? INFINITY : tau;
    }
    qsort(times, n, sizeof *times, ascending);
    double median = 0.5 * (times[(n - 1) / 2] + times[n / 2]);
    print_time(isinf(median) ? last : median, isinf(median) ? ">" : "", out);
    if (reached < n) {
        size_t used = strlen(out);
        snprintf(out + used, CELL - used, " (%zu/%zu)", reached, n);
    }
}

static void print_group(const struct table *table, size_t first, double *times)
{
    const char *comma = "";
    for (int k = 0; k < table->keys; k++) {
        const struct rit_array *key = table->key[k];
        if (missing(key, first))
            continue;
        if (key->text)
            printf("%s%s %s", comma, key->name, key->text[first]);
        else
            printf("%s%s %g", comma, key->name, key->value[first]);
        comma = ", ";
    }
    printf("\n  width");
    for (size_t e = table->threshold->count; e-- > 0;)
        printf("  %8.3g bit", table->threshold->value[e]);
    printf("\n");
    for (size_t i = first; i < table->rows; i++) {
        bool printed = !same_keys(table, first, i);
        for (size_t j = first; j < i && !printed; j++)
            printed = same_keys(table, first, j) && table->width->value[j] == table->width->value[i];
        if (printed)
            continue;
        printf("  %5g", table->width->value[i]);
        for (size_t e = table->threshold->count; e-- > 0;) {
            char cell[CELL];
            describe_cell(table, i, e, times, cell);
            printf("  %12s", cell);
        }
        printf("\n");
    }
    printf("\n");
}

static enum rit_status print_tables(const struct rit_dataset *data, const char *run, struct rit_error *err)
{
    struct table table = {
        .width = rit_dataset_find(data, "width"),
        .tau = rit_dataset_find(data, "tau"),
        .threshold = rit_dataset_find(data, "threshold"),
        .time = rit_dataset_find(data, "learning_time"),
        .rows = data->points,
    };
    printf("%zu of %zu points finished\n", data->points, data->planned);
    if (data->points == 0)
        return RIT_OK;
    if (!table.width || !table.tau || !table.threshold || !table.time)
        return rit_fail(err, RIT_BAD_INPUT, "%s: no learning times in this dataset (observe.learning-time)",
                        run);
    find_keys(data, &table);
    printf("Median learning time tau over seeds, by NLL threshold. (2/3): two of three runs got there;\n"
           ">T: the median run was stopped at tau = T without having learned.\n\n");
    double *times = calloc(table.rows, sizeof *times);
    RIT_CHECK(times);
    for (size_t i = 0; i < table.rows; i++) {
        bool seen = false;
        for (size_t j = 0; j < i && !seen; j++)
            seen = same_keys(&table, i, j);
        if (!seen)
            print_group(&table, i, times);
    }
    free(times);
    return RIT_OK;
}

static int run(int argc, char **argv);

const struct rit_command rit_command_show = {
    .name = "show",
    .usage = "RUN",
    .summary = "print the learning times of a sweep as a table",
    .run = run,
};

static int run(int argc, char **argv)
{
    if (argc != 2)
        return rit_command_misused(&rit_command_show);
    struct rit_dataset data;
    struct rit_error err = {0};
    if (rit_stored_dataset(argv[1], rit_learning_only, &data, &err) != RIT_OK)
        return rit_command_fail(&err);
    enum rit_status status = print_tables(&data, argv[1], &err);
    rit_dataset_release(&data);
    return status == RIT_OK ? RIT_OK : rit_command_fail(&err);
}
