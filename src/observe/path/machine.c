/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "observe/path/machine.h"

#include <math.h>
#include <stdbool.h>

enum { MOST_STEPS_EACH = 10000 }; /* steps for every example: far more than are ever made */

static const double accuracy = 1e-6;

/* Whether s a of an example may still grow (up), or shrink. */
static bool may(const struct rit_machine *m, int i, double c, bool up)
{
    return (m->sign[i] > 0.0) == up ? m->a[i] < c : m->a[i] > 0.0;
}

/* The example whose s a wants most to go up, or down; -1 for none. slope[i] = 1 - s_i sum_j a_j s_j K_ij. */
static int most_wanting(const struct rit_machine *m, double c, bool up)
{
    int best = -1;
    for (int i = 0; i < m->n; i++) {
        double now = m->sign[i] * m->slope[i];
        if (may(m, i, c, up) &&
            (best < 0 || (up ? now > m->sign[best] * m->slope[best] : now < m->sign[best] * m->slope[best])))
            best = i;
    }
    return best;
}

/* s_i a_i grows and s_j a_j shrinks by the same, as far as it pays and both may go. */
static void step_along(struct rit_machine *m, int i, int j, double c)
{
    const double *ki = m->k + (long)i * m->n, *kj = m->k + (long)j * m->n;
    double curvature = ki[i] + kj[j] - 2.0 * ki[j],
           gain = m->sign[i] * m->slope[i] - m->sign[j] * m->slope[j];
    double room_i = m->sign[i] > 0.0 ? c - m->a[i] : m->a[i];
    double room_j = m->sign[j] > 0.0 ? m->a[j] : c - m->a[j];
    double by = gain / fmax(curvature, 1e-12), room = fmin(room_i, room_j);
    bool all = by >= room;
    by = all ? room : by;
    /* Who is at the border stands on it exactly. */
    m->a[i] = all && room == room_i ? (m->sign[i] > 0.0 ? c : 0.0) : m->a[i] + m->sign[i] * by;
    m->a[j] = all && room == room_j ? (m->sign[j] > 0.0 ? 0.0 : c) : m->a[j] - m->sign[j] * by;
    for (int t = 0; t < m->n; t++)
        m->slope[t] -= m->sign[t] * by * (ki[t] - kj[t]);
}

void rit_machine_train(struct rit_machine *m, double c)
{
    for (int i = 0; i < m->n; i++) {
        m->a[i] = 0.0;
        m->slope[i] = 1.0;
    }
    int up = -1, down = -1;
    for (int step = 0; step < m->n * MOST_STEPS_EACH; step++) {
        up = most_wanting(m, c, true);
        down = most_wanting(m, c, false);
        if (up < 0 || down < 0 || m->sign[up] * m->slope[up] - m->sign[down] * m->slope[down] < accuracy)
            break;
        step_along(m, up, down, c);
    }
    if (up < 0 || down < 0) /* one label only */
        m->b = m->n > 0 ? m->sign[0] : 0.0;
    else
        m->b = 0.5 * (m->sign[up] * m->slope[up] + m->sign[down] * m->slope[down]);
}

double rit_machine_ask(const struct rit_machine *m, const double *row)
{
    double sum = m->b;
    for (int i = 0; i < m->n; i++)
        sum += m->a[i] * m->sign[i] * row[i];
    return sum;
}
