/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Reading a dataset back for analysis: verified against the SHA-256 of its trailer before HDF5 sees a byte,
 * then every variable as one array of doubles or of texts.
 */
#ifndef RITARDANDO_STORE_READER_H
#define RITARDANDO_STORE_READER_H

#include <ritardando/outcome.h>
#include <ritardando/status.h>

/** One variable with its dimensions; "point" is the first one of all but the coordinates and of texts that
 * are the same in all points, which have none. */
struct rit_array {
    char *name;
    char *unit;      /* "1" where it has none */
    char *meaning;   /* "" where it has none */
    char *parameter; /* key of the parameter whose values these are; NULL for a result */
    int dims;
    char *dim[RIT_MAX_DIMS + 1];
    size_t length[RIT_MAX_DIMS + 1];
    size_t count;  /* product of lengths */
    double *value; /* [count] row-major; NaN where missing. Integers and enumerations too. NULL for texts */
    char **text;   /* [count]; NULL for numbers */
};

/** A whole dataset, owning everything. */
struct rit_dataset {
    char *config;           /* resolved config, YAML */
    char *content_hash;     /* hexadecimal */
    size_t planned, points; /* points of the plan, and rows that are there */
    int arrays;
    struct rit_array *array; /* ascending by name */
};

/** RIT_IO if it cannot be read; RIT_BAD_INPUT if it is damaged or no dataset of this program. */
enum rit_status rit_dataset_read(const char *path, struct rit_dataset *dataset, struct rit_error *err);
/** That of a run folder, RUN/phase-diagram.h5. */
enum rit_status rit_dataset_read_run(const char *run, struct rit_dataset *dataset, struct rit_error *err);
/** The same from bytes in memory; `name` stands for them in messages. */
enum rit_status rit_dataset_parse(const char *name, const void *bytes, size_t size,
                                  struct rit_dataset *dataset, struct rit_error *err);
void rit_dataset_release(struct rit_dataset *dataset);

/** The variable of this name, or NULL. */
const struct rit_array *rit_dataset_find(const struct rit_dataset *dataset, const char *name);

#endif
