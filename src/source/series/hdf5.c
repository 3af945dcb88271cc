/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of an HDF5 file. */
#define _GNU_SOURCE /* strverscmp */
#include "source/series/tables.h"

#include "base/turn.h"

#include <hdf5.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_NUMBERS = 1 << 28, AT_ONCE = 1 << 16 /* numbers that are read together */ };

/* What is being read, for messages. */
struct place {
    const char *path, *name;
};

bool rit_tables_in_hdf5(const char *path)
{
    RIT_HDF5_TURN;
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL); /* our own messages, not HDF5's stack */
    return H5Fis_hdf5(path) > 0;
}

static hid_t open_file(const char *path)
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    H5Pset_file_locking(access, false, true); /* which some shared folders refuse */
    hid_t file = H5Fopen(path, H5F_ACC_RDONLY, access);
    H5Pclose(access);
    return file;
}

static enum rit_status check_type(const struct place *at, hid_t id, struct rit_error *err)
{
    hid_t type = H5Dget_type(id);
    H5T_class_t class = H5Tget_class(type);
    H5Tclose(type);
    if (class == H5T_INTEGER || class == H5T_FLOAT)
        return RIT_OK;
    return rit_fail(err, RIT_BAD_INPUT, "%s: dataset %s holds %s, not numbers", at->path, at->name,
                    class == H5T_STRING     ? "texts"
                    : class == H5T_COMPOUND ? "records"
                    : class == H5T_ENUM     ? "names of values (such as true and false)"
                                            : "something else");
}

/* Rows and columns of a dataset. */
static enum rit_status find_shape(const struct place *at, hid_t id, hsize_t shape[2], struct rit_error *err)
{
    hid_t space = H5Dget_space(id);
    int dims = H5Sget_simple_extent_type(space) == H5S_SIMPLE ? H5Sget_simple_extent_ndims(space) : 0;
    shape[1] = 1;
    if (dims == 1 || dims == 2)
        H5Sget_simple_extent_dims(space, shape, NULL);
    H5Sclose(space);
    if (dims != 1 && dims != 2)
        return rit_fail(err, RIT_BAD_INPUT, "%s: dataset %s has %d dimensions; a table has rows and columns",
                        at->path, at->name, dims);
    if (shape[0] == 0 || shape[1] == 0)
        return rit_fail(err, RIT_BAD_INPUT, "%s: dataset %s is empty", at->path, at->name);
    if (shape[1] > RIT_TABLE_COLUMNS)
        return rit_fail(err, RIT_BAD_INPUT, "%s: dataset %s has more than %d columns", at->path, at->name,
                        RIT_TABLE_COLUMNS);
    return RIT_OK;
}

static enum rit_status check_room(const struct place *at, const struct rit_tables *tables,
                                  const hsize_t shape[2], struct rit_error *err)
{
    if (tables->rows > 0 && shape[1] != (hsize_t)tables->columns)
        return rit_fail(err, RIT_BAD_INPUT, "%s: dataset %s has %d columns, but those before have %d",
                        at->path, at->name, (int)shape[1], tables->columns);
    if (shape[0] > MOST_NUMBERS / shape[1] - (hsize_t)tables->rows)
        return rit_fail(err, RIT_BAD_INPUT, "%s: dataset %s: more than %d numbers", at->path, at->name,
                        MOST_NUMBERS);
    return RIT_OK;
}

/* Some rows. As doubles, which text is read as, too: the same numbers give the same floats. */
static enum rit_status append_rows(const struct place *at, hid_t id, int dims, const hsize_t start[2],
                                   const hsize_t count[2], struct rit_tables *tables, struct rit_error *err)
{
    static double number[AT_ONCE]; /* in turn */
    hid_t there = H5Dget_space(id), here = H5Screate_simple(dims, count, NULL);
    bool good = H5Sselect_hyperslab(there, H5S_SELECT_SET, start, NULL, count, NULL) >= 0 &&
                H5Dread(id, H5T_NATIVE_DOUBLE, here, there, H5P_DEFAULT, number) >= 0;
    H5Sclose(here);
    H5Sclose(there);
    if (!good)
        return rit_fail(err, RIT_BAD_INPUT,
                        "%s: dataset %s cannot be read: it is damaged, or of another HDF5", at->path,
                        at->name);
    for (hsize_t i = 0; i < count[0] * count[1]; i++) {
        float x = (float)number[i];
        if (!isfinite(x))
            return rit_fail(err, RIT_BAD_INPUT, "%s: dataset %s: row %d, column %d: %g is not finite",
                            at->path, at->name, (int)(start[0] + i / count[1]) + 1, (int)(i % count[1]) + 1,
                            number[i]);
        rit_pack_bytes(&tables->numbers, &x, sizeof x);
    }
    return RIT_OK;
}

