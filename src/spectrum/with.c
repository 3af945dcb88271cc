/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spectrum/scalapack.h"

#include <dlfcn.h>
#include <stddef.h>

const char *const rit_scalapack_missing = NULL;

/* OpenBLAS and MKL, as whatever is loaded has them. */
void rit_scalapack_alone(void)
{
    static const char *const name[] = {"openblas_set_num_threads", "MKL_Set_Num_Threads"};
    void *program = dlopen(NULL, RTLD_LAZY);
    for (size_t i = 0; program && i < sizeof name / sizeof name[0]; i++) {
        void (*set)(int);
        *(void **)&set = dlsym(program, name[i]);
        if (set)
            set(1);
    }
    if (program)
        dlclose(program);
}
