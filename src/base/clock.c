/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ritardando/clock.h>

#include "base/exact.h"

#include <math.h>
#include <string.h>

static const struct rit_param rate[] = {
    {.key = "rule.eta",
     .kind = RIT_REAL,
     .fallback = "0.1",
     .low = 1e-12,
     .high = 1e3,
     .unit = "w^2/nat",
     .meaning = "learning rate eta; proper time tau is its sum over steps"},
    {.key = "rule.warmup",
     .kind = RIT_INT,
     .fallback = "0",
     .low = 0,
     .high = 1e9,
     .unit = "steps",
     .meaning = "length s of the warm-up: step n < s (n = 1, 2, ...) uses eta sin(pi n / 2s)"},
};
const struct rit_param_table rit_rate_params = RIT_PARAM_TABLE(rate);

static const struct rit_param stages[] = {
    {.key = "stage2.enabled",
     .kind = RIT_BOOL,
     .fallback = "false",
     .unit = "1",
     .meaning = "a second stage that goes on from the weights of the first with another rate or batch size"},
};
const struct rit_param_table rit_stages_params = RIT_PARAM_TABLE(stages);

static const struct rit_param stage2[] = {
    {.key = "stage2.at-tau",
     .kind = RIT_REAL,
     .fallback = "100",
     .low = 1e-9,
     .high = 1e12,
     .unit = "tau",
     .meaning = "proper time at which the second stage begins"},
    {.key = "stage2.eta",
     .kind = RIT_REAL,
     .fallback = "0.1",
     .low = 1e-12,
     .high = 1e3,
     .unit = "w^2/nat",
     .meaning = "learning rate of the second stage"},
};
const struct rit_param_table rit_stage2_params = RIT_PARAM_TABLE(stage2);

static const struct rit_param end[] = {
    {.key = "stop.tau",
     .kind = RIT_REAL,
     .fallback = "1000",
     .low = 1e-9,
     .high = 1e12,
     .unit = "tau",
     .meaning = "proper time at which a run ends, censored if it has not learned"},
};
const struct rit_param_table rit_end_params = RIT_PARAM_TABLE(end);

static const double slack = 1e-14; /* of a time, for the roundings in it */
static const double most = 0x1p53; /* steps that a double counts */

/* sum over n = 1 .. m of sin(pi n / 2s), m <= s */
static double warm(uint64_t m, uint64_t s)
{
    if (m == 0)
        return 0.0;
    double quarter = 4.0 * (double)s;
    return rit_sinpi((double)m / quarter) * rit_sinpi((double)(m + 1) / quarter) / rit_sinpi(1.0 / quarter);
}

/* U(to) - U(from): the steps of full rate as a whole number, so that nothing large cancels. */
static double units(const struct rit_clock *clock, uint64_t from, uint64_t to)
{
    uint64_t s = clock->warmup, a = from < s ? from : s, b = to < s ? to : s;
    double full = (double)((to - b) - (from - a));
    return a == b ? full : warm(b, s) - warm(a, s) + full;
}

/* A rule that has no rate keeps time itself. */
static bool has_rate(const struct rit_point *point)
{
    return rit_param_applies(point, rit_param_find(point->registry, "rule.eta"));
}

struct rit_clock rit_clock_of(const struct rit_point *point)
{
    if (!has_rate(point))
        return (struct rit_clock){.own = true};
    struct rit_clock clock = {.warmup = (uint64_t)rit_point_int(point, "rule.warmup"),
                              .last = UINT64_MAX,
                              .eta = {rit_point_real(point, "rule.eta")}};
    if (rit_point_bool(point, "stage2.enabled")) {
        double last = rit_clock_step(&clock, rit_point_real(point, "stage2.at-tau"));
        clock.last = last < most ? (uint64_t)last : UINT64_MAX;
        clock.eta[1] = rit_point_real(point, "stage2.eta");
    }
    return clock;
}

