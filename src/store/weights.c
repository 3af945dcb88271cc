/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/weights.h"

#include "base/file.h"
#include "store/h5.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIM = 16 };

static const char *kind_name(struct rit_port port)
{
    return port.kind == RIT_ROW_BITS ? "bits" : port.kind == RIT_ROW_REALS ? "reals" : "none";
}

/* What turns a row of the data into what goes into the network. */
static void put_block(struct rit_h5 *h5, const struct rit_block *block)
{
    rit_h5_text_attribute(h5, h5->file, "input_kind", kind_name(block->in.port));
    rit_h5_int_attribute(h5, h5->file, "input_width", block->in.port.width);
    rit_h5_real_attribute(h5, h5->file, "input_mean", block->mean);
    rit_h5_real_attribute(h5, h5->file, "input_deviation", block->deviation);
    rit_h5_text_attribute(h5, h5->file, "output_kind", kind_name(block->asked.port));
    rit_h5_int_attribute(h5, h5->file, "output_width", block->asked.port.width);
}

static void put_times(struct rit_h5 *h5, const struct rit_weights_sheet *sheet)
{
    struct rit_h5_variable tau = {.name = "tau",
                                  .unit = "tau",
                                  .meaning = "proper time",
                                  .kind = RIT_H5_REAL,
                                  .dims = 1,
                                  .dim = {"tau"},
                                  .length = {(hsize_t)sheet->times}};
    struct rit_h5_variable step = tau;
    step.name = "step";
    step.unit = "steps";
    step.meaning = "training steps made";
    step.kind = RIT_H5_INT;
    rit_h5_put(h5, &tau, sheet->tau);
    rit_h5_put(h5, &step, sheet->step);
}

/* Dimensions are shared by all matrices of one height or width; no matrix has one of them twice. */
static const char *dimension(struct rit_h5 *h5, const char *role, int length, char name[DIM])
{
    snprintf(name, DIM, "%s_%d", role, length);
    if (!h5->bad && H5Lexists(h5->file, name, H5P_DEFAULT) <= 0)
        rit_h5_dimension(h5, name, (hsize_t)length);
    return name;
}

static void put_matrix(struct rit_h5 *h5, const struct rit_weights_sheet *sheet, const struct rit_weights *at)
{
    char to[DIM], from[DIM], meaning[96];
    size_t n = (size_t)at->rows * (size_t)at->cols;
    double *values = malloc((size_t)sheet->times * n * sizeof *values);
    RIT_CHECK(values);
    for (int t = 0; t < sheet->times; t++)
        memcpy(values + (size_t)t * n, sheet->w + (size_t)t * sheet->layout->size + at->offset,
               n * sizeof *values);
    snprintf(meaning, sizeof meaning, "weights %s: output i is the sum over j of %s[i, j] times input j",
             at->name, at->name);
    struct rit_h5_variable matrix = {
        .name = at->name,
        .unit = "w",
        .meaning = meaning,
        .kind = RIT_H5_REAL,
        .dims = 3,
        .dim = {"tau", dimension(h5, "to", at->rows, to), dimension(h5, "from", at->cols, from)},
        .length = {(hsize_t)sheet->times, (hsize_t)at->rows, (hsize_t)at->cols}};
    hid_t id = rit_h5_create(h5, &matrix);
    rit_h5_text_attribute(h5, id, "orthogonal", at->orthogonal ? "true" : "false");
    rit_h5_real_attribute(h5, id, "scale", at->scale);
    rit_h5_write(h5, id, &matrix, 0, matrix.length[0], values);
    rit_h5_close(h5, id);
    free(values);
}

enum rit_status rit_weights_write(const char *path, const struct rit_weights_sheet *sheet,
                                  struct rit_error *err)
{
    struct rit_h5 h5;
    struct rit_buffer image = {0};
    rit_h5_new(&h5, -1);
    rit_signature_put(&h5, "Weights of a network trained by Ritardando", &sheet->signature);
    put_block(&h5, sheet->block);
    put_times(&h5, sheet);
    for (int b = 0; b < sheet->layout->blocks; b++)
        put_matrix(&h5, sheet, &sheet->layout->block[b]);
    enum rit_status status = rit_h5_seal(&h5, path, &image, err);
    if (status == RIT_OK)
        status = rit_file_replace(path, image.data, image.size, err);
    rit_buffer_release(&image);
    return status;
}
