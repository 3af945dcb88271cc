/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spectrum/columns.h"

#include "base/call.h"
#include "base/file.h"
#include "base/pack.h"
#include "base/process.h"
#include "store/frame.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EACH = 8 }; /* columns that a rank makes between two looks at the others */

static const double between_reports = 30; /* seconds */

/* A matrix in the making. The file and the panel are rank 0's. */
struct filling {
    struct rit_spread *spread;
    const struct rit_columns *columns;
    int fd;
    double *mine;  /* [EACH][rows] */
    double *panel; /* [wide][rows] */
    int wide;
    int done; /* columns in the matrix */
    double began, told;
    int before; /* of them stored at the start */
};

double rit_columns_memory(int rows, int ranks)
{
    return 8.0 * EACH * (double)rows * (3.0 * ranks + 1.0); /* the panel, as a frame, and for the mesh */
}

/* ---- the file ---- */

static void pack_head(const struct filling *f, struct rit_buffer *head)
{
    struct rit_buffer payload = {0};
    rit_pack_bytes(&payload, f->columns->owner.byte, RIT_HASH_BYTES);
    rit_pack_u64(&payload, (uint64_t)f->spread->rows);
    rit_frame_pack(head, payload.data, payload.size);
    rit_buffer_release(&payload);
}

static bool is_own(const struct filling *f, const struct rit_reader *payload)
{
    struct rit_reader in = *payload;
    const void *owner = rit_read_bytes(&in, RIT_HASH_BYTES);
    return rit_read_u64(&in) == (uint64_t)f->spread->rows && !in.bad && in.at == in.size && owner &&
           memcmp(owner, f->columns->owner.byte, RIT_HASH_BYTES) == 0;
}

/* Room for panels of n columns: they may have been made by more ranks than there are now. */
static bool make_room(struct filling *f, int n)
{
    if (n > f->wide) {
        double *panel = realloc(f->panel, (size_t)n * (size_t)f->spread->rows * sizeof *panel);
        if (!panel)
            return false;
        f->panel = panel;
        f->wide = n;
    }
    return true;
}

/* The next panel of the file, if it is whole and goes on where the matrix ends; how many columns, or 0. */
static int read_panel(struct filling *f, struct rit_frames *frames)
{
    size_t offset, length;
    struct rit_reader in;
    int rows = f->spread->rows;
    if (rit_frames_next(frames, &offset, &length, &in, NULL) != RIT_FRAME_GOOD)
        return 0;
    uint32_t first = rit_read_u32(&in), count = rit_read_u32(&in);
    size_t bytes = (size_t)count * (size_t)rows * sizeof(double);
    if (in.bad || first != (uint32_t)f->done || count > (uint32_t)(f->spread->cols - f->done) ||
        in.size - in.at != bytes || !make_room(f, (int)count))
        return 0;
    memcpy(f->panel, rit_read_bytes(&in, bytes), bytes);
    return (int)count;
}

/* Put the panel into the matrix, on all ranks; 0 columns: there is none. */
static bool take(struct filling *f, int n)
{
    MPI_Bcast(&n, 1, MPI_INT, 0, f->spread->mesh->comm);
    if (n > 0)
        rit_spread_put(f->spread, f->done, n, f->panel);
    f->done += n;
    return n > 0;
}

/* Rank 0: the file as it was left, at the frame behind its head; false if there is none of this owner. */
static bool open_stored(const struct filling *f, struct rit_frames *frames, char *told)
{
    size_t offset, length;
    struct rit_reader head;
    struct stat about;
    if (rit_call_stat(AT_FDCWD, f->columns->path, &about) != 0 ||
        rit_frames_open(frames, f->columns->path, NULL) != RIT_OK)
        return false;
    if (rit_frames_next(frames, &offset, &length, &head, NULL) == RIT_FRAME_GOOD && is_own(f, &head))
        return true;
    rit_frames_close(frames);
    snprintf(told, RIT_COLUMNS_TEXT, "what is stored in %.120s is of another point: it starts again",
             f->columns->path);
    return false;
}

/* What was stored goes into the matrix; *end is where it ends in the file, 0 if it begins anew. */
static void restore(struct filling *f, size_t *end, char *told)
{
    struct rit_frames frames;
    int rank = f->spread->mesh->rank;
    bool there = rank == 0 && open_stored(f, &frames, told);
    *end = there ? frames.at : 0;
    while (take(f, there ? read_panel(f, &frames) : 0))
        if (rank == 0)
            *end = frames.at;
    if (there)
        rit_frames_close(&frames);
    f->before = f->done;
    if (rank == 0 && there && f->done > 0)
        snprintf(told, RIT_COLUMNS_TEXT, "%d of %d columns were stored: it goes on", f->done,
                 f->spread->cols);
}

