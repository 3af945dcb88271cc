/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys and spellings against what musicians write; the lengths of written notes; scores as they are read. */
#include "testing.h"

#include "base/pack.h"
#include "music/score.h"

#include <string.h>

static const int major[] = {0, 2, 4, 5, 7, 9, 11, 0, 4, 7}, minor[] = {0, 2, 3, 5, 7, 8, 11, 0, 3, 7};

static struct rit_key key_of_scale(int tonic, const int *scale)
{
    long times[12] = {0};
    for (int i = 0; i < 10; i++)
        times[(tonic + scale[i]) % 12]++;
    return rit_key_of(times);
}

static void scales_tell_their_key(void **state)
{
    (void)state;
    static const char *const name[2][12] = {
        {"C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B"},
        {"Cm", "C#m", "Dm", "Ebm", "Em", "Fm", "F#m", "Gm", "G#m", "Am", "Bbm", "Bm"}};
    for (int tonic = 0; tonic < 12; tonic++) {
        char text[4];
        assert_string_equal(rit_key_name(key_of_scale(tonic, major), text), name[0][tonic]);
        assert_string_equal(rit_key_name(key_of_scale(tonic, minor), text), name[1][tonic]);
    }
    struct rit_key silent = rit_key_of((const long[12]){0});
    assert_true(silent.fifths == 0 && !silent.minor);
}

/* All twelve from the tonic on. */
static void check_spelling(struct rit_key key, int tonic, const char *wanted)
{
    static const char *const accidental[] = {"bb", "b", "", "#", "##"};
    char text[64] = "";
    for (int i = 0; i < 12; i++) {
        struct rit_spelling s = rit_spell(60 + (tonic + i) % 12, key);
        size_t at = strlen(text);
        snprintf(text + at, sizeof text - at, "%s%c%s", i ? " " : "", "CDEFGAB"[s.letter],
                 accidental[s.alter + 2]);
    }
    assert_string_equal(text, wanted);
}

static void pitches_are_spelt_in_their_key(void **state)
{
    (void)state;
    check_spelling((struct rit_key){0, false}, 0, "C C# D Eb E F F# G G# A Bb B");
    check_spelling((struct rit_key){0, true}, 9, "A Bb B C C# D D# E F F# G G#");
    check_spelling((struct rit_key){-4, true}, 5, "F Gb G Ab A Bb B C Db D Eb E");
    check_spelling((struct rit_key){-6, false}, 6, "Gb G Ab Bbb Bb Cb C Db D Eb Fb F");
    check_spelling((struct rit_key){5, false}, 11, "B B# C# D D# E E# F# F## G# A A#");
    for (int fifths = -6; fifths <= 5; fifths++)
        for (int m = 0; m < 2; m++)
            for (int pitch = 0; pitch < 128; pitch++) {
                static const int white[] = {0, 2, 4, 5, 7, 9, 11};
                struct rit_spelling s = rit_spell(pitch, (struct rit_key){fifths, m});
                assert_int_equal(12 * (s.octave + 1) + white[s.letter] + s.alter, pitch);
                assert_true(s.alter >= -2 && s.alter <= 2 && s.octave >= -2 && s.octave <= 10);
            }
}

static void signatures_have_their_letters(void **state)
{
    (void)state;
    for (int fifths = -6; fifths <= 5; fifths++) {
        int count = 0;
        for (int letter = 0; letter < 7; letter++)
            count += rit_key_alter((struct rit_key){fifths, false}, letter);
        assert_int_equal(count, fifths);
    }
    assert_int_equal(rit_key_alter((struct rit_key){1, false}, 3), 1);   /* F# */
    assert_int_equal(rit_key_alter((struct rit_key){2, false}, 0), 1);   /* C# */
    assert_int_equal(rit_key_alter((struct rit_key){-1, false}, 6), -1); /* Bb */
    assert_int_equal(rit_key_alter((struct rit_key){-2, false}, 2), -1); /* Eb */
}

