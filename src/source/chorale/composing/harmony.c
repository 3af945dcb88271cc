/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Functional harmony. A chord of a key may be followed by the chords its row names, with these weights; a
 * phrase is a walk through such rows that ends in its cadence.
 */
#include "source/chorale/composing/composing.h"

#include <stddef.h>

enum { MAJOR, MINOR, DIMINISHED, DOMINANT7, MAJOR7, MINOR7, HALF7, DIMINISHED7, KINDS };

static const int interval[KINDS][4] = {
    {0, 4, 7, -1}, {0, 3, 7, -1}, {0, 3, 6, -1}, {0, 4, 7, 10},
    {0, 4, 7, 11}, {0, 3, 7, 10}, {0, 3, 6, 10}, {0, 3, 6, 9},
};

/*
 * The names are those of C major and C minor; a phrase in another key transposes them. o: diminished, h7:
 * half diminished, j7: major seventh; a doubled letter or _ : major where the key has a minor chord.
 */
enum { C, Dm, Em, F, G, Am, Bo, G7, Dm7, Fj7, Am7, D_, D7, E_, E7, A_, A7, C7, Fso, IN_MAJOR };
enum { Cm, Do, Eb, Fm, Gg, Ab, Bb, Bd, Gg7, Dh7, Fm7, Gm, Bb7, Cc7, Dd, Abj7, Bd7, Ff, IN_MINOR };
enum { MOST_CHORDS = 20, MOST_NEXT = 15 };
_Static_assert((int)IN_MAJOR <= MOST_CHORDS && (int)IN_MINOR <= MOST_CHORDS, "room for the chords");

struct chord {
    int root, kind;
    int leading; /* semitones above the root of the tone that wants to rise; -1: none */
    struct {
        unsigned char to, weight;
    } next[MOST_NEXT]; /* ends with weight 0 */
};

/* clang-format off */
static const struct chord in_major[IN_MAJOR] = {
    [C]   = {0, MAJOR, -1, {{F, 20}, {G, 22}, {Am, 12}, {Dm, 7}, {Bo, 6}, {Dm7, 6}, {G7, 6}, {Em, 4}, {D7, 4},
                            {C7, 3}, {Fj7, 3}, {E_, 2}, {A7, 2}}},
    [Dm]  = {2, MINOR, -1, {{G, 26}, {G7, 12}, {C, 12}, {Am, 6}, {Bo, 6}, {F, 5}, {E_, 3}, {D7, 3}}},
    [Em]  = {4, MINOR, -1, {{F, 16}, {Am, 14}, {C, 6}, {Dm, 5}, {Am7, 4}, {A_, 2}}},
    [F]   = {5, MAJOR, -1, {{C, 24}, {G, 20}, {Dm, 8}, {G7, 8}, {Bo, 6}, {Dm7, 6}, {Am, 4}, {Fso, 3}, {D_, 2}}},
    [G]   = {7, MAJOR, 4, {{C, 44}, {Am, 14}, {G7, 8}, {Em, 4}, {F, 4}, {E_, 3}, {C7, 2}, {D_, 2}}},
    [Am]  = {9, MINOR, -1, {{F, 16}, {Dm, 12}, {G, 12}, {Em, 8}, {Dm7, 8}, {D7, 7}, {C, 6}, {E_, 4}, {Bo, 3}}},
    [Bo]  = {11, DIMINISHED, 0, {{C, 40}, {Am, 6}, {Em, 2}}},
    [G7]  = {7, DOMINANT7, 4, {{C, 44}, {Am, 10}}},
    [Dm7] = {2, MINOR7, -1, {{G, 30}, {G7, 8}, {C, 6}, {Bo, 3}}},
    [Fj7] = {5, MAJOR7, -1, {{G, 10}, {Bo, 6}, {Dm, 4}, {Fso, 2}}},
    [Am7] = {9, MINOR7, -1, {{Dm, 10}, {F, 6}, {D7, 6}, {D_, 4}}},
    [D_]  = {2, MAJOR, 4, {{G, 30}, {G7, 3}, {Em, 3}}},
    [D7]  = {2, DOMINANT7, 4, {{G, 30}, {Em, 3}}},
    [E_]  = {4, MAJOR, 4, {{Am, 30}, {F, 4}, {E7, 3}}},
    [E7]  = {4, DOMINANT7, 4, {{Am, 30}, {F, 3}}},
    [A_]  = {9, MAJOR, 4, {{Dm, 30}, {A7, 3}}},
    [A7]  = {9, DOMINANT7, 4, {{Dm, 30}}},
    [C7]  = {0, DOMINANT7, 4, {{F, 30}, {Dm, 5}}},
    [Fso] = {6, DIMINISHED, 0, {{G, 30}}},
};

