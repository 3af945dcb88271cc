/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Four voices over given harmonies. The rules are kept by construction; among what they allow, a beam search
 * looks for the smoothest voices, with a random liking for some notes that makes chorales differ.
 */
#include "source/chorale/composing/composing.h"

#include <ritardando/source.h>

#include "source/chorale/composing/rules.h"
#include "source/chorale/slots.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { BEAM = 10, MOST_CHOICES = 32 };

/* A chord reached by the search. */
struct state {
    int note[RIT_VOICES];
    enum rit_duty duty[RIT_VOICES];
    int leap; /* what the soprano has just leapt; 0 for a step */
    int cost; /* of the way to here */
    int parent;
};

struct beam {
    int n;
    struct state state[BEAM + 1]; /* by ascending cost; one more for an insertion */
};

/* One note that a voice may sing next. */
struct choice {
    int note, cost;
    enum rit_duty duty;
    bool foreign; /* not of the harmony */
};

struct search {
    const struct rit_form *form;
    const struct rit_harmony *now;
    bool foreign; /* whether one voice may have a note foreign to the harmony */
    int goal;     /* where the soprano's line should be */
    int liking[RIT_VOICES][RIT_SLOTS];
    /* of the chord that is being continued: */
    const struct state *from; /* NULL at the very beginning */
    int parent;
    int choices[RIT_VOICES];
    struct choice choice[RIT_VOICES][MOST_CHOICES];
    struct beam *reached;
};

bool rit_voicing_allows(const struct rit_beat *beat, const struct rit_beat *next)
{
    static const struct rit_harmony any = {.leading = -1, .falling = -1};
    for (int v = 0; v < RIT_VOICES; v++) {
        if (!rit_rule_step(&any, v, beat->note[v], RIT_FREE, next->note[v]))
            return false;
        for (int u = 0; u < v; u++)
            if (rit_rule_parallel(beat->note[u], beat->note[v], next->note[u], next->note[v]))
                return false;
    }
    return true;
}

/* Keep a chord if it is among the best; the same chord with the same duties only once. */
static void reach(struct beam *beam, const struct state *found)
{
    struct state *state = beam->state;
    for (int i = 0; i < beam->n; i++) {
        if (memcmp(state[i].note, found->note, sizeof found->note) != 0 ||
            memcmp(state[i].duty, found->duty, sizeof found->duty) != 0)
            continue;
        if (state[i].cost <= found->cost)
            return;
        memmove(&state[i], &state[i + 1], (size_t)(--beam->n - i) * sizeof *state);
        break;
    }
    int at = beam->n;
    while (at > 0 && state[at - 1].cost > found->cost)
        at--;
    memmove(&state[at + 1], &state[at], (size_t)(beam->n - at) * sizeof *state);
    state[at] = *found;
    beam->n += beam->n < BEAM;
}

/* What a chord may cost at most to be kept. */
static int bound(const struct beam *beam)
{
    return beam->n < BEAM ? INT_MAX : beam->state[BEAM - 1].cost;
}

/* Insert by ascending cost. */
static void add_choice(struct search *s, int voice, struct choice new)
{
    struct choice *choice = s->choice[voice];
    int at = s->choices[voice];
    RIT_CHECK(at < MOST_CHOICES);
    for (; at > 0 && choice[at - 1].cost > new.cost; at--)
        choice[at] = choice[at - 1];
    choice[at] = new;
    s->choices[voice]++;
}

static int note_cost(const struct search *s, int voice, int note)
{
    int off = abs(note - s->form->centre[voice]);
    int cost = s->liking[voice][note - RIT_LOWEST_NOTE] + (off > 4 ? 2 * (off - 4) : 0);
    if (voice == RIT_SOPRANO)
        cost += abs(note - s->goal);
    if (!s->from)
        return cost;
    int move = note - s->from->note[voice];
    cost += rit_cost_motion(voice, move);
    if (voice == RIT_SOPRANO && s->from->leap)
        cost += (abs(move) > 2 ? 14 : 0) + (move != 0 && (move > 0) == (s->from->leap > 0) ? 6 : 0);
    return cost;
}

/*
 * A step off the harmony that goes on in its direction (passing), or back (a neighbour) on a second beat,
 * where tones of the harmony cost 6 more than what is foreign to it.
 */
static void add_foreign(struct search *s, int voice, int note)
{
    int move = note - s->from->note[voice];
    if (move == 0 || abs(move) > 2 || !(s->now->scale >> (note % 12) & 1) || s->from->duty[voice] != RIT_FREE)
        return;
    int cost = s->now->same ? 0 : 4;
    struct choice choice = {note, note_cost(s, voice, note) + cost, move > 0 ? RIT_GO_UP : RIT_GO_DOWN, true};
    add_choice(s, voice, choice);
    if (s->now->same) {
        choice.duty = move > 0 ? RIT_GO_DOWN : RIT_GO_UP;
        choice.cost += 8;
        add_choice(s, voice, choice);
    }
}

static void list_choices(struct search *s, int voice)
{
    static const int ambitus[RIT_VOICES] = {12, 9, 8, 8}; /* around the centre of a voice */
    const struct rit_harmony *h = s->now;
    int low = s->form->centre[voice] - ambitus[voice], high = s->form->centre[voice] + ambitus[voice];
    int lowest = RIT_LOWEST_NOTE, highest = RIT_LOWEST_NOTE + RIT_SLOTS - 1;
    s->choices[voice] = 0;
    for (int note = low < lowest ? lowest : low; note <= high && note <= highest; note++) {
        int pc = note % 12;
        bool tone = rit_harmony_has(h, pc);
        if (voice == RIT_BASS && h->root_below && pc != h->tone[0])
            continue;
        if (voice == RIT_SOPRANO && h->soprano >= 0 && pc != h->soprano)
            continue;
        if (s->from && !rit_rule_step(h, voice, s->from->note[voice], s->from->duty[voice], note))
            continue;
        if (tone)
            add_choice(s, voice,
                       (struct choice){note, note_cost(s, voice, note) + (h->same ? 6 : 0),
                                       rit_rule_duty(h, voice, note), false});
        else if (s->foreign && s->from)
            add_foreign(s, voice, note);
    }
}

