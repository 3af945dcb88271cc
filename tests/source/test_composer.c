/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The composer: the same chorales whatever is asked for, and the rules of voice leading in all of them. */
#include <ritardando/source.h>

#include "base/hash.h"
#include "source/chorale/composing/composing.h"
#include "source/chorale/composing/rules.h"
#include "testing.h"

#include <stdlib.h>
#include <string.h>

enum { CHORALES = 300 };

static bool silent(const struct rit_beat *beat)
{
    return beat->note[0] == 0;
}

/* Order, range and spacing of the voices at every beat. */
static void test_chords(void **state)
{
    (void)state;
    static const int low[RIT_VOICES] = {43, 55, 61, 66}, high[RIT_VOICES] = {83, 89, 94, 96};
    static const int apart[RIT_VOICES] = {0, 19, 12, 12};
    struct rit_beat beat[RIT_LONGEST_CHORALE];
    for (uint64_t k = 0; k < CHORALES; k++) {
        int beats = rit_compose(1, k, beat);
        assert_in_range(beats, 25, RIT_LONGEST_CHORALE);
        for (int t = 0; t < beats; t++) {
            for (int v = 0; v < RIT_VOICES && !silent(&beat[t]); v++) {
                assert_in_range(beat[t].note[v], low[v], high[v]);
                if (v > 0)
                    assert_in_range(beat[t].note[v] - beat[t].note[v - 1], 0, apart[v]);
            }
        }
    }
}

/* No parallel fifths, octaves or unisons; no leap that is hard to sing. */
static void test_motion(void **state)
{
    (void)state;
    struct rit_beat beat[RIT_LONGEST_CHORALE];
    for (uint64_t k = 0; k < CHORALES; k++) {
        int beats = rit_compose(1, k, beat);
        for (int t = 0; t + 1 < beats; t++) {
            const int *a = beat[t].note, *b = beat[t + 1].note;
            if (silent(&beat[t]) || silent(&beat[t + 1]))
                continue;
            for (int v = 0; v < RIT_VOICES; v++) {
                int leap = abs(b[v] - a[v]);
                assert_true(leap <= 12 && leap != 6 && leap != 10 && leap != 11);
                for (int u = 0; u < v; u++) {
                    int before = (a[v] - a[u]) % 12, after = (b[v] - b[u]) % 12;
                    bool perfect = before == 0 || before == 7;
                    assert_false(perfect && after == before && a[u] != b[u] && a[v] != b[v]);
                }
            }
        }
    }
}

/* One phrase of a key, with its harmonies, whose voices could be found. */
static void draw_phrase(uint64_t k, struct rit_phrase *phrase, struct rit_harmony *harmony,
                        struct rit_beat *beat)
{
    struct rit_random random = rit_random_open(k, RIT_FOR_TEST, 0, 0);
    struct rit_form form;
    do {
        rit_form_draw(&random, &form);
        *phrase = form.phrase[rit_random_below(&random, (uint64_t)form.phrases)];
        rit_harmony_draw(&random, phrase, harmony);
    } while (!rit_voicing_draw(&random, &form, phrase, harmony, NULL, beat));
}

static int count(const struct rit_beat *beat, int pitch_class)
{
    int found = 0;
    for (int v = 0; v < RIT_VOICES; v++)
        found += beat->note[v] % 12 == pitch_class;
    return found;
}

/* What a beat owes to the next: leading tones rise, sevenths and suspensions fall, suspensions are prepared.
 */
static int check_duties(const struct rit_harmony *h, const struct rit_beat *beat)
{
    int met = 0;
    for (int v = 0; v < RIT_VOICES; v++) {
        int note = beat[0].note[v], move = beat[1].note[v] - note;
        bool outer = v == RIT_SOPRANO || v == RIT_BASS;
        if (note % 12 == h[0].leading && outer && rit_harmony_has(&h[1], (note + 1) % 12)) {
            assert_int_equal(move, h[1].held ? 0 : 1);
            met++;
        }
        if (note % 12 == h[0].falling) {
            assert_true(move == -1 || move == -2 || (move == 0 && !h[1].same));
            met++;
        }
        if (h[1].suspended && beat[1].note[v] % 12 == h[1].falling) {
            assert_int_equal(move, 0);
            met++;
        }
    }
    return met;
}

