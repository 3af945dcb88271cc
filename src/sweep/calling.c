/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sweep/calling.h"

#include "sweep/closing.h"
#include "sweep/ledger.h"

#include <ritardando/status.h>

/* Nothing else is left to be done, and everybody is there who may still come. */
static bool may_begin(const struct rit_master *m)
{
    return m->together.count > 0 && !m->draining && m->queue.count == m->prepared && m->doubts.count == 0 &&
           m->large.count == 0 && m->busy == 0 && m->n_arrived == 0 && m->here > 0 && m->here == m->present;
}

static void call_off(struct rit_master *m)
{
    for (int w = 0; w < m->workers; w++)
        m->worker[w].call = RIT_NOT_CALLED;
    m->called = -1;
    m->asked = m->answered = 0;
}

/* Whoever waits and does not know of it yet: also who has just come back. */
static void call_the_rest(struct rit_master *m)
{
    for (int i = 0; i < m->idle.count && m->asked < m->idle.count; i++) {
        struct rit_master_worker *worker = &m->worker[m->idle.item[i]];
        if (worker->call != RIT_NOT_CALLED)
            continue;
        worker->call = RIT_CALLED;
        m->asked++;
        rit_ledger_order(m, RIT_ORDER_CALL, m->idle.item[i], m->called, m->call);
    }
}

static void send_in(struct rit_master *m)
{
    for (int w = 0; w < m->workers; w++)
        if (m->worker[w].call == RIT_ANSWERED)
            rit_ledger_order(m, RIT_ORDER_GATHER, w, m->called, m->call);
    rit_ledger_order(m, RIT_ORDER_GATHER, -1, m->called, m->call);
    m->gathered = true;
}

bool rit_calling(struct rit_master *m)
{
    if (m->gathered)
        return true;
    if (m->called >= 0 && (m->draining || m->here == 0))
        call_off(m);
    if (m->called < 0 && may_begin(m)) {
        m->called = rit_heap_first(&m->together);
        m->call = ++m->leases_given;
    }
    if (m->called < 0)
        return false;
    call_the_rest(m);
    if (m->answered == m->here && m->n_arrived == 0) /* a late result is on disk before */
        send_in(m);
    return true;
}

void rit_calling_answer(struct rit_master *m, int w, uint64_t call)
{
    struct rit_master_worker *worker = &m->worker[w];
    if (m->called < 0 || call != m->call || worker->call != RIT_CALLED)
        return;
    worker->call = RIT_ANSWERED;
    m->answered++;
}

void rit_calling_end(struct rit_master *m, int p, enum rit_gathered gathered)
{
    RIT_CHECK(m->gathered && p == m->called && rit_heap_has(&m->together, p));
    for (int w = 0; w < m->workers; w++)
        if (m->worker[w].call == RIT_ANSWERED)
            rit_ledger_heard(m, w);
    m->gathered = false;
    call_off(m);
    if (gathered == RIT_GATHERED) {
        rit_heap_remove(&m->together, p);
        rit_ledger_enqueue(m, p);
        m->point[p].prepared = true;
        m->prepared++;
    } else if (gathered == RIT_GATHERED_TOO_LARGE) {
        rit_ledger_set_aside(m, p);
    } else {
        rit_closing_drain(m, gathered == RIT_GATHERED_TOO_LATE ? RIT_SWEEP_OUT_OF_TIME : RIT_SWEEP_STOPPED);
    }
}
