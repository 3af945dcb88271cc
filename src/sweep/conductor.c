/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/conductor.h"

#include "base/file.h"
#include "base/process.h"
#include "sweep/archive.h"
#include "sweep/master.h"
#include "sweep/progress.h"
#include "sweep/wire.h"

#include <ritardando/clock.h>
#include <ritardando/point.h>

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    ATTEMPTS = 3,             /* workers that a point may lose */
    MESSAGES_PER_TURN = 4096, /* before the journal is synced and the clock looked at */
};

static const double holder_patience = 20; /* seconds that a killed predecessor may take to die */
static const double sync_after = 0.1;     /* seconds that a result may wait to become durable */
static const double look_every = 0.5;     /* seconds between two looks at stop files and at near workers */

struct colleague {
    struct rit_peer peer; /* once it has said hello */
    bool known, dead, unfit;
    int machine; /* the first worker on the same host */
};

struct rit_conductor {
    const struct rit_sweep_options *options;
    struct rit_post *post;
    int workers;
    bool recovery;
    struct rit_peer self;
    struct rit_config config;
    bool has_config;
    struct rit_roster roster;
    struct rit_archive archive;
    uint64_t trained; /* steps made for the results of this start */
    struct rit_master *master;
    struct rit_progress progress;
    struct colleague *colleague; /* [workers] */
    char **doubt;                /* [roster.count] why a point failed once; NULL; owned */
    enum rit_status fault;       /* of the first worker that is unfit */
    int met;                     /* of them: how many have said hello */
    double began, look_at;
    double lease, beat_every;
    double appended;  /* when the oldest result came that is not yet synced; 0: none */
    bool stop_passed; /* the master knows */
    double dataset_began;
    bool dataset_due, dataset_failed;
    bool over;
    enum rit_status status;
    struct rit_buffer in, out;
};

#define SAY(c, ...) rit_progress_say(&(c)->progress, __VA_ARGS__)

static void tell(struct rit_conductor *c, int worker, const struct rit_message *message)
{
    c->out.size = 0;
    rit_message_pack(message, &c->out);
    c->post->send(c->post, worker + 1, c->out.data, c->out.size);
}

static void release(struct rit_conductor *c, int worker)
{
    struct rit_tally tally;
    rit_master_tally(c->master, &tally);
    tell(c, worker,
         &(struct rit_message){.word = RIT_TELLS_RELEASE, .leave_at_once = c->recovery || tally.lost > 0});
}

/* The world refuses: what is not synced is not acknowledged, everybody leaves with checkpoints. */
static void give_up(struct rit_conductor *c, const struct rit_error *err)
{
    if (c->over)
        return;
    SAY(c, "%s", err->text);
    c->status = err->status;
    c->over = true;
    for (int w = 0; w < c->workers; w++)
        release(c, w);
}

/* ---- the beginning ---- */

static enum rit_status read_config(struct rit_conductor *c, struct rit_error *err)
{
    RIT_TRY(rit_config_read_with(c->options->config, &c->options->overrides, &c->config, err));
    c->has_config = true;
    return RIT_OK;
}