/* Rank 0: from here on the file is written, behind `end`. */
static enum rit_status open_file(struct filling *f, size_t end, struct rit_error *err)
{
    const char *path = f->columns->path;
    struct rit_buffer head = {0};
    enum rit_status status = RIT_OK;
    f->fd = rit_call_open(AT_FDCWD, path, O_RDWR | O_CREAT);
    if (f->fd < 0 || rit_call_ftruncate(f->fd, (off_t)end) != 0 || lseek(f->fd, 0, SEEK_END) < 0)
        return rit_fail(err, RIT_IO, "%s: columns cannot be stored there", path);
    if (end == 0) {
        pack_head(f, &head);
        status = rit_file_write(f->fd, path, head.data, head.size, err);
        rit_buffer_release(&head);
    }
    return status;
}

static enum rit_status store(const struct filling *f, int n, struct rit_error *err)
{
    struct rit_buffer payload = {0}, frame = {0};
    rit_pack_u32(&payload, (uint32_t)f->done);
    rit_pack_u32(&payload, (uint32_t)n);
    rit_pack_bytes(&payload, f->panel, (size_t)n * (size_t)f->spread->rows * sizeof *f->panel);
    rit_frame_pack(&frame, payload.data, payload.size);
    enum rit_status status = rit_file_write(f->fd, f->columns->path, frame.data, frame.size, err);
    rit_buffer_release(&payload);
    rit_buffer_release(&frame);
    if (status == RIT_OK && rit_call_fdatasync(f->fd) != 0)
        status = rit_fail(err, RIT_IO, "%s: the disk refuses columns", f->columns->path);
    return status;
}

/* ---- making ---- */

/* The panel of n columns from `done` on: rank r makes the r-th share. */
static enum rit_status make_panel(struct filling *f, int n, struct rit_error *err)
{
    const struct rit_mesh *mesh = f->spread->mesh;
    size_t rows = (size_t)f->spread->rows;
    enum rit_status status = RIT_OK;
    for (int k = 0; k < EACH && status == RIT_OK; k++) {
        int j = mesh->rank * EACH + k;
        if (rit_stop_asked() != RIT_GO)
            status = rit_fail(err, RIT_STOPPED, "stopped with %d of %d columns stored in %s", f->done,
                              f->spread->cols, f->columns->path);
        else if (j < n && !f->columns->make(f->columns->self, f->done + j, f->mine + (size_t)k * rows))
            status = rit_fail(err, RIT_BAD_INPUT, "column %d is not finite: the cost has no curvature there",
                              f->done + j);
    }
    RIT_TRY(rit_mesh_agree(mesh->comm, status, err));
    MPI_Datatype column;
    MPI_Type_contiguous((int)rows, MPI_DOUBLE, &column);
    MPI_Type_commit(&column);
    MPI_Gather(f->mine, EACH, column, f->panel, EACH, column, 0, mesh->comm);
    MPI_Type_free(&column);
    return RIT_OK;
}

static void report(struct filling *f)
{
    double now = rit_seconds();
    if (f->spread->mesh->rank != 0 || now - f->told < between_reports)
        return;
    int made = f->done - f->before, left = f->spread->cols - f->done;
    rit_say("%d of %d columns, %.0f s left", f->done, f->spread->cols, (now - f->began) / made * left);
    f->told = now;
}

static enum rit_status make_rest(struct filling *f, struct rit_error *err)
{
    const struct rit_mesh *mesh = f->spread->mesh;
    f->began = f->told = rit_seconds();
    while (f->done < f->spread->cols) {
        int left = f->spread->cols - f->done, n = EACH * mesh->ranks < left ? EACH * mesh->ranks : left;
        RIT_TRY(make_panel(f, n, err));
        RIT_TRY(rit_mesh_agree(mesh->comm, mesh->rank == 0 ? store(f, n, err) : RIT_OK, err));
        take(f, n);
        report(f);
    }
    return RIT_OK;
}

enum rit_status rit_columns_fill(struct rit_spread *spread, const struct rit_columns *columns,
                                 char told[RIT_COLUMNS_TEXT], struct rit_error *err)
{
    const struct rit_mesh *mesh = spread->mesh;
    struct filling f = {.spread = spread, .columns = columns, .fd = -1};
    size_t rows = (size_t)spread->rows, end;
    told[0] = 0;
    f.mine = calloc(EACH * rows, sizeof *f.mine);
    enum rit_status status = RIT_OK;
    if (!f.mine || (mesh->rank == 0 && !make_room(&f, EACH * mesh->ranks)))
        status = rit_fail(err, RIT_BAD_INPUT, "there is no memory for columns of %zu numbers", rows);
    status = rit_mesh_agree(mesh->comm, status, err);
    if (status == RIT_OK) {
        restore(&f, &end, told);
        status = rit_mesh_agree(mesh->comm, mesh->rank == 0 ? open_file(&f, end, err) : RIT_OK, err);
    }
    if (status == RIT_OK)
        status = make_rest(&f, err);
    if (f.fd >= 0)
        rit_call_close(f.fd);
    free(f.mine);
    free(f.panel);
    return status;
}

void rit_columns_forget(const struct rit_columns *columns)
{
    rit_call_unlink(AT_FDCWD, columns->path);
}
