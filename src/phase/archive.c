/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/archive.h"

#include "base/file.h"
#include "base/version.h"
#include "phase/gridded.h"
#include "store/h5.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Whole numbers are written as such. */
static void put_coordinate(struct rit_h5 *h5, const struct rit_gridded_coordinate *c)
{
    bool whole = c->number != NULL;
    for (int i = 0; i < c->n && whole; i++)
        whole = c->number[i] == floor(c->number[i]) && fabs(c->number[i]) < 1e15;
    int64_t *integer = malloc(((size_t)c->n + 1) * sizeof *integer);
    RIT_CHECK(integer != NULL);
    for (int i = 0; i < c->n && whole; i++)
        integer[i] = (int64_t)c->number[i];
    struct rit_h5_variable spec = {.name = c->name,
                                   .unit = c->text ? NULL : c->unit,
                                   .kind = c->text ? RIT_H5_TEXT
                                           : whole ? RIT_H5_INT
                                                   : RIT_H5_REAL,
                                   .dims = 1,
                                   .dim = {c->name},
                                   .length = {(hsize_t)c->n}};
    rit_h5_put(h5, &spec,
               c->text ? (const void *)c->text
               : whole ? (const void *)integer
                       : (const void *)c->number);
    free(integer);
}

static void put_array(struct rit_h5 *h5, const struct rit_gridded_array *array)
{
    struct rit_h5_variable spec = {.name = array->name,
                                   .unit = array->flags ? NULL : array->unit,
                                   .meaning = array->meaning,
                                   .kind = array->flags ? RIT_H5_BYTE : RIT_H5_REAL,
                                   .missing = !array->flags,
                                   .dims = array->dims};
    for (int i = 0; i < array->dims; i++) {
        spec.dim[i] = array->dim[i];
        spec.length[i] = array->length[i];
    }
    if (!array->flags) {
        rit_h5_put(h5, &spec, array->value);
        return;
    }
    int8_t *flag = malloc(array->count + 1);
    RIT_CHECK(flag != NULL);
    for (size_t i = 0; i < array->count; i++)
        flag[i] = isnan(array->value[i]) ? RIT_KNOWN_NOTHING : (int8_t)array->value[i];
    hid_t id = rit_h5_create(h5, &spec);
    static const int8_t values[] = {RIT_KNOWN_NOTHING, RIT_KNOWN_VALUE, RIT_KNOWN_BELOW, RIT_KNOWN_ABOVE,
                                    RIT_KNOWN_BETWEEN};
    rit_h5_bytes_attribute(h5, id, "flag_values", values, 5);
    rit_h5_text_attribute(h5, id, "flag_meanings", rit_known_names);
    rit_h5_write(h5, id, &spec, 0, spec.length[0], flag);
    rit_h5_close(h5, id);
    free(flag);
}

static void put_about(struct rit_h5 *h5, const struct rit_analysis *a)
{
    char text[256];
    rit_h5_text_attribute(h5, h5->file, "title", "Ritardando: the learnability transition");
    rit_h5_text_attribute(h5, h5->file, "Conventions", "CF-1.8");
    rit_h5_text_attribute(h5, h5->file, "of", a->scan->dataset->content_hash);
    rit_h5_text_attribute(h5, h5->file, "program", rit_version());
    rit_h5_int_attribute(h5, h5->file, "resamples", a->options.resamples);
    rit_h5_int_attribute(h5, h5->file, "random_key", (int64_t)a->options.key);
    snprintf(text, sizeof text, "%.10g", a->options.level);
    rit_h5_text_attribute(h5, h5->file, "level", text);
    rit_window_rule(&a->options, text, sizeof text);
    rit_h5_text_attribute(h5, h5->file, "fit_window", text);
}

enum rit_status rit_analysis_write(const char *path, const struct rit_analysis *a, struct rit_error *err)
{
    struct rit_gridded gridded;
    struct rit_h5 h5;
    rit_gridded_make(a, &gridded);
    rit_h5_new(&h5);
    put_about(&h5, a);
    for (int i = 0; i < gridded.coordinates; i++)
        put_coordinate(&h5, &gridded.coordinate[i]);
    if (a->scan->axes == 0)
        rit_h5_dimension(&h5, "line", 1);
    for (int i = 0; i < gridded.arrays; i++)
        put_array(&h5, &gridded.array[i]);
    rit_gridded_release(&gridded);
    struct rit_buffer image = {0};
    enum rit_status status = rit_h5_seal(&h5, path, &image, err);
    if (status == RIT_OK)
        status = rit_file_replace(path, image.data, image.size, err);
    rit_buffer_release(&image);
    return status;
}
