/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "music/score.h"

#include "base/pack.h"

static void put_text(const char *text, struct rit_buffer *out)
{
    for (; *text; text++) {
        if (*text == '&')
            rit_buffer_printf(out, "&amp;");
        else if (*text == '<')
            rit_buffer_printf(out, "&lt;");
        else
            rit_buffer_printf(out, "%c", *text);
    }
}

/* Units of <duration> in a quarter: the fewest that make whole numbers of all notes. */
static int divisions_of(const struct rit_score *score)
{
    return score->bar > 4 ? score->bar / 4 : 1;
}

static int duration_of(const struct rit_score *score, int length)
{
    return 4 * divisions_of(score) / score->bar * length;
}

/* A part of `length` in `bar` of a whole note. */
static const char *type_of(int bar, int length)
{
    static const char *const name[] = {"whole", "half", "quarter", "eighth", "16th", "32nd", "64th"};
    int halvings = 0;
    while (length << halvings < bar)
        halvings++;
    return name[halvings];
}

static void put_pitch(struct rit_spelling s, struct rit_buffer *out)
{
    rit_buffer_printf(out, "<pitch><step>%c</step>", "CDEFGAB"[s.letter]);
    if (s.alter)
        rit_buffer_printf(out, "<alter>%d</alter>", s.alter);
    rit_buffer_printf(out, "<octave>%d</octave></pitch>", s.octave);
}

static void put_ties(const char *element, bool before, bool behind, struct rit_buffer *out)
{
    if (before)
        rit_buffer_printf(out, "<%s type=\"stop\"/>", element);
    if (behind)
        rit_buffer_printf(out, "<%s type=\"start\"/>", element);
}

static void put_note(const struct rit_score *score, int row, int v, int length, struct rit_buffer *out)
{
    int note = rit_score_note(score, row, v);
    bool before = rit_score_holds(score, row, v), behind = rit_score_holds(score, row + length, v);
    rit_buffer_printf(out, "      <note>");
    if (note < 0)
        rit_buffer_printf(out, "<rest/>");
    else
        put_pitch(rit_spell(note, score->key), out);
    rit_buffer_printf(out, "<duration>%d</duration>", duration_of(score, length));
    put_ties("tie", before, behind, out);
    rit_buffer_printf(out, "<voice>1</voice><type>%s</type>", type_of(score->bar, length));
    if (before || behind) {
        rit_buffer_printf(out, "<notations>");
        put_ties("tied", before, behind, out);
        rit_buffer_printf(out, "</notations>");
    }
    rit_buffer_printf(out, "</note>\n");
}

static void put_attributes(const struct rit_score *score, int v, struct rit_buffer *out)
{
    bool treble = rit_score_treble(score, v);
    rit_buffer_printf(
        out,
        "      <attributes><divisions>%d</divisions><key><fifths>%d</fifths><mode>%s</mode></key>"
        "<time><beats>4</beats><beat-type>4</beat-type></time>"
        "<clef><sign>%s</sign><line>%d</line></clef></attributes>\n",
        divisions_of(score), score->key.fifths, score->key.minor ? "minor" : "major", treble ? "G" : "F",
        treble ? 2 : 4);
    if (v == 0)
        rit_buffer_printf(out,
                          "      <direction placement=\"above\"><direction-type><metronome><beat-unit>quarter"
                          "</beat-unit><per-minute>%.6g</per-minute></metronome></direction-type>"
                          "<sound tempo=\"%.6g\"/></direction>\n",
                          score->tempo, score->tempo);
}

static void put_part(const struct rit_score *score, int v, struct rit_buffer *out)
{
    rit_buffer_printf(out, "  <part id=\"P%d\">\n", v + 1);
    for (int r = 0, length; r < score->rows; r += length) {
        const char *remark = v == 0 ? rit_score_remark(score, r) : NULL;
        length = rit_score_length(score, r, v);
        if (r % score->bar == 0)
            rit_buffer_printf(out, "    <measure number=\"%d\">\n", r / score->bar + 1);
        if (r == 0)
            put_attributes(score, v, out);
        if (remark)
            rit_buffer_printf(out,
                              "      <direction placement=\"above\"><direction-type><words>%s</words>"
                              "</direction-type></direction>\n",
                              remark);
        put_note(score, r, v, length, out);
        if ((r + length) % score->bar == 0)
            rit_buffer_printf(out, "    </measure>\n");
    }
    rit_buffer_printf(out, "  </part>\n");
}

/* A voice of the list of parts: an organ, the program 20 of General MIDI. */
static void put_voice(int number, struct rit_buffer *out)
{
    rit_buffer_printf(out,
                      "    <score-part id=\"P%d\"><part-name>Voice %d</part-name>"
                      "<score-instrument id=\"P%d-I1\"><instrument-name>Organ</instrument-name>"
                      "</score-instrument><midi-instrument id=\"P%d-I1\"><midi-program>20</midi-program>"
                      "</midi-instrument></score-part>\n",
                      number, number, number, number);
}

void rit_song_musicxml(const struct rit_song *song, struct rit_buffer *out)
{
    struct rit_score score = rit_score_of(song);
    rit_buffer_printf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n"
                           "<!DOCTYPE score-partwise PUBLIC \"-//Recordare//DTD MusicXML 3.1 Partwise//EN\" "
                           "\"http://www.musicxml.org/dtds/partwise.dtd\">\n"
                           "<score-partwise version=\"3.1\">\n  <work><work-title>");
    put_text(song->title, out);
    rit_buffer_printf(out, "</work-title></work>\n"
                           "  <identification><encoding><software>Ritardando</software></encoding>"
                           "</identification>\n  <part-list>\n");
    for (int v = 0; v < score.voices; v++)
        put_voice(v + 1, out);
    rit_buffer_printf(out, "  </part-list>\n");
    for (int v = 0; v < score.voices; v++)
        put_part(&score, v, out);
    rit_buffer_printf(out, "</score-partwise>\n");
    rit_score_release(&score);
}
