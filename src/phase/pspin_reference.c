/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/pspin_reference.h"

#include "base/exact.h"
#include "base/file.h"
#include "base/version.h"
#include "phase/aging_sheet.h"
#include "phase/pspin.h"
#include "store/dataset.h"
#include "store/folder.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LAGS_PER_DECADE = 16 };

static const struct rit_param params[] = {
    {.key = "p-spin.p",
     .kind = RIT_INT,
     .fallback = "3",
     .low = 2,
     .high = 20,
     .unit = "1",
     .meaning = "spins per interaction"},
    {.key = "p-spin.temperature",
     .kind = RIT_REAL,
     .fallback = "0",
     .low = 0,
     .high = 100,
     .unit = "1",
     .meaning = "temperature after the quench"},
    {.key = "p-spin.step",
     .kind = RIT_REAL,
     .fallback = "0.05",
     .low = 1e-4,
     .high = 0.06,
     .unit = "tau",
     .meaning = "time step of the integration; errors fall as its square"},
    {.key = "p-spin.end",
     .kind = RIT_REAL,
     .fallback = "150",
     .low = 1e-3,
     .high = 480,
     .unit = "tau",
     .meaning = "time at which the solution ends; costs its third power"},
    {.key = "p-spin.waiting-times",
     .kind = RIT_REALS,
     .fallback = "[3, 6, 12, 24, 48]",
     .low = 1e-4,
     .high = 480,
     .unit = "tau",
     .meaning = "waiting times t_w"},
};

const struct rit_registry *rit_pspin_registry(void)
{
    enum { COUNT = sizeof params / sizeof params[0] };
    static const struct rit_registry registry = {
        .count = COUNT,
        .param = {&params[0], &params[1], &params[2], &params[3], &params[4]},
    };
    _Static_assert(COUNT == 5, "a parameter more needs a place in the registry");
    return &registry;
}

/* A number of steps: lags of the grid move to the nearest time that was computed. */
static int lag_steps(double step, int k, double *lag)
{
    *lag = step * rit_exp(0x1.26bb1bbb55516p+1 * k / LAGS_PER_DECADE); /* log 10 */
    return (int)floor(*lag / step + 0.5);
}

struct times {
    int waits, lags;
    const double *waiting;
    double *lag;     /* [lags] */
    double *lag_tau; /* [waits][lags]; NaN beyond the end */
};

/* C at all waiting times and lags. Two lags that fall on one step are one: the later of them stays empty. */
static double *overlaps(const struct rit_pspin *s, struct times *times)
{
    double *c = calloc((size_t)times->waits * (size_t)times->lags, sizeof *c);
    RIT_CHECK(c != NULL);
    for (int i = 0; i < times->waits; i++) {
        double begun = times->waiting[i];
        for (int k = 0, last = 0; k < times->lags; k++) {
            size_t row = (size_t)i * (size_t)times->lags + (size_t)k;
            int steps = lag_steps(s->step, k, &times->lag[k]);
            double t = steps * s->step;
            bool there = steps > last && begun + t <= (s->size - 1) * s->step * (1.0 + 1e-12);
            times->lag_tau[row] = there ? t : NAN;
            c[row] = there ? rit_pspin_overlap(s, begun + t, begun) : NAN;
            last = steps;
        }
    }
    return c;
}

static void fill_outcome(const struct rit_pspin *s, struct times *times, struct rit_outcome *outcome)
{
    const char *const dims[] = {"waiting_time", "lag", "weight_class"}, *grid = "grid_tau";
    const size_t length[] = {(size_t)times->waits, (size_t)times->lags, 1}, size = (size_t)s->size;
    const char *const all = "all";
    double *c = overlaps(s, times), *d = malloc(length[0] * length[1] * sizeof *d);
    double *tau = malloc(size * sizeof *tau);
    RIT_CHECK(d != NULL && tau != NULL);
    for (size_t i = 0; i < length[0] * length[1]; i++)
        d[i] = 2.0 * (1.0 - c[i]);
    for (size_t i = 0; i < size; i++)
        tau[i] = (double)i * s->step;
    *outcome = (struct rit_outcome){
        .end = RIT_END_FINISHED, .steps = (uint64_t)s->size - 1, .tau = (s->size - 1) * s->step};
    rit_outcome_put(outcome, "waiting_time", "tau", "waiting time t_w", 1, dims, length, times->waiting);
    rit_outcome_put(outcome, "waiting_tau", "tau", "time at which the waiting time was over", 1, dims, length,
                    times->waiting);
    rit_outcome_put(outcome, "lag", "tau", "common logarithmic lag grid", 1, dims + 1, length + 1,
                    times->lag);
    rit_outcome_label(outcome, dims[2], 1, &all);
    rit_outcome_put(outcome, "lag_tau", "tau", "lag t of the computed time nearest to this lag", 2, dims,
                    length, times->lag_tau);
    rit_outcome_put(outcome, "overlap_weights", "1", "C(t_w + t, t_w)", 2, dims, length, c);
    rit_outcome_put(outcome, "displacement", "1", "2 (1 - C)", 3, dims, length, d);
    rit_outcome_put(outcome, "delta", "1", "2 (1 - C)", 3, dims, length, d);
    rit_outcome_put(outcome, "grid_tau", "tau", "time", 1, &grid, &size, tau);
    rit_outcome_put(outcome, "energy", "1", "energy per spin", 1, &grid, &size, s->energy);
    free(c);
    free(d);
    free(tau);
}

