/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/master.h"

#include "sweep/calling.h"
#include "sweep/closing.h"
#include "sweep/deal.h"
#include "sweep/ledger.h"

#include <ritardando/status.h>

#include <math.h>
#include <stdlib.h>

void rit_master_rank(struct rit_master *m, const int *rank)
{
    RIT_CHECK(m->queue.count == m->points);
    for (int p = 0; p < m->points; p++)
        rit_heap_remove(&m->queue, p);
    rit_heap_rank(&m->queue, rank, m->points);
    for (int p = 0; p < m->points; p++)
        rit_heap_put(&m->queue, p, rit_ledger_key(&m->point[p]));
}

void rit_master_reprice(struct rit_master *m, const double *price, const double *most)
{
    m->work_left = 0;
    for (int p = 0; p < m->points; p++) {
        struct rit_master_point *point = &m->point[p];
        if (point->state != RIT_POINT_QUEUED && point->state != RIT_POINT_RUNNING)
            continue;
        RIT_CHECK(price[p] >= 0 && price[p] < INFINITY && most[p] >= 0 && most[p] < INFINITY);
        m->work += price[p] - point->price;
        m->work_left += price[p];
        point->price = price[p];
        point->most = most[p];
        if (rit_heap_has(&m->queue, p))
            rit_heap_put(&m->queue, p, rit_ledger_key(point));
    }
}

void rit_master_keep(struct rit_master *m, int p)
{
    RIT_CHECK(m->point[p].state == RIT_POINT_QUEUED);
    rit_heap_remove(&m->queue, p);
    m->point[p].state = RIT_POINT_DONE;
    m->work_left -= m->point[p].price;
    m->done++;
    m->kept++;
    m->dataset_stale = true;
}

void rit_master_together(struct rit_master *m, int p)
{
    RIT_CHECK(m->point[p].state == RIT_POINT_QUEUED);
    rit_heap_remove(&m->queue, p);
    rit_heap_put(&m->together, p, -m->point[p].price);
}

static void lose(struct rit_master *m, int w, enum rit_worker_state state)
{
    struct rit_master_worker *worker = &m->worker[w];
    int p = worker->state == RIT_WORKER_BUSY ? worker->point : -1;
    rit_ledger_become(m, w, state);
    m->lost++;
    rit_ledger_order(m, RIT_ORDER_LOST, w, p, worker->lease);
    if (p < 0)
        return;
    m->point[p].losses++;
    rit_ledger_enqueue(m, p);
    if (m->point[p].losses >= m->rules.attempts) {
        rit_ledger_arrive(m, p, true);
        rit_ledger_order(m, RIT_ORDER_FAIL, -1, p, 0);
    }
}

/* After every event: what can be given out is, and the end is seen. */
static void settle(struct rit_master *m)
{
    if (m->finished) {
        rit_closing_conclude(m);
        return;
    }
    if (rit_calling(m))
        return; /* nothing ends while somebody is, or may be, in there */
    rit_deal(m);
    if (m->n_arrived > 0)
        return; /* nothing ends before the journal is synced */
    if (m->done + m->aside == m->points && (!m->expects || m->aside > 0))
        rit_closing_finish(m, m->aside > 0 ? RIT_SWEEP_UNFIT : RIT_SWEEP_COMPLETE);
    else if (m->draining && m->busy == 0)
        rit_closing_finish(m, m->wish);
    else if (m->now >= m->rules.limit)
        rit_closing_finish(m, RIT_SWEEP_OUT_OF_TIME);
    else if (m->present == 0)
        rit_closing_wait(m);
}

void rit_master_add(struct rit_master *m, int n, const double *price)
{
    int all = m->points + n;
    m->point = realloc(m->point, ((size_t)all + 1) * sizeof *m->point);
    m->arrived = realloc(m->arrived, ((size_t)all + 1) * sizeof *m->arrived);
    RIT_CHECK(m->point && m->arrived);
    rit_heap_grow(&m->queue, m->points, all);
    rit_heap_grow(&m->doubts, m->points, all);
    rit_heap_grow(&m->large, m->points, all);
    rit_heap_grow(&m->together, m->points, all);
    for (int i = 0; i < n; i++)
        rit_ledger_begin(m, m->points++, price[i]);
}

void rit_master_expect(struct rit_master *m, bool more)
{
    m->expects = more;
    settle(m);
}

void rit_master_joined(struct rit_master *m, int w, int machine)
{
    RIT_CHECK(machine >= 0 && machine < m->workers);
    enum rit_worker_state state = m->worker[w].state;
    if (m->finished || (state != RIT_WORKER_ABSENT && state != RIT_WORKER_LOST))
        return;
    rit_ledger_heard(m, w);
    m->worker[w].machine = machine;
    rit_ledger_become(m, w, RIT_WORKER_IDLE);
    settle(m);
}

/*
 * A worker that was taken for lost speaks again. If it knows nothing of its last lease yet, the assignment is
 * still on its way: the drop will arrive behind it.
 */
