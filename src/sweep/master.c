/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/master.h"

#include "sweep/heap.h"

#include <ritardando/status.h>

#include <math.h>
#include <stdlib.h>

enum point_state {
    QUEUED,
    RUNNING,
    ARRIVED, /* its result is appended, not yet on disk */
    DONE,
};

struct point {
    enum point_state state;
    int holder; /* worker that trains it; -1 */
    int losses;
    bool failed;
    double price;
};

enum worker_state {
    ABSENT, /* not yet heard of */
    IDLE,   /* waits for work */
    BUSY,   /* trains `point` under `lease` */
    LOST,   /* silent for too long; it may come back and still believes in `lease` */
    AWAY,   /* takes no more work */
    DEAD,
};

struct worker {
    enum worker_state state;
    int point;
    uint64_t lease;
    double deadline;                 /* on the awake clock */
    double progress, progress_first; /* the last and the first it told under this lease; -1: none yet */
};

/* A result whose sender will be told when it is on disk. */
struct receipt {
    int worker, point;
    uint64_t lease;
};

struct rit_master {
    struct rit_master_rules rules;
    int points, workers;
    struct point *point;
    struct worker *worker;

    struct rit_heap queue;  /* points, by -price */
    struct rit_heap idle;   /* workers, by number */
    struct rit_heap leases; /* workers, by a time no later than their deadline */

    int *arrived; /* [n_arrived] points since the last sync */
    int n_arrived;
    struct receipt *receipt; /* [n_receipts] since the last sync */
    int n_receipts, receipt_room;

    double now;
    double awake; /* time in which the master itself looked: a long sleep of its own expires no lease */
    double forsaken_at;
    double report_at, dataset_at, dataset_interval;
    double slowest_save, slowest_open, slowest_piece;
    double dataset_seconds; /* what the last one took; they grow */
    bool draining, halting, dataset_stale;
    enum rit_sweep_end end;
    enum rit_sweep_end wish; /* the end if it comes before all is done */
    bool finished;

    uint64_t leases_given;
    int busy, present, done, kept, failed, lost;
    double work, work_left, work_done;

    struct rit_order *order; /* [order_room], those from order_first on are not yet taken */
    int order_first, order_count, order_room;
};

static void give_order(struct rit_master *m, enum rit_order_kind kind, int worker, int point, uint64_t lease)
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
    rit_heap_init(&m->queue, points);
    rit_heap_init(&m->idle, workers);
    rit_heap_init(&m->leases, workers);
    for (int p = 0; p < points; p++) {
        RIT_CHECK(price[p] >= 0 && price[p] < INFINITY);
        m->point[p] = (struct point){.state = QUEUED, .holder = -1, .price = price[p]};
        m->work += price[p];
        rit_heap_put(&m->queue, p, -price[p]);
    }
    m->work_left = m->work;
    for (int w = 0; w < workers; w++) {
        m->worker[w] = (struct worker){.state = ABSENT, .point = -1, .deadline = rules->lease};
        rit_heap_put(&m->leases, w, rules->lease);
    }
    m->now = now;
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
    rit_heap_release(&m->idle);
    rit_heap_release(&m->leases);
    free(m->point);
    free(m->worker);
    free(m->arrived);
    free(m->receipt);
    free(m->order);
    free(m);
}

static bool is_present(enum worker_state state)
{
    return state == ABSENT || state == IDLE || state == BUSY;
}

/* The one place where a worker changes state: the counts, the idle ones and the leases follow from it. */
static void become(struct rit_master *m, int w, enum worker_state state)
{
    struct worker *worker = &m->worker[w];
    m->busy += (state == BUSY) - (worker->state == BUSY);
    m->present += is_present(state) - is_present(worker->state);
    worker->state = state;
    if (state == IDLE)
        rit_heap_put(&m->idle, w, w);
    else
        rit_heap_remove(&m->idle, w);
    if (!is_present(state))
        rit_heap_remove(&m->leases, w);
    else if (!rit_heap_has(&m->leases, w))
        rit_heap_put(&m->leases, w, worker->deadline);
    if (m->present > 0)
        m->forsaken_at = INFINITY;
}