static enum rit_status write_dataset(const struct rit_point *point, const char *folder,
                                     const struct rit_result *result, struct rit_error *err)
{
    char path[RIT_PATH];
    struct rit_row row = {.point = point, .result = result};
    struct rit_dataset_about about = {.config = result->point, .planned = 1};
    RIT_TRY(rit_file_path(path, err, "%s/phase-diagram.h5", folder));
    return rit_dataset_write(path, &row, 1, &about, err);
}

static enum rit_status write_analysis(const struct times *times, const struct rit_outcome *outcome,
                                      const char *folder, struct rit_buffer *out, struct rit_error *err)
{
    struct rit_aging_runs runs = {.runs = 1,
                                  .waits = times->waits,
                                  .lags = times->lags,
                                  .waiting = times->waiting,
                                  .lag = times->lag_tau,
                                  .value = rit_outcome_find(outcome, "delta")->data};
    struct rit_aging_entry entry = {.lag = times->lag_tau};
    struct rit_gridded gridded = {0};
    struct rit_aging_options options = rit_aging_defaults();
    char path[RIT_PATH];
    options.assumed_error = 0.01;
    rit_aging_analyse(&runs, &options, 0, &entry.fit);
    struct rit_aging_sheet sheet = rit_aging_sheet_of(&entry, &runs, times->lag, &options);
    rit_aging_sheet_print(&sheet, out);
    rit_gridded_add_attribute(&gridded, "title", false, "Ritardando: aging of the spherical p-spin glass");
    rit_aging_sheet_add(&sheet, &gridded);
    enum rit_status status = rit_file_path(path, err, "%s/phase-analysis.h5", folder);
    if (status == RIT_OK)
        status = rit_gridded_write(path, &gridded, err);
    rit_gridded_release(&gridded);
    rit_aging_cell_release(&entry.fit);
    return status;
}

static enum rit_status write_all(const struct rit_point *point, const struct rit_pspin *s,
                                 struct times *times, const char *folder, struct rit_buffer *out,
                                 struct rit_error *err)
{
    struct rit_buffer text = {0};
    struct rit_result result = {0};
    rit_point_print_identity(point, RIT_WHOLE, &text);
    rit_pack_bytes(&text, "", 1);
    result.identity = rit_hash_of(text.data, text.size);
    result.point = (char *)text.data;
    snprintf(result.provenance.program, sizeof result.provenance.program, "%s", rit_version());
    fill_outcome(s, times, &result.outcome);
    enum rit_status status = rit_file_make_folder(folder, err);
    if (status == RIT_OK)
        status = write_dataset(point, folder, &result, err);
    if (status == RIT_OK)
        status = write_analysis(times, &result.outcome, folder, out, err);
    rit_outcome_release(&result.outcome);
    rit_buffer_release(&text);
    return status;
}

enum rit_status rit_pspin_reference(const struct rit_point *point, const char *folder, struct rit_buffer *out,
                                    struct rit_error *err)
{
    double end = rit_point_real(point, "p-spin.end");
    struct rit_pspin s = {.p = (int)rit_point_int(point, "p-spin.p"),
                          .temperature = rit_point_real(point, "p-spin.temperature"),
                          .step = rit_point_real(point, "p-spin.step")};
    struct times times = {0};
    times.waits = rit_point_reals(point, "p-spin.waiting-times", &times.waiting);
    if (times.waits == 0 || times.waiting[times.waits - 1] >= end)
        return rit_fail(err, RIT_BAD_INPUT, "p-spin.waiting-times: they must lie before p-spin.end = %g",
                        end);
    s.size = end / s.step < RIT_PSPIN_MAX_SIZE ? (int)floor(end / s.step + 0.5) + 1 : RIT_PSPIN_MAX_SIZE + 1;
    RIT_TRY(rit_folder_is_no_sweep(folder, err)); /* now, and not after the work */
    RIT_TRY(rit_pspin_solve(&s, err));
    double lag;
    while (lag_steps(s.step, times.lags, &lag) <= s.size - 1)
        times.lags++;
    times.lag = malloc((size_t)times.lags * sizeof *times.lag);
    times.lag_tau = malloc((size_t)times.waits * (size_t)times.lags * sizeof *times.lag_tau);
    RIT_CHECK(times.lag && times.lag_tau);
    rit_buffer_printf(out, "p-spin: p = %d, T = %g: E(%g) = %.5f\n\n", s.p, s.temperature,
                      (s.size - 1) * s.step, s.energy[s.size - 1]);
    enum rit_status status = write_all(point, &s, &times, folder, out, err);
    free(times.lag);
    free(times.lag_tau);
    rit_pspin_release(&s);
    return status;
}
