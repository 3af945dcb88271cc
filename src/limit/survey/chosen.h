/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The pairs of the block whose outputs a survey looks at, its rows, spread evenly; and the entries of a
 * kernel between them, of which those with row <= column are told, row by row.
 */
#ifndef RITARDANDO_LIMIT_CHOSEN_H
#define RITARDANDO_LIMIT_CHOSEN_H

#include <ritardando/model.h>
#include <ritardando/outcome.h>

/** limit.pairs, for the .shared of surveys. */
extern const struct rit_param rit_chosen_params[1];

struct rit_chosen {
    const struct rit_block *block;
    int rows, entries; /* entries = rows (rows + 1) / 2 */
};

struct rit_chosen rit_chosen_of(const struct rit_point *point, const struct rit_block *block);

/** The pair of a row. */
int rit_chosen_pair(const struct rit_chosen *chosen, int row);

/** The entry of two rows, in any order. */
int rit_chosen_entry(const struct rit_chosen *chosen, int i, int j);

/** Row and column of an entry. */
void rit_chosen_rows(const struct rit_chosen *chosen, int entry, int *row, int *column);

/** Puts the pairs of the rows, and the rows and columns of the entries. */
void rit_chosen_describe(const struct rit_chosen *chosen, struct rit_outcome *outcome);

/** What surveys measure or predict of networks at their start. */
enum rit_told {
    RIT_OUTPUT_MEAN,
    RIT_OUTPUT_VARIANCE,
    RIT_OUTPUT_FOURTH,
    RIT_OUTPUT_KURTOSIS,
    RIT_KERNEL_KURTOSIS,
    RIT_KERNEL_MEAN,
    RIT_TANGENT_MEAN,
    RIT_TANGENT_VARIANCE,
    RIT_TANGENT_RATIO,
    RIT_KERNEL_COVARIANCE,
    RIT_DRAWN, /* what follows is known of wide networks alone */
    RIT_KERNEL_VERTEX = RIT_DRAWN,
    RIT_KERNEL_INFINITE,
    RIT_KERNEL_CORRECTION,
    RIT_TOLD
};

/** A new variable of this, all NaN; `error`: of its standard error. Returns its data, over rows, entries, or
 * entries and entries. */
double *rit_chosen_add(const struct rit_chosen *chosen, enum rit_told told, bool error,
                       struct rit_outcome *outcome);

/** The variable that says how far kernels are from those of infinite width: of K, or of Theta (`tangent`). */
double *rit_chosen_add_distance(bool tangent, bool error, struct rit_outcome *outcome);

/** The squared Frobenius norm of a symmetric matrix whose entries are given: those off the diagonal count
 * twice. */
double rit_chosen_square(const struct rit_chosen *chosen, const double *entry);

#endif