/* The heap keeps the older, earlier key: tick looks at the true deadline when that key comes up. */
static void heard(struct rit_master *m, int w, double quiet)
{
    m->worker[w].deadline = m->awake + m->rules.lease + quiet;
}

/* The most expensive first; but what has lost two workers may be to blame, and comes after all others. */
static void enqueue(struct rit_master *m, int p)
{
    struct point *point = &m->point[p];
    point->state = QUEUED;
    point->holder = -1;
    rit_heap_put(&m->queue, p, point->losses < 2 ? -point->price : point->price);
}

static void train(struct rit_master *m, int w, int p)
{
    rit_heap_remove(&m->queue, p);
    m->point[p].state = RUNNING;
    m->point[p].holder = w;
    m->worker[w].point = p;
    become(m, w, BUSY);
}

/* The point has its result now, real or recorded for it. */
static void arrive(struct rit_master *m, int p, bool failed)
{
    struct point *point = &m->point[p];
    if (point->state == RUNNING) {
        const struct worker *holder = &m->worker[point->holder];
        m->work_done += (1 - fmax(0, holder->progress_first)) * point->price;
    }
    rit_heap_remove(&m->queue, p);
    point->state = ARRIVED;
    point->holder = -1;
    point->failed = failed;
    m->failed += failed;
    m->work_left -= point->price;
    m->arrived[m->n_arrived++] = p;
}

void rit_master_keep(struct rit_master *m, int p)
{
    RIT_CHECK(m->point[p].state == QUEUED && m->leases_given == 0);
    rit_heap_remove(&m->queue, p);
    m->point[p].state = DONE;
    m->work_left -= m->point[p].price;
    m->done++;
    m->kept++;
    m->dataset_stale = true;
}

static void lose(struct rit_master *m, int w, enum worker_state state)
{
    struct worker *worker = &m->worker[w];
    int p = worker->state == BUSY ? worker->point : -1;
    become(m, w, state);
    m->lost++;
    give_order(m, RIT_ORDER_LOST, w, p, worker->lease);
    if (p < 0)
        return;
    m->point[p].losses++;
    enqueue(m, p);
    if (m->point[p].losses >= m->rules.attempts) {
        arrive(m, p, true);
        give_order(m, RIT_ORDER_FAIL, -1, p, 0);
    }
}

static double next_dataset_seconds(const struct rit_master *m)
{
    return 1.5 * m->dataset_seconds;
}

/* When everybody must be told to stop, so that the pieces in training, their checkpoints and the last dataset
 * are done in time; a dataset that is being written then keeps the master from saying so. */
static double halt_at(const struct rit_master *m)
{
    return m->rules.limit - m->rules.leave - 3 * m->slowest_save - m->slowest_piece -
           2 * next_dataset_seconds(m);
}

static void halt(struct rit_master *m, enum rit_sweep_end wish)
{
    if (m->halting)
        return;
    m->halting = m->draining = true;
    if (m->wish == RIT_SWEEP_GOES_ON)
        m->wish = wish;
    for (int w = 0; w < m->workers; w++)
        if (m->worker[w].state == BUSY)
            give_order(m, RIT_ORDER_HALT, w, m->worker[w].point, m->worker[w].lease);
}

static void drain(struct rit_master *m, enum rit_sweep_end wish)
{
    m->draining = true;
    if (m->wish == RIT_SWEEP_GOES_ON)
        m->wish = wish;
}

static void hand_out(struct rit_master *m)
{
    while (!m->draining && m->idle.count > 0 && m->queue.count > 0) {
        /* What could only be opened and saved again is not started. */
        if (m->now + 2 * (m->slowest_open + m->slowest_save) >= halt_at(m)) {
            drain(m, RIT_SWEEP_OUT_OF_TIME);
            break;
        }
        int w = rit_heap_first(&m->idle);
        int p = rit_heap_first(&m->queue);
        struct worker *worker = &m->worker[w];
        worker->lease = ++m->leases_given;
        worker->progress = worker->progress_first = -1; /* its first beat tells where a checkpoint put it */
        heard(m, w, 0);
        train(m, w, p);
        give_order(m, RIT_ORDER_ASSIGN, w, p, worker->lease);
    }
}

