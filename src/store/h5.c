/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/h5.h"

#include "base/call.h"
#include "base/turn.h"
#include "store/seal.h"

#include <errno.h>
#include <hdf5_hl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_VALUES = 1 << 17, GROW = 1 << 20 };

/* Keep the first failure; hand the id or status on. */
static hid_t check(struct rit_h5 *h5, hid_t id, const char *what, const char *name)
{
    if (id < 0 && !h5->bad) {
        h5->bad = true;
        snprintf(h5->why, sizeof h5->why, "HDF5 could not %s %s", what, name);
    }
    return id;
}

/* HDF5 gives the memory of a "core" file back when it closes it. By then the file is whole, so we keep it:
 * the image that H5Fget_file_image copies from an open file lacks a valid checksum of the superblock. */
static void *image_malloc(size_t size, H5FD_file_image_op_t op, void *self)
{
    (void)op;
    return rit_image_resize(&((struct rit_h5 *)self)->image, size);
}

static void *image_copy(void *to, const void *from, size_t size, H5FD_file_image_op_t op, void *self)
{
    (void)op, (void)self;
    return memcpy(to, from, size);
}

/* A disk that refuses is ours to know, not HDF5's: it could not close its file any more. */
static void *image_realloc(void *data, size_t size, H5FD_file_image_op_t op, void *self)
{
    (void)data, (void)op;
    struct rit_h5 *h5 = self;
    void *grown = rit_image_resize(&h5->image, size);
    h5->bad = h5->bad || h5->image.error != 0;
    return grown;
}

static herr_t image_free(void *data, H5FD_file_image_op_t op, void *self)
{
    (void)data;
    if (op == H5FD_FILE_IMAGE_OP_FILE_CLOSE)
        ((struct rit_h5 *)self)->closed = true;
    return 0;
}

static void *self_copy(void *self)
{
    return self;
}

static herr_t self_free(void *self)
{
    (void)self;
    return 0;
}

void rit_h5_new(struct rit_h5 *h5, int fd)
{
    RIT_HDF5_TURN;
    *h5 = (struct rit_h5){.file = -1, .image = {.fd = fd}};
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL); /* our own messages, not HDF5's stack */
    H5FD_file_image_callbacks_t callbacks = {image_malloc, image_copy, image_realloc, image_free, self_copy,
                                             self_free,    h5};
    hid_t access = check(h5, H5Pcreate(H5P_FILE_ACCESS), "make", "access properties");
    check(h5, H5Pset_fapl_core(access, GROW, false), "build", "in memory");
    check(h5, H5Pset_file_image_callbacks(access, &callbacks), "build", "in our memory");
    check(h5, H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V110), "bound", "the format's version");
    hid_t creation = check(h5, H5Pcreate(H5P_FILE_CREATE), "make", "creation properties");
    check(h5, H5Pset_obj_track_times(creation, false), "forget", "the time");
    check(h5, H5Pset_link_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED), "keep",
          "the order of variables");
    if (!h5->bad)
        h5->file = check(h5, H5Fcreate("in memory", H5F_ACC_TRUNC, creation, access), "create", "a file");
    H5Pclose(creation);
    H5Pclose(access);
}

static void attribute(struct rit_h5 *h5, hid_t object, const char *name, hid_t file_type, hid_t type, int n,
                      const void *value)
{
    if (h5->bad)
        return;
    hsize_t length = (hsize_t)(n > 0 ? n : 1);
    hid_t space = check(h5, n > 0 ? H5Screate_simple(1, &length, NULL) : H5Screate(H5S_SCALAR), "size", name);
    hid_t id = check(h5, H5Acreate2(object, name, file_type, space, H5P_DEFAULT, H5P_DEFAULT),
                     "create the attribute", name);
    check(h5, H5Awrite(id, type, value), "write the attribute", name);
    H5Aclose(id);
    H5Sclose(space);
}

static hid_t text_type(void)
{
    hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}

