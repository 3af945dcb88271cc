/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/gathering.h"

#include "base/process.h"
#include "spectrum/wide.h"

#include <math.h>
#include <mpi.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct rit_shelf rit_spectra = {.folder = "spectra", .generations = 1, .sync = RIT_SYNC_LAST};

bool rit_gathering_is_asked(const struct rit_point *point)
{
    int asked = rit_param_find(point->registry, "observe.kernel-spectrum");
    return rit_param_applies(point, asked) && point->value[asked].b;
}

bool rit_gathering_is_wanted(const struct rit_block *block)
{
    return !rit_mesh_missing() && block->pairs >= RIT_WIDE_TOGETHER;
}

struct rit_hash rit_gathering_kernel(const struct rit_point *point, const struct rit_known_block *known)
{
    struct rit_wide w;
    struct rit_buffer bytes = {0};
    RIT_CHECK(rit_model_of(point)->wide(point, known->block.in.port, &w, NULL) == RIT_OK);
    const double real[] = {w.input,       w.forward,    w.recurrent,         w.output, w.bias,
                           w.output_bias, w.bias_speed, w.output_bias_speed, w.direct};
    rit_pack_u32(&bytes, RIT_NUMERICS_VERSION);
    rit_pack_u32(&bytes, (uint32_t)w.phi);
    rit_pack_u32(&bytes, (uint32_t)w.depth);
    for (size_t i = 0; i < sizeof real / sizeof real[0]; i++)
        rit_pack_f64(&bytes, real[i]);
    rit_pack_bytes(&bytes, known->digest.byte, RIT_HASH_BYTES);
    struct rit_hash hash = rit_hash_of(bytes.data, bytes.size);
    rit_buffer_release(&bytes);
    return hash;
}

double *rit_gathering_recall(const char *run, const struct rit_hash *kernel, int n)
{
    struct rit_checkpoint found;
    size_t size = (size_t)n * sizeof(double);
    double *value = NULL;
    if (rit_checkpoint_find(run, &rit_spectra, kernel, &found, NULL) == RIT_OK && found.fd >= 0 &&
        found.left == size) {
        value = malloc(size);
        RIT_CHECK(value);
        if (!rit_checkpoint_fetch(&found, value, size)) {
            free(value);
            value = NULL;
        }
    }
    rit_checkpoint_close(&found);
    return value;
}

/* ---- the message ---- */

void rit_gathering_pack(int n, const int *rank, const void *point, size_t size, struct rit_buffer *out)
{
    rit_pack_u32(out, (uint32_t)n);
    for (int i = 0; i < n; i++)
        rit_pack_u32(out, (uint32_t)rank[i]);
    rit_pack_bytes(out, point, size);
}

int *rit_gathering_read(const void *bytes, size_t size, int *n, struct rit_reader *point)
{
    *point = (struct rit_reader){.data = bytes, .size = size};
    *n = (int)rit_read_u32(point);
    RIT_CHECK(!point->bad && *n > 0 && (size_t)*n <= size / 4);
    int *rank = calloc((size_t)*n, sizeof *rank);
    RIT_CHECK(rank);
    for (int i = 0; i < *n; i++)
        rank[i] = (int)rit_read_u32(point);
    RIT_CHECK(!point->bad);
    return rank;
}

/* ---- the work ---- */

struct work {
    const struct rit_gathering *gathering;
    MPI_Comm comm;
    struct rit_blocks blocks;
    const struct rit_block *block;
    struct rit_wide wide;
    struct rit_mesh mesh;
    struct rit_wide_matrix matrix;
    double *value; /* [pairs] */
    bool late;
};