static void finish(struct rit_master *m, enum rit_sweep_end end)
{
    m->finished = true;
    m->end = end;
    for (int w = 0; w < m->workers; w++)
        if (m->worker[w].state != DEAD)
            give_order(m, RIT_ORDER_RELEASE, w, -1, 0);
    if (m->now + next_dataset_seconds(m) < m->rules.limit) {
        give_order(m, RIT_ORDER_DATASET, -1, -1, 0); /* nobody waits for it but us */
        m->dataset_stale = false;
    }
    give_order(m, RIT_ORDER_FINISH, -1, -1, 0);
}

/* Nobody is there. One who is only silent may come back; one who is dead or has left will not. */
static void wait_for_the_lost(struct rit_master *m)
{
    int silent = 0, away = 0;
    for (int w = 0; w < m->workers; w++) {
        silent += m->worker[w].state == LOST;
        away += m->worker[w].state == AWAY;
    }
    if (silent == 0 || m->now >= m->forsaken_at)
        finish(m, away > 0 ? RIT_SWEEP_STOPPED : RIT_SWEEP_FORSAKEN);
    else if (m->forsaken_at == INFINITY)
        m->forsaken_at = m->now + m->rules.lease;
}

/* After every event: what can be given out is, and the end is seen. */
static void settle(struct rit_master *m)
{
    if (m->finished)
        return;
    hand_out(m);
    if (m->n_arrived > 0)
        return; /* nothing ends before the journal is synced */
    if (m->done == m->points)
        finish(m, RIT_SWEEP_COMPLETE);
    else if (m->draining && m->busy == 0)
        finish(m, m->wish);
    else if (m->now >= m->rules.limit)
        finish(m, RIT_SWEEP_OUT_OF_TIME);
    else if (m->present == 0)
        wait_for_the_lost(m);
}

void rit_master_joined(struct rit_master *m, int w)
{
    enum worker_state state = m->worker[w].state;
    if (m->finished || (state != ABSENT && state != LOST))
        return;
    heard(m, w, 0);
    become(m, w, IDLE);
    settle(m);
}

/*
 * A worker that was taken for lost speaks again. If it knows nothing of its last lease yet, the assignment is
 * still on its way: the drop will arrive behind it.
 */
static void welcome_back(struct rit_master *m, int w, uint64_t lease)
{
    struct worker *worker = &m->worker[w];
    bool at_it = lease != 0 && lease == worker->lease;
    if (at_it && m->point[worker->point].state == QUEUED) {
        m->point[worker->point].losses--; /* it did not kill this worker */
        train(m, w, worker->point);
        if (m->halting)
            give_order(m, RIT_ORDER_HALT, w, worker->point, lease);
        return;
    }
    if (worker->lease != 0)
        give_order(m, RIT_ORDER_DROP, w, worker->point, worker->lease);
    become(m, w, IDLE);
}

