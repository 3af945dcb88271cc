/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of a library that is not there: a mesh refuses before anybody calls them. */
#include <ritardando/status.h>

extern const char *const rit_scalapack_missing;
const char *const rit_scalapack_missing =
    "this program was built without ScaLAPACK, which large matrices need; 'cmake -S . -B build' finds it as "
    "scalapack, scalapack-openmpi, scalapack-mpich or MKL, or by -DSCALAPACK_LIBRARIES=...";

#define ABSENT(name)                                                                                         \
    void name(void);                                                                                         \
    void name(void)                                                                                          \
    {                                                                                                        \
        RIT_CHECK(!"built with ScaLAPACK");                                                                  \
    }

ABSENT(rit_scalapack_alone)
ABSENT(Csys2blacs_handle)
ABSENT(Cfree_blacs_system_handle)
ABSENT(Cblacs_gridinit)
ABSENT(Cblacs_gridexit)
ABSENT(numroc_)
ABSENT(descinit_)
ABSENT(pdgemr2d_)
ABSENT(pdgemm_)
ABSENT(pdpotrf_)
ABSENT(pdpotrs_)
ABSENT(pdsyev_)
ABSENT(pdsyevd_)
ABSENT(dsyevd_)
ABSENT(dsymv_)
ABSENT(dgemm_)
