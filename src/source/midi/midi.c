/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/midi/midi.h"

#include "source/rolls/window.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEADER = 14, /* bytes of the first chunk */
    CHANNELS = 16,
    DRUMS = 9, /* channel 10, counted from 0 */
    META = 0xff,
    END_OF_TRACK = 0x2f,
    SYSEX = 0xf0,
    ESCAPE = 0xf7,
    LONGEST_PIECE = 1 << 20 /* rows */
};

/* A note that sounds as often as it was begun and not ended, since `began`. */
struct held {
    int times;
    uint64_t began;
};

struct midi {
    const char *name;
    const unsigned char *data;
    size_t at, end; /* end: of the chunk that is read */
    double step;    /* in ticks */
    int tracks;
    uint64_t tick; /* of the event that is read */
    unsigned char status;
    struct held held[CHANNELS][RIT_NOTES]; /* of the track */
    size_t rows;                           /* that the piece has so far */
    struct rit_buffer *out;
};

static enum rit_status complain(const struct midi *midi, size_t at, struct rit_error *err, const char *format,
                                ...) __attribute__((format(printf, 4, 5), cold));

static enum rit_status complain(const struct midi *midi, size_t at, struct rit_error *err, const char *format,
                                ...)
{
    char sentence[256];
    va_list args;
    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    return rit_fail(err, RIT_BAD_INPUT, "%s: byte %zu: %s", midi->name, at, sentence);
}

static uint32_t big_endian(const unsigned char *p, int bytes)
{
    uint32_t x = 0;
    for (int i = 0; i < bytes; i++)
        x = x << 8 | p[i];
    return x;
}

/* ---- notes ---- */

/* The first row at or after a tick. What falls short of a row's time by rounding alone is on it. */
static size_t row_from(const struct midi *midi, uint64_t tick)
{
    double row = ceil((double)tick / midi->step - 1e-6);
    return row < LONGEST_PIECE + 1.0 ? (size_t)fmax(row, 0.0) : (size_t)LONGEST_PIECE + 1;
}

static enum rit_status sound(struct midi *midi, int note, uint64_t from, uint64_t to, struct rit_error *err)
{
    size_t row = row_from(midi, from), last = row_from(midi, to), bytes = rit_port_bytes(RIT_NOTES_PORT);
    if (last > LONGEST_PIECE)
        return complain(midi, midi->at, err, "the piece is longer than %d steps", LONGEST_PIECE);
    if (row >= last)
        return RIT_OK; /* between two rows */
    if (last > midi->rows) {
        size_t before = midi->out->size;
        rit_buffer_resize(midi->out, before + (last - midi->rows) * bytes);
        memset(midi->out->data + before, 0, (last - midi->rows) * bytes);
        midi->rows = last;
    }
    uint64_t *words = (uint64_t *)(void *)(midi->out->data + midi->out->size - midi->rows * bytes);
    for (; row < last; row++)
        words[2 * row + (size_t)note / 64] |= (uint64_t)1 << note % 64;
    return RIT_OK;
}

static enum rit_status turn(struct midi *midi, int channel, int note, bool on, struct rit_error *err)
{
    struct held *held = &midi->held[channel][note];
    if (on && held->times++ == 0)
        held->began = midi->tick;
    if (on || held->times == 0 || --held->times > 0)
        return RIT_OK;
    return channel == DRUMS ? RIT_OK : sound(midi, note, held->began, midi->tick, err);
}

/* What is held when the track is over ends with it. */
static enum rit_status end_notes(struct midi *midi, struct rit_error *err)
{
    for (int channel = 0; channel < CHANNELS; channel++)
        for (int note = 0; note < RIT_NOTES; note++) {
            struct held *held = &midi->held[channel][note];
            if (held->times > 1)
                held->times = 1;
            RIT_TRY(turn(midi, channel, note, false, err));
        }
    return RIT_OK;
}

/* ---- events ---- */

static enum rit_status need(const struct midi *midi, size_t bytes, struct rit_error *err)
{
    if (midi->end - midi->at < bytes)
        return complain(midi, midi->end, err, "track %d ends in the middle of an event", midi->tracks);
    return RIT_OK;
}

/* A number of seven bits a byte, the last with a clear top bit. */
static enum rit_status read_number(struct midi *midi, uint32_t *value, struct rit_error *err)
{
    *value = 0;
    for (int i = 0; i < 4; i++) {
        RIT_TRY(need(midi, 1, err));
        unsigned char c = midi->data[midi->at++];
        *value = *value << 7 | (c & 0x7f);
        if (!(c & 0x80))
            return RIT_OK;
    }
    return complain(midi, midi->at - 1, err, "a number is longer than four bytes");
}

