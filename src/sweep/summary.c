/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/summary.h"

#include "sweep/desk.h"

#include "base/process.h"

void rit_summary(struct rit_conductor *c)
{
    static const char *const word[] = {[RIT_SWEEP_COMPLETE] = "complete",
                                       [RIT_SWEEP_STOPPED] = "stopped",
                                       [RIT_SWEEP_OUT_OF_TIME] = "out of time",
                                       [RIT_SWEEP_FORSAKEN] = "forsaken",
                                       [RIT_SWEEP_UNFIT] = "unfit"};
    static const char *const how[] = {
        [RIT_SWEEP_COMPLETE] = "complete",
        [RIT_SWEEP_STOPPED] = "stopped",
        [RIT_SWEEP_OUT_OF_TIME] = "stopped, because the wall-time limit is near",
        [RIT_SWEEP_FORSAKEN] = "stopped, because no worker is left",
        [RIT_SWEEP_UNFIT] = "stopped, because no machine can do the work",
    };
    struct rit_tally tally;
    int ends[RIT_ENDS] = {0};
    char duration[64], counts[128];
    struct rit_error gone = {0};
    if (rit_archive_check_all(&c->archive, &gone) != RIT_OK) {
        rit_desk_give_up(c, &gone);
        return;
    }
    rit_master_tally(c->master, &tally);
    for (int p = 0; p < c->roster.count; p++)
        if (c->archive.have[p])
            ends[c->archive.have[p]->end]++;
    rit_progress_duration(rit_seconds() - c->began, duration, sizeof duration);
    rit_ends_print(ends, counts, sizeof counts);
    /* Nothing is complete that is not all in order on disk. */
    bool hollow = c->dataset_failed && tally.end == RIT_SWEEP_COMPLETE;
    RIT_DESK_SAY(c, "%s after %s: %d of %d points done, %d of them now in %llu steps; %s",
                 hollow            ? "all trained, but the dataset is not written,"
                 : tally.aside > 0 ? "all trained that can be,"
                                   : how[tally.end],
                 duration, tally.done, tally.points, tally.done - tally.kept, (unsigned long long)c->trained,
                 counts);
    if (tally.lost > 0)
        RIT_DESK_SAY(c, "%d worker%s lost on the way; what %s had in training went back to the queue",
                     tally.lost, tally.lost == 1 ? " was" : "s were", tally.lost == 1 ? "it" : "they");
    if (tally.aside > 0)
        RIT_DESK_SAY(c, "%d point%s on no machine here; on a larger one the same command goes on",
                     tally.aside, tally.aside == 1 ? " fits" : "s fit");
    if (tally.unfit > 0 && tally.end != RIT_SWEEP_UNFIT)
        RIT_DESK_SAY(c, "%d of %d workers could do nothing on their machines", tally.unfit, tally.workers);
    char tail[256];
    if (tally.end == RIT_SWEEP_COMPLETE && rit_tail_print(&c->tail, tail, sizeof tail))
        RIT_DESK_SAY(c, "%s", tail);
    rit_events_end(&c->events, word[tally.end], tally.done, tally.failed);
    rit_archive_tidy(&c->archive);
    if (tally.dataset_stale)
        RIT_DESK_SAY(c, "no time is left to write the dataset: the next start does");
    if (tally.end == RIT_SWEEP_COMPLETE && !tally.dataset_stale)
        c->status = tally.failed > 0 ? RIT_SOME_FAILED : RIT_OK;
    else
        c->status = tally.end == RIT_SWEEP_UNFIT ? c->fault : RIT_STOPPED;
    if (c->dataset_failed)
        c->status = RIT_IO;
    struct rit_error file = {.status = RIT_OK};
    if (c->status == RIT_STOPPED)
        RIT_DESK_SAY(c, "%s",
                     rit_desk_stop_files(c, &file) == RIT_OK ? "the same command continues" : file.text);
}