/* RIT_STOPPED if the run folder holds a file that asks every sweep to stop. */
static enum rit_status look_for_stop_files(const struct rit_conductor *c, struct rit_error *err)
{
    static const char *const name[] = {"stop", "drain"};
    for (int i = 0; i < 2; i++) {
        char path[RIT_PATH];
        RIT_TRY(rit_file_path(path, err, "%s/%s", c->options->run, name[i]));
        if (access(path, F_OK) == 0)
            return rit_fail(err, RIT_STOPPED, "%s: this file lets nothing start here; remove it to go on",
                            path);
    }
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

/* What goes on from a kept end state costs only what is new. */
static void price_growth(struct rit_conductor *c)
{
    for (int p = 0; p < c->roster.count; p++) {
        const struct rit_todo *todo = &c->archive.growth.todo[p];
        if (todo->work != RIT_WORK_EXTEND)
            continue;
        struct rit_point point;
        rit_plan_point(&c->config, c->roster.plan[p], &point);
        struct rit_clock clock = rit_clock_of(&point);
        double all = (double)rit_clock_end(&clock, &point);
        c->roster.price[p] *= fmax(0.0, 1.0 - (double)todo->steps / all);
    }
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
        SAY(c, "%.*s", (int)strcspn(line, "\n"), line);
    rit_buffer_release(&text);
}

static enum rit_status begin(struct rit_conductor *c, const struct rit_walltime *walltime,
                             struct rit_error *err)
{
    RIT_TRY(read_config(c, err));
    RIT_TRY(look_for_stop_files(c, err));
    RIT_TRY(rit_roster_make(&c->config, c->options->share, c->options->shares, &c->roster, err));
    RIT_TRY(rit_archive_open(&c->archive, c->options->run, &c->config, &c->roster, holder_patience, err));
    c->doubt = calloc((size_t)c->roster.count + 1, sizeof *c->doubt);
    RIT_CHECK(c->doubt);
    c->lease = c->config.run.lease_seconds;
    c->beat_every = fmin(c->lease / 8, fmax(1, c->workers / 500.)); /* at most 500 beats a second */
    struct rit_master_rules rules = make_rules(c, walltime);
    price_growth(c);
    c->master = rit_master_new(&rules, c->roster.count, c->roster.price, c->workers, rit_seconds());
    int kept = 0;
    for (int p = 0; p < c->roster.count; p++) {
        if (c->archive.have[p])
            rit_master_keep(c->master, p);
        kept += c->archive.have[p] != NULL;
    }
    char before[64] = "";
    if (kept > 0)
        snprintf(before, sizeof before, ", %d of them done before", kept);
    SAY(c, "%d point%s%s; %d worker%s, results in %s", c->roster.count, c->roster.count == 1 ? "" : "s",
        before, c->workers, c->workers == 1 ? "" : "s", c->options->run);
    say_growth(c);
    char advice[256];
    if (rit_plan_advice(&c->config, advice, sizeof advice))
        SAY(c, "%s", advice);
    return RIT_OK;
}

struct rit_conductor *rit_conductor_new(const struct rit_sweep_options *options, struct rit_post *post,
                                        int workers, const struct rit_walltime *walltime, bool recovery,
                                        struct rit_error *err)
{
    struct rit_conductor *c = calloc(1, sizeof *c);
    RIT_CHECK(c);
    c->options = options;
    c->post = post;
    c->workers = workers;
    c->recovery = recovery;
    c->self = rit_peer_self();
    c->began = walltime->began;
    c->progress = rit_progress_begin(rit_seconds());
    c->archive.claim = RIT_CLAIM_NONE;
    c->colleague = calloc((size_t)workers, sizeof *c->colleague);
    RIT_CHECK(c->colleague);
    if (begin(c, walltime, err) == RIT_OK)
        return c;
    rit_conductor_free(c);
    return NULL;
}

void rit_conductor_free(struct rit_conductor *c)
{
    if (!c)
        return;
    rit_master_free(c->master);
    if (c->archive.run)
        rit_archive_close(&c->archive);
    for (int p = 0; c->doubt && p < c->roster.count; p++)
        free(c->doubt[p]);
    free(c->doubt);
    rit_roster_release(&c->roster);
    if (c->has_config)
        rit_config_release(&c->config);
    rit_buffer_release(&c->in);
    rit_buffer_release(&c->out);
    free(c->colleague);
    free(c);
}

/* ---- orders ---- */

/* " depth 2, width 30, ...", or nothing in a sweep of one point. */
static const char *label(const struct rit_conductor *c, int point, char *out, size_t size)
{
    out[0] = ' ';
    return rit_plan_label(&c->config, c->roster.plan[point], out + 1, size - 1) > 0 ? out : "";
}

static void append(struct rit_conductor *c, int point, struct rit_result *result)
{
    char text[256];
    struct rit_error err = {0};
    if (result->outcome.end == RIT_END_FAILED)
        SAY(c, "the point%s failed: %s", label(c, point, text, sizeof text), result->outcome.reason);
    c->trained += result->provenance.trained;
    if (rit_archive_append(&c->archive, point, result, &err) != RIT_OK)
        give_up(c, &err);
    rit_result_release(result);
    if (c->appended == 0)
        c->appended = rit_seconds();
}

/* Both were trained: they must have come out the same. */
static enum rit_status must_agree(const struct rit_conductor *c, int point, const struct rit_result *result,
                                  struct rit_error *err)
{
    char text[256];
    struct rit_result first;
    RIT_TRY(rit_archive_read(&c->archive, point, &first, err));
    struct rit_hash a = rit_result_content(&first), b = rit_result_content(result);
    if (!rit_hash_equal(&a, &b))
        rit_fail(err, RIT_BAD_INPUT,
                 "the point%s came out differently on %s and on %s: one of the machines computes wrongly, or "
                 "they run different programs",
                 label(c, point, text, sizeof text), first.provenance.host, result->provenance.host);
    rit_result_release(&first);
    return err->status;
}

/* The same point came twice. */
static void compare(struct rit_conductor *c, int point, struct rit_result *result)
{
    struct rit_error err = {.status = RIT_OK};
    bool both_trained =
        c->archive.have[point]->end != RIT_END_FAILED && result->outcome.end != RIT_END_FAILED;
    if (both_trained && must_agree(c, point, result, &err) != RIT_OK)
        give_up(c, &err);
    rit_result_release(result);
}

/* A failure that nobody else has seen yet. */
static void keep_doubt(struct rit_conductor *c, int point, struct rit_result *result)
{
    free(c->doubt[point]);
    c->doubt[point] = strdup(result->outcome.reason);
    RIT_CHECK(c->doubt[point]);
    rit_result_release(result);
}

/* Nobody else can judge, or nobody who trained it came back: this is recorded. */
static void record_failure(struct rit_conductor *c, int point)
{
    struct rit_point values;
    struct rit_buffer text = {0};
    rit_plan_point(&c->config, c->roster.plan[point], &values);
    rit_point_print_identity(&values, RIT_WHOLE, &text);
    rit_pack_bytes(&text, "", 1);
    struct rit_result result = {.identity = c->roster.identity[point],
                                .trajectory = c->roster.trajectory[point],
                                .point = (char *)text.data};
    result.outcome.end = RIT_END_FAILED;
    if (c->doubt[point])
        snprintf(result.outcome.reason, sizeof result.outcome.reason, "%s", c->doubt[point]);
    else
        snprintf(result.outcome.reason, sizeof result.outcome.reason,
                 "%d workers were lost while they trained it", rit_master_losses(c->master, point));
    snprintf(result.provenance.host, sizeof result.provenance.host, "%s", c->self.host);
    append(c, point, &result);
}

static void say_lost(struct rit_conductor *c, int worker, int point)
{
    const struct colleague *colleague = &c->colleague[worker];
    char who[128] = "that never appeared", what[256], text[300] = "";
    if (colleague->known)
        snprintf(who, sizeof who, "(process %lld on %s)", (long long)colleague->peer.pid,
                 colleague->peer.host);
    if (point >= 0)
        snprintf(text, sizeof text, "; the point%s goes to another", label(c, point, what, sizeof what));
    SAY(c, "worker %d %s %s%s", worker + 1, who, colleague->dead ? "has died" : "is silent", text);
    /* A silent one must not come back when nobody waits for it any more. */
    if (c->recovery && colleague->known && !colleague->dead && rit_peer_is_near(&c->self, &colleague->peer))
        kill((pid_t)colleague->peer.pid, SIGKILL);
}

/* The last dataset takes the place of one in the making. */
static void order_dataset(struct rit_conductor *c)
{
    c->dataset_due = true;
    if (c->archive.publisher)
        rit_archive_give_up_dataset(&c->archive);
}

static void dataset_ended(struct rit_conductor *c, const struct rit_error *err)
{
    c->dataset_failed = err->status != RIT_OK;
    if (c->dataset_failed)
        SAY(c, "%s", err->text);
    rit_master_dataset_written(c->master, rit_seconds() - c->dataset_began);
}

/* Put a dataset in place that has become ready, and begin the one that is due. */
static void tend_dataset(struct rit_conductor *c)
{
    struct rit_error err = {.status = RIT_OK};
    if (c->archive.publisher && rit_archive_dataset_is_done(&c->archive)) {
        rit_archive_end_dataset(&c->archive, &err);
        if (!c->dataset_due) /* else it was given up */
            dataset_ended(c, &err);
    }
    if (c->archive.publisher || !c->dataset_due)
        return;
    c->dataset_due = false;
    c->dataset_began = rit_seconds();
    if (rit_archive_begin_dataset(&c->archive, &err) != RIT_OK)
        dataset_ended(c, &err);
}

static void show(struct rit_conductor *c)
{
    struct rit_tally tally;
    rit_master_tally(c->master, &tally);
    rit_progress_show(&c->progress, &tally, rit_seconds());
}

/* What came out, in one line each. */
static void sum_up(struct rit_conductor *c)
{
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
        give_up(c, &gone);
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
    SAY(c, "%s after %s: %d of %d points done, %d of them now in %llu steps; %s",
        hollow ? "all trained, but the dataset is not written," : how[tally.end], duration, tally.done,
        tally.points, tally.done - tally.kept, (unsigned long long)c->trained, counts);
    if (tally.lost > 0)
        SAY(c, "%d worker%s lost on the way; what %s had in training went back to the queue", tally.lost,
            tally.lost == 1 ? " was" : "s were", tally.lost == 1 ? "it" : "they");
    if (tally.unfit > 0 && tally.end != RIT_SWEEP_UNFIT)
        SAY(c, "%d of %d workers could do nothing on their machines", tally.unfit, tally.workers);
    rit_archive_tidy(&c->archive);
    if (tally.dataset_stale)
        SAY(c, "no time is left to write the dataset: the next start does");
    if (tally.end == RIT_SWEEP_COMPLETE && !tally.dataset_stale)
        c->status = tally.failed > 0 ? RIT_SOME_FAILED : RIT_OK;
    else
        c->status = tally.end == RIT_SWEEP_UNFIT ? c->fault : RIT_STOPPED;
    if (c->dataset_failed)
        c->status = RIT_IO;
    struct rit_error file = {.status = RIT_OK};
    if (c->status == RIT_STOPPED)
        SAY(c, "%s", look_for_stop_files(c, &file) == RIT_OK ? "the same command continues" : file.text);
}

static void carry_out(struct rit_conductor *c, struct rit_result *in_hand)
{
    struct rit_order order;
    while (!c->over && rit_master_next(c->master, &order)) {
        struct rit_message message = {.lease = order.lease};
        switch (order.kind) {
        case RIT_ORDER_ASSIGN:
            message.word = RIT_TELLS_ASSIGN;
            message.point = order.point;
            message.plan = c->roster.plan[order.point];
            message.identity = c->roster.identity[order.point];
            message.from = c->archive.growth.todo[order.point].from;
            message.from_steps = c->archive.growth.todo[order.point].steps;
            tell(c, order.worker, &message);
            break;
        case RIT_ORDER_APPEND:
        case RIT_ORDER_REPLACE:
            append(c, order.point, in_hand);
            break;
        case RIT_ORDER_COMPARE:
            compare(c, order.point, in_hand);
            break;
        case RIT_ORDER_DOUBT:
            keep_doubt(c, order.point, in_hand);
            break;
        case RIT_ORDER_FAIL:
            record_failure(c, order.point);
            break;
        case RIT_ORDER_ACKNOWLEDGE:
            message.word = RIT_TELLS_ACKNOWLEDGE;
            tell(c, order.worker, &message);
            break;
        case RIT_ORDER_DROP:
            message.word = RIT_TELLS_DROP;
            tell(c, order.worker, &message);
            break;
        case RIT_ORDER_HALT:
            message.word = RIT_TELLS_HALT;
            tell(c, order.worker, &message);
            break;
        case RIT_ORDER_LOST:
            say_lost(c, order.worker, order.point);
            break;
        case RIT_ORDER_REPORT:
            show(c);
            break;
        case RIT_ORDER_DATASET:
            order_dataset(c);
            break;
        case RIT_ORDER_RELEASE:
            release(c, order.worker);
            break;
        case RIT_ORDER_FINISH:
            sum_up(c);
            c->over = true;
            break;
        }
    }
}

/* ---- events ---- */

/* The sentence is said once a machine. */
static void part_with(struct rit_conductor *c, int worker, enum rit_status status, const char *why)
{
    struct colleague *colleague = &c->colleague[worker];
    bool said = false;
    for (int w = 0; w < c->workers; w++)
        said |= c->colleague[w].unfit && c->colleague[w].machine == colleague->machine;
    if (!said)
        SAY(c, "worker %d on %s gets no work: %s", worker + 1, colleague->peer.host, why);
    colleague->unfit = true;
    if (c->fault == RIT_OK)
        c->fault = status;
    rit_master_unfit(c->master, worker);
    carry_out(c, NULL);
}

static void get_to_know(struct rit_conductor *c, int worker, const struct rit_peer *peer)
{
    struct colleague *colleague = &c->colleague[worker];
    c->met += !colleague->known;
    *colleague = (struct colleague){.peer = *peer, .known = true};
    while (strcmp(c->colleague[colleague->machine].peer.host, peer->host) != 0)
        colleague->machine++;
}

static void hear_hello(struct rit_conductor *c, int worker, const struct rit_message *message)
{
    get_to_know(c, worker, &message->peer);
    if (message->numerics != RIT_NUMERICS_VERSION) {
        part_with(c, worker, RIT_BAD_INPUT, "it runs another version of the program");
        return;
    }
    struct rit_message welcome = {.word = RIT_TELLS_WELCOME,
                                  .peer = c->self,
                                  .patience = 3 * c->lease,
                                  .beat_every = c->beat_every,
                                  .epoch = c->archive.claim.fence.epoch,
                                  .bytes = c->archive.config_text.data,
                                  .size = c->archive.config_text.size - 1}; /* without its closing zero */
    snprintf(welcome.token, sizeof welcome.token, "%s", c->archive.claim.fence.token);
    snprintf(welcome.run, sizeof welcome.run, "%s", c->options->run);
    snprintf(welcome.name, sizeof welcome.name, "%s", c->options->config);
    tell(c, worker, &welcome);
    rit_master_joined(c->master, worker, c->colleague[worker].machine);
    carry_out(c, NULL);
}

static void hear_result(struct rit_conductor *c, int worker, const struct rit_message *message)
{
    struct rit_reader in = {.data = message->bytes, .size = message->size};
    struct rit_result result;
    struct rit_error err = {0};
    bool good = message->point >= 0 && message->point < c->roster.count &&
                rit_result_read(&in, &result, &err) == RIT_OK;
    /* Only a bug or broken memory makes a result that cannot be read or is of another point. */
    RIT_CHECK(good && rit_hash_equal(&result.identity, &c->roster.identity[message->point]));
    rit_master_result(c->master, worker, message->lease, message->point, message->failed);
    carry_out(c, &result);
}

static void hear_unfit(struct rit_conductor *c, int worker, const struct rit_message *message)
{
    char why[1024];
    snprintf(why, sizeof why, "%.*s", (int)message->size, (const char *)message->bytes);
    part_with(c, worker, (enum rit_status)message->status, why);
}

static void hear(struct rit_conductor *c, int worker, const struct rit_message *message)
{
    switch (message->word) {
    case RIT_SAYS_HELLO:
        hear_hello(c, worker, message);
        break;
    case RIT_SAYS_BEAT:
        tell(c, worker, &(struct rit_message){.word = RIT_TELLS_PULSE});
        rit_master_beat(c->master, worker, message->lease, &message->beat);
        carry_out(c, NULL);
        break;
    case RIT_SAYS_RESULT:
        hear_result(c, worker, message);
        break;
    case RIT_SAYS_UNFIT:
        hear_unfit(c, worker, message);
        break;
    case RIT_SAYS_BACK:
        rit_master_given_back(c->master, worker);
        carry_out(c, NULL);
        break;
    default:
        RIT_CHECK(!"a word that no worker says");
    }
}

static void stop(struct rit_conductor *c, const char *why)
{
    if (!c->stop_passed)
        SAY(c, "%s: everybody writes a checkpoint and leaves", why);
    c->stop_passed = true;
    rit_master_stop(c->master);
    carry_out(c, NULL);
}

static bool file_is_there(const struct rit_conductor *c, const char *name)
{
    char path[RIT_PATH];
    return rit_file_path(path, NULL, "%s/%s", c->options->run, name) == RIT_OK && access(path, F_OK) == 0;
}

/* What nobody sends a message about. */
static void look_around(struct rit_conductor *c)
{
    struct rit_error err = {0};
    if (rit_archive_check(&c->archive, &err) != RIT_OK)
        give_up(c, &err);
    for (int w = 0; w < c->workers && !c->over; w++) {
        struct colleague *colleague = &c->colleague[w];
        if (!colleague->known || colleague->dead || !rit_peer_is_dead(&c->self, &colleague->peer))
            continue;
        colleague->dead = true;
        rit_master_lost(c->master, w);
        carry_out(c, NULL);
    }
    if (!c->over && file_is_there(c, "stop"))
        stop(c, "the run folder holds a file stop");
    if (!c->over && file_is_there(c, "drain")) {
        rit_master_drain(c->master);
        carry_out(c, NULL);
    }
}

/* Results are made durable together, soon after the first of them: a sync may take as long as a short point.
 * Nobody waits for it but the end. */
static bool must_sync(const struct rit_conductor *c, double now)
{
    struct rit_tally tally;
    if (c->appended == 0 || now >= c->appended + sync_after)
        return c->appended > 0;
    rit_master_tally(c->master, &tally);
    return tally.running == 0;
}

static void sync_results(struct rit_conductor *c)
{
    struct rit_error err = {0};
    if (rit_archive_sync(&c->archive, &err) != RIT_OK) {
        give_up(c, &err);
        return;
    }
    c->appended = 0;
    rit_master_synced(c->master);
    carry_out(c, NULL);
}

bool rit_conductor_turn(struct rit_conductor *c)
{
    int from, heard = 0;
    if (rit_stop_asked() != RIT_GO && !c->stop_passed && !c->over)
        stop(c, "asked by a signal");
    while (!c->over && heard < MESSAGES_PER_TURN && c->post->receive(c->post, &from, &c->in)) {
        struct rit_message message;
        RIT_CHECK(from > 0 && from <= c->workers && rit_message_read(c->in.data, c->in.size, &message));
        hear(c, from - 1, &message);
        heard++;
    }
    double now = rit_seconds();
    if (!c->over && must_sync(c, now))
        sync_results(c);
    now = rit_seconds();
    if (!c->over && now >= c->look_at) {
        look_around(c);
        c->look_at = now + look_every;
    }
    if (!c->over) {
        tend_dataset(c);
        rit_master_tick(c->master, now);
        carry_out(c, NULL);
    }
    return heard > 0;
}

bool rit_conductor_has_met_all(const struct rit_conductor *c)
{
    return c->met == c->workers;
}

bool rit_conductor_is_over(const struct rit_conductor *c, enum rit_status *status, bool *at_once)
{
    struct rit_tally tally;
    rit_master_tally(c->master, &tally);
    *status = c->status;
    *at_once = c->recovery || tally.lost > 0;
    return c->over;
}
