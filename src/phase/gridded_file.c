/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/gridded.h"

#include "base/file.h"
#include "base/version.h"
#include "store/h5.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    for (size_t i = 0; i < array->count; i++) /* no runs there: the first name, "nothing" */
        flag[i] = isnan(array->value[i]) ? 0 : (int8_t)array->value[i];
    hid_t id = rit_h5_create(h5, &spec);
    static const int8_t values[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    rit_h5_bytes_attribute(h5, id, "flag_values", values, rit_gridded_flags(array));
    rit_h5_text_attribute(h5, id, "flag_meanings", array->flags);
    rit_h5_write(h5, id, &spec, 0, spec.length[0], flag);
    rit_h5_close(h5, id);
    free(flag);
}

static void put_attribute(struct rit_h5 *h5, const struct rit_gridded_attribute *attribute)
{
    char *end;
    long long whole = strtoll(attribute->text, &end, 10);
    if (attribute->number && *end == 0)
        rit_h5_int_attribute(h5, h5->file, attribute->name, whole);
    else
        rit_h5_text_attribute(h5, h5->file, attribute->name, attribute->text);
}

static bool has_coordinate(const struct rit_gridded *gridded, const char *dim)
{
    for (int i = 0; i < gridded->coordinates; i++)
        if (strcmp(gridded->coordinate[i].name, dim) == 0)
            return true;
    return false;
}

/* A grid without axes has the dimension "line" of length 1, which no coordinate makes. */
static void put_line(struct rit_h5 *h5, const struct rit_gridded *gridded)
{
    for (int i = 0; i < gridded->arrays; i++) {
        for (int d = 0; d < gridded->array[i].dims; d++) {
            if (!has_coordinate(gridded, gridded->array[i].dim[d])) {
                rit_h5_dimension(h5, gridded->array[i].dim[d], gridded->array[i].length[d]);
                return;
            }
        }
    }
}

enum rit_status rit_gridded_write(const char *path, const struct rit_gridded *gridded, struct rit_error *err)
{
    struct rit_h5 h5;
    rit_h5_new(&h5, -1);
    rit_h5_text_attribute(&h5, h5.file, "Conventions", "CF-1.8");
    rit_h5_text_attribute(&h5, h5.file, "program", rit_version());
    for (int i = 0; i < gridded->attributes; i++)
        put_attribute(&h5, &gridded->attribute[i]);
    for (int i = 0; i < gridded->coordinates; i++)
        put_coordinate(&h5, &gridded->coordinate[i]);
    put_line(&h5, gridded);
    for (int i = 0; i < gridded->arrays; i++)
        put_array(&h5, &gridded->array[i]);
    struct rit_buffer image = {0};
    enum rit_status status = rit_h5_seal(&h5, path, &image, err);
    if (status == RIT_OK)
        status = rit_file_replace(path, image.data, image.size, err);
    rit_buffer_release(&image);
    return status;
}
