/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/deal.h"

#include "sweep/closing.h"
#include "sweep/ledger.h"

static void assign(struct rit_master *m, int w, int p)
{
    struct rit_master_worker *worker = &m->worker[w];
    worker->lease = ++m->leases_given;
    worker->progress = worker->progress_first = -1; /* its first beat tells where a checkpoint put it */
    rit_ledger_heard(m, w);
    rit_ledger_train(m, w, p);
    rit_ledger_order(m, RIT_ORDER_ASSIGN, w, p, worker->lease);
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

/* Nobody else is there to try what one worker could not do: it has failed, or waits for the end. */
static void give_up(struct rit_master *m, int p)
{
    if (m->point[p].declined > 0) {
        m->point[p].declined++;
        rit_ledger_enqueue(m, p);
    } else {
        rit_ledger_arrive(m, p, true);
        rit_ledger_order(m, RIT_ORDER_FAIL, -1, p, 0);
    }
}

/* The first of the points that failed or were declined once, again. */
static bool hand_out_doubt(struct rit_master *m)
{
    int p = rit_heap_first(&m->doubts);
    if (p < 0 || m->present == 0)
        return false;
    if (m->present == rit_ledger_is_present(m->worker[m->point[p].failed_on].state)) {
        give_up(m, p);
        return true;
    }
    int w = find_judge(m, p);
    if (w >= 0)
        assign(m, w, p);
    return w >= 0;
}

/* A worker that waits on this machine; -1 while another is busy there. */
static int alone_on(const struct rit_master *m, int machine)
{
    int found = -1;
    for (int w = 0; w < m->workers; w++) {
        if (m->worker[w].machine != machine)
            continue;
        if (m->worker[w].state == RIT_WORKER_BUSY)
            return -1;
        if (m->worker[w].state == RIT_WORKER_IDLE)
            found = w;
    }
    return found;
}

/* Behind all others, the first of the large points: it gets one machine after the other for itself. */
static bool hand_out_large(struct rit_master *m)
{
    int p = rit_heap_first(&m->large);
    if (p < 0 || m->here == 0)
        return false;
    int *machine = &m->point[p].machine;
    while (*machine < m->workers && m->here_on[*machine] == 0)
        ++*machine;
    if (*machine < m->workers) {
        int w = alone_on(m, *machine);
        if (w < 0)
            return false;
        ++*machine;
        assign(m, w, p);
        return true;
    }
    if (m->present > m->here)
        return false; /* somebody may still appear */
    rit_ledger_set_aside(m, p);
    return true;
}

static bool hand_out_one(struct rit_master *m)
{
    if (hand_out_doubt(m))
        return true;
    if (m->queue.count + m->doubts.count == 0)
        return hand_out_large(m);
    if (m->idle.count == 0 || m->queue.count == 0)
        return false;
    assign(m, rit_heap_first(&m->idle), rit_heap_first(&m->queue));
    return true;
}

void rit_deal(struct rit_master *m)
{
    while (!m->draining && m->queue.count + m->doubts.count + m->large.count > 0) {
        /* What could only be opened and saved again is not started. */
        if (m->idle.count > 0 && m->now + 2 * (m->slowest_open + m->slowest_save) >= rit_closing_at(m))
            rit_closing_drain(m, RIT_SWEEP_OUT_OF_TIME);
        else if (!hand_out_one(m))
            break;
    }
}
