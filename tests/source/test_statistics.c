/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The statistics of corpora that can be counted by hand; and the composer's, held against Bach's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/pack.h"
#include "source/chorale/slots.h"
#include "source/chorale/statistics/statistics.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t chord_of(int a, int b, int c, int d)
{
    return (uint64_t)1 << (a - 43) | (uint64_t)1 << (b - 43) | (uint64_t)1 << (c - 43) |
           (uint64_t)1 << (d - 43);
}

static void near(double found, double expected)
{
    if (!(fabs(found - expected) < 1e-12))
        fail_msg("%.15g instead of %.15g", found, expected);
}

/* Two chorales: C major to D minor in parallels and back; C major to C minor. */
static void test_by_hand(void **state)
{
    (void)state;
    uint64_t c = chord_of(60, 67, 76, 84), d = chord_of(62, 69, 77, 86), e = chord_of(60, 67, 75, 84);
    struct rit_corpus corpus = {.port = RIT_CHORD_PORT};
    rit_corpus_append(&corpus, (const uint64_t[]){c, d, c, c}, NULL, 4);
    rit_corpus_append(&corpus, (const uint64_t[]){c, e}, NULL, 2);
    struct rit_statistics s;
    rit_corpus_measure(&corpus, &s);
    const double *value = s.value;
    near(value[RIT_STAT_CHORALES], 2);
    near(value[RIT_STAT_CHORDS], 6);
    near(value[RIT_STAT_LENGTH], 3);
    near(value[RIT_STAT_LENGTH_DEVIATION], 1);
    near(value[RIT_STAT_NOTES], 4);
    near(value[RIT_STAT_ACTIVITY], 4.0 / 54);
    near(value[RIT_STAT_FOUR], 1);
    near(value[RIT_STAT_LOWEST], 60);
    near(value[RIT_STAT_HIGHEST], 86);
    near(value[RIT_STAT_BASS], 60 + 1.0 / 3);
    near(value[RIT_STAT_BASS_DEVIATION], sqrt(4.0 / 6 - 1.0 / 9));
    near(value[RIT_STAT_BASS_HOLDS], 0.5);    /* c-c and c-e of four moves */
    near(value[RIT_STAT_ALTO_HOLDS], 0.25);   /* c-c */
    near(value[RIT_STAT_SOPRANO_STEPS], 0.5); /* by two */
    near(value[RIT_STAT_REPEATED], 0.25);     /* c-c */
    near(value[RIT_STAT_PARALLELS], 4 / 3.0); /* bass and tenor, bass and soprano; there and back */
    near(value[RIT_STAT_MINOR], 0);           /* one e flat against one e in the second chorale */
    near(value[RIT_STAT_DISTINCT], 3);
    near(value[RIT_STAT_VARIETY], (0.5 + 1) / 2);
    near(value[RIT_STAT_SEEN], 0.5);         /* c of c, e */
    near(value[RIT_STAT_SEEN_CHANGES], 0.0); /* c-e is new */
    near(s.pitch_class[0], 10.0 / 24);
    near(s.pitch_class[4], 4.0 / 24);
    /* Pairs: c-d, d-c, c-c, c-e. Context c: next d, c, e; context d: next c. */
    double third = -(log2(1.0 / 3) + 2 * log2(2.0 / 3)) / 3; /* bits of a rate of one third */
    near(value[RIT_STAT_ONE_CHORD], 3 * 9 * third / 4 / 54); /* nine notes sound in one or two of the three */
    /* All chords: start c: next d, e; then all is certain. */
    near(value[RIT_STAT_ALL_CHORDS], 2.0 * 8 / 4 / 54);
    rit_corpus_release(&corpus);
}

static struct rit_corpus load(const char *source, const char *seed)
{
    struct rit_point point;
    rit_point_init(&point, rit_registry());
    rit_point_set(&point, "data.source", source);
    rit_point_set(&point, "data.composer-seed", seed);
    struct rit_corpus corpus;
    struct rit_error err;
    if (rit_source_of(&point)->load(&point, 382, &corpus, &err) != RIT_OK)
        fail_msg("%s", err.text);
    return corpus;
}

