/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * `ritardando data-statistics`: what a corpus looks like to a network that learns it. The table of
 * docs/data.md compares the composer with the real chorales in these numbers.
 */
#ifndef RITARDANDO_CHORALE_STATISTICS_H
#define RITARDANDO_CHORALE_STATISTICS_H

#include <ritardando/source.h>

struct rit_buffer;

enum rit_statistic {
    RIT_STAT_CHORALES,
    RIT_STAT_CHORDS,
    RIT_STAT_LENGTH, /* chords per chorale: mean, then deviation, ... */
    RIT_STAT_LENGTH_DEVIATION,
    RIT_STAT_SHORTEST,
    RIT_STAT_LONGEST,
    RIT_STAT_ACTIVITY, /* share of (chord, slot) that sounds */
    RIT_STAT_NOTES,    /* notes per chord */
    RIT_STAT_FOUR,     /* share of chords with four notes; with three, with less */
    RIT_STAT_THREE,
    RIT_STAT_FEWER,
    RIT_STAT_BASS, /* the voices: mean note, in chords of four notes */
    RIT_STAT_TENOR,
    RIT_STAT_ALTO,
    RIT_STAT_SOPRANO,
    RIT_STAT_BASS_DEVIATION,
    RIT_STAT_TENOR_DEVIATION,
    RIT_STAT_ALTO_DEVIATION,
    RIT_STAT_SOPRANO_DEVIATION,
    RIT_STAT_LOWEST,
    RIT_STAT_HIGHEST,
    RIT_STAT_BASS_HOLDS, /* share of moves from four notes to four in which a voice keeps its note */
    RIT_STAT_TENOR_HOLDS,
    RIT_STAT_ALTO_HOLDS,
    RIT_STAT_SOPRANO_HOLDS,
    RIT_STAT_SOPRANO_STEPS, /* by one or two semitones */
    RIT_STAT_SOPRANO_LEAPS, /* by more */
    RIT_STAT_REPEATED,      /* share of chords that repeat the one before */
    RIT_STAT_PARALLELS,     /* pairs of voices in parallel fifths or octaves per change of chord */
    RIT_STAT_MINOR,         /* share of chorales with more E flat than E */
    RIT_STAT_DISTINCT,      /* different chords in the corpus */
    RIT_STAT_VARIETY,       /* different chords in a chorale over its length, mean */
    RIT_STAT_SEEN,          /* share of chords of the second half that sound in the first half too */
    RIT_STAT_SEEN_CHANGES,  /* the same of pairs of successive chords */
    /* NLL in bits per unit and step of the best predictor that knows: */
    RIT_STAT_CONSTANT_RATE, /* one rate for all notes */
    RIT_STAT_NOTE_RATES,    /* a rate for each note */
    RIT_STAT_ONE_CHORD,     /* and the last chord; the last two, three; all chords since the beginning */
    RIT_STAT_TWO_CHORDS,
    RIT_STAT_THREE_CHORDS,
    RIT_STAT_ALL_CHORDS, /* the floor that no causal model gets below */
    RIT_STATISTICS
};

struct rit_statistics {
    double value[RIT_STATISTICS];
    double pitch_class[12]; /* share of notes; 0 is C */
};

/** All of them. Shares are between 0 and 1. The corpus has at least one chorale of two chords. */
void rit_corpus_measure(const struct rit_corpus *corpus, struct rit_statistics *statistics);

/** A Markdown table: a row for each statistic, a column for each corpus. */
void rit_corpus_statistics(int n, const struct rit_corpus *corpus, const char *const *name,
                           struct rit_buffer *out);

#endif
