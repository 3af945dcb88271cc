/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/chorale/composing/composing.h"

#define DRAW(random, choice) rit_random_choose((random), (int)(sizeof(choice) / sizeof *(choice)), (choice))

/* Semitones of a phrase's tonic above home; the mode follows from it. */
static struct rit_key draw_key(struct rit_random *random, const struct rit_key *home)
{
    static const int from_major[][2] = {{0, 62}, {7, 18}, {9, 9}, {5, 6}, {2, 3}, {4, 2}};
    static const int from_minor[][2] = {{0, 52}, {3, 24}, {7, 8}, {10, 6}, {5, 6}, {8, 4}};
    int up = home->minor ? DRAW(random, from_minor) : DRAW(random, from_major);
    bool minor = home->minor ? up == 0 || up == 7 || up == 5 : up == 9 || up == 2 || up == 4;
    return (struct rit_key){(home->tonic + up) % 12, minor};
}

static void draw_phrase(struct rit_random *random, const struct rit_form *form, int which, int usual,
                        struct rit_phrase *phrase)
{
    static const int cadences[][2] = {
        {RIT_PERFECT, 42}, {RIT_IMPERFECT, 22}, {RIT_HALF, 26}, {RIT_DECEPTIVE, 5}, {RIT_PLAGAL, 5}};
    static const int fermatas[][2] = {{1, 38}, {2, 38}, {3, 16}, {4, 8}};
    static const int last_fermatas[][2] = {{1, 3}, {2, 54}, {3, 13}, {4, 30}};
    static const int changes[][2] = {{0, 80}, {-2, 6}, {2, 6}, {4, 4}, {-1, 2}, {8, 2}};
    bool closes = which == form->phrases - 1;
    *phrase = (struct rit_phrase){.copy = -1, .opens = which == 0, .closes = closes};
    phrase->key = which == 0 || closes ? form->home : draw_key(random, &form->home);
    phrase->cadence = closes ? RIT_PERFECT : (enum rit_cadence)DRAW(random, cadences);
    phrase->fermata = closes ? DRAW(random, last_fermatas) : DRAW(random, fermatas);
    phrase->beats = usual + DRAW(random, changes);
    if (phrase->beats < phrase->fermata + 4) /* room for the cadence */
        phrase->beats = phrase->fermata + 4;
}

/* Bar form (the first two phrases sung twice), and now and then a line that comes back. */
static void draw_repeats(struct rit_random *random, struct rit_form *form)
{
    bool bar = form->phrases >= 5 && rit_random_below(random, 100) < 44;
    for (int p = 2; p + 1 < form->phrases; p++) {
        bool again = rit_random_below(random, 100) < 6;
        int earlier = bar && p < 4 ? p - 2 : again ? (int)rit_random_below(random, (uint64_t)p) : -1;
        if (earlier < 0)
            continue;
        if (form->phrase[earlier].copy >= 0)
            earlier = form->phrase[earlier].copy;
        form->phrase[p] = form->phrase[earlier];
        form->phrase[p].copy = earlier;
    }
}

/* The length Bach's chorales like best is a whole number of bars and the beat that ends them. */
static void round_off(struct rit_random *random, struct rit_form *form, int *beats)
{
    static const int surplus[][2] = {{1, 65}, {0, 27}, {2, 4}, {3, 4}};
    int more = (DRAW(random, surplus) - *beats) & 3;
    form->phrase[form->phrases - 1].beats += more;
    *beats += more;
}

void rit_form_draw(struct rit_random *random, struct rit_form *form)
{
    static const int phrases[][2] = {{4, 8}, {5, 12}, {6, 32}, {7, 17}, {8, 14},
                                     {9, 4}, {10, 5}, {12, 5}, {14, 3}};
    static const int likings[][2] = {{2, 1}, {56, 2}};
    static const int shifts[][2] = {{-7, 1}, {-4, 3}, {-1, 4}, {2, 4}, {5, 3}, {8, 1}};
    static const int usual_beats[][2] = {{8, 88}, {6, 8}, {12, 4}};
    static const int middle[RIT_VOICES] = {63, 72, 78, 82};
    for (;;) {
        *form = (struct rit_form){.home = {0, rit_random_below(random, 100) < 46}};
        form->phrases = DRAW(random, phrases);
        form->breath = rit_random_below(random, 100) < 3;
        int usual = DRAW(random, usual_beats);
        form->liking = DRAW(random, likings);
        int shift = DRAW(random, shifts);
        for (int v = 0; v < RIT_VOICES; v++)
            form->centre[v] = middle[v] + shift;
        for (int p = 0; p < form->phrases; p++)
            draw_phrase(random, form, p, usual, &form->phrase[p]);
        draw_repeats(random, form);
        int beats = form->breath ? form->phrases - 1 : 0;
        for (int p = 0; p < form->phrases; p++)
            beats += form->phrase[p].beats;
        round_off(random, form, &beats);
        if (25 <= beats && beats <= RIT_LONGEST_CHORALE)
            return;
    }
}
