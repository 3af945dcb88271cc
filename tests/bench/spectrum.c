/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Large matrices over the ranks it is started with: `bench_spectrum all|eigen|values|solve|columns|own|price
 * N [HOLDERS]` prints what was found and how long it took; for `make bench` and tests/spectrum.
 *
 * The matrix is A_ij = sin(i j + i + j)/sqrt(N) + [i = j] cos(i), symmetric and of a full spectrum.
 */
#include "observe/tangent/spectrum.h"
#include "base/process.h"
#include "spectrum/spread.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double element(int i, int j, int n)
{
    return sin((double)i * j + i + j) / sqrt(n) + (i == j ? cos(i) : 0.0);
}

static void symmetric(void *self, int i, int m, int j, int n, double *tile, int ld)
{
    int side = *(const int *)self;
    for (int c = 0; c < n; c++)
        for (int r = 0; r < m; r++)
            tile[(size_t)c * (size_t)ld + (size_t)r] = element(i + r, j + c, side);
}

static double right(int i, int k)
{
    return k == 0 ? 1.0 : cos(3.0 * i);
}

static void rights(void *self, int i, int m, int j, int n, double *tile, int ld)
{
    (void)self;
    for (int c = 0; c < n; c++)
        for (int r = 0; r < m; r++)
            tile[(size_t)c * (size_t)ld + (size_t)r] = right(i + r, j + c);
}

static double largest(const struct rit_spread *a)
{
    double most = 0.0;
    for (int j = 0; j < a->here_cols; j++)
        for (int i = 0; i < a->here_rows; i++)
            most = fmax(most, fabs(a->data[(size_t)j * (size_t)a->ld + (size_t)i]));
    MPI_Allreduce(MPI_IN_PLACE, &most, 1, MPI_DOUBLE, MPI_MAX, a->mesh->comm);
    return most;
}

static void diagonal(void *self, int i, int m, int j, int n, double *tile, int ld)
{
    const double *value = self; /* NULL: ones */
    for (int c = 0; c < n; c++)
        for (int r = 0; r < m; r++)
            tile[(size_t)c * (size_t)ld + (size_t)r] = i + r == j + c ? (value ? value[i + r] : 1.0) : 0.0;
}

static void must(enum rit_status status, const struct rit_error *err)
{
    if (status != RIT_OK) {
        int rank;
        MPI_Comm_rank(MPI_COMM_WORLD, &rank);
        if (rank == 0)
            fprintf(stderr, "%s\n", err->text);
        MPI_Finalize();
        exit((int)status);
    }
}

/* The largest element of A V - V L and of V^T V - 1, L being the diagonal of the eigenvalues. */
static void judge(struct rit_spread *a, struct rit_spread *v, struct rit_spread *b, double *value,
                  double *residual, double *skew)
{
    struct rit_spread l;
    struct rit_error err;
    int n = a->rows;
    must(rit_spread_new(a->mesh, n, n, &l, &err), &err);
    rit_spread_fill(&l, diagonal, value);
    rit_spread_fill(a, symmetric, &n);
    rit_spread_multiply(1.0, v, false, &l, false, 0.0, b);
    rit_spread_multiply(1.0, a, false, v, false, -1.0, b);
    *residual = largest(b);
    rit_spread_fill(b, diagonal, NULL);
    rit_spread_multiply(1.0, v, true, v, false, -1.0, b);
    *skew = largest(b);
    rit_spread_free(&l);
}

static void price(const struct rit_mesh *mesh, int n, enum rit_mesh_work work)
{
    struct rit_mesh_bill bill;
    struct rit_error err;
    must(rit_mesh_price(mesh, n, work, 0.0, &bill, &err), &err);
    if (mesh->rank == 0)
        printf("predicted %.3f to %.3f s, %.3g bytes each\n", bill.seconds, bill.most, bill.each);
}

static void eigen(const struct rit_mesh *mesh, int n, bool vectors)
{
    struct rit_spread a, v = {.data = NULL}, b = {.data = NULL};
    struct rit_error err;
    double *value = calloc((size_t)n, sizeof *value), residual = NAN, skew = NAN;
    price(mesh, n, vectors ? RIT_MESH_VECTORS : RIT_MESH_VALUES);
    must(rit_spread_new(mesh, n, n, &a, &err), &err);
    if (vectors) {
        must(rit_spread_new(mesh, n, n, &v, &err), &err);
        must(rit_spread_new(mesh, n, n, &b, &err), &err);
    }
    rit_spread_fill(&a, symmetric, &n);
    double began = rit_seconds();
    must(rit_spread_eigen(&a, value, vectors ? &v : NULL, &err), &err);
    double took = rit_seconds() - began;
    if (vectors)
        judge(&a, &v, &b, value, &residual, &skew);
    if (mesh->rank == 0) {
        printf("seconds %.3f\nresidual %.3g\northogonality %.3g\n", took, residual, skew);
        for (int i = 0; i < n; i++)
            printf("%.17g\n", value[i]);
    }
    rit_spread_free(&a);
    rit_spread_free(&v);
    rit_spread_free(&b);
    free(value);
}

/* The eigenvalues by our own eigensolver, on rank 0 alone: what a worker of a sweep does with a small kernel.
 */
