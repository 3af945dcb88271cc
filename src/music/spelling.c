/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "music/spelling.h"

#include <math.h>
#include <stdio.h>

enum { CLASSES = 12, LETTERS = 7, FLATTEST = -6 };

/* How well each pitch class above the tonic fits, as listeners said. */
static const double profile[2][CLASSES] = {
    {6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88},
    {6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17},
};

static int modulo(int a, int n)
{
    return (a % n + n) % n;
}

/* Correlation with the profile, but for a factor that all keys share. */
static double fit(const long times[CLASSES], const double like[CLASSES], int tonic)
{
    double mean = 0.0, square = 0.0, product = 0.0;
    for (int i = 0; i < CLASSES; i++)
        mean += like[i] / CLASSES;
    for (int i = 0; i < CLASSES; i++) {
        square += (like[i] - mean) * (like[i] - mean);
        product += (like[i] - mean) * (double)times[(tonic + i) % CLASSES];
    }
    return product / sqrt(square);
}

struct rit_key rit_key_of(const long times[CLASSES])
{
    struct rit_key best = {0, false};
    double most = 0.0;
    for (int i = 0; i < 2 * CLASSES; i++) { /* 0, -1, 1, -2, 2, ...: the least accidentals first */
        int n = i / 2, fifths = n % 2 ? -(n + 1) / 2 : n / 2;
        bool minor = i % 2;
        double here = fit(times, profile[minor], modulo(7 * fifths + (minor ? 9 : 0), CLASSES));
        if (here > most + 1e-9) { /* equal but for rounding is equal */
            most = here;
            best = (struct rit_key){fifths, minor};
        }
    }
    return best;
}

/* Where a letter stands on the line of fifths, F = -1 .. B = 5, and back. */
static int place_of(int letter)
{
    return modulo(2 * letter + 1, LETTERS) - 1;
}

static int letter_at(int place)
{
    return modulo(4 * place, LETTERS);
}

/* How often a place lies beyond F .. B: its sharps, or flats. */
static int alter_at(int place)
{
    return (place + 1 - modulo(place + 1, LETTERS)) / LETTERS;
}

const char *rit_key_name(struct rit_key key, char name[4])
{
    int tonic = key.fifths + (key.minor ? 3 : 0), alter = alter_at(tonic);
    snprintf(name, 4, "%c%s%s", "CDEFGAB"[letter_at(tonic)],
             alter > 0   ? "#"
             : alter < 0 ? "b"
                         : "",
             key.minor ? "m" : "");
    return name;
}

struct rit_spelling rit_spell(int pitch, struct rit_key key)
{
    static const int white[LETTERS] = {0, 2, 4, 5, 7, 9, 11};
    int first = key.fifths - (key.minor ? 2 : 3);
    int place = first + modulo(7 * pitch - first, CLASSES); /* 7 * 7 = 1 modulo 12 */
    struct rit_spelling s = {.letter = letter_at(place), .alter = alter_at(place)};
    s.octave = (pitch - s.alter - white[s.letter] + CLASSES) / CLASSES - 2;
    return s;
}

int rit_key_alter(struct rit_key key, int letter)
{
    int place = place_of(letter); /* sharps come in the order F C G D A E B, flats in the opposite one */
    if (key.fifths > 0)
        return place + 1 < key.fifths;
    return 5 - place < -key.fifths ? -1 : 0;
}