void rit_master_beat(struct rit_master *m, int w, uint64_t lease, const struct rit_beat *beat)
{
    struct worker *worker = &m->worker[w];
    if (m->finished || worker->state == DEAD || worker->state == AWAY || worker->state == ABSENT)
        return;
    m->slowest_save = fmax(m->slowest_save, beat->save_seconds);
    m->slowest_open = fmax(m->slowest_open, beat->open_seconds);
    m->slowest_piece = fmax(m->slowest_piece, beat->piece);
    heard(m, w, beat->quiet);
    if (worker->state == LOST)
        welcome_back(m, w, lease);
    if (worker->state == BUSY && lease == worker->lease) {
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
    m->receipt[m->n_receipts++] = (struct receipt){w, p, lease};
}

void rit_master_result(struct rit_master *m, int w, uint64_t lease, int p, bool failed)
{
    RIT_CHECK(!m->finished && p >= 0 && p < m->points);
    struct worker *worker = &m->worker[w];
    struct point *point = &m->point[p];
    heard(m, w, 0);
    bool is_new = point->state == QUEUED || point->state == RUNNING;
    give_order(m, is_new ? RIT_ORDER_APPEND : RIT_ORDER_COMPARE, w, p, lease);
    if (is_new) {
        int holder = point->state == RUNNING ? point->holder : -1;
        arrive(m, p, failed);
        /* Whoever has the point under another lease, be it the same worker, need not go on. */
        if (holder >= 0 && m->worker[holder].lease != lease) {
            give_order(m, RIT_ORDER_DROP, holder, p, m->worker[holder].lease);
            become(m, holder, IDLE);
        }
    }
    if (lease == worker->lease && (worker->state == BUSY || worker->state == LOST))
        become(m, w, IDLE);
    if (point->state == ARRIVED)
        promise_receipt(m, w, p, lease);
    else if (worker->state != DEAD)
        give_order(m, RIT_ORDER_ACKNOWLEDGE, w, p, lease); /* it has long been on disk */
    settle(m);
}

void rit_master_synced(struct rit_master *m)
{
    for (int i = 0; i < m->n_arrived; i++)
        m->point[m->arrived[i]].state = DONE;
    m->done += m->n_arrived;
    m->dataset_stale |= m->n_arrived > 0;
    m->n_arrived = 0;
    for (int i = 0; i < m->n_receipts; i++) {
        const struct receipt *receipt = &m->receipt[i];
        if (m->worker[receipt->worker].state != DEAD)
            give_order(m, RIT_ORDER_ACKNOWLEDGE, receipt->worker, receipt->point, receipt->lease);
    }
    m->n_receipts = 0;
    settle(m);
}

void rit_master_given_back(struct rit_master *m, int w)
{
    struct worker *worker = &m->worker[w];
    if (m->finished || worker->state == DEAD)
        return;
    if (worker->state == BUSY)
        enqueue(m, worker->point);
    become(m, w, AWAY);
    settle(m);
}

void rit_master_lost(struct rit_master *m, int w)
{
    enum worker_state state = m->worker[w].state;
    if (m->finished || state == DEAD)
        return;
    if (state == LOST || state == AWAY)
        become(m, w, DEAD); /* nothing is lost a second time */
    else
        lose(m, w, DEAD);
    settle(m);
}

void rit_master_stop(struct rit_master *m)
{
    if (m->finished)
        return;
    halt(m, RIT_SWEEP_STOPPED);
    settle(m);
}

void rit_master_drain(struct rit_master *m)
{
    if (m->finished)
        return;
    drain(m, RIT_SWEEP_STOPPED);
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
            lose(m, w, LOST);
    }
    if (now >= halt_at(m))
        halt(m, RIT_SWEEP_OUT_OF_TIME);
    if (now >= m->report_at) {
        give_order(m, RIT_ORDER_REPORT, -1, -1, 0);
        m->report_at = now + m->rules.report;
    }
    if (m->dataset_stale && now >= m->dataset_at) {
        give_order(m, RIT_ORDER_DATASET, -1, -1, 0);
        m->dataset_stale = false;
        m->dataset_at = INFINITY; /* until rit_master_dataset_written */
    }
    settle(m);
}

void rit_master_dataset_written(struct rit_master *m, double seconds)
{
    m->dataset_seconds = seconds;
    m->dataset_interval = fmax(m->rules.dataset, 20 * seconds);
    m->dataset_at = m->now + seconds + m->dataset_interval;
}

void rit_master_tally(const struct rit_master *m, struct rit_tally *tally)
{
    *tally = (struct rit_tally){
        .end = m->end,
        .points = m->points,
        .kept = m->kept,
        .done = m->done,
        .failed = m->failed,
        .queued = m->queue.count,
        .running = m->busy,
        .workers = m->workers,
        .present = m->present,
        .lost = m->lost,
        .dataset_stale = m->dataset_stale,
        .work = m->work,
        .work_left = m->work_left,
        .work_done = m->work_done,
    };
    for (int w = 0; w < m->workers; w++) {
        const struct worker *worker = &m->worker[w];
        if (worker->state != BUSY || worker->progress < 0)
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
