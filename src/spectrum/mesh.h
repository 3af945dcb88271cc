/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Large dense matrices over all ranks, by ScaLAPACK: the mesh of ranks that hold a matrix, what it will take,
 * and the matrix itself (spread.h). Every function is collective over the ranks of the mesh's communicator,
 * unless it says otherwise, and returns the same on all of them.
 *
 * A matrix of a small side should lie on rank 0 alone and go to LAPACK (rit_mesh_holders). The library's
 * arithmetic is not ours: results depend on the BLAS, the processor and the mesh in their last digits, and
 * are compared to 1e-10, not by their bits.
 */
#ifndef RITARDANDO_SPECTRUM_MESH_H
#define RITARDANDO_SPECTRUM_MESH_H

#include <ritardando/status.h>

#include <mpi.h>
#include <stdbool.h>
#include <stddef.h>

enum {
    RIT_MESH_ALONE = 1000, /* sides below this go to one rank */
    RIT_MESH_BLOCK = 64,   /* rows and columns of a block of the block-cyclic form */
};

struct rit_mesh {
    MPI_Comm comm; /* borrowed */
    int rank, ranks;
    int handle;               /* of the communicator in BLACS */
    int all;                  /* context of all ranks in one row */
    int first;                /* context of rank 0 alone; negative elsewhere */
    int grid;                 /* context of the rows x cols ranks that hold matrices; negative elsewhere */
    int rows, cols, row, col; /* the grid, and the place in it; -1 outside */
};

/** What is made of a matrix. */
enum rit_mesh_work {
    RIT_MESH_VALUES,  /* eigenvalues */
    RIT_MESH_VECTORS, /* and eigenvectors */
    RIT_MESH_SOLVE,   /* Cholesky factor and solutions */
};

/** What it will take. Sizes in bytes, times in seconds. */
struct rit_mesh_bill {
    double each;    /* memory on the rank that has most */
    double there;   /* memory that the machine of the poorest rank has for it */
    int enough;     /* ranks that would do, with that much for each */
    double crowd;   /* how many want each core now, on the busiest machine; 1: cores of their own */
    double seconds; /* on cores of their own */
    double most; /* as busy as the machines are: shared cores, and ranks that wait for each other's turns */
    double multiply; /* for each operation of a product over all of its ranks, in seconds */
};

/** Why there can be no mesh: the program was built without ScaLAPACK; NULL: there can. Not collective. */
const char *rit_mesh_missing(void);

/** How many of `ranks` should hold a matrix of side n: one below RIT_MESH_ALONE, else all. Not collective. */
int rit_mesh_holders(int n, int ranks);

/**
 * The ranks of `comm`, of which at most `holders` hold matrices: the largest grid of so many that is nearly
 * square. RIT_BAD_INPUT if the program was built without ScaLAPACK.
 */
enum rit_status rit_mesh_open(MPI_Comm comm, int holders, struct rit_mesh *mesh, struct rit_error *err);
void rit_mesh_close(struct rit_mesh *mesh);

/** "1 rank, by LAPACK", "2 x 2 ranks, by ScaLAPACK". Not collective. */
void rit_mesh_describe(const struct rit_mesh *mesh, char *out, size_t size);

/**
 * Predicts memory and time of `work` on a symmetric n x n matrix, and `beside` bytes more on every rank. The
 * pace is measured for a moment on all ranks at once. RIT_BAD_INPUT, with the number of ranks that would do,
 * if it does not fit.
 */
enum rit_status rit_mesh_price(const struct rit_mesh *mesh, int n, enum rit_mesh_work work, double beside,
                               struct rit_mesh_bill *bill, struct rit_error *err);

/** The number of ranks that a bill needs where each has `there` bytes; not collective: what the above goes
 * by. */
int rit_mesh_enough(int n, enum rit_mesh_work work, double beside, double there);

/** The worst status of all ranks of `comm`, with its text. */
enum rit_status rit_mesh_agree(MPI_Comm comm, enum rit_status mine, struct rit_error *err);

#endif
