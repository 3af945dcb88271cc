/* SPDX-License-Identifier: GPL-3.0-or-later */
/** How pitches are spelt in a key: on the line of fifths ... Bb F C G D A E B F# ..., where C is 0. */
#ifndef RITARDANDO_MUSIC_SPELLING_H
#define RITARDANDO_MUSIC_SPELLING_H

#include <stdbool.h>

/** A signature: so many sharps, or, below zero, flats; -6 .. 5. */
struct rit_key {
    int fifths;
    bool minor;
};

/** A pitch as it is spelt: letter C = 0 .. B = 6, semitones above it, octave of middle C 4. */
struct rit_spelling {
    int letter, alter, octave;
};

/**
 * The key whose profile (Krumhansl and Kessler 1982) correlates best with how often each of the twelve pitch
 * classes sounds; C major of silence. A pure function; among equals the one with the least accidentals.
 */
struct rit_key rit_key_of(const long times[12]);
/** "C", "F#m": as ABC has it. */
const char *rit_key_name(struct rit_key key, char name[4]);
/**
 * A pitch 0 .. 127 in the key. Each pitch class has one spelling in a key: beside those of the signature
 * there are two flats and three sharps, in minor one and four (in C: Bb Eb F# C# G#, in A minor D# instead of
 * Eb).
 */
struct rit_spelling rit_spell(int pitch, struct rit_key key);
/** What the signature does to a letter: -1, 0 or 1. */
int rit_key_alter(struct rit_key key, int letter);

#endif
