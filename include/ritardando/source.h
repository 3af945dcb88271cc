/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Family `source`: where sequences come from. A member is one file in src/source/ that exports
 * `const struct rit_source rit_source_NAME` (a dash in a name is an underscore in C and in the file name).
 */
#ifndef RITARDANDO_SOURCE_H
#define RITARDANDO_SOURCE_H

#include <ritardando/member.h>
#include <ritardando/point.h>
#include <ritardando/rows.h>
#include <ritardando/status.h>

/** Sequences of rows, and for some sources a label for each row. Owned arrays. */
struct rit_corpus {
    struct rit_port port;  /* of the rows */
    struct rit_port label; /* of the labels; RIT_ROW_NONE: there are none */
    bool told;             /* the ports come with the data, and are not the source's own whatever it reads */
    bool notes;            /* unit i is MIDI note lowest + i */
    int lowest;
    double mean, deviation; /* how inputs are to be standardised; deviation 0: by the block's own moments */
    int measured, measured_first; /* sequences whose moments a block is standardised by; 0: its own */
    int sequences;
    int *start;           /* [sequences + 1]: row where each begins; start[sequences] = number of rows */
    uint64_t *bits;       /* rows of bits, as in struct rit_rows */
    float *real;          /* rows of reals */
    uint64_t *label_bits; /* and the labels */
    float *label_real;
};

/** One more sequence of n rows at the end. `rows` and `labels` are laid out as the ports say. */
void rit_corpus_append(struct rit_corpus *corpus, const void *rows, const void *labels, int n);
void rit_corpus_release(struct rit_corpus *corpus);

/** RIT_BAD_INPUT: the file or folder `path` has fewer than `need` sequences. */
enum rit_status rit_corpus_too_few(const struct rit_point *point, const struct rit_corpus *corpus,
                                   const char *path, const char *noun, int need, struct rit_error *err);

struct rit_source {
    struct rit_member member; /* own parameters: keys "data.*" */
    const char *noun;         /* what one sequence is called in messages: "chorale" */
    /**
     * Load at least sequences [0, need) of the corpus, in its fixed order; more if that is no trouble.
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

#endif