static void welcome_back(struct rit_master *m, int w, uint64_t lease)
{
    struct rit_master_worker *worker = &m->worker[w];
    bool at_it = lease != 0 && lease == worker->lease;
    if (at_it && m->point[worker->point].state == RIT_POINT_QUEUED) {
        m->point[worker->point].losses--; /* it did not kill this worker */
        rit_ledger_train(m, w, worker->point);
        if (m->halting)
            rit_ledger_order(m, RIT_ORDER_HALT, w, worker->point, lease);
        return;
    }
    if (worker->lease != 0)
        rit_ledger_order(m, RIT_ORDER_DROP, w, worker->point, worker->lease);
    rit_ledger_become(m, w, RIT_WORKER_IDLE);
}

void rit_master_beat(struct rit_master *m, int w, uint64_t lease, const struct rit_beat *beat)
{
    struct rit_master_worker *worker = &m->worker[w];
    if (m->finished || worker->state == RIT_WORKER_DEAD || worker->state == RIT_WORKER_AWAY ||
        worker->state == RIT_WORKER_ABSENT)
        return;
    m->slowest_save = fmax(m->slowest_save, beat->save_seconds);
    m->slowest_open = fmax(m->slowest_open, beat->open_seconds);
    rit_ledger_heard(m, w);
    if (worker->state == RIT_WORKER_LOST)
        welcome_back(m, w, lease);
    if (worker->state == RIT_WORKER_BUSY && lease == worker->lease && beat->progress >= 0) {
        worker->progress = beat->progress;
        if (worker->progress_first < 0)
            worker->progress_first = beat->progress;
    }
    settle(m);
}

static void promise_receipt(struct rit_master *m, int w, int p, uint64_t lease)
{
    if (m->n_receipts == m->receipt_room) {
        m->receipt_room = m->receipt_room ? 2 * m->receipt_room : 64;
        m->receipt = realloc(m->receipt, (size_t)m->receipt_room * sizeof *m->receipt);
        RIT_CHECK(m->receipt != NULL);
    }
    m->receipt[m->n_receipts++] = (struct rit_master_receipt){w, p, lease};
}

/* A worker has done with what it had under this lease. */
static void set_free(struct rit_master *m, int w, uint64_t lease)
{
    struct rit_master_worker *worker = &m->worker[w];
    if (lease == worker->lease && (worker->state == RIT_WORKER_BUSY || worker->state == RIT_WORKER_LOST))
        rit_ledger_become(m, w, RIT_WORKER_IDLE);
}

/* A failure that nobody else has seen yet: whoever has the point under another lease goes on with it. */
static void doubt(struct rit_master *m, int w, uint64_t lease, int p)
{
    struct rit_master_point *point = &m->point[p];
    rit_ledger_order(m, RIT_ORDER_DOUBT, w, p, lease);
    point->failed_on = w;
    point->declined = 0;
    if (point->state == RIT_POINT_QUEUED || (point->holder == w && m->worker[w].lease == lease))
        rit_ledger_enqueue(m, p);
    set_free(m, w, lease);
}

/* The first result of a point. Whoever has it under another lease, be it the same worker, need not go on. */
static void take_result(struct rit_master *m, uint64_t lease, int p, bool failed)
{
    int holder = m->point[p].state == RIT_POINT_RUNNING ? m->point[p].holder : -1;
    rit_ledger_arrive(m, p, failed);
    if (holder >= 0 && m->worker[holder].lease != lease) {
        rit_ledger_order(m, RIT_ORDER_DROP, holder, p, m->worker[holder].lease);
        rit_ledger_become(m, holder, RIT_WORKER_IDLE);
    }
}

/* A sound result in the place of a recorded failure. */
static void replace_failure(struct rit_master *m, int p)
{
    struct rit_master_point *point = &m->point[p];
    point->failed = false;
    m->failed--;
    if (point->state == RIT_POINT_ARRIVED)
        return;
    point->state = RIT_POINT_ARRIVED;
    m->done--;
    m->arrived[m->n_arrived++] = p;
}

void rit_master_result(struct rit_master *m, int w, uint64_t lease, int p, bool failed)
{
    RIT_CHECK(p >= 0 && p < m->points);
    struct rit_master_point *point = &m->point[p];
    bool is_new = point->state != RIT_POINT_ARRIVED && point->state != RIT_POINT_DONE;
    bool replaces = !is_new && point->failed && !failed;
    rit_ledger_heard(m, w);
    if (is_new && failed && (point->failed_on < 0 || point->failed_on == w || point->declined > 0)) {
        doubt(m, w, lease, p);
        settle(m);
        return;
    }
    enum rit_order_kind kind = is_new ? RIT_ORDER_APPEND : replaces ? RIT_ORDER_REPLACE : RIT_ORDER_COMPARE;
    rit_ledger_order(m, kind, w, p, lease);
    if (is_new)
        take_result(m, lease, p, failed);
    else if (replaces)
        replace_failure(m, p);
    set_free(m, w, lease);
    if (point->state == RIT_POINT_ARRIVED)
        promise_receipt(m, w, p, lease);
    else if (m->worker[w].state != RIT_WORKER_DEAD)
        rit_ledger_order(m, RIT_ORDER_ACKNOWLEDGE, w, p, lease); /* it has long been on disk */
    settle(m);
}

