/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/eigenvalues.h"

#include "base/file.h"

static void put_facts(struct rit_h5 *h5, const struct rit_eigenvalue_sheet *sheet)
{
    struct rit_h5_variable one = {
        .name = "tau", .unit = "tau", .meaning = "proper time", .kind = RIT_H5_REAL};
    rit_h5_put(h5, &one, &sheet->tau);
    for (int i = 0; i < sheet->facts; i++) {
        one.name = sheet->fact[i].name;
        one.unit = sheet->fact[i].unit;
        one.meaning = sheet->fact[i].meaning;
        rit_h5_put(h5, &one, &sheet->fact[i].value);
    }
    one = (struct rit_h5_variable){
        .name = "step", .unit = "steps", .meaning = "training steps made", .kind = RIT_H5_INT};
    rit_h5_put(h5, &one, &sheet->step);
}

enum rit_status rit_eigenvalues_write(const char *path, const struct rit_eigenvalue_sheet *sheet,
                                      struct rit_error *err)
{
    struct rit_h5 h5;
    struct rit_buffer image = {0};
    rit_h5_new(&h5, -1);
    rit_signature_put(&h5, "Spectrum of a network trained by Ritardando", &sheet->signature);
    rit_h5_text_attribute(&h5, h5.file, "of", sheet->of);
    rit_h5_text_attribute(&h5, h5.file, "numerics", "library");
    rit_h5_text_attribute(&h5, h5.file, "library", sheet->library);
    rit_h5_dimension(&h5, "mode", (hsize_t)sheet->side);
    struct rit_h5_variable value = {.name = "eigenvalue",
                                    .unit = sheet->unit,
                                    .meaning = "eigenvalues in ascending order",
                                    .kind = RIT_H5_REAL,
                                    .dims = 1,
                                    .dim = {"mode"},
                                    .length = {(hsize_t)sheet->side}};
    rit_h5_put(&h5, &value, sheet->value);
    put_facts(&h5, sheet);
    enum rit_status status = rit_h5_seal(&h5, path, &image, err);
    if (status == RIT_OK)
        status = rit_file_replace(path, image.data, image.size, err);
    rit_buffer_release(&image);
    return status;
}
