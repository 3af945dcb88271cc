/* SPDX-License-Identifier: GPL-3.0-or-later */
/** How well the next chord follows from those before it. */
#ifndef RITARDANDO_CHORALE_CONTEXTS_H
#define RITARDANDO_CHORALE_CONTEXTS_H

#include <ritardando/source.h>

/** Writes RIT_STAT_DISTINCT, _SEEN, _SEEN_CHANGES and _CONSTANT_RATE .. _ALL_CHORDS. */
void rit_contexts_measure(const struct rit_corpus *corpus, double *value);

#endif
