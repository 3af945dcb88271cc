/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/ledger.h"

#include <ritardando/status.h>

#include <math.h>
#include <stdlib.h>

void rit_ledger_order(struct rit_master *m, enum rit_order_kind kind, int worker, int point, uint64_t lease)
{
    if (m->order_count == m->order_room) {
        m->order_room = m->order_room ? 2 * m->order_room : 64;
        m->order = realloc(m->order, (size_t)m->order_room * sizeof *m->order);
        RIT_CHECK(m->order != NULL);
    }
    m->order[m->order_count++] = (struct rit_order){kind, worker, point, lease};
}

bool rit_master_next(struct rit_master *m, struct rit_order *order)
{
    if (m->order_first == m->order_count) {
        m->order_first = m->order_count = 0;
        return false;
    }
    *order = m->order[m->order_first++];
    return true;
}

static void *zeroed(int n, size_t size)
{
    void *memory = calloc((size_t)n + 1, size);
    RIT_CHECK(memory != NULL);
    return memory;
}

void rit_ledger_begin(struct rit_master *m, int p, double price)
{
    RIT_CHECK(price >= 0 && price < INFINITY);
    m->point[p] = (struct rit_master_point){
        .state = RIT_POINT_QUEUED, .holder = -1, .failed_on = -1, .price = price, .most = price};
    m->work += price;
    m->work_left += price;
    rit_heap_put(&m->queue, p, -price);
}

struct rit_master *rit_master_new(const struct rit_master_rules *rules, int points, const double *price,
                                  int workers, double now)
{
    RIT_CHECK(rules->lease > 0 && rules->attempts > 0 && points >= 0 && workers > 0);
    struct rit_master *m = zeroed(1, sizeof *m);
    m->rules = *rules;
    m->points = points;
    m->workers = m->present = workers;
    m->point = zeroed(points, sizeof *m->point);
    m->worker = zeroed(workers, sizeof *m->worker);
    m->arrived = zeroed(points, sizeof *m->arrived);
    m->here_on = zeroed(workers, sizeof *m->here_on);
    rit_heap_init(&m->queue, points);
    rit_heap_init(&m->doubts, points);
    rit_heap_init(&m->large, points);
    rit_heap_init(&m->together, points);
    rit_heap_init(&m->idle, workers);
    rit_heap_init(&m->leases, workers);
    for (int p = 0; p < points; p++)
        rit_ledger_begin(m, p, price[p]);
    for (int w = 0; w < workers; w++) {
        m->worker[w] = (struct rit_master_worker){
            .state = RIT_WORKER_ABSENT, .machine = -1, .point = -1, .deadline = rules->lease};
        rit_heap_put(&m->leases, w, rules->lease);
    }
    m->now = now;
    m->called = -1;
    m->forsaken_at = INFINITY;
    m->report_at = now + rules->report;
    m->dataset_interval = rules->dataset;
    m->dataset_at = now + rules->dataset;
    return m;
}

void rit_master_free(struct rit_master *m)
{
    if (!m)
        return;
    rit_heap_release(&m->queue);
    rit_heap_release(&m->doubts);
    rit_heap_release(&m->large);
    rit_heap_release(&m->together);
    rit_heap_release(&m->idle);
    rit_heap_release(&m->leases);
    free(m->point);
    free(m->worker);
    free(m->arrived);
    free(m->here_on);
    free(m->receipt);
    free(m->order);
    free(m);
}

bool rit_ledger_is_present(enum rit_worker_state state)
{
    return state == RIT_WORKER_ABSENT || state == RIT_WORKER_IDLE || state == RIT_WORKER_BUSY;
}

static bool is_here(enum rit_worker_state state)
{
    return state == RIT_WORKER_IDLE || state == RIT_WORKER_BUSY;
}

