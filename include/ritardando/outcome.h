/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * The outcome of one point: how its run ended and the arrays its observables made. It is what a worker
 * sends, what the journal holds and what becomes one row of the dataset. No time of day, rank or host is in
 * it.
 */
#ifndef RITARDANDO_OUTCOME_H
#define RITARDANDO_OUTCOME_H

#include <ritardando/status.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rit_buffer;
struct rit_reader;

/** How a run ended. The numbers are stored in files: append, never renumber. */
enum rit_end {
    RIT_END_LEARNED = 0,  /* every threshold was reached */
    RIT_END_CENSORED = 1, /* stopped at its last tau before every threshold was reached */
    RIT_END_DIVERGED = 2, /* a weight or the loss left the finite numbers, or the loss ran away */
    RIT_END_FAILED = 3,   /* the point could not be run; `reason` says why */
    RIT_END_FINISHED = 4, /* reached its last tau; nobody had asked whether it learns */
    RIT_ENDS              /* how many there are */
};

/** "learned", "censored", ... */
const char *rit_end_name(enum rit_end end);

/** "3 learned, 1 censored, 0 diverged, 0 failed" of how many runs ended so; "finished" where there are any.
 */
int rit_ends_print(const int count[RIT_ENDS], char *out, size_t size);

enum {
    RIT_MAX_DIMS = 3,
    RIT_MAX_LENGTH = 1 << 24, /* of one dimension */
    RIT_MAX_VARIABLES = 64,
    RIT_MAX_LABELLED = 8,   /* dimensions with labels */
    RIT_VARIABLE_NAME = 48, /* sizes of texts, with their closing zero */
    RIT_VARIABLE_TEXT = 160
};

/**
 * What a variable is: enough for the store to write it, and for xarray to label it. Texts and data lie in
 * one piece of memory with the struct, so that 100 000 outcomes stay small.
 */
struct rit_variable {
    const char *name; /* "nll": a letter, then letters, digits and underscores */
    const char *unit; /* "bit", "tau", "1" */
    const char *meaning;
    int dims;
    const char *dim[RIT_MAX_DIMS]; /* "grid_tau", "threshold", ... beside the point dimension */
    size_t length[RIT_MAX_DIMS];
    size_t count; /* product of lengths */
    double *data; /* [count], row-major; NaN where there is no value */
    bool library; /* the numbers may have gone through a library, whose last digits are a machine's own: they
                     are compared to RIT_LIBRARY_ACCURACY, and no part of a content hash */
};

/** Of the largest modulus of a variable: what numbers of a library agree to, wherever they were made. */
#define RIT_LIBRARY_ACCURACY 1e-10

/** What the places along a dimension are called, where they are not numbers: "all", "K", "J1", ... */
struct rit_labels {
    const char *dim;
    int n;
    const char *const *label; /* [n] */
};

struct rit_outcome {
    enum rit_end end;
    char reason[RIT_VARIABLE_TEXT]; /* of a failed or diverged run; else empty */
    uint64_t steps;                 /* steps made */
    double tau;                     /* proper time reached */
    int variables;
    struct rit_variable *variable[RIT_MAX_VARIABLES]; /* owned */
    int labelled;
    struct rit_labels *labels[RIT_MAX_LABELLED]; /* owned, with their texts */
};

/**
 * A new variable with all values NaN; it stays where it is when others are added. A name twice, a text that
 * is too long or too many variables is a bug.
 */
struct rit_variable *rit_outcome_add(struct rit_outcome *outcome, const char *name, const char *unit,
                                     const char *meaning, int dims, const char *const *dim,
                                     const size_t *length);
/** The same with these values. */
void rit_outcome_put(struct rit_outcome *outcome, const char *name, const char *unit, const char *meaning,
                     int dims, const char *const *dim, const size_t *length, const double *values);
const struct rit_variable *rit_outcome_find(const struct rit_outcome *outcome, const char *name);

/**
 * Call the places along dimension `dim` by these names; they are copied. Outcomes whose labels differ meet in
 * a dataset by label, not by place. A dimension labelled twice, or a label that is too long, is a bug.
 */
void rit_outcome_label(struct rit_outcome *outcome, const char *dim, int n, const char *const *label);
/** The labels of a dimension, or NULL. */
const struct rit_labels *rit_outcome_labels(const struct rit_outcome *outcome, const char *dim);

/**
 * Whether a stored outcome came out otherwise when it was made again; `what` gets a few words on the first
 * difference. Numbers are compared bit by bit, those of a library to RIT_LIBRARY_ACCURACY, not what they are
 * called: the version before may have had other words for them, and may not have measured all that is
 * measured now.
 */
bool rit_outcome_differs(const struct rit_outcome *stored, const struct rit_outcome *now, char *what,
                         size_t size);

void rit_outcome_release(struct rit_outcome *outcome);

/**
 * The canonical bytes of an outcome. Equal outcomes give equal bytes, whatever the order in which their
 * variables were added and whichever bits their NaNs have.
 */
void rit_outcome_pack(const struct rit_outcome *outcome, struct rit_buffer *out);
/**
 * Of such bytes what content hashes are taken of: all but the numbers of libraries; of bytes that are no
 * outcome all of them. Returns whether there were any such numbers.
 */
bool rit_outcome_content(const void *bytes, size_t size, struct rit_buffer *out);
/** The first of these: how it ended, why, steps and tau. Reads untrusted bytes; `in` is bad if they are none.
 */
void rit_outcome_glance(struct rit_reader *in, struct rit_outcome *outcome);
/** Reads untrusted bytes. RIT_BAD_INPUT, with nothing to release, if they are not what pack would write. */
enum rit_status rit_outcome_read(struct rit_reader *in, struct rit_outcome *outcome, struct rit_error *err);

#endif
