/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/composing/composing.h"

#include <ritardando/status.h>

#include <string.h>

enum { TRIES = 40 };

/* One phrase behind what stands already; a silent beat before it does not count for voice leading. */
static bool add_phrase(struct rit_random *random, const struct rit_form *form, int which,
                       struct rit_beat *beat, int *beats)
{
    const struct rit_phrase *phrase = &form->phrase[which];
    struct rit_harmony harmony[RIT_LONGEST_PHRASE];
    const struct rit_beat *before = *beats > 0 ? &beat[*beats - 1] : NULL;
    if (before && before->note[0] == 0)
        before--;
    for (int i = 0; i < TRIES; i++) {
        rit_harmony_draw(random, phrase, harmony);
        if (!rit_voicing_draw(random, form, phrase, harmony, before, beat + *beats))
            continue;
        *beats += phrase->beats;
        if (form->breath && !phrase->closes)
            beat[(*beats)++] = (struct rit_beat){{0}};
        return true;
    }
    return false;
}

static bool attempt(struct rit_random *random, struct rit_beat *beat, int *beats)
{
    struct rit_form form;
    rit_form_draw(random, &form);
    *beats = 0;
    for (int p = 0; p < form.phrases; p++) {
        if (!add_phrase(random, &form, p, beat, beats))
            return false;
        if (p + 1 == form.repeated) {
            const struct rit_beat *last = &beat[*beats - 1 - form.breath];
            if (!rit_voicing_allows(last, &beat[0]))
                return false;
            memcpy(beat + *beats, beat, (size_t)*beats * sizeof *beat);
            *beats *= 2;
        }
    }
    return true;
}

int rit_compose(uint64_t seed, uint64_t index, struct rit_beat beat[RIT_LONGEST_CHORALE])
{
    for (uint64_t i = 0; i < 1000; i++) {
        struct rit_random random = rit_random_open(seed, RIT_FOR_COMPOSER, index, i);
        int beats;
        if (attempt(&random, beat, &beats))
            return beats;
    }
    rit_bug(__FILE__, __LINE__, "a chorale that cannot be composed");
}
