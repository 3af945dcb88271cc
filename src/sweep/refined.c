/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a plan that grows has come to, in words and for other programs. */
#include "sweep/refined.h"

#include "base/json.h"
#include "config/keys.h"

#include <math.h>
#include <stdio.h>

/* Values at which half of the runs or more learned. */
static int cells_learned(const struct line *line, int t)
{
    int learned = 0;
    for (int c = 0; c < line->cells; c++) {
        const struct cell *cell = &line->cell[c];
        int runs = 0, those = 0;
        for (int s = 0; s < cell->seeds; s++) {
            runs += cell->seed[s].says;
            those += cell->seed[s].says && !cell->seed[s].life[t].censored;
        }
        learned += those > 0 && 2 * those >= runs;
    }
    return learned;
}

static const char *why(const struct line *line, int t)
{
    if (line->spent)
        return "the core-hours are spent";
    if (!line->over)
        return line->border[t].enough ? "as exact as wanted" : "more to come";
    if (line->border[t].enough)
        return "as exact as wanted";
    int cells = cells_learned(line, t);
    if (cells == 0)
        return "none learned in the range before stop.tau: a longer one or a wider range might tell more";
    if (isnan(line->border[t].value) && cells == line->cells)
        return "all values learn: it is beyond the range";
    return "nothing in the range would tell more before stop.tau";
}

static void label_of(const struct rit_refinement *r, int l, char *out, size_t size)
{
    const struct rit_registry *registry = r->config->base.registry;
    int at[RIT_MAX_AXES];
    size_t used = 0;
    const struct rit_grid_axes *grid = rit_plan_place(r->config, l * RIT_FIRST_SEEDS, at);
    snprintf(out, size, r->config->given_axes > 0 ? "" : "all");
    for (int a = 0; a < r->config->given_axes && used < size; a++) {
        const struct rit_axis *axis = &grid->axis[a];
        char value[RIT_MAX_TEXT];
        rit_value_print(registry->param[axis->param], &axis->value[at[a]], value, sizeof value);
        used += (size_t)snprintf(out + used, size - used, "%s%s %s", a ? ", " : "",
                                 rit_axis_name(registry->param[axis->param]->key), value);
    }
}

static int runs_of(const struct line *line)
{
    int runs = 0;
    for (int c = 0; c < line->cells; c++)
        runs += line->cell[c].seeds;
    return runs;
}

void rit_refinement_print(const struct rit_refinement *r, struct rit_buffer *out)
{
    for (int l = 0; l < r->lines; l++) {
        const struct line *line = &r->line[l];
        char label[256];
        int runs = runs_of(line);
        label_of(r, l, label, sizeof label);
        rit_buffer_printf(out, "refine: %s: %d runs at %d values of %s", label, runs, line->cells,
                          r->config->refine.by);
        for (int t = 0; t < line->thresholds; t++) {
            const struct rit_border *b = &line->border[t];
            rit_buffer_printf(out, "\n  threshold %g: ", line->eps[t]);
            if (isnan(b->value))
                rit_buffer_printf(out, "no border yet; %s", why(line, t));
            else
                rit_buffer_printf(out, "border %.4g +- %.2g; %s", b->value, b->error, why(line, t));
        }
        rit_buffer_printf(out, "\n");
    }
}

static void put_border(const struct line *line, int t, struct rit_buffer *out)
{
    rit_buffer_printf(out, "%s{\"bits\": ", t ? ", " : "");
    rit_json_number(line->eps[t], out);
    rit_buffer_printf(out, ", \"border\": ");
    rit_json_number(line->border[t].value, out);
    rit_buffer_printf(out, ", \"error\": ");
    rit_json_number(line->border[t].error, out);
    rit_buffer_printf(out, ", \"state\": ");
    rit_json_text(why(line, t), out);
    rit_buffer_printf(out, "}");
}

void rit_refinement_json(const struct rit_refinement *r, struct rit_buffer *out)
{
    rit_buffer_printf(out, "{\"by\": ");
    rit_json_text(r->config->refine.by, out);
    rit_buffer_printf(out, ", \"lines\": [");
    for (int l = 0; l < r->lines; l++) {
        const struct line *line = &r->line[l];
        char label[256];
        label_of(r, l, label, sizeof label);
        rit_buffer_printf(out, "%s\n  {\"line\": ", l ? "," : "");
        rit_json_text(label, out);
        rit_buffer_printf(out, ", \"values\": %d, \"runs\": %d, \"over\": %s, \"borders\": [", line->cells,
                          runs_of(line), line->over ? "true" : "false");
        for (int t = 0; t < line->thresholds; t++)
            put_border(line, t, out);
        rit_buffer_printf(out, "]}");
    }
    rit_buffer_printf(out, "]}");
}
