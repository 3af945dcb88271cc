/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every source of chorales keeps to, whatever it is. */
#include <ritardando/task.h>

#include "base/hash.h"
#include "midi_files.h"
#include "testing.h"

#include <stdlib.h>
#include <string.h>

static char midi[] = "/tmp/ritardando-family-XXXXXX"; /* a folder of files */

static struct rit_point point_of(const struct rit_source *source, const char *first, const char *chorales)
{
    struct rit_point point;
    rit_point_init(&point, rit_registry());
    rit_point_set(&point, "data.source", source->member.name);
    rit_point_set(&point, "data.first", first);
    rit_point_set(&point, "data.chorales", chorales);
    if (strcmp(source->member.name, "series") == 0) {
        rit_point_set(&point, "data.table", RIT_TEST_FOLDER "/table.csv");
        rit_point_set(&point, "data.length", "3");
    }
    if (strcmp(source->member.name, "piano-rolls") == 0)
        rit_point_set(&point, "data.rolls", RIT_TEST_FOLDER "/rolls.json");
    if (strcmp(source->member.name, "midi") == 0)
        rit_point_set(&point, "data.midi", midi);
    return point;
}

/* Calls `check` for each member that can be had here; the real chorales only with their file. */
static void for_each_source(void (*check)(const struct rit_source *source))
{
    for (int i = 0; rit_sources[i]; i++) {
        if (strcmp(rit_sources[i]->name, "chorales") == 0 && !getenv("RITARDANDO_DATA"))
            print_message("RITARDANDO_DATA is not set: source chorales is left out\n");
        else
            check((const struct rit_source *)rit_sources[i]);
    }
}

static struct rit_corpus load(const struct rit_source *source, int need)
{
    struct rit_point point = point_of(source, "0", "1");
    struct rit_corpus corpus;
    struct rit_error err = {.status = RIT_OK};
    if (source->load(&point, need, &corpus, &err) != RIT_OK)
        fail_msg("%s: %s", source->member.name, err.text);
    assert_true(corpus.sequences >= need);
    return corpus;
}

static void check_declaration(const struct rit_source *source)
{
    assert_true(strlen(source->member.name) > 0 && strlen(source->member.meaning) > 0);
    for (int i = 0; i < source->member.n_params; i++)
        assert_memory_equal(source->member.params[i].key, "data.", 5);
    struct rit_point point = point_of(source, "0", "1");
    assert_ptr_equal(rit_source_of(&point), source);
}

static size_t row_bytes(const struct rit_corpus *corpus, int sequences)
{
    return (size_t)corpus->start[sequences] * rit_port_bytes(corpus->port);
}

static const void *rows_of(const struct rit_corpus *corpus)
{
    return corpus->bits ? (const void *)corpus->bits : corpus->real;
}

/* The first sequences are the same whatever else is asked for, and every time. */
static void check_prefix(const struct rit_source *source)
{
    struct rit_corpus few = load(source, 4), many = load(source, 30), again = load(source, 30);
    assert_memory_equal(few.start, many.start, 5 * sizeof(int));
    assert_memory_equal(rows_of(&few), rows_of(&many), row_bytes(&many, 4));
    assert_memory_equal(again.start, many.start, 31 * sizeof(int));
    assert_memory_equal(rows_of(&again), rows_of(&many), row_bytes(&many, 30));
    rit_corpus_release(&few);
    rit_corpus_release(&many);
    rit_corpus_release(&again);
}

/* What is loaded can be trained on: no empty sequence, no bit beyond the width, finite numbers. */
static void check_contents(const struct rit_source *source)
{
    struct rit_corpus corpus = load(source, 30);
    int words = rit_port_words(corpus.port), rows = corpus.start[corpus.sequences], width = corpus.port.width;
    assert_true(strlen(source->noun) > 0);
    assert_int_equal(corpus.start[0], 0);
    assert_in_range(width, 1, corpus.port.kind == RIT_ROW_BITS ? RIT_WIDEST_BITS : RIT_WIDEST_REALS);
    for (int c = 0; c < corpus.sequences; c++)
        assert_true(corpus.start[c + 1] > corpus.start[c]);
    for (int t = 0; words > 0 && width % 64 > 0 && t < rows; t++)
        assert_true(corpus.bits[(size_t)(t + 1) * (size_t)words - 1] >> width % 64 == 0);
    for (size_t i = 0; words == 0 && i < (size_t)rows * (size_t)width; i++)
        assert_true(isfinite(corpus.real[i]));
    rit_corpus_release(&corpus);
}

/* The task that cuts this source's corpora; there is one for each. */
static const struct rit_task *task_for(const struct rit_corpus *corpus, struct rit_point *point)
{
    for (int i = 0; rit_tasks[i]; i++) {
        const struct rit_task *task = (const struct rit_task *)rit_tasks[i];
        struct rit_block block;
        rit_point_set(point, "task.name", task->member.name);
        if (task->cut(point, corpus, "sequence", 7, 5, &block, NULL) != RIT_OK)
            continue;
        rit_block_release(&block);
        return task;
    }
    fail_msg("%s: no task can be made of it", rit_point_name(point, "data.source"));
    return NULL;
}

static void check_block(const struct rit_source *source)
{
    struct rit_corpus corpus = load(source, 30);
    struct rit_point point = point_of(source, "7", "5");
    struct rit_block loaded, cut;
    const struct rit_task *task = task_for(&corpus, &point);
    assert_int_equal(rit_block_load(&point, &loaded, NULL), RIT_OK);
    assert_int_equal(task->cut(&point, &corpus, source->noun, 7, 5, &cut, NULL), RIT_OK);
    struct rit_hash a = rit_block_digest(&loaded), b = rit_block_digest(&cut);
    assert_true(rit_hash_equal(&a, &b));
    assert_int_equal(loaded.pairs, corpus.start[12] - corpus.start[7] - (loaded.next ? 5 : 0));
    assert_true(loaded.mean == cut.mean && loaded.deviation == cut.deviation);
    rit_block_release(&loaded);
    rit_block_release(&cut);
    rit_corpus_release(&corpus);
}

static void test_declaration(void **state)
{
    (void)state;
    for (int i = 0; rit_sources[i]; i++)
        check_declaration((const struct rit_source *)rit_sources[i]);
}

static void test_prefix(void **state)
{
    (void)state;
    for_each_source(check_prefix);
}

static void test_contents(void **state)
{
    (void)state;
    for_each_source(check_contents);
}

static void test_block(void **state)
{
    (void)state;
    for_each_source(check_block);
}

static int make_midi(void **state)
{
    (void)state;
    if (!mkdtemp(midi))
        return -1;
    midi_make_folder(midi);
    return 0;
}

static int remove_midi(void **state)
{
    (void)state;
    midi_remove_folder(midi);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_declaration),
        cmocka_unit_test(test_prefix),
        cmocka_unit_test(test_contents),
        cmocka_unit_test(test_block),
    };
    return cmocka_run_group_tests(tests, make_midi, remove_midi);
}