/* Bytes of the UTF-8 character at `s`, 0 if there is none. */
static int character(const unsigned char *s)
{
    int more = s[0] < 0x80 ? 0 : s[0] >= 0xc2 && s[0] < 0xe0 ? 1 : s[0] >= 0xe0 && s[0] < 0xf0 ? 2 : 3;
    if (s[0] > 0xf4 || (s[0] >= 0x80 && s[0] < 0xc2))
        return 0;
    for (int i = 1; i <= more; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    bool overlong = (s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xf0 && s[1] < 0x90);
    bool no_letter = (s[0] == 0xed && s[1] >= 0xa0) || (s[0] == 0xf4 && s[1] >= 0x90);
    return overlong || no_letter ? 0 : more + 1;
}

/* A copy in which every byte that is not UTF-8 has become '?': messages may be cut within a character, and
 * xarray refuses a whole file for one such byte. */
static char *clean_copy(const char *text)
{
    char *copy = strdup(text);
    RIT_CHECK(copy != NULL);
    for (char *c = copy; *c;) {
        int size = character((const unsigned char *)c);
        if (size == 0)
            *c = '?';
        c += size > 0 ? size : 1;
    }
    return copy;
}

void rit_h5_text_attribute(struct rit_h5 *h5, hid_t object, const char *name, const char *text)
{
    RIT_HDF5_TURN;
    hid_t type = text_type();
    char *copy = clean_copy(text);
    attribute(h5, object, name, type, type, 0, &copy);
    free(copy);
    H5Tclose(type);
}

void rit_h5_unit(struct rit_h5 *h5, hid_t object, const char *unit)
{
    static const char *const udunits[] = {"1", "bit", "s"};
    bool known = false;
    for (size_t i = 0; i < sizeof udunits / sizeof udunits[0]; i++)
        known = known || strcmp(unit, udunits[i]) == 0;
    rit_h5_text_attribute(h5, object, "units", known ? unit : "1");
    if (!known)
        rit_h5_text_attribute(h5, object, RIT_H5_UNIT_NAME, unit);
}

void rit_h5_int_attribute(struct rit_h5 *h5, hid_t object, const char *name, int64_t value)
{
    RIT_HDF5_TURN;
    attribute(h5, object, name, H5T_STD_I64LE, H5T_NATIVE_INT64, 0, &value);
}

void rit_h5_real_attribute(struct rit_h5 *h5, hid_t object, const char *name, double value)
{
    RIT_HDF5_TURN;
    attribute(h5, object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 0, &value);
}

void rit_h5_bytes_attribute(struct rit_h5 *h5, hid_t object, const char *name, const int8_t *value, int n)
{
    RIT_HDF5_TURN;
    attribute(h5, object, name, H5T_STD_I8LE, H5T_NATIVE_INT8, n, value);
}

void rit_h5_dimension(struct rit_h5 *h5, const char *name, hsize_t length)
{
    RIT_HDF5_TURN;
    if (h5->bad)
        return;
    /* netCDF's way to say that the values of this dataset mean nothing; they are never allocated. */
    char label[80];
    snprintf(label, sizeof label, "This is a netCDF dimension but not a netCDF variable. %10lld",
             (long long)length);
    hid_t space = check(h5, H5Screate_simple(1, &length, NULL), "size", name);
    hid_t creation = check(h5, H5Pcreate(H5P_DATASET_CREATE), "describe", name);
    check(h5, H5Pset_obj_track_times(creation, false), "forget the time of", name);
    hid_t id =
        check(h5, H5Dcreate2(h5->file, name, H5T_IEEE_F32LE, space, H5P_DEFAULT, creation, H5P_DEFAULT),
              "create the dimension", name);
    check(h5, H5DSset_scale(id, label), "make a scale of", name);
    H5Dclose(id);
    H5Pclose(creation);
    H5Sclose(space);
}

static hsize_t inner(const struct rit_h5_variable *v)
{
    hsize_t count = 1;
    for (int i = 1; i < v->dims; i++)
        count *= v->length[i];
    return count;
}

hsize_t rit_h5_rows(const struct rit_h5_variable *v)
{
    hsize_t count = inner(v);
    hsize_t rows = count == 0 ? v->length[0] : CHUNK_VALUES / count;
    if (rows > v->length[0])
        rows = v->length[0];
    return rows > 0 ? rows : 1;
}

/* Chunks of about a mebibyte: whole rows, or parts of one row where that is larger. */
static void chunk_of(const struct rit_h5_variable *v, hsize_t *chunk)
{
    hsize_t room = CHUNK_VALUES;
    for (int i = v->dims - 1; i > 0; i--) {
        chunk[i] = v->length[i] < room ? v->length[i] : room;
        chunk[i] += chunk[i] == 0; /* of an empty dimension, too */
        room = room / chunk[i] > 0 ? room / chunk[i] : 1;
    }
    chunk[0] = rit_h5_rows(v);
}

static hid_t creation_of(struct rit_h5 *h5, const struct rit_h5_variable *v)
{
    hid_t creation = check(h5, H5Pcreate(H5P_DATASET_CREATE), "describe", v->name);
    check(h5, H5Pset_obj_track_times(creation, false), "forget the time of", v->name);
    double nan = NAN;
    int64_t missing = RIT_H5_MISSING;
    if (v->missing && v->kind == RIT_H5_REAL)
        check(h5, H5Pset_fill_value(creation, H5T_NATIVE_DOUBLE, &nan), "fill", v->name);
    if (v->missing && v->kind == RIT_H5_INT)
        check(h5, H5Pset_fill_value(creation, H5T_NATIVE_INT64, &missing), "fill", v->name);
    hsize_t count = v->length[0] * inner(v);
    if (v->kind == RIT_H5_TEXT || count == 0)
        return creation; /* texts lie in a heap of their own, which filters do not reach */
    hsize_t chunk[RIT_H5_DIMS];
    chunk_of(v, chunk);
    check(h5, H5Pset_chunk(creation, v->dims, chunk), "chunk", v->name);
    check(h5, H5Pset_shuffle(creation), "shuffle", v->name);
    check(h5, H5Pset_deflate(creation, 4), "compress", v->name);
    check(h5, H5Pset_fletcher32(creation), "sum", v->name);
    return creation;
}

static void attach(struct rit_h5 *h5, hid_t id, const struct rit_h5_variable *v)
{
    if (v->dims == 1 && strcmp(v->name, v->dim[0]) == 0) {
        check(h5, H5DSset_scale(id, v->name), "make a scale of", v->name);
        return;
    }
    for (int i = 0; i < v->dims && !h5->bad; i++) {
        hid_t scale = check(h5, H5Dopen2(h5->file, v->dim[i], H5P_DEFAULT), "find the dimension", v->dim[i]);
        check(h5, H5DSattach_scale(id, scale, (unsigned)i), "attach the dimension", v->dim[i]);
        H5Dclose(scale);
    }
}

hid_t rit_h5_create(struct rit_h5 *h5, const struct rit_h5_variable *v)
{
    RIT_HDF5_TURN;
    if (!h5->bad && H5Lexists(h5->file, v->name, H5P_DEFAULT) > 0) {
        h5->bad = true;
        snprintf(h5->why, sizeof h5->why, "there are two variables of the name %s", v->name);
    }
    if (h5->bad)
        return -1;
    hid_t type = v->kind == RIT_H5_TEXT   ? text_type()
                 : v->kind == RIT_H5_REAL ? H5Tcopy(H5T_IEEE_F64LE)
                 : v->kind == RIT_H5_INT  ? H5Tcopy(H5T_STD_I64LE)
                                          : H5Tcopy(H5T_STD_I8LE);
    hid_t space = check(h5, H5Screate_simple(v->dims, v->length, NULL), "size", v->name);
    hid_t creation = creation_of(h5, v);
    hid_t id = check(h5, H5Dcreate2(h5->file, v->name, type, space, H5P_DEFAULT, creation, H5P_DEFAULT),
                     "create", v->name);
    H5Pclose(creation);
    H5Sclose(space);
    H5Tclose(type);
    attach(h5, id, v);
    if (v->unit)
        rit_h5_unit(h5, id, v->unit);
    if (v->meaning)
        rit_h5_text_attribute(h5, id, "long_name", v->meaning);
    if (v->library)
        rit_h5_text_attribute(h5, id, "numerics", "library");
    double nan = NAN;
    int64_t missing = RIT_H5_MISSING;
    if (v->missing && v->kind == RIT_H5_REAL)
        attribute(h5, id, "_FillValue", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, 0, &nan);
    if (v->missing && v->kind == RIT_H5_INT)
        attribute(h5, id, "_FillValue", H5T_STD_I64LE, H5T_NATIVE_INT64, 0, &missing);
    return id;
}

static void write_values(struct rit_h5 *h5, hid_t id, const struct rit_h5_variable *v, hid_t here,
                         hid_t there, hsize_t count, const void *data)
{
    if (v->kind != RIT_H5_TEXT) {
        hid_t type = v->kind == RIT_H5_REAL  ? H5T_NATIVE_DOUBLE
                     : v->kind == RIT_H5_INT ? H5T_NATIVE_INT64
                                             : H5T_NATIVE_INT8;
        check(h5, H5Dwrite(id, type, here, there, H5P_DEFAULT, data), "write", v->name);
        return;
    }
    hid_t type = text_type();
    char **copy = malloc(count * sizeof *copy);
    RIT_CHECK(copy != NULL);
    for (hsize_t i = 0; i < count; i++)
        copy[i] = clean_copy(((const char *const *)data)[i]);
    check(h5, H5Dwrite(id, type, here, there, H5P_DEFAULT, copy), "write", v->name);
    for (hsize_t i = 0; i < count; i++)
        free(copy[i]);
    free(copy);
    H5Tclose(type);
}

void rit_h5_write(struct rit_h5 *h5, hid_t id, const struct rit_h5_variable *v, hsize_t first, hsize_t rows,
                  const void *data)
{
    RIT_HDF5_TURN;
    hsize_t start[RIT_H5_DIMS] = {first}, count[RIT_H5_DIMS] = {rows};
    for (int i = 1; i < v->dims; i++)
        count[i] = v->length[i];
    if (h5->bad || (v->dims > 0 && rows * inner(v) == 0))
        return;
    if (v->dims == 0) {
        write_values(h5, id, v, H5S_ALL, H5S_ALL, 1, data);
        return;
    }
    hid_t here = check(h5, H5Screate_simple(v->dims, count, NULL), "size", v->name);
    hid_t there = check(h5, H5Dget_space(id), "size", v->name);
    check(h5, H5Sselect_hyperslab(there, H5S_SELECT_SET, start, NULL, count, NULL), "select", v->name);
    write_values(h5, id, v, here, there, rows * inner(v), data);
    H5Sclose(there);
    H5Sclose(here);
}

void rit_h5_close(struct rit_h5 *h5, hid_t id)
{
    RIT_HDF5_TURN;
    if (id >= 0)
        check(h5, H5Dclose(id), "close", "a variable");
}

bool rit_h5_put(struct rit_h5 *h5, const struct rit_h5_variable *v, const void *data)
{
    hid_t id = rit_h5_create(h5, v);
    rit_h5_write(h5, id, v, 0, v->length[0], data);
    rit_h5_close(h5, id);
    return !h5->bad;
}

/* Close the file and put the seal behind its bytes; *size is that of both. */
static enum rit_status seal(struct rit_h5 *h5, const char *name, size_t *size, struct rit_error *err)
{
    if (h5->file >= 0)
        check(h5, H5Fclose(h5->file), "close", "the file");
    h5->file = -1;
    if (h5->image.error != 0)
        return rit_fail(err, RIT_IO, "%s: cannot write: %s", name, strerror(h5->image.error));
    if (h5->bad || !h5->closed)
        return rit_fail(err, RIT_IO, "%s: the dataset could not be built: %s", name, h5->why);
    /* The end of the file stands in its superblock, version 2, with addresses of eight bytes. */
    RIT_CHECK(memcmp(h5->image.data, "\211HDF\r\n\032\n\002\010\010", 11) == 0);
    struct rit_reader end = {.data = h5->image.data + 28, .size = 8};
    size_t inner = rit_read_u64(&end);
    struct rit_hash sum = rit_image_hash(&h5->image, inner);
    char trailer[RIT_SEAL_TRAILER + 1];
    rit_seal_trailer(trailer, &sum);
    *size = inner + RIT_SEAL_TRAILER;
    if (!rit_image_resize(&h5->image, *size) || h5->image.error != 0)
        return rit_fail(err, RIT_IO, "%s: cannot write: %s", name, strerror(h5->image.error));
    memcpy(h5->image.data + inner, trailer, RIT_SEAL_TRAILER);
    return RIT_OK;
}

enum rit_status rit_h5_seal(struct rit_h5 *h5, const char *name, struct rit_buffer *out,
                            struct rit_error *err)
{
    RIT_HDF5_TURN;
    size_t size;
    enum rit_status status = seal(h5, name, &size, err);
    if (status == RIT_OK)
        *out = (struct rit_buffer){.data = h5->image.data, .size = size, .capacity = size};
    else
        rit_image_release(&h5->image);
    return status;
}

enum rit_status rit_h5_seal_file(struct rit_h5 *h5, const char *name, struct rit_error *err)
{
    RIT_HDF5_TURN;
    size_t size;
    int fd = h5->image.fd;
    enum rit_status status = seal(h5, name, &size, err);
    rit_image_release(&h5->image);
    if (status == RIT_OK && rit_call_ftruncate(fd, (off_t)size) != 0)
        status = rit_fail(err, RIT_IO, "%s: cannot cut it to its size: %s", name, strerror(errno));
    return status;
}

/* For reading, HDF5 asks for memory and copies the file into it, several times. All of it is the caller's
 * memory. (The high level library's H5LTopen_file_image does the same but loses a little memory each time.)
 */
static void *lent_malloc(size_t size, H5FD_file_image_op_t op, void *data)
{
    (void)size, (void)op;
    return data;
}

static void *lent_copy(void *to, const void *from, size_t size, H5FD_file_image_op_t op, void *data)
{
    (void)from, (void)size, (void)op, (void)data;
    return to;
}

static void *lent_realloc(void *data, size_t size, H5FD_file_image_op_t op, void *self)
{
    (void)data, (void)size, (void)op, (void)self;
    return NULL; /* a file that is only read does not grow */
}

static herr_t lent_free(void *data, H5FD_file_image_op_t op, void *self)
{
    (void)data, (void)op, (void)self;
    return 0;
}

hid_t rit_h5_open(const void *data, size_t size)
{
    RIT_HDF5_TURN;
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    void *lent = (void *)(uintptr_t)data; /* HDF5 takes no const, but a file opened so is not written to */
    H5FD_file_image_callbacks_t callbacks = {lent_malloc, lent_copy, lent_realloc, lent_free,
                                             self_copy,   self_free, lent};
    hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    hid_t file = -1;
    if (H5Pset_fapl_core(access, GROW, false) >= 0 && H5Pset_file_image_callbacks(access, &callbacks) >= 0 &&
        H5Pset_file_image(access, lent, size) >= 0)
        file = H5Fopen("in memory", H5F_ACC_RDONLY, access);
    H5Pclose(access);
    return file;
}

void rit_h5_library(char *out, size_t size)
{
    RIT_HDF5_TURN;
    unsigned major = 0, minor = 0, release = 0;
    H5get_libversion(&major, &minor, &release);
    snprintf(out, size, "%u.%u.%u", major, minor, release);
}