static const struct chord in_minor[IN_MINOR] = {
    [Cm]   = {0, MINOR, -1, {{Gg, 22}, {Fm, 18}, {Bb, 9}, {Ab, 8}, {Eb, 7}, {Do, 6}, {Dh7, 6}, {Bd, 5}, {Gg7, 5},
                             {Gm, 5}, {Cc7, 3}, {Ff, 3}, {Dd, 2}, {Bd7, 2}}},
    [Do]   = {2, DIMINISHED, -1, {{Gg, 20}, {Cm, 10}, {Gg7, 8}}},
    [Eb]   = {3, MAJOR, -1, {{Ab, 16}, {Bb, 14}, {Cm, 12}, {Fm, 8}, {Gg, 6}, {Bb7, 4}, {Fm7, 4}, {Abj7, 3}, {Do, 3},
                             {Bd, 3}}},
    [Fm]   = {5, MINOR, -1, {{Gg, 22}, {Cm, 18}, {Bb, 9}, {Gg7, 6}, {Do, 5}, {Dh7, 5}, {Bb7, 4}, {Ab, 3}, {Bd, 3}}},
    [Gg]   = {7, MAJOR, 4, {{Cm, 44}, {Ab, 12}, {Gg7, 7}, {Eb, 3}, {Fm, 3}, {Cc7, 2}}},
    [Ab]   = {8, MAJOR, -1, {{Bb, 16}, {Fm, 14}, {Eb, 9}, {Gg, 8}, {Do, 5}, {Dh7, 5}, {Cm, 5}, {Fm7, 4}, {Bb7, 3}}},
    [Bb]   = {10, MAJOR, 4, {{Eb, 34}, {Cm, 8}, {Gm, 5}, {Ab, 4}, {Gg, 4}, {Bb7, 4}, {Ff, 2}}},
    [Bd]   = {11, DIMINISHED, 0, {{Cm, 40}, {Gg, 2}}},
    [Gg7]  = {7, DOMINANT7, 4, {{Cm, 44}, {Ab, 8}}},
    [Dh7]  = {2, HALF7, -1, {{Gg, 30}, {Gg7, 8}, {Cm, 5}}},
    [Fm7]  = {5, MINOR7, -1, {{Bb, 14}, {Gg, 8}, {Bb7, 5}}},
    [Gm]   = {7, MINOR, -1, {{Ab, 12}, {Cm, 10}, {Eb, 8}, {Fm, 7}, {Abj7, 3}}},
    [Bb7]  = {10, DOMINANT7, 4, {{Eb, 40}, {Cm, 4}}},
    [Cc7]  = {0, DOMINANT7, 4, {{Fm, 30}, {Ab, 3}}},
    [Dd]   = {2, MAJOR, 4, {{Gg, 14}, {Gm, 14}}},
    [Abj7] = {8, MAJOR7, -1, {{Bb, 10}, {Fm, 6}, {Dh7, 5}}},
    [Bd7]  = {11, DIMINISHED7, 0, {{Cm, 30}}},
    [Ff]   = {5, MAJOR, -1, {{Bb, 12}, {Gg, 8}, {Bd, 5}}},
};
/* clang-format on */

struct mode {
    const struct chord *chord;
    int chords;
    int tonic, subdominant, dominant, seventh, sixth;
    unsigned scale; /* bit mask of pitch classes above the tonic */
};

static const struct mode major = {in_major, IN_MAJOR, C, F, G, G7, Am, 0xab5};
static const struct mode minor = {in_minor, IN_MINOR, Cm, Fm, Gg, Gg7, Ab, 0x5ad}; /* natural minor */

static const struct mode *mode_of(const struct rit_phrase *phrase)
{
    return phrase->key.minor ? &minor : &major;
}

/* The last two chords of a cadence. -1 before a half cadence: whatever leads to the dominant. */
static void ending(struct rit_random *random, const struct rit_phrase *phrase, int *before, int *last)
{
    const struct mode *mode = mode_of(phrase);
    *before = rit_random_below(random, 4) == 0 ? mode->seventh : mode->dominant;
    *last = mode->tonic;
    if (phrase->cadence == RIT_HALF) {
        *before = -1;
        *last = mode->dominant;
    } else if (phrase->cadence == RIT_DECEPTIVE) {
        *last = mode->sixth;
    } else if (phrase->cadence == RIT_PLAGAL) {
        *before = mode->subdominant;
    }
}

/* Weight of a chord at the beginning of a phrase. The first of all stands on the tonic or leads to it. */
static int opening(const struct rit_phrase *phrase, int chord)
{
    const struct mode *mode = mode_of(phrase);
    if (chord == mode->tonic)
        return 12;
    if (chord == mode->dominant)
        return phrase->opens ? 2 : 5;
    if (chord == mode->subdominant)
        return phrase->opens ? 0 : 3;
    if (chord == mode->sixth)
        return phrase->opens ? 0 : 2;
    return 0;
}

