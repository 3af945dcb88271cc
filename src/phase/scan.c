/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/scan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A run that had learned when it started has this learning time: below the first step of any run. */
static const double at_once = 1e-6;

static void *new_array(size_t n, size_t size)
{
    void *p = calloc(n + 1, size);
    RIT_CHECK(p != NULL);
    return p;
}

/* ---- parameters, by their place among the values that occur ---- */

struct parameter {
    const struct rit_array *array;
    int n;
    double *number;
    char **text;
    int *place; /* [points] */
};

static int compare_numbers(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    if (isnan(a) || isnan(b)) /* "has no meaning here" comes last */
        return isnan(a) - isnan(b);
    return (a > b) - (a < b);
}

static int compare_texts(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static struct parameter parameter_of(const struct rit_array *array, size_t points)
{
    struct parameter p = {.array = array, .place = new_array(points, sizeof(int))};
    size_t size = array->text ? sizeof(char *) : sizeof(double);
    int (*compare)(const void *, const void *) = array->text ? compare_texts : compare_numbers;
    const char *source = array->text ? (const char *)array->text : (const char *)array->value;
    char *values = new_array(points, size);
    memcpy(values, source, points * size);
    qsort(values, points, size, compare);
    for (size_t i = 0; i < points; i++)
        if (p.n == 0 || compare(values + (size_t)(p.n - 1) * size, values + i * size) != 0)
            memmove(values + (size_t)p.n++ * size, values + i * size, size);
    for (size_t i = 0; i < points; i++) {
        const char *found = bsearch(source + i * size, values, (size_t)p.n, size, compare);
        p.place[i] = (int)((size_t)(found - values) / size);
    }
    if (array->text)
        p.text = (char **)(void *)values;
    else
        p.number = (double *)(void *)values;
    return p;
}

static void parameter_release(struct parameter *p)
{
    free(p->number);
    free(p->text);
    free(p->place);
    *p = (struct parameter){0};
}

/* ---- which parameters are axes ---- */

/* The parameters other than size and seed that differ between runs: depth, chorales, then by name. */
struct varying {
    int n;
    struct parameter parameter[RIT_MAX_VARYING];
    bool follows[RIT_MAX_VARYING];
    struct parameter width;
};

/* A row with its places on the axes and then on the width: what runs are sorted by. */
struct sorted {
    int keys, key[RIT_MAX_VARYING + 1];
    size_t row;
};

static int compare_sorted(const void *left, const void *right)
{
    const struct sorted *a = left, *b = right;
    for (int i = 0; i < a->keys; i++)
        if (a->key[i] != b->key[i])
            return a->key[i] < b->key[i] ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

static bool same_keys(const struct sorted *a, const struct sorted *b, int keys)
{
    return memcmp(a->key, b->key, (size_t)keys * sizeof *a->key) == 0;
}

/* All rows in the order of the axes, without parameter `skip`, and of width. The caller frees them. */
static struct sorted *sort_rows(const struct varying *v, int skip, size_t points)
{
    struct sorted *sorted = new_array(points, sizeof *sorted);
    for (size_t row = 0; row < points; row++) {
        struct sorted *s = &sorted[row];
        s->row = row;
        for (int i = 0; i < v->n; i++)
            if (i != skip && !v->follows[i])
                s->key[s->keys++] = v->parameter[i].place[row];
        s->key[s->keys++] = v->width.place[row];
    }
    qsort(sorted, points, sizeof *sorted, compare_sorted);
    return sorted;
}

/* Whether a parameter has one value only wherever the other axes and the width are the same. */
static bool follows(const struct varying *v, int index, size_t points)
{
    struct sorted *sorted = sort_rows(v, index, points);
    const int *place = v->parameter[index].place;
    bool yes = true;
    for (size_t i = 1; i < points && yes; i++)
        yes = !same_keys(&sorted[i - 1], &sorted[i], sorted[i].keys) ||
              place[sorted[i - 1].row] == place[sorted[i].row];
    free(sorted);
    return yes;
}

static int rank_of(const char *name)
{
    return strcmp(name, "depth") == 0 ? 0 : strcmp(name, "chorales") == 0 ? 1 : 2;
}

/* Keys of random numbers, of the run or of its data, make repetitions. */
static bool is_seed(const char *name)
{
    size_t length = strlen(name);
    return length >= 4 && strcmp(name + length - 4, "seed") == 0;
}

static enum rit_status find_varying(const struct rit_dataset *dataset, const char *size, struct varying *v,
                                    struct rit_error *err)
{
    for (int rank = 0; rank < 3; rank++) {
        for (int i = 0; i < dataset->arrays; i++) {
            const struct rit_array *array = &dataset->array[i];
            if (!array->parameter || array->dims != 1 || rank_of(array->name) != rank ||
                strcmp(array->name, size) == 0 || is_seed(array->name))
                continue;
            struct parameter p = parameter_of(array, dataset->points);
            if (p.n == 1) {
                parameter_release(&p);
                continue;
            }
            if (v->n == RIT_MAX_VARYING) {
                parameter_release(&p);
                return rit_fail(err, RIT_BAD_INPUT,
                                "the runs differ in more than %d parameters beside %s and seed",
                                RIT_MAX_VARYING, size);
            }
            v->parameter[v->n++] = p;
        }
    }
    return RIT_OK;
}

/* Whether it has no meaning in some runs, as the size of a batch where the batch is full. */
static bool is_partial(const struct parameter *p)
{
    return p->text ? p->text[0][0] == 0 : isnan(p->number[p->n - 1]);
}

static enum rit_status choose_axes(struct varying *v, struct rit_scan *scan, struct rit_error *err)
{
    /* Those that have a meaning only at times go first: where they follow from what gives it to them, the
     * latter is the axis. */
    for (int partial = 1; partial >= 0; partial--)
        for (int i = 0; i < v->n; i++)
            if (is_partial(&v->parameter[i]) == partial)
                v->follows[i] =
                    rank_of(v->parameter[i].array->name) == 2 && follows(v, i, scan->dataset->points);
    for (int i = 0; i < v->n; i++) {
        struct parameter *p = &v->parameter[i];
        if (v->follows[i]) {
            bool one_value = is_partial(p) && p->n == 2; /* where it has a meaning at all */
            if (!one_value)
                scan->follower[scan->followers++] = p->array->name;
            continue;
        }
        if (scan->axes == RIT_MAX_SCAN_AXES)
            return rit_fail(err, RIT_BAD_INPUT, "the runs have more than %d axes beside %s and seed",
                            RIT_MAX_SCAN_AXES, scan->size);
        scan->axis[scan->axes++] =
            (struct rit_scan_axis){p->array->name, p->array->unit, p->n, p->number, p->text};
        p->number = NULL; /* the axis owns them now */
        p->text = NULL;
    }
    return RIT_OK;
}

/* ---- lines ---- */

/* Everything of a row that the lines are made of. */
struct columns {
    const double *tau, *end, *learning_time;
};

static double learning_time(const struct columns *columns, const struct rit_scan *scan, size_t row, int t)
{
    return columns->learning_time[row * (size_t)scan->thresholds + (size_t)t];
}

/* A failed run says nothing, nor does one that diverged before its first step was over. */
static bool says_something(const struct columns *columns, const struct rit_scan *scan, size_t row)
{
    bool learned = false;
    for (int t = 0; t < scan->thresholds; t++)
        learned = learned || !isnan(learning_time(columns, scan, row, t));
    return columns->end[row] != RIT_END_FAILED && (learned || columns->tau[row] > 0.0);
}

static struct rit_lifetime lifetime_of(const struct columns *columns, const struct rit_scan *scan, size_t row,
                                       int threshold)
{
    double tau = learning_time(columns, scan, row, threshold);
    if (isnan(tau))
        return (struct rit_lifetime){fmax(columns->tau[row], at_once), true};
    return (struct rit_lifetime){fmax(tau, at_once), false};
}

/* sorted[n] differ in width and seed only, ascending by width. */
static void fill_line(const struct columns *columns, const struct rit_scan *scan, const struct sorted *sorted,
                      size_t n, struct rit_scan_line *line)
{
    line->width = new_array(n, sizeof *line->width);
    line->start = new_array(n + 1, sizeof *line->start);
    line->row = new_array(n, sizeof *line->row);
    memcpy(line->place, sorted[0].key, (size_t)scan->axes * sizeof line->place[0]);
    for (size_t i = 0; i < n; i++) {
        size_t row = sorted[i].row;
        double width = scan->width[sorted[i].key[scan->axes]];
        if (line->cells == 0 || line->width[line->cells - 1] != width)
            line->width[line->cells++] = width;
        line->diverged += columns->end[row] == RIT_END_DIVERGED;
        if (says_something(columns, scan, row))
            line->row[line->runs++] = row;
        else
            line->failed++;
        line->start[line->cells] = line->runs;
    }
    line->finite = line->cells - isinf(line->width[line->cells - 1]);
    line->life = new_array((size_t)scan->thresholds, sizeof *line->life);
    for (int t = 0; t < scan->thresholds; t++) {
        line->life[t] = new_array((size_t)line->runs, sizeof *line->life[t]);
        for (int r = 0; r < line->runs; r++)
            line->life[t][r] = lifetime_of(columns, scan, line->row[r], t);
    }
}

static void make_lines(const struct columns *columns, const struct varying *v, struct rit_scan *scan)
{
    size_t points = scan->dataset->points;
    struct sorted *sorted = sort_rows(v, -1, points);
    scan->line = new_array(points, sizeof *scan->line);
    for (size_t first = 0, last; first < points; first = last) {
        for (last = first + 1; last < points && same_keys(&sorted[first], &sorted[last], scan->axes);)
            last++;
        fill_line(columns, scan, sorted + first, last - first, &scan->line[scan->lines++]);
    }
    free(sorted);
}

static const struct rit_array *numbers(const struct rit_dataset *dataset, const char *name)
{
    const struct rit_array *array = rit_dataset_find(dataset, name);
    return array && array->value && array->count >= dataset->points ? array : NULL;
}

/* A parameter that is a number in every run: what lines can go along. */
static const struct rit_array *size_of(const struct rit_dataset *dataset, const char *name)
{
    const struct rit_array *array = numbers(dataset, name);
    bool good = array && array->parameter && array->dims == 1 && !is_seed(name);
    for (size_t i = 0; good && i < dataset->points; i++)
        good = !isnan(array->value[i]);
    return good ? array : NULL;
}

enum rit_status rit_scan_make(const struct rit_dataset *dataset, const char *size, struct rit_scan *scan,
                              struct rit_error *err)
{
    *scan = (struct rit_scan){.dataset = dataset, .size = size ? size : "width", .size_unit = "units"};
    if (dataset->points == 0)
        return RIT_OK;
    const struct rit_array *width = size ? size_of(dataset, size) : numbers(dataset, scan->size),
                           *tau = numbers(dataset, "tau"), *end = numbers(dataset, "end"),
                           *times = numbers(dataset, "learning_time"),
                           *eps = rit_dataset_find(dataset, "threshold");
    if (!width && size)
        return rit_fail(
            err, RIT_BAD_INPUT,
            "'%s' is no size: it is not a parameter of the dataset that is a number in every run, as "
            "depth is",
            size);
    if (size)
        scan->size_unit = width->unit;
    if (!width || !tau || !end || (!times && !rit_dataset_find(dataset, "delta")))
        return rit_fail(err, RIT_BAD_INPUT,
                        "the dataset has neither learning times nor aging; they are measured with "
                        "observe.learning-time and observe.aging");
    if (times && (!eps || times->dims != 2 || times->length[1] != eps->count))
        return rit_fail(err, RIT_BAD_INPUT, "the runs of the dataset do not share their thresholds");
    scan->thresholds = times ? (int)eps->count : 0;
    scan->eps = times ? eps->value : NULL;
    scan->unit = times ? eps->unit : "1";

    struct varying v = {.width = parameter_of(width, dataset->points)};
    scan->widths = v.width.n;
    scan->width = v.width.number;
    enum rit_status status = find_varying(dataset, scan->size, &v, err);
    if (status == RIT_OK)
        status = choose_axes(&v, scan, err);
    if (status == RIT_OK) {
        struct columns columns = {tau->value, end->value, times ? times->value : NULL};
        make_lines(&columns, &v, scan);
    }
    for (int i = 0; i < v.n; i++)
        parameter_release(&v.parameter[i]);
    free(v.width.place);
    return status;
}

void rit_scan_release(struct rit_scan *scan)
{
    for (int l = 0; l < scan->lines; l++) {
        struct rit_scan_line *line = &scan->line[l];
        for (int t = 0; t < scan->thresholds; t++)
            free(line->life[t]);
        free(line->life);
        free(line->width);
        free(line->start);
        free(line->row);
    }
    for (int a = 0; a < scan->axes; a++) {
        free(scan->axis[a].number);
        free(scan->axis[a].text);
    }
    free(scan->line);
    free(scan->width);
    *scan = (struct rit_scan){0};
}

int rit_scan_axis_find(const struct rit_scan *scan, const char *name)
{
    for (int a = 0; a < scan->axes; a++)
        if (strcmp(scan->axis[a].name, name) == 0)
            return a;
    return -1;
}

const char *rit_scan_value(const struct rit_scan_axis *axis, int place, char out[RIT_SCAN_VALUE])
{
    if (axis->text)
        snprintf(out, RIT_SCAN_VALUE, "%s", axis->text[place][0] ? axis->text[place] : "-");
    else if (isnan(axis->number[place]))
        snprintf(out, RIT_SCAN_VALUE, "-");
    else
        snprintf(out, RIT_SCAN_VALUE, "%g", axis->number[place]);
    return out;
}

void rit_scan_label(const struct rit_scan *scan, const struct rit_scan_line *line, char *out, size_t size)
{
    size_t at = 0;
    snprintf(out, size, "all runs");
    for (int a = 0; a < scan->axes && at < size; a++) {
        const struct rit_scan_axis *axis = &scan->axis[a];
        const char *comma = a ? ", " : "";
        int i = line->place[a];
        char value[RIT_SCAN_VALUE];
        at += (size_t)snprintf(out + at, size - at, "%s%s %s", comma, axis->name,
                               rit_scan_value(axis, i, value));
    }
}
