/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/matrix/matrix.h"

#include "train/trained.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rank 0 goes along the trajectory; the others get where it arrives. */
static enum rit_status share_weights(MPI_Comm comm, double tau, struct rit_site *site, struct rit_error *err)
{
    struct rit_trail *trail = &site->trail;
    int rank;
    MPI_Comm_rank(comm, &rank);
    enum rit_status status = RIT_OK;
    if (rank == 0)
        status = rit_trail_reach(trail, isnan(tau) ? trail->stored.outcome.tau : tau, err);
    RIT_TRY(rit_mesh_agree(comm, status, err));
    const double *w = rit_run_weights(trail->run, &site->layout);
    size_t size = site->layout->size;
    site->w = malloc(size * sizeof *w);
    RIT_CHECK(site->w);
    memcpy(site->w, w, size * sizeof *w);
    site->tau = trail->tau;
    site->step = trail->step;
    MPI_Bcast(site->w, (int)size, MPI_DOUBLE, 0, comm);
    MPI_Bcast(&site->tau, 1, MPI_DOUBLE, 0, comm);
    MPI_Bcast(&site->step, 1, MPI_UINT64_T, 0, comm);
    return RIT_OK;
}

static void take_memory(struct rit_site *site)
{
    struct rit_arena measured = {0};
    const struct rit_trail *trail = &site->trail;
    rit_exact_open(&trail->point, site->model, site->layout, &trail->block, &measured);
    site->arena = rit_arena_new(measured.used);
    RIT_CHECK(site->arena.base);
    site->exact = rit_exact_open(&trail->point, site->model, site->layout, &trail->block, &site->arena);
}

/* Between two retractions matrices stand a little off their group. */
static enum rit_status put_on_group(struct rit_site *site, struct rit_error *err)
{
    bool kept = false;
    for (int b = 0; b < site->layout->blocks; b++)
        kept = kept || site->layout->block[b].orthogonal;
    if (kept && !site->model->retract(site->exact->net, site->w))
        return rit_fail(err, RIT_BAD_INPUT, "the matrices kept orthogonal have left their group at tau = %g",
                        site->tau);
    return RIT_OK;
}

/* No further than it must. */
static enum rit_status open_trail(const char *point, double tau, bool kernel, struct rit_site *site,
                                  struct rit_error *err)
{
    struct rit_trail *trail = &site->trail;
    RIT_TRY(rit_trail_look(&site->holding, point, trail, err));
    site->wide = kernel && strcmp(rit_limit_of(&trail->point)->member.name, "tangent") == 0;
    site->tau = isnan(tau) ? trail->stored.outcome.tau : tau;
    site->step = trail->stored.outcome.steps;
    return site->wide ? RIT_OK : rit_trail_begin(trail, isnan(tau) ? 0.0 : tau, err);
}

enum rit_status rit_site_open(MPI_Comm comm, const char *run, const char *point, double tau, bool kernel,
                              struct rit_site *site, struct rit_error *err)
{
    *site = (struct rit_site){.open = false};
    enum rit_status status = rit_holding_open(run, &site->holding, err);
    site->open = status == RIT_OK;
    if (status == RIT_OK)
        status = open_trail(point, tau, kernel, site, err);
    RIT_TRY(rit_mesh_agree(comm, status, err));
    if (site->wide)
        return RIT_OK;
    site->model = rit_trained_model(&site->trail.point);
    RIT_TRY(share_weights(comm, tau, site, err));
    take_memory(site);
    return rit_mesh_agree(comm, put_on_group(site, err), err);
}

void rit_site_close(struct rit_site *site)
{
    free(site->w);
    free(site->arena.base);
    if (site->open) {
        rit_trail_close(&site->trail);
        rit_holding_close(&site->holding);
    }
}
