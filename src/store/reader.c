/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/reader.h"

#include "base/file.h"
#include "base/turn.h"
#include "store/folder.h"
#include "store/h5.h"
#include "store/seal.h"

#include <errno.h>
#include <hdf5_hl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char no_coordinate[] = "This is a netCDF dimension but not a netCDF variable.";

static char *copy_text(const char *text)
{
    char *copy = strdup(text ? text : "");
    RIT_CHECK(copy != NULL);
    return copy;
}

/* A text attribute of an object; NULL if it has none. The caller frees it. */
static char *text_attribute(hid_t object, const char *name)
{
    char *text = NULL;
    if (H5Aexists(object, name) <= 0)
        return NULL;
    hid_t id = H5Aopen(object, name, H5P_DEFAULT);
    hid_t type = H5Aget_type(id);
    if (H5Tis_variable_str(type) > 0) {
        char *read = NULL;
        if (H5Aread(id, type, &read) >= 0)
            text = copy_text(read);
        H5free_memory(read);
    } else if (H5Tget_class(type) == H5T_STRING) { /* HDF5's own, such as the label of a scale */
        size_t size = H5Tget_size(type);
        text = calloc(size + 1, 1);
        RIT_CHECK(text != NULL);
        H5Aread(id, type, text);
    }
    H5Tclose(type);
    H5Aclose(id);
    return text;
}

static size_t size_attribute(hid_t object, const char *name)
{
    int64_t value = 0;
    hid_t id = H5Aopen(object, name, H5P_DEFAULT);
    H5Aread(id, H5T_NATIVE_INT64, &value);
    H5Aclose(id);
    return value > 0 ? (size_t)value : 0;
}

/* Called for the one scale of an axis. */
static herr_t scale_name(hid_t variable, unsigned axis, hid_t scale, void *name)
{
    (void)variable, (void)axis;
    char path[RIT_VARIABLE_NAME + 32] = "";
    H5Iget_name(scale, path, sizeof path); /* "/grid_tau" */
    *(char **)name = copy_text(path + (path[0] == '/'));
    return 1;
}

static bool read_dimensions(hid_t id, struct rit_array *array)
{
    hid_t space = H5Dget_space(id);
    int dims = H5Sget_simple_extent_ndims(space);
    hsize_t length[RIT_MAX_DIMS + 1];
    bool good =
        0 <= dims && dims <= RIT_MAX_DIMS + 1 && H5Sget_simple_extent_dims(space, length, NULL) == dims;
    H5Sclose(space);
    array->count = 1;
    for (int i = 0; good && i < dims; i++) {
        if (H5DSis_scale(id) > 0)
            array->dim[i] = copy_text(array->name);
        else
            H5DSiterate_scales(id, (unsigned)i, NULL, scale_name, &array->dim[i]);
        good = array->dim[i] != NULL;
        array->dims = i + 1;
        array->length[i] = length[i];
        array->count *= length[i];
    }
    return good;
}

static bool read_texts(hid_t id, struct rit_array *array)
{
    char **read = calloc(array->count + 1, sizeof *read);
    array->text = calloc(array->count + 1, sizeof *array->text);
    RIT_CHECK(read != NULL && array->text != NULL);
    hid_t type = H5Dget_type(id);
    bool good = H5Tis_variable_str(type) > 0 && H5Dread(id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, read) >= 0;
    H5Tclose(type);
    for (size_t i = 0; i < array->count; i++) {
        array->text[i] = copy_text(read[i]);
        H5free_memory(read[i]);
    }
    free(read);
    return good;
}

static bool read_numbers(hid_t id, bool integer, struct rit_array *array)
{
    array->value = calloc(array->count + 1, sizeof *array->value);
    RIT_CHECK(array->value != NULL);
    if (H5Dread(id, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, array->value) < 0)
        return false;
    if (integer && H5Aexists(id, "_FillValue") > 0)
        for (size_t i = 0; i < array->count; i++)
            if (array->value[i] == (double)RIT_H5_MISSING)
                array->value[i] = NAN;
    return true;
}

static bool read_array(hid_t id, const char *name, struct rit_array *array)
{
    *array = (struct rit_array){.name = copy_text(name),
                                .unit = text_attribute(id, RIT_H5_UNIT_NAME),
                                .parameter = text_attribute(id, "parameter")};
    char *meaning = text_attribute(id, "long_name");
    array->meaning = meaning ? meaning : copy_text("");
    if (!array->unit)
        array->unit = text_attribute(id, "units");
    if (!array->unit)
        array->unit = copy_text("1");
    if (!read_dimensions(id, array))
        return false;
    hid_t type = H5Dget_type(id);
    H5T_class_t class = H5Tget_class(type);
    H5Tclose(type);
    return class == H5T_STRING ? read_texts(id, array) : read_numbers(id, class == H5T_INTEGER, array);
}

