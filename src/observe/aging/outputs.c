/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/aging/outputs.h"

#include "base/exact.h"

#include <math.h>

static void write_down(const struct rit_scene *scene, const double *w, float *fields)
{
    struct rit_keep keep = {scene->block->asked.port.width, fields};
    struct rit_criterion criterion = rit_keeping(&keep);
    struct rit_pass sweep;
    scene->model->load(scene->net, w);
    scene->model->pass(scene->net, &(struct rit_batch){.kind = RIT_FULL}, RIT_WANT_NOTHING, &criterion, NULL,
                       &sweep);
}

double rit_overlap_outputs(const struct rit_scene *scene, const double *w, const double *other, float *fields,
                           float *other_fields)
{
    write_down(scene, w, fields);
    write_down(scene, other, other_fields);
    double a = 0.0, b = 0.0, aa = 0.0, bb = 0.0, ab = 0.0;
    size_t n = (size_t)scene->block->pairs * (size_t)scene->block->asked.port.width;
    for (size_t i = 0; i < n; i++) {
        double x = rit_tanh((double)fields[i]), y = rit_tanh((double)other_fields[i]);
        a += x;
        b += y;
        aa += x * x;
        bb += y * y;
        ab += x * y;
    }
    double count = (double)n;
    return (ab - a * b / count) / sqrt((aa - a * a / count) * (bb - b * b / count));
}