static void say(const struct work *work, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(const struct work *work, const char *format, ...)
{
    char text[512];
    va_list arguments;
    if (work->mesh.rank != 0)
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    work->gathering->say(work->gathering->self, text);
}

/* A communicator of those who are there. An error in it ends them all: what is done is in the journal. */
static MPI_Comm meet(const struct rit_gathering *gathering)
{
    MPI_Group world, group;
    MPI_Comm comm;
    MPI_Comm_group(MPI_COMM_WORLD, &world);
    MPI_Group_incl(world, gathering->ranks, gathering->rank, &group);
    RIT_CHECK(MPI_Comm_create_group(MPI_COMM_WORLD, group, 0, &comm) == MPI_SUCCESS);
    MPI_Comm_set_errhandler(comm, MPI_ERRORS_ARE_FATAL);
    MPI_Group_free(&group);
    MPI_Group_free(&world);
    return comm;
}

static enum rit_status load(struct work *work, struct rit_error *err)
{
    const struct rit_point *point = work->gathering->point;
    const struct rit_known_block *known;
    enum rit_status status = rit_blocks_get(&work->blocks, point, &known, err);
    if (status == RIT_OK) {
        work->block = &known->block;
        status = rit_model_of(point)->wide(point, work->block->in.port, &work->wide, err);
    }
    return rit_mesh_agree(work->comm, status, err);
}

/* Whether the master has the time for so many seconds of all. */
static enum rit_status check_time(struct work *work, double seconds, struct rit_error *err)
{
    double left = work->gathering->until - rit_seconds();
    int late = work->mesh.rank == 0 && !(seconds < left);
    MPI_Bcast(&late, 1, MPI_INT, 0, work->comm);
    work->late = late;
    return late ? rit_fail(err, RIT_STOPPED,
                           "%.2g s for its kernel of %d pairs are more than the %.2g s that are left",
                           seconds, work->matrix.side, left)
                : RIT_OK;
}

static enum rit_status predict(struct work *work, struct rit_error *err)
{
    struct rit_mesh_bill bill;
    char form[64];
    double filling = rit_wide_matrix_seconds(&work->matrix, &work->mesh);
    RIT_TRY(rit_mesh_price(&work->mesh, work->matrix.side, RIT_MESH_VALUES, (double)work->matrix.arena.size,
                           &bill, err));
    rit_mesh_describe(&work->mesh, form, sizeof form);
    say(work,
        "a kernel of %d pairs on %s: predicted %.3g GB a rank of %.3g GB that it may have, %.1f to %.1f s to "
        "fill it "
        "and %.1f to %.1f s for its eigenvalues, on cores of their own or as busy as these are; interrupted, "
        "it starts "
        "again",
        work->matrix.side, form, bill.each / 1e9, bill.there / 1e9, filling, bill.crowd * filling,
        bill.seconds, bill.most);
    return check_time(work, bill.crowd * filling + bill.most, err);
}

static enum rit_status solve(struct work *work, struct rit_error *err)
{
    struct rit_spread kernel;
    double began = rit_seconds(), filled = began;
    int n = work->matrix.side;
    RIT_TRY(rit_spread_new(&work->mesh, n, n, &kernel, err));
    enum rit_status status = rit_wide_matrix_fill(&work->matrix, &kernel, err);
    if (status == RIT_OK) {
        filled = rit_seconds();
        status = rit_spread_eigen(&kernel, work->value, NULL, err);
    }
    rit_spread_free(&kernel);
    if (status == RIT_OK)
        say(work, "the kernel of %d pairs took %.1f s to fill and %.1f s for its eigenvalues", n,
            filled - began, rit_seconds() - filled);
    return status;
}

static enum rit_status on_mesh(struct work *work, struct rit_error *err)
{
    RIT_TRY(rit_wide_matrix_open(work->comm, &work->wide, work->block, &work->matrix, err));
    enum rit_status status = predict(work, err);
    if (status == RIT_OK) {
        work->value = calloc((size_t)work->matrix.side, sizeof *work->value);
        RIT_CHECK(work->value);
        status = solve(work, err);
    }
    rit_wide_matrix_close(&work->matrix);
    return status;
}

static void turn_round(int n, double *value)
{
    for (int i = 0, j = n - 1; i < j; i++, j--) {
        double x = value[i];
        value[i] = value[j];
        value[j] = x;
    }
}

enum rit_gathered rit_gather(const struct rit_gathering *gathering, double **value, int *n,
                             struct rit_error *err)
{
    struct work work = {.gathering = gathering, .comm = meet(gathering)};
    enum rit_status status = load(&work, err);
    if (status == RIT_OK) {
        *n = work.block->pairs;
        status = rit_mesh_open(work.comm, gathering->ranks, &work.mesh, err);
    }
    if (status == RIT_OK) {
        status = on_mesh(&work, err);
        rit_mesh_close(&work.mesh);
    }
    rit_blocks_release(&work.blocks);
    MPI_Comm_free(&work.comm);
    *value = status == RIT_OK ? work.value : NULL;
    if (status == RIT_OK)
        turn_round(*n, work.value);
    else
        free(work.value);
    return status == RIT_OK        ? RIT_GATHERED
           : work.late             ? RIT_GATHERED_TOO_LATE
           : status == RIT_STOPPED ? RIT_GATHERED_STOPPED
                                   : RIT_GATHERED_TOO_LARGE;
}
