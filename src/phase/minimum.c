/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/minimum.h"

#include <ritardando/status.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_min.h>
#include <math.h>

/* x, in the middle of a bracket of `step` on both sides. Stays there if f does not rise on both sides. */
static double brent(gsl_function *f, double x, double step)
{
    gsl_min_fminimizer *minimizer = gsl_min_fminimizer_alloc(gsl_min_fminimizer_brent);
    RIT_CHECK(minimizer);
    gsl_error_handler_t *handler = gsl_set_error_handler_off();
    if (gsl_min_fminimizer_set(minimizer, f, x, x - step, x + step) == GSL_SUCCESS) {
        double width = 2.0 * step;
        for (int i = 0; i < 60 && width > 1e-4 * step; i++) {
            if (gsl_min_fminimizer_iterate(minimizer) != GSL_SUCCESS)
                break;
            width = gsl_min_fminimizer_x_upper(minimizer) - gsl_min_fminimizer_x_lower(minimizer);
        }
        x = gsl_min_fminimizer_x_minimum(minimizer);
    }
    gsl_set_error_handler(handler);
    gsl_min_fminimizer_free(minimizer);
    return x;
}

double rit_minimum(double (*f)(double x, void *context), void *context, double low, double high, int cells,
                   double *value)
{
    double step = (high - low) / cells, best = NAN;
    *value = HUGE_VAL;
    for (int i = 0; i <= cells; i++) {
        double x = low + step * i, at = f(x, context);
        if (at < *value) {
            *value = at;
            best = x;
        }
    }
    if (!(best > low && best < high))
        return best;
    gsl_function function = {.function = f, .params = context};
    double x = brent(&function, best, step), at = f(x, context);
    if (at < *value) {
        *value = at;
        best = x;
    }
    return best;
}
