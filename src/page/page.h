/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * One page of HTML that tells a sweep: self-contained, for a browser without network. The page's program
 * (assets/page.js) draws from one object of data, which is made here; what is computed is computed by
 * src/phase.
 */
#ifndef RITARDANDO_PAGE_PAGE_H
#define RITARDANDO_PAGE_PAGE_H

#include <ritardando/status.h>

#include "base/pack.h"
#include "phase/gridded.h"
#include "phase/scan.h"

struct rit_page {
    const char *title;                 /* of the run */
    const char *made;                  /* when, as people write it */
    const char *program;               /* version */
    const char *standing;              /* who is at it, a sentence; "" if nobody can tell */
    const char *config;                /* resolved, YAML */
    const char *tables;                /* of the analysis and the outlook, Markdown */
    const char *complaint;             /* why there is no analysis; "" if there is one */
    const char *songs;                 /* members of a JSON object, identity: song; "" if there are none */
    int planned;                       /* points of the plan */
    const struct rit_dataset *dataset; /* NULL while there is no result */
    const struct rit_scan *scan;       /* NULL where there is a complaint or no result */
    const struct rit_gridded *gridded; /* NULL likewise */
};

/** Append the page to `out`. A pure function of what it is given. */
void rit_page_print(const struct rit_page *page, struct rit_buffer *out);

/** The object of data alone. */
void rit_page_print_data(const struct rit_page *page, struct rit_buffer *out);

#endif
