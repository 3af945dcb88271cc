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

/* The first of the points that failed once, again; or, where nobody else is there to try, it has failed. */
static bool hand_out_doubt(struct rit_master *m)
{
    int p = rit_heap_first(&m->doubts);
    if (p < 0 || m->present == 0)
        return false;
    if (m->present == rit_ledger_is_present(m->worker[m->point[p].failed_on].state)) {
        rit_ledger_arrive(m, p, true);
        rit_ledger_order(m, RIT_ORDER_FAIL, -1, p, 0);
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

void rit_deal(struct rit_master *m)
{
    while (!m->draining && m->queue.count + m->doubts.count > 0) {
        /* What could only be opened and saved again is not started. */
        if (m->idle.count > 0 && m->now + 2 * (m->slowest_open + m->slowest_save) >= rit_closing_at(m))
            rit_closing_drain(m, RIT_SWEEP_OUT_OF_TIME);
        else if (!hand_out_one(m))
            break;
    }
}
