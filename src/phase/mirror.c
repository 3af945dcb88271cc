/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "phase/mirror.h"

#include <ritardando/status.h>

#include <stdlib.h>
#include <string.h>

double rit_mirror_about(double low, double high)
{
    return low > 0 ? low + high : high + (high - low) / 8;
}

void rit_mirror_make(const struct rit_scan_line *line, int thresholds, double about, struct rit_mirrored *m)
{
    size_t cells = (size_t)line->finite + 1, runs = (size_t)line->start[line->finite] + 1;
    *m = (struct rit_mirrored){.cells = line->finite,
                               .width = calloc(cells, sizeof *m->width),
                               .start = calloc(cells, sizeof *m->start),
                               .life = calloc((size_t)thresholds + 1, sizeof *m->life)};
    RIT_CHECK(m->width && m->start && m->life);
    for (int t = 0; t < thresholds; t++) {
        m->life[t] = calloc(runs, sizeof **m->life);
        RIT_CHECK(m->life[t]);
    }
    for (int i = 0; i < m->cells; i++) {
        int c = m->cells - 1 - i, n = line->start[c + 1] - line->start[c];
        m->width[i] = about - line->width[c];
        m->start[i + 1] = m->start[i] + n;
        for (int t = 0; t < thresholds; t++)
            memcpy(m->life[t] + m->start[i], line->life[t] + line->start[c], (size_t)n * sizeof **m->life);
    }
}

void rit_mirror_release(struct rit_mirrored *m, int thresholds)
{
    for (int t = 0; t < thresholds; t++)
        free(m->life[t]);
    free(m->life);
    free(m->width);
    free(m->start);
    *m = (struct rit_mirrored){0};
}

static struct rit_estimate turned(double about, struct rit_estimate e)
{
    return (struct rit_estimate){about - e.value, about - e.high, about - e.low};
}

void rit_mirror_back(double about, struct rit_transition *transition)
{
    for (int t = 0; t < transition->thresholds; t++) {
        struct rit_critical *c = &transition->at[t];
        double low = c->window_low;
        c->window_low = about - c->window_high;
        c->window_high = about - low;
        c->critical = turned(about, c->critical);
        c->free_critical = turned(about, c->free_critical);
        c->straight = turned(about, c->straight);
        for (int i = 0; i < RIT_REACHES; i++)
            c->by_reach[i] = about - c->by_reach[i];
    }
    for (int form = 0; form < RIT_ZEROS; form++) {
        transition->zero.critical[form] = turned(about, transition->zero.critical[form]);
        transition->zero.slope[form] = turned(0, transition->zero.slope[form]);
    }
}
