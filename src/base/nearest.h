/* SPDX-License-Identifier: GPL-3.0-or-later */
/** "Did you mean": the known word nearest to a misspelt one. */
#ifndef RITARDANDO_BASE_NEAREST_H
#define RITARDANDO_BASE_NEAREST_H

/**
 * The one of known[0..n-1] that fewest slips turn into `word` (a letter missing, too many, wrong, or two
 * neighbours swapped; upper and lower case count as equal), the first of them if several are; NULL if even
 * that takes more than a third of the word's letters, rounded up. Cost grows as length squared, words beyond
 * 40 letters match nothing.
 */
const char *rit_nearest(const char *word, const char *const *known, int n);

#endif
