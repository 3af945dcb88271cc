/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spectrum/mesh.h"

#include "base/memory.h"
#include "base/process.h"
#include "spectrum/scalapack.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const double turns = 8;             /* messages to all for a column that is eliminated */
static const double share_of_memory = 0.9; /* the rest is MPI's, the program's and the system's */

/* The largest rows x cols <= ranks with cols <= 2 rows: long grids are slow, and a rank less is not. */
static void choose_grid(int ranks, int *rows, int *cols)
{
    int most = 0;
    for (int r = 1; r * r <= ranks; r++) {
        int c = ranks / r < 2 * r ? ranks / r : 2 * r;
        if (r * c >= most) {
            most = r * c;
            *rows = r;
            *cols = c;
        }
    }
}

static int new_context(int handle, int rows, int cols)
{
    int context = handle;
    Cblacs_gridinit(&context, "Row", rows, cols);
    return context;
}

const char *rit_mesh_missing(void)
{
    return rit_scalapack_missing;
}

int rit_mesh_holders(int n, int ranks)
{
    return n < RIT_MESH_ALONE ? 1 : ranks;
}

enum rit_status rit_mesh_open(MPI_Comm comm, int holders, struct rit_mesh *mesh, struct rit_error *err)
{
    if (rit_scalapack_missing)
        return rit_fail(err, RIT_BAD_INPUT, "%s", rit_scalapack_missing);
    *mesh = (struct rit_mesh){.comm = comm};
    MPI_Comm_rank(comm, &mesh->rank);
    MPI_Comm_size(comm, &mesh->ranks);
    choose_grid(holders < mesh->ranks ? holders : mesh->ranks, &mesh->rows, &mesh->cols);
    rit_scalapack_alone();
    mesh->handle = Csys2blacs_handle(comm);
    mesh->all = new_context(mesh->handle, 1, mesh->ranks);
    mesh->first = new_context(mesh->handle, 1, 1);
    mesh->grid = new_context(mesh->handle, mesh->rows, mesh->cols);
    bool inside = mesh->rank < mesh->rows * mesh->cols;
    mesh->row = inside ? mesh->rank / mesh->cols : -1;
    mesh->col = inside ? mesh->rank % mesh->cols : -1;
    return RIT_OK;
}

void rit_mesh_close(struct rit_mesh *mesh)
{
    if (mesh->row >= 0)
        Cblacs_gridexit(mesh->grid);
    if (mesh->rank == 0)
        Cblacs_gridexit(mesh->first);
    Cblacs_gridexit(mesh->all);
    Cfree_blacs_system_handle(mesh->handle);
}

void rit_mesh_describe(const struct rit_mesh *mesh, char *out, size_t size)
{
    if (mesh->rows * mesh->cols == 1)
        snprintf(out, size, "1 rank, by LAPACK");
    else
        snprintf(out, size, "%d x %d ranks, by ScaLAPACK", mesh->rows, mesh->cols);
}

enum rit_status rit_mesh_agree(MPI_Comm comm, enum rit_status mine, struct rit_error *err)
{
    struct {
        int status, rank;
    } worst = {.status = (int)mine};
    MPI_Comm_rank(comm, &worst.rank);
    MPI_Allreduce(MPI_IN_PLACE, &worst, 1, MPI_2INT, MPI_MAXLOC, comm);
    if (worst.status != RIT_OK && err)
        MPI_Bcast(err, (int)sizeof *err, MPI_BYTE, worst.rank, comm);
    return (enum rit_status)worst.status;
}

/* ---- what it takes ---- */

/* Bytes on the rank that has most, of the matrices and the library's work space. */
static double bytes_on(int n, enum rit_mesh_work work, int rows, int cols)
{
    double side = n, block = RIT_MESH_BLOCK;
    double here = (ceil(side / block / rows) * block) * (ceil(side / block / cols) * block);
    bool alone = rows * cols == 1;
    switch (work) {
    case RIT_MESH_VALUES:
        return 8.0 * (here + 8.0 * block * side);
    case RIT_MESH_VECTORS:
        return 8.0 * ((alone ? 3.0 : 4.0) * here + 8.0 * block * side);
    case RIT_MESH_SOLVE:
        return 8.0 * (2.0 * here + 2.0 * block * side);
    }
    return 0.0;
}

int rit_mesh_enough(int n, enum rit_mesh_work work, double beside, double there)
{
    static const int most = 1 << 20;
    for (int ranks = 1, rows = 1, cols = 1; ranks < most; ranks++) {
        choose_grid(ranks, &rows, &cols);
        /* the library counts the elements of a rank in 32 bits */
        double each = bytes_on(n, work, rows, cols);
        if (each + beside <= there && each / 8.0 < INT_MAX)
            return ranks;
    }
    return most;
}