/* A walk of n chords; can[k][c] says that chord c at place k can still reach the ending. */
static void walk(struct rit_random *random, const struct rit_phrase *phrase, int n, int *chord)
{
    const struct mode *mode = mode_of(phrase);
    const struct chord *list = mode->chord;
    bool can[RIT_LONGEST_PHRASE][MOST_CHORDS] = {{false}};
    int before, last;
    ending(random, phrase, &before, &last);
    can[n - 1][last] = true;
    for (int k = n - 2; k >= 0; k--)
        for (int c = 0; c < mode->chords; c++)
            for (int j = 0; j < MOST_NEXT && list[c].next[j].weight; j++)
                if (can[k + 1][list[c].next[j].to] && (k != n - 2 || before < 0 || c == before))
                    can[k][c] = true;

    int choice[MOST_CHORDS][2]; /* of the next chord: {chord, weight} */
    for (int c = 0; c < mode->chords; c++) {
        choice[c][0] = c;
        choice[c][1] = can[0][c] ? opening(phrase, c) : 0;
    }
    for (int k = 0; k < n; k++) {
        chord[k] = rit_random_choose(random, mode->chords, (const int(*)[2])choice);
        for (int c = 0; c < mode->chords; c++)
            choice[c][1] = 0;
        for (int j = 0; k + 1 < n && j < MOST_NEXT && list[chord[k]].next[j].weight; j++) {
            int c = list[chord[k]].next[j].to;
            choice[c][1] = can[k + 1][c] ? list[chord[k]].next[j].weight : 0;
        }
    }
}

static struct rit_harmony make(const struct rit_phrase *phrase, const struct chord *chord)
{
    struct rit_harmony h = {.leading = -1, .falling = -1, .soprano = -1};
    int tonic = phrase->key.tonic, root = (chord->root + tonic) % 12;
    for (int i = 0; i < 4 && interval[chord->kind][i] >= 0; i++)
        h.tone[h.tones++] = (root + interval[chord->kind][i]) % 12;
    if (chord->leading >= 0)
        h.leading = (root + chord->leading) % 12;
    if (h.tones == 4)
        h.falling = h.tone[3];
    for (int pc = 0; pc < 12; pc++)
        if (mode_of(phrase)->scale >> pc & 1)
            h.scale |= 1u << (pc + tonic) % 12;
    return h;
}

/* The third gives way to the fourth, which falls back to it on the next beat. */
static void suspend(struct rit_harmony *h)
{
    h->tones = 3;
    h->tone[1] = (h->tone[0] + 5) % 12;
    h->falling = h->tone[1];
    h->leading = -1;
    h->suspended = true;
}

/* Which chords last two beats: drawn, until the beats are used up. */
static int draw_lengths(struct rit_random *random, int beats, int *length)
{
    int n = 0;
    while (beats > 0) {
        length[n] = beats >= 2 && rit_random_below(random, 100) < 18 ? 2 : 1;
        beats -= length[n++];
    }
    return n;
}

/* How the last chord sounds, and what is before it. */
static void set_cadence(struct rit_random *random, const struct rit_phrase *phrase,
                        struct rit_harmony *harmony)
{
    struct rit_harmony *last = &harmony[phrase->beats - phrase->fermata];
    last->root_below = phrase->cadence != RIT_HALF;
    if (phrase->closes && phrase->key.minor && rit_random_below(random, 3) > 0) { /* Picardy third */
        for (int b = 0; b < phrase->fermata; b++)
            last[b].tone[1] = (last[b].tone[0] + 4) % 12;
    }
    if (phrase->cadence == RIT_PERFECT)
        last->soprano = last->tone[0];
    if (phrase->cadence == RIT_IMPERFECT)
        last->soprano = last->tone[1 + rit_random_below(random, 2)];
    if (phrase->closes)
        last[-1].root_below = true;
}

void rit_harmony_draw(struct rit_random *random, const struct rit_phrase *phrase, struct rit_harmony *harmony)
{
    int length[RIT_LONGEST_PHRASE], chord[RIT_LONGEST_PHRASE];
    int n = draw_lengths(random, phrase->beats - phrase->fermata, length);
    length[n++] = phrase->fermata;
    walk(random, phrase, n, chord);
    for (int k = 0, t = 0; k < n; k++) {
        const struct chord *named = &mode_of(phrase)->chord[chord[k]];
        struct rit_harmony h = make(phrase, named);
        for (int b = 0; b < length[k]; b++, t++) {
            harmony[t] = h;
            harmony[t].same = b > 0;
            harmony[t].held = k == n - 1 && b > 0;
        }
        bool may_suspend = k > 0 && k < n - 1 && length[k] == 2 && h.tones == 3 && named->kind != DIMINISHED;
        if (may_suspend && rit_random_below(random, 100) < 60)
            suspend(&harmony[t - 2]);
    }
    harmony[0].root_below = phrase->opens;
    set_cadence(random, phrase, harmony);
}
