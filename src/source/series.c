/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Real-valued series from tables of numbers, as text or in HDF5 (series/). A table is cut into sequences of
 * data.length rows, or is one; its last columns may be labels.
 */
#include <ritardando/source.h>

#include "source/series/tables.h"

#include <stdlib.h>
#include <string.h>

static const struct rit_param params[] = {
    {.key = "data.table",
     .kind = RIT_TEXT,
     .fallback = "",
     .unit = "1",
     .meaning = "file of the table, seen from the folder of the config file: HDF5, or text with a row a "
                "line, columns between commas, semicolons or blanks",
     .not_identity = true,
     .is_path = true},
    {.key = "data.dataset",
     .kind = RIT_TEXT,
     .fallback = "",
     .unit = "1",
     .meaning = "dataset of an HDF5 file (rows, columns), or group of such, by its path in the file; empty: "
                "the only one",
     .not_identity = true},
    {.key = "data.length",
     .kind = RIT_INT,
     .fallback = "100",
     .low = 0,
     .high = 1e9,
     .unit = "steps",
     .meaning = "rows in one sequence, into which each table is cut; 0: a table is a sequence"},
    {.key = "data.label-columns",
     .kind = RIT_INT,
     .fallback = "0",
     .low = 0,
     .high = RIT_WIDEST_BITS,
     .unit = "1",
     .meaning = "last columns of the table that are labels, on where positive, for the task classify"},
};

static int rows_of(const struct rit_tables *tables, int i)
{
    return tables->table[i].end - (i > 0 ? tables->table[i - 1].end : 0);
}

/* How many sequences of `length` rows, or of whole tables, there are. */
static enum rit_status count(const char *path, const struct rit_tables *tables, int length, int need,
                             struct rit_error *err)
{
    int sequences = 0;
    for (int i = 0; i < tables->tables; i++) {
        int rows = rows_of(tables, i), more = length ? rows / length : rows > 0;
        if (more == 0 && tables->tables > 1)
            return rit_fail(err, RIT_BAD_INPUT,
                            "%s: dataset %s has %d rows, fewer than data.length %d; with data.length 0 every "
                            "dataset is a sequence",
                            path, tables->table[i].name, rows, length);
        sequences += more;
    }
    if (sequences >= need)
        return RIT_OK;
    if (length == 0)
        return rit_fail(err, RIT_BAD_INPUT,
                        "%s: has %d rows in %d sequences, but %d are asked for (data.first + data.chorales)",
                        path, tables->rows, sequences, need);
    return rit_fail(err, RIT_BAD_INPUT,
                    "%s: has %d rows, which are %d sequences of data.length %d, but %d are asked for "
                    "(data.first + data.chorales)",
                    path, tables->rows, sequences, length, need);
}

static enum rit_status check_width(const char *path, const struct rit_tables *tables, int labels,
                                   struct rit_error *err)
{
    int width = tables->columns - labels;
    if (width >= 1 && width <= RIT_WIDEST_REALS)
        return RIT_OK;
    return rit_fail(err, RIT_BAD_INPUT, "%s: has %d columns, of which %d are labels; 1 .. %d must be left",
                    path, tables->columns, labels, RIT_WIDEST_REALS);
}

/* Rows first .. first + n - 1 as one sequence; `rows` and `bits` have room for them. */
static void append(const struct rit_tables *tables, int first, int n, float *rows, uint64_t *bits,
                   struct rit_corpus *corpus)
{
    size_t width = (size_t)corpus->port.width, words = (size_t)rit_port_words(corpus->label);
    const float *number =
        (const float *)(const void *)tables->numbers.data + first * (ptrdiff_t)tables->columns;
    memset(bits, 0, sizeof *bits * (size_t)n * words);
    for (size_t r = 0; r < (size_t)n; r++, number += tables->columns) {
        memcpy(rows + r * width, number, sizeof *rows * width);
        for (size_t i = 0; i < (size_t)corpus->label.width; i++)
            bits[r * words + i / 64] |= (uint64_t)(number[width + i] > 0.0f) << i % 64;
    }
    rit_corpus_append(corpus, rows, bits, n);
}

/* All whole sequences of the tables. */
static enum rit_status cut(const char *path, const struct rit_tables *tables, int length, int labels,
                           int need, struct rit_corpus *corpus, struct rit_error *err)
{
    RIT_TRY(check_width(path, tables, labels, err));
    RIT_TRY(count(path, tables, length, need, err));
    *corpus = (struct rit_corpus){.port = {RIT_ROW_REALS, tables->columns - labels},
                                  .label = {labels ? RIT_ROW_BITS : RIT_ROW_NONE, labels},
                                  .told = true};
    float *rows = calloc((size_t)tables->rows * (size_t)corpus->port.width, sizeof *rows);
    uint64_t *bits = calloc((size_t)tables->rows * (RIT_WIDEST_BITS / 64), sizeof *bits);
    RIT_CHECK(rows && bits);
    for (int i = 0, first = 0; i < tables->tables; first = tables->table[i++].end) {
        int n = length ? length : rows_of(tables, i);
        for (int row = first; row + n <= tables->table[i].end; row += n)
            append(tables, row, n, rows, bits, corpus);
    }
    free(rows);
    free(bits);
    return RIT_OK;
}

static enum rit_status load(const struct rit_point *point, int need, struct rit_corpus *corpus,
                            struct rit_error *err)
{
    const char *path = rit_point_text(point, "data.table"), *dataset = rit_point_text(point, "data.dataset");
    *corpus = (struct rit_corpus){0};
    if (!path[0])
        return rit_fail(err, RIT_BAD_INPUT, "data.table: the source series needs the file of a table");
    struct rit_tables tables = {0};
    enum rit_status status;
    bool hdf5 = rit_tables_in_hdf5(path);
    if (hdf5)
        status = rit_tables_read_hdf5(path, dataset, &tables, err);
    else
        status = rit_tables_read_text(path, &tables, err);
    if (dataset[0] && status != RIT_IO && !hdf5)
        status = rit_fail(err, RIT_BAD_INPUT, "data.dataset: %s is not an HDF5 file", path);
    if (status == RIT_OK)
        status = cut(path, &tables, (int)rit_point_int(point, "data.length"),
                     (int)rit_point_int(point, "data.label-columns"), need, corpus, err);
    rit_tables_release(&tables);
    return status;
}

const struct rit_source rit_source_series = {
    .member = {.name = "series",
               .meaning = "real-valued sequences from tables of numbers, as text (CSV) or in HDF5",
               RIT_PARAMS(params)},
    .noun = "sequence",
    .load = load,
};