enum rit_status rit_clock_check(const struct rit_point *point, struct rit_error *err)
{
    struct rit_clock clock = rit_clock_of(point);
    const char *batch = rit_point_name(point, "batch.kind"), *rule = rit_point_name(point, "rule.name");
    if (clock.own && strcmp(batch, "full") == 0)
        return RIT_OK;
    if (clock.own)
        return rit_fail(
            err, RIT_BAD_INPUT,
            "batch.kind: %s follows the slope of the whole block and knows no batches of %s; set "
            "batch.kind: full, or take rule.name: sgd, whose rate is part of what small batches do",
            rule, batch);
    double tau = rit_point_real(point, "stop.tau"), steps = rit_clock_step(&clock, tau);
    if (steps < most)
        return RIT_OK;
    return rit_fail(err, RIT_BAD_INPUT,
                    "stop.tau: at this rate a run to tau = %g takes %.1e steps; at most 9e15 can be counted",
                    tau, steps);
}

double rit_clock_rate(const struct rit_clock *clock, uint64_t step)
{
    if (clock->own)
        return NAN;
    double eta = clock->eta[step > clock->last];
    return step >= clock->warmup ? eta : eta * rit_sinpi(0.5 * (double)step / (double)clock->warmup);
}

double rit_clock_between(const struct rit_clock *clock, uint64_t from, uint64_t to)
{
    RIT_CHECK(from <= to);
    if (to <= clock->last)
        return clock->eta[0] * units(clock, from, to);
    if (from >= clock->last)
        return clock->eta[1] * units(clock, from, to);
    return clock->eta[0] * units(clock, from, clock->last) + clock->eta[1] * units(clock, clock->last, to);
}

double rit_clock_tau(const struct rit_clock *clock, uint64_t step)
{
    return rit_clock_between(clock, 0, step);
}

double rit_clock_lag(const struct rit_clock *clock, uint64_t from, double from_tau, uint64_t to,
                     double to_tau)
{
    return clock->own ? to_tau - from_tau : rit_clock_between(clock, from, to);
}

double rit_clock_span(const struct rit_clock *clock, double from, double to)
{
    if (clock->own)
        return fmax(0.0, to - from);
    double first = fmin(rit_clock_step(clock, from), most), last = fmin(rit_clock_step(clock, to), most);
    return first < last ? rit_clock_between(clock, (uint64_t)first, (uint64_t)last) : 0.0;
}

int rit_clock_compare(const struct rit_clock *clock, uint64_t steps, double tau, double target)
{
    double here = clock->own ? tau : (double)steps,
           there = clock->own ? target : rit_clock_step(clock, target);
    return (here > there) - (here < there);
}

bool rit_tau_reached(double tau, double target)
{
    return tau >= target * (1.0 - slack);
}

/* The first step of the warm-up, if any, at which tau has been reached. */
static uint64_t step_in_warmup(const struct rit_clock *clock, double tau)
{
    uint64_t low = 0, high = clock->warmup;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (rit_tau_reached(rit_clock_tau(clock, middle), tau))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

double rit_clock_step(const struct rit_clock *clock, double tau)
{
    if (rit_tau_reached(rit_clock_tau(clock, clock->warmup), tau))
        return (double)step_in_warmup(clock, tau);
    /* Behind the warm-up the rate is constant, but for the second stage. */
    uint64_t from = clock->warmup;
    double eta = clock->eta[0];
    if (clock->last != UINT64_MAX && !rit_tau_reached(rit_clock_tau(clock, clock->last), tau)) {
        from = from > clock->last ? from : clock->last;
        eta = clock->eta[1];
    }
    double guess = (double)from + ceil((tau - rit_clock_tau(clock, from)) / eta);
    if (guess >= most)
        return guess;
    uint64_t step = (uint64_t)guess;
    while (step > from && rit_tau_reached(rit_clock_tau(clock, step - 1), tau))
        step--;
    return (double)step;
}
