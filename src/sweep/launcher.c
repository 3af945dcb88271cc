/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/launcher.h"

#include "base/process.h"

#include <dlfcn.h>
#include <mpi.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int rit_launcher_rank(void)
{
    static const char *const name[] = {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"};
    for (int i = 0; i < 3; i++) {
        const char *rank = getenv(name[i]);
        if (rank && *rank)
            return atoi(rank);
    }
    return -1;
}

/* What launchers tell each process: how many it started, and which of them this one is. The innermost comes
 * first: mpirun starts its own daemons by srun, whose variables its ranks inherit. */
static const struct {
    const char *size, *rank, *launcher;
} told[] = {
    {"OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK", "an Open MPI"},
    {"MV2_COMM_WORLD_SIZE", "MV2_COMM_WORLD_RANK", "an MVAPICH"},
    {"PMI_SIZE", "PMI_RANK", "an MPICH, an Intel MPI or a Cray MPI"},
    {"MPI_LOCALNRANKS", "MPI_LOCALRANKID", "an MPICH or an Intel MPI"},
    {"PALS_SIZE", "PALS_RANKID", "PALS"},
    {"JSM_NAMESPACE_SIZE", "JSM_NAMESPACE_RANK", "jsrun"},
    {"SLURM_STEP_NUM_TASKS", "SLURM_PROCID", "srun"},
};

static int number_in(const char *variable)
{
    const char *text = getenv(variable);
    return text ? atoi(text) : 0;
}

/* A job of several tasks in which this one runs alone: right for merge and the like, a waste for a sweep. */
static void mind_the_others(void)
{
    int tasks = number_in("SLURM_NTASKS");
    if (tasks > 1)
        rit_say("the job has %d tasks, and this sweep uses one of them: mpirun or 'srun --mpi=pmix' in front "
                "of the "
                "command starts it on all",
                tasks);
}

/* Neither mpirun nor a plain srun starts anything on other components than the first. */
void rit_launcher_mind_components(int ranks)
{
    int components = number_in("SLURM_HET_SIZE"), tasks = 0;
    for (int i = 0; i < components; i++) {
        char name[64];
        snprintf(name, sizeof name, "SLURM_NTASKS_HET_GROUP_%d", i);
        tasks += number_in(name);
    }
    if (tasks > ranks)
        rit_say("the job has %d components with %d tasks in all, and this sweep uses %d: 'srun --mpi=pmix "
                "--het-group=0-%d' in front of the command starts it on all",
                components, tasks, ranks, components - 1);
}

enum rit_status rit_launcher_check_alone(int shares, struct rit_error *err)
{
    if (shares > 1)
        return RIT_OK;
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        if (!getenv(told[i].size))
            continue;
        int size = number_in(told[i].size);
        if (size <= 1)
            return RIT_OK;
        if (number_in(told[i].rank) > 0)
            return RIT_USAGE;
        char library[MPI_MAX_LIBRARY_VERSION_STRING];
        int length;
        MPI_Get_library_version(library, &length);
        return rit_fail(
            err, RIT_USAGE,
            "%d processes were started together (%s=%d), and none sees the others: the launcher is %s, and "
            "the program is built with %.*s. Start it by the mpirun of that MPI or by 'srun --mpi=pmix'; "
            "or, if single processes are wanted, divide the points by --share or unset %s",
            size, told[i].size, size, told[i].launcher, (int)strcspn(library, ",\n"), library, told[i].size);
    }
    mind_the_others();
    return RIT_OK;
}

static bool is_srun(void)
{
    return getenv("SLURM_STEP_ID") && !getenv("OMPI_COMM_WORLD_RANK");
}

bool rit_launcher_recovers(void)
{
    const char *ompi = getenv("OMPI_MCA_orte_enable_recovery");
    return is_srun() || (ompi && strcmp(ompi, "0") != 0);
}

const char *rit_launcher_parts(void)
{
    return is_srun() ? "srun connects workers with the master only, where mpirun connects all" : NULL;
}

void rit_launcher_let_go(void)
{
    typedef int finalize(const void *info, size_t n);
    void *library = is_srun() ? dlopen("libpmix.so.2", RTLD_NOLOAD | RTLD_NOW) : NULL;
    if (!library)
        return;
    union {
        void *address;
        finalize *call;
    } symbol = {.address = dlsym(library, "PMIx_Finalize")};
    if (symbol.call)
        symbol.call(NULL, 0);
    dlclose(library);
}
