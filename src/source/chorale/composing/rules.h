/* SPDX-License-Identifier: GPL-3.0-or-later */
/** The rules of voice leading: what is forbidden, and what everything else costs (small integers, >= 0). */
#ifndef RITARDANDO_CHORALE_COMPOSING_RULES_H
#define RITARDANDO_CHORALE_COMPOSING_RULES_H

#include "source/chorale/composing/composing.h"

enum { RIT_WIDEST_LEAP = 12 };

/** What a voice owes to the note it has just sung. */
enum rit_duty {
    RIT_FREE,
    RIT_LEAD,  /* a leading tone: a semitone up, if the next harmony has that tone */
    RIT_FALL,  /* a seventh or suspension: a step down, unless another harmony keeps it */
    RIT_GO_UP, /* a note foreign to its chord: on by a step */
    RIT_GO_DOWN,
};

/** Whether the harmony has this pitch class. */
bool rit_harmony_has(const struct rit_harmony *h, int pitch_class);

/** Whether one voice may go from a note with its duty to the next under a harmony. */
bool rit_rule_step(const struct rit_harmony *h, int voice, int from, enum rit_duty duty, int to);

/** Whether two voices go from a fifth, octave or unison to the same again. */
bool rit_rule_parallel(int low_from, int high_from, int low_to, int high_to);

/** Largest distance between a voice and the one below it. */
int rit_rule_spacing(int voice);

/** What a voice owes after a tone of the harmony. */
enum rit_duty rit_rule_duty(const struct rit_harmony *h, int voice, int note);

/** Cost of one voice's motion by `move` semitones. */
int rit_cost_motion(int voice, int move);

/**
 * Cost of doubling, completeness and inversion. `foreign` is the voice with a note that is not of the
 * harmony, or -1. Negative: not allowed.
 */
int rit_cost_chord(const struct rit_harmony *h, const int *note, int foreign);

/** Cost of all voices' motion together. */
int rit_cost_together(const struct rit_harmony *h, const int *from, const int *to);

#endif