static void own(const struct rit_mesh *mesh, int n)
{
    if (mesh->rank != 0)
        return;
    double *a = calloc((size_t)n * (size_t)n, sizeof *a), *value = calloc(2 * (size_t)n, sizeof *value);
    if (!a || !value)
        exit(1);
    symmetric(&n, 0, n, 0, n, a, n);
    double began = rit_seconds();
    bool found = rit_eigenvalues(n, a, n, value, value + n);
    printf("seconds %.3f\n", found ? rit_seconds() - began : NAN);
    free(a);
    free(value);
}

/* A A^T + 2 is positive definite: the largest element of its product with the solutions, less what they are
 * solutions of. */
static void solve(const struct rit_mesh *mesh, int n)
{
    enum { RIGHTS = 2 };
    struct rit_spread a, g, x, r;
    struct rit_error err;
    price(mesh, n, RIT_MESH_SOLVE);
    must(rit_spread_new(mesh, n, n, &a, &err), &err);
    must(rit_spread_new(mesh, n, n, &g, &err), &err);
    must(rit_spread_new(mesh, n, RIGHTS, &x, &err), &err);
    must(rit_spread_new(mesh, n, RIGHTS, &r, &err), &err);
    rit_spread_fill(&a, symmetric, &n);
    rit_spread_fill(&g, diagonal, NULL);
    rit_spread_multiply(1.0, &a, false, &a, true, 2.0, &g);
    rit_spread_fill(&x, rights, NULL);
    rit_spread_fill(&r, rights, NULL);
    double began = rit_seconds();
    must(rit_spread_solve(&g, &x, &err), &err);
    double took = rit_seconds() - began;
    rit_spread_fill(&g, diagonal, NULL);
    rit_spread_multiply(1.0, &a, false, &a, true, 2.0, &g);
    rit_spread_multiply(1.0, &g, false, &x, false, -1.0, &r);
    double rest = largest(&r);
    if (mesh->rank == 0)
        printf("seconds %.3f\nresidual %.3g\n", took, rest);
    rit_spread_free(&a);
    rit_spread_free(&g);
    rit_spread_free(&x);
    rit_spread_free(&r);
}

/* Columns fetched to rank 0 are those of the formula, and put into another matrix those of the first. */
static void columns(const struct rit_mesh *mesh, int n)
{
    enum { WIDE = 7 };
    struct rit_spread a, b;
    struct rit_error err;
    double *column = mesh->rank == 0 ? calloc(WIDE * (size_t)n, sizeof *column) : NULL;
    int wrong = 0;
    must(rit_spread_new(mesh, n, n, &a, &err), &err);
    must(rit_spread_new(mesh, n, n, &b, &err), &err);
    rit_spread_fill(&a, symmetric, &n);
    for (int j = 0; j < n; j += WIDE) {
        int wide = n - j < WIDE ? n - j : WIDE;
        rit_spread_get(&a, j, wide, column);
        for (int k = 0; column && k < wide * n; k++)
            wrong += column[k] != element(k % n, j + k / n, n);
        rit_spread_put(&b, j, wide, column);
    }
    wrong += memcmp(a.data, b.data, (size_t)a.ld * (size_t)a.here_cols * sizeof *a.data) != 0;
    MPI_Allreduce(MPI_IN_PLACE, &wrong, 1, MPI_INT, MPI_SUM, mesh->comm);
    if (mesh->rank == 0)
        printf("wrong %d\n", wrong);
    free(column);
    rit_spread_free(&a);
    rit_spread_free(&b);
}

int main(int argc, char **argv)
{
    int n = argc > 2 ? atoi(argv[2]) : 0, holders;
    struct rit_mesh mesh;
    struct rit_error err;
    char form[64];
    MPI_Init(&argc, &argv);
    if ((argc != 3 && argc != 4) || n < 1) {
        fprintf(stderr, "usage: bench_spectrum all|eigen|values|solve|columns|own|price N [HOLDERS]\n");
        MPI_Finalize();
        return 64;
    }
    MPI_Comm_size(MPI_COMM_WORLD, &holders);
    holders = argc > 3 ? atoi(argv[3]) : rit_mesh_holders(n, holders);
    must(rit_mesh_open(MPI_COMM_WORLD, holders, &mesh, &err), &err);
    rit_mesh_describe(&mesh, form, sizeof form);
    if (mesh.rank == 0)
        printf("side %d on %s\n", n, form);
    bool all = strcmp(argv[1], "all") == 0;
    if (all || strcmp(argv[1], "columns") == 0)
        columns(&mesh, n);
    if (all || strcmp(argv[1], "solve") == 0)
        solve(&mesh, n);
    if (all || strcmp(argv[1], "values") == 0)
        eigen(&mesh, n, false);
    if (all || strcmp(argv[1], "eigen") == 0)
        eigen(&mesh, n, true);
    if (strcmp(argv[1], "price") == 0)
        price(&mesh, n, RIT_MESH_VALUES);
    if (strcmp(argv[1], "own") == 0)
        own(&mesh, n);
    rit_mesh_close(&mesh);
    MPI_Finalize();
    return 0;
}
