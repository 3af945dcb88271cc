/* SPDX-License-Identifier: GPL-3.0-or-later */
/** What a network sings: it is forced through the beginning of a sequence, and then fed its own outputs. */
#ifndef RITARDANDO_MUSIC_SONG_H
#define RITARDANDO_MUSIC_SONG_H

#include <ritardando/model.h>
#include <ritardando/status.h>
#include <ritardando/task.h>

#include <stdbool.h>

struct rit_buffer;

enum { RIT_MOST_VOICES = RIT_WIDEST_BITS };

/** Rows of bits or of numbers, the first `forced` of which are given. */
struct rit_song {
    struct rit_port port;
    bool notes; /* unit i is MIDI note lowest + i */
    int lowest;
    double step; /* quarter notes a row */
    const char *title;
    int forced, rows;
    int leaves;     /* first row that is not the original's; `rows` if there is none */
    uint64_t *bits; /* [rows][words] of bits; owned */
    float *real;    /* [rows][width] of reals; owned */
};

/** A song of `rows` rows, all zero. To be released. */
struct rit_song rit_song_new(struct rit_port port, int forced, int rows);
void rit_song_release(struct rit_song *song);
struct rit_rows rit_song_rows(const struct rit_song *song);
/** The bytes of its rows from `row` on. */
char *rit_song_bytes(const struct rit_song *song, int row);

/**
 * Sequence s of a block whose task is to go on (block->next), all of it forced, but at most `most` rows. To
 * be released.
 */
struct rit_song rit_song_original(const struct rit_block *block, int s, int most);
/** A song of `rows` rows that begins as `forced` rows of the original. To be released. */
struct rit_song rit_song_begin(const struct rit_song *original, int forced, int rows);
/** The first row behind the forced ones that is not the original's, as far as both go; song->rows, or the
 * original's if those are fewer, where there is none. */
int rit_song_leaves(const struct rit_song *song, const struct rit_song *original);
/** The most notes at once in a block; at least 1. */
int rit_block_voices(const struct rit_block *block);

/** How outputs become the next row. A note sounds with probability p = sigmoid(2 H). */
struct rit_manner {
    double temperature; /* drawn with sigmoid(2 H / T); 0: the most likely row */
    double threshold;   /* not negative: sounds where p exceeds it, and nothing is drawn */
    int voices;         /* of more that would sound, the most probable; 0: no limit */
    uint64_t seed;      /* of the draws, with the number of the piece and of the row */
};

/** A network and what its inputs are like. Borrowed. */
struct rit_singer {
    const struct rit_point *point;
    const struct rit_model *model;
    const struct rit_layout *layout;
    const struct rit_block *block; /* any block of its task: ports, mean, deviation */
    const double *w;
};

/**
 * Fill the rows from song->forced on; numbers are fed back as they are. A pure function of its arguments.
 * RIT_BAD_INPUT if there is no memory, or outputs are not finite.
 */
enum rit_status rit_sing(const struct rit_singer *singer, const struct rit_manner *manner, uint64_t piece,
                         struct rit_song *song, struct rit_error *err);

/**
 * Who sings what: a voice has at most one note at a time, voices do not cross, and each moves as little as
 * that allows. note[row * voices + v] is a MIDI note, the highest voice first; -1: it rests. Returns the
 * number of voices, the most notes at once. The caller frees *note.
 */
int rit_song_voices(const struct rit_song *song, int **note);

/** Whether a note that is there again is held: rows are shorter than a quarter. Else it is sung again. */
bool rit_song_holds(const struct rit_song *song);

/** A standard MIDI file, format 1, a track for each voice. */
void rit_song_midi(const struct rit_song *song, struct rit_buffer *out);
/** Scores in ABC and in MusicXML, four quarters a bar (music/score.h). */
void rit_song_abc(const struct rit_song *song, struct rit_buffer *out);
void rit_song_musicxml(const struct rit_song *song, struct rit_buffer *out);
/** Training data: the piece as the one of "train", rows of MIDI notes. */
void rit_song_json(const struct rit_song *song, struct rit_buffer *out);
/** For the page of a run (docs/report.md): the song, and as many rows of the original. */
void rit_song_beside(const struct rit_song *song, const struct rit_song *original, struct rit_buffer *out);
/** A table: row, whether it was forced, and every unit. */
void rit_song_table(const struct rit_song *song, struct rit_buffer *out);
/** For people: a line for each row of notes; '|' forced, '=' as the original so far. */
void rit_song_text(const struct rit_song *song, struct rit_buffer *out);

#endif