void rit_master_declined(struct rit_master *m, int w, uint64_t lease, int p)
{
    RIT_CHECK(p >= 0 && p < m->points);
    struct rit_master_point *point = &m->point[p];
    const struct rit_master_worker *worker = &m->worker[w];
    if (m->finished || worker->state == RIT_WORKER_DEAD)
        return;
    rit_ledger_heard(m, w);
    if (point->state == RIT_POINT_RUNNING && point->holder == w && worker->lease == lease) {
        bool others = m->here > m->here_on[worker->machine];
        point->declined += others && point->failed_on < 0 ? 1 : 2;
        point->failed_on = w;
        rit_ledger_enqueue(m, p);
    }
    set_free(m, w, lease);
    settle(m);
}

void rit_master_ready(struct rit_master *m, int w, uint64_t call)
{
    if (m->finished || m->worker[w].state == RIT_WORKER_DEAD)
        return;
    rit_ledger_heard(m, w);
    rit_calling_answer(m, w, call);
    settle(m);
}

void rit_master_gathered(struct rit_master *m, int p, enum rit_gathered gathered)
{
    rit_calling_end(m, p, gathered);
    settle(m);
}

void rit_master_synced(struct rit_master *m)
{
    for (int i = 0; i < m->n_arrived; i++)
        m->point[m->arrived[i]].state = RIT_POINT_DONE;
    m->done += m->n_arrived;
    m->dataset_stale |= m->n_arrived > 0;
    m->dataset_last_due |= m->finished && m->n_arrived > 0;
    m->n_arrived = 0;
    for (int i = 0; i < m->n_receipts; i++) {
        const struct rit_master_receipt *receipt = &m->receipt[i];
        if (m->worker[receipt->worker].state != RIT_WORKER_DEAD)
            rit_ledger_order(m, RIT_ORDER_ACKNOWLEDGE, receipt->worker, receipt->point, receipt->lease);
    }
    m->n_receipts = 0;
    settle(m);
}

void rit_master_given_back(struct rit_master *m, int w)
{
    struct rit_master_worker *worker = &m->worker[w];
    if (m->finished || worker->state == RIT_WORKER_DEAD)
        return;
    if (worker->state == RIT_WORKER_BUSY)
        rit_ledger_enqueue(m, worker->point);
    rit_ledger_become(m, w, RIT_WORKER_AWAY);
    settle(m);
}

void rit_master_unfit(struct rit_master *m, int w)
{
    if (!m->worker[w].unfit) {
        m->worker[w].unfit = true;
        m->unfit++;
    }
    rit_master_given_back(m, w);
}

void rit_master_lost(struct rit_master *m, int w)
{
    enum rit_worker_state state = m->worker[w].state;
    if (m->finished || state == RIT_WORKER_DEAD)
        return;
    if (state == RIT_WORKER_LOST || state == RIT_WORKER_AWAY)
        rit_ledger_become(m, w, RIT_WORKER_DEAD); /* nothing is lost a second time */
    else
        lose(m, w, RIT_WORKER_DEAD);
    settle(m);
}

void rit_master_stop(struct rit_master *m)
{
    if (m->finished)
        return;
    rit_closing_halt(m, RIT_SWEEP_STOPPED);
    settle(m);
}

void rit_master_drain(struct rit_master *m)
{
    if (m->finished)
        return;
    rit_closing_drain(m, RIT_SWEEP_STOPPED);
    settle(m);
}

void rit_master_tick(struct rit_master *m, double now)
{
    RIT_CHECK(now >= m->now);
    m->awake += fmin(now - m->now, m->rules.lease / 4);
    m->now = now;
    if (m->finished)
        return;
    while (m->leases.count > 0) {
        int w = rit_heap_first(&m->leases);
        if (m->leases.key[w] > m->awake)
            break;
        if (m->worker[w].deadline > m->awake)
            rit_heap_put(&m->leases, w, m->worker[w].deadline);
        else
            lose(m, w, RIT_WORKER_LOST);
    }
    if (now >= rit_closing_at(m))
        rit_closing_halt(m, RIT_SWEEP_OUT_OF_TIME);
    if (now >= m->report_at) {
        rit_ledger_order(m, RIT_ORDER_REPORT, -1, -1, 0);
        m->report_at = now + m->rules.report;
    }
    if (m->dataset_stale && !m->dataset_writing && now >= m->dataset_at) {
        rit_ledger_order(m, RIT_ORDER_DATASET, -1, -1, 0);
        m->dataset_stale = false;
        m->dataset_writing = true;
    }
    settle(m);
}

void rit_master_dataset_written(struct rit_master *m, double seconds)
{
    m->dataset_writing = false;
    m->dataset_seconds = seconds;
    m->dataset_interval = fmax(m->rules.dataset, 20 * seconds);
    m->dataset_at = m->now + seconds + m->dataset_interval;
    if (m->finished)
        rit_closing_conclude(m);
}
