/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/launcher.h"

#include <dlfcn.h>
#include <stddef.h>
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

static bool is_srun(void)
{
    return getenv("SLURM_STEP_ID") && !getenv("OMPI_COMM_WORLD_RANK");
}

bool rit_launcher_recovers(void)
{
    const char *ompi = getenv("OMPI_MCA_orte_enable_recovery");
    return is_srun() || (ompi && strcmp(ompi, "0") != 0);
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
