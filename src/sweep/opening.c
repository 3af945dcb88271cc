/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/opening.h"

#include "sweep/desk.h"
#include "sweep/growing.h"
#include "sweep/pricing.h"
#include "sweep/together.h"

#include "base/process.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ATTEMPTS = 3 }; /* workers that a point may lose */

static const double holder_patience = 20; /* seconds that a killed predecessor may take to die */

static enum rit_status read_config(struct rit_conductor *c, struct rit_error *err)
{
    RIT_TRY(rit_config_read_with(c->options->config, &c->options->overrides, &c->config, err));
    c->has_config = true;
    return RIT_OK;
}

static struct rit_master_rules make_rules(const struct rit_conductor *c, const struct rit_walltime *walltime)
{
    const struct rit_run_settings *run = &c->config.run;
    double limit = walltime->limit;
    if (run->walltime_seconds > 0)
        limit = fmin(limit, walltime->began + run->walltime_seconds);
    return (struct rit_master_rules){.lease = c->lease,
                                     .limit = limit,
                                     .leave = fmin(30, 0.05 * (limit - walltime->began) + 1),
                                     .report = rit_progress_interval(&c->progress, run->report_seconds),
                                     .dataset = run->dataset_seconds,
                                     .attempts = ATTEMPTS};
}

/* The dearest come first, as far as results there tell what is dear. */
static void price_points(struct rit_conductor *c, const struct rit_walltime *walltime)
{
    struct rit_master_rules rules = make_rules(c, walltime);
    int *rank = calloc((size_t)c->roster.count + 1, sizeof *rank);
    c->price = calloc((size_t)c->roster.count + 1, sizeof *c->price);
    c->most = calloc((size_t)c->roster.count + 1, sizeof *c->most);
    RIT_CHECK(rank && c->price && c->most);
    double began = rit_seconds();
    rit_pricing(&c->config, &c->roster, &c->archive.growth, c->archive.have, c->price, c->most);
    c->reprice_after = rit_seconds() + 20 * (rit_seconds() - began);
    rit_pricing_rank(&c->roster, rank);
    c->master = rit_master_new(&rules, c->roster.count, c->price, c->workers, rit_seconds());
    rit_master_rank(c->master, rank);
    rit_master_reprice(c->master, c->price, c->most);
    c->reprice_at = RIT_FIRST_REPRICING;
    rit_tail_begin(&c->tail, c->roster.count, c->workers);
    free(rank);
}

/* What a larger request finds, a line each; nothing of a run that only goes on. */
static void say_growth(struct rit_conductor *c)
{
    struct rit_buffer text = {0};
    bool grown = false;
    for (int p = 0; p < c->roster.count; p++) {
        enum rit_work work = c->archive.growth.todo[p].work;
        grown = grown || work == RIT_WORK_EXTEND || work == RIT_WORK_AGAIN;
    }
    if (grown)
        rit_growth_print(&c->archive.growth, &text);
    rit_pack_bytes(&text, "", 1);
    for (char *line = (char *)text.data; *line; line += strcspn(line, "\n") + 1)
        RIT_DESK_SAY(c, "%.*s", (int)strcspn(line, "\n"), line);
    rit_buffer_release(&text);
}

enum rit_status rit_opening(struct rit_conductor *c, const struct rit_walltime *walltime,
                            struct rit_error *err)
{
    RIT_TRY(read_config(c, err));
    RIT_TRY(rit_desk_stop_files(c, err));
    RIT_TRY(rit_roster_make(&c->config, c->options->share, c->options->shares, &c->roster, err));
    RIT_TRY(rit_archive_open(&c->archive, c->options->run, &c->config, &c->roster, holder_patience, err));
    RIT_TRY(rit_claim_note_workers(&c->archive.claim, c->workers, err));
    c->doubt = calloc((size_t)c->roster.count + 1, sizeof *c->doubt);
    RIT_CHECK(c->doubt);
    RIT_TRY(rit_growing_begin(c, err));
    c->lease = c->config.run.lease_seconds;
    c->beat_every = fmin(c->lease / 8, fmax(1, c->workers / 500.)); /* at most 500 beats a second */
    price_points(c, walltime);
    int kept = 0;
    for (int p = 0; p < c->roster.count; p++) {
        if (c->archive.have[p])
            rit_master_keep(c->master, p);
        kept += c->archive.have[p] != NULL;
    }
    if (c->refinement)
        rit_master_expect(c->master, !rit_refinement_is_over(c->refinement));
    rit_events_open(&c->events, c->archive.claim.fence.folder);
    rit_events_begin(&c->events, c->archive.claim.fence.epoch, c->roster.count, kept, c->workers);
    char before[64] = "";
    if (kept > 0)
        snprintf(before, sizeof before, ", %d of them done before", kept);
    RIT_DESK_SAY(c, "%d point%s%s; %d worker%s, results in %s", c->roster.count,
                 c->roster.count == 1 ? "" : "s", before, c->workers, c->workers == 1 ? "" : "s",
                 c->options->run);
    say_growth(c);
    rit_together_look(c, 0);
    char advice[256];
    if (rit_plan_advice(&c->config, advice, sizeof advice))
        RIT_DESK_SAY(c, "%s", advice);
    return RIT_OK;
}
