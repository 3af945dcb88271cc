/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/bill/bill.h"

#include <ritardando/limit.h>
#include <ritardando/model.h>
#include <ritardando/run.h>

#include "base/random.h"
#include "cli/bill/probe.h"
#include "config/keys.h"
#include "store/checkpoint.h"
#include "store/folder.h"
#include "sweep/pricing.h"
#include "sweep/progress.h"
#include "sweep/sofar.h"
#include "train/schedule.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- memory and disk ---- */

/* Seeds of the grid in which this point stands: points that differ only in their seed take the same. */
static int seeds_of(const struct rit_config *config, int plan)
{
    int at[RIT_MAX_AXES];
    const struct rit_grid_axes *grid = rit_plan_place(config, plan, at);
    for (int a = 0; a < config->axes; a++)
        if (grid->axis[a].zip == 0 &&
            strcmp(config->base.registry->param[grid->axis[a].param]->key, "seed") == 0)
            return grid->axis[a].n;
    return 1;
}

static enum rit_status weigh_point(struct rit_bill *bill, int plan, struct rit_blocks *blocks,
                                   struct rit_error *err)
{
    struct rit_point point;
    const struct rit_known_block *known;
    size_t memory, state;
    rit_plan_point(bill->config, plan, &point);
    RIT_TRY(rit_blocks_get(blocks, &point, &known, err));
    RIT_TRY(rit_run_memory(&point, &known->block, &memory, &state, err));
    if (!rit_limit_of(&point)->survey) /* whose states nobody goes on from */
        bill->states += (double)seeds_of(bill->config, plan) * (double)state;
    if (memory > bill->memory) {
        bill->memory = memory;
        bill->largest = plan;
        bill->pairs = known->block.pairs;
    }
    return RIT_OK;
}

static enum rit_status weigh(struct rit_bill *bill, struct rit_blocks *blocks, struct rit_error *err)
{
    for (int i = 0; i < bill->roster.count; i++) {
        bill->work += bill->roster.price[i];
        bill->longest_work = fmax(bill->longest_work, bill->roster.price[i]);
        if (rit_plan_is_first_seed(bill->config, bill->roster.plan[i]))
            RIT_TRY(weigh_point(bill, bill->roster.plan[i], blocks, err));
    }
    return RIT_OK;
}

/* ---- what is there already ---- */

static enum rit_status look_into(struct rit_bill *bill, const char *run, struct rit_error *err)
{
    bill->have = calloc((size_t)bill->roster.count + 1, sizeof *bill->have);
    bill->guess = calloc((size_t)bill->roster.count + 1, sizeof *bill->guess);
    RIT_CHECK(bill->have && bill->guess);
    if (run) {
        RIT_TRY(rit_folder_is_run(run, err));
        RIT_TRY(rit_results_load(run, &bill->results, err));
        rit_growth_find(bill->config, &bill->roster, &bill->results, run, &bill->growth);
        for (int i = 0; i < bill->roster.count; i++)
            bill->have[i] = rit_results_find(&bill->results, &bill->roster.identity[i]);
        rit_pricing_pace(bill->config, &bill->roster, bill->have, &bill->pace);
        bill->paced_by_run = bill->pace.n > 0;
    }
    rit_forecast(bill->config, &bill->roster, bill->have, bill->guess);
    return RIT_OK;
}

/* The share of its way that a point has behind it, in a kept end state or in a checkpoint. */
static double share_behind(const struct rit_bill *bill, const char *run, int i, const struct rit_point *point)
{
    unsigned char head[RIT_SOFAR_BYTES];
    double steps = 0, written;
    if (!run)
        return 0;
    if (bill->growth.todo[i].work == RIT_WORK_EXTEND)
        steps = (double)bill->growth.todo[i].steps;
    if (rit_checkpoint_glance(run, &rit_checkpoints, &bill->roster.identity[i], head, sizeof head, &written))
        steps = fmax(steps, (double)rit_sofar_read(head).steps);
    return fmin(1, steps / fmax(1, rit_schedule_steps(point)));
}

/* ---- times ---- */

static void charge(struct rit_bill *bill, const char *run, int i)
{
    struct rit_point point;
    rit_plan_point(bill->config, bill->roster.plan[i], &point);
    double price = bill->roster.price[i], work = rit_pricing_step(&point, price);
    struct rit_charge *c = &bill->charge[bill->count];
    const struct rit_guess *guess = &bill->guess[i];
    *c = (struct rit_charge){.index = i, .whole = price * rit_pace_of(&bill->pace, &point, work)};
    c->ahead = share_behind(bill, run, i, &point);
    struct rit_guess left = rit_guess_beyond(guess, c->ahead);
    c->expected = c->whole * left.share;
    c->low = c->whole * left.low;
    c->high = c->whole * left.high;
    c->most = c->whole * fmax(0, rit_guess_most(guess, bill->roster.count) - c->ahead);
    if (bill->longest < 0 || c->expected > bill->charge[bill->longest].expected)
        bill->longest = bill->count;
    bill->count++;
}

/* Runs of a line scatter for themselves, about a law in doubt; what is borrowed or not known errs for all
 * together. */
