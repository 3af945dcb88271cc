/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/closing.h"

#include "sweep/ledger.h"

#include <math.h>

static double next_dataset_seconds(const struct rit_master *m)
{
    return 1.5 * m->dataset_seconds;
}

double rit_closing_at(const struct rit_master *m)
{
    return m->rules.limit - m->rules.leave - 3 * m->slowest_save - next_dataset_seconds(m);
}

double rit_master_halts_at(const struct rit_master *m)
{
    return rit_closing_at(m);
}

void rit_closing_halt(struct rit_master *m, enum rit_sweep_end wish)
{
    if (m->halting)
        return;
    m->halting = m->draining = true;
    if (m->wish == RIT_SWEEP_GOES_ON)
        m->wish = wish;
    for (int w = 0; w < m->workers; w++)
        if (m->worker[w].state == RIT_WORKER_BUSY)
            rit_ledger_order(m, RIT_ORDER_HALT, w, m->worker[w].point, m->worker[w].lease);
}

void rit_closing_drain(struct rit_master *m, enum rit_sweep_end wish)
{
    m->draining = true;
    if (m->wish == RIT_SWEEP_GOES_ON)
        m->wish = wish;
}

/* Behind the end: what arrived late is synced, the last dataset is written if there is time, nobody waits for
 * it but us. One that is in the making is then of no use. */
void rit_closing_conclude(struct rit_master *m)
{
    if (m->concluded || m->n_arrived > 0)
        return;
    if (m->dataset_last_due && m->now + next_dataset_seconds(m) < m->rules.limit) {
        rit_ledger_order(m, RIT_ORDER_DATASET, -1, -1, 0);
        m->dataset_stale = m->dataset_last_due = false;
        m->dataset_writing = true;
    }
    if (m->dataset_writing)
        return;
    m->concluded = true;
    if (m->done == m->points && !m->expects)
        m->end = RIT_SWEEP_COMPLETE;
    rit_ledger_order(m, RIT_ORDER_FINISH, -1, -1, 0);
}

void rit_closing_finish(struct rit_master *m, enum rit_sweep_end end)
{
    m->finished = m->dataset_last_due = true;
    m->end = end;
    for (int w = 0; w < m->workers; w++)
        if (m->worker[w].state != RIT_WORKER_DEAD)
            rit_ledger_order(m, RIT_ORDER_RELEASE, w, -1, 0);
    rit_closing_conclude(m);
}

/* Nobody is there. One who is only silent may come back; one who is dead or has left will not. */
void rit_closing_wait(struct rit_master *m)
{
    int silent = 0, away = 0;
    for (int w = 0; w < m->workers; w++) {
        silent += m->worker[w].state == RIT_WORKER_LOST;
        away += m->worker[w].state == RIT_WORKER_AWAY && !m->worker[w].unfit;
    }
    if (silent > 0 && m->now < m->forsaken_at) {
        if (m->forsaken_at == INFINITY)
            m->forsaken_at = m->now + m->rules.lease;
    } else if (m->unfit == m->workers) {
        rit_closing_finish(m, RIT_SWEEP_UNFIT);
    } else {
        rit_closing_finish(m, away > 0 ? RIT_SWEEP_STOPPED : RIT_SWEEP_FORSAKEN);
    }
}
