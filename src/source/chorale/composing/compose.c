/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/chorale/composing/composing.h"

#include <ritardando/status.h>

#include <string.h>

enum { TRIES = 40 };

struct progress {
    struct rit_beat *beat;
    int beats;
    int start[RIT_MOST_PHRASES]; /* first beat of each phrase */
};

/* The same beats once more, unless the seam would break a rule. */
static bool add_copy(const struct rit_phrase *phrase, const struct rit_beat *before, struct progress *p)
{
    const struct rit_beat *from = &p->beat[p->start[phrase->copy]];
    if (!rit_voicing_allows(before, from))
        return false;
    memcpy(&p->beat[p->beats], from, (size_t)phrase->beats * sizeof *from);
    return true;
}

static bool add_new(struct rit_random *random, const struct rit_form *form, const struct rit_phrase *phrase,
                    const struct rit_beat *before, struct progress *p)
{
    struct rit_harmony harmony[RIT_LONGEST_PHRASE];
    for (int i = 0; i < TRIES; i++) {
        rit_harmony_draw(random, phrase, harmony);
        if (rit_voicing_draw(random, form, phrase, harmony, before, &p->beat[p->beats]))
            return true;
    }
    return false;
}

static bool attempt(struct rit_random *random, struct progress *p)
{
    struct rit_form form;
    rit_form_draw(random, &form);
    for (int i = 0; i < form.phrases; i++) {
        const struct rit_phrase *phrase = &form.phrase[i];
        const struct rit_beat *before = i > 0 ? &p->beat[p->beats - 1 - form.breath] : NULL;
        p->start[i] = p->beats;
        if (!(phrase->copy >= 0 && add_copy(phrase, before, p)) && !add_new(random, &form, phrase, before, p))
            return false;
        p->beats += phrase->beats;
        if (form.breath && i + 1 < form.phrases)
            p->beat[p->beats++] = (struct rit_beat){{0}};
    }
    return true;
}

int rit_compose(uint64_t seed, uint64_t index, struct rit_beat beat[RIT_LONGEST_CHORALE])
{
    for (uint64_t i = 0; i < 1000; i++) {
        struct rit_random random = rit_random_open(seed, RIT_FOR_COMPOSER, index, i);
        struct progress progress = {.beat = beat};
        if (attempt(&random, &progress))
            return progress.beats;
    }
    rit_bug(__FILE__, __LINE__, "a chorale that cannot be composed");
}
