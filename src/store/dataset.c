/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/dataset.h"

#include "base/file.h"
#include "base/version.h"
#include "store/columns.h"
#include "store/h5.h"
#include "store/parameters.h"
#include "store/record.h"
#include "store/rows.h"

#include <stdlib.h>
#include <string.h>

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, RIT_HASH_BYTES);
}

struct rit_hash rit_dataset_hash(struct rit_hash *content, int n)
{
    if (n > 0)
        qsort(content, (size_t)n, sizeof *content, by_bytes);
    return rit_hash_of(content, (size_t)n * sizeof *content);
}

/* What is known of every row beside its parameters and its observables. */
struct fact {
    struct rit_hash identity;
    enum rit_end end;
    uint64_t steps;
    double tau, seconds;
    char *reason, *host, *kernel, *program, *record; /* owned */
};

/* All rows, after the first pass over them. */
struct survey {
    int n;
    struct fact *fact;        /* [n] */
    struct rit_hash *content; /* [n] */
    struct rit_columns columns;
};

static char *copy_text(const char *text)
{
    char *copy = strdup(text);
    RIT_CHECK(copy != NULL);
    return copy;
}

static char *record_of_result(const struct rit_hash *content, const struct rit_outcome *outcome)
{
    struct rit_buffer text = {0};
    rit_record_print(content, outcome, &text);
    return (char *)text.data;
}

static struct fact fact_of(const struct rit_result *r, const struct rit_hash *content)
{
    return (struct fact){.identity = r->identity,
                         .end = r->outcome.end,
                         .steps = r->outcome.steps,
                         .tau = r->outcome.tau,
                         .seconds = r->provenance.seconds,
                         .reason = copy_text(r->outcome.reason),
                         .host = copy_text(r->provenance.host),
                         .kernel = copy_text(r->provenance.kernel),
                         .program = copy_text(r->provenance.program),
                         .record = record_of_result(content, &r->outcome)};
}

static enum rit_status survey_rows(struct survey *survey, struct rit_rows *rows, struct rit_error *err)
{
    for (int i = 0; i < rows->n; i++) {
        const struct rit_result *result;
        RIT_TRY(rit_rows_get(rows, i, &result, &survey->content[i], err));
        survey->fact[survey->n++] = fact_of(result, &survey->content[i]);
        RIT_TRY(rit_columns_add(&survey->columns, &result->outcome, err));
    }
    rit_columns_finish(&survey->columns);
    return RIT_OK;
}

static struct survey *survey_new(int n, const char *const *only)
{
    struct survey *survey = calloc(1, sizeof *survey);
    RIT_CHECK(survey != NULL);
    survey->fact = calloc((size_t)n + 1, sizeof *survey->fact);
    survey->content = calloc((size_t)n + 1, sizeof *survey->content);
    RIT_CHECK(survey->fact != NULL && survey->content != NULL);
    rit_columns_begin(&survey->columns, only);
    return survey;
}

static void survey_free(struct survey *survey)
{
    for (int i = 0; i < survey->n; i++) {
        struct fact *fact = &survey->fact[i];
        free(fact->reason);
        free(fact->host);
        free(fact->kernel);
        free(fact->program);
        free(fact->record);
    }
    rit_columns_release(&survey->columns);
    free(survey->fact);
    free(survey->content);
    free(survey);
}

static const char *host_of(const struct fact *fact)
{
    return fact->host;
}

static const char *kernel_of(const struct fact *fact)
{
    return fact->kernel;
}

static const char *program_of(const struct fact *fact)
{
    return fact->program;
}

static const char *reason_of(const struct fact *fact)
{
    return fact->reason;
}

static const char *record_of(const struct fact *fact)
{
    return fact->record;
}

static double tau_of(const struct fact *fact)
{
    return fact->tau;
}

