/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Four voices over given harmonies. The rules are kept by construction; among what they allow, a beam search
 * looks for the smoothest voices, with a random liking for each note of each beat that makes chorales differ.
 */
#include "data/composing/composing.h"

#include <ritardando/source.h>
#include <ritardando/status.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { BEAM = 10, NOTES = RIT_SLOTS, NOISE = 30 };

/* What a voice owes to its last note. */
enum duty {
    FREE,
    LEAD,  /* a leading tone: a semitone up, if the next harmony has that tone */
    FALL,  /* a seventh or suspension: a step down, unless the next harmony keeps it */
    GO_UP, /* a passing note: a further step up */
    GO_DOWN,
};

/* A chord reached by the search. */
struct state {
    int note[RIT_VOICES];
    int duty[RIT_VOICES];
    int leap; /* the soprano's last leap, 0 if it stepped */
    int cost;
    int parent;
};

struct search {
    const struct rit_form *form;
    const struct rit_harmony *now, *next; /* next: NULL at the end */
    const struct state *from;             /* NULL at the very beginning */
    int from_index;
    int liking[RIT_VOICES][NOTES];
    int goal; /* where the soprano's line should be */
    struct state *beam;
    int n;
};

static const int reach[RIT_VOICES] = {12, 9, 8, 8}; /* widest ambitus around the centre of a voice */
static const int spacing[RIT_VOICES - 1] = {19, 12, 12};

static bool contains(const struct rit_harmony *h, int pitch_class)
{
    for (int i = 0; i < h->tones; i++)
        if (h->tone[i] == pitch_class)
            return true;
    return false;
}

static bool leap_allowed(int voice, int from, int to)
{
    int size = abs(to - from);
    if (size == 6 || size == 10 || size == 11 || size > 12)
        return false;
    return voice == RIT_BASS || size <= 9 || size == 12;
}

/* Two voices in fifths, octaves or unisons that move to the same again. */
static bool parallel(int low0, int high0, int low1, int high1)
{
    int interval = (high0 - low0) % 12;
    return low0 != low1 && high0 != high1 && (interval == 0 || interval == 7) &&
           (high1 - low1) % 12 == interval;
}

bool rit_voicing_allows(const struct rit_beat *beat, const struct rit_beat *next)
{
    for (int v = 0; v < RIT_VOICES; v++) {
        if (!leap_allowed(v, beat->note[v], next->note[v]))
            return false;
        for (int u = 0; u < v; u++)
            if (parallel(beat->note[u], beat->note[v], next->note[u], next->note[v]))
                return false;
    }
    return true;
}

/* A step to `note` that pays what the voice owes. A duty that the harmony gives no tone for is dropped. */
static bool duty_paid(const struct search *s, int voice, int note)
{
    int before = s->from->note[voice], move = note - before;
    switch ((enum duty)s->from->duty[voice]) {
    case LEAD:
        return move == 1 || !contains(s->now, (before + 1) % 12);
    case FALL:
        return move == -1 || move == -2 || (move == 0 && !s->now->same);
    case GO_UP:
        return move == 1 || move == 2;
    case GO_DOWN:
        return move == -1 || move == -2;
    case FREE:
        break;
    }
    return true;
}

static int motion_cost(int voice, int move)
{
    static const int soprano[13] = {13, 4, 0, 12, 18, 18, 0, 26, 34, 40, 0, 0, 46};
    static const int inner[13] = {0, 3, 2, 9, 13, 17, 0, 24, 40, 44, 0, 0, 60};
    static const int bass[13] = {12, 4, 2, 7, 9, 5, 0, 8, 26, 30, 0, 0, 14};
    const int *table = voice == RIT_SOPRANO ? soprano : voice == RIT_BASS ? bass : inner;
    return table[abs(move)];
}

/* Doubling and completeness. Negative: forbidden. */
static int chord_cost(const struct rit_harmony *h, const int *note)
{
    int times[4] = {0}, cost = 0;
    for (int v = 0; v < RIT_VOICES; v++)
        for (int i = 0; i < h->tones; i++)
            times[i] += note[v] % 12 == h->tone[i];
    if (times[0] == 0 || times[1] == 0 || (h->tones == 4 && times[3] != 1))
        return -1;
    for (int i = 0; i < h->tones; i++)
        if ((h->tone[i] == h->leading || h->tone[i] == h->falling) && times[i] > 1)
            return -1;
    cost += times[2] == 0 ? 9 : 0;
    cost += times[1] > 1 ? 8 : 0;
    cost += times[2] > 1 ? 5 : 0;
    cost += times[0] > 2 ? 12 : 0;
    int bass = note[0] % 12;
    if (bass == h->tone[1])
        cost += 4;
    else if (bass == h->tone[2])
        cost += h->tone[2] == (h->tone[0] + 7) % 12 ? 22 : 8;
    else if (bass != h->tone[0])
        cost += 14;
    for (int v = 1; v < RIT_VOICES; v++)
        cost += note[v] == note[v - 1] ? 7 : 0;
    return cost;
}