void rit_ledger_become(struct rit_master *m, int w, enum rit_worker_state state)
{
    struct rit_master_worker *worker = &m->worker[w];
    m->busy += (state == RIT_WORKER_BUSY) - (worker->state == RIT_WORKER_BUSY);
    m->present += rit_ledger_is_present(state) - rit_ledger_is_present(worker->state);
    int came = is_here(state) - is_here(worker->state);
    m->here += came;
    if (came != 0)
        m->here_on[worker->machine] += came;
    worker->state = state;
    m->asked -= worker->call != RIT_NOT_CALLED;
    m->answered -= worker->call == RIT_ANSWERED;
    worker->call = RIT_NOT_CALLED;
    if (state == RIT_WORKER_IDLE)
        rit_heap_put(&m->idle, w, w);
    else
        rit_heap_remove(&m->idle, w);
    if (!rit_ledger_is_present(state))
        rit_heap_remove(&m->leases, w);
    else if (!rit_heap_has(&m->leases, w))
        rit_heap_put(&m->leases, w, worker->deadline);
    if (m->present > 0)
        m->forsaken_at = INFINITY;
}

/* The heap keeps the older, earlier key: tick looks at the true deadline when that key comes up. */
void rit_ledger_heard(struct rit_master *m, int w)
{
    m->worker[w].deadline = m->awake + m->rules.lease;
}

double rit_ledger_key(const struct rit_master_point *point)
{
    return point->losses < 2 ? -point->most : point->most;
}

static void dequeue(struct rit_master *m, int p)
{
    rit_heap_remove(&m->queue, p);
    rit_heap_remove(&m->doubts, p);
    rit_heap_remove(&m->large, p);
    rit_heap_remove(&m->together, p);
    m->prepared -= m->point[p].prepared;
    m->point[p].prepared = false;
}

/* What failed or was declined once is for another worker, what was declined again for the end. */
void rit_ledger_enqueue(struct rit_master *m, int p)
{
    struct rit_master_point *point = &m->point[p];
    point->state = RIT_POINT_QUEUED;
    point->holder = -1;
    if (point->declined > 1) {
        dequeue(m, p);
        rit_heap_put(&m->large, p, -point->price);
    } else if (point->failed_on < 0) {
        rit_heap_put(&m->queue, p, rit_ledger_key(point));
    } else {
        rit_heap_remove(&m->queue, p);
        rit_heap_put(&m->doubts, p, (double)++m->doubts_had);
    }
}

void rit_ledger_train(struct rit_master *m, int w, int p)
{
    dequeue(m, p);
    m->point[p].state = RIT_POINT_RUNNING;
    m->point[p].holder = w;
    m->worker[w].point = p;
    rit_ledger_become(m, w, RIT_WORKER_BUSY);
}

void rit_ledger_arrive(struct rit_master *m, int p, bool failed)
{
    struct rit_master_point *point = &m->point[p];
    if (point->state == RIT_POINT_RUNNING) {
        const struct rit_master_worker *holder = &m->worker[point->holder];
        m->work_done += (1 - fmax(0, holder->progress_first)) * point->price;
    }
    if (point->state == RIT_POINT_ASIDE) {
        m->aside--;
        m->work_left += point->price;
    }
    dequeue(m, p);
    point->state = RIT_POINT_ARRIVED;
    point->holder = -1;
    point->failed = failed;
    m->failed += failed;
    m->work_left -= point->price;
    m->arrived[m->n_arrived++] = p;
}

void rit_ledger_set_aside(struct rit_master *m, int p)
{
    dequeue(m, p);
    m->point[p].state = RIT_POINT_ASIDE;
    m->aside++;
    m->work_left -= m->point[p].price;
}

void rit_master_tally(const struct rit_master *m, struct rit_tally *tally)
{
    *tally = (struct rit_tally){
        .end = m->end,
        .points = m->points,
        .kept = m->kept,
        .done = m->done,
        .failed = m->failed,
        .aside = m->aside,
        .queued = m->queue.count + m->doubts.count + m->large.count + m->together.count,
        .running = m->busy,
        .workers = m->workers,
        .present = m->present,
        .lost = m->lost,
        .unfit = m->unfit,
        .dataset_stale = m->dataset_stale,
        .work = m->work,
        .work_left = m->work_left,
        .work_done = m->work_done,
    };
    for (int w = 0; w < m->workers; w++) {
        const struct rit_master_worker *worker = &m->worker[w];
        if (worker->state != RIT_WORKER_BUSY || worker->progress < 0)
            continue;
        double price = m->point[worker->point].price;
        tally->work_left -= worker->progress * price;
        tally->work_done += (worker->progress - worker->progress_first) * price;
    }
}

int rit_master_losses(const struct rit_master *m, int point)
{
    return m->point[point].losses;
}
