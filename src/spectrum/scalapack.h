/* SPDX-License-Identifier: GPL-3.0-or-later */
/** What is used of ScaLAPACK, BLACS and LAPACK, which have no headers of their own: all of Fortran by
 * pointer. */
#ifndef RITARDANDO_SPECTRUM_SCALAPACK_H
#define RITARDANDO_SPECTRUM_SCALAPACK_H

#include <mpi.h>

/** What to say where the program was built without. NULL: it is there. */
extern const char *const rit_scalapack_missing;

int Csys2blacs_handle(MPI_Comm comm);
void Cfree_blacs_system_handle(int handle);
void Cblacs_gridinit(int *context, const char *order, int rows, int cols);
void Cblacs_gridexit(int context);

int numroc_(const int *n, const int *block, const int *proc, const int *source, const int *procs);
void descinit_(int *form, const int *m, const int *n, const int *mb, const int *nb, const int *row_source,
               const int *col_source, const int *context, const int *ld, int *info);
void pdgemr2d_(const int *m, const int *n, const double *a, const int *ia, const int *ja, const int *form_a,
               double *b, const int *ib, const int *jb, const int *form_b, const int *context);
void pdgemm_(const char *trans_a, const char *trans_b, const int *m, const int *n, const int *k,
             const double *alpha, const double *a, const int *ia, const int *ja, const int *form_a,
             const double *b, const int *ib, const int *jb, const int *form_b, const double *beta, double *c,
             const int *ic, const int *jc, const int *form_c);
void pdpotrf_(const char *half, const int *n, double *a, const int *ia, const int *ja, const int *form,
              int *info);
void pdpotrs_(const char *half, const int *n, const int *rights, const double *a, const int *ia,
              const int *ja, const int *form_a, double *b, const int *ib, const int *jb, const int *form_b,
              int *info);
void pdsyev_(const char *job, const char *half, const int *n, double *a, const int *ia, const int *ja,
             const int *form_a, double *value, double *z, const int *iz, const int *jz, const int *form_z,
             double *work, const int *size, int *info);
void pdsyevd_(const char *job, const char *half, const int *n, double *a, const int *ia, const int *ja,
              const int *form_a, double *value, double *z, const int *iz, const int *jz, const int *form_z,
              double *work, const int *size, int *iwork, const int *isize, int *info);
void dsyevd_(const char *job, const char *half, const int *n, double *a, const int *ld, double *value,
             double *work, const int *size, int *iwork, const int *isize, int *info);
void dsymv_(const char *half, const int *n, const double *alpha, const double *a, const int *ld,
            const double *x, const int *dx, const double *beta, double *y, const int *dy);
void dgemm_(const char *trans_a, const char *trans_b, const int *m, const int *n, const int *k,
            const double *alpha, const double *a, const int *lda, const double *b, const int *ldb,
            const double *beta, double *c, const int *ldc);

/** One thread a rank, where the BLAS has threads of its own: the ranks are the threads. */
void rit_scalapack_alone(void);

#endif
