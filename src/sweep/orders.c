/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/orders.h"

#include "sweep/desk.h"
#include "sweep/growing.h"
#include "sweep/pricing.h"
#include "sweep/summary.h"
#include "sweep/together.h"

#include "base/process.h"

#include <ritardando/point.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What results tell of the points that still wait. */
static void reprice(struct rit_conductor *c)
{
    double began = rit_seconds();
    rit_pricing(&c->config, &c->roster, &c->archive.growth, c->archive.have, c->price, c->most);
    rit_master_reprice(c->master, c->price, c->most);
    c->reprice_at = 2 * c->fresh;
    c->reprice_after = rit_seconds() + 20 * (rit_seconds() - began);
}

static void append(struct rit_conductor *c, int point, struct rit_result *result)
{
    char text[256];
    struct rit_error err = {0};
    if (result->outcome.end == RIT_END_FAILED)
        RIT_DESK_SAY(c, "the point%s failed: %s", rit_desk_label(c, point, text, sizeof text),
                     result->outcome.reason);
    c->trained += result->provenance.trained;
    rit_events_result(&c->events, result);
    if (rit_archive_append(&c->archive, point, result, &err) != RIT_OK)
        rit_desk_give_up(c, &err);
    else
        rit_growing_hear(c, point, &result->outcome);
    rit_result_release(result);
    if (c->appended == 0)
        c->appended = rit_seconds();
    rit_tail_take(&c->tail, point, rit_seconds());
    if (++c->fresh >= c->reprice_at && rit_seconds() >= c->reprice_after && !c->over)
        reprice(c);
}

/* Both were trained: they must have come out the same. */
static enum rit_status must_agree(const struct rit_conductor *c, int point, const struct rit_result *result,
                                  struct rit_error *err)
{
    char text[256], what[RIT_VARIABLE_TEXT];
    struct rit_result first;
    RIT_TRY(rit_archive_read(&c->archive, point, &first, err));
    struct rit_hash a = rit_result_content(&first), b = rit_result_content(result);
    if (!rit_hash_equal(&a, &b) || rit_outcome_differs(&first.outcome, &result->outcome, what, sizeof what))
        rit_fail(err, RIT_BAD_INPUT,
                 "the point%s came out differently on %s and on %s: one of the machines computes wrongly, or "
                 "they run different programs",
                 rit_desk_label(c, point, text, sizeof text), first.provenance.host, result->provenance.host);
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
        rit_desk_give_up(c, &err);
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
    const struct rit_colleague *colleague = &c->colleague[worker];
    char who[128] = "that never appeared", what[256], text[300] = "";
    if (colleague->known)
        snprintf(who, sizeof who, "(process %lld on %s)", (long long)colleague->peer.pid,
                 colleague->peer.host);
    if (point >= 0)
        snprintf(text, sizeof text, "; the point%s goes to another",
                 rit_desk_label(c, point, what, sizeof what));
    rit_events_lost(&c->events, worker, point >= 0 ? &c->roster.identity[point] : NULL);
    RIT_DESK_SAY(c, "worker %d %s %s%s", worker + 1, who, colleague->dead ? "has died" : "is silent", text);
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
        RIT_DESK_SAY(c, "%s", err->text);
    rit_master_dataset_written(c->master, rit_seconds() - c->dataset_began);
}

void rit_orders_tend_dataset(struct rit_conductor *c)
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

static void assign(struct rit_conductor *c, const struct rit_order *order)
{
    struct rit_point point;
    struct rit_buffer text = {0};
    const struct rit_todo *todo = &c->archive.growth.todo[order->point];
    rit_plan_point(&c->config, c->roster.plan[order->point], &point);
    rit_point_print_identity(&point, RIT_WHOLE, &text);
    rit_desk_tell(c, order->worker,
                  &(struct rit_message){.word = RIT_TELLS_ASSIGN,
                                        .lease = order->lease,
                                        .point = order->point,
                                        .identity = c->roster.identity[order->point],
                                        .from = todo->from,
                                        .from_steps = todo->steps,
                                        .bytes = text.data,
                                        .size = text.size});
    rit_buffer_release(&text);
    rit_events_give(&c->events, &c->roster.identity[order->point], order->worker);
    rit_tail_give(&c->tail, order->point, order->worker, rit_seconds());
}

void rit_orders_carry_out(struct rit_conductor *c, struct rit_result *in_hand)
{
    struct rit_order order;
    while (!c->over && rit_master_next(c->master, &order)) {
        struct rit_message message = {.lease = order.lease};
        switch (order.kind) {
        case RIT_ORDER_ASSIGN:
            assign(c, &order);
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
            rit_desk_tell(c, order.worker, &message);
            break;
        case RIT_ORDER_DROP:
            message.word = RIT_TELLS_DROP;
            rit_desk_tell(c, order.worker, &message);
            break;
        case RIT_ORDER_HALT:
            message.word = RIT_TELLS_HALT;
            rit_desk_tell(c, order.worker, &message);
            break;
        case RIT_ORDER_CALL:
            rit_together_call(c, &order);
            break;
        case RIT_ORDER_GATHER:
            rit_together_gather(c, &order);
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
            rit_desk_release(c, order.worker);
            break;
        case RIT_ORDER_FINISH:
            rit_summary(c);
            c->over = true;
            break;
        }
    }
}