static bool fits(const struct search *s, const int *note, int voice)
{
    for (int u = 0; u < voice; u++)
        if (s->from && rit_rule_parallel(s->from->note[u], s->from->note[voice], note[u], note[voice]))
            return false;
    int apart = voice > 0 ? note[voice] - note[voice - 1] : 0;
    return 0 <= apart && apart <= rit_rule_spacing(voice);
}

static void finish(struct search *s, struct state *found, int foreign, int cost)
{
    int chord = rit_cost_chord(s->now, found->note, foreign);
    if (chord < 0)
        return;
    cost += chord;
    if (s->from) {
        cost += rit_cost_together(s->now, s->from->note, found->note);
        int top = found->note[RIT_SOPRANO] - s->from->note[RIT_SOPRANO];
        found->leap = abs(top) > 2 ? top : 0;
    }
    if (cost >= bound(s->reached))
        return;
    found->cost = cost;
    found->parent = s->parent;
    reach(s->reached, found);
}

/* Place the voices from the bass up. `cost`: of the way and of the voices placed. */
static void place(struct search *s, struct state *found, int voice, int foreign, int cost)
{
    if (voice == RIT_VOICES) {
        finish(s, found, foreign, cost);
        return;
    }
    for (int i = 0; i < s->choices[voice]; i++) {
        const struct choice *choice = &s->choice[voice][i];
        if (cost + choice->cost >= bound(s->reached))
            break; /* the others cost more */
        found->note[voice] = choice->note;
        found->duty[voice] = choice->duty;
        if ((choice->foreign && foreign >= 0) || !fits(s, found->note, voice))
            continue;
        place(s, found, voice + 1, choice->foreign ? voice : foreign, cost + choice->cost);
    }
}

static void go_on(struct search *s)
{
    struct state found = {.leap = 0};
    if (s->now->held) {
        found = *s->from;
        found.parent = s->parent;
        reach(s->reached, &found);
        return;
    }
    for (int v = 0; v < RIT_VOICES; v++)
        list_choices(s, v);
    place(s, &found, RIT_BASS, -1, s->from ? s->from->cost : 0);
}

/* The arch of the soprano's line: from a start over a peak to an end, in straight lines. */
struct arch {
    int start, peak, end;
};

static int height(const struct arch *arch, int t, int beats)
{
    int half = beats / 2;
    return t < half ? arch->start + (arch->peak - arch->start) * t / half
                    : arch->peak + (arch->end - arch->peak) * (t - half) / (beats - half);
}

static void draw_liking(struct rit_random *random, int liking[RIT_VOICES][RIT_SLOTS], int most)
{
    for (int v = 0; v < RIT_VOICES; v++)
        for (int i = 0; i < RIT_SLOTS; i++)
            liking[v][i] = (int)rit_random_below(random, (uint64_t)most);
}

bool rit_voicing_draw(struct rit_random *random, const struct rit_form *form, const struct rit_phrase *phrase,
                      const struct rit_harmony *harmony, const struct rit_beat *before, struct rit_beat *beat)
{
    struct beam beam[RIT_LONGEST_PHRASE + 1];
    struct search s = {.form = form};
    int liking[RIT_VOICES][RIT_SLOTS]; /* the part that lasts the whole phrase */
    draw_liking(random, liking, form->liking);
    int middle = form->centre[RIT_SOPRANO];
    struct arch arch = {middle - 4 + (int)rit_random_below(random, 9),
                        middle - 2 + (int)rit_random_below(random, 9),
                        middle - 6 + (int)rit_random_below(random, 9)};
    beam[0].n = 1;
    beam[0].state[0] = (struct state){.parent = -1};
    if (before)
        memcpy(beam[0].state[0].note, before->note, sizeof before->note);
    for (int t = 0; t < phrase->beats; t++) {
        s.now = &harmony[t];
        s.foreign = t + 1 < phrase->beats && !s.now->suspended && !s.now->root_below && !harmony[t + 1].held;
        s.goal = height(&arch, t, phrase->beats);
        /* cadences are formulas: there the liking of the beat is small, that of the phrase smaller */
        bool cadence = t >= phrase->beats - phrase->fermata - 2;
        draw_liking(random, s.liking, cadence ? 1 + form->liking / 3 : form->liking);
        for (int v = 0; v < RIT_VOICES; v++)
            for (int i = 0; i < RIT_SLOTS; i++)
                s.liking[v][i] += cadence ? liking[v][i] / 3 : liking[v][i];
        s.reached = &beam[t + 1];
        s.reached->n = 0;
        for (s.parent = 0; s.parent < beam[t].n; s.parent++) {
            s.from = t > 0 || before ? &beam[t].state[s.parent] : NULL;
            go_on(&s);
        }
        if (s.reached->n == 0)
            return false;
    }
    for (int t = phrase->beats, at = 0; t > 0; t--) {
        const struct state *state = &beam[t].state[at];
        memcpy(beat[t - 1].note, state->note, sizeof state->note);
        at = state->parent;
    }
    return true;
}
