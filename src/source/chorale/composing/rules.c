/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/chorale/composing/rules.h"

#include <stdlib.h>

bool rit_harmony_has(const struct rit_harmony *h, int pitch_class)
{
    for (int i = 0; i < h->tones; i++)
        if (h->tone[i] == pitch_class)
            return true;
    return false;
}

static bool leap_allowed(int voice, int size)
{
    if (size == 6 || size == 10 || size == 11 || size > RIT_WIDEST_LEAP)
        return false;
    return voice == RIT_BASS || size <= 9 || size == 12;
}

/* Between the sixth and the raised seventh degree of the minor mode. */
static bool augmented_second(const struct rit_harmony *h, int from, int to)
{
    int high = from > to ? from : to;
    return h->leading >= 0 && abs(to - from) == 3 && high % 12 == h->leading;
}

bool rit_rule_step(const struct rit_harmony *h, int voice, int from, enum rit_duty duty, int to)
{
    int move = to - from;
    if (!leap_allowed(voice, abs(move)) || augmented_second(h, from, to))
        return false;
    if (h->suspended && to % 12 == h->falling && move != 0)
        return false;
    switch (duty) {
    case RIT_LEAD:
        return move == 1 || !rit_harmony_has(h, (from + 1) % 12);
    case RIT_FALL:
        return move == -1 || move == -2 || (move == 0 && !h->same);
    case RIT_GO_UP:
        return move == 1 || move == 2;
    case RIT_GO_DOWN:
        return move == -1 || move == -2;
    case RIT_FREE:
        break;
    }
    return true;
}

bool rit_rule_parallel(int low_from, int high_from, int low_to, int high_to)
{
    int interval = (high_from - low_from) % 12;
    return low_from != low_to && high_from != high_to && (interval == 0 || interval == 7) &&
           (high_to - low_to) % 12 == interval;
}

int rit_rule_spacing(int voice)
{
    return voice == RIT_TENOR ? 19 : 12;
}

enum rit_duty rit_rule_duty(const struct rit_harmony *h, int voice, int note)
{
    if (note % 12 == h->falling)
        return RIT_FALL;
    if (note % 12 == h->leading && (voice == RIT_SOPRANO || voice == RIT_BASS))
        return RIT_LEAD;
    return RIT_FREE;
}

int rit_cost_motion(int voice, int move)
{
    static const int soprano[RIT_WIDEST_LEAP + 1] = {8, 8, 4, 8, 13, 13, 0, 26, 34, 40, 0, 0, 46};
    static const int inner[RIT_WIDEST_LEAP + 1] = {0, 4, 2, 7, 9, 12, 0, 18, 36, 40, 0, 0, 60};
    static const int bass[RIT_WIDEST_LEAP + 1] = {10, 6, 4, 5, 7, 10, 0, 8, 20, 26, 0, 0, 10};
    const int *table = voice == RIT_SOPRANO ? soprano : voice == RIT_BASS ? bass : inner;
    return table[abs(move)];
}

int rit_cost_chord(const struct rit_harmony *h, const int *note, int foreign)
{
    int times[4] = {0}, cost = 0;
    for (int v = 0; v < RIT_VOICES; v++)
        for (int i = 0; i < h->tones; i++)
            times[i] += v != foreign && note[v] % 12 == h->tone[i];
    if (times[0] == 0 || times[1] == 0 || (h->tones == 4 && times[3] != 1))
        return -1;
    for (int i = 0; i < h->tones; i++)
        if ((h->tone[i] == h->leading || h->tone[i] == h->falling) && times[i] > 1)
            return -1;
    cost += times[2] == 0 ? 9 : 0;
    cost += times[1] > 1 ? 8 : 0;
    cost += times[2] > 1 ? 5 : 0;
    cost += times[0] > 2 ? 12 : 0;
    int bass = note[RIT_BASS] % 12;
    if (bass == h->tone[1])
        cost += 4;
    else if (bass == h->tone[2])
        cost += h->tone[2] == (h->tone[0] + 7) % 12 ? 45 : 8; /* six-four; of a diminished triad six-three */
    else if (bass != h->tone[0])
        cost += 12;
    for (int v = 1; v < RIT_VOICES; v++)
        cost += note[v] == note[v - 1] ? 2 : 0;
    return cost;
}

int rit_cost_together(const struct rit_harmony *h, const int *from, const int *to)
{
    int cost = 0, up = 0, down = 0;
    for (int v = 0; v < RIT_VOICES; v++) {
        up += to[v] > from[v];
        down += to[v] < from[v];
        bool overlaps = (v > RIT_BASS && to[v - 1] > from[v]) || (v < RIT_SOPRANO && to[v + 1] < from[v]);
        cost += overlaps ? 12 : 0;
    }
    if (up + down == 0)
        cost += h->same ? 14 : 60;
    if (up == RIT_VOICES || down == RIT_VOICES)
        cost += 12;
    int outer = (to[RIT_SOPRANO] - to[RIT_BASS]) % 12;
    int bass = to[RIT_BASS] - from[RIT_BASS], top = to[RIT_SOPRANO] - from[RIT_SOPRANO];
    if ((outer == 0 || outer == 7) && abs(top) > 2 && bass != 0 && (bass > 0) == (top > 0))
        cost += 40; /* hidden fifth or octave */
    return cost;
}