static double seconds_of(const struct fact *fact)
{
    return fact->seconds;
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

static void put_texts(struct rit_h5 *h5, const struct fact *facts, int n, const char *name,
                      const char *meaning, const char *(*text_of)(const struct fact *fact))
{
    const char **text = calloc((size_t)n + 1, sizeof *text);
    RIT_CHECK(text != NULL);
    for (int i = 0; i < n; i++)
        text[i] = text_of(&facts[i]);
    struct rit_h5_variable spec = over_points(name, NULL, meaning, RIT_H5_TEXT, n);
    rit_h5_put(h5, &spec, text);
    free(text);
}

static void put_reals(struct rit_h5 *h5, const struct fact *facts, int n, const char *name, const char *unit,
                      const char *meaning, double (*real_of)(const struct fact *fact))
{
    double *real = calloc((size_t)n + 1, sizeof *real);
    RIT_CHECK(real != NULL);
    for (int i = 0; i < n; i++)
        real[i] = real_of(&facts[i]);
    struct rit_h5_variable spec = over_points(name, unit, meaning, RIT_H5_REAL, n);
    spec.missing = true;
    rit_h5_put(h5, &spec, real);
    free(real);
}

static void put_identities(struct rit_h5 *h5, const struct fact *facts, int n)
{
    char(*hex)[RIT_HASH_HEX] = calloc((size_t)n + 1, sizeof *hex);
    const char **text = calloc((size_t)n + 1, sizeof *text);
    RIT_CHECK(hex != NULL && text != NULL);
    for (int i = 0; i < n; i++) {
        rit_hash_hex(&facts[i].identity, 2 * RIT_HASH_BYTES, hex[i]);
        text[i] = hex[i];
    }
    struct rit_h5_variable spec = over_points(
        "identity", NULL, "SHA-256 of all parameters that decide the bits of the point", RIT_H5_TEXT, n);
    rit_h5_put(h5, &spec, text);
    free(text);
    free(hex);
}

static void put_end(struct rit_h5 *h5, const struct fact *facts, int n)
{
    int8_t *end = calloc((size_t)n + 1, sizeof *end);
    RIT_CHECK(end != NULL);
    for (int i = 0; i < n; i++)
        end[i] = (int8_t)facts[i].end;
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

static void put_steps(struct rit_h5 *h5, const struct fact *facts, int n)
{
    int64_t *steps = calloc((size_t)n + 1, sizeof *steps);
    RIT_CHECK(steps != NULL);
    for (int i = 0; i < n; i++)
        steps[i] = (int64_t)facts[i].steps;
    struct rit_h5_variable spec = over_points("steps", "steps", "training steps made", RIT_H5_INT, n);
    rit_h5_put(h5, &spec, steps);
    free(steps);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Every host once, in ascending order. */
static void put_hosts(struct rit_h5 *h5, const struct fact *facts, int n)
{
    const char **host = calloc((size_t)n + 1, sizeof *host);
    RIT_CHECK(host != NULL);
    for (int i = 0; i < n; i++)
        host[i] = host_of(&facts[i]);
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

static void put_about(struct rit_h5 *h5, struct survey *survey, const struct rit_dataset_about *about)
{
    struct rit_hash content = rit_dataset_hash(survey->content, survey->n);
    char hex[RIT_HASH_HEX];
    rit_hash_hex(&content, 2 * RIT_HASH_BYTES, hex);
    rit_h5_text_attribute(h5, h5->file, "title", "Ritardando: learning times of recurrent networks");
    rit_h5_text_attribute(h5, h5->file, "Conventions", "CF-1.8");
    rit_h5_text_attribute(h5, h5->file, "content_hash", hex);
    rit_h5_int_attribute(h5, h5->file, "points_planned", about->planned);
    rit_h5_int_attribute(h5, h5->file, "points_done", survey->n);
    rit_h5_int_attribute(h5, h5->file, "numerics_version", RIT_NUMERICS_VERSION);
    rit_h5_text_attribute(h5, h5->file, "program", rit_version());
    rit_h5_text_attribute(h5, h5->file, "compiler", rit_compiler());
    put_hosts(h5, survey->fact, survey->n);
    rit_h5_text_attribute(h5, h5->file, "config", about->config);
}

static enum rit_status put_columns(struct rit_h5 *h5, struct rit_rows *rows, const struct survey *survey,
                                   struct rit_error *err)
{
    struct rit_columns_writer writer;
    enum rit_status status = RIT_OK;
    rit_columns_open(&writer, &survey->columns, rows->n, h5);
    for (int i = 0; i < rows->n && status == RIT_OK && !h5->bad; i++) {
        const struct rit_result *result;
        status = rit_rows_get(rows, i, &result, NULL, err);
        if (status == RIT_OK)
            rit_columns_put(&writer, i, &result->outcome);
    }
    rit_columns_close(&writer);
    return status;
}

static enum rit_status put_everything(struct rit_h5 *h5, struct rit_rows *rows, struct survey *survey,
                                      const struct rit_dataset_about *about, struct rit_error *err)
{
    const struct fact *facts = survey->fact;
    int n = survey->n;
    put_about(h5, survey, about);
    rit_h5_real_attribute(h5, h5->file, "learning_time_resolution",
                          rit_parameters_largest(rows->row, n, "observe.resolution"));
    rit_h5_dimension(h5, "point", (hsize_t)n);
    put_identities(h5, facts, n);
    struct rit_buffer coordinates = {0}; /* what xarray shows as coordinates of a point */
    rit_buffer_printf(&coordinates, "identity");
    rit_parameters_write(rows->row, n, h5, &coordinates);
    rit_pack_bytes(&coordinates, "", 1);
    rit_h5_text_attribute(h5, h5->file, "coordinates", (const char *)coordinates.data);
    rit_buffer_release(&coordinates);

    put_end(h5, facts, n);
    put_texts(h5, facts, n, "reason", "why a run failed or diverged", reason_of);
    put_steps(h5, facts, n);
    put_reals(h5, facts, n, "tau", "tau", "proper time reached, the sum of the learning rates of all steps",
              tau_of);
    RIT_TRY(put_columns(h5, rows, survey, err));
    put_texts(h5, facts, n, "host", "where the point was trained", host_of);
    put_reals(h5, facts, n, "seconds", "s", "time of training, over all incarnations", seconds_of);
    put_texts(h5, facts, n, "kernel", "instruction set that ran", kernel_of);
    put_texts(h5, facts, n, "program", "version of the program that trained the point", program_of);
    if (!about->only)
        put_texts(h5, facts, n, "record", "content hash and shape, by which a row can be verified",
                  record_of);
    return RIT_OK;
}

/* Into a file, or where fd is -1 into `out`. */
static enum rit_status build(const char *name, int fd, const struct rit_row *row, int n,
                             const struct rit_dataset_about *about, struct rit_buffer *out,
                             struct rit_error *err)
{
    struct rit_rows rows;
    struct survey *survey = survey_new(n, about->only);
    rit_rows_begin(&rows, row, n, about);
    enum rit_status status = survey_rows(survey, &rows, err);
    if (status == RIT_OK) {
        struct rit_h5 h5;
        rit_h5_new(&h5, fd);
        status = put_everything(&h5, &rows, survey, about, err);
        struct rit_error *why = status == RIT_OK ? err : NULL; /* the first failure counts */
        enum rit_status sealed = fd < 0 ? rit_h5_seal(&h5, name, out, why) : rit_h5_seal_file(&h5, name, why);
        status = status == RIT_OK ? sealed : status;
    }
    rit_rows_end(&rows);
    survey_free(survey);
    return status;
}

enum rit_status rit_dataset_build(const char *name, const struct rit_row *rows, int n,
                                  const struct rit_dataset_about *about, struct rit_buffer *out,
                                  struct rit_error *err)
{
    RIT_CHECK(out->size == 0);
    enum rit_status status = build(name, -1, rows, n, about, out, err);
    if (status != RIT_OK)
        rit_buffer_release(out);
    return status;
}

enum rit_status rit_dataset_build_file(const char *name, int fd, const struct rit_row *rows, int n,
                                       const struct rit_dataset_about *about, struct rit_error *err)
{
    return build(name, fd, rows, n, about, NULL, err);
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
