/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/edge.h"

#include <math.h>

/* One number of every run; NULL if it was not measured. */
static const double *numbers(const struct rit_dataset *dataset, const char *name)
{
    const struct rit_array *array = rit_dataset_find(dataset, name);
    return array && array->dims == 1 && array->count == dataset->points ? array->value : NULL;
}

/* The lowest edge of a run above `last`; INFINITY: none. */
static double next_edge(const struct rit_dataset *dataset, const double *edge, double last)
{
    double next = INFINITY;
    for (size_t i = 0; i < dataset->points; i++)
        if (edge[i] > last && edge[i] < next)
            next = edge[i];
    return next;
}

void rit_edge_warn(const struct rit_dataset *dataset, struct rit_buffer *out)
{
    const double *edge = numbers(dataset, "edge"), *tau = numbers(dataset, "edge_tau");
    if (!edge || !tau)
        return;
    for (double at = next_edge(dataset, edge, 0.0); isfinite(at); at = next_edge(dataset, edge, at)) {
        size_t runs = 0, beyond = 0;
        for (size_t i = 0; i < dataset->points; i++) {
            runs += edge[i] == at;
            beyond += edge[i] == at && isfinite(tau[i]);
        }
        if (beyond > 0)
            rit_buffer_printf(
                out,
                "eta lambda_max > %g in %zu of %zu runs: learning times are those of the rule, not "
                "of the flow.\n",
                at, beyond, runs);
    }
}