static int pair_cost(const struct search *s, const int *note)
{
    const struct state *from = s->from;
    int cost = 0, up = 0, down = 0, moved = 0;
    for (int v = 0; v < RIT_VOICES; v++) {
        int move = note[v] - from->note[v];
        cost += motion_cost(v, move);
        up += move > 0;
        down += move < 0;
        moved += move != 0;
        if (v > 0 && (note[v - 1] > from->note[v] || (v < RIT_SOPRANO && note[v + 1] < from->note[v])))
            cost += 15; /* overlap */
    }
    if (moved == 0)
        cost += s->now->same ? 14 : 60;
    if (up == 4 || down == 4)
        cost += 12;
    int outer = (note[3] - note[0]) % 12, bass = note[0] - from->note[0], top = note[3] - from->note[3];
    if ((outer == 0 || outer == 7) && abs(top) > 2 && ((bass > 0 && top > 0) || (bass < 0 && top < 0)))
        cost += 40; /* hidden fifth or octave */
    if (from->leap && abs(top) > 2)
        cost += 14;
    if (from->leap && ((from->leap > 0 && top > 0) || (from->leap < 0 && top < 0)))
        cost += 6;
    return cost;
}

static void keep(struct search *s, const struct state *found)
{
    for (int i = 0; i < s->n; i++) {
        if (memcmp(s->beam[i].note, found->note, sizeof found->note) == 0 &&
            memcmp(s->beam[i].duty, found->duty, sizeof found->duty) == 0) {
            if (found->cost >= s->beam[i].cost)
                return;
            memmove(&s->beam[i], &s->beam[i + 1], (size_t)(s->n - i - 1) * sizeof *found);
            s->n--;
            break;
        }
    }
    int at = s->n;
    while (at > 0 && s->beam[at - 1].cost > found->cost)
        at--;
    if (at == BEAM)
        return;
    if (s->n == BEAM)
        s->n--;
    memmove(&s->beam[at + 1], &s->beam[at], (size_t)(s->n - at) * sizeof *found);
    s->beam[at] = *found;
    s->n++;
}

/* The four notes stand: count their cost and what they owe. `passing`: the voice with a passing note. */
static void finish(struct search *s, const int *note, int passing)
{
    const struct rit_harmony *h = s->now;
    int rest[RIT_VOICES];
    memcpy(rest, note, sizeof rest);
    if (passing >= 0) {
        rest[passing] = s->from->note[passing]; /* the chord is what it was before the passing note, */
        bool third = false;                     /* but its third must go on sounding */
        for (int v = 0; v < RIT_VOICES; v++)
            third = third || note[v] % 12 == h->tone[1];
        if (!third)
            return;
    }
    int cost = chord_cost(h, rest);
    if (cost < 0)
        return;
    if (s->from)
        cost += pair_cost(s, note);
    struct state found = {.parent = s->from_index};
    for (int v = 0; v < RIT_VOICES; v++) {
        found.note[v] = note[v];
        cost += s->liking[v][note[v] - RIT_LOWEST_NOTE];
        int off = abs(note[v] - s->form->centre[v]);
        cost += off > 4 ? 2 * (off - 4) : 0;
        int pc = note[v] % 12;
        if (v == passing)
            found.duty[v] = note[v] > s->from->note[v] ? GO_UP : GO_DOWN;
        else if (pc == h->falling)
            found.duty[v] = FALL;
        else if (pc == h->leading && (v == RIT_SOPRANO || v == RIT_BASS))
            found.duty[v] = LEAD;
    }
    cost += abs(note[RIT_SOPRANO] - s->goal);
    int top = s->from ? note[RIT_SOPRANO] - s->from->note[RIT_SOPRANO] : 0;
    found.leap = abs(top) > 2 ? top : 0;
    found.cost = (s->from ? s->from->cost : 0) + cost;
    keep(s, &found);
}

