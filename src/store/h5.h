/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The little of HDF5 that a dataset needs, in the conventions that xarray, netCDF and h5netcdf understand:
 * a dimension is a dataset of its name made a scale, attached to every axis that runs along it.
 *
 * The file lies in memory until it is whole; HDF5 never writes to the disk. A failure of HDF5, which can only
 * be a lack of memory or a bug, is kept in `bad`; later calls then do nothing, so that only the end needs a
 * check.
 */
#ifndef RITARDANDO_STORE_H5_H
#define RITARDANDO_STORE_H5_H

#include <ritardando/status.h>

#include "base/pack.h"
#include "store/image.h"

#include <hdf5.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RIT_H5_DIMS = 12 }; /* of one variable */

/** A file in the making. */
struct rit_h5 {
    hid_t file;
    bool bad;
    char why[200];          /* what went wrong first */
    struct rit_image image; /* owned: where HDF5 builds the file */
    bool closed;            /* HDF5 is done with the image */
};

enum rit_h5_kind {
    RIT_H5_REAL, /* double */
    RIT_H5_INT,  /* int64_t */
    RIT_H5_BYTE, /* int8_t */
    RIT_H5_TEXT, /* char *, UTF-8 */
};

/** What a variable is. A 1-D variable named as its dimension becomes that dimension's coordinate. */
struct rit_h5_variable {
    const char *name, *unit, *meaning; /* unit and meaning NULL: none */
    enum rit_h5_kind kind;
    bool missing; /* REAL, INT: some values may be missing (NaN, RIT_H5_MISSING) */
    bool library; /* its numbers are a library's: the attribute `numerics` says so */
    int dims;     /* 0: a single value */
    const char *dim[RIT_H5_DIMS];
    hsize_t length[RIT_H5_DIMS];
};

#define RIT_H5_MISSING INT64_MIN /* the missing integer */

/** In memory, or in an empty file that is open for reading and writing; fd is borrowed, -1: none. */
void rit_h5_new(struct rit_h5 *h5, int fd);

/** Attributes of the file (object = h5->file) or of a variable. */
void rit_h5_text_attribute(struct rit_h5 *h5, hid_t object, const char *name, const char *text);
/**
 * The attribute `units`, which CF wants to be a unit of UDUNITS: ours that are none ("tau", "steps"), or mean
 * something else there (a "nat" is a nano-atmosphere), are "1" and stand in RIT_H5_UNIT_NAME.
 */
void rit_h5_unit(struct rit_h5 *h5, hid_t object, const char *unit);
#define RIT_H5_UNIT_NAME "unit_name"
void rit_h5_int_attribute(struct rit_h5 *h5, hid_t object, const char *name, int64_t value);
void rit_h5_real_attribute(struct rit_h5 *h5, hid_t object, const char *name, double value);
void rit_h5_bytes_attribute(struct rit_h5 *h5, hid_t object, const char *name, const int8_t *value, int n);

/** A dimension without coordinates. */
void rit_h5_dimension(struct rit_h5 *h5, const char *name, hsize_t length);

/** Create a variable whose dimensions exist; to be closed by rit_h5_close. A name twice makes h5 bad. */
hid_t rit_h5_create(struct rit_h5 *h5, const struct rit_h5_variable *variable);

/** Rows of the first axis that should be written at a time: those of one chunk. */
hsize_t rit_h5_rows(const struct rit_h5_variable *variable);

/** Write rows first .. first + rows - 1; data is dense, of the variable's kind. */
void rit_h5_write(struct rit_h5 *h5, hid_t id, const struct rit_h5_variable *variable, hsize_t first,
                  hsize_t rows, const void *data);
void rit_h5_close(struct rit_h5 *h5, hid_t id);

/** Create, write and close in one. Returns false once h5 is bad. */
bool rit_h5_put(struct rit_h5 *h5, const struct rit_h5_variable *variable, const void *data);

/**
 * Close the file and move its bytes to the empty `out`, followed by the trailer of store/seal.h that vouches
 * for them. RIT_IO, naming `name`, if anything went wrong since rit_h5_new; nothing is left to release then.
 */
enum rit_status rit_h5_seal(struct rit_h5 *h5, const char *name, struct rit_buffer *out,
                            struct rit_error *err);

/** The same of a file: its bytes are all written, but not yet synced. */
enum rit_status rit_h5_seal_file(struct rit_h5 *h5, const char *name, struct rit_error *err);

/**
 * Open a whole file that lies in memory for reading, in place: the caller keeps `data` until it has closed
 * the file, and frees it. Negative on failure. The bytes must be verified before.
 */
hid_t rit_h5_open(const void *data, size_t size);

/** "1.10.8": of the library that is linked. */
void rit_h5_library(char *out, size_t size);

#endif
