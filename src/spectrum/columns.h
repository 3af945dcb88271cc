/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Matrices whose columns take passes to make: each rank makes its share, and what is made is stored, so that
 * an interrupted one goes on where it was, on any number of ranks.
 *
 * The file begins with a frame (store/frame.h) of its owner's hash and the number of rows; a frame for each
 * panel follows: number of its first column, of its columns, and the columns. A kill leaves a torn frame at
 * the end, which is made again.
 */
#ifndef RITARDANDO_SPECTRUM_COLUMNS_H
#define RITARDANDO_SPECTRUM_COLUMNS_H

#include "base/hash.h"
#include "spectrum/spread.h"

struct rit_columns {
    void *self;
    /** Column j, of all rows, into x. False if it is not finite. Not collective. */
    bool (*make)(void *self, int j, double *x);
    const char *path;      /* where they are stored; borrowed */
    struct rit_hash owner; /* of all that decides them: only columns of the same owner are taken back */
};

/** What became of what was stored, in words, empty where nothing was: "1200 of 7980 columns were stored". */
enum { RIT_COLUMNS_TEXT = 200 };

/** Bytes on every rank beside the matrix. */
double rit_columns_memory(int rows, int ranks);

/**
 * Fill the matrix. Rank 0 tells on standard error how far it is. Collective. RIT_STOPPED, with the columns
 * made so far stored, when any rank is asked to stop; RIT_BAD_INPUT if a column is not finite; RIT_IO.
 */
enum rit_status rit_columns_fill(struct rit_spread *spread, const struct rit_columns *columns,
                                 char told[RIT_COLUMNS_TEXT], struct rit_error *err);

/** They are needed no longer: remove the file. */
void rit_columns_forget(const struct rit_columns *columns);

#endif
