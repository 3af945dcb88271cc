/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `ritardando version`: everything about this program that a report of a fault should say. */
#include "cli/command.h"
#include "cli/usage/usage.h"

#include "base/version.h"
#include "kernel/kernels.h"
#include "spectrum/mesh.h"
#include "store/h5.h"

#include <ritardando/point.h>

#include <mpi.h>
#include <stdio.h>
#include <string.h>

static int run(int argc, char **argv);

const struct rit_command rit_command_version = {
    .name = "version",
    .usage = "",
    .summary = "the program's version, what it stands on and which of its kernels run here",
    .run = run,
};

static int run(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    char mpi[MPI_MAX_LIBRARY_VERSION_STRING], hdf5[32];
    int length;
    MPI_Get_library_version(mpi, &length);
    rit_h5_library(hdf5, sizeof hdf5);
    struct rit_error err = {0};
    const struct rit_kernels *kernels = rit_kernels_choose(&err);
    printf("ritardando %s, %s\n", rit_version(), rit_compiler());
    printf("numerics version  %d: points of another one are other points\n", RIT_NUMERICS_VERSION);
    printf("kernels           %s\n", kernels ? kernels->name : err.text);
    char *tab = strstr(mpi, " Version:\t"); /* as MPICH has it */
    if (tab)
        memmove(tab + 1, tab + 10, strlen(tab + 10) + 1);
    printf("MPI               %.*s\n", (int)strcspn(mpi, ",\n"), mpi);
    printf("HDF5              %s\n", hdf5);
    printf("ScaLAPACK         %s\n", rit_mesh_missing() ? "none: no 'spectrum'" : "there");
    return RIT_OK;
}