static void release_array(struct rit_array *array)
{
    free(array->name);
    free(array->unit);
    free(array->meaning);
    free(array->parameter);
    for (int i = 0; i < array->dims; i++)
        free(array->dim[i]);
    for (size_t i = 0; array->text && i < array->count; i++)
        free(array->text[i]);
    free(array->text);
    free(array->value);
}

/* H5Literate's visitor, in ascending order of names. */
static herr_t read_link(hid_t file, const char *name, const H5L_info_t *info, void *arg)
{
    (void)info;
    struct rit_dataset *dataset = arg;
    hid_t id = H5Dopen2(file, name, H5P_DEFAULT);
    if (id < 0)
        return -1;
    char *label = text_attribute(id, "NAME");
    bool skip = label && strncmp(label, no_coordinate, sizeof no_coordinate - 1) == 0;
    free(label);
    bool good = true;
    if (!skip) {
        size_t count = (size_t)dataset->arrays + 1;
        dataset->array = realloc(dataset->array, count * sizeof *dataset->array);
        RIT_CHECK(dataset->array != NULL);
        good = read_array(id, name, &dataset->array[dataset->arrays++]);
    }
    H5Dclose(id);
    return good ? 0 : -1;
}

static bool read_file(hid_t file, struct rit_dataset *dataset)
{
    dataset->config = text_attribute(file, "config");
    dataset->content_hash = text_attribute(file, "content_hash");
    dataset->planned = size_attribute(file, "points_planned");
    dataset->points = size_attribute(file, "points_done");
    return dataset->config && dataset->content_hash &&
           H5Literate(file, H5_INDEX_NAME, H5_ITER_INC, NULL, read_link, dataset) >= 0;
}

enum rit_status rit_dataset_parse(const char *name, const void *bytes, size_t size,
                                  struct rit_dataset *dataset, struct rit_error *err)
{
    RIT_HDF5_TURN;
    *dataset = (struct rit_dataset){0};
    size_t start;
    if (!rit_seal_holds(bytes, &size, &start))
        return rit_fail(
            err, RIT_BAD_INPUT,
            "%s: damaged, or not a dataset of this program; `ritardando sweep` or `merge` on its run "
            "folder writes it anew from the results",
            name);
    hid_t file = rit_h5_open((const unsigned char *)bytes + start, size);
    enum rit_status status = RIT_OK;
    if (file < 0 || !read_file(file, dataset))
        status = rit_fail(err, RIT_BAD_INPUT, "%s: not a dataset as docs/dataset.md describes it", name);
    if (file >= 0)
        H5Fclose(file);
    if (status != RIT_OK)
        rit_dataset_release(dataset);
    return status;
}

enum rit_status rit_dataset_read(const char *path, struct rit_dataset *dataset, struct rit_error *err)
{
    *dataset = (struct rit_dataset){0};
    struct rit_buffer bytes = {0};
    enum rit_status status = rit_file_read(path, SIZE_MAX / 8, &bytes, err);
    if (status == RIT_OK)
        status = rit_dataset_parse(path, bytes.data, bytes.size, dataset, err);
    rit_buffer_release(&bytes);
    return status;
}

enum rit_status rit_dataset_read_run(const char *run, struct rit_dataset *dataset, struct rit_error *err)
{
    char path[RIT_PATH];
    RIT_TRY(rit_folder_is_run(run, err));
    RIT_TRY(rit_file_path(path, err, "%s/phase-diagram.h5", run));
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return rit_fail(err, RIT_IO,
                        "%s: there is no phase-diagram.h5 yet; a sweep writes it every run.dataset seconds "
                        "and at its end",
                        run);
    return rit_dataset_read(path, dataset, err);
}

void rit_dataset_release(struct rit_dataset *dataset)
{
    for (int i = 0; i < dataset->arrays; i++)
        release_array(&dataset->array[i]);
    free(dataset->array);
    free(dataset->config);
    free(dataset->content_hash);
    *dataset = (struct rit_dataset){0};
}

const struct rit_array *rit_dataset_find(const struct rit_dataset *dataset, const char *name)
{
    for (int i = 0; i < dataset->arrays; i++)
        if (strcmp(dataset->array[i].name, name) == 0)
            return &dataset->array[i];
    return NULL;
}