static void add_up(struct rit_bill *bill)
{
    double own_low = 0, own_high = 0, low = 0, high = 0;
    for (int k = 0; k < bill->count; k++) {
        const struct rit_charge *c = &bill->charge[k];
        const struct rit_guess *guess = &bill->guess[c->index];
        bool alone = guess->basis == RIT_BASIS_LINE;
        bill->expected += c->expected;
        own_low += alone ? pow(c->expected - c->low, 2) : 0;
        own_high += alone ? pow(c->high - c->expected, 2) : 0;
        low += alone ? 0 : c->expected - c->low;
        high += alone ? 0 : c->high - c->expected;
        low += alone && guess->share < 1 ? guess->doubt * c->expected : 0;
        high += alone && guess->share < 1 ? guess->doubt * c->expected : 0;
    }
    bill->low = fmax(0, bill->expected - sqrt(own_low) - low);
    bill->high = bill->expected + sqrt(own_high) + high;
}

static enum rit_status make(struct rit_bill *bill, const char *run, int share, int shares,
                            struct rit_error *err)
{
    struct rit_blocks blocks = {.count = 0};
    enum rit_status status = rit_roster_make(bill->config, share, shares, &bill->roster, err);
    if (status == RIT_OK)
        status = weigh(bill, &blocks, err);
    if (status == RIT_OK)
        status = look_into(bill, run, err);
    if (status == RIT_OK && !bill->paced_by_run)
        rit_probe(bill->config, &bill->roster, &blocks, &bill->pace);
    rit_blocks_release(&blocks);
    RIT_TRY(status);
    bill->charge = calloc((size_t)bill->roster.count + 1, sizeof *bill->charge);
    RIT_CHECK(bill->charge);
    for (int i = 0; i < bill->roster.count; i++)
        if (!bill->have[i])
            charge(bill, run, i);
    add_up(bill);
    return RIT_OK;
}

enum rit_status rit_bill_make(const struct rit_config *config, const char *path, const char *run, int share,
                              int shares, struct rit_bill *bill, struct rit_error *err)
{
    struct rit_error why = {.status = RIT_OK};
    *bill = (struct rit_bill){.config = config, .longest = -1};
    if (make(bill, run, share, shares, &why) == RIT_OK)
        return RIT_OK;
    rit_bill_release(bill);
    return rit_fail(err, why.status, "%s: %s", path, why.text);
}

void rit_bill_release(struct rit_bill *bill)
{
    rit_roster_release(&bill->roster);
    rit_results_release(&bill->results);
    rit_growth_release(&bill->growth);
    rit_pace_release(&bill->pace);
    free(bill->have);
    free(bill->guess);
    free(bill->charge);
    *bill = (struct rit_bill){.longest = -1};
}

/* ---- in words ---- */

void rit_bill_hours(double expected, double low, double high, char *out, size_t size)
{
    const char *unit = expected < 60 ? "seconds" : expected < 3600 ? "minutes" : "hours";
    double length = expected < 60 ? 1 : expected < 3600 ? 60 : 3600;
    char text[3][32];
    const double x[3] = {expected / length, low / length, high / length};
    for (int i = 0; i < 3; i++)
        snprintf(text[i], sizeof text[i], x[i] < 100 ? "%.2g" : "%.0f", x[i]);
    snprintf(out, size, "%s core-%s (%s to %s)", text[0], unit, text[1], text[2]);
}

void rit_bill_label(const struct rit_bill *bill, const struct rit_charge *charge, char *out, size_t size)
{
    if (rit_plan_label(bill->config, bill->roster.plan[charge->index], out, size) == 0)
        snprintf(out, size, "the only point");
}

void rit_bill_reason(const struct rit_bill *bill, const struct rit_charge *charge, char *out, size_t size)
{
    const struct rit_guess *guess = &bill->guess[charge->index];
    if (guess->basis == RIT_BASIS_END)
        snprintf(out, size, "it goes to stop.tau whatever it learns");
    else if (guess->basis == RIT_BASIS_PRIOR)
        snprintf(out, size, "nothing like it has been run yet, and it may go to stop.tau");
    else if (guess->share >= 1)
        snprintf(out, size, "by the runs of %s line it does not learn before stop.tau",
                 guess->basis == RIT_BASIS_LINE ? "its own" : "the nearest");
    else
        snprintf(out, size, "by the runs of %s line it learns after %.2g of stop.tau",
                 guess->basis == RIT_BASIS_LINE ? "its own" : "the nearest", guess->share);
}

void rit_bill_draw(const struct rit_bill *bill, int play, double *seconds)
{
    struct rit_random random = rit_random_open(1, RIT_FOR_REHEARSAL, (uint64_t)play, 0);
    for (int k = 0; k < bill->count; k++) {
        const struct rit_charge *c = &bill->charge[k];
        double u = rit_random_uniform(&random);
        seconds[k] = c->whole * rit_guess_beyond_at(&bill->guess[c->index], c->ahead, u);
    }
}

void rit_bill_print_growth(const struct rit_config *config)
{
    struct rit_buffer text = {0};
    if (!rit_plan_grows(config))
        return;
    rit_plan_print_growth(config, &text);
    printf("%.*s", (int)text.size, (const char *)text.data);
    rit_buffer_release(&text);
}

void rit_bill_print_unpaced(void)
{
    printf("Time: not known; no step could be tried here: too long, too large for the memory, or there is "
           "none.\n");
}

bool rit_bill_outlasts(const struct rit_bill *bill, char *out, size_t size)
{
    double limit = bill->config->run.walltime_seconds;
    char most[32];
    if (bill->count == 0 || !(limit > 0) || !(bill->charge[bill->longest].expected > limit))
        return false;
    rit_progress_fine_duration(limit, most, sizeof most);
    snprintf(
        out, size,
        "the longest point takes longer than run.wall-time, %s: the same command, started again, goes on "
        "with it from its checkpoint",
        most);
    return true;
}
