/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spectrum/spread.h"

#include "spectrum/scalapack.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CONTEXT = 1 }; /* place in a descriptor */

static const int zero = 0, one = 1, block = RIT_MESH_BLOCK;

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* The descriptor of a matrix on the ranks of `context`; of a rank outside, one that says so. */
static void describe(int context, int rows, int cols, int ld, int form[9])
{
    int info = 0;
    memset(form, 0, 9 * sizeof form[0]);
    form[CONTEXT] = -1;
    if (context >= 0)
        descinit_(form, &rows, &cols, &block, &block, &zero, &zero, &context, &ld, &info);
    RIT_CHECK(info == 0);
}

enum rit_status rit_spread_new(const struct rit_mesh *mesh, int rows, int cols, struct rit_spread *spread,
                               struct rit_error *err)
{
    *spread = (struct rit_spread){.mesh = mesh, .rows = rows, .cols = cols, .ld = 1};
    bool inside = mesh->row >= 0;
    if (inside) {
        spread->here_rows = numroc_(&rows, &block, &mesh->row, &zero, &mesh->rows);
        spread->here_cols = numroc_(&cols, &block, &mesh->col, &zero, &mesh->cols);
        spread->ld = spread->here_rows > 1 ? spread->here_rows : 1;
    }
    describe(inside ? mesh->grid : -1, rows, cols, spread->ld, spread->form);
    spread->data = calloc((size_t)spread->ld * (size_t)spread->here_cols + 1, sizeof *spread->data);
    enum rit_status status = RIT_OK;
    if (!spread->data)
        status = rit_fail(err, RIT_BAD_INPUT, "there is no memory for %d x %d numbers of a matrix",
                          spread->here_rows, spread->here_cols);
    status = rit_mesh_agree(mesh->comm, status, err);
    if (status != RIT_OK)
        rit_spread_free(spread);
    return status;
}

void rit_spread_free(struct rit_spread *spread)
{
    free(spread->data);
    spread->data = NULL;
}

/* ---- what is in it ---- */

int rit_spread_row(const struct rit_spread *spread, int here_row)
{
    return (here_row / block * spread->mesh->rows + spread->mesh->row) * block + here_row % block;
}

int rit_spread_col(const struct rit_spread *spread, int here_col)
{
    return (here_col / block * spread->mesh->cols + spread->mesh->col) * block + here_col % block;
}

void rit_spread_fill(struct rit_spread *spread, rit_spread_tile *tile, void *self)
{
    for (int lj = 0; lj < spread->here_cols; lj += block) {
        int j = rit_spread_col(spread, lj);
        for (int li = 0; li < spread->here_rows; li += block) {
            int i = rit_spread_row(spread, li);
            tile(self, i, least(block, spread->rows - i), j, least(block, spread->cols - j),
                 spread->data + (size_t)lj * (size_t)spread->ld + (size_t)li, spread->ld);
        }
    }
}

void rit_spread_put(struct rit_spread *spread, int j, int n, const double *column)
{
    const struct rit_mesh *mesh = spread->mesh;
    int form[9], to = j + 1;
    double none = 0.0;
    describe(mesh->rank == 0 ? mesh->first : -1, spread->rows, n, spread->rows, form);
    pdgemr2d_(&spread->rows, &n, column ? column : &none, &one, &one, form, spread->data, &one, &to,
              spread->form, &mesh->all);
}

void rit_spread_get(const struct rit_spread *spread, int j, int n, double *column)
{
    const struct rit_mesh *mesh = spread->mesh;
    int form[9], from = j + 1;
    double none = 0.0;
    describe(mesh->rank == 0 ? mesh->first : -1, spread->rows, n, spread->rows, form);
    pdgemr2d_(&spread->rows, &n, spread->data, &one, &from, spread->form, column ? column : &none, &one, &one,
              form, &mesh->all);
}

/* ---- what is made of it ---- */

void rit_spread_multiply(double alpha, const struct rit_spread *a, bool turn_a, const struct rit_spread *b,
                         bool turn_b, double beta, struct rit_spread *c)
{
    int inner = turn_a ? a->rows : a->cols;
    RIT_CHECK(inner == (turn_b ? b->cols : b->rows) && (turn_a ? a->cols : a->rows) == c->rows &&
              (turn_b ? b->rows : b->cols) == c->cols);
    if (c->mesh->row >= 0)
        pdgemm_(turn_a ? "T" : "N", turn_b ? "T" : "N", &c->rows, &c->cols, &inner, &alpha, a->data, &one,
                &one, a->form, b->data, &one, &one, b->form, &beta, c->data, &one, &one, c->form);
}