static bool note_allowed(const struct search *s, const int *note, int voice)
{
    const struct rit_harmony *h = s->now;
    int x = note[voice], pc = x % 12;
    if (x < RIT_LOWEST_NOTE || x >= RIT_LOWEST_NOTE + RIT_SLOTS ||
        abs(x - s->form->centre[voice]) > reach[voice])
        return false;
    if (voice > 0 && (x < note[voice - 1] || x - note[voice - 1] > spacing[voice - 1]))
        return false;
    if (voice == RIT_BASS && h->root_below && pc != h->tone[0])
        return false;
    if (voice == RIT_SOPRANO && h->soprano >= 0 && pc != h->soprano)
        return false;
    if (!s->from)
        return true;
    int before = s->from->note[voice], move = x - before;
    if (!leap_allowed(voice, before, x) || !duty_paid(s, voice, x))
        return false;
    if (move != 0 && abs(move) == 3 && h->leading >= 0 && (pc == h->leading || before % 12 == h->leading) &&
        (s->now->scale >> (pc == h->leading ? before % 12 : pc) & 1) &&
        (pc == h->leading ? move > 0 : move < 0) &&
        ((pc == h->leading ? before : x) % 12 == (h->leading + 9) % 12))
        return false; /* the augmented second of the minor mode */
    if (h->suspended && pc == h->falling && move != 0)
        return false;
    for (int u = 0; u < voice; u++)
        if (parallel(s->from->note[u], before, note[u], x))
            return false;
    return true;
}

/* Place the voices from the bass up; `passing` has its note already. */
static void place(struct search *s, int *note, int voice, int passing)
{
    if (voice == RIT_VOICES) {
        finish(s, note, passing);
        return;
    }
    if (voice == passing) {
        if (note_allowed(s, note, voice))
            place(s, note, voice + 1, passing);
        return;
    }
    int low = s->form->centre[voice] - reach[voice], high = s->form->centre[voice] + reach[voice];
    if (s->from) {
        int before = s->from->note[voice];
        int widest = voice == RIT_BASS ? 12 : 9;
        low = before - widest > low ? before - widest : low;
        high = before + widest < high ? before + widest : high;
    }
    if (voice > 0 && note[voice - 1] > low)
        low = note[voice - 1];
    for (int x = low; x <= high; x++) {
        if (!contains(s->now, x % 12))
            continue;
        note[voice] = x;
        if (note_allowed(s, note, voice))
            place(s, note, voice + 1, passing);
    }
}

/* A voice steps off its chord tone on a second beat; the duty carries it on in the same direction. */
static void place_passing(struct search *s)
{
    for (int v = 0; v < RIT_VOICES; v++) {
        for (int move = -2; move <= 2; move++) {
            int x = s->from->note[v] + move;
            if (move == 0 || contains(s->now, x % 12) || !(s->now->scale >> (x % 12) & 1))
                continue;
            int note[RIT_VOICES] = {0};
            note[v] = x;
            place(s, note, 0, v);
        }
    }
}

static void extend(struct search *s)
{
    const struct rit_harmony *h = s->now;
    int note[RIT_VOICES];
    if (h->held) {
        struct state found = *s->from;
        found.parent = s->from_index;
        keep(s, &found);
        return;
    }
    place(s, note, 0, -1);
    if (h->same && s->next && !s->next->held && s->from)
        place_passing(s);
}

bool rit_voicing_draw(struct rit_random *random, const struct rit_form *form, const struct rit_phrase *phrase,
                      const struct rit_harmony *harmony, const struct rit_beat *before, struct rit_beat *beat)
{
    struct state beam[RIT_LONGEST_PHRASE + 1][BEAM + 1];
    int n[RIT_LONGEST_PHRASE + 1] = {1};
    struct search s = {.form = form};
    beam[0][0] = (struct state){.parent = -1};
    if (before)
        memcpy(beam[0][0].note, before->note, sizeof before->note);

    int middle = form->centre[RIT_SOPRANO];
    int start = middle - 4 + (int)rit_random_below(random, 9),
        end = middle - 6 + (int)rit_random_below(random, 9);
    int peak = middle - 2 + (int)rit_random_below(random, 9);
    int half = phrase->beats / 2;
    for (int t = 0; t < phrase->beats; t++) {
        s.now = &harmony[t];
        s.next = t + 1 < phrase->beats ? &harmony[t + 1] : NULL;
        s.beam = beam[t + 1];
        s.n = 0;
        s.goal = t < half ? start + (peak - start) * t / half
                          : peak + (end - peak) * (t - half) / (phrase->beats - half);
        for (int v = 0; v < RIT_VOICES; v++)
            for (int i = 0; i < NOTES; i++)
                s.liking[v][i] = (int)rit_random_below(random, NOISE);
        for (int i = 0; i < n[t]; i++) {
            s.from = t > 0 || before ? &beam[t][i] : NULL;
            s.from_index = i;
            extend(&s);
        }
        n[t + 1] = s.n;
        if (s.n == 0)
            return false;
    }
    int at = 0;
    for (int t = phrase->beats; t > 0; t--) {
        memcpy(beat[t - 1].note, beam[t][at].note, sizeof beat->note);
        at = beam[t][at].parent;
    }
    return true;
}