/* What is measured on Bach's 382 chorales, and how far from it the composer may be. */
static const struct {
    enum rit_statistic which;
    double real, band;
} bach[] = {
    {RIT_STAT_LENGTH, 60.56, 4},
    {RIT_STAT_LENGTH_DEVIATION, 21.60, 4},
    {RIT_STAT_ACTIVITY, .07205, .001},
    {RIT_STAT_THREE, .0953, .02},
    {RIT_STAT_BASS, 63.05, 1},
    {RIT_STAT_TENOR, 72.18, 1},
    {RIT_STAT_ALTO, 77.82, 1},
    {RIT_STAT_SOPRANO, 83.29, 1},
    {RIT_STAT_BASS_DEVIATION, 5.61, .6},
    {RIT_STAT_SOPRANO_DEVIATION, 5.09, .6},
    {RIT_STAT_BASS_HOLDS, .239, .04},
    {RIT_STAT_TENOR_HOLDS, .376, .05},
    {RIT_STAT_ALTO_HOLDS, .424, .05},
    {RIT_STAT_SOPRANO_HOLDS, .342, .04},
    {RIT_STAT_REPEATED, .126, .02},
    {RIT_STAT_MINOR, .461, .08},
    {RIT_STAT_DISTINCT, 3141, 600},
    {RIT_STAT_VARIETY, .673, .07},
    {RIT_STAT_SEEN, .879, .05},
    {RIT_STAT_SEEN_CHANGES, .429, .08},
    {RIT_STAT_CONSTANT_RATE, .3735, .004},
    {RIT_STAT_NOTE_RATES, .2962, .008},
    {RIT_STAT_ONE_CHORD, .1669, .008},
    {RIT_STAT_TWO_CHORDS, .0620, .010},
    {RIT_STAT_THREE_CHORDS, .0220, .004},
    {RIT_STAT_ALL_CHORDS, .00355, .0015},
};
enum { COMPARED = (int)(sizeof bach / sizeof bach[0]) };

static void test_composer_is_close(void **state)
{
    (void)state;
    for (const char *const *seed = (const char *const[]){"1", "2", NULL}; *seed; seed++) {
        struct rit_corpus corpus = load("composer", *seed);
        struct rit_statistics s;
        rit_corpus_measure(&corpus, &s);
        for (int i = 0; i < COMPARED; i++)
            if (!(fabs(s.value[bach[i].which] - bach[i].real) < bach[i].band))
                fail_msg("seed %s, statistic %d: %g is not within %g of %g", *seed, (int)bach[i].which,
                         s.value[bach[i].which], bach[i].band, bach[i].real);
        assert_true(s.value[RIT_STAT_PARALLELS] == 0.0);
        rit_corpus_release(&corpus);
    }
}

static void test_bach_is_bach(void **state)
{
    (void)state;
    if (!getenv("RITARDANDO_DATA")) {
        print_message("RITARDANDO_DATA is not set: no real chorales to test with\n");
        skip();
    }
    struct rit_corpus corpus = load("chorales", "1");
    struct rit_statistics s;
    rit_corpus_measure(&corpus, &s);
    for (int i = 0; i < COMPARED; i++)
        if (!(fabs(s.value[bach[i].which] / bach[i].real - 1.0) < .01))
            fail_msg("statistic %d: %g", (int)bach[i].which, s.value[bach[i].which]);
    rit_corpus_release(&corpus);
}

static void test_table(void **state)
{
    (void)state;
    struct rit_corpus corpus[2] = {{.port = RIT_CHORD_PORT}, {.port = RIT_CHORD_PORT}};
    rit_corpus_append(&corpus[0], (const uint64_t[]){1, 2}, NULL, 2);
    rit_corpus_append(&corpus[1], (const uint64_t[]){1, 2, 3}, NULL, 3);
    struct rit_buffer out = {0};
    rit_corpus_statistics(2, corpus, (const char *const[]){"left", "right"}, &out);
    rit_pack_bytes(&out, "", 1);
    const char *text = (const char *)out.data;
    assert_non_null(strstr(text, "|       left |      right |\n"));
    assert_non_null(strstr(
        text, "| chords                                                 |          2 |          3 |\n"));
    for (const char *line = text; *line; line = strchr(line, '\n') + 1) /* every row has its columns */
        assert_true(*line == '\n' || (*line == '|' && strchr(line, '\n') - line == 84));
    rit_buffer_release(&out);
    rit_corpus_release(&corpus[0]);
    rit_corpus_release(&corpus[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_composer_is_close),
        cmocka_unit_test(test_bach_is_bach),
        cmocka_unit_test(test_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