static enum rit_status skip_text(struct midi *midi, struct rit_error *err)
{
    uint32_t length;
    RIT_TRY(read_number(midi, &length, err));
    RIT_TRY(need(midi, length, err));
    midi->at += length;
    return RIT_OK;
}

/* An event that is not of a channel; *over: the track's end. */
static enum rit_status read_other(struct midi *midi, unsigned char status, bool *over, struct rit_error *err)
{
    if (status != META && status != SYSEX && status != ESCAPE)
        return complain(midi, midi->at - 1, err, "0x%02x begins no event of a file", status);
    if (status == META) {
        RIT_TRY(need(midi, 1, err));
        *over = midi->data[midi->at++] == END_OF_TRACK;
    }
    return skip_text(midi, err);
}

static enum rit_status read_channel(struct midi *midi, struct rit_error *err)
{
    int kind = midi->status >> 4, bytes = kind == 0xc || kind == 0xd ? 1 : 2;
    RIT_TRY(need(midi, (size_t)bytes, err));
    const unsigned char *data = midi->data + midi->at;
    for (int i = 0; i < bytes; i++)
        if (data[i] & 0x80)
            return complain(midi, midi->at + (size_t)i, err, "0x%02x stands where data of an event should",
                            data[i]);
    midi->at += (size_t)bytes;
    if (kind != 0x8 && kind != 0x9)
        return RIT_OK;
    return turn(midi, midi->status & 0xf, data[0], kind == 0x9 && data[1] > 0, err);
}

static enum rit_status read_event(struct midi *midi, bool *over, struct rit_error *err)
{
    uint32_t wait;
    RIT_TRY(read_number(midi, &wait, err));
    midi->tick += wait;
    RIT_TRY(need(midi, 1, err));
    unsigned char status = midi->data[midi->at];
    midi->at += status >> 7;
    if (status >= SYSEX)
        return read_other(midi, status, over, err);
    if (status & 0x80)
        midi->status = status;
    if (!midi->status)
        return complain(midi, midi->at, err, "0x%02x begins no event", status);
    return read_channel(midi, err);
}

static enum rit_status read_track(struct midi *midi, struct rit_error *err)
{
    bool over = false;
    midi->tick = 0;
    midi->status = 0;
    memset(midi->held, 0, sizeof midi->held);
    while (!over && midi->at < midi->end)
        RIT_TRY(read_event(midi, &over, err));
    if (!over)
        return complain(midi, midi->end, err, "track %d has no end mark", midi->tracks);
    midi->at = midi->end;
    return end_notes(midi, err);
}

/* ---- chunks ---- */

static enum rit_status read_header(struct midi *midi, size_t size, double quarters, int *tracks,
                                   struct rit_error *err)
{
    if (size < HEADER || memcmp(midi->data, "MThd", 4) != 0 || big_endian(midi->data + 4, 4) < 6)
        return complain(midi, 0, err, "a MIDI file begins with a chunk 'MThd' of 6 bytes, which this is not");
    uint32_t format = big_endian(midi->data + 8, 2), division = big_endian(midi->data + 12, 2);
    *tracks = (int)big_endian(midi->data + 10, 2);
    if (format > 1)
        return complain(midi, 8, err, "format %u is not read, only 0 and 1", format);
    if (division == 0 || division & 0x8000)
        return complain(midi, 12, err, "its time is not counted in parts of a quarter note");
    midi->step = quarters * division;
    midi->at = 8 + (size_t)big_endian(midi->data + 4, 4);
    return RIT_OK;
}

static enum rit_status read_chunk(struct midi *midi, size_t size, struct rit_error *err)
{
    if (midi->at > size || size - midi->at < 8)
        return complain(midi, size, err, "the file ends before track %d: it is cut short", midi->tracks + 1);
    const unsigned char *head = midi->data + midi->at;
    size_t length = big_endian(head + 4, 4);
    if (size - midi->at - 8 < length)
        return complain(midi, size, err,
                        "the file ends %zu bytes before the chunk that begins at byte %zu: it is cut short",
                        length - (size - midi->at - 8), midi->at);
    midi->at += 8;
    midi->end = midi->at + length;
    if (memcmp(head, "MTrk", 4) != 0) { /* chunks of other kinds are to be skipped */
        midi->at = midi->end;
        return RIT_OK;
    }
    midi->tracks++;
    return read_track(midi, err);
}

enum rit_status rit_midi_read(const char *name, const unsigned char *data, size_t size, double step,
                              struct rit_buffer *rows, struct rit_error *err)
{
    struct midi midi = {.name = name, .data = data, .out = rows};
    int tracks = 0;
    RIT_TRY(read_header(&midi, size, step, &tracks, err));
    while (midi.tracks < tracks)
        RIT_TRY(read_chunk(&midi, size, err));
    if (midi.rows < 2)
        return complain(&midi, size, err, "at fewer than two steps of data.midi-step a note sounds");
    return RIT_OK;
}