/* Chords are complete and well doubled; what is owed is paid; cadences are what they say. */
static void test_harmony(void **state)
{
    (void)state;
    int met = 0, foreign = 0, chords = 0;
    for (uint64_t k = 0; k < CHORALES; k++) {
        struct rit_phrase phrase;
        struct rit_harmony h[RIT_LONGEST_PHRASE];
        struct rit_beat beat[RIT_LONGEST_PHRASE];
        draw_phrase(k, &phrase, h, beat);
        for (int t = 0; t < phrase.beats; t++) {
            int own = 0;
            for (int i = 0; i < h[t].tones; i++)
                own += count(&beat[t], h[t].tone[i]);
            assert_in_range(own, 3, 4); /* at most one passing note */
            foreign += 4 - own;
            chords++;
            assert_true(count(&beat[t], h[t].tone[0]) > 0 && count(&beat[t], h[t].tone[1]) > 0);
            assert_true(h[t].leading < 0 || count(&beat[t], h[t].leading) < 2 || own < 4);
            if (t + 1 < phrase.beats && !h[t].held)
                met += check_duties(&h[t], &beat[t]);
        }
        const struct rit_harmony *last = &h[phrase.beats - 1];
        int tonic = phrase.key.tonic, root = last->tone[0];
        bool closed = phrase.cadence == RIT_PERFECT || phrase.cadence == RIT_IMPERFECT;
        assert_true(!closed || root == tonic);
        assert_true(phrase.cadence != RIT_HALF || root == (tonic + 7) % 12);
        assert_true(!closed || beat[phrase.beats - 1].note[RIT_BASS] % 12 == tonic);
    }
    assert_true(met > CHORALES);
    assert_true(foreign > chords / 50 && foreign < chords / 5);
}

/* Every chorale comes home: it ends on a chord of C in root position, after a dominant. */
static void test_close(void **state)
{
    (void)state;
    struct rit_beat beat[RIT_LONGEST_CHORALE];
    for (uint64_t k = 0; k < CHORALES; k++) {
        int beats = rit_compose(1, k, beat), t = beats - 1;
        const int *last = beat[t].note;
        assert_int_equal(last[RIT_BASS] % 12, 0);
        assert_int_equal(last[RIT_SOPRANO] % 12, 0);
        while (memcmp(beat[t].note, last, sizeof beat[t].note) == 0)
            t--;
        bool leading = false;
        for (int v = 0; v < RIT_VOICES; v++)
            leading = leading || beat[t].note[v] % 12 == 11;
        assert_true(leading);
    }
}

static struct rit_corpus corpus_of(const char *seed, int need)
{
    struct rit_point point;
    rit_point_init(&point, rit_registry());
    rit_point_set(&point, "data.source", "composer");
    rit_point_set(&point, "data.composer-seed", seed);
    struct rit_corpus corpus;
    assert_int_equal(rit_source_of(&point)->load(&point, need, &corpus, NULL), RIT_OK);
    assert_true(corpus.sequences >= need);
    return corpus;
}

/* All chorales are different, also from those of another seed. */
static void test_variety(void **state)
{
    (void)state;
    struct rit_corpus many = corpus_of("7", 12), other = corpus_of("8", 3);
    for (int k = 0; k < 12; k++) {
        int n = many.start[k + 1] - many.start[k];
        for (int j = 0; j < k; j++)
            assert_true(n != many.start[j + 1] - many.start[j] ||
                        memcmp(many.bits + many.start[k], many.bits + many.start[j], (size_t)n * 8) != 0);
        for (int j = 0; j < 3; j++)
            assert_true(n != other.start[j + 1] - other.start[j] ||
                        memcmp(many.bits + many.start[k], other.bits + other.start[j], (size_t)n * 8) != 0);
    }
    rit_corpus_release(&many);
    rit_corpus_release(&other);
}

/* The bits of the composer are part of every result made with it: if this fails, RIT_NUMERICS_VERSION rises.
 */
static void test_bits(void **state)
{
    (void)state;
    struct rit_corpus corpus = corpus_of("1", 5);
    struct rit_block block;
    char hex[RIT_HASH_HEX];
    assert_int_equal(rit_test_cut(&corpus, 0, 5, &block, NULL), RIT_OK);
    struct rit_hash hash = rit_block_digest(&block);
    rit_hash_hex(&hash, 16, hex);
    assert_string_equal(hex, "d52cf796d7809cfb");
    rit_block_release(&block);
    rit_corpus_release(&corpus);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chords), cmocka_unit_test(test_motion),  cmocka_unit_test(test_harmony),
        cmocka_unit_test(test_close),  cmocka_unit_test(test_variety), cmocka_unit_test(test_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
