/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MIDI files: what sounds when, and where a damaged one goes wrong. */
#include <ritardando/source.h>

#include "base/file.h"
#include "midi_files.h"
#include "testing.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/ritardando-midi-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/piece.mid", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

/* Two tracks: 60 from 0 to 1, 64 from 1/2 to 5/2, 67 from 2 to 3 on another channel, a drum, and 72 from 1/4
 * to 3/4, between two quarter notes. */
static void write_piece(struct rit_buffer *file)
{
    midi_begin(file, 2);
    size_t at = midi_begin_track(file);
    midi_note(file, 0, 0, 60, 1);
    midi_note(file, 0, 9, 36, 1);
    midi_note(file, 24, 0, 72, 1);
    midi_note(file, 24, 0, 64, 1);
    midi_note(file, 24, 0, 72, 0);
    midi_note(file, 24, 0, 60, 0);
    midi_note(file, 144, 0, 64, 0);
    midi_end_track(file, at);
    at = midi_begin_track(file);
    midi_note(file, 192, 3, 67, 1);
    rit_pack_bytes(file, "\0\xff\x01\3abc", 7); /* a text */
    rit_pack_bytes(file, "\140\x93\x43\0", 4);  /* velocity 0 ends it */
    midi_end_track(file, at);
}

static enum rit_status load(const char *from, const char *step, const char *lowest, const char *slots,
                            int need, struct rit_corpus *corpus, struct rit_error *err)
{
    struct rit_point point;
    rit_point_init(&point, rit_registry());
    rit_point_set(&point, "data.source", "midi");
    rit_point_set(&point, "data.midi", from);
    rit_point_set(&point, "data.midi-step", step);
    rit_point_set(&point, "data.lowest", lowest);
    rit_point_set(&point, "data.slots", slots);
    return rit_source_of(&point)->load(&point, need, corpus, err);
}

static void test_what_sounds(void **state)
{
    (void)state;
    struct rit_buffer file = {0};
    struct rit_corpus corpus;
    struct rit_error err;
    write_piece(&file);
    rit_file_replace(path, file.data, file.size, NULL);
    if (load(path, "1", "-1", "0", 1, &corpus, &err) != RIT_OK)
        fail_msg("%s", err.text);
    assert_int_equal(corpus.port.width, 8); /* 60 .. 67 */
    assert_int_equal(corpus.start[1], 3);
    const uint64_t quarters[] = {1, 1 << 4, 1 << 4 | 1 << 7};
    assert_memory_equal(corpus.bits, quarters, sizeof quarters);
    rit_corpus_release(&corpus);

    assert_int_equal(load(path, "0.5", "10", "80", 1, &corpus, &err), RIT_OK);
    const uint64_t eighths[][2] = {{1ull << 50, 0},
                                   {1ull << 50 | 1ull << 54 | 1ull << 62, 0},
                                   {1ull << 54, 0},
                                   {1ull << 54, 0},
                                   {1ull << 54 | 1ull << 57, 0},
                                   {1ull << 57, 0}};
    assert_int_equal(corpus.port.width, 80);
    assert_int_equal(corpus.start[1], 6);
    assert_memory_equal(corpus.bits, eighths, sizeof eighths);
    rit_corpus_release(&corpus);

    assert_int_equal(load(path, "1", "60", "7", 1, &corpus, &err), RIT_BAD_INPUT);
    assert_non_null(strstr(err.text, "piece.mid: its notes 60..67 are not all among the 7 from 60 on"));
    assert_int_equal(load(path, "1", "-1", "0", 2, &corpus, &err), RIT_BAD_INPUT);
    assert_non_null(strstr(err.text, "piece.mid: has 1 pieces, but 2 are asked for"));
    rit_buffer_release(&file);
}

/* Wherever a file is cut, or whatever is in it: a sentence with its name and the byte, and no piece. */
static void test_truncation(void **state)
{
    (void)state;
    struct rit_buffer file = {0};
    struct rit_corpus corpus;
    struct rit_error err;
    write_piece(&file);
    for (size_t size = 0; size < file.size; size++) {
        rit_file_replace(path, file.data, size, NULL);
        assert_int_equal(load(path, "1", "-1", "0", 1, &corpus, &err), RIT_BAD_INPUT);
        assert_null(corpus.bits);
        assert_memory_equal(err.text, path, strlen(path));
        assert_non_null(strstr(err.text, ": byte "));
        if (size >= 14)
            assert_non_null(strstr(err.text, "it is cut short"));
    }
    for (size_t at = 0; at < file.size; at++) {
        unsigned char was = file.data[at];
        file.data[at] ^= 0xff;
        rit_file_replace(path, file.data, file.size, NULL);
        if (load(path, "1", "-1", "0", 1, &corpus, &err) != RIT_OK)
            assert_memory_equal(err.text, path, strlen(path));
        rit_corpus_release(&corpus);
        file.data[at] = was;
    }
    rit_buffer_release(&file);
}

static void refuses(size_t at, int byte, const char *sentence)
{
    struct rit_buffer file = {0};
    struct rit_corpus corpus;
    struct rit_error err;
    write_piece(&file);
    file.data[at] = (unsigned char)byte;
    rit_file_replace(path, file.data, file.size, NULL);
    assert_int_equal(load(path, "1", "-1", "0", 1, &corpus, &err), RIT_BAD_INPUT);
    assert_string_equal(err.text + strlen(path), sentence);
    rit_buffer_release(&file);
}

static void test_damage(void **state)
{
    (void)state;
    refuses(0, 'R', ": byte 0: a MIDI file begins with a chunk 'MThd' of 6 bytes, which this is not");
    refuses(9, 2, ": byte 8: format 2 is not read, only 0 and 1");
    refuses(12, 0xe8, ": byte 12: its time is not counted in parts of a quarter note");
    refuses(24, 0xf4, ": byte 24: 0xf4 begins no event of a file");
    refuses(25, 0x80, ": byte 25: 0x80 stands where data of an event should");
    refuses(24, 0x20, ": byte 24: 0x20 begins no event");
    refuses(11, 3, ": byte 89: the file ends before track 3: it is cut short");
}

/* Files of a folder and of those in it, in the order of the bytes of their names. */
static void test_folder(void **state)
{
    (void)state;
    char many[128], one[160];
    struct rit_corpus corpus;
    struct rit_error err;
    snprintf(many, sizeof many, "%s/many", folder);
    assert_int_equal(load(many, "1", "-1", "0", 1, &corpus, &err), RIT_IO);
    mkdir(many, 0777);
    assert_int_equal(load(many, "1", "-1", "0", 1, &corpus, &err), RIT_BAD_INPUT);
    assert_non_null(strstr(err.text, "many: there is no file .mid or .midi in this folder"));
    midi_make_folder(many);
    snprintf(one, sizeof one, "%s/.hidden.mid", many);
    rit_file_replace(one, "damaged", 7, NULL);
    if (load(folder, "1", "-1", "0", 31, &corpus, &err) != RIT_OK)
        fail_msg("%s", err.text);
    /* many/0.mid, many/1.mid, many/10.mid, ..., piece.mid */
    static const int k[] = {0, 1, 10, 11};
    for (int i = 0; i < 4; i++)
        assert_int_equal(corpus.start[i + 1] - corpus.start[i], 4 + k[i] % 3);
    assert_int_equal(corpus.start[31] - corpus.start[30], 3);
    rit_corpus_release(&corpus);
    unlink(one);
    midi_remove_folder(many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_truncation),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_what_sounds),
        cmocka_unit_test(test_folder),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
