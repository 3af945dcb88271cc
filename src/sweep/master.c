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
    int failed_on; /* worker that said it fails; -1 */
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
    bool unfit;
    int machine; /* -1: not yet heard of */
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
    struct rit_heap doubts; /* points that failed once, in the order in which they came back */
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
    double slowest_save, slowest_open;
    double dataset_seconds; /* what the last one took; they grow */
    bool draining, halting;
    bool dataset_stale, dataset_writing, dataset_last_due;
    enum rit_sweep_end end;
    enum rit_sweep_end wish; /* the end if it comes before all is done */
    bool finished;           /* everybody is released */
    bool concluded;          /* the last order is given */

    uint64_t leases_given, doubts_had;
    int busy, present, done, kept, failed, lost, unfit;
    int here, *here_on; /* workers heard of and present: all, and [workers] on each machine */
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
    m->here_on = zeroed(workers, sizeof *m->here_on);
    rit_heap_init(&m->queue, points);
    rit_heap_init(&m->doubts, points);
    rit_heap_init(&m->idle, workers);
    rit_heap_init(&m->leases, workers);
    for (int p = 0; p < points; p++) {
        RIT_CHECK(price[p] >= 0 && price[p] < INFINITY);
        m->point[p] = (struct point){.state = QUEUED, .holder = -1, .failed_on = -1, .price = price[p]};
        m->work += price[p];
        rit_heap_put(&m->queue, p, -price[p]);
    }
    m->work_left = m->work;
    for (int w = 0; w < workers; w++) {
        m->worker[w] = (struct worker){.state = ABSENT, .machine = -1, .point = -1, .deadline = rules->lease};
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
    rit_heap_release(&m->doubts);
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

static bool is_present(enum worker_state state)
{
    return state == ABSENT || state == IDLE || state == BUSY;
}

static bool is_here(enum worker_state state)
{
    return state == IDLE || state == BUSY;
}

/* The one place where a worker changes state: the counts, the idle ones and the leases follow from it. */
static void become(struct rit_master *m, int w, enum worker_state state)
{
    struct worker *worker = &m->worker[w];
    m->busy += (state == BUSY) - (worker->state == BUSY);
    m->present += is_present(state) - is_present(worker->state);
    int came = is_here(state) - is_here(worker->state);
    m->here += came;
    if (came != 0)
        m->here_on[worker->machine] += came;
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
static void heard(struct rit_master *m, int w)
{
    m->worker[w].deadline = m->awake + m->rules.lease;
}

/* The most expensive first; but what has lost two workers may be to blame, and comes after all others. What
 * failed once is for another worker than the one it failed on. */
static void enqueue(struct rit_master *m, int p)
{
    struct point *point = &m->point[p];
    point->state = QUEUED;
    point->holder = -1;
    if (point->failed_on < 0) {
        rit_heap_put(&m->queue, p, point->losses < 2 ? -point->price : point->price);
    } else {
        rit_heap_remove(&m->queue, p);
        rit_heap_put(&m->doubts, p, (double)++m->doubts_had);
    }
}

static void dequeue(struct rit_master *m, int p)
{
    rit_heap_remove(&m->queue, p);
    rit_heap_remove(&m->doubts, p);
}

static void train(struct rit_master *m, int w, int p)
{
    dequeue(m, p);
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
    dequeue(m, p);
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

/* When everybody must be told to stop, so that the checkpoints and the last dataset are done in time. */
static double halt_at(const struct rit_master *m)
{
    return m->rules.limit - m->rules.leave - 3 * m->slowest_save - next_dataset_seconds(m);
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

static void assign(struct rit_master *m, int w, int p)
{
    struct worker *worker = &m->worker[w];
    worker->lease = ++m->leases_given;
    worker->progress = worker->progress_first = -1; /* its first beat tells where a checkpoint put it */
    heard(m, w);
    train(m, w, p);
    give_order(m, RIT_ORDER_ASSIGN, w, p, worker->lease);
}

/* Whether this worker is another than the one the point failed on, and its machine too if there is another.
 */
static bool may_judge(const struct rit_master *m, int w, int p)
{
    int machine = m->worker[m->point[p].failed_on].machine;
    bool others = m->here > m->here_on[machine];
    return w != m->point[p].failed_on && (!others || m->worker[w].machine != machine);
}

static int find_judge(const struct rit_master *m, int p)
{
    for (int i = 0; i < m->idle.count; i++)
        if (may_judge(m, m->idle.item[i], p))
            return m->idle.item[i];
    return -1;
}

/* The first of the points that failed once, again; or, where nobody else is there to try, it has failed. */
static bool hand_out_doubt(struct rit_master *m)
{
    int p = rit_heap_first(&m->doubts);
    if (p < 0 || m->present == 0)
        return false;
    if (m->present == is_present(m->worker[m->point[p].failed_on].state)) {
        arrive(m, p, true);
        give_order(m, RIT_ORDER_FAIL, -1, p, 0);
        return true;
    }
    int w = find_judge(m, p);
    if (w >= 0)
        assign(m, w, p);
    return w >= 0;
}

static bool hand_out_one(struct rit_master *m)
{
    if (hand_out_doubt(m))
        return true;
    if (m->idle.count == 0 || m->queue.count == 0)
        return false;
    assign(m, rit_heap_first(&m->idle), rit_heap_first(&m->queue));
    return true;
}

static void hand_out(struct rit_master *m)
{
    while (!m->draining && m->queue.count + m->doubts.count > 0) {
        /* What could only be opened and saved again is not started. */
        if (m->idle.count > 0 && m->now + 2 * (m->slowest_open + m->slowest_save) >= halt_at(m))
            drain(m, RIT_SWEEP_OUT_OF_TIME);
        else if (!hand_out_one(m))
            break;
    }
}

/* Behind the end: what arrived late is synced, the last dataset is written if there is time, nobody waits for
 * it but us. One that is in the making is then of no use. */
static void conclude(struct rit_master *m)
{
    if (m->concluded || m->n_arrived > 0)
        return;
    if (m->dataset_last_due && m->now + next_dataset_seconds(m) < m->rules.limit) {
        give_order(m, RIT_ORDER_DATASET, -1, -1, 0);
        m->dataset_stale = m->dataset_last_due = false;
        m->dataset_writing = true;
    }
    if (m->dataset_writing)
        return;
    m->concluded = true;
    if (m->done == m->points)
        m->end = RIT_SWEEP_COMPLETE;
    give_order(m, RIT_ORDER_FINISH, -1, -1, 0);
}

static void finish(struct rit_master *m, enum rit_sweep_end end)
{
    m->finished = m->dataset_last_due = true;
    m->end = end;
    for (int w = 0; w < m->workers; w++)
        if (m->worker[w].state != DEAD)
            give_order(m, RIT_ORDER_RELEASE, w, -1, 0);
    conclude(m);
}

/* Nobody is there. One who is only silent may come back; one who is dead or has left will not. */
static void wait_for_the_lost(struct rit_master *m)
{
    int silent = 0, away = 0;
    for (int w = 0; w < m->workers; w++) {
        silent += m->worker[w].state == LOST;
        away += m->worker[w].state == AWAY && !m->worker[w].unfit;
    }
    if (silent > 0 && m->now < m->forsaken_at) {
        if (m->forsaken_at == INFINITY)
            m->forsaken_at = m->now + m->rules.lease;
    } else if (m->unfit == m->workers) {
        finish(m, RIT_SWEEP_UNFIT);
    } else {
        finish(m, away > 0 ? RIT_SWEEP_STOPPED : RIT_SWEEP_FORSAKEN);
    }
}

/* After every event: what can be given out is, and the end is seen. */
static void settle(struct rit_master *m)
{
    if (m->finished) {
        conclude(m);
        return;
    }
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

void rit_master_joined(struct rit_master *m, int w, int machine)
{
    RIT_CHECK(machine >= 0 && machine < m->workers);
    enum worker_state state = m->worker[w].state;
    if (m->finished || (state != ABSENT && state != LOST))
        return;
    heard(m, w);
    m->worker[w].machine = machine;
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
    heard(m, w);
    if (worker->state == LOST)
        welcome_back(m, w, lease);
    if (worker->state == BUSY && lease == worker->lease && beat->progress >= 0) {
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

/* A worker has done with what it had under this lease. */
static void set_free(struct rit_master *m, int w, uint64_t lease)
{
    struct worker *worker = &m->worker[w];
    if (lease == worker->lease && (worker->state == BUSY || worker->state == LOST))
        become(m, w, IDLE);
}

/* A failure that nobody else has seen yet: whoever has the point under another lease goes on with it. */
static void doubt(struct rit_master *m, int w, uint64_t lease, int p)
{
    struct point *point = &m->point[p];
    give_order(m, RIT_ORDER_DOUBT, w, p, lease);
    point->failed_on = w;
    if (point->state == QUEUED || (point->holder == w && m->worker[w].lease == lease))
        enqueue(m, p);
    set_free(m, w, lease);
}

/* The first result of a point. Whoever has it under another lease, be it the same worker, need not go on. */
static void take_result(struct rit_master *m, uint64_t lease, int p, bool failed)
{
    int holder = m->point[p].state == RUNNING ? m->point[p].holder : -1;
    arrive(m, p, failed);
    if (holder >= 0 && m->worker[holder].lease != lease) {
        give_order(m, RIT_ORDER_DROP, holder, p, m->worker[holder].lease);
        become(m, holder, IDLE);
    }
}

/* A sound result in the place of a recorded failure. */
static void replace_failure(struct rit_master *m, int p)
{
    struct point *point = &m->point[p];
    point->failed = false;
    m->failed--;
    if (point->state == ARRIVED)
        return;
    point->state = ARRIVED;
    m->done--;
    m->arrived[m->n_arrived++] = p;
}

void rit_master_result(struct rit_master *m, int w, uint64_t lease, int p, bool failed)
{
    RIT_CHECK(p >= 0 && p < m->points);
    struct point *point = &m->point[p];
    bool is_new = point->state == QUEUED || point->state == RUNNING;
    bool replaces = !is_new && point->failed && !failed;
    heard(m, w);
    if (is_new && failed && (point->failed_on < 0 || point->failed_on == w)) {
        doubt(m, w, lease, p);
        settle(m);
        return;
    }
    give_order(m, is_new ? RIT_ORDER_APPEND : replaces ? RIT_ORDER_REPLACE : RIT_ORDER_COMPARE, w, p, lease);
    if (is_new)
        take_result(m, lease, p, failed);
    else if (replaces)
        replace_failure(m, p);
    set_free(m, w, lease);
    if (point->state == ARRIVED)
        promise_receipt(m, w, p, lease);
    else if (m->worker[w].state != DEAD)
        give_order(m, RIT_ORDER_ACKNOWLEDGE, w, p, lease); /* it has long been on disk */
    settle(m);
}

void rit_master_synced(struct rit_master *m)
{
    for (int i = 0; i < m->n_arrived; i++)
        m->point[m->arrived[i]].state = DONE;
    m->done += m->n_arrived;
    m->dataset_stale |= m->n_arrived > 0;
    m->dataset_last_due |= m->finished && m->n_arrived > 0;
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
    if (m->dataset_stale && !m->dataset_writing && now >= m->dataset_at) {
        give_order(m, RIT_ORDER_DATASET, -1, -1, 0);
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
        conclude(m);
}

void rit_master_tally(const struct rit_master *m, struct rit_tally *tally)
{
    *tally = (struct rit_tally){
        .end = m->end,
        .points = m->points,
        .kept = m->kept,
        .done = m->done,
        .failed = m->failed,
        .queued = m->queue.count + m->doubts.count,
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
