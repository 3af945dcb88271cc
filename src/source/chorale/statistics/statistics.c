/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/chorale/statistics/statistics.h"

#include "base/exact.h"
#include "source/chorale/slots.h"
#include "source/chorale/statistics/contexts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { VOICES = 4 };

/* Mean and population deviation of numbers that come one by one. */
struct moments {
    int64_t n;
    double sum, squares;
};

static void add(struct moments *m, double x)
{
    m->n++;
    m->sum += x;
    m->squares += x * x;
}

static double mean(const struct moments *m)
{
    return m->n ? m->sum / (double)m->n : 0.0;
}

static double deviation(const struct moments *m)
{
    double variance = m->n ? m->squares / (double)m->n - mean(m) * mean(m) : 0.0;
    return sqrt(variance > 0.0 ? variance : 0.0);
}

/* The four notes of a chord from the bass up; false if it does not have four. */
static bool voices_of(uint64_t chord, int note[VOICES])
{
    if (__builtin_popcountll(chord) != VOICES)
        return false;
    for (int v = 0; v < VOICES; v++, chord &= chord - 1)
        note[v] = RIT_LOWEST_NOTE + __builtin_ctzll(chord);
    return true;
}

static void measure_lengths(const struct rit_corpus *corpus, double *value)
{
    struct moments length = {0};
    int shortest = corpus->start[1] - corpus->start[0], longest = shortest;
    for (int c = 0; c < corpus->sequences; c++) {
        int n = corpus->start[c + 1] - corpus->start[c];
        add(&length, n);
        shortest = n < shortest ? n : shortest;
        longest = n > longest ? n : longest;
    }
    value[RIT_STAT_CHORALES] = corpus->sequences;
    value[RIT_STAT_CHORDS] = corpus->start[corpus->sequences];
    value[RIT_STAT_LENGTH] = mean(&length);
    value[RIT_STAT_LENGTH_DEVIATION] = deviation(&length);
    value[RIT_STAT_SHORTEST] = shortest;
    value[RIT_STAT_LONGEST] = longest;
}

static void measure_notes(const struct rit_corpus *corpus, struct rit_statistics *s)
{
    int chords = corpus->start[corpus->sequences];
    int64_t slot[RIT_SLOTS] = {0}, size[3] = {0}, notes = 0;
    struct moments voice[VOICES] = {{0}};
    for (int t = 0; t < chords; t++) {
        int n = __builtin_popcountll(corpus->bits[t]), note[VOICES];
        size[n >= 4 ? 0 : n == 3 ? 1 : 2]++;
        notes += n;
        for (int i = 0; i < RIT_SLOTS; i++)
            slot[i] += corpus->bits[t] >> i & 1;
        for (int v = 0; voices_of(corpus->bits[t], note) && v < VOICES; v++)
            add(&voice[v], note[v]);
    }
    int lowest = 0, highest = RIT_SLOTS - 1;
    while (lowest < highest && slot[lowest] == 0)
        lowest++;
    while (highest > lowest && slot[highest] == 0)
        highest--;
    s->value[RIT_STAT_LOWEST] = RIT_LOWEST_NOTE + lowest;
    s->value[RIT_STAT_HIGHEST] = RIT_LOWEST_NOTE + highest;
    s->value[RIT_STAT_NOTES] = (double)notes / chords;
    s->value[RIT_STAT_ACTIVITY] = (double)notes / chords / RIT_SLOTS;
    for (int i = 0; i < 3; i++)
        s->value[RIT_STAT_FOUR + i] = (double)size[i] / chords;
    for (int v = 0; v < VOICES; v++) {
        s->value[RIT_STAT_BASS + v] = mean(&voice[v]);
        s->value[RIT_STAT_BASS_DEVIATION + v] = deviation(&voice[v]);
    }
    for (int i = 0; i < RIT_SLOTS; i++)
        s->pitch_class[(RIT_LOWEST_NOTE + i) % 12] += (double)slot[i] / (double)(notes ? notes : 1);
}

static int parallels(const int a[VOICES], const int b[VOICES])
{
    int found = 0;
    for (int v = 0; v < VOICES; v++) {
        for (int u = 0; u < v; u++) {
            int before = (a[v] - a[u]) % 12, after = (b[v] - b[u]) % 12;
            found += (before == 0 || before == 7) && before == after && a[u] != b[u] && a[v] != b[v];
        }
    }
    return found;
}

static void measure_motion(const struct rit_corpus *corpus, double *value)
{
    int64_t pairs = 0, repeated = 0, moves = 0, changes = 0, parallel = 0, steps = 0, leaps = 0;
    int64_t holds[VOICES] = {0};
    for (int c = 0; c < corpus->sequences; c++) {
        for (int t = corpus->start[c]; t + 1 < corpus->start[c + 1]; t++) {
            int a[VOICES], b[VOICES];
            bool same = corpus->bits[t] == corpus->bits[t + 1];
            pairs++;
            repeated += same;
            if (!voices_of(corpus->bits[t], a) || !voices_of(corpus->bits[t + 1], b))
                continue;
            int top = abs(b[3] - a[3]);
            moves++;
            changes += !same;
            parallel += parallels(a, b);
            steps += top == 1 || top == 2;
            leaps += top > 2;
            for (int v = 0; v < VOICES; v++)
                holds[v] += a[v] == b[v];
        }
    }
    double all = (double)(moves ? moves : 1);
    value[RIT_STAT_REPEATED] = (double)repeated / (double)pairs;
    value[RIT_STAT_PARALLELS] = (double)parallel / (double)(changes ? changes : 1);
    for (int v = 0; v < VOICES; v++)
        value[RIT_STAT_BASS_HOLDS + v] = (double)holds[v] / all;
    value[RIT_STAT_SOPRANO_STEPS] = (double)steps / all;
    value[RIT_STAT_SOPRANO_LEAPS] = (double)leaps / all;
}

/* Notes of one pitch class in a chorale. */
static int64_t count_class(const uint64_t *chord, int n, int pitch_class)
{
    int64_t found = 0;
    for (int t = 0; t < n; t++)
        for (int i = (pitch_class + 12 - RIT_LOWEST_NOTE % 12) % 12; i < RIT_SLOTS; i += 12)
            found += chord[t] >> i & 1;
    return found;
}

static void measure_variety(const struct rit_corpus *corpus, double *value)
{
    struct moments variety = {0};
    int minor = 0;
    for (int c = 0; c < corpus->sequences; c++) {
        const uint64_t *chord = corpus->bits + corpus->start[c];
        int n = corpus->start[c + 1] - corpus->start[c], different = 0;
        for (int t = 0; t < n; t++) {
            int first = 0;
            while (chord[first] != chord[t])
                first++;
            different += first == t;
        }
        add(&variety, (double)different / n);
        minor += count_class(chord, n, 3) > count_class(chord, n, 4);
    }
    value[RIT_STAT_VARIETY] = mean(&variety);
    value[RIT_STAT_MINOR] = (double)minor / corpus->sequences;
}

void rit_corpus_measure(const struct rit_corpus *corpus, struct rit_statistics *statistics)
{
    memset(statistics, 0, sizeof *statistics);
    measure_lengths(corpus, statistics->value);
    measure_notes(corpus, statistics);
    measure_motion(corpus, statistics->value);
    measure_variety(corpus, statistics->value);
    rit_contexts_measure(corpus, statistics->value);
}