static enum rit_status append_dataset(const char *path, const char *name, hid_t id, struct rit_tables *tables,
                                      struct rit_error *err)
{
    struct place at = {path, name};
    hsize_t shape[2];
    RIT_TRY(check_type(&at, id, err));
    RIT_TRY(find_shape(&at, id, shape, err));
    RIT_TRY(check_room(&at, tables, shape, err));
    hid_t space = H5Dget_space(id);
    int dims = H5Sget_simple_extent_ndims(space);
    H5Sclose(space);
    hsize_t most = AT_ONCE / shape[1];
    for (hsize_t row = 0; row < shape[0]; row += most) {
        hsize_t start[2] = {row, 0}, count[2] = {shape[0] - row < most ? shape[0] - row : most, shape[1]};
        RIT_TRY(append_rows(&at, id, dims, start, count, tables, err));
    }
    tables->columns = (int)shape[1];
    tables->rows += (int)shape[0];
    char *copy = strdup(name);
    RIT_CHECK(copy != NULL);
    rit_tables_end(tables, copy);
    return RIT_OK;
}

/* The names in a group, as people count. */
struct names {
    int n;
    char **name;
};

static herr_t add_name(hid_t group, const char *name, const H5L_info_t *info, void *arg)
{
    (void)group, (void)info;
    struct names *names = arg;
    names->name = realloc(names->name, ((size_t)names->n + 1) * sizeof *names->name);
    RIT_CHECK(names->name != NULL);
    names->name[names->n] = strdup(name);
    RIT_CHECK(names->name[names->n] != NULL);
    names->n++;
    return 0;
}

static int as_people_count(const void *a, const void *b)
{
    return strverscmp(*(char *const *)a, *(char *const *)b);
}

static struct names names_in(hid_t group)
{
    struct names names = {0};
    H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, NULL, add_name, &names);
    if (names.n > 0)
        qsort(names.name, (size_t)names.n, sizeof *names.name, as_people_count);
    return names;
}

static void release(struct names *names)
{
    for (int i = 0; i < names->n; i++)
        free(names->name[i]);
    free(names->name);
}

static enum rit_status append_member(const char *path, const char *group_name, hid_t group, const char *name,
                                     struct rit_tables *tables, struct rit_error *err)
{
    hid_t id = H5Oopen(group, name, H5P_DEFAULT);
    size_t size = strlen(group_name) + strlen(name) + 2;
    char *whole = calloc(size, 1);
    RIT_CHECK(whole != NULL);
    snprintf(whole, size, "%s/%s", strcmp(group_name, "/") == 0 ? "" : group_name, name);
    enum rit_status status;
    if (id < 0 || H5Iget_type(id) != H5I_DATASET)
        status = rit_fail(err, RIT_BAD_INPUT, "%s: %s is no dataset, but group %s is to be one of sequences",
                          path, whole, group_name);
    else
        status = append_dataset(path, whole, id, tables, err);
    if (id >= 0)
        H5Oclose(id);
    free(whole);
    return status;
}

static enum rit_status append_group(const char *path, const char *name, hid_t group,
                                    struct rit_tables *tables, struct rit_error *err)
{
    struct names names = names_in(group);
    enum rit_status status = RIT_OK;
    if (names.n == 0)
        status = rit_fail(err, RIT_BAD_INPUT, "%s: group %s is empty", path, name);
    for (int i = 0; i < names.n && status == RIT_OK; i++)
        status = append_member(path, name, group, names.name[i], tables, err);
    release(&names);
    return status;
}

/* The only name in the file. The caller frees it. */
static enum rit_status only_name(const char *path, hid_t file, char **only, struct rit_error *err)
{
    struct names names = names_in(file);
    enum rit_status status = RIT_OK;
    char list[200] = "";
    for (int i = 0; i < names.n; i++) {
        size_t length = strlen(list);
        snprintf(list + length, sizeof list - length, "%s%s", i > 0 ? ", " : "", names.name[i]);
    }
    if (names.n == 1) {
        *only = names.name[0];
        names.n = 0;
    } else
        status = names.n == 0 ? rit_fail(err, RIT_BAD_INPUT, "%s: has no datasets", path)
                              : rit_fail(err, RIT_BAD_INPUT,
                                         "data.dataset: %s has several datasets or groups, of which it must "
                                         "name one (or / for all): %s",
                                         path, list);
    release(&names);
    return status;
}

static enum rit_status append(const char *path, hid_t file, const char *name, struct rit_tables *tables,
                              struct rit_error *err)
{
    hid_t id = H5Oopen(file, name, H5P_DEFAULT);
    H5I_type_t type = id < 0 ? H5I_BADID : H5Iget_type(id);
    enum rit_status status;
    if (type == H5I_DATASET)
        status = append_dataset(path, name, id, tables, err);
    else if (type == H5I_GROUP)
        status = append_group(path, name, id, tables, err);
    else
        status = rit_fail(err, RIT_BAD_INPUT, "data.dataset: %s has no dataset or group %s", path, name);
    if (id >= 0)
        H5Oclose(id);
    return status;
}

enum rit_status rit_tables_read_hdf5(const char *path, const char *dataset, struct rit_tables *tables,
                                     struct rit_error *err)
{
    RIT_HDF5_TURN;
    hid_t file = open_file(path);
    if (file < 0)
        return rit_fail(err, RIT_BAD_INPUT, "%s: cannot be read as HDF5: it is damaged, or cut off", path);
    char *only = NULL;
    enum rit_status status = RIT_OK;
    if (!dataset[0])
        status = only_name(path, file, &only, err);
    if (status == RIT_OK)
        status = append(path, file, only ? only : dataset, tables, err);
    free(only);
    H5Fclose(file);
    return status;
}