static enum rit_status look_for_numbers(const struct rit_spread *a, struct rit_error *err)
{
    for (int j = 0; j < a->here_cols; j++)
        for (int i = 0; i < a->here_rows; i++)
            if (!isfinite(a->data[(size_t)j * (size_t)a->ld + (size_t)i]))
                return rit_fail(err, RIT_BAD_INPUT, "the matrix has elements that are not finite");
    return RIT_OK;
}

/* Work space of a library call: asked for by its first numbers, then taken. */
struct space {
    double *real;
    int *whole;
    int reals, wholes;
};

static bool take(struct space *space, double reals, int wholes)
{
    space->reals = (int)reals;
    space->wholes = wholes > 0 ? wholes : 1;
    space->real = calloc((size_t)space->reals, sizeof *space->real);
    space->whole = calloc((size_t)space->wholes, sizeof *space->whole);
    return space->real && space->whole;
}

/* On the one rank that has it all. Returns LAPACK's info; -1 for lack of memory. */
static int solve_alone(struct rit_spread *a, double *value, struct rit_spread *vector)
{
    struct space space = {0};
    const char *job = vector ? "V" : "N";
    int n = a->rows, info = -1, ask = -1, wholes;
    double reals;
    dsyevd_(job, "L", &n, a->data, &a->ld, value, &reals, &ask, &wholes, &ask, &info);
    info = -1;
    if (take(&space, reals, wholes))
        dsyevd_(job, "L", &n, a->data, &a->ld, value, space.real, &space.reals, space.whole, &space.wholes,
                &info);
    if (vector)
        memcpy(vector->data, a->data, (size_t)n * (size_t)a->ld * sizeof *a->data);
    free(space.real);
    free(space.whole);
    return info;
}

/* pdsyevd wants the vectors always; for values alone pdsyev has the same reduction, and stops there. Its own
 * word on the size of the work space is a little short in some versions. */
static int solve_together(struct rit_spread *a, double *value, struct rit_spread *vector)
{
    static const double slack = 1.02;
    struct space space = {0};
    int n = a->rows, info = -1, ask = -1, wholes = 1;
    double reals = 0.0, none = 0.0;
    if (vector)
        pdsyevd_("V", "L", &n, a->data, &one, &one, a->form, value, vector->data, &one, &one, vector->form,
                 &reals, &ask, &wholes, &ask, &info);
    else
        pdsyev_("N", "L", &n, a->data, &one, &one, a->form, value, &none, &one, &one, a->form, &reals, &ask,
                &info);
    info = -1;
    if (take(&space, slack * reals + 8.0 * n, wholes)) {
        if (vector)
            pdsyevd_("V", "L", &n, a->data, &one, &one, a->form, value, vector->data, &one, &one,
                     vector->form, space.real, &space.reals, space.whole, &space.wholes, &info);
        else
            pdsyev_("N", "L", &n, a->data, &one, &one, a->form, value, &none, &one, &one, a->form, space.real,
                    &space.reals, &info);
    }
    free(space.real);
    free(space.whole);
    return info;
}

enum rit_status rit_spread_eigen(struct rit_spread *a, double *value, struct rit_spread *vector,
                                 struct rit_error *err)
{
    const struct rit_mesh *mesh = a->mesh;
    RIT_CHECK(a->rows == a->cols);
    RIT_TRY(rit_mesh_agree(mesh->comm, look_for_numbers(a, err), err));
    int info = 0;
    if (mesh->row >= 0)
        info =
            mesh->rows * mesh->cols == 1 ? solve_alone(a, value, vector) : solve_together(a, value, vector);
    enum rit_status status = RIT_OK;
    if (info != 0)
        status = rit_fail(err, RIT_BAD_INPUT, "the eigenvalues of a matrix of side %d were not found (%d)",
                          a->rows, info);
    RIT_TRY(rit_mesh_agree(mesh->comm, status, err));
    MPI_Bcast(value, a->rows, MPI_DOUBLE, 0, mesh->comm);
    return RIT_OK;
}

enum rit_status rit_spread_solve(struct rit_spread *a, struct rit_spread *b, struct rit_error *err)
{
    const struct rit_mesh *mesh = a->mesh;
    RIT_CHECK(a->rows == a->cols && b->rows == a->rows);
    int info = 0;
    if (mesh->row >= 0)
        pdpotrf_("L", &a->rows, a->data, &one, &one, a->form, &info);
    enum rit_status status = RIT_OK;
    if (info != 0)
        status =
            rit_fail(err, RIT_BAD_INPUT, "the matrix is not positive definite (from its row %d on)", info);
    RIT_TRY(rit_mesh_agree(mesh->comm, status, err));
    if (mesh->row >= 0)
        pdpotrs_("L", &a->rows, &b->cols, a->data, &one, &one, a->form, b->data, &one, &one, b->form, &info);
    return RIT_OK;
}
