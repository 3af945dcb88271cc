/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/dataset.h"

#include "base/file.h"
#include "base/version.h"
#include "store/columns.h"
#include "store/h5.h"
#include "store/parameters.h"

#include <stdlib.h>
#include <string.h>

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, RIT_HASH_BYTES);
}

struct rit_hash rit_dataset_hash(const struct rit_row *rows, int n)
{
    struct rit_hash *content = malloc((size_t)n * sizeof *content + 1);
    RIT_CHECK(content != NULL);
    for (int i = 0; i < n; i++)
        content[i] = rit_result_content(rows[i].result);
    qsort(content, (size_t)n, sizeof *content, by_bytes);
    struct rit_hash hash = rit_hash_of(content, (size_t)n * sizeof *content);
    free(content);
    return hash;
}

/* What is known of every row beside its parameters and its observables. */
static const char *host_of(const struct rit_row *row)
{
    return row->result->provenance.host;
}

static const char *kernel_of(const struct rit_row *row)
{
    return row->result->provenance.kernel;
}

static const char *program_of(const struct rit_row *row)
{
    return row->result->provenance.program;
}

static const char *reason_of(const struct rit_row *row)
{
    return row->result->outcome.reason;
}

static double tau_of(const struct rit_row *row)
{
    return row->result->outcome.tau;
}

static double seconds_of(const struct rit_row *row)
{
    return row->result->provenance.seconds;
}

static struct rit_h5_variable over_points(const char *name, const char *unit, const char *meaning,
                                          enum rit_h5_kind kind, int n)
{
    return (struct rit_h5_variable){.name = name,
                                    .unit = unit,
                                    .meaning = meaning,
                                    .kind = kind,
                                    .dims = 1,
                                    .dim = {"point"},
                                    .length = {(hsize_t)n}};
}

static void put_texts(struct rit_h5 *h5, const struct rit_row *rows, int n, const char *name,
                      const char *meaning, const char *(*text_of)(const struct rit_row *row))
{
    const char **text = calloc((size_t)n + 1, sizeof *text);
    RIT_CHECK(text != NULL);
    for (int i = 0; i < n; i++)
        text[i] = text_of(&rows[i]);
    struct rit_h5_variable spec = over_points(name, NULL, meaning, RIT_H5_TEXT, n);
    rit_h5_put(h5, &spec, text);
    free(text);
}

static void put_reals(struct rit_h5 *h5, const struct rit_row *rows, int n, const char *name,
                      const char *unit, const char *meaning, double (*real_of)(const struct rit_row *row))
{
    double *real = calloc((size_t)n + 1, sizeof *real);
    RIT_CHECK(real != NULL);
    for (int i = 0; i < n; i++)
        real[i] = real_of(&rows[i]);
    struct rit_h5_variable spec = over_points(name, unit, meaning, RIT_H5_REAL, n);
    spec.missing = true;
    rit_h5_put(h5, &spec, real);
    free(real);
}

static void put_identities(struct rit_h5 *h5, const struct rit_row *rows, int n)
{
    char(*hex)[RIT_HASH_HEX] = calloc((size_t)n + 1, sizeof *hex);
    const char **text = calloc((size_t)n + 1, sizeof *text);
    RIT_CHECK(hex != NULL && text != NULL);
    for (int i = 0; i < n; i++) {
        rit_hash_hex(&rows[i].result->identity, 2 * RIT_HASH_BYTES, hex[i]);
        text[i] = hex[i];
    }
    struct rit_h5_variable spec = over_points(
        "identity", NULL, "SHA-256 of all parameters that decide the bits of the point", RIT_H5_TEXT, n);
    rit_h5_put(h5, &spec, text);
    free(text);
    free(hex);
}

static void put_end(struct rit_h5 *h5, const struct rit_row *rows, int n)
{
    int8_t *end = calloc((size_t)n + 1, sizeof *end);
    RIT_CHECK(end != NULL);
    for (int i = 0; i < n; i++)
        end[i] = (int8_t)rows[i].result->outcome.end;
    struct rit_h5_variable spec = over_points("end", NULL, "how the run ended", RIT_H5_BYTE, n);
    hid_t id = rit_h5_create(h5, &spec);
    int8_t values[RIT_ENDS];
    struct rit_buffer names = {0};
    for (enum rit_end e = 0; e < RIT_ENDS; e++) {
        values[e] = (int8_t)e;
        rit_buffer_printf(&names, "%s%s", e ? " " : "", rit_end_name(e));
    }
    rit_pack_bytes(&names, "", 1);
    rit_h5_bytes_attribute(h5, id, "flag_values", values, RIT_ENDS);
    rit_h5_text_attribute(h5, id, "flag_meanings", (const char *)names.data);
    rit_buffer_release(&names);
    rit_h5_write(h5, id, &spec, 0, (hsize_t)n, end);
    rit_h5_close(h5, id);
    free(end);
}

