/* SPDX-License-Identifier: GPL-3.0-or-later */
/**
 * Composing a four-part chorale, in three steps:
 *   form.c     the plan: mode, phrases, their keys and cadences, repeats;
 *   harmony.c  one phrase's harmonies, beat by beat, led by function to its cadence;
 *   voicing.c  the four voices over them, by a beam search under the rules of voice leading.
 * All arithmetic is in integers, so that the bits are the same everywhere.
 *
 * Pitches lie where the real corpus has them: about an octave above the singers.
 */
#ifndef RITARDANDO_CHORALE_COMPOSING_H
#define RITARDANDO_CHORALE_COMPOSING_H

#include "base/random.h"

#include <stdbool.h>
#include <stdint.h>

enum { RIT_BASS, RIT_TENOR, RIT_ALTO, RIT_SOPRANO, RIT_VOICES };
enum { RIT_LONGEST_CHORALE = 160, RIT_LONGEST_PHRASE = 24, RIT_MOST_PHRASES = 20 };

/** A key: pitch class of the tonic, and its mode. */
struct rit_key {
    int tonic;
    bool minor;
};

enum rit_cadence {
    RIT_PERFECT,   /* V - I, the soprano on the tonic */
    RIT_IMPERFECT, /* V - I, the soprano on the third or fifth */
    RIT_HALF,      /* to V */
    RIT_DECEPTIVE, /* V - vi, in minor V - VI */
    RIT_PLAGAL,    /* IV - I */
};

/** What the voices of one beat may sing. */
struct rit_harmony {
    int tones;
    int tone[4];     /* pitch classes: root, third (or suspended fourth), fifth, seventh */
    int leading;     /* pitch class that wants to rise by a semitone; -1: none */
    int falling;     /* pitch class that must fall by a step: seventh or suspension; -1: none */
    bool suspended;  /* `falling` must be held from the beat before */
    bool held;       /* the same notes as the beat before */
    bool same;       /* the same harmony as the beat before */
    unsigned scale;  /* bit mask of the pitch classes of the key, for passing notes */
    int soprano;     /* pitch class the soprano must have; -1: any */
    bool root_below; /* the bass must have the root */
};

struct rit_phrase {
    struct rit_key key;
    enum rit_cadence cadence;
    int beats;
    int fermata; /* beats of the last chord */
    int copy;    /* sung before as phrase `copy`; -1: new */
    bool opens;  /* the first phrase: begins on the tonic */
    bool closes; /* the last phrase */
};

struct rit_form {
    struct rit_key home;
    int phrases;
    struct rit_phrase phrase[RIT_MOST_PHRASES];
    int liking;  /* how large the random liking for notes is: 2 in plain chorales, more in elaborate ones */
    bool breath; /* a silent beat after each phrase but the last */
    int centre[RIT_VOICES]; /* where each voice likes to be */
};

/** Notes of the four voices at one beat, ascending (unisons allowed); all 0 for silence. */
struct rit_beat {
    int note[RIT_VOICES];
};

/** The plan of one chorale. */
void rit_form_draw(struct rit_random *random, struct rit_form *form);

/** The harmonies of one phrase; harmony[phrase->beats]. */
void rit_harmony_draw(struct rit_random *random, const struct rit_phrase *phrase,
                      struct rit_harmony *harmony);

/**
 * Voices over the harmonies of a phrase, following `before` (NULL at the very beginning). False if the rules
 * leave no way.
 */
bool rit_voicing_draw(struct rit_random *random, const struct rit_form *form, const struct rit_phrase *phrase,
                      const struct rit_harmony *harmony, const struct rit_beat *before,
                      struct rit_beat *beat);

/** Whether `next` may follow `beat` as far as motion is concerned: no parallels, no forbidden leap. */
bool rit_voicing_allows(const struct rit_beat *beat, const struct rit_beat *next);

/** Chorale `index` of a composer: the number of beats. It depends on nothing but seed and index. */
int rit_compose(uint64_t seed, uint64_t index, struct rit_beat beat[RIT_LONGEST_CHORALE]);

#endif
