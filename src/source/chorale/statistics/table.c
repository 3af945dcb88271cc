/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/pack.h"
#include "source/chorale/statistics/statistics.h"

#include <ritardando/status.h>

#include <stdlib.h>

static const struct {
    const char *meaning;
    double scale; /* 100: a share, in per cent */
    int decimals;
} row[RIT_STATISTICS] = {
    [RIT_STAT_CHORALES] = {"chorales", 1, 0},
    [RIT_STAT_CHORDS] = {"chords", 1, 0},
    [RIT_STAT_LENGTH] = {"chords per chorale: mean", 1, 1},
    [RIT_STAT_LENGTH_DEVIATION] = {"... deviation", 1, 1},
    [RIT_STAT_SHORTEST] = {"... shortest", 1, 0},
    [RIT_STAT_LONGEST] = {"... longest", 1, 0},
    [RIT_STAT_ACTIVITY] = {"mean activity of a slot", 1, 4},
    [RIT_STAT_NOTES] = {"notes per chord", 1, 3},
    [RIT_STAT_FOUR] = {"chords of four notes (%)", 100, 1},
    [RIT_STAT_THREE] = {"... of three", 100, 1},
    [RIT_STAT_FEWER] = {"... of less (mostly silence)", 100, 1},
    [RIT_STAT_BASS] = {"bass: mean MIDI note", 1, 1},
    [RIT_STAT_TENOR] = {"tenor", 1, 1},
    [RIT_STAT_ALTO] = {"alto", 1, 1},
    [RIT_STAT_SOPRANO] = {"soprano", 1, 1},
    [RIT_STAT_BASS_DEVIATION] = {"bass: deviation", 1, 1},
    [RIT_STAT_TENOR_DEVIATION] = {"tenor", 1, 1},
    [RIT_STAT_ALTO_DEVIATION] = {"alto", 1, 1},
    [RIT_STAT_SOPRANO_DEVIATION] = {"soprano", 1, 1},
    [RIT_STAT_LOWEST] = {"lowest note", 1, 0},
    [RIT_STAT_HIGHEST] = {"highest note", 1, 0},
    [RIT_STAT_BASS_HOLDS] = {"bass keeps its note (%)", 100, 1},
    [RIT_STAT_TENOR_HOLDS] = {"tenor", 100, 1},
    [RIT_STAT_ALTO_HOLDS] = {"alto", 100, 1},
    [RIT_STAT_SOPRANO_HOLDS] = {"soprano", 100, 1},
    [RIT_STAT_SOPRANO_STEPS] = {"soprano moves by step (%)", 100, 1},
    [RIT_STAT_SOPRANO_LEAPS] = {"soprano leaps (%)", 100, 1},
    [RIT_STAT_REPEATED] = {"chord repeats the one before (%)", 100, 1},
    [RIT_STAT_PARALLELS] = {"parallel fifths and octaves per 100 changes", 100, 1},
    [RIT_STAT_MINOR] = {"chorales in minor (%)", 100, 1},
    [RIT_STAT_DISTINCT] = {"different chords", 1, 0},
    [RIT_STAT_VARIETY] = {"different chords of a chorale / its length", 1, 3},
    [RIT_STAT_SEEN] = {"chords of the second half known from the first (%)", 100, 1},
    [RIT_STAT_SEEN_CHANGES] = {"changes of chord known (%)", 100, 1},
    [RIT_STAT_CONSTANT_RATE] = {"NLL of the best constant rate (bits per unit and step)", 1, 4},
    [RIT_STAT_NOTE_RATES] = {"... of a rate for each note", 1, 4},
    [RIT_STAT_ONE_CHORD] = {"... knowing the last chord", 1, 4},
    [RIT_STAT_TWO_CHORDS] = {"... the last two", 1, 4},
    [RIT_STAT_THREE_CHORDS] = {"... the last three", 1, 4},
    [RIT_STAT_ALL_CHORDS] = {"... all since the beginning: the floor", 1, 4},
};

static void print_head(int n, const char *first, const char *const *name, struct rit_buffer *out)
{
    rit_buffer_printf(out, "| %-54s |", first);
    for (int c = 0; c < n; c++)
        rit_buffer_printf(out, " %10s |", name[c]);
    rit_buffer_printf(out, "\n|:%.*s-|", 54, "------------------------------------------------------");
    for (int c = 0; c < n; c++)
        rit_buffer_printf(out, "-----------:|");
    rit_buffer_printf(out, "\n");
}

void rit_corpus_statistics(int n, const struct rit_corpus *corpus, const char *const *name,
                           struct rit_buffer *out)
{
    static const char *const pitch[12] = {"C",       "C sharp", "D",      "E flat", "E",      "F",
                                          "F sharp", "G",       "A flat", "A",      "B flat", "B"};
    struct rit_statistics *s = calloc((size_t)n, sizeof *s);
    RIT_CHECK(s);
    for (int c = 0; c < n; c++)
        rit_corpus_measure(&corpus[c], &s[c]);
    print_head(n, "", name, out);
    for (int i = 0; i < RIT_STATISTICS; i++) {
        rit_buffer_printf(out, "| %-54s |", row[i].meaning);
        for (int c = 0; c < n; c++)
            rit_buffer_printf(out, " %10.*f |", row[i].decimals, row[i].scale * s[c].value[i]);
        rit_buffer_printf(out, "\n");
    }
    rit_buffer_printf(out, "\n");
    print_head(n, "share of the notes (%)", name, out);
    for (int i = 0; i < 12; i++) {
        rit_buffer_printf(out, "| %-54s |", pitch[i]);
        for (int c = 0; c < n; c++)
            rit_buffer_printf(out, " %10.1f |", 100.0 * s[c].pitch_class[i]);
        rit_buffer_printf(out, "\n");
    }
    free(s);
}
