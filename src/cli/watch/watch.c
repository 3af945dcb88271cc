/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/watch/watch.h"

#include <ritardando/point.h>

#include "base/json.h"
#include "cli/stored/stored.h"
#include "store/checkpoint.h"
#include "store/claim.h"
#include "sweep/sofar.h"
#include "train/schedule.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* ---- thresholds ---- */

struct reached {
    int thresholds, runs;
    double eps[RIT_MAX_LIST];
    int learned[RIT_MAX_LIST];
};

static enum rit_status count_reached(const struct rit_config *config, const struct rit_roster *roster,
                                     const struct rit_results *results, struct reached *reached,
                                     struct rit_error *err)
{
    struct rit_dataset dataset;
    *reached = (struct reached){.runs = 0};
    if (results->count == 0)
        return RIT_OK;
    RIT_TRY(rit_stored_as_dataset(config, roster, results, rit_learning_only, &dataset, err));
    const struct rit_array *time = rit_dataset_find(&dataset, "learning_time"),
                           *eps = rit_dataset_find(&dataset, "threshold");
    if (time && eps && dataset.points > 0) {
        reached->runs = (int)dataset.points;
        reached->thresholds = eps->count < RIT_MAX_LIST ? (int)eps->count : RIT_MAX_LIST;
    }
    for (int t = 0; t < reached->thresholds; t++) {
        reached->eps[t] = eps->value[t];
        for (size_t row = 0; row < dataset.points; row++)
            reached->learned[t] += isfinite(time->value[row * eps->count + (size_t)t]);
    }
    rit_dataset_release(&dataset);
    return RIT_OK;
}

enum rit_status rit_watch_reached(const struct rit_config *config, const struct rit_roster *roster,
                                  const struct rit_results *results, struct rit_buffer *out,
                                  struct rit_error *err)
{
    struct reached reached;
    RIT_TRY(count_reached(config, roster, results, &reached, err));
    for (int t = reached.thresholds - 1; t >= 0; t--) {
        bool first = t == reached.thresholds - 1;
        rit_buffer_printf(out, first ? "Reached: %g bit by %d of %d run%s" : ", %g by %d", reached.eps[t],
                          reached.learned[t], reached.runs, reached.runs == 1 ? "" : "s");
    }
    if (reached.thresholds > 0)
        rit_buffer_printf(out, ".\n");
    return RIT_OK;
}

/* ---- workers ---- */

bool rit_watch_idle(const char *run, const struct rit_bill *left, double now, struct rit_idle *idle)
{
    struct rit_holder who;
    struct rit_error err = {0};
    enum rit_life life;
    int epoch;
    if (rit_claim_look(run, &epoch, &who, &life, &err) != RIT_OK || life != RIT_ALIVE || who.workers <= 0)
        return false;
    *idle = rit_idle_find(left, run, who.workers, now);
    return true;
}

/* ---- JSON ---- */

static void put(struct rit_buffer *out, const char *key, double x)
{
    rit_buffer_printf(out, ", \"%s\": ", key);
    rit_json_number(x, out);
}

static void put_identity(struct rit_buffer *out, const struct rit_hash *identity)
{
    char hex[RIT_HASH_HEX];
    rit_hash_hex(identity, 2 * RIT_HASH_BYTES, hex);
    rit_buffer_printf(out, "\"point\": \"%s\"", hex);
}

static void put_training(const char *run, const struct rit_config *config, const struct rit_roster *roster,
                         const struct rit_results *results, struct rit_buffer *out)
{
    const char *comma = "";
    rit_buffer_printf(out, ",\n \"training\": [");
    for (int p = 0; p < roster->count; p++) {
        const struct rit_hash *identity = &roster->identity[p];
        unsigned char head[RIT_SOFAR_BYTES];
        char label[256];
        double written;
        if (rit_results_find(results, identity) ||
            !rit_checkpoint_glance(run, &rit_checkpoints, identity, head, sizeof head, &written))
            continue;
        struct rit_sofar sofar = rit_sofar_read(head);
        struct rit_point point;
        rit_plan_point(config, roster->plan[p], &point);
        rit_plan_label(config, roster->plan[p], label, sizeof label);
        rit_buffer_printf(out, "%s\n  {", comma);
        put_identity(out, identity);
        rit_buffer_printf(out, ", \"label\": ");
        rit_json_text(label, out);
        put(out, "tau", sofar.tau);
        put(out, "stop_tau", rit_goal_of(&point).at); /* with tau, of a survey its pieces */
        put(out, "nll", sofar.nll);
        put(out, "seconds", sofar.seconds);
        put(out, "written", written);
        rit_buffer_printf(out, "}");
        comma = ",";
    }
    rit_buffer_printf(out, "]");
}