static void put_steps(struct rit_h5 *h5, const struct rit_row *rows, int n)
{
    int64_t *steps = calloc((size_t)n + 1, sizeof *steps);
    RIT_CHECK(steps != NULL);
    for (int i = 0; i < n; i++)
        steps[i] = (int64_t)rows[i].result->outcome.steps;
    struct rit_h5_variable spec = over_points("steps", "steps", "training steps made", RIT_H5_INT, n);
    rit_h5_put(h5, &spec, steps);
    free(steps);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Every host once, in ascending order. */
static void put_hosts(struct rit_h5 *h5, const struct rit_row *rows, int n)
{
    const char **host = calloc((size_t)n + 1, sizeof *host);
    RIT_CHECK(host != NULL);
    for (int i = 0; i < n; i++)
        host[i] = host_of(&rows[i]);
    qsort(host, (size_t)n, sizeof *host, by_text);
    struct rit_buffer text = {0};
    for (int i = 0; i < n; i++)
        if (i == 0 || strcmp(host[i - 1], host[i]) != 0)
            rit_buffer_printf(&text, "%s%s", i ? " " : "", host[i]);
    rit_pack_bytes(&text, "", 1);
    rit_h5_text_attribute(h5, h5->file, "hosts", (const char *)text.data);
    rit_buffer_release(&text);
    free(host);
}

static void put_about(struct rit_h5 *h5, const struct rit_row *rows, int n,
                      const struct rit_dataset_about *about)
{
    struct rit_hash content = rit_dataset_hash(rows, n);
    char hex[RIT_HASH_HEX];
    rit_hash_hex(&content, 2 * RIT_HASH_BYTES, hex);
    rit_h5_text_attribute(h5, h5->file, "title", "Ritardando: learning times of recurrent networks");
    rit_h5_text_attribute(h5, h5->file, "Conventions", "CF-1.8");
    rit_h5_text_attribute(h5, h5->file, "content_hash", hex);
    rit_h5_int_attribute(h5, h5->file, "points_planned", about->planned);
    rit_h5_int_attribute(h5, h5->file, "points_done", n);
    rit_h5_int_attribute(h5, h5->file, "numerics_version", RIT_NUMERICS_VERSION);
    rit_h5_text_attribute(h5, h5->file, "program", rit_version());
    rit_h5_text_attribute(h5, h5->file, "compiler", rit_compiler());
    put_hosts(h5, rows, n);
    rit_h5_text_attribute(h5, h5->file, "config", about->config);
}

static void put_everything(struct rit_h5 *h5, const struct rit_row *rows, int n,
                           const struct rit_columns *columns, const struct rit_dataset_about *about)
{
    put_about(h5, rows, n, about);
    rit_h5_dimension(h5, "point", (hsize_t)n);
    put_identities(h5, rows, n);
    struct rit_buffer coordinates = {0}; /* what xarray shows as coordinates of a point */
    rit_buffer_printf(&coordinates, "identity");
    rit_parameters_write(rows, n, h5, &coordinates);
    rit_pack_bytes(&coordinates, "", 1);
    rit_h5_text_attribute(h5, h5->file, "coordinates", (const char *)coordinates.data);
    rit_buffer_release(&coordinates);

    put_end(h5, rows, n);
    put_texts(h5, rows, n, "reason", "why a run failed or diverged", reason_of);
    put_steps(h5, rows, n);
    put_reals(h5, rows, n, "tau", "tau", "proper time reached, the sum of the learning rates of all steps",
              tau_of);
    rit_columns_write(columns, rows, n, h5);
    put_texts(h5, rows, n, "host", "where the point was trained", host_of);
    put_reals(h5, rows, n, "seconds", "s", "time of training, over all incarnations", seconds_of);
    put_texts(h5, rows, n, "kernel", "instruction set that ran", kernel_of);
    put_texts(h5, rows, n, "program", "version of the program that trained the point", program_of);
}

enum rit_status rit_dataset_build(const char *name, const struct rit_row *rows, int n,
                                  const struct rit_dataset_about *about, struct rit_buffer *out,
                                  struct rit_error *err)
{
    struct rit_columns *columns = malloc(sizeof *columns);
    RIT_CHECK(columns != NULL && out->size == 0);
    enum rit_status status = rit_columns_gather(columns, rows, n, err);
    if (status == RIT_OK) {
        struct rit_h5 h5;
        rit_h5_new(&h5);
        put_everything(&h5, rows, n, columns, about);
        status = rit_h5_seal(&h5, name, out, err);
    }
    rit_columns_release(columns);
    free(columns);
    return status;
}

enum rit_status rit_dataset_write(const char *path, const struct rit_row *rows, int n,
                                  const struct rit_dataset_about *about, struct rit_error *err)
{
    struct rit_buffer image = {0};
    enum rit_status status = rit_dataset_build(path, rows, n, about, &image, err);
    if (status == RIT_OK)
        status = rit_file_replace(path, image.data, image.size, err);
    rit_buffer_release(&image);
    return status;
}