static struct rit_song song_of(double step, int rows, const int *note)
{
    struct rit_song song = rit_song_new((struct rit_port){RIT_ROW_BITS, 128}, rows, rows);
    song.notes = true;
    song.step = step;
    for (int r = 0; r < rows; r++)
        if (note[r] >= 0)
            song.bits[2 * r + note[r] / 64] |= (uint64_t)1 << note[r] % 64;
    return song;
}

static void check_lengths(double step, int rows, const int *note, int forced, const char *wanted)
{
    struct rit_song song = song_of(step, rows, note);
    song.forced = forced;
    struct rit_score score = rit_score_of(&song);
    char text[128] = "";
    for (int r = 0, length; r < score.rows; r += length) {
        size_t at = strlen(text);
        length = rit_score_length(&score, r, 0);
        snprintf(text + at, sizeof text - at, "%s%d%s", r ? " " : "", length,
                 rit_score_holds(&score, r + length, 0) ? "-" : "");
    }
    assert_string_equal(text, wanted);
    assert_int_equal(score.rows % score.bar, 0);
    rit_score_release(&score);
    rit_song_release(&song);
}

static void notes_have_written_lengths(void **state)
{
    (void)state;
    static const int held[] = {60, 60, 60, 60, 60, 62, 62, 62, -1, -1, -1, -1, 64, 64, 64, 64, 64, 64};
    check_lengths(0.25, 18, held, 18, "4- 1 1- 2 4 4- 2 2 4 8");
    check_lengths(0.25, 18, held, 2,
                  "2- 2- 1 1- 2 4 4- 2 2 4 8");      /* a remark stands where it goes on alone */
    check_lengths(1.0, 6, held, 6, "1 1 1 1 1 1 2"); /* quarters are sung again */
    check_lengths(1.0 / 3, 6, held, 6, "4- 1 1 2");  /* written as quarters, which are held */
    check_lengths(4.0, 2, held, 2, "1 1");
}

static void expect_in(const struct rit_buffer *text, const char *words)
{
    if (!strstr((const char *)text->data, words))
        fail_msg("there is no '%s' in\n%s", words, (const char *)text->data);
}

static void times_are_kept(void **state)
{
    (void)state;
    static const int note[] = {66, 66, 67, 69};
    static const struct {
        double step;
        const char *abc, *xml[2];
    } wanted[] = {{0.25, "L:1/16\nQ:1/4=75\n", {"<divisions>4</divisions>", "<duration>2</duration>"}},
                  {1.0, "L:1/4\nQ:1/4=75\n", {"<divisions>1</divisions>", "<type>quarter</type>"}},
                  {2.0, "L:1/2\nQ:1/4=75\n", {"<duration>2</duration>", "<type>half</type>"}},
                  {8.0, "L:1/4\nQ:1/4=9.375\n", {"<sound tempo=\"9.375\"/>", "<type>quarter</type>"}},
                  {1.0 / 3, "L:1/4\nQ:1/4=225\n", {"<sound tempo=\"225\"/>", "<duration>2</duration>"}}};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        struct rit_song song = song_of(wanted[i].step, 4, note);
        struct rit_buffer abc = {0}, xml = {0};
        song.title = "<a> & b";
        rit_song_abc(&song, &abc);
        rit_song_musicxml(&song, &xml);
        rit_pack_bytes(&abc, "", 1);
        rit_pack_bytes(&xml, "", 1);
        expect_in(&abc, wanted[i].abc);
        expect_in(&xml, wanted[i].xml[0]);
        expect_in(&xml, wanted[i].xml[1]);
        expect_in(&xml, "<work-title>&lt;a> &amp; b</work-title>");
        rit_buffer_release(&abc);
        rit_buffer_release(&xml);
        rit_song_release(&song);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scales_tell_their_key), cmocka_unit_test(pitches_are_spelt_in_their_key),
        cmocka_unit_test(signatures_have_their_letters), cmocka_unit_test(notes_have_written_lengths),
        cmocka_unit_test(times_are_kept)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