static void put_holder(const char *run, struct rit_buffer *out)
{
    static const char *const life_word[] = {
        [RIT_NEVER] = "never", [RIT_ALIVE] = "alive", [RIT_DEAD] = "dead", [RIT_UNKNOWN] = "unknown"};
    struct rit_holder who;
    struct rit_error err = {0};
    enum rit_life life;
    int epoch;
    if (rit_claim_look(run, &epoch, &who, &life, &err) != RIT_OK || life == RIT_NEVER)
        return;
    rit_buffer_printf(out, ",\n \"holder\": {\"life\": \"%s\", \"start\": %d, \"process\": %ld, \"host\": ",
                      life_word[life], epoch, who.pid);
    rit_json_text(who.host, out);
    rit_buffer_printf(out, ", \"since\": ");
    rit_json_text(who.since, out);
    if (who.workers > 0)
        rit_buffer_printf(out, ", \"workers\": %d", who.workers);
    rit_buffer_printf(out, "}");
}

/* Of a run that is running with workers whose number is known. */
static void put_idle(const char *run, const struct rit_bill *left, struct rit_buffer *out)
{
    struct rit_idle idle;
    double now = (double)time(NULL);
    if (!rit_watch_idle(run, left, now, &idle))
        return;
    rit_buffer_printf(out, ",\n \"waiting\": {\"workers\": %d, \"idle\": %d, \"holding\": %d", idle.workers,
                      idle.idle, idle.holding);
    put(out, "from", now + idle.from);
    put(out, "end", now + idle.end);
    rit_buffer_printf(out, "}");
}

static void put_left(const struct rit_bill *left, struct rit_buffer *out)
{
    char label[256], reason[256];
    const struct rit_charge *longest = &left->charge[left->longest];
    rit_bill_label(left, longest, label, sizeof label);
    rit_bill_reason(left, longest, reason, sizeof reason);
    rit_buffer_printf(out, ",\n \"left\": {\"points\": %d", left->count);
    put(out, "core_seconds", left->expected);
    put(out, "low", left->low);
    put(out, "high", left->high);
    rit_buffer_printf(out, ", \"longest\": {");
    put_identity(out, &left->roster.identity[longest->index]);
    rit_buffer_printf(out, ", \"label\": ");
    rit_json_text(label, out);
    put(out, "seconds", longest->expected);
    rit_buffer_printf(out, ", \"reason\": ");
    rit_json_text(reason, out);
    rit_buffer_printf(out, "}}");
}

enum rit_status rit_watch_json(const char *run, const struct rit_config *config,
                               const struct rit_roster *roster, const struct rit_results *results,
                               const struct rit_bill *left, const struct rit_buffer *refined,
                               struct rit_buffer *out, struct rit_error *err)
{
    struct reached reached;
    int ends[RIT_ENDS] = {0}, missing = 0;
    RIT_TRY(count_reached(config, roster, results, &reached, err));
    for (int p = 0; p < roster->count; p++) {
        const struct rit_stored *stored = rit_results_find(results, &roster->identity[p]);
        if (stored)
            ends[stored->end]++;
        else
            missing++;
    }
    rit_buffer_printf(out, "{\"points\": %d, \"missing\": %d, \"ends\": {", roster->count, missing);
    for (int e = 0; e < RIT_ENDS; e++)
        rit_buffer_printf(out, "%s\"%s\": %d", e ? ", " : "", rit_end_name((enum rit_end)e), ends[e]);
    rit_buffer_printf(out, "},\n \"thresholds\": [");
    for (int t = 0; t < reached.thresholds; t++) {
        rit_buffer_printf(out, "%s{\"bits\": ", t ? ", " : "");
        rit_json_number(reached.eps[t], out);
        rit_buffer_printf(out, ", \"reached\": %d, \"runs\": %d}", reached.learned[t], reached.runs);
    }
    rit_buffer_printf(out, "]");
    put_training(run, config, roster, results, out);
    put_holder(run, out);
    if (left) {
        put_left(left, out);
        put_idle(run, left, out);
    }
    if (refined->size > 0)
        rit_buffer_printf(out, ",\n \"refine\": %.*s", (int)refined->size, (const char *)refined->data);
    rit_buffer_printf(out, "}\n");
    return RIT_OK;
}
