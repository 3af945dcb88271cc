/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "example.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static char *copy_text(const char *text)
{
    char *copy = strdup(text);
    RIT_CHECK(copy != NULL);
    return copy;
}

static struct rit_array *add(struct rit_dataset *d, const char *name, const char *parameter, const char *dim,
                             size_t length)
{
    d->array = realloc(d->array, ((size_t)d->arrays + 1) * sizeof *d->array);
    RIT_CHECK(d->array != NULL);
    struct rit_array *array = &d->array[d->arrays++];
    *array = (struct rit_array){.name = copy_text(name),
                                .unit = copy_text("1"),
                                .parameter = parameter ? copy_text(parameter) : NULL,
                                .dims = 1,
                                .dim = {copy_text(dim)},
                                .length = {length},
                                .count = length};
    return array;
}

static double *copy_numbers(const double *value, size_t n)
{
    double *copy = malloc((n + 1) * sizeof *copy);
    RIT_CHECK(copy != NULL);
    memcpy(copy, value, n * sizeof *copy);
    return copy;
}

struct rit_dataset example_new(size_t points, const double *eps, size_t n)
{
    struct rit_dataset d = {
        .config = copy_text(""), .content_hash = copy_text("0123"), .planned = points, .points = points};
    add(&d, "threshold", NULL, "threshold", n)->value = copy_numbers(eps, n);
    return d;
}

void example_add(struct rit_dataset *d, const char *name, const char *parameter, const double *value)
{
    add(d, name, parameter, "point", d->points)->value = copy_numbers(value, d->points);
}

void example_add_texts(struct rit_dataset *d, const char *name, const char *parameter,
                       const char *const *text)
{
    struct rit_array *array = add(d, name, parameter, "point", d->points);
    array->text = calloc(d->points + 1, sizeof *array->text);
    RIT_CHECK(array->text != NULL);
    for (size_t i = 0; i < d->points; i++)
        array->text[i] = copy_text(text[i]);
}

void example_add_rows(struct rit_dataset *d, const char *name, const char *dim, size_t n, const double *value)
{
    struct rit_array *array = add(d, name, NULL, "point", d->points);
    array->dims = 2;
    array->dim[1] = copy_text(dim);
    array->length[1] = n;
    array->count = d->points * n;
    array->value = copy_numbers(value, array->count);
}

void example_add_times(struct rit_dataset *d, const double *times, double tau_max)
{
    size_t n = d->array[0].count;
    double *tau = calloc(2 * d->points + 1, sizeof *tau), *end = tau + d->points;
    RIT_CHECK(tau != NULL);
    for (size_t i = 0; i < d->points; i++) {
        for (size_t t = 0; t < n; t++) {
            end[i] = isnan(times[i * n + t]) ? RIT_END_CENSORED : end[i];
            tau[i] = fmax(tau[i], times[i * n + t]); /* passes over NaN */
        }
        if (end[i] == RIT_END_CENSORED)
            tau[i] = tau_max;
    }
    example_add(d, "tau", NULL, tau);
    example_add(d, "end", NULL, end);
    example_add_rows(d, "learning_time", "threshold", n, times);
    free(tau);
}