/* What the poorest rank may use: the memory of its machine, divided among the ranks on it. */
static double memory_there(const struct rit_mesh *mesh)
{
    MPI_Comm machine;
    int ranks;
    MPI_Comm_split_type(mesh->comm, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine);
    MPI_Comm_size(machine, &ranks);
    MPI_Comm_free(&machine);
    double there = share_of_memory * (double)rit_memory_here() / ranks;
    MPI_Allreduce(MPI_IN_PLACE, &there, 1, MPI_DOUBLE, MPI_MIN, mesh->comm);
    return there;
}

/* Operations a second: of products with a matrix that no cache holds, and within caches. */
struct pace {
    double streaming, dense;
};

static struct pace measure_pace(const struct rit_mesh *mesh)
{
    enum { STREAMED = 1536, HELD = 256, ROUNDS = 4 };
    static const int n = STREAMED, m = HELD, one = 1;
    static const double unit = 1.0, zero = 0.0;
    double *a = calloc((size_t)STREAMED * STREAMED + 2 * STREAMED, sizeof *a), seconds[2] = {0.0};
    RIT_CHECK(a);
    double *x = a + (size_t)STREAMED * STREAMED, *y = x + STREAMED;
    for (int round = 0; round < ROUNDS; round++) { /* the first only touches the memory */
        MPI_Barrier(mesh->comm);
        double t0 = rit_seconds();
        dsymv_("L", &n, &unit, a, &n, x, &one, &zero, y, &one);
        double t1 = rit_seconds();
        dgemm_("N", "T", &m, &m, &m, &unit, a, &m, a + HELD * HELD, &m, &zero, a + 2 * HELD * HELD, &m);
        double t2 = rit_seconds();
        if (round > 0) {
            seconds[0] += (t1 - t0) / (ROUNDS - 1);
            seconds[1] += (t2 - t1) / (ROUNDS - 1);
        }
    }
    free(a);
    MPI_Allreduce(MPI_IN_PLACE, seconds, 2, MPI_DOUBLE, MPI_MAX, mesh->comm);
    return (struct pace){2.0 * STREAMED * STREAMED / seconds[0], 2.0 * HELD * HELD * HELD / seconds[1]};
}

/* How many want a core, of the busiest machine: a rank gets its share. */
static double crowd(const struct rit_mesh *mesh)
{
    double load = 0.0, cores = (double)sysconf(_SC_NPROCESSORS_ONLN), want = 1.0;
    if (getloadavg(&load, 1) == 1 && cores >= 1.0)
        want = fmax(1.0, (load + 1.0) / cores);
    MPI_Allreduce(MPI_IN_PLACE, &want, 1, MPI_DOUBLE, MPI_MAX, mesh->comm);
    return want;
}

/* Seconds of a message to all, with a little work before it: on busy cores somebody's turn is always over. */
static double measure_turn(const struct rit_mesh *mesh)
{
    enum { ROUNDS = 800, WORK = 2000 };
    double x = 1.0, sum, began = rit_seconds();
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < WORK; i++)
            x = sqrt(x + 1.0);
        MPI_Allreduce(&x, &sum, 1, MPI_DOUBLE, MPI_SUM, mesh->comm);
    }
    return (rit_seconds() - began) / ROUNDS;
}

/* Half of the tridiagonal form is products with what is left of the matrix, half updates of it; divide and
 * conquer and the vectors are dense. */
static double seconds_for(double n, enum rit_mesh_work work, const struct pace *pace, int ranks)
{
    double n3 = n * n * n, streamed = work == RIT_MESH_SOLVE ? 0.0 : 2.0 / 3.0 * n3;
    double dense = work == RIT_MESH_SOLVE ? n3 / 3.0 : 2.0 / 3.0 * n3;
    if (work == RIT_MESH_VECTORS)
        dense += 14.0 / 3.0 * n3;
    return (streamed / pace->streaming + dense / pace->dense) / ranks;
}

enum rit_status rit_mesh_price(const struct rit_mesh *mesh, int n, enum rit_mesh_work work, double beside,
                               struct rit_mesh_bill *bill, struct rit_error *err)
{
    struct pace pace = measure_pace(mesh);
    int ranks = mesh->rows * mesh->cols;
    bill->each = bytes_on(n, work, mesh->rows, mesh->cols) + beside;
    bill->there = memory_there(mesh);
    bill->enough = rit_mesh_enough(n, work, beside, bill->there);
    bill->seconds = seconds_for(n, work, &pace, ranks);
    bill->crowd = crowd(mesh);
    bill->most = bill->crowd * bill->seconds + (ranks > 1 ? turns * n * measure_turn(mesh) : 0.0);
    bill->multiply = 1.0 / (pace.dense * ranks);
    if (bill->each <= bill->there && (bill->each - beside) / 8.0 < INT_MAX)
        return RIT_OK;
    return rit_fail(
        err, RIT_BAD_INPUT,
        "a matrix of side %d takes %.3g GB on each of %d rank%s, but this machine has %.3g GB for "
        "each; %d ranks with as much each would do, on as many more machines",
        n, bill->each / 1e9, ranks, ranks == 1 ? "" : "s", bill->there / 1e9, bill->enough);
}
