/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Family `data`: where sequences come from. A member is one file in src/data/ that exports
 * `const struct rit_source rit_source_NAME` (a dash in a name is an underscore in C and in the file name).
 */
#ifndef RITARDANDO_SOURCE_H
#define RITARDANDO_SOURCE_H

#include <ritardando/member.h>
#include <ritardando/point.h>
#include <ritardando/status.h>

struct rit_hash;

enum {
    RIT_SLOTS = 54,      /* visible units N_v */
    RIT_LOWEST_NOTE = 43 /* MIDI number of slot 0; slot i is note 43 + i, up to 96 */
};

/** A set of chorales. A chord is a bit mask: bit i says that slot i sounds. Owned arrays. */
struct rit_corpus {
    int chorales;
    int *start;      /* [chorales + 1]: chord index where each begins; start[chorales] = number of chords */
    uint64_t *chord; /* [start[chorales]] */
};

/** One more chorale of n chords at the end. */
void rit_corpus_append(struct rit_corpus *corpus, const uint64_t *chord, int n);
void rit_corpus_release(struct rit_corpus *corpus);

struct rit_source {
    struct rit_member member; /* own parameters: keys "data.*" */
    /**
     * Load at least chorales [0, need) of the corpus, in its fixed order; more if that is no trouble.
     * RIT_IO or RIT_BAD_INPUT with the file and line; RIT_BAD_INPUT if there are fewer than `need`.
     */
    enum rit_status (*load)(const struct rit_point *point, int need, struct rit_corpus *corpus,
                            struct rit_error *err);
};

/** The list of all members, made by the build from the file names; NULL-terminated. */
extern const struct rit_member *const rit_sources[];

/** The member chosen by the point's data.source. */
static inline const struct rit_source *rit_source_of(const struct rit_point *point)
{
    return (const struct rit_source *)rit_member_chosen(rit_sources, point, "data.source");
}

/**
 * The training block: chorales data.first .. data.first + data.chorales - 1 of a corpus, with its
 * standardisation. T training pairs: chord t and t+1 of the same chorale.
 */
struct rit_block {
    int chorales;           /* P */
    int pairs;              /* T = sum over chorales of (length - 1) */
    int longest;            /* most pairs in one chorale */
    const int *start;       /* [P + 1]: first pair of each chorale; start[P] = T */
    const uint64_t *input;  /* [T] chord at t */
    const uint64_t *target; /* [T] chord at t + 1 */
    double mean, deviation; /* of all notes of all chords of the block: one scalar each; x = (note - mean) /
                               deviation */
    double target_mean;     /* mean of all targets s = +-1 */
    void *memory;           /* owned: what the arrays above lie in */
};

/** Loads the corpus of a point and cuts its block. Chorales shorter than two chords are refused. */
enum rit_status rit_block_load(const struct rit_point *point, struct rit_block *block, struct rit_error *err);
/** Cut [first, first + count) of a corpus. */
enum rit_status rit_block_cut(const struct rit_corpus *corpus, int first, int count, struct rit_block *block,
                              struct rit_error *err);
void rit_block_release(struct rit_block *block);

/** SHA-256 of the number of chorales and of each one's length and chords: the data's part of an identity. */
struct rit_hash rit_block_digest(const struct rit_block *block);

#endif
